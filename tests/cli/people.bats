#!/usr/bin/env bats
# Who fills which role: a name that no page or commit can hold, and a name twice, end before anything is made.
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    printf '%s\n' 'ceremony "A" { version = "1" }' 'people { operator = 1, witnesses = 2 }' \
        'stations { ca = "a machine" }' 'step "One" { at = "ca", say "hello" }' >s.lua
}

# With these names, as JSON texts, the rehearsal ends with the words of $1.
refused() {
    printf '{"start.operator.1": %s, "start.witnesses.1": %s, "start.witnesses.2": "Cem"}' "$2" "$3" >answers.json
    run -1 --separate-stderr "$VERGER" rehearse s.lua --record record --answers answers.json --unattended
    # shellcheck disable=SC2154 # bats sets it
    [[ $stderr == *"$1"* ]] || {
        echo "$stderr"
        return 1
    }
    [ -z "$(find record -name '*.tar' 2>/dev/null)" ]
    rm -rf record
}

@test "a name that cannot stand on a page or in a commit" {
    refused "holds < or >" '"Ada <ada@example.com>"' '"Ben"'
    refused "holds a backslash" '"Ada"' '"Ben \\ Benny"'
    refused "longer than 100 bytes" "\"$(printf 'Ada %.0s' {1..26})x\"" '"Ben"'
}

@test "a name that stands in another role already, however it is written" {
    refused 'nobody fills two roles' '"Ada Example"' '"ada  EXAMPLE"'
    refused 'nobody fills two roles' '"Ada"' '"Cem"'
}

@test "names that are right" {
    printf '{"start.operator.1": "Zoë O'"'"'Neill", "start.witnesses.1": "Ben", "start.witnesses.2": "Cem"}' >answers.json
    "$VERGER" rehearse s.lua --record record --answers answers.json --unattended >/dev/null
    tar -xOf record/000000-script.tar page.json | jq -e '[.people[].name] == ["Zoë O'"'"'Neill", "Ben", "Cem"]'
}

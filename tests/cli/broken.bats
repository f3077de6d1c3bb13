#!/usr/bin/env bats
# tests/broken: one wrong script per mistake. The first lines say what `verger agenda` must say, and nothing else:
#   -- expect: 7: text    FILE:7: text
#   -- expect: -: text    FILE: text
#   -- expect: + text     text, on a line of its own
# A text that ends in "..." is the beginning of what it must say.
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
}

# What a script's first lines expect on standard error.
expected() {
    printf 'verger agenda: '
    sed -n -e "s|^-- expect: \([0-9][0-9]*\): |$1:\1: |p" -e "s|^-- expect: -: |$1: |p" \
        -e 's|^-- expect: + ||p' "$1"
}

# The script that is named gives exactly standard input as its error, and nothing on standard output.
refused() {
    local wanted got status=0
    wanted=$(cat)
    "$VERGER" agenda "$1" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || status=$?
    got=$(cat "$BATS_TEST_TMPDIR/err")
    [[ $wanted != *... || ${got:0:${#wanted}-3}... != "$wanted" ]] || got=$wanted
    [ "$status" -eq 1 ] && [ ! -s "$BATS_TEST_TMPDIR/out" ] && [ "$got" = "$wanted" ] || {
        printf '%s: exit %s\nexpected: %s\ngot:      %s\n' "$1" "$status" "$wanted" "$got"
        return 1
    }
}

# All scripts whose name begins with one of these words.
all_refused() {
    local count=0 wrong=0 script word
    for word in "$@"; do
        for script in tests/broken/"$word"_*.lua; do
            count=$((count + 1))
            expected "$script" | refused "$script" || wrong=$((wrong + 1))
        done
    done
    [ "$wrong" -eq 0 ] && [ "$count" -gt 5 ]
}

@test "words and options" {
    all_refused word option value
}

@test "kinds of value: names on the media, paths, URLs, dates, spans, durations, subjects, texts" {
    all_refused media path url date span duration subject text
}

@test "artefacts, order, validity, policy, claims, leaves, an authority that is there, who signs, waivers, backups" {
    all_refused artefact order validity policy claims leaf adopt unlock sign revoke waive backup
}

@test "templates" {
    all_refused template
}

@test "frames and steps" {
    all_refused ceremony people stations step steps everything many
}

@test "the bare environment: nothing to read, nothing to set" {
    all_refused reads sets
}

@test "bounds and syntax" {
    all_refused loop memory recursion runtime syntax
}

@test "every script is in one of these tests" {
    for script in tests/broken/*.lua; do
        word=$(basename "$script")
        grep -qE "^    all_refused (.* )?${word%%_*}( |\$)" "$BATS_TEST_FILENAME" || {
            echo "$script"
            return 1
        }
    done
}

# A script in a folder of its own, from standard input; its path is in $script.
written() {
    mkdir -p "$BATS_TEST_TMPDIR/scripts"
    script=$BATS_TEST_TMPDIR/scripts/$1
    cat >"$script"
}

@test "a file that is no script: missing, a folder, empty, blank" {
    refused nowhere.lua <<<"verger agenda: nowhere.lua: cannot be opened: No such file or directory"
    refused tests <<<"verger agenda: tests: not a regular file"
    written empty.lua </dev/null
    refused "$script" <<<"verger agenda: $script: is empty; a script begins with: ceremony \"Title\" { version = \"1.0\" }"
    written blank.lua < <(printf ' \n\n')
    refused "$script" <<<"verger agenda: $script: is empty; a script begins with: ceremony \"Title\" { version = \"1.0\" }"
}

@test "a text that is not plain: byte order mark, bytecode, control character, hidden character, not UTF-8" {
    written bom.lua < <(printf '\357\273\277ceremony "A" { version = "1" }\n')
    refused "$script" <<<"verger agenda: $script:1: begins with a byte order mark; save it as UTF-8 without one"
    written code.lua < <(printf '\033Lua\124\0\031\223')
    refused "$script" <<<"verger agenda: $script: is compiled Lua; a script is text that people can read aloud"
    written control.lua < <(printf 'ceremony "A" { version = "1" }\n-- \033[2J\n')
    refused "$script" <<<"verger agenda: $script:2: holds a control character (0x1b); remove it"
    written hidden.lua < <(printf 'ceremony "A" { version = "1" }\n\n-- a \342\200\256 b\n')
    refused "$script" <<<"verger agenda: $script:3: holds a character that cannot be seen (U+202E); remove it"
    written latin.lua < <(printf 'ceremony "A" { version = "1" }\n-- caf\351\n')
    refused "$script" <<<"verger agenda: $script:2: is not UTF-8 text"
    written long.lua < <(head -c 1048577 /dev/zero | tr '\0' ' ')
    refused "$script" <<<"verger agenda: $script: is longer than 1024 KiB; a ceremony is shorter"
}

@test "a file name that page 0 cannot hold" {
    for name in 'my script.lua' 'scr\ipt.lua' "$(printf 'x%.0s' {1..90}).lua"; do
        written "$name" <lua/ceremonies/intermediate-ca.lua
        run -1 --separate-stderr "$VERGER" agenda "$script"
        [ -z "$output" ]
        # shellcheck disable=SC2154 # bats sets it
        [[ $stderr == *": a script's file name must be "* ]] || {
            echo "$name: $stderr"
            return 1
        }
    done
}

@test "a template that is no text, too large, or a link to nowhere" {
    written ca.lua <lua/ceremonies/intermediate-ca.lua
    template=$BATS_TEST_TMPDIR/scripts/rsa_intermediate_ca.tpl
    line=$(grep -n 'request  "intermediate request"' "$script" | cut -d : -f 1)
    ln -s /nowhere "$template"
    run -1 --separate-stderr "$VERGER" agenda "$script"
    [[ $stderr == "verger agenda: $script:$line: request: $template: "* ]]
    rm "$template"
    head -c 5000000 /dev/zero >"$template"
    run -1 --separate-stderr "$VERGER" agenda "$script"
    [[ $stderr == "verger agenda: $script:$line: request: $template: "* ]]
    printf '\377\376' >"$template"
    run -1 --separate-stderr "$VERGER" agenda "$script"
    [[ $stderr == "verger agenda: $script:$line: request: rsa_intermediate_ca.tpl: "* ]]
}

@test "what a script holds never reaches the terminal as it is" {
    written escape.lua < <(printf 'ceremony "A" { version = "1" }\n_ENV["\\27[2J"] = 1\n')
    refused "$script" <<<"verger agenda: $script:2: a script describes and keeps no variables: \"\\x1b[2J\" cannot be set"
}

@test "a long path stays whole in the message" {
    folder=$BATS_TEST_TMPDIR/$(printf 'long%.0s' {1..30})
    mkdir -p "$folder"
    printf '\nxyz = 1\n' >"$folder/s.lua"
    refused "$folder/s.lua" <<<"verger agenda: $folder/s.lua:2: a script describes and keeps no variables: \"xyz\" cannot be set"
    printf '\nlocal x = nil + 1\n' >"$folder/s.lua"
    refused "$folder/s.lua" <<<"verger agenda: $folder/s.lua:2: attempt to perform arithmetic on a nil value"
}

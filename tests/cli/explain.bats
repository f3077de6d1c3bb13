#!/usr/bin/env bats
# verger explain: every id that any command prints is known to it, with a reason and something to do.
bats_require_minimum_version 1.5.0
load note

golden=$BATS_TEST_DIRNAME/../golden

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    "$VERGER" explain all --json >"$BATS_TEST_TMPDIR/all.json"
    jq -r '.[].id' "$BATS_TEST_TMPDIR/all.json" >"$BATS_TEST_TMPDIR/ids"
}

# The ids on standard input, of what $1 says, are all known.
known() {
    sort -u >"$BATS_TEST_TMPDIR/asked"
    [ -s "$BATS_TEST_TMPDIR/asked" ]
    sort "$BATS_TEST_TMPDIR/ids" | comm -13 - "$BATS_TEST_TMPDIR/asked" | sed "s/^/$1: /" | (! grep .)
}

# The first text of the form of an id in each call of these C functions.
ids_of_calls() {
    perl -0777 -ne 'while (/\b(?:'"$1"')(\((?:[^()"]|"(?:\\.|[^"\\])*"|(?1))*\))/g) {
        my $call = $1; print "$1\n" if $call =~ /"([a-z]+(?:_[a-z]+)+)"/; }' "${@:2}"
}

@test "what it says: the rule, why, where it is from, what to do, what it weighs" {
    run -0 "$VERGER" explain seal.station key_usage_crl_sign
    [ "${lines[0]}" = "seal.station (verger verify)" ]
    [ "${lines[1]}" = "  Rule:     A page is sealed by its own station." ]
    grep -q '^  Why:      ' <<<"$output"
    grep -q '^  Clause:   verger-record(5), seals; ' <<<"$output"
    grep -q '^  To do:    ' <<<"$output"
    grep -q '^  Weighs:   warning in private-internal, error in public-tls' <<<"$output"
    run -0 "$VERGER" explain template.unset_variable
    grep -q 'Set the variable' <<<"$output"
    run -0 "$VERGER" explain KC-04
    grep -q '^  Shown by: fact:witnessed' <<<"$output"
    run -1 "$VERGER" explain seal.statoin
    [[ $output == *'is seal.station meant?'* ]]
    run -1 "$VERGER" explain xyzzy
    [[ $output == *'`verger explain all` lists them'* ]]
}

@test "it needs no file: nothing is opened once its fence stands" {
    traced -f -o "$BATS_TEST_TMPDIR/trace" "$VERGER" explain seal.station >/dev/null
    sed '1,/landlock_restrict_self/d' "$BATS_TEST_TMPDIR/trace" | grep -E 'open(at)?\(' | (! grep -vE 'ENOENT|/dev/urandom')
}

@test "each has a reason or a sentence, and something to do, and stands there once" {
    jq -r '.[] | select(((.why // .says // "") == "") or (.remedy // "") == "") | .id' "$BATS_TEST_TMPDIR/all.json" |
        (! grep .)
    sort "$BATS_TEST_TMPDIR/ids" | uniq -d | (! grep .)
    grep -v '^#' vendor/rules | awk -F ' [|] ' 'NF != 5 || $2 !~ /^(verify|lint|check|template|doctor|run)$/' | (! grep .)
}

@test "the checks of verify, the rules of lint, the rows of doctor, the controls of report" {
    cat >"$BATS_TEST_TMPDIR/small.lua" <<'LUA'
ceremony "Small" { version = "1" }
people { operator = 1 }
stations { ca = "the machine" }
step "Begin" { at = "ca", say "Good morning." }
LUA
    local record=$BATS_TEST_TMPDIR/record
    "$VERGER" rehearse "$BATS_TEST_TMPDIR/small.lua" --record "$record" --unattended >/dev/null
    "$VERGER" verify "$record" --json >"$BATS_TEST_TMPDIR/verify.json" || [ $? -eq 3 ]
    jq -r '.checks[].id' "$BATS_TEST_TMPDIR/verify.json" | known verify
    "$VERGER" lint "$golden/cert/intermediate_ca.by-rsa4096.crt" --json >"$BATS_TEST_TMPDIR/lint.json" || [ $? -eq 1 ]
    jq -r '.. | objects | (.passed, .not_applicable, .not_checked) // empty | .[]' "$BATS_TEST_TMPDIR/lint.json" |
        known lint
    "$VERGER" doctor --home "$record" --record "$record" --media "$record" --authority "$record" --json \
        >"$BATS_TEST_TMPDIR/doctor.json" || [ $? -eq 1 ]
    jq -r '.rows[].id' "$BATS_TEST_TMPDIR/doctor.json" | known doctor
    "$VERGER" report "$record" -o "$BATS_TEST_TMPDIR/report.json" >/dev/null || [ $? -eq 3 ]
    jq -r '.controls[].id' "$BATS_TEST_TMPDIR/report.json" | known report
}

@test "what check and template find, and the exceptions of pages, as far as the sources tell" {
    ids_of_calls 'findings_add|finding|certificate_at' ceremony/*.c bootstrap/*.c | known check
    grep -ohE '\? +"[a-z]+_[a-z]+"|: +"[a-z]+_[a-z]+";|"(member_twice|text_behind)"' ceremony/{schema,treecheck,profilelint}.c |
        grep -oE '[a-z]+_[a-z]+' | known check
    grep -ohE ':find\("[a-z_]+"' lua/template_*.lua | cut -d '"' -f 2 | known template
    grep -ohE 'rule = "[a-z]+(_[a-z]+)+"' lua/*.lua | cut -d '"' -f 2 | known check
    { grep -ohE 'rule = "[a-z]+\.[a-z.]+"' lua/*.lua && grep -ohE 'rule = [A-Z_]+' lua/*.lua | while read -r _ _ name; do
        grep -hE "^local ([A-Z_]+, )*$name(, [A-Z_]+)* = " lua/*.lua | grep -oE '"[a-z]+\.[a-z]+"'
    done; } | cut -d '"' -f 2 | grep -vE '^(template|lint)\.$' | known run
}

@test "no rule is explained that nothing finds" {
    while read -r id; do
        grep -qrF --include='*.c' --include='*.lua' "\"$id\"" audit bootstrap ceremony lua || echo "$id"
    done < <(grep -v '^#' vendor/rules | cut -d '|' -f 1 | tr ' ' '\n' | grep . | grep -vE '_(home|record|authority)$') |
        (! grep .)
}

@test "a clause that check prints is the one that is explained" {
    cp -r "$golden/01-init" "$BATS_TEST_TMPDIR/tree"
    find "$BATS_TEST_TMPDIR/tree" -name .gitkeep -delete
    chmod -R u+w "$BATS_TEST_TMPDIR/tree"
    local config=$BATS_TEST_TMPDIR/tree/config/ca.json
    sed -i "s|/home/ca/.step|$BATS_TEST_TMPDIR/tree|" "$BATS_TEST_TMPDIR"/tree/config/*.json
    cp "$config" "$BATS_TEST_TMPDIR/ca.json"
    for change in '.' '.policy = {}' '.crl = {"enabled": true, "cacheDuration": "-1h"}' 'del(.db)' \
        '.tls.minVersion = 1.0' '.authority.policy = {"x509": {"deny": {"dns": ["a.b"]}}}' '.address = "x"' \
        '.dnsNames = []' '.authority.enableAdmin = true' '.authority.provisioners = []' '.crt = "/none"'; do
        jq "$change" "$BATS_TEST_TMPDIR/ca.json" >"$config"
        "$VERGER" check "$BATS_TEST_TMPDIR/tree" --json || [ $? -eq 1 ]
    done | jq -r '.findings[] | "\(.rule)\t\(.clause)"' | sort -u >"$BATS_TEST_TMPDIR/found"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/found")" -ge 20 ]
    while IFS=$'\t' read -r id clause; do
        jq -e --arg id "$id" --arg clause "$clause" '.[] | select(.id == $id) | .clause == $clause' \
            "$BATS_TEST_TMPDIR/all.json" >/dev/null || echo "$id: $clause"
    done <"$BATS_TEST_TMPDIR/found" | (! grep .)
}

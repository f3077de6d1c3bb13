#!/usr/bin/env bats
# verger check: trees of step's and of verger's, judged from the command line.
bats_require_minimum_version 1.5.0
load note

golden=$BATS_TEST_DIRNAME/../golden
house=$BATS_TEST_DIRNAME/../..

# A tree that works, as a rehearsal of the flagship leaves it, and step's own.
setup_file() {
    cd "$BATS_FILE_TMPDIR" || return 1
    "$VERGER" rehearse "$house/lua/ceremonies/intermediate-ca.lua" --record record --keep kept --unattended >said
    cp -r "$golden/01-init" step
    find step -name .gitkeep -delete
    sed -i "s|/home/ca/.step|$PWD/step|" step/config/*.json
    chmod -R go= step
    (umask 077 && cat "$golden/pw/ca.txt" >password && echo another-one >wrong)
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    cp -r "$BATS_FILE_TMPDIR/step" "$BATS_FILE_TMPDIR/password" "$BATS_FILE_TMPDIR/wrong" .
    sed -i "s|$BATS_FILE_TMPDIR|$PWD|" step/config/*.json
}

@test "a tree that verger made is without error, and the command that starts it is named" {
    run -0 --separate-stderr "$VERGER" check "$BATS_FILE_TMPDIR/kept/ca/authority"
    [[ $output != *"error "* && $output != *"warning "* ]]
    [[ $output == *"0 errors, 0 warnings, "*": step-ca starts on this tree, if FILE holds the key's password."* ]]
    [ "${lines[-1]}" = "    step-ca $BATS_FILE_TMPDIR/kept/ca/authority/config/ca.json --password-file FILE" ]
}

@test "a tree as step left it: warnings, exit 0, and the key is opened" {
    run -0 --separate-stderr "$VERGER" check step --password-file authority=password
    [[ $output == *"warning root_key_present, secrets/root_ca_key"* ]]
    [[ $output != *key_not_opened* && $output != *tree_moved* ]]
    [ "${lines[-1]}" = "    step-ca $PWD/step/config/ca.json --password-file $PWD/password" ]
    grep -q '^0 errors, 3 warnings, 1 note: step-ca starts on this tree\.$' <<<"$output"
}

@test "errors come first, with rule, place, clause and remedy, and exit 1" {
    sed -i 's|"authority": {|"crl": {"enabled": true}, "authority": {"crl": {},|; s|"address": ":443"|"address": "443"|' \
        step/config/ca.json
    run -1 --separate-stderr "$VERGER" check step
    [[ ${lines[0]} == "error "*", config/ca.json: "* ]]
    [[ $output == *"error crl_misplaced, config/ca.json: authority.crl [step-ca ignores keys that it does not know]
    \"crl\" has no effect here: it belongs in the top level; move it"* ]]
    [[ $output == *"error address_illegal, "* ]]
    [ "$(grep -oE '^(error|warning|note) ' <<<"$output" | uniq | tr -d '\n')" = "error warning note " ]
    [[ ${lines[-2]} == "2 errors, "* ]]
    [[ $output != *"step-ca $PWD"* ]]
    without_note
    [ -z "$stderr" ]
}

@test "a wrong password and a trailing comma are findings, and no password is shown" {
    run -1 --separate-stderr "$VERGER" check step --password-file authority=wrong
    [[ $output == *"error key_password, config/ca.json: key"* ]]
    [[ $output$stderr != *another-one* ]]
    sed -i 's|"renegotiation": false|"renegotiation": false,|' step/config/ca.json
    run -1 --separate-stderr "$VERGER" check step
    [[ $output == *"error config_not_json, config/ca.json"*"trailing comma"* ]]
}

# Damage a fresh tree with a filter of its ca.json, or a command; the rule is found, and every finding has a clause.
finds() {
    local rule=$1 text
    shift
    rm -rf step && cp -r "$BATS_FILE_TMPDIR/step" . && sed -i "s|$BATS_FILE_TMPDIR|$PWD|" step/config/*.json
    if [ "$1" = jq ]; then
        jq "$2" step/config/ca.json >new && mv new step/config/ca.json
    else
        "$@"
    fi
    "$VERGER" check step --json --password-file authority=password >found 2>err || true
    jq -e --arg rule "$rule" '[.findings[] | select(.rule == $rule)] | length > 0' found >/dev/null || {
        echo "without $rule: $(cat found err)"
        return 1
    }
    text=$(jq -r '.findings[] | select(.clause == "" or .place == "" or .text == "") | .rule' found)
    [ -z "$text" ] || { echo "no clause: $text" && return 1; }
}

@test "what people do to a tree: each damage by its rule, and each finding with its clause" {
    finds policy_misplaced jq '.policy = {x509: {allow: {dns: ["a.b"]}}}'
    finds crl_misplaced jq '.authority.crl = {enabled: true}'
    finds policy_dead jq '.authority.enableAdmin = true | .authority.policy = {x509: {allow: {dns: ["a.b"]}}}'
    finds duration_illegal jq '.crl = {enabled: true, cacheDuration: "7d"}'
    finds crl_renew_over_cache jq '.crl = {enabled: true, renewPeriod: "48h"}'
    finds crl_without_db jq 'del(.db) | .crl = {enabled: true}'
    finds idp_not_http jq '.crl = {enabled: true, idpURL: "https://ca.example.com/crl"}'
    finds idp_path jq '.crl = {enabled: true, idpURL: "http://ca.example.com/other"}'
    finds provisioner_key_private jq '.authority.provisioners[0].key.d = "abc"'
    finds provisioner_name_missing jq '.authority.provisioners[0].name = ""'
    finds provisioner_twice jq '.authority.provisioners += .authority.provisioners'
    finds provisioner_none jq '.authority.provisioners = []'
    finds provisioner_type_unknown jq '.authority.provisioners[0].type = "JKW"'
    finds key_misspelt jq '.adress = ":1"'
    finds key_case jq '.crl = {Enabled: true}'
    finds claims_crossed jq '.authority.claims = {maxTLSCertDuration: "1h"}'
    finds policy_entry_illegal jq '.authority.policy = {x509: {allow: {dns: ["*"], email: ["@"]}}}'
    finds insecure_address_same jq '.insecureAddress = .address'
    finds db_type_unknown jq '.db.type = "badger3"'
    finds value_type jq '.dnsNames = "x"'
    finds path_relative jq '.root = "certs/root_ca.crt"'
    finds secret_in_config jq '.password = "x"'
    finds file_missing rm step/certs/root_ca.crt
    finds intermediate_unreadable truncate -s 0 step/certs/intermediate_ca.crt
    finds key_mode chmod 644 step/secrets/intermediate_ca_key
    finds key_mismatch openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \
        -out step/secrets/intermediate_ca_key
    finds defaults_missing rm step/config/defaults.json
    finds defaults_fingerprint sed -i 's/"fingerprint": "../"fingerprint": "00/' step/config/defaults.json
    finds config_missing rm step/config/ca.json
}

@test "--json is canonical, and says the same" {
    run -0 --separate-stderr "$VERGER" check step --password-file authority=password --json
    [ "$output" = "$(jq -cS . <<<"$output")" ]
    [ "$(jq -r '.starts, .authority' <<<"$output")" = "true
$PWD/step" ]
    [ "$(jq -r .command <<<"$output")" = "step-ca $PWD/step/config/ca.json --password-file $PWD/password" ]
    [ "$(jq -r '.findings[0] | keys | join(" ")' <<<"$output")" = "clause place rule severity text" ]
    echo '{}' >step/config/ca.json
    run -1 --separate-stderr "$VERGER" check step --json
    [ "$(jq -r '.starts, (.command | type), .findings[0].severity' <<<"$output")" = "false
null
error" ]
}

@test "a moved tree is judged as if it lay where its configuration says" {
    mv step elsewhere
    run -0 --separate-stderr "$VERGER" check elsewhere
    [[ $output == *"warning tree_moved"* ]]
    [[ ${lines[-1]} == "    step-ca $PWD/step/config/ca.json "* ]]
}

@test "a path with a space is one word of the command" {
    mv step "my step"
    sed -i "s|$PWD/step|$PWD/my step|" "my step"/config/*.json
    run -0 --separate-stderr "$VERGER" check "my step"
    [[ ${lines[-1]} == "    step-ca '$PWD/my step/config/ca.json' --password-file FILE" ]]
    eval "set -- ${lines[-1]}"
    [ "$2" = "$PWD/my step/config/ca.json" ]
}

@test "a password file in the tree is a warning" {
    cp password step/
    run -0 --separate-stderr "$VERGER" check step --password-file authority=step/password
    [[ $output == *"warning password_in_tree, password"* ]]
}

@test "what cannot be checked is one message and exit 1; mistakes in usage exit 2" {
    run -1 --separate-stderr "$VERGER" check nowhere
    without_note
    [[ $stderr == "verger check: nowhere: cannot be opened"* ]]
    run -1 --separate-stderr "$VERGER" check step/config/ca.json
    [[ $stderr == *"is no folder; give the one that holds config/ca.json" ]]
    run -2 --separate-stderr "$VERGER" check step --password-file root=password
    [[ $stderr == *"only authority=FILE is used here; see verger check --help" ]]
    chmod 644 password
    run -1 --separate-stderr "$VERGER" check step --password-file authority=password
    [[ $stderr == *"lets others read it"* ]]
}

@test "a check changes nothing" {
    before=$(find step -printf '%p %m %s %T@\n' | sort)
    "$VERGER" check step --password-file authority=password >/dev/null
    [ "$before" = "$(find step -printf '%p %m %s %T@\n' | sort)" ]
}

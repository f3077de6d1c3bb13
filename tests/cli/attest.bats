#!/usr/bin/env bats
# attest: at the end everybody says whether the script was followed; witnesses seal the page that says so.
load trial

setup_file() (
    prepare && script_edit 's/step "Check that it will run" { at = "ca",/& witnessed_by = 1,/' &&
        "$VERGER" enrol --home home-alan --name "Alan Turing" --witness --password-file seal=pw/seal &&
        echo '{"witness.seal.1": true}' >yes.json &&
        answer check-that-it-will-run.attest.3 '"The lamp fell in step 4."' &&
        at_ca --enrol home-alan/seal.crt && at_root && keep signed && at_ca && keep closed
) >"$BATS_FILE_TMPDIR/said" 2>&1 || {
    cat "$BATS_FILE_TMPDIR/said"
    return 1
}

page=000009-check-that-it-will-run.tar
seal() { alone "$VERGER" witness record --home home-alan --password-file seal=pw/seal --answers yes.json "$@"; }

@test "the agenda asks each person by role; the statement has everybody's word, the head, and the remark" {
    back_to closed
    run -0 "$VERGER" agenda script/intermediate-ca.lua
    [[ $(tr -s ' \n' ' ' <<<"$output") == *"number 2 of 2 (witness): Was the script followed?"* ]]
    run -0 "$VERGER" agenda script/intermediate-ca.lua --prompts
    [[ $output == *"check-that-it-will-run.attest.4"* ]]
    tar -xOf record/$page evidence/closing.json >closing.json
    [ "$(jq -r .head closing.json)" = "$(sha256sum record/000008-*.tar | cut -d ' ' -f 1)" ]
    [ "$(jq -c '[.attested[] | [.name, .followed, .remark]]' closing.json)" = \
        '[["Ada Lovelace",true,null],["Grace Hopper",true,null],["Alan Turing",false,"The lamp fell in step 4."],["Joan Clarke",true,null]]' ]
    [ "$(tar -xOf record/$page page.json | jq -r '.deviations[0].happened')" = "The lamp fell in step 4." ]
}

@test "witnesses seal it with --close; no other page is that" {
    back_to closed
    run -0 seal --close
    cat home-*/seal.crt >signers.pem
    run -0 "$VERGER" verify record --signers signers.pem
    [[ $output == *"script.followed"* ]] || { echo "$output" && return 1; }
    back_to signed
    fails "has no closing statement" seal --close
}

@test "a bare no tells nobody what it was" {
    back_to signed
    answer check-that-it-will-run.attest.3 '"No."'
    run -1 --separate-stderr at_ca
    refused "say in a sentence what was not followed"
    [ ! -e record/$page ]
    answer check-that-it-will-run.attest.3 '"No: the lamp fell."'
    run -0 at_ca
}

@test "a station does not witness: that is said before the question" {
    back_to closed
    echo '{}' >none.json
    run -1 alone "$VERGER" witness record --home home-ca --password-file seal=pw/seal --answers none.json
    [[ $(tr -s ' \n' ' ' <<<"$output") == *'of the station "ca"; a witness seals with a key of their own'* ]]
}

@test "a rehearsal attests too" {
    back_to signed
    run -0 alone "$VERGER" rehearse script/intermediate-ca.lua --record rehearsal --unattended
    run -3 "$VERGER" verify rehearsal
}

@test "forged: a statement in which somebody else attests" {
    back_to closed
    sum() { tar -xOf record/$page "$1" | sha256sum | cut -d ' ' -f 1; }
    was=$(sum evidence/closing.json) before=$(sum page.json)
    LC_ALL=C sed -i 's/"followed":true,"name":"Ada L/"followed":true,"name":"Ida L/' record/$page
    LC_ALL=C sed -i "s/$was/$(sum evidence/closing.json)/" record/$page
    LC_ALL=C sed -i "s/$before/$(sum page.json)/" record/$page
    run -1 "$VERGER" verify record --json
    [ "$(jq -c '[.failures[].id] | unique' <<<"$output")" = '["closing.attested","seal.signature"]' ] || {
        jq -c .failures <<<"$output"
        return 1
    }
}

#!/usr/bin/env bats
# The script of the next ceremony, written from the record of the last one: read by agenda, rehearsed, and walked.
load trial

setup_file() (
    prepare && at_ca && at_root && at_ca && cat home-ca/seal.crt home-root/seal.crt >signers.pem && keep complete
) >"$BATS_FILE_TMPDIR/said" 2>&1

setup() { back_to complete; }

renew() { "$VERGER" renew record --signers signers.pem "$@"; }

# The steps of a script, as the agenda has them.
agenda() { "$VERGER" agenda "$1" | sed -n '/^ 1\. /,$p' | grep .; }

@test "the next script asks for what the last one asked for, in the house's style" {
    mkdir next
    run -0 renew -o next/intermediate-ca.lua
    [[ $output == *"verger rehearse next/intermediate-ca.lua --record DIR"* ]]
    diff <(agenda script/intermediate-ca.lua) <(agenda next/intermediate-ca.lua)
    cmp next/rsa_intermediate_ca.tpl script/rsa_intermediate_ca.tpl
    [ "$(echo next/*)" = "next/intermediate-ca.lua next/rsa_intermediate_ca.tpl" ]
    [ "$(stat -c %a next/intermediate-ca.lua)" = 644 ]
    # but for the remarks, the version and the layout of one table it is the script that was walked
    diff <(sed '/^--/d; /^$/d; s/ *= */=/g' script/intermediate-ca.lua | tr -d ' \n') \
        <(sed '/^--/d; /^$/d; s/ *= */=/g; s/"1.1"/"1.0"/' next/intermediate-ca.lua | tr -d ' \n')
    [ -z "$(grep -E '.{121}' next/intermediate-ca.lua)" ]
    head=$(sha256sum record/000009-*.tar | cut -d ' ' -f 1)
    [ "$(sed -n '/^--   [0-9a-f ]*$/p' next/intermediate-ca.lua | tr -cd 0-9a-f)" = "$head" ]
    serial=$(openssl x509 -in ca/certs/intermediate_ca.crt -noout -serial | cut -d = -f 2 | tr A-F a-f)
    grep -q "$serial" <(tr -d '\n' <next/intermediate-ca.lua | sed 's/-- //g')
}

@test "it can be rehearsed and walked, with the head of the one before; and renewed again" {
    mkdir next && renew -o next/intermediate-ca.lua
    head=$(sha256sum record/000009-*.tar | cut -d ' ' -f 1)
    "$VERGER" rehearse next/intermediate-ca.lua --record rehearsal --unattended >said
    mv record first && mv ca first-ca && mv root first-root && rm -rf script && mv next script
    answer start.previous.1 true
    at_ca --previous-head "$head" --rehearsal rehearsal >said
    at_root >said && at_ca >said
    holds
    run -0 renew -o third.lua
    grep -q '{ version = "1.2" }' third.lua
    diff <(agenda script/intermediate-ca.lua) <(agenda third.lua)
}

@test "absolute dates are not repeated, names of people and odd texts are" {
    prepare >"$BATS_TEST_TMPDIR/said"
    begins=$(date -u +%Y-%m-%d)
    ends=$(date -u -d '+1000 days' +%Y-%m-%d)
    script_edit -e 's/people {.*/people { administrator = "Ada Lovelace", operator = 1, witnesses = { "Alan Turing", "Joan Clarke" } }/' \
        -e "s/valid_for = \"5 years\"/ends = \"$ends\"/" \
        -e 's/"Initializing made keys.*"/"A \\"quoted\\" text, äöü, and [[brackets]] -- no comment."/'
    root_dated "$(date -u -d "$begins -1 day" +%Y%m%d%H%M%SZ)" 20500101000000Z
    at_ca >said && at_root >said && at_ca >said && cat home-ca/seal.crt home-root/seal.crt >signers.pem
    run -0 renew -o next.lua
    grep -qF 'people { administrator = "Ada Lovelace", operator = 1, witnesses = { "Alan Turing", "Joan Clarke" } }' next.lua
    grep -qF '"A \"quoted\" text, äöü, and [[brackets]] -- no comment."' next.lua
    grep -qE 'valid_for = "(24000|23999|239[0-9][0-9]) hours"|valid_for = "[0-9]+ days"' next.lua
    run ! grep -q ' ends = ' next.lua
    "$VERGER" agenda next.lua >said
}

@test "nothing is overwritten, and what cannot be is said" {
    echo mine >mine.lua
    fails "mine.lua: is there already" renew -o mine.lua
    echo mine >rsa_intermediate_ca.tpl
    fails "rsa_intermediate_ca.tpl: is there already, and is not the template" renew -o next.lua
    cp script/rsa_intermediate_ca.tpl . && renew -o next.lua
    fails "is the name of a template" renew -o new/rsa_intermediate_ca.tpl
    fails "nowhere/" renew -o nowhere/next.lua
    run -2 renew
    run -3 "$VERGER" renew record -o other.lua
    "$VERGER" rehearse script/intermediate-ca.lua --record rehearsal --unattended >said
    fails "is the record of a rehearsal" "$VERGER" renew rehearsal -o again.lua
    printf x | dd of="$(echo record/000004-*.tar)" bs=1 seek=3000 conv=notrunc status=none
    fails "does not hold" renew -o forged.lua
    [ ! -e forged.lua ] && [ ! -e again.lua ]
}

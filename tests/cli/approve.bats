#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031 # what `run` says is the test's
# verger approve, and scripts that want approvals: whose, of what, when; and what verify makes of forged ones.
load trial

setup_file() (
    prepare && script_edit 's/^ceremony .*{ version = "1.0"/&, approvals = 2/' &&
        person ada "Ada Approver" && person ben "Ben Approver" && person eve "Eve Outsider" &&
        echo '{"approve.seal.1": true}' >yes.json && approve ada && approve ben && keep approved
) >"$BATS_FILE_TMPDIR/said" 2>&1 || {
    cat "$BATS_FILE_TMPDIR/said"
    return 1
}

person() { "$VERGER" enrol --home "home-$1" --name "$2" --witness --password-file seal=pw/seal; }

# approve WHO [OPTION...]: into WHO.json.
approve() {
    local who=$1
    shift
    alone "$VERGER" approve script/intermediate-ca.lua --home "home-$who" --output "$who.json" \
        --password-file seal=pw/seal --answers yes.json "$@"
}

# The first session, with these approvals (WHO...), everybody enrolled.
begin() {
    local who given=()
    for who; do given+=(--approval "$who.json"); done
    at_ca --enrol home-ada/seal.crt home-ben/seal.crt "${given[@]}"
}

@test "an approval is canonical JSON that openssl finds sealed; the agenda says that it is wanted" {
    back_to approved
    grep -q 'approvals = 2' script/intermediate-ca.lua
    cmp <(jq -cS . ada.json) ada.json
    [ "$(jq -r .script.sha256 ada.json)" = "$(sha256sum <script/intermediate-ca.lua | cut -d ' ' -f 1)" ]
    [ "$(jq -r '.templates[0].sha256' ada.json)" = "$(sha256sum <script/rsa_intermediate_ca.tpl | cut -d ' ' -f 1)" ]
    openssl cms -verify -binary -inform DER -in ada.json.p7s -content ada.json -nointern \
        -certfile home-ada/seal.crt -CAfile home-ada/seal.crt -no-CApath -no-CAstore -out /dev/null
    run -0 "$VERGER" agenda script/intermediate-ca.lua
    [[ $output == *"[ ] Approved before the day by 2 people."* ]]
}

@test "a run with them: page 0 carries them, verify holds, and says so by check" {
    back_to approved
    run -0 begin ada ben
    [[ $output == *"Approved by Ada Approver."*"Approved by Ben Approver."* ]]
    cmp ada.json <(tar -xOf record/000000-script.tar evidence/approvals/ada-approver.json)
    cmp ben.json.p7s <(tar -xOf record/000000-script.tar evidence/approvals/ben-approver.json.p7s)
    cat home-*/seal.crt >signers.pem
    run "$VERGER" verify record --signers signers.pem --json
    [ "$status" -eq 0 ] || { jq -c '.checks[] | select(.verdict == "fail")' <<<"$output" && return 1; }
    [ "$(jq -c '[.checks[] | select(.id | startswith("approval.")) | [.passed, .verdict]] | unique' <<<"$output")" = \
        '[[1,"pass"],[2,"pass"]]' ]
    # Whoever approved must be among those whom the auditor names.
    cat home-ca/seal.crt home-root/seal.crt home-ada/seal.crt >signers.pem
    run -1 "$VERGER" verify record --signers signers.pem
    [[ $output == *"ben-approver"* ]]
}

@test "without enough of them nothing begins" {
    back_to approved
    fails "the script wants 2 approvals, and 0 were named" begin
    fails "the script wants 2 approvals, and 1 were named" begin ada
    fails "the script wants 2 approvals, and 1 were named" begin ada ada
    approve eve
    fails "Eve Outsider's certificate is not enrolled" begin ada eve
    rm ben.json.p7s
    fails "ben.json.p7s" begin ada ben
}

@test "approvals that do not hold: changed, another script or template, expired, not yet, a station's, unsealed" {
    back_to approved
    sed -i 's/"version":"1.0"/"version":"1.1"/' ben.json
    fails "does not verify over these bytes" begin ada ben
    cp ada.json.p7s ben.json.p7s
    fails "does not verify over these bytes" begin ada ben
    back_to approved
    echo '-- changed' >>script/intermediate-ca.lua
    fails 'its "script" is not this ceremony' begin ada ben
    back_to approved
    echo ' ' >>script/rsa_intermediate_ca.tpl
    fails 'its "templates" is not this ceremony' begin ada ben
    back_to approved
    rm ben.json*
    approve ben --from 2090-01-01 --until 2091-01-01
    fails "approves a ceremony between 2090-01-01T00:00:00Z" begin ada ben
    rm ben.json*
    approve ben --from 2020-01-01 --until "$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%SZ)"
    sleep 3
    fails "this one does not start then" begin ada ben
    fails "is station" "$VERGER" approve script/intermediate-ca.lua --home home-ca --output x.json \
        --password-file seal=pw/seal
    fails "is over already" "$VERGER" approve script/intermediate-ca.lua --home home-eve --output x.json \
        --password-file seal=pw/seal --from 2019-01-01 --until 2020-01-01
    fails "must be a real date" "$VERGER" approve script/intermediate-ca.lua --home home-eve --output x.json \
        --password-file seal=pw/seal --until tomorrow
    fails "nothing is put over it" approve ada
    fails "nothing is put over it" alone "$VERGER" approve script/intermediate-ca.lua --home home-ada --output ada.json
    echo '{"approve.seal.1": false}' >yes.json
    fails "nothing was approved" approve eve
}

@test "a script may name its approvers" {
    back_to approved
    script_edit 's/approvals = 2/approvals = { "Ada Approver", "Eve Outsider" }/'
    rm ./*.json.p7s ada.json ben.json
    approve ada && approve ben
    run -0 "$VERGER" agenda script/intermediate-ca.lua
    [[ $output == *"Approved before the day by Ada Approver, Eve Outsider."* ]]
    fails "wants the approval of Eve Outsider" begin ada ben
}

zero=record/000000-script.tar
approval=evidence/approvals/ben-approver.json

# Another file in the place of a member of page 0: swap MEMBER FILE. The page's own seal is broken by that, and says so;
# here it matters what else does.
swap() { repack $zero cp "$PWD/$2" "$1"; }

judged() { run -1 "$VERGER" verify record --json; }

# The approval after the sed of $1, sealed by $2 over what the sed makes; and what verify says to it.
resealed() {
    rm -rf record && cp -a whole record
    sed "$1" ben.json >forged.json
    openssl cms -sign -binary -nosmimecap -md sha256 -outform DER -in forged.json -signer "home-$2/seal.crt" \
        -inkey "home-$2/seal.key" -passin file:pw/seal -out forged.p7s
    swap $approval forged.json && swap $approval.p7s forged.p7s && judged
}

@test "forged: an approval of another script, by another, out of its dates" {
    back_to approved
    begin ada ben >/dev/null
    cp -a record whole
    sed 's/"title":"E/"title":"F/' ben.json >forged.json
    swap $approval forged.json
    swap $approval ben.json
    run -3 "$VERGER" verify record --json
    [ "$(jq -c '[.checks[] | select(.verdict == "fail").id | select(startswith("approval") or startswith("page."))]' \
        <<<"$output")" = '[]' ] || { jq -c .failures <<<"$output" && return 1; }
    sed 's/"title":"E/"title":"F/' ben.json >forged.json
    swap $approval forged.json
    judged
    broken approval.seal
    broken approval.required
    resealed 's/x/x/' ben # after the ceremony had started
    broken approval.window
    resealed 's/"title":"E/"title":"F/' ben
    broken approval.script
    resealed 's/"until":"20../"until":"2000/' ben
    broken approval.window
    resealed 's/"approver":"Ben/"approver":"Bob/' ben
    broken approval.seal
    resealed 's/Ben Approver/Eve Outsider/' eve
    broken approval.seal
    resealed 's/"format":"v/"format":"w/' ben
    broken approval.form
}

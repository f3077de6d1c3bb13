#!/usr/bin/env bats
# What a run says and does when the one before it was cut off: at chosen points. sweep.sh does it at all of them.
load ../cli/trial
work=$BATS_FILE_TMPDIR
load point

setup_file() { lay_base && cd /; }
setup() { : >"$work/said" && mkdir -p "$work/signed"; }
teardown() { cd / && rm -rf "$work/signed"; }

# Session $1 dies at the first call that has $2 in its "CALL PATH", in the way $3 (killed after it).
dies() {
    back_to "before-$1"
    run session "$1" "$2" "${3:-after}"
    rm -rf "$work/kept" && mkdir "$work/kept"
    [ "$status" -eq 137 ]
    : >"$work/said"
}

# Session $1 again, and the rest: all goes well.
goes_on() {
    local number
    for number in $(seq "$1" 3); do session "$number" || { cat "$work/said" && return 1; }; done
    cp "$work/said" "$work/last"
    run -0 holds
    diff "$work/outline" <(outline)
}

# The run before said these words.
said() { grep -qF -- "$1" "$work/said" || { echo "not said: $1" && cat "$work/said" && return 1; }; }
is_silent_about() { ! grep -F -- "$1" "$work/said"; }

transcript() { page "$1" transcript.txt | tr '\n' ' '; }
deviations() { page 000005 page.json | jq '[.deviations[] | select(.expected == "one signature")] | length'; }

staged_certificate='rename record/.staging/000005/intermediate-certificate'
staged_list='rename record/.staging/000005/root-revocation-list'

@test "what was found and done is said at once, and stands in the next page of this station" {
    dies 1 'rename record/000003-'
    goes_on 1
    said "The last run here was cut off: "
    said "the files of page 000003-bring-in-the-root-certificate.tar were moved to where they belong"
    [[ $(transcript 000004) == *"Put right at "*"000003-"*"moved to where they belong"* ]]
    [[ $(transcript 000006) != *"Put right"* ]]

    # The last page before the hand-over: its station's next page is another session's.
    dies 1 'rename record/000004-'
    goes_on 1
    [[ $(transcript 000005) != *"Put right"* ]]
    [[ $(transcript 000006) == *"Put right at "*"000004-ask-to-be-signed.tar were moved"* ]]
}

@test "a sealed page that was not in its place yet is put there, page 0 too" {
    dies 1 'rename record/000002-purge-the-keys-it-came-with.tar.ca.p7s'
    goes_on 1
    said "page 000002-purge-the-keys-it-came-with.tar was sealed, and is now in its place"
    dies 1 'rename record/000000-script.tar.ca.p7s'
    sealed=$(sha256sum <record/.staging/000000-script.tar)
    goes_on 1
    said "page 000000-script.tar was sealed, and is now in its place"
    [ "$(sha256sum <record/000000-script.tar)" = "$sealed" ]
    [[ $(transcript 000001) == *"Put right at "*": The last run here was cut off: page 000000-script.tar was sealed"* ]]
}

@test "a folder has its mode from its first instant" {
    for folder in record ca record/signers record/ledger.git/objects/; do
        dies 1 "mkdir $folder"
        goes_on 1
    done
}

@test "every attempt is in the journal and on the page, with its time" {
    back_to before-2
    for at in open mkdir 'open record/.staging/000005/'; do
        run session 2 "$at" kill
        [ "$status" -eq 137 ]
    done
    mapfile -t begun < <(jq -r 'select(.kind == "attempt") | .time' home-root/journal)
    : >"$work/said"
    answer sign-offline.decide.1 true
    goes_on 2
    [ "${#begun[@]}" -gt 0 ]
    said "This is attempt $((${#begun[@]} + 1)) at this step."
    for index in "${!begun[@]}"; do
        said "Attempt $((index + 1)), begun at ${begun[index]}, was cut off."
        [[ $(transcript 000005) == *"Attempt $((index + 1)), begun at ${begun[index]}, was cut off."* ]]
    done
    [[ $(transcript 000006) != *"at this step"* ]]
}

@test "signed and staged: found whole, used, and no deviation" {
    for call in "$staged_certificate" "$staged_list"; do
        dies 2 "$call"
        collect
        goes_on 2
        said "was found whole, and is used"
        is_silent_about "Sign the very same bytes again"
        [ "$(deviations)" -eq 0 ]
        rm "$work/signed"/*
    done
}

@test "signed, and cut off before it has its name in the staging: found whole all the same" {
    for call in "$staged_certificate" "$staged_list"; do
        for how in kill power torn; do
            dies 2 "$call" $how
            goes_on 2
            said "was found whole, and is used"
            [ "$(deviations)" -eq 0 ]
        done
    done
}

# An intent without what it announced: nobody answered, no, and yes.
decided() {
    local question=$1
    answer sign-offline.decide.1
    run session 2
    [ "$status" -eq 1 ]
    said "prompt sign-offline.decide.1"
    said "$question"
    answer sign-offline.decide.1 false
    run session 2
    [ "$status" -eq 1 ]
    said '"stop" was answered to: '
    [ ! -e record/000005-sign-offline.tar ]
    answer sign-offline.decide.1 true
    goes_on 2
    [ "$(deviations)" -eq 1 ]
    page 000005 page.json | jq -e '.deviations[0] | .by == "Grace Hopper" and (.decided | contains("signed again"))'
    [ "$(jq -s 'map(select(.kind == "intent")) | map(del(.time)) | unique | length' home-root/journal)" -eq 2 ]
    [[ $output == *"with 2 exceptions"* ]]
}

@test "a certificate that was announced and is gone: the people decide, and the same bytes are signed" {
    dies 2 "$staged_certificate"
    rm record/.staging/000005/*
    decided "An earlier attempt announced the signature of serial number"
    [ "$(jq -r 'select(.intent == "sign") | "\(.serial) \(.tbs_sha256)"' home-root/journal | sort -u)" = \
        "$(page 000005 page.json | jq -r '.outputs[] | select(.kind == "certificate") | "\(.serial) \(.tbs_sha256)"')" ]
}

@test "a decision stands on the page, also when the attempt in which it was made was cut off" {
    dies 2 "$staged_certificate"
    rm record/.staging/000005/*
    answer sign-offline.decide.1 true
    run session 2 "$staged_certificate" after
    [ "$status" -eq 137 ]
    collect
    goes_on 2
    said "was found whole, and is used"
    [ "$(deviations)" -eq 1 ]
    [[ $(transcript 000005) == *"Decided at "*"signed again"* ]]
}

@test "a page that revokes a signer came between, from another copy of the record: what was announced is not forgotten" {
    dies 2 "$staged_certificate"
    serial=$(jq -r 'select(.intent == "sign").serial' home-root/journal)
    rm -r record && cp -a "$work/before-2/record" record
    faulty -1 none "$VERGER" enrol --home home-next --name "Station ca" --station ca --password-file seal=pw/seal
    jq '. + {"signers.reason.1": "ended", "signers.why.1": "it is old", "signers.read.1": true,
        "signers.by.1": "Alan Turing", "signers.sure.1": true, "signers.present.1": true}' answers.json >more.json
    mv more.json answers.json
    faulty -1 none "${ca_command[@]}" "${from_files[@]}" --replace ca=home-next/seal.crt
    [ -e record/000005-signers.tar ]
    answer sign-offline.decide.1 true
    run -0 session 2
    said "An earlier attempt announced the signature of serial number $serial and left no certificate."
    page 000006 page.json | jq -e --arg serial "$serial" 'any(.outputs[]; .serial == $serial) and
        any(.deviations[]; .expected == "one signature")'
    page 000006 transcript.txt | grep "Attempt 1, begun at .*, was cut off"
    cat home-*/seal.crt >signers.pem
    "$VERGER" verify record --signers signers.pem
}

@test "a list that was announced and is gone: the people decide, and it has the same number" {
    dies 2 "$staged_list"
    rm record/.staging/000005/root-revocation-list*
    decided "An earlier attempt announced list number 1"
    [ "$(jq -r 'select(.intent == "publish") | "\(.number) \(.tbs_sha256)"' home-root/journal | sort -u)" = \
        "$(page 000005 page.json | jq -r '.outputs[] | select(.kind == "crl") | "\(.number) \(.tbs_sha256)"')" ]
    [ "$(openssl crl -inform DER -in root/publish/root.crl -noout -crlnumber)" = "crlNumber=0x01" ]
}

@test "the staging is gone, and the register has it: used, and nothing is signed again" {
    dies 2 'rename record/000005-sign-offline.tar.root.p7s' kill
    rm -r record/.staging root/.verger-staging
    sed -i '$d' home-root/heads # as if it had died a moment earlier
    before=$(cat home-root/register)
    goes_on 2
    is_silent_about "Sign the very same bytes again"
    [ "$(cat home-root/register)" = "$before" ]
}

@test "a register that has less than its own page, or something else, is refused; with its copy it goes on" {
    back_to before-3
    cp home-root/register "$BATS_TEST_TMPDIR/whole"
    for left in 1 0; do
        head -n $left "$BATS_TEST_TMPDIR/whole" >home-root/register
        run session 2
        [ "$status" -ne 0 ]
        said "this station's register has less than its own page in this record"
        : >"$work/said"
    done
    head -n 1 "$BATS_TEST_TMPDIR/whole" | jq -cS '.tbs_sha256 = .sha256' >home-root/register
    run session 2
    [ "$status" -ne 0 ]
    said "tell two histories of the key"
    cp "$BATS_TEST_TMPDIR/whole" home-root/register
    : >"$work/said"
    goes_on 2
}

@test "a purge that was cut off goes on with the list that was announced" {
    back_to before-2
    purged=$(page 000002 evidence/purged.json | jq -r '.[].path')
    [ "$(wc -l <<<"$purged")" -eq 4 ]
    for file in $purged; do
        dies 1 "unlink ca/$file"
        [ ! -e "ca/$file" ]
        goes_on 1
        [ "$(page 000002 evidence/purged.json | jq -r '.[].path')" = "$purged" ]
    done
}

# A disk that is full, or a medium that was pulled out, from one call on.
fails_and_goes_on() {
    local how=$1 words=$2 call
    for call in 'open record/.staging/000003-' 'rename record/000003-' 'open ca/config/' 'link record/ledger.git/'; do
        back_to before-1
        : >"$work/said"
        run session 1 "$call" "$how"
        [ "$status" -eq 1 ]
        [ "$(grep -c '^verger run: ' "$work/said")" -eq 1 ]
        said "$words"
        scan && [ ${#faults[@]} -eq 0 ]
        goes_on 1
    done
}

@test "a full disk under the record: one message, and the same command goes on when there is room" {
    faults=()
    fails_and_goes_on full "No space left on device"
}

@test "a medium that is pulled out: one message, and the same command goes on when it is back" {
    faults=()
    fails_and_goes_on pulled "Input/output error"
}

@test "two at once: the second is refused, whatever they share" {
    back_to before-2
    mkdir root && : >home-root/lock
    exec 7<record 8<root 9<home-root/lock
    flock -n 9
    run session 2 && said "another verger"
    exec 9<&-
    flock -n 8
    : >"$work/said"
    run session 2 && said "another verger"
    exec 8<&-
    flock -n 7
    : >"$work/said"
    run session 2 && said "another verger"
    exec 7<&-
    goes_on 2
}

@test "an enrolment that was cut off is in nobody's way, and one that was finished stays" {
    cd "$trial"
    enrol_at() {
        faulty "$1" "$2" "$VERGER" enrol --home new --name New --station ca --password-file seal=pw/seal >"$work/said" 2>&1
    }
    rm -f "$work/log" && enrol_at 0 none
    calls=$(wc -l <"$work/log")
    [ "$calls" -gt 10 ]
    for how in kill power EIO; do
        for at in $(seq "$calls"); do
            rm -rf new "$work/kept" && mkdir "$work/kept"
            run enrol_at "$at" $how
            [ "$status" -ne 0 ]
            run enrol_at -1 none
            [ "$status" -eq 0 ] || said "new/seal.key: is there already"
            [ "$(ls -A new)" = $'seal.crt\nseal.key' ]
            cmp <(openssl x509 -in new/seal.crt -noout -pubkey) <(openssl pkey -in new/seal.key -passin file:pw/seal -pubout)
        done
    done
    rm -r new
}

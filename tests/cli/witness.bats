#!/usr/bin/env bats
# verger witness, and steps that are witnessed: whose seal counts, when it must be there, what verify makes of it.
# shellcheck disable=SC2030,SC2031 # the commands are those of one test
load trial

# The flagship, with the step that signs wanting both witnesses and the purge one of them.
setup_file() {
    export WITNESSED=$BATS_FILE_TMPDIR/said
    (
        prepare || exit
        script_edit -e 's/step "Sign, offline" { at = "root",/& witnessed_by = 2,/' \
            -e 's/step "Purge the keys it came with" { at = "ca",/& witnessed_by = 1,/'
        witness alan "Alan Turing" && witness joan "Joan Clarke" && witness mallory "Mallory Stranger" || exit
        ca_command+=(home-alan/seal.crt home-joan/seal.crt)
        echo '{"witness.seal.1": true}' >yes.json
        keep enrolled
        at_ca && keep purged && seal alan && at_ca && at_root && keep signed
    ) >"$WITNESSED" 2>&1 || {
        cat "$WITNESSED"
        return 1
    }
}

# A key and a certificate of a witness: witness FOLDER NAME.
witness() { "$VERGER" enrol --home "home-$1" --name "$2" --witness --password-file seal=pw/seal; }

# seal WHO [OPTION...]: the newest page of the record.
seal() {
    local who=$1
    shift
    alone "$VERGER" witness record --home "home-$who" --password-file seal=pw/seal --answers yes.json "$@"
}

signers() { cat home-*/seal.crt >signers.pem; }

# verify fails, with this check.
broken() {
    signers
    run "$VERGER" verify record --signers signers.pem --json
    [ "$status" -eq 1 ]
    jq -e --arg id "$1" '[.checks[] | select(.verdict == "fail").id] | index($id) != null' <<<"$output" >/dev/null || {
        jq -c '.checks[] | select(.verdict == "fail")' <<<"$output"
        return 1
    }
}

page=000005-sign-offline.tar

@test "the agenda says which pages witnesses seal" {
    back_to signed
    run -0 "$VERGER" agenda script/intermediate-ca.lua
    [[ $(tr -s ' \n' ' ' <<<"$output") == *"[ ] 2 of the witnesses seal this step's page before the next one is begun."* ]]
    [[ $(tr -s ' \n' ' ' <<<"$output") == *"[ ] One of the witnesses seals this step's page before the next"* ]]
    run -0 "$VERGER" agenda script/intermediate-ca.lua --html
    [[ $output == *"</span>2 of the witnesses seal"*"Who sealed?"* ]]
    [[ $output == *"certificate of witness 2 of 2"* ]]
}

@test "a run stops at a page that waits, and goes on when all have sealed; a copy's seal is copied" {
    back_to signed
    grep -q "Page 2 waits for the seal of 1 witness" "$WITNESSED"
    grep -q "Page 5 waits for the seals of 2 witnesses" "$WITNESSED"
    [[ $(jq -c .seals_required <(tar -xOf record/$page page.json)) == '[{"station":"root"},{"witnesses":2}]' ]]
    signers
    run -3 "$VERGER" verify record --signers signers.pem
    [[ $output == *"waits for the seals of 2 more witnesses"* ]]
    fails "Page 5 waits for the seals of 2 witnesses" at_ca
    fails "Page 5 waits for the seals of 2 witnesses" at_root
    cp -a record copy
    run -0 seal alan
    [[ $output == *"Page 5 of 5: Sign, offline, at root"*"it is the record's head"* ]]
    [[ $output == *"Sealed: record/$page.alan-turing.p7s"*"waits for 1 more."* ]]
    fails "waits for the seal of 1 witness" at_ca
    mv record other && mv copy record
    run -0 seal joan --page 5
    cp other/$page.alan-turing.p7s record/
    run -0 at_ca
    run -0 "$VERGER" verify record --signers signers.pem
    [[ $output == *"alan-turing"* ]]
    for who in alan joan; do
        name=$([ $who = alan ] && echo alan-turing || echo joan-clarke)
        openssl cms -verify -binary -inform DER -in "record/$page.$name.p7s" -content "record/$page" -nointern \
            -certfile "home-$who/seal.crt" -CAfile "home-$who/seal.crt" -no-CApath -no-CAstore -out /dev/null
    done
    # A page of long ago gets one more.
    run -0 seal joan --page 2
    run -0 "$VERGER" verify record --signers signers.pem
}

# The documented line of the help, run by hand: by_hand CERTIFICATE KEY [OPTION...]
by_hand() {
    openssl cms -sign -binary -md sha256 -outform DER -in record/$page -signer "$1" -inkey "$2" \
        -passin file:pw/seal -out by-hand.p7s "${@:3}"
}

@test "a seal that openssl made is taken, whatever made the key; one in another form is not" {
    back_to signed
    by_hand home-alan/seal.crt home-alan/seal.key -nosmimecap
    run -0 --separate-stderr "$VERGER" witness record --seal by-hand.p7s
    cmp by-hand.p7s record/$page.alan-turing.p7s
    by_hand home-joan/seal.crt home-joan/seal.key
    fails "not in the one form that a seal has" "$VERGER" witness record --seal by-hand.p7s
    by_hand home-joan/seal.crt home-joan/seal.key -nosmimecap
    cp by-hand.p7s record/$page.joan-clarke.p7s
    run -0 at_ca
    signers
    run -0 "$VERGER" verify record --signers signers.pem
}

@test "keys and certificates of one's own, made with openssl alone" {
    back_to enrolled
    cp -r home-alan gone && rm -r home-alan && mkdir home-alan
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out alan.key
    openssl req -new -x509 -sha256 -days 900 -config <(printf '[req]\ndistinguished_name=n\n[n]\n') \
        -key alan.key -subj "/OU=witness/CN=Alan Turing" -addext basicConstraints=critical,CA:FALSE \
        -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=emailProtection \
        -addext subjectKeyIdentifier=hash -out home-alan/seal.crt
    ca_command+=(home-alan/seal.crt home-joan/seal.crt)
    run -0 at_ca
    run -0 alone "$VERGER" witness record --key alan.key --certificate home-alan/seal.crt \
        --password-file seal=pw/seal --answers yes.json
    run -3 "$VERGER" verify record
    [[ $output == *"not authenticated"* ]]
}

# The lines of the README, in the record: the five, and the one for witnesses.
# shellcheck disable=SC2154 # the trial sets it
audit() {
    export S=$PWD/S
    mkdir -p S && cp home-ca/seal.crt S/ca.crt && cp home-root/seal.crt S/root.crt
    cp home-alan/seal.crt S/alan-turing.crt && cp home-joan/seal.crt S/joan-clarke.crt
    for c in S/ca.crt S/root.crt; do
        echo "$(basename $c .crt) $(openssl x509 -in $c -noout -pubkey | ssh-keygen -i -m PKCS8 -f /dev/stdin)"
    done >S/allowed_signers
    (cd record && bash -c "$(grep -E '^(foreign|sealed|h|ledger|commits)(=|\(\))' "$house/README.md")
$(grep '^gone=.*NOT WITNESSED' "$house/README.md")") 2>&1
}

@test "the README's line for witnesses finds a page that lacks one" {
    back_to signed
    seal alan && seal joan && at_ca
    run -0 audit
    [[ $output != *NOT* ]] || { echo "$output" && return 1; }
    [ "$(grep -c "CMS Verification successful" <<<"$output")" -eq 16 ] || { echo "$output" && return 1; }
    rm record/$page.joan-clarke.p7s
    run -0 audit
    [[ $output == *"NOT WITNESSED: $page"* ]]
}

@test "nobody but an enrolled witness seals, each once, and only when asked" {
    back_to signed
    fails "is by nobody who is enrolled" seal mallory
    fails 'the sealing certificate of the station "root"' seal root
    fails "the record has the pages 0 to 5" seal alan --page 6
    fails "the record has the pages 0 to 5" seal alan --page -1
    echo '{"witness.seal.1": false}' >yes.json
    fails "nothing was sealed" seal alan
    fails "nowhere: " "$VERGER" witness nowhere --home home-alan --password-file seal=pw/seal
    fails "does not hold" seal alan --head "$(printf %064d 1)"
    fails "nobody should seal it" seal alan --signers home-alan/seal.crt
    echo '{"witness.seal.1": true}' >yes.json
    run -0 seal alan
    fails "nothing is put over it" seal alan
    printf x | dd of=record/$page bs=1 seek=700 conv=notrunc status=none
    fails "$page" seal joan
}

@test "a call that was cut off leaves nothing in the way" {
    back_to signed
    mkdir record/.staging && echo half >record/.staging/beside
    run -0 seal alan
    [ ! -e record/.staging ]
    run -0 seal joan
    run -0 at_ca
}

@test "forged: too few, one under two names, another page's, a stranger's" {
    back_to signed
    seal alan && seal joan && at_ca && keep witnessed
    rm record/$page.joan-clarke.p7s
    broken seal.witnesses
    run -1 at_ca
    back_to witnessed
    cp record/$page.alan-turing.p7s record/$page.joan-clarke.p7s
    broken seal.signer
    back_to witnessed
    cp record/000002-*.alan-turing.p7s record/$page.alan-turing.p7s
    broken seal.signature
    back_to witnessed
    by_hand home-mallory/seal.crt home-mallory/seal.key -nosmimecap
    cp by-hand.p7s record/$page.mallory-stranger.p7s
    broken seal.signer
}

@test "at the beginning: the operator, too few witnesses, one person twice, one key twice" {
    back_to enrolled
    witness grace "Grace Hopper" && witness alan2 "Alan Turing"
    fails "Grace Hopper is the operator" at_ca --enrol home-grace/seal.crt home-alan/seal.crt home-joan/seal.crt
    fails "only 0 are enrolled" at_ca
    fails "only 1 are enrolled" at_ca --enrol home-alan/seal.crt home-mallory/seal.crt
    fails "is enrolled already" at_ca --enrol home-alan/seal.crt home-joan/seal.crt home-alan2/seal.crt
    openssl req -new -x509 -sha256 -days 900 -config <(printf '[req]\ndistinguished_name=n\n[n]\n') \
        -key home-alan/seal.key -passin file:pw/seal -subj "/OU=witness/CN=Joan Clarke" \
        -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,digitalSignature \
        -addext extendedKeyUsage=emailProtection -addext subjectKeyIdentifier=hash -out same.crt
    fails "one key is one signer's" at_ca --enrol home-alan/seal.crt same.crt
}

@test "a rehearsal has witnesses of its own" {
    back_to enrolled
    run -0 alone "$VERGER" rehearse script/intermediate-ca.lua --record rehearsal --unattended
    run -3 "$VERGER" verify rehearsal
    [ "$(find rehearsal -name '000005-*.p7s' | wc -l)" -eq 3 ]
}

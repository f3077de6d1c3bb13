#!/usr/bin/env bats
# The next list of an offline root, twice: after a list that openssl made, and after our own. Strangers judge.

setup() {
    load trial
    fixed=$BATS_FILE_TMPDIR/renewal
}

# A root and its first list, made by openssl: two entries, one of them with an extension that we do not write.
stranger() {
    mkdir media pw script && password root "$(openssl rand -hex 12)" && password seal "$(openssl rand -hex 12)"
    root_key EC:P-256
    openssl req -new -x509 -config <(root_config) -extensions root -sha256 -days 7300 -key media/root.key \
        -passin file:pw/root -out media/root.crt
    root_config | sed 's/^\[ca\]/[list]\nauthorityKeyIdentifier = keyid\n[ca]/; s/^\[any\]/&\ncrlnumber = number\ndefault_crl_days = 30\ncrl_extensions = list/' >ca.cnf
    printf 'R\t400101000000Z\t240506070809Z,keyCompromise\t0B0B\tunknown\t/CN=a\n' >index.txt
    printf 'R\t400101000000Z\t240101000000Z,keyTime,20231231000000Z\tFACE00000000000000000000000000000000\tunknown\t/CN=b\n' >>index.txt
    echo 29 >number
    openssl ca -gencrl -config ca.cnf -cert media/root.crt -keyfile media/root.key -passin file:pw/root 2>/dev/null |
        openssl crl -outform DER -out media/root.crl
    openssl x509 -in media/root.crt -outform DER | sha256sum | cut -d ' ' -f 1 >card.txt
    cp "$house/lua/ceremonies/renew-root-crl.lua" script/
    "$VERGER" enrol --home home-root --name "Station root" --station root --password-file seal=pw/seal
    jq -n --arg root "$(cat card.txt)" '{
        "start.administrator.1": "Ada Lovelace", "start.operator.1": "Grace Hopper",
        "start.witnesses.1": "Alan Turing", "start.witnesses.2": "Joan Clarke",
        "start.rehearsal.1": true, "start.previous.1": true, "start.enrolled.1": true, "start.plan.1": true,
        "bring-in-the-root-certificate-and-its-list.compare.1": $root,
        "sign-the-next-list-offline.confirm.1": true, "sign-the-next-list-offline.unlock.1": true,
        "sign-the-next-list-offline.publish.1": true,
        "close.attest.1": "yes", "close.attest.2": "yes", "close.attest.3": "yes", "close.attest.4": "yes"
    } + (["bring-in-the-root-certificate-and-its-list", "sign-the-next-list-offline", "close"]
        | map({key: "\(.).present.1", value: true}) | from_entries)' >answers.json
}

# run_list RECORD AUTHORITY OPTIONS...
run_list() {
    local record=$1 authority=$2
    shift 2
    mkdir -p "$authority"
    alone "$VERGER" run script/renew-root-crl.lua --station root --home home-root --record "$record" --media media \
        --authority "$authority" --answers answers.json --unattended --password-file seal=pw/seal "root key=pw/root" "$@"
}

# The second one revokes two more, one by a certificate that is at hand.
second_script() {
    cp media/root.crl first.crl && cp root1/publish/root.crl media/root.crl
    sed -i 's|^    -- revoke = .*|    revoke = { { serial = "1F:ab", date = "2026-01-02", reason = "cessationOfOperation" },\n      { certificate = "old intermediate", date = "2026-01-03T04:05:06Z", reason = "superseded" } },|
        s|^  receive_list .*|&\n  receive_certificate "old intermediate" { from = "old.crt" },|' script/renew-root-crl.lua
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout old.key -subj /CN=Old -out old.csr 2>/dev/null
    openssl x509 -req -in old.csr -CA media/root.crt -CAkey media/root.key -passin file:pw/root -set_serial 0x77aa01 \
        -days 100 -extfile <(printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n') -out media/old.crt 2>/dev/null
}

setup_file() {
    load trial
    mkdir -p "$BATS_FILE_TMPDIR/renewal" && cd "$BATS_FILE_TMPDIR/renewal" || return 1
    stranger
    run_list record1 root1 >said1
    second_script
    run_list record2 root2 --previous record1 >said2
}

entries() { openssl crl -inform DER -in "$1" -noout -text | sed -n '/^ *Serial Number/,/^    Signature Algorithm/p' | sed '/^    Signature/d'; }

@test "every entry of the list before stays, byte for byte; the number rises; openssl accepts it" {
    cd "$fixed"
    openssl crl -inform DER -in root1/publish/root.crl -CAfile media/root.crt -verify -noout
    [ "$(openssl crl -inform DER -in root1/publish/root.crl -noout -crlnumber)" = crlNumber=0x2A ]
    diff <(entries first.crl | tr -d '\n') <(entries root1/publish/root.crl | tr -d '\n')
    openssl crl -inform DER -in root2/publish/root.crl -CAfile media/root.crt -verify -noout
    [ "$(openssl crl -inform DER -in root2/publish/root.crl -noout -crlnumber)" = crlNumber=0x2B ]
    entries root2/publish/root.crl >t
    [ "$(grep -c 'Serial Number' t)" = 4 ]
    grep -A4 'Number: 1FAB' t | tr -d '\n' | grep 'Jan  2 00:00:00 2026 GMT.*Cessation Of Operation'
    grep -A4 'Number: 77AA01' t | tr -d '\n' | grep 'Jan  3 04:05:06 2026 GMT.*Superseded'
    grep -A4 'Number: 0B0B' t | tr -d '\n' | grep 'May  6 07:08:09 2024 GMT.*Key Compromise'
    grep -A6 'Number: FACE' t | grep 'Invalidity Date'
    run openssl verify -crl_check -CAfile media/root.crt -CRLfile root2/publish/root.crl.pem media/old.crt
    [[ $output == *"certificate revoked"* ]]
}

@test "what is revoked is read aloud in the agenda, and stands in the plan and the transcript" {
    cd "$fixed"
    "$VERGER" agenda script/renew-root-crl.lua | tr -s ' \n' ' ' >t
    grep -F 'It keeps every entry of the list in force. It revokes serial number 1fab, as of 2026-01-02T00:00:00Z, with the reason cessationOfOperation. It revokes the old intermediate, as of 2026-01-03T04:05:06Z, with the reason superseded.' t
    tar -xOf record2/000000-script.tar evidence/plan.json | jq -e '[.steps[].words[].options.revoke // empty | .[].reason] == ["cessationOfOperation", "superseded"]'
    tar -xOf record2/000002-*.tar transcript.txt >t
    grep 'serial number 77aa01 (CN=Old), as of' t
    grep "register does not know this serial number" t
    grep "newest that this station's register knows" t
}

@test "the records hold, and the next due date stands in the report" {
    cd "$fixed"
    run "$VERGER" verify record2 --signers home-root/seal.crt --previous record1 --json
    [ "$status" = 0 ]
    jq -e '[.checks[] | select(.id == "artefact.entries" and .verdict == "pass" and .passed == 1)] | length == 1' <<<"$output"
    next=$(date -u -d "$(openssl crl -inform DER -in root2/publish/root.crl -noout -nextupdate | cut -d= -f2)" +%FT%TZ)
    "$VERGER" report record2 --signers home-root/seal.crt --json | jq -e --arg next "$next" \
        '[.due[] | select(.what | test("revocation list")) | .date] == [$next]'
}

@test "it is replayed, rebuilt, renewed, and rehearsed" {
    cd "$fixed"
    "$VERGER" replay record2 --root-key media/root.key --password-file "root key=pw/root" --signers home-root/seal.crt >said
    grep -q 'publish/root.crl\|root-revocation-list' said
    "$VERGER" rebuild record2 --signers home-root/seal.crt --into rebuilt >said
    cmp rebuilt/root/publish/root.crl root2/publish/root.crl
    "$VERGER" renew record2 --signers home-root/seal.crt -o renewed.lua
    run grep -c 'revoke' renewed.lua
    [ "$output" = 0 ]
    grep -q 'after = "list in force"' renewed.lua
    "$VERGER" rehearse "$house/lua/ceremonies/renew-root-crl.lua" --record rehearsed --unattended >said
    "$VERGER" rehearse script/renew-root-crl.lua --record rehearsed2 --unattended >said
}

@test "a list that is not the register's newest is not gone on from, unless the people decide" {
    cd "$fixed"
    cp -a . ../other && cd ../other
    cp first.crl media/root.crl
    run run_list record3 root3 --previous record2
    [ "$status" = 1 ]
    [[ $output == *'sign-the-next-list-offline.before.1'* ]]
    [ ! -e root3/publish ]
    jq '."sign-the-next-list-offline.before.1" = true' answers.json >a && mv a answers.json
    run_list record3 root3 --previous record2
    [ "$(openssl crl -inform DER -in root3/publish/root.crl -noout -crlnumber)" = crlNumber=0x2C ]
    "$VERGER" verify record3 --signers home-root/seal.crt --json | jq -e '.deviations | map(.rule) | index("list.before")'
}

@test "a list without the one before is not signed where the register's newest revokes something" {
    cd "$fixed"
    cp -a . ../forgets && cd ../forgets
    sed -i 's/after = "list in force",//; /revoke = /,/superseded/d' script/renew-root-crl.lua
    run run_list record3 root3 --previous record2
    [ "$status" = 1 ]
    [[ $output == *'sign-the-next-list-offline.forgotten.1'* ]]
}

@test "what is revoked already, by another issuer or in the future is refused" {
    cd "$fixed"
    cp -a . ../wrong && cd ../wrong
    cp root2/publish/root.crl media/root.crl
    run run_list record3 root3 --previous record2
    [ "$status" = 1 ]
    [[ $output == *"serial 1fab is in the list before already; leave it out"* ]]
    rm -rf record3 root3
    sed -i 's/date = "2026-01-02"/date = "2126-01-02"/' script/renew-root-crl.lua
    run run_list record3 root3 --previous record2
    [ "$status" = 1 ]
    [[ $output == *"renew-root-crl.lua:"*": publish: revokes 1fab as of 2126-01-02T00:00:00Z"*"nothing is revoked in advance"* ]]
    [ ! -e record3/000000-script.tar ]
    sed -i 's/date = "2126-01-02"/date = "2026-01-02"/; s/1F:ab/1F:ac/' script/renew-root-crl.lua
    cp media/root.crt media/old.crt
    openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout o.key -subj /CN=Other -out media/old.crt -config <(root_config) -extensions root 2>/dev/null
    run run_list record4 root4 --previous record2
    [ "$status" = 1 ]
    [[ $output == *"was not signed by the root certificate"* ]]
}

# A command that dies at the first call with these words in it: faulty WORDS COMMAND...; -1: at none. What such a
# command encrypts, only such a one can open (tests/crash/fault.h).
faulty() {
    local at=$1 how=after
    [ "$at" != -1 ] || how=none
    shift
    env LD_PRELOAD="${FAULT:?the library of tests/crash/fault.h}" FAULT_ROOT="$PWD" FAULT_LOG="$PWD.log" \
        FAULT_KEPT="$PWD.kept" FAULT_AT="$at" FAULT_HOW="$how" "$@" </dev/null
}

@test "cut off when the list was signed: it is found, used, and not signed twice" {
    cd "$fixed"
    cp -a . ../cut && mkdir ../cut.kept && cd ../cut
    rm -rf home-root && mkdir root3
    faulty -1 "$VERGER" enrol --home home-root --name "Station root" --station root --password-file seal=pw/seal
    again=("$VERGER" run script/renew-root-crl.lua --station root --home home-root --record record3 --media media
        --authority root3 --answers answers.json --unattended --password-file seal=pw/seal "root key=pw/root")
    run faulty 'rename record3/.staging/000002/root-revocation-list' "${again[@]}"
    [ "$status" -eq 137 ]
    rm -rf ../cut.kept && mkdir ../cut.kept
    faulty -1 "${again[@]}" >said
    tr -s ' \n' ' ' <said | grep 'The list that an earlier attempt signed, announced at'
    [ "$(openssl crl -inform DER -in root3/publish/root.crl -noout -crlnumber)" = crlNumber=0x2B ]
    [ "$(tar -xOf record3/000002-*.tar evidence/register.jsonl | wc -l)" = 1 ]
    "$VERGER" verify record3 --signers home-root/seal.crt >said
    "$VERGER" replay record3 --signers home-root/seal.crt >said
}

#!/usr/bin/env bats
# A root CA from nothing, by the shipped script; then the flagship's ceremony with this root, as a stranger sees both.
load trial
# shellcheck disable=SC2154 # trial.bash and bats set them

root_ca=("$VERGER" run script/root-ca.lua --station root --home home-root --record record --media media
    --authority root)
at_new_root() {
    alone "${root_ca[@]}" --answers answers.json --unattended --password-file seal=pw/seal "root key=pw/root"
}

# What the people of this ceremony type. The card is written while the fingerprint is read aloud.
root_answers() {
    jq -n '{
        "start.administrator.1": "Ada Lovelace", "start.operator.1": "Grace Hopper",
        "start.witnesses.1": "Alan Turing", "start.witnesses.2": "Joan Clarke",
        "start.rehearsal.1": true, "start.previous.1": true, "start.enrolled.1": true, "start.plan.1": true,
        "make-the-key.confirm.1": true, "make-the-root-certificate.unlock.1": true,
        "make-the-root-certificate.self_sign.1": true,
        "make-the-root-certificate.publish.1": true, "write-the-fingerprint-down.compare.1": "yes",
        "make-the-root-certificate.present.1": true, "write-the-fingerprint-down.present.1": true,
        "write-the-fingerprint-down.attest.1": "yes", "write-the-fingerprint-down.attest.2": "yes",
        "write-the-fingerprint-down.attest.3": "yes", "write-the-fingerprint-down.attest.4": "yes"
    }' >answers.json
}

setup_file() {
    prepare
    rm media/*
    sed -i 's/P-384/P-256/' script/root-ca.lua
    root_answers
    keep new
    at_new_root >said && keep made
}

page() { tar -xOf "record/00000$1"-*.tar "$2"; }

@test "the root is what its template and the script say, in openssl's eyes, and its list is its own" {
    back_to made
    crt=root/publish/root.pem
    openssl verify -check_ss_sig -x509_strict -CAfile "$crt" "$crt"
    text=$(openssl x509 -in "$crt" -noout -text)
    [[ $text == *"Issuer: O = Example Org, CN = Example Root CA"*"Subject: O = Example Org, CN = Example Root CA"* ]]
    [[ $text == *"Not After : Dec 31 23:59:59 2046 GMT"* && $text == *"CA:TRUE, pathlen:1"* ]]
    [[ $text == *"Key Usage: critical"*"Certificate Sign, CRL Sign"* && $text != *"Authority Key"* ]]
    openssl crl -in root/publish/root.crl -inform DER -noout -CAfile "$crt" 2>&1 | grep -q "verify OK"
    [ "$(openssl crl -in root/publish/root.crl -inform DER -noout -crlnumber)" = "crlNumber=0x01" ]
    openssl verify -crl_check -CRLfile root/publish/root.crl.pem -CAfile "$crt" "$crt"
    "$VERGER" lint "$crt" root/publish/root.crl
}

@test "the key lies encrypted at the station alone, and the password that was typed opens it" {
    back_to made
    [ "$(stat -c %a root/root.key)" = 600 ]
    grep -q "BEGIN ENCRYPTED PRIVATE KEY" root/root.key
    cmp <(openssl pkey -in root/root.key -passin file:pw/root -pubout) \
        <(openssl x509 -in root/publish/root.pem -noout -pubkey)
    run ! grep -rlaE "PRIVATE KEY" record home-root/register home-root/journal
    run ! grep -rlaF "$(cat pw/root)" record home-root root
}

@test "the register of its key begins with its own certificate" {
    back_to made
    page 2 evidence/register.jsonl >register
    spki=$(openssl x509 -in root/publish/root.pem -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum)
    [ "$(jq -r '[.kind, .issuer_spki == .spki_sha256] | @csv' register | head -n 1)" = '"certificate",true' ]
    [ "$(jq -r .issuer_spki register | uniq)" = "${spki%% *}" ]
    [ "$(jq -r .kind register | tr '\n' ' ')" = "certificate crl " ]
}

@test "verify, report, replay, rebuild" {
    back_to made
    cp home-root/seal.crt signers.pem
    run -0 "$VERGER" verify record --signers signers.pem
    [[ $output == *"artefact.root               1"* && $output == *"artefact.template           1"* ]]
    [[ $output == *"register.signatures         "[1-9]* ]]
    run -0 "$VERGER" replay record --signers signers.pem --root-key root/root.key --password-file "root key=pw/root"
    [[ $output == *"What could be made again came out as the record has it."* ]]
    "$VERGER" report record --signers signers.pem -o report.md
    grep -q "CN=Example Root CA" report.md
    "$VERGER" rebuild record --into rebuilt --signers signers.pem --key root/root.key --password-file authority=pw/root
    diff -r root rebuilt/root
}

@test "the next ceremony signs an intermediate with it, and names this one" {
    back_to made
    mv record record-root && mv root/root.key media/root.key && cp root/publish/root.pem media/root.crt && rm -rf root
    answers_write
    answer sign-offline.publish.2 null
    at_ca --previous record-root >said
    at_root >>said
    at_ca >>said
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    "$VERGER" verify record --signers signers.pem --previous record-root
    openssl verify -x509_strict -crl_check_all -CRLfile root/publish/root.crl.pem -CAfile media/root.crt \
        ca/certs/intermediate_ca.crt
    [ "$(openssl crl -in root/publish/root.crl -inform DER -noout -crlnumber)" = "crlNumber=0x02" ]
    [ "$(tar -xOf record/000005-sign-offline.tar evidence/register.jsonl | jq -r .kind | tr '\n' ' ')" = \
        "certificate crl certificate crl " ]
}

@test "a key that lies there already, another key in its place, a wrong password: refused" {
    back_to new
    mkdir -p root && echo theirs >root/root.key
    run --separate-stderr at_new_root
    refused "root/root.key is there already, and no key is ever overwritten"
    [ "$(cat root/root.key)" = theirs ]
    back_to new
    sed -i '/^  self_sign/i \  confirm "Go on?",' script/root-ca.lua
    run at_new_root
    [ "$status" -eq 1 ]
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes-256-cbc -pass file:pw/root -out root/root.key
    answer make-the-root-certificate.confirm.1 true
    run --separate-stderr at_new_root
    refused "holds another key"
    back_to new
    sed -i '/^  self_sign/i \  confirm "Go on?",' script/root-ca.lua
    run at_new_root
    password root "not the password of it"
    answer make-the-root-certificate.confirm.1 true
    run --separate-stderr at_new_root
    refused "password"
}

@test "cut off after the signature: the certificate is found, and not signed twice" {
    back_to new
    answer make-the-root-certificate.publish.1 null
    run at_new_root
    [ "$status" -eq 1 ]
    signed=$(jq -r 'select(.kind == "certificate").sha256' home-root/register)
    [ "$signed" ]
    answer make-the-root-certificate.publish.1 true
    at_new_root >said
    grep -q "was found whole, and is used" said
    [ "$(page 2 evidence/root-certificate.crt | openssl x509 -outform DER | sha256sum | cut -d ' ' -f 1)" = "$signed" ]
    [ "$(page 2 evidence/register.jsonl | wc -l)" -eq 2 ]
    "$VERGER" verify record --signers home-root/seal.crt
}

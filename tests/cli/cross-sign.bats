#!/usr/bin/env bats
# A cross-certificate by the shipped script, for a CA that openssl made, and both chains as openssl sees them.
load trial
# shellcheck disable=SC2154 # trial.bash and bats set them

cross=("$VERGER" run script/cross-sign.lua --station root --home home-root --record record --media media
    --authority root)
at_cross() {
    alone "${cross[@]}" --answers answers.json --unattended --password-file seal=pw/seal "root key=pw/root"
}

# The other CA, and a server below it. Its name is of types that we would not choose, its key identifier of a way of its
# own: other EXTENSION...
other() {
    printf '%s\n' '[req]' 'distinguished_name = dn' 'prompt = no' 'string_mask = default' '[dn]' 'C = IT' 'O = Other Org' \
        'CN = Other CA' '[ca]' 'subjectKeyIdentifier = 0102030405060708' "$@" >other.cnf
    openssl req -new -x509 -config other.cnf -extensions ca -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes \
        -days 3000 -keyout other.key -out media/other-ca.crt 2>/dev/null
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=www.example.net -keyout web.key \
        -addext subjectAltName=DNS:www.example.net -out web.csr 2>/dev/null
    openssl x509 -req -in web.csr -CA media/other-ca.crt -CAkey other.key -days 30 -copy_extensions copy \
        -extfile <(echo 'authorityKeyIdentifier = keyid') -out web.crt 2>/dev/null
}

setup_file() {
    prepare
    other 'basicConstraints = critical, CA:TRUE' 'keyUsage = critical, keyCertSign, cRLSign'
    jq -n --arg root "$(cat card.txt)" '{
        "start.administrator.1": "Ada Lovelace", "start.operator.1": "Grace Hopper",
        "start.witnesses.1": "Alan Turing", "start.witnesses.2": "Joan Clarke",
        "start.rehearsal.1": true, "start.previous.1": true, "start.enrolled.1": true, "start.plan.1": true,
        "bring-in-both-certificates.compare.1": $root, "bring-in-both-certificates.compare.2": "yes",
        "cross-sign-offline.confirm.1": true, "cross-sign-offline.unlock.1": true,
        "cross-sign-offline.cross_sign.1": true, "cross-sign-offline.present.1": true,
        "close.attest.1": "yes", "close.attest.2": "yes", "close.attest.3": "yes", "close.attest.4": "yes"
    }' >answers.json
    keep new
    at_cross >said && keep made
}

crossed=root/publish/cross-certificate

@test "who trusts either root trusts what the other CA issued, in openssl's eyes" {
    back_to made
    openssl verify -x509_strict -CAfile media/root.crt "$crossed.pem"
    openssl verify -CAfile media/other-ca.crt web.crt
    openssl verify -CAfile media/root.crt -untrusted "$crossed.pem" -purpose sslserver web.crt
    run ! openssl verify -CAfile media/root.crt web.crt
    openssl crl2pkcs7 -nocrl -certfile "$crossed-chain.pem" | openssl pkcs7 -print_certs -noout | grep -c subject= |
        grep -qx 2
}

@test "the same subject and key identifier to the byte, the same key; another issuer, and no wider" {
    back_to made
    part() { openssl x509 -in "$1" -outform DER | openssl asn1parse -inform DER -strparse "$2" -noout -out - | sha256sum; }
    subject() {
        at=$(openssl asn1parse -in "$1" | awk '/:d=2.*cons: SEQUENCE/ && ++n == 4 { sub(":.*", ""); print $1; exit }')
        part "$1" "$at"
    }
    [ "$(subject media/other-ca.crt)" = "$(subject "$crossed.pem")" ]
    openssl asn1parse -in "$crossed.pem" | grep -q "PRINTABLESTRING.*:Other CA"
    cmp <(openssl x509 -in media/other-ca.crt -noout -pubkey) <(openssl x509 -in "$crossed.pem" -noout -pubkey)
    text=$(openssl x509 -in "$crossed.pem" -noout -text)
    [[ $text == *"Issuer: O = Example Org, CN = Example Offline Root CA"*"Subject: C = IT, O = Other Org, CN = Other CA"* ]]
    [[ $text == *"01:02:03:04:05:06:07:08"*"CRL Distribution Points"*"http://pki.example.com/root.crl"* ]]
    grep -q "The cross-certificate has the subject, the key and the subject key identifier of the other certificate" said
    grep -q "X509v3 Basic Constraints.text: CA:TRUE there, CA:TRUE, pathlen:0 here" said
    grep -q "issuer: .*CN=Other CA.* there, CN=Example Offline Root CA.* here" said
}

@test "verify, report, replay; and a record in which the original is another is refused" {
    back_to made
    run -0 "$VERGER" verify record --signers home-root/seal.crt
    [[ $output == *"artefact.cross              1"* && $output == *"artefact.template           1"* ]]
    [[ $output == *"register.signatures         "[1-9]* ]]
    run -0 "$VERGER" replay record --signers home-root/seal.crt --root-key media/root.key \
        --password-file "root key=pw/root"
    [[ $output == *"What could be made again came out as the record has it."* ]]
    "$VERGER" report record --signers home-root/seal.crt -o report.md
    grep -q "CN=Other CA" report.md
    "$VERGER" lint "$crossed.pem" --issuer media/root.crt
}

@test "a plan that names another original is found" {
    back_to made
    repack record/000000-script.tar \
        sed -i 's/"certificate":"other certificate"/"certificate":"another certificate"/' evidence/plan.json
    run -1 "$VERGER" verify record --signers home-root/seal.crt --json
    broken artefact.cross
}

# What the template gives is wider than the original: refused before the question, with the rule.
wider() {
    local words=$1
    shift
    back_to new
    other "$@"
    run --separate-stderr at_cross
    refused "$words"
    run ! grep -q "certificate" home-root/register
    [ ! -e root/publish ]
}

@test "wider than the original in any way: refused before the key signs" {
    wider "extended key usages are wider than the original's" 'basicConstraints = critical, CA:TRUE' \
        'keyUsage = critical, keyCertSign, cRLSign' 'extendedKeyUsage = clientAuth'
    wider "name constraints are looser than the original's" 'basicConstraints = critical, CA:TRUE' \
        'keyUsage = critical, keyCertSign, cRLSign' 'nameConstraints = critical, permitted;DNS:example.net'
    wider "the original is no CA" 'basicConstraints = critical, CA:FALSE' 'keyUsage = critical, digitalSignature'
    back_to new
    sed -i 's/"certSign"/"certSign", "digitalSignature"/' script/cross_ca.tpl
    run --separate-stderr at_cross
    refused "its key usages are wider than the original's"
    back_to new
    sed -i 's/"maxPathLen": 0/"maxPathLen": 1/' script/cross_ca.tpl
    other 'basicConstraints = critical, CA:TRUE, pathlen:0' 'keyUsage = critical, keyCertSign, cRLSign'
    run --separate-stderr at_cross
    refused "its path length is wider than the original's 0"
}

@test "another name in the template, our own root, a key that others have: refused" {
    back_to new
    sed -i 's/{{ toJson .Subject }}/{"commonName": "Else"}/' script/cross_ca.tpl
    run --separate-stderr at_cross
    refused "subject: is not the original's"
    back_to new
    cp media/root.crt media/other-ca.crt
    run --separate-stderr at_cross
    refused "is the issuer's own name"
}

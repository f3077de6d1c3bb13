#!/usr/bin/env bats
# A new intermediate for an authority that runs already, with a key of its own and with the same: rehearsed, walked on
# the tree that the flagship left, and judged by openssl, git, jq and diff.
load trial
load takeover

# The flagship's trial and a certificate that its intermediate gave out.
setup_file() (
    takeover_prepare >"$BATS_FILE_TMPDIR/said" 2>&1 || { cat "$BATS_FILE_TMPDIR/said" && return 1; }
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -subj "/CN=a.local.example.com" |
        openssl x509 -req -CA ca/certs/intermediate_ca.crt -CAkey ca/secrets/intermediate_ca_key \
            -passin file:pw/authority -out leaf.crt \
            -extfile <(printf 'subjectAltName = DNS:a.local.example.com\nauthorityKeyIdentifier = keyid\n')
    cp -a ca before
    keep ready
)

setup() { back_to ready; }

ledger() { git --git-dir=record/ledger.git "$@"; }

# The whole ceremony of a shipped script, rehearsed and walked, with the record of the flagship before it.
walk() {
    takeover_script "$1"
    "$VERGER" rehearse "$shipped" --record rehearsal --unattended >said
    take_over ca --rehearsal rehearsal --previous first >said &&
        take_over root >>said && take_over ca >>said && holds
}

# verifies CERTIFICATE UNTRUSTED...: under the root, by way of these and no others.
verifies() {
    local leaf=$1 with=()
    shift
    for file in "$@"; do with+=(-untrusted "$file"); done
    openssl verify -no-CApath -no-CAstore -CAfile media/root.crt "${with[@]}" "$leaf"
}

spki() { openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum; }

# The tree holds together: the certificate that ca.json names is of the key that it names.
is_one() {
    local crt key
    crt=$(jq -r .crt ca/config/ca.json) key=$(jq -r .key ca/config/ca.json)
    [ "$(spki "$crt")" = "$(openssl pkey -in "$key" -passin file:pw/authority -pubout -outform DER | sha256sum)" ]
}

# What was there is there, byte for byte, but for ca.json.
old_stays() {
    (cd before && find . -type f ! -name ca.json -exec sha256sum {} +) | (cd ca && sha256sum -c --quiet)
    diff <(jq -S 'del(.crt, .key)' before/config/ca.json) <(jq -S 'del(.crt, .key)' ca/config/ca.json)
}

# All that is made of a record.
judged() {
    "$VERGER" check ca --password-file authority=pw/authority
    "$VERGER" replay record --signers signers.pem --root-key media/root.key --password-file "root key=pw/root" >replayed
    run -1 grep -F ': different' replayed
    grep -F 'files/ca/config/ca.json: identical' replayed
    keys=() && for key in ca/secrets/*; do keys+=(--key "$key"); done
    "$VERGER" rebuild record --into out --signers signers.pem "${keys[@]}" --password-file authority=pw/authority >said
    diff -r ca out/ca
    "$VERGER" rebuild record --compare ca --signers signers.pem
    "$VERGER" verify record --signers signers.pem --previous first
    "$VERGER" log record --signers signers.pem | grep -F 'Install the certificate'
    "$VERGER" diff record 1 5 --signers signers.pem | grep -F 'certs/intermediate_ca-2.crt'
    "$VERGER" report record --signers signers.pem -o report.html
    openssl verify -crl_check -no-CApath -no-CAstore -CAfile media/root.crt -CRLfile root/publish/root.crl.pem \
        ca/certs/intermediate_ca.crt ca/certs/intermediate_ca-2.crt
    [[ $(openssl crl -in root/publish/root.crl.pem -noout -crlnumber) =~ =(0x)?0*2$ ]]
    run -1 ledger grep -l 'PRIVATE KEY' main
}

@test "a key of its own: beside the old one, and ca.json turns from the one to the other" {
    walk renew-intermediate.lua
    [ "$(jq -r '.crt, .key' ca/config/ca.json)" = "$trial/ca/certs/intermediate_ca-2.crt
$trial/ca/secrets/intermediate_ca_key-2" ]
    is_one && old_stays
    [ "$(spki ca/certs/intermediate_ca.crt)" != "$(spki ca/certs/intermediate_ca-2.crt)" ]
    [ "$(stat -c %a ca/secrets/intermediate_ca_key-2 ca/certs/intermediate_ca-2.crt)" = $'600\n600' ]
    # The old chain is good, and the bundle is for both.
    verifies leaf.crt ca/certs/intermediate_ca.crt
    verifies leaf.crt ca/certs/intermediate_ca-bundle.crt
    run -2 verifies leaf.crt ca/certs/intermediate_ca-2.crt
    verifies ca/certs/intermediate_ca-2.crt
    cat ca/certs/intermediate_ca-2.crt ca/certs/intermediate_ca.crt | cmp - ca/certs/intermediate_ca-bundle.crt
    judged
}

@test "the same key: what was given out verifies under the old one and under the new one" {
    walk renew-intermediate-same-key.lua
    [ "$(jq -r .key ca/config/ca.json)" = "$trial/ca/secrets/intermediate_ca_key" ]
    is_one && old_stays
    [ "$(ls ca/secrets)" = intermediate_ca_key ]
    [ "$(spki ca/certs/intermediate_ca.crt)" = "$(spki ca/certs/intermediate_ca-2.crt)" ]
    verifies leaf.crt ca/certs/intermediate_ca.crt
    verifies leaf.crt ca/certs/intermediate_ca-2.crt
    judged
}

@test "another time: what came last is what is taken over, and the next has the next number" {
    walk renew-intermediate-same-key.lua
    mv record second && cp root/publish/root.crl media
    takeover_script renew-intermediate.lua
    take_over ca --previous second >said && take_over root >>said && take_over ca >>said
    holds
    tar -xOf record/000001-*.tar transcript.txt | grep -F 'is what the ceremony before left'
    [ "$(jq -r '.crt, .key' ca/config/ca.json)" = "$trial/ca/certs/intermediate_ca-3.crt
$trial/ca/secrets/intermediate_ca_key-3" ]
    is_one
    verifies leaf.crt ca/certs/intermediate_ca-2.crt
}

@test "revoked: the root's list refuses the old one and all that it gave out, and the new one runs" {
    walk revoke-intermediate.lua
    is_one && old_stays
    checked() {
        openssl verify -no-CApath -no-CAstore -CAfile media/root.crt -CRLfile root/publish/root.crl.pem "$@" 2>&1
    }
    run -2 checked -crl_check ca/certs/intermediate_ca.crt
    [[ $output == *"certificate revoked"* ]]
    checked -crl_check ca/certs/intermediate_ca-2.crt
    run -2 checked -crl_check_all -untrusted ca/certs/intermediate_ca.crt leaf.crt
    openssl crl -in root/publish/root.crl.pem -noout -text | grep -A 1 "Reason Code" | grep -F "Key Compromise"
    openssl x509 -in ca/certs/intermediate_ca.crt -noout -serial | cut -d = -f 2 |
        grep -qiF "$(openssl crl -in root/publish/root.crl.pem -noout -text | sed -n 's/ *Serial Number: //p')"
    # Only the new one is handed out.
    cmp ca/certs/intermediate_ca-2.crt ca/certs/intermediate_ca-bundle.crt
    "$VERGER" check ca --password-file authority=pw/authority
    "$VERGER" replay record --signers signers.pem --root-key media/root.key --password-file "root key=pw/root" >replayed
    run -1 grep -F ': different' replayed
    "$VERGER" rebuild record --compare ca --signers signers.pem
    "$VERGER" report record --signers signers.pem -o report.md
    due=$(openssl crl -in root/publish/root.crl.pem -noout -nextupdate | cut -d = -f 2)
    grep -F "$(date -u +%F -d "$due")" report.md
}

@test "renew --same-key writes the script, with the names of the record, and it is walked" {
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    takeover_script renew-intermediate-same-key.lua
    mkdir next && "$VERGER" renew first --same-key -o next/next.lua --signers signers.pem
    # It says what the shipped one says, but for what is the record's: that one began with no list.
    plan() {
        jq -c '[.steps[].words |= map(select(.verb != "say" and .verb != "receive_list") | del(.options.after)) |
            .steps[] | select(.words != []) | {at: .station, words: [.words[] | {verb, name, options}]}]'
    }
    "$VERGER" rehearse next/next.lua --record rehearsal --unattended >said
    "$VERGER" rehearse "$shipped" --record shipped --unattended >said
    diff <(tar -xOf rehearsal/000000-*.tar evidence/plan.json | plan) \
        <(tar -xOf shipped/000000-*.tar evidence/plan.json | plan)
    shipped=next/next.lua
    take_over ca --rehearsal rehearsal --previous first >said && take_over root >>said && take_over ca >>said
    holds
    is_one && verifies leaf.crt ca/certs/intermediate_ca-2.crt
    # Nothing was installed in a ceremony that only changed the policy.
    mv record second
    takeover_script change-policy.lua
    take_over ca >said
    run -1 --separate-stderr "$VERGER" renew record --same-key -o other.lua --signers signers.pem
    [[ $stderr == *"no certificate was signed and installed in that ceremony"* ]] && [ ! -e other.lua ]
}

@test "the same key under another name is refused, for nothing would verify under it" {
    takeover_script renew-intermediate-same-key.lua
    sed -i 's/subject = "Example Intermediate CA"/subject = "Example Intermediate CA renewed"/' "$shipped"
    run --separate-stderr take_over ca
    refused "is for the key in use and another name"
    [ ! -e record/000002-ask-to-be-signed.tar ] && diff -r before ca
}

@test "nothing that is in use can be purged" {
    takeover_script renew-intermediate.lua
    sed -i 's/^step "Check that/step "Purge" { at = "ca", purge "every generated key and certificate" }\n&/' "$shipped"
    run -1 --separate-stderr "$VERGER" agenda "$shipped"
    [[ $stderr == *'purge: needs "initialize" before it at this station'* ]]
}

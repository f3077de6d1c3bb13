#!/usr/bin/env bats
# The authority's list in the place of step-ca: openssl made the list in force, and judges the one behind it.
load trial
load takeover

# A leaf under the intermediate that names the list, made by openssl: leaf NAME SERIAL.
leaf() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "/CN=$1" -out "$1.csr" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA ca/certs/intermediate_ca.crt -CAkey ca/secrets/intermediate_ca_key \
        -passin file:pw/authority -set_serial "0x$2" -days 10 -out "$1.crt" \
        -extfile <(printf 'crlDistributionPoints=URI:http://ca.example.com/crl\n') 2>/dev/null
}

# As step-ca would have made it: in_force URL.
in_force() {
    root_config | sed "s|^\[ca\]|[list]\nauthorityKeyIdentifier = keyid\nissuingDistributionPoint = critical, @idp\n[idp]\nfullname = URI:$1\n[ca]|
        s|^\[any\]|&\ncrlnumber = number\ndefault_crl_days = 1\ncrl_extensions = list|" >ca.cnf
    printf 'R\t400101000000Z\t260506070809Z,keyCompromise\t0B0B\tunknown\t/CN=a\n' >index.txt
    echo 0142 >number
    openssl ca -gencrl -config ca.cnf -cert ca/certs/intermediate_ca.crt -keyfile ca/secrets/intermediate_ca_key \
        -passin file:pw/authority 2>/dev/null | openssl crl -outform DER -out media/crl.der
}

setup_file() (
    {
        takeover_prepare && takeover_script fallback-crl.lua && leaf good 7001 && leaf bad 7002 &&
            in_force http://ca.example.com/crl && printf '# since this morning\n7002\n0C0C 2026-06-01T00:00:00Z superseded' >media/serials.txt &&
            jq '. + {"sign-the-fallback-list.unlock.1": true, "sign-the-fallback-list.publish_fallback.1": true,
                "sign-the-fallback-list.present.1": true}' answers.json >a && mv a answers.json && keep day
    } >"$BATS_FILE_TMPDIR/said" 2>&1 || { cat "$BATS_FILE_TMPDIR/said" && return 1; }
)

setup() {
    back_to day
    # shellcheck disable=SC2034
    shipped=script/fallback-crl.lua
}

@test "it keeps the list in force, adds the serial numbers, names the same place; openssl goes by it" {
    take_over ca >said
    list=ca/publish/fallback-list.crl
    openssl crl -inform DER -in $list -CAfile ca/certs/intermediate_ca.crt -verify -noout
    openssl crl -inform DER -in $list -noout -text >t
    grep -A1 'Issuing Distribution Point: critical' t
    [ "$(openssl crl -inform DER -in $list -noout -crlnumber)" = crlNumber=0x0143 ]
    [ "$(grep -c 'Serial Number:' t)" = 3 ]
    grep -A4 'Number: 0B0B' t | tr -d '\n' | grep 'May  6 07:08:09 2026 GMT.*Key Compromise'
    grep -A4 'Number: 0C0C' t | tr -d '\n' | grep 'Jun  1 00:00:00 2026 GMT.*Superseded'
    openssl crl -in $list.pem -out pem.crl
    cat ca/certs/root_ca.crt ca/certs/intermediate_ca.crt >chain.pem
    openssl verify -crl_check -CAfile chain.pem -CRLfile pem.crl good.crt
    run openssl verify -crl_check -CAfile chain.pem -CRLfile pem.crl bad.crt
    [[ $output == *"certificate revoked"* ]]
    # The extension is, to the last byte, what the list in force has.
    idp() { openssl asn1parse -inform DER -in "$1" | grep -A2 'Issuing Distribution Point' | tail -n 1 | sed 's/.*DUMP//'; }
    [ "$(idp $list)" = "$(idp media/crl.der)" ]
    tar -xOf record/000002-*.tar transcript.txt | grep 'step-ca counts in a database of its own'
    "$VERGER" check ca --password-file authority=pw/authority
}

@test "its record holds, and is replayed; the next one goes on from it" {
    take_over ca >said
    holds
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    "$VERGER" replay record --signers signers.pem --root-key ca/secrets/intermediate_ca_key \
        --password-file "intermediate key=pw/authority" >said
    grep -i 'list' said
    cp ca/publish/fallback-list.crl media/crl.der && echo 7003 >media/serials.txt && mv record second
    take_over ca --previous second >said
    [ "$(openssl crl -inform DER -in ca/publish/fallback-list.crl -noout -crlnumber)" = crlNumber=0x0144 ]
    [ "$(openssl crl -inform DER -in ca/publish/fallback-list.crl -noout -text | grep -c 'Serial Number:')" = 4 ]
}

@test "a list of another place, a serial number that is revoked already, a line that is none: refused" {
    in_force http://other.example.com/crl
    run take_over ca
    [ "$status" = 1 ]
    [[ $output == *"says that it is read at http://other.example.com/crl, and ca.json (crl.idpURL) at http://ca.example.com/crl"* ]]
    back_to day
    printf '7002\n0b0b\n' >media/serials.txt
    run take_over ca
    [ "$status" = 1 ]
    [[ $output == *"serials.txt: serial 0b0b is in the list before already; leave it out"* ]]
    back_to day
    printf '7002\nseven\n' >media/serials.txt
    run take_over ca
    [ "$status" = 1 ]
    [[ $output == *'serials.txt, line 2: serial "seven" is not hex'* ]]
    back_to day
    printf '7002 2099-01-01T00:00:00Z\n' >media/serials.txt
    run take_over ca
    [ "$status" = 1 ]
    [[ $output == *"serial 7002 is revoked after thisUpdate"* ]]
    [ ! -e ca/publish/fallback-list.crl ]
}

@test "it is rehearsed as it is shipped" {
    "$VERGER" rehearse "$house/lua/ceremonies/fallback-crl.lua" --record rehearsal --unattended >said
    "$VERGER" verify rehearsal --json >verdict || [ $? = 3 ]
    jq -e '.failures == []' verdict
}

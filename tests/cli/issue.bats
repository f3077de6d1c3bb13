#!/usr/bin/env bats
# A server's certificate by the shipped script, from a request that openssl made, under the policy of the flagship's
# authority: as openssl sees it, in a handshake too, and refused where the policy refuses.
load trial
load takeover
# shellcheck disable=SC2154 # trial.bash and bats set them

# request CN SAN: the server's, on the media; its key stays with the server.
request() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -addext "subjectAltName=$2" \
        -keyout radius.key -out media/radius.csr 2>/dev/null
}

setup_file() (
    takeover_prepare >"$BATS_FILE_TMPDIR/said" 2>&1 || { cat "$BATS_FILE_TMPDIR/said" && return 1; }
    takeover_script issue-server-certificate.lua
    request radius.local.example.com DNS:radius.local.example.com
    jq '. + {"bring-in-the-request.compare.1": "yes", "issue-the-certificate.unlock.1": true,
        "issue-the-certificate.issue.1": true, "close.attest.1": "yes", "close.attest.2": "yes", "close.attest.3": "yes"}
        + (["bring-in-the-request", "issue-the-certificate", "close"] | map({key: "\(.).present.1", value: true})
        | from_entries)' answers.json >answers.new && mv answers.new answers.json
    keep ready
    take_over ca >said 2>&1 || { cat said && return 1; }
    keep issued
)

# shellcheck disable=SC2034 # takeover.bash reads it
shipped=script/issue-server-certificate.lua
chain=ca/publish/radius-certificate-chain.pem

@test "openssl: the chain verifies for a server, with the list that it names; the names and usages are those asked for" {
    back_to issued
    openssl verify -x509_strict -purpose sslserver -verify_hostname radius.local.example.com -CAfile ca/certs/root_ca.crt \
        -untrusted "$chain" ca/publish/radius-certificate.pem
    text=$(openssl x509 -in ca/publish/radius-certificate.pem -noout -text)
    [[ $text == *"Extended Key Usage: "*"TLS Web Server Authentication"* && $text != *"TLS Web Client"* ]]
    [[ $text == *"URI:http://ca.example.com/crl"* && $text == *"DNS:radius.local.example.com"* ]]
    cmp <(openssl x509 -in ca/publish/radius-certificate.pem -noout -pubkey) <(openssl pkey -in radius.key -pubout)
    # Revoked by its issuer's list, which openssl makes here with the authority's key, it is refused.
    serial=$(openssl x509 -in ca/publish/radius-certificate.pem -noout -serial | cut -d = -f 2)
    printf 'R\t491231235959Z\t261124000000Z\t%s\tunknown\t/CN=radius.local.example.com\n' "$serial" >index.txt
    printf '[ca]\ndefault_ca = a\n[a]\ndatabase = index.txt\ndefault_md = sha256\ndefault_crl_days = 9\n' >crl.cnf
    openssl ca -config crl.cnf -gencrl -cert ca/certs/intermediate_ca.crt -keyfile ca/secrets/intermediate_ca_key \
        -passin file:pw/authority -out revoked.crl 2>/dev/null
    : >index.txt
    openssl ca -config crl.cnf -gencrl -cert ca/certs/intermediate_ca.crt -keyfile ca/secrets/intermediate_ca_key \
        -passin file:pw/authority -out clean.crl 2>/dev/null
    all=(-crl_check_all -CRLfile root/publish/root.crl.pem -CAfile ca/certs/root_ca.crt -untrusted "$chain")
    openssl verify "${all[@]}" -CRLfile clean.crl ca/publish/radius-certificate.pem
    run openssl verify "${all[@]}" -CRLfile revoked.crl ca/publish/radius-certificate.pem
    [[ $status -ne 0 && $output == *"certificate revoked"* ]]
}

@test "openssl: a handshake with the chain file and the server's own key" {
    back_to issued
    coproc openssl s_server -accept 127.0.0.1:0 -cert "$chain" -cert_chain "$chain" -key radius.key -naccept 1 -www 2>&1
    server=$COPROC_PID
    while read -r line <&"${COPROC[0]}"; do [[ $line != "ACCEPT "* ]] || break; done
    run openssl s_client -connect "${line#ACCEPT }" -CAfile ca/certs/root_ca.crt -verify_return_error \
        -verify_hostname radius.local.example.com </dev/null
    kill "$server" 2>/dev/null || true
    [[ $status -eq 0 && $output == *"Verify return code: 0 (ok)"* ]]
}

@test "verify, report, replay; the register of the intermediate's key; nothing private in the record" {
    back_to issued
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    run -0 "$VERGER" verify record --signers signers.pem
    [[ $output == *"artefact.server             1"* && $output == *"artefact.template           1"* ]]
    [ "$(tar -xOf record/000003-*.tar evidence/register.jsonl | jq -r .kind)" = certificate ]
    run -0 "$VERGER" replay record --signers signers.pem
    [[ $output == *"What could be made again came out as the record has it."* ]]
    "$VERGER" report record --signers signers.pem -o report.md
    run ! grep -rlaE "BEGIN (EC |ENCRYPTED )?PRIVATE KEY" record
}

@test "a page that names another issuer of the server's certificate is found" {
    back_to issued
    repack record/000003-issue-the-certificate.tar \
        sed -i 's/"issuer":"intermediate certificate"/"issuer":"another certificate"/' page.json
    run -1 "$VERGER" verify record --json
    broken artefact.server
}

@test "the next one with the same key names this one, and without that is a gap" {
    back_to issued
    mv record second
    run --separate-stderr take_over ca
    refused "A gap: page 0 names no ceremony before"
    rm -rf record
    take_over ca --previous second >said
    [ "$(tar -xOf record/000003-*.tar evidence/register.jsonl | jq -r .kind | tr '\n' ' ')" = "certificate certificate " ]
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    "$VERGER" verify record --signers signers.pem --previous second
}

@test "what is as written and what was left to the default is said, and stands on the page" {
    back_to issued
    page=$(tar -xOf record/000003-*.tar transcript.txt)
    [[ $page == *"As verger's own template for servers has it: subject, keyUsage, extKeyUsage, sans, crlDistributionPoints."* ]]
    [[ $page == *"Left to the default: issuingCertificateURL: none;"*"signatureAlgorithm: that of the issuer's key."* ]]
}

# Refused with these words before the key was asked for; the register stays empty of it.
refuses() {
    local before
    before=$(cat home-ca/register 2>/dev/null || true)
    run --separate-stderr take_over ca
    refused "$1"
    [ "$before" = "$(cat home-ca/register 2>/dev/null || true)" ]
    [ ! -e ca/publish ]
}

@test "the policy refuses by name and rule: another domain, a denied name, a wildcard, a common name of its own" {
    for case in "www.example.org|DNS:www.example.org|www.example.org|dns name \"www.example.org\" not allowed" \
        "x|DNS:forbidden.local.example.com|forbidden.local.example.com|deny.dns" \
        "ok.local.example.com|DNS:*.local.example.com|*.local.example.com|not allowed" \
        "Mallory|DNS:radius.local.example.com|radius.local.example.com|Mallory"; do
        back_to ready
        IFS='|' read -r cn san name words <<<"$case"
        request "$cn" "$san"
        sed -i "s/names = { \"[^\"]*\" }/names = { \"$name\" }/" script/issue-server-certificate.lua
        refuses "$words"
    done
}

@test "a request for other names, a name of no kind that can be judged, no list in the template: refused" {
    back_to ready
    request radius.local.example.com DNS:radius.local.example.com,DNS:more.local.example.com
    refuses '"more.local.example.com" is asked for, and the script does not name it'
    back_to ready
    printf '%s\n' '{"subject": {{ toJson .Subject }}, "sans": {{ toJson .SANs }}, "keyUsage": ["digitalSignature"],' \
        '"extKeyUsage": ["serverAuth"]}' >script/mine.tpl
    sed -i 's/valid_for = "395 days"/template = "mine.tpl", &/' script/issue-server-certificate.lua
    refuses "would name no place for its revocation, and the list is at http://ca.example.com/crl"
    back_to ready
    sed -i 's/valid_for = "395 days"/valid_for = "30 years"/' script/issue-server-certificate.lua
    run --separate-stderr take_over ca
    [ "$status" -eq 1 ]
    [ ! -e ca/publish ]
}

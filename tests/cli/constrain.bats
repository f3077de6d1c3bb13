#!/usr/bin/env bats
# policy { constrain = true }: what the server enforces, the certificate enforces too. openssl is the judge.
load trial

setup_file() (
    prepare
    script_edit 's/wildcards = false,/wildcards = false, constrain = true,/
        s/dns = { "\*.local.example.com" }/dns = { "*.local.example.com", "ca.example.com" }/'
    at_ca >said && at_root >said.root && at_ca >said
    keep complete
)

setup() { back_to complete; }

# A leaf under the intermediate for one name, judged as clients do: judged SAN
judged() {
    openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -subj / \
        -CA ca/certs/intermediate_ca.crt -CAkey ca/secrets/intermediate_ca_key -passin file:pw/authority \
        -addext "subjectAltName = critical, $1" -addext 'basicConstraints = critical, CA:FALSE' -out leaf.crt 2>err.txt
    openssl verify -x509_strict -CAfile ca/certs/root_ca.crt -untrusted ca/certs/intermediate_ca.crt leaf.crt 2>&1
}

@test "names in the policy verify, names out of it do not" {
    for name in DNS:ca.example.com DNS:web.local.example.com IP:10.0.0.5; do
        run -0 judged "$name"
    done
    for name in DNS:example.com DNS:forbidden.local.example.com DNS:web.example.org IP:10.0.1.5 IP:192.168.1.153 \
        IP:fe80::1 email:ada@example.com URI:https://web.local.example.com/; do
        run ! judged "$name"
        [[ $output == *"subtree violation"* ]] || { echo "$name: $output" && return 1; }
    done
}

@test "the constraints are critical; agenda, room and evidence say them; check and verify see that they agree" {
    openssl x509 -in ca/certs/intermediate_ca.crt -noout -text | grep -F 'X509v3 Name Constraints: critical'
    "$VERGER" agenda script/intermediate-ca.lua | tr -s ' \n' ' ' >agenda.txt
    grep -F "says it too, in critical name constraints: permitted DNS local.example.com, ca.example.com; " agenda.txt
    grep -F "constrained to the names of the policy" agenda.txt
    grep -F "Name Constraints (critical): " said.root
    for page in 000004-ask-to-be-signed 000005-sign-offline; do
        tar -xOf record/$page.tar --wildcards 'evidence/intermediate-*.json' |
            jq -e '.nameConstraints.critical and .nameConstraints.permittedDNSDomains == ["local.example.com", "ca.example.com"]'
    done
    jq -e '.authority.policy.x509.allow.dns == ["*.local.example.com", "ca.example.com"]' ca/config/ca.json
    run -0 "$VERGER" check ca --password-file authority=pw/authority
    [[ ! $output =~ constraints_(open|unused)|beyond_constraints|dns_name_constrained ]]
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    run -0 "$VERGER" verify record --signers signers.pem --json
    jq -e '[.checks[] | select(.id == "artefact.constraints")] | length == 1 and .[0].passed == 1 and .[0].failed == 0' <<<"$output"
}

@test "made again from the record, it is the same to the byte" {
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    run "$VERGER" replay record --signers signers.pem
    [ "$status" -ne 1 ]
    [[ $output == *"evidence/intermediate-request.json: identical"* ]]
    [[ $output == *"evidence/intermediate-certificate.json: identical"* ]]
    [[ $output != *DIFFERENT* ]]
}

@test "a policy that says otherwise than the certificate is seen by check" {
    jq '.authority.policy.x509.allow.dns += ["example.org"]' ca/config/ca.json >new && mv new ca/config/ca.json
    run "$VERGER" check ca --password-file authority=pw/authority
    [[ $output == *policy_beyond_constraints*'"example.org" is allowed here'* ]]
}

@test "a template with name constraints of its own is refused before anything is done" {
    template=script/rsa_intermediate_ca.tpl
    sed -i 's/"crlDist/"nameConstraints": { "critical": true, "permittedDNSDomains": ["a"] },\n\t&/' "$template"
    run -1 "$VERGER" agenda script/intermediate-ca.lua
    [[ $output == *"has \"nameConstraints\" of its own, and the policy on line "* ]]
    cp "$house/lua/ceremonies/rsa_intermediate_ca.tpl" "$template"
    sed -i 's/"crlDist/"extensions": [{ "id": "2.5.29.30", "value": "MAA=" }],\n\t&/' "$template"
    run -1 "$VERGER" agenda script/intermediate-ca.lua
    [[ $output == *"has the extension \"2.5.29.30\" of its own"* ]]
}

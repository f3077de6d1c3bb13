#!/usr/bin/env bats
# A template with what step takes in silence: refused, and with as_step = true walked, each of it named.
load trial

setup_file() (
    prepare
    cat >script/rsa_intermediate_ca.tpl <<'TPL'
{
	"subject": {{ toJson .Subject }},
	"keyUsages": ["digitalSignature"],
	"keyUsage": ["certSign", "crlSign"],
	"basicConstraints": { "isCA": true },
	"ocspServer": {{ toJson .Insecure.User.ocsp }},
	"serialNumber": 5,
	"crlDistributionPoints": ["http://pki.example.com/root.crl"]
} }
TPL
    keep strict
    script_edit 's/template = "rsa_intermediate_ca.tpl",/& as_step = true,/'
    keep lax
    at_ca >said && at_root >said.root && at_ca >said.ca
    keep complete
)

rules=(unset_variable text_behind member_unknown member_overridden path_length_absent)

@test "strict: refused, and the command that names all of it" {
    back_to strict
    fails 'rsa_intermediate_ca.tpl:6:26: .Insecure.User.ocsp is not set (unset_variable); and 4 more, which `verger template` names' at_ca
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout a.key -subj /CN=A -out a.csr 2>err
    run -1 "$VERGER" template script/rsa_intermediate_ca.tpl --csr a.csr
    for rule in "${rules[@]}"; do [[ $output == *"$rule"* ]] || { echo "without $rule" && return 1; }; done
}

@test "as_step: the certificate is what step would make, and agenda, room and pages name every deviation" {
    back_to complete
    openssl x509 -in ca/certs/intermediate_ca.crt -noout -text >text
    grep -F 'CA:TRUE, pathlen:0' text
    grep -F 'Certificate Sign, CRL Sign' text
    run ! grep -E 'Digital Signature|OCSP|Serial Number: 5 ' text
    "$VERGER" agenda script/intermediate-ca.lua | tr -s ' \n' ' ' >agenda
    for page in 000004-ask-to-be-signed 000005-sign-offline; do
        tar -xOf record/$page.tar page.json >page.json
        tar -xOf record/$page.tar transcript.txt >transcript
        [ "$(jq '.deviations | length' page.json)" -eq "${#rules[@]}" ]
        for rule in "${rules[@]}"; do
            jq -e --arg rule "$rule" '.deviations | any(.rule == "template.\($rule)" and .expected == "a template without \($rule)" and .by == "Grace Hopper")' page.json
            grep -F "Taken as step takes it: $rule, " transcript
            [ "$(grep -oF "$rule (rsa_intermediate_ca.tpl:" agenda | wc -l)" -eq 2 ]
        done
    done
    holds
}

@test "as_step: what makes no certificate of this ceremony is refused all the same" {
    back_to lax
    sed -i 's/{{ toJson .Subject }}/{{ toJson .Nobody }}/' script/rsa_intermediate_ca.tpl
    fails 'makes it for nobody, and the script says CN=Example Intermediate CA' at_ca
}

#!/usr/bin/env bats
# verger template: step's own templates, shown; judged by the certificates that step made of them.
bats_require_minimum_version 1.5.0

golden=$BATS_TEST_DIRNAME/../golden
csr=$golden/csr/intermediate_ca.csr
root=$golden/root/root-rsa4096.crt

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# The extensions as openssl tells them, and as verger does, without the white space.
told_by_openssl() {
    openssl x509 -in "$1" -noout -text -certopt \
        no_header,no_version,no_serial,no_signame,no_validity,no_subject,no_issuer,no_pubkey,no_sigdump,no_aux |
        tail -n +2 | tr -d ' \n'
}
told_by_verger() { jq -r '.certificate.extensions[] | .name + ":" + (if .critical then "critical" else "" end) + .text' | tr -d ' \n'; }

@test "every template that step takes is shown as the certificate that step made" {
    local crt name
    for crt in "$golden"/templates/*.crt; do
        name=$(basename "$crt" .crt)
        echo "$name"
        run -0 --separate-stderr "$VERGER" template "${crt%.crt}.tpl" --csr "$csr" --issuer "$root" --as-step --json
        [ "$(told_by_verger <<<"$output")" = "$(told_by_openssl "$crt")" ]
        subject=$(openssl x509 -in "$crt" -noout -subject -nameopt RFC2253 | sed 's/^subject=//')
        [ "$(jq -r '.certificate.subject // ""' <<<"$output" | sed 's/, /,/g; s/ + /+/g')" = "$subject" ]
        [ "$(jq -r .certificate.issuer <<<"$output" | sed 's/, /,/g')" = \
            "$(openssl x509 -in "$crt" -noout -issuer -nameopt RFC2253 | sed 's/^issuer=//')" ]
        [ "$(jq -r .certificate.key <<<"$output")" = RSA-3072 ]
    done
}

@test "every template that step refuses is refused, in one message or by a finding" {
    local err name
    for err in "$golden"/templates/*.err; do
        name=${err%.err}
        echo "$name"
        run -1 --separate-stderr "$VERGER" template "$name.tpl" --csr "$csr" --as-step
        [[ $stderr == "verger template: $name.tpl:"* || $output == *"error template_refused, rendered"* ]]
    done
}

@test "what a ceremony refuses and step takes is an error by name; --as-step only reports it" {
    for pair in unset-var:unset_variable unknown-key:member_unknown no-maxpathlen:path_length_absent \
        empty-object:subject_empty; do
        run -1 --separate-stderr "$VERGER" template "$golden/templates/${pair%:*}.tpl" --csr "$csr"
        [[ $output == *"error ${pair#*:}, "* ]]
        [[ $output == *"The certificate that it makes of this request"* ]]
        [ "${lines[-1]}" = "Nothing was signed. A ceremony does not take this template; step does." ]
        run -0 --separate-stderr "$VERGER" template "$golden/templates/${pair%:*}.tpl" --csr "$csr" --as-step
        [[ $output == *"error ${pair#*:}, "* ]]
    done
}

@test "a template's own fault has its line and column" {
    printf '{\n  "subject": {{ toJson .Subject }},\n  "dnsNames": {{ nosuch 1 }}\n}' >bad.tpl
    run -1 --separate-stderr "$VERGER" template bad.tpl --csr "$csr"
    [[ $stderr == "verger template: bad.tpl:3:"*nosuch* ]]
    printf '{ "subject": {{ toJson .Subject }},\n "dnsNames": {{ toJson .Insecure.User.name }} }' >unset.tpl
    run -1 --separate-stderr "$VERGER" template unset.tpl --csr "$csr"
    [[ $output == *"error unset_variable, unset.tpl:2:"*".Insecure.User.name is not set"* ]]
}

@test "--set, --san and the request's own names reach the template" {
    echo '{ "subject": {"commonName": {{ toJson .Insecure.User.name }}}, "sans": {{ toJson .SANs }} }' >t.tpl
    run -0 --separate-stderr "$VERGER" template t.tpl --csr "$csr" --set "name=Web One" \
        --san mail@example.com --san web.example.com --san 10.0.0.7 --san https://example.com/x --json
    [ "$(jq -r .certificate.subject <<<"$output")" = "CN=Web One" ]
    [ "$(jq -r '.rendered | fromjson | .sans[] | .type + " " + .value' <<<"$output")" = "dns web.example.com
ip 10.0.0.7
email mail@example.com
uri https://example.com/x" ]
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -subj /CN=web -out web.csr \
        -addext subjectAltName=DNS:web.example.com,IP:10.0.0.8 2>/dev/null
    run -0 --separate-stderr "$VERGER" template t.tpl --csr web.csr --set name=Web
    [[ $output == *"DNS:web.example.com, IP Address:10.0.0.8"* ]]
    [[ $output == *"issuer     whoever signs it"* ]]
    run -1 --separate-stderr "$VERGER" template t.tpl --csr "$csr" --set name=a name=b
    [[ $stderr == *"--set name: was given twice"* ]]
}

@test "an issuer under which the certificate will not hold is an error" {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -subj /CN=Short -days 9 \
        -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign -out short.crt 2>/dev/null
    run -1 --separate-stderr "$VERGER" template "$golden/templates/page.tpl" --csr "$csr" --issuer short.crt
    [[ $output == *"error path_length_nesting"* ]]
}

@test "the shipped template is taken, and what is wrong with an input is one message" {
    run -0 --separate-stderr "$VERGER" template "$BATS_TEST_DIRNAME/../../lua/ceremonies/rsa_intermediate_ca.tpl" --csr "$csr"
    [ "${lines[-1]}" = "Nothing was signed. A ceremony takes this template." ]
    [[ $output != *"error "* && $output != *"warning "* ]]
    run -1 --separate-stderr "$VERGER" template nowhere.tpl --csr "$csr"
    [[ $stderr == "verger template: nowhere.tpl: "* ]]
    run -1 --separate-stderr "$VERGER" template "$golden/templates/page.tpl" --csr "$root"
    [[ $stderr == *"root-rsa4096.crt: "* ]]
    run -2 --separate-stderr "$VERGER" template "$golden/templates/page.tpl"
    [[ $stderr == *"--csr FILE is missing"* ]]
}

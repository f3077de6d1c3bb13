#!/usr/bin/env bats
# Lint in a ceremony: what is judged before a key is used, what stops it, what a script waives, and what the record says.
load trial
# shellcheck disable=SC2154 # trial.bash and bats set them

# What the flagship breaks as a public CA must not: of its root, and of its intermediate.
of_root="subject_country"
of_intermediate="subject_country subject_organization ext_key_usage_present policies_present"

# The words that waive rules, each on a line of its own.
waivers() {
    for rule in "$@"; do
        printf '  waive "%s" { because = "the CA is for one house", by = "administrator" },\\n' "$rule"
    done
}

# Judged as public-tls, with these rules waived where the intermediate is signed.
publicly() {
    # shellcheck disable=SC2086 # several words
    script_edit "s/version = \"1.0\"/&, profile = \"public-tls\"/
        s/^  import /$(waivers $of_root)&/
        s/^  sign /$(waivers "$@")&/"
}

setup_file() (
    states
    back_to enrolled
    # shellcheck disable=SC2086
    publicly $of_intermediate rsa_roca
    at_ca >said && at_root >said.root && at_ca >said
    keep waived
)

lint_of() { tar -xOf "record/$1" "evidence/lint-$2.json"; }

@test "what came in and what was signed is on the pages, canonical, of the very bytes; verify judges it again" {
    back_to complete
    for file in 000003*:root-certificate 000004*:intermediate-request 000005*:intermediate-request \
        000005*:intermediate-certificate 000005*:root-revocation-list; do
        # shellcheck disable=SC2086 # a pattern
        lint_of "$(basename record/${file%%:*}.tar)" "${file#*:}" >lint.json
        jq -cSj . lint.json | cmp - lint.json
        jq -e '.format == "verger-lint-1" and .profile == "private-internal" and (.passed | length) > 10 and
            .waived == [] and all(.found[]; .severity != "error")' lint.json
    done
    tar -xOf record/000005*.tar evidence/intermediate-certificate.crt | openssl x509 -outform DER -out cert.der
    openssl asn1parse -inform DER -in cert.der -strparse 4 -out tbs.der -noout
    [ "$(sha256sum <tbs.der | cut -d ' ' -f 1)" = "$(lint_of 000005-sign-offline.tar intermediate-certificate | jq -r .tbs_sha256)" ]
    [ "$(openssl x509 -in media/root.crt -outform DER | sha256sum | cut -d ' ' -f 1)" = \
        "$(lint_of 000005-sign-offline.tar intermediate-certificate | jq -r .given.issuer)" ]
    run -0 holds
    [[ $output =~ lint.findings\ +5 && $output =~ lint.done\ +2 ]]
    # the command says the same of the signed thing
    openssl x509 -inform DER -in cert.der -out cert.pem
    tar -xOf record/000004*.tar evidence/intermediate-request.csr >request.csr
    "$VERGER" lint cert.pem --issuer media/root.crt --request request.csr --json >again.json
    diff <(jq -S '.things[0] | {found, passed, not_applicable, not_checked}' again.json) \
        <(lint_of 000005-sign-offline.tar intermediate-certificate | jq -S '{found, passed, not_applicable, not_checked}')
}

@test "an error ends the step before the key is used: of the root that comes in, and of what is to be signed" {
    back_to enrolled
    script_edit 's/version = "1.0"/&, profile = "public-tls"/'
    run --separate-stderr at_ca
    refused "lint: the root certificate breaks subject_country (BR 7.1.2.10.2)"
    [ ! -e record/000003-bring-in-the-root-certificate.tar ]
    back_to enrolled
    publicly subject_country
    at_ca >said
    run --separate-stderr at_root
    refused 'breaks subject_organization'
    [[ $stderr == *'waive "subject_organization"'* ]]
    [ ! -s home-root/register ]
    [ -z "$(jq -r 'select(.kind == "intent") | .intent' home-root/journal)" ]
    [ ! -e record/000005-sign-offline.tar ]
}

@test "what the script waives is read out, is an exception of the page, and is counted" {
    back_to waived
    "$VERGER" agenda script/intermediate-ca.lua | tr -s ' \n' ' ' >agenda.txt
    grep -qF 'Waive the rule policies_present for what follows in this step, by the administrator, because: the CA is for one house' agenda.txt
    grep -qF 'linted as public-tls' agenda.txt
    grep -qF 'error policies_present (BR 7.1.2.10.5): ' said.root
    grep -qF 'policies_present is waived by Ada Lovelace (administrator): the CA is for one house' said.root
    grep -qF 'The waiver of rsa_roca waived nothing' said.root
    tar -xOf record/000005-sign-offline.tar page.json | jq -e '[.deviations[] | select(.rule | startswith("lint."))] |
        length == 4 and all(.[]; .by == "Ada Lovelace")'
    lint_of 000005-sign-offline.tar intermediate-certificate |
        jq -e '[.waived[].rule] == [.found[] | select(.severity == "error") | .rule]'
    run -0 holds
    [[ $output =~ lint.waived\ +5 && $output == *"page 3, lint.subject_country: expected: no finding of"* ]]
    [ "$(grep -c '^  page [0-9]*, lint\.' <<<"$output")" -eq 5 ]
    "$VERGER" report record --signers signers.pem -o report.json >said
    jq -e '[.verify.deviations[] | select(.rule == "lint.policies_present")] | length == 1' report.json
}

@test "the report: what each thing was held to, what was found, who set it aside and why" {
    back_to waived
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    for form in json md html; do "$VERGER" report record --signers signers.pem -o "report.$form" >said; done
    # the counts are those of the page's own result
    lint_of 000005-sign-offline.tar intermediate-certificate >lint.json
    jq -e --slurpfile lint lint.json '.lints[] | select(.name == "intermediate certificate") | .page == 5 and
        .found == $lint[0].found and .waived == $lint[0].waived and (.counts | [.error, .passed, .not_applicable]) ==
        ($lint[0] | [([.found[] | select(.severity == "error")] | length), (.passed | length),
        (.not_applicable | length)])' report.json
    [ "$(jq '.lints | length' report.json)" -eq "$(for page in record/*.tar; do tar -tf "$page"; done | grep -c evidence/lint-)" ]
    grep '^| \[intermediate certificate\](#page-5/evidence/lint-intermediate-certificate.json) .*error.*policies' report.md >row
    grep -qF 'BR 7.1.2.10.5 | by Ada Lovelace (administrator): the CA is for one house |' row
    grep -qF '<td>by Ada Lovelace (administrator): the CA is for one house</td>' report.html
    grep -qF '5 waived; ' report.html
    # who waived is a person, whom the copy for outsiders does not name
    "$VERGER" report record --signers signers.pem --redact -o outside.md >said
    run -1 grep -F 'Ada' outside.md
}

@test "replayed and renewed: the waivers and the yardstick stay" {
    back_to waived
    holds >said
    run "$VERGER" replay record --signers signers.pem
    [ "$status" -ne 1 ]
    [[ $output != *DIFFERENT* ]]
    mkdir next
    "$VERGER" renew record -o next/next.lua --signers signers.pem
    grep -qF '{ version = "1.1", profile = "public-tls" }' next/next.lua
    [ "$(grep -c '^  waive  *".*because = "the CA is for one house", by = "administrator"' next/next.lua)" -eq 6 ]
    "$VERGER" rehearse next/next.lua --record rehearsed --unattended >said
}

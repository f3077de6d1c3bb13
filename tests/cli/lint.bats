#!/usr/bin/env bats
# verger lint: what it finds in the golden files, in the roots of public CAs, and in what openssl makes.
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../golden" || return
    S=$BATS_TEST_TMPDIR
}

# The findings of `verger lint ...`, a line for each thing: PLACE: SEVERITY RULE, ...
found() {
    "$VERGER" lint --json "$@" | jq -r '.things[] | .place + ": " + ([.found[] | .severity + " " + .rule] | join(", "))'
}

# What step's own template lacks, and section by section what asks for it: BR 7.1.2.10.6 (purposes), 7.1.2.10.2 (C, O),
# 7.1.2.10.5 (policies), 7.1.2.10.3 (where the issuer's certificate is); ten years are our own objection.
page="warning intermediate_validity, warning ext_key_usage_present, warning cdp_scheme, notice subject_country"
page+=", notice subject_organization, notice policies_present, notice info_access_present"

@test "golden: the procedure's intermediate, under both roots, and the request that it was made for" {
    for kind in rsa4096 p384; do
        file=cert/intermediate_ca.by-$kind.crt
        [ "$(found "$file" --issuer "root/root-$kind.crt" --request csr/intermediate_ca.csr)" = "$file: $page" ]
    done
    [ "$(found csr/intermediate_ca.csr)" = "csr/intermediate_ca.csr: " ]
}

@test "golden: the roots; whole days and a second more (RFC 5280 4.1.2.5), and what step init gives its own" {
    run -0 found root/root-rsa4096.crt root/root-p384.crt 01-init/certs/root_ca.crt seal/ca.crt
    [ "${lines[0]}" = "root/root-rsa4096.crt: notice validity_second" ]
    [ "${lines[1]}" = "root/root-p384.crt: notice validity_second" ]
    [ "${lines[2]}" = "01-init/certs/root_ca.crt: notice validity_second, notice subject_country, notice root_path_length" ]
    [ "${lines[3]}" = "seal/ca.crt: notice validity_second" ]
    # step's intermediate ends a second after its root
    run -1 --separate-stderr "$VERGER" lint 01-init/certs/intermediate_ca.crt --issuer 01-init/certs/root_ca.crt
    grep -q '^  error notafter_within_issuer \[RFC 5280 6.1\]' <<<"$output"
    [ "$(grep -c '^  error' <<<"$output")" -eq 1 ]
}

@test "golden: step-ca's lists: a distribution point on a full list (BR 7.2.2.1), and no more" {
    run -0 found run/crl1.der run/crl1.pem --issuer cert/intermediate_ca.by-rsa4096.crt --previous-crl run/crl0.der
    [ "$output" = $'run/crl1.der: notice idp_on_full_crl\nrun/crl1.pem: notice idp_on_full_crl' ]
    [ "$(found run/crl0.der)" = "run/crl0.der: notice idp_on_full_crl" ]
    # the older one is no successor
    [[ $(found run/crl0.der --previous-crl run/crl1.der) == *"error crl_number_monotone"*"warning crl_entries_kept"* ]]
}

@test "golden: a leaf with its chain in one file; step-ca dates it a minute before its issuer; it was revoked" {
    run -0 found run/leaf.crt --issuer root/root-rsa4096.crt
    [ "${lines[0]}" = "run/leaf.crt, number 1: warning notbefore_within_issuer" ]
    [ "${lines[1]}" = "run/leaf.crt, number 2: $page" ]
    [[ $(found run/leaf.crt --crl run/crl1.der) == "run/leaf.crt, number 1: error not_revoked, "* ]]
    [[ $(found run/leaf2.crt --crl run/crl1.der) == "run/leaf2.crt, number 1: warning notbefore_within_issuer"* ]]
}

@test "golden: what step makes of templates: no false error; one whose template forgets cRLSign" {
    for file in templates/*.crt; do
        [[ $(found "$file" --issuer root/root-rsa4096.crt) != *error* ]]
    done
    [[ $(found templates/case-insensitive.crt) == *"warning key_usage_crl_sign"* ]]
    [[ $(found templates/subject-literal.crt) == *"notice subject_unit_absent, notice subject_sets"* ]]
}

@test "the profile decides what a finding weighs" {
    run -1 "$VERGER" lint cert/intermediate_ca.by-rsa4096.crt --profile public-tls
    grep -q '^  error policies_present \[BR 7.1.2.10.5\]' <<<"$output"
    run -0 "$VERGER" lint cert/intermediate_ca.by-rsa4096.crt --profile private-internal
    run -2 "$VERGER" lint cert/intermediate_ca.by-rsa4096.crt --profile public-tsl
    [[ $output == *'did you mean public-tls'* ]]
}

# Debian's ca-certificates: these errors stay, for RFC 5280 says MUST; all these roots are older than their programs.
# - a serial number of zero, 4.1.2.2: Go Daddy, Starfield, Hellenic, Security Communication
# - basicConstraints not critical, 4.2.1.9, and no keyUsage, 4.2.1.3: the class 2 roots of 2004, ePKI
# - keyUsage with zero bits behind the last one, X.690 11.2.2: Trustwave's EC roots
# - no subject key identifier, 4.2.1.2: Hongkong Post 1, TWCA Global
# - a GeneralizedTime before 2050, 4.1.2.5: Certum 2
kept() {
    cat <<'TABLE'
Certum_Trusted_Network_CA_2 time_encoding
Go_Daddy_Class_2_CA basic_constraints_critical
Go_Daddy_Class_2_CA key_usage_present
Go_Daddy_Class_2_CA serial_positive
Go_Daddy_Root_Certificate_Authority_-_G2 serial_positive
Hellenic_Academic_and_Research_Institutions_ECC_RootCA_2015 serial_positive
Hellenic_Academic_and_Research_Institutions_RootCA_2015 serial_positive
Hongkong_Post_Root_CA_1 subject_key_id_present
Security_Communication_RootCA2 serial_positive
Security_Communication_Root_CA serial_positive
Starfield_Class_2_CA basic_constraints_critical
Starfield_Class_2_CA key_usage_present
Starfield_Class_2_CA serial_positive
Starfield_Root_Certificate_Authority_-_G2 serial_positive
Starfield_Services_Root_Certificate_Authority_-_G2 serial_positive
TWCA_Global_Root_CA subject_key_id_present
Trustwave_Global_ECC_P256_Certification_Authority key_usage_encoding
Trustwave_Global_ECC_P384_Certification_Authority key_usage_encoding
ePKI_Root_Certification_Authority basic_constraints_critical
ePKI_Root_Certification_Authority key_usage_present
TABLE
}

@test "the roots of public CAs: every error is one of those explained" {
    roots=(/usr/share/ca-certificates/mozilla/*.crt)
    [ -e "${roots[0]}" ] || skip "the package ca-certificates is not installed"
    run -1 --separate-stderr "$VERGER" lint --json "${roots[@]}"
    [ -z "$stderr" ]
    [ "$(jq '.things | length' <<<"$output")" -eq "${#roots[@]}" ]
    [ "$(jq -r '[.things[].kind] | unique | join(" ")' <<<"$output")" = root ]
    jq -r '.things[] | (.place | split("/") | last | rtrimstr(".crt")) as $name | .found[] |
        select(.severity == "error") | $name + " " + .rule' <<<"$output" | LC_ALL=C sort >"$S/errors"
    kept | LC_ALL=C sort >"$S/kept"
    run -0 comm -23 "$S/errors" "$S/kept"
    [ -z "$output" ]
    [ -s "$S/errors" ]
}

@test "what openssl makes: the wrong issuer, a key of 1024 bits, an exponent of 3, a curve that is none of NIST's" {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$S/key" -subj /CN=Other -days 10 \
        -out "$S/other.crt" 2>/dev/null
    run -1 "$VERGER" lint cert/intermediate_ca.by-p384.crt --issuer "$S/other.crt"
    for rule in issuer_dn_identical aki_matches_issuer_ski sig_verifies notafter_within_issuer; do
        grep -q "^  error $rule " <<<"$output"
    done
    openssl genrsa -3 1024 2>/dev/null | openssl rsa -pubout -out "$S/small.pem" 2>/dev/null
    [ "$(found "$S/small.pem")" = "$S/small.pem: error rsa_size_allowed, warning rsa_exponent_range" ]
    openssl ecparam -name brainpoolP256r1 -genkey -noout | openssl ec -pubout -outform DER -out "$S/ec.der" 2>/dev/null
    [ "$(found "$S/ec.der")" = "$S/ec.der: error ec_curve_allowed" ]
}

@test "Debian's weak keys: not checked without a list, found with one that openssl made, a wrong list refused" {
    openssl genrsa 2048 2>/dev/null | openssl rsa -pubout -out "$S/key.pem" 2>/dev/null
    openssl rsa -pubin -in "$S/key.pem" -noout -modulus | sha1sum | cut -c 21-40 >"$S/list"
    [ "$("$VERGER" lint "$S/key.pem" --json | jq -c '[.things[0].not_checked, .weak_keys_sha256]')" = '[["debian_weak_key"],null]' ]
    [[ $(found "$S/key.pem" --weak-keys "$S/list") == *"error debian_weak_key"* ]]
    [ "$("$VERGER" lint "$S/key.pem" --weak-keys "$S/list" --json | jq -r .weak_keys_sha256)" = \
        "$(sha256sum <"$S/list" | cut -d ' ' -f 1)" ]
    echo 00112233445566778899 >"$S/list"
    [ "$(found "$S/key.pem" --weak-keys "$S/list")" = "$S/key.pem: warning rsa_size_lasting" ]
    echo nonsense >>"$S/list"
    run -1 "$VERGER" lint "$S/key.pem" --weak-keys "$S/list"
    [[ $output == *"list, line 2: is not the 20 hex digits"* ]]
}

@test "every rule is counted, once, and the counts are what the text says" {
    run -0 "$VERGER" lint --json run/crl1.der
    [ "$(jq '.things[0] | [.found, .passed, .not_applicable, .not_checked] | map(length) | add' <<<"$output")" -gt 150 ]
    jq -e '.things[0] | [.found[].rule, .passed[], .not_applicable[], .not_checked[]] | length == (unique | length)' <<<"$output"
    passed=$(jq '.things[0].passed | length' <<<"$output")
    run -0 "$VERGER" lint run/crl1.der
    grep -q "^  1 found, $passed passed, .* not checked (without --issuer, --previous-crl)$" <<<"$output"
}

@test "what it does not judge: a private key, nothing, nonsense, what is cut off or has something behind it" {
    run -1 "$VERGER" lint csr/intermediate_ca_key
    [[ $output == *"holds a private key"*"openssl pkey"* ]]
    : >"$S/empty"
    run -1 "$VERGER" lint "$S/empty"
    [[ $output == *"holds no certificate"* ]]
    head -c 700 cert/intermediate_ca.by-p384.crt >"$S/cut.crt"
    run -1 "$VERGER" lint "$S/cut.crt"
    { cat run/crl1.der && echo; } >"$S/more.der"
    run -1 "$VERGER" lint "$S/more.der"
    [[ $output == *"something behind it"* ]]
    run -1 "$VERGER" lint cert/intermediate_ca.by-p384.crt --issuer csr/intermediate_ca.csr
    [[ $output == *"--issuer wants a certificate"* ]]
}

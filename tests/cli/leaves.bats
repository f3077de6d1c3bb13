#!/usr/bin/env bats
# The words leaf and claims: what a rehearsal makes of them in ca.json, and what verger check says of it.
bats_require_minimum_version 1.5.0

house=$BATS_TEST_DIRNAME/../..

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    cp "$house/lua/ceremonies/rsa_intermediate_ca.tpl" .
}

# A ceremony with these words in its step "Set up", rehearsed; the authority that it leaves is tree/.
rehearsed() {
    cat >script.lua <<LUA
ceremony "Leaves" { version = "1.0" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca", root = "the offline machine" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "radius", acme = true },
}
step "Purge" { at = "ca", purge "every generated key and certificate" }
step "Ask" { at = "ca",
  import "root certificate" { from = "root.crt" },
  generate "key" { kind = "P-256" },
  request "request" { key = "key", subject = "Example Intermediate CA", template = "rsa_intermediate_ca.tpl" },
}
step "Sign" { at = "root",
  unlock "root key" { from = "root.key" },
  sign "certificate" { request = "request", with = "root key", under = "root certificate", valid_for = "$1" },
  publish "list" { with = "root key", under = "root certificate", url = "http://pki.example.com/root.crl",
    valid_for = "6 months" },
}
step "Set up" { at = "ca", install "certificate",
$(cat)
}
step "Check" { at = "ca", check "the authority" }
LUA
    "$VERGER" rehearse script.lua --record record --keep kept --unattended >said
    mv kept/ca/authority/config/ca.json ca.json
    cp ca.json kept/ca/authority/config/
}

template_of() { jq -r ".authority.provisioners[$1].options.x509.template" ca.json; }

@test "servers of 90 days with a list: the purpose before the list, and after it" {
    for order in "leaf revocation" "revocation leaf"; do
        rm -rf record kept
        for word in $order; do
            case $word in
            leaf) echo 'leaf "server" { provisioner = "radius" },' ;;
            revocation) echo 'revocation { url = "http://ca.example.com/crl", on_revoke = true },' ;;
            esac
        done | { cat && echo 'claims { provisioner = "radius", max = "2160h", default = "720h" },'; } | rehearsed "5 years"
        [ "$(jq -c '.authority.provisioners[0].claims' ca.json)" = \
            '{"maxTLSCertDuration":"2160h0m0s","defaultTLSCertDuration":"720h0m0s"}' ]
        template_of 0 | grep -qF '"extKeyUsage": ["serverAuth"],'
        template_of 0 | grep -qF '"crlDistributionPoints": ["http://ca.example.com/crl"]'
        template_of 1 | grep -qF '"extKeyUsage": ["serverAuth", "clientAuth"],'
        template_of 1 | grep -qF '"crlDistributionPoints": ["http://ca.example.com/crl"]'
        run -0 --separate-stderr "$VERGER" check kept/ca/authority
        [[ $output == *"0 errors, 0 warnings,"* ]]
    done
}

@test "the agenda says what the words do, in days" {
    rehearsed "5 years" <<<'leaf "server and client" { provisioner = "acme" }, claims { provisioner = "acme", max = "2160h" },'
    grep -qF 'REHEARSAL Let the provisioner acme give out certificates for servers and clients (serverAuth and clientAuth).' said
    tr '\n' ' ' <said | sed 's/ REHEARSAL */ /g' | grep -qF 'Let certificates of the provisioner acme live for 24h0m0s when nothing else is asked, 2160h0m0s (90 days) at most and 5m0s at least.'
    [ "$(jq -c '.authority.provisioners[1].claims' ca.json)" = '{"maxTLSCertDuration":"2160h0m0s"}' ]
    [ "$(jq -c '.authority.provisioners[0].claims' ca.json)" = null ]
}

@test "clients without a list, under a policy, below a short intermediate: three warnings" {
    rehearsed "60 days" <<'LUA'
leaf "client" { provisioner = "radius" }, claims { provisioner = "radius", max = "2160h" },
policy { allow = { dns = { "*.example.com" } } },
LUA
    run -0 --separate-stderr "$VERGER" check kept/ca/authority
    [[ $output == *"warning claims_outlive_intermediate, config/ca.json: authority.provisioners.0.claims"* ]]
    [[ $output == *"warning long_leaf_without_crl, config/ca.json: authority.provisioners.0.claims"* ]]
    [[ $output == *"warning policy_cn_of_people, config/ca.json: authority.policy.x509.allow.cn"* ]]
    grep -q 'warning policy_cn_of_people' said
}

@test "a leaf template that does not parse is an error of the check" {
    rehearsed "5 years" <<<''
    sed -i 's|"name": "radius",|"name": "radius", "options": {"x509": {"template": "{{ if }}"}},|' kept/ca/authority/config/ca.json
    run -1 --separate-stderr "$VERGER" check kept/ca/authority
    [[ $output == *"error leaf_template_broken, config/ca.json: authority.provisioners.0.options.x509.template"* ]]
    sed -i "s|\"template\": \"{{ if }}\"|\"templateFile\": \"$PWD/leaf.tpl\"|" kept/ca/authority/config/ca.json
    printf '{\n{{ nosuch }}}' >leaf.tpl
    run -1 --separate-stderr "$VERGER" check kept/ca/authority
    [[ $output == *"error leaf_template_broken"*"template:2:"* ]]
    echo '{}' >leaf.tpl
    run -0 --separate-stderr "$VERGER" check kept/ca/authority
}

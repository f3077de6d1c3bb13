#!/usr/bin/env bats
# verger new: a script to begin with, from those that are shipped.
bats_require_minimum_version 1.5.0
load note

house=$BATS_TEST_DIRNAME/../..

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

@test "every shipped ceremony can be begun with, and keeps nothing of the example's names" {
    for script in "$house"/lua/ceremonies/*.lua; do
        name=$(basename "$script" .lua)
        run -0 --separate-stderr "$VERGER" new "$name" --into "$name" --organisation Acme --domain acme.test --unattended
        [[ $output == "Wrote $name/$name.lua"*"verger rehearse $name/$name.lua --record DIR"* ]]
        "$VERGER" agenda "$name/$name.lua" >/dev/null
    done
    grep -rniE 'example' --include='*.lua' --include='*.tpl' . | (! grep .)
}

@test "without anything given it is as shipped" {
    "$VERGER" new intermediate-ca --into my --unattended >/dev/null
    cmp my/intermediate-ca.lua "$house/lua/ceremonies/intermediate-ca.lua"
    cmp my/rsa_intermediate_ca.tpl "$house/lua/ceremonies/rsa_intermediate_ca.tpl"
}

@test "what was given stands in it, in script and template, and it can be rehearsed at once" {
    "$VERGER" new intermediate-ca --into my --unattended --name "Acme Issuing CA" --host pki.acme.test --key P-256 \
        --provisioner joe@acme.test --crl http://lists.acme.test/r.crl --domain acme.test >/dev/null
    grep -q 'initialize "Acme Issuing CA"' my/intermediate-ca.lua
    grep -q 'dns = { "pki.acme.test" }' my/intermediate-ca.lua
    grep -q 'provisioner = "joe@acme.test"' my/intermediate-ca.lua
    grep -q 'url = "http://lists.acme.test/r.crl"' my/intermediate-ca.lua
    grep -q 'url = "http://pki.acme.test/crl"' my/intermediate-ca.lua
    grep -q '"http://lists.acme.test/r.crl"' my/rsa_intermediate_ca.tpl
    "$VERGER" rehearse my/intermediate-ca.lua --record rehearsal --unattended >out.txt
}

@test "at a terminal it asks for what the ceremony has, and - keeps what is there" {
    cat >ask.exp <<EXPECT
set timeout 20
spawn $VERGER new renew-root-crl --into my
expect "organisation called? (- for Example Org)"
send "Acme\r"
expect "its domain? (- for example.com)"
send "acme.test\r"
expect "(- for http://pki.acme.test/root.crl)"
send -- "-\r"
expect "Who is the administrator? (- when that is said on the day)"
send -- "-\r"
expect "Who is the operator?"
send "Ada Example\r"
expect "Who are the witnesses"
send "Ben One,  Zoë Two\r"
expect "Wrote my/renew-root-crl.lua"
expect eof
catch wait result
exit [lindex \$result 3]
EXPECT
    expect ask.exp
    grep -q '"Acme Root CA: the next revocation list"' my/renew-root-crl.lua
    grep -q 'http://pki.acme.test/root.crl' my/renew-root-crl.lua
    grep -qx 'people { administrator = 1, operator = "Ada Example", witnesses = { "Ben One", "Zoë Two" } }' my/renew-root-crl.lua
}

@test "people: named in the script, in every shipped ceremony; nobody fills two roles; the rehearsal has them" {
    for script in "$house"/lua/ceremonies/*.lua; do
        name=$(basename "$script" .lua)
        "$VERGER" new "$name" --into "$name" --administrator "Ada A" --operator "Ben B" --witnesses "Cy C, Di D" --unattended
        grep -qx 'people { administrator = "Ada A", operator = "Ben B", witnesses = { "Cy C", "Di D" } }' "$name/$name.lua"
    done
    "$VERGER" rehearse root-ca/root-ca.lua --record rehearsal --unattended >said
    tar -xOf rehearsal/000000-script.tar page.json | jq -e '[.people[].name] == ["Ada A", "Ben B", "Cy C", "Di D"]'
    run -1 "$VERGER" new root-ca --into two --operator "Ben B" --witnesses "Cy C,ben b" --unattended
    [[ $output == *'fills both'* ]]
    run -1 "$VERGER" new root-ca --into three --witnesses "Cy C,, Di D" --unattended
    [[ $output == *"--witnesses must not be empty"* ]]
    run -1 "$VERGER" new root-ca --into three --operator "Ben <b@b.test>" --unattended
    [[ $output == *"--operator holds < or >"* ]]
    [ ! -e three ]
}

@test "nothing is overwritten; what cannot stand in a script is refused, and what is wrong is named" {
    "$VERGER" new intermediate-ca --into my --unattended >/dev/null
    run -1 "$VERGER" new intermediate-ca --into my --unattended --name Other
    [[ $output == *"my/"*"is there already, and nothing is overwritten; name another --into"* ]]
    run -1 "$VERGER" new intermediate-ca --into other --unattended --name 'a" }'
    [[ $output == *"--name: a quote"*"cannot stand in a script"* ]]
    [ ! -e other/intermediate-ca.lua ]
    run -1 "$VERGER" new intermediate-ca --into other --unattended --host 'no host'
    [[ $output == *"other/intermediate-ca.lua was written, but something that you gave cannot stand in it: "*":"[0-9]*": "* ]]
    run -1 "$VERGER" new ceremony --into third --unattended
    [[ $output == *'no ceremony is called "ceremony"; there are '*"intermediate-ca"* ]]
}

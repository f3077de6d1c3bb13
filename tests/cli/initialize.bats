#!/usr/bin/env bats
# What initialize makes is what `step ca init` makes: the golden trees and configurations, byte for byte, but for keys.
load trial

setup_file() (
    prepare
    keep enrolled
)

setup() { back_to enrolled; }

# A script of one step, with these options of initialize. It asks for no key of a root.
script_with() {
    unset 'from_files[-1]'
    cat >script/intermediate-ca.lua <<LUA
ceremony "Only the tree" { version = "1" }
people { operator = 1, administrator = 1, witnesses = 2 }
stations { ca = "here" }
step "Initialize the PKI" { at = "ca",
  initialize "Example Intermediate CA" { $1 },
}
LUA
}

# What two trees do not share: keys, their identifiers, and where they lie.
masked() {
    sed -E "s#(/home/ca/.step|$(realpath ca))/#TREE/#; s#\"(x|y|kid|encryptedKey|fingerprint)\": \"[^\"]*\"#\"\1\": \"...\"#" "$1"
}

# The tree is the golden one's: same_tree FOLDER
same_tree() {
    diff <(find ca -printf '%m %y %P\n' | LC_ALL=C sort -k 3) "$1/tree.txt"
    for file in ca.json defaults.json; do
        diff <(masked "$1/$file") <(masked "ca/config/$file")
        cmp "ca/config/$file" <(tar -xOf record/000001-initialize-the-pki.tar "files/ca/config/$file")
    done
}

@test "the procedure's own flags; and certificates and keys as step makes them" {
    cp "$house"/lua/ceremonies/intermediate-ca.lua script/
    answer purge-the-keys-it-came-with.purge.1 false
    run at_ca
    mkdir golden
    cp "$golden/config/tree-after-init.txt" golden/tree.txt
    cp "$golden/config/ca.before.json" golden/ca.json
    cp "$golden/config/defaults.before.json" golden/defaults.json
    same_tree golden
    [ "$(jq -r .fingerprint ca/config/defaults.json)" = \
        "$(openssl x509 -in ca/certs/root_ca.crt -outform DER | sha256sum | cut -d ' ' -f 1)" ]
    openssl verify -x509_strict -CAfile ca/certs/root_ca.crt ca/certs/intermediate_ca.crt
    # Names, extensions, algorithms and spans; not numbers, keys and days.
    shape() {
        openssl x509 -in "$1" -noout -text -nameopt RFC2253 |
            sed -E '/Serial Number:|pub:|Signature Value:|Identifier:|^ +([0-9a-fA-F]{2}:)+/,/^ +([0-9a-fA-F]{2}:)*[0-9a-fA-F]{2}$/d
                /Not (Before|After)/d'
    }
    for certificate in root_ca intermediate_ca; do
        diff <(shape "$golden/01-init/certs/$certificate.crt") <(shape "ca/certs/$certificate.crt")
        diff <(span "$golden/01-init/certs/$certificate.crt") <(span "ca/certs/$certificate.crt")
    done
}

span() {
    echo $(($(date -d "$(openssl x509 -in "$1" -noout -enddate | cut -d = -f 2)" +%s) - $(date -d \
        "$(openssl x509 -in "$1" -noout -startdate | cut -d = -f 2)" +%s)))
}

@test "keys that a later step purges are under a secret that nobody has; keys that stay, under the authority's" {
    cp "$house"/lua/ceremonies/intermediate-ca.lua script/
    answer purge-the-keys-it-came-with.purge.1 false
    run at_ca
    [ -f ca/secrets/root_ca_key ]
    for password in pw/*; do
        run ! openssl pkey -in ca/secrets/root_ca_key -passin "file:$password" -noout
        run ! openssl pkey -in ca/secrets/intermediate_ca_key -passin "file:$password" -noout
    done
    back_to enrolled
    script_with 'dns = { "ca.example.com" }, address = ":443", provisioner = "step"'
    run -0 at_ca
    for key in root_ca intermediate_ca; do
        cmp <(openssl pkey -in "ca/secrets/${key}_key" -passin file:pw/authority -pubout) \
            <(openssl x509 -in "ca/certs/$key.crt" -noout -pubkey)
    done
}

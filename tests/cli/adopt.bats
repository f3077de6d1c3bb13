#!/usr/bin/env bats
# adopt: an authority that is there already, as the beginning of a ceremony; and the two that only change its ca.json.
# Judged by git, jq, tar and openssl.
load trial
load takeover

setup_file() (
    takeover_prepare >"$BATS_FILE_TMPDIR/said" 2>&1 || { cat "$BATS_FILE_TMPDIR/said" && return 1; }
    keep ready
)

setup() { back_to ready; }

ledger() { git --git-dir=record/ledger.git "$@"; }

# The tree as it is, but for what step-ca's database and private keys hold.
public() { (cd "${1-ca}" && find . -type f ! -path './secrets/*' -exec sha256sum {} + | LC_ALL=C sort); }

# The step ends with these words; the tree is as it was, and the next try begins anew.
refuses() {
    local words=$1 before
    shift
    before=$(picture ca)
    run --separate-stderr take_over ca "$@"
    refused "$words" || return 1
    diff <(echo "$before") <(picture ca) || return 1
    [ ! -e record/000001-take-over-the-authority.tar ] || return 1
    rm -rf record
}

@test "policy: rehearsed, taken over as found, changed, committed; the old one is a commit away" {
    takeover_script change-policy.lua
    "$VERGER" rehearse "$shipped" --record rehearsal --unattended >said
    cp -a ca before
    take_over ca --rehearsal rehearsal --previous first >said
    holds
    # What was found is the ledger's baseline, byte for byte; no private key is in it.
    base=$(ledger rev-list --reverse main | sed -n 2p)
    [ "$(ledger show "$base:ca/config/ca.json")" = "$(cat before/config/ca.json)" ]
    ledger ls-tree -r --name-only main | diff - <(echo .gitattributes && cd before &&
        find . -type f ! -path './secrets/*' -printf 'ca/%P\n' | LC_ALL=C sort)
    run -1 ledger grep -l 'PRIVATE KEY' main
    # One member of one file changed, and that was read aloud.
    [ "$(ledger diff --name-only "$base" main)" = ca/config/ca.json ]
    jq -e '.authority.policy.x509.allow.ip == ["10.0.0.0/24", "10.0.1.0/24"]' ca/config/ca.json
    diff <(jq -S 'del(.authority.policy)' before/config/ca.json) <(jq -S 'del(.authority.policy)' ca/config/ca.json)
    tar -xOf record/000002-*.tar transcript.txt | grep -F 'authority.policy.x509.allow.ip[1]: added "10.0.1.0/24"'
    # Modes and the key stay.
    diff <(cd before && find . -printf '%m %p\n' | sort) <(cd ca && find . -printf '%m %p\n' | sort)
    cmp before/secrets/intermediate_ca_key ca/secrets/intermediate_ca_key
    tar -xOf record/000001-*.tar transcript.txt | grep -F 'what the ceremony before left'
    "$VERGER" check ca --password-file authority=pw/authority
}

@test "the names that it gives: fingerprints as openssl has them; the key opens in its place" {
    takeover_script change-policy.lua
    sed -i 's/^step "Check that/step "Open the key" { at = "ca", unlock "intermediate key" { from = "the authority" } }\n&/' \
        "$shipped"
    answer open-the-key.unlock.1 true
    take_over ca >said
    tar -xOf record/000003-*.tar page.json |
        jq -e --arg spki "$(tar -xOf record/000001-*.tar page.json | jq -r '.outputs[2].spki_sha256')" \
            '.inputs[0] | .kind == "key" and .spki_sha256 == $spki'
    outputs() { tar -xOf record/000001-*.tar page.json | jq -r ".outputs[] | select(.name == \"$1\") | .$2"; }
    der() { openssl x509 -in "ca/certs/$1" -outform DER | sha256sum | cut -d ' ' -f 1; }
    [ "$(outputs 'root certificate' certificate_sha256)" = "$(der root_ca.crt)" ]
    [ "$(outputs 'intermediate certificate' certificate_sha256)" = "$(der intermediate_ca.crt)" ]
    [ "$(outputs 'intermediate key' spki_sha256)" = "$(openssl pkey -in ca/secrets/intermediate_ca_key \
        -passin file:pw/authority -pubout -outform DER | sha256sum | cut -d ' ' -f 1)" ]
}

@test "what is made of the record: replay, rebuild, compare, diff, log, report" {
    takeover_script change-policy.lua
    take_over ca --previous first >said
    holds
    "$VERGER" replay record --signers signers.pem | grep -F 'files/ca/config/ca.json: identical'
    "$VERGER" rebuild record --into out --signers signers.pem --key ca/secrets/intermediate_ca_key \
        --password-file authority=pw/authority
    diff -r ca out/ca
    "$VERGER" rebuild record --compare ca --signers signers.pem
    "$VERGER" diff record 1 2 --signers signers.pem | grep -F 10.0.1.0/24
    "$VERGER" log record --signers signers.pem | grep -F 'Take over the authority'
    "$VERGER" report record --signers signers.pem -o report.html && grep -qF 'Take over the authority' report.html
}

@test "revocation: another address reaches the list, the templates and the port; the rest stays" {
    takeover_script change-crl.lua
    "$VERGER" rehearse "$shipped" --record rehearsal --unattended >said
    sed -i 's|http://ca.example.com/crl|http://lists.example.com:8080/crl|' "$shipped"
    cp ca/config/ca.json before.json
    take_over ca >said
    holds
    jq -e '.crl.idpURL == "http://lists.example.com:8080/crl" and .crl.cacheDuration == "12h0m0s" and
        .insecureAddress == ":8080" and
        (.authority.provisioners[0].options.x509.template | contains("http://lists.example.com:8080/crl"))' \
        ca/config/ca.json
    strip() { jq -S 'del(.crl, .insecureAddress, .authority.provisioners[0].options)' "$1"; }
    diff <(strip before.json) <(strip ca/config/ca.json)
    "$VERGER" check ca --password-file authority=pw/authority
    "$VERGER" replay record --signers signers.pem | grep -F 'files/ca/config/ca.json: identical'
}

@test "a tree that the ceremony before did not leave so is taken over only when the people say so" {
    takeover_script change-policy.lua
    sed -i 's/"24h0m0s"/"23h0m0s"/' ca/config/ca.json
    refuses "take-over-the-authority.differs.1" --previous first
    answer take-over-the-authority.differs.1 true
    take_over ca --previous first >said
    grep -F 'crl.cacheDuration: "24h0m0s" became "23h0m0s"' said
    tar -xOf record/000001-*.tar page.json | jq -e '.deviations[] | .rule == "adopt.differs"'
    holds | grep -F "adopt.differs"
}

@test "the step's own tree: from the real program, with a root key on line, and a password beside" {
    rm -rf ca && cp -a "$golden/01-init" ca && chmod -R go-rwx ca
    sed -i "s|/home/ca/.step|$trial/ca|" ca/config/*.json
    rm -f ca/certs/.gitkeep ca/db/.gitkeep ca/templates/.gitkeep
    mkdir -p ca/certs ca/config ca/db ca/secrets ca/templates
    password authority "$(cat "$golden/pw/ca.txt")"
    cp pw/authority ca/secrets/password && cp pw/authority ca/password.txt
    openssl x509 -in ca/certs/root_ca.crt -outform DER | sha256sum | cut -d ' ' -f 1 >card.txt
    takeover_answers
    takeover_script change-policy.lua
    take_over ca >said
    holds
    grep -F 'Left alone, unread and in no record: password.txt, secrets/password, secrets/root_ca_key.' said
    shows_no_secret <said
    run -1 grep -rqF "$(cat pw/authority)" record home-ca
    "$VERGER" check ca --password-file authority=pw/authority
}

@test "an intermediate that is out of date is taken over when the people say so: a ceremony is how it is renewed" {
    root_dated 20200101000000Z 20400101000000Z && cp media/root.crt ca/certs/root_ca.crt
    jq --arg root "$(cat card.txt)" '.fingerprint = $root' ca/config/defaults.json >defaults.json
    cat defaults.json >ca/config/defaults.json
    : >index.txt
    root_config | sed "s|= index.txt|= $PWD/index.txt|" >cnf
    openssl req -new -key ca/secrets/intermediate_ca_key -passin file:pw/authority -out csr \
        -subj "/O=Example Org/CN=Example Intermediate CA"
    openssl ca -batch -notext -config cnf -in csr -cert media/root.crt -keyfile media/root.key -passin file:pw/root \
        -extensions short -startdate 20210101000000Z -enddate 20220101000000Z -out old.crt 2>/dev/null
    cat old.crt >ca/certs/intermediate_ca.crt
    takeover_answers
    takeover_script change-policy.lua
    refuses "take-over-the-authority.expired.1"
    sed -i '/^  check  "the authority",$/d' "$shipped"
    answer take-over-the-authority.expired.1 true
    take_over ca >said
    tar -xOf record/000001-*.tar page.json | jq -e '.deviations[] | .rule == "adopt.expired"'
    holds
}

# ---- refused ----

@test "what is no tree, lies elsewhere, or is not in order" {
    takeover_script change-policy.lua
    mv ca/config/ca.json gone
    refuses "ca.json is not there"
    mv gone ca/config/ca.json && sed -i.bak "s|$trial/ca/|/somewhere/else/|" ca/config/ca.json
    refuses "say that this tree lies in /somewhere/else"
    mv ca/config/ca.json.bak ca/config/ca.json && cp ca/config/ca.json whole.json
    jq '.key = "pkcs11:id=1"' whole.json >ca/config/ca.json
    refuses 'is not taken over'
    jq '.policy = {}' whole.json >ca/config/ca.json
    refuses 'this tree is not taken over as it is: config/ca.json: policy'
    jq '.db.type = "mysql" | .db.dataSource = "step:open sesame@tcp(db)/"' whole.json >ca/config/ca.json
    refuses 'holds a password'
    cp whole.json ca/config/ca.json && chmod 770 ca
    refuses "$trial/ca: "
    chmod 700 ca
    ln -s /etc/passwd ca/templates/leaf.tpl
    refuses 'a symbolic link' && rm ca/templates/leaf.tpl
    cp ca/secrets/intermediate_ca_key ca/certs/key.pem
    refuses 'private key' && rm ca/certs/key.pem
    chmod 644 ca/secrets/intermediate_ca_key
    refuses 'intermediate_ca_key'
}

@test "a wrong password" {
    takeover_script change-policy.lua
    password authority "not the password of this authority"
    refuses "the password in it is not the one of authority"
}

@test "killed, or changed by others between two steps: the tree is what one of the two says" {
    takeover_script change-policy.lua
    sed -i 's/  confirm "Is this the change that was decided?",/  confirm "Is this the change that was never decided?",/' \
        "$shipped"
    cp -a ca before
    answer set-the-policy.confirm.1
    run take_over ca
    [ "$status" -eq 1 ]
    diff -r before ca
    sed -i 's/"24h0m0s"/"23h0m0s"/' ca/config/ca.json
    answer set-the-policy.confirm.1 true
    run --separate-stderr take_over ca
    refused "was changed outside of the ceremony"
}

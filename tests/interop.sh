#!/usr/bin/env bash
# The real step-ca on a tree that a ceremony made, on loopback: it starts, serves, signs inside the policy, refuses
# outside of it, revokes, and openssl honours the lists. `make interop` runs it; what is not installed it names, and
# then it tries nothing.
set -euo pipefail

verger=$(realpath "${VERGER:?the program to try}")
house=$(cd "$(dirname "$0")/.." && pwd)

missing=
for program in step-ca step curl jq openssl; do
    command -v "$program" >/dev/null || missing="$missing $program"
done
if [ -n "$missing" ]; then
    echo "interop: SKIPPED, nothing was tried: not on the PATH:$missing"
    echo "interop: step and step-ca are at https://github.com/smallstep/cli and https://github.com/smallstep/certificates"
    exit 0
fi

umask 077
work=$(mktemp -d)
server=
finish() {
    local status=$?
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if [ "$status" -eq 0 ]; then
        rm -rf "$work"
    else
        echo "interop: FAILED; what was made is in $work, what step-ca said in $work/step-ca.log" >&2
        tail -n 20 "$work/step-ca.log" >&2 2>/dev/null || true
    fi
}
trap finish EXIT
cd "$work"

say() { printf 'interop: %s\n' "$*"; }
fail() {
    printf 'interop: NOT SO: %s\n' "$*" >&2
    exit 1
}
# Two texts are the same: same WHAT GOT EXPECTED.
same() { [ "$2" = "$3" ] || fail "$1: \"$2\", expected \"$3\""; }
# A text has words: has WHAT TEXT WORDS.
has() { [[ $2 == *"$3"* ]] || fail "$1: no \"$3\" in: $2"; }

for program in step-ca step; do
    say "$("$program" version 2>&1 | head -n 1), $(sha256sum "$(command -v "$program")")"
done

# ---- the ceremony, as in bootstrap/demo.sh, for two ports of loopback ----

port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
port=$((20000 + RANDOM % 20000))
until port_free "$port" && port_free $((port + 1)); do port=$((port + 2)); done
crl_port=$((port + 1))
ca=https://127.0.0.1:$port
crl=http://127.0.0.1:$crl_port/crl

mkdir script media root-media pw
cp "$house/lua/ceremonies/rsa_intermediate_ca.tpl" script/
sed -e "s|dns = { \"ca.example.com\" }, address = \":443\"|dns = { \"localhost\", \"127.0.0.1\" }, address = \"127.0.0.1:$port\"|" \
    -e "s|url = \"http://ca.example.com/crl\"|url = \"$crl\", listen = \"127.0.0.1:$crl_port\"|" \
    "$house/lua/ceremonies/intermediate-ca.lua" >script/intermediate-ca.lua
grep -q "address = \"127.0.0.1:$port\"" script/intermediate-ca.lua || fail "the script has another address than this test knows"
grep -q "listen = \"127.0.0.1:$crl_port\"" script/intermediate-ca.lua || fail "the script has another list than this test knows"

for name in seal-ca seal-root authority provisioner root; do openssl rand -hex 20 >"pw/$name"; done
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:4096 -aes-256-cbc -pass file:pw/root \
    -out root-media/root.key 2>/dev/null
openssl req -new -x509 -sha256 -days 7300 -key root-media/root.key -passin file:pw/root -out root-media/root.crt \
    -config <(printf '%s\n' '[req]' 'distinguished_name = name' 'prompt = no' 'x509_extensions = root' '[name]' \
        'O = Interop' 'CN = Interop Root CA' '[root]' 'basicConstraints = critical, CA:TRUE' \
        'keyUsage = critical, keyCertSign, cRLSign' 'subjectKeyIdentifier = hash')
cp root-media/root.crt media/
card=$(openssl x509 -in media/root.crt -outform DER | sha256sum | cut -d ' ' -f 1)
jq -n --arg card "$card" '{
  "start.administrator.1": "Ann Example", "start.operator.1": "Bob Example",
  "start.witnesses.1": "Cleo Example", "start.witnesses.2": "Dan Example",
  "start.rehearsal.1": true, "start.previous.1": true, "start.enrolled.1": true, "start.plan.1": true,
  "purge-the-keys-it-came-with.purge.1": true, "bring-in-the-root-certificate.compare.1": $card,
  "sign-offline.present.1": true, "sign-offline.confirm.1": true, "sign-offline.unlock.1": true,
  "sign-offline.sign.1": true, "sign-offline.publish.1": true, "sign-offline.publish.2": 0,
  "install-the-certificate.present.1": true } + ([range(1; 5) | {key: "check-that-it-will-run.attest.\(.)", value: "yes"}]
  | from_entries)' >answers.json
for station in ca root; do
    "$verger" enrol --home "home-$station" --name "Station $station" --station "$station" \
        --password-file "seal=pw/seal-$station" >>ceremony.log
done
walk() {
    local station=$1
    shift
    "$verger" run script/intermediate-ca.lua --station "$station" --home "home-$station" --record record \
        --authority "tree-$station" --answers answers.json --unattended \
        --password-file "seal=pw/seal-$station" "$@" >>ceremony.log
}
at_ca() { walk ca --media media --password-file authority=pw/authority --password-file provisioner=pw/provisioner "$@"; }
at_ca --enrol home-ca/seal.crt home-root/seal.crt
walk root --media root-media --password-file "root key=pw/root"
at_ca
tree=$work/tree-ca
say "the ceremony is done; its tree is $tree"

# ---- it starts, by the command that check names ----

"$verger" check "$tree" --password-file authority=pw/authority >check.txt || fail "check: $(cat check.txt)"
start=$(tail -n 1 check.txt)
has "the command that starts it" "$start" "step-ca $tree/config/ca.json --password-file $work/pw/authority"
eval "set -- $start"
"$@" >step-ca.log 2>&1 &
server=$!
for _ in $(seq 60); do
    if curl -fsS --cacert media/root.crt "$ca/health" >health.json 2>/dev/null; then break; fi
    kill -0 "$server" 2>/dev/null || fail "step-ca stopped: $(cat step-ca.log)"
    sleep 0.5
done
same "/health" "$(jq -c . health.json)" '{"status":"ok"}'
say "it starts, and a client that trusts the root trusts it"

# ---- what it serves ----

fingerprint=$(jq -r .fingerprint "$tree/config/defaults.json")
same "the fingerprint in defaults.json" "$fingerprint" "$card"
same "the root by its fingerprint" "$(curl -fsS --cacert media/root.crt "$ca/root/$fingerprint" | jq -r .ca |
    openssl x509 -outform DER | sha256sum | cut -d ' ' -f 1)" "$card"
same "/roots" "$(curl -fsS --cacert media/root.crt "$ca/roots" | jq -r '.crts[0]' |
    openssl x509 -outform DER | sha256sum | cut -d ' ' -f 1)" "$card"
intermediate=$tree/certs/intermediate_ca.crt
same "/intermediates" "$(curl -fsS --cacert media/root.crt "$ca/intermediates" | jq -r '.crts[0]' |
    openssl x509 -outform DER | sha256sum)" "$(openssl x509 -in "$intermediate" -outform DER | sha256sum)"
same "the provisioner's kid" "$(curl -fsS --cacert media/root.crt "$ca/provisioners" | jq -r '.provisioners[0].key.kid')" \
    "$(jq -r '.authority.provisioners[0].key.kid' "$tree/config/ca.json")"
say "it serves the root, the intermediate and the provisioner of the ceremony"

list() {
    curl -fsS "$crl" -o "$1.der"
    openssl crl -inform DER -in "$1.der" -out "$1.pem"
    openssl crl -in "$1.pem" -noout -CAfile "$intermediate" 2>&1 | grep -q 'verify OK' ||
        fail "the list is not signed by the intermediate"
}
list before
has "the list's distribution point" "$(openssl crl -in before.pem -noout -text)" "URI:$crl"
root_crl=$(find "$work/tree-root/publish" -name '*.crl.pem')
say "its list is fetched by plain http, and signed by the intermediate"

# ---- it signs, and refuses ----

step_ca() { step "$@" --ca-url "$ca" --root "$work/media/root.crt"; }
provisioner=$(jq -r '.authority.provisioners[0].name' "$tree/config/ca.json")
certificate() {
    step_ca ca certificate "$1" "$2.crt" "$2.key" --provisioner "$provisioner" \
        --provisioner-password-file "$work/pw/provisioner" --force >"$2.log" 2>&1
}
export STEPPATH=$work/step-path
mkdir -p "$STEPPATH"
certificate web.local.example.com good || fail "a name inside the policy is refused: $(cat good.log)"
certificate api.local.example.com bad || fail "a name inside the policy is refused: $(cat bad.log)"
openssl x509 -in good.crt -out good.leaf.pem
openssl x509 -in bad.crt -out bad.leaf.pem
same "the leaf's distribution point" "$(openssl x509 -in good.leaf.pem -noout -ext crlDistributionPoints |
    sed -n 's/^ *URI://p')" "$crl"
if certificate www.elsewhere.example.org outside; then fail "a name outside of the policy is signed"; fi
has "the refusal" "$(cat outside.log)" "not allowed"
if certificate forbidden.local.example.com denied; then fail "a name that the policy denies is signed"; fi
has "the refusal" "$(cat denied.log)" "not allowed"
say "it signs inside the policy, and refuses outside of it and what is denied"

chain() {
    openssl verify -crl_check_all -CAfile media/root.crt -untrusted "$intermediate" -CRLfile "$root_crl" \
        -CRLfile "$1.pem" "$2" 2>&1
}
has "before the revocation" "$(chain before good.leaf.pem)" "good.leaf.pem: OK"
has "before the revocation" "$(chain before bad.leaf.pem)" "bad.leaf.pem: OK"

# ---- it revokes ----

serial=$(step certificate inspect bad.leaf.pem --format json | jq -r .serial_number)
token=$(step_ca ca token "$serial" --revoke --provisioner "$provisioner" \
    --provisioner-password-file "$work/pw/provisioner" 2>token.log) || fail "no token to revoke: $(cat token.log)"
step_ca ca revoke "$serial" --token "$token" --reasonCode 1 >revoke.log 2>&1 || fail "revoking: $(cat revoke.log)"
hex=$(openssl x509 -in bad.leaf.pem -noout -serial | cut -d = -f 2)
for _ in $(seq 20); do
    list after
    if openssl crl -in after.pem -noout -text | grep -qi "Serial Number: 0*$hex"; then break; fi
    sleep 0.5
done
openssl crl -in after.pem -noout -text | grep -qi "Serial Number: 0*$hex" || fail "the revoked serial $hex is not in the list"
has "the revoked one" "$(chain after bad.leaf.pem || true)" "certificate revoked"
has "the other one" "$(chain after good.leaf.pem)" "good.leaf.pem: OK"
say "it revokes: the serial is in the list at once, and openssl refuses the certificate and no other"

"$verger" check "$tree" --password-file authority=pw/authority >again.txt || fail "check, after all this: $(cat again.txt)"
say "PASSED"

#!/bin/sh
# The flagship ceremony from nothing: a throw-away root, two stations on one machine, a rehearsal, the run, the check.
# Everything goes to one folder (DEMO, normally demo/), which the next demo replaces.
set -eu
umask 077
verger=${VERGER:?the program to show}
demo=${DEMO:-demo}
script=lua/ceremonies/intermediate-ca.lua

headline() { printf '\n=== %s\n\n' "$*"; }
random_password() { openssl rand -hex 20 >"$1"; }

if [ -e "$demo" ] && [ ! -e "$demo/.made-by-verger-demo" ]; then
    echo "demo: $demo is there and was not made by a demo; name another folder: make demo DEMO=FOLDER" >&2
    exit 1
fi
rm -rf "$demo"
mkdir -p "$demo/ca/media" "$demo/ca/passwords" "$demo/root/media" "$demo/root/passwords"
touch "$demo/.made-by-verger-demo"

headline "An existing root, as openssl makes one: $demo/root/media"
for name in seal authority provisioner; do random_password "$demo/ca/passwords/$name"; done
for name in seal root-key; do random_password "$demo/root/passwords/$name"; done
cat >"$demo/root/root.cnf" <<'CNF'
[req]
distinguished_name = name
x509_extensions = root
prompt = no
[name]
O = Demo of verger
CN = Demo Root CA
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
CNF
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:4096 -aes-256-cbc \
    -pass "file:$demo/root/passwords/root-key" -out "$demo/root/media/root.key" 2>/dev/null
openssl req -new -x509 -config "$demo/root/root.cnf" -sha256 -days 7300 -key "$demo/root/media/root.key" \
    -passin "file:$demo/root/passwords/root-key" -out "$demo/root/media/root.crt"
cp "$demo/root/media/root.crt" "$demo/ca/media/"
openssl x509 -in "$demo/root/media/root.crt" -noout -subject -enddate
card=$(openssl x509 -in "$demo/root/media/root.crt" -noout -fingerprint -sha256 | cut -d = -f 2)
echo "card from the safe (SHA-256 fingerprint): $card"

headline "Sealing keys for the two stations"
for station in ca root; do
    "$verger" enrol --home "$demo/$station/home" --name "Station $station" --station "$station" \
        --password-file "seal=$demo/$station/passwords/seal"
done
cat "$demo/ca/home/seal.crt" "$demo/root/home/seal.crt" >"$demo/signers.pem"

# What the people would type; `verger agenda SCRIPT --prompts` lists the ids.
cat >"$demo/answers.json" <<JSON
{
  "start.administrator.1": "Ann Example",
  "start.operator.1": "Bob Example",
  "start.witnesses.1": "Cleo Example",
  "start.witnesses.2": "Dan Example",
  "start.previous.1": true,
  "start.enrolled.1": true,
  "start.plan.1": true,
  "purge-the-keys-it-came-with.purge.1": true,
  "bring-in-the-root-certificate.compare.1": "$card",
  "sign-offline.present.1": true,
  "sign-offline.confirm.1": true,
  "sign-offline.unlock.1": true,
  "sign-offline.sign.1": true,
  "sign-offline.publish.1": true,
  "sign-offline.publish.2": 0,
  "install-the-certificate.present.1": true,
  "check-that-it-will-run.attest.1": "yes",
  "check-that-it-will-run.attest.2": "yes",
  "check-that-it-will-run.attest.3": "yes",
  "check-that-it-will-run.attest.4": "yes"
}
JSON

headline "The rehearsal: throw-away keys, every line marked"
"$verger" rehearse "$script" --record "$demo/rehearsal" --unattended >"$demo/rehearsal.txt" || {
    cat "$demo/rehearsal.txt"
    exit 1
}
tail -n 4 "$demo/rehearsal.txt"
echo "(all of it: $demo/rehearsal.txt)"

# The same command at both stations, and again at the first; the folders are what differs.
at_station() {
    station=$1
    shift
    headline "The ceremony, at station $station"
    "$verger" run "$script" --station "$station" --home "$demo/$station/home" --record "$demo/record" \
        --media "$demo/$station/media" --authority "$demo/$station/authority" \
        --answers "$demo/answers.json" --unattended --password-file "seal=$demo/$station/passwords/seal" "$@"
}
at_ca() {
    at_station ca --password-file "authority=$demo/ca/passwords/authority" \
        --password-file "provisioner=$demo/ca/passwords/provisioner" "$@"
}
at_ca --rehearsal "$demo/rehearsal" --enrol "$demo/ca/home/seal.crt" "$demo/root/home/seal.crt"
at_station root --password-file "root key=$demo/root/passwords/root-key"
at_ca

headline "The check, against the signers' certificates"
"$verger" verify "$demo/record" --signers "$demo/signers.pem"

newest=$(cd "$demo/record" && for page in 0*.tar; do echo "$page"; done | tail -n 1)
headline "Made in $demo/"
cat <<END
  record/            the record: what is carried, and what an auditor gets
  ca/authority/      the folder that step-ca loads
  root/authority/    what the root published
  rehearsal/         the rehearsal's record

Try next:

  $verger agenda $script
  tar -xOf $demo/record/$newest transcript.txt
  git -c safe.directory='*' -C $demo/record/ledger.git log --stat

This was a demo: its root's password lies beside its key. For the real day, see README.md.
END

#!/bin/bash
# The flagship ceremony between two stations of one machine, under the root of shell-setup.sh.
#   ceremony.sh prepare FOLDER FIXTURES    two enrolled stations, answers, passwords; not timed
#   ceremony.sh walk FOLDER                the three runs: ca, root, ca
# VERGER names the program. The intermediate's key is of P-256, so that nobody waits for a prime number.
set -eu
umask 077
house=$(cd "$(dirname "$0")/../.." && pwd)
what=$1 folder=$2

prepare() {
    local fixtures=$1 name
    mkdir -p "$folder/pw" "$folder/media"
    cp -r "$house/lua/ceremonies" "$folder/script"
    sed -i 's/RSA-3072/P-256/' "$folder/script/intermediate-ca.lua"
    cp "$fixtures/root.crt" "$fixtures/root.key" "$folder/media/"
    for name in seal authority provisioner; do openssl rand -hex 20 >"$folder/pw/$name"; done
    cp "$fixtures/root.pw" "$folder/pw/root"
    cd "$folder"
    for name in ca root; do
        "$VERGER" enrol --home "home-$name" --name "Station $name" --station "$name" --password-file seal=pw/seal \
            >/dev/null
    done
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    jq -n --arg root "$(openssl x509 -in media/root.crt -outform DER | sha256sum | cut -d ' ' -f 1)" '
        ([("start" | (.+".rehearsal", .+".previous", .+".enrolled", .+".plan")),
          "purge-the-keys-it-came-with.purge", "sign-offline.present", "sign-offline.confirm", "sign-offline.unlock",
          "sign-offline.sign", "sign-offline.publish", "install-the-certificate.present"]
            | map({key: "\(.).1", value: true}) | from_entries) +
        ([range(1; 5) | {key: "check-that-it-will-run.attest.\(.)", value: "yes"}] | from_entries) +
        {"start.administrator.1": "Ada Lovelace", "start.operator.1": "Grace Hopper", "start.witnesses.1": "Alan Turing",
         "start.witnesses.2": "Joan Clarke", "bring-in-the-root-certificate.compare.1": $root,
         "sign-offline.publish.2": 0}' >answers.json
}

station() {
    "$VERGER" run script/intermediate-ca.lua --station "$1" --home "home-$1" --record record --media media \
        --authority "$1" --answers answers.json --unattended --password-file seal=pw/seal "${@:2}"
}

walk() {
    cd "$folder"
    station ca --enrol home-root/seal.crt --password-file authority=pw/authority provisioner=pw/provisioner
    station root --password-file "root key=pw/root"
    station ca --password-file authority=pw/authority provisioner=pw/provisioner
}

case $what in
prepare) prepare "$3" ;;
walk) walk ;;
*) exit 2 ;;
esac

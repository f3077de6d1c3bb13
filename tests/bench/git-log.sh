#!/bin/bash
# What git says of the signatures in the ledger of a record that many.c made: git-log.sh FOLDER
set -eu
signers=$(mktemp)
trap 'rm -f "$signers"' EXIT
echo "ca namespaces=\"git\" $(openssl x509 -in "$1/signers.pem" -noout -pubkey | ssh-keygen -i -m PKCS8 -f /dev/stdin)" >"$signers"
GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null git -c safe.directory='*' --git-dir="$1/record/ledger.git" \
    -c gpg.ssh.program=ssh-keygen -c gpg.ssh.allowedSignersFile="$signers" log --show-signature refs/heads/main

#!/bin/bash
# Fixtures, once and not timed (untimed): the pre-existing offline root, operator CMS cert, operator SSH key
set -euo pipefail; cd "$(dirname "$0")"; mkdir -p fx; cd fx
echo rootpw > root.pw; echo intpw > int.pw; chmod 600 *.pw
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -aes-256-cbc -pass file:root.pw -out root.key 2>/dev/null || openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -aes-256-cbc -pass file:root.pw -out root.key 2>/dev/null
openssl req -x509 -new -key root.key -passin file:root.pw -sha256 -days 7300 -subj "/O=Example/CN=Example Root CA" -addext basicConstraints=critical,CA:true,pathlen:1 -addext keyUsage=critical,keyCertSign,cRLSign -out root.crt
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out op.key 2>/dev/null
openssl req -x509 -new -key op.key -days 3650 -subj "/O=Example/CN=Ceremony Operator" -addext basicConstraints=critical,CA:false -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=emailProtection -out op.crt
ssh-keygen -q -t ed25519 -N '' -C operator@example.com -f op_ssh; echo "operator@example.com namespaces=\"git\" $(cut -d' ' -f1,2 op_ssh.pub)" > allowed_signers
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -aes-256-cbc -pass file:int.pw -out pregen_int.key 2>/dev/null

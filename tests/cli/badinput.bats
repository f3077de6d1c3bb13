#!/usr/bin/env bats
# Bad input to a run: answers, passwords, roots, media, the root's key. Each ends with status 1 and one message that
# says what to do; nothing is half made, and the same command goes on once the input is right.
load trial

setup_file() { states; }

# ---- answers ----

@test "no terminal, and nobody said where answers and passwords are" {
    back_to enrolled
    fails 'the password of seal cannot be asked, as there is no terminal: give --password-file "seal=FILE"' \
        alone "${ca_command[@]}"
    fails "prompt start.administrator.1 (Who is the administrator?) cannot be asked, as there is no terminal" \
        alone "${ca_command[@]}" --password-file seal=pw/seal
    fails "give --answers FILE with an answer for it" alone "${ca_command[@]}" --unattended --password-file seal=pw/seal
}

@test "an answer is missing: id and question are named, at the start and in a step" {
    back_to enrolled
    answer start.witnesses.2
    fails 'prompt start.witnesses.2 (Who is number 2 of the 2 witnesses?) has no answer in the --answers file' at_ca
    back_to enrolled
    answer start.plan.1
    fails 'add "start.plan.1" to it' at_ca
    back_to purged
    answer bring-in-the-root-certificate.compare.1
    fails 'add "bring-in-the-root-certificate.compare.1" to it' at_ca
    back_to asked
    answer sign-offline.sign.1
    fails 'add "sign-offline.sign.1" to it' at_root
    answer sign-offline.sign.1 true
    run -0 at_root
}

@test "an answer that is none" {
    back_to enrolled
    answer start.plan.1 '"maybe"'
    fails 'answers.json: "start.plan.1": the answer must be true, false, "yes", "stop" or "exception"' at_ca
    answer start.plan.1 true
    answer start.operator.1 true
    fails '"start.operator.1": a text is asked for, not true or false' at_ca
    answer start.operator.1 '"ada  LOVELACE"'
    fails "is administrator already; nobody fills two roles" at_ca
    answer start.operator.1 '"Grace\nHopper"'
    fails "must be one line without control characters" at_ca
    back_to asked
    answer sign-offline.publish.2 '"many"'
    run --separate-stderr at_root
    refused '"many" is no number of a revocation list; 0 means that there was none'
}

@test "an answers file that is none" {
    back_to enrolled
    echo '{"start.plan.1": true' >answers.json
    fails "answers.json: line 1, column 22: the text ends too early" at_ca
    echo '{"start.plan.1": true, "start.plan.1": false}' >answers.json
    fails "the same member stands twice" at_ca
    echo '["yes"]' >answers.json
    fails "one JSON object from prompt id to answer" at_ca
    rm answers.json
    fails "answers.json: cannot be opened: No such file or directory" at_ca
    mkdir answers.json
    fails "answers.json" at_ca
}

@test "no: to the plan, the certificates, going without a rehearsal, the purge, the card, the signatures" {
    back_to enrolled
    answer start.plan.1 false
    fails '"stop" was answered to: Was the plan' at_ca
    back_to enrolled
    answer start.enrolled.1 false
    fails '"stop" was answered to: Are these the certificates' at_ca
    back_to enrolled
    answer start.rehearsal.1 false
    fails '"stop" was answered to: No rehearsal of this script' at_ca
    back_to enrolled
    answer purge-the-keys-it-came-with.purge.1 false
    run at_ca
    answer purge-the-keys-it-came-with.purge.1 '"no"'
    fails '"stop" was answered to: Purge these files now?' at_ca
    [ -f ca/secrets/root_ca_key ]
    back_to purged
    answer bring-in-the-root-certificate.compare.1 '"no"'
    fails 'step 3 (Bring in the root certificate): the root certificate was not found to be the same' at_ca
    answer bring-in-the-root-certificate.present.1 false
    fails '"stop" was answered to: Are all present' at_ca
    for question in confirm unlock sign; do
        back_to asked
        answer sign-offline.$question.1 false
        fails '"stop" was answered to:' at_root
    done
    answer sign-offline.sign.1 true
    run -0 at_root
}

@test "no to the list, when the certificate is signed: the next run uses it, and signs once" {
    back_to asked
    answer sign-offline.publish.1 false
    run --separate-stderr at_root
    refused '"stop" was answered to: Sign the root revocation list now'
    [ ! -e root/publish ]
    serial=$(jq -r .serial home-root/register)
    answer sign-offline.publish.1 true
    run -0 at_root
    [[ $output == *"The certificate that an earlier attempt signed, announced at "* ]]
    [ "$(jq -r 'select(.kind == "certificate").serial' home-root/register)" = "$serial" ]
    openssl x509 -in root/publish/intermediate.pem -noout -serial | grep -qix "serial=$serial"
    run -0 at_ca
    run -0 holds
}

@test "the fingerprint on the card is another" {
    back_to purged
    answer bring-in-the-root-certificate.compare.1 "\"$(printf '%064d' 0)\""
    fails "was typed; they differ first at digit" at_ca
    back_to purged
    card=$(jq -r '."bring-in-the-root-certificate.compare.1"' answers.json)
    answer bring-in-the-root-certificate.compare.1 "\"${card:0:63}\""
    fails "was not found to be the same" at_ca
    [[ $stderr != *"${card:0:63}"* ]] # which may be a password, typed at the wrong question
    run ! grep -F "${card:0:63}" home-ca/journal
    # Another certificate for the same name and the same key.
    back_to purged
    cp answers.json before
    root_certificate root sha256
    mv before answers.json
    fails "was typed; they differ first at digit" at_ca
}

# ---- passwords ----

@test "wrong passwords in files: which file, and nothing done" {
    back_to enrolled
    password seal "not the password of the seal"
    fails "pw/seal: the password in it is not the one of seal" at_ca
    back_to asked
    password root "not the password of the root"
    fails "pw/root: the password in it is not the one of root key" at_root
    back_to signed
    cp -p pw/authority right
    password authority "not that of the authority"
    run --separate-stderr at_ca
    refused "pw/authority: the password in it is not the one of authority"
    mv right pw/authority
    run -0 at_ca
}

@test "weak passwords for new keys" {
    back_to enrolled
    password provisioner "short"
    run --separate-stderr at_ca
    refused 'the password "provisioner" is too weak: it needs at least 12 characters'
    fails 'the password "provisioner" is too weak' at_ca
    password provisioner "aaaaaaaaaaaaaaaaaaaaaaaa"
    fails 'the password "provisioner" is too weak' at_ca
    back_to purged
    password authority "0123456789"
    run --separate-stderr at_ca
    refused 'the password "authority" is too weak'
    fails 'the password "authority" is too weak' at_ca
    [ -z "$(find ca/secrets -type f)" ]
}

@test "three wrong passwords at a terminal are a clean stop; wrong, wrong, right goes on" {
    people() { expect -f "$BATS_TEST_DIRNAME/people.exp" "$1" "$2" "${@:3}"; }
    back_to asked
    before=$(whole)
    printf '%s\n' "guess one" "guess two" "guess three" >guess.txt
    run people '^$' - "${root_command[@]}"
    [ "$status" -eq 1 ]
    [[ $output == *"(try 1 of 3)"*"(try 2 of 3)"*"three wrong passwords for the sealing key; nothing was done"* ]]
    [[ $output != *guess* ]]
    diff <(echo "$before") <(whole)

    # The root's own, at a station that was begun by hand.
    back_to enrolled
    run -0 people '^$' - "${ca_command[@]}" "${from_files[@]:3}"
    "$VERGER" verify record | sed -n '/^Head:/,/^$/p' | tail -n +2 >words.txt
    before=$(whole)
    printf '%s\n' "guess one" "guess two" "guess three" >guess.txt
    run people '^$' - "${root_command[@]}" --password-file seal=pw/seal
    [ "$status" -eq 1 ]
    [[ $output == *"three wrong passwords for the root key; nothing was done in this step"* ]]
    diff <(echo "$before") <(whole)
    printf '%s\n' "guess one" "guess two" "$(cat pw/root)" >guess.txt
    run -0 people '^$' - "${root_command[@]}" --password-file seal=pw/seal
    [[ $output == *"(try 2 of 3)"*"The root key is unlocked"* ]]
    shows_no_secret <<<"$output"
}

@test "a new password at a terminal: a weak one, and two that differ, are asked for again" {
    back_to enrolled
    printf '%s\n' short short "a quince at noon 1" "a quince at noon 2" "a quince at noon 3" "a quince at noon 3" >guess.txt
    run expect -f "$BATS_TEST_DIRNAME/people.exp" '^Purge' kill "${ca_command[@]}" --password-file seal=pw/seal
    [[ $output == *"too weak"*"The two differ"*"Step 2 of 9"* ]]
    [[ $output != *"at noon"* ]]
    [ -s ca/config/ca.json ]
}

@test "password files: readable by others, a link, missing, empty, a pipe, too long, where they are carried" {
    back_to enrolled
    chmod 640 pw/authority
    fails "pw/authority: mode 0640 lets others read it; chmod 600 it first" at_ca
    chmod 600 pw/authority
    mv pw/authority authority.txt
    fails "pw/authority: password file cannot be opened: No such file or directory" at_ca
    ln -s ../authority.txt pw/authority
    fails "pw/authority: is a symbolic link" at_ca
    rm pw/authority && : >pw/authority
    fails "pw/authority: holds no password" at_ca
    rm pw/authority && mkfifo -m 600 pw/authority
    fails "pw/authority: a password file must be a regular file" at_ca
    rm pw/authority && head -c 5000 /dev/zero >pw/authority
    fails "pw/authority: longer than 4096 bytes" at_ca
    mkdir record ca
    for folder in record media ca; do
        cp authority.txt "$folder/authority"
        run --separate-stderr alone "${ca_command[@]}" --password-file "authority=$folder/authority"
        refused "$folder/authority: a password file must not lie under $folder"
        rm "$folder/authority"
    done
    back_to enrolled
    fails '--password-file: intermediate-ca.lua asks for no password "autority"; did you mean "authority"?' \
        at_ca --password-file autority=pw/root
    fails '"seal" has two password files, pw/seal and pw/root: give one' at_ca --password-file seal=pw/root
}

# ---- the root certificate, on the medium ----

# Step 3 refuses what is on the medium.
root_fails() { fails "step 3 (Bring in the root certificate): $1" at_ca; }

@test "a root that is a leaf, that may not sign, that lets no intermediate be, that signs with SHA-1" {
    back_to purged
    root_certificate leaf sha256
    root_fails "root.crt: not a CA certificate: basicConstraints says cA FALSE (RFC 5280 4.2.1.9)"
    root_certificate silent sha256
    root_fails "root.crt: keyUsage is absent; a CA must have it (RFC 5280 4.2.1.3)"
    root_certificate short sha256
    root_fails "root.crt: path length 0 lets no intermediate be under this root (RFC 5280 4.2.1.9)"
    root_certificate root sha1
    root_fails "root.crt: signed with ECDSA-SHA1"
    root_certificate root sha256
    run -0 at_ca
}

@test "a root that is expired, not yet valid, or ends before what it is to sign" {
    back_to purged
    root_dated 20100101000000Z 20150101000000Z
    root_fails "root.crt: expired at 2015-01-01T00:00:00Z"
    root_dated 20900101000000Z 20950101000000Z
    root_fails "root.crt: not yet valid; it begins at 2090-01-01T00:00:00Z (is the clock right?)"
    root_dated 20200101000000Z "$(date -u -d '+4 years' +%Y%m%d%H%M%SZ)"
    root_fails '"intermediate certificate" is to be valid until'
    [[ $stderr == *"give it a shorter valid_for"* ]]
    root_dated 20200101000000Z "$(date -u -d '+6 years' +%Y%m%d%H%M%SZ)"
    run -0 at_ca
}

@test "a root with a weak key: RSA-1024, a curve that nobody uses" {
    back_to purged
    root_key RSA:1024 && root_certificate root sha256
    root_fails "root.crt: the RSA key has 1024 bits, at least 2048 are needed"
    root_key EC:secp256k1 && root_certificate root sha256
    root_fails "root.crt: the key is EC-256-other-curve; of elliptic curves P-256, P-384 and P-521 are good"
}

@test "a file that is no certificate, more than one, or one with a key in it" {
    back_to purged
    cp media/root.crt right.crt
    cat right.crt media/root.key >media/root.crt
    root_fails "root.crt: holds a private key, expected only a certificate; take the key out of the file"
    openssl pkey -in media/root.key -passin file:pw/root | cat - right.crt >media/root.crt
    root_fails "root.crt: holds a private key"
    cat right.crt right.crt >media/root.crt
    root_fails "root.crt: holds 2 PEM blocks, expected exactly one certificate"
    for content in garbage ""; do
        printf '%s' "$content" >media/root.crt
        root_fails 'root.crt: holds no certificate, neither as PEM'
    done
    head -c 300 right.crt >media/root.crt
    root_fails "root.crt: the PEM block cannot be decoded"
    head -c 4194305 /dev/zero >media/root.crt
    root_fails "media/root.crt: larger than 4194304 bytes"
    openssl req -new -config <(root_config) -key media/root.key -passin file:pw/root -out media/root.crt
    root_fails 'root.crt: holds a PEM block "CERTIFICATE REQUEST", expected "CERTIFICATE"'
    # One bit of the signature.
    openssl x509 -in right.crt -outform DER >right.der
    byte=$(tail -c 1 right.der | od -An -tu1)
    { head -c -1 right.der && printf "\\x$(printf %02x $((byte ^ 1)))"; } >media/root.crt
    root_fails "root.crt: "
    cp right.der media/root.crt
    run -0 at_ca
}

@test "the medium is missing, and so is the file on it; a link, a folder, a pipe" {
    back_to enrolled
    rm -r media
    fails "--media media: is no folder; put the medium in, and run the same command again" at_ca
    back_to purged
    mv media/root.crt right.crt
    root_fails "media/root.crt is not there; put the medium with root.crt in, and run the same command again"
    ln -s ../right.crt media/root.crt
    root_fails "media/root.crt: is a symbolic link; name the file itself"
    rm media/root.crt && mkdir media/root.crt
    root_fails "media/root.crt: not a regular file"
    rmdir media/root.crt && mkfifo media/root.crt
    root_fails "media/root.crt: not a regular file"
    rm media/root.crt && mv right.crt media/root.crt
    run -0 at_ca
}

# ---- the root's key ----

@test "the root's key: another one, missing, garbage, there twice, a link" {
    key_fails() { fails "step 5 (Sign, offline): $1" at_root; }
    back_to asked
    cp media/root.key right.key
    root_key EC:P-256
    key_fails 'the private key (P-256) does not belong to the certificate of "CN=Example Offline Root CA, O=Example Org"'
    openssl pkey -in right.key -passin file:pw/root -pubout -out media/root.key
    key_fails "root.key: "
    echo garbage >media/root.key
    key_fails "root.key: not a valid PEM"
    rm media/root.key
    key_fails "root.key is neither on the media (media) nor in $trial/root"
    ln -s ../right.key media/root.key
    key_fails "media/root.key: is a symbolic link"
    rm media/root.key && cp right.key media/
    mv media/right.key media/root.key && mkdir root && cp right.key root/root.key
    key_fails "media/root.key and $trial/root/root.key are both there; which key is meant?"
    rm media/root.key
    chmod 640 root/root.key
    key_fails "$trial/root/root.key: mode 0640 lets others at this private key; \`chmod 600\` it"
    mv root/root.key media/ && rmdir root
    for mode in 644 602 610; do
        chmod $mode media/root.key
        key_fails "media/root.key: mode 0$mode lets others at this private key; \`chmod 600\` it, or where the medium"
    done
    chmod 400 media/root.key
    run -0 at_root
}

@test "a root's key that is not encrypted: the people decide, and the page says so" {
    back_to asked
    openssl pkey -in media/root.key -passin file:pw/root -out plain.key
    install -m 600 plain.key media/root.key
    fails "prompt sign-offline.unencrypted.1 (root.key is not encrypted. Use it all the same?) has no answer" at_root
    answer sign-offline.unencrypted.1 false
    fails '"stop" was answered to: root.key is not encrypted. Use it all the same?' at_root
    answer sign-offline.unencrypted.1 true
    run -0 at_root
    tar -xOf record/000005-sign-offline.tar page.json | jq -e '.deviations == [{
        "by": "Grace Hopper", "decided": "it was used all the same", "happened": "root.key was not encrypted",
        "expected": "the root key encrypted under a password"}]'
    run -0 at_ca
    run -0 holds
    # What the program says to do is what makes it right.
    openssl pkcs8 -topk8 -iter 600000 -in plain.key -out new.key -passout file:pw/root
    back_to asked
    openssl pkey -in media/root.key -passin file:pw/root -out plain.key
    openssl pkcs8 -topk8 -iter 600000 -in plain.key -out new.key -passout file:pw/root
    install -m 600 new.key media/root.key
    run -0 at_root
}

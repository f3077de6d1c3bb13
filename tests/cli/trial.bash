# shellcheck shell=bash
# A ceremony in one folder, small enough to be begun anew for every test, with a root that openssl made.
#
#   $trial         the folder, always the same one, so that the paths inside ca.json stay true
#     script/        the flagship's script, with a key that is quickly made, and its template
#     media/         root.crt, root.key
#     pw/            password files: seal, authority, provisioner, root
#     home-ca/, home-root/, answers.json, card.txt; and what the walk makes: record/, ca/, root/
bats_require_minimum_version 1.5.0
load "$BATS_TEST_DIRNAME/../cli/note"

golden=$BATS_TEST_DIRNAME/../golden
house=$BATS_TEST_DIRNAME/../..
trial=$BATS_FILE_TMPDIR/trial
umask 077

password() { printf '%s' "$2" >"pw/$1" && chmod 600 "pw/$1"; }

# ---- roots ----

root_config() {
    cat <<'CNF'
[req]
distinguished_name = name
prompt = no
[name]
O = Example Org
CN = Example Offline Root CA
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[short]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[silent]
basicConstraints = critical, CA:TRUE
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
[ca]
default_ca = any
[any]
database = index.txt
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = any_policy
[any_policy]
commonName = supplied
organizationName = supplied
CNF
}

# A root's key, encrypted: root_key RSA:BITS or EC:CURVE.
root_key() {
    local option=rsa_keygen_bits
    [ "${1%%:*}" = EC ] && option=ec_paramgen_curve
    openssl genpkey -algorithm "${1%%:*}" -pkeyopt "$option:${1#*:}" -aes-256-cbc -pass file:pw/root \
        -out media/root.key 2>/dev/null
}

# Its certificate, and the answer to the compare: root_certificate SECTION DIGEST.
root_certificate() {
    openssl req -new -x509 -config <(root_config) -extensions "$1" "-$2" -days 7300 -key media/root.key \
        -passin file:pw/root -out media/root.crt
    answers_write
}

# The same from one instant to another: root_dated START END, each as YYYYMMDDHHMMSSZ.
root_dated() {
    local folder
    folder=$(mktemp -d -p "$BATS_TEST_TMPDIR")
    : >"$folder/index.txt"
    root_config | sed "s|= index.txt|= $folder/index.txt|; s|new_certs_dir = .|new_certs_dir = $folder|" >"$folder/cnf"
    openssl req -new -config "$folder/cnf" -key media/root.key -passin file:pw/root -out "$folder/csr"
    openssl ca -batch -notext -config "$folder/cnf" -selfsign -in "$folder/csr" -keyfile media/root.key \
        -passin file:pw/root -extensions root -startdate "$1" -enddate "$2" -out media/root.crt 2>/dev/null
    answers_write
}

# One of the golden roots: root_golden rsa4096 or p384.
root_golden() {
    cp "$golden/root/root-$1.crt" media/root.crt
    install -m 600 "$golden/root/root-$1.key" media/root.key
    password root "$(cat "$golden/pw/root.txt")"
    answers_write
}

# ---- people ----

# What they would type; an interrupted step begins with the question whether all are present. card.txt is the card from
# the safe.
answers_write() {
    openssl x509 -in media/root.crt -outform DER | sha256sum | cut -d ' ' -f 1 >card.txt
    jq -n --arg root "$(cat card.txt)" '{
        "start.administrator.1": "Ada Lovelace", "start.operator.1": "Grace Hopper",
        "start.witnesses.1": "Alan Turing", "start.witnesses.2": "Joan Clarke",
        "start.rehearsal.1": true, "start.previous.1": true, "start.enrolled.1": true, "start.plan.1": true,
        "purge-the-keys-it-came-with.purge.1": true,
        "bring-in-the-root-certificate.compare.1": $root,
        "sign-offline.confirm.1": true, "sign-offline.unlock.1": true, "sign-offline.sign.1": true,
        "sign-offline.publish.1": true, "sign-offline.publish.2": 0,
        "check-that-it-will-run.attest.1": "yes", "check-that-it-will-run.attest.2": "yes",
        "check-that-it-will-run.attest.3": "yes", "check-that-it-will-run.attest.4": "yes"
    } + ([
        "initialize-the-pki", "purge-the-keys-it-came-with", "bring-in-the-root-certificate", "ask-to-be-signed",
        "sign-offline", "install-the-certificate", "set-up-active-revocation", "set-up-the-policy",
        "check-that-it-will-run"
    ] | map({key: "\(.).present.1", value: true}) | from_entries)' >answers.json
}

# Change one: answer ID JSON; without JSON it is taken away.
answer() {
    jq --arg id "$1" --argjson value "${2:-null}" 'if $value == null then del(.[$id]) else .[$id] = $value end' \
        answers.json >answers.new && mv answers.new answers.json
}

# ---- the trial ----

script_edit() { sed -i "$@" script/intermediate-ca.lua; }

enrol() {
    "$VERGER" enrol --home "home-$1" --name "Station $1" --station "$1" --password-file seal=pw/seal &&
        lighten "home-$1/seal.key" pw/seal
}

# The same key, encrypted with one round of PBKDF2: every call of these tests would do 600,000 to open it.
lighten() {
    openssl pkcs8 -topk8 -iter 1 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in "$1" -passin "file:$2" \
        -passout "file:./$2" -out light.key && mv light.key "$1"
}

# From nothing to two enrolled stations. The four passwords differ, so that a mix-up is seen, and stand nowhere else.
prepare() {
    cd / && rm -rf "$trial" && mkdir -p "$trial" && cd "$trial" || return 1
    mkdir media pw script
    for name in seal authority provisioner root; do password $name "$name password, $(openssl rand -hex 12)"; done
    cp "$house"/lua/ceremonies/* script/
    script_edit 's/RSA-3072/P-256/'
    root_key EC:P-256
    root_certificate root sha256
    enrol ca && enrol root
}

# Keep this state of the trial under a name; go back to one.
keep() { rm -rf "${BATS_FILE_TMPDIR:?}/$1" && cp -a "$trial" "$BATS_FILE_TMPDIR/$1"; }
back_to() {
    cd / && rm -rf "$trial" && cp -a "$BATS_FILE_TMPDIR/$1" "$trial" && cd "$trial" || return 1
}

# The command of each station, for the array that is named; a test may change the array before it runs it.
ca_command=("$VERGER" run script/intermediate-ca.lua --station ca --home home-ca --record record --media media
    --authority ca --enrol home-root/seal.crt)
root_command=("$VERGER" run script/intermediate-ca.lua --station root --home home-root --record record --media media
    --authority root)
from_files=(--answers answers.json --unattended --password-file seal=pw/seal authority=pw/authority
    provisioner=pw/provisioner "root key=pw/root")

# setsid: whatever terminal the tests are run from, these have none.
alone() { setsid -w "$@" </dev/null; }
# shellcheck disable=SC2120 # some tests add options
at_ca() { alone "${ca_command[@]}" "${from_files[@]}" "$@"; }
# shellcheck disable=SC2120
at_root() { alone "${root_command[@]}" "${from_files[@]}" "$@"; }

# The states that most tests begin from: enrolled; purged (its step 3 waits for the medium); asked (the root's turn);
# signed (the ca's turn again); complete.
states() (
    prepare && keep enrolled || return
    mv media/root.crt root.crt
    at_ca >said 2>&1 && return 1
    mv root.crt media/root.crt
    keep purged && at_ca >said && keep asked && at_root >said && keep signed && at_ca >said && keep complete
)

# ---- judging ----

# All bytes, names and modes below the given paths, as one list to compare. The journal grows with every attempt,
# the heads with every look at a record, and the lock holds the newest process: all three are as they should be.
picture() {
    local path
    for path in "$@"; do
        if [ -e "$path" ]; then
            find "$path" ! -name journal ! -name lock ! -name heads -printf '%y %m %p %l\n'
            find "$path" -type f ! -name journal ! -name lock ! -name heads -exec sha256sum {} +
        else
            echo "absent $path"
        fi
    done | LC_ALL=C sort
}
whole() { picture record ca root media home-ca home-root script; }

# A command fails with status 1 and one message on standard error that has the given words. Nothing has changed,
# nothing is staged, no secret is shown.
fails() {
    local words=$1 before
    shift
    before=$(whole)
    run --separate-stderr "$@"
    refused "$words"
    diff <(echo "$before") <(whole)
    [ -z "$(find record ca root -name .verger-staging -o -name .staging 2>/dev/null)" ]
}

# What was run last failed with these words.
refused() {
    without_note
    # shellcheck disable=SC2154 # bats sets it
    echo "status $status: $stderr"
    [ "$status" -eq 1 ]
    [[ $stderr == "verger "* ]]
    [ "$(grep -c '^verger' <<<"$stderr")" -eq 1 ]
    [[ $stderr == *"$1"* ]] || { echo "without: $1" && return 1; }
    shows_no_secret <<<"$output$stderr"
}

# Neither a password of the trial nor a private key stands in standard input.
shows_no_secret() {
    local text file secret
    text=$(cat)
    for file in pw/*; do
        [ -f "$file" ] || continue
        secret=$(tr -d '\0' <"$file")
        [ -z "$secret" ] || [[ $text != *"$secret"* ]] || { echo "$file is shown" && return 1; }
    done
    [[ $text != *"PRIVATE KEY"* ]] || { echo "a private key is shown" && return 1; }
}

# The record is whole and holds against the stations' certificates.
holds() {
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    "$VERGER" verify record --signers signers.pem
}

# ---- forgeries ----

# Turn a bit of a file's byte: flip FILE OFFSET. A byte that is put there could be the one that was there.
flip() { perl -e 'open my $f, "+<", $ARGV[0] or die; seek $f, $ARGV[1], 0; read $f, my $b, 1; seek $f, $ARGV[1], 0;
    print $f $b ^ "\x01"' "$1" "$2"; }

# A page made anew after a command has run in its unpacked folder: repack PAGE COMMAND... Sums and form are right
# again; its seal is not.
repack() {
    local page=$PWD/$1 folder members
    shift
    folder=$(mktemp -d -p "$BATS_TEST_TMPDIR") && tar -xf "$page" -C "$folder"
    mapfile -t members < <(tar -tf "$page")
    # shellcheck source=tests/tar.sh
    (. "$house/tests/tar.sh" && cd "$folder" && "$@" && sha256sum "${members[0]}" "${members[@]:2}" >SHA256SUMS &&
        tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 --mtime="$(jq -r .finished.utc page.json)" \
            -cf "$page" "${members[@]}")
}

# The JSON that the last `verify --json` printed has this check among those that failed.
broken() { jq -e --arg id "$1" 'any(.failures[]; .id == $id)' <<<"$output"; }

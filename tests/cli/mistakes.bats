#!/usr/bin/env bats
# Bad input on the day: one clear message, exit 1, nothing half made, no secret shown.
bats_require_minimum_version 1.5.0
load ceremony

setup_file() {
    lay_out "$BATS_FILE_TMPDIR/fresh" p384
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    cp -a "$BATS_FILE_TMPDIR/fresh" day
    enrol=(--enrol day/ca/home/seal.crt day/root/home/seal.crt)
}

# How many pages the record has.
pages() {
    find day/record -name '*.tar' 2>/dev/null | wc -l
}

# A self-signed certificate for the medium, valid over $1 ("20200101000000Z 20210101000000Z"), with the extensions $2.
certificate() {
    local start=${1% *} end=${1#* }
    {
        printf '[req]\ndistinguished_name=n\nprompt=no\n[n]\nCN=Odd\n[ca]\ndefault_ca=c\n[c]\ndatabase=index\n'
        printf 'serial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nx509_extensions=e\n'
        printf '[p]\ncommonName=supplied\n[e]\n%b' "$2"
    } >odd.cnf
    : >index
    openssl req -new -config odd.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout odd.key -out odd.csr 2>/dev/null
    openssl ca -batch -selfsign -config odd.cnf -create_serial -keyfile odd.key -in odd.csr -notext \
        -startdate "$start" -enddate "$end" -out day/ca/media/root.crt 2>/dev/null
}
now="20200101000000Z 20600101000000Z"
is_ca='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n'

# Step 3 refuses the root certificate on the medium; the pages before stand, and the next try with the right one goes on.
root_refused() {
    refused "$1" session day ca "${enrol[@]}"
    [[ $stderr == *"root.crt"* ]]
    [ "$(pages)" -eq 3 ]
    [ ! -e day/ca/authority/certs/root_ca.crt ]
    cp "$golden/root/root-p384.crt" day/ca/media/root.crt
    run -0 session day ca
    [ "$(pages)" -eq 5 ]
}

@test "no answer for a prompt: its id and question are named" {
    jq 'del(."start.operator.1")' day/answers.json >less.json && mv less.json day/answers.json
    refused 'prompt start.operator.1 (Who is the operator?) has no answer' session day ca "${enrol[@]}"
    [ "$(pages)" -eq 0 ]
}

@test "no terminal, and nobody said --unattended" {
    refused "there is no terminal" setsid -w "$VERGER" run "$script" --station ca --home day/ca/home --record day/record \
        --media day/ca/media --authority day/ca/authority "${enrol[@]}" --password-file seal=day/ca/passwords/seal
    [ "$(pages)" -eq 0 ]
}

@test "a wrong password in a file is wrong once, and the file is named" {
    echo "not the password" >day/ca/passwords/seal
    refused "day/ca/passwords/seal: the password in it is not the one of seal" session day ca "${enrol[@]}"
    [ "$(pages)" -eq 0 ]
}

@test "three wrong passwords at the terminal are a clean stop" {
    run expect -f "$BATS_TEST_DIRNAME/wrong.exp" "$VERGER" "$script"
    [ "$status" -eq 1 ]
    [[ $output == *"try 1 of 3"*"try 2 of 3"*"three wrong passwords"* ]]
    [[ $output != *"guess number"* ]]
    [ "$(pages)" -eq 0 ]
}

@test "the medium is missing" {
    rm -r day/ca/media
    refused "day/ca/media" session day ca "${enrol[@]}"
    [ "$(pages)" -eq 0 ]
}

@test "a file on the medium is missing" {
    rm day/ca/media/root.crt
    root_refused "is not there; put the medium"
}

@test "a root that is a leaf" {
    certificate "$now" 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n'
    root_refused "not a CA certificate"
}

@test "a root that has expired" {
    certificate "20200101000000Z 20210101000000Z" "$is_ca"
    root_refused "2021"
}

@test "a private key in the root's file" {
    cat "$golden/root/root-p384.key" >>day/ca/media/root.crt
    root_refused "private key"
}

@test "two certificates in the root's file" {
    cat "$golden/root/root-rsa4096.crt" >>day/ca/media/root.crt
    root_refused "expected exactly one certificate"
}

@test "a root other than the one on the card" {
    certificate "$now" "$is_ca"
    refused "they differ first at digit" session day ca "${enrol[@]}"
    [ "$(pages)" -eq 3 ]
}

@test "the root's key has another password, and then the right one: nothing is signed twice" {
    run -0 session day ca "${enrol[@]}"
    echo "not the password" >day/root/passwords/root-key
    refused "the password in it is not the one of root key" session day root
    [ "$(pages)" -eq 5 ]
    cat "$golden/pw/root.txt" >day/root/passwords/root-key
    run -0 session day root
    run -0 session day ca
    run -0 "$VERGER" verify day/record --signers day/signers.pem
}

@test "a record folder that is something else" {
    mkdir day/record && echo hello >day/record/diary.txt
    refused "diary.txt" session day ca "${enrol[@]}"
    [ "$(ls day/record)" = diary.txt ]
}

@test "an authority folder that is something else" {
    mkdir day/ca/authority && echo hello >day/ca/authority/diary.txt
    refused "day/ca/authority" session day ca "${enrol[@]}"
    [ "$(find day/ca/authority -type f ! -path '*/.verger*')" = day/ca/authority/diary.txt ]
}

@test "folders in one another are refused" {
    refused "must not lie in" "$VERGER" run "$script" --station ca --home day/ca/home --record day/ca/home/record \
        --media day/ca/media --authority day/ca/authority --unattended --answers day/answers.json
}

@test "the wrong station, a station that nobody knows, a station that nobody enrolled" {
    refused "begins at ca" session day root "${enrol[@]}"
    refused 'did you mean "root"' "$VERGER" run "$script" --station roott --home day/ca/home --record day/record \
        --media day/ca/media --authority day/ca/authority
    refused "no certificate is enrolled for root" session day ca
    [ "$(pages)" -eq 0 ]
}

@test "a rehearsal is marked, and a run does not go on with it" {
    run -0 --separate-stderr "$VERGER" rehearse "$script" --record day/rehearsal --unattended
    [ -z "$(grep -vE '^(REHEARSAL|$)' <<<"$output")" ]
    for page in day/rehearsal/*.tar; do
        [ "$(tar -xOf "$page" page.json | jq .rehearsal)" = true ]
        [ -z "$(tar -xOf "$page" transcript.txt | grep -v REHEARSAL)" ]
    done
    openssl x509 -in day/rehearsal/signers/ca.crt -noout -subject | grep -q 'O = REHEARSAL'
    run -3 "$VERGER" verify day/rehearsal
    [[ $output == *[Rr]ehearsal* ]]
    cp -a day/rehearsal day/record
    refused "rehearsal" session day ca "${enrol[@]}"
    rm -r day/record
    run -0 session day ca "${enrol[@]}" --rehearsal day/rehearsal
    [ "$(tar -xOf day/record/000000-*.tar page.json | jq '.deviations | length')" -eq 0 ]
}

@test "a full disk: one message, and the same command goes on when there is room" {
    [ "$(id -u)" -eq 0 ] || skip "needs root, to mount a small file system"
    mkdir day/record
    mount -t tmpfs -o size=96k none day/record 2>/dev/null || skip "cannot mount here"
    run --separate-stderr session day ca "${enrol[@]}"
    first=$status message=$stderr
    mount -o remount,size=8m day/record
    run session day ca "${enrol[@]}"
    second=$status done_pages=$(pages)
    umount day/record
    [ "$first" -eq 1 ]
    [[ $message == *"No space left on device"* ]]
    [ "$second" -eq 0 ]
    [ "$done_pages" -eq 5 ]
}

@test "an authority that cannot be written: one message, and nothing half made" {
    [ "$(id -u)" -eq 0 ] || skip "needs root, to mount a file system read-only"
    mkdir day/ca/authority
    mount -t tmpfs -o ro none day/ca/authority 2>/dev/null || skip "cannot mount here"
    run --separate-stderr session day ca "${enrol[@]}"
    umount day/ca/authority
    [ "$status" -eq 1 ]
    [[ $stderr == *"Read-only file system"* ]]
    [ "$(pages)" -le 1 ]
}

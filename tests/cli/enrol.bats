#!/usr/bin/env bats
# verger enrol, and through it the rules for secrets: the terminal, and password files.
bats_require_minimum_version 1.5.0
load note

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    password="a pass phrase of nobody 77"
    (umask 077 && printf '%s \n' "$password" >pw)
}

enrol() {
    run --separate-stderr setsid -w "$VERGER" enrol --home home --name "Ann Example" --station ca "$@"
}

@test "with a password file: a key that openssl opens, a certificate that openssl reads" {
    enrol --password-file seal=pw
    [ "$status" -eq 0 ]
    [ "$(stat -c %a home home/seal.key home/seal.crt | tr '\n' ' ')" = "700 600 644 " ]
    grep -q 'BEGIN ENCRYPTED PRIVATE KEY' home/seal.key
    cmp <(openssl pkey -in home/seal.key -passin "pass:$password" -pubout) \
        <(openssl x509 -in home/seal.crt -noout -pubkey)
    openssl x509 -in home/seal.crt -noout -subject -nameopt RFC2253 | grep -q 'CN=Ann Example'
    fingerprint=$(openssl x509 -in home/seal.crt -outform DER | sha256sum | cut -d ' ' -f 1)
    [[ $(tr -d ' \n' <<<"$output") == *"$fingerprint" ]]
    [[ $output != *"$password"* ]]
}

@test "a witness" {
    run -0 "$VERGER" enrol --home home --name Wim --witness --password-file seal=pw
    openssl x509 -in home/seal.crt -noout -subject -nameopt RFC2253 | grep -q 'OU=witness'
}

@test "on a terminal: typed twice, never shown" {
    run -0 expect -f "$BATS_TEST_DIRNAME/enrol.exp" "$VERGER" "$password"
    [[ $output != *"phrase of nobody"* ]]
    [[ $output == *"The two differ."* ]]
    openssl pkey -in home/seal.key -passin "pass:$password" -noout
}

@test "interrupted at the terminal: the terminal is as it was, and nothing is made" {
    run -0 expect -f "$BATS_TEST_DIRNAME/interrupt.exp" "$VERGER"
    [[ $output == *"status 130"* ]]
    [[ $output == *"is echoing"* ]]
    [[ $output != *"half a sec"* ]]
    [ ! -e home ]
}

@test "ended from elsewhere while a password is typed: what was typed by then is nowhere" {
    for signal in TERM HUP; do
        run -0 expect -f "$BATS_TEST_DIRNAME/interrupt.exp" "$VERGER" $signal
        [[ $output == *"is echoing"* ]]
        [[ $output == *"left over: ."* ]]
        [ ! -e home ]
    done
}

@test "no terminal and no password file: says which one to give" {
    enrol
    [ "$status" -eq 1 ]
    [[ $stderr == *'there is no terminal: give --password-file "seal=FILE"'* ]]
    [ ! -e home ]
}

# `verger enrol` with this password file fails with these words, and makes nothing.
refused() {
    enrol --password-file "seal=$1"
    without_note
    [ "$status" -eq 1 ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"$2"* ]] || {
        echo "$stderr"
        return 1
    }
    [ ! -e home ]
}

@test "password files that are refused: links, readable by others, empty, missing, a folder" {
    ln -s pw link
    refused link "symbolic link"
    cp pw open
    chmod 644 open
    refused open "chmod 600"
    (umask 077 && echo ' ' >empty)
    refused empty "holds no password"
    refused missing "missing"
    mkdir -m 700 folder
    refused folder "regular file"
}

@test "a password file under record, media or authority is refused before anything is done" {
    mkdir record media authority
    for folder in record media authority; do
        cp -p pw "$folder/pw"
        run -1 --separate-stderr "$VERGER" run s.lua --station ca --home home --record record --media media \
            --authority authority --password-file "root key=$folder/pw"
        [[ $stderr == *"$folder/pw: a password file must not lie under $folder"* ]]
    done
}

@test "a weak password, from a file and at a terminal" {
    (umask 077 && echo 'short one' >weak)
    refused weak 'the password "seal" is too weak: it needs at least 12 characters, 6 of them different'
    run -1 expect -f "$BATS_TEST_DIRNAME/enrol.exp" "$VERGER" aaaaaaaaaaaaaaaa
    [[ $output == *"A new password for the sealing key (at least 12 characters, 6 of them different): "*"too weak"* ]]
    [ ! -e home ]
}

# A name that no script could give a person is none here either.
@test "a name is held to the rule for a script's people" {
    refused_name() {
        run -1 --separate-stderr "$VERGER" enrol --home home --name "$1" --station ca --password-file seal=pw
        [[ $stderr == *"--name $2"* ]] || { echo "$stderr" && return 1; }
        [ ! -e home ]
    }
    refused_name "Ada Exаmple" "mixes Latin letters with U+0430"
    refused_name "Ada [x] Example" "holds \"[x]\""
    refused_name "Ada"$'\xe2\x80\x8b' "holds a character that cannot be seen (U+200B)"
    refused_name "Ada <ada@example.com>" "holds < or >"
}

@test "a second time: what is there stays" {
    enrol --password-file seal=pw
    before=$(sha256sum home/*)
    enrol --password-file seal=pw
    [ "$status" -eq 1 ]
    [[ $stderr == *"home/seal.key: is there already"* ]]
    [ "$before" = "$(sha256sum home/*)" ]
}

@test "a folder that cannot be made is one clear message" {
    run -1 --separate-stderr "$VERGER" enrol --home missing/home --name Ann --station ca --password-file seal=pw
    without_note
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"missing/home"* ]]
}

@test "a station's name that no script could use" {
    run -1 --separate-stderr "$VERGER" enrol --home home --name Ann --station "C A" --password-file seal=pw
    [ ! -e home/seal.key ]
}

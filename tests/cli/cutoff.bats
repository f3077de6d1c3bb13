#!/usr/bin/env bats
# A run that is cut off: no room, no right to write, two at once, a machine that fails. The same command goes on;
# nothing is lost, and nothing is signed twice.
load trial

setup_file() { states; }

teardown() {
    cd /
    for folder in "$trial"/*; do
        ! mountpoint -q "$folder" || umount "$folder"
    done
}

# A file system of this size at a folder that is there or not, with what lies in it: small SIZE FOLDER
small() {
    mkdir -p "$2"
    cp -a "$2" was
    mount -t tmpfs -o "size=$1,mode=0700" none "$2" 2>/dev/null || skip "cannot mount a file system here"
    cp -a was/. "$2" && rm -r was
}

# The commands go on to the end, the record holds, and the root signed one certificate and one list.
goes_on() {
    run -0 at_ca
    run -0 at_root
    run -0 at_ca
    [[ $output == *"The ceremony is complete: 9 steps, 10 pages."* ]]
    ends_well
}

ends_well() {
    run -0 holds
    [ "$(jq -r .kind home-root/register | sort | tr '\n' ' ')" = "certificate crl " ]
    [ "$(jq -r 'select(.kind == "certificate").serial | ascii_upcase' home-root/register)" = \
        "$(openssl x509 -in ca/certs/intermediate_ca.crt -noout -serial | cut -d = -f 2)" ]
    cmp <(openssl pkey -in ca/secrets/intermediate_ca_key -passin file:pw/authority -pubout) \
        <(openssl x509 -in ca/certs/intermediate_ca.crt -noout -pubkey)
    [ -z "$(find record ca root -name .staging -o -name .verger-staging)" ]
    git -c safe.directory='*' -C record/ledger.git fsck --strict
}

# ---- no room ----

@test "no room where the record lies, one message, and it goes on" {
    local size
    for size in 16k 48k 100k 140k; do
        back_to enrolled
        small $size record
        run --separate-stderr at_ca
        refused "No space left on device"
        mount -o remount,size=8m record
        run -0 at_ca
        run -0 holds
        umount record
    done
}

@test "no room at the root, wherever: found before its key signs" {
    local folder
    for folder in record root home-root; do
        back_to asked
        small "$(($(du -sk --apparent-size "$folder" 2>/dev/null | cut -f 1 || echo 0) + 200))k" "$folder"
        run --separate-stderr at_root
        refused "KiB of free space left, and 4096 KiB are needed; make room"
        run ! grep -q '"kind":"intent"' home-root/journal
        mount -o remount,size=8m "$folder"
        run -0 at_root
        run -0 at_ca
        ends_well
        umount "$folder"
    done
}

@test "no room where the authority lies: keys of a sealed page stay staged until they are in their place" {
    local size
    for size in 4k 12k 20k; do
        back_to enrolled
        small $size ca
        run --separate-stderr at_ca
        refused "No space left on device"
        mount -o remount,size=8m ca
        goes_on
        umount ca
    done
}

@test "no room where the home lies" {
    back_to enrolled
    small 12k home-ca
    run --separate-stderr at_ca
    refused "home-ca/"
    [[ $stderr == *"No space left on device"* ]]
    mount -o remount,size=8m home-ca
    goes_on
}

# Without a file system of its own: files that may not grow. Page 0 is the first that is long.
@test "a file that cannot be written to its end: nothing of it stays" {
    back_to enrolled
    limited() (
        trap '' XFSZ
        ulimit -f 30
        at_ca
    )
    fails "record/.staging/000000-script.tar: cannot be written: File too large" limited
    goes_on
}

@test "killed while page 0 was written: the half is thrown away" {
    back_to enrolled
    run bash -c 'ulimit -f 30; exec "$@"' - "${ca_command[@]}" "${from_files[@]}"
    [ "$status" -eq 153 ] # SIGXFSZ
    [ -s record/.staging/000000-script.tar ]
    goes_on
}

# ---- no right to write ----

# Root may write wherever the file system lets it; others may be refused by a mode.
close_folder() {
    if [ "$(id -u)" -eq 0 ]; then
        mount --bind "$1" "$1" 2>/dev/null || skip "cannot mount a folder read-only here"
        mount -o remount,bind,ro "$1"
    else
        chmod a-w "$1"
    fi
}
open_folder() { if [ "$(id -u)" -eq 0 ]; then umount "$1"; else chmod u+w "$1"; fi; }

@test "an authority, a record, a home that cannot be written" {
    for folder in ca record home-ca; do
        back_to enrolled
        mkdir -p $folder
        close_folder $folder
        run --separate-stderr at_ca
        refused "$folder"
        [[ $stderr == *"Read-only file system"* || $stderr == *"Permission denied"* ]]
        [ ! -e ca/certs ]
        open_folder $folder
        goes_on
    done
}

@test "another user runs it: the home is not theirs" {
    [ "$(id -u)" -eq 0 ] || skip "needs root, to be somebody else"
    back_to asked
    chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$trial" "$trial"/{script,media} 2>/dev/null || true
    cp "$VERGER" verger && chmod 755 verger
    as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
    as_nobody test -x verger || skip "nobody but root can reach $trial"
    fails "Permission denied" as_nobody ./verger "${root_command[@]:1}" "${from_files[@]}"
    mkdir -m 700 theirs && chown 65534 theirs
    before=$(whole)
    run --separate-stderr as_nobody ./verger "${root_command[@]:1}" --unattended --answers answers.json
    refused "Permission denied"
    diff <(echo "$before") <(whole)
}

# ---- two at once ----

@test "two at once: the second is refused, by the home and by the authority, and the first goes on" {
    back_to enrolled
    expect -f "$BATS_TEST_DIRNAME/people.exp" '^Was the plan' hold "${ca_command[@]}" "${from_files[@]:3}" \
        <<<"" >first.txt 2>&1 3>&- &
    first=$!
    until [ -e held ] || ! kill -0 $first; do sleep 0.05; done
    run --separate-stderr at_ca
    refused "home-ca/lock: another verger works here (process "
    cp -a home-ca home-twin
    run --separate-stderr alone "$VERGER" run script/intermediate-ca.lua --station ca --home home-twin --record other \
        --media media --authority ca "${from_files[@]}"
    refused "ca: another verger works here"
    [ ! -e other ]
    rm -r home-twin held
    wait $first
    [ "$(find record -name '*.tar' | wc -l)" -eq 5 ]
    run -0 holds
}

# ---- the machine fails ----

# People at a terminal, until the question that $1 matches; then $2. At which station: $3.
until_asked() {
    local command=("${ca_command[@]}")
    [ "$3" = ca ] || command=("${root_command[@]}")
    run expect -f "$BATS_TEST_DIRNAME/people.exp" "$1" "$2" "${command[@]}" "${from_files[@]:3}"
}

@test "killed while people are asked, in every step that asks: the same command goes on" {
    back_to enrolled
    for question in '^Who is the operator' '^Was the plan' '^Purge these' '^Is the fingerprint'; do
        until_asked "$question" kill ca
        [ "$status" -eq 137 ]
    done
    until_asked '^$' - ca
    [ "$status" -eq 0 ]
    "$VERGER" verify record | sed -n '/^Head:/,/^$/p' | tail -n +2 >words.txt
    for question in '^Type word' 'cable out' '^Unlock' '^Sign the intermediate' '^Sign the root'; do
        until_asked "$question" kill root
        [ "$status" -eq 137 ]
    done
    until_asked '^$' - root
    [ "$status" -eq 0 ]
    [[ $output == *"The certificate that an earlier attempt signed, announced at "* ]]
    "$VERGER" verify record | sed -n '/^Head:/,/^$/p' | tail -n +2 >words.txt
    until_asked '^$' - ca
    [ "$status" -eq 0 ]
    ends_well
    # Whether a network interface is up is this machine's affair.
    [ "$(for page in record/*.tar; do
        tar -xOf "$page" page.json | jq '.deviations | map(select(.rule != "network.up")) | length'
    done | paste -sd +)" = 1+0+0+0+0+0+0+0+0+0 ]
}

@test "interrupted at the keyboard: they are asked, stop, and the same command goes on" {
    back_to enrolled
    until_asked '^Purge these' interrupt ca
    [ "$status" -eq 1 ]
    [[ $output == *"You stop here. The pages before this step stay"* ]]
    [[ $output == *'"stop" was answered to: Purge these files now?'* ]]
    [ -f ca/secrets/root_ca_key ]
    until_asked '^$' - ca
    [ "$status" -eq 0 ]
    run -0 holds
}

@test "they stop when the sealing key's password is asked for: page 0, or the page that comes next, says why" {
    for state in enrolled:000000 purged:000003; do
        back_to "${state%:*}"
        run expect -f "$BATS_TEST_DIRNAME/people.exp" "^Password of this station" interrupt "${ca_command[@]}"
        [ "$status" -eq 1 ]
        run -0 at_ca
        tar -xOf record/"${state#*:}"-*.tar transcript.txt | grep -F 'Why they stopped: The fire alarm rang.'
    done
}

@test "an announced signature left nothing: the people decide, the same bytes are signed, and the page says so" {
    back_to asked
    answer sign-offline.publish.1 false
    run at_root
    serial=$(jq -r .serial home-root/register)
    rm -r record/.staging home-root/register
    answer sign-offline.publish.1 true
    run --separate-stderr at_root
    refused "prompt sign-offline.decide.1 (An earlier attempt announced the signature of serial number $serial"
    answer sign-offline.decide.1 false
    run --separate-stderr at_root
    refused '"stop" was answered to: An earlier attempt announced'
    answer sign-offline.decide.1 true
    run -0 at_root
    tar -xOf record/000005-sign-offline.tar page.json | jq -e '.deviations | length == 1'
    openssl x509 -in root/publish/intermediate.pem -noout -serial | grep -qix "serial=$serial"
    run -0 at_ca
    run -0 holds
}

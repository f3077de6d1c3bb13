#!/usr/bin/env bats
# Secrets stay in their places: after whole and after failed runs, no password and no private key is in the record, its
# ledger, a transcript, a journal, the public files, what the commands said, their arguments, or a file left in /tmp.
load trial

setup_file() (
    prepare
    script_edit 's/P-256/RSA-2048/' # primes to look for
    keep enrolled
)

setup() {
    back_to enrolled
    touch "$BATS_TEST_TMPDIR/begin"
}

hex() { od -An -v -tx1 | tr -d ' \n'; }

# The numbers of a private key in openssl's text, as lines for needles.pl: key_numbers NAME KEY PASSWORD_FILE
key_numbers() {
    openssl pkey -in "$2" -passin "file:$3" -noout -text | awk -v name="$1" '
        /^[a-zA-Z0-9]+:/ { part = $1; sub(":", "", part) }
        /^ +[0-9a-f:]+$/ { gsub(/[ :]/, ""); number[part] = number[part] $0 }
        END { for (part in number) if (part ~ /^(priv|privateExponent|prime1|prime2|exponent1|exponent2|coefficient)$/) {
            sub(/^(00)+/, "", number[part]); print name "." part, number[part] } }'
    openssl pkey -in "$2" -passin "file:$3" -outform DER | hex | sed "s/^/$1.der /;s/\$/\n/"
}

# The lines of an encrypted key's PEM: secret too, though less.
key_lines() {
    grep -v -e '-----' "$2" | while read -r line; do echo "$1.pem $(printf %s "$line" | hex)"; done | awk 'length($2) > 40'
}

# All that must stay in its place, as far as it is there.
secrets() {
    for file in pw/*; do echo "password.${file#pw/} $(hex <"$file")"; done
    key_numbers root media/root.key pw/root
    key_lines root media/root.key
    for station in ca root; do
        key_numbers seal.$station home-$station/seal.key pw/seal
        key_lines seal.$station home-$station/seal.key
    done
    if openssl pkey -in ca/secrets/intermediate_ca_key -passin file:pw/authority -noout 2>/dev/null; then
        key_numbers intermediate ca/secrets/intermediate_ca_key pw/authority
        key_lines intermediate ca/secrets/intermediate_ca_key
    fi
    # Of the keys that are purged nobody can know more than how they lie on the disk.
    if [ -f ca/secrets/root_ca_key ]; then key_lines generated ca/secrets/root_ca_key; fi
}

# Everything public, with the objects of the ledger as they are inside.
public() {
    mkdir -p objects
    if [ -d record/ledger.git ]; then
        git -c safe.directory='*' -C record/ledger.git cat-file --batch-all-objects --batch >objects/all
    fi
    find record objects said* ca/config ca/certs root/publish -type f 2>/dev/null || true # what is there by now
    find home-ca home-root -type f ! -name seal.key
    find /tmp "${TMPDIR:-/tmp}" -xdev -path "$BATS_RUN_TMPDIR" -prune -o -type f -newer "$BATS_TEST_TMPDIR/begin" \
        -size -2048k -print 2>/dev/null || true
}

# needles.pl finds nothing in what is public, and does find each secret in its own place.
nothing_leaked() {
    cat secrets.known 2>/dev/null >"$BATS_TEST_TMPDIR/secrets" || true
    secrets >>"$BATS_TEST_TMPDIR/secrets"
    [ "$(cut -d . -f 1 "$BATS_TEST_TMPDIR/secrets" | sort -u | tr '\n' ' ')" = "$1" ]
    public | sort -u >"$BATS_TEST_TMPDIR/files"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/files")" -ge "$2" ]
    grep -qx home-ca/journal "$BATS_TEST_TMPDIR/files"
    xargs -a "$BATS_TEST_TMPDIR/files" -d '\n' perl "$BATS_TEST_DIRNAME/needles.pl" "$BATS_TEST_TMPDIR/secrets" >found
    cat found
    [ ! -s found ]
    for place in pw/authority media/root.key home-ca/seal.key; do
        perl "$BATS_TEST_DIRNAME/needles.pl" "$BATS_TEST_TMPDIR/secrets" "$place" | grep -q "^$place: "
    done
}

@test "after a whole run" {
    at_ca >said1 2>&1
    at_root >said2 2>&1
    at_ca >said3 2>&1
    run holds
    echo "$output" >said4
    "$VERGER" verify record --json >said5 || true
    nothing_leaked "intermediate password root seal " 80
}

@test "after failures: wrong passwords, a no, a key in the wrong file, a kill, no room" {
    people() { expect -f "$BATS_TEST_DIRNAME/people.exp" "$@"; }
    answer purge-the-keys-it-came-with.purge.1 false
    run at_ca
    echo "$output" >said1
    secrets | grep ^generated >secrets.known
    answer purge-the-keys-it-came-with.purge.1 true
    cp media/root.crt right.crt
    openssl pkey -in media/root.key -passin file:pw/root | cat - right.crt >media/root.crt
    run at_ca
    [ "$status" -eq 1 ]
    echo "$output" >said2
    cp right.crt media/root.crt
    # Page 4 is longer than its files may be: cut off behind the key.
    run bash -c 'ulimit -f 9; exec "$@"' - "${ca_command[@]}" "${from_files[@]}"
    echo "$output" >said3
    run -0 at_ca
    echo "$output" >said4
    cp -p pw/root right.pw
    password root "not the password of the root key, $RANDOM"
    run at_root
    [ "$status" -eq 1 ]
    echo "$output" >said5
    hex <pw/root | sed 's/^/password.wrong /;s/$/\n/' >>secrets.known
    mv right.pw pw/root
    for refused in sign publish; do
        answer sign-offline.$refused.1 false
        run at_root
        [ "$status" -eq 1 ]
        echo "$output" >said-$refused
        answer sign-offline.$refused.1 true
    done
    nothing_leaked "generated intermediate password root seal " 40
    run -0 at_root
    run -0 at_ca
    nothing_leaked "generated intermediate password root seal " 80
}

@test "typed at a terminal: nothing is echoed, and neither arguments nor environment hold a secret" {
    {
        cat pw/seal && echo
        for name in provisioner provisioner authority authority; do cat pw/$name && echo; done
    } >guess.txt
    expect -f "$BATS_TEST_DIRNAME/people.exp" 'fingerprint' hold "${ca_command[@]}" >said1 2>&1 </dev/null 3>&- &
    first=$!
    until [ -e held ] || ! kill -0 $first; do sleep 0.05; done
    pid=$(cat home-ca/lock)
    cat "/proc/$pid/cmdline" >said2
    cat "/proc/$pid/environ" >said3 2>/dev/null || true
    [ "$(tr '\0' ' ' <said2 | cut -d ' ' -f 2-4)" = "run script/intermediate-ca.lua --station" ]
    rm held
    wait $first
    mv guess.txt typed.txt
    nothing_leaked "intermediate password root seal " 30
}

@test "no system call carries a secret: neither a write, nor a name, nor an argument" {
    command -v strace >/dev/null || skip "strace is not installed"
    traced -f -o trace true 2>/dev/null || skip "strace cannot trace here"
    for session in ca root ca; do
        local command=("${ca_command[@]}")
        [ $session = ca ] || command=("${root_command[@]}")
        run -0 traced -f -xx -s 1000000 -o trace -e trace='!read,pread64' "${command[@]}" "${from_files[@]}"
        grep -q 'write(' trace
        sed 's/\\x//g' trace >>calls
    done
    # Encrypted keys are written, in PEM, and read nowhere else; what is inside them is not.
    secrets | grep -v '[.]pem ' >"$BATS_TEST_TMPDIR/secrets"
    run -0 perl "$BATS_TEST_DIRNAME/needles.pl" "$BATS_TEST_TMPDIR/secrets" calls
    [ -z "$output" ]
}

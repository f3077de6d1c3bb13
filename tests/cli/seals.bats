#!/usr/bin/env bats
# Seals that openssl made, and seals that nobody should read for long: each is refused by name.
load trial

setup_file() (
    prepare >"$BATS_FILE_TMPDIR/said" && at_ca >>"$BATS_FILE_TMPDIR/said" || {
        cat "$BATS_FILE_TMPDIR/said"
        return 1
    }
    openssl pkey -in home-ca/seal.key -passin file:pw/seal -out open.key
    keep sealed
)

setup() {
    back_to sealed
    page=$(echo record/000004-*.tar)
    seal=$page.ca.p7s
    cp "$seal" right.p7s
}

# The station's own key, and openssl's idea of a seal.
openssl_seals() {
    openssl cms -sign -binary -in "$page" -signer home-ca/seal.crt -inkey open.key -outform DER -md sha256 "$@" -out "$seal"
}

refused_as() {
    run -1 "$VERGER" verify record --signers home-ca/seal.crt --json
    jq -e --arg id "$1" 'any(.failures[]; .id == $id and .page == 4)' <<<"$output"
}

@test "the right one holds; one that openssl makes with other attributes does not" {
    run -0 "$VERGER" verify record --signers home-ca/seal.crt
    openssl_seals
    refused_as seal.form
}

@test "indefinite lengths, the page inside, another digest, no attributes, two signers" {
    openssl_seals -stream
    refused_as seal.form
    openssl_seals -nodetach
    refused_as seal.form
    openssl_seals -md sha512
    refused_as seal.form
    openssl_seals -noattr
    refused_as seal.form
    openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -subj /CN=Other \
        -out other.crt 2>req
    openssl cms -sign -binary -in "$page" -signer home-ca/seal.crt -inkey open.key -signer other.crt -inkey other.key \
        -outform DER -out "$seal"
    refused_as seal.form
}

@test "cut off at every length, and longer by a byte" {
    size=$(stat -c %s right.p7s)
    for len in 0 1 2 4 20 $((size / 2)) $((size - 1)); do
        head -c "$len" right.p7s >"$seal"
        refused_as seal.form
    done
    { cat right.p7s && printf '\0'; } >"$seal"
    refused_as seal.form
}

@test "nested a hundred thousand deep, and larger than any seal" {
    perl -e 'my $n = 100000; print "\x30\x80" x $n, "\x00\x00" x $n' >"$seal"
    refused_as seal.form
    perl -e 'my $d = ""; for (1 .. 12000) { my $l = length $d; $d = "\x30" . ($l < 128 ? chr $l : $l < 256 ? "\x81" . chr $l : "\x82" . pack "n", $l) . $d } print $d' >"$seal"
    refused_as seal.form
    head -c 3000000 /dev/zero | cat right.p7s - >"$seal"
    refused_as seal.form
    printf '\x30\x84\xff\xff\xff\xff' >"$seal"
    refused_as seal.form
}

@test "PEM, nothing, a folder, a link, a pipe" {
    openssl cms -cmsout -inform DER -in right.p7s -outform PEM -out "$seal"
    refused_as seal.form
    for other in "mkdir $seal" "ln -s $PWD/right.p7s $seal" "mkfifo $seal"; do
        rm -rf "$seal"
        $other
        run -1 timeout 20 "$VERGER" verify record --signers home-ca/seal.crt
    done
}

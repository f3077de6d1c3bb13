#!/usr/bin/env bats
# The flagship ceremony through both stations, with roots that openssl made; judged by openssl, git, tar and jq.
bats_require_minimum_version 1.5.0
load ceremony

setup_file() {
    for root in rsa4096 p384; do
        lay_out "$BATS_FILE_TMPDIR/$root" "$root" || return
        walk "$BATS_FILE_TMPDIR/$root" >"$BATS_FILE_TMPDIR/$root.txt" 2>&1 || {
            cat "$BATS_FILE_TMPDIR/$root.txt"
            return 1
        }
    done
}

setup() {
    cd "$BATS_FILE_TMPDIR/rsa4096" || return 1
}

@test "verify: holds against the signers (0), consistent without (3), by head (0), wrong head (1)" {
    head=$(sha256sum record/000009-*.tar | cut -d ' ' -f 1)
    run -0 "$VERGER" verify record --signers signers.pem
    run -3 "$VERGER" verify record
    run -0 "$VERGER" verify record --head "$head"
    run -1 "$VERGER" verify record --head "${head/[0-8]/9}"
    run -1 "$VERGER" verify record --signers root/home/seal.crt
    run -0 --separate-stderr "$VERGER" verify record --signers signers.pem --json
    [ "$output" = "$(jq -cS . <<<"$output")" ]
    [ "$(jq -r .head <<<"$output")" = "$head" ]
    [ "$(jq -r '.unattended, .rehearsal' <<<"$output" | tr '\n' ' ')" = "true false " ]
}

@test "verify: no record, and a folder that is something else, are one clear message" {
    mkdir -p "$BATS_TEST_TMPDIR/photos" && touch "$BATS_TEST_TMPDIR/photos/1.jpg"
    refused nowhere "$VERGER" verify nowhere
    refused "photos: holds no page" "$VERGER" verify "$BATS_TEST_TMPDIR/photos"
}

@test "every seal verifies with openssl as DESIGN has it, and not over another page" {
    for seal in record/*.p7s; do
        page=${seal%.*.p7s}
        station=${seal%.p7s}
        station=${station##*.}
        cms=(openssl cms -verify -binary -inform DER -in "$seal" -nointern -certfile "record/signers/$station.crt"
            -CAfile "record/signers/$station.crt" -no-CApath -no-CAstore -out /dev/null)
        "${cms[@]}" -content "$page" 2>/dev/null
        run ! "${cms[@]}" -content signers.pem
    done
}

@test "pages: tar reads them, their sums hold, page.json is canonical, each names the one before" {
    previous=0000000000000000000000000000000000000000000000000000000000000000
    for page in record/*.tar; do
        rm -rf "$BATS_TEST_TMPDIR/page"
        mkdir "$BATS_TEST_TMPDIR/page"
        tar -xf "$page" -C "$BATS_TEST_TMPDIR/page"
        (cd "$BATS_TEST_TMPDIR/page" && sha256sum --quiet --strict -c SHA256SUMS)
        jq -cS . "$BATS_TEST_TMPDIR/page/page.json" | cmp - "$BATS_TEST_TMPDIR/page/page.json"
        [ "$(jq -r .previous "$BATS_TEST_TMPDIR/page/page.json")" = "$previous" ]
        previous=$(sha256sum <"$page" | cut -d ' ' -f 1)
    done
}

@test "the ledger: fsck --strict, and every commit's signature, with stock git" {
    git=(git -c safe.directory='*' -C record/ledger.git)
    "${git[@]}" fsck --strict
    [ "$("${git[@]}" rev-list main | wc -l)" -ge 7 ]
    for commit in $("${git[@]}" rev-list main); do
        "${git[@]}" -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$PWD/record/signers/allowed_signers" \
            verify-commit "$commit"
    done
}

@test "both kinds of root: openssl builds the chain and checks the revocation list" {
    for root in rsa4096 p384; do
        cd "$BATS_FILE_TMPDIR/$root"
        list=$(find root/authority -name '*.crl' -o -name '*crl*.pem' | head -n 1)
        openssl crl -in "$list" -out "$BATS_TEST_TMPDIR/crl.pem" ||
            openssl crl -inform DER -in "$list" -out "$BATS_TEST_TMPDIR/crl.pem"
        openssl verify -x509_strict -crl_check -CRLfile "$BATS_TEST_TMPDIR/crl.pem" -CAfile ca/authority/certs/root_ca.crt \
            ca/authority/certs/intermediate_ca.crt
    done
}

@test "the authority: step's modes, JSON that jq reads, a key that matches, the root's fingerprint" {
    cd ca/authority
    jq -e . config/ca.json config/defaults.json >/dev/null
    [ "$(stat -c %a secrets/intermediate_ca_key)" = 600 ]
    [ ! -e secrets/root_ca_key ]
    cmp <(openssl pkey -in secrets/intermediate_ca_key -passin "file:../passwords/authority" -pubout) \
        <(openssl x509 -in certs/intermediate_ca.crt -noout -pubkey)
    [ "$(jq -r .fingerprint config/defaults.json)" = \
        "$(openssl x509 -in certs/root_ca.crt -outform DER | sha256sum | cut -d ' ' -f 1)" ]
}

@test "no secret is in the record, in any object of the ledger, or in what was said" {
    for page in record/*.tar; do tar -xOf "$page"; done >"$BATS_TEST_TMPDIR/all"
    for object in $(git -c safe.directory='*' -C record/ledger.git cat-file --batch-all-objects --batch-check='%(objectname)'); do
        git -c safe.directory='*' -C record/ledger.git cat-file -p "$object"
    done >>"$BATS_TEST_TMPDIR/all"
    cat "$BATS_FILE_TMPDIR/rsa4096.txt" >>"$BATS_TEST_TMPDIR/all"
    for password in ca/passwords/* root/passwords/*; do
        run ! grep -qF -- "$(cat "$password")" "$BATS_TEST_TMPDIR/all"
    done
    run ! grep -q 'PRIVATE KEY' "$BATS_TEST_TMPDIR/all"
    [ "$(grep -c 'Example Intermediate CA' "$BATS_TEST_TMPDIR/all")" -gt 0 ]
}

@test "run again when all is done: nothing changes" {
    before=$(sha256sum record/*.tar record/*.p7s)
    run -0 session "$PWD" ca
    [ "$before" = "$(sha256sum record/*.tar record/*.p7s)" ]
}

#!/usr/bin/env bats
# The authorities and the ledger once more, from the record alone: judged by diff, find, git, jq and openssl.
load trial

# One ceremony of two stations; its record is the same in every test.
setup_file() (
    prepare >"$BATS_FILE_TMPDIR/said" && { at_ca && at_root && at_ca; } >>"$BATS_FILE_TMPDIR/said" || {
        cat "$BATS_FILE_TMPDIR/said"
        return 1
    }
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    printf '%s' "$(cat pw/authority)" >"$BATS_FILE_TMPDIR/authority" && chmod 600 "$BATS_FILE_TMPDIR/authority"
    keep complete
)

setup() {
    back_to complete
    rebuild=("$VERGER" rebuild record --signers signers.pem)
    with_key=(--key ca/secrets/intermediate_ca_key --password-file authority=pw/authority)
    head=$(sha256sum record/000009-*.tar | cut -d ' ' -f 1)
}

# Every name, kind and mode below a folder.
outline() { (cd "$1" && find . -printf '%m %y %P\n' | LC_ALL=C sort); }

# Two folders are the same to the byte and the bit.
same() { diff -r "$1" "$2" && diff <(outline "$1") <(outline "$2"); }

# Nothing was made, beside it neither.
nothing_made() { [ ! -e out ] && [ -z "$(find . -name '*.verger-rebuild')" ]; }

refuses() {
    local words=$1
    shift
    run -1 --separate-stderr alone "$@"
    without_note
    [[ $stderr == *"$words"* ]] || { echo "without \"$words\": $stderr" && return 1; }
    shows_no_secret <<<"$output$stderr"
}

@test "byte for byte: trees, modes, folders, ledger and its commits, the key from its holder" {
    run -0 alone "${rebuild[@]}" --into out "${with_key[@]}"
    shows_no_secret <<<"$output"
    same ca out/ca
    same root out/root
    same record/ledger.git out/ledger.git
    [ "$(stat -c %a out out/ca/secrets/intermediate_ca_key)" = $'700\n600' ]
    git --git-dir=out/ledger.git fsck --full --strict --no-dangling
    [ "$(git --git-dir=out/ledger.git rev-list --all)" = "$(git --git-dir=record/ledger.git rev-list --all)" ]
    ls out | diff - <(printf 'ca\nledger.git\nroot\n')
    [ ! -e .out.verger-rebuild ]
}

@test "the tree starts where the original lay: the text says so, and check agrees" {
    run -0 alone "${rebuild[@]}" --into "out of the ashes" "${with_key[@]}"
    [[ $output == *"mv 'out of the ashes/ca' $PWD/ca"* ]]
    [[ $output == *"step-ca $PWD/ca/config/ca.json --password-file FILE"* ]]
    mv ca gone
    eval "$(grep '^    mv' <<<"$output")"
    "$VERGER" check ca --password-file authority=pw/authority
}

@test "without the key's file everything else is there, and the missing key is named" {
    run -0 alone "${rebuild[@]}" --into out
    [[ $output == *"ca/secrets/intermediate_ca_key is NOT there"* ]]
    diff <(find ca -type f ! -name intermediate_ca_key | LC_ALL=C sort) <(cd out && find ca -type f | LC_ALL=C sort)
    "${rebuild[@]}" --into second --json | jq -e '.keys == [] and .into == "second" and .verdict == "holds" and
        .keys_missing == ["ca/secrets/intermediate_ca_key"]'
}

@test "golden roots, RSA and P-384: the same" {
    for root in rsa4096 p384; do
        prepare >said
        root_golden $root
        at_ca >said && at_root >said && at_ca >said
        cat home-ca/seal.crt home-root/seal.crt >signers.pem
        "${rebuild[@]}" --into out "${with_key[@]}"
        same ca out/ca
        same root out/root
        same record/ledger.git out/ledger.git
    done
}

@test "only consistent: it goes on, says so, and exits 3; the head authenticates as well" {
    run -3 "$VERGER" rebuild record --into out
    [[ $output == *"consistent, not authenticated"* ]]
    same root out/root
    run -0 "$VERGER" rebuild record --into second --head "$head"
    [[ $output == *"The record holds."* ]]
}

@test "a record that does not hold is refused, and nothing is made" {
    refuses "does not hold (head.anchor)" "$VERGER" rebuild record --into out --head "$(tr 0-9a-f 1-9a-f0 <<<"$head")"
    refuses "does not hold (signers.anchor" "$VERGER" rebuild record --into out --signers home-root/seal.crt
    for file in record/000003-*.tar record/000005-*.tar.root.p7s record/ledger.git/refs/heads/main record/signers/ca.crt; do
        back_to complete
        printf '\001' | dd of="$file" bs=1 seek=30 conv=notrunc status=none
        refuses "does not hold" "${rebuild[@]}" --into out
        nothing_made
    done
    back_to complete
    rm record/000009-*
    refuses "does not hold" "$VERGER" rebuild record --into out --head "$head"
    nothing_made
}

@test "a sealed page that names a path outside is refused, and writes nothing there" {
    page=$(basename record/000009-*.tar)
    mkdir forged && tar -xf "record/$page" -C forged
    sed -i 's|"directories":\[\]|"directories":[{"mode":"0700","path":"ca/../../escaped"}]|' forged/page.json
    grep -q escaped forged/page.json
    mapfile -t members < <(tar -tf "record/$page")
    # shellcheck source=tests/tar.sh
    . "$BATS_TEST_DIRNAME/../tar.sh"
    (cd forged && sha256sum "${members[0]}" "${members[@]:2}" >SHA256SUMS &&
        tar --format=ustar --owner=:0 --group=:0 --mode=0644 --mtime="$(jq -r .finished.utc page.json)" \
            -cf "../record/$page" "${members[@]}")
    openssl cms -sign -binary -nosmimecap -md sha256 -signer home-ca/seal.crt -inkey home-ca/seal.key \
        -passin file:pw/seal -in "record/$page" -outform DER -out "record/$page.ca.p7s"
    run -1 "$VERGER" verify record
    [[ $output == *"page.form"* ]]
    refuses "does not hold" "$VERGER" rebuild record --into out
    nothing_made
    [ ! -e escaped ] && [ ! -e ../escaped ]
}

@test "DIR is not there or empty, our own, no link, not in the record" {
    mkdir empty full && touch full/x && ln -s empty link && touch file
    refuses "is not empty (x)" "${rebuild[@]}" --into full
    refuses "links are not followed" "${rebuild[@]}" --into link
    refuses "is no folder" "${rebuild[@]}" --into file
    refuses "lies in the record" "${rebuild[@]}" --into record/out
    refuses "lies in the record" "${rebuild[@]}" --into record/ledger.git/out
    refuses "a name of its own" "${rebuild[@]}" --into empty/..
    refuses "cannot be located" "${rebuild[@]}" --into nowhere/out
    chmod 777 empty
    refuses "empty" "${rebuild[@]}" --into empty
    chmod 700 empty
    run -0 "${rebuild[@]}" --into empty/
    same root empty/root
    run -2 "${rebuild[@]}"
    [ -z "$(find . -name '*.verger-rebuild')" ]
}

@test "somebody else's DIR, and a stage that somebody else planted, are refused" {
    [ "$EUID" -eq 0 ] || skip "needs root, to make somebody else's folders"
    mkdir theirs .out.verger-rebuild && chown nobody theirs .out.verger-rebuild
    refuses "theirs" "${rebuild[@]}" --into theirs
    refuses ".out.verger-rebuild" "${rebuild[@]}" --into out
    [ -d .out.verger-rebuild ] && [ ! -e out ]
    rmdir .out.verger-rebuild && ln -s theirs .out.verger-rebuild
    refuses ".out.verger-rebuild" "${rebuild[@]}" --into out
    [ -z "$(ls -A theirs)" ]
}

@test "a key is the recorded one, encrypted, opened by its password, once" {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes-256-cbc -pass file:pw/authority -out other.key
    openssl pkey -in ca/secrets/intermediate_ca_key -passin file:pw/authority -out plain.key
    chmod 600 other.key plain.key && cp ca/secrets/intermediate_ca_key twice.key
    refuses "no station has a place" "${rebuild[@]}" --into out --key other.key --password-file authority=pw/authority
    refuses "not encrypted" "${rebuild[@]}" --into out --key plain.key --password-file authority=pw/authority
    refuses "given twice" "${rebuild[@]}" --into out "${with_key[@]}" --key twice.key
    refuses "password" "${rebuild[@]}" --into out --key twice.key --password-file authority=pw/root
    refuses "password" "${rebuild[@]}" --into out --key twice.key
    cp pw/authority record/pw
    refuses "must not lie under" "${rebuild[@]}" --into out --key twice.key --password-file authority=record/pw
    rm record/pw
    chmod 644 twice.key
    refuses "twice.key" "${rebuild[@]}" --into out --key twice.key --password-file authority=pw/authority
    run -2 "${rebuild[@]}" --compare ca --key other.key
    nothing_made
}

# No key here: what lets a process die makes keys cheap, too, and does not open dear ones.
@test "killed at any call, DIR is whole or not there, and the next one makes it" {
    for at in "config/ca.json kill" "refs/heads after" "rename out kill" "rename out after"; do
        LD_PRELOAD=$FAULT FAULT_ROOT=$PWD FAULT_LOG=$BATS_TEST_TMPDIR/log FAULT_AT=${at% *} FAULT_HOW=${at##* } \
            run ! "${rebuild[@]}" --into out
        [ "$status" -eq 137 ]
        if [ -e out ]; then
            [ "$at" = "rename out after" ]
        else
            [ -d .out.verger-rebuild ]
            run -0 alone "${rebuild[@]}" --into out "${with_key[@]}"
            same ca out/ca
        fi
        same root out/root
        same record/ledger.git out/ledger.git
        [ ! -e .out.verger-rebuild ]
        rm -rf out
    done
    [ "$(wc -l <"$BATS_TEST_TMPDIR/log")" -eq 4 ]
}

@test "a full disk, a call that fails: one message, nothing left" {
    for call in "ca/certs/" "config/ca.json" "ledger.git"; do
        LD_PRELOAD=$FAULT FAULT_ROOT=$PWD FAULT_LOG=$BATS_TEST_TMPDIR/log FAULT_AT=$call FAULT_HOW=ENOSPC \
            run -1 --separate-stderr "${rebuild[@]}" --into out
        [[ $stderr == *"No space left"* ]]
        nothing_made
    done
}

@test "a record in the middle of its ceremony: as far as it goes, and that is said" {
    prepare >said && at_ca >said && cat home-ca/seal.crt home-root/seal.crt >signers.pem
    run -0 "${rebuild[@]}" --into out
    [[ $output == *"incomplete: 4 of 9 steps"* ]]
    [ ! -e out/root ]
    run -0 "${rebuild[@]}" --compare ca
}

@test "compare: an untouched tree is identical, keys and database are left out by design" {
    run -0 "${rebuild[@]}" --compare ca
    [[ $output == *"by design secrets/intermediate_ca_key"* ]]
    [[ $output == *"by design db/"* ]]
    head -c 5M /dev/urandom >ca/db/000001.vlog
    run -0 "${rebuild[@]}" --compare ca
    run -0 "${rebuild[@]}" --compare root --station root
    run -3 "$VERGER" rebuild record --compare ca
    run -1 "${rebuild[@]}" --compare root
    refuses "no authority in the record" "${rebuild[@]}" --compare root --station moon
    refuses "nowhere" "${rebuild[@]}" --compare nowhere
}

# One change of ca/, and the entry that tells of it: tells PATH STATUS [JQ].
tells() {
    run -1 --separate-stderr "${rebuild[@]}" --compare ca --json
    jq -e --arg path "$1" --arg status "$2" ".comparison | .identical == false and
        ([.entries[] | select(.status != \"identical\" and .status != \"by design\")] | length == 1) and
        (.entries[] | select(.path == \$path) | .status == \$status and ${3:-true})" <<<"$output"
    [ "$output" = "$(jq -cS . <<<"$output")" ]
    rm -rf ca && cp -a "$BATS_FILE_TMPDIR/complete/ca" ca
}

@test "compare: each kind of change is told, by member, by field, by line" {
    edit() { jq "$1" ca/config/ca.json >ca.new && cat ca.new >ca/config/ca.json; }
    edit '.authority.policy.x509.allow.dns += ["*.evil.example"] | .crl.renewPeriod = "1h" | del(.insecureAddress)'
    tells config/ca.json changed '([.change.differences[] | {path, before, after}] | sort_by(.path) == [
        {path: "authority.policy.x509.allow.dns[1]", before: null, after: "*.evil.example"},
        {path: "crl.renewPeriod", before: "16h0m0s", after: "1h"},
        {path: "insecureAddress", before: ":80", after: null}])'
    chmod 600 ca/config/ca.json
    run -1 "${rebuild[@]}" --compare ca
    [[ $output == *"  changed   config/ca.json"$'\n'"      mode: 0644 became 0600"* ]]
    [[ $output == *"NOT what the record says"* ]]
    chmod 644 ca/config/ca.json
    edit .
    tells config/ca.json changed '.change.form == "layout" and .change.differences == []'
    echo '{"password": "hunter2", ' >ca/config/ca.json
    tells config/ca.json changed '(.change.why | contains("was JSON")) and (. | tostring | contains("hunter2") | not)'
    edit '.password = "hunter2"'
    tells config/ca.json changed '.change.differences == [{"path": "password", "after": "(not shown)"}]'
    cp media/root.crt ca/certs/intermediate_ca.crt
    tells certs/intermediate_ca.crt changed '.change.form == "certificate" and (.change.differences |
        any(.path == "subject" and .before == "CN=Example Intermediate CA") and any(.path == "spki_sha256"))'
    openssl x509 -in media/root.crt -text -out ca/certs/root_ca.crt
    tells certs/root_ca.crt changed '.change.form == "layout"'
    chmod 644 ca/certs/root_ca.crt
    tells certs/root_ca.crt changed '.mode == {"before": "0600", "after": "0644"} and .change == null'
    chmod 644 ca/secrets/intermediate_ca_key
    tells secrets/intermediate_ca_key changed '.mode.after == "0644"'
    chmod 755 ca/db
    tells db changed '.mode.after == "0755"'
    rm ca/secrets/intermediate_ca_key
    tells secrets/intermediate_ca_key missing
    rm ca/config/defaults.json
    tells config/defaults.json missing
    rmdir ca/templates
    tells templates missing
    echo hunter2 >ca/secrets/password
    tells secrets/password extra '(. | tostring | contains("hunter2") | not)'
    ln -sf /etc/passwd ca/config/defaults.json
    tells config/defaults.json changed '.kind == "other" and (.why | contains("link"))'
    mkfifo ca/fifo
    tells fifo extra '.kind == "other"'
    touch ca/$'config/a\n\033[31m\377b'
    tells 'config/a\x0a\x1b[31m\xffb' extra
    head -c 5M /dev/zero >ca/large
    tells large extra '.kind == "other"'
}

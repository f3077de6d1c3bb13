#!/usr/bin/env bats
# The README is true: its excerpts are the files', its commands are there, its lines check a record.
bats_require_minimum_version 1.5.0

setup_file() {
    export DEMO=$BATS_FILE_TMPDIR/demo
    sh bootstrap/demo.sh >"$BATS_FILE_TMPDIR/demo.txt"
    # The auditor's own folder: the signers' certificates, from elsewhere than the record.
    export S=$BATS_FILE_TMPDIR/signers
    mkdir "$S"
    cp "$DEMO/ca/home/seal.crt" "$S/ca.crt"
    cp "$DEMO/root/home/seal.crt" "$S/root.crt"
    bash -c "$(block 'for c in "$S"')"
}

# The fenced block of README.md whose first line begins with $1.
block() {
    awk -v first="$1" '
        /^```/ { if (inside && found) exit; inside = !inside; fresh = inside; next }
        inside && fresh { found = index($0, first) == 1; fresh = 0 }
        inside && found' README.md
}

# Run the five lines in a copy of the record that was changed by the commands in $1.
audit() {
    local copy=$BATS_TEST_TMPDIR/record
    cp -r "$DEMO/record" "$copy"
    chmod -R u+w "$copy"
    local lines
    lines=$(block 'for p in 0*.tar; do s=$(tar')
    [ "$(wc -l <<<"$lines")" -eq 5 ]
    (cd "$copy" && eval "$1" && bash -c "$lines") 2>&1
}

@test "the five lines accept a record, and print its head" {
    run -0 audit true
    audited=$output
    run ! grep -q NOT <<<"$output"
    head=$("$VERGER" verify "$DEMO/record" --signers "$DEMO/signers.pem" --json | jq -r .head)
    grep -q "^head: $head$" <<<"$audited"
    [ "$(grep -c 'CMS Verification successful' <<<"$audited")" -eq 10 ]
    [ "$(grep -c 'Good "git" signature' <<<"$audited")" -eq "$(git -C "$DEMO/record/ledger.git" rev-list --count main)" ]
}

@test "a changed page is not sealed" {
    run -0 audit 'printf x | dd of=000003-bring-in-the-root-certificate.tar bs=1 seek=700 conv=notrunc status=none'
    grep -q "NOT SEALED: 000003-bring-in-the-root-certificate.tar" <<<"$output"
}

@test "a page sealed by a stranger is not sealed, even under a CA of the system's store" {
    run -0 audit '
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out c.pem -days 9 \
            -subj /CN=ca -addext keyUsage=digitalSignature -addext extendedKeyUsage=emailProtection 2>/dev/null
        p=000004-ask-to-be-signed.tar
        openssl cms -sign -binary -outform DER -in $p -signer c.pem -inkey k.pem -out $p.ca.p7s
        export SSL_CERT_FILE=$PWD/c.pem'
    grep -q "NOT SEALED: 000004-ask-to-be-signed.tar" <<<"$output"
}

@test "a page that was left out breaks the order" {
    run -0 audit 'rm 000002-*'
    grep -q "NOT IN ORDER: 000003-bring-in-the-root-certificate.tar" <<<"$output"
}

@test "a member that differs from SHA256SUMS is found" {
    run -0 audit '
        p=000005-sign-offline.tar; mkdir x; tar -xf $p -C x; echo y >>x/transcript.txt
        tar -C x -cf $p $(tar -tf $p); rm -r x'
    grep -q "NOT WHOLE: 000005-sign-offline.tar" <<<"$output"
}

@test "a ledger whose config would run a program is not ours" {
    run -0 audit 'printf "[core]\n\tfsmonitor = /bin/false\n" >>ledger.git/config'
    grep -q "NOT OURS: ledger.git/config" <<<"$output"
}

@test "a rewritten ledger does not hold the pages' commits" {
    run -0 audit '
        tree=$(git -C ledger.git rev-parse "main^{tree}")
        rm -r ledger.git/objects; git init -q --bare other; mkdir ledger.git/objects
        forged=$(GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x \
            git -C ledger.git commit-tree -m forged "$(git -C ledger.git hash-object -t tree -w /dev/null)")
        echo "$forged" >ledger.git/refs/heads/main; rm -r other'
    grep -q "NOT IN THE LEDGER: 000000-script.tar" <<<"$output"
}

@test "the excerpts are what the script says and what the agenda prints" {
    script=lua/ceremonies/intermediate-ca.lua
    excerpt=$(block 'step "Ask to be signed"')
    [ "$(wc -l <<<"$excerpt")" -gt 10 ]
    [[ "$(cat "$script")" == *"$excerpt"* ]]
    excerpt=$(block ' 5. Sign, offline')
    [ "$(wc -l <<<"$excerpt")" -gt 5 ]
    [[ "$("$VERGER" agenda "$script")" == *"$excerpt"* ]]
}

@test "every file that the README links to is there, and every top folder is in it" {
    for target in $(grep -oE '\]\([^)#:]+\)' README.md | tr -d '])('); do
        [ -e "$target" ]
    done
    for folder in */; do
        case $folder in build/ | demo/) continue ;; esac
        grep -q "\[$folder\]" README.md
    done
}

@test "the demo says what was made, where it is, and three commands to try; they work" {
    grep -q "holds, against the signers" "$BATS_FILE_TMPDIR/demo.txt"
    sed -n '/^Try next:/,/^This was/p' "$BATS_FILE_TMPDIR/demo.txt" | grep '^  ' >"$BATS_TEST_TMPDIR/try"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/try")" -eq 3 ]
    bash -e "$BATS_TEST_TMPDIR/try" | cat
}

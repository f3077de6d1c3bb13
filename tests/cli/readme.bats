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
    lines=$(block 'foreign=')
    [ "$(wc -l <<<"$lines")" -eq 5 ]
    (cd "$copy" && eval "$1" && timeout 60 bash -c "$lines") 2>&1
}

# The lines refuse a record that was changed by the commands in $1, with a line that begins with $2.
refused() {
    run -0 audit "$1"
    grep -q "^$2" <<<"$output"
    [ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

# What a signer who lies does: seal page $1 as station $2.
reseal() {
    openssl cms -sign -binary -outform DER -in "$1" -signer "$DEMO/$2/home/seal.crt" -inkey "$DEMO/$2/home/seal.key" \
        -passin "file:$DEMO/$2/passwords/seal" -out "$1.$2.p7s"
}

# A stranger's key and certificate, at $1.key and $1.crt.
stranger() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.crt" -days 9 \
        -subj /CN=ca -addext keyUsage=digitalSignature -addext extendedKeyUsage=emailProtection 2>/dev/null
}

# Lines of a configuration with which git runs a program, that leaves $BATS_TEST_TMPDIR/ran behind.
program() {
    printf '#!/bin/sh\ntouch "%s/ran"\necho Good \\"git\\" signature for ca with ECDSA key SHA256:x\n' \
        "$BATS_TEST_TMPDIR" >"$BATS_TEST_TMPDIR/program"
    chmod +x "$BATS_TEST_TMPDIR/program"
    printf '[core]\n\trepositoryformatversion = 0\n\tfilemode = false\n\tbare = true\n[gpg "ssh"]\n\tprogram = %s\n' \
        "$BATS_TEST_TMPDIR/program"
}

# An unsigned commit of the ledger's own tree, on top of $1.
false_commit() {
    GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x \
        git -C ledger.git commit-tree -m forged -p "$1" "$1^{tree}"
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
    refused 'printf x | dd of=000003-bring-in-the-root-certificate.tar bs=1 seek=700 conv=notrunc status=none' \
        "NOT SEALED: 000003-bring-in-the-root-certificate.tar"
}

@test "a page sealed by a stranger is not sealed, even under a CA of the system's store" {
    refused '
        stranger ../other; p=000004-ask-to-be-signed.tar
        openssl cms -sign -binary -outform DER -in $p -signer ../other.crt -inkey ../other.key -out $p.ca.p7s
        export SSL_CERT_FILE=$PWD/../other.crt' "NOT SEALED: 000004-ask-to-be-signed.tar"
}

@test "a page sealed by another station than its own is not sealed" {
    refused 'p=000004-ask-to-be-signed.tar; reseal $p root; rm $p.ca.p7s' "NOT SEALED: 000004-ask-to-be-signed.tar"
}

@test "a page that was left out, or comes twice, breaks the order" {
    refused 'rm 000002-*' "NOT IN ORDER: 000003-bring-in-the-root-certificate.tar"
    rm -r "$BATS_TEST_TMPDIR/record"
    refused 'for f in 000002-*; do cp $f 000010${f#000002}; done' "NOT IN ORDER: 000010-purge-the-keys-it-came-with.tar"
}

@test "the last page with a commit cannot be left out" {
    refused 'rm 000008-* 000009-*' "NOT THE LEDGER"
}

@test "a member that differs from SHA256SUMS is found, whoever sealed it" {
    refused '
        p=000005-sign-offline.tar; mkdir ../x; tar -xf $p -C ../x; echo y >>../x/transcript.txt
        tar -C ../x -cf $p $(tar -tf $p); reseal $p root' "NOT WHOLE: 000005-sign-offline.tar"
}

@test "what is not sealed is not opened" {
    refused '
        stranger ../other; p=000004-ask-to-be-signed.tar
        printf "#!/bin/sh\n! echo \"\$*\" | grep -q $p || touch \"%s/ran\"\nexec /usr/bin/tar \"\$@\"\n" \
            "$BATS_TEST_TMPDIR" >../tar; chmod +x ../tar; export PATH=$BATS_TEST_TMPDIR:$PATH
        openssl cms -sign -binary -outform DER -in $p -signer ../other.crt -inkey ../other.key -out $p.ca.p7s' \
        "NOT SEALED: 000004-ask-to-be-signed.tar"
}

@test "a ledger whose config would run a program is not ours" {
    refused 'program >ledger.git/config' "NOT OURS: .*ledger.git/config"
}

@test "a repository within the ledger is not ours" {
    refused '
        git init -q ledger.git/.git; program >ledger.git/.git/config; rm -r ledger.git/.git/objects
        cp -r ledger.git/objects ledger.git/refs ledger.git/.git/' "NOT OURS: .*ledger.git/.git"
}

@test "a ledger with a common folder, or another configuration elsewhere, is not ours" {
    refused '
        mkdir ledger.git/other; cp -r ledger.git/* ledger.git/other/ 2>/dev/null || true
        program >ledger.git/other/config; echo other >ledger.git/commondir' "NOT OURS: .*ledger.git/commondir"
}

@test "a ledger that reads objects or refs from elsewhere is not ours" {
    for path in objects/info/alternates packed-refs shallow info/grafts main index config.worktree refs/heads/other; do
        refused "mkdir -p ledger.git/$(dirname $path); git -C ledger.git rev-parse main >ledger.git/$path" \
            "NOT OURS: .*ledger.git/$path"
        rm -r "$BATS_TEST_TMPDIR/record"
    done
}

@test "a blob that was replaced is not ours, one that was overwritten is not the ledger's" {
    swap='blob=$(git -C ledger.git rev-parse main:ca/config/ca.json); false=$(echo "{}" | git -C ledger.git hash-object -w --stdin)'
    refused "$swap"'; git -C ledger.git replace $blob $false' "NOT OURS: .*refs/replace"
    rm -r "$BATS_TEST_TMPDIR/record"
    refused "$swap"'
        cp ledger.git/objects/${false:0:2}/${false:2} ledger.git/objects/${blob:0:2}/${blob:2}' "NOT THE LEDGER"
}

@test "a history that goes on after the pages, or ends before them, is not theirs" {
    refused 'false_commit main >../id; cp ../id ledger.git/refs/heads/main' "NOT THE LEDGER"
    rm -r "$BATS_TEST_TMPDIR/record"
    refused 'git -C ledger.git rev-parse main~1 >../id; cp ../id ledger.git/refs/heads/main' "NOT THE LEDGER"
    rm -r "$BATS_TEST_TMPDIR/record"
    refused 'false_commit main >../id; git -C ledger.git update-ref refs/heads/other $(cat ../id)
        echo "ref: refs/heads/other" >ledger.git/HEAD' "NOT OURS"
}

@test "a rewritten ledger does not hold the pages' commits" {
    refused '
        rm -r ledger.git/objects; mkdir ledger.git/objects
        forged=$(GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x \
            git -C ledger.git commit-tree -m forged "$(git -C ledger.git hash-object -t tree -w /dev/null)")
        echo "$forged" >ledger.git/refs/heads/main' "NOT THE LEDGER"
}

# A whole record that a stranger made: its pages name certificates that lie in it. $1: what follows a page's name.
forge() {
    local h p n s up=../../../../../../../../../../../../proc/self/cwd
    rm -rf ./[0-9]* ledger.git/refs/heads/main
    h=$(printf %064d 0)
    for n in 0 1; do
        p=00000$n-forged.tar s=$up/evil$n
        stranger evil$n
        mkdir ../forged$n "$p..."
        echo "{\"ledger\":{},\"previous\":\"$h\",\"station\":\"$s\"}" >../forged$n/page.json
        (cd ../forged$n && sha256sum page.json >SHA256SUMS)
        tar -C ../forged$n -cf "$p" page.json SHA256SUMS
        openssl cms -sign -binary -outform DER -in "$p" -signer evil$n.crt -inkey evil$n.key -out evil$n.p7s
        h=$(sha256sum <"$p" | cut -c 1-64)
    done
}

@test "a record that brings its signers along is not ours; without them, nobody sealed it" {
    refused forge "NOT OURS: .*000000-forged.tar\.\.\."
    rm -r "$BATS_TEST_TMPDIR"/{record,forged0,forged1}
    refused 'forge; cp evil0.p7s 000000-forged.tar.ca.p7s; rm -r evil* 00*...; echo >ledger.git/refs/heads/main' \
        "NOT SEALED: 000000-forged.tar"
    grep -q "^NOT THE LEDGER" <<<"$output"
}

@test "a record without pages does not pass" {
    refused 'rm [0-9]*' "NOT SEALED"
    grep -q "^NOT THE LEDGER" <<<"$output"
}

@test "links, pipes, folders, huge files and odd names are not ours, and are not read" {
    p=000003-bring-in-the-root-certificate.tar
    for change in "mv $p ../p; ln -s ../p $p" "rm $p; mkdir $p" "rm $p; mkfifo $p" \
        "mv ledger.git ../l; ln -s ../l ledger.git" "mv ledger.git/objects ../o; ln -s ../../o ledger.git/objects" \
        "rm ledger.git/HEAD; mkfifo ledger.git/HEAD" "rm ledger.git/HEAD; ln -s config ledger.git/HEAD" \
        "truncate -s 10G $p" "truncate -s 10G ledger.git/refs/heads/main" "truncate -s 10G 000010-x.tar" \
        'touch "a b"' 'touch -- "-rf"' 'touch $'\''000010-x.tar\n'\' 'touch $'\''\n'\' 'touch $'\''000010-x\n.tar'\' \
        'touch 000010-X.tar' 'touch $'\''000010-\377.tar'\' 'touch .hidden' 'mkdir ledger.git/objects/zz' \
        'touch "000010-x.tar.../evil.p7s" 2>/dev/null || mkdir 000010-x.tar...' 'rm ledger.git/config'; do
        refused "$change" "NOT OURS: " || { echo "passed: $change" && false; }
        run ! grep -qE "Good|successful" <<<"$output"
        rm -rf "${BATS_TEST_TMPDIR:?}"/*
    done
}

@test "a name with a line break cannot write a line of the answer" {
    refused 'touch $'\''x\nhead: 00\e[2J'\' "NOT OURS: "
    run ! grep -qE $'^head: 00\e|\e' <<<"$output"
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

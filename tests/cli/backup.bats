#!/usr/bin/env bats
# Copies of encrypted keys on media outside of the record: read back, opened, tested. Judged by cmp, openssl, jq.
# shellcheck disable=SC2034,SC2154 # trial.bash and bats set them
load trial

write_script() {
    cat >script/keep.lua <<'LUA'
ceremony "Backups" { version = "1" }
people { operator = 1, witnesses = 1 }
stations { ca = "the machine that runs step-ca", root = "the machine with the root key" }
step "Initialize" { at = "ca",
  initialize "Example" { dns = { "ca.example.com" }, address = ":443", provisioner = "a@example.com" } }
step "Purge" { at = "ca", purge "every generated key and certificate" }
step "Bring in the root" { at = "ca", import "root certificate" { from = "root.crt" } }
step "Make a key" { at = "ca", generate "intermediate key" { kind = "P-256" } }
step "Keep the key" { at = "ca", backup "intermediate key" { to = { "medium A", "medium B" } } }
step "Keep the root" { at = "root",
  unlock "root key" { from = "root.key" },
  backup "root key" { to = { "medium A" }, certificate = "root certificate" },
}
LUA
    jq -n '{"start.operator.1": "Ada Lovelace", "start.witnesses.1": "Alan Turing",
        "start.rehearsal.1": true, "start.enrolled.1": true, "start.plan.1": true, "purge.purge.1": true,
        "keep-the-key.backup.1": true, "keep-the-key.backup.2": "Joan Clarke", "keep-the-key.backup.3": "safe 1, box 7",
        "keep-the-key.backup.4": true, "keep-the-key.backup.5": "Alan Turing", "keep-the-key.backup.6": "safe 2, box 3",
        "keep-the-key.device.1": true, "keep-the-key.device.2": true, "keep-the-key.present.1": true,
        "keep-the-root.unlock.1": true, "keep-the-root.device.1": true, "keep-the-root.present.1": true,
        "keep-the-root.backup.1": true, "keep-the-root.backup.2": "Joan Clarke",
        "keep-the-root.backup.3": "safe 1, box 7"}' >answers.json
}

ca_command[2]=script/keep.lua root_command[2]=script/keep.lua
both=(--backup "medium A=a" "medium B=b")

# "made": the key lies in its place, and the step that copies it is next.
setup_file() (
    prepare >/dev/null && write_script && mkdir a b || return
    at_ca >said 2>&1 && return 1
    keep made
)
setup() { back_to made; }

page() { tar -xOf record/"$1"-*.tar "$2"; }

# The copy of a page's evidence on a medium signed its test under the key: by openssl.
proved() {
    jq -r .public_key <<<"$1" >public.pem
    jq -r ".copies[$2].text" <<<"$1" | tr -d '\n' >text
    jq -r ".copies[$2].signature" <<<"$1" | base64 -d >signature
    openssl dgst -sha256 -verify public.pem -signature signature text
    [[ $(cat text) == "verger backup test: "*", page $3, nonce "???????????????????????????????? ]]
    openssl pkey -pubin -in public.pem -outform DER | sha256sum | grep -q "^$(jq -r .spki_sha256 <<<"$1") "
}

@test "both keys, on their media: copies, proofs, custody; a tree is rebuilt with one, a root unlocked from the other" {
    run -0 at_ca "${both[@]}"
    shows_no_secret <<<"$output"
    for medium in a b; do
        [ "$(ls -A $medium)" = "$(basename $medium/intermediate-key-????????????????.key)" ]
        cmp $medium/*.key ca/secrets/intermediate_ca_key
        [ "$(stat -c %a $medium/*.key)" = 600 ]
    done
    evidence=$(page 000005 evidence/backup-intermediate-key.json)
    [ "$evidence" = "$(jq -cS . <<<"$evidence")" ]
    jq -e '.format == "verger-backup-1" and .kind == "P-256" and .file == "'"$(ls a)"'"
        and .file_sha256 == "'"$(sha256sum <ca/secrets/intermediate_ca_key | cut -c 1-64)"'"
        and (.copies | map(.medium)) == ["medium A", "medium B"]' <<<"$evidence"
    proved "$evidence" 0 5
    proved "$evidence" 1 5
    page 000005 evidence/custody-medium-b.json | jq -e '.item == "medium B" and .from == "Ada Lovelace"
        and .to == "Alan Turing" and .place == "safe 2, box 3"'
    page 000005 page.json | jq -e '.deviations | map(.rule) == ["backup.device", "backup.device"]'

    run -0 at_root --backup "medium A=a"
    cmp a/root-key-*.key media/root.key
    proved "$(page 000006 evidence/backup-root-key.json)" 0 6
    run -0 holds
    [ "$(grep -c '^  backup.tested  *2 ' <<<"$output")" -eq 1 ]
    for file in record/*.tar; do run ! grep -qF "$(sed -n 2p media/root.key)" "$file"; done

    run -0 alone "$VERGER" rebuild record --signers signers.pem --into out --key b/*.key \
        --password-file authority=pw/authority
    cmp out/ca/secrets/intermediate_ca_key ca/secrets/intermediate_ca_key
    [ "$(openssl pkey -in a/root-key-*.key -passin file:pw/root -pubout)" = \
        "$(openssl x509 -in media/root.crt -noout -pubkey)" ]
    run -0 --separate-stderr alone "$VERGER" replay record --signers signers.pem --json
    tail -n 1 <<<"$output" | jq -e '.faithful and any(.items[]; .what == "evidence/backup-root-key.json")'
    run -0 "$VERGER" report record --signers signers.pem -o report.json
    jq -e '.controls[] | select(.id == "KY-06") | .grade == "pass"' report.json
}

@test "a ceremony that unlocks the root's key from its copy" {
    rm -rf record home-ca home-root
    enrol ca && enrol root
    cat >script/keep.lua <<'LUA'
ceremony "Restore" { version = "1" }
people { operator = 1, witnesses = 1 }
stations { root = "the machine with the root key" }
step "Keep the root" { at = "root",
  unlock "root key" { from = "root.key" }, backup "root key" { to = { "medium A" } } }
LUA
    run -0 at_root --backup "medium A=a"
    rm -rf record a/../media/root.key
    mv a/root-key-*.key media/root.key
    run -0 at_root --backup "medium A=a"
    cmp a/root-key-*.key media/root.key
    page 000001 evidence/backup-root-key.json | jq -e '.certificate == null'
}

@test "the agenda and a rehearsal" {
    run -0 "$VERGER" agenda script/keep.lua
    tr -s ' \n' ' ' <<<"$output" >said
    grep -F "Copy the encrypted intermediate key to medium A and medium B; read each copy back, open it with its password and test it. ?" said
    grep -F "test it against the root certificate. ? Is medium A in, and is the encrypted root key to be copied to it now? ? Who takes medium A? ? Where does medium A go (safe, box number)?" said
    run -0 "$VERGER" rehearse script/keep.lua --record rehearsal --unattended
    [[ $output == *"REHEARSAL The copy on medium B was read back"* ]]
    [ ! -e rehearsal.rehearsal ] && [ -z "$(ls -A a)" ]
    run -3 "$VERGER" verify rehearsal
}

@test "what --backup cannot name" {
    fails 'no folder was named for "medium A"; put the medium in, and run the same command again with --backup "medium A=DIR"' at_ca
    fails '--backup: keep.lua makes no backup to "medium C" at ca; did you mean "medium A"?' at_ca --backup "medium C=a"
    fails '--backup: "medium A" is given twice' at_ca --backup "medium A=a" "medium A=b"
    fails '--backup "medium A=none": is no folder; put the medium in' at_ca --backup "medium A=none"
    fails '--backup "medium B=a": lies in medium A (a), or that in it' at_ca --backup "medium A=a" "medium B=a"
    mkdir record/x
    for folder in record media home-ca ca ca/db record/x; do
        fails "a copy of a key goes to a medium of its own" at_ca --backup "medium A=$folder" "medium B=b"
    done
    rmdir record/x
    ln -s ../media a/link
    fails "a copy of a key goes to a medium of its own" at_ca --backup "medium A=a/link" "medium B=b"
    cp -p pw/authority a/password
    from_files[6]=authority=a/password
    fails "a/password: a password file must not lie under a" at_ca "${both[@]}"
}

@test "what lies on a medium already: another file, the copy for others to read, a link" {
    run -0 at_ca "${both[@]}"
    name=$(ls a)
    cp -p "a/$name" copy
    back_to made
    echo other >"a/$name" && chmod 600 "a/$name"
    answer keep-the-key.copy.1 true
    fails "a/$name: is there already, and is another file; nothing is ever overwritten" at_ca "${both[@]}"
    cp ca/secrets/intermediate_ca_key "a/$name" && chmod 644 "a/$name"
    fails "a/$name: others can read it (mode 0644), and it is an encrypted key" at_ca "${both[@]}"
    rm "a/$name" && ln -s ../ca/secrets/intermediate_ca_key "a/$name"
    fails "a/$name: cannot be opened" at_ca "${both[@]}"
    rm "a/$name" && cp -p ca/secrets/intermediate_ca_key "a/$name"
    run -0 at_ca "${both[@]}"
    [[ $output == *"medium A has the copy already, from an attempt that was cut off."* ]]
    run -0 holds
}

# In a mount namespace with a small file system of its own on a, and another on b.
mounted() {
    # shellcheck disable=SC2016 # $@ is the inner shell's
    unshare --mount --map-root-user sh -c 'mount -t tmpfs -o "$0,mode=700" none a && mount -t tmpfs -o mode=700 none b &&
        "$@"; code=$?; ls -A a b >left; exit $code' "$@"
}

@test "media of their own: nobody is asked; one that is full holds nothing" {
    unshare --mount --map-root-user mount -t tmpfs none a 2>/dev/null || skip "cannot mount here"
    answer keep-the-key.device.1
    run -0 mounted size=64k setsid -w "${ca_command[@]}" "${from_files[@]}" "${both[@]}"
    [ "$(grep -c '^intermediate-key-' left)" -eq 2 ]
    page 000005 page.json | jq -e '.deviations == []'
    page 000005 evidence/backup-intermediate-key.json | jq -e '.copies | map(.filesystem) == ["tmpfs", "tmpfs"]'
    back_to made
    run --separate-stderr mounted size=4k sh -c 'head -c 4096 /dev/zero >a/full; exec setsid -w "$@"' - \
        "${ca_command[@]}" "${from_files[@]}" "${both[@]}"
    refused "cannot be written: No space left on device"
    [ "$(xargs <left)" = "a: full b:" ]
}

@test "killed while it writes: nothing half, and the same command goes on; an announced copy is asked about" {
    file=$(tar -xOf record/000004-*.tar page.json | jq -r '.outputs[0].spki_sha256[:16]').key
    for call in openat fsync rename; do
        back_to made
        answer keep-the-key.copy.1 true
        run alone strace -f -o strace.out -P "$trial/a/.intermediate-key-$file.verger-new" -e "trace=$call" \
            -e "inject=$call:signal=KILL:when=1" "${ca_command[@]}" "${from_files[@]}" "${both[@]}"
        [ "$status" -ne 0 ] && [ -z "$(find record -name '000005-*')" ]
        run -0 at_ca "${both[@]}"
        cmp a/*.key ca/secrets/intermediate_ca_key
        [ "$(ls -A a | wc -l)" -eq 1 ]
        run -0 holds
    done
}

@test "another medium than the one that was announced: people decide, and the page says so" {
    rmdir b
    run at_ca "${both[@]}"
    mkdir b
    answer keep-the-key.backup.4 false
    run --separate-stderr at_ca "${both[@]}"
    [ -n "$(ls a)" ]
    rm a/*
    answer keep-the-key.backup.4 true
    fails "prompt keep-the-key.copy.1" at_ca "${both[@]}"
    answer keep-the-key.copy.1 true
    run -0 at_ca "${both[@]}"
    page 000005 page.json | jq -e '.deviations | any(.rule == "backup.copy")'
}

@test "a ceremony that is aborted names the copies that it announced" {
    rmdir b
    run ! at_ca "${both[@]}"
    mkdir b
    answer keep-the-key.backup.4 false
    run ! at_ca "${both[@]}"
    jq -n '{"abort.why.1": "no", "abort.by.1": "Alan Turing", "abort.sure.1": true}' | jq -s add answers.json - >new
    mv new answers.json
    run -0 at_ca --abort
    page 000005 transcript.txt | grep "A copy of the intermediate key on medium A was announced at .*; if the medium has it,"
    run -0 holds
}

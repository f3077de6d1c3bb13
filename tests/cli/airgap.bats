#!/usr/bin/env bats
# Two stations as they are on the day: two users, each in a network namespace of its own that has no way out, each
# with folders that the other cannot read. A courier carries copies of the record, and nothing else.
load trial

stations=$BATS_FILE_TMPDIR/stations
uid_of() { [ "$1" = ca ] && echo 48201 || echo 48202; }

# As the user of station $1, cut off from every network.
alone_at() {
    local name=$1
    shift
    unshare --net setpriv --reuid "$(uid_of "$name")" --regid "$(uid_of "$name")" --clear-groups --no-new-privs \
        env -C "$stations/$name" "$@" </dev/null
}

setup_file() {
    [ "$(id -u)" -eq 0 ] || skip "needs root, to be two users"
    unshare --net true 2>/dev/null || skip "cannot make a network namespace here"
    local name
    prepare
    umask 022
    install -D -m 755 "$VERGER" "$stations/verger"
    chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_FILE_TMPDIR/.."
    for name in ca root; do
        mkdir "$stations/$name"
        mkdir "$stations/$name"/{media,pw}
        cp -a script answers.json "$stations/$name/"
        password seal "seal of $name only, $RANDOM$RANDOM quince"
        cp pw/seal "$stations/$name/pw/"
    done
    cp pw/authority pw/provisioner "$stations/ca/pw/"
    cp pw/root "$stations/root/pw/"
    cp media/root.crt "$stations/ca/media/"
    cp media/root.key "$stations/root/media/"
    chmod 700 "$stations"/{ca,root}
    for name in ca root; do chown -R "$(uid_of "$name"):$(uid_of "$name")" "$stations/$name"; done
    for name in ca root; do
        alone_at "$name" ../verger enrol --home home --name "Station $name" --station $name --password-file seal=pw/seal
    done
    install -m 644 "$stations/root/home/seal.crt" "$stations/ca/media/"
    cat "$stations"/{ca,root}/home/seal.crt >"$stations/signers.pem"
}

setup() {
    [ "$(id -u)" -eq 0 ] || skip "needs root, to be two users"
    [ -e "$stations/verger" ] || skip "cannot make a network namespace here"
}

# The courier: a copy of the record from station $1 to station $2, which owns what arrives.
carry() {
    rm -rf "$stations/$2/record"
    cp -r "$stations/$1/record" "$stations/$2/record"
    chown -R "$(uid_of "$2"):$(uid_of "$2")" "$stations/$2/record"
}

run_at() {
    local name=$1
    shift
    alone_at "$name" ../verger run script/intermediate-ca.lua --station "$name" --home home --record record \
        --media media --authority authority --answers answers.json --unattended --password-file seal=pw/seal "$@"
}
run_ca() { run_at ca --enrol media/seal.crt --password-file authority=pw/authority provisioner=pw/provisioner; }
run_root() { run_at root --password-file "root key=pw/root"; }

@test "each station is alone: no interface but its own loop, which is down, and nothing of the other that it could read" {
    [ "$(alone_at ca cat /proc/net/dev | tail -n +3 | cut -d : -f 1 | tr -d ' ')" = lo ]
    run ! alone_at ca bash -c 'echo >/dev/tcp/127.0.0.1/22'
    [[ $output == *"Network is unreachable"* ]]
    for path in root/pw/root root/media/root.key root/home/seal.key; do
        run ! alone_at ca cat "../$path"
    done
    for path in ca/pw/authority ca/home/seal.key; do
        run ! alone_at root cat "../$path"
    done
}

@test "ca, root, ca: a copy is carried each time, and the record holds at both" {
    run -0 --separate-stderr run_ca
    [[ $output == *"Carry the record (record) to root"* ]]
    carry ca root
    run -0 --separate-stderr run_root
    [[ $output == *"Carry the record (record) to ca"* ]]
    carry root ca
    run -0 --separate-stderr run_ca
    [[ $output == *"The ceremony is complete: 9 steps, 10 pages."* ]]
    run -0 alone_at ca ../verger verify record --signers ../signers.pem
    carry ca root
    run -0 --separate-stderr run_root
    [[ $output == *"The ceremony is complete: 9 steps, 10 pages."* ]]
    run -0 alone_at root ../verger verify record --signers ../signers.pem
}

@test "root and issuing keys never meet: neither station has a key, a password or a line of one that is the other's" {
    [ -e "$stations/ca/authority/secrets/intermediate_ca_key" ]
    lines_of() { grep -hv -e ----- "$@" | sed 's/$/\n/' | grep .; }
    cd "$stations"
    roots=(root/media/root.key root/home/seal.key root/pw/*)
    run -0 grep -raFq -f <(lines_of "${roots[@]}") root
    run ! grep -raFq -f <(lines_of "${roots[@]}") ca
    run ! grep -raFq -f <(lines_of ca/{authority/secrets/*,home/seal.key,pw/*}) root
    run ! grep -raFq "PRIVATE KEY" {ca,root}/record root/authority
    [ "$(find root -name '*key*' ! -path '*/record/*' ! -path '*/script/*' | sort | tr '\n' ' ')" = "root/home/seal.key root/media/root.key " ]
    [ -z "$(find "$stations/ca/authority" -name '*root*key*')" ]
}

@test "what each leaves on its disk is its own" {
    for name in ca root; do
        [ -z "$(find "$stations/$name" ! -uid "$(uid_of "$name")" ! -path '*/media/seal.crt')" ]
        [ -z "$(find "$stations/$name"/{home,authority} -perm /022)" ]
    done
}

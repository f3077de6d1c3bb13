#!/usr/bin/env bats
# The fence: what a command's line does not name, the kernel keeps from the process. Judged by strace, which sees what
# was tried and what came of it.
load trial

setup_file() { prepare && keep enrolled; }
setup() { back_to enrolled; }

needs_landlock() {
    local version
    version=$(traced -qq -e trace=landlock_create_ruleset "$VERGER" agenda script/intermediate-ca.lua 2>&1 >/dev/null |
        sed -n 's/.*VERSION) = \([0-9]*\).*/\1/p')
    [ "${version:-0}" -ge 2 ] || skip "this kernel has no Landlock, or only its first version"
}

# How often a fence was put up.
fences() { traced -f -qq -e trace=landlock_restrict_self "$@" 2>&1 >/dev/null | grep -c 'landlock_restrict_self(.* = 0$'; }

# What a command opened once its fence stood, into a file: opened FILE COMMAND...
opened() {
    traced -f -qq -o trace -e trace=openat,open,creat,landlock_restrict_self "${@:2}" >/dev/null || return
    sed -n '/landlock_restrict_self/,$s/.*open[a-z]*([A-Z_]*, //p' trace >"$1"
    [ -s "$1" ]
}

@test "every command puts it up, once, whatever its line says" {
    needs_landlock
    [ "$(fences "$VERGER" agenda script/intermediate-ca.lua)" -eq 1 ]
    [ "$(fences "$VERGER" rehearse nothing.lua --record there)" -eq 1 ]
    [ "$(fences "$VERGER" verify nothing)" -eq 1 ]
    [ "$(fences "$VERGER" check nothing)" -eq 1 ]
    [ "$(fences "$VERGER" rebuild nothing --into there)" -eq 1 ]
    [ "$(fences "$VERGER" log nothing)" -eq 1 ]
    [ "$(fences "$VERGER" diff nothing other 1 2)" -eq 1 ]
    [ "$(fences "$VERGER" replay nothing)" -eq 1 ]
    [ "$(fences "$VERGER" renew nothing -o there.lua)" -eq 1 ]
    [ "$(fences "$VERGER" split nothing --needed 2 --parts 3 --output there)" -eq 1 ]
    [ "$(fences "$VERGER" policy nothing a.example)" -eq 1 ]
    [ "$(fences "$VERGER" lint nothing)" -eq 1 ]
    [ "$(fences "$VERGER" explain nothing)" -eq 1 ]
    [ "$(fences "$VERGER" new nothing --into there --unattended)" -eq 1 ]
    [ "$(fences "$VERGER" template nothing --csr nothing)" -eq 1 ]
    [ "$(fences "$VERGER" enrol --home new --name A --station a --password-file seal=nothing)" -eq 1 ]
    [ "$(fences "${ca_command[@]}" --unattended)" -eq 1 ]
    [ ! -e record ] && [ ! -e ca ] && [ ! -e new ]
}

@test "hostile surroundings: nothing ambient is read, nothing is written but where the line says" {
    needs_landlock
    mkdir evil
    printf '[core]\n\tfsync = none\n' >evil/.gitconfig
    printf 'openssl_conf = evil\n[evil]\nnowhere = 1\n' >evil/openssl.cnf
    printf 'error "hostile"\n' | tee evil/host.lua >evil/plan.lua
    local hostile=(setsid -w env HOME="$PWD/evil" XDG_CONFIG_HOME="$PWD/evil" GIT_CONFIG_GLOBAL="$PWD/evil/.gitconfig"
        GIT_DIR="$PWD/evil" GIT_OBJECT_DIRECTORY="$PWD/evil" OPENSSL_CONF="$PWD/evil/openssl.cnf"
        OPENSSL_MODULES="$PWD/evil" SSL_CERT_FILE="$PWD/evil/cert.pem" LUA_PATH="$PWD/evil/?.lua"
        LUA_INIT='error "hostile"' TMPDIR="$PWD/evil" LANG=tr_TR.UTF-8 TZ=Asia/Kolkata)
    opened opened-1 "${hostile[@]}" "${ca_command[@]}" "${from_files[@]}"
    opened opened-2 "${hostile[@]}" "${root_command[@]}" "${from_files[@]}"
    opened opened-3 "${hostile[@]}" "${ca_command[@]}" "${from_files[@]}"
    run -0 "${hostile[@]}" "$VERGER" verify record --head "$(sha256sum record/000009-*.tar | cut -d ' ' -f 1)"
    holds
    run ! grep -h evil opened-[123]
    # Of /etc nothing; nothing for writing but below what is named, where all that is temporary is too.
    run ! grep -hE '^"/etc/.* = [0-9]' opened-[123]
    run ! grep -hE "O_(WRONLY|RDWR|CREAT|TRUNC)" <(
        grep -hvE "^\"($PWD/)?(record|ca|root|home-ca|home-root)(/|\")|^\"/dev/(null|tty)\"" opened-[123])
    [ "$(ls -A evil | tr '\n' ' ')" = ".gitconfig host.lua openssl.cnf plan.lua " ]
}

@test "names of folders that are links, relative, absolute or with dots are as good as others" {
    mkdir deep && mv home-ca deep/home && mv media deep/media && mkdir deep/far
    ln -s "$PWD/deep/media" media-link
    ln -s "$PWD/deep/far" far
    ln -s intermediate-ca.lua script/other.lua
    cd deep
    run -0 --separate-stderr alone "$VERGER" run ../script/intermediate-ca.lua --station ca --home ./home/../home \
        --record ./../far/new-record/ --media "$PWD/../media-link" --authority "$PWD/far/../ca" \
        --enrol ../home-root/seal.crt --answers ../answers.json --unattended --password-file seal=../pw/seal \
        authority="$PWD/../pw/authority" provisioner=../deep/../pw/provisioner
    [[ $output == *"Carry the record"* ]]
    [ "$(stat -c %a "$trial/deep/far/new-record")" = 755 ]
    [ "$(stat -c %a "$trial/deep/ca")" = 700 ]
    run -0 "$VERGER" verify --head "$(sha256sum far/new-record/000004-*.tar | cut -d ' ' -f 1)" ../far/new-record
}

@test "a kernel without Landlock is no hindrance" {
    local without=(env LD_PRELOAD="$FAULT" FAULT_ROOT=/nowhere FAULT_LOG=/dev/null)
    [ "$(fences "${without[@]}" "$VERGER" agenda script/intermediate-ca.lua)" -eq 0 ]
    run -0 "${without[@]}" "$VERGER" rehearse script/intermediate-ca.lua --record there --unattended
}

#!/usr/bin/env bats
# Wherever the installing of a new intermediate is cut off, step-ca finds the old one or the new one, whole, at that
# very moment; and the same command goes on to the end.
load ../cli/trial
load ../cli/takeover
work=$BATS_FILE_TMPDIR
load point

# Passwords are cheap where the library is loaded, so every key is made and opened with it.
enrol() {
    faulty -1 none "$VERGER" enrol --home "home-$1" --name "Station $1" --station "$1" --password-file seal=pw/seal
}
alone() { "${walker:-sound}" "$@"; }
sound() { faulty -1 none setsid -w "$@"; }
counted() { faulty 0 none setsid -w "$@"; }

setup_file() (
    mkdir -p "$work/kept"
    {
        takeover_prepare && takeover_script renew-intermediate.lua && take_over ca --previous first &&
            take_over root && keep signed && rm -f "$work/log" && walker=counted take_over ca
    } >"$work/said" 2>&1 || { tail -n 5 "$work/said" && return 1; }
    grep -v ^outside "$work/log" >"$work/calls"
)

# shellcheck disable=SC2034 # takeover.bash uses it
setup() { shipped=script/renew-intermediate.lua; }

# The files that ca.json names now, and that they are one: old or new.
turned() {
    local crt key
    crt=$(jq -r .crt ca/config/ca.json) && key=$(jq -r .key ca/config/ca.json) || return 1
    [ "$(openssl x509 -in "$crt" -noout -pubkey)" = "$(openssl pkey -in "$key" -passin file:pw/authority -pubout)" ] ||
        return 1
    basename "$crt"
}

severed() { faulty "$at" "$how" setsid -w "$@"; }

# Cut off at the call $1 in the way $2; what step-ca would find; then the same command.
cut_off() {
    local found at=$1 how=$2
    back_to signed
    rm -rf "$work/kept" && mkdir "$work/kept"
    walker=severed take_over ca >"$work/said" 2>&1 && return 1
    found=$(turned) || { echo "at $1 ($2): neither old nor new" && return 1; }
    take_over ca >"$work/said" 2>&1 || { echo "at $1 ($2): does not go on" && tail -n 3 "$work/said" && return 1; }
    [ "$(turned)" = intermediate_ca-2.crt ] || { echo "at $1 ($2): not installed" && return 1; }
    echo "$found"
}

# Where a name comes or goes, of the tree and of the page that says so.
points() { grep -E '(rename|rmdir) (ca/|record/[^ ]*install-the-certificate)' "$work/calls" | cut -d ' ' -f 1; }

@test "killed where a name comes or goes: old or new, and it goes on" {
    [ "$(points | wc -l)" -ge 6 ]
    for at in $(points); do cut_off "$at" kill; done >"$work/seen"
    cat "$work/seen"
    [ "$(sort -u "$work/seen")" = $'intermediate_ca-2.crt\nintermediate_ca.crt' ]
    holds
}

@test "the power goes at ca.json, and half of it is written" {
    json=$(grep -m 1 'config/' "$work/calls" | cut -d ' ' -f 1)
    for how in power torn short; do cut_off "$json" $how; done
    holds
}

#!/usr/bin/env bats
# The page that revokes a signer is as safe as every other: wherever its making is cut off, either nobody is revoked yet,
# or the next run finishes what was announced, and the record holds.
load ../cli/trial
load ../cli/small
work=$BATS_FILE_TMPDIR
load point

# Passwords are cheap where the library is loaded, so every key is made and opened with it.
enrol() {
    faulty -1 none "$VERGER" enrol --home "home-$1" --name "Station ${1%%-*}" --station "${1%%-*}" \
        --password-file seal=pw/seal
}
alone() { faulty -1 none setsid -w "$@"; }

setup_file() (
    mkdir -p "$work/kept" && small_prepare >/dev/null && enrol ca-next >/dev/null || return
    jq '. + {"signers.reason.1": "lost", "signers.why.1": "it fell", "signers.read.1": true, "signers.by.1": "Alan Turing",
        "signers.sure.1": true, "signers.present.1": true}' answers.json >more.json && mv more.json answers.json
    cat home-*/seal.crt >signers.pem
    small ca >/dev/null && keep begun && faulty 0 none "${replace_command[@]}" >/dev/null &&
        grep -v ^outside "$work/log" >"$work/calls"
)

replace_command=("${small_command[@]}" --station root --home home-root --authority root --answers answers.json
    --unattended --password-file seal=pw/seal --replace ca=home-ca-next/seal.crt)

# Cut off at the call $1 in the way $2; then the plain command, until it has walked its step.
cut_off() {
    back_to begun
    rm -rf "$work/kept" && mkdir "$work/kept"
    run faulty "$1" "$2" "${replace_command[@]}"
    [ "$status" -eq 137 ]
    run -0 small root
    [ -z "$(find record root -name .staging -o -name .verger-staging)" ]
    [ -e record/000002-talk.tar ] || [ -e record/000003-talk.tar ] || run -0 small root
    "$VERGER" verify record --signers signers.pem --json >report.json
    jq -e '.verdict == "holds" and .steps.walked == 2' report.json
}

# The number of the first call that has $1 in its "CALL PATH".
number_of() { grep -m 1 -F -- "$1" "$work/calls" | cut -d ' ' -f 1; }

@test "cut off before it is announced: nobody is revoked" {
    announced=$(number_of "write home-root/journal")
    for at in "1 kill" "$announced kill" "$announced short"; do
        cut_off "${at% *}" "${at#* }"
        jq -e '[.signers[].revoked] == [null, null]' report.json
    done
}

@test "cut off after it was announced: the next run finishes it, whatever was there by then, once" {
    for at in "fsync home-root/journal" "mkdir record/.staging" "rename record/000002-signers.tar.root.p7s" \
        "rename record/000002-signers.tar" "signers/ca-2.crt" "rmdir record/.staging"; do
        [ -n "$(number_of "$at")" ] || { echo "no call: $at" && cat "$work/calls" && return 1; }
        for how in kill after power; do
            [ "$at $how" = "fsync home-root/journal power" ] && continue
            cut_off "$(number_of "$at")" "$how"
            jq -e '[.signers[] | [.label, .revoked]] == [["ca", 2], ["root", null], ["ca-2", null]]' report.json
            cmp record/signers/ca-2.crt home-ca-next/seal.crt
            [ "$(jq -s 'map(select(.kind == "revoked")) | length' home-root/journal)" -eq 1 ]
        done
    done
}

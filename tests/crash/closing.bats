#!/usr/bin/env bats
# The closing page is as safe as every other: wherever its making is cut off, the ceremony is either not aborted yet, or
# the next run finishes what was announced, and the record holds.
load ../cli/trial
load ../cli/small
work=$BATS_FILE_TMPDIR
load point

# Passwords are cheap where the library is loaded, so every key is made and opened with it.
enrol() {
    faulty -1 none "$VERGER" enrol --home "home-$1" --name "Station $1" --station "$1" --password-file seal=pw/seal
}
alone() { faulty -1 none setsid -w "$@"; }

setup_file() (
    mkdir -p "$work/kept" && small_prepare >/dev/null && keep enrolled && small ca >/dev/null && keep begun &&
        faulty 0 none "${abort_command[@]}" >/dev/null && grep -v ^outside "$work/log" >"$work/calls"
)

abort_command=("${small_command[@]}" --station root --home home-root --authority root --answers answers.json --unattended
    --password-file seal=pw/seal --abort)

# Cut off at the call $1 in the way $2; then the plain command, which knows of no abort.
cut_off() {
    back_to begun
    rm -rf "$work/kept" && mkdir "$work/kept"
    run faulty "$1" "$2" "${abort_command[@]}"
    [ "$status" -eq 137 ]
    run small root
    [ -z "$(find record root -name .staging -o -name .verger-staging)" ]
    "$VERGER" verify record --signers signers.pem --json >report.json
}

# It was announced, so it was finished, with what was announced, and once.
is_aborted() {
    jq -e '.verdict == "holds" and .aborted == {page: 2, step: 2, title: "Talk", by: "Alan Turing", why: "the lamp fell"}' \
        report.json
    [ "$(jq -s 'map(select(.kind == "aborted")) | length' home-root/journal)" -eq 1 ]
    run --separate-stderr small root
    refused "this ceremony was aborted at step 2 (Talk)"
}

# It was not announced yet, so the walk went on.
is_walked() {
    [ "$status" -eq 0 ]
    jq -e '.verdict == "holds" and .aborted == null and .steps.walked == 2' report.json
}

# The number of the first call that has $1 in its "CALL PATH".
number_of() { grep -m 1 -F -- "$1" "$work/calls" | cut -d ' ' -f 1; }

# The announcement is the last line that the journal gets before the page is staged.
@test "cut off before the abort is announced: the ceremony goes on" {
    announced=$(number_of "write home-root/journal")
    for at in 1 "$announced"; do
        cut_off "$at" kill
        is_walked
    done
    cut_off "$announced" short
    is_walked
}

@test "cut off after it was announced: the next run finishes it, whatever was there by then" {
    for at in "fsync home-root/journal" "mkdir record/.staging" "rename record/000002-aborted.tar.root.p7s" \
        "rename record/000002-aborted.tar" "rmdir record/.staging"; do
        [ -n "$(number_of "$at")" ] || { echo "no call: $at" && cat "$work/calls" && return 1; }
        for how in kill after power; do
            [ "$at $how" = "fsync home-root/journal power" ] && continue
            cut_off "$at" "$how"
            is_aborted
        done
    done
}

#!/usr/bin/env bats
# What people said before page 0 is theirs: an exception outlives every way in which its attempt is cut off, and stands
# on the page 0 that comes of it, once.
load ../cli/trial
load ../cli/small
work=$BATS_FILE_TMPDIR
load point

# Passwords are cheap where the library is loaded, so every key is made and opened with it.
enrol() {
    faulty -1 none "$VERGER" enrol --home "home-$1" --name "Station $1" --station "$1" --password-file seal=pw/seal
}
alone() { faulty -1 none setsid -w "$@"; }

begin_command=("${small_command[@]}" --station ca --home home-ca --authority ca --enrol home-root/seal.crt
    --answers answers.json --unattended --password-file seal=pw/seal)

setup_file() (
    mkdir -p "$work/kept" && small_prepare >/dev/null && cp answers.json plain.json &&
        answer start.operator.1 "$(exception '"Ada Lovelace"')" && keep said &&
        faulty 0 none "${begin_command[@]}" >/dev/null && grep -v ^outside "$work/log" >"$work/calls"
)

# Cut off at the call $1 in the way $2; then the same command, with the answers of somebody who says $3 decided it.
cut_off() {
    back_to said
    rm -rf "$work/kept" && mkdir "$work/kept"
    run faulty "$1" "$2" "${begin_command[@]}"
    [ "$status" -eq 137 ]
    cp plain.json answers.json && answer start.operator.1.by "\"$3\""
    run -0 small ca
    "$VERGER" verify record --signers signers.pem --json >report.json
    jq -e '.verdict == "holds"' report.json
}

# The numbers of the calls on the home's journal: what is announced, in order.
on_journal() { awk -v call="$1" '$2 == call && $3 == "home-ca/journal" { print $1 }' "$work/calls"; }

deviations() { page 000000 page.json | jq -c '[.deviations[] | select(.rule == "prompt.exception") | [.prompt, .decided, .by]]'; }

# Written are: the attempt, the exception, who decided it, and that page 0 is sealed.
@test "cut off after it was written down: page 0 has it, and who decided it is asked only while that is open" {
    mapfile -t written < <(on_journal fsync)
    [ "${#written[@]}" -ge 4 ]
    for how in kill after power; do
        for number in 1 2 3; do
            cut_off "${written[number]}" $how "Alan Turing"
            kept='[["start.operator.1","candles","Alan Turing"]]'
            [ "$number $how" != "1 power" ] || kept='[]'
            [ "$(deviations)" = "$kept" ] || { echo "$number $how: $(deviations)" && return 1; }
            [ "$number" -eq 3 ] || page 000000 transcript.txt | grep "Attempt 1, begun at .*, was cut off"
        done
    done
}

@test "whoever decided it is not here any more: it is told, and is nobody's" {
    mapfile -t written < <(on_journal fsync)
    cut_off "${written[1]}" after "nobody here"
    [ "$(deviations)" = "[]" ]
    page 000000 transcript.txt | cut -c 23- >said
    grep -A 3 -x "An exception of an earlier attempt." said | grep -x "Decided: candles, by nobody who is here now"
    # The next one in this folder hears nothing of it.
    rm -r record && answer start.operator.1.by
    run -0 small ca
    page 000000 transcript.txt | run ! grep -i "attempt"
}

@test "what a file says again in the next attempt is one exception" {
    mapfile -t written < <(on_journal fsync)
    back_to said
    run faulty "${written[1]}" after "${begin_command[@]}"
    [ "$status" -eq 137 ]
    run -0 small ca
    [ "$(deviations)" = '[["start.operator.1","candles","Alan Turing"]]' ]
}

@test "page 0 was sealed, and cut off before it was in its place: nothing is asked again" {
    for at in "rename record/000000-script.tar.ca.p7s" "rename record/000000-script.tar"; do
        back_to said
        run faulty "$at" kill "${begin_command[@]}"
        [ "$status" -eq 137 ]
        cp plain.json answers.json
        run -0 small ca
        [ "$(deviations)" = '[["start.operator.1","candles","Alan Turing"]]' ]
        jq -se 'map(select(.page == 0 and .kind == "sealed")) | length == 1' home-ca/journal
    done
}

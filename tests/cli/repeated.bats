#!/usr/bin/env bats
# What a command line says for page 0 alone, said again when page 0 is sealed: the same line goes on, another is refused.
load trial
load small

# Rehearsed, with the head of a ceremony before; stopped on the first page behind page 0.
setup_file() (
    small_prepare && "$VERGER" rehearse script/small.lua --record rehearsal --unattended &&
        "$VERGER" rehearse script/small.lua --record other --unattended &&
        "$VERGER" enrol --home home-alan --name "Alan Turing" --witness --password-file seal=pw/seal &&
        "$VERGER" enrol --home home-eve --name "Eve" --witness --password-file seal=pw/seal &&
        echo '{"approve.seal.1": true}' >yes.json && approve one && sleep 1.1 && approve two || return 1 # two of one second are one
    cat home-*/seal.crt >signers.pem
    answer begin.confirm.2 false
    keep plain
    same && return 1
    answer begin.confirm.2 true && keep begun
) >"$BATS_FILE_TMPDIR/said" 2>&1 || {
    cat "$BATS_FILE_TMPDIR/said"
    return 1
}
setup() { back_to begun; }

approve() {
    alone "$VERGER" approve script/small.lua --home home-alan --output "$1.json" --password-file seal=pw/seal --answers yes.json
}

head=$(printf '%064d' 7)
line=(--rehearsal rehearsal --previous-head "$head" --approval one.json --enrol home-alan/seal.crt)
same() { small ca "${line[@]}"; }

late() { fails "$1: page 0 of this record is sealed, and $2" small ca "${@:3}"; }

@test "the same line goes on after an interruption, at the other station too, and without what is gone" {
    run -0 same
    [[ $output != *"page 0 is sealed"* ]]
    run -0 small root "${line[@]}"
    [[ $output != *"page 0 is sealed"* ]]
    mv rehearsal gone && rm one.json home-alan/seal.crt
    run -0 same
    for given in "--rehearsal rehearsal" "--approval one.json" "--enrol home-alan/seal.crt"; do
        [[ $output == *"$given: is not there any more, and not needed: page 0 is sealed."* ]] || { echo "$output" && return 1; }
    done
    run -0 "$VERGER" verify record --signers signers.pem
}

@test "another one is refused, and nothing is done" {
    other=$(printf '%064d' 8)
    late "--enrol home-eve/seal.crt" "does not have this certificate. Leave it out. Whoever is to seal" --enrol home-eve/seal.crt
    late "--rehearsal other" "names the record with the head $(page_head rehearsal), and not $(page_head other). Leave it out" \
        --rehearsal other
    late --previous-head "names the record with the head $head, and not $other" --previous-head "$other"
    late "--previous other" "names the record with the head $head" --previous other
    late "--approval two.json" "does not have this approval" --approval two.json
    fails '--register: nothing is signed at "ca", so that it needs no register; leave it out' small ca --register other
}

page_head() { "$VERGER" verify "$1" --json | jq -r .head; }

@test "what page 0 does without comes too late" {
    back_to plain
    run small ca
    late "--rehearsal rehearsal" "names no such record. Leave it out; or, where it has to be on page 0, begin anew" \
        --rehearsal rehearsal
    late --previous-head "names no such record" --previous-head "$head"
    late "--approval one.json" "does not have this approval" --approval one.json
}

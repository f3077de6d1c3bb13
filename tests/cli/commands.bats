#!/usr/bin/env bats
# The command line: help, versions, mistakes, exit codes.
bats_require_minimum_version 1.5.0
load note

# The commands that --help lists.
commands() {
    "$VERGER" --help | sed -n 's/^  \([a-z]*\)  *[A-Z].*[.]$/\1/p'
}

@test "--version names the version and the SHA-256 of the program that runs" {
    run -0 --separate-stderr "$VERGER" --version
    [[ ${lines[0]} == "verger "[0-9]*.[0-9]*.[0-9]* ]]
    [ "${lines[1]}" = "binary SHA-256 $(sha256sum <"$VERGER" | cut -d ' ' -f 1)" ]
    [ -z "$stderr" ]
}

@test "--help lists every command in a sentence" {
    run -0 --separate-stderr "$VERGER" --help
    [ "$(wc -L <<<"$output")" -le 80 ]
    for file in "$BATS_TEST_DIRNAME"/../../bootstrap/command_*.c; do
        command=${file##*/command_}
        grep -qE "^  ${command%.c} +[A-Z].*[.]$" <<<"$output"
    done
    [ -z "$stderr" ]
}

@test "each command has --help: what it does, its options, an example, its exit codes" {
    [ "$(commands | wc -l)" -ge 8 ]
    for command in $(commands); do
        run -0 --separate-stderr "$VERGER" "$command" --help
        [ -z "$stderr" ]
        [[ ${lines[0]} == "usage: verger $command"* ]]
        grep -q '^  --help' <<<"$output"
        [ "$(wc -L <<<"$output")" -le 80 ] # nothing is broken by a terminal of 80 columns
        grep -q '^Example:' <<<"$output"
        grep -q "^  verger $command " <<<"$output"
        grep -q '^Exit: 0 .*; 1 .*; 2 usage' <<<"$(tr -s ' \n' ' ' <<<"${output/#*Exit:/Exit:}")"
    done
}

# `verger ...` is a usage mistake, told in one line on standard error that has the words of $1.
mistaken() {
    local words=$1
    shift
    run -2 --separate-stderr "$VERGER" "$@"
    without_note
    [ -z "$output" ]
    # shellcheck disable=SC2154 # bats sets it
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *"$words"* ]] || {
        echo "$stderr"
        return 1
    }
    [[ $stderr == *"; see verger"*"--help" || $stderr == *"? See verger"*"--help" ]]
}

@test "usage mistakes exit 2 with one line that names the remedy" {
    mistaken "a command is missing"
    mistaken 'there is no command "rehaerse": did you mean rehearse?' rehaerse
    mistaken 'there is no command "xyzzy"; see verger --help' xyzzy
    mistaken "AUTHORITY is missing" check
    mistaken "SCRIPT is missing; see verger agenda --help" agenda
    mistaken "--record DIR is missing" rehearse s.lua
    mistaken "did you mean --station?" run s.lua --staton ca
    mistaken "--head was given twice" verify r --head a --head b
    mistaken "--json takes no value" verify r --json=yes
    mistaken '"b" is one word too many' verify a b
    mistaken "exclude each other" agenda s.lua --html --md
    mistaken "CA_JSON is missing" policy
    mistaken "nothing is asked" policy ca.json
    mistaken "names needs a NAME" policy ca.json ""
    mistaken 'there is no option "--names"' policy ca.json --names x
    mistaken "--ssh is user or host" policy ca.json x --ssh both
    mistaken "exclude each other" policy ca.json --ssh user --csr f
    mistaken "is not UTF-8" policy ca.json $'\xff'
    mistaken "either --station S or --witness" enrol --home h --name n
    mistaken "either --station S or --witness" enrol --home h --name n --witness --station ca
    mistaken "NAME=FILE" enrol --home h --name n --witness --password-file pw
}

@test "a run takes answers only with --unattended" {
    mistaken "only with --unattended" run s.lua --station ca --home h --record r --media m --authority a --answers f
}

@test "what was typed is shown without its control characters" {
    run -2 --separate-stderr "$VERGER" $'a\e[31mb'
    [[ $stderr == *'a\x1b[31mb'* ]]
}

@test "a full disk under standard output is a failure" {
    run -1 --separate-stderr sh -c '"$VERGER" --help >/dev/full'
    [[ $stderr == *"standard output cannot be written"* ]]
}

@test "the environment steers nothing" {
    printf 'openssl_conf = nonsense\n.include /nonexistent\n' >"$BATS_TEST_TMPDIR/openssl.cnf"
    OPENSSL_CONF="$BATS_TEST_TMPDIR/openssl.cnf" LUA_INIT='error("ran")' POSIXLY_CORRECT=1 \
        run -0 --separate-stderr "$VERGER" --version
    [ -z "$stderr" ]
}

@test "a message is broken at the terminal's width between words, and never in a pipe" {
    run ! script -qec "stty cols 40; '$VERGER' run x.lua --station ca --home h --record r --media m" /dev/null
    [ "$(tr -d '\r' <<<"$output")" = $'verger run: --authority DIR is missing;\nsee verger run --help' ]
    run -2 --separate-stderr "$VERGER" run x.lua --station ca --home h --record r --media m
    [ "$stderr" = "verger run: --authority DIR is missing; see verger run --help" ]
}

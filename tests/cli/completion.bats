#!/usr/bin/env bats
# verger completion: what the three shells make of it.
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    PATH=$(dirname "$VERGER"):$PATH
    mkdir there && touch there.lua
}

# The words that bash offers for a line: $1 is the last one, before it the others.
offered() {
    "$VERGER" completion bash >words.bash
    bash -c 'source words.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _verger; printf "%s\n" "${COMPREPLY[@]}"' \
        - "$@"
}

@test "bash: commands, options, folders, files, ids" {
    [ "$(offered verger rehea)" = rehearse ]
    [ "$(offered verger run x --stat)" = --station ]
    [ "$(offered verger run --home the)" = there ]
    [ "$(offered verger agenda the | sort | tr '\n' ' ')" = "there there.lua " ]
    [ "$(offered verger explain seal.stat)" = seal.station ]
    offered verger "" | grep -c . | grep -qx "$(($("$VERGER" --help | grep -c '^  [a-z]') + 2))"
    "$VERGER" completion bash | shellcheck -s bash -
}

@test "zsh: the same, in a shell that somebody types into" {
    command -v zsh >/dev/null || skip "zsh is not installed"
    "$VERGER" completion zsh >_verger
    zsh -n _verger
    cat >type.exp <<'EXPECT'
set timeout 20
proc wants {text} { expect $text {} timeout { exit 1 } eof { exit 2 } }
spawn env TERM=dumb PS1=> zsh -f -i
wants ">"
send "fpath=(\$PWD \$fpath); autoload -Uz compinit; compinit -D -u; echo re''ady\r"
wants "ready\r"
wants ">"
send "verger rehea\t"
wants "verger rehearse "
send "x --unatt\t"
wants "unattended "
send "\025verger explain seal.stat\t"
wants "seal.station "
send "\025exit\r"
wants "exit"
expect eof
EXPECT
    expect type.exp
}

@test "fish: the same" {
    command -v fish >/dev/null || skip "fish is not installed"
    "$VERGER" completion fish >verger.fish
    fish --no-execute verger.fish
    words() { HOME=$PWD fish -c 'source verger.fish; complete -C "$argv"' "$1" | cut -f 1; }
    [ "$(words 'verger rehea')" = rehearse ]
    [ "$(words 'verger run x --stat')" = --station ]
    [ "$(words 'verger explain seal.stat')" = seal.station ]
    words 'verger agenda the' | grep -qx there.lua
    words 'verger run --home the' | grep -qx there/
}

@test "another shell is a usage mistake" {
    run -2 "$VERGER" completion tcsh
    [[ $output == *"bash, zsh or fish"* ]]
}

#!/usr/bin/env bats
# bootstrap/packages.sh, on a machine that is played by a folder of programs.
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    machine=$BATS_TEST_TMPDIR
    mkdir "$machine/bin"
    for tool in sh awk cut tr cat dirname env dpkg mktemp rm; do
        ln -s "$(command -v $tool)" "$machine/bin/$tool"
    done
    # What is installed is a list; apt-get adds to it, and writes down how it was called.
    program dpkg-query "cat '$machine/installed'"
    program apt-get "echo \"\$@\" >>'$machine/apt'
        case \" \$* \" in *' install '*) cat '$machine/available' >>'$machine/installed' ;; esac"
    program id 'echo 0'
    everything >"$machine/installed"
    everything >"$machine/available"
}

program() {
    printf '#!/bin/sh\n%s\n' "$2" >"$machine/bin/$1"
    chmod +x "$machine/bin/$1"
}

everything() {
    awk '!/^#/ { print $1, $3, "installed" }' vendor/pins
}

packages() {
    run --separate-stderr env PATH="$machine/bin" sh bootstrap/packages.sh "$@"
}

@test "nothing is missing: silent, and apt-get is not called" {
    packages build run test
    [ "$status" -eq 0 ]
    [ -z "$output$stderr" ]
    [ ! -e "$machine/apt" ]
}

@test "what is missing is said and installed, and nothing else" {
    everything | grep -vE '^(jq|bats) ' >"$machine/installed"
    packages build run
    [ "$status" -eq 0 ]
    [[ $stderr == *"this machine lacks (some minutes): jq"* ]]
    grep -q ' update$' "$machine/apt"
    grep -q -- ' install --no-install-recommends jq$' "$machine/apt"
}

@test "a version below the lowest counts as missing" {
    everything | sed 's/^libgit2-dev .*/libgit2-dev 1.1.0+dfsg.1-4 installed/' >"$machine/installed"
    : >"$machine/available"
    packages build
    [[ $stderr == *"lacks (some minutes): libgit2-dev"* ]]
    [ "$status" -eq 1 ] # this apt-get's release has no newer one
    [[ $stderr == *"no version that will do of: libgit2-dev"* ]]
}

@test "a package that was removed but left its configuration counts as missing" {
    everything | sed 's/^\(jq .*\) installed/\1 config-files/' >"$machine/installed"
    packages run
    [[ $stderr == *"lacks (some minutes): jq"* ]]
}

@test "neither root nor sudo: says what to have installed" {
    everything | grep -v '^jq ' >"$machine/installed"
    program id 'echo 1000'
    packages run
    [ "$status" -eq 1 ]
    [[ $stderr == *"neither root nor sudo"*"apt-get install jq"* ]]
    [ ! -e "$machine/apt" ]
}

@test "not root: through sudo" {
    everything | grep -v '^jq ' >"$machine/installed"
    program id 'echo 1000'
    program sudo "echo sudo >>'$machine/apt'; exec \"\$@\""
    packages run
    [ "$status" -eq 0 ]
    grep -q sudo "$machine/apt"
}

@test "a package manager that fails is told" {
    everything | grep -v '^jq ' >"$machine/installed"
    program apt-get 'echo E: the disk is full; exit 100'
    packages run
    [ "$status" -eq 1 ]
    [[ $stderr == *"E: the disk is full"*"apt-get update failed"* ]]
}

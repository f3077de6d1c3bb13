#!/usr/bin/env bats
# The rules of the house (README, "The six folders"), as far as a machine can see them.

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
}

# Fail with what standard input says, if anything.
nothing() {
    local found
    found=$(cat)
    [ -z "$found" ] || {
        echo "$1"
        echo "$found"
        return 1
    }
}

@test "includes point down only: bootstrap, lua, audit, ceremony" {
    local below=""
    for room in ceremony audit lua bootstrap; do
        # An include names its own folder's file plainly, another folder's as ../folder/file.h, once and downwards.
        grep -nE '^#include "' "$room"/*.[ch] |
            grep -vE ":#include \"[a-z0-9_]+\.(h|inc)\"" |
            grep -vE ":#include \"\.\./(${below:-none})/[a-z0-9_]+\.h\"" |
            nothing "$room may include from: ${below:-nothing}"
        for file in $(grep -hoE '^#include "[a-z0-9_]+\.h"' "$room"/*.[ch] | cut -d '"' -f 2 | sort -u); do
            [ -f "$room/$file" ] || echo "$room: $file"
        done | nothing "included as its own, but not there"
        below="${below:+$below|}$room"
    done
}

# Print what includes a header that matches $1 outside the files that match $2.
homeless() {
    grep -nE "^#include <$1" {bootstrap,lua,audit,ceremony}/*.[ch] | grep -vE "^($2):" || true
}

@test "every library has one home" {
    homeless 'git2' 'audit/ledger[a-z_]*\.[ch]' | nothing "libgit2 is for audit/ledger.c"
    homeless 'archive' 'audit/tarball\.c' | nothing "libarchive is for audit/tarball.c"
    homeless '(lua|lauxlib|lualib)' 'lua/[a-z0-9_]+\.[ch]' | nothing "Lua is for lua/"
    homeless 'openssl/' 'ceremony/[a-z0-9_]+\.[ch]|audit/(seal|signer|sshsig|timestamp)[a-z_]*\.[ch]' |
        nothing "OpenSSL is for ceremony/, and for audit/ where signatures are made or checked"
    homeless 'seccomp' 'bootstrap/harden\.c' | nothing "libseccomp is for bootstrap/harden.c"
    homeless 'idn2' 'ceremony/[a-z0-9_]+\.c' | nothing "libidn2 is for ceremony/"
}

@test "no file is longer than 450 lines, no test than 500" {
    find bootstrap lua audit ceremony tests vendor -path tests/golden -prune -o -type f \
        \( -name '*.[ch]' -o -name '*.lua' -o -name '*.sh' -o -name '*.bats' -o -name '*.exp' \) -print0 |
        xargs -0 wc -l | awk '$2 != "total" && $1 > ($2 ~ /^tests/ ? 500 : 450)' | nothing "too long"
}

@test "no goto, nothing left to do, no path of somebody's machine" {
    grep -nE 'goto [a-z_]+;' {bootstrap,lua,audit,ceremony}/*.[ch] | nothing "goto"
    grep -rnwE 'TODO|FIXME|XXX|HACK' bootstrap lua audit ceremony vendor Makefile README.md | nothing "unfinished"
    grep -rnE '(^|[^A-Za-z0-9_.])/(work|root|home/[a-z]+)/' --exclude-dir=golden --exclude=house.bats \
        bootstrap lua audit ceremony vendor tests Makefile README.md .ci |
        grep -vE '/home/(ca|you|ann)/' | nothing "a machine's path"
}

@test "no file holds state: what is writable belongs to a function's caller" {
    local objects
    objects=$(dirname "$VERGER")
    [ -f "$objects/bootstrap/main.o" ] || skip "no object files beside $VERGER"
    if nm "$objects/bootstrap/main.o" | grep -q __asan_; then skip "the sanitizer's objects hold its own"; fi
    for object in "$objects"/{bootstrap,lua,audit,ceremony}/*.o; do
        objdump -t "$object" | awk -v object="$(basename "$object")" \
            '$3 == "O" && ($4 ~ /^\.(data|bss|tdata|tbss)/ && $4 !~ /^\.data\.rel\.ro/) || $2 == "*COM*" { print object, $NF }'
    done | nothing "mutable at file scope"
}

@test "every test says TAP, and every test is run" {
    find tests/unit -type f ! -name 'test_*.c' ! -name '*.h' | nothing "not run by make check"
    find tests/cli -maxdepth 1 -type f ! -name '*.bats' ! -name '*.bash' ! -name '*.exp' ! -name '*.pl' | nothing "not run by make check"
    grep -L 'CM_OUTPUT_TAP' tests/unit/test_*.c | nothing "a unit that does not say TAP"
}

@test "every pin is a line of five fields, and every version sorts" {
    grep -vE '^#' vendor/pins |
        awk 'NF < 5 || $4 !~ /^(build|run|test|more|package)$/ { print }' | nothing "package lowest tested role note"
    grep -vE '^#' vendor/pins | while read -r package lowest tested _; do
        dpkg --compare-versions "$lowest" le "$tested" || echo "$package: tested $tested is below $lowest"
    done | nothing "pins"
    grep -vE '^#' vendor/pins | cut -d ' ' -f 1 | sort | uniq -d | nothing "pinned twice"
}

@test "the program is linked as hardened as the compiler can" {
    readelf -h "$VERGER" | grep -q 'DYN (Position-Independent Executable file)'
    readelf -d "$VERGER" | grep -q 'BIND_NOW\|Flags:.* NOW' || skip "a sanitizer's build"
    readelf -lW "$VERGER" | grep -q GNU_RELRO
    readelf -lW "$VERGER" | grep -E 'GNU_STACK' | grep -vq 'RWE'
}

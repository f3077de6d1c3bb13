#!/usr/bin/env bats
# What holds on this machine, judged by what the kernel says elsewhere, and by machines that are otherwise.
bats_require_minimum_version 1.5.0
load note

setup() { cd "$BATS_TEST_TMPDIR" && mkdir -m 700 home record; }

# The standing of a row, and its sentence: row ID < report
row() { jq -r --arg id "$1" '.rows[] | select(.id == $id) | .standing + " " + .says'; }
doctor() { "$VERGER" doctor --json "$@"; }

@test "the report is canonical JSON, each row once, with a remedy where it is not ok" {
    run -0 --separate-stderr doctor
    [ "$output" = "$(jq -cS . <<<"$output")" ]
    jq -e '.format == "verger-doctor-1" and (.rows | map(.id) | length == (unique | length))
        and (.rows | all((.standing == "ok") != has("remedy")))' <<<"$output"
    for id in network sockets fence memory swap core user logins clock zone entropy kernel libraries programs; do
        [ -n "$(row $id <<<"$output")" ]
    done
    [[ $(row kernel <<<"$output") == *"$(uname -r)"* ]]
    [[ $(row core <<<"$output") == ok* ]]
    [[ $(row libraries <<<"$output") == *"openssl $(openssl version | cut -d ' ' -f 2) "* ]]
}

@test "interfaces: none but the loopback in a network namespace of its own, and one that is put up there is named" {
    unshare --net true 2>/dev/null || skip "cannot make a network namespace here"
    command -v ip >/dev/null || skip "needs ip (iproute2)"
    in_alone() { unshare --net --mount sh -c 'mount -t sysfs none /sys && '"$1"; }
    run -0 in_alone "ip link set lo up && $VERGER doctor --json"
    [ "$(row network <<<"$output")" = "ok no interface is up, but for the loopback" ]
    ip link add type dummy 2>/dev/null && ip link del dummy0 2>/dev/null || skip "no kind of interface can be made here"
    run -0 in_alone "ip link add up0 type dummy && ip link set up0 up && $VERGER doctor --json"
    [ "$(row network <<<"$output")" = "warn interfaces that are up: up0" ]
}

@test "the fence and the sockets are tried, not believed" {
    run -0 doctor
    [ "$(row sockets <<<"$output")" = "ok the kernel refuses this process every network socket" ]
    run -0 env LD_PRELOAD="$FAULT" FAULT_ROOT=/nowhere FAULT_LOG=/dev/null "$VERGER" doctor --json
    [[ $(row fence <<<"$output") == "warn the kernel does not hold this process"* ]]
}

@test "a clock that stands before the files here is named" {
    touch record
    run -0 env LD_PRELOAD="$FAULT" FAULT_ROOT=/nowhere FAULT_LOG=/dev/null FAULT_CLOCK=-86400 \
        "$VERGER" doctor --record record --json
    [[ $(row clock <<<"$output") == "warn says "*", but files here were changed at "* ]]
}

@test "folders: modes, kinds of file system, and one that is not there yet" {
    run -0 doctor --home home --record not/yet
    [[ $(row modes_home <<<"$output") == ok* ]]
    [[ $(row filesystem_record <<<"$output") != fail* ]]
    [ -z "$(row modes_record <<<"$output")" ] && [ ! -e not ]
    chmod 777 home
    run -1 doctor --home home
    [[ $(row modes_home <<<"$output") == fail* ]]
    run -1 doctor --media nowhere
    [[ $(row media <<<"$output") == fail* ]]
    run doctor --record /dev/shm
    [ "$(stat -f -c %T /dev/shm)" != tmpfs ] || [[ $(row filesystem_record <<<"$output") == "warn /dev/shm: tmpfs"* ]]
}

@test "for people: one line a row, a count, and lines that fit the terminal" {
    run "$VERGER" doctor
    [[ ${lines[-1]} =~ ^[0-9]+\ ok,\ [0-9]+\ warn,\ [0-9]+\ fail$ ]]
    [ "$(grep -cE '^(ok|warn|fail) +[a-z_]+: ' <<<"$output")" -eq "$(awk '{ print $1 + $3 + $5 }' <<<"${lines[-1]}")" ]
    run script -qec "stty cols 50; '$VERGER' doctor" /dev/null
    # A word may be longer than a line; two are not.
    run ! grep -E '^.{51,}' <(tr -d '\r' <<<"$output" | grep -E ' .* ')
}

@test "the watch: asked at the terminal, both are told, and an hour is too far" {
    watch() { timeout 30 expect -f "$BATS_TEST_DIRNAME/watch.exp" "$1" "$VERGER" doctor --watch </dev/null; }
    run -0 watch "$(date -u +%H:%M)"
    [[ $output == *"ok    watch: the watch says $(date -u +%Y-%m-%d)T"* ]]
    run -1 watch "2001-01-01 12:00"
    [[ $output == *"fail  watch: the watch says 2001-01-01T12:00, the clock "*": they differ"* ]]
    run --separate-stderr -1 setsid -w "$VERGER" doctor --watch </dev/null
    [[ $stderr == *"there is no terminal"* ]]
}

#!/bin/bash
# Cut a whole ceremony off at a point, go on, and judge what came of it; at many points. TAP.
#
#   CRASH_POINTS  how many (200), or "all"
#   CRASH_SEED    which ones; a number that is printed
#   CRASH_ONLY    of these SESSION:CALL:HOW only those that match, an extended regular expression
#   CRASH_SCENES  where the first scenes of points that failed are left: the trial as it ended, what was said, what was hit
#   sweep.sh SESSION:CALL:HOW[:CALL2:HOW2]...   only these, and what was said; CALL as a number, or as in "open record/x"
set -u
points=${CRASH_POINTS:-200} seed=${CRASH_SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
jobs=${JOBS:-$(nproc)}
scenes=${CRASH_SCENES:-${TMPDIR:-/tmp}/verger-crash-$seed}
[ -w /dev/shm ] && export TMPDIR=/dev/shm
top=$(mktemp -d -t verger-crash.XXXXXX)
trap 'rm -rf "$top"' EXIT
here=$(cd "$(dirname "$0")" && pwd)

# What the trial and its points are made of, in a folder of their own.
load_point() {
    work=$top/$1
    bats_require_minimum_version() { :; }
    # shellcheck source=/dev/null
    load() { . "$1.bash"; }
    export BATS_TEST_DIRNAME=$here/../cli BATS_FILE_TMPDIR=$work BATS_TEST_TMPDIR=$work
    # shellcheck source=tests/cli/trial.bash
    . "$here/../cli/trial.bash"
    # shellcheck source=tests/crash/point.bash
    . "$here/point.bash"
}

# What a point that failed left behind, for whoever looks into it; of the first ones, as a mistake may fail them all.
leave_scene() {
    local scene=$scenes/$1
    [ "$(find "$scenes" -mindepth 2 -maxdepth 2 -name trial 2>/dev/null | wc -l)" -lt $((10 * jobs)) ] || return 0
    rm -rf "$scene" && mkdir -p "$scene" && cp -a "$trial" "$scene/trial" && cp "$work/said" "$scene/said"
    [ ! -e "$work/log" ] || cp "$work/log" "$scene/log"
}

# A worker makes its own base, because an authority knows its own path; then it takes the points of its list, each in a
# shell of its own: one that lives long takes a command for an old one when process ids come again, and its status with it.
worker() (
    load_point "$1"
    lay_base || { cat "$work/said" && exit 1; }
    while read -r which; do
        (
            point "$which"
            [ ${#faults[@]} -eq 0 ] || leave_scene "$which"
        )
    done <"$top/points.$1" >"$top/results.$1"
)

# Every call of every session, in every way in which it can go wrong.
every_point() {
    local number
    for number in 1 2 3; do
        sed "s/^/$number /" "$top/base/calls-$number"
    done | awk '$2 != "outside" {
        n = split("kill after power torn ENOSPC EIO EINTR full pulled" ($3 ~ /write/ ? " short" : ""), how, " ")
        for (i = 1; i <= n; i++) print $1 ":" $2 ":" how[i]
    }'
}

random() { openssl enc -aes-256-ctr -pass "pass:$seed" -nosalt -pbkdf2 </dev/zero 2>/dev/null; }

# As many of each session, because the shortest is the one that signs; every third is cut off twice.
sample() {
    local number
    every_point | grep -E "${CRASH_ONLY:-.}" | shuf --random-source=<(random) >"$top/shuffled"
    if [ "$points" = all ]; then
        cat "$top/shuffled"
    else
        for number in 1 2 3; do
            grep "^$number:" "$top/shuffled" | head -n $(((points + 3 - number) / 3))
        done
    fi | awk -F : '{
        again = (NR * 7 + $2) % 60 + 1
        print NR % 3 ? $0 : $0 ":" again ":" (NR % 2 ? "kill" : "power")
    }'
}

base() (
    load_point base
    lay_base || { cat "$work/said" && exit 1; }
    [ $# -eq 0 ] && exit 0
    for which in "$@"; do point "$which" && cat "$work/said"; done
)

mkdir "$top/base"
base "$@" || exit 1
[ $# -eq 0 ] || exit 0

sample >"$top/points"
split -n "r/$jobs" -a 1 --numeric-suffixes=1 "$top/points" "$top/points."
for job in $(seq "$jobs"); do
    mkdir "$top/$job"
    worker "$job" &
done
wait
cat "$top"/results.* >"$top/results"

# ---- figures ----

tests=0
verdict() { # TEXT RIGHT
    tests=$((tests + 1))
    [ "$2" = true ] && echo "ok $tests - $1" || echo "not ok $tests - $1"
}
figure() { awk -F '\t' "$1" "$top/results" | wc -l; }

wanted=$(wc -l <"$top/points") tried=$(figure '{ print }')
failed=$(figure '$8 != ""') lost=$(figure '$3') twice=$(figure '$4') secrets=$(figure '$5')
echo "# seed $seed: CRASH_SEED=$seed CRASH_POINTS=$points $0"
echo "# calls: $(cat "$top"/base/calls-? | grep -vc outside) in three sessions"
echo "# points tried: $tried, of them cut off twice: $(figure '$2 > 1'), went on in spite of it: $(figure '$2 == 0')"
echo "# resumed: $((tried - failed)), of them with a decision of the people: $(figure '$6')"
echo "# lost: $lost, signed twice: $twice, secrets found: $secrets"
awk -F '\t' '$8 != "" { print "# " $1 " (" $7 "): " $8 }' "$top/results"
[ "$failed" -eq 0 ] || echo "# their scenes: $scenes; one of them again: $0 SESSION:CALL:HOW"
verdict "every point was tried" "$([ "$tried" -eq "$wanted" ] && echo true)"
verdict "every ceremony was finished by the same commands, and its record holds" "$([ "$failed" -eq 0 ] && echo true)"
verdict "nothing is lost" "$([ "$lost" -eq 0 ] && echo true)"
verdict "nothing is signed twice" "$([ "$twice" -eq 0 ] && echo true)"
verdict "no secret is found" "$([ "$secrets" -eq 0 ] && echo true)"
echo "1..$tests"
[ "$tried" -eq "$wanted" ] && [ "$failed" -eq 0 ]

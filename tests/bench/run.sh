#!/bin/bash
# Verger beside its peers, the libraries' floor and the machine's limits. `make bench` builds what is named here and runs
# this: some minutes; with FULL=1 the sizes that are asked for, the better part of an hour.
#   METER FLOOR MANY LIST SUITE VERGER   programs
#   BENCH_JSON                           where the figures go, with every sample; a table goes to standard output
# Nothing is asserted about time: a figure that is missed is named in the table, and no more.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
export LC_ALL=C METER VERGER LIST
FULL=${FULL-} ROUNDS=${ROUNDS:-${FULL:+5}} ROUNDS=${ROUNDS:-3}
if [ "$FULL" ]; then
    VERIFIED=1000 PAGES=(10 100 1000 10000 100000) LARGE=1024 ENTRIES=(1000 10000 100000 1000000)
else
    VERIFIED=100 PAGES=(10 100 1000 5000) LARGE=200 ENTRIES=(1000 10000 100000)
fi
work=$(mktemp -d)
memory=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$work" "$memory"' EXIT
: >"$work/samples"
: >"$work/figures"

# shellcheck source=tests/bench/measure.bash
. "$here/measure.bash"
# shellcheck source=tests/bench/sections.bash
. "$here/sections.bash"

for point in ${POINTS:-ceremony start verify growth large lists rates again memory size}; do
    echo "bench: $point, $(date +%T)" >&2
    case $point in growth) verify_growth ;; *) "point_$point" ;; esac
done
figures_json >"$BENCH_JSON"
table "$BENCH_JSON"

#!/bin/bash
# Does it build on Debian 13, and pass the core of its tests there? As root, in a chroot of its own, from Debian's
# packages: tests/debian13.sh [FOLDER]. FOLDER keeps the chroot for the next time; without one it is thrown away.
# TRIALS=all runs the tests of the command line too (half an hour), otherwise the units, the Lua suites and the demo.
set -euo pipefail
cd "$(dirname "$0")/.."
release=${RELEASE:-trixie}
mirror=${MIRROR:-http://deb.debian.org/debian}

skip() { echo "debian13: skipped: $*" >&2; exit 0; }
[ "$(id -u)" -eq 0 ] || skip "only root can make a chroot"
command -v debootstrap >/dev/null || skip "there is no debootstrap (package debootstrap)"
unshare --mount true 2>/dev/null || skip "this machine lets nobody mount"

if [ $# -eq 0 ]; then
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
else
    root=$1
fi
[ -e "$root/etc/debian_version" ] || debootstrap --variant=minbase "$release" "$root" "$mirror" >/dev/null
rm -rf "$root/verger" && mkdir "$root/verger"
# What git knows, as it lies here.
git ls-files -z | tar --null -cf - -T - | tar -xf - -C "$root/verger"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cat >"$root/verger.sh" <<'SH'
set -eu
cd /verger
grep PRETTY_NAME /etc/os-release
sh bootstrap/packages.sh build run test
make -s -j2 CFLAGS=-Werror all units suite fault >/dev/null
export SUITE=$PWD/build/suite VERGER=$PWD/build/verger FAULT=$PWD/build/fault.so
if [ "$TRIALS" = all ]; then set -- tests/cli/*.bats; else set --; fi
for unit in build/unit/test_*; do [ ! -x "$unit" ] || set -- "$unit" "$@"; done # what make noted beside them is none
prove -j2 --comments --exec 'sh tests/run' tests/lua/test_*.lua "$@"
sh bootstrap/demo.sh >/dev/null
SH
# In a mount namespace of its own: what is mounted is gone with it.
unshare --mount --propagation private bash -euc '
    mount --bind "$1" "$1" # so that it is a file system there, with a name
    mount -t proc proc "$1/proc"
    mount -t devtmpfs devtmpfs "$1/dev" 2>/dev/null || mount --rbind /dev "$1/dev"
    mkdir -p "$1/dev/pts" && mount -t devpts -o ptmxmode=666 devpts "$1/dev/pts"
    exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 TERM=dumb \
        TRIALS="${TRIALS:-core}" DEBIAN_FRONTEND=noninteractive sh /verger.sh' - "$root" </dev/null
echo "debian13: holds"

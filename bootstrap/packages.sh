#!/bin/sh
# Install the packages of the given roles (build, run, test, more; see vendor/pins) that are missing or too old.
# Nothing to do: says nothing, changes nothing.
set -eu
cd "$(dirname "$0")/.."

# Print the packages of roles "$@" that must be installed, one a line.
missing() {
    pinned=$(for role in "$@"; do
        awk -v role="$role" '!/^#/ && $4 == role { print $1, $2 }' vendor/pins
    done)
    # shellcheck disable=SC2046 # one word a package
    present=$(dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' \
        $(echo "$pinned" | cut -d ' ' -f 1) 2>/dev/null || true)
    echo "$pinned" | while read -r package lowest; do
        version=$(echo "$present" |
            awk -v package="$package" '$1 == package && $3 == "installed" { print $2; exit }')
        if [ -z "$version" ] || dpkg --compare-versions "$version" lt "$lowest"; then
            echo "$package"
        fi
    done
}

complain() {
    echo "packages: $*" >&2
    exit 1
}

if ! command -v dpkg-query >/dev/null; then
    echo "packages: this is not Debian; see vendor/pins for what is needed" >&2
    exit 0
fi
wanted=$(missing "$@" | tr '\n' ' ')
[ -n "$wanted" ] || exit 0

echo "packages: installing what vendor/pins names and this machine lacks (some minutes): $wanted" >&2
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    complain "neither root nor sudo: have somebody run apt-get install $wanted"
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Quiet unless it fails.
apt() {
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null && return
    cat "$log" >&2
    complain "apt-get $1 failed: see above. Is there a network?"
}
apt update
# shellcheck disable=SC2086 # one word a package
apt install --no-install-recommends $wanted

still=$(missing "$@" | tr '\n' ' ')
[ -z "$still" ] || complain "this release has no version that will do of: $still(lowest versions: vendor/pins)"

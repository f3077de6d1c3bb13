# shellcheck shell=sh
# To be sourced: GNU tar as up to 1.34, whose bytes a page has. Since 1.35 it leaves the device numbers of a regular
# file empty, where there were zeros; here they are filled in again, and the sum with them.
tar() {
    command tar "$@" || return
    case $(command tar --version | head -n 1) in *" 1."[12]?|*" 1.3"[0-4]) return 0 ;; esac
    while [ $# -gt 1 ] && [ "$1" != -cf ]; do shift; done
    [ $# -le 1 ] || perl -0777 -pi -e '
        for (my $at = 0; substr($_, $at + 257, 8) eq "ustar\x{0}00"; ) {
            my $header = substr($_, $at, 512);
            substr($header, 329, 16) = "0000000\0" x 2;
            substr($header, 148, 8) = " " x 8;
            substr($header, 148, 8) = sprintf("%06o\0 ", unpack("%32C*", $header));
            substr($_, $at, 512) = $header;
            $at += 512 + 512 * int((oct(substr($header, 124, 11)) + 511) / 512);
        }' "$2"
}

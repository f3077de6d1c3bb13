# Where memory cannot be locked, verger says so in a note of its own on standard error: put it aside, after `run`.
without_note() {
    stderr=$(grep -v '^verger: note: memory cannot be locked' <<<"$stderr" || true)
    # shellcheck disable=SC2034 # bats reads it
    mapfile -t stderr_lines < <(printf '%s' "$stderr")
}

# strace, under which a build with sanitizers cannot look for leaks.
traced() { ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 strace "$@"; }

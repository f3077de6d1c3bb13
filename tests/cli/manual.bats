#!/usr/bin/env bats
# The manual pages: well formed, installed, and true of the program.
bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || return 1
    pages=(*/verger*.[1-9])
}

# Lines of section $1 of a page ($2), by the name in its .Sh.
section() {
    awk -v name="$1" '/^\.Sh / { inside = tolower(substr($0, 5)) == tolower(name); next } inside' "$2"
}

@test "every page is clean under mandoc's lint, and refers to pages that are there" {
    [ "${#pages[@]}" -ge 1 ]
    # Which pages of others a machine has is its own affair.
    run mandoc -Tlint "${pages[@]}"
    echo "$output"
    grep -v 'referenced manual not found\|outdated mandoc.db' <<<"$output" | (! grep .)
    grep -hoE '^\.Xr verger[a-z-]* [0-9]' "${pages[@]}" | sort -u | while read -r _ name number; do
        [ -e "$(echo ./*/"$name.$number")" ] || echo "no page $name($number)"
    done | (! grep .)
}

@test "make install puts every page where man looks for it" {
    make -s -o "$VERGER" BUILD="$(dirname "$VERGER")" DESTDIR="$BATS_TEST_TMPDIR" PREFIX=/usr install >/dev/null
    for page in "${pages[@]}"; do
        cmp "$page" "$BATS_TEST_TMPDIR/usr/share/man/man${page##*.}/${page##*/}"
    done
    cmp lua/verger-script.d.lua "$BATS_TEST_TMPDIR/usr/share/verger/verger-script.d.lua"
}

@test "verger-record(5): every check of verify stands there, in the section that its clause names" {
    cat >"$BATS_TEST_TMPDIR/small.lua" <<'LUA'
ceremony "Small" { version = "1" }
people { operator = 1 }
stations { ca = "the machine" }
step "Begin" { at = "ca", say "Good morning." }
LUA
    "$VERGER" rehearse "$BATS_TEST_TMPDIR/small.lua" --record "$BATS_TEST_TMPDIR/record" --unattended >/dev/null
    run "$VERGER" verify "$BATS_TEST_TMPDIR/record" --json
    [ "$(jq '.checks | length' <<<"$output")" -gt 60 ]
    jq -r '.checks[] | "\(.id)\t\(.clause)"' <<<"$output" | while IFS=$'\t' read -r id clause; do
        [[ $clause == 'verger-record(5), '* ]] || echo "$id: its clause names no section of the format: $clause"
        clause=${clause%%;*}
        section "${clause#*, }" audit/verger-record.5 | grep -qE "^\.(Pq|It)( Sy)?.* ${id//./\\.}( |$)" || echo "$id: not said in $clause"
    done | (! grep .)
}

# The examples of verger-script(5) marked for it, one behind the other; each that begins a ceremony begins a file:
# $BATS_TEST_TMPDIR/NUMBER.lua.
scripts() {
    awk -v folder="$BATS_TEST_TMPDIR" '
        /^\.\\" script/ { marked = 1 }
        /^\.Ed/ { if (inside) print "" >file; inside = marked = 0 }
        inside { if (/^ceremony /) file = folder "/" ++number ".lua"; print >file }
        marked && /^\.Bd/ { inside = 1 }' lua/verger-script.5
}

@test "verger-script(5): its examples are scripts, which can be rehearsed" {
    cp lua/ceremonies/*.tpl "$BATS_TEST_TMPDIR"
    scripts
    cd "$BATS_TEST_TMPDIR"
    [ -e 1.lua ]
    for script in *.lua; do
        "$VERGER" agenda "$script" >/dev/null
        "$VERGER" rehearse "$script" --record "${script%.lua}" --unattended >out.txt || {
            tail -n 5 out.txt
            return 1
        }
    done
}

# The options of verger $1 with what their values are called, as --help has them, and as verger(1) has.
options_said() {
    "$VERGER" "$1" --help | sed -nE 's/^  (-([a-z]), )?--([a-z-]+)( [A-Z][^ ]*)?( .*)?$/\2 \3\4/p' | grep -v ' help$' | sort
}
options_described() {
    awk -v command="$1" '/^\.S[hs] / { inside = $0 == ".Ss " command } inside' bootstrap/verger.1 |
        sed -nE 's/^\.It (Fl ([a-z]) , )?Fl -([a-z-]+)( Ar ([^ ]+))?$/\2 \3 \5/p' | sed 's/ $//' | sort
}

@test "verger(1): every command with its options, what they take, and what the exit codes mean" {
    local command
    "$VERGER" --help | sed -n 's/^  \([a-z]*\)  *[A-Z].*[.]$/\1/p' >"$BATS_TEST_TMPDIR/commands"
    grep -c . "$BATS_TEST_TMPDIR/commands"
    while read -r command; do
        grep -qx "\.Ss $command" bootstrap/verger.1 || echo "verger(1) has no $command"
        diff <(options_said "$command") <(options_described "$command") || echo "in $command"
        awk -v command="$command" '/^\.S[hs] / { inside = $0 == ".Ss " command } inside' bootstrap/verger.1 |
            grep -q '^Exit status: 0 ' || echo "$command: what does it exit with?"
    done <"$BATS_TEST_TMPDIR/commands" | (! grep .)
    sed -n 's/^\.Ss //p' bootstrap/verger.1 | grep -vxFf "$BATS_TEST_TMPDIR/commands" | (! grep .)
}

@test "verger(1): the messages that it tells of are the program's" {
    awk '/^\.\\" messages/ { inside = 1 } /^\.El/ { inside = 0 } inside && sub(/^\.It /, "")' bootstrap/verger.1 \
        >"$BATS_TEST_TMPDIR/messages"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/messages")" -ge 20 ]
    # Texts that are broken into lines are joined again.
    cat {bootstrap,lua,audit,ceremony}/*.{c,lua} 2>/dev/null | tr -s ' \n' ' ' | sed 's/" \.\. "//g; s/" "//g' \
        >"$BATS_TEST_TMPDIR/sources"
    while read -r message; do
        grep -qF -- "$message" "$BATS_TEST_TMPDIR/sources" || echo "nobody says: $message"
    done <"$BATS_TEST_TMPDIR/messages" | (! grep .)
}

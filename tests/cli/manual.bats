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

@test "every page is clean under mandoc's lint" {
    [ "${#pages[@]}" -ge 1 ]
    # Which pages of others a machine has is its own affair.
    run mandoc -Tlint "${pages[@]}"
    echo "$output"
    ! grep -v 'referenced manual not found\|outdated mandoc.db' <<<"$output" | grep .
}

@test "make install puts every page where man looks for it" {
    make -s -o "$VERGER" BUILD="$(dirname "$VERGER")" DESTDIR="$BATS_TEST_TMPDIR" PREFIX=/usr install >/dev/null
    for page in "${pages[@]}"; do
        cmp "$page" "$BATS_TEST_TMPDIR/usr/share/man/man${page##*.}/${page##*/}"
    done
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

#!/usr/bin/env bats
# verger agenda --html and --md: the booklet to print. How it looks on paper: tests/pages/booklet.bats.
bats_require_minimum_version 1.5.0

setup() {
    ceremonies=$BATS_TEST_DIRNAME/../../lua/ceremonies
    cd "$BATS_TEST_TMPDIR" || return 1
    cp "$ceremonies"/intermediate-ca.lua "$ceremonies"/*.tpl .
    cat >odd.lua <<'LUA'
ceremony 'A "quoted" </style><b>title</b> & *stars* _and_ [links](x) `code` #1 | 2 }' { version = "<1>" }
people { operator = "Zoë & Söhne", ["key-holders"] = 2 }
stations { ca = "a <machine> & more | less" }
step "<script>alert('x')</script>" { at = "ca",
  say "## not a heading, <i>not</i> italic, &amp; so on\\",
  say "- no list",
  say "1. no list",
  confirm "Is 1 < 2 & 2 > 1?",
}
LUA
}

well_formed() { sed 's/<!DOCTYPE html>//; s/<meta \([^>]*\)>/<meta \1\/>/' "$1" | xmllint --noout -; }

@test "the form is by option or by how the file's name ends; what is written is what is printed" {
    "$VERGER" agenda intermediate-ca.lua --html >html
    "$VERGER" agenda intermediate-ca.lua --md >md
    run -0 "$VERGER" agenda intermediate-ca.lua -o b.html
    [[ $output == "Made b.html. Print it"* ]]
    "$VERGER" agenda intermediate-ca.lua --output b.md
    "$VERGER" agenda intermediate-ca.lua --md --output b.txt
    "$VERGER" agenda intermediate-ca.lua -o plain
    cmp b.html html && cmp b.md md && cmp b.txt md
    cmp plain <("$VERGER" agenda intermediate-ca.lua)
    run -2 "$VERGER" agenda intermediate-ca.lua --md --html -o c.html
    [ ! -e c.html ]
}

@test "a wrong script makes no booklet; one that was there stays" {
    echo before >b.html
    sed -i 's/at = "root"/at = "roof"/' intermediate-ca.lua
    run -1 "$VERGER" agenda intermediate-ca.lua -o b.html
    [[ $output == *'unknown station "roof"'* ]]
    [ "$(cat b.html)" = before ]
    ln -s odd.lua link.lua
    run -2 "$VERGER" agenda odd.lua -o ./link.lua
    [[ $output == *"is the script itself; name another file"* ]]
    grep -q '^ceremony' odd.lua
    run -1 "$VERGER" agenda odd.lua -o nowhere/b.html
    [[ $output == *nowhere* ]]
}

@test "every shipped ceremony: well formed, no script, nothing from elsewhere, every link lands" {
    cp "$ceremonies"/*.lua .
    for script in *.lua; do
        "$VERGER" agenda "$script" -o b.html >/dev/null
        well_formed b.html
        run -1 grep -E '<script|(src|href)="[^#]|url\([^#]|@import| on[a-z]+=' b.html
        comm -23 <(grep -o 'href="#[^"]*"' b.html | sed 's/href="#//; s/"$//' | LC_ALL=C sort -u) \
            <(grep -o ' id="[^"]*"' b.html | sed 's/ id="//; s/"$//' | LC_ALL=C sort) | (! grep .)
        grep -o ' id="[^"]*"' b.html | sort | uniq -d | (! grep .)
        "$VERGER" agenda "$script" -o b.md >/dev/null
        [ "$(grep -c "SHA-256 $(sha256sum <"$script" | cut -c 1-64)" b.md)" -ge 5 ]
    done
}

@test "HTML: everything from the script is escaped, in the style too" {
    "$VERGER" agenda odd.lua -o b.html >/dev/null
    well_formed b.html
    [ "$(grep -c '</style>' b.html)" -eq 1 ]
    run -1 grep -E '<b>|<i>not|<machine>|<1>|& ' <(sed '/<style>/,/<\/style>/d' b.html)
    grep -qF '&lt;script&gt;' b.html
    grep -qF 'Zoë &amp; Söhne' b.html
    grep -qF '&amp;amp; so on' b.html
    # A quote, a brace or a bracket of the title ends nothing in the rule for the printed page.
    rule=$(grep '^@page {' b.html)
    [ "$(tr -dc '"' <<<"$rule" | wc -c)" -eq 10 ]
    [ "$(tr -dc '{' <<<"$rule" | wc -c)" -eq "$(tr -dc '}' <<<"$rule" | wc -c)" ]
}

@test "Markdown: what the script says cannot become a heading, a link, a list, a cell or a tag" {
    "$VERGER" agenda odd.lua -o b.md >/dev/null
    run -1 grep -E '<(script|b|i|machine|1)>|[^\\]\]\(x|^- \[ \] (#|[-+*] |[0-9]+[.)] )' b.md
    grep -qF '\- no list' b.md
    grep -qF '1\. no list' b.md
    [ "$(grep 'the machine' b.md | sed 's/\\|//g' | tr -dc '|' | wc -c)" -eq 6 ]
}

@test "the words of the room are those of the paper: digests in fours, the head in words" {
    "$VERGER" agenda intermediate-ca.lua -o b.html >/dev/null
    [ "$(grep -c 'class="digest words"' b.html)" -eq 3 ]
    grep 'class="digest words"' b.html | while read -r line; do
        [ "$(grep -o '<i></i>' <<<"$line" | wc -l)" -eq 32 ]
    done
    [ "$(grep -c 'class="mark"' b.html)" -eq 3 ]
}

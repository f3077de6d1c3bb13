#!/usr/bin/env bats
# The booklet as a browser prints it, and shows it at a phone; in headless Chromium (Debian: chromium).
# PAGES=FOLDER keeps the pictures.
bats_require_minimum_version 1.5.0

setup() {
    command -v chromium >/dev/null || skip "chromium is not installed"
    cd "$BATS_TEST_TMPDIR" || return 1
    cp "$BATS_TEST_DIRNAME"/../../lua/ceremonies/* .
}

browser() {
    timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync \
        --disable-background-networking --disable-component-update --hide-scrollbars \
        --allow-file-access-from-files --user-data-dir="$BATS_TEST_TMPDIR/profile" "$@" 2>>"$BATS_TEST_TMPDIR/chromium"
}

printed() {
    "$VERGER" agenda "$1.lua" -o "$1.html" >/dev/null
    browser --no-pdf-header-footer --print-to-pdf="$PWD/$1.pdf" "file://$PWD/$1.html"
    pages=$(pdfinfo "$1.pdf" | sed -n 's/^Pages: *//p')
    [ -z "${PAGES-}" ] || pdftoppm -r 60 -png "$1.pdf" "$PAGES/$1"
}

page() { pdftotext -layout -f "$2" -l "$2" "$1.pdf" -; }

# The number of the page that begins with a heading.
page_of() {
    local number
    for ((number = 1; number <= pages; number++)); do
        ! page "$1" "$number" | sed 1d | grep . | head -n 1 | grep -q "^ *$2" || echo "$number"
    done
}

@test "every page has the script's hash and its number" {
    for script in intermediate-ca root-ca; do
        printed "$script"
        [ "$pages" -ge 10 ]
        hash=$(sha256sum <"$script.lua" | cut -c 1-64)
        for ((number = 1; number <= pages; number++)); do
            page "$script" "$number" >text
            grep -q "$script.lua, SHA-256 $hash  *page $number of $pages" text
            grep -q ', version 1.0$' text
        done
    done
}

@test "what is handed out or signed by itself begins a page, and an exception sheet is one" {
    printed intermediate-ca
    for title in Materials Time Beginning End 'Exception sheet 1' 'Exception sheet 2' 'Custody forms'; do
        [ "$(page_of intermediate-ca "$title" | wc -l)" -eq 1 ]
    done
    [ "$(page_of intermediate-ca 'Exception sheet 2')" -eq "$(($(page_of intermediate-ca 'Exception sheet 1') + 1))" ]
    [ "$(page_of intermediate-ca 'Custody forms')" -eq "$(($(page_of intermediate-ca 'Exception sheet 1') + 2))" ]
}

@test "the point of no return stands on the page of its box, before it" {
    printed intermediate-ca
    for ((number = 1; number <= pages; number++)); do page intermediate-ca "$number" | tr -s '\n ' ' ' >>text; echo >>text; done
    grep -q 'Point of no return: from then on the signature of the root key exists, .* Sign the intermediate request with' text
    grep -q 'SHA-256 of what will be signed (root revocation list) Point of no return: .* Make the root revocation list' text
    grep -q 'Point of no return: what is purged is gone, .* Purge every generated key and certificate' text
}

@test "who signs the head signs on the page that has it, with room for a signature" {
    printed intermediate-ca
    text=$(page intermediate-ca "$(page_of intermediate-ca End)" | tr -s '\n ' ' ')
    [[ $text == *"Head of the record"*"Role Name Signature Date administrator operator witness witness"* ]]
    grep -q '<col style="width: 34%"/>' intermediate-ca.html
}

@test "at a phone nothing runs over, and every place to write has room" {
    "$VERGER" agenda intermediate-ca.lua -o booklet.html >/dev/null
    cat >look.html <<'HTML'
<!DOCTYPE html><meta charset="utf-8"><body><script>
const frame = document.createElement('iframe');
frame.style = `width: ${location.hash.slice(1)}px; height: 900px; border: 0`;
frame.src = 'booklet.html';
frame.onload = () => {
  const page = frame.contentDocument, root = page.documentElement;
  const least = what => Math.min(...[...page.querySelectorAll(what)].map(e => e.getBoundingClientRect().width));
  document.body.textContent = 'MEASURED ' + JSON.stringify({wide: root.scrollWidth - root.clientWidth,
    fours: least('.digest > div > span'), answers: least('.answer'), blanks: least('.blank'), cells: least('.form td')});
};
document.body.append(frame);
</script></body>
HTML
    for width in 360 1280; do
        browser --virtual-time-budget=5000 --dump-dom "file://$PWD/look.html#$width" | grep -o 'MEASURED {.*}' |
            sed 's/MEASURED //' >measured
        cat measured
        jq -e '.wide <= 0 and .fours >= 30 and .answers >= 40 and .blanks >= 80 and .cells >= 30' measured
    done
    browser --window-size=390,1600 --screenshot="$PWD/phone.png" "file://$PWD/booklet.html"
    [ -z "${PAGES-}" ] || cp phone.png "$PAGES/booklet-phone.png"
}

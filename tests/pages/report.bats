#!/usr/bin/env bats
# The report as a browser shows it: at a phone, at a laptop, on paper; in headless Chromium (Debian: chromium).
# PAGES=FOLDER keeps the pictures.
load ../cli/trial

setup_file() (
    command -v chromium >/dev/null || exit 0
    prepare >"$BATS_FILE_TMPDIR/said" && { at_ca && at_root && at_ca; } >>"$BATS_FILE_TMPDIR/said" || {
        cat "$BATS_FILE_TMPDIR/said"
        return 1
    }
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    "$VERGER" report record --signers signers.pem --output report.html
    look >"$BATS_FILE_TMPDIR/look.html"
    keep complete
)

setup() {
    command -v chromium >/dev/null || skip "chromium is not installed"
    back_to complete
}

browser() {
    local profile
    profile=$(mktemp -d -p "$BATS_TEST_TMPDIR")
    timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync \
        --disable-background-networking --disable-component-update --hide-scrollbars \
        --allow-file-access-from-files --user-data-dir="$profile" "$@" 2>>"$BATS_TEST_TMPDIR/chromium"
}

# A page that shows the report in a frame as wide as asked, and says what it measured.
look() {
    cat <<'HTML'
<!DOCTYPE html><meta charset="utf-8"><body><script>
const frame = document.createElement('iframe');
frame.style = `width: ${location.hash.slice(1)}px; height: 900px; border: 0`;
frame.src = 'report.html';
frame.onload = () => {
  const page = frame.contentDocument, root = page.documentElement;
  const dead = [...page.querySelectorAll('a[href^="#"]')].filter(a => !page.getElementById(a.getAttribute('href').slice(1)));
  const contrast = e => { const c = frame.contentWindow.getComputedStyle(e); return [c.color, c.backgroundColor]; };
  document.body.textContent = 'MEASURED ' + JSON.stringify({wide: root.scrollWidth - root.clientWidth, dead: dead.length,
    links: page.querySelectorAll('a').length, headings: page.querySelectorAll('h2').length, loose:
    [...page.querySelectorAll('th')].filter(e => !e.scope).length, colours: contrast(page.body),
    unnamed: [...page.querySelectorAll('[role=region],figure')].filter(e => !e.getAttribute('aria-label')).length});
};
document.body.append(frame);
</script></body>
HTML
}

measured() {
    cp "$BATS_FILE_TMPDIR/look.html" look.html
    browser --virtual-time-budget=5000 --dump-dom "$@" "file://$PWD/look.html#$width" | grep -o 'MEASURED {.*}' |
        sed 's/MEASURED //' | tee "measured-$width"
}

picture() {
    browser --window-size="$2" --screenshot="$PWD/$1.png" "file://$PWD/report.html"
    file "$1.png" | grep -q "PNG image data, ${2%,*} x"
    [ -z "${PAGES-}" ] || cp "$1.png" "$PAGES"
}

@test "a phone, a laptop, a wide screen: nothing runs over, every link lands, everything has its name" {
    for width in 360 1280 2000; do
        measured | jq -e '.wide <= 0 and .dead == 0 and .links > 20 and .headings > 8 and .loose == 0 and .unnamed == 0'
    done
    picture phone 390,1600
    picture laptop 1280,1600
}

@test "dark where people want it dark" {
    width=1280
    light=$(measured | jq -c .colours)
    dark=$(measured --force-dark-mode --blink-settings=preferredColorScheme=0 | jq -c .colours)
    [ "$light" = '["rgb(27, 27, 31)","rgb(255, 255, 255)"]' ]
    [ "$dark" = '["rgb(231, 231, 234)","rgb(23, 24, 27)"]' ]
}

@test "on paper: searchable, with every transcript" {
    browser --no-pdf-header-footer --print-to-pdf="$PWD/report.pdf" "file://$PWD/report.html"
    pdftotext report.pdf - | tr -s '\n ' ' ' >text
    grep -q "Every step" text
    grep -q "Asked: Sign the intermediate certificate now, with the root key? Answered: yes" text
    [ "$(pdftotext report.pdf - | tr -d '\n ' | grep -o "$(sha256sum <"$(echo record/000005-*.tar)" | cut -c 1-64)" | head -n 1 | wc -l)" -eq 1 ]
    [ -z "${PAGES-}" ] || cp report.pdf "$PAGES"
}

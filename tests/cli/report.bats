#!/usr/bin/env bats
# A record told for people: what it says, where its links go, and what the copy for outsiders leaves out.
load trial

setup_file() (
    prepare >"$BATS_FILE_TMPDIR/said" && { at_ca && at_root && at_ca; } >>"$BATS_FILE_TMPDIR/said" || {
        cat "$BATS_FILE_TMPDIR/said"
        return 1
    }
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    keep complete
)

setup() {
    back_to complete
    report=("$VERGER" report record --signers signers.pem)
}

facts() { "${report[@]}" --json "$@"; }

# The grade of a control, and why: grade ID WANTED [WORDS].
grade() {
    facts "${@:4}" | jq -r --arg id "$1" '.controls[] | select(.id == $id) | .grade + "; " + (.why | join("; "))' >why
    [[ $(cat why) == "$2; "*"${3-}"* ]] || { cat why && return 1; }
}

# Every "#..." leads to an id, and no id is there twice.
links_lead_somewhere() {
    grep -o 'href="#[^"]*"' "$1" | sed 's/href="#//; s/"$//' | LC_ALL=C sort -u >links
    grep -o ' id="[^"]*"' "$1" | sed 's/ id="//; s/"$//' | LC_ALL=C sort >ids
    [ -s links ] && [ -z "$(LC_ALL=C uniq -d ids)" ] && [ -z "$(LC_ALL=C comm -23 links ids)" ]
}

@test "one file that is well formed, refers to nothing outside, and says the result first" {
    run -0 alone "${report[@]}" --output report.html
    [ "$(stat -c %a report.html)" = 644 ]
    links_lead_somewhere report.html
    run -1 grep -E '<script|(src|href)="[^#]|url\([^#]|@import' report.html
    head -c 20000 report.html | tr -d '\n' | grep -q 'Result</h2><p class="result [a-z]*" role="status">The record holds'
    sed 's/<!DOCTYPE html>//; s/<meta \([^>]*\)>/<meta \1\/>/' report.html | xmllint --noout -
    run -1 grep -i complian report.html
}

@test "its facts are what stock tools read in the record" {
    facts >facts.json
    jq -cS . facts.json | cmp - facts.json
    tar -xOf record/000005-*.tar evidence/intermediate-certificate.crt >certificate
    [ "$(jq -r '.certificates[] | select(.name == "intermediate certificate") | .sha256' facts.json)" = \
        "$(openssl x509 -in certificate -outform DER | sha256sum | cut -c 1-64)" ]
    "${report[@]}" | grep -q "$(openssl x509 -in certificate -noout -fingerprint -sha256 | cut -d = -f 2 | tr -d :)"
    tar -xOf record/000005-*.tar files/root/publish/root.crl >crl
    [ "$(jq -r '.crls[0].sha256' facts.json)" = "$(sha256sum <crl | cut -c 1-64)" ]
    [ "$(jq -r '.pages[].sha256' facts.json)" = "$(sha256sum record/*.tar | cut -c 1-64)" ]
    [ "$(jq -r '.verify.head' facts.json)" = "$(sha256sum <record/000009-*.tar | cut -c 1-64)" ]
    [ "$(jq -r '.pages[5].transcript' facts.json)" = "$(tar -xOf record/000005-*.tar transcript.txt)" ]
    [ "$(jq -r '.keys[] | select(.purged) | .name' facts.json | wc -l)" -eq 2 ]
}

@test "what is due: the next list, the ends, and seven years more" {
    facts | jq -e '(.due | map(.date)) == (.due | map(.date) | sort)'
    ends=$(facts | jq -r '[.certificates[] | select(.generated | not) | .not_after] | max')
    [ "$(facts | jq -r '.due[-1].date' | cut -c 1-10)" = "$(date -ud "$ends + 7 years" +%F)" ]
    facts | jq -e '.due[0].what | startswith("the next revocation list")'
}

@test "every control has a grade for every profile, and evidence that exists" {
    for profile in private-internal public-tls etsi us-federal; do
        facts --profile "$profile" >"$profile.json"
        jq -e --arg n "$(grep -c '^[A-Z]' "$house/vendor/controls")" \
            '(.controls | length) == ($n | tonumber) and ([.grades[]] | add) == ($n | tonumber)' "$profile.json"
        jq -e '(.pages | map({(.number | tostring): ([.members[].name] + [null])}) | add) as $there |
            [.controls[].evidence[] | select(.member as $m | $there[.page | tostring] | index([$m]) == null)] == []' \
            "$profile.json"
    done
    run -1 cmp private-internal.json public-tls.json
}

@test "a control that passes does not pass where its reason is gone" {
    grade KC-01 pass
    grade KY-10 pass
    grade RC-02 pass
    grade RC-08 pass
    "$VERGER" report record --json | jq -e '.controls[] | select(.id == "RC-08") | .grade == "fail"'
    rm record/000009-*
    grade KC-01 fail
    back_to complete
    rm record/000003-*
    grade KY-10 fail chain.previous
    back_to complete
    printf x | dd of="$(echo record/000006-*.tar)" bs=1 seek=700 conv=notrunc 2>dd-said
    grade RC-02 fail
    facts | jq -e '.unreadable | length == 1'
    run -1 alone "${report[@]}" --output bad.html
    grep -q 'The record does not hold' bad.html
    links_lead_somewhere bad.html
}

@test "the copy for outsiders: no name, no host; commitments that can be opened; the same head" {
    run -0 alone "${report[@]}" --redact --output out.html
    for word in "Ada Lovelace" "Grace Hopper" "Alan Turing" "Joan Clarke" ca.example.com pki.example.com 192.168.1.153; do
        "${report[@]}" | grep -qF "$word"
        run -1 grep -iF "$word" out.html
    done
    [ "$(stat -c %a out.html.salts)" = 600 ]
    jq -r '.entries[] | "\(.salt)\(.text)\u0000\(.commitment)\u0000"' out.html.salts >opened
    while IFS= read -r -d '' text && IFS= read -r -d '' commitment; do
        [ "$(printf '%s' "${text#$'\n'}" | sha256sum | cut -c 1-64)" = "$commitment" ]
        grep -qF "$commitment" out.html
    done <opened
    head=$(sha256sum <record/000009-*.tar | cut -c 1-64)
    "$VERGER" verify record --head "$(sed -n '/id="result"/,/<\/section>/p' out.html | grep -oE '[0-9a-f]{4}( [0-9a-f]{4}){3}' | tr -d ' \n')"
    grep -qF "${head:0:4} ${head:4:4}" out.html
    links_lead_somewhere out.html
    run -1 alone "${report[@]}" --redact --output out.html
    run -2 alone "${report[@]}" --redact
    run -2 alone "${report[@]}" --redact --json --output out.json
}

@test "an aborted ceremony says so, by whom and why" {
    rm -rf record ca root home-ca/heads home-ca/journal home-root/heads home-root/journal home-root/register
    at_ca >said
    answer abort.why.1 '"the lamp <fell>"'
    answer abort.by.1 '"Alan Turing"'
    answer abort.sure.1 true
    at_root --abort >said
    run -0 alone "${report[@]}" --output report.html
    grep -q '<p class="result recorded" role="status">The record holds.*aborted at step 5: not a finished ceremony' report.html
    grep -q 'at step 5, by Alan Turing: the lamp &lt;fell&gt;' report.html
    links_lead_somewhere report.html
    grade KC-01 fail "4 of 9 steps were walked"
}

@test "markup in names and titles stays text" {
    sed -i 's/^ceremony "[^"]*"/ceremony "<b>\&amp; `code` | _y_ <\/b>"/' script/intermediate-ca.lua
    rm -rf record ca root home-ca/heads home-ca/journal home-root/heads home-root/journal home-root/register
    at_ca >said || { cat said && return 1; }
    run -3 alone "$VERGER" report record --output odd.html
    run -1 grep -F '<b>' odd.html
    grep -qF '&lt;b&gt;&amp;amp; `code` | _y_ &lt;/b&gt;' odd.html
    "$VERGER" report record --md | grep -qF '\<b\>\&amp; \`code\` \| \_y\_ \</b\>'
}

@test "bad input: one message" {
    run -2 --separate-stderr "${report[@]}" --profile webtrust
    [[ $stderr == *"--profile webtrust: take private-internal, public-tls, etsi or us-federal"* ]]
    run -1 --separate-stderr "$VERGER" report nowhere
    run -1 --separate-stderr "${report[@]}" --output nowhere/report.html
    [[ $stderr == *nowhere/.report.html* ]]
}

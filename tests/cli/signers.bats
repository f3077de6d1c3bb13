#!/usr/bin/env bats
# A sealing key is lost, or in other hands: a page revokes it and enrols the next; who may make it, and what holds then.
# shellcheck disable=SC2030,SC2031 # the commands are those of one test
load trial
load small

setup_file() {
    (
        small_prepare || exit
        jq '. + {"signers.reason.1": "lost", "signers.why.1": "the stick fell into the sea", "signers.read.1": true,
            "signers.by.1": "Alan Turing", "signers.sure.1": true, "signers.present.1": true}' answers.json >more.json
        mv more.json answers.json
        "$VERGER" enrol --home home-next --name "Station ca" --station ca --password-file seal=pw/seal
        small ca && keep talked
        small root --replace ca=home-next/seal.crt && keep replaced
        small root && keep again && next_ca && keep ended
    ) >"$BATS_FILE_TMPDIR/said" 2>&1 || { cat "$BATS_FILE_TMPDIR/said" && return 1; }
}

# The ca, with its next key.
# shellcheck disable=SC2120 # fails gives it more
next_ca() {
    alone "${small_command[@]}" --station ca --home home-next --authority ca --answers answers.json --unattended \
        --password-file seal=pw/seal "$@"
}

all_signers() { cat home-*/seal.crt >signers.pem; }

# verify fails, with this check.
broken() {
    all_signers
    run "$VERGER" verify record --signers signers.pem --json
    [ "$status" -eq 1 ]
    jq -e --arg id "$1" '[.checks[] | select(.verdict == "fail").id] | index($id) != null' <<<"$output" >/dev/null || {
        jq -c '.checks[] | select(.verdict == "fail")' <<<"$output"
        return 1
    }
}

@test "a lost key: the other station revokes it and enrols the next, which goes on; it all holds" {
    back_to ended
    [ "$(cd record && ls ./*.tar)" = "$(printf './00000%s.tar\n' 0-script 1-begin 2-signers 3-talk 4-end)" ]
    page 000002 page.json | jq -e --arg old "$(openssl x509 -in home-ca/seal.crt -outform DER | sha256sum | cut -c 1-64)" \
        '.revoked == {label: "ca", sha256: $old, reason: "lost", why: "the stick fell into the sea", by: "Alan Turing",
            next: "ca-2"} and .station == "root" and .changed == [] and .deviations == []'
    cmp <(page 000002 evidence/signers/ca-2.crt) home-next/seal.crt
    cmp record/signers/ca-2.crt home-next/seal.crt
    cmp record/signers/ca.crt home-ca/seal.crt
    cut -d ' ' -f 1 record/signers/allowed_signers | diff - <(printf '%s\n' ca root ca-2)
    [ -e record/000004-end.tar.ca-2.p7s ] && [ ! -e record/.staging ]
    all_signers
    run -0 "$VERGER" verify record --signers signers.pem
    [ "${lines[0]}" = "The record holds, with 1 exception, against the signers that you named." ]
    [[ $output == *'Page 2 revokes the signer "ca" (lost) and enrols ca-2. Its seals up to there are from before that'* ]]
    verdict | jq -e '.steps == {planned: 3, walked: 3} and (.checks[] | select(.id == "signers.revoked").passed == 3) and
        [.signers[] | [.label, .revoked, .pages]] == [["ca", 2, 2], ["root", null, 2], ["ca-2", null, 1]]'
    page 000002 transcript.txt | grep -q "Decided by: Alan Turing"
    run -1 "$VERGER" verify record --signers home-ca/seal.crt
    [[ $output == *signers.anchor* ]]
}

@test "the old key goes on with nothing; the new one not before its page" {
    back_to again
    fails "the sealing certificate of this home was revoked on page 2" small ca
    back_to talked
    run --separate-stderr next_ca
    refused 'not one that is enrolled for "ca"'
}

@test "who cannot be replaced, or by whom not" {
    back_to talked
    "$VERGER" enrol --home home-alan --name "Alan Turing" --witness --password-file seal=pw/seal
    "$VERGER" enrol --home home-other --name "Station root" --station root --password-file seal=pw/seal
    fails 'nobody is enrolled as "moon"' small root --replace moon=home-next/seal.crt
    fails 'has the key that is enrolled as "ca"' small root --replace ca=home-ca/seal.crt
    fails 'is for station root, and "ca" that it replaces is not' small root --replace ca=home-root/seal.crt
    fails 'is for station root, and "ca" that it replaces is not' small root --replace ca=home-other/seal.crt
    fails "is a witness's" small root --replace ca=home-alan/seal.crt
    fails '"ca" has steps to come' small root --revoke ca
    run -2 small root --revoke ca --abort
    back_to replaced
    fails '"ca" was revoked already, on page 2' small root --replace ca=home-next/seal.crt
    small_prepare >/dev/null
    run --separate-stderr small ca --replace ca=home-root/seal.crt
    refused "has no page yet"
}

@test "a lost or compromised key does not revoke itself; one whose use has ended does" {
    back_to again
    "$VERGER" enrol --home home-third --name "Station ca" --station ca --password-file seal=pw/seal
    answer signers.reason.1 '"compromised"'
    fails "carry the record to another station" next_ca --replace ca-2=home-third/seal.crt
    answer signers.reason.1 '"ended"'
    run -0 next_ca --replace ca-2=home-third/seal.crt
    [ -e record/000004-signers.tar.ca-2.p7s ]
    run -0 alone "${small_command[@]}" --station ca --home home-third --authority ca --answers answers.json --unattended \
        --password-file seal=pw/seal
    [ -e record/000005-end.tar.ca-3.p7s ]
    all_signers
    run -0 "$VERGER" verify record --signers signers.pem
}

@test "stopped before it is decided: nothing is revoked, and the ceremony goes on" {
    back_to talked
    answer signers.sure.1 false
    run --separate-stderr small root --replace ca=home-next/seal.crt
    refused "Revoke it for good?"
    run -0 small root
    [ -e record/000002-talk.tar ]
}

@test "a witness's key: replaced by one of their own, revoked without another" {
    small_prepare >/dev/null
    for home in alan alan-next; do
        "$VERGER" enrol --home "home-$home" --name "Alan Turing" --witness --password-file seal=pw/seal
    done
    "$VERGER" enrol --home home-eve --name "Eve" --witness --password-file seal=pw/seal
    jq '. + {"signers.reason.1": "compromised", "signers.why.1": "it was copied", "signers.read.1": true,
        "signers.by.1": "Ada Lovelace", "signers.sure.1": true}' answers.json >more.json && mv more.json answers.json
    echo '{"witness.seal.1": true}' >yes.json
    run -0 small ca --enrol home-root/seal.crt home-alan/seal.crt
    fails "is Eve's" small root --replace alan-turing=home-eve/seal.crt
    answer signers.present.1 true
    run -0 small root --replace alan-turing=home-alan-next/seal.crt
    run -0 small root
    run -1 alone "$VERGER" witness record --home home-alan --password-file seal=pw/seal --answers yes.json
    [[ $output == *'"alan-turing", which page 2 revokes'* ]]
    run -0 alone "$VERGER" witness record --home home-alan-next --password-file seal=pw/seal --answers yes.json
    [ -e record/000003-talk.tar.alan-turing-2.p7s ]
    run -1 alone "$VERGER" witness record --home home-alan-next --page 1 --password-file seal=pw/seal --answers yes.json
    [[ $output == *"for the pages behind it"* ]]
    run -0 small root --revoke alan-turing-2
    all_signers
    run -0 "$VERGER" verify record --signers signers.pem
    run -0 small ca
    all_signers
    run -0 "$VERGER" verify record --signers signers.pem
    [[ $output == *'Page 4 revokes the signer "alan-turing-2" (compromised). Its seals'* ]]
}

# ---- a page waits for a witness whose key is lost ----

# The small ceremony with two witnesses; "Begin" wants one of them, "Talk" both. Up to the page of "Talk", which Joan
# has sealed.
waiting() {
    small_prepare >/dev/null
    sed -i -e 's/witnesses = 1/witnesses = 2/' -e 's/step "Begin" { at = "ca",/& witnessed_by = 1,/' \
        -e 's/step "Talk" { at = "root",/& witnessed_by = 2,/' script/small.lua
    jq 'del(."start.witnesses.1") + {"start.witnesses.1": "Alan Turing", "start.witnesses.2": "Joan Clarke",
        "signers.reason.1": "lost", "signers.why.1": "it fell into the sea", "signers.read.1": true,
        "signers.by.1": "Ada Lovelace", "signers.sure.1": true, "signers.present.1": true}' answers.json >more.json
    mv more.json answers.json
    for home in alan alan-next; do
        "$VERGER" enrol --home "home-$home" --name "Alan Turing" --witness --password-file seal=pw/seal
    done
    "$VERGER" enrol --home home-joan --name "Joan Clarke" --witness --password-file seal=pw/seal
    echo '{"witness.seal.1": true}' >yes.json
    run -0 small ca --enrol home-root/seal.crt home-alan/seal.crt home-joan/seal.crt
    run -0 sealed_by alan
    run -0 small root
    run -0 sealed_by joan
}

# sealed_by HOME [OPTION...]: the page that waits, else the newest.
sealed_by() { alone "$VERGER" witness record --home "home-$1" "${@:2}" --password-file seal=pw/seal --answers yes.json; }

@test "a page waits for a witness whose key is lost: the next key seals it, and it all goes on" {
    waiting
    run -1 small root
    [[ $output == *"Page 2 waits for the seal of 1 witness."*"--replace NAME=CERT"*"--abort"* ]]
    run -0 small root --replace alan-turing=home-alan-next/seal.crt
    all_signers
    run -3 "$VERGER" verify record --signers signers.pem
    [[ $output == *"000002-talk.tar waits for the seals of 1 more witnesses (verger witness --page 2)."* ]]
    fails "Page 2 waits for the seal of 1 witness" small root
    fails "Page 2 waits for the seal of 1 witness" small ca
    fails '"alan-turing", which page 3 revokes' sealed_by alan
    keep replaced_late
    run -0 sealed_by alan-next
    [[ $output == *"Page 2 of 3: Talk"*"Sealed: record/000002-talk.tar.alan-turing-2.p7s"* ]]
    run -0 small ca
    run -0 "$VERGER" verify record --signers signers.pem
    verdict | jq -e '[.checks[] | select(.id == "seal.witnesses") | .verdict, .passed] == ["pass", 2] and
        [.signers[] | [.label, .pages]] == [["alan-turing", 1], ["ca", 3], ["joan-clarke", 1], ["root", 2], ["alan-turing-2", 1]]'
    export S=$BATS_TEST_TMPDIR/S && mkdir "$S"
    for s in ca root alan joan; do cp "home-$s/seal.crt" "$S/$s.crt"; done
    mv "$S/alan.crt" "$S/alan-turing.crt" && mv "$S/joan.crt" "$S/joan-clarke.crt"
    cp home-alan-next/seal.crt "$S/alan-turing-2.crt"
    bash -c "$(block 'for c in "$S"')"
    both="$(block 'foreign=')"$'\n'"$(block 'gone=')"
    run -0 bash -c "cd record && $both"
    [[ $output != *NOT* ]]
    rm record/000002-talk.tar.alan-turing-2.p7s
    run -0 bash -c "cd record && $both"
    [[ $output == *"NOT WITNESSED: 000002-talk.tar"* ]]
    broken seal.witnesses
}

@test "forged: one witness seals twice, with the old key and the next; the next seals an older page" {
    waiting
    # Before it was lost, Alan's key had sealed a copy; Joan has not sealed.
    cp -a record copy
    sealed_by alan >/dev/null
    cp record/000002-talk.tar.alan-turing.p7s kept.p7s
    rm -r record && mv copy record
    rm record/000002-talk.tar.joan-clarke.p7s
    run -0 small root --replace alan-turing=home-alan-next/seal.crt
    run -0 sealed_by alan-next
    cp kept.p7s record/000002-talk.tar.alan-turing.p7s
    all_signers
    run -3 "$VERGER" verify record --signers signers.pem
    [[ $output == *"waits for the seals of 1 more witnesses"* ]]
    fails "Page 2 waits for the seal of 1 witness" small ca
    export S=$BATS_TEST_TMPDIR/S && mkdir "$S"
    for s in ca root; do cp "home-$s/seal.crt" "$S/$s.crt"; done
    cp home-alan/seal.crt "$S/alan-turing.crt" && cp home-alan-next/seal.crt "$S/alan-turing-2.crt"
    bash -c "$(block 'for c in "$S"')"
    run -0 bash -c "cd record && $(block 'foreign=')"$'\n'"$(block 'gone=')"
    [[ $output == *"NOT WITNESSED: 000002-talk.tar"* ]]
    run -0 sealed_by joan
    run -0 "$VERGER" verify record --signers signers.pem
    fails "for the pages behind it" sealed_by alan-next --page 1
    reseal_as alan-next 000001-begin.tar alan-turing-2
    broken seal.signer
    fails 'nobody is enrolled as "alan-turing-2"' small ca
}

# A witness's seal, made with openssl, put there by hand.
reseal_as() {
    openssl cms -sign -binary -outform DER -nosmimecap -in "record/$2" -signer "home-$1/seal.crt" -inkey "home-$1/seal.key" \
        -passin file:pw/seal -out "record/$2.$3.p7s"
}

@test "a witness who will not seal: the ceremony is aborted there, and the record says what is missing" {
    waiting
    run -1 small root --abort
    [[ $output == *"it is the turn of \"ca\""* ]]
    answer abort.by.1 '"Joan Clarke"'
    run -0 small ca --abort
    page 000003 page.json | jq -e '.aborted.step == 3 and [.deviations[] | .rule, .happened, .by] ==
        ["witnesses.missing", "page 2 lacks the seal of 1 witness", "Joan Clarke"]'
    page 000003 transcript.txt | grep -q "Page 2 lacks the seal of 1 witness."
    all_signers
    run -0 "$VERGER" verify record --signers signers.pem
    [[ $output == *"000002-talk.tar is sealed by 1 of the 2 witnesses that it wants"*"holds, with 2 exceptions"* ]]
    run -1 small ca
    [[ $output == *"was aborted at step 3"* ]]
}

# ---- forgers ----

# Seal page $1 with the key of home $2, as $3.
reseal() {
    rm -f record/"$1".*.p7s
    openssl cms -sign -binary -outform DER -nosmimecap -in "record/$1" -signer "home-$2/seal.crt" -inkey "home-$2/seal.key" \
        -passin file:pw/seal -out "record/$1.$3.p7s"
}

@test "forged: the revoked key seals a later page" {
    back_to ended
    reseal 000004-end.tar ca ca
    broken signers.revoked
    jq -e '.failures[] | select(.id == "signers.revoked").page == 4' <<<"$output"
    run --separate-stderr next_ca
    refused "was revoked on page 2, and seals nothing since"
}

# ---- what others make of it ----

block() {
    awk -v first="$1" '
        /^```/ { if (inside && found) exit; inside = !inside; fresh = inside; next }
        inside && fresh { found = index($0, first) == 1; fresh = 0 }
        inside && found' "$house/README.md"
}

# The README's lines, in the record's folder.
five_lines() { (cd record && timeout 60 bash -c "$(block 'foreign=')") 2>&1; }

# Who was revoked, why, by whom, and who came next, in each form of the report.
told_in_report() {
    local next
    next=$(openssl x509 -in home-next/seal.crt -outform DER | sha256sum | cut -c 1-64)
    "$VERGER" report record --signers signers.pem --md >report.md
    for words in "Signers who were revoked" "Station ca, who sealed as ca" "compromised" "it was copied" "Alan Turing" \
        "ca-2, certificate SHA-256 $next"; do
        grep -qF "$words" report.html || { echo "not in report.html: $words" && return 1; }
        grep -qF "$words" report.md || { echo "not in report.md: $words" && return 1; }
    done
    "$VERGER" report record --signers signers.pem --json >report.json
    jq -e '[.revoked[] | .page, .station, .label, .name, .reason, .why, .by, .next] ==
        [6, "root", "ca", "Station ca", "compromised", "it was copied", "Alan Turing", "ca-2"] and
        (.controls[] | select(.id == "KC-08") | .grade == "recorded" and (.evidence | index({page: 6, member: "page.json"})))' \
        report.json >/dev/null
}

@test "the whole ceremony with another key at its end: strangers' five lines, rebuild, replay and report agree" {
    prepare >/dev/null
    jq '. + {"signers.reason.1": "compromised", "signers.why.1": "it was copied", "signers.read.1": true,
        "signers.by.1": "Alan Turing", "signers.sure.1": true, "signers.present.1": true}' answers.json >more.json
    mv more.json answers.json
    "$VERGER" enrol --home home-next --name "Station ca" --station ca --password-file seal=pw/seal
    run -0 at_ca
    run -0 at_root
    run -0 at_root --replace ca=home-next/seal.crt
    ca_command=("${ca_command[@]/home-ca/home-next}")
    run -0 at_ca
    all_signers
    run -0 "$VERGER" verify record --signers signers.pem
    for command in "log record" "report record --output report.html" "replay record" "rebuild record --compare ca"; do
        # shellcheck disable=SC2086 # words
        run "$VERGER" $command --signers signers.pem
        echo "$command: $status: $output" | head -n 12
        [ "$status" -eq 0 ]
    done
    told_in_report
    export S=$BATS_TEST_TMPDIR/S && mkdir "$S" && cp home-ca/seal.crt "$S/ca.crt" && cp home-root/seal.crt "$S/root.crt"
    cp home-next/seal.crt "$S/ca-2.crt"
    bash -c "$(block 'for c in "$S"')"
    run -0 five_lines
    echo "$output" | tail -n 20
    [[ $output != *NOT* ]]
    [[ $output == *"head: $(sha256sum <"$(ls record/*.tar | tail -n 1)" | cut -c 1-64)"* ]]
    last=$(basename "$(ls record/*.tar | tail -n 1)")
    reseal "$last" ca ca
    run -0 five_lines
    [[ $output == *"NOT SEALED: $last"* ]]
    rm record/"$last".ca.p7s
    reseal 000006-signers.tar ca ca
    run -0 five_lines
    [[ $output == *"NOT SEALED: 000006-signers.tar"* ]]
}

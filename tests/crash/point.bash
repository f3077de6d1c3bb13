# shellcheck shell=bash
# One point of the sweep: a ceremony that is cut off at one call, gone on with, and judged.
#
#   $work/trial/     the ceremony (tests/cli/trial.bash); the sessions are 1 (ca), 2 (root), 3 (ca)
#   $work/before-N/  the trial as it was before session N; calls-N: what session N asks of the disk
#   $work/said       all that the sessions of a point said
#   $work/signed/    every signed file that was ever seen in a staging
#   $work/kept/      what the model of a power cut needs
#
# To be loaded behind tests/cli/trial.bash, with $work = $BATS_FILE_TMPDIR.
fault_library=${FAULT:?the library of tests/crash/fault.h}

# ---- sessions ----

# The environment of fault.h for one command.
faulty() {
    local at=$1 how=$2
    shift 2
    env LD_PRELOAD="$fault_library" FAULT_ROOT="$trial" FAULT_LOG="$work/log" FAULT_KEPT="$work/kept" FAULT_AT="$at" \
        FAULT_HOW="$how" "$@" </dev/null
}

# session NUMBER [AT HOW]: quiet; all that it says goes to $work/said, on a descriptor that is no file of the trial.
session() {
    local at=${2:--1} how=${3:-none} command=ca_command
    [ "$1" -eq 2 ] && command=root_command
    local -n words=$command
    faulty "$at" "$how" "${words[@]}" "${from_files[@]}" >>"$work/said" 2>&1
}

# How the trial looks when all went well, but for content and the names of git's objects.
outline() {
    find . -path ./record/ledger.git/objects -prune -o -printf '%y %m %p\n' | LC_ALL=C sort
    find record/ledger.git/objects -printf '%y %m record/ledger.git/objects\n' | LC_ALL=C sort -u
}

# The lines of a private key, as it lies on the disk and as it would look in the open: key_lines FILE PASSWORD
key_lines() { cat "$1" <(openssl pkey -in "$1" -passin "file:pw/$2" 2>/dev/null) 2>/dev/null | grep -v -e -----; }

# What must be found nowhere but in its own file: passwords, and every line of every private key.
secrets() {
    sed -s '$a\' pw/*
    echo "PRIVATE KEY"
    key_lines media/root.key root
    key_lines home-ca/seal.key seal
    key_lines home-root/seal.key seal
}

# Everything once without a fault: the states to begin from, the calls to be hit, the outline to end with.
lay_base() {
    mkdir -p "$work/kept" && cd "$work" || return 1
    enrol() {
        faulty -1 none "$VERGER" enrol --home "home-$1" --name "Station $1" --station "$1" --password-file seal=pw/seal
    }
    prepare >"$work/said" || return 1
    answer sign-offline.decide.1 true && answer sign-offline.decide.2 true || return 1
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    secrets >"$work/known"
    for number in 1 2 3; do
        keep "before-$number"
        rm -f "$work/log"
        session "$number" 0 || return 1
        mv "$work/log" "$work/calls-$number"
    done
    "$VERGER" verify record --signers signers.pem >>"$work/said" || return 1
    outline >"$work/outline"
}

# ---- judging ----

fault() { faults+=("$*"); }

# What lies in a staging and is whole is signed, whatever happens to it later.
collect() {
    local file
    for file in record/.staging/000005/* record/.staging/000005/.[!.]*; do
        [ -f "$file" ] || continue
        if openssl x509 -in "$file" -noout 2>/dev/null; then
            cp "$file" "$work/signed/$(sha256sum <"$file" | cut -c 1-64).crt"
        elif openssl crl -inform DER -in "$file" -noout 2>/dev/null; then
            cp "$file" "$work/signed/$(sha256sum <"$file" | cut -c 1-64).crl"
        fi
    done
}

# Nothing secret in what is carried, said, published or kept as a note.
scan() {
    local found
    cat "$work/known" <(key_lines ca/secrets/intermediate_ca_key authority) >"$work/secrets"
    found=$(
        grep -raFl -f "$work/secrets" record root home-*/{journal,register,heads,lock} ca/{certs,config,db,templates} \
            "$work/said" "$work/log" 2>/dev/null
        [ -d record/ledger.git/objects ] &&
            git -c safe.directory='*' -C record/ledger.git cat-file --batch --batch-all-objects 2>/dev/null |
            grep -qaF -f "$work/secrets" && echo "an object of the ledger"
    )
    [ -z "$found" ] || { secret=1 && fault "secret in" $found; }
}

page() { tar -xOf record/"$1"-*.tar "$2"; }

# The certificate and the list of page 5 are the only ones that ever were, and stand in the register, once each.
judge_signed() {
    local file crt crl json
    page 000005 evidence/intermediate-certificate.crt >"$work/page.crt"
    page 000005 evidence/root-revocation-list.crl >"$work/page.crl"
    json=$(page 000005 page.json)
    for file in "$work"/signed/*; do
        [ -e "$file" ] || continue
        cmp -s "$file" "$work/page.${file##*.}" || { twice=1 && fault "signed twice: ${file##*.}"; }
    done
    crt=$(jq -r '.outputs[] | select(.kind == "certificate") | "\(.serial) \(.certificate_sha256) \(.tbs_sha256)"' <<<"$json")
    crl=$(jq -r '.outputs[] | select(.kind == "crl") | "\(.number) \(.tbs_sha256)"' <<<"$json")\ $(sha256sum <"$work/page.crl" | cut -c 1-64)
    [ "$(jq -r 'select(.kind == "certificate") | "\(.serial) \(.sha256) \(.tbs_sha256)"' home-root/register)" = "$crt" ] ||
        { lost=1 && fault "the register's certificate is not page 5's"; }
    [ "$(jq -r 'select(.kind == "crl") | "\(.number) \(.tbs_sha256) \(.sha256)"' home-root/register)" = "$crl" ] ||
        { lost=1 && fault "the register's list is not page 5's"; }
    [ "$(jq -c 'select(.kind == "intent") | del(.time)' home-root/journal | sort -u | jq -r .intent | tr '\n' ' ')" = "publish sign " ] ||
        fault "more than one certificate or list was announced"
    [ "$(jq -c 'select(.kind == "decided") | .deviation' home-root/journal)" = \
        "$(jq -c '.deviations[] | select(.expected == "one signature")' <<<"$json")" ] ||
        fault "what the people decided is not what page 5 has as deviations"
}

# A page that the room was told of stays that page.
judge_pages() {
    local number digest
    while read -r number digest; do
        [ "$(sha256sum 2>/dev/null <"$(echo record/"$(printf %06d "$number")"-*.tar)" | cut -c 1-64)" = "$digest" ] ||
            { lost=1 && fault "page $number is not the one that the room was told of"; }
    done < <(sed -n 's/^Page \([0-9]*\) is sealed: \([0-9a-f]\{64\}\)[.]$/\1 \2/p' "$work/said")
}

# An attempt that was begun is in the journal; a page that needed more than one says so.
judge_attempts() {
    local number count
    while read -r number count; do
        page "$(printf %06d "$number")" transcript.txt | grep -q "attempt $count at this step" ||
            fault "page $number does not say that it took $count attempts"
    done < <(jq -r 'select(.kind == "attempt") | .page' home-*/journal | sort -n | uniq -c | awk '$1 > 1 { print $2, $1 }')
}

judge() {
    local different
    "$VERGER" verify record --signers signers.pem >>"$work/said" 2>&1 || fault "the record does not hold"
    different=$(outline | diff "$work/outline" - | sed -n 's/^[<>] /&/p')
    [ -z "$different" ] || { lost=1 && fault "not as it should look: $different"; }
    judge_pages
    judge_signed
    judge_attempts
    scan
    ! grep '^outside' "$work/log" >"$work/outside" 2>/dev/null || fault "made elsewhere: $(cat "$work/outside")"
}

# ---- a point ----

# A session that is cut off: 0 when it went on to its end all the same.
cut_off() {
    session "$1" "$2" "$3"
    local status=$?
    [ $status -eq 0 ] || ended=$((ended + 1))
    [ $status -eq 0 ] || [ $status -eq 1 ] || [ $status -eq 137 ] || fault "ended with status $status"
    rm -rf "$work/kept" && mkdir "$work/kept"
    collect
    [ ! -e record ] || scan
}

# point SESSION:AT:HOW[:AT2:HOW2], the second pair for the run that would go on. Prints one line:
#   POINT ended lost twice secret decided  what was hit  what is wrong
point() {
    local start at how at2 how2 number
    IFS=: read -r start at how at2 how2 <<<"$1"
    ended=0 lost=0 twice=0 secret=0 faults=()
    rm -rf "$work"/{signed,said,log} && mkdir "$work/signed" && back_to "before-$start" || return 1
    : >"$work/said"
    cut_off "$start" "$at" "$how"
    [ -z "$at2" ] || cut_off "$start" "$at2" "$how2"
    for number in $(seq "$start" 3); do
        session "$number" || { fault "session $number does not go on: $(tail -n 3 "$work/said" | tr '\n' ' ')" && break; }
        collect
    done
    [ ${#faults[@]} -ne 0 ] || judge
    printf '%s\t%d\t%d\t%d\t%d\t%d\t%s\t%s\n' "$1" $ended $lost $twice $secret \
        "$(grep -c 'Sign the very same bytes again' "$work/said")" "$(grep -v '^outside' "$work/log" 2>/dev/null | tr '\n' ';')" \
        "$(IFS='|' && tr -s '\n' ' ' <<<"${faults[*]}" | sed 's/ $//')"
}

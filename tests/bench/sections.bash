# shellcheck shell=bash
# What is measured, a function for each point; the sizes are run.sh's.
here=$(dirname "${BASH_SOURCE[0]}")

# ---- 1: a whole ceremony, and starting ----

# What is counted once, of the walk that is timed: its passwords are stretched 600,000 times so often, and each thing
# that is shown before an RSA root signs it is made with a throw-away RSA-2048 key.
DERIVATIONS=9 THROWN_AWAY=3 ROOT_SIGNATURES=2

ceremony_ours() {
    rm -rf "$work/walk" && cp -a "$work/enrolled" "$work/walk"
    sample ceremony setsid -w bash "$here/ceremony.sh" walk "$work/walk"
}
ceremony_theirs() { # KEY [NAME=VALUE]
    rm -rf "$work/shell"
    sample "$1" env FX="$work/fx" PREGEN=1 "${@:2}" bash "$here/shell-ceremony.sh" "$work/shell"
}
ceremony_round() {
    ceremony_ours
    ceremony_theirs shell
    ceremony_theirs shell-tuned SSL_CERT_FILE=/dev/null
    sample kdf "$FLOOR" pbkdf2 "$DERIVATIONS" 600000
    sample keygen "$FLOOR" keygen "$THROWN_AWAY"
    sample floor "$FLOOR" ceremony "$work/fx" "$ROOT_SIGNATURES" "$elliptic" "$syncs" 1
}

# What our ceremony does, as the floor is told: seals, commits, request and initial certificates; fsyncs.
ceremony_count() {
    rm -rf "$work/walk" && cp -a "$work/enrolled" "$work/walk"
    strace -f -qq -e trace=fsync,fdatasync -o "$work/strace" bash "$here/ceremony.sh" walk "$work/walk" >/dev/null
    syncs=$(grep -c 'sync(.*= 0' "$work/strace")
    elliptic=$(($(ls "$work"/walk/record/*.p7s | wc -l) + $(commits "$work/walk/record/ledger.git") + 3))
}
commits() { git -c safe.directory='*' --git-dir="$1" rev-list --count refs/heads/main 2>/dev/null || git -C "$1" rev-list --count main; }

point_ceremony() {
    local way less
    cp "$here/shell-setup.sh" "$work/setup.sh" && bash "$work/setup.sh" 2>/dev/null
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$work/fx/rsa.key" 2>/dev/null
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/fx/ec.key" 2>/dev/null
    bash "$here/ceremony.sh" prepare "$work/enrolled" "$work/fx"
    ceremony_count
    rounds ceremony_round
    for way in clock cpu; do
        less=$(calc "$(median ceremony $way) - $(median kdf $way) - $(median keygen $way)")
        figure 1 "ceremony, passwords and key generation apart: shell ($way)" "$less ms" "$(calc "$(median shell $way)") ms" \
            "$(calc "$(median shell $way) / $less")" '>= 10'
        figure 1 "  shell with SSL_CERT_FILE=/dev/null ($way)" "$less ms" "$(calc "$(median shell-tuned $way)") ms" \
            "$(calc "$(median shell-tuned $way) / $less")" '>= 10'
        figure 1 "  its signatures, hashes, $syncs fsyncs by bare calls ($way)" "$less ms" "$(calc "$(median floor $way)") ms" \
            "$(calc "$less / $(median floor $way)")" '<= 2'
    done
    figure 1 "  of it: $DERIVATIONS passwords of 600,000 iterations (cpu)" "$(calc "$(median kdf cpu)") ms" - -
    figure 1 "  of it: $THROWN_AWAY throw-away RSA-2048 keys (cpu)" "$(calc "$(median keygen cpu)") ms" - -
}

start_round() {
    sample start-help "$VERGER" --help
    sample start-policy "$VERGER" policy "$work/ca.json" cn:web
    sample start-openssl openssl version
}
point_start() {
    echo '{"authority": {"policy": {"x509": {"allow": {"cn": ["web"]}}}}}' >"$work/ca.json"
    ROUNDS=20 rounds start_round
    faster 1 'verger --help: openssl version' start-help start-openssl clock -
    faster 1 'verger policy, one name: openssl version' start-policy start-openssl clock -
}

# ---- 2: verify ----

many() { # PAGES [BYTES]
    local folder=$memory/many-$1${2:+-$2}
    [ -d "$folder" ] || { mkdir -p "$folder" && "$MANY" "$folder" "$@"; }
    echo "$folder"
}
verify_ours() { # KEY FOLDER
    sample "$1" "$VERGER" verify "$2/record" --signers "$2/signers.pem"
}

verify_round() {
    verify_ours verify-some "$ours"
    sample verify-shell bash "$here/shell-verify.sh" "$work/edits" "$work/fx/op.crt" "$work/fx/allowed_signers"
    sample verify-tuned env SSL_CERT_FILE=/dev/null bash "$here/shell-verify.sh" "$work/edits" "$work/fx/op.crt" "$work/fx/allowed_signers"
    sample git-log "$here/git-log.sh" "$ours"
}
point_verify() {
    local ours cores
    ours=$(many "$VERIFIED")
    FX=$work/fx PREGEN=1 EXTRA=$((VERIFIED - 8)) SSL_CERT_FILE=/dev/null bash "$here/shell-ceremony.sh" "$work/edits" >/dev/null
    rounds verify_round
    for way in clock cpu; do
        faster 2 "verify, $VERIFIED pages: shell" verify-some verify-shell $way '>= 75'
        faster 2 '  shell with SSL_CERT_FILE=/dev/null' verify-some verify-tuned $way '>= 75'
    done
    faster 2 "the same with pages and all: git log --show-signature" verify-some git-log cpu -
    cores=$(calc "$(median verify-some cpu) / $(median verify-some clock)")
    figure 2 "cores that it used, of $(nproc)" "$cores" - -
}

verify_growth() {
    local pages
    for pages in "${PAGES[@]}"; do
        verify_ours "grown-$pages" "$(many "$pages")"
        figure 2 "verify, $pages pages: a page and its commit (cpu)" "$(calc "$(median "grown-$pages" cpu) / $pages" 3) ms" - -
        most 2 "verify, $pages pages" "grown-$pages" '< 64 MiB'
    done
}

large_round() {
    verify_ours verify-large "$large"
    sample hash-large "$FLOOR" hash "$large"/record/*.tar
    rate openssl-speed hash_speed
}
# Bytes of SHA-256 a second that openssl says for itself.
hash_speed() { openssl speed -mr -seconds 1 -bytes 16384 -evp sha256 2>/dev/null | awk -F : '/^\+F/ { print $NF }'; }
point_large() {
    local large bytes
    large=$(many 6 $((LARGE << 20)))
    bytes=$(cat "$large"/record/*.tar | wc -c)
    rounds large_round
    local way rate speed
    speed=$(median openssl-speed cpu)
    for way in clock cpu; do
        rate=$(calc "$bytes / $(median verify-large $way) * 1000" 0)
        figure 2 "verify, 5 pages of $LARGE MiB: openssl speed sha256 ($way)" "$(calc "$rate / 1e6" 0) MB/s" \
            "$(calc "$speed / 1e6" 0) MB/s" "$(calc "$rate / $speed")" '>= 0.7'
    done
    within 2 "  read and hashed by bare calls" verify-large hash-large cpu -
    most 2 "  verify, pages of $LARGE MiB" verify-large '< 64 MiB'
}

# ---- 3: revocation lists ----

point_lists() {
    local entries line
    for entries in "${ENTRIES[@]}"; do
        line=$(METER=$METER bash "$here/lists.sh" --json "$entries" "$ROUNDS")
        jq -r --arg n "$entries" --arg last "${ENTRIES[-1]}" '
            def row($what; $ours; $peer; $ratio; $asked): ["3", "\($n) entries, " + $what, $ours, $peer, $ratio, $asked];
            def ms: (. * 10 | round / 10 | tostring) + " ms";
            (.ms.gencrl | ms) as $gencrl | (.ms.calls | ms) as $calls |
            row("list after a list: openssl ca -gencrl (cpu)"; .ms.next | ms; $gencrl; .faster_than["openssl ca -gencrl"]; ">= 30"),
            row("  X509_CRL calls (cpu)"; .ms.next | ms; $calls; .faster_than["X509_CRL"]; ">= 10"),
            row("list of a text: openssl ca -gencrl (cpu)"; .ms.text | ms; $gencrl; .from_text_faster_than["openssl ca -gencrl"]; ">= 30"),
            row("  X509_CRL calls (cpu)"; .ms.text | ms; $calls; .from_text_faster_than["X509_CRL"]; ">= 10"),
            row("  the same bytes hashed once by bare calls (cpu)"; .ms.next | ms; .ms.hash | ms; (.ms.next / .ms.hash * 100 | round / 100); "-"),
            row("read and checked: openssl crl -verify (cpu)"; .ms.read | ms; .ms.verify | ms; .reading_faster_than["openssl crl -verify"]; "-"),
            row("one serial number found (cpu)"; .ms.find | ms; "-"; "-"; "< 300 ms"),
            row("list after a list: memory"; "\(.peak_mib.next) MiB"; "-"; "-"; "< 16 MiB"),
            row("list of a text: memory"; "\(.peak_mib.text) MiB"; "-"; "-"; "< 16 MiB")
            | @tsv' <<<"$line" >>"$work/figures"
    done
}

# ---- 5: policy and templates ----

rates_round() {
    rate policy "$FLOOR" policy 10000 2000000
    rate template "$SUITE" tests/bench/template.lua
}
# quick WHAT KEY ASKED
quick() { figure 5 "$1 (cpu)" "$(calc "$(median "$2" cpu)" 0)" "$3" "$(calc "$(median "$2" cpu) / $3")" '>= 1'; }
point_rates() {
    rounds rates_round
    quick 'names judged a second against 10,000 policy entries' policy 1000000
    quick "the procedure's template rendered, times a second" template 20000
}

# ---- 6: rebuild and replay ----

again_round() {
    rm -rf "$work/rebuilt"
    sample rebuild "$VERGER" rebuild "$large/record" --into "$work/rebuilt" --signers "$large/signers.pem"
    sample hash-all "$FLOOR" hash "$large"/record/*.tar
    sample replay "$VERGER" replay "$work/walk/record" --signers "$work/walk/signers.pem"
    sample verify-walk "$VERGER" verify "$work/walk/record" --signers "$work/walk/signers.pem"
    sample hash-walk "$FLOOR" hash "$work"/walk/record/*.tar
}
point_again() {
    local large
    large=$(many 6 $((LARGE << 20)))
    rounds again_round
    within 6 "rebuild, 5 pages of $LARGE MiB: read and hashed" rebuild hash-all cpu '<= 1.5'
    within 6 'replay of the ceremony: its verify' replay verify-walk cpu -
    within 6 '  its 10 pages read and hashed' replay hash-walk cpu -
}

# ---- 7: memory and size ----

point_memory() {
    local record=$work/walk/record script=$here/../../lua/ceremonies/intermediate-ca.lua name
    local signers=$work/walk/signers.pem root=$work/fx/root.crt
    local -A lines=(
        [verify]="verify $record --signers $signers" [replay]="replay $record --signers $signers"
        [report]="report $record --signers $signers -o $work/report.html" [log]="log $record --signers $signers"
        [diff]="diff $record 1 8 --signers $signers" [renew]="renew $record -o $work/next.lua --signers $signers"
        [rebuild]="rebuild $record --into $work/small --signers $signers" [check]="check $work/walk/ca"
        [lint]="lint $root" [explain]="explain --list" [agenda]="agenda $script" [policy]="policy $work/ca.json cn:web"
        [rehearse]="rehearse $work/walk/script/intermediate-ca.lua --record $work/rehearsal --unattended"
        [new]="new intermediate-ca --into $work/new --unattended" [completion]="completion bash"
    )
    for name in $(printf '%s\n' "${!lines[@]}" | sort); do
        # shellcheck disable=SC2086 # words of a line
        (cd "$work" && sample "memory-$name" "$VERGER" ${lines[$name]}) 2>/dev/null || continue
        most 7 "verger $name" "memory-$name"
    done
    most 7 'verger run, three times: a ceremony' ceremony
}
point_size() {
    strip -o "$work/stripped" "$VERGER"
    figure 7 'the program, stripped' "$(($(stat -c %s "$work/stripped") / 1024)) KiB" - -
    figure 7 'shared libraries that it names' "$(readelf -d "$VERGER" | grep -c NEEDED)" - -
    figure 7 'shared libraries, with those of these' "$(ldd "$VERGER" | grep -c '=> /')" - -
    figure 7 '  their bytes' "$(($(ldd "$VERGER" | awk '$3 ~ /^\// { print $3 }' | xargs stat -Lc %s | paste -sd +) >> 20)) MiB" - -
}

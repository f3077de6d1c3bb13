#!/bin/bash
# Revocation lists of many entries: ours, streamed, beside `openssl ca -gencrl` and OpenSSL's X509_CRL calls, in turns.
# Times are of the processor, whatever else it does meanwhile. LIST, METER and FLOOR name the programs that make builds
# from list.c, meter.c and floor.c. Prints a table of medians and ratios; with --json for programs.
#   tests/bench/lists.sh [--json] [ENTRIES [ROUNDS]]
set -eu
json=; [ "${1-}" = --json ] && { json=1; shift; }
entries=${1:-1000000} rounds=${2:-3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
from=20200101000000Z
cd "$folder"
cat >ca.cnf <<'C'
[ca]
default_ca = c
[c]
database = index.txt
crlnumber = number
certificate = ca.crt
private_key = ca.key
default_md = sha256
default_crl_days = 7
crl_extensions = e
policy = p
new_certs_dir = .
serial = serial
unique_subject = no
[p]
commonName = supplied
[e]
authorityKeyIdentifier = keyid
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[req]
distinguished_name = d
[d]
C
openssl req -new -newkey rsa:3072 -nodes -keyout ca.key -out ca.csr -subj /CN=Bench -config ca.cnf 2>/dev/null
: >index.txt; echo 01 >serial
openssl ca -config ca.cnf -selfsign -batch -notext -in ca.csr -out ca.crt -startdate $from -enddate 20401231000000Z \
    -extensions root -rand_serial 2>/dev/null
"$LIST" serials "$entries" 1 >serials.txt
awk '{ d = substr($2, 3); gsub(/[-T:]/, "", d); printf "R\t301231000000Z\t%s,%s\t%s\tunknown\t/CN=x\n", d, $3, toupper($1) }' \
    serials.txt >index.txt
echo 01 >number
last=$(tail -n 1 serials.txt) last=${last%% *}

cost() { local cost; cost=$("$METER" "$@") && echo "${cost#* }"; } # COMMAND...: ms and MiB
for ((i = 0; i < rounds; i++)); do
    rm -f ours.crl next.crl calls.crl theirs.crl
    echo "text $(cost "$LIST" text . ours.crl)"
    echo "next $(cost "$LIST" next . ours.crl next.crl)"
    echo "gencrl $(cost openssl ca -config ca.cnf -gencrl -out theirs.crl)"
    echo "calls $(cost "$LIST" calls . calls.crl)"
    echo "read $(cost "$LIST" read . next.crl)"
    echo "find $(cost "$LIST" find next.crl "$last")"
    echo "hash $(cost "$FLOOR" hash next.crl)"
    echo "verify $(cost openssl crl -inform DER -in next.crl -CAfile ca.crt -verify -noout)"
done >'times'
# A list that is not well is not fast.
openssl crl -inform DER -in next.crl -CAfile ca.crt -verify -noout 2>/dev/null
[ "$(openssl crl -inform DER -in next.crl -noout -text | grep -c 'Serial Number:')" = $((entries + 2)) ]

# Nor is one that is kept in memory: the three of ours, whatever the number of entries.
[ -z "$(awk '($1 == "text" || $1 == "next" || $1 == "read") && $3 >= 16' times)" ] || {
    echo "lists.sh: more than 16 MiB of memory:" >&2
    cat times >&2
    exit 1
}

median() { awk -v k="$1" -v f="$2" '$1 == k { print $f }' times | sort -n | sed -n "$(((rounds + 1) / 2))p"; }
row() { # WHAT KEY
    printf '%-52s %9s ms %8s MiB\n' "$1" "$(median "$2" 2)" "$(median "$2" 3)"
}
ratio() { awk -v a="$(median "$1" 2)" -v b="$(median "$2" 2)" 'BEGIN { printf "%.1f", a / b }'; }
if [ "$json" ]; then
    jq -n --argjson entries "$entries" --argjson rounds "$rounds" --arg openssl "$(openssl version)" \
        --arg cpu "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" \
        --argjson gencrl "$(ratio gencrl next)" --argjson calls "$(ratio calls next)" \
        --argjson gencrl_text "$(ratio gencrl text)" --argjson calls_text "$(ratio calls text)" \
        --argjson verify "$(ratio verify read)" --argjson read_ms "$(median read 2)" --argjson find_ms "$(median find 2)" \
        --argjson ms "$(for k in next text gencrl calls read find verify hash; do median $k 2 | jq "{$k: .}"; done | jq -s add)" \
        --argjson mib "$(median next 3)" --argjson text_mib "$(median text 3)" \
        '{entries: $entries, rounds: $rounds, openssl: $openssl, cpu: $cpu,
          faster_than: {"openssl ca -gencrl": $gencrl, "X509_CRL": $calls},
          from_text_faster_than: {"openssl ca -gencrl": $gencrl_text, "X509_CRL": $calls_text},
          reading_faster_than: {"openssl crl -verify": $verify}, read_ms: $read_ms, find_ms: $find_ms,
          ms: $ms, peak_mib: {next: $mib, text: $text_mib}}'
else
    echo "$entries entries, RSA-3072, processor time, medians of $rounds rounds in turns; $(openssl version), $(nproc) cores of" \
        "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
    row "the next list after one of as many (written, checked)" next
    row "a list from a text (written, checked)" text
    row "openssl ca -gencrl" gencrl
    row "OpenSSL's X509_CRL calls" calls
    row "such a list read, its signature checked, counted" read
    row "one serial number found in it" find
    row "openssl crl -verify" verify
    row "its bytes read and hashed by bare calls" hash
    echo "next list: $(ratio gencrl next) x faster than openssl ca -gencrl, $(ratio calls next) x than the calls;" \
        "from text: $(ratio gencrl text) x, $(ratio calls text) x; reading: $(ratio verify read) x than openssl"
fi

#!/usr/bin/env bats
# verger policy: what step-ca would answer, and by which rule.
bats_require_minimum_version 1.5.0

working=tests/golden/config/ca.working.json
forbidden="The request was forbidden by the certificate authority:"

# The report in JSON of `verger policy ...`, which ends with exit code $1, through jq with filter $2.
asked() {
    local code=$1 filter=$2
    shift 2
    run "-$code" --separate-stderr "$VERGER" policy --json "$@"
    [ -z "$stderr" ]
    jq -r "$filter" <<<"$output"
}

# A ca.json with policy $1 and nothing else; prints its path.
config() {
    printf '{"authority":{"policy":%s}}' "$1" >"$BATS_TEST_TMPDIR/ca.json"
    echo "$BATS_TEST_TMPDIR/ca.json"
}

# A request for subject $1 with subjectAltName $2, made by openssl; prints its path.
request() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj "$1" \
        ${2:+-addext "subjectAltName=$2"} -out "$BATS_TEST_TMPDIR/leaf.csr" 2>/dev/null
    echo "$BATS_TEST_TMPDIR/leaf.csr"
}

@test "names that are allowed, and by which rule" {
    run -0 --separate-stderr "$VERGER" policy "$working" web.local.example.com 10.0.0.7
    [ -z "$stderr" ]
    [ "${lines[0]}" = '  allowed  dns web.local.example.com: authority.policy.x509.allow.dns.0, "*.local.example.com"' ]
    [ "${lines[1]}" = '  allowed  ip 10.0.0.7: authority.policy.x509.allow.ip.0, "10.0.0.0/24"' ]
    [ "${lines[2]}" = "Allowed." ]
}

@test "names that are not, and what the client is told" {
    run -1 --separate-stderr "$VERGER" policy "$working" web.local.example.com forbidden.local.example.com a@b.c
    [ -z "$stderr" ]
    [ "${lines[1]}" = '  refused  dns forbidden.local.example.com: authority.policy.x509.deny.dns.0, "forbidden.local.example.com"; deny beats allow' ]
    [[ ${lines[2]} == "  refused  email a@b.c: no entry of type email is there"* ]]
    [ "${lines[3]}" = "Refused: 403 $forbidden dns name \"forbidden.local.example.com\" not allowed" ]
}

@test "a name that cannot be read is 500, and the reason is only in the log" {
    run -1 --separate-stderr "$VERGER" policy "$working" "cn:Friendly Name"
    [ "${lines[1]}" = "Refused: 500 error creating certificate" ]
    [ "${lines[2]}" = '  in the log: cannot parse cn domain "Friendly Name"' ]
}

@test "what a word is taken for, and what it is said to be" {
    [ "$(asked 1 '[.sets[0].names[].type] | join(" ")' "$working" a.b 10.0.0.1 ::1 a@b https://x/ host:80 dns:10.0.0.1 cn: uri:x)" = \
        "dns ip ip email uri uri dns cn uri" ]
    [ "$(asked 0 '.sets[0].names[0].reason' "$working" dns:web.local.example.com)" = entry_allows ]
    [ "$(asked 1 '.sets[0].names[0].reason' "$working" dns:10.0.0.7)" = no_match ]
    [ "$(asked 1 '.sets[0].status' "$working" ip:10.0.0)" = 400 ]
}

@test "JSON has the answer, the log's reason and the entry with its place" {
    filter='.sets[0] | [.allowed, .status, .message, .error, .detail, .names[0].place, .names[0].entry] | @tsv'
    [ "$(asked 1 "$filter" "$working" FORBIDDEN.local.example.com)" = "$(printf '%s\t' false 403 \
        "$forbidden dns name \\\"FORBIDDEN.local.example.com\\\" not allowed" \
        'dns name \"FORBIDDEN.local.example.com\" not allowed' \
        'dns \"FORBIDDEN.local.example.com\" is excluded by constraint \"forbidden.local.example.com\"' \
        authority.policy.x509.deny.dns.0 | sed 's/\\"/"/g')forbidden.local.example.com" ]
}

@test "a request is asked for its common name and its alternative names" {
    csr=$(request "/CN=web.local.example.com" "DNS:web.local.example.com,IP:10.0.0.7")
    [ "$(asked 0 '.sets[0] | [.csr, .names[].type] | join(" ")' "$working" --csr "$csr")" = "$csr dns ip cn" ]
    csr=$(request "/CN=Alice" "email:alice@example.com,URI:https://example.com/alice")
    [ "$(asked 1 '.sets[0] | [.error, .names[].reason] | join(",")' "$working" --csr "$csr")" = \
        'email name "alice@example.com" not allowed,type_closed,type_closed,no_match' ]
    csr=$(request "/O=Nobody")
    [ "$(asked 0 '.sets[0].names | length' "$working" --csr "$csr")" = 0 ]
}

@test "words and requests are sets by themselves" {
    csr=$(request "/CN=x" "DNS:other.example.com")
    [ "$(asked 1 '[.sets[].allowed] | join(" ")' "$working" web.local.example.com --csr "$csr")" = "true false" ]
}

@test "a request that is none, or that nobody signed, is named" {
    run -1 --separate-stderr "$VERGER" policy "$working" --csr "$working"
    [ -z "$output" ]
    [[ $stderr == *"$working"* ]]
    csr=$(request "/CN=x")
    openssl req -in "$csr" -outform DER -out "$csr.der"
    perl -0777 -pi -e 's/(.)\z/$1 ^ "\x01"/es' "$csr.der" # a byte put there could be the one that was there
    run -1 --separate-stderr "$VERGER" policy "$working" --csr "$csr.der"
    [[ $stderr == *"signature"* ]]
}

@test "a ca.json without a policy allows everything" {
    config=$(config null)
    [ "$(asked 0 '.sets[0].names[].reason' "$config" "cn:any body" a_b | sort -u)" = no_rules ]
}

@test "a policy that step-ca does not start with is told in its words" {
    config=$(config '{"x509":{"allow":{"dns":["a_b"]}}}')
    run -1 --separate-stderr "$VERGER" policy "$config" x
    [ -z "$output" ]
    [[ $stderr == *'cannot parse permitted domain constraint "a_b"'*"U+005F"* ]]
}

@test "a policy that remote management makes dead says so" {
    jq '.authority.enableAdmin = true' "$working" >"$BATS_TEST_TMPDIR/ca.json"
    run -0 --separate-stderr "$VERGER" policy "$BATS_TEST_TMPDIR/ca.json" web.local.example.com
    [[ ${lines[0]} == *"enableAdmin is true: step-ca ignores this policy"* ]]
    [ "$(asked 0 .dead "$BATS_TEST_TMPDIR/ca.json" web.local.example.com)" = true ]
}

@test "principals of SSH certificates" {
    config=$(config '{"ssh":{"user":{"allow":{"principal":["root"],"email":["@x.com"]}}}}')
    [ "$(asked 0 '.sets[0].names[].reason' "$config" --ssh user ROOT a@x.com | sort -u)" = entry_allows ]
    [ "$(asked 1 '.sets[0].error' "$config" root --ssh host)" = "authority not allowed to sign ssh host certificates" ]
    [ "$(asked 1 '.sets[0] | .message + "; " + .error' "$config" --ssh user root 10.0.0.1)" = \
        "authority.SignSSH: error creating ssh certificate; IP principals [10.0.0.1] not expected in SSH user certificate " ]
}

@test "a file that is no ca.json is refused" {
    echo '[]' >"$BATS_TEST_TMPDIR/list.json"
    run -1 --separate-stderr "$VERGER" policy "$BATS_TEST_TMPDIR/list.json" x
    [[ $stderr == *"is it a ca.json?"* ]]
    run -1 --separate-stderr "$VERGER" policy "$BATS_TEST_TMPDIR/none.json" x
    [[ $stderr == *none.json* ]]
}

@test "what a name holds does not reach the terminal" {
    run -1 --separate-stderr "$VERGER" policy "$working" $'dns:a\e[31mb'
    [[ $output == *'a\x1b[31mb'* ]]
    [[ $output != *$'\e'* ]]
}

# `verger policy` with policy $1, names $3..., answers as $2: step-ca's load error, or [allowed, error, detail].
answered() {
    local config expected=$2
    config=$(config "$1")
    shift 2
    run --separate-stderr "$VERGER" policy --json "$config" "$@"
    if [ -n "$output" ]; then
        [ "$(jq -c '.sets[0] | [.allowed, .error, .detail]' <<<"$output")" = "$expected" ]
    else
        [[ $stderr == *": $expected" ]]
    fi
}

@test "every vector of the real engine is answered as it answered" {
    jq -r '.[] | "answered " + ([(.policy | tojson),
        (.result | if .load_error then .load_error else ([.ok, .error, .detail] | tojson) end),
        (.sans // [])[], ((.dns // [])[] | "dns:" + .), ((.ip // [])[] | "ip:" + .),
        ((.email // [])[] | "email:" + .), ((.uri // [])[] | "uri:" + .), "cn:" + (.cn // "")] | @sh)' \
        tests/golden/policy/vectors.json >"$BATS_TEST_TMPDIR/vectors.sh"
    [ "$(wc -l <"$BATS_TEST_TMPDIR/vectors.sh")" -ge 64 ]
    # shellcheck disable=SC1091 # made above
    . "$BATS_TEST_TMPDIR/vectors.sh"
}

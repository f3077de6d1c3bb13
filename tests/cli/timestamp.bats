#!/usr/bin/env bats
# verger timestamp, and what verify makes of it: a TSA of openssl's answers, and some that lie.
load trial

# An authority: tsa NAME makes NAME-ca.pem (what it is trusted under) and NAME.cnf with its key and certificate.
tsa() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=$1 CA" \
        -keyout "$1-ca.key" -out "$1-ca.pem" 2>/dev/null
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/O=Example/CN=$1" \
        -keyout "$1.key" -out "$1.csr" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA "$1-ca.pem" -CAkey "$1-ca.key" -CAcreateserial -days 20 -out "$1.pem" \
        -extfile <(printf 'extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n') 2>/dev/null
    echo 01 >"$1.serial"
    cat >"$1.cnf" <<CNF
[tsa]
default_tsa = here
[here]
serial = $PWD/$1.serial
signer_cert = $PWD/$1.pem
signer_key = $PWD/$1.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384
accuracy = secs:1
ess_cert_id_alg = sha256
CNF
}

# What the authority $1 answers to the query $2, into $3.
answer_of() { openssl ts -reply -config "$1.cnf" -queryfile "$2" -out "$3" 2>/dev/null; }

setup_file() {
    states
    (
        back_to complete && tsa clock && tsa liar && cat home-*/seal.crt >signers.pem &&
            "$VERGER" timestamp record --query head.tsq && answer_of clock head.tsq head.tsr && keep stamped
    ) >"$BATS_FILE_TMPDIR/said" 2>&1 || {
        cat "$BATS_FILE_TMPDIR/said"
        return 1
    }
}

page=000009-check-that-it-will-run.tar

# verify fails, with this check, under the certificates of the authority $2.
broken() {
    run "$VERGER" verify record --signers signers.pem --tsa-ca "${2:-clock}-ca.pem" --json
    [ "$status" -eq 1 ]
    jq -e --arg id "$1" '[.checks[] | select(.verdict == "fail").id] | unique == [$id]' <<<"$output" >/dev/null || {
        jq -c '.checks[] | select(.verdict == "fail")' <<<"$output"
        return 1
    }
}

@test "the query is a stranger's idea of one: the head, SHA-256, a nonce, the certificate asked for" {
    back_to stamped
    openssl ts -query -in head.tsq -text >text
    grep -q "Hash Algorithm: sha256" text
    grep -q "Certificate required: yes" text
    grep -q "Nonce: 0x" text
    [ "$(sed -n 's/^ *00[0-9]0 - \(.\{47\}\).*/\1/p' text | tr -d ' \n-')" = "$(sha256sum record/$page | cut -d ' ' -f 1)" ]
    run -0 "$VERGER" timestamp record --query again.tsq
    run ! cmp head.tsq again.tsq
    fails "head.tsq" "$VERGER" timestamp record --query head.tsq
}

# shellcheck disable=SC2154 # the trial sets house
@test "the reply is stored; verify says before when and by whom; openssl says the same" {
    back_to stamped
    run -0 "$VERGER" timestamp record --reply head.tsr --query head.tsq --tsa-ca clock-ca.pem
    [[ $output == *"Stored: record/times/$page.tsr"*"Page 9 existed before 20"*"CN=clock,O=Example"* ]]
    cmp head.tsr record/times/$page.tsr
    [ ! -e record/.staging ]
    openssl ts -verify -in record/times/$page.tsr -data record/$page -CAfile clock-ca.pem
    run -0 "$VERGER" verify record --signers signers.pem --tsa-ca clock-ca.pem
    [[ $output == *"Page 9 existed before 20"*", by the timestamping authority CN=clock,O=Example."* ]]
    run -0 "$VERGER" verify record --signers signers.pem
    [[ $output == *"whose word that is was not checked: that needs --tsa-ca"* ]]
    run -0 "$VERGER" verify record --signers signers.pem --tsa-ca clock-ca.pem --json
    [ "$(jq -c '.timestamps[] | [.page, .authority, .trusted]' <<<"$output")" = '[9,"CN=clock,O=Example",true]' ]
    fails "nothing is put over it" "$VERGER" timestamp record --reply head.tsr
    # Nothing else stands in the way of a record with one.
    run -0 at_ca
    run -0 bash -c "$(grep '^foreign=' "$house/README.md" | sed 's/^/cd record; /'); [ -z \"\$foreign\" ]"
}

@test "an older page has one of its own" {
    back_to stamped
    run -0 "$VERGER" timestamp record --query old.tsq --page 3
    answer_of clock old.tsq old.tsr
    run -0 "$VERGER" timestamp record --reply old.tsr
    [ -f record/times/000003-bring-in-the-root-certificate.tar.tsr ]
    run -0 "$VERGER" verify record --signers signers.pem --tsa-ca clock-ca.pem
}

@test "replies that are not taken" {
    back_to stamped
    openssl ts -query -data script/intermediate-ca.lua -sha256 -cert -out other.tsq
    answer_of clock other.tsq other.tsr
    fails "is about no page of this record" "$VERGER" timestamp record --reply other.tsr
    "$VERGER" timestamp record --query again.tsq
    answer_of clock again.tsq again.tsr
    fails "answers another request" "$VERGER" timestamp record --reply again.tsr --query head.tsq
    answer_of liar head.tsq liar.tsr
    fails "not by a timestamping authority under" "$VERGER" timestamp record --reply liar.tsr --tsa-ca clock-ca.pem
    openssl ts -query -data record/$page -sha512 -cert -out refused.tsq
    openssl ts -reply -config clock.cnf -queryfile refused.tsq -out refused.tsr || true
    fails "did not grant" "$VERGER" timestamp record --reply refused.tsr
    openssl ts -query -data record/$page -sha256 -out bare.tsq
    answer_of clock bare.tsq bare.tsr
    fails "certificate that is in it" "$VERGER" timestamp record --reply bare.tsr
    (cat head.tsr && echo x) >long.tsr
    fails "not a timestamp's response in DER" "$VERGER" timestamp record --reply long.tsr
    fails "not a timestamp's response in DER" "$VERGER" timestamp record --reply head.tsq
    fails "holds no certificate" "$VERGER" timestamp record --reply head.tsr --tsa-ca head.tsr
}

@test "forged: another head's, another authority's, bytes turned, a stranger's file" {
    back_to stamped
    mkdir record/times && cp head.tsr record/times/$page.tsr && cp -a record whole
    run -0 "$VERGER" verify record --signers signers.pem --tsa-ca clock-ca.pem
    broken time.authority liar
    mv record/times/$page.tsr record/times/000008-set-up-the-policy.tar.tsr
    broken time.imprint
    answer_of liar head.tsq record/times/$page.tsr && rm record/times/000008-*
    broken time.authority
    rm -r record && cp -a whole record
    echo >>record/times/$page.tsr
    broken time.form
    cp head.tsr record/times/$page.tsr
    size=$(stat -c %s head.tsr)
    flip record/times/$page.tsr $((size - 3))
    broken time.signature
    cp head.tsr record/times/$page.tsr && touch record/times/diary.txt
    broken record.layout
}

@test "what a call that was cut off left in the staging goes" {
    back_to stamped
    mkdir record/.staging && echo half >record/.staging/beside
    run -0 "$VERGER" timestamp record --reply head.tsr
    [ ! -e record/.staging ]
}

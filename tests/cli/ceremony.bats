#!/usr/bin/env bats
# The flagship ceremony by the command line, with roots and keys of every kind. Judged by openssl, git, tar, sha256sum
# and jq: what verify says of itself is worth little.
load trial

# ROOT KEY: the root on the media (golden ones are openssl's too, kept), and the kind that the script generates.
walks="golden-rsa4096:RSA-3072 golden-p384:RSA-4096 RSA=3072:P-384 EC=P-256:P-521 EC=P-256:RSA-2048 EC=P-521:P-256"

walk_one() {
    prepare || return
    case $1 in
    golden-*) root_golden "$(cut -d - -f 2 <<<"${1%:*}")" || return ;;
    *) root_key "$(tr '=' ':' <<<"${1%:*}")" && root_certificate root sha256 || return ;;
    esac
    script_edit "s/P-256/${1#*:}/" && at_ca && at_root && at_ca &&
        cat home-ca/seal.crt home-root/seal.crt >signers.pem && keep "$1"
}

setup_file() (
    for walk in $walks; do
        walk_one "$walk" >"$BATS_FILE_TMPDIR/said" 2>&1 || {
            cat "$BATS_FILE_TMPDIR/said"
            return 1
        }
    done
)

# Each of the walks, in its folder: for_each FUNCTION.
for_each() {
    for walk in $walks; do
        echo "# $walk"
        cd "$BATS_FILE_TMPDIR/$walk" || return 1
        "$@"
    done
}

first() { cd "$BATS_FILE_TMPDIR/${walks%% *}" || return 1; }

@test "verify: holds by the signers and by the head in hex and in words; consistent without; nothing else passes" {
    head_words() { "$VERGER" verify record | sed -n '/^Head:/,/^$/p' | tail -n +2; }
    verdicts() {
        local head
        head=$(sha256sum record/000009-*.tar | cut -d ' ' -f 1)
        run -3 "$VERGER" verify record
        run -0 "$VERGER" verify record --signers signers.pem
        [[ $output == *"unattended"* ]]
        run -0 "$VERGER" verify record --head "$head"
        run -0 "$VERGER" verify record --head "$(head_words)"
        run -0 "$VERGER" verify record --head "$head" --signers signers.pem
    }
    for_each verdicts
    first
    head=$(sha256sum record/000009-*.tar | cut -d ' ' -f 1)
    run -1 "$VERGER" verify record --head "$(tr 0-9a-f 1-9a-f0 <<<"$head")"
    run -1 "$VERGER" verify record --head "$(sha256sum record/000008-*.tar | cut -d ' ' -f 1)"
    run -1 "$VERGER" verify record --signers home-root/seal.crt
    run -1 --separate-stderr "$VERGER" verify record --head "$(head_words | sed '1s/ [^ ]*$//')"
    [[ $stderr == *"neither 64 hex digits nor 32 PGP words"* ]]
    run -0 --separate-stderr "$VERGER" verify record --signers signers.pem --json
    [ "$output" = "$(jq -cS . <<<"$output")" ]
    [ "$(jq -r .head <<<"$output")" = "$head" ]
    [ "$(jq -r '"\(.verdict) \(.unattended) \(.rehearsal) \(.pages)"' <<<"$output")" = "holds true false 10" ]
}

@test "verify: no record, a file, an empty folder, a folder of other things: one clear message" {
    cd "$BATS_TEST_TMPDIR"
    mkdir empty other
    echo hello | tee file >other/diary.txt
    for path in nowhere file empty other; do
        run -1 --separate-stderr "$VERGER" verify $path
        [ -z "$output" ]
        [ "${#stderr_lines[@]}" -eq 1 ]
        [[ $stderr == "verger verify: $path"* ]]
    done
}

@test "a rehearsal: every line, page and name is marked, verify says so, and a run names it as its proof" {
    prepare
    run -0 --separate-stderr alone "$VERGER" rehearse script/intermediate-ca.lua --record rehearsal --keep kept --unattended
    without_note
    [ -z "$stderr" ]
    [ -z "$(grep -vE '^(REHEARSAL |$)' <<<"$output")" ]
    for page in rehearsal/*.tar; do
        [ "$(tar -xOf "$page" page.json | jq .rehearsal)" = true ]
        [ -z "$(tar -xOf "$page" transcript.txt | grep -v REHEARSAL)" ]
    done
    for certificate in rehearsal/signers/*.crt; do
        openssl x509 -in "$certificate" -noout -subject -nameopt RFC2253 | grep -q 'O=REHEARSAL'
    done
    for certificate in kept/ca/authority/certs/*.crt; do
        openssl x509 -in "$certificate" -noout -subject -nameopt RFC2253 | grep -q 'CN=REHEARSAL '
    done
    run -3 "$VERGER" verify rehearsal
    [[ $output == *[Rr]ehearsal* ]]
    run -0 at_ca --rehearsal rehearsal
    tar -xOf record/000000-script.tar page.json |
        jq -e --arg head "$(sha256sum rehearsal/000009-*.tar | cut -d ' ' -f 1)" \
            '.deviations == [] and ([.inputs[] | select(.name == "rehearsal").sha256] == [$head])'
}

@test "pages: tar reads them, sha256sum finds every member right, page.json is canonical and names the page before" {
    page_by_page() {
        local previous=0000000000000000000000000000000000000000000000000000000000000000 page
        for page in record/*.tar; do
            rm -rf "$BATS_TEST_TMPDIR/page" && mkdir "$BATS_TEST_TMPDIR/page"
            tar -xf "$page" -C "$BATS_TEST_TMPDIR/page"
            (
                cd "$BATS_TEST_TMPDIR/page"
                sha256sum --quiet --strict -c SHA256SUMS
                jq -cS . page.json | cmp - <(cat page.json && tail -c 1 page.json | grep -q '^$' || echo)
                [ "$(jq -r .previous page.json)" = "$previous" ]
                find . -type f ! -name SHA256SUMS | sed 's/^..//' | sort | cmp - <(sed 's/^[^ ]*  //' SHA256SUMS | sort)
                find . -name '*.json' -exec jq -e . {} + >/dev/null
                [ -z "$(grep -r 'PRIVATE KEY' .)" ]
            )
            previous=$(sha256sum <"$page" | cut -d ' ' -f 1)
        done
    }
    for_each page_by_page
}

# What an auditor types: cms_verify SEAL CONTENT CERTIFICATE
cms_verify() {
    openssl cms -verify -binary -inform DER -in "$1" -content "$2" -nointern -certfile "$3" -CAfile "$3" \
        -no-CApath -no-CAstore -out /dev/null
}

@test "seals: openssl verifies each, over its own page and by its own station only" {
    seals() {
        local page station other
        for page in record/*.tar; do
            station=$(basename "$page".*.p7s .p7s)
            station=${station##*.}
            [ "$station" = ca ] && other=root || other=ca
            cms_verify "$page.$station.p7s" "$page" "record/signers/$station.crt" 2>/dev/null
            run ! cms_verify "$page.$station.p7s" signers.pem "record/signers/$station.crt"
            run ! cms_verify "$page.$station.p7s" "$page" "record/signers/$other.crt"
        done
        cmp record/signers/ca.crt home-ca/seal.crt
        cmp record/signers/root.crt home-root/seal.crt
    }
    for_each seals
}

@test "the ledger: fsck finds nothing, every commit verifies, its files are the pages', and it ends at the newest" {
    ledger() {
        local git commit
        git=(git -c safe.directory='*' -c gpg.format=ssh -c gpg.ssh.allowedSignersFile="$PWD/record/signers/allowed_signers"
            -C record/ledger.git)
        run -0 "${git[@]}" fsck --strict --full
        [ -z "$output" ]
        for commit in $("${git[@]}" rev-list main); do "${git[@]}" verify-commit "$commit"; done
        # Steps 0 to 3 and 5 to 8 change public files; each commit stands in its page.
        [ "$("${git[@]}" rev-list --count main)" -eq 8 ]
        for page in 0 1 2 3 5 6 7 8; do
            commit=$(tar -xOf record/00000$page-*.tar commit | git hash-object -t commit --stdin)
            "${git[@]}" merge-base --is-ancestor "$commit" main
            [ "$("${git[@]}" log -1 --format='%(trailers:key=Page,valueonly)' "$commit" | head -n 1)" = $page ]
        done
        mkdir "$BATS_TEST_TMPDIR/tree" && "${git[@]}" archive main | tar -x -C "$BATS_TEST_TMPDIR/tree"
        for file in config/ca.json config/defaults.json certs/root_ca.crt certs/intermediate_ca.crt; do
            cmp "$BATS_TEST_TMPDIR/tree/ca/$file" "ca/$file"
        done
        diff -r "$BATS_TEST_TMPDIR/tree/root" root
        rm -r "$BATS_TEST_TMPDIR/tree"
    }
    for_each ledger
}

@test "what is handed out: DER and PEM say the same, and openssl builds and revokes the chain with either" {
    hand_out() {
        cd root/publish
        [ "$(find . -type f | sort | tr '\n' ' ')" = \
            "./bundle.pem ./intermediate.pem ./root.crl ./root.crl.pem ./root.der ./root.pem " ]
        cmp root.crl <(openssl crl -in root.crl.pem -outform DER)
        cmp root.der <(openssl x509 -in root.pem -outform DER)
        cmp root.pem ../../ca/certs/root_ca.crt
        cmp intermediate.pem ../../ca/certs/intermediate_ca.crt
        cmp bundle.pem <(cat intermediate.pem root.pem)
        cmp root.der <(openssl x509 -in ../../media/root.crt -outform DER)
        openssl crl -inform DER -in root.crl -out "$BATS_TEST_TMPDIR/from-der.pem"
        for list in root.crl.pem "$BATS_TEST_TMPDIR/from-der.pem"; do
            openssl verify -x509_strict -crl_check -CRLfile "$list" -CAfile root.pem intermediate.pem
            openssl verify -x509_strict -crl_check_all -CRLfile "$list" -CAfile root.pem intermediate.pem
        done
        openssl crl -in root.crl.pem -noout -text >"$BATS_TEST_TMPDIR/crl"
        grep -A 1 'X509v3 CRL Number' "$BATS_TEST_TMPDIR/crl" | grep -qw 1
        grep -q 'X509v3 Authority Key Identifier' "$BATS_TEST_TMPDIR/crl"
        grep -q 'No Revoked Certificates' "$BATS_TEST_TMPDIR/crl"
        # RFC 5280 5.1.2.6: where nothing is revoked, that list is absent. (OBJECT is the algorithm behind.)
        [[ $(openssl asn1parse -in root.crl.pem | sed -n 's/.*:d=2 .*\(prim\|cons\): *\([A-Za-z]*\).*/\2/p' | tr '\n' ' ') == \
            "INTEGER SEQUENCE SEQUENCE UTCTIME UTCTIME cont OBJECT"* ]]
    }
    for_each hand_out
}

# Lines of `openssl x509 -text` for an extension's name.
extension() { openssl x509 -in ca/certs/intermediate_ca.crt -noout -ext "$1" 2>/dev/null | tail -n +2 | sed 's/^ *//'; }

@test "the intermediate: dates of page 0's plan, serial, path length, usage, revocation list, identifiers" {
    certificate() {
        local plan serial
        plan=$(tar -xOf record/000000-script.tar evidence/plan.json | jq '.steps[].words[] | select(.verb == "sign")')
        openssl x509 -in ca/certs/intermediate_ca.crt -noout -subject -nameopt RFC2253 |
            grep -qx 'subject=CN=Example Intermediate CA'
        [ "$(date -u -d "$(openssl x509 -in ca/certs/intermediate_ca.crt -noout -startdate | cut -d = -f 2)" +%FT%TZ)" = \
            "$(jq -r .begins <<<"$plan")" ]
        [ "$(date -u -d "$(openssl x509 -in ca/certs/intermediate_ca.crt -noout -enddate | cut -d = -f 2)" +%FT%TZ)" = \
            "$(jq -r .ends <<<"$plan")" ]
        # RFC 5280 4.1.2.5: both ends count, so that five years end a second before the day.
        [ "$(date -u -d "$(jq -r .begins <<<"$plan" | tr TZ '  ') UTC +5 years -1 second" +%FT%TZ)" = \
            "$(jq -r .ends <<<"$plan")" ]
        serial=$(openssl x509 -in ca/certs/intermediate_ca.crt -noout -serial | cut -d = -f 2)
        [[ $serial =~ ^01[0-9A-F]{32}$ ]]
        [ "$(jq -r 'select(.kind == "certificate").serial | ascii_upcase' home-root/register)" = "$serial" ]
        [ "$(extension basicConstraints)" = "CA:TRUE, pathlen:0" ]
        [ "$(extension keyUsage)" = "Certificate Sign, CRL Sign" ]
        [ -z "$(extension extendedKeyUsage)" ]
        extension crlDistributionPoints | grep -qx 'URI:http://pki.example.com/root.crl'
        [ "$(extension authorityKeyIdentifier)" = \
            "$(openssl x509 -in ca/certs/root_ca.crt -noout -ext subjectKeyIdentifier | tail -n 1 | tr -d ' ')" ]
        openssl x509 -in ca/certs/intermediate_ca.crt -noout -text | grep -q 'Version: 3'
    }
    for_each certificate
}

@test "every kind of key: as asked for, in the form that step-ca reads, opened by openssl, of the certificate" {
    intermediate_key() {
        local file=ca/secrets/intermediate_ca_key kind=${walk#*:} found
        [ "$(stat -c %a "$file")" = 600 ]
        cmp <(openssl pkey -in "$file" -passin file:pw/authority -pubout) \
            <(openssl x509 -in ca/certs/intermediate_ca.crt -noout -pubkey)
        run ! openssl pkey -in "$file" -passin file:pw/root -noout
        found=$(openssl pkey -in "$file" -passin file:pw/authority -noout -text)
        case $kind in
        RSA-*) grep -qE "^(RSA )?Private-Key: \(${kind#RSA-} bit" <<<"$found" ;;
        P-*) grep -q "NIST CURVE: $kind\$" <<<"$found" ;;
        esac
        # PKCS#8, PBES2, PBKDF2 with HMAC-SHA256, 600000 turns and no keyLength, AES-256-CBC.
        head -n 1 "$file" | grep -qx -- '-----BEGIN ENCRYPTED PRIVATE KEY-----'
        found=$(openssl asn1parse -in "$file")
        for part in PBES2 PBKDF2 hmacWithSHA256 aes-256-cbc; do grep -q ":$part\$" <<<"$found"; done
        [ "$(grep -c 'prim: INTEGER' <<<"$found")" -eq 1 ]
        [ $((16#$(sed -n 's/.*prim: INTEGER *://p' <<<"$found"))) -ge 600000 ]
        [ "$(tar -xOf record/000004-*.tar page.json | jq -r '.outputs[] | select(.kind == "key").spki_sha256')" = \
            "$(openssl pkey -in "$file" -passin file:pw/authority -pubout -outform DER | sha256sum | cut -d ' ' -f 1)" ]
    }
    for_each intermediate_key
}

@test "the request: self-signed with the key, and with the extensions that step's template gives" {
    request() {
        tar -xOf record/000004-ask-to-be-signed.tar evidence/intermediate-request.csr >"$BATS_TEST_TMPDIR/csr"
        openssl req -in "$BATS_TEST_TMPDIR/csr" -noout -verify
        cmp <(openssl req -in "$BATS_TEST_TMPDIR/csr" -noout -pubkey) \
            <(openssl x509 -in ca/certs/intermediate_ca.crt -noout -pubkey)
        # The golden request is of the same template and key kind RSA-3072: what is requested is the same.
        cmp <(openssl req -in "$BATS_TEST_TMPDIR/csr" -noout -text | sed -n '/Requested Extensions/,/Signature Algorithm/p' |
            sed '$d') \
            <(openssl req -in "$golden/csr/intermediate_ca.csr" -noout -text |
                sed -n '/Requested Extensions/,/Signature Algorithm/p' | sed '$d')
    }
    for_each request
}

@test "the authority: modes, jq, fingerprint, revocation and policy in their places, no generated key left" {
    tree() {
        [ "$(find ca -printf '%m %y %P\n' | LC_ALL=C sort -k 3)" = \
            "$(grep -v secrets/root_ca_key "$golden/config/tree-after-init.txt")" ]
        jq -e . ca/config/ca.json ca/config/defaults.json >/dev/null
        [ "$(jq -r .fingerprint ca/config/defaults.json)" = \
            "$(openssl x509 -in ca/certs/root_ca.crt -outform DER | sha256sum | cut -d ' ' -f 1)" ]
        jq -e '.crl == {enabled: true, generateOnRevoke: true, cacheDuration: "24h0m0s", renewPeriod: "16h0m0s",
                idpURL: "http://ca.example.com/crl"}
            and .insecureAddress == ":80" and (has("policy") | not)
            and .authority.policy.x509.deny.ip == ["192.168.1.153"]
            and .authority.policy.x509.allowWildcardNames == false
            and (.authority.provisioners[0].options.x509.template | contains("http://ca.example.com/crl"))' ca/config/ca.json
        # Everything that initialize wrote is still there, as it was written.
        tar -xOf record/000001-*.tar files/ca/config/ca.json |
            jq -e --slurpfile now ca/config/ca.json '. as $old | $now[0]
                | del(.crl, .authority.policy, .authority.provisioners[0].options)
                | .insecureAddress = $old.insecureAddress | . == $old'
    }
    for_each tree
}

@test "the provisioner: its kid is the thumbprint, its key a JWE with step's header" {
    provisioner() {
        local jwk kid header
        jwk=$(jq -c '.authority.provisioners[0]' ca/config/ca.json)
        # RFC 7638: required members, sorted, no space.
        kid=$(jq -cSj '.key | {crv, kty, x, y}' <<<"$jwk" | openssl dgst -sha256 -binary | base64 | tr '+/' '-_' | tr -d =)
        [ "$(jq -r .key.kid <<<"$jwk")" = "$kid" ]
        header=$(jq -r '.encryptedKey | split(".")[0]' <<<"$jwk" | tr '_-' '/+')
        while [ $((${#header} % 4)) -ne 0 ]; do header=$header=; done
        base64 -d <<<"$header" | jq -e --slurpfile golden "$golden/jwk/header.json" 'del(.p2s) == ($golden[0] | del(.p2s))'
        [ "$(jq -r '.encryptedKey | split(".") | length' <<<"$jwk")" -eq 5 ]
    }
    for_each provisioner
}

@test "run again when all is done, at either station: says so, and nothing changes" {
    back_to EC=P-521:P-256
    before=$(whole)
    for again in at_ca at_root; do
        run -0 --separate-stderr $again
        without_note
        [ -z "$stderr" ]
        [[ $output == *"The ceremony is complete: 9 steps, 10 pages."* ]]
        diff <(echo "$before") <(whole)
    done
}

@test "people at a terminal, at both stations: two words of the head are typed, and no page says unattended" {
    back_to EC=P-521:P-256 && rm -r record ca root && rm home-*/{heads,journal,register} 2>/dev/null || true
    people() { expect -f "$BATS_TEST_DIRNAME/people.exp" '^$' - "$@" "${from_files[@]:3}"; }
    words() { "$VERGER" verify record | sed -n '/^Head:/,/^$/p' | tail -n +2 >words.txt; }
    run -0 people "${ca_command[@]}"
    words
    run -0 people "${root_command[@]}"
    [ "$(grep -c 'Type word' <<<"$output")" -eq 2 ]
    words
    run -0 people "${ca_command[@]}"
    run -0 holds
    [[ $output != *unattended* ]]
    [ "$(for page in record/*.tar; do tar -xOf "$page" page.json | jq .unattended; done | sort -u)" = false ]
    [ "$(tar -xOf record/000005-sign-offline.tar transcript.txt | grep -c 'of the head was typed, and is right')" -eq 2 ]
}

#!/usr/bin/env bats
# One root, several ceremonies: what its key ever signed is in every page of its station, each ceremony names the one
# before, and a gap, a lost home or another root's record is found before the key is used.
load trial
# shellcheck disable=SC2154 # trial.bash and bats set them

# The ceremony ends with the signing: two sessions. The next one begins with nothing but the homes and the media.
next_ceremony() {
    mv record "record$1" && rm -rf ca
}

setup_file() {
    prepare
    script_edit '/^step "Install the certificate"/,$d'
    keep enrolled
    at_ca >said && at_root >said && next_ceremony 1
    keep once
    at_ca --previous record1 >said && keep named
    at_root >said && keep twice
    back_to once
    at_ca >said && keep unnamed
}

sealed() { tar -xOf record/000005-sign-offline.tar "$1"; }
register() { sealed evidence/register.jsonl; }
deviations() { sealed page.json | jq -r '.deviations[].rule'; }
holds_after() { holds >/dev/null && "$VERGER" verify record --signers signers.pem --previous "$1"; }

@test "the register in a page: canonical, chained by sha256sum, and what openssl reads in the page's own files" {
    back_to twice
    register | jq -cS . | cmp - <(register)
    previous=$(printf '%064d' 0)
    while IFS= read -r line; do
        [ "$(jq -r .previous <<<"$line")" = "$previous" ]
        previous=$(sha256sum <<<"$line" | cut -c 1-64)
    done < <(register)
    [ "$(register | jq -r .kind | tr '\n' ' ')" = "certificate crl certificate crl " ]
    [ "$(register | head -n 2)" = "$(tar -xOf record1/000005-sign-offline.tar evidence/register.jsonl)" ]
    [ "$(register | jq -r .ceremony | uniq | wc -l)" -eq 2 ]
    sealed evidence/intermediate-certificate.crt >crt
    sealed evidence/root-revocation-list.crl >crl
    spki() { openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -c 1-64; }
    tbs() {
        at=$(openssl asn1parse -inform DER -in "$1" | sed -n '2s/^ *\([0-9]*\):.*/\1/p')
        openssl asn1parse -inform DER -in "$1" -strparse "$at" -noout -out part && sha256sum <part | cut -c 1-64
    }
    openssl x509 -in crt -outform DER -out crt.der
    [ "$(register | jq -r 'select(.kind == "certificate") | "\(.serial | ascii_upcase) \(.spki_sha256) \(.sha256) \(.tbs_sha256)"' | tail -n 1)" = \
        "$(openssl x509 -in crt -noout -serial | cut -d = -f 2) $(spki crt) $(sha256sum <crt.der | cut -c 1-64) $(tbs crt.der)" ]
    [ "$(register | jq -r 'select(.kind == "crl") | "\(.number) \(.sha256) \(.tbs_sha256)"' | tail -n 1)" = \
        "2 $(sha256sum <crl | cut -c 1-64) $(tbs crl)" ]
    [ "$(register | jq -r .issuer_spki | uniq)" = "$(spki media/root.crt)" ]
    run ! grep -qE 'CN|BEGIN' <(register)
}

@test "the ceremony before is named on page 0, and verify follows it" {
    back_to twice
    [ "$(tar -xOf record/000000-script.tar page.json | jq -r '.inputs[] | select(.name == "previous ceremony") | .sha256')" = \
        "$(sha256sum <record1/000005-sign-offline.tar | cut -c 1-64)" ]
    tar -xOf record/000000-script.tar transcript.txt | grep -q "The ceremony before, with the same root: Example"
    run -0 holds_after record1
    [[ $output == *"previous.named"*"previous.link"* ]]
    run -0 holds
    [[ $output == *"The ceremony before with the same root, whose head page 0 names as "*": that needs --previous."* ]]
    run -1 holds_after record
    [[ $output == *"previous.link: record: its head is "* ]]
    run -1 "$VERGER" verify record1 --previous record
    [[ $output == *"previous.link: page 0 names no ceremony before"* ]]
    run -0 "$VERGER" verify record1 --signers signers.pem
    [[ $output == *"Page 0 names no ceremony before with the same root."* ]]
}

# Unattended, and with no rehearsal named, every record here has one exception of its own.
@test "no ceremony before was named, and there was one: refused, or a decision of the people" {
    back_to unnamed
    fails "A gap: page 0 names no ceremony before, and this station's register has 2 signatures of ceremonies before" \
        at_root
    answer sign-offline.decide.1 true # which is for another question
    fails "prompt sign-offline.gap.1 (A gap: page 0 names no ceremony before" at_root
    answer sign-offline.gap.1 false
    fails "A gap: page 0 names no ceremony before" at_root
    answer sign-offline.gap.1 true
    run -0 at_root
    [ "$(deviations)" = previous.named ]
    run -0 holds
    [[ $output == *"The people went on in spite of a gap"* && $output == *"with 2 exceptions"* ]]
}

@test "one in between is not named: refused" {
    back_to twice
    next_ceremony 2
    at_ca --previous record1 >said
    fails "A gap: this station's register has 4 signatures of the root certificate from ceremonies before, and the one \
that page 0 names ended with 2" at_root
}

@test "people say whether there was a ceremony before, unless it is named" {
    back_to once
    answer start.previous.1 false
    run --separate-stderr at_ca
    refused "No ceremony before this one was named (--previous). Is this the first one with its root?"
    [ -z "$(ls record ca 2>/dev/null)" ]
    answer start.previous.1
    run --separate-stderr at_ca --previous media
    refused "media: holds root.crt"
    run --separate-stderr at_ca --previous record1 --previous-head "$(printf '%064d' 0)"
    [ "$status" -eq 2 ]
    run --separate-stderr at_ca --previous-head abc
    [ "$status" -eq 2 ]
    [[ $stderr == *"neither 64 hex digits nor 32 PGP words"* ]]
    run -0 at_ca --previous record1
}

@test "a head from paper: known when this station saw it, else shown by the record" {
    back_to once
    head=$(sha256sum <record1/000005-sign-offline.tar | cut -c 1-64)
    at_ca --previous-head "${head:0:32} ${head:32}" >said
    run -0 at_root
    run -0 holds_after record1
    back_to once
    sed -i 's/"head":"[0-9a-f]*"/"head":"'"$(printf '%064d' 0)"'"/' home-root/heads # as if it had gone on elsewhere
    at_ca --previous-head "$head" >said
    fails "A gap: this station saw ceremony" at_root
    run -0 at_root --register record1
    [ "$(deviations)" = "" ]
}

# The root station's home is gone; it was enrolled anew.
lost() {
    rm -rf home-root && enrol root
}

@test "the home is lost: the new one is refused, and takes the register over from the ceremony before" {
    back_to once
    lost
    at_ca --previous record1 >said
    fails "this station's register has 0 signatures of the root certificate from ceremonies before, and the one that \
page 0 names ended with 2: this home is an older copy, or a new one." at_root
    cp -a record1 copy && printf Z | dd of=copy/000005-sign-offline.tar bs=1 seek=600 conv=notrunc status=none
    run --separate-stderr at_root --register copy
    refused "000005-sign-offline.tar"
    run -0 at_root --register record1
    [[ $output == *"The register of this station lacked 2 signatures"* ]]
    [ "$(deviations)" = register.adopted ]
    [ "$(register | wc -l)" -eq 4 ]
    [ "$(register | jq -r .number | tail -n 1)" = 2 ]
    run -0 holds_after record1
    [[ $output == *"with 2 exceptions"* ]]
    back_to once
    lost
    at_ca --previous-head "$(sha256sum <record1/000005-sign-offline.tar | cut -c 1-64)" >said
    fails "this station's register knows nothing of the root certificate: this home is new" at_root
    run -0 at_root --register record1
}

@test "an older copy of the home came back after the signing: refused, and completed from its own page" {
    back_to named
    cp home-root/register older
    at_root >said
    mv older home-root/register
    fails "this station's register has less than its own page in this record" at_root
    run -0 at_root --register record
    [ "$(jq -cS 'del(.content)' home-root/register)" = "$(register)" ]
    run -0 at_root
}

@test "the record of a ceremony with another root is not the one before" {
    back_to once
    mv record1 first
    root_key EC:P-256 && root_certificate root sha256
    at_ca >said && at_root >said
    next_ceremony 1
    cp -a media/root.crt other.crt
    back_media=$BATS_FILE_TMPDIR/once/media
    cp "$back_media"/* media/ && answers_write
    at_ca --previous record1 >said
    fails "A gap: the ceremony that page 0 names as the one before" at_root
    run --separate-stderr at_root --register record1
    refused "is of another root, and not of the root certificate"
    run --separate-stderr at_root --register first
    refused "and page 0 names"
}

@test "an edited, shortened or repeated line of the register: refused, whatever is to be done" {
    for edit in '1s/"page":5/"page":6/' 1d 2p; do
        back_to named
        sed -i "$edit" home-root/register
        fails "home-root/register: line " at_root
    done
    back_to named
    sed -i '2s/"number":1/"number":3/' home-root/register
    fails "this station's register and the ceremony that page 0 names tell two histories of the key" at_root
    back_to named
    jq -cS '.format = "verger-register-2"' home-root/register >new && cp new home-root/register && rm new
    fails '"format" must be "verger-register-1"' at_root
}

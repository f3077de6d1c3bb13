#!/usr/bin/env bats
# What an attacker found: an older copy of the record, a template with two faces, a list put into the staging.
load trial
# shellcheck disable=SC2154 # trial.bash and bats set them

setup_file() {
    states
}

# Kill the root's session at its Nth fsync.
killed_at() {
    run alone strace -f -o "$BATS_TEST_TMPDIR/strace" -e trace=fsync -e "inject=fsync:signal=KILL:when=$1" \
        "${root_command[@]}" "${from_files[@]}"
    [ "$status" -ne 0 ]
}

certificates() { jq -r 'select(.kind == "certificate") | .serial' home-root/register | sort; }

@test "an older copy of the record is refused once its next page was sealed, and nothing is signed twice" {
    back_to asked
    cp -a record older
    at_root >said
    rm -r record && mv older record
    answer sign-offline.decide.1 true
    run --separate-stderr at_root
    refused "does not continue what this station saw last"
    [ "$(certificates | wc -l)" -eq 1 ]
}

@test "an older copy of the record after a kill: the certificate that was signed is used, whatever is lost" {
    back_to asked
    for when in 24 30 36 42 48 54; do
        back_to asked
        cp -a record older
        killed_at "$when"
        cp -a record own
        rm -r record && mv older record
        at_root >said 2>&1 || { rm -r record && mv own record && at_root >said 2>&1; }
        [ "$(certificates | uniq -d)" = "" ]
        at_ca >said && holds >held
        ! [ -e record/.staging ]
    done
}

# Until the root's session has left what it signed in the staging, and was killed behind it.
killed_with_staged() {
    local when
    for when in $(seq 20 60); do
        back_to asked
        cp -a home-root home-older
        killed_at "$when"
        staged=$(find record/.staging -name "[!.]*$1" 2>/dev/null)
        [ -z "$staged" ] || return 0
    done
    return 1
}

@test "an older copy of the home after a kill: what the key signed is neither thrown away nor signed anew" {
    for what in +2ecrt +2ecrl; do
        killed_with_staged "$what"
        cp -a home-root home-newer
        rm -r home-root && mv home-older home-root
        run --separate-stderr at_root
        refused "that the key of the root certificate signed, and this station knows nothing of it"
        [ -s "$staged" ]
        run ! grep -q '"kind":"intent"' home-root/journal
        rm -r home-root && mv home-newer home-root
        run -0 at_root
        run -0 at_ca
        run -0 holds
    done
}

@test "what somebody put into the staging does not come into a closing page" {
    killed_with_staged +2ecrt
    rm -rf home-root/register
    jq -n '{"abort.why.1": "the lamp fell", "abort.by.1": "Alan Turing", "abort.sure.1": true}' >abort.json
    jq -s add answers.json abort.json >answers.new && mv answers.new answers.json
    openssl req -new -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -subj /CN=Other -out other.crt
    cp other.crt "$staged"
    run -0 at_root --abort
    tar -xOf record/000005-aborted.tar page.json | jq -e '(.outputs | map(select(.kind == "certificate")) == []) and
        any(.deviations[]; .happened == "the signature of the intermediate certificate left nothing")'
    [ -z "$(certificates)" ]
    run -0 holds
}

# The template's text is $1, with %s where an addition goes for the one rendering that sees the request.
two_faced() {
    back_to enrolled
    sed -i "s|\"keyUsage\"|{{ if .Insecure.CR }}$1{{ end }}\"keyUsage\"|" script/rsa_intermediate_ca.tpl
    [ -z "$2" ] || sed -i "$2" script/rsa_intermediate_ca.tpl
    at_ca >said
    run --separate-stderr at_root
    refused "$3"
    [ ! -s home-root/register ]
    [ "$(jq -r 'select(.kind == "intent") | .intent' home-root/journal)" = "" ]
}

@test "a template that makes a leaf of it only when it is signed is refused before the key is used" {
    two_faced '' 's|"isCA": true|"isCA": {{ if .Insecure.CR }}false{{ else }}true{{ end }}|' "rsa_intermediate_ca.tpl: "
}

@test "a template that names another subject only when it is signed is refused before the key is used" {
    two_faced '' 's|"subject": .*,$|"subject": {{ if .Insecure.CR }}"Other CA"{{ else }}{{ toJson .Subject }}{{ end }},|' \
        "the template makes it for CN=Other CA, and the request is for CN=Example Intermediate CA"
}

@test "a template that names another list only when it is signed is refused before the key is used" {
    two_faced '' 's|pki.example.com|{{ if .Insecure.CR }}evil{{ else }}pki{{ end }}.example.com|' \
        "would name http://evil.example.com/root.crl for its revocation"
}

@test "an unknown critical extension is refused before the key is used" {
    two_faced '"extensions": [{"id": "1.2.3.4", "critical": true, "value": "BQA="}], ' '' "unhandled critical extension"
}

@test "all that the template puts into the certificate is read out before it is signed" {
    back_to enrolled
    sed -i 's|"keyUsage"|"extKeyUsage": ["serverAuth"], "sans": [{"type": "dns", "value": "odd.example.org"}], "keyUsage"|' \
        script/rsa_intermediate_ca.tpl
    at_ca >said
    at_root >said
    sed -n '/^To be signed/,/^Sign the/p' said >shown
    grep -q "Basic Constraints (critical): CA:TRUE, pathlen:0" shown
    grep -q "Extended Key Usage: TLS Web Server Authentication" shown
    grep -q "Subject Alternative Name: DNS:odd.example.org" shown
    grep -q "CRL Distribution Points: Full Name: URI:http://pki.example.com/root.crl" shown
}

@test "a list that somebody put into the staging is not the one that was announced, and the people are asked" {
    back_to signed
    cp root/publish/root.crl "$BATS_TEST_TMPDIR/other.crl"
    back_to asked
    answer sign-offline.publish.2 5
    for when in $(seq 20 40); do
        back_to asked
        answer sign-offline.publish.2 5
        killed_at "$when"
        staged=$(find record/.staging -name '*+2ecrl' 2>/dev/null)
        [ -z "$staged" ] || break
    done
    [ -n "$staged" ]
    cp "$BATS_TEST_TMPDIR/other.crl" "$staged"
    run --separate-stderr at_root
    [ "$status" -eq 1 ]
    refused "announced list number 6 and left none"
}

@test "a kill between page 0's seal and page 0 is gone on with" {
    back_to enrolled
    run alone strace -f -o "$BATS_TEST_TMPDIR/strace" -e trace=rename -e inject=rename:signal=KILL:when=2 \
        "${ca_command[@]}" "${from_files[@]}"
    [ "$status" -ne 0 ]
    ls record/*.p7s
    at_ca >said && at_root >said && at_ca >said
    holds
}

@test "an unlocked key is asked for again in the next step that needs it" {
    back_to enrolled
    script_edit '/^step "Install/i step "Publish once more" { at = "root",\n  unlock "root key" { from = "root.key" },\n  publish "second list" { with = "root key", under = "root certificate", url = "http://pki.example.com/root.crl", valid_for = "1 month" },\n}\n'
    for id in unlock.1 publish.1 present.1; do answer "publish-once-more.$id" true; done
    at_ca >said
    at_root >said
    [ "$(grep -c 'Password of the root key' said)" -eq 2 ]
}

# ---- what would keep the page from being sealed is found before the root's key signs ----

# The root's session fails with these words, and nothing was announced; once the cause is gone, it goes on.
found_first() {
    run --separate-stderr at_root
    refused "$1"
    run ! grep -q '"kind":"intent"' home-root/journal
    [ ! -s home-root/register ]
}

@test "publish/ is a link, a file, or closed; a file in it is a link, or a folder: nothing is signed" {
    back_to asked
    mkdir root elsewhere
    ln -s ../elsewhere root/publish
    found_first "root/publish: is a symbolic link"
    rm root/publish && echo x >root/publish
    found_first "root/publish: is not a folder"
    rm root/publish && mkdir root/publish
    ln -s ../../elsewhere/x root/publish/root.crl
    found_first "root/publish/root.crl: is a symbolic link"
    rm root/publish/root.crl && mkdir root/publish/bundle.pem
    found_first "root/publish/bundle.pem: is not a regular file"
    rmdir root/publish/bundle.pem
    [ "$(id -u)" -eq 0 ] && chattr +i root/publish 2>/dev/null || chmod 500 root/publish
    [ -w root/publish ] || found_first "root/publish: cannot be written to"
    chattr -i root/publish 2>/dev/null || true
    chmod 700 root/publish
    run -0 at_root
    run -0 at_ca
    run -0 holds
    [ -z "$(ls elsewhere)" ]
}

@test "a staging that was planted is neither used nor in the way" {
    for plant in 'mkdir -p record/.staging/000005/intermediate-certificate.crt' \
        'mkdir -p record/.staging/000005; cp media/root.crt record/.staging/000005/intermediate-certificate.crt' \
        'mkdir record/.staging; echo x >record/.staging/000005' \
        'mkdir record/.staging; ln -s /etc record/.staging/000005' \
        'mkdir -p record/.staging/000005/.x/y; ln -s /etc/passwd "record/.staging/000005/.$(printf %064d 0).z"'; do
        back_to asked
        eval "$plant"
        run at_root
        echo "$plant: $output" | tail -n 3
        [ "$status" -eq 0 ]
        run -0 at_ca
        run -0 holds
        [ -z "$(find record ca root -name .staging -o -name .verger-staging)" ]
    done
    [ -e /etc/passwd ]
    back_to asked
    ln -s ../media record/.staging
    run --separate-stderr at_root
    [ "$status" -eq 1 ]
    [ -e media/root.key ]
    run ! grep -q '"kind":"intent"' home-root/journal
}

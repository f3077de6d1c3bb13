#!/usr/bin/env bats
# The wrong place: folders that are something else or lie in one another, other stations, scripts, records and
# rehearsals, and files that somebody changed between two steps. Nothing is overwritten, and nothing is half made.
load trial

setup_file() { states; }

# The command of station ca, with other folders: at_place OPTION VALUE...
at_place() {
    local command=("${ca_command[@]}") place
    while [ $# -gt 0 ]; do
        for place in "${!command[@]}"; do
            [ "${command[place]}" != "$1" ] || command[place + 1]=$2
        done
        shift 2
    done
    alone "${command[@]}" "${from_files[@]}"
}

# ---- folders ----

@test "a record folder that is something else" {
    back_to enrolled
    mkdir record && echo hello >record/diary.txt
    fails "record: holds diary.txt, which no record has; is it the right folder?" at_ca
    rm -r record && echo hello >record
    fails "record: not a folder; a record is one" at_ca
    rm record && mkdir -p record/signers && echo hello >record/signers/someone.crt
    fails "record/signers/someone.crt: not a file that a record has; take it away" at_ca
    rm -r record && mkdir record && git init -q --bare record/ledger.git
    fails "record/ledger.git: a ledger without a page" at_ca
    rm -r record && ln -s nowhere record
    fails "record: is a symbolic link that leads nowhere" at_ca
}

@test "an authority that is something else is found before page 0" {
    back_to enrolled
    mkdir ca && echo hello >ca/diary.txt
    fails "$trial/ca is not empty (diary.txt lies there); an authority is initialized in an empty folder" at_ca
    mv ca/diary.txt ca/.hidden
    fails "is not empty (.hidden lies there)" at_ca
    rm -r ca && cp -a "$BATS_FILE_TMPDIR/complete/ca" ca
    fails "is not empty (certs lies there)" at_ca
    rm -r ca && echo hello >ca
    fails "ca: is there, and is no folder" at_ca
    rm ca && ln -s nowhere ca
    fails "ca: is a symbolic link that leads nowhere" at_ca
}

@test "folders in one another, be they there or not, by name or by link" {
    back_to enrolled
    fails "--record (home-ca/record) must not lie in --home (home-ca)" at_place --record home-ca/record
    fails "--authority (record/ca) must not lie in --record (record)" at_place --authority record/ca
    fails "--authority (record/a/../b) must not lie in --record" at_place --authority record/a/../b
    fails "--media (ca/media) must not lie in --authority (ca)" at_place --media ca/media
    fails "--record (media) must not lie in --media (media)" at_place --record media
    fails "--home (home-ca) must not lie in --authority (home-ca)" at_place --authority home-ca
    mkdir record && ln -s ../record media/link
    fails "--authority (media/link/ca) must not lie in --record (record)" at_place --authority media/link/ca
    [ ! -e record/ca ]
    mkdir sub && mv home-ca sub/
    fails "--home (sub/home-ca) must not lie in --media (sub)" at_place --home sub/home-ca --media sub
    fails "a/b/c: folder cannot be made: No such file or directory" at_place --home sub/home-ca --authority a/b/c
}

# ---- stations ----

@test "the station that does not begin, one that nobody knows, the home of another, no home, one that others write" {
    back_to enrolled
    fails "the ceremony begins at ca (step 1, Initialize the PKI), not at root" at_root
    fails 'intermediate-ca.lua has no station "roof"; did you mean "root"?' at_place --station roof
    fails 'home-root/seal.crt: is the sealing certificate of "root", not of "ca"; name that station' at_place --home home-root
    fails 'nowhere: no home of a station; make it with `verger enrol --home`' at_place --home nowhere
    mkdir empty
    fails "no sealing key in empty; make one with verger enrol" at_place --home empty
    chmod 770 home-ca
    fails "home-ca: others may write there" at_ca
    back_to asked
    mv home-root others && cp -a home-ca home-root
    fails 'is the sealing certificate of "ca", not of "root"' at_root
    rm -r home-root && enrol root
    fails 'the sealing certificate of this home is not one that is enrolled for "root"' at_root
    rm -r home-root && cp -a others home-root && cp home-ca/seal.crt home-root/
    fails "home-root/seal.crt does not belong to home-root/seal.key" at_root
}

@test "enrolment: a station without, one with two, a witness's, a rehearsal's, a root's, none at all" {
    back_to enrolled
    fails "no certificate is enrolled for root; make one with \`verger enrol --station root\`" at_place --enrol home-ca/seal.crt
    "$VERGER" enrol --home other --name "Station root" --station root --password-file seal=pw/seal
    fails 'other/seal.crt: station "root" is enrolled already, with another certificate' at_ca --enrol other/seal.crt
    fails "answers.json: holds no certificate" at_ca --enrol answers.json
    fails "media/root.crt: " at_ca --enrol media/root.crt
    [[ $stderr == *"name a certificate of verger enrol"* ]]
    fails "nobody.crt: cannot be opened: No such file or directory" at_ca --enrol nobody.crt
    "$VERGER" enrol --home witness --name Wim --witness --password-file seal=pw/seal
    fails "no certificate is enrolled for root" at_place --enrol witness/seal.crt
    run -0 at_ca --enrol witness/seal.crt --enrol home-ca/seal.crt
    [ "$(find record/signers -type f | sort | tr '\n' ' ')" = \
        "record/signers/allowed_signers record/signers/ca.crt record/signers/root.crt record/signers/wim.crt " ]
}

# ---- scripts, records, rehearsals ----

@test "another script or template than the record's; other answers change nothing that was said" {
    back_to asked
    script_edit 's/5 years/4 years/'
    fails "intermediate-ca.lua is not the script of this record" at_root
    fails "intermediate-ca.lua is not the script of this record" at_ca
    back_to asked
    echo " " >>script/rsa_intermediate_ca.tpl
    fails "the script gives another plan than page 0 has: a template differs" at_root
    back_to asked
    answer start.operator.1 '"Somebody Else"'
    run -0 at_root
    tar -xOf record/000005-sign-offline.tar page.json | jq -e '[.people[].name] | contains(["Grace Hopper"])'
}

@test "a record of people at a terminal is not ended unattended, nor the other way round" {
    back_to asked
    fails "record was begun with --unattended, and must be ended in the same way" \
        alone "${root_command[@]}" "${from_files[@]:3}"
}

@test "scripts that are none, or lack their template: before anything is done" {
    back_to enrolled
    mv script/rsa_intermediate_ca.tpl away.tpl
    fails "script/rsa_intermediate_ca.tpl: cannot be opened: No such file or directory" at_ca
    mv away.tpl script/rsa_intermediate_ca.tpl
    echo 'step = ' >script/intermediate-ca.lua
    fails "intermediate-ca.lua:" at_ca
    rm script/intermediate-ca.lua
    fails "script/intermediate-ca.lua: cannot be opened: No such file or directory" at_ca
}

@test "rehearsals: their record, their certificates, of another script or template, unfinished, or no rehearsal at all" {
    back_to enrolled
    alone "$VERGER" rehearse script/intermediate-ca.lua --record rehearsal --unattended
    fails "verger rehearse: rehearsal: is not empty" \
        alone "$VERGER" rehearse script/intermediate-ca.lua --record rehearsal --unattended
    fails "rehearsal is the record of a rehearsal, and a run does not go on with it" at_place --record rehearsal
    fails "rehearsal/signers/root.crt is a rehearsal's certificate" at_place --enrol rehearsal/signers/root.crt
    fails "--rehearsal $BATS_FILE_TMPDIR/complete/record: is not the record of a rehearsal" \
        at_ca --rehearsal "$BATS_FILE_TMPDIR/complete/record"
    mkdir empty
    fails "empty: holds no page; it is no record" at_ca --rehearsal empty
    fails "answers.json: not a folder; a record is one" at_ca --rehearsal answers.json
    script_edit 's/5 years/4 years/'
    fails "--rehearsal rehearsal: is the rehearsal of another script; rehearse anew" at_ca --rehearsal rehearsal
    script_edit 's/4 years/5 years/'
    echo " " >>script/rsa_intermediate_ca.tpl
    fails "was rehearsed with another rsa_intermediate_ca.tpl" at_ca --rehearsal rehearsal
    cp "$house/lua/ceremonies/rsa_intermediate_ca.tpl" script/
    rm rehearsal/000009-*
    fails "is of a rehearsal that was not finished" at_ca --rehearsal rehearsal
    run -0 at_ca
}

# ---- files that somebody changed ----

@test "the authority was changed between two steps: which file, and where to find what it was" {
    for change in 's/:443/:444/' 's/^{/{ /'; do
        back_to signed
        sed -i "$change" ca/config/ca.json
        fails "$trial/ca/config/ca.json was changed outside of the ceremony; put back what" at_ca
    done
    back_to signed
    sed -i 's/example/exomple/' ca/config/defaults.json
    fails "ca/config/defaults.json was changed outside of the ceremony" at_ca
    git -c safe.directory='*' -C record/ledger.git show main:ca/config/defaults.json >ca/config/defaults.json
    rm ca/certs/root_ca.crt
    fails "ca/certs/root_ca.crt is not there" at_ca
    git -c safe.directory='*' -C record/ledger.git show main:ca/certs/root_ca.crt >ca/certs/root_ca.crt
    chmod 600 ca/certs/root_ca.crt
    run -0 at_ca
    run -0 holds
}

@test "something lies where a step puts its files: it stays" {
    back_to purged
    echo mine >ca/certs/root_ca.crt
    fails "ca/certs/root_ca.crt is there already, and no page of this ceremony put it there; move it away" at_ca
    back_to signed
    echo mine >ca/certs/intermediate_ca.crt
    fails "ca/certs/intermediate_ca.crt is there already" at_ca
    back_to purged
    echo mine >ca/secrets/intermediate_ca_key
    run at_ca
    fails "ca/secrets/intermediate_ca_key: a key is there already, and no key is ever overwritten" at_ca
    rm ca/secrets/intermediate_ca_key
    run -0 at_ca
}

@test "a foreign file among those to be purged is not purged" {
    back_to enrolled
    answer purge-the-keys-it-came-with.purge.1 false
    run at_ca
    answer purge-the-keys-it-came-with.purge.1 true
    echo mine >ca/secrets/my_key
    fails "secrets/my_key was not generated in this ceremony; move it away, and run this step again" at_ca
    rm ca/secrets/my_key && mkdir ca/certs/folder
    fails "ca/certs/folder: is no regular file" at_ca
    rmdir ca/certs/folder && ln -s ../config/ca.json ca/certs/link
    fails "ca/certs/link: is no regular file" at_ca
    rm ca/certs/link
    run -0 at_ca
}

@test "the key is gone, or is another: found at the latest by the check" {
    back_to signed
    mv ca/secrets/intermediate_ca_key key
    fails "ca/secrets/intermediate_ca_key is gone" at_ca
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ca/secrets/intermediate_ca_key -aes-256-cbc \
        -pass file:pw/authority 2>/dev/null
    run --separate-stderr at_ca
    refused "step 9 (Check that it will run): the authority would not work as it is"
    mv key ca/secrets/intermediate_ca_key
    run -0 at_ca
}

@test "the tree was moved: ca.json names the old place" {
    back_to signed
    mv ca moved
    run --separate-stderr at_place --authority moved
    refused "the authority would not work as it is"
    [[ $stderr == *"$trial/ca/certs/"* ]]
    mv moved ca
    run -0 at_ca
}

@test "the record was changed: a page, a seal, a certificate, the ledger; or it is an older copy" {
    change_fails() {
        fails "$1" at_ca
        back_to signed
    }
    back_to signed
    printf x | dd of=record/000005-sign-offline.tar bs=1 seek=5000 conv=notrunc status=none
    change_fails "000005-sign-offline.tar: "
    flip record/000005-sign-offline.tar.root.p7s 400
    change_fails "000005-sign-offline.tar.root.p7s: "
    rm record/000005-sign-offline.tar.root.p7s
    change_fails "root.p7s: is missing"
    rm record/000004-*
    change_fails "page 4 should be here; one is missing"
    cp home-root/seal.crt record/signers/ca.crt
    change_fails "record/signers/ca.crt: is not what the pages enrolled"
    rm "$(find record/ledger.git/objects -type f | head -n 1)"
    change_fails "record/ledger.git/objects/"
    printf '[core]\n\tfsmonitor = touch /tmp/ran\n' >>record/ledger.git/config
    change_fails "record/ledger.git/config: not the bytes that verger writes"
    rm record/000005-* && rm -r record/ledger.git && cp -a "$BATS_FILE_TMPDIR/asked/record/ledger.git" record/
    fails "this record does not continue what this station saw last (page 5" at_root
}

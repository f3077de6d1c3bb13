#!/usr/bin/env bats
# initialize, through a whole rehearsal: the tree that `step ca init` leaves for the same options, member for member.
bats_require_minimum_version 1.5.0

golden=$BATS_TEST_DIRNAME/../golden

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# Rehearse a ceremony that only initializes, with these options; the tree is kept/ca/authority.
initialized() {
    rm -rf record kept
    cat >script.lua <<LUA
ceremony "Variant" { version = "1.0" }
people { operator = 1 }
stations { ca = "the machine that will run step-ca" }
step "Initialize" { at = "ca", initialize "Example Intermediate CA" { provisioner = "step", $1 } }
LUA
    "$VERGER" rehearse script.lua --record record --keep kept --unattended >said
}

# The configuration $2 of a tree at $1 with secrets and folder made equal, byte by byte otherwise.
masked() {
    sed -E 's/"(kid|x|y|encryptedKey|fingerprint)": "[^"]*"/"\1": "*"/' "$2" | sed "s|$1|/home/ca/.step|"
}

# The tree is the one of step's golden variant $1: both files, and every name and mode.
equals() {
    local tree=$PWD/kept/ca/authority file
    for file in ca.json defaults.json; do
        diff <(masked /home/ca/.step "$golden/$1/$file") <(masked "$tree" "$tree/config/$file")
    done
    diff <(LC_ALL=C sort "$golden/$1/tree.txt") <(cd "$tree" && find . -printf '%m %y %P\n' | LC_ALL=C sort)
}

# The options of initialize that step's own flags stand for.
options_of() {
    local flag options='' dns=''
    for flag in $(cat "$1/flags.txt"); do
        case $flag in
        --dns=*) dns+="\"${flag#*=}\", " ;;
        --address=*) options+=", address = \"${flag#*=}\"" ;;
        --with-ca-url=*) options+=", ca_url = \"${flag#*=}\"" ;;
        --admin-subject=*) options+=", admin_subject = \"${flag#*=}\"" ;;
        --provisioner=step) ;;
        --acme | --ssh) options+=", ${flag#--} = true" ;;
        --no-db) options+=', no_db = true' ;;
        --remote-management) options+=', remote_management = true' ;;
        *) echo "$flag has no option" >&2 && return 1 ;;
        esac
    done
    echo "dns = { ${dns%, } }$options"
}

@test "every variant of step's is made byte for byte, or refused by the option's name" {
    made='' refused=''
    for variant in "$golden"/init-variants/*; do
        options=$(options_of "$variant")
        if initialized "$options" 2>err; then
            equals "init-variants/$(basename "$variant")"
            made+=" $(basename "$variant")"
        else
            refused+=" $(basename "$variant"): $(sed -nE 's/^verger rehearse: script.lua:4: initialize option "([a-z_]+)" .*/\1/p' err)"
        fi
    done
    echo "$made;$refused"
    [ "$made" = " acme multidns nodb port withcaurl" ]
    [ "$refused" = " remote: admin_subject ssh: ssh" ]
}

@test "every variant of step's is judged by check without an error" {
    for variant in port multidns nodb acme; do
        case $variant in
        port) options='dns = { "ca.example.com" }, address = "127.0.0.1:9000"' ;;
        multidns) options='dns = { "ca.example.com", "10.1.2.3", "[::1]" }, address = ":8443"' ;;
        nodb) options='dns = { "ca.example.com" }, address = ":443", no_db = true' ;;
        acme) options='dns = { "ca.example.com" }, address = ":443", acme = true' ;;
        esac
        initialized "$options"
        run -0 --separate-stderr "$VERGER" check kept/ca/authority
        [[ $output == *"0 errors, "* ]]
    done
}

@test "remote management: as step writes it, with the provisioner that step-ca takes over at its first start" {
    initialized 'dns = { "ca.example.com" }, address = ":443", remote_management = true, admin_subject = "step"'
    tree=$PWD/kept/ca/authority
    [ "$(jq -c '.authority | keys' "$tree/config/ca.json")" = '["enableAdmin","provisioners"]' ]
    diff <(jq . "$golden/init-variants/remote/ca.json") \
        <(jq 'del(.authority.provisioners)' "$tree/config/ca.json" | sed "s|$tree|/home/ca/.step|")
    grep -qF 'takes the provisioners over into its database' said
    run -0 --separate-stderr "$VERGER" check kept/ca/authority
    [[ $output == *"warning admin_takes_over, config/ca.json: authority.enableAdmin"* ]]
}

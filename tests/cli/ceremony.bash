# For the suites that walk a ceremony: two stations in one folder, with a root that a stranger made.
# shellcheck shell=bash

# Where the script lies, seen from anywhere.
script=$BATS_TEST_DIRNAME/../../lua/ceremonies/intermediate-ca.lua
golden=$BATS_TEST_DIRNAME/../golden

# Lay a ceremony out in folder $1, with the golden root $2 (rsa4096 or p384) on the media.
lay_out() {
    local folder=$1 root=$2 card
    mkdir -p "$folder"/{ca,root}/{media,passwords}
    cp "$golden/root/root-$root.crt" "$folder/ca/media/root.crt"
    cp "$golden/root/root-$root.crt" "$folder/root/media/root.crt"
    cp "$golden/root/root-$root.key" "$folder/root/media/root.key"
    (
        umask 077
        echo "the seal of the ca station 1" >"$folder/ca/passwords/seal"
        echo "the seal of the root station 2" >"$folder/root/passwords/seal"
        echo "the authority's password 3" >"$folder/ca/passwords/authority"
        echo "the provisioner's password 4" >"$folder/ca/passwords/provisioner"
        cp "$golden/pw/root.txt" "$folder/root/passwords/root-key"
        chmod 600 "$folder/root/passwords/root-key"
    )
    for station in ca root; do
        "$VERGER" enrol --home "$folder/$station/home" --name "Station $station" --station "$station" \
            --password-file "seal=$folder/$station/passwords/seal" >/dev/null </dev/null || return
    done
    cat "$folder"/{ca,root}/home/seal.crt >"$folder/signers.pem"
    card=$(openssl x509 -in "$folder/ca/media/root.crt" -noout -fingerprint -sha256 | cut -d = -f 2)
    "$VERGER" agenda "$script" --prompts | awk '{ print $1 }' | jq -Rn --arg card "$card" '
        [inputs] | map({key: ., value: (
            if test("^start[.](rehearsal|enrolled|plan)[.]") then true
            elif startswith("start.") then "Person \(.)"
            elif contains(".compare.") then $card
            elif endswith(".publish.2") then 0
            else true end)})
        # Asked where a step begins again, whichever it is.
        + [("initialize-the-pki", "purge-the-keys-it-came-with", "bring-in-the-root-certificate", "ask-to-be-signed",
            "sign-offline") | {key: "\(.).present.1", value: true}]
        | from_entries' >"$folder/answers.json"
}

# One session of station $2 in folder $1; more options may follow.
session() {
    local folder=$1 station=$2
    shift 2
    local secrets=(--password-file "seal=$folder/$station/passwords/seal")
    case $station in
    ca) secrets+=(--password-file "authority=$folder/ca/passwords/authority"
        --password-file "provisioner=$folder/ca/passwords/provisioner") ;;
    root) secrets+=(--password-file "root key=$folder/root/passwords/root-key") ;;
    esac
    "$VERGER" run "$script" --station "$station" --home "$folder/$station/home" --record "$folder/record" \
        --media "$folder/$station/media" --authority "$folder/$station/authority" --unattended \
        --answers "$folder/answers.json" "${secrets[@]}" "$@" </dev/null
}

# All of it: ca, root, ca.
walk() {
    session "$1" ca --enrol "$1/ca/home/seal.crt" "$1/root/home/seal.crt" &&
        session "$1" root && session "$1" ca
}

# A command fails (exit 1) with a message on standard error that has words $1, and that shows no secret of ours.
refused() {
    local words=$1
    shift
    run -1 --separate-stderr "$@"
    # shellcheck disable=SC2154 # bats sets it
    [[ $stderr == *"$words"* ]] || {
        echo "said: $stderr"
        return 1
    }
    # shellcheck disable=SC2154
    [[ $output$stderr != *"the authority's password 3"* && $output$stderr != *"the provisioner's password 4"* ]]
}

# shellcheck shell=bash
# A ceremony on an authority that is there already. Behind trial.bash: the flagship's trial is complete, and its record
# lies in first/.

# From a complete trial to the day of the next ceremony.
takeover_prepare() {
    prepare && at_ca && at_root && at_ca && mv record first && mv script old-script &&
        cp root/publish/root.crl media && takeover_answers
}

# What people would say to any of the shipped scripts.
takeover_answers() {
    jq -n --arg root "$(cat card.txt)" '{
        "start.administrator.1": "Ada Lovelace", "start.operator.1": "Grace Hopper",
        "start.witnesses.1": "Alan Turing", "start.witnesses.2": "Joan Clarke",
        "start.rehearsal.1": true, "start.previous.1": true, "start.enrolled.1": true, "start.plan.1": true,
        "take-over-the-authority.compare.1": $root, "set-the-policy.confirm.1": true,
        "set-up-active-revocation.confirm.1": true,
        "sign-offline.confirm.1": true, "sign-offline.unlock.1": true, "sign-offline.sign.1": true,
        "sign-offline.publish.1": true,
        "take-over-the-authority.confirm.1": true,
        "revoke-the-one-and-sign-the-other-offline.confirm.1": true,
        "revoke-the-one-and-sign-the-other-offline.unlock.1": true,
        "revoke-the-one-and-sign-the-other-offline.sign.1": true,
        "revoke-the-one-and-sign-the-other-offline.publish.1": true
    } + (["take-over-the-authority", "set-the-policy", "set-up-active-revocation", "ask-to-be-signed", "sign-offline",
        "bring-in-the-list-in-force", "revoke-the-one-and-sign-the-other-offline", "install-the-certificate", "check-that-it-will-run"]
        | map({key: "\(.).present.1", value: true}) | from_entries)
      + ([range(1; 5)] | map({key: "check-that-it-will-run.attest.\(.)", value: "yes"}) | from_entries)' >answers.json
}

# The next ceremony's script: a shipped one, with a key that is quickly made.
takeover_script() {
    rm -rf script record && mkdir script && cp "$house"/lua/ceremonies/* script/
    sed -i 's/RSA-3072/P-256/' script/*.lua
    shipped=script/$1
}

# take_over STATION OPTION...: its steps, from files.
take_over() {
    local station=$1 passwords=(authority=pw/authority)
    shift
    [ "$station" = ca ] || passwords=("root key=pw/root")
    alone "$VERGER" run "$shipped" --station "$station" --home "home-$station" --record record --media media \
        --authority "$station" --enrol home-root/seal.crt --answers answers.json --unattended \
        --password-file seal=pw/seal "${passwords[@]}" "$@"
}

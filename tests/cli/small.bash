# shellcheck shell=bash
# The smallest ceremony of two stations: it only talks, so that a run costs no key. Behind trial.bash.

# From nothing to two enrolled stations, with answers that say yes to all.
small_prepare() {
    cd / && rm -rf "$trial" && mkdir -p "$trial" && cd "$trial" || return 1
    mkdir media pw script
    password seal "seal password, $(openssl rand -hex 12)"
    cat >script/small.lua <<'LUA'
ceremony "Small" { version = "1" }
people { operator = 1, witnesses = 1 }
stations { ca = "the first machine", root = "the second machine" }
step "Begin" { at = "ca", confirm "Is the door shut?", confirm "Is the lamp lit?" }
step "Talk" { at = "root", confirm "Is the bag open?" }
step "End" { at = "ca", confirm "Is the bag shut?" }
LUA
    jq -n '{"start.operator.1": "Ada Lovelace", "start.witnesses.1": "Alan Turing",
        "start.rehearsal.1": true, "start.enrolled.1": true, "start.plan.1": true,
        "begin.present.1": true, "talk.present.1": true, "end.present.1": true,
        "begin.confirm.1": true, "begin.confirm.2": true, "talk.confirm.1": true, "end.confirm.1": true,
        "abort.why.1": "the lamp fell", "abort.by.1": "alan  TURING", "abort.sure.1": true}' >answers.json
    enrol ca && enrol root
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
}

small_command=("$VERGER" run script/small.lua --record record --media media)
# small STATION OPTION...
small() {
    local station=$1
    shift
    alone "${small_command[@]}" --station "$station" --home "home-$station" --authority "$station" \
        --enrol home-root/seal.crt --answers answers.json --unattended --password-file seal=pw/seal "$@"
}

# An exception as an answers file has it, with what comes then as JSON.
exception() {
    jq -nc --argjson next "$1" --arg by "${2-Alan Turing}" '{exception: {expected: "light", happened: "the lamp fell",
        decided: "candles", by: $by}, "then": $next}'
}

verdict() { "$VERGER" verify record --signers signers.pem --json; }
page() { tar -xOf record/"$1"-*.tar "$2"; }

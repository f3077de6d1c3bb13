#!/usr/bin/env bats
# Errors as help: what people meet on the day, each with what they are to do next. Behind each is one line of the table:
# what is done to a trial, where the same command is then given, the words that name it, and those that say what next.
load trial

setup_file() { states; }

not_there() { mv media/root.crt root.crt; }
leaf_as_root() { openssl x509 -in home-ca/seal.crt -out media/root.crt; }
root_without_path() { root_certificate short sha256; }
root_expired() { root_dated 20200101000000Z 20210101000000Z; }
root_too_short_lived() { root_dated 20200101000000Z 20290101000000Z; }
card_differs() { answer bring-in-the-root-certificate.compare.1 '"no"'; }
wrong_password() { password root wrong-one; }
key_for_all() { chmod 644 media/root.key; }
key_of_another() { root_key EC:P-256 && chmod 600 media/root.key; }
script_changed() { script_edit 's/5 years/4 years/'; }
# shellcheck disable=SC2034 # trial.bash runs it
home_of_another() { root_command[6]=home-ca; }
record_stale() { cp -a record old && at_root >said && rm -rf record && mv old record; }
page_cut_off() { truncate -s -1 record/000003-*.tar; }
# shellcheck disable=SC2034 # the same
home_within_record() { ca_command[6]=record/home; }
home_in_use() { flock -F home-ca/lock sleep 600 3>&- & holder=$!; until ! flock -n home-ca/lock true; do sleep 0.05; done; }
authority_in_use() { mkdir ca && touch ca/diary.txt; }
template_misspelt() { sed -i 's/keyUsage/keyUsge/' script/rsa_intermediate_ca.tpl; }
span_misspelt() { script_edit 's/"5 years"/"5 yeas"/'; }
answer_missing() { answer start.plan.1; }

@test "what goes wrong says what it is, and what to do next" {
    local ca=("${ca_command[@]}") root=("${root_command[@]}") holder=
    while IFS='|' read -r state what where words next; do
        back_to "$state"
        # shellcheck disable=SC2034 # trial.bash runs them
        ca_command=("${ca[@]}") root_command=("${root[@]}")
        "$what"
        run --separate-stderr "$where"
        [ -z "$holder" ] || { kill "$holder" && holder=; }
        refused "$words"
        # shellcheck disable=SC2154 # bats sets it
        [[ $(tr '\n' ' ' <<<"$stderr") == *"$next"* ]] || { echo "$what: does not say: $next" && return 1; }
    done <<'TABLE'
purged|not_there|at_ca|media/root.crt is not there|put the medium with root.crt in, and run the same command again
purged|leaf_as_root|at_ca|not a CA certificate|Put the root there that all below is to trust
purged|root_without_path|at_ca|path length 0 lets no intermediate be|Put the root there that all below is to trust
purged|root_expired|at_ca|expired at|Put the root there that all below is to trust
purged|root_too_short_lived|at_ca|ends on 2029-01-01T00:00:00Z already|give it a shorter valid_for
purged|card_differs|at_ca|was not found to be the same|Do not go on before it is known which of the two is right
asked|wrong_password|at_root|the password in it is not the one of root key|correct the file and start again
asked|key_for_all|at_root|lets others at this private key|`chmod 600` it
asked|key_of_another|at_root|does not belong to the certificate|bring in the one that does
asked|script_changed|at_root|is not the script of this record|use the one that page 0 holds
asked|home_of_another|at_root|is the sealing certificate of "ca", not of "root"|name that station's --home
asked|record_stale|at_root|does not continue what this station saw last|bring the newest copy, from the station that sealed last
asked|page_cut_off|at_root|it was cut off or added to|take another copy
enrolled|home_within_record|at_ca|--home (record/home) must not lie in --record (record)|must not lie in
enrolled|home_in_use|at_ca|another verger works here|wait for it to end
enrolled|authority_in_use|at_ca|is not empty (diary.txt lies there)|name another --authority
enrolled|template_misspelt|at_ca|"keyUsge" is not known|is "keyUsage" meant?
enrolled|span_misspelt|at_ca|must be a span such as "5 years"|not "5 yeas"
enrolled|answer_missing|at_ca|start.plan.1|add "start.plan.1" to it
TABLE
}

# The people of people.exp, at the root's station, after a walk at the other one that people began.
people() { expect -f "$BATS_TEST_DIRNAME/people.exp" "$1" "$2" "${@:3}"; }

@test "at a terminal: wrong words of the head, and three wrong passwords, say what to do next" {
    back_to enrolled
    run -0 people '^$' - "${ca_command[@]}" "${from_files[@]:3}"
    "$VERGER" verify record | sed -n '/^Head:/,/^$/p' | tail -n +2 >words.txt
    before=$(whole)
    tac words.txt | sed 's/[a-z]*/acme/g' >wrong.txt
    cp words.txt right.txt && cp wrong.txt words.txt
    run people '^$' - "${root_command[@]}" --password-file seal=pw/seal "root key=pw/root"
    [ "$status" -eq 1 ]
    [[ $output == *'(try 1 of 3)'*'(try 2 of 3)'* ]]
    [[ $(tr -d '\r' <<<"$output" | tr -s '\n ' ' ') == *"compare the whole head before you go on"* ]]
    diff <(echo "$before") <(whole)
    cp right.txt words.txt
    printf '%s\n' "guess one" "guess two" "guess three" >guess.txt
    run people '^$' - "${root_command[@]}"
    [ "$status" -eq 1 ]
    [[ $(tr -d '\r' <<<"$output" | tr -s '\n ' ' ') == *"three wrong passwords for the sealing key; nothing was done. Find the right one, and run the same command again"* ]]
    run -0 people '^$' - "${root_command[@]}" --password-file seal=pw/seal "root key=pw/root"
}

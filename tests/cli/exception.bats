#!/usr/bin/env bats
# What is otherwise than the script says: exceptions, stops, and a ceremony that ends before its end.
load trial
load small

setup_file() ( small_prepare >/dev/null && keep enrolled && small ca >/dev/null && keep begun )
setup() { back_to enrolled; }

# ---- from a file ----

@test "an exception at both stations: on the pages, in the transcripts, in the verdict" {
    answer begin.confirm.1 "$(exception '"go on"')"
    answer talk.confirm.1 "$(exception true 'ALAN turing')"
    run -0 small ca
    run -0 small root
    page 000001 page.json | jq -e '.deviations == [{rule: "prompt.exception", prompt: "begin.confirm.1",
        expected: "light", happened: "the lamp fell", decided: "candles", by: "Alan Turing"}]'
    page 000001 transcript.txt | cut -c 23- >said
    grep -x "Asked: Is the door shut? Answered: exception." said
    for line in "Expected: light" "Happened: the lamp fell" "Decided: candles" "By: Alan Turing"; do
        grep -x "$line" said
    done
    grep -x "Asked: Is the door shut? Answered: no yes; the people go on without one.*" said
    page 000002 page.json | jq -e '.deviations | length == 1 and .[0].by == "Alan Turing"'
    page 000002 transcript.txt | grep "Asked: Is the bag open? Answered: yes."
    jq -se 'any(.kind == "decided" and .deviation.decided == "candles" and .page == 2)' home-root/journal

    run -0 "$VERGER" verify record --signers signers.pem
    [ "${lines[0]}" = "The record holds, with 3 exceptions, against the signers that you named." ]
    [ "${lines[1]}" = "It is not finished: 2 of 3 steps were walked, and the ceremony can go on." ]
    verdict | jq -e '.verdict == "holds" and .exceptions == 3
        and .summary == "holds, with 3 exceptions; not finished: 2 of 3 steps walked"
        and ([.deviations[] | [.page, .rule, .by]] == [[0, "rehearsal.none", "Ada Lovelace"],
            [1, "prompt.exception", "Alan Turing"], [2, "prompt.exception", "Alan Turing"]])'
}

@test "an exception before everybody is named is settled when they are, and stands on page 0" {
    answer start.operator.1 "$(exception '"Ada Lovelace"')"
    run -0 small ca
    page 000000 page.json | jq -e '.people[0].name == "Ada Lovelace" and
        (.deviations[0] | .prompt == "start.operator.1" and .by == "Alan Turing")'
}

@test "what was decided before page 0 was sealed stands on it, whichever attempt seals it" {
    answer start.operator.1 "$(exception '"Ada Lovelace"' Eve)"
    run --separate-stderr small ca
    refused "start.operator.1.by: Eve is none of the people"
    answer start.operator.1 '"Ada Lovelace"'
    run --separate-stderr small ca
    refused 'prompt start.operator.1.by'
    answer start.operator.1.by '"nobody here"'
    answer start.enrolled.1 "$(exception true)"
    answer start.plan.1 false
    answer start.plan.1.why '"the page was blurred"'
    run --separate-stderr small ca
    refused '"stop" was answered to: Was the plan with its dates read aloud'
    [ -z "$(ls record)" ]
    answer start.enrolled.1 true
    answer start.plan.1 true
    run -0 small ca
    page 000000 page.json | jq -e '.deviations | map([.rule, .prompt, .by]) == [
        ["prompt.exception", "start.enrolled.1", "Alan Turing"], ["rehearsal.none", null, "Ada Lovelace"]]'
    page 000000 transcript.txt | cut -c 23- >said
    grep -x 'Decided: candles, by nobody who is here now' said
    grep -x 'Decided at [^ ]*, before this attempt: "candles", because the lamp fell.' said
    grep 'Attempt 1, begun at .*, ended at .*: start.operator.1.by: Eve is none of the people' said
    grep 'Attempt 3, begun at .*, ended at .*: "stop" was answered to: Was the plan' said
    grep -x 'Why they stopped: the page was blurred' said
    grep -x 'This is attempt 4 at this step.' said
    run -0 "$VERGER" verify record --signers signers.pem
    rm -r record
    run -0 small ca
    page 000000 transcript.txt >said
    run ! grep -i "attempt" said
}

@test "an attempt that ends keeps its exceptions and its reason for the next one's page" {
    answer begin.confirm.1 "$(exception true)"
    answer begin.confirm.2 '"stop"'
    run --separate-stderr small ca
    refused '"stop" was answered to: Is the lamp lit?'
    [[ $stderr == *"The pages before it stay as they are; with --abort the ceremony ends there for good."* ]]
    [ ! -e record/000001-begin.tar ]
    answer begin.confirm.1 true
    answer begin.confirm.2 '"perhaps"'
    run --separate-stderr small ca
    refused '"begin.confirm.2": the answer must be true, false'
    answer begin.confirm.2 true
    run -0 small ca
    page 000001 page.json | jq -e '.deviations | length == 1 and .[0].prompt == "begin.confirm.1"'
    page 000001 transcript.txt >said
    grep 'Attempt 1, begun at .*, ended at .*: "stop" was answered to: Is the lamp lit?' said
    grep 'Attempt 2, begun at .*, ended at .*"begin.confirm.2": the answer must be' said
    [ "$(grep -c "This is attempt 3 at this step" said)" -eq 1 ]
}

@test "an exception stops where that was decided; one by a stranger, or with a half sentence, is none" {
    answer begin.confirm.1 "$(exception '"stop"')"
    run --separate-stderr small ca
    refused '"stop" was answered to: Is the door shut?'
    answer begin.confirm.1 "$(exception true Eve)"
    run --separate-stderr small ca
    refused "begin.confirm.1.by: Eve is none of the people of this ceremony: Ada Lovelace, Alan Turing."
    answer begin.confirm.1 "$(exception true | jq -c '.exception.decided = "a \\ b"')"
    run --separate-stderr small ca
    refused "begin.confirm.1.decided: That holds a backslash"
    answer begin.confirm.1 "$(exception true | jq -c '.exception.happened = "x" * 501')"
    run --separate-stderr small ca
    refused "begin.confirm.1.happened: That has 501 bytes; say it in at most 500."
    answer begin.confirm.1 '{"exception": true}'
    fails '"begin.confirm.1": an exception is {"exception": {"expected": "...",' small ca
    answer start.operator.1 "$(exception '"go on"')"
    answer begin.confirm.1 true
    rm -r record
    answer start.operator.1 "$(exception '"Ada Lovelace"' '!stop')"
    small_command=(timeout 20 "${small_command[@]}")
    run --separate-stderr small ca
    refused '"stop" was answered to: Who decided this: "candles"?'
    answer start.operator.1 "$(exception '"go on"')"
    run --separate-stderr small ca
    refused '"start.operator.1.decision": the answer must be "again" or "stop"'
}

@test "ended by a signal while people are asked: it says what remains, a run and a rehearsal" {
    for signal in TERM HUP; do
        run expect -f "$BATS_TEST_DIRNAME/people.exp" '^Is the door' $signal "${small_command[@]}" --station ca \
            --home home-ca --authority ca --enrol home-root/seal.crt --password-file seal=pw/seal
        [ "$status" -eq 137 ]
        [[ $output == *"verger run: interrupted; the same command resumes"* ]]
        run expect -f "$BATS_TEST_DIRNAME/people.exp" '^REHEARSAL Who is' $signal "$VERGER" rehearse script/small.lua \
            --record rehearsed
        [ "$status" -eq 137 ]
        [[ $output == *"verger rehearse: interrupted; remove what remains, the record and the folder of throw-away"* ]]
        rm -r rehearsed.rehearsal
    done
}

# ---- the end before the end ----

# The record says that it was aborted at this step, and why; nothing goes on with it.
closed() {
    run -0 "$VERGER" verify record --signers signers.pem
    [[ $output == *"The ceremony was ABORTED at step $1 ($2) by Alan Turing: it is not a finished ceremony"* ]]
    [[ $output == *"Why: the lamp fell"* ]]
    verdict | jq -e --argjson step "$1" '.verdict == "holds" and .aborted.step == $step and .aborted.page == $step
        and .steps.walked == $step - 1 and (.summary | endswith("aborted at step \($step): not a finished ceremony"))'
    page "00000$1" page.json | jq -e --argjson step "$1" '.title == "Aborted" and .slug == "aborted" and
        .aborted == {step: $step, by: "Alan Turing", why: "the lamp fell"} and .changed == [] and .ledger.head != null'
    for station in ca root; do
        fails "this ceremony was aborted at step $1 ($2) by Alan Turing, at " small "$station"
        fails "Page $1 closes its record (record), and nothing follows" small "$station" --abort
    done
}

@test "aborted at the first station: the record is closed, and both stations say so" {
    answer begin.confirm.2 false
    run small ca
    run -0 small ca --abort
    [[ $output == *"Page 1 closes the record: "* ]]
    closed 1 Begin
    page 000001 transcript.txt | grep 'Attempt 1, begun at .*: "stop" was answered to: Is the lamp lit?'
    jq -se 'any(.kind == "aborted" and .page == 1 and .by == "Alan Turing")' home-ca/journal
}

@test "aborted at the second station, where its turn is, and not at the first" {
    back_to begun
    fails '--abort: it is the turn of "root" (step 2, Talk); a ceremony is aborted where it would go on' small ca --abort
    run -0 small root --abort
    closed 2 Talk
}

@test "the closing page in place of a step that witnesses seal wants no seals of theirs, and takes them" {
    sed -i 's/step "Begin" { at = "ca",/& witnessed_by = 1,/' script/small.lua
    "$VERGER" enrol --home home-alan --name "Alan Turing" --witness --password-file seal=pw/seal
    answer begin.confirm.2 false
    run small ca --enrol home-alan/seal.crt
    run -0 small ca --enrol home-alan/seal.crt --abort
    cat home-*/seal.crt >signers.pem
    page 000001 page.json | jq -e '.seals_required == [{station: "ca"}] and .aborted.step == 1'
    verdict | jq -e '.verdict == "holds" and .aborted.page == 1'
    echo '{"witness.seal.1": true}' >yes.json
    run -0 alone "$VERGER" witness record --home home-alan --password-file seal=pw/seal --answers yes.json
    verdict | jq -e '.verdict == "holds" and ([.signers[] | select(.label == "alan-turing").pages] == [1])'
}

@test "no ceremony, a complete one, and second thoughts: nothing is aborted" {
    fails "--abort: record has no page yet, so there is no ceremony to abort" small ca --abort
    back_to begun
    answer abort.by.1 '"Eve"'
    fails "abort.by.1: Eve is none of the people" small root --abort
    answer abort.by.1 '"Alan Turing"'
    answer abort.sure.1 false
    fails '"stop" was answered to: Abort the ceremony for good?' small root --abort
    run -0 small root
    run -0 small ca
    fails "--abort: the ceremony is complete" small ca --abort
    verdict | jq -e '.aborted == null and .summary == "holds, with 1 exception"'
}

@test "the five lines of the README accept a closed record" {
    back_to begun
    run -0 small root --abort
    S=$trial/signers && export S && mkdir signers
    cp home-ca/seal.crt signers/ca.crt && cp home-root/seal.crt signers/root.crt
    # The fenced block whose first line begins with $1.
    block() {
        awk -v first="$1" '/^```/ { if (inside && found) exit; inside = !inside; fresh = inside; next }
            inside && fresh { found = index($0, first) == 1; fresh = 0 } inside && found' "$house/README.md"
    }
    bash -c "$(block 'for c in "$S"')"
    cd record
    run -0 timeout 60 bash -c "$(block 'foreign=')"
    [[ $output != *NOT* ]]
    [[ $output == *"head: $(sha256sum <000002-aborted.tar | cut -c 1-64)"* ]]
}

@test "what was signed before the abort is on the closing page, and in its register" {
    prepare >/dev/null
    at_ca >/dev/null
    answer sign-offline.publish.1 false
    run --separate-stderr at_root
    refused '"stop" was answered to: Sign the root revocation list now'
    answer abort.why.1 '"the lamp fell"'
    answer abort.by.1 '"Joan Clarke"'
    answer abort.sure.1 true
    run -0 at_root --abort
    page 000005 page.json | jq -e '.deviations[] | select(.rule == "signature.unused") | .by == "Joan Clarke" and
        .happened == "the signature of the intermediate certificate was made, and is on this page"'
    page 000005 evidence/intermediate-certificate.crt >signed.pem
    openssl verify -CAfile media/root.crt signed.pem
    openssl x509 -in signed.pem -noout -serial | grep -qix "serial=$(jq -r .serial home-root/register)"
    [ "$(page 000005 evidence/register.jsonl | wc -l)" -eq 1 ]
    [ -z "$(find record ca root -name .staging -o -name .verger-staging)" ]
    run -0 holds
    [[ $output == *"ABORTED at step 5 (Sign, offline) by Joan Clarke"* ]]
    run --separate-stderr at_root
    refused "this ceremony was aborted at step 5"
}

# ---- at a terminal ----

# People at a terminal: what they type is a file of lines "QUESTION<tab>ANSWER", in order (room.exp).
in_room() {
    local station=$1
    shift
    run timeout 60 expect -f "$BATS_TEST_DIRNAME/room.exp" "${small_command[@]}" --station "$station" --home "home-$station" \
        --authority "$station" --enrol home-root/seal.crt "$@"
    echo "$output"
}

@test "at a terminal: an exception where a name is asked, one at a yes, a stop by Ctrl-C, and on" {
    cat >typed <<'TXT'
Password of this station	^C
Stop, write down	go on
Password of this station	!stop
That is not the password	
Password of this station	PASSWORD
Who is the operator	!exception
What was expected	a badge
What happened	it is at home
What was decided	her passport
How does it go on	again
Who is the operator	Ada Lovelace
Who is the witness	!hello
What begins with	
Who is the witness	Alan Turing
Who decided this: "her passport"	Eve
Eve is none of the people	
Who decided this: "her passport"	Alan Turing
Go on without	yes
Are these	yes
Was the plan	yes
Is the door shut	no
Please type yes, stop or exception	
Is the door shut	exception
What was expected	a shut door
What happened	no hinges
What was decided	Alan stands there
Who of the people	ada lovelace
How does it go on	go on
Is the lamp lit	^C
You stop here. The pages before this step stay as they are	
Stop for now	stop
Why do you stop	tea
"stop" was answered to: Is the lamp lit	
TXT
    in_room ca
    [ "$status" -eq 1 ]
    page 000000 page.json | jq -e '[.deviations[] | .decided] == ["her passport", "to go on without"]'
    printf '%s\t%s\n' 'Password of this' PASSWORD 'Attempt 1, begun at' '' 'Are all present' yes \
        'Is the door shut' yes 'Is the lamp lit' yes 'This station is done' '' >typed
    in_room ca
    [ "$status" -eq 0 ]
    page 000001 page.json | jq -e '.deviations | length == 1 and .[0].by == "Ada Lovelace"'
    page 000001 transcript.txt | grep "Why they stopped: tea"
    run -0 "$VERGER" verify record --signers signers.pem
    [ "${lines[0]}" = "The record holds, with 3 exceptions, against the signers that you named." ]
}

@test "at a terminal: an exception where the password is asked, of a new record and of one that goes on" {
    printf '%s\t%s\n' 'Password of this' ^C 'Stop, write down' exception 'What was expected' light 'What happened' \
        'the lamp fell' 'What was decided' candles 'How does it go on' stop 'Why do you stop' tea >typed
    in_room ca
    [ "$status" -eq 1 ]
    printf '%s\t%s\n' 'Password of this' PASSWORD 'Who is the operator' 'Ada Lovelace' 'Who is the witness' \
        'Alan Turing' 'in an attempt before this one: "candles"? A name' 'alan turing' 'Go on without' yes 'Are these' yes \
        'Was the plan' yes 'Is the door shut' stop 'Stop for now' stop 'Why do you stop' tea >typed
    in_room ca
    [ "$status" -eq 1 ]
    page 000000 page.json | jq -e '.deviations[0] | .by == "Alan Turing" and .decided == "candles"'
    printf '%s\t%s\n' 'Password of this' ^C 'Stop, write down' exception 'What was expected' 'a key' 'What happened' \
        'it broke' 'What was decided' 'glue' 'Who of the people' 'Ada Lovelace' 'How does it go on' again \
        'Password of this' PASSWORD 'Are all present' yes 'Is the door shut' yes 'Is the lamp lit' yes >typed
    in_room ca
    [ "$status" -eq 0 ]
    page 000001 page.json | jq -e '[.deviations[] | [.decided, .by]] == [["glue", "Ada Lovelace"]]'
    run -0 "$VERGER" verify record --signers signers.pem
}

@test "at a terminal: stopped for good" {
    printf '%s\t%s\n' 'Password of this' PASSWORD 'Who is the operator' 'Ada Lovelace' 'Who is the witness' \
        'Alan Turing' 'Go on without' yes 'Are these' yes 'Was the plan' yes 'Is the door shut' stop \
        'Stop for now, abort' 'go on' 'Is the door shut' ^C 'Stop for now, abort' abort \
        'Why is the ceremony aborted' 'the lamp fell' 'Who of the people' 'alan turing' 'Abort the ceremony for good' \
        yes 'Page 1 closes the record' '' >typed
    in_room ca
    [ "$status" -eq 1 ]
    [[ $output == *"the ceremony was aborted at step 1 (Begin); its record is closed, and nothing follows"* ]]
    printf '%s\t%s\n' 'Password of this' PASSWORD 'this ceremony was aborted at step 1' '' >typed
    in_room ca
    [ "$status" -eq 1 ]
    "$VERGER" verify record --signers signers.pem --json | jq -e '.verdict == "holds" and .aborted.by == "Alan Turing"'
}

@test "a rehearsal that is stopped says what remains of it, and it is no proof" {
    jq '."begin.confirm.1" = false' answers.json >stops.json
    run -1 alone "$VERGER" rehearse script/small.lua --record rehearsal --answers stops.json --unattended
    echo "$output" | tail -5
    [[ $output == *"The rehearsal ends here; what remains is its record, rehearsal. Remove it"* ]]
    [ ! -e rehearsal.rehearsal ]
    jq '."start.plan.1" = false' answers.json >stops.json
    run -1 alone "$VERGER" rehearse script/small.lua --record other --answers stops.json --unattended
    [[ $output == *"The rehearsal ends here; nothing of it remains."* ]]
    [ -z "$(find other -mindepth 1)" ] && [ ! -e other.rehearsal ]
    fails "is of a rehearsal that was not finished" small ca --rehearsal rehearsal
}

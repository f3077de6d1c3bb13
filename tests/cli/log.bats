#!/usr/bin/env bats
# Who changed what in the configuration, and what differs between two pages or records: judged by git and jq.
load trial

setup_file() (
    prepare >"$BATS_FILE_TMPDIR/said" && { at_ca && at_root && at_ca; } >>"$BATS_FILE_TMPDIR/said" || {
        cat "$BATS_FILE_TMPDIR/said"
        return 1
    }
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    keep complete
)

setup() { back_to complete; }

@test "log: every commit of the ledger, its page, people and files, as git has them" {
    run -0 "$VERGER" log record --signers signers.pem --json
    [ "$output" = "$(jq -cS . <<<"$output")" ]
    log=$output
    commits() { jq -r '.log[].commit // empty' <<<"$log"; }
    [ "$(commits)" = "$(git --git-dir=record/ledger.git rev-list --reverse main)" ]
    for commit in $(commits); do
        diff <(git --git-dir=record/ledger.git show --format= --name-only "$commit" | grep / | LC_ALL=C sort) \
            <(jq -r --arg commit "$commit" '.log[] | select(.commit == $commit) | .changes[] |
                select(.kind == "file") | .path' <<<"$log" | LC_ALL=C sort)
        [ "$(git --git-dir=record/ledger.git show -s --format='%an' "$commit")" = \
            "$(jq -r --arg commit "$commit" '.log[] | select(.commit == $commit) | .author' <<<"$log")" ]
    done
    jq -e '.verdict == "holds" and (.log[0].exceptions | length) == 1 and
        (.log[] | select(.page == 2) | .said == ["Initializing made keys of its own. Nobody witnessed their birth, so they go."]
            and ([.changes[] | select(.kind == "key" and .status == "removed")] | length) == 2) and
        (.log[] | select(.page == 4) | .commit == null and .changes[0].key.after != null) and
        (.log[] | select(.page == 8) | .changes[0].change.differences[0].path == "authority.policy")' <<<"$log"
}

@test "log: in words" {
    run -0 "$VERGER" log record --head "$(sha256sum record/000009-*.tar | cut -d ' ' -f 1)"
    [[ $output == *"Page 8, "*", at station ca: Set up the policy"*"Grace Hopper (operator)"* ]]
    [[ $output == *'authority.policy: added {"x509":{"allow":{"dns":["*.local.example.com"]'* ]]
    [[ $output == *"said: Initializing made keys of its own."* ]]
    [[ $output == *"EXCEPTION: by: Ada Lovelace; decided: to go on without"* ]]
    [[ $output == *"subject: CN=Example Intermediate CA"* ]]
    [[ $output != *"Check that it will run"* ]] # it changed nothing
    run -3 "$VERGER" log record
    [[ $output == *"consistent, not authenticated"* ]]
}

@test "a record that does not hold has no history" {
    printf x | dd of="$(echo record/000004-*.tar)" bs=1 seek=3000 conv=notrunc status=none
    for command in log diff; do
        run -1 --separate-stderr "$VERGER" $command record --signers signers.pem
        [ -z "$output" ]
        [[ $stderr == *"does not hold"* ]]
    done
}

# The changes of a diff, as jq sees them: changes FILTER WORD...
changes() {
    local filter=$1
    shift
    run -0 "$VERGER" diff record --signers signers.pem --json "$@"
    jq -e "$filter" <<<"$output"
}

@test "diff: what a page did, what lies between two, and the other way round" {
    changes '[.changes[].path] == ["ca/config/ca.json"] and .before.page == 7 and .after.page == 8' 8
    changes '.changes[0].change.differences | map(.path) | sort ==
        ["authority.policy", "authority.provisioners[0].options", "crl", "insecureAddress"]' 6 9
    changes '.changes[0].change.differences | all(.after == null)' 8 7
    changes '.changes == []' 9
    changes '.changes == [] and .before.page == 0' 0
    changes '[.changes[] | select(.kind == "file") | .path] | contains(["ca/certs/root_ca.crt", "root/publish/root.crl"])'
    # a certificate by field: the generated root against the real one
    changes '.changes[] | select(.path == "ca/certs/root_ca.crt") | .change | .form == "certificate" and
        (.differences | any(.path == "subject" and .after == "CN=Example Offline Root CA, O=Example Org"))' 1 3
    run -0 "$VERGER" diff record 7 8 --signers signers.pem
    [[ $output == *"From page 7 (Set up active revocation) of record"*"to   page 8 (Set up the policy) of record"* ]]
}

@test "diff: two records, at their ends or at pages" {
    prepare >said
    script_edit 's/10.0.0.0/10.1.0.0/'
    at_ca >said && at_root >said && at_ca >said
    cp -a "$BATS_FILE_TMPDIR/complete/record" first
    cat "$BATS_FILE_TMPDIR/complete/signers.pem" home-*/seal.crt >signers.pem
    both=("$VERGER" diff first record --signers signers.pem --json)
    run -0 "${both[@]}"
    jq -e '.changes[] | select(.path == "ca/config/ca.json") | .change.differences |
        any(.path | startswith("authority.policy.x509.allow.ip"))' <<<"$output"
    jq -e '.changes[] | select(.kind == "key") | .key.before != .key.after' <<<"$output"
    run -0 "${both[@]}" 0 0
    jq -e '.changes == []' <<<"$output"
    run -1 "${both[@]}" 3
    # the head is the first one's: the second is then not authenticated
    run -3 "$VERGER" diff first record --head "$(sha256sum first/000009-*.tar | cut -d ' ' -f 1)"
}

@test "diff: pages that are not there, words that are no pages" {
    run -1 --separate-stderr "$VERGER" diff record 10
    [[ $stderr == *"has no page 10; its pages are 0 to 9"* ]]
    run -1 --separate-stderr "$VERGER" diff record 99999999999999999999999
    run -2 --separate-stderr "$VERGER" diff record 1 2 3
    run -2 --separate-stderr "$VERGER" diff record 1 x
    run -1 --separate-stderr "$VERGER" diff record x
}

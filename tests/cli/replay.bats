#!/usr/bin/env bats
# What a record made is made once more, with golden roots of both kinds. What differs: tests/lua/test_replay.lua.
load trial

one() (
    prepare && root_golden "$1" && at_ca && at_root && at_ca &&
        cat home-ca/seal.crt home-root/seal.crt >signers.pem && keep "$1"
)
setup_file() {
    for root in rsa4096 p384; do one $root >"$BATS_FILE_TMPDIR/said" 2>&1 || {
        cat "$BATS_FILE_TMPDIR/said"
        return 1
    }; done
}

replay=("$VERGER" replay record --signers signers.pem)
with_key=(--root-key media/root.key --password-file "root key=pw/root")

# Verdicts of what was signed.
verdicts() {
    jq -r '.items[] | select(.what | test("certificate.crt|list.crl|request.csr")) | .verdict' <<<"$output" | xargs
}

@test "RSA: with the root's key every signature comes out identical" {
    back_to rsa4096
    run -0 --separate-stderr alone "${replay[@]}" "${with_key[@]}" --json
    output=$(tail -n 1 <<<"$output")
    [ "$output" = "$(jq -cS . <<<"$output")" ]
    [ "$(verdicts)" = "unsigned identical identical" ]
    jq -e '.faithful and .signed and .same_program and .verdict == "holds" and .plan.verdict == "identical" and
        ([.items[] | select(.verdict == "not again")] | length) == 4 and
        ([.items[] | select(.verdict == "identical")] | length) > 15' <<<"$output"
    shows_no_secret <<<"$output$stderr"
}

@test "P-384: the same to-be-signed parts, other signatures" {
    back_to p384
    run -0 --separate-stderr alone "${replay[@]}" "${with_key[@]}" --json
    output=$(tail -n 1 <<<"$output")
    [ "$(verdicts)" = "unsigned resigned resigned" ]
    jq -e .faithful <<<"$output"
}

@test "without a key nothing is signed; without an anchor it exits 3; nothing is written" {
    back_to rsa4096
    before=$(whole)
    run -0 "${replay[@]}"
    [[ $output == *"The script of page 0, run by this program, against the plan of page 0: identical"* ]]
    [[ $output == *"evidence/intermediate-certificate.crt: the same to-be-signed part, not signed again"* ]]
    [[ $output == *"What could be made again came out as the record has it."* ]]
    run -3 "$VERGER" replay record
    diff <(echo "$before") <(whole)
}

@test "keys and passwords that do not fit" {
    back_to rsa4096
    install -m 600 "$golden/root/root-p384.key" other.key
    fails "is the key of nothing that was signed" alone "${replay[@]}" --root-key other.key \
        --password-file "root key=pw/root"
    fails "the password in it is not the one" alone "${replay[@]}" --root-key media/root.key \
        --password-file "root key=pw/seal"
    fails "there is no terminal" alone "${replay[@]}" --root-key media/root.key
    fails "nothing.key" alone "${replay[@]}" --root-key nothing.key
    chmod 644 media/root.key
    fails "chmod 600" alone "${replay[@]}" "${with_key[@]}"
}

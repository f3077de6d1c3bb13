#!/usr/bin/env bats
# A verifier that was written from verger-record(5) alone agrees with `verger verify`: on a record that was walked, on
# all that the units tell and forge (FORGED, tests/unit/judged.h), as far as it looks.
load ../cli/trial

independent=$house/tests/independent/verify.sh

# What it does not look at, and says so in its head: canonical DER of seals, how objects of the ledger are packed, and
# rules of certificates beyond what openssl asks (lints among them), keys in other forms than PEM or in what is staged,
# and whether two names of witnesses are one person's.
unseen='seal.form|artefact.root|ledger.objects|signers.enrolled|seal.certificate|secret.none|seal.witnesses|lint.form|lint.findings|lint.waived|lint.done'

setup_file() (
    prepare >"$BATS_FILE_TMPDIR/said" && { at_ca && at_root && at_ca; } >>"$BATS_FILE_TMPDIR/said" || {
        cat "$BATS_FILE_TMPDIR/said"
        return 1
    }
    cat home-ca/seal.crt home-root/seal.crt >signers.pem
    keep complete
)

setup() { back_to complete; }

@test "a record that was walked: holds for those who know its signers, or its head" {
    run -3 "$independent" record
    [[ $output == *"consistent, not authenticated" ]]
    run -0 "$independent" record signers.pem
    head=$(sed -n 's/^head: //p' <<<"$output")
    run -0 "$independent" record '' "$head"
    run -1 "$independent" record '' "${head//[0-7]/8}"
    [[ $output == *head.anchor* ]]
    run -1 "$independent" record home-ca/seal.crt
    [[ $output == *signers.anchor* ]]
}

@test "its hand on the record: nothing in it was written, no git configuration of its own is read" {
    before=$(cd record && find . -type f -exec sha256sum {} + | sort)
    "$independent" record signers.pem
    [ "$before" = "$(cd record && find . -type f -exec sha256sum {} + | sort)" ]
    printf '[core]\n\tfsmonitor = touch %s/ran\n' "$PWD" >>record/ledger.git/config
    run -1 "$independent" record signers.pem
    [[ $output == *ledger.config* ]] && [ ! -e ran ]
}

@test "what the units forge does not hold, what they tell holds" {
    export FORGED=$BATS_TEST_TMPDIR/forged
    mkdir "$FORGED"
    units=$(dirname "$VERGER")/unit
    (cd "$house" && for unit in forgery verify closing signers pagezero; do "$units/test_$unit" >/dev/null; done)
    wrong=0 judged=0
    for forged in "$FORGED"/*; do
        id=$(basename "${forged%.*}") signers='' status=0
        [ ! -e "$forged/signers.pem" ] || signers=$forged/signers.pem
        # With a head alone in words, or one that is wrong: the first test has those.
        [ ! -e "$forged/head" ] || continue
        judged=$((judged + 1))
        said=$("$independent" "$forged/record" ${signers:+"$signers"} 2>&1) || status=$?
        case $id:$status in
        well:[03] | fails:1) ;;
        *:1) [ "$id" != well ] || { echo "$said" && wrong=1; } ;;
        *) [[ $id =~ ^($unseen)$ ]] || { echo "$id holds" && wrong=1; } ;;
        esac
    done
    [ "$judged" -ge 100 ] && [ "$wrong" -eq 0 ]
}

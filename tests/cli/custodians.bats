#!/usr/bin/env bats
# A root's key that custodians open together: whole parts one behind the other, or any two of three of `verger split`.
# shellcheck disable=SC2034,SC2154 # trial.bash and bats
load trial

from_files=(--answers answers.json --unattended --password-file seal=pw/seal authority=pw/authority
    provisioner=pw/provisioner)

# Halves of the password: custodian 1's, 2's, 3's, told apart by every byte.
halves() {
    for number in 1 2 3; do password "part$number" "part $number of the password, $(openssl rand -hex 12)"; done
}

setup_file() (
    prepare
    halves
    cp -p media/root.key one.key
    openssl pkcs8 -topk8 -in one.key -passin file:pw/root -out media/root.key -passout file:<(cat pw/part1 pw/part2 pw/part3)
    "$VERGER" split one.key --password-file key=pw/root --needed 2 --parts 3 --output split.key \
        --part-file 1=pw/share1 2=pw/share2 3=pw/share3 >said-split
    script_edit 's/operator = 1,/operator = 1, custodians = 3,/; s/{ from = "root.key" }/{ from = "root.key", by = "custodians" }/'
    for number in 1 2 3; do answer start.custodians.$number "\"Custodian $number\""; done
    "$VERGER" agenda script/intermediate-ca.lua >said-agenda
    at_ca >said
    keep all
    script_edit 's/by = "custodians" }/by = "custodians", needed = 2 }/'
    cp split.key media/root.key
    rm -rf record ca home-ca/journal
    prepare_again
    keep some
)

# The same stations, with a record of the changed script.
prepare_again() {
    rm -rf home-ca home-root
    enrol ca && enrol root
    at_ca >said
}

# At the root, with these files for parts: root_with PREFIX NUMBER...
root_with() {
    local prefix=$1 number files=()
    shift
    for number in "$@"; do files+=(--password-file "root key/$number=pw/$prefix$number"); done
    alone "${root_command[@]}" --answers answers.json --unattended --password-file seal=pw/seal "${files[@]}"
}

opened_by() { tar -xOf record/000005-sign-offline.tar page.json | jq -c '.inputs[] | select(.opened_by) | .opened_by'; }

@test "all parts, one behind the other in the custodians' order" {
    back_to all
    grep -q 'with the parts of all 3 custodians' said-agenda
    run -0 root_with part 1 2 3
    [[ $output == *"The root key was opened with the parts of Custodian 1, Custodian 2, Custodian 3: 3 of 3 custodians, 3 needed."* ]]
    [ "$(opened_by)" = '{"custodians":["Custodian 1","Custodian 2","Custodian 3"],"needed":3}' ]
    shows_no_secret <<<"$output"
    run -0 holds
}

@test "all parts: one is missing, in the wrong order, another's, under a name that nobody asks for" {
    back_to all
    fails 'the password of root key/2 cannot be asked, as --unattended asks nobody: give --password-file "root key/2=FILE"' \
        root_with part 1
    cp -p pw/part1 pw/kept
    cp -p pw/part2 pw/part1 && cp -p pw/kept pw/part2
    fails "the parts together do not open the root key; whose part is wrong cannot be told" root_with part 1 2 3
    cp -p pw/part2 pw/part1
    fails "the parts together do not open the root key" root_with part 1 2 3
    fails '--password-file: intermediate-ca.lua asks for no password "root key"; did you mean "root key/1"?' \
        at_root --password-file "root key=pw/root"
    fails 'asks for no password "root key/4"' alone "${root_command[@]}" --password-file "root key/4=pw/part1"
}

@test "any two of three: the numbers are asked for, the page names who gave parts" {
    back_to some
    for pair in "3 1" "2, 3"; do
        back_to some
        answer sign-offline.unlock.2 "\"$pair\""
        # shellcheck disable=SC2086
        run -0 root_with share ${pair//,/}
        shows_no_secret <<<"$output"
    done
    [ "$(opened_by)" = '{"custodians":["Custodian 2","Custodian 3"],"needed":2}' ]
    for person in 5 6 7; do answer check-that-it-will-run.attest.$person '"yes"'; done
    run -0 at_ca
    run -0 holds
}

@test "any two of three: numbers that cannot be" {
    back_to some
    try() { answer sign-offline.unlock.2 "\"$1\"" && fails "$2" root_with share 1 2 3; }
    try "1" "that names 1 custodians, and 2 are needed"
    try "1 2 3" "that names 3 custodians, and 2 are needed"
    try "2 2" "custodian 2 was named twice"
    try "1 4" 'that is no number of a custodian; they are 1 to 3'
    try "$(cut -c 1-11 pw/share1)" 'that is no number of a custodian'
    run ! grep -F "$(cut -c 1-5 pw/share1)" home-root/journal
    [[ $stderr != *"$(cut -c 1-5 pw/share1)"* ]]
}

@test "any two of three: a mistyped part, another's, another splitting's" {
    back_to some
    answer sign-offline.unlock.2 '"1 3"'
    cp -p pw/share1 pw/kept
    sed 'y/ABCDEFGH/BADCFEHG/' pw/kept >pw/share1
    fails "part 1 was mistyped: its letters do not fit together" root_with share 1 3
    cut -c 1-40 pw/kept >pw/share1
    fails "part 1 has 34 letters, and a part has 40: 8 groups of 5" root_with share 1 3
    cp -p pw/share2 pw/share1
    fails "part 1 was asked for, and this is part 2: each custodian gives their own" root_with share 1 3
    for made in 2 3; do
        "$VERGER" split one.key --password-file key=pw/root --needed $made --parts 3 --output other$made.key \
            --part-file 1=pw/other1 2=pw/other2 3=pw/other3
        cp -p pw/other1 pw/share1
        rm pw/other?
        [ $made = 3 ] || fails "part 1 and part 3 are not of one splitting" root_with share 1 3
        [ $made = 2 ] || fails "part 1 is of a password that 3 parts give, and not 2" root_with share 1 3
    done
    cp -p pw/kept pw/share1
    run -0 root_with share 1 3
}

@test "a key that is not encrypted has no custodians" {
    back_to all
    openssl pkey -in one.key -passin file:pw/root -out plain.key
    install -m 600 plain.key media/root.key
    fails "root.key is not encrypted, and custodians have no part in it; encrypt it under their parts first" root_with part 1 2 3
}

# At a terminal: custodian 1 mistypes, and the machine dies while custodian 3 is asked; then all goes well. Neither the
# screen nor anything that was written has a part.
@test "typed at a terminal: alone, on a cleared screen, after a slip and a kill" {
    people() { TERM=xterm expect -f "$BATS_TEST_DIRNAME/people.exp" "$@"; }
    back_to some
    rm -rf record ca home-ca home-root
    enrol ca && enrol root
    run -0 people '^$' - "${ca_command[@]}" "${from_files[@]:3}"
    "$VERGER" verify record | sed -n '/^Head:/,/^$/p' | tail -n +2 >words.txt
    { sed 'y/ABCDEFGH/BADCFEHG/' pw/share1 && cat pw/share1; } >guess.txt
    run -137 people '^Part 3' kill "${root_command[@]}" --password-file seal=pw/seal
    echo "$output" >said1
    [[ $output == *"Custodian 1 is"*$'\e[H\e[2J\e[3J'*"custodian 1 of 3: come to the keyboard alone"*"part 1 was mistyped"* ]]
    [[ $output == *"Part 1 of the root key:"*$'\e[H\e[2J\e[3J'*"custodian 3 of 3: come to the keyboard alone"* ]]
    [ ! -e record/000005-sign-offline.tar ]
    cat pw/share1 pw/share3 >guess.txt
    run -0 people '^$' - "${root_command[@]}" --password-file seal=pw/seal
    echo "$output" >said2
    [[ $output == *"2 of 3 custodians, 2 needed."* ]]
    run -0 holds
    git -c safe.directory='*' -C record/ledger.git cat-file --batch-all-objects --batch >objects
    for file in pw/share*; do
        echo "$file.typed $(tr -d '\n' <"$file" | od -An -v -tx1 | tr -d ' \n')"
        echo "$file.joined $(tr -d ' \n' <"$file" | od -An -v -tx1 | tr -d ' \n')"
        echo "$file.raw $(tr -d ' \n' <"$file" | base32 -d | od -An -v -tx1 | tr -d ' \n')"
    done >needles
    find record home-ca home-root root objects said1 said2 -type f ! -name seal.key >files
    run -0 xargs -a files perl "$BATS_TEST_DIRNAME/needles.pl" needles
    [ -z "$output" ]
    perl "$BATS_TEST_DIRNAME/needles.pl" needles pw/share1 | grep -q typed
}

@test "a terminal: three mistyped parts, and a part where all are needed that opens nothing, end the step" {
    people() { TERM=xterm expect -f "$BATS_TEST_DIRNAME/people.exp" "$@"; }
    back_to some
    rm -rf record ca home-ca home-root
    enrol ca && enrol root
    run -0 people '^$' - "${ca_command[@]}" "${from_files[@]:3}"
    "$VERGER" verify record | sed -n '/^Head:/,/^$/p' | tail -n +2 >words.txt
    cat pw/share2 pw/share2 pw/share2 >guess.txt
    run -1 people '^$' - "${root_command[@]}" --password-file seal=pw/seal
    [[ $output == *"part 1 was asked for, and this is part 2: each custodian gives their own; nothing was done in this step"* ]]
    openssl pkey -in one.key -passin file:pw/root -aes256 -passout pass:another -out other.key
    install -m 600 other.key media/root.key
    for try in 1 2 3; do cat pw/share1 pw/share3; done >guess.txt
    run -1 people '^$' - "${root_command[@]}" --password-file seal=pw/seal
    [[ $output == *"whose part is wrong cannot be told; nothing was done in this step"* ]]
    [ ! -e record/000005-sign-offline.tar ]
}

@test "a rehearsal makes parts of its own" {
    back_to some
    for script in 's/needed = 2/needed = 3/' 's/, needed = 3//'; do
        script_edit "$script"
        run -0 alone "$VERGER" rehearse script/intermediate-ca.lua --record rehearsal --unattended
        [[ $output == *"3 of 3 custodians, 3 needed."* ]]
        rm -rf rehearsal
    done
}

# ---- split ----

@test "split: stock tools put the parts together" {
    back_to some
    for number in 1 3; do
        tr -d ' \n' <pw/share$number | base32 -d >raw
        head -c 20 raw | tail -c 16 >part.00$number
        [ "$(od -An -tu1 -N2 raw | tr -d ' ')" = "${number}2" ]
    done
    gfcombine -o all part.001 part.003
    openssl pkey -in split.key -passin "pass:$(od -An -v -tx1 all | tr -d ' \n')" -pubout | cmp - <(openssl pkey -in one.key -passin file:pw/root -pubout)
    [ "$(stat -c %a split.key pw/share1 | tr '\n' ' ')" = "600 600 " ]
    shows_no_secret <said-split
    [[ $(cat said-split) == *"Made split.key: the same key (P-256), which any 2 of the 3 parts open. one.key is as it was"* ]]
}

@test "split: at a terminal each custodian sees one part, and types it back" {
    back_to some
    cp pw/root password.txt
    split() { TERM=xterm expect -f "$BATS_TEST_DIRNAME/split.exp" "$VERGER" split one.key --needed 2 --parts 3 --output "$1"; }
    run -0 split new.key
    [[ $output == *"part 2 was mistyped: its letters do not fit together"*"Shall it be shown once more?"* ]]
    # The last that is on the screen of one is gone before the next is called.
    for number in 1 2 3; do
        [[ $output == *"$(cat paper.$number)"*$'\e[H\e[2J\e[3J'*"Your part, from the paper"* ]]
        cp -p paper.$number pw/paper$number
    done
    cp new.key media/root.key
    answer sign-offline.unlock.2 '"3 2"'
    run -0 root_with paper 2 3
}

@test "split: ended or stopped from elsewhere while a part is shown, and the part is on no screen" {
    back_to some
    cp pw/root password.txt
    for signal in TERM HUP TSTP; do
        run env TERM=xterm SIGNAL=$signal expect -f "$BATS_TEST_DIRNAME/split.exp" "$VERGER" split one.key --needed 2 \
            --parts 3 --output new.key
        [ "$status" -ne 0 ]
        [[ $output == *"$(cat paper.1)"*"Is it written down?"*$'\e[H\e[2J\e[3J'* ]]
        [[ ${output##*"$(cat paper.1)"} != *"Write it down"* ]]
        [ ! -e new.key ] && rm paper.1
    done
}

@test "split: what it refuses, before anything is made" {
    back_to some
    no() {
        local words=$1
        shift
        run --separate-stderr alone "$VERGER" split "$@"
        without_note
        [ "$status" -ne 0 ] && [[ $stderr == *"$words"* ]] || { echo "$status $stderr" && return 1; }
        [ ! -e new.key ] && [ -z "$(ls new.part* 2>/dev/null)" ]
    }
    right=(one.key --password-file key=pw/root --output new.key --needed 2 --parts 3)
    no "needed must be at least 2" one.key --output new.key --needed 1 --parts 3
    no "needed must be at least 2" one.key --output new.key --needed 4 --parts 3
    no '--parts: "21" is no number from 1 to 20' one.key --output new.key --needed 4 --parts 21
    no '--parts: "x" is no number' one.key --output new.key --needed 4 --parts x
    no "--part-file was given for 1 of 3 parts" "${right[@]}" --part-file 1=new.part1
    no "there is no such part, or it has a file already" "${right[@]}" --part-file 4=new.part1
    no "there is no such part, or it has a file already" "${right[@]}" --part-file 1=new.part1 1=new.part2
    no "one.key: is there already; a part is written to a new file" "${right[@]}" --part-file 1=one.key
    no "split.key: is there already" one.key --password-file key=pw/root --needed 2 --parts 3 --output split.key
    no "there is no terminal to show the parts on: give --part-file N=FILE" "${right[@]}"
    no "the password of one.key cannot be asked, as there is no terminal" one.key --output new.key --needed 2 --parts 3
    no "one.key: the password is wrong" one.key --password-file key=pw/seal --output new.key --needed 2 --parts 2 --part-file 1=new.part1 2=new.part2
    chmod 644 one.key
    no "one.key: mode 0644 lets others at this private key" "${right[@]}"
}

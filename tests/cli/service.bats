#!/usr/bin/env bats
# What is shipped to run the authority with: the unit for systemd, and the trial with the real step-ca.
bats_require_minimum_version 1.5.0

house=$BATS_TEST_DIRNAME/../..

@test "systemd understands the unit, and finds it well shut" {
    command -v systemd-analyze >/dev/null || skip "no systemd-analyze here"
    # Only the program is not here.
    sed 's|^ExecStart=/usr/bin/step-ca |ExecStart=/bin/true |' "$house/bootstrap/step-ca.service" \
        >"$BATS_TEST_TMPDIR/step-ca.service"
    run -0 systemd-analyze verify "$BATS_TEST_TMPDIR/step-ca.service"
    [ -z "$output" ]
    # In tenths: 0 is shut, 100 is open.
    run -0 systemd-analyze security --offline=true --threshold=25 "$BATS_TEST_TMPDIR/step-ca.service"
}

@test "the unit's command is the one that check names, and its password comes as a credential" {
    start=$(sed -n 's/^ExecStart=//p' "$house/bootstrap/step-ca.service")
    [ "$start" = "/usr/bin/step-ca /etc/step-ca/config/ca.json --password-file %d/password" ]
    grep -q '^LoadCredential=password:/etc/step-ca.password$' "$house/bootstrap/step-ca.service"
    # Of all settings none is a secret or a place in the tree that is not its database.
    [ "$(grep '^ReadWritePaths=' "$house/bootstrap/step-ca.service")" = "ReadWritePaths=/etc/step-ca/db" ]
}

@test "make install ships the unit" {
    command -v make >/dev/null || skip "no make here"
    grep -qF 'bootstrap/step-ca.service $(DESTDIR)$(PREFIX)/share/verger/step-ca.service' "$house/Makefile"
}

@test "the trial with the real step-ca is skipped aloud where that is not installed" {
    mkdir "$BATS_TEST_TMPDIR/bin"
    for program in bash env realpath dirname jq openssl curl; do
        path=$(command -v "$program") && ln -s "$path" "$BATS_TEST_TMPDIR/bin/$program"
    done
    run -0 --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin" bash "$house/tests/interop.sh"
    [[ ${lines[0]} == "interop: SKIPPED, nothing was tried: not on the PATH: step-ca step"* ]]
}

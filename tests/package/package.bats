#!/usr/bin/env bats
# What people install: the same bytes from whatever folder they are made in, and a package that lintian accepts.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || return
    git clone -q . "$BATS_FILE_TMPDIR/one"
    mkdir "$BATS_FILE_TMPDIR/further"
    git clone -q . "$BATS_FILE_TMPDIR/further/two"
}

setup() {
    one=$BATS_FILE_TMPDIR/one two=$BATS_FILE_TMPDIR/further/two
    unset MAKEFLAGS MAKELEVEL MFLAGS
}

@test "two source tarballs are the same, and hold what git has" {
    make -C "$one" dist && sleep 1 && make -C "$two" dist BUILD=elsewhere
    cmp "$one"/build/verger-*.tar.gz "$two"/elsewhere/verger-*.tar.gz
    tar -xzf "$one"/build/verger-*.tar.gz -C "$BATS_TEST_TMPDIR"
    diff -r --exclude=.git --exclude=build "$BATS_TEST_TMPDIR"/verger-* "$one"
}

@test "two builds are the same program, which prints its own hash" {
    make -s -C "$one" >/dev/null
    make -s -C "$two" BUILD=elsewhere >/dev/null
    cmp "$one/build/verger" "$two/elsewhere/verger"
    [[ "$("$one/build/verger" --version)" == *"$(sha256sum <"$one/build/verger" | cut -c 1-64)"* ]]
}

@test "the Debian package: lintian has nothing to say, it holds program, pages and ceremonies, and is made again" {
    make -C "$one" deb >"$BATS_TEST_TMPDIR/said" 2>&1 || { cat "$BATS_TEST_TMPDIR/said" && false; }
    cd "$one/build/deb"
    dpkg-deb --contents verger_*.deb >contents
    for name in bin/verger share/verger/ceremonies/intermediate-ca.lua share/man/man1/verger.1.gz \
        share/man/man5/verger-script.5.gz share/man/man5/verger-record.5.gz; do
        grep -q " \./usr/$name$" contents
    done
    [[ "$(dpkg-deb --field verger_*.deb Depends)" == *libgit2* ]]
    make -C "$two" deb >/dev/null 2>&1
    cmp verger_*.deb "$(echo "$two"/build/deb/verger_*.deb)"
}

@test "what was not committed is said not to be in the tarball" {
    echo >>"$two/README.md"
    run make -C "$two" dist
    [ "$status" -eq 0 ] && [[ $output == *"what is not committed is not in it"* ]]
}

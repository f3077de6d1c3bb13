#include "stranger.h"

#include "audit/ledger.h"
#include "audit/sshsig.h"

#include <unistd.h>

#define GIT "git -c safe.directory='*' -C ledger.git "
#define SIGNED GIT "-c gpg.format=ssh -c gpg.ssh.allowedSignersFile=\"$PWD/allowed\" "
#define COMMITS 3

/* A repository of three commits in the scratch folder, and what should be in it. */
struct history {
    struct key *key;
    X509 *cert;
    char *path;
    struct ledger_expected expected[COMMITS];
    char id[COMMITS][LEDGER_ID];
};

static void history_free(struct history *h)
{
    for (size_t i = 0; i < COMMITS; i++) {
        bytes_free(&h->expected[i].commit);
        ledger_tree_free(&h->expected[i].tree);
    }
    key_free(h->key);
    X509_free(h->cert);
    free(h->path);
}

static void tree_fill(struct ledger_tree *tree, size_t commits)
{
    ledger_tree_put(tree, "root/certs/root.crt", "r", 1);
    ledger_tree_put(tree, ".gitattributes", "* -text\n", 8);
    /* Git sorts a folder as if its name ended with '/': between these two. */
    ledger_tree_put(tree, "ca/a0", "after", 5);
    ledger_tree_put(tree, "ca/a.b", "before", 6);
    ledger_tree_put(tree, "ca/a/deep/er", "in", 2);
    ledger_tree_put(tree, "ca/empty", "", 0);
    ledger_tree_put(tree, "ca/zero", "a\0b\r\n", 5);
    if (commits > 1)
        ledger_tree_put(tree, "ca/a0", "changed", 7);
    if (commits > 2)
        ledger_tree_remove(tree, "ca/a.b");
    ledger_tree_remove(tree, "ca/never");
}

static void commit_add(struct history *h, size_t i)
{
    struct err err = {0};
    OWN(char) *message = text_format("Step %zu\n\nPage: %zu\nStation: ca\n", i, i);
    tree_fill(&h->expected[i].tree, i + 1);
    const struct ledger_commit commit = {
        .tree = &h->expected[i].tree,
        .parent = i > 0 ? h->id[i - 1] : NULL,
        .name = "Ada \xc3\x96p",
        .email = "ca@verger.invalid",
        .time = 1700000000 + (time_t)i,
        .message = message,
    };
    assert_ok(ledger_commit_make(&h->expected[i].commit, h->id[i], &commit, h->key, &err));
}

static struct history history_make(const char *folder, size_t written)
{
    struct err err = {0};
    struct history h = {.path = path_join(folder, "ledger.git")};
    OWN_STRUCT(bytes) allowed = {0};
    assert_ok(key_generate(&h.key, "P-256", &err));
    assert_ok(signer_make(&h.cert, h.key, "Ada", "ca", false, time(NULL), &err));
    assert_ok(sshsig_allowed_signer(&allowed, "ca", h.cert, &err));
    put(folder, "allowed", allowed.data, allowed.len);
    assert_ok(ledger_init(h.path, &err));
    for (size_t i = 0; i < COMMITS; i++)
        commit_add(&h, i);
    for (size_t i = 0; i < written; i++)
        assert_ok(ledger_write(h.path, &h.expected[i].tree, &h.expected[i].commit, &err));
    return h;
}

static void test_stock_git(void **state)
{
    struct err err = {0};
    OWN_STRUCT(history) h = history_make(*state, COMMITS);
    assert_int_equal(run(*state, GIT "fsck --strict --no-dangling && ! grep -i -e warning -e error out.txt"),
                     0);
    for (size_t i = 0; i < COMMITS; i++)
        assert_int_equal(run(*state, SIGNED "verify-commit %s", h.id[i]), 0);
    assert_int_equal(run(*state, "test \"$(" GIT "rev-parse --is-bare-repository)\" = true"), 0);
    assert_int_equal(run(*state, "test \"$(" GIT "rev-parse main)\" = %s", h.id[COMMITS - 1]), 0);
    assert_int_equal(
        run(*state, "test \"$(" GIT "log --format=%%an)\" = \"$(printf 'Ada \303\226p\\n%%.0s' 1 2 3)\""), 0);
    assert_int_equal(run(*state, "test \"$(" GIT "show main:ca/a0)\" = changed"), 0);
    assert_int_not_equal(run(*state, GIT "show main:ca/a.b"), 0);
    assert_int_equal(run(*state, GIT "show main:ca/zero | od -c | grep 'a  .0   b  .r  .n'"), 0);
    assert_int_equal(run(*state, "test \"$(" GIT "log -1 --format='%%(trailers:key=Page,valueonly)')\" = 2"),
                     0);
    assert_ok(ledger_check(h.path, h.expected, COMMITS, &err));
}

/* Git makes the same tree of the same files. */
static void test_tree_id(void **state)
{
    struct err err = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    char id[LEDGER_ID];
    tree_fill(&tree, 1);
    assert_int_equal(run(*state, "git init -q w"), 0);
    for (size_t i = 0; i < tree.count; i++) {
        OWN(char) *name = text_format("w/%s", tree.file[i].path);
        assert_int_equal(run(*state, "mkdir -p $(dirname %s)", name), 0);
        put(*state, name, tree.file[i].data.data, tree.file[i].data.len);
    }
    assert_ok(ledger_tree_id(id, &tree, &err));
    assert_int_equal(
        run(*state, "git -C w -c core.autocrlf=false add -A && test $(git -C w write-tree) = %s", id), 0);
}

static void test_tree_refused(void **state)
{
    static const char *const bad[] = {"ca/.git/config", "ca/.GIT", ".gitmodules", "ca//x",
                                      "ca/../x",        "/x",      "x/.",         "."};
    struct err err = {0};
    char id[LEDGER_ID];
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        OWN_STRUCT(ledger_tree) tree = {0};
        ledger_tree_put(&tree, bad[i], "x", 1);
        assert_refused(ledger_tree_id(id, &tree, &err), "cannot stand in the ledger");
    }
    OWN_STRUCT(ledger_tree) both = {0};
    ledger_tree_put(&both, "ca/a", "x", 1);
    ledger_tree_put(&both, "ca/a-b", "x", 1);
    ledger_tree_put(&both, "ca/a/b", "x", 1);
    assert_refused(ledger_tree_id(id, &both, &err), "a file as well");
}

static void test_parse(void **state)
{
    struct err err = {0};
    OWN_STRUCT(history) h = history_make(*state, 0);
    OWN_STRUCT(ledger_commit_read) read = {0};
    assert_ok(ledger_commit_parse(&read, &h.expected[1].commit, &err));
    assert_string_equal(read.id, h.id[1]);
    assert_string_equal(read.parent, h.id[0]);
    assert_string_equal(read.name, "Ada \xc3\x96p");
    assert_string_equal(read.email, "ca@verger.invalid");
    assert_int_equal(read.time, 1700000001);
    OWN(char) *page = ledger_trailer(read.message, "Page");
    OWN(char) *none = ledger_trailer(read.message, "Step 1");
    assert_string_equal(page, "1");
    assert_null(none);
    assert_null(ledger_trailer("Page: 3\n", "Page"));
    OWN(char) *last = ledger_trailer("Subject\n\nPage: 1\n\nStation: x\nPage: 2\n", "Page");
    assert_string_equal(last, "2");
    assert_ok(sshsig_check(&read.signature, h.cert, "git", &read.signed_part, &err));

    OWN_STRUCT(ledger_commit_read) first = {0};
    assert_ok(ledger_commit_parse(&first, &h.expected[0].commit, &err));
    assert_string_equal(first.parent, "");
}

/* Commits that git would take and we do not. */
static void test_parse_refused(void **state)
{
    static const char tree[] = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
    static const char *const bad[] = {
        "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n",           /* not signed */
        "author A <a@b> 1 +0100\ncommitter A <a@b> 1 +0100\ngpgsig x\n\nx\n", /* not UTC */
        "author A <a@b> 1 +0000\ncommitter B <a@b> 1 +0000\ngpgsig x\n\nx\n", /* two people */
        "author A <a@b> 01 +0000\ncommitter A <a@b> 01 +0000\ngpgsig x\n\nx\n",
        "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\nencoding x\ngpgsig x\n\nx\n",
        "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\ngpgsig x\n\nx", /* no newline */
        "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\ngpgsig x\ngpgsig y\n\nx\n",
        ("parent 4b825dc642cb6eb9a060e54bf8d69288fbee490\nauthor A <a@b> 1 +0000\n"
         "committer A <a@b> 1 +0000\ngpgsig x\n\nx\n"),
        "",
    };
    struct err err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        OWN_STRUCT(bytes) raw = {0};
        OWN_STRUCT(ledger_commit_read) read = {0};
        bytes_text(&raw, tree);
        bytes_text(&raw, bad[i]);
        if (ledger_commit_parse(&read, &raw, &err))
            fail_msg("accepted: %s", bad[i]);
    }
    OWN_STRUCT(bytes) good = {0};
    OWN_STRUCT(ledger_commit_read) read = {0};
    bytes_text(&good, tree);
    bytes_text(&good, "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\ngpgsig x\n y\n\nx\n");
    assert_ok(ledger_commit_parse(&read, &good, &err));
}

static void test_write_again(void **state)
{
    struct err err = {0};
    OWN_STRUCT(history) h = history_make(*state, 2);
    struct ledger_expected *last = &h.expected[2];
    assert_refused(ledger_check(h.path, h.expected, COMMITS, &err), "object");
    /* What a crash may leave behind. */
    put(*state, "ledger.git/objects/object.new", "x", 1);
    put(*state, "ledger.git/refs/heads/.main.verger-new", "x", 1);
    assert_refused(ledger_check(h.path, h.expected, 2, &err), "does not belong");
    assert_ok(ledger_init(h.path, &err));
    assert_ok(ledger_write(h.path, &last->tree, &last->commit, &err));
    assert_ok(ledger_write(h.path, &last->tree, &last->commit, &err));
    assert_ok(ledger_check(h.path, h.expected, COMMITS, &err));
    /* main does not go back, nor sideways. */
    assert_refused(ledger_write(h.path, &h.expected[0].tree, &h.expected[0].commit, &err), "parted");
    assert_refused(ledger_write(h.path, &h.expected[0].tree, &last->commit, &err), "another tree");
    assert_ok(ledger_check(h.path, h.expected, COMMITS, &err));
}

static void test_init_again(void **state)
{
    struct err err = {0};
    OWN_STRUCT(history) h = history_make(*state, COMMITS);
    assert_ok(ledger_init(h.path, &err));
    assert_ok(ledger_check(h.path, h.expected, COMMITS, &err));
    assert_int_equal(run(*state, "printf '\\n' >>ledger.git/config"), 0);
    assert_refused(ledger_init(h.path, &err), "config");
    assert_refused(ledger_write(h.path, &h.expected[2].tree, &h.expected[2].commit, &err), "config");
}

/* Somebody's configuration must not reach in: neither templates nor reflogs, hooks or line endings. */
static void test_ambient(void **state)
{
    struct err err = {0};
    OWN(char) *home = text_format("%s/home", (char *)*state);
    assert_int_equal(run(*state,
                         "mkdir home && git config -f home/.gitconfig core.logAllRefUpdates always && "
                         "git config -f home/.gitconfig init.templateDir /usr/share && "
                         "git config -f home/.gitconfig core.compression 0 && "
                         "git config -f home/.gitconfig core.autocrlf true"),
                     0);
    OWN(char) *before = getenv("HOME") != NULL ? text_copy(getenv("HOME")) : NULL;
    setenv("HOME", home, 1);
    OWN_STRUCT(history) h = history_make(*state, COMMITS);
    if (before != NULL)
        setenv("HOME", before, 1);
    assert_ok(ledger_check(h.path, h.expected, COMMITS, &err));
    assert_int_equal(
        run(*state, "test \"$(cd ledger.git; ls -A | sort | tr '\\n' ' ')\" = 'HEAD config objects refs '"),
        0);
}

/* Each of these, done to a whole repository, must be found. */
static void test_forgeries(void **state)
{
    static const struct {
        const char *command, *words;
    } cases[] = {
        {"printf '[core]\\n\\tfsmonitor = evil\\n' >>ledger.git/config", "config"},
        {"printf 'ref: refs/heads/other\\n' >ledger.git/HEAD", "HEAD"},
        {"rm ledger.git/HEAD", "HEAD"},
        {"mkdir ledger.git/hooks", "hooks"},
        {"touch ledger.git/packed-refs", "packed-refs"},
        {"mkdir ledger.git/refs/replace", "replace"},
        {"mkdir ledger.git/refs/heads/x", "heads/x"},
        {"cp ledger.git/refs/heads/main ledger.git/refs/heads/other", "heads/other"},
        {"mkdir -p ledger.git/objects/info && echo /x >ledger.git/objects/info/alternates", "objects/info"},
        {"mkdir ledger.git/objects/pack", "objects/pack"},
        {"echo x >ledger.git/objects/x", "objects/x"},
        {"mkdir -p ledger.git/objects/aa && echo x >ledger.git/objects/aa/x", "no page made"},
        {"echo hidden | " GIT "hash-object -w --stdin", "no page made"},
        {"rm $(find ledger.git/objects -type f | sort | head -1)", "object"},
        {"f=$(find ledger.git/objects -type f | sort | head -1); chmod u+w $f; echo more >>$f", "object"},
        {BIGGEST("ledger.git/objects") TURN("9"), "object"},
        {BIGGEST("ledger.git/objects") TURN("$(wc -c <$f) - 1"), "object"},
        {"f=$(find ledger.git/objects -type f | sort | head -1); cp $f t; rm $f; ln -s $PWD/t $f",
         "symbolic link"},
        {"f=$(find ledger.git/objects -type f | sort | head -1); g=$(find ledger.git/objects -type f | sort "
         "| tail -1);"
         " chmod u+w $f; cat $g >$f",
         "object"},
        {GIT "update-ref refs/heads/main main~1 && rm -rf ledger.git/logs", "main is at"},
        {"rm ledger.git/refs/heads/main", "main is at nothing"},
        {"mv ledger.git elsewhere && ln -s elsewhere ledger.git", "not a folder"},
    };
    struct err err = {0};
    OWN_STRUCT(history) h = history_make(*state, COMMITS);
    assert_int_equal(run(*state, "cp -a ledger.git whole"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_ok(ledger_check(h.path, h.expected, COMMITS, &err));
        assert_int_equal(run(*state, "%s", cases[i].command), 0);
        assert_refused(ledger_check(h.path, h.expected, COMMITS, &err), cases[i].words);
        assert_int_equal(run(*state, "rm -rf ledger.git && cp -a whole ledger.git"), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stock_git, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_tree_id, scratch_make, scratch_remove),
        cmocka_unit_test(test_tree_refused),
        cmocka_unit_test_setup_teardown(test_parse, scratch_make, scratch_remove),
        cmocka_unit_test(test_parse_refused),
        cmocka_unit_test_setup_teardown(test_write_again, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_init_again, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_ambient, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_forgeries, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

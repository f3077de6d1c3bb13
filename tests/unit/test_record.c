#include "walked.h"

#include <sys/stat.h>
#include <unistd.h>

static struct record *opened(const struct trial *t)
{
    struct err err = {0};
    struct record *record = NULL;
    OWN(char) *folder = path_join(t->folder, "record");
    assert_ok(record_open(&record, folder, false, &err));
    return record;
}

static void test_strangers_agree(void **state)
{
    const struct trial *t = *state;
    walk_to(t, WALKED_PAGES);
    strangers_agree(t);
    assert_int_equal(run(t->folder, "ls record"), 0);
    OWN(char) *names = run_output(t->folder);
    assert_string_equal(
        names,
        "000000-script.tar\n000000-script.tar.ca.p7s\n000001-initialize.tar\n000001-initialize.tar.ca.p7s\n"
        "000002-sign-offline.tar\n000002-sign-offline.tar.root.p7s\n000003-look.tar\n"
        "000003-look.tar.root.p7s\n000004-purge.tar\n000004-purge.tar.ca.p7s\n000005-end.tar\n"
        "000005-end.tar.ca.p7s\nledger.git\nsigners\n");
    assert_int_equal(
        run(t->folder, "git -C record/ledger.git log --format='%%s|%%an|%%ae|%%(trailers:key=Page,valueonly,"
                       "separator=,)' main && git -C record/ledger.git ls-tree -r --name-only main"),
        0);
    OWN(char) *log = run_output(t->folder);
    assert_string_equal(
        log, "Purge|Olga Operator|ca@verger.invalid|4\nSign, offline|Olga Operator|root@verger.invalid|2\n"
             "Initialize|Olga Operator|ca@verger.invalid|1\nScript|Olga Operator|ca@verger.invalid|0\n"
             ".gitattributes\nca/certs/root_ca.crt\nca/config/ca.json\nroot/root.crl\n");
}

/* With any umask the authority is what the pages say, to the mode. */
static void test_authority(void **state)
{
    const struct trial *t = *state;
    static const mode_t mask[] = {0, 022, 0777};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(run(t->folder, "rm -rf record ca root && mkdir ca root"), 0);
        mode_t old = umask(mask[i]);
        walk_to(t, WALKED_PAGES);
        umask(old);
        assert_int_equal(run(t->folder, "cd ca && find . ../root ../record -mindepth 1 -printf '%%M %%P\\n' "
                                        "| grep -v 'ledger.git/\\|0000' | "
                                        "sort -k2 && cat config/ca.json"),
                         0);
        OWN(char) *tree = run_output(t->folder);
        assert_string_equal(
            tree,
            "drwxr-x--- certs\n-rw------- certs/root_ca.crt\ndrwxr-xr-x config\n-rw-r----- config/ca.json\n"
            "drwxr-xr-x ledger.git\n-rw-r--r-- root.crl\ndrwx------ secrets\n"
            "-rw------- secrets/intermediate_ca_key\ndrwxr-xr-x signers\n-rw-r--r-- signers/allowed_signers\n"
            "-rw-r--r-- signers/ca.crt\n-rw-r--r-- signers/root.crt\n{\"one\":2}\n");
    }
    OWN_STRUCT(bytes) key = get(t->folder, "ca/secrets/intermediate_ca_key");
    assert_true(bytes_equal(&key, &t->keepers->secret));
}

static void test_open_again(void **state)
{
    const struct trial *t = *state;
    walk_to(t, WALKED_PAGES);
    OWN_RECORD *record = opened(t);
    assert_int_equal(record_count(record), WALKED_PAGES);
    assert_int_equal(record_page(record, 2)->number, 2);
    assert_null(record_page(record, WALKED_PAGES));
    assert_int_equal(record_tree(record)->count, 4);
    assert_true(record_finished(record) > 0);
    unsigned number = 0;
    assert_non_null(record_output(record, "intermediate key", &number));
    assert_int_equal(number, 1);
    assert_non_null(record_output(record, "certificate", &number));
    assert_int_equal(number, 4);
    assert_null(record_output(record, "nothing", &number));
    OWN(char) *line = text_format("%s  record/000005-end.tar\n", record_head(record));
    put(t->folder, "sum", line, strlen(line));
    assert_int_equal(run(t->folder,
                         "sha256sum -c sum && test $(git -C record/ledger.git rev-parse main) = %s",
                         record_ledger_head(record)),
                     0);
}

static void test_new_and_missing(void **state)
{
    struct err err = {0};
    const struct trial *t = *state;
    OWN(char) *folder = path_join(t->folder, "record");
    OWN_RECORD *record = NULL;
    assert_refused(record_open(&record, folder, false, &err), "no such record");
    assert_ok(record_open(&record, folder, true, &err));
    assert_int_equal(record_count(record), 0);
    assert_string_equal(record_head(record), digest_zero);
    assert_null(record_ledger_head(record));
    assert_refused(record_open(&record, folder, false, &err), "no page");
    OWN_RECORD *second = NULL;
    assert_refused(record_open(&second, folder, true, &err), "another verger works here");
    record_free(GIVE(record));
    put(folder, "letter.txt", "Dear", 4);
    assert_refused(record_open(&record, folder, true, &err), "letter.txt");
}

static void test_forgeries(void **state)
{
    static const struct {
        const char *edit, *says;
    } forgery[] = {
        {"flip 000001-initialize.tar 600", "000001-initialize.tar"},
        {"flip 000003-look.tar 10239", "000003-look.tar"},
        {"flip 000002-sign-offline.tar.root.p7s 200", "000002-sign-offline.tar.root.p7s"},
        {"rm 000002*", "000003-look.tar: page 2 should be here"},
        {"rm 000002-sign-offline.tar", "page 2 should be here"},
        {"touch 000007-more.tar.ca.p7s", "000007-more.tar.ca.p7s: a seal without its page"},
        {"rm 000000*", "page 0 should be here"},
        {"rm 000002-sign-offline.tar.root.p7s", "000002-sign-offline.tar.root.p7s: is missing"},
        {"mv 000002-sign-offline.tar.root.p7s 000002-sign-offline.tar.ca.p7s",
         "000002-sign-offline.tar.ca.p7s"},
        {"cp 000002-sign-offline.tar.root.p7s 000002-sign-offline.tar.eve.p7s",
         "nobody is enrolled as \"eve\""},
        {"cp 000002-sign-offline.tar.root.p7s 000001-initialize.tar.root.p7s", "its own station only"},
        {"cp 000001-initialize.tar.ca.p7s 000004-purge.tar.ca.p7s", "000004-purge.tar.ca.p7s"},
        {"cp 000003-look.tar 000003-mook.tar; cp 000003-look.tar.root.p7s 000003-mook.tar.root.p7s",
         "is called 000003-look"},
        {"mv 000003-look.tar 000003-mook.tar; mv 000003-look.tar.root.p7s 000003-mook.tar.root.p7s",
         "is called 000003-look"},
        {"mv 000003-look.tar x; mv 000004-purge.tar 000003-look.tar; mv x 000004-purge.tar",
         "000003-look.tar"},
        {"echo >> signers/ca.crt", "signers/ca.crt: is not what the pages enrolled"},
        {"cp signers/root.crt signers/ca.crt", "signers/ca.crt: is not what"},
        {"cp signers/root.crt signers/eve.crt", "signers/eve.crt: not a file that a record has"},
        {"echo >> signers/allowed_signers", "allowed_signers: is not what"},
        {"touch 000006-more.txt", "000006-more.txt"},
        {"rm -r signers; ln -s .. signers", "signers"},
        {"ln -sf 000001-initialize.tar 000006-more.tar", "symbolic link"},
    };
    const struct trial *t = *state;
    walk_to(t, WALKED_PAGES);
    assert_int_equal(
        run(t->folder, "mv record kept && printf '%%s' 'set -e; flip() { printf %%b \"\\\\0$(printf %%o $(( "
                       "$(od -An -tu1 -j$2 -N1 $1) ^ 1 )))\" | dd of=$1 bs=1 seek=$2 conv=notrunc "
                       "status=none; }' >flip.sh"),
        0);
    for (size_t i = 0; i < sizeof forgery / sizeof *forgery; i++) {
        struct err err = {0};
        OWN(char) *folder = path_join(t->folder, "record");
        OWN_RECORD *record = NULL;
        if (run(t->folder, "rm -rf record && cp -a kept record && . ./flip.sh && cd record && { %s; }",
                forgery[i].edit) != 0) {
            OWN(char) *said = run_output(t->folder);
            fail_msg("%s: %s", forgery[i].edit, said);
        }
        if (record_open(&record, folder, false, &err) || strstr(err.text, forgery[i].says) == NULL)
            fail_msg("%s: \"%s\"", forgery[i].edit, err.text);
    }
}

/* A seal that is right in itself, by the wrong one of those enrolled. */
static void test_sealed_by_another(void **state)
{
    struct err err = {0};
    const struct trial *t = *state;
    walk_to(t, 3);
    OWN(char) *folder = path_join(t->folder, "record");
    OWN_STRUCT(bytes) tar = get(folder, "000001-initialize.tar");
    OWN_STRUCT(bytes) p7s = {0};
    OWN_STRUCT(page_read) page = {0};
    OWN_RECORD *record = NULL;
    assert_ok(page_parse(&page, &tar, "000001-initialize.tar", &err));
    assert_ok(seal_make(&p7s, t->keepers->root, &tar, page.tar.mtime, &err));
    put(folder, "000001-initialize.tar.ca.p7s", p7s.data, p7s.len);
    assert_refused(record_open(&record, folder, false, &err), "000001-initialize.tar.ca.p7s");
    p7s.len = 0;
    assert_ok(seal_make(&p7s, t->keepers->ca, &tar, page.tar.mtime - 1, &err));
    put(folder, "000001-initialize.tar.ca.p7s", p7s.data, p7s.len);
    assert_refused(record_open(&record, folder, false, &err), "signingTime");
}

/* Two pages with one number, both sealed by the right key: what follows one does not follow the other. */
static void test_equivocation(void **state)
{
    struct err err = {0};
    const struct trial *t = *state;
    OWN(char) *folder = path_join(t->folder, "record");
    OWN_RECORD *record = NULL;
    walk_to(t, 3);
    assert_int_equal(run(t->folder, "cp -a record before"), 0);
    walk_to(t, 4);
    assert_int_equal(run(t->folder, "mv record other && mv before record"), 0);
    walk_to(t, 5);
    assert_int_equal(run(t->folder, "cp other/000003* record"), 0);
    assert_refused(record_open(&record, folder, false, &err), "000004-purge.tar: \"previous\" is not");
}

/* Page 3 at station ca as its keeper could forge it: sealed with the right key, and not what went before. */
static void forge(const struct trial *t, struct ledger_tree *tree, const char *parent,
                  const struct seal *committer, const char *says)
{
    struct err err = {0};
    time_t finished = 0;
    OWN(char) *folder = path_join(t->folder, "record");
    OWN_STRUCT(bytes) tar = {0};
    OWN_STRUCT(bytes) p7s = {0};
    OWN_RECORD *record = opened(t);
    OWN_PAGE *page = page_of_record(3, "Forged", "ca", record_head(record));
    assert_ok(page_file(page, "config/x", "x", 1, 0644, &err));
    assert_ok(page_close(&tar, &finished, page, tree, parent != NULL ? parent : record_ledger_head(record),
                         committer, &err));
    assert_ok(seal_make(&p7s, t->keepers->ca, &tar, finished, &err));
    put(folder, "000003-forged.tar", tar.data, tar.len);
    put(folder, "000003-forged.tar.ca.p7s", p7s.data, p7s.len);
    OWN_RECORD *again = NULL;
    bool accepted = record_open(&again, folder, false, &err);
    if (says == NULL ? !accepted : accepted || strstr(err.text, says) == NULL)
        fail_msg("%s: \"%s\"", says, err.text);
    assert_int_equal(run(t->folder, "rm record/000003*"), 0);
}

static void test_forged_ledger(void **state)
{
    const struct trial *t = *state;
    walk_to(t, 3);
    OWN_RECORD *record = opened(t);
    OWN_STRUCT(ledger_tree) tree = {0};
    ledger_tree_copy(&tree, record_tree(record));
    forge(t, &tree, NULL, t->keepers->ca, NULL);
    ledger_tree_copy(&tree, record_tree(record));
    ledger_tree_put(&tree, "ca/config/smuggled", "x", 1);
    forge(t, &tree, NULL, t->keepers->ca, "its tree");
    ledger_tree_copy(&tree, record_tree(record));
    forge(t, &tree, "0123456789012345678901234567890123456789", t->keepers->ca, "does not continue");
    ledger_tree_copy(&tree, record_tree(record));
    forge(t, &tree, NULL, t->keepers->root, "000003-forged.tar: commit");
}

static bool commit(const struct trial *t, const struct station *station, struct page *page, struct err *err)
{
    OWN(char) *folder = path_join(t->folder, "record");
    OWN_RECORD *record = NULL;
    return record_open(&record, folder, true, err) && record_commit(record, page, station, err);
}

static struct page *next_page(const struct trial *t, const char *station)
{
    OWN_RECORD *record = opened(t);
    return page_of_record(record_count(record), "Next", station, record_head(record));
}

/* Each must leave record and authority as they were. */
static void test_commits_refused(void **state)
{
    struct err err = {0};
    const struct trial *t = *state;
    walk_to(t, 3);
    OWN(char) *ca = path_join(t->folder, "ca");
    const struct station own = {"ca", ca, t->keepers->ca, NULL}, foreign = {"ca", ca, t->keepers->root, NULL},
                         homeless = {"ca", NULL, t->keepers->ca, NULL},
                         nowhere = {"ca", "/nonexistent", t->keepers->ca, NULL};
    assert_int_equal(run(t->folder, "cp -a record kept && cp -a ca kept-ca"), 0);

    OWN_PAGE *page = next_page(t, "ca");
    assert_refused(commit(t, &foreign, page, &err), "enrolled for station \"root\"");
    OWN_PAGE *other = next_page(t, "root");
    assert_refused(commit(t, &own, other, &err), "000003-next.tar");
    OWN_PAGE *stale = page_of_test(3, "Next", "ca", CEREMONY CEREMONY, false, NULL);
    assert_refused(commit(t, &own, stale, &err), "\"previous\" is not");
    OWN_RECORD *record = opened(t);
    OWN_PAGE *jump = page_of_record(4, "Next", "ca", record_head(record));
    assert_refused(commit(t, &own, jump, &err), "page 3 should be here");
    OWN_PAGE *file = next_page(t, "ca");
    assert_ok(page_file(file, "config/x", "x", 1, 0644, &err));
    assert_refused(commit(t, &homeless, file, &err), "--authority");
    assert_refused(commit(t, &nowhere, file, &err), "no such folder");
    OWN_PAGE *folder = next_page(t, "ca");
    assert_ok(page_file(folder, "secrets", "x", 1, 0644, &err));
    assert_refused(commit(t, &own, folder, &err), "must not be a folder");
    OWN_PAGE *below = next_page(t, "ca");
    assert_ok(page_file(below, "config/ca.json/x", "x", 1, 0644, &err));
    assert_false(commit(t, &own, below, &err));
    OWN_PAGE *lost = next_page(t, "ca");
    page_output(lost, json_pack("{s:s, s:s, s:s}", "name", "k", "kind", "key", "place", "secrets/none"));
    assert_refused(commit(t, &own, lost, &err), "neither staged nor there");
    assert_int_equal(run(t->folder, "diff -r kept record && diff -r kept-ca ca"), 0);
}

static void test_links_are_not_followed(void **state)
{
    struct err err = {0};
    const struct trial *t = *state;
    walk_to(t, 3);
    OWN(char) *ca = path_join(t->folder, "ca");
    const struct station own = {"ca", ca, t->keepers->ca, NULL};
    assert_int_equal(run(t->folder, "mkdir away && ln -s ../away ca/link"), 0);
    OWN_PAGE *page = next_page(t, "ca");
    assert_ok(page_file(page, "link/x", "x", 1, 0644, &err));
    assert_refused(commit(t, &own, page, &err), "links are not followed");
    assert_int_equal(run(t->folder, "test -z \"$(ls -A away)\""), 0);
}

/* What the commit would meet only after the signatures. */
static void test_station_ready(void **state)
{
    static const struct {
        const char *path, *says;
    } cases[] = {
        {"certs/new.crt", NULL},
        {"publish/deep/root.crl", NULL},
        {"publish/", NULL},
        {"certs/", NULL},
        {"certs/root_ca.crt", NULL},
        {"link/x", "ca/link: not a folder, and links are not followed"},
        {"link", "ca/link: is a symbolic link, and this step puts a file there"},
        {"link/", "ca/link: is a symbolic link, and this step puts a folder there"},
        {"dangling", "is a symbolic link"},
        {"certs", "ca/certs: is not a regular file"},
        {"certs/root_ca.crt/", "is not a folder"},
        {"certs/root_ca.crt/x", "not a folder"},
        {"pipe", "is not a regular file"},
        {"../x", "not a safe path"},
        {"", "not a safe path"},
        {"/", "not a safe path"},
    };
    struct err err = {0};
    const struct trial *t = *state;
    walk_to(t, 3);
    OWN(char) *ca = path_join(t->folder, "ca");
    OWN(char) *linked = path_join(t->folder, "linked");
    const struct station own = {.name = "ca", .authority = ca, .seal = t->keepers->ca};
    const struct station elsewhere = {.name = "ca", .authority = linked, .seal = t->keepers->ca};
    const struct station homeless = {.name = "ca", .seal = t->keepers->ca};
    assert_int_equal(run(t->folder, "mkdir away && ln -s ../away ca/link && ln -s nowhere ca/dangling && "
                                    "mkfifo ca/pipe && ln -s ca linked"),
                     0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const paths[] = {"config/ca.json", cases[i].path};
        if (cases[i].says == NULL)
            assert_ok(station_ready(&own, paths, 2, &err));
        else
            assert_refused(station_ready(&own, paths, 2, &err), cases[i].says);
    }
    assert_ok(station_ready(&own, NULL, 0, &err));
    assert_refused(station_ready(&elsewhere, NULL, 0, &err), "--authority");
    assert_refused(station_ready(&homeless, NULL, 0, &err), "--authority");
}

static void test_secrets_staged(void **state)
{
    struct err err = {0};
    const struct trial *t = *state;
    walk_to(t, 3);
    OWN(char) *ca = path_join(t->folder, "ca");
    const struct station own = {"ca", ca, t->keepers->ca, NULL},
                         homeless = {"ca", NULL, t->keepers->ca, NULL};
    const struct bytes *pem = &t->keepers->secret;
    assert_refused(station_stage_secret(&own, "secrets/intermediate_ca_key", pem, &err),
                   "no key is ever overwritten");
    assert_refused(station_stage_secret(&own, "../x", pem, &err), "safe path");
    assert_refused(station_stage_secret(&homeless, "secrets/x", pem, &err), "--authority");
    assert_ok(station_stage_secret(&own, "secrets/x", pem, &err));
    assert_refused(station_stage_secret(&own, "secrets/x", pem, &err), "exists already");
    assert_int_equal(run(t->folder, "test $(stat -c %%a ca/.verger-staging) = 700 && test \"$(stat -c %%a "
                                    "ca/.verger-staging/*)\" = 600"),
                     0);
    OWN_PAGE *page = next_page(t, "ca");
    assert_refused(commit(t, &own, page, &err), "no output of the page");
}

static void test_enrolment(void **state)
{
    struct err err = {0};
    const struct trial *t = *state;
    OWN(char) *folder = path_join(t->folder, "record");
    OWN(char) *ca = path_join(t->folder, "ca");
    const struct station own = {"ca", ca, t->keepers->ca, NULL};
    OWN_STRUCT(bytes) own_pem = get(t->keepers->folder, "ca/seal.crt");
    OWN_STRUCT(bytes) root_pem = get(t->keepers->folder, "root/seal.crt");
    OWN_STRUCT(bytes) golden = get("tests/golden/01-init", "certs/root_ca.crt");
    OWN_RECORD *record = NULL;
    assert_ok(record_open(&record, folder, true, &err));
    OWN_PAGE *page = page_of_test(0, "Script", "ca", digest_zero, false, NULL);
    const struct bytes twice[] = {own_pem, own_pem}, others[] = {root_pem}, both[] = {own_pem, root_pem};
    assert_refused(record_enrol(record, page, twice, 2, &err), "enrolled already");
    assert_refused(record_enrol(record, page, &golden, 1, &err), "enrolled certificate 1");
    assert_ok(record_enrol(record, page, others, 1, &err));
    assert_refused(record_commit(record, page, &own, &err), "nobody is enrolled for station \"ca\"");
    OWN_PAGE *marked = page_of_test(0, "Script", "ca", digest_zero, true, NULL);
    assert_ok(record_enrol(record, marked, both, 2, &err));
    assert_refused(record_commit(record, marked, &own, &err), "O=REHEARSAL");
    assert_int_equal(run(t->folder, "test -z \"$(ls record)\""), 0);
}

#define IN_TRIAL(test) cmocka_unit_test_setup_teardown(test, trial_make, trial_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TRIAL(test_strangers_agree), IN_TRIAL(test_authority),
        IN_TRIAL(test_open_again),      IN_TRIAL(test_new_and_missing),
        IN_TRIAL(test_forgeries),       IN_TRIAL(test_sealed_by_another),
        IN_TRIAL(test_equivocation),    IN_TRIAL(test_forged_ledger),
        IN_TRIAL(test_commits_refused), IN_TRIAL(test_links_are_not_followed),
        IN_TRIAL(test_station_ready),   IN_TRIAL(test_secrets_staged),
        IN_TRIAL(test_enrolment),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, keepers_make, keepers_remove);
}

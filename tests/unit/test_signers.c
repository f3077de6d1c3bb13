/* A signer who is revoked, and the next one: the page that says so, what holds behind it, and what forgers
 * can do. */
#include "audit/seal.h"
#include "story.h"

#include "audit/pagejson.h"

#define SIGNERS "000006-signers.tar"

struct change { /* what a page says */
    const char *station, *label, *reason, *next;
    const struct seal *gone, *pem; /* whose SHA-256, whose certificate; NULL: none */
};

static void sha256_of(char hex[DIGEST_HEX], const struct seal *seal)
{
    struct err err = {0};
    assert_ok(certificate_fingerprint(hex, seal_certificate(seal), &err));
}

static json_t *revoked_json(const struct change *c)
{
    char hex[DIGEST_HEX];
    sha256_of(hex, c->gone);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s*}", "label", c->label, "sha256", hex, "reason", c->reason,
                     "why", "the stick fell into the sea", "by", "Ben", "next", c->next);
}

/* The page as a forger has it: nothing is judged. */
static struct page *change_page(struct story *s, const struct change *c)
{
    struct err err = {0};
    struct page *page = begin(s, "Signers", c->station);
    OWN_STRUCT(bytes) pem = {0};
    page_revoke(page, revoked_json(c));
    if (c->pem == NULL)
        return page;
    OWN(char) *name = text_format("signers/%s.crt", c->next != NULL ? c->next : "ca-2");
    assert_ok(certificate_pem(&pem, seal_certificate(c->pem), &err));
    assert_ok(page_evidence(page, name, pem.data, pem.len, &err));
    return page;
}

/* A page goes into the record past record_commit, sealed by whoever has a key. */
static void force(struct story *s, struct page *page, const struct seal *seal, const char *label)
{
    struct err err = {0};
    OWN_PAGE *owned = page;
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = {0};
    OWN_STRUCT(bytes) p7s = {0};
    time_t finished = 0;
    OWN(char) *name = page_file_name(page);
    OWN(char) *seal_file = text_format("%s.%s.p7s", name, label);
    ledger_tree_copy(&tree, record_tree(s->record));
    assert_ok(page_close(&tar, &finished, owned, &tree, record_ledger_head(s->record), seal, &err));
    assert_ok(seal_make(&p7s, seal, &tar, finished, &err));
    put(s->path, name, tar.data, tar.len);
    put(s->path, seal_file, p7s.data, p7s.len);
}

static void name_to_auditor(const char *folder, const char *home)
{
    OWN(char) *file = text_format("%s/seal.crt", home);
    OWN_STRUCT(bytes) more = get(folder, file);
    OWN_STRUCT(bytes) all = get(folder, "signers.pem");
    bytes_add(&all, more.data, more.len);
    put(folder, "signers.pem", all.data, all.len);
}

/* The root revokes the ca, and enrols the next. */
static struct story changed_story(const char *folder, const struct cast *cast, const struct seal *next)
{
    struct err err = {0};
    struct story s = story_tell(folder, cast, "");
    const struct change c = {"root", "ca", "lost", NULL, s.ca, NULL};
    struct page *page = begin(&s, "Signers", "root");
    OWN_STRUCT(bytes) pem = {0};
    assert_ok(certificate_pem(&pem, seal_certificate(next), &err));
    assert_ok(record_revoke(s.record, page, revoked_json(&c), &pem, "next.crt", &err));
    const struct bytes *book = tarball_find(&record_page(s.record, 4)->tar, "evidence/register.jsonl");
    assert_ok(page_evidence(page, "register.jsonl", book->data, book->len, &err));
    finish(&s, page, "root");
    name_to_auditor(folder, "home-next");
    return s;
}

static void test_holds(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_SEAL *next = enrol(*state, "home-next", "Ada", "ca");
    OWN_STRUCT(story) s = changed_story(*state, &cast, next);
    assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
    s.ca = next;
    finish(&s, begin(&s, "Never walked", "ca"), "ca");
    assert_int_equal(run(*state, "test -f record/000007-never-walked.tar.ca-2.p7s"), 0);
    assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
}

static void test_revoked_seals(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_SEAL *next = enrol(*state, "home-next", "Ada", "ca");
    OWN_STRUCT(story) s = changed_story(*state, &cast, next);
    struct err err = {0};
    OWN(char) *authority = path_join(*state, "authority-ca");
    const struct station where = {.name = "ca", .authority = authority, .seal = s.ca};
    OWN_PAGE *refused = begin(&s, "Never walked", "ca");
    assert_refused(record_commit(s.record, refused, &where, &err), "000007-never-walked.tar");
    force(&s, begin(&s, "Never walked", "ca"), s.ca, "ca");
    assert_fails_with(*state, "a page sealed by a revoked key", "signers.revoked");
    OWN_RECORD *again = NULL;
    assert_refused(record_open(&again, s.path, false, &err), "was revoked on page 6");
}

/* The next key seals what was sealed before it was enrolled: nobody is known by that name there. */
static void test_next_seals_before(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_SEAL *next = enrol(*state, "home-next", "Ada", "ca");
    OWN_STRUCT(story) s = changed_story(*state, &cast, next);
    (void)s; /* its record is on disk */
    assert_int_equal(run(*state, "cp record/" SIGNERS ".root.p7s record/000005-install.tar.ca-2.p7s"), 0);
    assert_fails_with(*state, "a seal before its signer was enrolled", "seal.signer");
}

static void test_own_page(void **state)
{
    static const char *const reasons[] = {"lost", "compromised"};
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_SEAL *next = enrol(*state, "home-next", "Ada", "ca");
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        const struct change c = {"ca", "ca", reasons[i], "ca-2", s.ca, next};
        force(&s, change_page(&s, &c), s.ca, "ca");
        assert_fails_with(*state, "a key that others have revokes itself", "signers.revoked");
    }
    assert_int_equal(run(*state, "rm record/" SIGNERS "*"), 0);
    const struct change c = {"ca", "ca", "ended", "ca-2", s.ca, next};
    finish(&s, change_page(&s, &c), "ca");
    name_to_auditor(*state, "home-next");
    assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
}

/* Each of them goes into the record sealed by the root, and must fail with signers.enrolled. */
static void test_forged_changes(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_SEAL *next = enrol(*state, "home-next", "Ada", "ca");
    OWN_SEAL *other = enrol(*state, "home-other", "Ada", "root");
    OWN_SEAL *witness = enrol(*state, "home-witness", "Ben", NULL);
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    const struct {
        const char *what;
        struct change change;
    } forgeries[] = {
        {"the next certificate is the old one", {"root", "ca", "lost", "ca-2", s.ca, s.ca}},
        {"the next certificate is another station's", {"root", "ca", "lost", "ca-2", s.ca, s.root}},
        {"the next certificate is for another station", {"root", "ca", "lost", "root-2", s.ca, other}},
        {"the next certificate is a witness's", {"root", "ca", "lost", "ben", s.ca, witness}},
        {"nobody of that name", {"root", "moon", "lost", "ca-2", s.ca, next}},
        {"another's SHA-256", {"root", "ca", "lost", "ca-2", s.root, next}},
        {"a certificate that is not named", {"root", "ca", "lost", NULL, s.ca, next}},
        {"a next one that is not there", {"root", "ca", "lost", "ca-2", s.ca, NULL}},
        {"a next one by another name", {"root", "ca", "lost", "ca-3", s.ca, next}},
    };
    name_to_auditor(*state, "home-next");
    for (size_t i = 0; i < sizeof forgeries / sizeof *forgeries; i++) {
        struct err err = {0};
        OWN_RECORD *again = NULL;
        force(&s, change_page(&s, &forgeries[i].change), s.root, "root");
        assert_fails_with(*state, forgeries[i].what, "signers.enrolled");
        assert_false(record_open(&again, s.path, false, &err));
    }
}

/* By a key that nobody enrolled; by nobody; and a certificate that comes in with a step. */
static void test_unasked(void **state)
{
    struct err err = {0};
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_SEAL *next = enrol(*state, "home-next", "Ada", "ca");
    OWN_SEAL *eve = enrol(*state, "home-eve", "Eve", "root");
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    OWN_STRUCT(bytes) pem = {0};
    const struct change c = {"root", "ca", "lost", "ca-2", s.ca, next};
    force(&s, change_page(&s, &c), eve, "root");
    assert_fails_with(*state, "a change by a key that nobody enrolled", "seal.signer");
    assert_int_equal(run(*state, "rm record/" SIGNERS ".*"), 0);
    assert_fails_with(*state, "a change that nobody sealed", "seal.required");
    assert_int_equal(run(*state, "rm record/" SIGNERS), 0);
    assert_ok(certificate_pem(&pem, seal_certificate(next), &err));
    struct page *page = begin(&s, "Never walked", "ca");
    assert_ok(page_evidence(page, "signers/ca-2.crt", pem.data, pem.len, &err));
    force(&s, page, s.ca, "ca");
    assert_fails_with(*state, "a step that enrols", "signers.enrolled");
}

/* ---- a page that waits for a witness whose key is lost ---- */

#define WAITS "000005-install.tar"

/* Ben is enrolled, and the newest page wants his seal. */
static struct story waiting_story(const char *folder, const struct cast *cast, struct seal **ben)
{
    *ben = enrol(folder, "home-eve", "Ben", NULL);
    return story_tell(folder, cast, "ben is wanted,eve witnesses");
}

static void put_seal(const char *folder, const char *page, const struct seal *seal, const char *label)
{
    struct err err = {0};
    OWN_STRUCT(bytes) p7s = {0};
    OWN(char) *page_path = text_format("record/%s", page);
    OWN(char) *seal_path = text_format("record/%s.%s.p7s", page, label);
    OWN_STRUCT(bytes) tar = get(folder, page_path);
    assert_ok(seal_make(&p7s, seal, &tar, time(NULL), &err));
    put(folder, seal_path, p7s.data, p7s.len);
}

static void ben_is_replaced(struct story *s, const struct seal *ben, const struct seal *next)
{
    struct err err = {0};
    const struct change c = {"root", "ben", "lost", NULL, ben, NULL};
    struct page *page = begin(s, "Signers", "root");
    OWN_STRUCT(bytes) pem = {0};
    assert_ok(certificate_pem(&pem, seal_certificate(next), &err));
    assert_ok(record_revoke(s->record, page, revoked_json(&c), &pem, "next.crt", &err));
    const struct bytes *book = tarball_find(&record_page(s->record, 4)->tar, "evidence/register.jsonl");
    assert_ok(page_evidence(page, "register.jsonl", book->data, book->len, &err));
    finish(s, page, "root");
    assert_int_equal(record_waits(s->record), 1);
    assert_int_equal(record_walked(s->record), 5);
    name_to_auditor(s->folder, "home-next");
}

static void test_waits_for_the_next(void **state)
{
    struct err err = {0};
    OWN_SEAL *ben = NULL;
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = waiting_story(*state, &cast, &ben);
    OWN_SEAL *next = enrol(*state, "home-next", "Ben", NULL);
    OWN_RECORD *again = NULL;
    assert_verdict(*state, "signers.pem", NULL, VERDICT_WAITS);
    ben_is_replaced(&s, ben, next);
    assert_verdict(*state, "signers.pem", NULL, VERDICT_WAITS);
    put_seal(*state, WAITS, next, "ben-2");
    assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
    assert_ok(record_open(&again, s.path, false, &err));
    assert_int_equal(record_waits(again), 0);
    put_seal(*state, WAITS, s.ca, "ben-2");
    assert_fails_with(*state, "another's seal in the next one's place", "seal.signer");
    assert_refused(record_open(&again, s.path, false, &err), WAITS ".ben-2.p7s");
    put_seal(*state, "000004-sign.tar", next, "ben-2");
    assert_int_equal(run(*state, "rm record/" WAITS ".ben-2.p7s"), 0);
    assert_fails_with(*state, "a page that waited for nobody", "seal.signer");
}

/* The next one's seal is not there, and somebody goes on; before it is replaced and after. */
static void test_goes_on_without(void **state)
{
    struct err err = {0};
    OWN_SEAL *ben = NULL;
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = waiting_story(*state, &cast, &ben);
    OWN_SEAL *next = enrol(*state, "home-next", "Ben", NULL);
    OWN_RECORD *again = NULL;
    force(&s, begin(&s, "Never walked", "ca"), s.ca, "ca");
    assert_fails_with(*state, "a step upon a page that waits", "seal.witnesses");
    assert_int_equal(run(*state, "rm record/000006-*"), 0);
    ben_is_replaced(&s, ben, next);
    force(&s, begin(&s, "Never walked", "ca"), s.ca, "ca");
    assert_fails_with(*state, "a step upon a page that waits for the next", "seal.witnesses");
    assert_refused(record_open(&again, s.path, false, &err), "waits for the seals of 1 witnesses");
    /* The old key had a copy; the next one sealed the step in place of the page that waited. */
    put_seal(*state, "000007-never-walked.tar", next, "ben-2");
    assert_fails_with(*state, "the seal is beside another page", "seal.witnesses");
}

/* A station's next key, and one whom nobody enrolled, beside a page that wants witnesses. */
static void test_late_strangers(void **state)
{
    struct err err = {0};
    OWN_SEAL *ben = NULL;
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = waiting_story(*state, &cast, &ben);
    OWN_SEAL *next = enrol(*state, "home-next", "Ada", "ca");
    OWN_RECORD *again = NULL;
    const struct change c = {"root", "ca", "lost", "ca-2", s.ca, next};
    put_seal(*state, WAITS, next, "ca-2");
    assert_fails_with(*state, "nobody is enrolled", "seal.signer");
    assert_refused(record_open(&again, s.path, false, &err), "nobody is enrolled as \"ca-2\"");
    force(&s, change_page(&s, &c), s.root, "root");
    assert_fails_with(*state, "a station's next key seals what is older", "seal.signer");
    assert_false(record_open(&again, s.path, false, &err));
}

static void close_page(struct story *s, bool excused)
{
    struct page *page = begin(s, "Aborted", "ca");
    page_abort(page, json_pack("{s:i, s:s, s:s}", "step", 6, "by", "Ben", "why", "I do not seal this"));
    if (excused)
        page_deviation(page, json_pack("{s:s, s:s, s:s, s:s, s:s}", "rule", "witnesses.missing", "expected",
                                       "a seal", "happened", "none", "decided", "to abort", "by", "Ben"));
    force(s, page, s->ca, "ca");
}

static void test_aborted_while_it_waits(void **state)
{
    OWN_SEAL *ben = NULL;
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = waiting_story(*state, &cast, &ben);
    close_page(&s, false);
    assert_fails_with(*state, "a closing page that does not say what is missing", "seal.witnesses");
    close_page(&s, true);
    assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_holds, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_revoked_seals, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_next_seals_before, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_own_page, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_forged_changes, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_unasked, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_waits_for_the_next, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_goes_on_without, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_late_strangers, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_aborted_while_it_waits, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

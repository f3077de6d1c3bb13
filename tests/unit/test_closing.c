/* A ceremony that was aborted: its closing page, and what forgers and stations can do with one. */
#include "audit/seal.h"
#include "story.h"

#define CLOSING "000006-aborted.tar"

/* Step 6 is the ca's, and was not walked. */
static struct page *closing_page(struct story *s, const char *station)
{
    struct page *page = begin(s, "Aborted", station);
    page_abort(page, json_pack("{s:i, s:s, s:s}", "step", (int)record_count(s->record), "by", "Ben", "why",
                               "the lamp fell"));
    return page;
}

static struct story aborted_story(const char *folder, const struct cast *cast, const char *station)
{
    struct story s = story_tell(folder, cast, "");
    finish(&s, closing_page(&s, station), station);
    return s;
}

static void test_holds(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = aborted_story(*state, &cast, "ca");
    (void)s; /* its record is on disk */
    struct err err = {0};
    enum verdict verdict = VERDICT_FAILS;
    OWN(json_t) *report = judge(*state, "signers.pem", NULL, &verdict);
    OWN_STRUCT(bytes) json = {0};
    OWN_STRUCT(bytes) text = {0};
    assert_int_equal(verdict, VERDICT_HOLDS);
    assert_ok(json_canonical(&json, report, &err));
    put(*state, "report.json", json.data, json.len);
    assert_int_equal(
        run(*state,
            "jq -e '.verdict == \"holds\" and .steps == {planned: 6, walked: 5} and .summary == \"holds; "
            "aborted at step 6: not a finished ceremony\" and .aborted == {page: 6, step: 6, title: "
            "\"Never walked\", by: \"Ben\", why: \"the lamp fell\"} and "
            "(.checks[] | select(.id == \"plan.closing\") | .passed == 1)' report.json"),
        0);
    verify_text(&text, report);
    assert_non_null(strstr(bytes_string(&text), "The ceremony was ABORTED at step 6 (Never walked) by Ben"));
    assert_non_null(strstr(bytes_string(&text), "Why: the lamp fell"));
}

/* Whoever has the station's key leaves the statement out that the plan asks for. */
static void test_no_statement(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = story_tell(*state, &cast, "nobody attests");
    (void)s; /* its record is on disk */
    assert_fails_with(*state, "a planned closing statement is left out", "closing.attested");
}

static void test_wrong_station(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = aborted_story(*state, &cast, "root");
    assert_int_equal(record_count(s.record), STORY_PAGES + 1);
    assert_fails_with(*state, "sealed by the station whose turn it is not", "plan.closing");
}

static void seal_put(const char *folder, const struct seal *seal, const char *name)
{
    struct err err = {0};
    OWN_STRUCT(bytes) tar = get(folder, name);
    OWN_STRUCT(tarball) members = {0};
    OWN_STRUCT(bytes) p7s = {0};
    assert_ok(tarball_read(&members, &tar, name, &err));
    assert_ok(seal_make(&p7s, seal, &tar, members.mtime, &err));
    OWN(char) *file = text_format("%s.ca.p7s", name);
    put(folder, file, p7s.data, p7s.len);
}

static void test_foreign_seal(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_SEAL *eve = enrol(*state, "home-eve", "Eve", "ca");
    OWN_STRUCT(story) s = aborted_story(*state, &cast, "ca");
    const struct seal *const foreign[] = {s.root, eve};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        seal_put(s.path, foreign[i], CLOSING);
        assert_fails_with(*state, "a closing page with a foreign seal", "seal.signer");
    }
    seal_put(s.path, s.ca, CLOSING);
    assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
    assert_int_equal(run(*state, "rm record/" CLOSING ".ca.p7s"), 0);
    assert_fails_with(*state, "a closing page without its seal", "seal.required");
}

/* The ca itself goes on after its closing page: record.h refuses, and verification of what is forced in. */
static void test_page_after(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = aborted_story(*state, &cast, "ca");
    struct err err = {0};
    OWN(char) *authority = path_join(*state, "authority-ca");
    const struct station where = {.name = "ca", .authority = authority, .seal = s.ca};
    OWN_PAGE *refused = begin(&s, "More", "ca");
    assert_refused(record_commit(s.record, refused, &where, &err), "no page follows a closing page");

    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = {0};
    time_t finished = 0;
    OWN_PAGE *more = begin(&s, "More", "ca");
    ledger_tree_copy(&tree, record_tree(s.record));
    assert_ok(page_close(&tar, &finished, more, &tree, record_ledger_head(s.record), s.ca, &err));
    put(s.path, "000007-more.tar", tar.data, tar.len);
    seal_put(s.path, s.ca, "000007-more.tar");
    assert_fails_with(*state, "a page after the closing page", "plan.closing");
    OWN_RECORD *again = NULL;
    assert_refused(record_open(&again, s.path, false, &err), "no page follows a closing page");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_holds, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_no_statement, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_wrong_station, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_foreign_seal, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_page_after, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

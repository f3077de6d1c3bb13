#include "story.h"

static void test_whole(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = story_tell(*state, &cast, "exception");
    const char *head = record_head(s.record);
    OWN(char) *words = digest_words(head, 0);
    OWN(char) *shouted = text_copy(head);
    for (char *c = shouted; *c != '\0'; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    assert_verdict(*state, NULL, NULL, VERDICT_CONSISTENT);
    assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
    assert_verdict(*state, NULL, head, VERDICT_HOLDS);
    assert_verdict(*state, NULL, words, VERDICT_HOLDS);
    assert_verdict(*state, "signers.pem", shouted, VERDICT_HOLDS);
    assert_verdict(*state, "ca-only.pem", NULL, VERDICT_FAILS);
    assert_verdict(*state, "ca-only.pem", head, VERDICT_FAILS);
    assert_verdict(*state, NULL, record_page(s.record, 4)->sha256, VERDICT_FAILS);
}

static void test_report(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    struct err err = {0};
    enum verdict verdict = VERDICT_FAILS;
    OWN_STRUCT(story) s = story_tell(*state, &cast, "exception");
    assert_int_equal(record_count(s.record), STORY_PAGES);
    OWN(json_t) *report = judge(*state, "signers.pem", NULL, &verdict);
    OWN_STRUCT(bytes) text = {0};
    OWN_STRUCT(bytes) json = {0};
    verify_text(&text, report);
    static const char *const said[] = {"The record holds, with 1 exception, against the signers",
                                       "unattended",
                                       "5 of 6 steps were walked",
                                       "page 1: expected: light\n    happened: the lamp fell",
                                       "Ada \xc3\x96p",
                                       "Ben, witness",
                                       "seal.signature",
                                       "Whose" /* not said */};
    for (size_t i = 0; i + 1 < sizeof said / sizeof said[0]; i++)
        if (strstr(bytes_string(&text), said[i]) == NULL)
            fail_msg("not said: %s in\n%s", said[i], bytes_string(&text));
    assert_null(strstr(bytes_string(&text), "REHEARSAL"));
    assert_null(strstr(bytes_string(&text), "Whose keys"));
    assert_non_null(strstr(bytes_string(&text), "no later page"));
    assert_ok(json_canonical(&json, report, &err));
    put(*state, "report.json", json.data, json.len);
    assert_int_equal(run(*state, "test $(jq -r '.verdict' report.json) = holds"), 0);
    assert_int_equal(
        run(*state,
            "jq -e '.failures == [] and .pages == 6 and .exceptions == 1 and .signers[0].pages == 5 and "
            "([.checks[].verdict] | unique) == [\"not applicable\", \"pass\"] and "
            "([.checks[].passed] | add > 60) and .people[0].role == \"operator\" and .aborted == null and "
            "(.deviations | map(.page)) == [1] and .summary == "
            "\"holds, with 1 exception; not finished: 5 of 6 steps walked\"' report.json"),
        0);
}

static void test_anchor_refused(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    struct err err = {0};
    json_t *report = NULL;
    enum verdict verdict = VERDICT_HOLDS;
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    OWN(char) *junk = path_join(*state, "junk.pem");
    OWN(char) *empty = path_join(*state, "empty");
    put(*state, "junk.pem", "nothing", 7);
    const struct verify_options no_signers = {.record = s.path, .signers = junk};
    const struct verify_options no_head = {.record = s.path, .head = "aardvark adroitness"};
    const struct verify_options no_record = {.record = empty};
    const struct verify_options missing = {.record = junk};
    assert_refused(verify_record(&report, &verdict, &no_signers, &err), "no certificate");
    assert_refused(verify_record(&report, &verdict, &no_head, &err), "32 PGP words");
    assert_int_equal(run(*state, "mkdir empty"), 0);
    assert_refused(verify_record(&report, &verdict, &no_record, &err), "no page");
    assert_false(verify_record(&report, &verdict, &missing, &err));
    assert_null(report);
}

/* A seal by somebody who is not enrolled, but whose certificate looks the same. */
static void test_resealed(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    struct err err = {0};
    OWN_SEAL *eve = enrol(*state, "home-eve", "Ada \xc3\x96p", "ca");
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    OWN_STRUCT(bytes) tar = get(s.path, "000003-ask.tar");
    OWN_STRUCT(bytes) p7s = {0};
    assert_ok(seal_make(&p7s, eve, &tar, record_page(s.record, 3)->tar.mtime, &err));
    put(s.path, "000003-ask.tar.ca.p7s", p7s.data, p7s.len);
    assert_fails_with(*state, "resealed", "seal.signer");

    /* And everything made anew by her: consistent in itself, and it holds against nothing. */
    assert_int_equal(
        run(*state, "rm -rf record home-ca home-root authority-* && mkdir old && mv signers.pem old"), 0);
    OWN_STRUCT(cast) eves = cast_make(*state);
    OWN_STRUCT(story) forged = story_tell(*state, &eves, "");
    assert_int_equal(record_count(forged.record), STORY_PAGES);
    assert_verdict(*state, NULL, NULL, VERDICT_CONSISTENT);
    assert_verdict(*state, "old/signers.pem", NULL, VERDICT_FAILS);
    assert_verdict(*state, NULL, record_head(s.record), VERDICT_FAILS);
    assert_int_equal(run(*state, "cp old/signers.pem signers.pem"), 0);
    assert_fails_with(*state, "made anew", "signers.anchor");
}

/* A step that was cut off is said, and is no crime. */
static void test_staging(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    enum verdict verdict = VERDICT_FAILS;
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    assert_int_equal(record_count(s.record), STORY_PAGES);
    assert_int_equal(run(*state, "mkdir record/.staging && cp record/000005-install.tar.ca.p7s "
                                 "record/000006-never-walked.tar.ca.p7s"),
                     0);
    OWN(json_t) *report = judge(*state, "signers.pem", NULL, &verdict);
    OWN_STRUCT(bytes) text = {0};
    OWN_STRUCT(bytes) archive = {0};
    OWN_STRUCT(tarball) secret = {0};
    struct err err = {0};
    tarball_add(&secret, "jwk", "{\"kty\":\"OKP\",\"d\":\"AA\"}", 22);
    assert_int_equal(verdict, VERDICT_CUT_OFF);
    assert_int_equal(json_array_size(json_object_get(report, "notes")), 2);
    verify_text(&text, report);
    assert_non_null(strstr(bytes_string(&text), "cut off"));
    assert_null(strstr(bytes_string(&text), "The record holds"));
    assert_int_equal(run(*state, "mkdir record/.staging/000006 && cp record/000005-install.tar "
                                 "record/.staging/000006-never-walked.tar && "
                                 "echo x >record/.staging/000006/intermediate-certificate.crt"),
                     0);
    assert_verdict(*state, "signers.pem", record_head(s.record), VERDICT_CUT_OFF);
    assert_ok(tarball_write(&archive, &secret, &err));
    put(s.path, ".staging/000006-never-walked.tar", archive.data, archive.len);
    assert_fails_with(*state, "a private JWK in a staged archive", "secret.none");
    assert_int_equal(run(*state, "rm -r record/.staging"), 0);
    assert_fails_with(*state, "no staging", "record.layout");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_report, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_anchor_refused, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_resealed, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_staging, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

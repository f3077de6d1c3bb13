/* Forgeries of what all other pages stand on: page 0, the root, a signer's certificate. And of every check
 * one. */
#include "rewritten.h"

#include "audit/checks.h"

static void member_replace(struct tarball *tar, const char *name, const char *text)
{
    struct bytes data = bytes_copy(text, strlen(text));
    member_set(tar, name, &data);
}

static void edit_plan(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)json;
    member_replace(tar, "evidence/plan.json", "{}");
}

static void edit_title(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)json;
    const struct bytes *plan = tarball_find(tar, "evidence/plan.json");
    OWN(char) *other = text_copy(bytes_string(plan));
    char *title = strstr(other, "\"title\":\"Test\"");
    assert_non_null(title);
    memcpy(title, "\"title\":\"Tent\"", 14);
    member_replace(tar, "evidence/plan.json", other);
}

static void edit_script(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)json;
    member_replace(tar, "script/test.lua", "another");
}

static void edit_template(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)json;
    member_replace(tar, "script/a.tpl", "[]");
}

static void edit_enrolled(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)json;
    member_replace(tar, "evidence/signers/root.crt", "nobody");
}

static void edit_enrolled_root(struct story *s, json_t *json, struct tarball *tar)
{
    (void)json;
    member_replace(tar, "evidence/signers/root.crt", bytes_string(&s->root_pem));
}

static void edit_person(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)tar;
    json_t *people = json_object_get(json, "people");
    json_object_set_new(json_array_get(people, 1), "name",
                        json_deep_copy(json_object_get(json_array_get(people, 0), "name")));
}

static void test_page_zero(void **state)
{
    static const struct {
        const char *id;
        edit *change;
    } cases[] = {
        {"plan.form", edit_plan},
        {"plan.form", edit_title},
        {"plan.script", edit_script},
        {"plan.script", edit_template},
        {"signers.enrolled", edit_enrolled},
        {"signers.enrolled", edit_enrolled_root},
        {"page.form", edit_person}, /* the commit names whoever witnessed */
    };
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    assert_int_equal(run(*state, "cp -a record whole"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rewrite_page(&s, "000000-script.tar", cases[i].change, s.ca, "ca", 0);
        assert_fails_with(*state, cases[i].id, cases[i].id);
        /* Whatever is sealed anew, the next page names the old one. */
        assert_fails_with(*state, cases[i].id, "chain.previous");
        assert_int_equal(run(*state, "rm -rf record && cp -a whole record"), 0);
    }
}

static void test_root(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = story_tell(*state, &cast, "root of leaves");
    assert_int_equal(record_count(s.record), STORY_PAGES);
    assert_fails_with(*state, "a root that lets no intermediate be", "artefact.root");
}

/* A certificate that had ended when it sealed. */
static void test_expired_signer(void **state)
{
    struct err err = {0};
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_SECRET *password = secret_new("seal password", 13);
    OWN(char) *home = path_join(*state, "home-eve");
    assert_ok(seal_enrol(home, "Eve", NULL, false, password, 1000000000, &err));
    OWN_STRUCT(story) s = story_tell(*state, &cast, "eve witnesses");
    (void)s; /* its record is on disk */
    assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
    assert_int_equal(run(*state,
                         "openssl cms -sign -binary -nosmimecap -outform DER -in record/000005-install.tar "
                         "-signer home-eve/seal.crt -inkey home-eve/seal.key -passin 'pass:seal password' "
                         "-out record/000005-install.tar.eve.p7s"),
                     0);
    assert_fails_with(*state, "sealed after its certificate's end", "seal.certificate");
}

static void test_anchors(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    enum verdict verdict = VERDICT_HOLDS;
    OWN(json_t) *signers = judge(*state, "ca-only.pem", NULL, &verdict);
    OWN(char) *no_signer = failed_ids(signers);
    assert_non_null(strstr(no_signer, "signers.anchor"));
    OWN(json_t) *head = judge(*state, NULL, record_page(s.record, 2)->sha256, &verdict);
    OWN(char) *no_head = failed_ids(head);
    assert_non_null(
        strstr(no_head, "head.anchor: the head that you named is page 2's; the record has 3 pages"));
}

static void folder_add(struct bytes *all, const char *folder)
{
    struct err err = {0};
    OWN_STRUCT(names) names = {0};
    assert_ok(folder_list(&names, folder, &err));
    for (size_t i = 0; i < names.count; i++) {
        OWN_STRUCT(bytes) text = get(folder, names.name[i]);
        bytes_add(all, text.data, text.len);
    }
}

/* A check that no forgery wakes could as well not be there. Forgeries name the id that must fail: in C as a
 * string, in a trial as a word behind `broken` or in front of the message. */
static void test_every_check_has_one(void **state)
{
    static const char *const forms[] = {"\"%s\"", "broken %s", "\"%s: "};
    (void)state;
    OWN_STRUCT(bytes) all = {0};
    folder_add(&all, "tests/unit");
    folder_add(&all, "tests/cli");
    for (int check = 0; check < CHECKS; check++) {
        bool named = false;
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
            OWN(char) *words = text_format(forms[i], check_id((enum check)check));
            named = named || strstr(bytes_string(&all), words) != NULL;
        }
        if (!named)
            fail_msg("no forgery has to fail with %s", check_id((enum check)check));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_page_zero, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_root, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_expired_signer, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_anchors, scratch_make, scratch_remove),
        cmocka_unit_test(test_every_check_has_one),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

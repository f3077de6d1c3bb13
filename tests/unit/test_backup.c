/* What a page says of the copies of a key: right, and in every way in which a station could have it wrong. */
#include "story.h"

#include "ceremony/base64.h"
#include "ceremony/medium.h"
#include "ceremony/proof.h"

#include <sys/stat.h>

#define TEXT "verger backup test: key on %s, ceremony 0123456789abcdef0123456789abcdef, page %d, nonce "
#define NONCE "00112233445566778899aabbccddeeff"

static bool is(const char *wrong, const char *what)
{
    return strcmp(wrong, what) == 0;
}

/* The copy on medium A, with its proof. */
static json_t *copy_json(const struct story *s, const struct key *other, const char *wrong)
{
    struct err err = {0};
    OWN_STRUCT(bytes) signature = {0};
    const struct key *signer = is(wrong, "another key signed") ? other : s->key;
    OWN(char) *text =
        text_format(TEXT "%s", is(wrong, "of another medium") ? "medium B" : "medium A",
                    is(wrong, "of another page") ? 5 : 6, is(wrong, "short nonce") ? "00" : NONCE);
    assert_ok(proof_sign(&signature, signer, text, &err));
    OWN(char) *encoded = base64_encode(signature.data, signature.len);
    if (is(wrong, "another text"))
        text[strlen(text) - 1] = '0';
    return json_pack("{s:s, s:s, s:s}", "medium", is(wrong, "on another medium") ? "medium B" : "medium A",
                     "text", text, "signature", is(wrong, "no base64") ? "!" : encoded);
}

static json_t *backup_json(const struct story *s, const struct key *other, const char *wrong)
{
    struct err err = {0};
    OWN_STRUCT(bytes) pem = {0};
    char spki[DIGEST_HEX];
    const struct key *key = is(wrong, "of another key") ? other : s->key;
    assert_ok(proof_public(&pem, is(wrong, "another public key") ? other : key, &err));
    assert_ok(key_spki_digest(spki, key, &err));
    json_t *copies = json_array();
    if (!is(wrong, "no copy"))
        json_array_append_new(copies, copy_json(s, other, wrong));
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "format",
                     is(wrong, "another format") ? "verger-backup-2" : "verger-backup-1", "key",
                     is(wrong, "another name") ? "other key" : "key", "spki_sha256", spki, "public_key",
                     bytes_string(&pem), "certificate",
                     is(wrong, "another certificate") ? "root certificate" : "intermediate certificate",
                     "file_sha256", is(wrong, "no file") ? "" : spki, "copies", copies);
}

static void page_keep(struct story *s, const struct key *other, const char *wrong)
{
    struct err err = {0};
    struct page *page = begin(s, "Never walked", "ca");
    OWN(json_t) *backup = backup_json(s, other, wrong);
    OWN_STRUCT(bytes) text = {0};
    assert_ok(json_canonical(&text, backup, &err));
    if (is(wrong, "nothing"))
        text.len = 0;
    if (!is(wrong, "not used"))
        page_input(page, json_pack("{s:s, s:s, s:O}", "name", "key", "kind", "key", "spki_sha256",
                                   json_object_get(backup, "spki_sha256")));
    assert_ok(page_evidence(page, "backup-key.json", text.data, text.len, &err));
    output(page, "evidence/backup-key.json", is(wrong, "not held") ? NULL : &text,
           json_pack("{s:s, s:s}", "name", is(wrong, "not planned") ? "backup of it" : "backup of the key",
                     "kind", "backup"));
    finish(s, page, "ca");
}

static void test_right(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = story_tell(*state, &cast, "put away");
    enum verdict verdict = VERDICT_FAILS;
    page_keep(&s, NULL, "");
    OWN(json_t) *report = judge(*state, "signers.pem", NULL, &verdict);
    OWN(char) *found = failed_ids(report);
    if (verdict != VERDICT_HOLDS)
        fail_msg("%s", found);
}

/* Each of these, and no other check, fails. */
static void test_wrong(void **state)
{
    static const char *const cases[][2] = {
        {"another key signed", "backup.tested"},
        {"of another medium", "backup.tested"},
        {"of another page", "backup.tested"},
        {"short nonce", "backup.tested"},
        {"another text", "backup.tested"},
        {"on another medium", "backup.tested"},
        {"no base64", "backup.tested"},
        {"of another key", "backup.tested"},
        {"another public key", "backup.tested"},
        {"no copy", "backup.tested"},
        {"another format", "backup.tested"},
        {"another name", "backup.tested"},
        {"another certificate", "backup.tested"},
        {"no file", "backup.tested"},
        {"nothing", "backup.tested"},
        {"not used", "backup.tested"},
        {"not held", "backup.tested"},
        {"not planned", "plan.made"},
    };
    struct err err = {0};
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_KEY *other = NULL;
    assert_ok(key_generate(&other, "P-256", &err));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum verdict verdict = VERDICT_HOLDS;
        OWN_STRUCT(story) s = story_tell(*state, &cast, "put away");
        page_keep(&s, other, cases[i][0]);
        OWN(json_t) *report = judge(*state, "signers.pem", NULL, &verdict);
        OWN(char) *found = failed_ids(report);
        if (json_array_size(json_object_get(report, "failures")) != 1 ||
            strncmp(found, cases[i][1], strlen(cases[i][1])) != 0)
            fail_msg("%s: found %s", cases[i][0], found);
        assert_int_equal(run(*state, "rm -rf record authority-*"), 0);
    }
}

/* ---- ceremony/proof.h ---- */

static void test_proof(void **state)
{
    static const char *const kinds[] = {"P-256", "P-384", "P-521", "RSA-2048"};
    static const char *const digest[] = {"sha256", "sha384", "sha512", "sha256"};
    for (size_t i = 0; i < 4; i++) {
        struct err err = {0};
        OWN_KEY *key = NULL;
        OWN_STRUCT(bytes) pem = {0};
        OWN_STRUCT(bytes) signature = {0};
        char spki[DIGEST_HEX];
        assert_ok(key_generate(&key, kinds[i], &err));
        assert_ok(proof_public(&pem, key, &err));
        assert_ok(key_spki_digest(spki, key, &err));
        assert_ok(proof_sign(&signature, key, "a test", &err));
        assert_ok(proof_check(bytes_string(&pem), spki, "a test", &signature, &err));
        assert_refused(proof_check(bytes_string(&pem), spki, "a tesu", &signature, &err), "not by this key");
        assert_refused(proof_check(bytes_string(&pem), digest_zero, "a test", &signature, &err),
                       "is another one");
        assert_refused(proof_check("x", spki, "a test", &signature, &err), "holds no public key");
        put(*state, "public.pem", pem.data, pem.len);
        put(*state, "signature", signature.data, signature.len);
        assert_int_equal(run(*state,
                             "printf 'a test' >text && openssl dgst -%s -verify public.pem -signature "
                             "signature text",
                             digest[i]),
                         0);
        OWN_STRUCT(bytes) none = {0};
        assert_refused(proof_sign(&none, key, "", &err), "does not begin with 0");
        assert_refused(proof_sign(&none, key, "0\x82 a certificate", &err), "does not begin with 0");
        assert_int_equal(none.len, 0);
    }
}

/* ---- ceremony/medium.h ---- */

static void test_medium(void **state)
{
    struct err err = {0};
    const struct bytes content = {(unsigned char *)"an encrypted key\n", 17};
    const struct bytes other = {(unsigned char *)"another\n", 8};
    OWN_STRUCT(bytes) back = {0};
    OWN_STRUCT(bytes) large = {.data = memory_new(1, MEDIUM_FILE_MAX + 1), .len = MEDIUM_FILE_MAX};
    bool found = true, direct = false;
    assert_int_equal(run(*state, "printf half >.a.key.verger-new"), 0);
    assert_ok(medium_put(&found, *state, "a.key", &content, &err));
    assert_false(found);
    assert_int_equal(run(*state, "[ \"$(stat -c %%a a.key)\" = 600 ] && [ ! -e .a.key.verger-new ]"), 0);
    assert_ok(medium_read(&back, &direct, *state, "a.key", &err));
    assert_true(bytes_equal(&back, &content));
    assert_ok(medium_put(&found, *state, "a.key", &content, &err));
    assert_true(found);
    assert_refused(medium_put(&found, *state, "a.key", &other, &err), "nothing is ever overwritten");
    assert_int_equal(run(*state, "chmod 640 a.key"), 0);
    assert_refused(medium_read(&back, &direct, *state, "a.key", &err), "others can read it (mode 0640)");
    assert_refused(medium_read(&back, &direct, *state, "none.key", &err), "cannot be opened");
    bytes_free(&back);
    assert_ok(medium_put(&found, *state, "large.key", &large, &err));
    assert_ok(medium_read(&back, &direct, *state, "large.key", &err));
    assert_true(bytes_equal(&back, &large));
    large.len++;
    assert_refused(medium_put(&found, *state, "larger.key", &large, &err), "more than a key can need");
    put(*state, "larger.key", large.data, large.len);
    assert_int_equal(run(*state, "chmod 600 larger.key"), 0);
    assert_refused(medium_read(&back, &direct, *state, "larger.key", &err), "more than a key can need");
}

static void test_medium_facts(void **state)
{
    struct err err = {0};
    OWN(json_t) *facts = NULL;
    assert_ok(medium_look(&facts, *state, &err));
    put(*state, "facts.json", "", 0);
    OWN_STRUCT(bytes) text = {0};
    assert_ok(json_canonical(&text, facts, &err));
    put(*state, "facts.json", text.data, text.len);
    assert_int_equal(run(*state,
                         "[ \"$(jq -r .filesystem facts.json)\" = \"$(findmnt -no FSTYPE -T .)\" ] && "
                         "[ \"$(jq -r .device facts.json)\" = \"$(findmnt -no MAJ:MIN -T . | xargs)\" ]"),
                     0);
    assert_refused(medium_look(&facts, "/dev/null", &err), "is no folder");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_right, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_wrong, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_proof, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_medium, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_medium_facts, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

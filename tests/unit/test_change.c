#include "../../audit/change.h"

#include "golden.h"

/* What became of a file, as one value of its description. */
static json_t *described(const struct bytes *before, const struct bytes *after, const char *form)
{
    json_t *change = change_describe(before, after);
    const char *found = json_string_value(json_object_get(change, "form"));
    if (strcmp(found, form) != 0) {
        OWN(char) *text = json_dumps(change, 0);
        fail_msg("not %s: %s", form, text);
    }
    return change;
}

static bool has_path(const json_t *change, const char *path)
{
    size_t i;
    const json_t *one;
    json_array_foreach(json_object_get(change, "differences"), i, one)
    {
        if (strcmp(json_string_value(json_object_get(one, "path")), path) == 0)
            return true;
    }
    return false;
}

/* A certificate and the same one signed once more (ECDSA) differ in their fingerprint alone. */
static void test_certificate(void **state)
{
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN_STRUCT(bytes) one = {0}, other = {0}, later = {0}, bundle = {0};
    struct ca_subject subject = {.name = "R", .path_length = 1, .not_before = 1000, .not_after = 2000};
    (void)state;
    assert_ok(key_generate(&key, "P-256", &err));
    assert_ok(certificate_make_ca(&one, &subject, key, NULL, NULL, &err));
    subject.not_after = 3000;
    assert_ok(certificate_make_ca(&later, &subject, key, NULL, NULL, &err));
    OWN(json_t) *change = described(&one, &later, "certificate");
    assert_true(has_path(change, "not_after"));
    assert_true(has_path(change, "serial"));
    assert_true(has_path(change, "tbs_sha256"));
    assert_false(has_path(change, "subject"));
    assert_false(has_path(change, "spki_sha256"));
    bytes_text(&other, "text before it\n");
    bytes_add(&other, one.data, one.len);
    json_decref(described(&one, &other, "layout"));
    bytes_add(&bundle, one.data, one.len);
    bytes_add(&bundle, later.data, later.len);
    json_decref(described(&one, &bundle, "text"));
    json_decref(described(NULL, &bundle, "certificates"));
    OWN_STRUCT(bytes) turned = {0};
    bytes_add(&turned, later.data, later.len);
    bytes_add(&turned, one.data, one.len);
    OWN(json_t) *order = described(&bundle, &turned, "certificates");
    assert_true(has_path(order, "list[0]"));
}

static void test_request_and_list(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) request = golden("csr/intermediate_ca.csr");
    OWN(json_t) *came = described(NULL, &request, "request");
    OWN_STRUCT(bytes) text = {0};
    change_text(&text, came, "  ");
    assert_non_null(strstr(bytes_string(&text), "  sha256: "));
    OWN(json_t) *went = described(&request, NULL, "request");
    assert_null(json_object_get(went, "after"));
    assert_non_null(json_object_get(went, "before"));
}

static void test_lines(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) before = text_bytes("one\ntwo\nthree\n"), after = text_bytes("one\n2\nthree\nfour");
    OWN(json_t) *change = described(&before, &after, "text");
    OWN_STRUCT(bytes) text = {0};
    change_text(&text, change, "> ");
    assert_string_equal(bytes_string(&text), "> line 2: removed \"two\"\n> line 2: added \"2\"\n"
                                             "> line 4: added \"four\"\n");
    OWN_STRUCT(bytes) newline = text_bytes("one\ntwo\nthree");
    json_decref(described(&before, &newline, "layout"));
}

static void test_closed(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = text_bytes("a\n"), key = golden("root/root-p384.key");
    OWN_STRUCT(bytes) binary = bytes_copy("a\0b", 3), latin = text_bytes("\xff\n");
    OWN_STRUCT(bytes)
    json = text_bytes("{\"password\":1}"), broken = text_bytes("{\"password\":\"hunter2\",}");
    OWN(json_t) *a = described(&text, &key, "bytes");
    json_decref(described(&text, &binary, "bytes"));
    json_decref(described(&text, &latin, "bytes"));
    OWN(json_t) *d = described(&json, &broken, "bytes");
    OWN(char) *said = json_dumps(a, 0);
    OWN(char) *said_of_json = json_dumps(d, 0);
    assert_null(strstr(said, "BEGIN"));
    assert_null(strstr(said_of_json, "hunter2"));
    assert_non_null(strstr(said_of_json, "trailing comma"));
}

/* A value that would fill the screen is cut, between characters; a line stays a line. */
static void test_cut(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) before = text_bytes("[]"), after = text_bytes("[\"\\n\"]"), long_one = {0}, text = {0};
    bytes_text(&long_one, "[\"");
    for (int i = 0; i < 399; i++)
        bytes_text(&long_one, "\xc3\xa4");
    bytes_text(&long_one, "\"]");
    OWN(json_t) *newline = described(&before, &after, "json");
    change_text(&text, newline, "");
    assert_string_equal(bytes_string(&text), "[0]: added \"\\n\"\n");
    OWN(json_t) *cut = described(&before, &long_one, "json");
    bytes_free(&text);
    change_text(&text, cut, "");
    assert_non_null(strstr(bytes_string(&text), "\xc3\xa4... (800 bytes)\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_certificate), cmocka_unit_test(test_request_and_list),
        cmocka_unit_test(test_lines),       cmocka_unit_test(test_closed),
        cmocka_unit_test(test_cut),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

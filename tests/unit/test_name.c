#include "golden.h"

#include "ceremony/name.h"

#include <jansson.h>

static X509_NAME *name_of(const char *json)
{
    struct err err = {0};
    X509_NAME *name = NULL;
    OWN(json_t) *value = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    assert_ok(name_from_json(&name, value, &err));
    return name;
}

static void refuse(const char *json, const char *says)
{
    struct err err = {0};
    OWN(X509_NAME) *name = NULL;
    OWN(json_t) *value = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    assert_refused(name_from_json(&name, value, &err), says);
    assert_null(name);
}

static void assert_text(const char *json, const char *text)
{
    OWN(X509_NAME) *name = name_of(json);
    OWN(char) *line = name_text(name);
    assert_string_equal(line, text);
}

/* The literal subject of the golden template, byte for byte as step encoded it. */
static void encoded_as_by_step(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) template = golden("templates/subject-literal.tpl");
    OWN(json_t) *root = json_loads(bytes_string(&template), 0, NULL);
    struct err err = {0};
    OWN(X509_NAME) *name = NULL;
    assert_ok(name_from_json(&name, json_object_get(root, "subject"), &err));
    OWN(X509) *cert = golden_certificate("templates/subject-literal.crt");
    const unsigned char *ours = NULL, *theirs = NULL;
    size_t our_len = 0, their_len = 0;
    assert_int_equal(X509_NAME_get0_der(name, &ours, &our_len), 1);
    assert_int_equal(X509_NAME_get0_der(X509_get_subject_name(cert), &theirs, &their_len), 1);
    assert_int_equal(our_len, their_len);
    assert_memory_equal(ours, theirs, our_len);
}

static void written_for_people(void **state)
{
    (void)state;
    assert_text("\"Example\"", "CN=Example");
    assert_text("{\"commonName\":\"a\",\"ORGANIZATION\":[\"o\",\"p\"],\"country\":\"IT\"}",
                "CN=a, O=p + O=o, C=IT");
    assert_text("{\"commonName\":\"a, b\"}", "CN=a\\, b");
    assert_text("\"Zo\u00eb\"", "CN=Zo\u00eb");
    assert_text("\"a\\u001b[2Jb\"", "CN=a\\1B[2Jb");
    assert_text("\"a\\u009bb\\u202ec\"", "CN=a\\C2\\9Bb\\E2\\80\\AEc");
    assert_text("{}", "");
    assert_text("\"\"", "");
}

static void strings_have_steps_types(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        int type;
    } cases[] = {
        {"\"Aa0 '()+,-./:=?\"", V_ASN1_PRINTABLESTRING},
        {"\"a*b\"", V_ASN1_UTF8STRING},
        {"\"a&b\"", V_ASN1_UTF8STRING},
        {"\"a@b\"", V_ASN1_UTF8STRING},
        {"\"\u00e9\"", V_ASN1_UTF8STRING},
        {"{\"extraNames\":[{\"type\":\"1.2.840.113549.1.9.1\",\"value\":\"a@b\"}]}", V_ASN1_IA5STRING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        OWN(X509_NAME) *name = name_of(cases[i].json);
        assert_int_equal(ASN1_STRING_type(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, 0))),
                         cases[i].type);
    }
}

static void what_cannot_be_a_name(void **state)
{
    (void)state;
    refuse("{\"commonname\":\"a\",\"organisation\":\"o\"}", "did you mean \"organization\"");
    refuse("{\"bogus\":\"a\"}", "unknown member \"bogus\"");
    refuse("{\"commonName\":\"a\",\"CommonName\":\"b\"}", "there twice");
    refuse("{\"commonName\":[\"a\"]}", "must be a string");
    refuse("{\"organization\":[1]}", "array of strings");
    refuse("{\"organization\":\"\"}", "is empty");
    refuse("7", "must be an object");
    refuse("{\"extraNames\":[{\"type\":\"x\",\"value\":\"a\"}]}", "not an object identifier");
    refuse("{\"extraNames\":[{\"type\":\"1.2.840.113549.1.9.1\",\"value\":\"\u00e9\"}]}", "must be ASCII");
    struct err err = {0};
    OWN(X509_NAME) *name = NULL;
    OWN(json_t) *value = json_loads("{\"bogus\":1,\"commonName\":\"a\"}", 0, NULL);
    assert_ok(name_read(&name, value, true, &err)); /* as step */
}

static void back_to_json(void **state)
{
    (void)state;
    struct err err = {0};
    OWN(X509) *cert = golden_certificate("templates/subject-literal.crt");
    OWN(json_t) *json = NULL;
    assert_ok(name_to_json(&json, X509_get_subject_name(cert), &err));
    OWN(char) *text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(text,
                        "{\"country\":[\"IT\"],\"organization\":[\"Second Org\",\"Example "
                        "Org\"],\"organizationalUnit\":[\"Unit\"],"
                        "\"locality\":[\"Roma\"],\"province\":[\"RM\"],\"streetAddress\":[\"Via "
                        "1\"],\"postalCode\":[\"00100\"],"
                        "\"serialNumber\":\"42\",\"commonName\":\"Literal CA\",\"extraNames\":[{\"type\":"
                        "\"0.9.2342.19200300.100.1.25\",\"value\":\"dc1\"},{\"type\":\"1.2.840.113549.1.9."
                        "1\",\"value\":\"a@b.c\"}]}");
    OWN(X509_NAME) *again = NULL;
    assert_ok(name_from_json(&again, json, &err));
    assert_int_equal(X509_NAME_cmp(again, X509_get_subject_name(cert)), 0);
    OWN(X509_NAME) *empty = X509_NAME_new();
    OWN(json_t) *nothing = NULL;
    assert_ok(name_to_json(&nothing, empty, &err));
    assert_int_equal(json_object_size(nothing), 0);
    OWN(X509_NAME) *twice = X509_NAME_new();
    for (int i = 0; i < 2; i++)
        X509_NAME_add_entry_by_NID(twice, NID_commonName, V_ASN1_UTF8STRING, (const unsigned char *)"a", 1,
                                   -1, 0);
    OWN(json_t) *none = NULL;
    assert_refused(name_to_json(&none, twice, &err), "two values for commonName");
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoded_as_by_step),
        cmocka_unit_test(written_for_people),
        cmocka_unit_test(strings_have_steps_types),
        cmocka_unit_test(what_cannot_be_a_name),
        cmocka_unit_test(back_to_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

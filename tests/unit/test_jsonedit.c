/* jsonedit.h: only the member changes; the golden configurations are reached byte for byte. */
#include "../../ceremony/file.h"
#include "../../ceremony/jsonedit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CONFIG "tests/golden/config/"

static struct bytes file_text(const char *path)
{
    struct bytes text = {0};
    struct err err = {0};
    if (!file_read(&text, path, FILE_MAX_SMALL, &err))
        fail_msg("%s", err.text);
    return text;
}

static json_t *value_of(const char *text)
{
    struct bytes bytes = bytes_copy(text, strlen(text));
    struct err err = {0};
    json_t *value = NULL;
    if (!json_read(&value, &bytes, "value", &err))
        fail_msg("%s", err.text);
    bytes_free(&bytes);
    return value;
}

static void set(struct bytes *text, const char *path, const char *value_text)
{
    OWN(json_t) *value = value_of(value_text);
    struct err err = {0};
    if (!jsonedit_set(text, path, value, "ca.json", &err))
        fail_msg("%s", err.text);
}

static void sets(const char *before, const char *path, const char *value, const char *after)
{
    OWN_STRUCT(bytes) text = bytes_copy(before, strlen(before));
    set(&text, path, value);
    assert_string_equal(bytes_string(&text), after);
}

static void refuses(const char *before, const char *path, const char *message)
{
    OWN_STRUCT(bytes) text = bytes_copy(before, strlen(before));
    OWN(json_t) *value = json_true();
    struct err err = {0};
    assert_false(jsonedit_set(&text, path, value, "ca.json", &err));
    assert_string_equal(bytes_string(&text), before);
    if (strstr(err.text, message) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, message);
}

#define POLICY                                                                                               \
    "{\"x509\":{\"allow\":{\"dns\":[\"*.local.example.com\"],\"ip\":[\"10.0.0.0/24\"]},"                     \
    "\"deny\":{\"dns\":[\"forbidden.local.example.com\"],\"ip\":[\"192.168.1.153\"]},"                       \
    "\"allowWildcardNames\":false}}"

static void test_page(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(CONFIG "ca.before.json"), page = file_text(CONFIG "ca.page.json");
    set(&text, "crl", "{\"enabled\":true,\"generateOnRevoke\":true}");
    set(&text, "authority.policy", POLICY);
    assert_string_equal(bytes_string(&text), bytes_string(&page));
}

static void test_working(void **state)
{
    (void)state;
    OWN_STRUCT(bytes)
    text = file_text(CONFIG "ca.before.json"), working = file_text(CONFIG "ca.working.json");
    struct err err = {0};
    OWN(json_t) *options = NULL, *absent = NULL;
    assert_true(jsonedit_get(&options, &working, "authority.provisioners.0.options", "w", &err));
    assert_true(jsonedit_get(&absent, &text, "authority.provisioners.0.options", "b", &err));
    assert_non_null(options);
    assert_null(absent);

    set(&text, "address", "\"127.0.0.1:8443\"");
    set(&text, "insecureAddress", "\"127.0.0.1:8080\"");
    set(&text, "dnsNames", "[\"ca.example.com\",\"127.0.0.1\"]");
    assert_true(jsonedit_set(&text, "authority.provisioners.0.options", options, "b", &err));
    set(&text, "authority.policy", POLICY);
    set(&text, "crl.enabled", "true");
    set(&text, "crl.generateOnRevoke", "true");
    set(&text, "crl.cacheDuration", "\"24h0m0s\"");
    set(&text, "crl.renewPeriod", "\"16h0m0s\"");
    set(&text, "crl.idpURL", "\"http://ca.example.com/crl\"");
    assert_string_equal(bytes_string(&text), bytes_string(&working));
}

/* All but the new member's bytes are the old ones, in the old order. */
static void test_only_the_change(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "crl", "authority.policy", "insecureAddress2", "tls.x", "authority.provisioners.0.key.x5c", "a.b.c"};
    OWN_STRUCT(bytes) before = file_text(CONFIG "ca.before.json");
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        OWN_STRUCT(bytes) text = bytes_copy(before.data, before.len);
        set(&text, paths[i], "{\"enabled\":[true]}");
        size_t head = 0, tail = 0;
        while (head < before.len && before.data[head] == text.data[head])
            head++;
        while (tail < before.len - head &&
               before.data[before.len - 1 - tail] == text.data[text.len - 1 - tail])
            tail++;
        assert_int_equal(head + tail, before.len);
    }
}

static void test_equal_changes_nothing(void **state)
{
    (void)state;
    sets("{ \"a\" : [ 1 ,2 ], \"b\":{\"y\":1, \"x\":2} }", "a", "[1,2]",
         "{ \"a\" : [ 1 ,2 ], \"b\":{\"y\":1, \"x\":2} }");
    sets("{\"b\":{\"y\":1, \"x\":2}}", "b", "{\"x\":2,\"y\":1}", "{\"b\":{\"y\":1, \"x\":2}}");
}

static void test_compact(void **state)
{
    (void)state;
    sets("{}", "a", "1", "{\"a\":1}");
    sets("{ }\n", "a.b", "[]", "{\n\t\"a\": {\n\t\t\"b\": []\n\t}\n}\n");
    sets("{\"a\":1}", "b.c", "{\"d\":[1,2]}", "{\"a\":1,\"b\":{\"c\":{\"d\":[1,2]}}}");
    sets("{\"a\":1,\"b\":2}", "a", "{\"x\":\"<\"}", "{\"a\":{\"x\":\"\\u003c\"},\"b\":2}");
    sets("{\"a\":[{},{\"x\":1}]}", "a.0.y", "true", "{\"a\":[{\"y\":true},{\"x\":1}]}");
    sets("{\"a\":[{},{\"x\":1}]}", "a.1.x", "null", "{\"a\":[{},{\"x\":null}]}");
    sets("{\"a\":[1,2,3]}", "a.2", "\"z\"", "{\"a\":[1,2,\"z\"]}");
}

static void test_layouts(void **state)
{
    (void)state;
    sets("{\n  \"a\": 1\n}\n", "b", "{\"c\":[1]}",
         "{\n  \"a\": 1,\n  \"b\": {\n    \"c\": [\n      1\n    ]\n  }\n}\n");
    sets("{\n  \"a\": {},\n  \"z\": []\n}\n", "a.b", "\"\\t\"",
         "{\n  \"a\": {\n    \"b\": \"\\t\"\n  },\n  \"z\": []\n}\n");
    sets("{\r\n\t\"a\": 1\r\n}", "b", "[1]", "{\r\n\t\"a\": 1,\r\n\t\"b\": [\r\n\t\t1\r\n\t]\r\n}");
    sets("{\n}\n", "a", "1", "{\n\t\"a\": 1\n}\n");
    /* Within one line of a text of many lines, it stays in that line. */
    sets("{\n  \"a\": {\"b\": 1},\n  \"c\": 2\n}\n", "a.d", "{\"e\":1}",
         "{\n  \"a\": {\"b\": 1,\"d\":{\"e\":1}},\n  \"c\": 2\n}\n");
    sets("{\n  \"a\": {\"b\": 1},\n  \"c\": 2\n}\n", "a.b", "[1]",
         "{\n  \"a\": {\"b\": [1]},\n  \"c\": 2\n}\n");
    /* Odd but legal white space is left as it is. */
    sets("\n { \"a\"\n:\n1\n\n }", "a", "2", "\n { \"a\"\n:\n2\n\n }");
}

static void test_unknown_and_escaped_keys(void **state)
{
    (void)state;
    sets("{\"x-\\u0063rl\":{\"}\":\"{[\\\"\"},\"\\u0063rl\":1,\"\\\\\":2}", "crl", "3",
         "{\"x-\\u0063rl\":{\"}\":\"{[\\\"\"},\"\\u0063rl\":3,\"\\\\\":2}");
    sets("{\"_comment\":\"keep, } me\",\"n\":1.50,\"e\":1E2}", "b", "0",
         "{\"_comment\":\"keep, } me\",\"n\":1.50,\"e\":1E2,\"b\":0}");
}

static void test_refuses(void **state)
{
    (void)state;
    refuses("{\"a\":1,}", "b", "trailing comma");
    refuses("{\"a\":1} x", "b", "behind");
    refuses("{\"a\":1,\"a\":2}", "b", "twice");
    refuses("[1]", "0", "not a JSON object");
    refuses("", "a", "ends too early");
    refuses("{\"CRL\":{}}", "crl", "\"CRL\" stands where \"crl\" is meant");
    refuses("{\"crl\":{},\"Crl\":{}}", "crl", "\"Crl\" stands where");
    refuses("{\"crl\":{\"Enabled\":true}}", "crl.enabled", "\"Enabled\" stands where \"enabled\"");
    refuses("{\"a\":1}", "a.b", "no object");
    refuses("{\"a\":null}", "a.b", "no object");
    refuses("{\"a\":[]}", "a.0", "no element 0");
    refuses("{\"a\":[1]}", "a.1.b", "no element 1");
    refuses("{\"a\":[1]}", "a.b", "use an index");
    refuses("{}", "a.0.b", "no array to hold element 0");
    refuses("{}", "a..b", "empty component");
    refuses("{}", "", "empty component");
}

static void test_get(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(CONFIG "ca.working.json");
    OWN(json_t) *name = NULL, *absent = NULL;
    struct err err = {0};
    assert_true(jsonedit_get(&name, &text, "authority.provisioners.0.name", "ca.json", &err));
    assert_string_equal(json_string_value(name), "admin@example.com");
    assert_true(jsonedit_get(&absent, &text, "authority.nothing.here", "ca.json", &err));
    assert_null(absent);
    assert_false(jsonedit_get(&absent, &text, "Authority.provisioners", "ca.json", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_working),
        cmocka_unit_test(test_only_the_change),
        cmocka_unit_test(test_equal_changes_nothing),
        cmocka_unit_test(test_compact),
        cmocka_unit_test(test_layouts),
        cmocka_unit_test(test_unknown_and_escaped_keys),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_get),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "../../ceremony/jsondiff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static json_t *parsed(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(value);
    return value;
}

/* The differences between two texts are those of a third, in that order. */
static void assert_differs(const char *before, const char *after, const char *wanted)
{
    OWN(json_t) *a = parsed(before);
    OWN(json_t) *b = parsed(after);
    OWN(json_t) *want = parsed(wanted);
    OWN(json_t) *found = json_difference(a, b);
    OWN(char) *text = json_dumps(found, JSON_COMPACT);
    if (!json_equal(found, want))
        fail_msg("%s against %s: %s", before, after, text);
}

static void test_members(void **state)
{
    (void)state;
    assert_differs("{\"a\":1,\"b\":{\"c\":[]}}", "{\"b\":{\"c\":[]},\"a\":1}", "[]");
    assert_differs("{\"a\":1,\"b\":{\"c\":true,\"d2\":2}}", "{\"b\":{\"c\":false,\"e\":null},\"a\":1}",
                   "[{\"path\":\"b.c\",\"before\":true,\"after\":false},{\"path\":\"b.d2\",\"before\":2},"
                   "{\"path\":\"b.e\",\"after\":null}]");
    assert_differs("{\"a\":{}}", "{\"a\":[]}", "[{\"path\":\"a\",\"before\":{},\"after\":[]}]");
    assert_differs("1", "\"1\"", "[{\"path\":\"\",\"before\":1,\"after\":\"1\"}]");
    assert_differs("{\"a.b\":{\"\":1}}", "{\"a.b\":{\"\":2}}",
                   "[{\"path\":\"[\\\"a.b\\\"][\\\"\\\"]\",\"before\":1,\"after\":2}]");
}

static void test_elements(void **state)
{
    (void)state;
    assert_differs("[\"a\",\"b\",\"c\"]", "[\"a\",\"x\",\"b\",\"c\"]",
                   "[{\"path\":\"[1]\",\"after\":\"x\"}]");
    assert_differs("[\"a\",\"b\",\"c\"]", "[\"b\",\"c\"]", "[{\"path\":\"[0]\",\"before\":\"a\"}]");
    assert_differs("[1,2]", "[2,1]", "[{\"path\":\"[0]\",\"before\":1},{\"path\":\"[1]\",\"after\":1}]");
    assert_differs("[]", "[[]]", "[{\"path\":\"[0]\",\"after\":[]}]");
    assert_differs("[{\"v\":1},{\"v\":2}]", "[{\"v\":1},{\"v\":3},{\"v\":4}]",
                   "[{\"path\":\"[1].v\",\"before\":2,\"after\":3},{\"path\":\"[2]\",\"after\":{\"v\":4}}]");
    assert_differs("[{\"v\":1},{\"v\":2}]", "[{\"v\":2}]", "[{\"path\":\"[0]\",\"before\":{\"v\":1}}]");
    assert_differs(
        "[{\"name\":\"a\"}]", "[{\"name\":\"b\"}]",
        "[{\"path\":\"[0]\",\"before\":{\"name\":\"a\"}},{\"path\":\"[0]\",\"after\":{\"name\":\"b\"}}]");
    /* the same provisioner, one place further */
    assert_differs("{\"p2\":[{\"name\":\"a\",\"v\":1}]}",
                   "{\"p2\":[{\"name\":\"b\"},{\"name\":\"a\",\"v\":2}]}",
                   "[{\"path\":\"p2[0]\",\"after\":{\"name\":\"b\"}},"
                   "{\"path\":\"p2[1].v\",\"before\":1,\"after\":2}]");
}

static void test_long(void **state)
{
    (void)state;
    OWN(json_t) *a = json_array();
    for (int i = 0; i < 1500; i++)
        json_array_append_new(a, json_integer(i));
    OWN(json_t) *b = json_deep_copy(a);
    json_array_set_new(b, 1400, json_integer(-1));
    json_array_append_new(b, json_integer(7));
    OWN(json_t) *found = json_difference(a, b);
    OWN(json_t) *want = parsed("[{\"path\":\"[1400]\",\"before\":1400,\"after\":-1},"
                               "{\"path\":\"[1500]\",\"after\":7}]");
    assert_true(json_equal(found, want));
}

static void test_secrets(void **state)
{
    (void)state;
    assert_differs("{\"password\":\"one\"}", "{\"password\":\"two\"}",
                   "[{\"path\":\"password\",\"before\":\"(not shown)\",\"after\":\"(not shown)\"}]");
    assert_differs("{\"Password\":{\"a\":1}}", "{\"Password\":{\"a\":2}}",
                   "[{\"path\":\"Password\",\"before\":\"(not shown)\",\"after\":\"(not shown)\"}]");
    assert_differs("{}", "{\"key\":{\"kty\":\"EC\",\"x\":\"public\",\"d\":\"private\"}}",
                   "[{\"path\":\"key\",\"after\":{\"kty\":\"EC\",\"x\":\"public\",\"d\":\"(not shown)\"}}]");
    assert_differs("[]", "[{\"db\":[{\"pin\":1}]}]",
                   "[{\"path\":\"[0]\",\"after\":{\"db\":[{\"pin\":\"(not shown)\"}]}}]");
    assert_differs("{\"password\":\"one\"}", "{\"password\":\"one\"}", "[]");
}

static void test_numbers(void **state)
{
    (void)state;
    assert_differs("{\"a\":1.5}", "{\"a\":9007199254740993}",
                   "[{\"path\":\"a\",\"before\":\"1.5\",\"after\":\"9007199254740993\"}]");
    assert_differs("{}", "{\"a\":[0.25]}", "[{\"path\":\"a\",\"after\":[\"0.25\"]}]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members), cmocka_unit_test(test_elements), cmocka_unit_test(test_long),
        cmocka_unit_test(test_secrets), cmocka_unit_test(test_numbers),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

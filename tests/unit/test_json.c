/* json.h: read strictly; canonical form judged by jq; Go's form judged by files that step wrote. */
#include "../../ceremony/file.h"
#include "../../ceremony/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void pipe_close(FILE **pipe)
{
    if (*pipe != NULL)
        pclose(*pipe);
}

/* What `jq -cS .` prints for a text, without the newline. */
static struct bytes jq(const char *text, size_t len)
{
    char path[] = "/tmp/verger-json-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    close(fd);
    OWN(char) *command = text_format("jq -cS . %s", path);
    __attribute__((cleanup(pipe_close))) FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    struct bytes out = {0};
    for (int c; (c = fgetc(pipe)) != EOF;)
        bytes_add(&out, &(char){(char)c}, 1);
    unlink(path);
    assert_true(out.len > 0);
    out.data[--out.len] = 0;
    return out;
}

static json_t *read_text(const char *text)
{
    struct bytes bytes = bytes_copy(text, strlen(text));
    struct err err = {0};
    json_t *value = NULL;
    if (!json_read(&value, &bytes, "t", &err))
        fail_msg("%s", err.text);
    bytes_free(&bytes);
    return value;
}

static void read_refused(const char *text, const char *message)
{
    struct bytes bytes = bytes_copy(text, strlen(text));
    struct err err = {0};
    json_t *value = NULL;
    assert_false(json_read(&value, &bytes, "t.json", &err));
    assert_null(value);
    if (strstr(err.text, message) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, message);
    bytes_free(&bytes);
}

static const char *const nasty[] = {
    "{}",
    "[]",
    "null",
    "\"\"",
    "{\"b\":1,\"a\":2,\"aa\":3,\"B\":4,\"\":5}",
    "{\"\\u00e9\":1,\"z\":2,\"\\ud83d\\ude00\":3,\"\\uffff\":4,\"\\uff5e\":5}",
    "\"\\u0001\\u0002\\u0007\\b\\t\\n\\u000b\\f\\r\\u001b\\u001f\\u007f\\u0080\\u009f\"",
    "\"<script>&amp;'\\/\\\\\\\"\\u2028\\u2029\\ufeff\"",
    "\"\\ud83d\\ude00 \\u00e9 \\uffff \\udbff\\udfff\"",
    "[9007199254740992,-9007199254740992,9007199254740991,0,1,-1,1000000000000000,123456789012345]",
    "{\"a\":[true,false,null,[[],{}],{\"x\":{\"y\":[{\"z\":[]}]}}]}",
    "  [ 1 ,\r\n\t2 ]  ",
    "{\"\\u0001\":1,\"\\\"\":2,\"\\\\\":3,\"\\u007f\":4}",
};

static void test_canonical_is_jq(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof nasty / sizeof *nasty; i++) {
        OWN(json_t) *value = read_text(nasty[i]);
        OWN_STRUCT(bytes) ours = {0}, theirs = jq(nasty[i], strlen(nasty[i]));
        struct err err = {0};
        assert_true(json_canonical(&ours, value, &err));
        assert_string_equal(bytes_string(&ours), bytes_string(&theirs));
    }
}

/* `depth` times an opening text, then a value, then as many closing ones. */
static char *nested(const char *open, const char *value, const char *close, size_t depth)
{
    struct bytes text = {0};
    for (size_t i = 0; i < depth; i++)
        bytes_text(&text, open);
    bytes_text(&text, value);
    for (size_t i = 0; i < depth; i++)
        bytes_text(&text, close);
    return (char *)text.data;
}

static void test_canonical_depth(void **state)
{
    (void)state;
    static const char *const kinds[][3] = {{"[", "", "]"}, {"[", "1", "]"}, {"{\"a\":", "1", "}"}};
    for (size_t i = 0; i < 3; i++) {
        OWN(char) *deep = nested(kinds[i][0], kinds[i][1], kinds[i][2], 127);
        OWN(char) *deeper = nested(kinds[i][0], kinds[i][1], kinds[i][2], 128);
        OWN_STRUCT(bytes) ours = {0}, theirs = jq(deep, strlen(deep));
        OWN(json_t) *value = read_text(deep), *refused = read_text(deeper);
        struct err err = {0};
        assert_true(json_canonical(&ours, value, &err));
        assert_string_equal(bytes_string(&ours), bytes_string(&theirs));
        assert_false(json_canonical(&ours, refused, &err));
        assert_string_equal(bytes_string(&ours), bytes_string(&theirs));
    }
}

static void test_canonical_refuses(void **state)
{
    (void)state;
    static const char *const texts[] = {"[1.5]", "{\"a\":1.0}", "[9007199254740993]", "[-9007199254740993]"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        OWN(json_t) *value = read_text(texts[i]);
        OWN_STRUCT(bytes) out = {0};
        struct err err = {0};
        assert_false(json_canonical(&out, value, &err));
        assert_int_equal(out.len, 0);
    }
}

static void test_canonical_golden(void **state)
{
    (void)state;
    static const char *const files[] = {"tests/golden/run/provisioners.body",
                                        "tests/golden/run/sign.resp.json",
                                        "tests/golden/config/defaults.after.json"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        OWN_STRUCT(bytes) text = {0}, ours = {0};
        OWN(json_t) *value = NULL;
        struct err err = {0};
        assert_true(file_read(&text, files[i], FILE_MAX_SMALL, &err));
        assert_true(json_read(&value, &text, files[i], &err));
        if (!json_canonical(&ours, value, &err)) {
            assert_non_null(strstr(err.text, "real"));
            continue;
        }
        OWN_STRUCT(bytes) theirs = jq((const char *)text.data, text.len);
        assert_string_equal(bytes_string(&ours), bytes_string(&theirs));
    }
}

static void test_read_refuses(void **state)
{
    (void)state;
    read_refused("", "t.json: line 1, column 1: the text ends too early");
    read_refused("{\"a\":1,}", "line 1, column 7: trailing comma before '}'");
    read_refused("[1,2,\n  ]", "line 1, column 5: trailing comma before ']'");
    read_refused("{\n\t\"\xC3\xA9\": [1 , ]}", "line 2, column 10: trailing comma");
    read_refused("{\"a\":1,\"a\":2}", "the same member stands twice");
    read_refused("{\"a\":1,\"\\u0061\":2}", "the same member stands twice");
    read_refused("{} x", "line 1, column 4: something stands behind the value");
    read_refused("{}{}", "something stands behind");
    read_refused("{\"a\":1", "ends too early");
    read_refused("{'a':1}", "not JSON");
    read_refused("\xEF\xBB\xBF{}", "byte order mark");
    read_refused("\"\xFF\"", "UTF-8");
    read_refused("\"\xED\xA0\x80\"", "UTF-8");
    read_refused("\"\\u0000\"", "\\u0000");
    read_refused("[1e999]", "too large");
    read_refused("[9223372036854775808]", "too large");
    read_refused("[01]", "not JSON");
    read_refused("[\"a\nb\"]", "not JSON");
}

static void test_read_quotes_no_content(void **state)
{
    (void)state;
    struct bytes text = bytes_copy("{\"password\": \"hunter2\" oops}", 28);
    struct err err = {0};
    json_t *value = NULL;
    assert_false(json_read(&value, &text, "ca.json", &err));
    assert_null(strstr(err.text, "hunter2"));
    assert_null(strstr(err.text, "oops"));
    bytes_free(&text);
}

/* The procedure's own example. */
static void test_read_procedure_policy(void **state)
{
    (void)state;
    read_refused("{\"policy\": {\n"
                 "    \"x509\": {\n"
                 "        \"allow\": {\n"
                 "            \"dns\": [\"*.local.example.com\"],\n"
                 "            \"ip\": [\"10.0.0.0/24\"]\n"
                 "        },\n"
                 "        \"allowWildcardNames\": false,\n"
                 "    }\n"
                 "}}",
                 "line 7, column 36: trailing comma before '}'; remove it");
}

static void test_go_golden(void **state)
{
    (void)state;
    static const char *const files[] = {
        "tests/golden/config/ca.before.json",      "tests/golden/config/ca.page.json",
        "tests/golden/config/ca.working.json",     "tests/golden/config/defaults.after.json",
        "tests/golden/init-variants/ssh/ca.json",  "tests/golden/init-variants/acme/ca.json",
        "tests/golden/init-variants/nodb/ca.json", "tests/golden/init-variants/remote/ca.json"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        OWN_STRUCT(bytes) text = {0}, ours = {0};
        OWN(json_t) *value = NULL;
        struct err err = {0};
        assert_true(file_read(&text, files[i], FILE_MAX_SMALL, &err));
        assert_true(json_read(&value, &text, files[i], &err));
        json_go(&ours, value);
        assert_string_equal(bytes_string(&ours), bytes_string(&text));
    }
}

static void test_go_forms(void **state)
{
    (void)state;
    /* The right column is what Go's json.Marshal prints. */
    static const char *const forms[][2] = {
        {"{\"b\":[],\"a\":{}}", "{\"b\":[],\"a\":{}}"},
        {"\"<&>\\u2028\\u2029\\u007f\\b\\f\\n\\r\\t\\u0001'/\\\\\\\"\"",
         "\"\\u003c\\u0026\\u003e\\u2028\\u2029\x7f\\b\\f\\n\\r\\t\\u0001'/\\\\\\\"\""},
        {"[1.2,1.0,0.1,-0.5,1e20,1e21,1e-6,1e-7,123456789.125,1.7976931348623157e308,5e-324,2.5e-9]",
         "[1.2,1,0.1,-0.5,100000000000000000000,1e+21,0.000001,1e-7,123456789.125,1.7976931348623157e+308,5e-"
         "324,"
         "2.5e-9]"},
        {"[9223372036854775807,null,true]", "[9223372036854775807,null,true]"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        OWN(json_t) *value = read_text(forms[i][0]);
        OWN_STRUCT(bytes) ours = {0};
        json_go_compact(&ours, value);
        assert_string_equal(bytes_string(&ours), forms[i][1]);
    }
}

static void test_member_string(void **state)
{
    (void)state;
    OWN(json_t) *value = read_text("{\"a\":\"x\",\"b\":1}");
    const char *text = NULL;
    struct err err = {0};
    assert_true(json_member_string(&text, value, "a", "f", &err));
    assert_string_equal(text, "x");
    assert_false(json_member_string(&text, value, "b", "f", &err));
    assert_string_equal(err.text, "f: member \"b\" must be a string");
    assert_false(json_member_string(&text, value, "c", "f", &err));
    assert_string_equal(err.text, "f: member \"c\" is missing");
}

static void test_key_folds(void **state)
{
    (void)state;
    assert_true(json_key_folds("idpURL", "IDPurl"));
    assert_true(json_key_folds("tl\xC5\xBF", "TLS"));
    assert_true(json_key_folds("\xE2\x84\xAAms", "kms"));
    assert_false(json_key_folds("crl", "crl2"));
    assert_false(json_key_folds("cr", "crl"));
    assert_false(json_key_folds("a", "b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical_is_jq),
        cmocka_unit_test(test_canonical_depth),
        cmocka_unit_test(test_canonical_refuses),
        cmocka_unit_test(test_canonical_golden),
        cmocka_unit_test(test_read_refuses),
        cmocka_unit_test(test_read_quotes_no_content),
        cmocka_unit_test(test_read_procedure_policy),
        cmocka_unit_test(test_go_golden),
        cmocka_unit_test(test_go_forms),
        cmocka_unit_test(test_member_string),
        cmocka_unit_test(test_key_folds),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

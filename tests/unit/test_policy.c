/* policy.h: entries judged as the real engine judged them (golden/policy). */
#include "../../ceremony/file.h"
#include "../../ceremony/json.h"
#include "../../ceremony/near.h"
#include "../../ceremony/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_vectors(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = {0};
    OWN(json_t) *vectors = NULL;
    struct err err = {0};
    assert_true(file_read(&text, "tests/golden/policy/vectors.json", FILE_MAX_SMALL, &err));
    assert_true(json_read(&vectors, &text, "vectors.json", &err));
    size_t refused = 0, accepted = 0, i;
    json_t *vector;
    json_array_foreach(vectors, i, vector)
    {
        bool loads = json_object_get(json_object_get(vector, "result"), "load_error") == NULL;
        bool ours = policy_check(json_object_get(vector, "policy"), &err);
        if (ours != loads)
            fail_msg("vector %zu: step-ca %s, we do not: %s", i, loads ? "accepts" : "refuses",
                     ours ? "accepted" : err.text);
        loads ? accepted++ : refused++;
    }
    assert_true(refused >= 15);
    assert_true(accepted >= 40);
}

static void entries(const char *type, bool legal, const char *const *list)
{
    for (; *list != NULL; list++) {
        struct err err = {0};
        bool ours = policy_entry_check(type, *list, &err);
        if (ours != legal)
            fail_msg("%s \"%s\": %s", type, *list, ours ? "accepted" : err.text);
        if (!ours)
            assert_non_null(strstr(err.text, type));
    }
}
#define LEGAL(type, ...) entries(type, true, (const char *const[]){__VA_ARGS__, NULL})
#define ILLEGAL(type, ...) entries(type, false, (const char *const[]){__VA_ARGS__, NULL})

static void test_dns(void **state)
{
    (void)state;
    LEGAL("dns", "host.example.com", "*.example.com", "step", "1.2.3.4", " Host.Example.COM ",
          "b\xC3\xBC"
          "cher.de",
          "*.B\xC3\x9C"
          "CHER.de",
          "xn--bcher-kva.de", "xn--bcher-kva", "fa\xC3\x9F.de", "a-b.c", "a--b.c", "0");
    ILLEGAL("dns", "\xE2\x91\xB4.de", "\xE2\x89\xA0.de", "", " ", "*", ".example.com", "*foo", "*foo.com",
            "a.*.b", "**.x", "*.*.x", "a..b", "x.", "*.", "under_score.x", "a b.c", "-a.b", "a-.b", "ab--c.d",
            "xn--zzzzz99999.de", "*.-a", "a@b", "a/b", "a:1", "a.b.", "\xF0\x9F\x98\x80\xE2\x80\x8B!.de",
            "a23456789012345678901234567890123456789012345678901234567890123x.de");
}

static void test_ip(void **state)
{
    (void)state;
    LEGAL("ip", "10.0.0.1", "10.0.0.0/24", "10.0.0.5/24", "0.0.0.0/0", "10.0.0.1/32", "::1", "fe80::/10",
          "::ffff:10.0.0.1", "2001:db8::1/128", "1:2:3:4:5:6:7:8", "10.0.0.0/0024");
    ILLEGAL("ip", "", "010.0.0.1", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/a",
            "::1/129", "fe80::1%eth0", "host", " 10.0.0.1", "10.0.0.1/24/8", "*", "[::1]");
}

static void test_email(void **state)
{
    (void)state;
    LEGAL("email", "a@x.com", "@x.com", "x.com", "A@X.com", "first.last+tag@x.com", "\"q!\"@x.com",
          "b\xC3\xBC"
          "cher.de",
          "step");
    ILLEGAL("email", "", "@", "a@", "*@x.com", "*", "a@b@c", "@.x.com", ".x.com", "a..b@x.com", ".a@x.com",
            "a.@x.com", "a b@x.com", "a@x..com", "a@x_y.com", "a@x.com.", "\"a b\"@x.com", "\"\"@x.com",
            "\"a,b\"@x.com", "a\\\\b@x.com",
            "a@b\xC3\xBC"
            "cher.de");
}

static void test_uri(void **state)
{
    (void)state;
    LEGAL("uri", "x.com", "*.x.com", "localhost", "X.com");
    ILLEGAL("uri", "", "*", "https://x.com", "x.com:443", "10.0.0.1", "::1", "[::1]", "*foo.com", ".x.com",
            "a..b", "x.com.", "a.*", "x.com/path");
}

static void test_cn(void **state)
{
    (void)state;
    LEGAL("cn", "Foo Bar", "foo", "*.x",
          "B\xC3\xBC"
          "cher");
    ILLEGAL("cn", "", " ", "*", " * ");
}

static void test_types(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(policy_entry_check("dnsNames", "a.b", &err));
    assert_non_null(strstr(err.text, "use cn, dns, ip, email or uri"));
}

static void policy(const char *text, const char *message)
{
    OWN_STRUCT(bytes) bytes = bytes_copy(text, strlen(text));
    OWN(json_t) *value = NULL;
    struct err err = {0};
    assert_true(json_read(&value, &bytes, "policy", &err));
    bool legal = policy_check(value, &err);
    if (message == NULL && !legal)
        fail_msg("%s", err.text);
    if (message != NULL && (legal || strstr(err.text, message) == NULL))
        fail_msg("\"%s\" does not say \"%s\"", err.text, message);
}

static void test_objects(void **state)
{
    (void)state;
    policy("{}", NULL);
    policy("{\"x509\":{\"allow\":{\"dns\":[]},\"deny\":{},\"allowWildcardNames\":true}}", NULL);
    policy("{\"ssh\":{\"user\":{\"allow\":{\"principal\":[\"*\"],\"email\":[\"@x.com\"]}},\"host\":{\"deny\":"
           "{\"dns\":[\"x\"]}}}}",
           NULL);
    policy("[]", "\"policy\" must be an object");
    policy("{\"X509\":{}}", "is \"x509\" meant?");
    policy("{\"dns\":[]}", "\"dns\" is not known in \"policy\"");
    policy("{\"x509\":{\"allowed\":{}}}", "is \"allow\" meant?");
    policy("{\"x509\":{\"allow\":{\"dnsNames\":[]}}}", "remove it");
    policy("{\"x509\":{\"allow\":{\"ips\":[]}}}", "is \"ip\" meant?");
    policy("{\"x509\":{\"allow\":{\"dns\":\"x\"}}}", "\"x509.allow.dns\" must be a list of strings");
    policy("{\"x509\":{\"deny\":{\"dns\":[1]}}}", "\"x509.deny.dns\" must be a list of strings");
    policy("{\"x509\":{\"deny\":{\"dns\":[\"x.\"]}}}", "dns entry \"x.\"");
    policy("{\"x509\":{\"allowWildcardNames\":\"no\"}}", "must be true or false");
    policy("{\"ssh\":{\"user\":{\"allow\":{\"cn\":[]}}}}", "\"cn\" is not known in \"ssh.user.allow\"");
    policy("{\"ssh\":{\"users\":{}}}", "is \"user\" meant?");
}

static void test_near(void **state)
{
    (void)state;
    static const char *const known[] = {"crl", "idpURL", "dns", NULL};
    assert_int_equal(near_distance("kitten", "sitting"), 3);
    assert_int_equal(near_distance("", "abc"), 3);
    assert_int_equal(near_distance("ABC", "abc"), 0);
    assert_string_equal(near_word("IDPurl", known), "idpURL");
    assert_string_equal(near_word("idpUri", known), "idpURL");
    assert_null(near_word("xyz", known));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors), cmocka_unit_test(test_dns),     cmocka_unit_test(test_ip),
        cmocka_unit_test(test_email),   cmocka_unit_test(test_uri),     cmocka_unit_test(test_cn),
        cmocka_unit_test(test_types),   cmocka_unit_test(test_objects), cmocka_unit_test(test_near),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

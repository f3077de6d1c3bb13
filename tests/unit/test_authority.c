/* authority.h, making: what `step ca init` wrote, byte for byte, from what it was told. */
#include "../../ceremony/authority.h"
#include "../../ceremony/file.h"
#include "../../ceremony/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct bytes golden(const char *folder, const char *name)
{
    OWN(char) *path = text_format("tests/golden/%s/%s", folder, name);
    struct bytes text = {0};
    struct err err = {0};
    if (!file_read(&text, path, FILE_MAX_SMALL, &err))
        fail_msg("%s", err.text);
    return text;
}

static json_t *parsed(const struct bytes *text)
{
    json_t *value = NULL;
    struct err err = {0};
    if (!json_read(&value, text, "golden", &err))
        fail_msg("%s", err.text);
    return value;
}

/* Key, encrypted key and fingerprint are the golden ones; all else is made from the options. */
static void reproduces(const char *folder, const struct authority_options *options)
{
    OWN_STRUCT(bytes) ca = golden(folder, "ca.json"), defaults = golden(folder, "defaults.json");
    OWN_STRUCT(bytes) our_ca = {0}, our_defaults = {0};
    OWN(json_t) *ca_value = parsed(&ca), *defaults_value = parsed(&defaults);
    const json_t *provisioner =
        json_array_get(json_object_get(json_object_get(ca_value, "authority"), "provisioners"), 0);
    struct err err = {0};
    if (!authority_config(&our_ca, options, json_object_get(provisioner, "key"),
                          json_string_value(json_object_get(provisioner, "encryptedKey")), &err) ||
        !authority_defaults(&our_defaults, options,
                            json_string_value(json_object_get(defaults_value, "fingerprint")), &err))
        fail_msg("%s", err.text);
    assert_string_equal(bytes_string(&our_ca), bytes_string(&ca));
    assert_string_equal(bytes_string(&our_defaults), bytes_string(&defaults));
}

static const char *const one_name[] = {"ca.example.com", NULL};

static struct authority_options options(void)
{
    return (struct authority_options){.folder = "/home/ca/.step",
                                      .name = "Example Intermediate CA",
                                      .dns = one_name,
                                      .address = ":443",
                                      .provisioner = "step"};
}

static void test_init(void **state)
{
    (void)state;
    struct authority_options o = options();
    o.provisioner = "admin@example.com";
    reproduces("01-init/config", &o);
}

static void test_variants(void **state)
{
    (void)state;
    static const char *const many[] = {"ca.example.com", "10.1.2.3", "[::1]", NULL};
    struct authority_options o = options();
    o.address = "127.0.0.1:9000";
    reproduces("init-variants/port", &o);
    o = options();
    o.dns = many;
    o.address = ":8443";
    reproduces("init-variants/multidns", &o);
    o = options();
    o.no_db = true;
    reproduces("init-variants/nodb", &o);
    o = options();
    o.acme = true;
    reproduces("init-variants/acme", &o);
    o = options();
    o.ca_url = "https://pki.example.com:9999";
    reproduces("init-variants/withcaurl", &o);
}

/* Step puts the provisioner into its database, which is not written here: it stays, and the rest is equal. */
static void test_remote(void **state)
{
    (void)state;
    struct authority_options o = options();
    struct err err = {0};
    OWN_STRUCT(bytes) ca = golden("init-variants/remote", "ca.json"), ours = {0};
    OWN(json_t) *jwk = json_object();
    o.remote_management = true;
    if (!authority_config(&ours, &o, jwk, "jwe", &err))
        fail_msg("%s", err.text);
    OWN(json_t) *made = parsed(&ours);
    json_t *authority = json_object_get(made, "authority");
    assert_int_equal(json_array_size(json_object_get(authority, "provisioners")), 1);
    assert_int_equal(json_object_del(authority, "provisioners"), 0);
    OWN_STRUCT(bytes) rest = {0};
    json_go(&rest, made);
    assert_string_equal(bytes_string(&rest), bytes_string(&ca));
    o.no_db = true;
    assert_false(authority_check_options(&o, &err));
    assert_non_null(strstr(err.text, "take no_db out"));
}

static void refused(const struct authority_options *o, const char *message)
{
    struct err err = {0};
    OWN_STRUCT(bytes) out = {0};
    assert_false(authority_check_options(o, &err));
    if (strstr(err.text, message) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", err.text, message);
    assert_false(authority_defaults(&out, o, digest_zero, &err));
    assert_int_equal(out.len, 0);
}

static void test_options(void **state)
{
    (void)state;
    struct authority_options o = options();
    struct err err = {0};
    assert_true(authority_check_options(&o, &err));
#define REFUSED(member, value, message)                                                                      \
    do {                                                                                                     \
        o = options();                                                                                       \
        o.member = value;                                                                                    \
        refused(&o, message);                                                                                \
    } while (0)
    REFUSED(folder, "step", "absolute path");
    REFUSED(folder, "/home/ca/", "absolute path");
    REFUSED(folder, "", "is empty");
    REFUSED(name, "", "name is empty");
    REFUSED(name, NULL, "name is empty");
    REFUSED(name, "a\nb", "control character");
    REFUSED(name, "0123456789012345678901234567890123456789012345678", "longer than 48");
    REFUSED(provisioner, "", "provisioner is empty");
    REFUSED(address, "", "address is empty");
    REFUSED(address, "443", "has no port");
    REFUSED(address, "ca.example.com", "has no port");
    REFUSED(address, ":0", "port from 1 to 65535");
    REFUSED(address, ":https", "port from 1 to 65535");
    REFUSED(address, "::1:443", "more than one colon");
    REFUSED(address, "a_b:443", "no host name has");
    REFUSED(ca_url, "http://ca.example.com", "must be https");
    REFUSED(ca_url, "ca.example.com", "no absolute URL");
#undef REFUSED
}

static void test_dns(void **state)
{
    (void)state;
    static const char *const bad[][3] = {{NULL},
                                         {""},
                                         {"*.example.com"},
                                         {"a b"},
                                         {"a,b"},
                                         {"a."},
                                         {"-a.b"},
                                         {"a-"},
                                         {"a..b"},
                                         {"a", "A"},
                                         {"::1", "[::1]"},
                                         {"b\xC3\xBC"
                                          "cher.de"},
                                         {"[a]"}};
    struct authority_options o = options();
    struct err err = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        o.dns = bad[i];
        refused(&o, "dns");
    }
    static const char *const v6[] = {"[2001:DB8:0::1]", NULL};
    o.dns = v6;
    refused(&o, "IPv6");
    o.address = ":8443";
    OWN_STRUCT(bytes) defaults = {0};
    assert_true(authority_defaults(&defaults, &o, digest_zero, &err));
    assert_non_null(strstr(bytes_string(&defaults), "\"ca-url\": \"https://[2001:db8::1]:8443\""));
}

static void test_duration(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long long ns;
        const char *go;
    } legal[] = {
        {"24h", 86400000000000, "24h0m0s"},
        {"16h0m0s", 57600000000000, "16h0m0s"},
        {"0", 0, "0s"},
        {"1m0s", 60000000000, "1m0s"},
        {"1.5h", 5400000000000, "1h30m0s"},
        {"100ms", 100000000, "100ms"},
        {"1500ms", 1500000000, "1.5s"},
        {"-5m", -300000000000, "-5m0s"},
        {"87660h", 315576000000000000, "87660h0m0s"},
        {"3us", 3000, "3\xC2\xB5s"},
        {"1h1s", 3601000000000, "1h0m1s"},
        {".5s", 500000000, "500ms"},
        {"7ns", 7, "7ns"},
        {"1.001us", 1001, "1.001\xC2\xB5s"},
        {"+2s", 2000000000, "2s"},
    };
    for (size_t i = 0; i < sizeof legal / sizeof *legal; i++) {
        long long ns = 0;
        char text[48];
        struct err err = {0};
        if (!duration_parse(&ns, legal[i].text, &err))
            fail_msg("%s", err.text);
        assert_true(ns == legal[i].ns);
        duration_text(text, ns);
        assert_string_equal(text, legal[i].go);
    }
    static const char *const illegal[] = {"",  "7d",     "24", "h",           "1 h",     "1h ",  "24H",
                                          "-", "1.2.3s", ".s", "9999999999h", "5 years", "1h-5m"};
    for (size_t i = 0; i < sizeof illegal / sizeof *illegal; i++) {
        long long ns = 42;
        struct err err = {0};
        assert_false(duration_parse(&ns, illegal[i], &err));
        assert_true(ns == 42);
    }
}

static void test_url(void **state)
{
    (void)state;
    struct url url;
    const char *fault = NULL;
    assert_true(url_parse(&url, "HTTP://CA.Example.com:8080/crl?x#y", &fault));
    assert_string_equal(url.scheme, "http");
    assert_string_equal(url.host, "ca.example.com");
    assert_int_equal(url.port, 8080);
    assert_string_equal(url.path, "/crl?x#y");
    assert_true(url_parse(&url, "https://[::1]/", NULL));
    assert_string_equal(url.host, "::1");
    assert_int_equal(url.port, 0);
    static const char *const bad[] = {"",
                                      "/crl",
                                      "ftp://a/b",
                                      "http://",
                                      "http://a b/",
                                      "http://u@a/",
                                      "http://a:0/",
                                      "http://a:b/",
                                      "http://[::1/",
                                      "http://a_b/",
                                      "http://\xC3\xBC/",
                                      "ldap://x",
                                      "http://a/\x7F",
                                      "http:/a"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(url_parse(&url, bad[i], &fault));
}

static void test_findings(void **state)
{
    (void)state;
    OWN_STRUCT(findings) f = {0};
    findings_add(&f, SEVERITY_ERROR, "a_rule", "a.json: b", "RFC 1", "%s and %d", "x", 2);
    findings_add(&f, SEVERITY_NOTE, "b_rule", "c", "", "%0600d", 1);
    findings_add(&f, SEVERITY_ERROR, "c_rule", "c", "", "c");
    assert_int_equal(f.count, 3);
    assert_int_equal(findings_errors(&f), 2);
    assert_string_equal(f.list[0].rule, "a_rule");
    assert_string_equal(f.list[0].text, "x and 2");
    assert_int_equal(strlen(f.list[1].text), sizeof f.list[1].text - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_init),    cmocka_unit_test(test_variants), cmocka_unit_test(test_remote),
        cmocka_unit_test(test_options), cmocka_unit_test(test_dns),      cmocka_unit_test(test_duration),
        cmocka_unit_test(test_url),     cmocka_unit_test(test_findings),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

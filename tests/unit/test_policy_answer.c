/* An answer of the policy engine in words: to the client, in the log, and for SSH. */
#include "policies.h"

/* ---- what the client sees ---- */

static void http(const char *policy, enum policy_kind kind, enum policy_type type, const char *text,
                 int status, const char *message, const char *error)
{
    OWN_POLICY_ENGINE *engine = compile(policy, kind);
    const struct policy_name name = {type, text};
    const struct policy_answer answer = policy_judge(engine, &name);
    OWN_STRUCT(bytes) said = {0};
    OWN_STRUCT(bytes) log = {0};
    policy_answer_message(&said, &answer);
    policy_answer_error(&log, &answer);
    assert_int_equal(policy_answer_status(&answer), status);
    assert_string_equal(bytes_string(&said), message);
    assert_string_equal(bytes_string(&log), error);
}

static void test_http(void **state)
{
    (void)state;
#define P                                                                                                    \
    "{\"x509\":{\"allow\":{\"dns\":[\"a.b\"],\"email\":[\"x.com\"],\"uri\":[\"x.com\"],\"ip\":[\"::1\"]}}}"
#define FORBIDDEN "The request was forbidden by the certificate authority: "
    http(P, POLICY_X509, POLICY_DNS, "a.b", 201, "", "");
    http(P, POLICY_X509, POLICY_DNS, "X", 403, FORBIDDEN "dns name \"X\" not allowed",
         "dns name \"X\" not allowed");
    http(P, POLICY_X509, POLICY_CN, "X", 403, FORBIDDEN "cn name \"X\" not allowed",
         "cn name \"X\" not allowed");
    http(P, POLICY_X509, POLICY_IP, "1:0:0:2:0:0:0:3", 403, FORBIDDEN "ip name \"1:0:0:2::3\" not allowed",
         "ip name \"1:0:0:2::3\" not allowed");
    http(P, POLICY_X509, POLICY_URI, "HTTPS://y/a b", 403,
         FORBIDDEN "uri name \"https://y/a%20b\" not allowed", "uri name \"https://y/a%20b\" not allowed");
    http(P, POLICY_X509, POLICY_IP, "1:0:0:2:0:0:3:4", 403, FORBIDDEN "ip name \"1::2:0:0:3:4\" not allowed",
         "ip name \"1::2:0:0:3:4\" not allowed");
    http(P, POLICY_X509, POLICY_IP, "1:0:2:3:4:5:6:7", 403,
         FORBIDDEN "ip name \"1:0:2:3:4:5:6:7\" not allowed", "ip name \"1:0:2:3:4:5:6:7\" not allowed");
    http(P, POLICY_X509, POLICY_URI, "x://u:p@y/\xC3\xA9?a b#c d", 403,
         FORBIDDEN "uri name \"x://u:p@y/%C3%A9?a b#c%20d\" not allowed",
         "uri name \"x://u:p@y/%C3%A9?a b#c%20d\" not allowed");
    http(P, POLICY_X509, POLICY_CN, "Friendly Name", 500, "error creating certificate",
         "cannot parse cn domain \"Friendly Name\"");
    http(P, POLICY_X509, POLICY_EMAIL, "a b@x.com", 500, "error creating certificate",
         "cannot parse email rfc822Name \"a b@x.com\"");
    http(P, POLICY_X509, POLICY_URI, "urn:x", 500, "error creating certificate",
         "error matching uri name \"urn:x\" to constraint");
    http(P, POLICY_X509, POLICY_EMAIL, "a@*", 0, "", "");
    http(P, POLICY_X509, POLICY_IP, "x", 400, "", "");
    http(P, POLICY_X509, POLICY_DNS, "a\tb\x01\xC2\xA0\"\xF0\x9F\x98\x80", 500, "error creating certificate",
         "cannot parse dns domain \"a\\tb\\x01\\u00a0\\\"\xF0\x9F\x98\x80\"");
}

static void detail(const char *policy, enum policy_type type, const char *text, const char *expected)
{
    OWN_POLICY_ENGINE *engine = compile(policy, POLICY_X509);
    const struct policy_name name = {type, text};
    const struct policy_answer answer = policy_judge(engine, &name);
    OWN_STRUCT(bytes) said = {0};
    policy_answer_detail(&said, &answer);
    assert_string_equal(bytes_string(&said), expected);
}

/* The log shows entries as the engine keeps them. */
static void test_details(void **state)
{
    (void)state;
#define D                                                                                                    \
    "{\"x509\":{\"deny\":{\"dns\":[\"*.X\"],\"ip\":[\"10.0.0.5/"                                             \
    "24\",\"::1\"],\"uri\":[\"x\"],\"email\":[\"\\\"a,b\\\"@x\"]}}}"
    detail(D, POLICY_DNS, "a.x", "dns \"a.x\" is excluded by constraint \".x\"");
    detail(D, POLICY_IP, "10.0.0.9", "ip \"10.0.0.9\" is excluded by constraint \"10.0.0.0/24\"");
    detail(D, POLICY_IP, "0:0::1", "ip \"::1\" is excluded by constraint \"::1/128\"");
    detail(D, POLICY_URI, "urn:x", "URI with empty host (\"urn:x\") cannot be matched against constraints");
    detail(D, POLICY_URI, "https://*.x/", "URI host \"https://*.x/\" cannot contain asterisk");
    detail(D, POLICY_URI, "https://[::1]/",
           "URI with IP \"https://[::1]/\" cannot be matched against constraints");
    detail(D, POLICY_URI, "https://a:b:1/", "address a:b:1: too many colons in address");
    detail(D, POLICY_URI, "https://a]b:1/", "address a]b:1: unexpected ']' in address");
    detail(D, POLICY_URI, "https://a..b:1/", "cannot parse domain \"a..b\"");
    detail(D, POLICY_EMAIL, "c@x", "cannot parse constraint \"a,b@x\"");
    detail(D, POLICY_EMAIL, "c x", "invalid rfc822Name {\"\" \"\"}");
}

/* ---- ssh ---- */

static void ssh(const char *policy, enum policy_kind kind, const char *name, const char *reason,
                const char *error)
{
    OWN(char) *whole = text_format("{\"ssh\":%s}", policy);
    OWN_POLICY_ENGINE *engine = compile(whole, kind);
    const struct policy_name asked = {POLICY_PRINCIPAL, name};
    const struct policy_answer answer = policy_judge(engine, &asked);
    OWN_STRUCT(bytes) said = {0};
    policy_answer_error(&said, &answer);
    assert_string_equal(policy_reason_word(answer.reason), reason);
    assert_string_equal(bytes_string(&said), error);
}

static void test_ssh(void **state)
{
    (void)state;
#define USER                                                                                                 \
    "{\"user\":{\"allow\":{\"principal\":[\"root\",\"\xE2\x84\xAA"                                           \
    "ate\"],\"email\":[\"@x.com\"]},\"deny\":{\"principal\":[\"bob\"]}}}"
#define HOST "{\"host\":{\"allow\":{\"dns\":[\"*.x\"],\"ip\":[\"10.0.0.0/8\"]}}}"
    ssh(USER, POLICY_SSH_USER, "ROOT", "entry_allows", "");
    ssh(USER, POLICY_SSH_USER, "kate", "entry_allows", "");
    ssh(USER, POLICY_SSH_USER, "a@x.com", "entry_allows", "");
    ssh(USER, POLICY_SSH_USER, "Bob", "entry_denies", "principal name \"Bob\" not allowed");
    ssh(USER, POLICY_SSH_USER, "eve", "no_match", "principal name \"eve\" not allowed");
    ssh(USER, POLICY_SSH_USER, "::0:1", "ssh_unexpected",
        "IP principals [::1] not expected in SSH user certificate ");
    ssh(USER, POLICY_SSH_USER, "urn:x", "ssh_unexpected",
        "URL principals [urn:x] not expected in SSH user certificate ");
    ssh(USER, POLICY_SSH_HOST, "a.x", "ssh_closed", "authority not allowed to sign ssh host certificates");
    ssh(HOST, POLICY_SSH_HOST, "a.x", "entry_allows", "");
    ssh(HOST, POLICY_SSH_HOST, "10.1.1.1", "entry_allows", "");
    ssh(HOST, POLICY_SSH_HOST, "a@x", "type_closed", "email name \"a@x\" not allowed");
    ssh(HOST, POLICY_SSH_USER, "root", "ssh_closed", "authority not allowed to sign ssh user certificates");
    ssh("{\"user\":{\"allow\":{\"principal\":[\"*\"]}}}", POLICY_SSH_USER, "anybody", "entry_allows", "");
    ssh("{\"user\":{\"deny\":{\"principal\":[\"*\"]}}}", POLICY_SSH_USER, "x", "entry_denies",
        "principal name \"x\" not allowed");
    ssh("{}", POLICY_SSH_HOST, "urn:x", "no_rules", "");
    http("{\"ssh\":" USER "}", POLICY_SSH_HOST, POLICY_PRINCIPAL, "a", 500,
         "authority.SignSSH: error creating ssh certificate",
         "authority not allowed to sign ssh host certificates");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_http), cmocka_unit_test(test_details),
                                       cmocka_unit_test(test_ssh)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

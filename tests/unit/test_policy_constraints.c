/* policy_name_constraints, judged by OpenSSL's own checker; and policies against certificates that openssl
 * made. */
#include "../../ceremony/file.h"
#include "../../ceremony/json.h"
#include "../../ceremony/policy.h"
#include "../../ceremony/policyreport.h"
#include "../../ceremony/ssl.h"

#include "stranger.h"

#include <openssl/pem.h>

static json_t *parse(const char *text)
{
    OWN_STRUCT(bytes) bytes = bytes_copy(text, strlen(text));
    json_t *value = NULL;
    struct err err = {0};
    if (!json_read(&value, &bytes, "policy", &err))
        fail_msg("%s: %s", text, err.text);
    return value;
}

#define POLICY(allow, deny) "{\"x509\":{\"allow\":{" allow "},\"deny\":{" deny "}}}"

static void constraints(const char *policy, const char *expected)
{
    OWN(json_t) *value = parse(policy);
    OWN(json_t) *made = NULL;
    OWN_STRUCT(bytes) text = {0};
    struct err err = {0};
    if (!policy_name_constraints(&made, value, &err))
        fail_msg("%s: %s", policy, err.text);
    json_go_compact(&text, made);
    assert_string_equal(bytes_string(&text), expected);
}

#define NO_DNS "\"excludedDNSDomains\":[\"\"]"
#define NO_IP "\"excludedIPRanges\":[\"0.0.0.0/0\",\"::/0\"]"
#define NO_EMAIL "\"permittedEmailAddresses\":[\"invalid\"]"
#define NO_URI "\"permittedURIDomains\":[\"invalid\"]"

static void test_members(void **state)
{
    (void)state;
    constraints(POLICY("\"dns\":[\"*.Local.Example.com\",\"local.example.com\"]", ""),
                "{\"critical\":true,\"permittedDNSDomains\":[\"local.example.com\"]," NO_IP "," NO_EMAIL
                "," NO_URI "}");
    constraints(
        POLICY("\"dns\":[\"*.local.example.com\"],\"ip\":[\"10.0.0.5/24\"]",
               "\"dns\":[\"forbidden.local.example.com\"],\"ip\":[\"192.168.1.153\"]"),
        "{\"critical\":true,\"permittedDNSDomains\":[\"local.example.com\"],"
        "\"excludedDNSDomains\":[\"forbidden.local.example.com\"],\"permittedIPRanges\":[\"10.0.0.0/24\"],"
        "\"excludedIPRanges\":[\"192.168.1.153/32\",\"::/0\"]," NO_EMAIL "," NO_URI "}");
    constraints(
        POLICY("\"ip\":[\"fe80::1\"],\"email\":[\"a@x.com\",\"@y.com\"],\"uri\":[\"*.x\",\"b\xC3\xBC.de\"]",
               ""),
        "{\"critical\":true," NO_DNS
        ",\"permittedIPRanges\":[\"fe80::1/128\"],\"excludedIPRanges\":[\"0.0.0.0/"
        "0\"],\"permittedEmailAddresses\":[\"a@x.com\",\"y.com\"],\"permittedURIDomains\":[\".x\",\"xn--b-"
        "eha.de\"]}");
    /* A kind with denials alone stays open. */
    constraints(
        POLICY("\"ip\":[\"::1\",\"10.0.0.1\"],\"dns\":[\"x\"]", "\"email\":[\"a@b\"],\"uri\":[\"c\"]"),
        "{\"critical\":true,\"permittedDNSDomains\":[\"x\"],\"permittedIPRanges\":[\"::1/128\",\"10.0.0.1/"
        "32\"],"
        "\"excludedEmailAddresses\":[\"a@b\"],\"excludedURIDomains\":[\"c\"]}");
    constraints(POLICY("", "\"ip\":[\"10.0.0.0/8\"]"),
                "{\"critical\":true,\"excludedIPRanges\":[\"10.0.0.0/8\"]}");
}

static void refused(const char *policy, const char *message)
{
    OWN(json_t) *value = parse(policy);
    json_t *made = NULL;
    struct err err = {0};
    if (policy_name_constraints(&made, value, &err) || strstr(err.text, message) == NULL)
        fail_msg("%s: \"%s\" does not say \"%s\"", policy, err.text, message);
    assert_null(made);
}

static void test_refused(void **state)
{
    (void)state;
    refused("{}", "no entry");
    refused("{\"x509\":{\"allow\":{\"dns\":[]}}}", "no entry");
    refused(POLICY("\"dns\":[\"x.\"]", ""), "dns entry \"x.\"");
    refused(POLICY("\"dns\":[\"a.b\"]", "\"cn\":[\"foo\"]"), "deny.cn \"foo\"");
    refused(POLICY("\"cn\":[\"web.x\"],\"dns\":[\"a.b\"]", ""), "allow.cn \"web.x\"");
    refused(POLICY("\"dns\":[\"x.com\",\"*.y\"]", "\"dns\":[\"*.x.com\"]"), "allow.dns \"x.com\"");
    refused(POLICY("\"dns\":[\"b.a.x\"]", "\"dns\":[\"*.x\"]"), "exclude all of x");
    refused(POLICY("\"dns\":[\"*.web.x\",\"*.x\"]", "\"dns\":[\"web.x\"]"), "allow.dns \"*.web.x\"");
    refused(POLICY("\"uri\":[\"b.a.x\"]", "\"uri\":[\"*.x\"]"), "deny.uri \"*.x\"");
    refused(POLICY("\"ip\":[\"::1\"]", "\"dns\":[\"x\"]"), "no allow.dns");
    refused(POLICY("", "\"uri\":[\"*.x\"]"), "no allow.uri");
    refused(POLICY("\"email\":[\"user@\"]", ""), "user@");
}

static void test_not_refused(void **state)
{
    (void)state;
    static const char *const good[] = {
        POLICY("\"dns\":[\"*.x\"]", "\"dns\":[\"web.x\",\"other.y\"]"),
        POLICY("\"dns\":[\"a.x\"]", "\"dns\":[\"*.x\"]"),
        POLICY("\"dns\":[\"x\",\"*.y\"]", "\"dns\":[\"*.x\",\"x\"]"),
        POLICY("\"dns\":[\"ax.com\"]", "\"dns\":[\"x.com\"]"),
        POLICY("\"uri\":[\"b.a.x\",\"x\"]", "\"uri\":[\"a.x\",\"*.c.x\"]"),
        POLICY("\"cn\":[\"Friendly Name\",\"web.x\"],\"dns\":[\"*.x\"]", ""),
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        OWN(json_t) *value = parse(good[i]);
        OWN(json_t) *made = NULL;
        struct err err = {0};
        if (!policy_name_constraints(&made, value, &err))
            fail_msg("%s: %s", good[i], err.text);
    }
}

/* ---- OpenSSL's verdict ---- */

static NAME_CONSTRAINTS *encode(const json_t *members)
{
    OWN(json_t) *certificate =
        json_pack("{s:s, s:[s], s:{s:b, s:i}, s:O}", "subject", "CA", "keyUsage", "certSign",
                  "basicConstraints", "isCA", 1, "maxPathLen", 0, "nameConstraints", members);
    OWN_STRUCT(bytes) text = {0};
    OWN_PROFILE *profile = NULL;
    struct err err = {0};
    OWN(X509) *cert = X509_new();
    OWN(EVP_PKEY) *key = EVP_EC_gen("P-256");
    json_go_compact(&text, certificate);
    assert_int_equal(X509_set_pubkey(cert, key), 1);
    if (!profile_parse(&profile, &text, false, "constraints", &err) ||
        !profile_extend_certificate(cert, profile, NULL, &err))
        fail_msg("%s", err.text);
    int critical = 0;
    NAME_CONSTRAINTS *names = X509_get_ext_d2i(cert, NID_name_constraints, &critical, NULL);
    assert_non_null(names);
    assert_int_equal(critical, 1);
    return names;
}

static bool permits(NAME_CONSTRAINTS *names, enum policy_type type, const char *text)
{
    static const char *const kinds[] = {
        [POLICY_DNS] = "DNS", [POLICY_IP] = "IP", [POLICY_EMAIL] = "email", [POLICY_URI] = "URI"};
    OWN(X509) *leaf = X509_new();
    OWN(char) *value = text_format("%s:%s", kinds[type], text);
    OWN(X509_EXTENSION) *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, value);
    assert_non_null(san);
    assert_int_equal(X509_add_ext(leaf, san, -1), 1);
    (void)X509_check_purpose(leaf, -1, -1);
    return NAME_CONSTRAINTS_check(leaf, names) == X509_V_OK;
}

static const struct policy_name asked[] = {
    {POLICY_DNS, "web.x.com"},     {POLICY_DNS, "x.com"},          {POLICY_DNS, "a.web.x.com"},
    {POLICY_DNS, "y.org"},         {POLICY_DNS, "a.y.org"},        {POLICY_DNS, "ax.com"},
    {POLICY_IP, "10.0.0.7"},       {POLICY_IP, "10.1.0.7"},        {POLICY_IP, "192.168.1.153"},
    {POLICY_IP, "fe80::1"},        {POLICY_EMAIL, "a@x.com"},      {POLICY_EMAIL, "b@x.com"},
    {POLICY_EMAIL, "a@w.x.com"},   {POLICY_URI, "https://x.com/"}, {POLICY_URI, "https://a.x.com/"},
    {POLICY_URI, "https://y.org/"}};
#define ASKED (sizeof asked / sizeof asked[0])

/* What the policy allows is permitted; of a kind that it closes nothing is. */
static void test_openssl_agrees(void **state)
{
    (void)state;
    static const struct {
        const char *policy;
        enum policy_type closed;
    } trials[] = {
        {POLICY("\"dns\":[\"*.x.com\",\"x.com\",\"y.org\"]", "\"dns\":[\"forbidden.x.com\"]"), POLICY_IP},
        {POLICY("\"dns\":[\"*.x.com\"],\"ip\":[\"10.0.0.0/24\"]", "\"dns\":[\"web.x.com\"]"), POLICY_EMAIL},
        {POLICY("\"ip\":[\"10.0.0.0/8\",\"fe80::/10\"]", "\"ip\":[\"10.1.0.0/16\"]"), POLICY_URI},
        {POLICY("\"email\":[\"a@x.com\",\"w.x.com\"],\"uri\":[\"x.com\",\"*.x.com\"]", ""), POLICY_DNS},
        {POLICY("\"uri\":[\"y.org\"]", "\"email\":[\"b@x.com\"]"), POLICY_IP},
        {POLICY("", "\"email\":[\"a@x.com\"],\"uri\":[\"x.com\"],\"ip\":[\"10.0.0.7\"]"), POLICY_TYPES},
    };
    for (size_t t = 0; t < sizeof trials / sizeof *trials; t++) {
        OWN(json_t) *policy = parse(trials[t].policy);
        OWN(json_t) *members = NULL;
        OWN_POLICY_ENGINE *engine = NULL;
        struct err err = {0};
        assert_true(policy_name_constraints(&members, policy, &err));
        assert_true(policy_engine_new(&engine, policy, POLICY_X509, &err));
        OWN(NAME_CONSTRAINTS) *names = encode(members);
        for (size_t i = 0; i < ASKED; i++) {
            const struct policy_answer answer = policy_judge(engine, &asked[i]);
            bool permitted = permits(names, asked[i].type, asked[i].text);
            if (policy_allowed(&answer) && !permitted)
                fail_msg("%s: allows %s, its constraints do not", trials[t].policy, asked[i].text);
            if (asked[i].type == trials[t].closed && permitted)
                fail_msg("%s: its constraints permit %s", trials[t].policy, asked[i].text);
        }
    }
}

/* ---- a policy against a certificate ---- */

static X509 *issuer_new(const char *extension)
{
    OWN(char) *command = text_format(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
        "/dev/null -subj /CN=x -days 1 %s%s%s 2>/dev/null",
        *extension != 0 ? "-addext nameConstraints=critical,'" : "", extension, *extension != 0 ? "'" : "");
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    X509 *cert = PEM_read_X509(pipe, NULL, NULL, NULL);
    assert_int_equal(pclose(pipe), 0);
    assert_non_null(cert);
    return cert;
}

static void against(const char *policy, const char *extension, const char *rule, enum severity severity,
                    const char *place, const char *text)
{
    OWN(char) *whole = text_format("{\"authority\":{\"policy\":%s}}", policy);
    OWN(json_t) *config = parse(whole);
    OWN(X509) *issuer = issuer_new(extension);
    OWN_STRUCT(findings) found = {0};
    policy_certificate_check(&found, config, issuer);
    const struct finding *hit = NULL;
    for (size_t i = 0; i < found.count; i++)
        if (strcmp(found.list[i].rule, rule) == 0)
            hit = &found.list[i];
    if (place == NULL && hit != NULL)
        fail_msg("%s against %s: %s: %s", policy, extension, rule, hit->text);
    if (place != NULL && (hit == NULL || hit->severity != severity || strstr(hit->place, place) == NULL ||
                          strstr(hit->text, text) == NULL))
        fail_msg("%s against %s: %s: %s", policy, extension, rule, hit != NULL ? hit->text : "not found");
}
#define FIRES(policy, extension, rule, severity, place, text)                                                \
    against(policy, extension, rule, severity, place, text)
#define SILENT(policy, extension, rule) against(policy, extension, rule, SEVERITY_NOTE, NULL, "")

#define BEYOND "policy_beyond_constraints"
#define W SEVERITY_WARNING
#define WHOLE(type, entry) POLICY("\"" type "\":[\"" entry "\"]", "")

static void test_beyond(void **state)
{
    (void)state;
    FIRES(WHOLE("dns", "*.a.com"), "permitted;DNS:b.com", BEYOND, W, "allow.dns.0", "all of it");
    FIRES(WHOLE("dns", "*.a.com"), "permitted;DNS:x.a.com", BEYOND, W, "allow.dns.0", "part of it");
    FIRES(WHOLE("dns", "*.a.com"), "excluded;DNS:x.a.com", BEYOND, W, "allow.dns.0", "part of it");
    FIRES(WHOLE("dns", "w.a.com"), "excluded;DNS:a.com", BEYOND, W, "allow.dns.0", "all of it");
    FIRES(WHOLE("dns", "a.com"), "permitted;DNS:.a.com", BEYOND, W, "allow.dns.0", "all of it");
    FIRES(WHOLE("ip", "10.0.0.0/8"), "permitted;IP:10.0.0.0/255.255.255.0", BEYOND, W, "allow.ip.0",
          "part of it");
    FIRES(WHOLE("ip", "::1"), "permitted;IP:10.0.0.0/255.255.255.0", BEYOND, W, "allow.ip.0", "all of it");
    FIRES(WHOLE("email", "x.com"), "permitted;email:a@x.com", BEYOND, W, "allow.email.0", "part of it");
    FIRES(WHOLE("email", "a@x.com"), "permitted;email:.x.com", BEYOND, W, "allow.email.0", "all of it");
    FIRES(WHOLE("uri", "*.x.com"), "permitted;URI:a.x.com", BEYOND, W, "allow.uri.0", "part of it");
    SILENT(WHOLE("dns", "*.a.com"), "permitted;DNS:A.com", BEYOND);
    SILENT(POLICY("\"dns\":[\"*.a.com\"]", "\"dns\":[\"x.a.com\"]"), "excluded;DNS:x.a.com", BEYOND);
    FIRES(POLICY("\"dns\":[\"*.a.com\"]", "\"dns\":[\"x.a.com\"]"), "excluded;DNS:y.a.com", BEYOND, W,
          "allow.dns.0", "part of it");
    FIRES(POLICY("\"dns\":[\"*.x.a.com\"]", "\"dns\":[\"x.a.com\"]"), "excluded;DNS:x.a.com", BEYOND, W,
          "allow.dns.0", "all of it");
    SILENT(POLICY("\"ip\":[\"10.0.0.0/8\"]", "\"ip\":[\"10.1.0.0/16\",\"10.2.3.4\"]"),
           "excluded;IP:10.1.0.0/255.255.0.0,excluded;IP:10.2.3.4/255.255.255.255", BEYOND);
    SILENT(POLICY("\"email\":[\"x.com\"],\"uri\":[\"*.x.com\"]",
                  "\"email\":[\"a@x.com\"],\"uri\":[\"a.x.com\"]"),
           "excluded;email:a@x.com,excluded;URI:a.x.com", BEYOND);
    SILENT(WHOLE("dns", "*.a.com"), "permitted;DNS:com", BEYOND);
    SILENT(WHOLE("dns", "*.a.com"), "permitted;DNS:.a.com", BEYOND);
    SILENT(WHOLE("dns", "*.a.com"), "permitted;IP:10.0.0.0/255.0.0.0", BEYOND);
    SILENT(WHOLE("dns", "*.a.com"), "", BEYOND);
    SILENT(WHOLE("ip", "10.0.0.0/24"), "permitted;IP:10.0.0.0/255.0.0.0,excluded;IP:10.1.0.0/255.255.0.0",
           BEYOND);
    SILENT(WHOLE("email", "a@x.com"), "permitted;email:x.com", BEYOND);
    SILENT(WHOLE("uri", "*.x.com"), "permitted;URI:.x.com", BEYOND);
    SILENT(WHOLE("uri", "a.b.x.com"), "permitted;URI:.x.com", BEYOND);
    SILENT(WHOLE("email", "a@s.x.com"), "permitted;email:.x.com", BEYOND);
    SILENT("{}", "permitted;DNS:a.com", BEYOND);
}

static void test_unused(void **state)
{
    (void)state;
    FIRES(WHOLE("dns", "*.a.com"), "permitted;DNS:a.com,permitted;DNS:b.com", "constraints_unused",
          SEVERITY_NOTE, "crt", "b.com");
    FIRES(WHOLE("dns", "*.a.com"), "permitted;IP:10.0.0.0/255.0.0.0", "constraints_unused", SEVERITY_NOTE,
          "crt", "10.0.0.0/8");
    SILENT(WHOLE("dns", "*.a.com"), "permitted;DNS:a.com", "constraints_unused");
    SILENT(POLICY("\"dns\":[\"*.a.com\"]", "\"ip\":[\"::1\"]"), "permitted;IP:10.0.0.0/255.0.0.0",
           "constraints_unused");
}

static void test_open(void **state)
{
    (void)state;
    FIRES(WHOLE("dns", "*.a.com"), "permitted;DNS:a.com", "constraints_open", SEVERITY_NOTE, "crt",
          "ip, email, uri");
    SILENT(WHOLE("dns", "*.a.com"),
           "permitted;DNS:a.com,permitted;email:invalid,permitted;URI:invalid,excluded;IP:0.0.0.0/0.0.0.0",
           "constraints_open");
    SILENT(POLICY("", "\"dns\":[\"*.a.com\"]"), "permitted;DNS:a.com", "constraints_open");
}

/* What we would have written ourselves says nothing. */
static void test_own_constraints(void **state)
{
    (void)state;
    SILENT(WHOLE("dns", "*.a.com"), "permitted;DNS:a.com,permitted;email:invalid,permitted;URI:invalid",
           "constraints_unused");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_not_refused), cmocka_unit_test(test_openssl_agrees),
        cmocka_unit_test(test_beyond),      cmocka_unit_test(test_unused),
        cmocka_unit_test(test_open),        cmocka_unit_test(test_own_constraints),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* authority_check_config: what is found in a policy, and where nothing is. */
#include "trial.h"

#define POLICY "authority.policy"
#define X509 POLICY ".x509"
#define DENY X509 ".deny"
#define ALLOW X509 ".allow"
#define X509_OF(allow, deny, wildcards)                                                                      \
    "{\"allow\":{" allow "},\"deny\":{" deny "},\"allowWildcardNames\":" wildcards "}"

static void test_fires(void **state)
{
    (void)state;
    static const struct trial trials[] = {
        {"authority.enableAdmin", "true", "policy_dead", ERROR, POLICY, "step ca policy"},
        {ALLOW ".dns.0", "\"*\"", "policy_entry_illegal", ERROR, ALLOW ".dns.0", "\"*\""},
        {DENY ".ip.0", "\"10.0.0\"", "policy_entry_illegal", ERROR, DENY ".ip.0", "10.0.0"},
        {ALLOW ".email", "[\"@\"]", "policy_entry_illegal", ERROR, ALLOW ".email.0", "crash"},
        {POLICY ".ssh", "{\"host\":{\"deny\":{\"dns\":[\"x.\"]}}}", "policy_entry_illegal", ERROR,
         POLICY ".ssh.host.deny.dns.0", "x."},
        {ALLOW ".email", "[\"x.com\",\"\\\"a,b\\\"@x.com\"]", "policy_entry_useless", WARNING,
         ALLOW ".email.1", "refused with 500"},
        {ALLOW ".dns", "[\"a23456789012345678901234567890123456789012345678901234567890123x.de\"]",
         "policy_entry_useless", WARNING, ALLOW ".dns.0", "63"},
        {ALLOW ".email", "[\"user@\"]", "policy_entry_useless", WARNING, ALLOW ".email.0", "user@"},
        {ALLOW ".dns", "[\"\xC2\xAD\"]", "policy_entry_everything", WARNING, ALLOW ".dns.0", "invisible"},
        {ALLOW ".email", "[\"Ann@x.com\"]", "policy_email_case", WARNING, ALLOW ".email.0", "\"ann@x.com\""},
        {ALLOW ".dns", "[\"10.0.0.1\"]", "policy_dns_address", WARNING, ALLOW ".dns.0", "move it to ip"},
        {X509, "{\"allowWildcardNames\":true}", "policy_empty", WARNING, "policy.x509", "every name"},
        {X509, "{\"deny\":{\"dns\":[\"a.b\"]}}", "policy_deny_only", WARNING, DENY, "of every kind"},
        {ALLOW ".dns", "[]", "policy_type_open", WARNING, DENY ".dns", "allow.dns"},
        {X509, X509_OF("\"dns\":[\"a.b\"]", "\"cn\":[\"x\",\"A.B\"]", "false"), "policy_cn_deny", WARNING,
         DENY ".cn.1", "under dns"},
        {X509, "{\"deny\":{\"cn\":[\"foo\"]}}", "policy_cn_deny", WARNING, DENY ".cn.0", "under dns"},
        {DENY ".cn", "[\"foo\"]", "policy_cn_open", WARNING, DENY ".cn", "no allow.cn"},
        {X509, X509_OF("\"ip\":[\"::1\"]", "\"dns\":[\"*.x.y\"]", "false"), "policy_wildcard_open", WARNING,
         DENY ".dns.0", "\"*.x.y\""},
        {X509, X509_OF("\"dns\":[\"*.x\"]", "\"dns\":[\"web.x\"]", "true"), "policy_wildcard_covers", WARNING,
         DENY ".dns.0", "\"*.x\""},
        {X509, X509_OF("\"dns\":[\"a.x\"]", "\"dns\":[\"*.x\"]", "true"), "policy_allow_denied", WARNING,
         ALLOW ".dns.0", "deny.dns \"*.x\""},
        {X509, X509_OF("\"ip\":[\"::1\",\"10.0.0.0/24\"]", "\"ip\":[\"10.0.0.0/8\"]", "false"),
         "policy_allow_denied", WARNING, ALLOW ".ip.1", "10.0.0.0/8"},
        {X509, X509_OF("\"email\":[\"a@x\"]", "\"email\":[\"@X\"]", "false"), "policy_allow_denied", WARNING,
         ALLOW ".email.0", "@X"},
        {X509, X509_OF("\"uri\":[\"*.x\"]", "\"uri\":[\"*.X\"]", "false"), "policy_allow_denied", WARNING,
         ALLOW ".uri.0", "*.X"},
        {"authority.enableAdmin", "true", "policy_admin_locked_out", WARNING, X509, "--admin-subject"},
        {X509, "{\"deny\":{\"dns\":[\"a.b\"]}}", "policy_cn_unreadable", NOTE, X509, "Friendly Name"},
        {POLICY ".ssh", "{\"user\":{\"allow\":{\"principal\":[\"root\"]}}}", "policy_ssh_closed", WARNING,
         POLICY ".ssh", "ssh.host"},
        {POLICY ".ssh", "{\"host\":{\"allow\":{\"dns\":[\"x\"]}}}", "policy_ssh_closed", WARNING,
         POLICY ".ssh", "ssh.user"},
        {POLICY ".ssh", "{\"user\":{\"deny\":{\"dns\":[\"x\"]}}}", "policy_ssh_unused", WARNING,
         POLICY ".ssh.user.deny.dns", "to principal"},
        {POLICY ".ssh", "{\"host\":{\"allow\":{\"principal\":[\"x\"]}}}", "policy_ssh_unused", WARNING,
         POLICY ".ssh.host.allow.principal", "to dns"},
    };
    TRY(WORKING, trials);
}

/* What the working configuration itself wakes: notes. */
static void test_notes(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    OWN_STRUCT(findings) found = findings_of(&text);
    const struct finding *own = finding_get(&found, "policy_own_name");
    const struct finding *redundant = finding_get(&found, "policy_deny_redundant");
    assert_non_null(own);
    assert_int_equal(own->severity, NOTE);
    assert_non_null(strstr(own->place, "dnsNames.0"));
    assert_non_null(redundant);
    assert_int_equal(redundant->severity, NOTE);
    assert_non_null(strstr(redundant->place, DENY ".ip.0"));
}

static void silent(const char *policy, const char *rule)
{
    OWN_STRUCT(bytes) text = file_text(WORKING);
    change(&text, POLICY, policy);
    OWN_STRUCT(findings) found = findings_of(&text);
    if (finding_get(&found, rule) != NULL) {
        dump(&found);
        fail_msg("%s: %s", policy, rule);
    }
}

static void test_silent(void **state)
{
    (void)state;
#define ONLY(allow, deny, wildcards) "{\"x509\":" X509_OF(allow, deny, wildcards) "}"
    silent(ONLY("\"email\":[\"ann@x.com\",\"X.com\"]", "", "false"), "policy_email_case");
    silent(ONLY("\"dns\":[\"a1.b\",\"1\"]", "", "false"), "policy_dns_address");
    silent(ONLY("\"dns\":[\"a.b\"]", "\"cn\":[\"x\"]", "false"), "policy_cn_deny");
    silent(ONLY("\"cn\":[\"y\"]", "\"cn\":[\"x\"]", "false"), "policy_cn_open");
    silent(ONLY("\"dns\":[\"a.b\"]", "\"cn\":[]", "false"), "policy_cn_open");
    silent(ONLY("\"dns\":[\"a.b\"]", "\"dns\":[\"*.x\"]", "false"), "policy_wildcard_open");
    silent(ONLY("\"ip\":[\"::1\"]", "\"dns\":[\"*.x\"]", "true"), "policy_wildcard_open");
    silent(ONLY("\"dns\":[\"*.x\"]", "\"dns\":[\"web.x\"]", "false"), "policy_wildcard_covers");
    silent(ONLY("\"dns\":[\"*.x\"]", "\"dns\":[\"web.x\",\"*.x\"]", "true"), "policy_wildcard_covers");
    silent(ONLY("\"dns\":[\"*.x\"]", "\"dns\":[\"web.x\"]", "false"), "policy_allow_denied");
    silent(ONLY("\"ip\":[\"10.0.0.0/8\"]", "\"ip\":[\"10.0.0.0/24\"]", "false"), "policy_allow_denied");
    silent(ONLY("\"dns\":[\"*.x\"]", "\"dns\":[\"web.x\"]", "false"), "policy_deny_redundant");
    silent(ONLY("\"dns\":[\"web.x\"]", "\"dns\":[\"*.x\"]", "false"), "policy_deny_redundant");
    silent(ONLY("\"ip\":[\"10.0.0.0/24\"]", "\"ip\":[\"10.0.0.0/8\"]", "false"), "policy_deny_redundant");
    silent(ONLY("\"email\":[\"x.com\"]", "\"email\":[\"a@x.com\"]", "false"), "policy_deny_redundant");
    silent(ONLY("\"ip\":[\"::1\"]", "\"dns\":[\"web.x\"]", "false"), "policy_deny_redundant");
    silent(ONLY("\"dns\":[\"a.b\"]", "\"dns\":[\"c.b\"]", "false"), "policy_type_open");
    silent(ONLY("\"dns\":[\"a.b\"]", "", "false"), "policy_deny_only");
    silent(ONLY("\"dns\":[\"a.b\"]", "", "false"), "policy_empty");
    silent(ONLY("\"dns\":[\"a.b\"]", "", "false"), "policy_entry_useless");
    silent(ONLY("\"dns\":[\"a.b\"]", "", "false"), "policy_entry_everything");
    silent(ONLY("\"dns\":[\"a.b\"]", "", "false"), "policy_admin_locked_out");
    silent(ONLY("", "\"ip\":[\"::1\"],\"cn\":[\"x\"]", "false"), "policy_cn_unreadable");
    silent(ONLY("\"dns\":[\"ca.example.com\"],\"ip\":[\"127.0.0.1\"]", "", "false"), "policy_own_name");
    silent("{\"ssh\":{\"user\":{\"allow\":{\"principal\":[\"a\"]}},\"host\":{\"allow\":{\"dns\":[\"a\"]}}}}",
           "policy_ssh_closed");
    silent("{\"ssh\":{\"user\":{\"allow\":{\"principal\":[\"a\"],\"email\":[\"x\"]}},\"host\":{\"allow\":{"
           "\"dns\":[\"a\"],"
           "\"ip\":[\"::1\"],\"email\":[\"x\"]}}}}",
           "policy_ssh_unused");
}

static void test_admin_let_in(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    change(&text, "authority.enableAdmin", "true");
    change(&text, ALLOW ".dns.0", "\"step\"");
    OWN_STRUCT(findings) found = findings_of(&text);
    assert_non_null(finding_get(&found, "policy_dead"));
    assert_null(finding_get(&found, "policy_admin_locked_out"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fires),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_silent),
        cmocka_unit_test(test_admin_let_in),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What is said of the certificates that a tree will give out: how long they live, what they are called. */
#include "trial.h"

#include "../../ceremony/tree.h"

#define DAY 86400
#define PROVISIONER "authority.provisioners.0"

static struct findings check(const struct bytes *text, const X509 *intermediate, time_t now)
{
    struct findings found = {0};
    struct err err = {0};
    OWN(json_t) *config = NULL;
    if (!json_read(&config, text, "ca.json", &err))
        fail_msg("%s", err.text);
    struct tree tree = {.out = &found, .folder = "/home/ca/.step", .now = now, .config = config};
    tree_leaf_check(&tree, intermediate);
    return found;
}

static X509 *intermediate_read(void)
{
    X509 *cert = NULL;
    struct err err = {0};
    OWN_STRUCT(bytes) pem = file_text("tests/golden/cert/intermediate_ca.by-rsa4096.crt");
    if (!certificate_parse(&cert, &pem, "golden", &err))
        fail_msg("%s", err.text);
    return cert;
}

static const struct finding *expect(const struct findings *found, const char *rule, bool wanted)
{
    const struct finding *hit = finding_get(found, rule);
    if ((hit != NULL) != wanted) {
        dump(found);
        fail_msg("%s %s", rule, wanted ? "did not fire" : "fired");
    }
    return hit;
}

/* The last days of an intermediate, and the certificates that would outlive it. */
static void lengths(void **state)
{
    (void)state;
    static const struct {
        int left; /* days of the intermediate */
        const char *claims;
        bool usual, most;
    } trials[] = {
        {400, "null", false, false},
        {2, "null", false, false},
        {0, "null", true, false},
        {0, "{\"defaultTLSCertDuration\":\"30s\"}", false, true},
        {60, "{\"maxTLSCertDuration\":\"2160h\"}", false, true},
        {60, "{\"maxTLSCertDuration\":\"2160h\",\"defaultTLSCertDuration\":\"2160h\"}", true, false},
        {91, "{\"maxTLSCertDuration\":\"2160h\",\"defaultTLSCertDuration\":\"2160h\"}", false, false},
    };
    OWN(X509) *intermediate = intermediate_read();
    time_t end = certificate_not_after(intermediate);
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        OWN_STRUCT(bytes) text = file_text(WORKING);
        change(&text, PROVISIONER ".claims", trials[i].claims);
        OWN_STRUCT(findings) found = check(&text, intermediate, end - (time_t)trials[i].left * DAY - 60);
        expect(&found, "leaf_outlives_intermediate", trials[i].usual);
        const struct finding *most = expect(&found, "claims_outlive_intermediate", trials[i].most);
        assert_true(most == NULL || strstr(most->text, trials[i].left > 0 ? "2160h0m0s" : "24h0m0s") != NULL);
    }
    OWN_STRUCT(bytes) text = file_text(WORKING);
    OWN_STRUCT(findings) ended = check(&text, intermediate, end + DAY);
    expect(&ended, "leaf_outlives_intermediate", false);
}

/* Claims of the authority count where the provisioner has none. */
static void claims_of_the_authority(void **state)
{
    (void)state;
    OWN(X509) *intermediate = intermediate_read();
    OWN_STRUCT(bytes) text = file_text(WORKING);
    change(&text, "authority.claims", "{\"maxTLSCertDuration\":\"2160h\"}");
    time_t now = certificate_not_after(intermediate) - 60 * DAY;
    OWN_STRUCT(findings) found = check(&text, intermediate, now);
    expect(&found, "claims_outlive_intermediate", true);
    change(&text, PROVISIONER ".claims", "{\"maxTLSCertDuration\":\"240h\"}");
    OWN_STRUCT(findings) own = check(&text, intermediate, now);
    expect(&own, "claims_outlive_intermediate", false);
}

static void long_lives_want_a_list(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    change(&text, PROVISIONER ".claims", "{\"maxTLSCertDuration\":\"2160h\"}");
    OWN_STRUCT(findings) with = check(&text, NULL, 0);
    expect(&with, "long_leaf_without_crl", false);
    change(&text, "crl.enabled", "false");
    OWN_STRUCT(findings) without = check(&text, NULL, 0);
    expect(&without, "long_leaf_without_crl", true);
    change(&text, PROVISIONER ".claims", "{\"maxTLSCertDuration\":\"168h\"}");
    OWN_STRUCT(findings) week = check(&text, NULL, 0);
    expect(&week, "long_leaf_without_crl", false);
    change(&text, PROVISIONER,
           "{\"type\":\"SSHPOP\",\"name\":\"s\",\"claims\":{\"maxTLSCertDuration\":\"2160h\"}}");
    OWN_STRUCT(findings) ssh = check(&text, NULL, 0);
    expect(&ssh, "long_leaf_without_crl", false);
}

static void names_of_people(void **state)
{
    (void)state;
    static const char clients[] = "{\"template\":\"{\\\"extKeyUsage\\\":[\\\"clientAuth\\\"]}\"}";
    OWN_STRUCT(bytes) text = file_text(WORKING);
    OWN_STRUCT(findings) found = check(&text, NULL, 0);
    assert_int_equal(expect(&found, "policy_cn_of_people", true)->severity, NOTE);
    change(&text, PROVISIONER ".options.x509", clients);
    OWN_STRUCT(findings) people = check(&text, NULL, 0);
    assert_int_equal(expect(&people, "policy_cn_of_people", true)->severity, WARNING);
    change(&text, "authority.policy.x509.allow.cn", "[\"Alice Example\"]");
    OWN_STRUCT(findings) named = check(&text, NULL, 0);
    expect(&named, "policy_cn_of_people", false);
    change(&text, "authority.policy", "null");
    OWN_STRUCT(findings) none = check(&text, NULL, 0);
    expect(&none, "policy_cn_of_people", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths),
        cmocka_unit_test(claims_of_the_authority),
        cmocka_unit_test(long_lives_want_a_list),
        cmocka_unit_test(names_of_people),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

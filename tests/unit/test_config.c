/* authority_check_config: every rule fires where it should, and only there. */
#include "trial.h"

static void test_working_is_clean(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    OWN_STRUCT(findings) found = findings_of(&text);
    if (findings_errors(&found) != 0)
        dump(&found);
    assert_int_equal(findings_errors(&found), 0);
    for (size_t i = 0; i < found.count; i++)
        assert_int_equal(found.list[i].severity, SEVERITY_NOTE);
    assert_non_null(finding_get(&found, "idp_port"));
}

static void test_page(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(PAGE);
    OWN_STRUCT(findings) found = findings_of(&text);
    const struct finding *idp = finding_get(&found, "idp_absent");
    assert_non_null(idp);
    assert_non_null(strstr(idp->text, "https://ca.example.com/1.0/crl"));
    assert_non_null(finding_get(&found, "crl_without_insecure_address"));
    assert_non_null(finding_get(&found, "leaf_cdp_absent"));
    assert_int_equal(findings_errors(&found), 0);
}

/* What init writes is right in itself. */
static void test_init_variants(void **state)
{
    (void)state;
    static const char *const names[] = {
        "01-init/config",     "init-variants/port", "init-variants/multidns", "init-variants/nodb",
        "init-variants/acme", "init-variants/ssh",  "init-variants/remote",   "init-variants/withcaurl"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        OWN(char) *path = text_format("tests/golden/%s/ca.json", names[i]);
        OWN_STRUCT(bytes) text = file_text(path);
        OWN_STRUCT(findings) found = findings_of(&text);
        for (size_t j = 0; j < found.count; j++)
            if (found.list[j].severity != SEVERITY_NOTE && strcmp(found.list[j].rule, "db_absent") != 0) {
                dump(&found);
                fail_msg("%s", names[i]);
            }
    }
}

static void test_not_json(void **state)
{
    (void)state;
    static const char *const bad[][2] = {{"{\"a\":1,}", "trailing comma"},
                                         {"", "too early"},
                                         {"{\"crl\":{},\"crl\":{}}", "twice"},
                                         {"{} {}", "behind"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        OWN_STRUCT(bytes) text = bytes_copy(bad[i][0], strlen(bad[i][0]));
        OWN_STRUCT(findings) found = findings_of(&text);
        assert_int_equal(found.count, 1);
        assert_string_equal(found.list[0].rule, "config_not_json");
        assert_non_null(strstr(found.list[0].text, bad[i][1]));
    }
    OWN_STRUCT(bytes) list = bytes_copy("[]", 2);
    OWN_STRUCT(findings) found = findings_of(&list);
    assert_string_equal(found.list[0].rule, "config_not_object");
}

static void test_keys(void **state)
{
    (void)state;
    static const struct trial trials[] = {
        {"authority.crl", "{}", "crl_misplaced", ERROR, "config/ca.json: authority.crl",
         "belongs in the top level"},
        {"policy", "{}", "policy_misplaced", ERROR, "config/ca.json: policy", "belongs in authority"},
        {"authority.provisioners.0.policy", "{}", "policy_misplaced", ERROR, "provisioners.0.policy",
         "in authority"},
        {"claims", "{}", "key_misplaced", ERROR, ": claims", "in authority, or in authority.provisioners[]"},
        {"crl.insecureAddress", "\"\"", "key_misplaced", ERROR, "crl.insecureAddress", "the top level"},
        {"authority.policy.allow", "{}", "key_misplaced", ERROR, "policy.allow", "authority.policy.x509"},
        {"generateOnRevoke", "true", "key_misplaced", ERROR, ": generateOnRevoke", "belongs in crl"},
        {"crl.idpUrls", "\"\"", "key_misspelt", ERROR, "crl.idpUrls", "is \"idpURL\" meant?"},
        {"dnsName", "[]", "key_misspelt", ERROR, ": dnsName", "is \"dnsNames\" meant?"},
        {"crl.enable", "true", "key_misspelt", ERROR, "crl.enable", "is \"enabled\" meant?"},
        {"x-comment", "\"\"", "key_unknown", WARNING, ": x-comment", "no effect"},
        {"crl.GenerateOnrevokes", "true", "key_misspelt", ERROR, "crl", "\"generateOnRevoke\""},
        {"tls.minVersion", "\"1.2\"", "value_type", ERROR, "tls.minVersion", "must be a number"},
        {"crl.enabled", "\"true\"", "value_type", ERROR, "crl.enabled", "must be true or false"},
        {"crl.cacheDuration", "24", "value_type", ERROR, "crl.cacheDuration", "must be a string"},
        {"dnsNames", "\"ca\"", "value_type", ERROR, "dnsNames", "a list of strings"},
        {"root", "[1]", "value_type", ERROR, "root", "a string or a list of strings"},
        {"authority.provisioners", "{}", "value_type", ERROR, "provisioners", "a list of objects"},
        {"authority.provisioners.0", "\"x\"", "value_type", ERROR, "provisioners.0", "an object"},
        {"crl", "[]", "value_type", ERROR, "crl", "an object"},
        {"crl.renewPeriod", "\"7d\"", "duration_illegal", ERROR, "crl.renewPeriod", "24h for a day"},
        {"authority.backdate", "\"1 minute\"", "duration_illegal", ERROR, "backdate", "no duration"},
        {"password", "\"hunter2\"", "secret_in_config", ERROR, ": password", "take it out"},
        {"kms.pin", "\"1234\"", "secret_in_config", ERROR, "kms.pin", "take it out"},
        {"authority.provisioners.0.key.d", "\"secret\"", "provisioner_key_private", ERROR,
         "provisioners.0.key.d", "new key"},
    };
    TRY(WORKING, trials);
}

static void with_text(const char *old, const char *new, const char *rule, bool fires)
{
    OWN_STRUCT(bytes) text = file_text(WORKING), changed = {0};
    const char *start = bytes_string(&text), *found = strstr(start, old);
    assert_non_null(found);
    bytes_add(&changed, start, (size_t)(found - start));
    bytes_text(&changed, new);
    bytes_text(&changed, found + strlen(old));
    OWN_STRUCT(findings) findings = findings_of(&changed);
    if ((finding_get(&findings, rule) != NULL) != fires) {
        dump(&findings);
        fail_msg("%s %s", rule, fires ? "did not fire" : "fired");
    }
}

/* Letter case does not count for step-ca, so that the other rules must see through it. */
static void test_key_case(void **state)
{
    (void)state;
    with_text("\"generateOnRevoke\"", "\"GenerateOnRevoke\"", "key_case", true);
    with_text("\"generateOnRevoke\"", "\"GenerateOnRevoke\"", "crl_not_on_revoke", false);
    with_text("\"idpURL\"", "\"IDPurl\"", "key_case", true);
    with_text("\"idpURL\"", "\"IDPurl\"", "idp_absent", false);
    with_text("\"crl\":", "\"CRL\":", "key_case", true);
    with_text("\"crl\":", "\"CRL\":", "crl_off", false);
    with_text("\"crl\":", "\"Crl\": {}, \"crl\":", "key_twice", true);
    with_text("\"crl\":", "\"crl\":", "key_case", false);
    with_text("\"crl\":", "\"crl\":", "key_twice", false);
}

static void test_no_secret_is_quoted(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    change(&text, "password", "\"hunter2\"");
    change(&text, "authority.provisioners.0.key.d", "\"hunter2\"");
    OWN_STRUCT(findings) found = findings_of(&text);
    for (size_t i = 0; i < found.count; i++)
        assert_null(strstr(found.list[i].text, "hunter2"));
}

static void test_addresses(void **state)
{
    (void)state;
    static const struct trial trials[] = {
        {"address", "\"\"", "address_missing", ERROR, "address", ":443"},
        {"address", "null", "address_missing", ERROR, "address", ":443"},
        {"address", "\"ca.example.com\"", "address_illegal", ERROR, "address", "has no port"},
        {"address", "\":99999\"", "address_illegal", ERROR, "address", "1 to 65535"},
        {"insecureAddress", "\"80\"", "insecure_address_illegal", ERROR, "insecureAddress", "has no port"},
        {"insecureAddress", "\"127.0.0.1:8443\"", "insecure_address_same", ERROR, "insecureAddress",
         "the same"},
        {"dnsNames", "[]", "dns_names_empty", ERROR, "dnsNames", "does not start"},
        {"dnsNames", "null", "dns_names_default", WARNING, "dnsNames", "localhost"},
        {"dnsNames.1", "\"*.example.com\"", "dns_name_illegal", ERROR, "dnsNames.1", "*.example.com"},
        {"dnsNames.0", "\"ca.example.com.\"", "dns_name_illegal", ERROR, "dnsNames.0", "empty label"},
    };
    TRY(WORKING, trials);
}

static void test_files_and_db(void **state)
{
    (void)state;
    static const struct trial trials[] = {
        {"root", "\"\"", "path_missing", ERROR, "root", "name the file"},
        {"root", "[]", "path_missing", ERROR, "root", "name the file"},
        {"root", "[\"/a\",\"\"]", "path_missing", ERROR, "root.1", "name the file"},
        {"crt", "null", "path_missing", ERROR, "crt", "name the file"},
        {"key", "\"secrets/intermediate_ca_key\"", "path_relative", WARNING, "key", "absolute"},
        {"db", "null", "db_absent", WARNING, "db", "database"},
        {"db", "null", "crl_without_db", ERROR, "crl", "does not start"},
        {"db.type", "\"sqlite\"", "db_type_unknown", ERROR, "db.type", "sqlite"},
        {"db.dataSource", "\"\"", "db_source_missing", ERROR, "db.dataSource", "empty"},
        {"tls.minVersion", "1.4", "tls_version_unknown", ERROR, "tls", "1.0, 1.1, 1.2 or 1.3"},
        {"tls.maxVersion", "1.1", "tls_versions_crossed", ERROR, "tls", "above maxVersion"},
        {"tls.minVersion", "1.0", "tls_version_old", WARNING, "tls.minVersion", "write 1.2"},
        {"authority.backdate", "\"-1m\"", "backdate_negative", ERROR, "backdate", "1m0s"},
    };
    TRY(WORKING, trials);
}

static void test_another_signer_needs_no_files(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    change(&text, "authority.type", "\"stepcas\"");
    change(&text, "crt", "\"\"");
    OWN_STRUCT(findings) found = findings_of(&text);
    assert_null(finding_get(&found, "path_missing"));
}

#define TEMPLATE "authority.provisioners.0.options.x509.template"

static void test_revocation(void **state)
{
    (void)state;
    static const struct trial trials[] = {
        {"crl.enabled", "false", "crl_off", NOTE, "crl", "no CRL"},
        {"crl", "null", "crl_off", NOTE, "crl", "no CRL"},
        {"crl.generateOnRevoke", "false", "crl_not_on_revoke", NOTE, "crl.generateOnRevoke", "missing"},
        {"crl.cacheDuration", "\"-24h\"", "crl_duration_negative", ERROR, "crl.cacheDuration", "24h"},
        {"crl.renewPeriod", "\"-1s\"", "crl_duration_negative", ERROR, "crl.renewPeriod", "16h"},
        {"crl.renewPeriod", "\"24h0m1s\"", "crl_renew_over_cache", ERROR, "crl.renewPeriod", "24h0m0s"},
        {"crl.cacheDuration", "\"0s\"", "crl_renew_over_cache", ERROR, "crl.renewPeriod", "0s"},
        {"insecureAddress", "\"\"", "crl_without_insecure_address", WARNING, "insecureAddress", ":80"},
        {"crl.idpURL", "\"\"", "idp_absent", WARNING, "crl.idpURL", "https://ca.example.com/1.0/crl"},
        {"crl.idpURL", "\"ca.example.com/crl\"", "idp_illegal", ERROR, "crl.idpURL", "absolute URL"},
        {"crl.idpURL", "\"https://ca.example.com/crl\"", "idp_not_http", WARNING, "crl.idpURL", "write http"},
        {"crl.idpURL", "\"http://ca.example.com/ca.crl\"", "idp_path", WARNING, "crl.idpURL", "/ca.crl"},
        {"crl.idpURL", "\"http://ca.example.com/1.0/crl\"", "leaf_cdp_differs", ERROR, TEMPLATE,
         "make them equal"},
        {"crl.idpURL", "\"http://CA.example.com/crl\"", "leaf_cdp_differs", ERROR, TEMPLATE,
         "letter for letter"},
        {TEMPLATE, "\"{}\"", "leaf_cdp_absent", WARNING, TEMPLATE, "http://ca.example.com/crl"},
        {"authority.provisioners.0.options", "null", "leaf_cdp_absent", WARNING, TEMPLATE, "template"},
        {TEMPLATE, "\"{\\\"crlDistributionPoints\\\": {{ toJson .Insecure.User.crl }}}\"",
         "leaf_cdp_computed", NOTE, TEMPLATE, "becomes"},
        {"authority.provisioners.0.options.x509", "{\"templateFile\":\"/x\"}", "leaf_template_file", NOTE,
         TEMPLATE, "looked into"},
    };
    TRY(WORKING, trials);
}

static void test_renew_against_default(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(PAGE);
    change(&text, "crl.renewPeriod", "\"48h\"");
    OWN_STRUCT(findings) found = findings_of(&text);
    const struct finding *hit = finding_get(&found, "crl_renew_over_cache");
    assert_non_null(hit);
    assert_non_null(strstr(hit->text, "24h when absent"));
}

static void urls(const char *text, const char *joined, bool expected)
{
    bool computed = !expected;
    OWN(json_t) *found = template_crl_urls(text, &computed);
    OWN_STRUCT(bytes) list = {0};
    size_t i;
    json_t *url;
    json_array_foreach(found, i, url) bytes_format(&list, "%s ", json_string_value(url));
    assert_string_equal(bytes_string(&list), joined);
    assert_int_equal(computed, expected);
}

static void test_template_scan(void **state)
{
    (void)state;
    urls("{\"crlDistributionPoints\": [\"http://a/crl\"]}", "http://a/crl ", false);
    urls("{\"CRLdistributionpoints\" :\n\t[ \"http://a/crl\" ,\n \"http://b\\u002fcrl\" ]",
         "http://a/crl http://b/crl ", false);
    urls("{\"crlDistributionPoints\": \"http://a/crl\", \"x\": [\"http://b/crl\"]}", "http://a/crl ", false);
    urls("{{ if x }}\"crlDistributionPoints\": [\"http://a\"],{{ else }}\"crlDistributionPoints\": "
         "[\"http://b\"],{{ end }}",
         "http://a http://b ", false);
    urls("{\"crlDistributionPoints\": [{{ .x }}]}", "", true);
    urls("{\"crlDistributionPoints\": [\"http://{{ .x }}/crl\"]}", "", true);
    urls("{\"crlDistributionPoints\": [\"http://a\", {{ .x }}]}", "http://a ", true);
    urls("{\"crlDistributionPoints\"", "", false);
    urls("{\"crlDistributionPoints\": [\"http://a", "", true);
    urls("{\"crlDistributionPoints\": []}", "", false);
    urls("\"crlDistributionPoints\"", "", false);
    urls("", "", false);
}

/* step takes a template in base64 too. */
static void test_template_in_base64(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    change(&text, TEMPLATE, "\"eyJjcmxEaXN0cmlidXRpb25Qb2ludHMiOiAiaHR0cDovL2NhLmV4YW1wbGUuY29tL2NybCJ9\"");
    OWN_STRUCT(findings) found = findings_of(&text);
    assert_int_equal(findings_errors(&found), 0);
    assert_null(finding_get(&found, "leaf_cdp_absent"));
}

static void test_own_urls(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    OWN(json_t) *config = NULL;
    struct err err = {0};
    assert_true(json_read(&config, &text, "c", &err));
    assert_true(revocation_is_own(config, "http://ca.example.com/crl"));
    assert_true(revocation_is_own(config, "https://CA.example.com:443/1.0/crl"));
    assert_true(revocation_is_own(config, "http://127.0.0.1:8080/crl"));
    assert_false(revocation_is_own(config, "http://pki.example.com/crl"));
    assert_false(revocation_is_own(config, "http://ca.example.com/root.crl"));
    assert_false(revocation_is_own(config, "x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_working_is_clean),
        cmocka_unit_test(test_page),
        cmocka_unit_test(test_init_variants),
        cmocka_unit_test(test_not_json),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_key_case),
        cmocka_unit_test(test_no_secret_is_quoted),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_files_and_db),
        cmocka_unit_test(test_another_signer_needs_no_files),
        cmocka_unit_test(test_revocation),
        cmocka_unit_test(test_renew_against_default),
        cmocka_unit_test(test_template_scan),
        cmocka_unit_test(test_template_in_base64),
        cmocka_unit_test(test_own_urls),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

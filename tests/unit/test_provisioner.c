/* authority_check_config: provisioners. */
#include "trial.h"

static void test_provisioners(void **state)
{
    (void)state;
    static const struct trial trials[] = {
        {"authority.provisioners", "[]", "provisioner_none", WARNING, "provisioners", "add one"},
        {"authority.provisioners.0.type", "\"JKW\"", "provisioner_type_unknown", ERROR, "0.type", "JKW"},
        {"authority.provisioners.0.name", "\"\"", "provisioner_name_missing", ERROR, "0.name", "name it"},
        {"authority.provisioners.0.key", "null", "provisioner_key_missing", ERROR, "0.key", "public key"},
        {"authority.provisioners.0.key.kty", "\"XX\"", "provisioner_key_illegal", ERROR, "0.key", ""},
        {"authority.provisioners.0.key.kid", "\"x\"", "provisioner_kid", WARNING, "0.key",
         "j2asHlYKB-Ke2QSvhEuRT9HfHmSDaSXNURR2dHW8rE8"},
        {"authority.provisioners.0.encryptedKey", "\"\"", "provisioner_key_not_kept", WARNING, "encryptedKey",
         ""},
        {"authority.claims.maxTLSCertDuration", "\"12h\"", "claims_crossed", ERROR, "authority.claims",
         "12h0m0s"},
        {"authority.claims.minTLSCertDuration", "\"25h\"", "claims_crossed", ERROR, "authority.claims",
         "25h0m0s"},
        {"authority.claims.defaultHostSSHCertDuration", "\"721h\"", "claims_crossed", ERROR, "claims",
         "HostSSH"},
        {"authority.claims.minUserSSHCertDuration", "\"0s\"", "claims_crossed", ERROR, "claims", "above 0"},
        {"authority.provisioners.0.claims.maxTLSCertDuration", "\"1h\"", "claims_crossed", ERROR,
         "provisioners.0.claims", "1h0m0s"},
    };
    TRY(WORKING, trials);
}

static void test_provisioners_that_are_right(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    change(&text, "authority.provisioners.0.type", "\"jwk\"");
    change(&text, "authority.provisioners.0.claims",
           "{\"maxTLSCertDuration\":\"8760h\",\"defaultTLSCertDuration\":\"720h\",\"disableRenewal\":true}");
    change(&text, "authority.claims", "{\"minTLSCertDuration\":\"1m\"}");
    OWN_STRUCT(findings) found = findings_of(&text);
    if (findings_errors(&found) != 0)
        dump(&found);
    assert_int_equal(findings_errors(&found), 0);
}

static void test_provisioner_twice(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text("tests/golden/init-variants/acme/ca.json");
    OWN(json_t) *config = NULL;
    struct err err = {0};
    assert_true(json_read(&config, &text, "c", &err));
    json_t *list = json_object_get(json_object_get(config, "authority"), "provisioners");
    struct findings found = {0};
    provisioners_check(&found, config);
    assert_null(finding_get(&found, "provisioner_twice"));
    json_array_append(list, json_array_get(list, 1));
    provisioners_check(&found, config);
    assert_non_null(finding_get(&found, "provisioner_twice"));
    findings_free(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_provisioners),
        cmocka_unit_test(test_provisioners_that_are_right),
        cmocka_unit_test(test_provisioner_twice),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

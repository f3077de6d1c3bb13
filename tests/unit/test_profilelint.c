/* profile_lint: every rule wakes where it should, and what the strict reader refuses is never without a name.
 */
#include "golden.h"

#include "ceremony/profilelint.h"

#define RIGHT                                                                                                \
    "{\"subject\":" SUBJECT ",\"keyUsage\":[\"certSign\",\"crlSign\"],"                                      \
    "\"basicConstraints\":{\"isCA\":true,\"maxPathLen\":0},"                                                 \
    "\"crlDistributionPoints\":\"http://pki.example.com/root.crl\"}"

static const struct finding *find(const struct findings *found, const char *rule)
{
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->list[i].rule, rule) == 0)
            return &found->list[i];
    return NULL;
}

static struct findings lint(const char *text, const X509 *issuer, bool *taken)
{
    struct findings found = {0};
    OWN_PROFILE *profile = NULL;
    OWN_STRUCT(bytes) json = text_bytes(text);
    profile_lint(&found, &profile, &json, issuer);
    *taken = profile != NULL;
    return found;
}

static void right_is_clean(void **state)
{
    (void)state;
    bool taken = false;
    OWN(X509) *root = golden_certificate("root/root-rsa4096.crt");
    OWN_STRUCT(findings) found = lint(RIGHT, root, &taken);
    assert_int_equal(found.count, 0);
    assert_true(taken);
}

/* One change of what is right, and the rule that it must wake. */
static void rules_wake(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *rule;
        enum severity severity;
        const char *place;
    } trials[] = {
        {"\"keyUsage\"", "\"keyUsges\"", "member_unknown", SEVERITY_ERROR, "rendered: keyUsges"},
        {"\"isCA\"", "\"is_ca\":1,\"isCA\"", "member_unknown", SEVERITY_ERROR, "basicConstraints.is_ca"},
        {"\"commonName\"", "\"CN\":\"x\",\"commonName\"", "member_unknown", SEVERITY_ERROR, "subject.CN"},
        {"root.crl\"}", "root.crl\",\"sans\":[{\"kind\":\"dns\",\"value\":\"a\"}]}", "member_unknown",
         SEVERITY_ERROR, "sans.0.kind"},
        {"\"isCA\"", "\"IsCa\":false,\"isCA\"", "member_twice", SEVERITY_ERROR, "basicConstraints.isCA"},
        {"\"isCA\"", "\"isCA\":false,\"isCA\"", "member_twice", SEVERITY_ERROR, "line 1"},
        {"root.crl\"}", "root.crl\"}}", "text_behind", SEVERITY_ERROR, "line 1"},
        {"root.crl\"}", "root.crl\",\"serialNumber\":1}", "member_overridden", SEVERITY_ERROR,
         "serialNumber"},
        {"root.crl\"}", "root.crl\",\"NotAfter\":\"2030-01-01T00:00:00Z\"}", "member_overridden",
         SEVERITY_ERROR, "notAfter"},
        {"root.crl\"}", "root.crl\",\"issuer\":\"X\"}", "member_overridden", SEVERITY_NOTE, "issuer"},
        {SUBJECT, "null", "subject_empty", SEVERITY_ERROR, "subject"},
        {SUBJECT, "\"\"", "subject_empty", SEVERITY_ERROR, "subject"},
        {",\"maxPathLen\":0", "", "path_length_absent", SEVERITY_ERROR, "maxPathLen"},
        {"0}", "null}", "path_length_absent", SEVERITY_ERROR, "maxPathLen"},
        {"\"certSign\",", "", "ca_without_cert_sign", SEVERITY_ERROR, "keyUsage"},
        {"true", "false", "cert_sign_without_ca", SEVERITY_ERROR, "keyUsage"},
        {",\"crlSign\"", "", "ca_without_crl_sign", SEVERITY_WARNING, "keyUsage"},
        {"\"http://pki.example.com/root.crl\"", "[]", "cdp_absent", SEVERITY_WARNING,
         "crlDistributionPoints"},
        {"http:", "https:", "cdp_https", SEVERITY_WARNING, "crlDistributionPoints"},
        {"root.crl\"}", "root.crl\",\"nameConstraints\":{\"permittedDNSDomains\":\"example.com\"}}",
         "name_constraints_not_critical", SEVERITY_WARNING, "nameConstraints.critical"},
        {"root.crl\"}", "root.crl\",\"signatureAlgorithm\":\"SHA1-RSA\"}", "signature_weak", SEVERITY_ERROR,
         "signatureAlgorithm"},
        {"root.crl\"}", "root.crl\",\"signatureAlgorithm\":\"ECDSA-SHA256\"}", "signature_misfit",
         SEVERITY_ERROR, "signatureAlgorithm"},
        {"\"certSign\"", "\"keyCertSign\"", "template_refused", SEVERITY_ERROR, "rendered"},
        {"root.crl\"}", "root.crl\",}", "template_refused", SEVERITY_ERROR, "rendered"},
    };
    OWN(X509) *root = golden_certificate("root/root-rsa4096.crt");
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        bool taken = false;
        OWN(char) *text = replaced(RIGHT, trials[i].from, trials[i].to);
        OWN_STRUCT(findings) found = lint(text, root, &taken);
        const struct finding *hit = find(&found, trials[i].rule);
        if (hit == NULL || hit->severity != trials[i].severity || strstr(hit->place, trials[i].place) == NULL)
            fail_msg("%s: no \"%s\" at %s", text, trials[i].rule, trials[i].place);
        assert_true(taken == (strcmp(trials[i].rule, "template_refused") != 0));
    }
}

static void issuers_are_judged(void **state)
{
    bool taken = false;
    assert_int_equal(
        run(*state,
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -subj /CN=R "
            "-addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext "
            "keyUsage=critical,keyCertSign,cRLSign -out short.crt -days 9 && "
            "openssl req -x509 -key k -subj /CN=L -addext basicConstraints=critical,CA:FALSE -out "
            "leaf.crt -days 9"),
        0);
    static const char *const files[][2] = {{"short.crt", "path_length_nesting"},
                                           {"leaf.crt", "issuer_not_ca"}};
    for (size_t i = 0; i < 2; i++) {
        struct err err = {0};
        OWN(X509) *issuer = NULL;
        OWN_STRUCT(bytes) pem = get(*state, files[i][0]);
        assert_ok(certificate_parse(&issuer, &pem, files[i][0], &err));
        OWN_STRUCT(findings) found = lint(RIGHT, issuer, &taken);
        assert_int_equal(found.count, 1);
        assert_string_equal(found.list[0].rule, files[i][1]);
        assert_int_equal(found.list[0].severity, SEVERITY_ERROR);
    }
}

/* Step's own templates: refused by the lint exactly where the strict reader refuses. */
static void lint_and_reader_agree(void **state)
{
    (void)state;
    static const char *const names[] = {"page",           "profile-intermediate",
                                        "sans",           "ext",
                                        "sig384",         "sigpss",
                                        "unknown-key",    "case-insensitive",
                                        "no-maxpathlen",  "subject-literal",
                                        "unset-var",      "empty-object",
                                        "subject-string", "ku-badname",
                                        "sig-badname",    "trailing-comma"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct err err = {0};
        OWN(char) *file = text_format("templates/%s.tpl", names[i]);
        OWN_STRUCT(bytes) json = golden_rendered(file);
        OWN_PROFILE *strict = NULL;
        bool taken = false, good = profile_parse(&strict, &json, false, file, &err);
        OWN_STRUCT(findings) found = lint(bytes_string(&json), NULL, &taken);
        if (good != (findings_errors(&found) == 0))
            fail_msg("%s: the reader says \"%s\"", file, err.text);
    }
}

/* Every member of the table is one that the strict reader knows. */
static void members_are_known(void **state)
{
    (void)state;
    static const char *const members[] = {"version",
                                          "subject",
                                          "rawSubject",
                                          "issuer",
                                          "serialNumber",
                                          "dnsNames",
                                          "emailAddresses",
                                          "ipAddresses",
                                          "uris",
                                          "sans",
                                          "notBefore",
                                          "notAfter",
                                          "extensions",
                                          "keyUsage",
                                          "extKeyUsage",
                                          "unknownExtKeyUsage",
                                          "subjectKeyId",
                                          "authorityKeyId",
                                          "ocspServer",
                                          "issuingCertificateURL",
                                          "crlDistributionPoints",
                                          "policyIdentifiers",
                                          "basicConstraints",
                                          "nameConstraints",
                                          "signatureAlgorithm"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        struct err err = {0};
        bool taken = false;
        OWN(char) *text = text_format("{\"%s\":null,\"subject\":\"x\"}", members[i]);
        OWN_STRUCT(bytes)
        json = text_bytes(strcmp(members[i], "subject") == 0 ? "{\"subject\":\"x\"}" : text);
        OWN_PROFILE *strict = NULL;
        assert_ok(profile_parse(&strict, &json, false, "test", &err));
        OWN_STRUCT(findings) found = lint(bytes_string(&json), NULL, &taken);
        assert_null(find(&found, "member_unknown"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_is_clean),
        cmocka_unit_test(rules_wake),
        cmocka_unit_test_setup_teardown(issuers_are_judged, scratch_make, scratch_remove),
        cmocka_unit_test(lint_and_reader_agree),
        cmocka_unit_test(members_are_known),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

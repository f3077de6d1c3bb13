#include "golden.h"

#include "ceremony/profile.h"

static void refuse(const char *text, bool as_step, const char *says)
{
    struct err err = {0};
    OWN_PROFILE *profile = NULL;
    OWN_STRUCT(bytes) json = text_bytes(text);
    assert_refused(profile_parse(&profile, &json, as_step, "t.tpl", &err), says);
    assert_null(profile);
}

static struct profile *accept(const char *text, bool as_step)
{
    struct err err = {0};
    struct profile *profile = NULL;
    OWN_STRUCT(bytes) json = text_bytes(text);
    assert_ok(profile_parse(&profile, &json, as_step, "t.tpl", &err));
    return profile;
}

static void lenient(const char *text)
{
    OWN_PROFILE *profile = accept(text, true);
    assert_non_null(profile);
}

#define S "\"subject\":\"x\""

static void what_step_lets_through(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"{" S "} trailing", "t.tpl"},
        {"{" S ",\"bogus\":1}", "unknown member \"bogus\""},
        {"{" S ",\"keyUsages\":[\"certSign\"]}", "did you mean \"keyUsage\""},
        {"{" S ",\"subject\":\"y\"}", "t.tpl"},
        {"{" S ",\"Subject\":\"y\"}", "there twice"},
        {"{}", "subject: is empty"},
        {"{\"subject\":null}", "variable that is not set"},
        {"{\"subject\":\"\"}", "subject: is empty"},
        {"{" S ",\"basicConstraints\":{\"isCA\":true}}", "maxPathLen is absent"},
        {"{" S ",\"basicConstraints\":{\"isCA\":true,\"maxPathLen\":0,\"critical\":true}}", "unknown member"},
        {"{" S ",\"serialNumber\":5}", "decided by the ceremony"},
        {"{" S ",\"notAfter\":\"2030-01-01T00:00:00Z\"}", "decided by the ceremony"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        refuse(cases[i].json, false, cases[i].says);
        lenient(cases[i].json);
    }
}

static void what_step_refuses_too(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } cases[] = {
        {"", "t.tpl"},
        {"[]", "must be an object"},
        {"{" S ",}", "t.tpl"},
        {"{" S ",\"keyUsage\":[\"keyCertSign\"]}",
         "unsupported keyUsage keyCertSign; step calls it certSign"},
        {"{" S ",\"keyUsage\":7}", "array of strings"},
        {"{" S ",\"extKeyUsage\":\"webAuth\"}", "unsupported extKeyUsage webAuth"},
        {"{" S ",\"unknownExtKeyUsage\":\"abc\"}", "not an object identifier"},
        {"{" S ",\"signatureAlgorithm\":\"sha256WithRSAEncryption\"}", "unsupported signatureAlgorithm"},
        {"{" S ",\"basicConstraints\":{\"isCA\":\"yes\",\"maxPathLen\":0}}", "must be true or false"},
        {"{" S ",\"basicConstraints\":{\"isCA\":true,\"maxPathLen\":1.5}}", "whole number"},
        {"{" S ",\"extensions\":[{\"id\":\"1.2.3\",\"value\":\"!\"}]}", "not base64"},
        {"{" S ",\"extensions\":{\"id\":\"1.2.3\"}}", "must be an array"},
        {"{" S ",\"sans\":[{\"type\":\"ip\",\"value\":\"10.0.0.256\"}]}", "not an IP address"},
        {"{" S ",\"sans\":[{\"type\":\"bogus\",\"value\":\"a\"}]}", "is unknown or not supported"},
        {"{" S ",\"dnsNames\":\"b\u00fccher.example\"}", "not printable ASCII"},
        {"{" S ",\"nameConstraints\":{\"permittedIPRanges\":\"10.0.0.0\"}}", "not a range"},
        {"{" S ",\"nameConstraints\":{\"permittedIPRanges\":\"10.0.0.0/33\"}}", "not a range"},
        {"{" S ",\"policyIdentifiers\":[\"x\"]}", "not an object identifier"},
        {"{" S ",\"subjectKeyId\":\"*\"}", "not base64"},
        {"{" S ",\"crlDistributionPoints\":[\"\"]}", "a URL is empty"},
        {"{\"rawSubject\":\"AAAA\"}", "not the DER of a name"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        refuse(cases[i].json, false, cases[i].says);
        refuse(cases[i].json, true, cases[i].says);
    }
}

static void golden_templates_that_fail(void **state)
{
    (void)state;
    static const char *const names[] = {"ku-badname", "sig-badname", "trailing-comma", "empty"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        OWN(char) *path = text_format("templates/%s.tpl", names[i]);
        OWN_STRUCT(bytes) json = golden_rendered(path);
        refuse(bytes_string(&json), true, "t.tpl");
    }
}

static void what_is_asked_for(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(bytes) json = golden_rendered("csr/rsa_intermediate_ca.tpl");
    OWN_PROFILE *profile = NULL;
    assert_ok(profile_parse(&profile, &json, false, "t", &err));
    assert_true(profile_is_ca(profile));
    assert_int_equal(profile_path_length(profile), 0);
    assert_string_equal(profile_crl_url(profile, 0), "https://ca.example.com/crl");
    assert_null(profile_crl_url(profile, 1));
    assert_int_equal(X509_NAME_entry_count(profile_subject(profile)), 1);
    OWN_KEY *key = golden_key("root/root-rsa4096.key", "pw/root.txt");
    const EVP_MD *digest = NULL;
    assert_ok(profile_digest(&digest, profile, key_evp(key), &err));
    assert_null(digest);
    OWN_PROFILE *wider = accept("{" S ",\"basicConstraints\":{\"isCA\":true,\"maxPathLen\":-1}}", false);
    assert_int_equal(profile_path_length(wider), -1);
    OWN_PROFILE *sha384 = accept("{" S ",\"signatureAlgorithm\":\"sha384-rsa\"}", false);
    assert_ok(profile_digest(&digest, sha384, key_evp(key), &err));
    assert_int_equal(EVP_MD_get_type(digest), NID_sha384);
    OWN_PROFILE *ecdsa = accept("{" S ",\"signatureAlgorithm\":\"ECDSA-SHA256\"}", false);
    assert_refused(profile_digest(&digest, ecdsa, key_evp(key), &err), "does not match");
}

#define EVERYTHING                                                                                           \
    "{\"subject\":\"x\",\"keyUsage\":[\"digital_Signature\",\"decipherOnly\"],\"extKeyUsage\":"              \
    "\"serverAuth\","                                                                                        \
    "\"unknownExtKeyUsage\":[\"1.2.3.4\"],\"basicConstraints\":{\"isCA\":false},\"subjectKeyId\":\"AQID\","  \
    "\"ocspServer\":\"http://o.example\",\"issuingCertificateURL\":[\"http://i.example/a\",\"http://"        \
    "i.example/b\"],"                                                                                        \
    "\"policyIdentifiers\":[\"1.2.3.5\"],\"crlDistributionPoints\":[\"http://c.example/1\",\"http://"        \
    "c.example/2\"],"                                                                                        \
    "\"nameConstraints\":{\"critical\":true,\"permittedDNSDomains\":\".example.com\",\"permittedIPRanges\":" \
    "[\"10.1.2.3/12\"],\"excludedIPRanges\":\"::/0\",\"excludedEmailAddresses\":\"e.example\"},"             \
    "\"sans\":[{\"type\":\"1.2.3.6\",\"value\":\"utf8:v\"},{\"type\":\"dns\",\"value\":\"d.example\"},"      \
    "{\"type\":\"registeredID\",\"value\":\"1.2.3.7\"},{\"type\":\"dn\",\"asn1Value\":{\"commonName\":"      \
    "\"n\"}}],"                                                                                              \
    "\"ipAddresses\":\"::ffff:10.0.0.1\",\"extensions\":[{\"id\":\"1.2.3.8\",\"critical\":true,\"value\":"   \
    "\"BQA=\"}]}"

static const char *const everything[] = {
    "X509v3 Key Usage: critical",
    "Digital Signature, Decipher Only",
    "X509v3 Extended Key Usage:",
    "TLS Web Server Authentication, 1.2.3.4",
    "X509v3 Basic Constraints: critical",
    "CA:FALSE",
    "X509v3 Subject Key Identifier:",
    "01:02:03",
    "X509v3 Authority Key Identifier:",
    "D3:94:DE:09:AC:0C:8D:FF:AE:0A:CB:A9:A1:BD:F1:1B:3A:8F:9C:38",
    "Authority Information Access:",
    "OCSP - URI:http://o.example",
    "CA Issuers - URI:http://i.example/a",
    "CA Issuers - URI:http://i.example/b",
    "X509v3 Certificate Policies:",
    "Policy: 1.2.3.5",
    "X509v3 Name Constraints: critical",
    "Permitted:",
    "DNS:.example.com",
    "IP:10.0.0.0/255.240.0.0",
    "Excluded:",
    "IP:0:0:0:0:0:0:0:0/0:0:0:0:0:0:0:0",
    "email:e.example",
    "X509v3 CRL Distribution Points:",
    "Full Name:",
    "URI:http://c.example/1",
    "Full Name:",
    "URI:http://c.example/2",
    "X509v3 Subject Alternative Name:",
    "IP Address:10.0.0.1, othername: 1.2.3.6:v, DNS:d.example, Registered ID:1.2.3.7, DirName:/CN=n",
    "1.2.3.8: critical",
};

/* Order and criticality as openssl reads them. */
static void every_extension_in_its_place(void **state)
{
    struct err err = {0};
    OWN_PROFILE *profile = accept(EVERYTHING, false);
    OWN(X509_REQ) *request = golden_request();
    OWN(X509) *root = golden_certificate("root/root-rsa4096.crt");
    OWN_KEY *key = golden_key("root/root-rsa4096.key", "pw/root.txt");
    struct draft draft = {.profile = profile, .request = request, .issuer = root, .key = key, .serial = "01"};
    draft.not_before = certificate_not_before(root);
    draft.not_after = certificate_not_after(root);
    OWN(X509) *cert = NULL;
    OWN_STRUCT(bytes) pem = {0};
    char digest[DIGEST_HEX];
    assert_ok(certificate_prepare(&cert, digest, &draft, &err));
    assert_ok(certificate_sign(&pem, cert, &draft, digest, &err));
    put(*state, "c.pem", pem.data, pem.len);
    assert_int_equal(run(*state,
                         "openssl x509 -in c.pem -noout -text -certopt no_pubkey,no_sigdump,no_header"
                         " | sed s/1.2.3.6::/1.2.3.6:/"), /* OpenSSL 3.0 has two colons there, 3.5 one */
                     0);
    OWN(char) *text = run_output(*state);
    const char *at = strstr(text, "X509v3 extensions:");
    for (size_t i = 0; i < sizeof everything / sizeof everything[0]; i++) {
        const char *found = at != NULL ? strstr(at, everything[i]) : NULL;
        if (found == NULL)
            fail_msg("\"%s\" is not where it should be in:\n%s", everything[i], at);
        at = found + strlen(everything[i]);
    }
}

static void given_extension_replaces_the_built_one(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_PROFILE *profile =
        accept("{" S ",\"keyUsage\":\"certSign\",\"dnsNames\":\"gone.example\",\"extensions\":[{\"id\":"
               "\"2.5.29.17\",\"value\":\"MAaCBGhlcmU=\"},{\"id\":\"2.5.29.15\",\"value\":\"AwIBBg==\"}]}",
               false);
    OWN(X509) *cert = X509_new();
    OWN_KEY *key = golden_key("root/root-p384.key", "pw/root.txt");
    assert_int_equal(X509_set_pubkey(cert, key_evp(key)), 1);
    assert_ok(profile_extend_certificate(cert, profile, NULL, &err));
    assert_int_equal(X509_get_ext_count(cert), 3);
    assert_int_equal(X509_get_ext_by_NID(cert, NID_subject_key_identifier, -1), 0);
    assert_int_equal(X509_get_ext_by_NID(cert, NID_subject_alt_name, -1), 1);
    assert_int_equal(X509_get_ext_by_NID(cert, NID_key_usage, -1), 2);
    assert_int_equal(X509_EXTENSION_get_critical(X509_get_ext(cert, 2)), 0);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_step_lets_through),
        cmocka_unit_test(what_step_refuses_too),
        cmocka_unit_test(golden_templates_that_fail),
        cmocka_unit_test(what_is_asked_for),
        cmocka_unit_test_setup_teardown(every_extension_in_its_place, scratch_make, scratch_remove),
        cmocka_unit_test(given_extension_replaces_the_built_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

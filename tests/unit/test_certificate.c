#include "golden.h"

/* What openssl and sha256sum say of cert/intermediate_ca.by-rsa4096.crt. */
#define SPKI "bfc939d93caa293939f16f807f66bd95097915bd1126edad1e1a22ebfb0628bd"
#define SHA256 "37f5ad57d9130dfb7346c104a83d3a151883633937649ca8ae8df6ac05de9343"

#define EC256 "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 30 "
#define GOOD_BC "basicConstraints=critical,CA:TRUE\\n"
#define GOOD_KU "keyUsage=critical,keyCertSign,cRLSign\\n"

static void judge_root(void *state, const char *command, time_t now, const char *says)
{
    struct err err = {0};
    OWN(X509) *cert = NULL;
    if (run(state, "%s", command) != 0) {
        OWN(char) *output = run_output(state);
        fail_msg("%s: %s", command, output);
    }
    OWN_STRUCT(bytes) pem = get(state, "r.crt");
    assert_ok(certificate_parse(&cert, &pem, "r.crt", &err));
    if (now == 0)
        now = certificate_not_before(cert) + 1;
    if (says == NULL)
        assert_ok(certificate_check_root(cert, now, "r.crt", &err));
    else
        assert_refused(certificate_check_root(cert, now, "r.crt", &err), says);
}

static char *root_command(const char *extensions, const char *options)
{
    return text_format(
        "printf '[req]\\ndistinguished_name=dn\\nprompt=no\\n[dn]\\nCN=Root\\n[v3]\\n%s' >c.cnf && "
        "openssl req -x509 -new -nodes -config c.cnf -extensions v3 -keyout k.pem -out r.crt %s",
        extensions, options);
}

static void roots_are_judged(void **state)
{
    static const struct {
        const char *extensions, *options, *says;
        time_t now;
    } cases[] = {
        {GOOD_BC GOOD_KU, EC256, NULL, 0},
        {GOOD_BC GOOD_KU "subjectKeyIdentifier=hash\\n", "-newkey rsa:2048 -days 30", NULL, 0},
        {"basicConstraints=critical,CA:FALSE\\n" GOOD_KU, EC256, "cA FALSE", 0},
        {GOOD_KU, EC256, "basicConstraints is absent", 0},
        {"basicConstraints=CA:TRUE\\n" GOOD_KU, EC256, "must be critical", 0},
        {GOOD_BC, EC256, "keyUsage is absent", 0},
        {GOOD_BC "keyUsage=critical,keyCertSign\\n", EC256, "lacks cRLSign", 0},
        {GOOD_BC "keyUsage=critical,cRLSign\\n", EC256, "lacks keyCertSign", 0},
        {"basicConstraints=critical,CA:TRUE,pathlen:0\\n" GOOD_KU, EC256, "path length 0", 0},
        {GOOD_BC GOOD_KU, "-newkey rsa:1024 -days 30", "1024 bits", 0},
        {GOOD_BC GOOD_KU, "-newkey rsa:2048 -days 30 -sha1", "signed with SHA1-RSA", 0},
        {GOOD_BC GOOD_KU, "-newkey ec -pkeyopt ec_paramgen_curve:secp256k1 -days 30", "other-curve", 0},
        {GOOD_BC GOOD_KU, EC256 "-pkeyopt ec_param_enc:explicit", "explicit-parameters", 0},
        {GOOD_BC GOOD_KU, EC256, "expired", 9000000000},
        {GOOD_BC GOOD_KU, EC256, "not yet valid", 1000},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        OWN(char) *command = root_command(cases[i].extensions, cases[i].options);
        judge_root(*state, command, cases[i].now, cases[i].says);
    }
    struct err err = {0};
    OWN(X509) *rsa = golden_certificate("root/root-rsa4096.crt");
    assert_ok(certificate_check_root(rsa, certificate_not_before(rsa), "root", &err));
    OWN(X509) *lower = golden_certificate("cert/intermediate_ca.by-rsa4096.crt");
    assert_refused(certificate_check_root(lower, certificate_not_before(lower), "i", &err),
                   "subject and issuer differ");
    assert_ok(certificate_check_intermediate(lower, rsa, certificate_not_before(lower), "i", &err));
    OWN(X509) *leaf = golden_certificate("templates/empty-object.crt");
    assert_refused(certificate_check_root(leaf, certificate_not_before(leaf), "leaf", &err), "not a CA");
}

static void files_hold_one_certificate(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(bytes) one = golden("root/root-rsa4096.crt");
    OWN_STRUCT(bytes) key = golden("root/root-rsa4096.key");
    OWN_STRUCT(bytes) both = bytes_copy(one.data, one.len);
    OWN_STRUCT(bytes) two = bytes_copy(one.data, one.len);
    OWN_STRUCT(bytes) tail = bytes_copy(one.data, one.len);
    OWN_STRUCT(bytes) request = golden("csr/intermediate_ca.csr");
    OWN_STRUCT(bytes) nothing = text_bytes("hello\n");
    OWN_STRUCT(bytes) der = {0};
    OWN(X509) *cert = NULL;
    OWN(X509) *none = NULL;
    bytes_add(&both, key.data, key.len);
    bytes_add(&two, one.data, one.len);
    bytes_text(&tail, "x");
    assert_refused(certificate_parse(&none, &both, "f", &err), "holds a private key");
    assert_refused(certificate_parse(&none, &two, "f", &err), "2 PEM blocks");
    assert_refused(certificate_parse(&none, &tail, "f", &err), "something behind");
    assert_refused(certificate_parse(&none, &request, "f", &err), "CERTIFICATE REQUEST");
    assert_refused(certificate_parse(&none, &nothing, "f", &err), "holds no certificate");
    assert_ok(certificate_parse(&cert, &one, "f", &err));
    assert_ok(certificate_der(&der, cert, &err));
    OWN(X509) *again = NULL;
    assert_ok(certificate_parse(&again, &der, "f", &err));
    bytes_text(&der, "x");
    assert_refused(certificate_parse(&none, &der, "f", &err), "something behind");
    /* BER: the outer length in five bytes where three would do */
    OWN_STRUCT(bytes) ber = bytes_copy("\x30\x84\x00\x00", 4);
    bytes_add(&ber, der.data + 2, der.len - 3);
    assert_refused(certificate_parse(&none, &ber, "f", &err), "not in DER");
}

static void made_authorities_are_what_init_makes(void **state)
{
    struct err err = {0};
    OWN_KEY *root_key = NULL;
    OWN_KEY *key = NULL;
    OWN_STRUCT(bytes) root_pem = {0};
    OWN_STRUCT(bytes) pem = {0};
    OWN(X509) *root = NULL;
    OWN(X509) *cert = NULL;
    struct ca_subject upper = {
        "Example Intermediate CA", "Example Intermediate CA Root CA", 1, 1795448263, 2110808263, NULL};
    struct ca_subject lower = {"Example Intermediate CA",
                               "Example Intermediate CA Intermediate CA",
                               0,
                               1795448264,
                               2110808262,
                               NULL};
    assert_ok(key_generate(&root_key, "P-256", &err));
    assert_ok(key_generate(&key, "P-256", &err));
    assert_ok(certificate_make_ca(&root_pem, &upper, root_key, NULL, NULL, &err));
    assert_ok(certificate_parse(&root, &root_pem, "root", &err));
    assert_ok(certificate_make_ca(&pem, &lower, key, root, root_key, &err));
    assert_ok(certificate_parse(&cert, &pem, "cert", &err));
    assert_ok(certificate_check_root(root, upper.not_before, "root", &err));
    assert_ok(certificate_check_intermediate(cert, root, lower.not_before, "cert", &err));
    put(*state, "root.crt", root_pem.data, root_pem.len);
    put(*state, "cert.crt", pem.data, pem.len);
    assert_int_equal(run(*state, "openssl verify -no_check_time -x509_strict -CAfile root.crt cert.crt"), 0);
    /* structure for structure what step made, keys and numbers aside */
    static const char *const pairs[][2] = {{"root.crt", "root_ca"}, {"cert.crt", "intermediate_ca"}};
    for (size_t i = 0; i < 2; i++) {
        OWN(char) *name = text_format("01-init/certs/%s.crt", pairs[i][1]);
        OWN_STRUCT(bytes) step = golden(name);
        put(*state, "step.crt", step.data, step.len);
        int status = run(
            *state,
            "show() { openssl x509 -in $1 -noout -subject -issuer -ext "
            "keyUsage,basicConstraints,subjectKeyIdentifier,authorityKeyIdentifier "
            "| sed 's/[0-9A-F][0-9A-F]:.*/HEX/'; openssl asn1parse -in $1 | grep OBJECT | sed 's/.*://'; }; "
            "show %s >a; show step.crt >b; diff a b",
            pairs[i][0]);
        OWN(char) *output = run_output(*state);
        if (status != 0)
            fail_msg("%s", output);
    }
}

static void facts_and_times(void **state)
{
    (void)state;
    struct err err = {0};
    OWN(X509) *cert = golden_certificate("cert/intermediate_ca.by-rsa4096.crt");
    OWN(json_t) *json = NULL;
    assert_ok(certificate_to_json(&json, cert, &err));
    OWN(char) *text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(
        text, "{\"subject\":\"CN=Example Intermediate CA\",\"issuer\":\"CN=Example Offline Root CA, "
              "O=Example Org, C=IT\","
              "\"serial\":\"ca76945190618578fb246524c9fbfec4\",\"not_before\":\"2026-11-23T15:37:55Z\","
              "\"not_after\":\"2036-11-23T03:37:55Z\",\"key\":\"RSA-3072\","
              "\"spki_sha256\":\"" SPKI "\",\"ca\":true,\"path_length\":0,"
              "\"ski\":\"33ef641f49660d78ad265e9a5f69102a21ac6d27\",\"aki\":"
              "\"d394de09ac0c8dffae0acba9a1bdf11b3a8f9c38\","
              "\"crl_urls\":[\"https://ca.example.com/crl\"],\"signature\":\"sha256WithRSAEncryption\","
              "\"key_usage\":[\"certSign\",\"crlSign\"],"
              "\"sha256\":\"" SHA256 "\"}");
    time_t time = 0;
    assert_ok(time_parse(&time, "2026-11-23T15:37:55Z", &err));
    assert_int_equal(time, certificate_not_before(cert));
    static const char *const wrong[] = {
        "2026-11-23",           "2026-11-23T15:37:55",  "2026-11-23T15:37:55+00:00", "",
        "2026-02-30T00:00:00Z", "2026-11-23T15:37:60Z", "2026-1-23T15:37:55Z",       " 2026-11-23T15:37:55Z",
        "2026-11-23T15:37:55Zx"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused(time_parse(&time, wrong[i], &err), "RFC 3339");
    char one[SERIAL_HEX], two[SERIAL_HEX];
    assert_ok(serial_random(one, &err));
    assert_ok(serial_random(two, &err));
    assert_int_equal(strlen(one), 34);
    assert_memory_equal(one, "01", 2);
    assert_string_not_equal(one, two);
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(roots_are_judged, scratch_make, scratch_remove),
        cmocka_unit_test(files_hold_one_certificate),
        cmocka_unit_test_setup_teardown(made_authorities_are_what_init_makes, scratch_make, scratch_remove),
        cmocka_unit_test(facts_and_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

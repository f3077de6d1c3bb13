#include "golden.h"

#include "ceremony/base64.h"
#include "ceremony/ssl.h"

#include "ceremony/pem.h"

static struct profile *profile_of(const char *text)
{
    struct err err = {0};
    struct profile *profile = NULL;
    OWN_STRUCT(bytes) json = text_bytes(text);
    assert_ok(profile_parse(&profile, &json, true, "t", &err));
    return profile;
}

/* PKCS#1 v1.5 is deterministic: the same key and template give step's request, byte for byte. */
static void golden_request_comes_out_the_same(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_KEY *key = golden_key("csr/intermediate_ca_key", "pw/ca.txt");
    OWN_STRUCT(bytes) json = golden_rendered("csr/rsa_intermediate_ca.tpl");
    OWN_PROFILE *profile = NULL;
    OWN_STRUCT(bytes) ours = {0};
    OWN_STRUCT(bytes) theirs = golden("csr/intermediate_ca.csr");
    assert_ok(profile_parse(&profile, &json, false, "t", &err));
    assert_ok(request_create(&ours, key, profile, &err));
    assert_string_equal(bytes_string(&ours), bytes_string(&theirs));
    OWN(X509_REQ) *request = golden_request();
    char requested[DIGEST_HEX], held[DIGEST_HEX];
    assert_ok(request_spki_digest(requested, request, &err));
    assert_ok(key_spki_digest(held, key, &err));
    assert_string_equal(requested, held);
}

static void every_key_asks(void **state)
{
    static const char *const kinds[] = {"RSA-2048", "P-256", "P-384", "P-521"};
    static const char *const digests[] = {"sha256WithRSA", "ecdsa-with-SHA256", "ecdsa-with-SHA384",
                                          "ecdsa-with-SHA512"};
    struct err err = {0};
    OWN_PROFILE *profile =
        profile_of("{\"subject\":\"x\",\"dnsNames\":\"a.example\",\"keyUsage\":\"certSign\","
                   "\"basicConstraints\":{\"isCA\":true}}");
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        OWN_KEY *key = NULL;
        OWN_STRUCT(bytes) pem = {0};
        assert_ok(key_generate(&key, kinds[i], &err));
        assert_ok(request_create(&pem, key, profile, &err));
        put(*state, "r.csr", pem.data, pem.len);
        assert_int_equal(run(*state,
                             "openssl req -in r.csr -verify -noout -text >t && grep -q 'Algorithm: %s' t && "
                             "grep Subject.Alternative.Name -A4 t | tr -d '\\n' | "
                             "grep -q 'DNS:a.example.*Basic Constraints: critical'",
                             digests[i]),
                         0);
    }
    OWN_PROFILE *bare = profile_of("{\"subject\":\"x\"}");
    OWN_KEY *key = golden_key("root/root-p384.key", "pw/root.txt");
    OWN_STRUCT(bytes) pem = {0};
    assert_ok(request_create(&pem, key, bare, &err));
    put(*state, "r.csr", pem.data, pem.len);
    assert_int_equal(run(*state, "openssl req -in r.csr -verify -noout -text | grep -q '(none)'"), 0);
    OWN_PROFILE *nameless = profile_of("{}");
    assert_refused(request_create(&pem, key, nameless, &err), "subject: is empty");
}

static void refuse(const struct bytes *text, const char *says)
{
    struct err err = {0};
    OWN(X509_REQ) *request = NULL;
    assert_refused(request_parse(&request, text, "f.csr", &err), says);
    assert_null(request);
}

static void files_that_are_no_request(void **state)
{
    struct err err = {0};
    static const struct pem_kind kind = {"CERTIFICATE REQUEST", NULL, "request"};
    OWN_STRUCT(bytes) pem = golden("csr/intermediate_ca.csr");
    OWN_STRUCT(bytes) der = {0};
    assert_ok(pem_single(&der, &pem, &kind, "f", &err));
    OWN(X509_REQ) *good = NULL;
    assert_ok(request_parse(&good, &der, "f", &err));
    OWN_STRUCT(bytes) flipped = bytes_copy(der.data, der.len);
    flipped.data[der.len - 1] ^= 1;
    refuse(&flipped, "signature does not verify");
    OWN_STRUCT(bytes) renamed = bytes_copy(der.data, der.len);
    unsigned char *name = memmem(renamed.data, renamed.len, "Example", 7);
    assert_non_null(name);
    name[0] = 'X';
    refuse(&renamed, "signature does not verify");
    bytes_text(&der, "x");
    refuse(&der, "something behind");
    OWN_STRUCT(bytes) twice = bytes_copy(pem.data, pem.len);
    bytes_add(&twice, pem.data, pem.len);
    refuse(&twice, "2 PEM blocks");
    OWN_STRUCT(bytes) key = golden("keyformats/p8-plain.pem");
    bytes_add(&pem, key.data, key.len);
    refuse(&pem, "holds a private key");
    OWN_STRUCT(bytes) cert = golden("root/root-p384.crt");
    refuse(&cert, "expected \"CERTIFICATE REQUEST\"");
    assert_int_equal(run(*state, "openssl req -new -newkey rsa:1024 -nodes -keyout k -subj /CN=x -out w.csr"),
                     0);
    OWN_STRUCT(bytes) weak = get(*state, "w.csr");
    refuse(&weak, "1024 bits");
}

/* The member is the base64 of these bytes; it is taken out. */
static void raw_is(json_t *json, const char *member, void (*bytes_of)(struct bytes *out))
{
    struct err err = {0};
    OWN_STRUCT(bytes) ours = {0};
    OWN_STRUCT(bytes) theirs = {0};
    const char *text = json_string_value(json_object_get(json, member));
    assert_non_null(text);
    assert_ok(base64_decode(&ours, text, &err));
    bytes_of(&theirs);
    assert_true(bytes_equal(&ours, &theirs));
    json_object_del(json, member);
}

/* The last bytes of the request are its signature: 384 of them. */
static void golden_signature(struct bytes *out)
{
    OWN(X509_REQ) *request = golden_request();
    OWN_OPENSSL *der = NULL;
    int len = i2d_X509_REQ(request, &der);
    assert_true(len > 384);
    *out = bytes_copy(der + len - 384, 384);
}

/* step copied it into a certificate. */
static void golden_subject(struct bytes *out)
{
    OWN(X509) *cert = golden_certificate("templates/cr-copy.crt");
    const unsigned char *der;
    size_t len;
    assert_int_equal(X509_NAME_get0_der(X509_get_subject_name(cert), &der, &len), 1);
    *out = bytes_copy(der, len);
}

/* Where there is no subject, the names are critical. */
static void a_request_without_a_subject(void **state)
{
    struct err err = {0};
    OWN(X509_REQ) *request = NULL;
    OWN(json_t) *seen = NULL;
    assert_int_equal(
        run(*state, "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k -subj / "
                    "-addext subjectAltName=DNS:d.example -out s.csr"),
        0);
    OWN_STRUCT(bytes) pem = get(*state, "s.csr");
    assert_ok(request_parse(&request, &pem, "s.csr", &err));
    assert_ok(request_to_json(&seen, request, &err));
    const json_t *names = json_array_get(json_object_get(seen, "Extensions"), 0);
    assert_string_equal(json_string_value(json_object_get(names, "id")), "2.5.29.17");
    assert_true(json_is_true(json_object_get(names, "critical")));
}

static void what_a_template_sees(void **state)
{
    struct err err = {0};
    OWN(X509_REQ) *request = golden_request();
    OWN(json_t) *json = NULL;
    assert_ok(request_to_json(&json, request, &err));
    raw_is(json, "Signature", golden_signature);
    raw_is(json, "RawSubject", golden_subject);
    OWN(char) *text = json_dumps(json, JSON_COMPACT);
    assert_string_equal(
        text, "{\"Subject\":" SUBJECT ",\"PublicKeyKind\":\"RSA-3072\",\"DNSNames\":[],\"EmailAddresses\":[],"
              "\"IPAddresses\":[],\"URIs\":[],\"Extensions\":[{\"id\":\"2.5.29.19\",\"critical\":true,"
              "\"value\":\"MAYBAf8CAQA=\"},{\"id\":\"2.5.29.15\",\"critical\":true,\"value\":\"AwIBBg==\"}],"
              "\"Version\":0,\"SignatureAlgorithm\":\"SHA256-RSA\"}");
    assert_int_equal(
        run(*state,
            "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout k -subj /O=o/CN=x "
            "-addext subjectAltName=DNS:d.example,IP:10.0.0.1,IP:fe80::1,email:a@b.c,URI:http://u.example/ "
            "-out s.csr"),
        0);
    OWN_STRUCT(bytes) pem = get(*state, "s.csr");
    OWN(X509_REQ) *named = NULL;
    OWN(json_t) *seen = NULL;
    assert_ok(request_parse(&named, &pem, "s.csr", &err));
    assert_ok(request_to_json(&seen, named, &err));
    json_object_del(seen, "Extensions");
    json_object_del(seen, "RawSubject");
    json_object_del(seen, "Signature");
    OWN(char) *names = json_dumps(seen, JSON_COMPACT);
    assert_string_equal(
        names, "{\"Subject\":{\"organization\":[\"o\"],\"commonName\":\"x\"},\"PublicKeyKind\":\"P-384\","
               "\"DNSNames\":[\"d.example\"],\"EmailAddresses\":[\"a@b.c\"],\"IPAddresses\":[\"10.0.0.1\","
               "\"fe80::1\"],\"URIs\":[\"http://u.example/\"],\"Version\":0,\"SignatureAlgorithm\":"
               "\"ECDSA-SHA256\"}");
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_request_comes_out_the_same),
        cmocka_unit_test_setup_teardown(every_key_asks, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(files_that_are_no_request, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(what_a_template_sees, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(a_request_without_a_subject, scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

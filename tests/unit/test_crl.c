#include "golden.h"

#include "ceremony/crl.h"

#define BEGIN 1795448263
#define END 1995448263

/* An issuer of each kind, and a certificate of its own making that lists may name. */
struct bench {
    X509 *root;
    struct key *key;
    struct crl_draft draft;
};

static void bench_free(struct bench *b)
{
    X509_free(b->root);
    key_free(b->key);
}

static void bench_open(struct bench *b, const char *kind, void *state)
{
    struct err err = {0};
    OWN_STRUCT(bytes) pem = {0};
    struct ca_subject subject = {"Org", "Root", 1, BEGIN, END, NULL};
    if (strcmp(kind, "RSA-4096") == 0) {
        b->root = golden_certificate("root/root-rsa4096.crt");
        b->key = golden_key("root/root-rsa4096.key", "pw/root.txt");
        assert_ok(certificate_pem(&pem, b->root, &err));
    } else {
        assert_ok(key_generate(&b->key, kind, &err));
        assert_ok(certificate_make_ca(&pem, &subject, b->key, NULL, NULL, &err));
        assert_ok(certificate_parse(&b->root, &pem, "root", &err));
    }
    put(state, "root.crt", pem.data, pem.len);
    b->draft = (struct crl_draft){.issuer = b->root, .key = b->key, .number = 7};
    b->draft.this_update = certificate_not_before(b->root);
    b->draft.next_update = b->draft.this_update + 86400;
}

/* A certificate under the root with serial 0142, as a file. */
static void certificate_put(struct bench *b, void *state)
{
    struct err err = {0};
    OWN(X509_REQ) *request = golden_request();
    OWN_STRUCT(bytes) json = golden_rendered("csr/rsa_intermediate_ca.tpl");
    OWN_PROFILE *profile = NULL;
    OWN(X509) *cert = NULL;
    OWN_STRUCT(bytes) pem = {0};
    char digest[DIGEST_HEX];
    assert_ok(profile_parse(&profile, &json, false, "t", &err));
    struct draft draft = {
        .profile = profile, .request = request, .issuer = b->root, .key = b->key, .serial = "0142"};
    draft.not_before = certificate_not_before(b->root);
    draft.not_after = certificate_not_after(b->root);
    assert_ok(certificate_prepare(&cert, digest, &draft, &err));
    assert_ok(certificate_sign(&pem, cert, &draft, digest, &err));
    put(state, "cert.crt", pem.data, pem.len);
}

static void list_put(struct bench *b, void *state)
{
    struct err err = {0};
    OWN_STRUCT(bytes) der = {0};
    OWN_STRUCT(bytes) pem = {0};
    OWN(X509_CRL) *crl = NULL;
    char announced[DIGEST_HEX], digest[DIGEST_HEX];
    assert_ok(crl_announce(announced, NULL, &b->draft, &err));
    assert_ok(crl_issue(&der, digest, &b->draft, &err));
    assert_string_equal(announced, digest);
    assert_ok(crl_parse(&crl, &der, "crl", &err));
    assert_ok(crl_check(crl, b->root, &err));
    assert_ok(crl_pem(&pem, crl, &err));
    put(state, "crl.der", der.data, der.len);
    put(state, "crl.pem", pem.data, pem.len);
    /* the to-be-signed part is the first element of the outer sequence */
    assert_int_equal(run(state,
                         "at=$(openssl asn1parse -inform DER -in crl.der | sed -n '2s/:.*//p'); "
                         "openssl asn1parse -inform DER -in crl.der -strparse $at -noout -out tbs && "
                         "sha256sum tbs | grep -q '^%s '",
                         digest),
                     0);
}

static void strangers_accept_it(void **state)
{
    static const char *const kinds[] = {"RSA-4096", "RSA-3072", "P-256", "P-384"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        OWN_STRUCT(bench) b = {0};
        bench_open(&b, kinds[i], *state);
        certificate_put(&b, *state);
        list_put(&b, *state);
        assert_int_equal(
            run(*state, "openssl crl -in crl.pem -CAfile root.crt -verify -noout 2>&1 | grep -q 'verify OK'"),
            0);
        assert_int_equal(
            run(*state, "openssl verify -attime %lld -crl_check -CRLfile crl.pem -CAfile root.crt cert.crt",
                (long long)b.draft.this_update + 60),
            0);
        assert_int_equal(run(*state,
                             "openssl crl -in crl.pem -noout -crlnumber -text >t && grep -q 0x07 t && "
                             "grep -q 'Version 2' t && grep -q 'No Revoked Certificates' t"),
                         0);
        struct crl_entry entries[] = {{"0999", b.draft.this_update, -1}, {"0142", b.draft.this_update, 1}};
        b.draft.entries = entries;
        b.draft.count = 2;
        list_put(&b, *state);
        assert_int_not_equal(
            run(*state, "openssl verify -attime %lld -crl_check -CRLfile crl.pem -CAfile root.crt cert.crt",
                (long long)b.draft.this_update + 60),
            0);
        OWN(char) *output = run_output(*state);
        assert_non_null(strstr(output, "certificate revoked"));
        assert_int_equal(run(*state, "openssl crl -in crl.pem -noout -text | tr -d '\\n' | "
                                     "grep -q 'Number: 0142.*Key Compromise.*Number: 0999'"),
                         0);
    }
}

/* revokedCertificates is absent, not an empty sequence, when nothing is revoked (RFC 5280 5.1.2.6). */
static void empty_list_is_absent(void **state)
{
    OWN_STRUCT(bench) b = {0};
    bench_open(&b, "P-256", *state);
    list_put(&b, *state);
    /* version, algorithm, issuer, two times, and the tagged extensions */
    assert_int_equal(run(*state,
                         "openssl asn1parse -inform DER -in tbs | grep ':d=1 ' >t && test $(wc -l <t) = 6 && "
                         "tail -n 1 t | grep -q 'cont \\[ 0 \\]'"),
                     0);
}

static void refuse(const struct crl_draft *draft, const char *says)
{
    struct err err = {0};
    OWN_STRUCT(bytes) der = {0};
    char digest[DIGEST_HEX];
    assert_refused(crl_announce(digest, NULL, draft, &err), says);
    assert_refused(crl_issue(&der, digest, draft, &err), says);
    assert_null(der.data);
}

static void lists_that_break_a_rule(void **state)
{
    OWN_STRUCT(bench) b = {0};
    bench_open(&b, "P-256", *state);
    struct crl_draft draft = b.draft;
    draft.next_update = draft.this_update;
    refuse(&draft, "not after thisUpdate");
    draft = b.draft;
    draft.next_update = END + 1;
    refuse(&draft, "passes the issuer's notAfter");
    draft = b.draft;
    draft.this_update = BEGIN - 1;
    refuse(&draft, "precedes the issuer's notBefore");
    draft = b.draft;
    draft.number = -1;
    refuse(&draft, "negative");
    OWN_KEY *other = golden_key("root/root-p384.key", "pw/root.txt");
    draft = b.draft;
    draft.key = other;
    refuse(&draft, "does not belong");
    OWN(X509) *no_crl_sign = golden_certificate("templates/case-insensitive.crt");
    draft = b.draft;
    draft.issuer = no_crl_sign;
    refuse(&draft, "lacks the cRLSign usage");
    static const struct {
        struct crl_entry entries[2];
        const char *says;
    } wrong[] = {
        {{{"01", BEGIN, 7}, {"02", BEGIN, -1}}, "reason 7"},
        {{{"01", BEGIN, 8}, {"02", BEGIN, -1}}, "reason 8"},
        {{{"01", BEGIN, -1}, {"0001", BEGIN, -1}}, "there twice"},
        {{{"01", BEGIN + 1, -1}, {"02", BEGIN, -1}}, "after thisUpdate"},
        {{{"00", BEGIN, -1}, {"02", BEGIN, -1}}, "zero"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        draft = b.draft;
        draft.entries = wrong[i].entries;
        draft.count = 2;
        refuse(&draft, wrong[i].says);
    }
}

static void lists_of_strangers(void **state)
{
    (void)state;
    struct err err = {0};
    OWN(X509) *issuer = golden_certificate("cert/intermediate_ca.by-rsa4096.crt");
    OWN(X509) *other = golden_certificate("root/root-p384.crt");
    OWN_STRUCT(bytes) der = golden("run/crl1.der");
    OWN_STRUCT(bytes) pem = golden("run/crl1.pem");
    OWN(X509_CRL) *crl = NULL;
    OWN(X509_CRL) *same = NULL;
    OWN(json_t) *json = NULL;
    OWN_STRUCT(bytes) ours = {0};
    assert_ok(crl_parse(&crl, &der, "crl1.der", &err));
    assert_ok(crl_parse(&same, &pem, "crl1.pem", &err));
    assert_ok(crl_check(crl, issuer, &err));
    assert_refused(crl_check(crl, other, &err), "issuer's name");
    assert_ok(crl_pem(&ours, crl, &err));
    assert_string_equal(bytes_string(&ours), bytes_string(&pem));
    assert_ok(crl_to_json(&json, crl, &err));
    assert_int_equal(json_integer_value(json_object_get(json, "number")), 1);
    assert_int_equal(json_integer_value(json_object_get(json, "entries")), 1);
    assert_string_equal(json_string_value(json_object_get(json, "aki")),
                        "33ef641f49660d78ad265e9a5f69102a21ac6d27");
    assert_string_equal(json_string_value(json_object_get(json, "issuer")), "CN=Example Intermediate CA");
    OWN_STRUCT(bytes) flipped = bytes_copy(der.data, der.len);
    flipped.data[der.len - 1] ^= 1;
    OWN(X509_CRL) *forged = NULL;
    assert_ok(crl_parse(&forged, &flipped, "f", &err));
    assert_refused(crl_check(forged, issuer, &err), "signature does not verify");
    bytes_text(&der, "x");
    OWN(X509_CRL) *none = NULL;
    assert_refused(crl_parse(&none, &der, "f", &err), "something behind");
    OWN_STRUCT(bytes) cert = golden("root/root-p384.crt");
    assert_refused(crl_parse(&none, &cert, "f", &err), "expected \"X509 CRL\"");
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(strangers_accept_it, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(empty_list_is_absent, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(lists_that_break_a_rule, scratch_make, scratch_remove),
        cmocka_unit_test(lists_of_strangers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

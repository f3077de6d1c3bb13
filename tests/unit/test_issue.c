#include "golden.h"

#include "ceremony/preview.h"
#include "ceremony/tbs.h"

/* A golden certificate's template, issuer and name; under the RSA root every byte is step's. */
static const struct {
    const char *rendered, *cert;
    bool ecdsa;
} goldens[] = {
    {"csr/rsa_intermediate_ca.tpl", "cert/intermediate_ca.by-rsa4096.crt", false},
    {"csr/rsa_intermediate_ca.tpl", "cert/intermediate_ca.by-p384.crt", true},
    {"templates/case-insensitive.tpl", "templates/case-insensitive.crt", false},
    {"templates/ext.tpl", "templates/ext.crt", false},
    {"templates/no-maxpathlen.tpl", "templates/no-maxpathlen.crt", false},
    {"templates/page.tpl", "templates/page.crt", false},
    {"templates/profile-intermediate.tpl", "templates/profile-intermediate.crt", false},
    {"templates/sans.tpl", "templates/sans.crt", false},
    {"templates/sig384.tpl", "templates/sig384.crt", false},
    {"templates/subject-literal.tpl", "templates/subject-literal.crt", false},
    {"templates/subject-string.tpl", "templates/subject-string.crt", false},
    {"templates/unknown-key.tpl", "templates/unknown-key.crt", false},
};

/* Everything a draft needs, with the golden files in it. */
struct bench {
    X509 *root;
    struct key *key;
    X509_REQ *request;
    struct profile *profile;
    struct draft draft;
};

static void bench_free(struct bench *b)
{
    X509_free(b->root);
    key_free(b->key);
    X509_REQ_free(b->request);
    profile_free(b->profile);
}

static void bench_open(struct bench *b, bool ecdsa, const struct bytes *json)
{
    struct err err = {0};
    b->root = golden_certificate(ecdsa ? "root/root-p384.crt" : "root/root-rsa4096.crt");
    b->key = golden_key(ecdsa ? "root/root-p384.key" : "root/root-rsa4096.key", "pw/root.txt");
    b->request = golden_request();
    assert_ok(profile_parse(&b->profile, json, true, "template", &err));
    b->draft = (struct draft){.profile = b->profile, .request = b->request, .issuer = b->root, .key = b->key};
}

static void draft_like(struct draft *draft, const X509 *cert)
{
    struct err err = {0};
    OWN(json_t) *json = NULL;
    assert_ok(certificate_to_json(&json, cert, &err));
    const char *serial = json_string_value(json_object_get(json, "serial"));
    snprintf(draft->serial, sizeof draft->serial, "%s", serial);
    draft->not_before = certificate_not_before(cert);
    draft->not_after = certificate_not_after(cert);
}

static void same_as_step(const char *rendered, const char *name, bool ecdsa, bool deterministic)
{
    struct err err = {0};
    OWN_STRUCT(bytes) json = golden_rendered(rendered);
    OWN_STRUCT(bytes) theirs = golden(name);
    OWN(X509) *cert = golden_certificate(name);
    OWN_STRUCT(bench) b = {0};
    bench_open(&b, ecdsa, &json);
    draft_like(&b.draft, cert);
    OWN(X509) *prepared = NULL;
    OWN_STRUCT(bytes) ours = {0};
    char digest[DIGEST_HEX], expected[DIGEST_HEX];
    assert_ok(certificate_prepare(&prepared, digest, &b.draft, &err));
    assert_ok(tbs_digest(expected, cert, &err));
    assert_string_equal(digest, expected);
    assert_ok(certificate_conforms(cert, &b.draft, &err)); /* step's own signature */
    assert_ok(certificate_sign(&ours, prepared, &b.draft, digest, &err));
    if (deterministic)
        assert_string_equal(bytes_string(&ours), bytes_string(&theirs));
    OWN(X509) *back = NULL;
    assert_ok(certificate_parse(&back, &ours, "ours", &err));
    assert_ok(certificate_conforms(back, &b.draft, &err));
}

static void golden_certificates_come_out_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goldens / sizeof goldens[0]; i++) {
        print_message("# %s\n", goldens[i].cert);
        same_as_step(goldens[i].rendered, goldens[i].cert, goldens[i].ecdsa, !goldens[i].ecdsa);
    }
    same_as_step("templates/sigpss.tpl", "templates/sigpss.crt", false, false); /* PSS has a random salt */
}

/* ---- also what nobody would sign: field by field ---- */

static void same_extensions(const X509 *ours, const X509 *theirs)
{
    assert_int_equal(X509_get_ext_count(ours), X509_get_ext_count(theirs));
    for (int i = 0; i < X509_get_ext_count(theirs); i++) {
        X509_EXTENSION *one = X509_get_ext(ours, i), *other = X509_get_ext(theirs, i);
        assert_int_equal(OBJ_cmp(X509_EXTENSION_get_object(one), X509_EXTENSION_get_object(other)), 0);
        assert_int_equal(X509_EXTENSION_get_critical(one), X509_EXTENSION_get_critical(other));
        assert_int_equal(ASN1_STRING_cmp(X509_EXTENSION_get_data(one), X509_EXTENSION_get_data(other)), 0);
    }
}

static void same_name(const X509_NAME *one, const X509_NAME *other)
{
    const unsigned char *der[2];
    size_t len[2];
    assert_int_equal(X509_NAME_get0_der(one, &der[0], &len[0]), 1); /* string types and sets included */
    assert_int_equal(X509_NAME_get0_der(other, &der[1], &len[1]), 1);
    assert_int_equal(len[0], len[1]);
    assert_memory_equal(der[0], der[1], len[0]);
}

static void same_fields(const char *rendered, const char *name, bool ecdsa)
{
    struct err err = {0};
    OWN_STRUCT(bytes) json = golden_rendered(rendered);
    OWN(X509) *theirs = golden_certificate(name);
    OWN_STRUCT(bench) b = {0};
    OWN(X509) *ours = NULL;
    bench_open(&b, ecdsa, &json);
    print_message("# %s\n", name);
    assert_ok(preview_make(&ours, b.profile, b.request, b.root, &err));
    assert_int_equal(X509_get_version(ours), X509_get_version(theirs));
    same_name(X509_get_subject_name(ours), X509_get_subject_name(theirs));
    same_name(X509_get_issuer_name(ours), X509_get_issuer_name(theirs));
    assert_int_equal(EVP_PKEY_eq(X509_get0_pubkey(ours), X509_get0_pubkey(theirs)), 1);
    assert_int_equal(X509_ALGOR_cmp(X509_get0_tbs_sigalg(ours), X509_get0_tbs_sigalg(theirs)), 0);
    same_extensions(ours, theirs);
}

static void golden_certificates_have_the_same_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof goldens / sizeof goldens[0]; i++)
        same_fields(goldens[i].rendered, goldens[i].cert, goldens[i].ecdsa);
    same_fields("templates/sigpss.tpl", "templates/sigpss.crt", false);
    same_fields("templates/empty-object.tpl", "templates/empty-object.crt", false);
    same_fields("templates/unset-var.tpl", "templates/unset-var.crt", false);
}

/* What `toJson .Insecure.CR` gives for the golden request: the extensions it asks for win and stand at the
 * end. */
static void copied_request_comes_out_the_same(void **state)
{
    (void)state;
    struct err err = {0};
    OWN(X509_REQ) *request = golden_request();
    OWN(json_t) *seen = NULL;
    assert_ok(request_to_json(&seen, request, &err));
    OWN(json_t) *copy =
        json_pack("{s:i, s:O, s:n, s:O, s:n, s:[s,s], s:{s:b, s:i}, s:s}", "version", 0, "subject",
                  json_object_get(seen, "Subject"), "dnsNames", "extensions",
                  json_object_get(seen, "Extensions"), "sans", "keyUsage", "certSign", "crlSign",
                  "basicConstraints", "isCA", 1, "maxPathLen", 0, "signatureAlgorithm", "");
    OWN(char) *text = json_dumps(copy, 0);
    OWN_STRUCT(bytes) json = text_bytes(text);
    OWN(X509) *cert = golden_certificate("templates/cr-copy.crt");
    OWN_STRUCT(bench) b = {0};
    bench_open(&b, false, &json);
    draft_like(&b.draft, cert);
    OWN(X509) *prepared = NULL;
    OWN_STRUCT(bytes) ours = {0};
    OWN_STRUCT(bytes) theirs = golden("templates/cr-copy.crt");
    char digest[DIGEST_HEX];
    assert_ok(certificate_prepare(&prepared, digest, &b.draft, &err));
    assert_ok(certificate_sign(&ours, prepared, &b.draft, digest, &err));
    assert_string_equal(bytes_string(&ours), bytes_string(&theirs));
}

#define PAGE                                                                                                 \
    "{\"subject\":" SUBJECT ",\"keyUsage\":[\"certSign\",\"crlSign\"],"                                      \
    "\"basicConstraints\":{\"isCA\":true,\"maxPathLen\":0}}"

static void page_bench(struct bench *b, const char *text)
{
    OWN_STRUCT(bytes) json = text_bytes(text);
    bench_open(b, false, &json);
    snprintf(b->draft.serial, sizeof b->draft.serial, "%s", "0142");
    b->draft.not_before = certificate_not_before(b->root);
    b->draft.not_after = certificate_not_after(b->root);
}

static void same_draft_same_digest_and_nothing_else_is_signed(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(bench) b = {0};
    page_bench(&b, PAGE);
    OWN(X509) *one = NULL;
    OWN(X509) *two = NULL;
    OWN(X509) *other = NULL;
    OWN_STRUCT(bytes) pem = {0};
    char first[DIGEST_HEX], second[DIGEST_HEX], third[DIGEST_HEX];
    assert_ok(certificate_prepare(&one, first, &b.draft, &err));
    OWN(json_t) *seen = NULL;
    assert_ok(certificate_prepared_to_json(&seen, one, &err));
    assert_string_equal(json_string_value(json_object_get(seen, "signature")), "sha256WithRSAEncryption");
    assert_ok(certificate_prepare(&two, second, &b.draft, &err));
    assert_string_equal(first, second);
    b.draft.not_after--;
    assert_ok(certificate_prepare(&other, third, &b.draft, &err));
    assert_string_not_equal(first, third);
    assert_refused(certificate_sign(&pem, other, &b.draft, first, &err), "nothing was signed");
    assert_int_equal(pem.len, 0);
    assert_ok(certificate_sign(&pem, two, &b.draft, second, &err));
    OWN(X509) *cert = NULL;
    assert_ok(certificate_parse(&cert, &pem, "new", &err));
    assert_refused(certificate_conforms(cert, &b.draft, &err), "first difference is in: notAfter");
    b.draft.not_after++;
    assert_ok(certificate_conforms(cert, &b.draft, &err));
    assert_ok(certificate_check_intermediate(cert, b.root, b.draft.not_before, "new", &err));
    assert_ok(certificate_check_intermediate(cert, b.root, 0, "new", &err));
    assert_refused(certificate_check_intermediate(cert, b.root, b.draft.not_after + 1, "new", &err),
                   "expired");
    OWN(X509) *other_root = golden_certificate("root/root-p384.crt");
    assert_refused(certificate_check_intermediate(cert, other_root, 0, "new", &err), "does not verify");
}

static void refuse_draft(struct draft *draft, const char *says)
{
    struct err err = {0};
    OWN(X509) *cert = NULL;
    char digest[DIGEST_HEX];
    assert_refused(certificate_prepare(&cert, digest, draft, &err), says);
    assert_null(cert);
}

static void drafts_that_break_a_rule(void **state)
{
    (void)state;
    OWN_STRUCT(bench) b = {0};
    page_bench(&b, PAGE);
    struct draft draft = b.draft;
    draft.not_after++;
    refuse_draft(&draft, "passes the issuer's");
    draft = b.draft;
    draft.not_before--;
    refuse_draft(&draft, "precedes the issuer's");
    draft = b.draft;
    draft.not_after = draft.not_before;
    refuse_draft(&draft, "is not after not_before");
    OWN_KEY *other = golden_key("root/root-p384.key", "pw/root.txt");
    draft = b.draft;
    draft.key = other;
    refuse_draft(&draft, "does not belong to the certificate");
    OWN(X509) *leaf = golden_certificate("templates/empty-object.crt");
    draft = b.draft;
    draft.issuer = leaf;
    refuse_draft(&draft, "the issuer is not a CA");
}

static void serials_that_break_a_rule(void **state)
{
    (void)state;
    static const struct {
        const char *serial, *says;
    } cases[] = {
        {"", "lower-case hex"},   {"00", "is zero"},
        {"0", "is zero"},         {"xyz", "lower-case hex"},
        {"AB", "lower-case hex"}, {"ffffffffffffffffffffffffffffffffffffffff", "longer than 20 bytes"},
    };
    OWN_STRUCT(bench) b = {0};
    page_bench(&b, PAGE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(b.draft.serial, sizeof b.draft.serial, "%s", cases[i].serial);
        refuse_draft(&b.draft, cases[i].says);
    }
}

static void keys_that_may_not_be_certified(void **state)
{
    struct err err = {0};
    OWN_STRUCT(bench) b = {0};
    page_bench(&b, PAGE);
    OWN(X509_REQ) *weak = X509_REQ_new();
    assert_int_equal(run(*state, "openssl genrsa -out weak.pem 1024"), 0);
    OWN_STRUCT(bytes) pem = get(*state, "weak.pem");
    OWN_KEY *small = NULL;
    assert_ok(key_parse(&small, &pem, NULL, NULL, "weak", &err));
    assert_int_equal(X509_REQ_set_pubkey(weak, key_evp(small)), 1);
    b.draft.request = weak;
    refuse_draft(&b.draft, "1024 bits");
    OWN(X509_REQ) *own = X509_REQ_new();
    assert_int_equal(X509_REQ_set_pubkey(own, key_evp(b.key)), 1);
    b.draft.request = own;
    refuse_draft(&b.draft, "issuer's own key");
}

static void profiles_that_may_not_be_signed(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } wrong[] = {
        {"{}", "subject: is empty"},
        {"{\"subject\": null}", "subject: is empty"},
        {"{\"subject\":{\"country\":\"IT\",\"organization\":\"Example Org\",\"commonName\":\"Example Offline "
         "Root "
         "CA\"}}",
         "subject: is the issuer's own name"},
        {"{\"subject\":\"x\",\"signatureAlgorithm\":\"SHA1-RSA\"}", "broken or obsolete"},
        {"{\"subject\":\"x\",\"signatureAlgorithm\":\"ECDSA-SHA256\"}", "does not match the signer's key"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        OWN_STRUCT(bench) b = {0};
        page_bench(&b, wrong[i].json);
        refuse_draft(&b.draft, wrong[i].says);
    }
}

/* A root of ours with a path length, and what may stand under it. */
static void path_lengths_nest(void **state)
{
    (void)state;
    struct err err = {0};
    static const struct {
        long root;
        const char *under, *says;
    } cases[] = {
        {0, "0", "may sign no CA"}, {1, "0", NULL},  {1, "1", "at most 0"},
        {1, "-1", "at most 0"},     {-1, "3", NULL}, {3, "2", NULL},
    };
    OWN_KEY *key = NULL;
    assert_ok(key_generate(&key, "P-256", &err));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        OWN_STRUCT(bytes) pem = {0};
        OWN(X509) *root = NULL;
        struct ca_subject subject = {"Org", "Root", cases[i].root, 1700000000, 1900000000, NULL};
        assert_ok(certificate_make_ca(&pem, &subject, key, NULL, NULL, &err));
        assert_ok(certificate_parse(&root, &pem, "root", &err));
        OWN_STRUCT(bench) b = {0};
        OWN(char) *path = text_format("\"maxPathLen\":%s}", cases[i].under);
        OWN(char) *json = replaced(PAGE, "\"maxPathLen\":0}", path);
        page_bench(&b, json);
        struct draft draft = b.draft;
        draft.issuer = root;
        draft.key = key;
        draft.not_before = subject.not_before;
        draft.not_after = subject.not_after;
        OWN(X509) *cert = NULL;
        char digest[DIGEST_HEX];
        if (cases[i].says != NULL) {
            refuse_draft(&draft, cases[i].says);
            continue;
        }
        assert_ok(certificate_prepare(&cert, digest, &draft, &err));
    }
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_certificates_come_out_the_same),
        cmocka_unit_test(golden_certificates_have_the_same_fields),
        cmocka_unit_test(copied_request_comes_out_the_same),
        cmocka_unit_test(same_draft_same_digest_and_nothing_else_is_signed),
        cmocka_unit_test(drafts_that_break_a_rule),
        cmocka_unit_test(serials_that_break_a_rule),
        cmocka_unit_test_setup_teardown(keys_that_may_not_be_certified, scratch_make, scratch_remove),
        cmocka_unit_test(profiles_that_may_not_be_signed),
        cmocka_unit_test(path_lengths_nest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "golden.h"

#include "ceremony/name.h"
#include "ceremony/tbs.h"

/* What openssl and sha256sum say of cert/intermediate_ca.by-rsa4096.crt. */
#define SPKI "bfc939d93caa293939f16f807f66bd95097915bd1126edad1e1a22ebfb0628bd"
#define SHA256 "37f5ad57d9130dfb7346c104a83d3a151883633937649ca8ae8df6ac05de9343"

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
    struct err err = {0};
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
    static const char *const serials[] = {"",    "00", "0",
                                          "xyz", "AB", "ffffffffffffffffffffffffffffffffffffffff"};
    for (size_t i = 0; i < sizeof serials / sizeof serials[0]; i++) {
        draft = b.draft;
        snprintf(draft.serial, sizeof draft.serial, "%s", serials[i]);
        if (strcmp(serials[i], "0") == 0 || strcmp(serials[i], "00") == 0)
            refuse_draft(&draft, "is zero");
        else
            refuse_draft(&draft, "serial ");
    }
    OWN(X509) *leaf = golden_certificate("templates/empty-object.crt");
    draft = b.draft;
    draft.issuer = leaf;
    refuse_draft(&draft, "the issuer is not a CA");
    OWN(X509_REQ) *weak = X509_REQ_new();
    assert_int_equal(run(*state, "openssl genrsa -out weak.pem 1024"), 0);
    OWN_STRUCT(bytes) pem = get(*state, "weak.pem");
    OWN_KEY *small = NULL;
    assert_ok(key_parse(&small, &pem, NULL, NULL, "weak", &err));
    assert_int_equal(X509_REQ_set_pubkey(weak, key_evp(small)), 1);
    draft = b.draft;
    draft.request = weak;
    refuse_draft(&draft, "1024 bits");
    OWN(X509_REQ) *own = X509_REQ_new();
    assert_int_equal(X509_REQ_set_pubkey(own, key_evp(b.key)), 1);
    draft.request = own;
    refuse_draft(&draft, "issuer's own key");
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
        struct ca_subject subject = {"Org", "Root", cases[i].root, 1700000000, 1900000000};
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
    struct ca_subject upper = {"Example Intermediate CA", "Example Intermediate CA Root CA", 1, 1795448263,
                               2110808263};
    struct ca_subject lower = {"Example Intermediate CA", "Example Intermediate CA Intermediate CA", 0,
                               1795448264, 2110808262};
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
        cmocka_unit_test(golden_certificates_come_out_the_same),
        cmocka_unit_test(copied_request_comes_out_the_same),
        cmocka_unit_test(same_draft_same_digest_and_nothing_else_is_signed),
        cmocka_unit_test_setup_teardown(drafts_that_break_a_rule, scratch_make, scratch_remove),
        cmocka_unit_test(profiles_that_may_not_be_signed),
        cmocka_unit_test(path_lengths_nest),
        cmocka_unit_test_setup_teardown(roots_are_judged, scratch_make, scratch_remove),
        cmocka_unit_test(files_hold_one_certificate),
        cmocka_unit_test_setup_teardown(made_authorities_are_what_init_makes, scratch_make, scratch_remove),
        cmocka_unit_test(facts_and_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

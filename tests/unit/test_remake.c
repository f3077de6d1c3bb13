#include "golden.h"

#include "ceremony/crl.h"
#include "ceremony/remake.h"
#include "ceremony/request.h"

/* What made a golden certificate of step's: template, request, issuer, and the key of that, or none. */
struct bench {
    X509 *root;
    struct key *key;
    X509_REQ *request;
    struct profile *profile;
    struct bytes recorded;
    struct draft draft;
};

static void bench_free(struct bench *b)
{
    X509_free(b->root);
    key_free(b->key);
    X509_REQ_free(b->request);
    profile_free(b->profile);
    bytes_free(&b->recorded);
}

static void bench_open(struct bench *b, bool ecdsa, bool with_key)
{
    struct err err = {0};
    OWN_STRUCT(bytes) json = golden_rendered("csr/rsa_intermediate_ca.tpl");
    b->recorded = golden(ecdsa ? "cert/intermediate_ca.by-p384.crt" : "cert/intermediate_ca.by-rsa4096.crt");
    b->root = golden_certificate(ecdsa ? "root/root-p384.crt" : "root/root-rsa4096.crt");
    if (with_key)
        b->key = golden_key(ecdsa ? "root/root-p384.key" : "root/root-rsa4096.key", "pw/root.txt");
    b->request = golden_request();
    assert_ok(profile_parse(&b->profile, &json, true, "template", &err));
    b->draft = (struct draft){.profile = b->profile, .request = b->request, .issuer = b->root, .key = b->key};
    OWN(X509) *cert = NULL;
    OWN(json_t) *facts = NULL;
    assert_ok(certificate_parse(&cert, &b->recorded, "golden", &err));
    assert_ok(certificate_to_json(&facts, cert, &err));
    snprintf(b->draft.serial, sizeof b->draft.serial, "%s",
             json_string_value(json_object_get(facts, "serial")));
    b->draft.not_before = certificate_not_before(cert);
    b->draft.not_after = certificate_not_after(cert);
}

static void assert_verdict(const struct remake *found, enum remade wanted, const char *path)
{
    OWN(char) *text = json_dumps(found->differences, JSON_COMPACT);
    if (found->verdict != wanted)
        fail_msg("%s, not %s: %s", remade_names[found->verdict], remade_names[wanted], text);
    OWN(char) *wanted_path = text_format("{\"path\":\"%s\"", path);
    if (*path == '\0' ? json_array_size(found->differences) != 0 : strstr(text, wanted_path) == NULL)
        fail_msg("%s: not %s", text, path);
}

static void judge(struct bench *b, enum remade wanted, const char *path)
{
    struct err err = {0};
    OWN_STRUCT(remake) found = {0};
    assert_ok(remake_certificate(&found, &b->draft, &b->recorded, &err));
    assert_verdict(&found, wanted, path);
}

static void test_golden(void **state)
{
    static const enum remade wanted[2][2] = {{REMADE_UNSIGNED, REMADE_IDENTICAL},
                                             {REMADE_UNSIGNED, REMADE_RESIGNED}};
    (void)state;
    for (int i = 0; i < 4; i++) {
        OWN_STRUCT(bench) b = {0};
        bench_open(&b, i / 2 == 1, i % 2 == 1);
        judge(&b, wanted[i / 2][i % 2], "");
    }
}

static void test_field(void **state)
{
    (void)state;
    OWN_STRUCT(bench) b = {0};
    bench_open(&b, false, false);
    b.draft.not_after -= 1;
    judge(&b, REMADE_DIFFERENT, "not_after");
    b.draft.not_after += 1;
    b.draft.serial[5] = b.draft.serial[5] == '0' ? '1' : '0';
    judge(&b, REMADE_DIFFERENT, "serial");
}

/* The same to-be-signed part, and a signature that this key does not make. */
static void test_signature(void **state)
{
    struct err err = {0};
    (void)state;
    OWN_STRUCT(bench) b = {0};
    bench_open(&b, false, true);
    OWN(X509) *cert = NULL;
    OWN_STRUCT(bytes) der = {0};
    assert_ok(certificate_parse(&cert, &b.recorded, "golden", &err));
    assert_ok(certificate_der(&der, cert, &err));
    der.data[der.len - 9] ^= 1;
    bytes_free(&b.recorded);
    b.recorded = bytes_give(&der);
    judge(&b, REMADE_DIFFERENT, "signature value");
}

static void test_wrong_key(void **state)
{
    struct err err = {0};
    (void)state;
    OWN_STRUCT(bench) b = {0};
    OWN_STRUCT(remake) found = {0};
    bench_open(&b, false, false);
    b.key = golden_key("root/root-p384.key", "pw/root.txt");
    b.draft.key = b.key;
    assert_refused(remake_certificate(&found, &b.draft, &b.recorded, &err), "does not belong");
}

static void list(const char *root, const char *key_name, enum remade with_key)
{
    struct err err = {0};
    OWN(X509) *issuer = golden_certificate(root);
    OWN_KEY *key = golden_key(key_name, "pw/root.txt");
    OWN_STRUCT(bytes) der = {0};
    char tbs[DIGEST_HEX];
    time_t begins = certificate_not_before(issuer) + 60;
    struct crl_draft draft = {
        .issuer = issuer, .key = key, .number = 4, .this_update = begins, .next_update = begins + 86400};
    assert_ok(crl_issue(&der, tbs, &draft, &err));
    OWN_STRUCT(remake) found = {0};
    assert_ok(remake_crl(&found, &draft, &der, &err));
    assert_verdict(&found, with_key, "");
    draft.key = NULL;
    assert_ok(remake_crl(&found, &draft, &der, &err));
    assert_verdict(&found, REMADE_UNSIGNED, "");
    draft.number = 5;
    assert_ok(remake_crl(&found, &draft, &der, &err));
    assert_verdict(&found, REMADE_DIFFERENT, "number");
    draft.number = 4;
    draft.next_update += 1;
    assert_ok(remake_crl(&found, &draft, &der, &err));
    assert_verdict(&found, REMADE_DIFFERENT, "next_update");
}

static void test_lists(void **state)
{
    (void)state;
    list("root/root-rsa4096.crt", "root/root-rsa4096.key", REMADE_IDENTICAL);
    list("root/root-p384.crt", "root/root-p384.key", REMADE_RESIGNED);
}

/* A request of step's own, and one that asks for another name. */
static void test_request(void **state)
{
    struct err err = {0};
    (void)state;
    OWN_STRUCT(bytes) json = golden_rendered("csr/rsa_intermediate_ca.tpl");
    OWN_STRUCT(bytes) recorded = golden("csr/intermediate_ca.csr");
    OWN_STRUCT(remake) found = {0};
    OWN_PROFILE *profile = NULL;
    assert_ok(profile_parse(&profile, &json, true, "template", &err));
    assert_ok(remake_request(&found, profile, &recorded, &err));
    assert_verdict(&found, REMADE_UNSIGNED, "");
    OWN(char) *text = replaced(bytes_string(&json), "Example Intermediate CA", "Another CA");
    OWN_STRUCT(bytes) other = text_bytes(text);
    OWN_PROFILE *another = NULL;
    assert_ok(profile_parse(&another, &other, true, "template", &err));
    assert_ok(remake_request(&found, another, &recorded, &err));
    assert_verdict(&found, REMADE_DIFFERENT, "Subject.commonName");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),    cmocka_unit_test(test_field), cmocka_unit_test(test_signature),
        cmocka_unit_test(test_wrong_key), cmocka_unit_test(test_lists), cmocka_unit_test(test_request),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

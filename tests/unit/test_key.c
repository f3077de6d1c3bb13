#include "golden.h"

#include "ceremony/key.h"

/* What our message must say where step's loader fails; every refused golden file has its line. */
static const struct {
    const char *file, *says;
} reasons[] = {
    {"p1-dekinfo-camellia256.pem", "unknown encryption mode CAMELLIA-256-CBC"},
    {"p8-aes256cbc-hmacWithSHA384.pem", "hmacWithSHA384, which step-ca takes for hmacWithSHA1"},
    {"p8-aes256cbc-hmacWithSHA512.pem", "hmacWithSHA512, which step-ca takes for hmacWithSHA1"},
    {"p8-aes256cbc-sha256-with-keyLength.pem", "keyLength"},
    {"p8-camellia-256-cbc.pem", "unknown algorithm camellia-256-cbc"},
    {"p8-scrypt.pem", "only PBKDF2 is supported"},
};

static const char *reason(const char *file)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reasons[i].file, file) == 0)
            return reasons[i].says;
    fail_msg("%s: refused, but no reason is known", file);
    return NULL;
}

static void judge_format(const char *verdict, const char *file, char spki[DIGEST_HEX])
{
    struct err err = {0};
    bool wrong = true;
    OWN_KEY *key = NULL;
    OWN_SECRET *password = golden_password("pw/ca.txt");
    OWN(char) *name = text_format("keyformats/%s", file);
    OWN_STRUCT(bytes) pem = golden(name);
    if (strcmp(verdict, "reject") == 0) {
        assert_refused(key_parse(&key, &pem, password, &wrong, file, &err), reason(file));
        assert_false(wrong);
        return;
    }
    assert_ok(key_parse(&key, &pem, password, &wrong, file, &err));
    char digest[DIGEST_HEX];
    assert_ok(key_spki_digest(digest, key, &err));
    if (spki[0] == 0)
        memcpy(spki, digest, DIGEST_HEX);
    assert_string_equal(digest, spki); /* it is one key in all of them */
    assert_string_equal(key_kind(key), "RSA-3072");
}

static void formats_are_judged_as_by_step(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) expected = golden("keyformats/EXPECTED.txt");
    char spki[DIGEST_HEX] = "";
    char *rest = (char *)expected.data;
    unsigned count = 0;
    for (char *line; (line = strsep(&rest, "\n")) != NULL && line[0] != 0; count++) {
        char verdict[16], file[80];
        assert_int_equal(sscanf(line, "%15s %79s", verdict, file), 2);
        judge_format(verdict, file, spki);
    }
    assert_int_equal(count, 16);
}

static void wrong_password_is_told_apart(void **state)
{
    (void)state;
    static const char *const encrypted[] = {
        "keyformats/p1-dekinfo-aes256.pem", "keyformats/p1-dekinfo-des3.pem",
        "keyformats/p8-made-by-step.pem", "keyformats/p8-des3.pem", "csr/intermediate_ca_key"};
    for (size_t i = 0; i < sizeof encrypted / sizeof encrypted[0]; i++) {
        struct err err = {0};
        bool wrong = false;
        OWN_KEY *key = NULL;
        OWN_SECRET *password = secret_new("not the password", 16);
        OWN_STRUCT(bytes) pem = golden(encrypted[i]);
        assert_true(key_is_encrypted(&pem));
        assert_refused(key_parse(&key, &pem, password, &wrong, "f", &err), "the password is wrong");
        assert_true(wrong);
        assert_null(key);
        assert_refused(key_parse(&key, &pem, NULL, &wrong, "f", &err), "no password was given");
        assert_false(wrong);
    }
    OWN_STRUCT(bytes) plain = golden("keyformats/p1-plain.pem");
    assert_false(key_is_encrypted(&plain));
}

static void more_than_a_key_is_refused(void **state)
{
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN_STRUCT(bytes) pem = golden("keyformats/p8-plain.pem");
    OWN_STRUCT(bytes) twice = bytes_copy(pem.data, pem.len);
    bytes_add(&twice, pem.data, pem.len);
    assert_refused(key_parse(&key, &twice, NULL, NULL, "f", &err), "more than one PEM encoded block");
    OWN_STRUCT(bytes) tail = bytes_copy(pem.data, pem.len);
    bytes_text(&tail, "tail");
    assert_refused(key_parse(&key, &tail, NULL, NULL, "f", &err), "text behind the key");
    OWN_STRUCT(bytes) head = text_bytes("a line before\n");
    bytes_add(&head, pem.data, pem.len);
    assert_ok(key_parse(&key, &head, NULL, NULL, "f", &err));

    assert_int_equal(run(*state, "openssl ecparam -name prime256v1 -genkey -out two.pem"), 0);
    OWN_STRUCT(bytes) parameters = get(*state, "two.pem");
    OWN_KEY *none = NULL;
    assert_refused(key_parse(&none, &parameters, NULL, NULL, "f", &err), "more than one PEM encoded block");
    OWN_STRUCT(bytes) nothing = text_bytes("no key at all\n");
    assert_refused(key_parse(&none, &nothing, NULL, NULL, "f", &err), "not a valid PEM");
    OWN_STRUCT(bytes) cert = golden("root/root-p384.crt");
    assert_refused(key_parse(&none, &cert, NULL, NULL, "f", &err), "unexpected header 'CERTIFICATE'");
}

/* A key that a stranger made: kind, or the reason why not. */
static void stranger_key(void *state, const char *command, const char *kind, const char *says)
{
    struct err err = {0};
    OWN_KEY *key = NULL;
    assert_int_equal(run(state, "rm -f k.pem; %s", command), 0);
    OWN_STRUCT(bytes) pem = get(state, "k.pem");
    if (kind == NULL) {
        assert_refused(key_parse(&key, &pem, NULL, NULL, "k.pem", &err), says);
        return;
    }
    assert_ok(key_parse(&key, &pem, NULL, NULL, "k.pem", &err));
    assert_string_equal(key_kind(key), kind);
    if (says != NULL)
        assert_refused(pkey_is_strong(key_evp(key), &err), says);
    else
        assert_ok(pkey_is_strong(key_evp(key), &err));
}

static void other_kinds(void **state)
{
    stranger_key(*state, "openssl genpkey -algorithm ED25519 -out k.pem", "Ed25519", NULL);
    stranger_key(*state, "openssl ecparam -name secp521r1 -genkey -noout -out k.pem", "P-521", NULL);
    stranger_key(*state, "openssl genrsa -traditional -out k.pem 2048", "RSA-2048", NULL);
    stranger_key(*state, "openssl genrsa -out k.pem 1024", "RSA-1024", "at least 2048");
    stranger_key(*state, "openssl genrsa -3 -out k.pem 2048", "RSA-2048", "exponent");
    stranger_key(*state, "openssl ecparam -name secp224r1 -genkey -noout -out k.pem", "P-224", "P-256");
    stranger_key(*state, "openssl ecparam -name secp256k1 -genkey -noout -out k.pem", NULL,
                 "step-ca cannot use");
    stranger_key(*state, "openssl genpkey -algorithm X25519 -out k.pem", NULL, "step-ca cannot use");
    stranger_key(*state, "ssh-keygen -q -t ecdsa -N '' -f k.pem", "P-256", NULL);
    stranger_key(*state,
                 "openssl genrsa -out p.pem 2048 && openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in p.pem "
                 "-passout pass:secret -out k.pem",
                 NULL, "no password was given");
}

static void old_encryption_is_refused(void **state)
{
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN_SECRET *password = secret_new("secret", 6);
    assert_int_equal(run(*state,
                         "openssl genrsa -out p.pem 2048 && openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in p.pem "
                         "-passout pass:secret -out k.pem"),
                     0);
    OWN_STRUCT(bytes) pem = get(*state, "k.pem");
    assert_refused(key_parse(&key, &pem, password, NULL, "f", &err), "only PBES2 is supported");
}

static void generated_keys_are_written_for_step(void **state)
{
    static const char *const kinds[] = {"RSA-2048", "RSA-3072", "P-256", "P-384", "P-521"};
    struct err err = {0};
    OWN_SECRET *password = secret_new("a pass word", 11);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        OWN_KEY *key = NULL;
        OWN_KEY *back = NULL;
        OWN_STRUCT(bytes) pem = {0};
        char ours[DIGEST_HEX], theirs[DIGEST_HEX];
        assert_ok(key_generate(&key, kinds[i], &err));
        assert_string_equal(key_kind(key), kinds[i]);
        assert_ok(pkey_is_strong(key_evp(key), &err));
        assert_ok(key_write(&pem, key, password, &err));
        assert_ok(key_parse(&back, &pem, password, NULL, "own", &err));
        assert_ok(key_spki_digest(ours, key, &err));
        assert_ok(key_spki_digest(theirs, back, &err));
        assert_string_equal(ours, theirs);
        put(*state, "k.pem", pem.data, pem.len);
        assert_int_equal(run(*state,
                             "openssl pkey -in k.pem -passin 'pass:a pass word' -pubout -outform DER | "
                             "sha256sum | grep -q '^%s '",
                             ours),
                         0);
    }
    OWN_KEY *key = NULL;
    assert_false(key_kind_is_known("RSA-1024"));
    assert_true(key_kind_is_known("RSA-4096"));
    assert_refused(key_generate(&key, "RSA-1024", &err), "unknown");
    OWN_STRUCT(bytes) pem = {0};
    OWN_KEY *good = golden_key("root/root-p384.key", "pw/root.txt");
    assert_refused(key_write(&pem, good, NULL, &err), "only encrypted");
}

/* Line for line the scheme that `step crypto key format --pkcs8` writes. */
static void encryption_is_steps(void **state)
{
    struct err err = {0};
    OWN_SECRET *password = golden_password("pw/ca.txt");
    OWN_KEY *key = golden_key("keyformats/p8-plain.pem", "pw/ca.txt");
    OWN_STRUCT(bytes) pem = {0};
    OWN_STRUCT(bytes) step = golden("keyformats/p8-made-by-step.pem");
    assert_ok(key_write(&pem, key, password, &err));
    put(*state, "ours.pem", pem.data, pem.len);
    put(*state, "step.pem", step.data, step.len);
    assert_int_equal(
        run(*state, "for f in ours step; do openssl asn1parse -in $f.pem | sed 's/DUMP.*/DUMP/' > $f.txt; "
                    "done; cmp ours.txt step.txt && grep -q :0927C0 ours.txt && "
                    "grep -q hmacWithSHA256 ours.txt && grep -q aes-256-cbc ours.txt"),
        0);
    assert_int_equal(run(*state, "test $(grep -c INTEGER ours.txt) = 1"), 0); /* the count; no keyLength */
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_judged_as_by_step),
        cmocka_unit_test(wrong_password_is_told_apart),
        cmocka_unit_test_setup_teardown(more_than_a_key_is_refused, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(other_kinds, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(old_encryption_is_refused, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(generated_keys_are_written_for_step, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(encryption_is_steps, scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

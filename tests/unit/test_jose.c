#include "golden.h"

#include "ceremony/jose.h"
#include "ceremony/json.h"
#include "ceremony/ssl.h"

#define HEADER                                                                                               \
    "{\"alg\":\"PBES2-HS256+A128KW\",\"cty\":\"jwk+json\",\"enc\":\"A256GCM\",\"p2c\":600000,\"p2s\":\""

static void golden_jwe_opens(void **state)
{
    (void)state;
    struct err err = {0};
    bool wrong = true;
    OWN_STRUCT(bytes) jwe = golden("jwk/encryptedKey.jwe");
    OWN_STRUCT(bytes) private = golden("jwk/key.priv.json");
    OWN_SECRET *password = golden_password("pw/prov.txt");
    OWN_SECRET *text = NULL;
    assert_ok(jwe_open(&text, bytes_string(&jwe), password, &wrong, &err));
    assert_false(wrong);
    assert_string_equal(secret_data(text), bytes_string(&private));
}

static void thumbprint_is_the_kid(void **state)
{
    (void)state;
    struct err err = {0};
    static const char *const names[] = {"jwk/key.pub.json", "jwk/key.priv.json"};
    for (size_t i = 0; i < 2; i++) {
        OWN_STRUCT(bytes) json = golden(names[i]);
        OWN(json_t) *jwk = NULL;
        OWN(char) *thumbprint = NULL;
        assert_ok(json_read(&jwk, &json, names[i], &err));
        assert_ok(jwk_thumbprint(&thumbprint, jwk, &err));
        assert_string_equal(thumbprint, json_string_value(json_object_get(jwk, "kid")));
    }
    /* RFC 7638 3.1 */
    OWN(json_t) *rsa = json_pack(
        "{s:s, s:s, s:s}", "kty", "RSA", "e", "AQAB", "n",
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP"
        "ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY"
        "368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f"
        "M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw");
    OWN(char) *thumbprint = NULL;
    assert_ok(jwk_thumbprint(&thumbprint, rsa, &err));
    assert_string_equal(thumbprint, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    OWN(json_t) *other = json_pack("{s:s}", "kty", "oct");
    OWN(char) *none = NULL;
    assert_refused(jwk_thumbprint(&none, other, &err), "neither EC nor RSA");
    json_object_set_new(rsa, "n", json_null());
    assert_refused(jwk_thumbprint(&none, rsa, &err), "member n");
}

/* Members, their order, and what another program makes of the numbers. */
static void public_half_is_steps(void **state)
{
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN_STRUCT(bytes) spki = {0};
    OWN(json_t) *jwk = NULL;
    assert_ok(key_generate(&key, "P-256", &err));
    assert_ok(key_spki(&spki, key, &err));
    assert_ok(jwk_public(&jwk, key, &err));
    OWN(char) *text = json_dumps(jwk, JSON_COMPACT);
    put(*state, "jwk.json", text, strlen(text));
    put(*state, "spki.der", spki.data, spki.len);
    OWN_STRUCT(bytes) step = golden("jwk/key.pub.json");
    put(*state, "step.json", step.data, step.len);
    assert_int_equal(
        run(*state, "jq -c keys_unsorted jwk.json >a; jq -c keys_unsorted step.json >b; cmp a b && "
                    "jq -c 'del(.kid,.x,.y)' jwk.json >a; jq -c 'del(.kid,.x,.y)' step.json >b; cmp a b"),
        0);
    assert_int_equal(
        run(*state, "for c in x y; do jq -r .$c jwk.json | tr _- /+ | sed 's/$/=/' | base64 -d; done >xy && "
                    "tail -c 64 spki.der | cmp - xy"),
        0);
    OWN_KEY *other = golden_key("root/root-p384.key", "pw/root.txt");
    OWN(json_t) *none = NULL;
    assert_refused(jwk_public(&none, other, &err), "is P-384");
}

static void sealed_key_opens_again(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN(char) *jwe = NULL;
    OWN(char) *again = NULL;
    OWN(json_t) *public = NULL;
    OWN(json_t) *private = NULL;
    OWN_SECRET *password = secret_new("correct horse", 13);
    OWN_SECRET *text = NULL;
    assert_ok(key_generate(&key, "P-256", &err));
    assert_ok(jwe_seal(&jwe, key, password, &err));
    assert_ok(jwe_seal(&again, key, password, &err));
    assert_string_not_equal(jwe, again);
    assert_ok(jwe_open(&text, jwe, password, NULL, &err));
    OWN_STRUCT(bytes) plain = text_bytes(secret_data(text));
    assert_ok(json_read(&private, &plain, "jwk", &err));
    OWN_STRUCT(bytes) compact = {0};
    json_go_compact(&compact, private);
    assert_string_equal(bytes_string(&compact), secret_data(text)); /* written as Go writes it */
    assert_ok(jwk_public(&public, key, &err));
    OWN(BIGNUM) *d = NULL;
    assert_int_equal(EVP_PKEY_get_bn_param(key_evp(key), "priv", &d), 1);
    OWN_STRUCT(bytes) raw = {0};
    assert_ok(base64url_decode(&raw, json_string_value(json_object_get(private, "d")), &err));
    OWN(BIGNUM) *found = BN_bin2bn(raw.data, (int)raw.len, NULL);
    assert_int_equal(raw.len, 32);
    assert_int_equal(BN_cmp(d, found), 0);
    json_object_del(private, "d");
    assert_true(json_equal(private, public));
}

static void protected_header_is_steps(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN(char) *jwe = NULL;
    OWN_SECRET *password = secret_new("p", 1);
    OWN_STRUCT(bytes) header = {0};
    OWN_STRUCT(bytes) step = golden("jwk/header.json");
    assert_ok(key_generate(&key, "P-256", &err));
    assert_ok(jwe_seal(&jwe, key, password, &err));
    OWN(char) *first = replaced(jwe, ".", "\n");
    *strchr(first, '\n') = 0;
    assert_ok(base64url_decode(&header, first, &err));
    assert_int_equal(header.len, step.len);
    assert_memory_equal(header.data, step.data, strlen(HEADER));
    assert_memory_equal(header.data, HEADER, strlen(HEADER));
    assert_memory_equal(header.data + header.len - 2, "\"}", 2);
    unsigned lengths[5] = {0};
    for (unsigned i = 0, part = 0; jwe[i] != 0; i++)
        jwe[i] == '.' ? part++ : lengths[part]++;
    assert_int_equal(lengths[1], 54); /* 40 bytes */
    assert_int_equal(lengths[2], 16); /* 12 */
    assert_int_equal(lengths[4], 22); /* 16 */
}

static void forged_jwe_stays_shut(void **state)
{
    (void)state;
    struct err err = {0};
    bool wrong = false;
    OWN_STRUCT(bytes) jwe = golden("jwk/encryptedKey.jwe");
    OWN_SECRET *password = golden_password("pw/prov.txt");
    OWN_SECRET *other = secret_new("other", 5);
    OWN_SECRET *none = NULL;
    assert_refused(jwe_open(&none, bytes_string(&jwe), other, &wrong, &err), "the password is wrong");
    assert_true(wrong);
    char *text = (char *)jwe.data;
    char *cipher = strchr(strchr(strchr(text, '.') + 1, '.') + 1, '.') + 10;
    char kept = *cipher;
    *cipher = kept == 'A' ? 'B' : 'A';
    assert_refused(jwe_open(&none, text, password, &wrong, &err), "was changed");
    assert_false(wrong);
    *cipher = kept;
    static const struct {
        const char *header, *says;
    } headers[] = {
        {"{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"p2c\":1,\"p2s\":\"AAAA\"}", "alg and enc"},
        {"{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A256GCM\",\"p2c\":1000001,\"p2s\":\"AAAA\"}", "p2c"},
        {"{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A256GCM\",\"p2c\":0,\"p2s\":\"AAAA\"}", "p2c"},
        {"{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A256GCM\",\"p2c\":1}", "p2s"},
        {"{\"alg\":\"PBES2-HS256+A128KW\",\"enc\":\"A256GCM\",\"p2c\":1,\"p2s\":\"AAAA\",\"zip\":\"DEF\"}",
         "zip"},
        {"{", "JWE header"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        OWN(char) *header = base64url_encode(headers[i].header, strlen(headers[i].header));
        OWN(char) *forged = text_format("%s%s", header, strchr(text, '.'));
        assert_refused(jwe_open(&none, forged, password, NULL, &err), headers[i].says);
    }
    assert_refused(jwe_open(&none, "a.b.c", password, NULL, &err), "JWE: part 1");
    assert_refused(jwe_open(&none, "AA.AA.AA", password, NULL, &err), "fewer than five");
    assert_refused(jwe_open(&none, "AA.AA.AA.AA.AA.AA", password, NULL, &err), "more than five");
    assert_refused(jwe_open(&none, "AA.AA.AA.AA.AA", password, NULL, &err), "wrong length");
}

static void base64_both_ways(void **state)
{
    (void)state;
    struct err err = {0};
    static const char *const pairs[][3] = {
        {"", "", ""},
        {"f", "Zg==", "Zg"},
        {"fo", "Zm8=", "Zm8"},
        {"foo", "Zm9v", "Zm9v"},
        {"foob", "Zm9vYg==", "Zm9vYg"},
        {"\xfb\xff", "+/8=", "-_8"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        OWN(char) *padded = base64_encode(pairs[i][0], strlen(pairs[i][0]));
        OWN(char) *url = base64url_encode(pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(padded, pairs[i][1]);
        assert_string_equal(url, pairs[i][2]);
        OWN_STRUCT(bytes) one = {0};
        OWN_STRUCT(bytes) two = {0};
        assert_ok(base64_decode(&one, padded, &err));
        assert_ok(base64url_decode(&two, url, &err));
        assert_string_equal(bytes_string(&one), pairs[i][0]);
        assert_true(bytes_equal(&one, &two));
    }
    static const char *const wrong[] = {"Z", "A", "Zh", "Zg==", "Zm 8", "Zm8\n", "+/8", "Z*"};
    OWN_STRUCT(bytes) none = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused(base64url_decode(&none, wrong[i], &err), "base64url");
    assert_refused(base64_decode(&none, "Zg", &err), "base64");
    assert_refused(base64_decode(&none, "Zg=", &err), "base64");
    assert_refused(base64_decode(&none, "-_8=", &err), "base64");
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_jwe_opens),
        cmocka_unit_test(thumbprint_is_the_kid),
        cmocka_unit_test_setup_teardown(public_half_is_steps, scratch_make, scratch_remove),
        cmocka_unit_test(sealed_key_opens_again),
        cmocka_unit_test(protected_header_is_steps),
        cmocka_unit_test(forged_jwe_stays_shut),
        cmocka_unit_test(base64_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* lint_keys.h - for tests: keys with one fault each, most of them made from the mathematics of the fault. */
#ifndef VERGER_TESTS_LINT_KEYS_H
#define VERGER_TESTS_LINT_KEYS_H

#include "lint_bench.h"

#include <openssl/bn.h>

OWN_DEFINE(BN_CTX, BN_CTX_free);
OWN_DEFINE(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free);
OWN_DEFINE(OSSL_PARAM, OSSL_PARAM_free);

static inline void key_take(struct thing *t, EVP_PKEY *key)
{
    OWN_OPENSSL *der = NULL;
    int len = i2d_PUBKEY(key, &der);
    assert_true(len > 0);
    bytes_free(&t->der);
    bytes_add(&t->der, der, (size_t)len);
}

static inline void rsa_take(struct thing *t, const BIGNUM *n, unsigned long e)
{
    OWN(EVP_PKEY_CTX) *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OWN(OSSL_PARAM_BLD) *build = OSSL_PARAM_BLD_new();
    OWN(EVP_PKEY) *key = NULL;
    OWN(BIGNUM) *exponent = BN_new();
    BN_set_word(exponent, e);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, exponent);
    OWN(OSSL_PARAM) *numbers = OSSL_PARAM_BLD_to_param(build);
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, numbers), 1);
    key_take(t, key);
}

/* The modulus of the golden RSA-4096 root: a sound one. Caller frees. */
static inline BIGNUM *sound_modulus(void)
{
    OWN(X509) *root = golden_certificate("root/root-rsa4096.crt");
    BIGNUM *n = NULL;
    assert_int_equal(EVP_PKEY_get_bn_param(X509_get0_pubkey(root), OSSL_PKEY_PARAM_RSA_N, &n), 1);
    return n;
}

static inline void rsa_sound(struct thing *t)
{
    OWN(BIGNUM) *n = sound_modulus();
    rsa_take(t, n, 65537);
}

/* An odd number of so many bits and nothing special. */
static inline void rsa_of_bits(struct thing *t, int bits)
{
    OWN(BIGNUM) *n = sound_modulus();
    assert_int_equal(BN_rshift(n, n, 4096 - bits), 1);
    BN_set_bit(n, 0);
    rsa_take(t, n, 65537);
}

static inline void rsa_short(struct thing *t)
{
    rsa_of_bits(t, 1024);
}

/* 400000 bits: found by its length, and not reckoned with. */
static inline void rsa_endless(struct thing *t)
{
    OWN(BIGNUM) *n = sound_modulus();
    assert_int_equal(BN_lshift(n, n, 400000 - 4096), 1);
    BN_set_bit(n, 0);
    rsa_take(t, n, 65537);
}

static inline void rsa_2048(struct thing *t)
{
    rsa_of_bits(t, 2048);
}

static inline void rsa_uneven_bits(struct thing *t)
{
    rsa_of_bits(t, 3077);
}

static inline void rsa_exponent_even(struct thing *t)
{
    OWN(BIGNUM) *n = sound_modulus();
    rsa_take(t, n, 65538);
}

static inline void rsa_exponent_3(struct thing *t)
{
    OWN(BIGNUM) *n = sound_modulus();
    rsa_take(t, n, 3);
}

static inline void rsa_even(struct thing *t)
{
    OWN(BIGNUM) *n = sound_modulus();
    BN_sub_word(n, 1);
    rsa_take(t, n, 65537);
}

static inline bool has_factor_below(const BIGNUM *n, unsigned most)
{
    for (unsigned d = 2; d < most; d++)
        if (BN_mod_word(n, d) == 0)
            return true;
    return false;
}

/* Divisible by 751, the last prime below 752, and by none before it. */
static inline void rsa_factor(struct thing *t)
{
    OWN(BIGNUM) *n = sound_modulus();
    BN_sub_word(n, BN_mod_word(n, 1502));
    BN_add_word(n, 751);
    while (has_factor_below(n, 751))
        BN_add_word(n, 1502);
    rsa_take(t, n, 65537);
}

/* The cube of a prime of 683 bits. */
static inline void rsa_cube(struct thing *t)
{
    OWN(BN_CTX) *scratch = BN_CTX_new();
    OWN(BIGNUM) *p = BN_new();
    OWN(BIGNUM) *n = BN_new();
    assert_int_equal(BN_generate_prime_ex(p, 683, 0, NULL, NULL, NULL), 1);
    BN_sqr(n, p, scratch);
    BN_mul(n, n, p, scratch);
    rsa_take(t, n, 65537);
}

/* p (p + 2^514 + 2) with p of 1024 bits: Fermat's method needs few rounds, and more than none. */
static inline void rsa_close(struct thing *t)
{
    OWN(BN_CTX) *scratch = BN_CTX_new();
    OWN(BIGNUM) *p = sound_modulus();
    OWN(BIGNUM) *q = BN_new();
    BN_rshift(p, p, 4096 - 1024);
    BN_set_bit(p, 0);
    BN_copy(q, p);
    BN_set_word(q, 1);
    BN_lshift(q, q, 514);
    BN_add_word(q, 2);
    BN_add(q, q, p);
    BN_mul(p, p, q, scratch);
    rsa_take(t, p, 65537);
}

/* k M + (65537^a mod M), M = 2 * 3 * 5 * ... * 701: what Infineon's generator made for 2048 bits. */
static inline void rsa_infineon(struct thing *t)
{
    OWN(BN_CTX) *scratch = BN_CTX_new();
    OWN(BIGNUM) *product = BN_new();
    OWN(BIGNUM) *n = BN_new();
    OWN(BIGNUM) *a = BN_new();
    OWN(BIGNUM) *k = sound_modulus();
    BN_one(product);
    for (unsigned p = 2; p <= 701; p++) {
        unsigned d = 2;
        while (d * d <= p && p % d != 0)
            d++;
        if (d * d > p)
            BN_mul_word(product, p);
    }
    BN_rshift(k, k, 4096 - (2048 - BN_num_bits(product)));
    BN_set_word(n, 65537);
    BN_set_word(a, 123457);
    BN_mod_exp(n, n, a, product, scratch);
    BN_mul(k, k, product, scratch);
    BN_add(n, n, k);
    rsa_take(t, n, 65537);
}

/* What `openssl rsa -modulus | sha1sum | cut -c 21-40` says of the key, in a list of one. */
static inline void rsa_listed(struct thing *t)
{
    OWN(BIGNUM) *n = sound_modulus();
    char *hex = BN_bn2hex(n), digits[41];
    OWN(char) *text = text_format("Modulus=%s\n", hex);
    unsigned char sum[20];
    OPENSSL_free(hex);
    EVP_Digest(text, strlen(text), sum, NULL, EVP_sha1(), NULL);
    hex_encode(digits, sum, sizeof sum);
    bytes_format(&t->weak_keys, "# weak keys\n\n00112233445566778899\n%s\n", digits + 20);
    rsa_take(t, n, 65537);
}

static inline void ec_take(struct thing *t, const char *curve)
{
    OWN(EVP_PKEY) *key = EVP_EC_gen(curve);
    assert_non_null(key);
    key_take(t, key);
}

static inline void ec_sound(struct thing *t)
{
    ec_take(t, "P-384");
}

static inline void ec_bitcoin(struct thing *t)
{
    ec_take(t, "secp256k1");
}

static inline void ec_off_curve(struct thing *t)
{
    ec_take(t, "P-256");
    t->der.data[t->der.len - 1] ^= 1;
}

static inline void hex_take(struct thing *t, const char *hex)
{
    size_t len = strlen(hex) / 2;
    unsigned char *data = memory_new(len, 1);
    assert_true(hex_decode(data, hex, len));
    bytes_free(&t->der);
    bytes_add(&t->der, data, len);
    free(data);
}

static inline void ec_infinity(struct thing *t)
{
    hex_take(t, "3019301306072a8648ce3d020106082a8648ce3d03010703020000");
}

static inline void key_dsa(struct thing *t)
{
    hex_take(t, "3010300906072a8648ce3804010303000201");
}

#define EDWARDS "0321003b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"

static inline void key_edwards(struct thing *t)
{
    hex_take(t, "302a300506032b6570" EDWARDS);
}

static inline void key_null(struct thing *t)
{
    hex_take(t, "302c300706032b65700500" EDWARDS);
}

static const struct specimen key_specimens[] = {
    {.rule = "key_kind_allowed", .base = BASE_KEY, .spoil = key_dsa},
    {.rule = "key_kind_public", .base = BASE_KEY, .spoil = key_edwards},
    {.rule = "key_readable", .base = BASE_KEY, .spoil = ec_off_curve},
    {.rule = "key_encoding", .base = BASE_KEY, .spoil = key_null},
    {.rule = "ec_curve_allowed", .base = BASE_KEY, .spoil = ec_bitcoin},
    {.rule = "ec_point_finite", .base = BASE_KEY, .spoil = ec_infinity},
    {.rule = "ec_point_on_curve", .base = BASE_KEY, .spoil = ec_off_curve},
    {.rule = "rsa_size_allowed", .base = BASE_KEY, .spoil = rsa_short},
    {.rule = "rsa_size_allowed", .base = BASE_KEY, .spoil = rsa_endless},
    {.rule = "rsa_size_lasting", .base = BASE_KEY, .spoil = rsa_2048},
    {.rule = "rsa_size_multiple", .base = BASE_KEY, .spoil = rsa_uneven_bits},
    {.rule = "rsa_exponent", .base = BASE_KEY, .spoil = rsa_exponent_even},
    {.rule = "rsa_exponent_range", .base = BASE_KEY, .spoil = rsa_exponent_3},
    {.rule = "rsa_modulus_odd", .base = BASE_KEY, .spoil = rsa_even},
    {.rule = "rsa_small_factor", .base = BASE_KEY, .spoil = rsa_factor},
    {.rule = "rsa_prime_power", .base = BASE_KEY, .spoil = rsa_cube},
    {.rule = "rsa_fermat", .base = BASE_KEY, .spoil = rsa_close},
    {.rule = "rsa_roca", .base = BASE_KEY, .spoil = rsa_infineon},
    {.rule = "debian_weak_key", .base = BASE_KEY, .spoil = rsa_listed},
    {0},
};

#endif

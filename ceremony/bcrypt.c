#include "bcrypt.h"

#include "ssl.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <string.h>

#define SHA512_LEN 64
#define HASH_LEN 32
#define P_WORDS 18
#define S_WORDS 1024
#define WORDS (P_WORDS + S_WORDS)
#define GUARD 64 /* bits that rounding may spoil */

/* ---- Blowfish's first state: the fraction of pi, so that nobody could have chosen it ---- */

struct blowfish {
    uint32_t p[P_WORDS], s[S_WORDS];
};

/* sum += sign * 2^bits * factor * arctan(1 / x), by Gregory's series. */
static bool arctan_add(BIGNUM *sum, int bits, unsigned factor, unsigned x, bool negative)
{
    OWN(BIGNUM) *power = BN_new();
    OWN(BIGNUM) *term = BN_new();
    bool good = power != NULL && term != NULL && BN_set_bit(power, bits) == 1 &&
                BN_mul_word(power, factor) == 1 && BN_div_word(power, x) != (BN_ULONG)-1;
    for (BN_ULONG n = 1; good && !BN_is_zero(power); n += 2, negative = !negative)
        good = BN_copy(term, power) != NULL && BN_div_word(term, n) != (BN_ULONG)-1 &&
               (negative ? BN_sub(sum, sum, term) : BN_add(sum, sum, term)) == 1 &&
               BN_div_word(power, (BN_ULONG)x * x) != (BN_ULONG)-1;
    return good;
}

/* Machin: pi = 16 arctan(1/5) - 4 arctan(1/239). */
static bool pi_words(uint32_t words[WORDS])
{
    enum { BITS = WORDS * 32 };
    unsigned char raw[WORDS * 4];
    OWN(BIGNUM) *pi = BN_new();
    if (pi == NULL || !arctan_add(pi, BITS + GUARD, 16, 5, false) ||
        !arctan_add(pi, BITS + GUARD, 4, 239, true) || BN_rshift(pi, pi, GUARD) != 1 ||
        BN_mask_bits(pi, BITS) != 1 || BN_bn2binpad(pi, raw, sizeof raw) < 0)
        return false;
    for (size_t i = 0; i < WORDS; i++)
        words[i] = (uint32_t)raw[4 * i] << 24 | (uint32_t)raw[4 * i + 1] << 16 |
                   (uint32_t)raw[4 * i + 2] << 8 | raw[4 * i + 3];
    return true;
}

/* ---- Blowfish ---- */

static uint32_t mix(const struct blowfish *b, uint32_t x)
{
    return ((b->s[x >> 24] + b->s[256 + (x >> 16 & 255)]) ^ b->s[512 + (x >> 8 & 255)]) +
           b->s[768 + (x & 255)];
}

static void encipher(const struct blowfish *b, uint32_t *left, uint32_t *right)
{
    uint32_t l = *left ^ b->p[0], r = *right;
    for (size_t i = 1; i < P_WORDS - 1; i += 2) {
        r ^= mix(b, l) ^ b->p[i];
        l ^= mix(b, r) ^ b->p[i + 1];
    }
    *left = r ^ b->p[P_WORDS - 1];
    *right = l;
}

/* The next word of a text that begins anew at its end. */
static uint32_t next_word(const unsigned char *data, size_t *at)
{
    uint32_t word = 0;
    for (int i = 0; i < 4; i++, *at = (*at + 1) % SHA512_LEN)
        word = word << 8 | data[*at];
    return word;
}

/* `salt` may be NULL: then it is nothing but zeros. */
static void expand(struct blowfish *b, const unsigned char *salt, const unsigned char *key)
{
    uint32_t left = 0, right = 0, *const parts[] = {b->p, b->s};
    static const size_t lengths[] = {P_WORDS, S_WORDS};
    size_t at = 0;
    for (size_t i = 0; i < P_WORDS; i++)
        b->p[i] ^= next_word(key, &at);
    at = 0;
    for (size_t part = 0; part < 2; part++) {
        for (size_t i = 0; i < lengths[part]; i += 2) {
            left ^= salt != NULL ? next_word(salt, &at) : 0;
            right ^= salt != NULL ? next_word(salt, &at) : 0;
            encipher(b, &left, &right);
            parts[part][i] = left;
            parts[part][i + 1] = right;
        }
    }
}

/* ---- bcrypt_pbkdf ---- */

/* All that is derived from the password, in the secure heap. */
struct work {
    struct blowfish first, state;
    unsigned char password[SHA512_LEN], salt[SHA512_LEN], hash[HASH_LEN], sum[HASH_LEN];
};

static void hash_make(struct work *w)
{
    static const unsigned char text[HASH_LEN + 1] = "OxychromaticBlowfishSwatDynamite";
    uint32_t words[HASH_LEN / 4];
    w->state = w->first;
    expand(&w->state, w->salt, w->password);
    for (int i = 0; i < 64; i++) {
        expand(&w->state, NULL, w->salt);
        expand(&w->state, NULL, w->password);
    }
    for (size_t i = 0; i < HASH_LEN / 4; i++) {
        size_t at = 4 * i;
        words[i] = next_word(text, &at);
    }
    for (int round = 0; round < 64; round++)
        for (size_t i = 0; i < HASH_LEN / 4; i += 2)
            encipher(&w->state, &words[i], &words[i + 1]);
    for (size_t i = 0; i < HASH_LEN; i++)
        w->hash[i] = (unsigned char)(words[i / 4] >> 8 * (i % 4));
    OPENSSL_cleanse(words, sizeof words);
}

static bool sha512(unsigned char out[SHA512_LEN], const void *data, size_t len)
{
    return EVP_Digest(data, len, out, NULL, EVP_sha512(), NULL) == 1;
}

/* One block: w->sum. */
static bool block_make(struct work *w, const void *salt, size_t salt_len, uint32_t count, unsigned rounds)
{
    OWN_STRUCT(bytes) counted = bytes_copy(salt, salt_len);
    const unsigned char number[] = {(unsigned char)(count >> 24), (unsigned char)(count >> 16),
                                    (unsigned char)(count >> 8), (unsigned char)count};
    bytes_add(&counted, number, sizeof number);
    if (!sha512(w->salt, counted.data, counted.len))
        return false;
    hash_make(w);
    memcpy(w->sum, w->hash, HASH_LEN);
    for (unsigned round = 1; round < rounds; round++) {
        if (!sha512(w->salt, w->hash, HASH_LEN))
            return false;
        hash_make(w);
        for (size_t i = 0; i < HASH_LEN; i++)
            w->sum[i] ^= w->hash[i];
    }
    return true;
}

/* The bytes of the blocks are dealt out in turn, so that none of the key is had without all blocks. */
static bool key_fill(struct work *w, unsigned char *key, size_t len, const void *salt, size_t salt_len,
                     unsigned rounds)
{
    size_t blocks = (len + HASH_LEN - 1) / HASH_LEN, share = (len + blocks - 1) / blocks;
    for (size_t block = 0; block < blocks; block++) {
        if (!block_make(w, salt, salt_len, (uint32_t)block + 1, rounds))
            return false;
        for (size_t i = 0; i < share && i * blocks + block < len; i++)
            key[i * blocks + block] = w->sum[i];
    }
    return true;
}

bool bcrypt_derive(unsigned char *key, size_t len, const struct secret *password, const void *salt,
                   size_t salt_len, unsigned rounds, struct err *err)
{
    uint32_t words[WORDS];
    if (len == 0 || len > 2 * HASH_LEN || salt_len == 0 || rounds == 0 || rounds > BCRYPT_ROUNDS_MAX)
        return err_set(err, "bcrypt: %u rounds, or a salt or key of a length that is not used", rounds);
    struct work *w = OPENSSL_secure_zalloc(sizeof *w);
    if (w == NULL)
        abort();
    bool good = pi_words(words) && sha512(w->password, secret_data(password), secret_len(password));
    if (good) {
        memcpy(w->first.p, words, sizeof w->first.p);
        memcpy(w->first.s, words + P_WORDS, sizeof w->first.s);
        good = key_fill(w, key, len, salt, salt_len, rounds);
    }
    OPENSSL_secure_clear_free(w, sizeof *w);
    return good || err_ssl(err, "bcrypt: the key cannot be derived");
}

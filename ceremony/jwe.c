#include "jose.h"

#include "json.h"
#include "ssl.h"

#include <openssl/core_names.h>
#include <openssl/rand.h>
#include <string.h>

#define ALGORITHM "PBES2-HS256+A128KW"
#define COUNT 600000
#define COUNT_MAX 1000000 /* go-jose refuses more */
#define SALT_LEN 16
#define SALT_MAX 256
#define KEK_LEN 16
#define CEK_LEN 32
#define WRAPPED_LEN (CEK_LEN + 8)
#define IV_LEN 12
#define TAG_LEN 16
#define D_LEN 32

/* The two keys of a JWE, in the secure heap. */
struct keys {
    unsigned char kek[KEK_LEN], cek[CEK_LEN];
};

static void keys_free(struct keys **keys)
{
    OPENSSL_secure_clear_free(*keys, sizeof **keys);
}
#define OWN_KEYS __attribute__((cleanup(keys_free))) struct keys

static struct keys *keys_new(void)
{
    struct keys *keys = OPENSSL_secure_zalloc(sizeof *keys);
    if (keys == NULL)
        abort();
    return keys;
}

/* RFC 7518 4.8.1.1: the salt is the algorithm's name, a zero byte, and p2s. */
static bool derive(struct keys *keys, const struct secret *password, const void *p2s, size_t p2s_len,
                   int count, struct err *err)
{
    unsigned char salt[sizeof ALGORITHM + SALT_MAX] = ALGORITHM;
    if (p2s_len > SALT_MAX)
        return err_set(err, "JWE: p2s is too long");
    memcpy(salt + sizeof ALGORITHM, p2s, p2s_len);
    if (PKCS5_PBKDF2_HMAC(secret_data(password), (int)secret_len(password), salt,
                          (int)(sizeof ALGORITHM + p2s_len), count, EVP_sha256(), KEK_LEN, keys->kek) != 1)
        return err_ssl(err, "JWE: the key cannot be derived from the password");
    return true;
}

/* RFC 3394, both ways. */
static bool wrap(unsigned char *out, const unsigned char *in, int len, const unsigned char *kek, int encrypt)
{
    OWN(EVP_CIPHER_CTX) *context = EVP_CIPHER_CTX_new();
    int got = 0, rest = 0;
    if (context == NULL)
        return false;
    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    return EVP_CipherInit_ex2(context, EVP_aes_128_wrap(), kek, NULL, encrypt, NULL) == 1 &&
           EVP_CipherUpdate(context, out, &got, in, len) == 1 &&
           EVP_CipherFinal_ex(context, out + got, &rest) == 1 && got + rest == (encrypt ? len + 8 : len - 8);
}

/* The private number, fetched into memory of ours: OpenSSL's own convenience leaves a copy on the stack. */
static bool d_read(unsigned char d[D_LEN], const struct key *key)
{
    OSSL_PARAM wanted[] = {
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, d, D_LEN),
        OSSL_PARAM_construct_end(),
    };
    OWN(BIGNUM) *number = BN_secure_new();
    return number != NULL && EVP_PKEY_get_params(key_evp(key), wanted) == 1 &&
           OSSL_PARAM_modified(wanted) == 1 && OSSL_PARAM_get_BN(wanted, &number) == 1 &&
           BN_bn2binpad(number, d, D_LEN) == D_LEN;
}

static bool d_write(BIO *out, const struct key *key, struct err *err)
{
    size_t room = D_LEN + BASE64URL_LEN(D_LEN) + 1;
    unsigned char *d = OPENSSL_secure_zalloc(room);
    if (d == NULL)
        abort();
    char *text = (char *)d + D_LEN;
    bool ok = d_read(d, key);
    if (ok) {
        base64url_write(text, d, D_LEN);
        ok = BIO_puts(out, "\",\"d\":\"") > 0 && BIO_puts(out, text) > 0 && BIO_puts(out, "\"}") > 0;
    }
    OPENSSL_secure_clear_free(d, room);
    return ok || err_ssl(err, "provisioner key: cannot be written");
}

/* The private JWK, written piece by piece so that no copy lies elsewhere. */
static bool private_text(BIO *out, const struct key *key, const json_t *public, struct err *err)
{
    static const char *const members[] = {"use", "kty", "kid", "crv", "alg", "x", "y"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *value = json_string_value(json_object_get(public, members[i]));
        if (BIO_puts(out, i == 0 ? "{\"" : "\",\"") <= 0 || BIO_puts(out, members[i]) <= 0 ||
            BIO_puts(out, "\":\"") <= 0 || BIO_puts(out, value) <= 0)
            return err_ssl(err, "provisioner key: cannot be written");
    }
    return d_write(out, key, err);
}

static bool private_jwk(struct secret **out, const struct key *key, struct err *err)
{
    json_t *public = NULL;
    if (!jwk_public(&public, key, err))
        return false;
    OWN(BIO) *memory = BIO_new(BIO_s_secmem());
    bool ok = memory != NULL ? private_text(memory, key, public, err) : err_ssl(err, "no memory for a key");
    json_decref(public);
    if (!ok)
        return false;
    char *text = NULL;
    long len = BIO_get_mem_data(memory, &text);
    *out = secret_new(text, (size_t)len);
    return true;
}

/* AES-256-GCM; `out` has room for `len` bytes. */
static bool gcm_seal(unsigned char *out, unsigned char *tag, const struct keys *keys, const unsigned char *iv,
                     const char *header, const struct secret *text)
{
    OWN(EVP_CIPHER_CTX) *context = EVP_CIPHER_CTX_new();
    int got = 0, rest = 0;
    return context != NULL && EVP_EncryptInit_ex2(context, EVP_aes_256_gcm(), keys->cek, iv, NULL) == 1 &&
           EVP_EncryptUpdate(context, NULL, &got, (const unsigned char *)header, (int)strlen(header)) == 1 &&
           EVP_EncryptUpdate(context, out, &got, (const unsigned char *)secret_data(text),
                             (int)secret_len(text)) == 1 &&
           EVP_EncryptFinal_ex(context, out + got, &rest) == 1 && (size_t)(got + rest) == secret_len(text) &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, tag) == 1;
}

static char *header_text(const unsigned char *p2s)
{
    OWN(char) *salt = base64url_encode(p2s, SALT_LEN);
    OWN(char) *json =
        text_format("{\"alg\":\"" ALGORITHM "\",\"cty\":\"jwk+json\",\"enc\":\"A256GCM\",\"p2c\":%d,"
                    "\"p2s\":\"%s\"}",
                    COUNT, salt);
    return base64url_encode(json, strlen(json));
}

bool jwe_seal(char **out, const struct key *key, const struct secret *password, struct err *err)
{
    OWN_KEYS *keys = keys_new();
    OWN_SECRET *text = NULL;
    unsigned char p2s[SALT_LEN], iv[IV_LEN], wrapped[WRAPPED_LEN], tag[TAG_LEN];
    if (!private_jwk(&text, key, err))
        return false;
    if (RAND_bytes(p2s, sizeof p2s) != 1 || RAND_bytes(iv, sizeof iv) != 1 ||
        RAND_priv_bytes(keys->cek, sizeof keys->cek) != 1)
        return err_ssl(err, "JWE: the random generator gives nothing");
    if (!derive(keys, password, p2s, sizeof p2s, COUNT, err))
        return false;
    OWN(char) *header = header_text(p2s);
    OWN_STRUCT(bytes) sealed = {.data = memory_new(secret_len(text) + 1, 1), .len = secret_len(text)};
    if (!wrap(wrapped, keys->cek, CEK_LEN, keys->kek, 1) ||
        !gcm_seal(sealed.data, tag, keys, iv, header, text))
        return err_ssl(err, "JWE: cannot be encrypted");
    OWN(char) *key_part = base64url_encode(wrapped, sizeof wrapped);
    OWN(char) *iv_part = base64url_encode(iv, sizeof iv);
    OWN(char) *text_part = base64url_encode(sealed.data, sealed.len);
    OWN(char) *tag_part = base64url_encode(tag, sizeof tag);
    *out = text_format("%s.%s.%s.%s.%s", header, key_part, iv_part, text_part, tag_part);
    return true;
}

/* The five parts of a compact JWE; part 0 stays as text, for it is authenticated so. */
struct parts {
    char *header;
    struct bytes part[5];
};

static void parts_free(struct parts *parts)
{
    free(parts->header);
    for (size_t i = 0; i < 5; i++)
        bytes_free(&parts->part[i]);
}

static bool parts_read(struct parts *out, const char *jwe, struct err *err)
{
    OWN(char) *copy = text_copy(jwe);
    char *rest = copy;
    for (size_t i = 0; i < 5; i++) {
        char *part = strsep(&rest, ".");
        if (part == NULL)
            return err_set(err, "JWE: has fewer than five parts (RFC 7516 7.1)");
        if (i == 0)
            out->header = text_copy(part);
        if (!base64url_decode(&out->part[i], part, err))
            return err_wrap(err, "JWE: part %zu", i + 1);
    }
    if (rest != NULL)
        return err_set(err, "JWE: has more than five parts (RFC 7516 7.1)");
    if (out->part[1].len != WRAPPED_LEN || out->part[2].len != IV_LEN || out->part[4].len != TAG_LEN)
        return err_set(err, "JWE: key, vector or tag has a wrong length for " ALGORITHM " and A256GCM");
    return true;
}

struct header {
    struct bytes p2s;
    int p2c;
};

static void header_free(struct header *header)
{
    bytes_free(&header->p2s);
}

static bool header_read(struct header *out, const struct bytes *text, struct err *err)
{
    json_t *json = NULL;
    if (!json_read(&json, text, "JWE header", err))
        return false;
    const char *alg = json_string_value(json_object_get(json, "alg"));
    const char *enc = json_string_value(json_object_get(json, "enc"));
    const char *p2s = json_string_value(json_object_get(json, "p2s"));
    json_int_t p2c = json_integer_value(json_object_get(json, "p2c"));
    bool ok = true;
    if (alg == NULL || strcmp(alg, ALGORITHM) != 0 || enc == NULL || strcmp(enc, "A256GCM") != 0)
        ok = err_set(err, "JWE header: alg and enc must be " ALGORITHM " and A256GCM");
    else if (json_object_get(json, "zip") != NULL || json_object_get(json, "crit") != NULL)
        ok = err_set(err, "JWE header: zip and crit are not supported");
    else if (p2c < 1 || p2c > COUNT_MAX)
        ok = err_set(err, "JWE header: p2c must be between 1 and %d, as step's client demands", COUNT_MAX);
    else if (p2s == NULL || !base64url_decode(&out->p2s, p2s, err))
        ok = err_set(err, "JWE header: p2s is absent or not base64url");
    out->p2c = (int)p2c;
    json_decref(json);
    return ok;
}

static bool gcm_open(struct secret **out, const struct keys *keys, struct parts *parts)
{
    OWN(EVP_CIPHER_CTX) *context = EVP_CIPHER_CTX_new();
    const struct bytes *in = &parts->part[3];
    unsigned char *plain = OPENSSL_secure_zalloc(in->len + 1);
    int got = 0, rest = 0;
    if (plain == NULL)
        abort();
    bool ok = context != NULL &&
              EVP_DecryptInit_ex2(context, EVP_aes_256_gcm(), keys->cek, parts->part[2].data, NULL) == 1 &&
              EVP_DecryptUpdate(context, NULL, &got, (const unsigned char *)parts->header,
                                (int)strlen(parts->header)) == 1 &&
              EVP_DecryptUpdate(context, plain, &got, in->data, (int)in->len) == 1 &&
              EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, parts->part[4].data) == 1 &&
              EVP_DecryptFinal_ex(context, plain + got, &rest) == 1;
    if (ok)
        *out = secret_new(plain, (size_t)(got + rest));
    OPENSSL_secure_clear_free(plain, in->len + 1);
    return ok;
}

bool jwe_open(struct secret **out, const char *jwe, const struct secret *password, bool *wrong_password,
              struct err *err)
{
    OWN_KEYS *keys = keys_new();
    OWN_STRUCT(parts) parts = {0};
    OWN_STRUCT(header) header = {0};
    if (wrong_password != NULL)
        *wrong_password = false;
    if (!parts_read(&parts, jwe, err) || !header_read(&header, &parts.part[0], err) ||
        !derive(keys, password, header.p2s.data, header.p2s.len, header.p2c, err))
        return false;
    if (!wrap(keys->cek, parts.part[1].data, WRAPPED_LEN, keys->kek, 0)) {
        ERR_clear_error();
        if (wrong_password != NULL)
            *wrong_password = true;
        return err_set(err, "JWE: the password is wrong");
    }
    if (gcm_open(out, keys, &parts))
        return true;
    ERR_clear_error();
    return err_set(err, "JWE: was changed after it was made: its tag does not fit (RFC 7516 5.2)");
}

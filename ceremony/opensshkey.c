#include "opensshkey.h"

#include "bcrypt.h"
#include "ssl.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <string.h>

#define MAGIC "openssh-key-v1" /* and its zero byte */
#define KEY_LEN 32
#define IV_LEN 16

OWN_DEFINE(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free);
OWN_DEFINE(OSSL_PARAM, OSSL_PARAM_free);

/* ---- SSH's data types (RFC 4251 section 5) ---- */

struct span {
    const unsigned char *at;
    size_t left;
};

static bool take_number(struct span *from, uint32_t *number)
{
    if (from->left < 4)
        return false;
    *number =
        (uint32_t)from->at[0] << 24 | (uint32_t)from->at[1] << 16 | (uint32_t)from->at[2] << 8 | from->at[3];
    from->at += 4;
    from->left -= 4;
    return true;
}

static bool take_string(struct span *from, struct span *string)
{
    uint32_t len = 0;
    if (!take_number(from, &len) || len > from->left)
        return false;
    *string = (struct span){from->at, len};
    from->at += len;
    from->left -= len;
    return true;
}

static bool span_is(const struct span *span, const char *text)
{
    return span->left == strlen(text) && memcmp(span->at, text, span->left) == 0;
}

/* A positive mpint, in the secure heap. */
static bool take_mpint(struct span *from, BIGNUM **number)
{
    struct span string = {0};
    if (!take_string(from, &string) || string.left == 0 || string.left > 1024 || string.at[0] >= 0x80)
        return false;
    *number = BN_secure_new();
    return *number != NULL && BN_bin2bn(string.at, (int)string.left, *number) != NULL;
}

/* ---- the outside ---- */

struct envelope {
    struct span cipher, kdf, options, content;
    size_t behind; /* bytes behind it all: the tag of ciphers that have one */
};

static bool envelope_read(struct envelope *out, const void *data, size_t len)
{
    struct span rest = {data, len}, public_key;
    uint32_t count = 0;
    if (len < sizeof MAGIC || memcmp(data, MAGIC, sizeof MAGIC) != 0)
        return false;
    rest.at += sizeof MAGIC;
    rest.left -= sizeof MAGIC;
    bool whole = take_string(&rest, &out->cipher) && take_string(&rest, &out->kdf) &&
                 take_string(&rest, &out->options) && take_number(&rest, &count) && count == 1 &&
                 take_string(&rest, &public_key) && take_string(&rest, &out->content);
    out->behind = rest.left;
    return whole;
}

bool opensshkey_is_encrypted(const void *data, size_t len)
{
    struct envelope envelope;
    return envelope_read(&envelope, data, len) && !span_is(&envelope.cipher, "none");
}

/* ---- decrypting ---- */

static bool decrypt(struct secret **out, const EVP_CIPHER *cipher, const unsigned char *key,
                    const struct span *content)
{
    OWN(EVP_CIPHER_CTX) *context = EVP_CIPHER_CTX_new();
    unsigned char *plain = OPENSSL_secure_malloc(content->left + EVP_MAX_BLOCK_LENGTH);
    int got = 0;
    if (plain == NULL)
        abort(); /* it must not look like a wrong password */
    bool ok = context != NULL && EVP_DecryptInit_ex2(context, cipher, key, key + KEY_LEN, NULL) == 1 &&
              EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
              EVP_DecryptUpdate(context, plain, &got, content->at, (int)content->left) == 1;
    if (ok)
        *out = secret_new(plain, (size_t)got);
    OPENSSL_secure_clear_free(plain, content->left + EVP_MAX_BLOCK_LENGTH);
    return ok;
}

static bool content_decrypt(struct secret **out, const struct envelope *envelope,
                            const struct secret *password, const char *what, struct err *err)
{
    struct span options = envelope->options, salt = {0};
    uint32_t rounds = 0;
    const EVP_CIPHER *cipher = span_is(&envelope->cipher, "aes256-ctr")   ? EVP_aes_256_ctr()
                               : span_is(&envelope->cipher, "aes256-cbc") ? EVP_aes_256_cbc()
                                                                          : NULL;
    if (cipher == NULL || !span_is(&envelope->kdf, "bcrypt"))
        return err_set(err,
                       "%s: an OpenSSH key encrypted with %.*s, which step-ca does not read; write it again: "
                       "ssh-keygen -p -Z aes256-ctr -f FILE",
                       what, (int)(envelope->cipher.left < 40 ? envelope->cipher.left : 40),
                       envelope->cipher.at);
    if (!take_string(&options, &salt) || !take_number(&options, &rounds) || options.left != 0 ||
        envelope->behind != 0 || envelope->content.left > INT32_MAX)
        return err_set(err, "%s: the OpenSSH key's encryption parameters are damaged", what);
    unsigned char *key = OPENSSL_secure_zalloc(KEY_LEN + IV_LEN);
    if (key == NULL)
        abort();
    bool derived = bcrypt_derive(key, KEY_LEN + IV_LEN, password, salt.at, salt.left, rounds, err);
    bool ok = derived && decrypt(out, cipher, key, &envelope->content);
    OPENSSL_secure_clear_free(key, KEY_LEN + IV_LEN);
    if (!derived)
        return err_wrap(err, "%s", what);
    return ok || err_ssl(err, "%s: the OpenSSH key cannot be decrypted", what);
}

/* ---- the key ---- */

static bool pkey_make(EVP_PKEY **out, const char *type, OSSL_PARAM_BLD *builder)
{
    OWN(OSSL_PARAM) *params = OSSL_PARAM_BLD_to_param(builder);
    OWN(EVP_PKEY_CTX) *maker = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    OWN(EVP_PKEY) *pkey = NULL;
    if (params == NULL || maker == NULL || EVP_PKEY_fromdata_init(maker) != 1 ||
        EVP_PKEY_fromdata(maker, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
        return false;
    OWN(EVP_PKEY_CTX) *checker = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    if (checker == NULL || EVP_PKEY_pairwise_check(checker) != 1)
        return false;
    *out = GIVE(pkey);
    return true;
}

enum { N, E, D, IQMP, P, Q, DMP1, DMQ1, RSA_NUMBERS };

struct rsa {
    BIGNUM *number[RSA_NUMBERS];
};

static void rsa_free(struct rsa *rsa)
{
    for (size_t i = 0; i < RSA_NUMBERS; i++)
        BN_clear_free(rsa->number[i]);
}

/* d mod (prime - 1), which OpenSSL wants beside the rest. */
static bool exponent_make(BIGNUM **out, const BIGNUM *d, const BIGNUM *prime)
{
    OWN(BIGNUM) *less = BN_dup(prime);
    BN_CTX *context = BN_CTX_secure_new();
    *out = BN_secure_new();
    bool ok = less != NULL && context != NULL && *out != NULL && BN_sub_word(less, 1) == 1 &&
              !BN_is_zero(less) && BN_mod(*out, d, less, context) == 1;
    BN_CTX_free(context);
    return ok;
}

static bool rsa_take(EVP_PKEY **out, struct span *from)
{
    static const char *const names[] = {
        [N] = OSSL_PKEY_PARAM_RSA_N,
        [E] = OSSL_PKEY_PARAM_RSA_E,
        [D] = OSSL_PKEY_PARAM_RSA_D,
        [IQMP] = OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
        [P] = OSSL_PKEY_PARAM_RSA_FACTOR1,
        [Q] = OSSL_PKEY_PARAM_RSA_FACTOR2,
        [DMP1] = OSSL_PKEY_PARAM_RSA_EXPONENT1,
        [DMQ1] = OSSL_PKEY_PARAM_RSA_EXPONENT2,
    };
    OWN_STRUCT(rsa) rsa = {0};
    BIGNUM **numbers = rsa.number;
    OWN(OSSL_PARAM_BLD) *builder = OSSL_PARAM_BLD_new();
    bool ok = builder != NULL;
    for (size_t i = N; ok && i <= Q; i++)
        ok = take_mpint(from, &numbers[i]);
    ok = ok && exponent_make(&numbers[DMP1], numbers[D], numbers[P]) &&
         exponent_make(&numbers[DMQ1], numbers[D], numbers[Q]);
    for (size_t i = 0; ok && i < RSA_NUMBERS; i++)
        ok = OSSL_PARAM_BLD_push_BN(builder, names[i], numbers[i]) == 1;
    return ok && pkey_make(out, "RSA", builder);
}

static bool ecdsa_take(EVP_PKEY **out, struct span *from, const struct span *type)
{
    static const char *const curves[][2] = {
        {"nistp256", "P-256"}, {"nistp384", "P-384"}, {"nistp521", "P-521"}};
    struct span curve, point;
    OWN(BIGNUM) *d = NULL;
    OWN(OSSL_PARAM_BLD) *builder = OSSL_PARAM_BLD_new();
    if (builder == NULL || !take_string(from, &curve) || !take_string(from, &point) || !take_mpint(from, &d))
        return false;
    for (size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        OWN(char) *name = text_format("ecdsa-sha2-%s", curves[i][0]);
        if (!span_is(&curve, curves[i][0]) || !span_is(type, name))
            continue;
        return OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curves[i][1], 0) == 1 &&
               OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.at, point.left) ==
                   1 &&
               OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1 &&
               pkey_make(out, "EC", builder);
    }
    return false;
}

static bool ed25519_take(EVP_PKEY **out, struct span *from)
{
    struct span public_key, private_key;
    unsigned char found[32];
    size_t len = sizeof found;
    if (!take_string(from, &public_key) || !take_string(from, &private_key) || public_key.left != 32 ||
        private_key.left != 64)
        return false;
    OWN(EVP_PKEY) *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private_key.at, 32);
    if (pkey == NULL || EVP_PKEY_get_raw_public_key(pkey, found, &len) != 1 ||
        memcmp(found, public_key.at, 32) != 0 || memcmp(found, private_key.at + 32, 32) != 0)
        return false;
    *out = GIVE(pkey);
    return true;
}

static bool padding_is_right(const struct span *rest)
{
    for (size_t i = 0; i < rest->left; i++)
        if (rest->at[i] != (unsigned char)(i + 1))
            return false;
    return true;
}

/* ---- the whole ---- */

static bool content_read(EVP_PKEY **out, const struct span *content, const char *what, struct err *err)
{
    struct span rest = *content, type = {0}, comment;
    uint32_t checks[2] = {0};
    OWN(EVP_PKEY) *pkey = NULL;
    if (!take_number(&rest, &checks[0]) || !take_number(&rest, &checks[1]) || !take_string(&rest, &type))
        return err_set(err, "%s: the OpenSSH key is damaged", what);
    bool ok = span_is(&type, "ssh-rsa")       ? rsa_take(&pkey, &rest)
              : span_is(&type, "ssh-ed25519") ? ed25519_take(&pkey, &rest)
                                              : ecdsa_take(&pkey, &rest, &type);
    if (!ok || !take_string(&rest, &comment) || !padding_is_right(&rest)) {
        ERR_clear_error();
        return err_set(
            err,
            "%s: the OpenSSH key is damaged, its halves do not belong together, or it is neither RSA, "
            "ECDSA nor Ed25519 in a file",
            what);
    }
    *out = GIVE(pkey);
    return true;
}

/* Two equal random numbers stand before the key, so that a wrong password shows. */
static bool checks_differ(const struct span *content)
{
    return content->left < 8 || memcmp(content->at, content->at + 4, 4) != 0;
}

/* What stands in a file that is encrypted; a wrong password is told apart. */
static bool content_open(struct secret **plain, const struct envelope *envelope,
                         const struct secret *password, bool *wrong_password, const char *what,
                         struct err *err)
{
    OWN_SECRET *opened = NULL;
    if (password == NULL)
        return err_set(err, "%s: the key is encrypted and no password was given", what);
    if (!content_decrypt(&opened, envelope, password, what, err))
        return false;
    struct span content = {(const unsigned char *)secret_data(opened), secret_len(opened)};
    if (checks_differ(&content)) {
        if (wrong_password != NULL)
            *wrong_password = true;
        return err_set(err, "%s: the password is wrong", what);
    }
    *plain = GIVE(opened);
    return true;
}

bool opensshkey_read(EVP_PKEY **out, const struct secret *data, const struct secret *password,
                     bool *wrong_password, const char *what, struct err *err)
{
    struct envelope envelope;
    OWN_SECRET *plain = NULL;
    if (!envelope_read(&envelope, secret_data(data), secret_len(data)))
        return err_set(err, "%s: the OpenSSH key is damaged (openssh-key-v1 with one key is expected)", what);
    if (!span_is(&envelope.cipher, "none")) {
        if (!content_open(&plain, &envelope, password, wrong_password, what, err))
            return false;
        struct span content = {(const unsigned char *)secret_data(plain), secret_len(plain)};
        return content_read(out, &content, what, err);
    }
    if (!span_is(&envelope.kdf, "none") || envelope.options.left != 0 || envelope.behind != 0 ||
        checks_differ(&envelope.content))
        return err_set(err, "%s: the OpenSSH key is damaged", what);
    return content_read(out, &envelope.content, what, err);
}

#include "key.h"

#include "keyformat.h"
#include "opensshkey.h"
#include "ssl.h"

#include <openssl/core_names.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <string.h>

OWN_DEFINE(OSSL_DECODER_CTX, OSSL_DECODER_CTX_free);
OWN_DEFINE(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free);

struct key {
    EVP_PKEY *pkey;
    char kind[32];
};

const char *const key_kinds[] = {"RSA-2048", "RSA-3072", "RSA-4096", "P-256", "P-384", "P-521", NULL};

void key_free(struct key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->pkey);
    free(key);
}

static struct key *key_new(EVP_PKEY *pkey)
{
    struct key *key = memory_new(1, sizeof *key);
    key->pkey = pkey;
    pkey_kind(key->kind, pkey);
    return key;
}

bool key_kind_is_known(const char *kind)
{
    for (size_t i = 0; key_kinds[i] != NULL; i++)
        if (strcmp(kind, key_kinds[i]) == 0)
            return true;
    return false;
}

bool key_generate(struct key **out, const char *kind, struct err *err)
{
    if (!key_kind_is_known(kind))
        return err_set(err,
                       "key kind \"%s\" is unknown; take RSA-2048, RSA-3072, RSA-4096, P-256, P-384 or P-521",
                       kind);
    EVP_PKEY *pkey = NULL;
    if (strncmp(kind, "RSA-", 4) == 0)
        pkey = EVP_RSA_gen((size_t)strtoul(kind + 4, NULL, 10));
    else
        pkey = EVP_EC_gen(kind);
    if (pkey == NULL)
        return err_ssl(err, "a key of kind %s cannot be made", kind);
    *out = key_new(pkey);
    return true;
}

/* The curve stands there in full instead of by its name (RFC 5480 2.1.1 and 2.1.1.1 forbid it, and Go does
 * not read it); OpenSSL finds the name all the same. */
static bool is_explicit(const EVP_PKEY *pkey)
{
    int spelled_out = 0;
    return EVP_PKEY_get_int_param(pkey, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &spelled_out) == 1 &&
           spelled_out != 0;
}

/* The curves that Go knows; NID_undef for any other, and for explicit parameters. */
static int curve_nid(const EVP_PKEY *pkey)
{
    char group[80];
    size_t len = 0;
    if (is_explicit(pkey) || EVP_PKEY_get_group_name(pkey, group, sizeof group, &len) != 1)
        return NID_undef;
    switch (OBJ_txt2nid(group)) {
    case NID_secp224r1:
        return NID_secp224r1;
    case NID_X9_62_prime256v1:
        return NID_X9_62_prime256v1;
    case NID_secp384r1:
        return NID_secp384r1;
    case NID_secp521r1:
        return NID_secp521r1;
    default:
        return NID_undef;
    }
}

void pkey_kind(char kind[32], const EVP_PKEY *pkey)
{
    const char *name = EVP_PKEY_get0_type_name(pkey);
    switch (EVP_PKEY_get_base_id(pkey)) {
    case EVP_PKEY_RSA:
    case EVP_PKEY_RSA_PSS:
        snprintf(kind, 32, "%s-%d", name, EVP_PKEY_get_bits(pkey));
        return;
    case EVP_PKEY_EC:
        if (curve_nid(pkey) != NID_undef)
            snprintf(kind, 32, "P-%d", EVP_PKEY_get_bits(pkey));
        else
            snprintf(kind, 32, "EC-%d-%s", EVP_PKEY_get_bits(pkey),
                     is_explicit(pkey) ? "explicit-parameters" : "other-curve");
        return;
    case EVP_PKEY_ED25519:
        snprintf(kind, 32, "Ed25519");
        return;
    default:
        snprintf(kind, 32, "%s", name != NULL ? name : "unknown");
    }
}

static bool key_decode(EVP_PKEY **out, const struct secret *der, const char *label)
{
    const char *structure = strcmp(label, "PRIVATE KEY") == 0 ? "PrivateKeyInfo" : "type-specific";
    const char *type = NULL;
    if (strcmp(label, "RSA PRIVATE KEY") == 0)
        type = "RSA";
    else if (strcmp(label, "EC PRIVATE KEY") == 0)
        type = "EC";
    OWN(EVP_PKEY) *pkey = NULL;
    OWN(OSSL_DECODER_CTX) *context =
        OSSL_DECODER_CTX_new_for_pkey(&pkey, "DER", structure, type, EVP_PKEY_KEYPAIR, NULL, NULL);
    const unsigned char *at = (const unsigned char *)secret_data(der);
    size_t left = secret_len(der);
    if (context == NULL || OSSL_DECODER_from_data(context, &at, &left) != 1 || left != 0)
        return false;
    *out = GIVE(pkey);
    return true;
}

/* The types that Go's x509 package reads and can sign with. */
static bool type_check(const EVP_PKEY *pkey, const char *what, struct err *err)
{
    int id = EVP_PKEY_get_base_id(pkey);
    if (id == EVP_PKEY_RSA || id == EVP_PKEY_ED25519 || (id == EVP_PKEY_EC && curve_nid(pkey) != NID_undef))
        return true;
    char kind[32];
    pkey_kind(kind, pkey);
    return err_set(
        err, "%s: a key of type %s, which step-ca cannot use; RSA, P-256, P-384, P-521 or Ed25519 is needed",
        what, kind);
}

bool key_parse(struct key **out, const struct bytes *pem, const struct secret *password, bool *wrong_password,
               const char *what, struct err *err)
{
    if (wrong_password != NULL)
        *wrong_password = false;
    OWN_SECRET *der = NULL;
    char label[64];
    if (!keyformat_open(&der, label, pem, password, wrong_password, what, err))
        return false;
    OWN(EVP_PKEY) *pkey = NULL;
    bool openssh = strcmp(label, OPENSSH_LABEL) == 0;
    if (openssh && !opensshkey_read(&pkey, der, password, wrong_password, what, err))
        return false;
    if (!openssh && !key_decode(&pkey, der, label)) {
        ERR_clear_error();
        if (!keyformat_is_encrypted(pem))
            return err_set(err, "%s: the private key is damaged, or is not what its label \"%s\" says", what,
                           label);
        /* one wrong password in 256 leaves a padding that looks right, and noise before it */
        if (wrong_password != NULL)
            *wrong_password = true;
        return err_set(err, "%s: the password is wrong, or the key is damaged", what);
    }
    if (!type_check(pkey, what, err))
        return false;
    *out = key_new(GIVE(pkey));
    return true;
}

bool key_is_encrypted(const struct bytes *pem)
{
    return keyformat_is_encrypted(pem);
}

bool key_write(struct bytes *pem, const struct key *key, const struct secret *password, struct err *err)
{
    if (password == NULL || secret_len(password) == 0)
        return err_set(err, "a private key is written only encrypted; give a password");
    OWN(PKCS8_PRIV_KEY_INFO) *plain = EVP_PKEY2PKCS8(key->pkey);
    OWN(X509_ALGOR) *scheme =
        PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), KEY_ITERATIONS, NULL, 16, NULL, NID_hmacWithSHA256);
    if (plain == NULL || scheme == NULL)
        return err_ssl(err, "the private key cannot be encoded");
    OWN(X509_SIG) *outer = PKCS8_set0_pbe(secret_data(password), (int)secret_len(password), plain, scheme);
    if (outer == NULL)
        return err_ssl(err, "the private key cannot be encrypted");
    scheme = NULL; /* now in outer */
    OWN(BIO) *memory = BIO_new(BIO_s_mem());
    if (memory == NULL || PEM_write_bio_PKCS8(memory, outer) != 1)
        return err_ssl(err, "the private key cannot be written as PEM");
    char *text = NULL;
    long len = BIO_get_mem_data(memory, &text);
    bytes_add(pem, text, (size_t)len);
    return true;
}

const char *key_kind(const struct key *key)
{
    return key->kind;
}

static bool pkey_spki(struct bytes *der, const EVP_PKEY *pkey, struct err *err)
{
    OWN_OPENSSL *data = NULL;
    int len = i2d_PUBKEY(pkey, &data);
    if (len <= 0)
        return err_ssl(err, "the public key cannot be encoded");
    bytes_add(der, data, (size_t)len);
    return true;
}

bool key_spki(struct bytes *der, const struct key *key, struct err *err)
{
    return pkey_spki(der, key->pkey, err);
}

bool key_spki_digest(char hex[DIGEST_HEX], const struct key *key, struct err *err)
{
    return pkey_spki_digest(hex, key->pkey, err);
}

bool pkey_spki_digest(char hex[DIGEST_HEX], const EVP_PKEY *pkey, struct err *err)
{
    OWN_STRUCT(bytes) der = {0};
    if (!pkey_spki(&der, pkey, err))
        return false;
    digest_hex(hex, der.data, der.len);
    return true;
}

static bool rsa_is_strong(const EVP_PKEY *pkey, struct err *err)
{
    int bits = EVP_PKEY_get_bits(pkey);
    if (bits < 2048)
        return err_set(err, "the RSA key has %d bits, at least 2048 are needed (BR 6.1.5)", bits);
    OWN(BIGNUM) *exponent = NULL;
    if (EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_E, &exponent) != 1)
        return err_ssl(err, "the RSA key's exponent cannot be read");
    if (!BN_is_odd(exponent) || BN_num_bits(exponent) < 17)
        return err_set(err, "the RSA key's public exponent is even or below 65537 (BR 6.1.6)");
    return true;
}

bool pkey_is_strong(const EVP_PKEY *pkey, struct err *err)
{
    char kind[32];
    pkey_kind(kind, pkey);
    int curve = NID_undef;
    switch (EVP_PKEY_get_base_id(pkey)) {
    case EVP_PKEY_RSA:
        return rsa_is_strong(pkey, err);
    case EVP_PKEY_EC:
        curve = curve_nid(pkey);
        if (curve == NID_undef || curve == NID_secp224r1)
            return err_set(err,
                           "the key is %s; of elliptic curves P-256, P-384 and P-521 are good, by their "
                           "names (BR 6.1.5, "
                           "RFC 5480 2.1.1.1)",
                           kind);
        return true;
    case EVP_PKEY_ED25519:
        return true;
    default:
        return err_set(err, "the key is %s; RSA, P-256, P-384, P-521 or Ed25519 is needed (BR 6.1.5)", kind);
    }
}

const EVP_MD *pkey_digest(const EVP_PKEY *pkey)
{
    switch (EVP_PKEY_get_base_id(pkey)) {
    case EVP_PKEY_ED25519:
        return NULL;
    case EVP_PKEY_EC:
        if (curve_nid(pkey) == NID_secp384r1)
            return EVP_sha384();
        if (curve_nid(pkey) == NID_secp521r1)
            return EVP_sha512();
        return EVP_sha256();
    default:
        return EVP_sha256();
    }
}

const EVP_MD *key_digest(const struct key *key)
{
    return pkey_digest(key->pkey);
}

EVP_PKEY *key_evp(const struct key *key)
{
    return key->pkey;
}

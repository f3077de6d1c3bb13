#include "sshsig.h"

#include "../ceremony/ssl.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <string.h>

#define KEY_TYPE "ecdsa-sha2-nistp256"
#define CURVE "nistp256"
#define HASH "sha512"
#define MAGIC "SSHSIG"
#define VERSION 1
#define BEGIN_LINE "-----BEGIN SSH SIGNATURE-----\n"
#define END_LINE "-----END SSH SIGNATURE-----"
#define LINE 70 /* characters of base64, as ssh-keygen breaks them */
#define POINT_LEN 65
#define SCALAR_LEN 32
#define ARMOR_MAX 4096 /* bytes: ours has about 350 */

OWN_DEFINE(ECDSA_SIG, ECDSA_SIG_free);

/* RFC 4251 section 5: uint32, string, mpint. */

static void put_u32(struct bytes *out, size_t value)
{
    unsigned char raw[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                            (unsigned char)(value >> 8), (unsigned char)value};
    bytes_add(out, raw, sizeof raw);
}

static void put_string(struct bytes *out, const void *data, size_t len)
{
    put_u32(out, len);
    if (len != 0)
        bytes_add(out, data, len);
}

static void put_text(struct bytes *out, const char *text)
{
    put_string(out, text, strlen(text));
}

/* Positive, no zero byte in front but the one that keeps it positive. */
static void put_mpint(struct bytes *out, const unsigned char *number, size_t len)
{
    while (len > 0 && number[0] == 0) {
        number++;
        len--;
    }
    bool padded = len > 0 && (number[0] & 0x80) != 0;
    put_u32(out, len + (padded ? 1 : 0));
    if (padded)
        bytes_add(out, "", 1);
    if (len != 0)
        bytes_add(out, number, len);
}

struct reader {
    const unsigned char *at;
    size_t left;
};

static bool get_string(struct reader *from, const unsigned char **data, size_t *len)
{
    if (from->left < 4)
        return false;
    size_t size =
        (size_t)from->at[0] << 24 | (size_t)from->at[1] << 16 | (size_t)from->at[2] << 8 | from->at[3];
    if (size > from->left - 4)
        return false;
    *data = from->at + 4;
    *len = size;
    from->at += 4 + size;
    from->left -= 4 + size;
    return true;
}

/* A positive mpint as exactly SCALAR_LEN bytes. */
static bool get_scalar(struct reader *from, unsigned char scalar[SCALAR_LEN])
{
    const unsigned char *number = NULL;
    size_t len = 0;
    if (!get_string(from, &number, &len))
        return false;
    if (len > 0 && number[0] == 0) {
        number++;
        len--;
    }
    if (len > SCALAR_LEN)
        return false;
    memset(scalar, 0, SCALAR_LEN);
    memcpy(scalar + SCALAR_LEN - len, number, len);
    return true;
}

static bool public_blob(struct bytes *out, EVP_PKEY *key, struct err *err)
{
    unsigned char point[POINT_LEN];
    size_t len = 0;
    char group[32] = "";
    if (EVP_PKEY_get_group_name(key, group, sizeof group, NULL) != 1 ||
        strcmp(group, SN_X9_62_prime256v1) != 0 ||
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point, sizeof point, &len) !=
            1 ||
        len != POINT_LEN || point[0] != POINT_CONVERSION_UNCOMPRESSED)
        return err_ssl(err, "an SSH signature here needs a P-256 key");
    put_text(out, KEY_TYPE);
    put_text(out, CURVE);
    put_string(out, point, len);
    return true;
}

/* What is signed: PROTOCOL.sshsig, section 2. */
static bool signed_blob(struct bytes *out, const char *name_space, const struct bytes *message,
                        struct err *err)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned hash_len = 0;
    if (EVP_Digest(message->data, message->len, hash, &hash_len, EVP_sha512(), NULL) != 1)
        return err_ssl(err, "cannot hash the message of an SSH signature");
    bytes_text(out, MAGIC);
    put_text(out, name_space);
    put_text(out, "");
    put_text(out, HASH);
    put_string(out, hash, hash_len);
    return true;
}

/* DER signature to the two mpints of RFC 5656 section 3.1.2. */
static bool signature_blob(struct bytes *out, const struct bytes *der, struct err *err)
{
    const unsigned char *at = der->data;
    OWN(ECDSA_SIG) *signature = d2i_ECDSA_SIG(NULL, &at, (long)der->len);
    unsigned char r[SCALAR_LEN], s[SCALAR_LEN];
    if (signature == NULL || BN_bn2binpad(ECDSA_SIG_get0_r(signature), r, SCALAR_LEN) != SCALAR_LEN ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), s, SCALAR_LEN) != SCALAR_LEN)
        return err_ssl(err, "cannot take an ECDSA signature apart");
    OWN_STRUCT(bytes) numbers = {0};
    put_mpint(&numbers, r, SCALAR_LEN);
    put_mpint(&numbers, s, SCALAR_LEN);
    put_text(out, KEY_TYPE);
    put_string(out, numbers.data, numbers.len);
    return true;
}

static void armor_write(struct bytes *out, const struct bytes *blob)
{
    OWN(char) *base64 = memory_new(4 * ((blob->len + 2) / 3) + 1, 1);
    int len = EVP_EncodeBlock((unsigned char *)base64, blob->data, (int)blob->len);
    bytes_text(out, BEGIN_LINE);
    for (int at = 0; at < len; at += LINE)
        bytes_format(out, "%.*s\n", LINE, base64 + at);
    bytes_text(out, END_LINE);
}

static bool sign(struct bytes *der, const struct key *key, const struct bytes *message, struct err *err)
{
    OWN(EVP_MD_CTX) *context = EVP_MD_CTX_new();
    unsigned char signature[128];
    size_t len = sizeof signature;
    if (context == NULL || EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key_evp(key)) != 1 ||
        EVP_DigestSign(context, signature, &len, message->data, message->len) != 1)
        return err_ssl(err, "cannot make an SSH signature");
    bytes_add(der, signature, len);
    return true;
}

bool sshsig_make(struct bytes *armor, const struct key *key, const char *name_space,
                 const struct bytes *message, struct err *err)
{
    OWN_STRUCT(bytes) public = {0};
    OWN_STRUCT(bytes) to_sign = {0};
    OWN_STRUCT(bytes) der = {0};
    OWN_STRUCT(bytes) signature = {0};
    OWN_STRUCT(bytes) blob = {0};
    if (!public_blob(&public, key_evp(key), err) || !signed_blob(&to_sign, name_space, message, err) ||
        !sign(&der, key, &to_sign, err) || !signature_blob(&signature, &der, err))
        return false;
    bytes_text(&blob, MAGIC);
    put_u32(&blob, VERSION);
    put_string(&blob, public.data, public.len);
    put_text(&blob, name_space);
    put_text(&blob, "");
    put_text(&blob, HASH);
    put_string(&blob, signature.data, signature.len);
    OWN_STRUCT(bytes) made = {0};
    armor_write(&made, &blob);
    *armor = bytes_give(&made);
    return true;
}

/* The text between the two lines without its line breaks, decoded. What does not come out the same when it is
 * armored again had another form than ssh-keygen's. */
static bool armor_read(struct bytes *blob, const struct bytes *armor, struct err *err)
{
    const char *text = bytes_string(armor);
    const char *end = armor->len <= ARMOR_MAX ? strstr(text, END_LINE) : NULL;
    if (end == NULL || strncmp(text, BEGIN_LINE, strlen(BEGIN_LINE)) != 0 || end < text + strlen(BEGIN_LINE))
        return err_set(err, "not an armored SSH signature");
    OWN_STRUCT(bytes) base64 = {0};
    size_t padding = 0;
    for (const char *c = text + strlen(BEGIN_LINE); c < end; c++) {
        if (*c != '\n')
            bytes_add(&base64, c, 1);
        padding += *c == '=';
    }
    OWN_STRUCT(bytes) raw = {.data = memory_new(base64.len + 1, 1)};
    int len = EVP_DecodeBlock(raw.data, base64.data, (int)base64.len);
    if (len < 0 || padding > 2 || (size_t)len < padding)
        return err_ssl(err, "the base64 of an SSH signature is broken");
    raw.len = (size_t)len - padding;
    OWN_STRUCT(bytes) again = {0};
    armor_write(&again, &raw);
    if (armor->len == again.len + 1 && text[again.len] == '\n')
        bytes_text(&again, "\n");
    if (!bytes_equal(&again, armor))
        return err_set(err, "the armor of an SSH signature is not as ssh-keygen writes it");
    *blob = bytes_give(&raw);
    return true;
}

static bool get_expected(struct reader *from, const void *expected, size_t expected_len)
{
    const unsigned char *data = NULL;
    size_t len = 0;
    return get_string(from, &data, &len) && len == expected_len &&
           (len == 0 || memcmp(data, expected, len) == 0);
}

/* Walk the blob of PROTOCOL.sshsig section 1; every field but the signature has one right value. */
static bool blob_read(unsigned char r[SCALAR_LEN], unsigned char s[SCALAR_LEN], const struct bytes *blob,
                      const struct bytes *public, const char *name_space, struct err *err)
{
    static const unsigned char head[] = {'S', 'S', 'H', 'S', 'I', 'G', 0, 0, 0, VERSION};
    if (blob->len < sizeof head || memcmp(blob->data, head, sizeof head) != 0)
        return err_set(err, "not an SSH signature of version 1");
    struct reader all = {blob->data + sizeof head, blob->len - sizeof head};
    if (!get_expected(&all, public->data, public->len))
        return err_set(err, "the SSH signature is by another key than the signer's");
    if (!get_expected(&all, name_space, strlen(name_space)))
        return err_set(err, "the SSH signature is for another use (its namespace is not \"%s\")", name_space);
    if (!get_expected(&all, "", 0) || !get_expected(&all, HASH, strlen(HASH)))
        return err_set(err, "the SSH signature is not over " HASH);
    struct reader inner = {0};
    struct reader numbers = {0};
    if (!get_string(&all, &inner.at, &inner.left) || all.left != 0 ||
        !get_expected(&inner, KEY_TYPE, strlen(KEY_TYPE)) ||
        !get_string(&inner, &numbers.at, &numbers.left) || inner.left != 0 || !get_scalar(&numbers, r) ||
        !get_scalar(&numbers, s) || numbers.left != 0)
        return err_set(err, "the SSH signature is malformed");
    return true;
}

static bool signature_der(struct bytes *der, const unsigned char r[SCALAR_LEN],
                          const unsigned char s[SCALAR_LEN], struct err *err)
{
    OWN(ECDSA_SIG) *signature = ECDSA_SIG_new();
    OWN(BIGNUM) *r_number = BN_bin2bn(r, SCALAR_LEN, NULL);
    OWN(BIGNUM) *s_number = BN_bin2bn(s, SCALAR_LEN, NULL);
    if (signature == NULL || r_number == NULL || s_number == NULL ||
        ECDSA_SIG_set0(signature, r_number, s_number) != 1)
        return err_ssl(err, "cannot put an ECDSA signature together");
    r_number = NULL; /* the signature's now */
    s_number = NULL;
    OWN_OPENSSL *out = NULL;
    int len = i2d_ECDSA_SIG(signature, &out);
    if (len <= 0)
        return err_ssl(err, "cannot encode an ECDSA signature");
    bytes_add(der, out, (size_t)len);
    return true;
}

bool sshsig_check(const struct bytes *armor, const X509 *signer, const char *name_space,
                  const struct bytes *message, struct err *err)
{
    OWN_STRUCT(bytes) blob = {0};
    OWN_STRUCT(bytes) public = {0};
    OWN_STRUCT(bytes) to_sign = {0};
    OWN_STRUCT(bytes) der = {0};
    unsigned char r[SCALAR_LEN], s[SCALAR_LEN];
    EVP_PKEY *key = X509_get0_pubkey(signer);
    if (key == NULL)
        return err_ssl(err, "the public key of the signer cannot be read");
    if (!armor_read(&blob, armor, err) || !public_blob(&public, key, err) ||
        !blob_read(r, s, &blob, &public, name_space, err) || !signature_der(&der, r, s, err) ||
        !signed_blob(&to_sign, name_space, message, err))
        return false;
    OWN(EVP_MD_CTX) *context = EVP_MD_CTX_new();
    if (context == NULL || EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) != 1)
        return err_ssl(err, "cannot check an SSH signature");
    if (EVP_DigestVerify(context, der.data, der.len, to_sign.data, to_sign.len) != 1)
        return err_ssl(err, "the SSH signature does not verify over these bytes");
    return true;
}

bool sshsig_allowed_signer(struct bytes *out, const char *principal, const X509 *signer, struct err *err)
{
    /* Patterns and options would change whom the line admits (ssh-keygen(1), ALLOWED SIGNERS). */
    if (principal[0] == '\0' || strpbrk(principal, " \t\r\n\",*?!#") != NULL)
        return err_set(err, "\"%s\" cannot stand in allowed_signers; a principal is a plain word", principal);
    EVP_PKEY *key = X509_get0_pubkey(signer);
    OWN_STRUCT(bytes) public = {0};
    if (key == NULL)
        return err_ssl(err, "the public key of %s cannot be read", principal);
    if (!public_blob(&public, key, err))
        return false;
    OWN(char) *base64 = memory_new(4 * ((public.len + 2) / 3) + 1, 1);
    EVP_EncodeBlock((unsigned char *)base64, public.data, (int)public.len);
    bytes_format(out, "%s namespaces=\"git\" " KEY_TYPE " %s\n", principal, base64);
    return true;
}

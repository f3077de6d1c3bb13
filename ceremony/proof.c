#include "proof.h"

#include "pem.h"
#include "signature.h"
#include "ssl.h"

#include <string.h>

#define LABEL "PUBLIC KEY"

static bool text_check(const char *text, struct err *err)
{
    const size_t len = strlen(text);
    return (len > 0 && len <= PROOF_MAX && text[0] != '0') ||
           err_set(err, "a text to prove a key by has 1 to %d bytes and does not begin with 0", PROOF_MAX);
}

bool proof_sign(struct bytes *signature, const struct key *key, const char *text, struct err *err)
{
    OWN(EVP_MD_CTX) *context = NULL;
    OWN_OPENSSL *data = NULL;
    const unsigned char *message = (const unsigned char *)text;
    const size_t size = strlen(text);
    size_t len = 0;
    if (!text_check(text, err) || !signature_start(&context, NULL, key_evp(key), err))
        return false;
    if (EVP_DigestSign(context, NULL, &len, message, size) != 1)
        return err_ssl(err, "the key cannot sign");
    data = OPENSSL_malloc(len);
    if (data == NULL || EVP_DigestSign(context, data, &len, message, size) != 1)
        return err_ssl(err, "the key cannot sign");
    bytes_add(signature, data, len);
    return true;
}

static bool public_parse(EVP_PKEY **out, const char *pem, const char spki[DIGEST_HEX], struct err *err)
{
    static const struct pem_kind kind = {LABEL, NULL, "public key"};
    OWN_STRUCT(bytes) text = bytes_copy(pem, strlen(pem));
    OWN_STRUCT(bytes) der = {0};
    char hex[DIGEST_HEX];
    if (!pem_single(&der, &text, &kind, "the public key", err))
        return false;
    const unsigned char *at = der.data;
    OWN(EVP_PKEY) *pkey = d2i_PUBKEY(NULL, &at, (long)der.len);
    if (pkey == NULL || at != der.data + der.len)
        return err_ssl(err, "the public key cannot be read");
    if (!pkey_spki_digest(hex, pkey, err))
        return false;
    if (strcmp(hex, spki) != 0)
        return err_set(err, "the public key is another one: the SHA-256 of its SPKI is %s, and not %s", hex,
                       spki);
    *out = GIVE(pkey);
    return true;
}

bool proof_check(const char *public_pem, const char spki[DIGEST_HEX], const char *text,
                 const struct bytes *signature, struct err *err)
{
    OWN(EVP_PKEY) *pkey = NULL;
    if (!text_check(text, err) || !public_parse(&pkey, public_pem, spki, err))
        return false;
    OWN(EVP_MD_CTX) *context = EVP_MD_CTX_new();
    if (context == NULL || EVP_DigestVerifyInit(context, NULL, pkey_digest(pkey), NULL, pkey) != 1)
        return err_ssl(err, "the public key cannot verify");
    if (EVP_DigestVerify(context, signature->data, signature->len, (const unsigned char *)text,
                         strlen(text)) != 1) {
        ERR_clear_error();
        return err_set(err, "the signature is not by this key over this text");
    }
    return true;
}

bool proof_public(struct bytes *pem, const struct key *key, struct err *err)
{
    OWN_STRUCT(bytes) der = {0};
    if (!key_spki(&der, key, err))
        return false;
    pem_write(pem, LABEL, &der);
    return true;
}

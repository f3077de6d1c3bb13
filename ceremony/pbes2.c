#include "keyformat.h"

#include "ssl.h"

#include <string.h>

OWN_DEFINE(PBE2PARAM, PBE2PARAM_free);
OWN_DEFINE(PBKDF2PARAM, PBKDF2PARAM_free);

#define AGAIN "write it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 600000"

void pbes2_free(struct pbes2 *scheme)
{
    EVP_CIPHER_free(scheme->cipher);
    *scheme = (struct pbes2){0};
}

static const char *object_name(const ASN1_OBJECT *object, char text[80])
{
    int nid = OBJ_obj2nid(object);
    if (nid != NID_undef)
        return OBJ_nid2ln(nid);
    OBJ_obj2txt(text, 80, object, 1);
    return text;
}

/* step-ca takes any other function for HMAC-SHA1 and then blames the password. */
static bool prf_read(struct pbes2 *out, const PBKDF2PARAM *kdf, const char *what, struct err *err)
{
    int nid = kdf->prf == NULL ? NID_hmacWithSHA1 : OBJ_obj2nid(kdf->prf->algorithm);
    char text[80];
    if (nid == NID_hmacWithSHA1)
        out->prf = EVP_sha1();
    else if (nid == NID_hmacWithSHA256)
        out->prf = EVP_sha256();
    else
        return err_set(err,
                       "%s: PBKDF2 uses %s, which step-ca takes for hmacWithSHA1 and then reports as "
                       "\"decryption password incorrect\"; " AGAIN,
                       what, object_name(kdf->prf->algorithm, text));
    if (kdf->keylength != NULL)
        return err_set(err,
                       "%s: PBKDF2-params carry the optional keyLength (RFC 8018 A.2), over which step-ca "
                       "misses the PRF and reports \"decryption password incorrect\"; " AGAIN,
                       what);
    return true;
}

static bool kdf_read(struct pbes2 *out, const X509_ALGOR *algorithm, const char *what, struct err *err)
{
    if (OBJ_obj2nid(algorithm->algorithm) != NID_id_pbkdf2)
        return err_set(err, "%s: unsupported encryption, only PBKDF2 is supported by step-ca; " AGAIN, what);
    OWN(PBKDF2PARAM) *kdf = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), algorithm->parameter);
    if (kdf == NULL || kdf->salt->type != V_ASN1_OCTET_STRING)
        return err_ssl(err, "%s: the PBKDF2 parameters are damaged (RFC 8018 A.2)", what);
    const ASN1_OCTET_STRING *salt = kdf->salt->value.octet_string;
    int64_t iterations = 0;
    if (ASN1_INTEGER_get_int64(&iterations, kdf->iter) != 1 || iterations < 1 || iterations > INT32_MAX ||
        (size_t)ASN1_STRING_length(salt) > sizeof out->salt)
        return err_ssl(err, "%s: the PBKDF2 salt or iteration count is out of range", what);
    out->iterations = (long)iterations;
    out->salt_len = (size_t)ASN1_STRING_length(salt);
    memcpy(out->salt, ASN1_STRING_get0_data(salt), out->salt_len);
    return prf_read(out, kdf, what, err);
}

static bool scheme_read(struct pbes2 *out, const X509_ALGOR *algorithm, const char *what, struct err *err)
{
    char text[80];
    const char *name = NULL;
    switch (OBJ_obj2nid(algorithm->algorithm)) {
    case NID_aes_128_cbc:
        name = "AES-128-CBC";
        break;
    case NID_aes_192_cbc:
        name = "AES-192-CBC";
        break;
    case NID_aes_256_cbc:
        name = "AES-256-CBC";
        break;
    case NID_des_ede3_cbc:
        name = "DES-EDE3-CBC";
        break;
    case NID_des_cbc:
        return err_set(err, "%s: encrypted with single DES, which is no protection; " AGAIN, what);
    default:
        return err_set(err, "%s: unsupported encryption, unknown algorithm %s to step-ca; " AGAIN, what,
                       object_name(algorithm->algorithm, text));
    }
    out->cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    const ASN1_TYPE *iv = algorithm->parameter;
    if (out->cipher == NULL)
        return err_ssl(err, "%s: the cipher %s is not available", what, name);
    if (iv == NULL || iv->type != V_ASN1_OCTET_STRING ||
        ASN1_STRING_length(iv->value.octet_string) != EVP_CIPHER_get_iv_length(out->cipher))
        return err_set(err, "%s: the initialisation vector of %s is damaged", what, name);
    memcpy(out->iv, ASN1_STRING_get0_data(iv->value.octet_string),
           (size_t)ASN1_STRING_length(iv->value.octet_string));
    return true;
}

bool pbes2_read(struct pbes2 *out, const X509_ALGOR *algorithm, const char *what, struct err *err)
{
    char text[80];
    if (OBJ_obj2nid(algorithm->algorithm) != NID_pbes2)
        return err_set(err, "%s: encrypted with %s, only PBES2 is supported by step-ca; " AGAIN, what,
                       object_name(algorithm->algorithm, text));
    OWN(PBE2PARAM) *parameters = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), algorithm->parameter);
    if (parameters == NULL)
        return err_ssl(err, "%s: the PBES2 parameters are damaged (RFC 8018 A.4)", what);
    OWN_STRUCT(pbes2) scheme = {0};
    if (!kdf_read(&scheme, parameters->keyfunc, what, err) ||
        !scheme_read(&scheme, parameters->encryption, what, err))
        return false;
    *out = scheme;
    scheme = (struct pbes2){0};
    return true;
}

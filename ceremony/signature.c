#include "signature.h"

#include "ssl.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>
#include <strings.h>

OWN_DEFINE(RSA_PSS_PARAMS, RSA_PSS_PARAMS_free);

static const struct signature signatures[] = {
    {"MD2-RSA", EVP_PKEY_RSA, NID_md2, false, true},
    {"MD5-RSA", EVP_PKEY_RSA, NID_md5, false, true},
    {"SHA1-RSA", EVP_PKEY_RSA, NID_sha1, false, true},
    {"SHA256-RSA", EVP_PKEY_RSA, NID_sha256, false, false},
    {"SHA384-RSA", EVP_PKEY_RSA, NID_sha384, false, false},
    {"SHA512-RSA", EVP_PKEY_RSA, NID_sha512, false, false},
    {"SHA256-RSAPSS", EVP_PKEY_RSA, NID_sha256, true, false},
    {"SHA384-RSAPSS", EVP_PKEY_RSA, NID_sha384, true, false},
    {"SHA512-RSAPSS", EVP_PKEY_RSA, NID_sha512, true, false},
    {"DSA-SHA1", EVP_PKEY_DSA, NID_sha1, false, true},
    {"DSA-SHA256", EVP_PKEY_DSA, NID_sha256, false, true},
    {"ECDSA-SHA1", EVP_PKEY_EC, NID_sha1, false, true},
    {"ECDSA-SHA256", EVP_PKEY_EC, NID_sha256, false, false},
    {"ECDSA-SHA384", EVP_PKEY_EC, NID_sha384, false, false},
    {"ECDSA-SHA512", EVP_PKEY_EC, NID_sha512, false, false},
    {"Ed25519", EVP_PKEY_ED25519, NID_undef, false, false},
};
#define SIGNATURES (sizeof signatures / sizeof signatures[0])

const struct signature *signature_find(const char *name)
{
    for (size_t i = 0; i < SIGNATURES; i++)
        if (strcasecmp(signatures[i].name, name) == 0)
            return &signatures[i];
    return NULL;
}

/* The digest inside RSASSA-PSS parameters; absent means SHA-1 (RFC 4055 section 3.1). */
static int pss_digest(const X509_ALGOR *algorithm)
{
    OWN(RSA_PSS_PARAMS) *pss =
        ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), algorithm->parameter);
    if (pss == NULL || pss->hashAlgorithm == NULL)
        return NID_sha1;
    return OBJ_obj2nid(pss->hashAlgorithm->algorithm);
}

/* Takes an algorithm apart; false when it is none that OpenSSL knows. */
static bool algorithm_parts(const X509_ALGOR *algorithm, int *key, int *digest, bool *pss)
{
    int nid = OBJ_obj2nid(algorithm->algorithm);
    *pss = nid == NID_rsassaPss;
    if (*pss) {
        *key = EVP_PKEY_RSA;
        *digest = pss_digest(algorithm);
        return true;
    }
    return OBJ_find_sigid_algs(nid, digest, key) == 1;
}

const char *signature_name(const X509_ALGOR *algorithm)
{
    int key = NID_undef, digest = NID_undef;
    bool pss = false;
    if (algorithm_parts(algorithm, &key, &digest, &pss))
        for (size_t i = 0; i < SIGNATURES; i++)
            if (signatures[i].key == key && signatures[i].digest == digest && signatures[i].pss == pss)
                return signatures[i].name;
    const char *name = OBJ_nid2ln(OBJ_obj2nid(algorithm->algorithm));
    return name != NULL ? name : "unknown";
}

bool signature_digest(const EVP_MD **out, const struct signature *wanted, const EVP_PKEY *signer,
                      struct err *err)
{
    if (wanted == NULL) {
        *out = pkey_digest(signer);
        return true;
    }
    if (wanted->weak)
        return err_set(err,
                       "signatureAlgorithm %s is broken or obsolete; take SHA256-RSA or ECDSA-SHA256 or "
                       "leave it out",
                       wanted->name);
    char kind[32];
    pkey_kind(kind, signer);
    if (EVP_PKEY_get_base_id(signer) != wanted->key)
        return err_set(err,
                       "signatureAlgorithm %s does not match the signer's key, which is %s; leave it out "
                       "for the key's default",
                       wanted->name, kind);
    *out = wanted->digest == NID_undef ? NULL : EVP_get_digestbynid(wanted->digest);
    return true;
}

bool signature_start(EVP_MD_CTX **out, const struct signature *wanted, EVP_PKEY *signer, struct err *err)
{
    const EVP_MD *digest = NULL;
    if (!signature_digest(&digest, wanted, signer, err))
        return false;
    OWN(EVP_MD_CTX) *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *parameters = NULL; /* owned by context */
    if (context == NULL || EVP_DigestSignInit(context, &parameters, digest, NULL, signer) != 1)
        return err_ssl(err, "the key cannot sign");
    if (wanted != NULL && wanted->pss &&
        (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
         EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1))
        return err_ssl(err, "the key cannot sign with RSASSA-PSS");
    *out = GIVE(context);
    return true;
}

bool signature_algorithm(X509_ALGOR **out, EVP_MD_CTX *context, struct err *err)
{
    unsigned char der[256];
    OSSL_PARAM wanted[] = {
        OSSL_PARAM_construct_octet_string(OSSL_SIGNATURE_PARAM_ALGORITHM_ID, der, sizeof der),
        OSSL_PARAM_construct_end(),
    };
    if (EVP_PKEY_CTX_get_params(EVP_MD_CTX_get_pkey_ctx(context), wanted) != 1 ||
        OSSL_PARAM_modified(wanted) != 1)
        return err_ssl(err, "the signature algorithm cannot be named");
    const unsigned char *at = der;
    *out = d2i_X509_ALGOR(NULL, &at, (long)wanted[0].return_size);
    return *out != NULL || err_ssl(err, "the signature algorithm cannot be read");
}

bool signature_verify_start(EVP_MD_CTX **out, const X509_ALGOR *algorithm, EVP_PKEY *signer, struct err *err)
{
    int key = NID_undef, digest = NID_undef;
    bool pss = false;
    if (!algorithm_parts(algorithm, &key, &digest, &pss) || signer == NULL ||
        (EVP_PKEY_get_base_id(signer) != key && !(pss && EVP_PKEY_is_a(signer, "RSA-PSS"))))
        return err_set(err, "the signature algorithm (%s) is not one of the issuer's key",
                       signature_name(algorithm));
    OWN(EVP_MD_CTX) *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *parameters = NULL; /* owned by context */
    if (context == NULL ||
        EVP_DigestVerifyInit(context, &parameters, EVP_get_digestbynid(digest), NULL, signer) != 1 ||
        (pss && EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1))
        return err_ssl(err, "a signature by %s cannot be checked", signature_name(algorithm));
    *out = GIVE(context);
    return true;
}

bool signature_is_strong(const X509_ALGOR *algorithm, const char *what, struct err *err)
{
    int key = NID_undef, digest = NID_undef;
    bool pss = false;
    bool known = algorithm_parts(algorithm, &key, &digest, &pss);
    switch (digest) {
    case NID_sha256:
    case NID_sha384:
    case NID_sha512:
    case NID_sha3_256:
    case NID_sha3_384:
    case NID_sha3_512:
        return true;
    default:
        if (known && key == EVP_PKEY_ED25519)
            return true;
        return err_set(err,
                       "%s: signed with %s, which no longer counts as secure; SHA-256 or better is needed "
                       "(BR 7.1.3.2)",
                       what, signature_name(algorithm));
    }
}

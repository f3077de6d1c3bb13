#include "spent.h"

#include "certificateparts.h"

#include "tbs.h"

#include <openssl/rsa.h>
#include <string.h>

void spent_free(struct spent *s)
{
    EVP_PKEY_free(s->key);
    X509_free(s->issuer);
    *s = (struct spent){0};
}

static EVP_PKEY *key_like(const EVP_PKEY *issuer)
{
    char kind[32];
    pkey_kind(kind, issuer);
    switch (EVP_PKEY_get_base_id(issuer)) {
    case EVP_PKEY_RSA:
        return EVP_RSA_gen(2048);
    case EVP_PKEY_ED25519:
        return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    default:
        return EVP_EC_gen(kind);
    }
}

bool spent_make(struct spent *out, const X509 *issuer, struct err *err)
{
    EVP_PKEY *own = X509_get0_pubkey(issuer);
    if (own == NULL)
        return err_ssl(err, "the issuer's public key cannot be read");
    OWN_STRUCT(spent) made = {.key = key_like(own), .issuer = X509_dup(issuer)};
    if (made.key == NULL || made.issuer == NULL || X509_set_pubkey(made.issuer, made.key) != 1)
        return err_ssl(err, "a throw-away key of the issuer's kind cannot be made");
    if (certificate_verifies(issuer, own) && X509_sign(made.issuer, made.key, pkey_digest(made.key)) <= 0)
        return err_ssl(err, "the throw-away issuer cannot be signed");
    *out = made;
    made = (struct spent){0};
    return true;
}

/* What is not signed yet has no algorithm outside its to-be-signed part, and cannot be copied without. */
static X509 *unsigned_copy(const X509 *prepared)
{
    const X509_ALGOR *outer = NULL;
    X509_get0_signature(NULL, &outer, prepared);
    return X509_ALGOR_copy((X509_ALGOR *)outer, X509_get0_tbs_sigalg(prepared)) == 1 ? X509_dup(prepared)
                                                                                     : NULL;
}

bool spent_certificate(X509 **out, struct spent *spent, const X509 *prepared, const X509 *issuer,
                       const struct signature *wanted, struct err *err)
{
    OWN_STRUCT(spent) made = {0};
    OWN(EVP_MD_CTX) *context = NULL;
    OWN(X509) *cert = unsigned_copy(prepared);
    char agreed[DIGEST_HEX], found[DIGEST_HEX];
    if (cert == NULL)
        return err_ssl(err, "what is to be signed cannot be copied");
    if (!tbs_digest(agreed, prepared, err) || !spent_make(&made, issuer != NULL ? issuer : cert, err) ||
        !signature_start(&context, wanted, made.key, err))
        return false;
    if (X509_sign_ctx(cert, context) <= 0)
        return err_ssl(err, "what is to be signed cannot be signed with a throw-away key");
    if (!tbs_digest(found, cert, err))
        return false;
    if (strcmp(agreed, found) != 0)
        return err_set(err, "signed with a throw-away key, the to-be-signed part is another one");
    *out = GIVE(cert);
    *spent = made;
    made = (struct spent){0};
    return true;
}

bool spent_list(struct spent *spent, X509_CRL *list, const X509 *issuer, const struct signature *wanted,
                struct err *err)
{
    OWN_STRUCT(spent) made = {0};
    OWN(EVP_MD_CTX) *context = NULL;
    if (!spent_make(&made, issuer, err) || !signature_start(&context, wanted, made.key, err))
        return false;
    if (X509_CRL_sign_ctx(list, context) <= 0)
        return err_ssl(err, "the list cannot be signed with a throw-away key");
    *spent = made;
    made = (struct spent){0};
    return true;
}

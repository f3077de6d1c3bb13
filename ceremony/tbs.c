#include "tbs.h"

#include "certificateparts.h"
#include "signature.h"

#include <string.h>

static bool times_set(X509 *cert, const struct tbs *tbs, struct err *err)
{
    OWN(ASN1_TIME) *before = ASN1_TIME_set(NULL, tbs->not_before);
    OWN(ASN1_TIME) *after = ASN1_TIME_set(NULL, tbs->not_after);
    if (before == NULL || after == NULL || X509_set1_notBefore(cert, before) != 1 ||
        X509_set1_notAfter(cert, after) != 1)
        return err_ssl(err, "the validity cannot be encoded");
    return true;
}

/* OpenSSL sets the inner algorithm only while it signs, and has no other setter. */
static bool algorithm_set(X509 *cert, const struct tbs *tbs, struct err *err)
{
    OWN(EVP_MD_CTX) *context = NULL;
    OWN(X509_ALGOR) *algorithm = NULL;
    if (!signature_start(&context, profile_signature(tbs->profile), tbs->signer, err) ||
        !signature_algorithm(&algorithm, context, err))
        return false;
    if (X509_ALGOR_copy((X509_ALGOR *)X509_get0_tbs_sigalg(cert), algorithm) != 1)
        return err_ssl(err, "the signature algorithm cannot be encoded");
    return true;
}

/* The identifier that everything below the original names (RFC 5280 4.2.1.2), however it came about. */
static bool key_id_copy(X509 *cert, const X509 *original, struct err *err)
{
    int from = X509_get_ext_by_NID(original, NID_subject_key_identifier, -1);
    int to = X509_get_ext_by_NID(cert, NID_subject_key_identifier, -1);
    if (from < 0 || to < 0)
        return err_set(err, "the original has no subject key identifier, so what is below it names none "
                            "(RFC 5280 4.2.1.2)");
    if (X509_EXTENSION_set_data(X509_get_ext(cert, to),
                                X509_EXTENSION_get_data(X509_get_ext(original, from))) != 1)
        return err_ssl(err, "the subject key identifier cannot be copied");
    return true;
}

bool tbs_make(X509 **out, const struct tbs *tbs, struct err *err)
{
    const X509_NAME *subject =
        tbs->original != NULL ? X509_get_subject_name(tbs->original) : profile_subject(tbs->profile);
    if (subject == NULL)
        return err_set(err, "subject: is empty; a CA must have a name (RFC 5280 4.1.2.6)");
    const X509_NAME *issuer = tbs->issuer != NULL ? X509_get_subject_name(tbs->issuer) : subject;
    OWN(X509) *cert = X509_new();
    OWN(ASN1_INTEGER) *serial = NULL;
    if (!serial_parse(&serial, tbs->serial, err))
        return false;
    if (cert == NULL || X509_set_version(cert, X509_VERSION_3) != 1 ||
        X509_set_serialNumber(cert, serial) != 1 || X509_set_subject_name(cert, subject) != 1 ||
        X509_set_issuer_name(cert, issuer) != 1 || X509_set_pubkey(cert, tbs->subject_key) != 1)
        return err_ssl(err, "the certificate cannot be made");
    if (!times_set(cert, tbs, err) || !algorithm_set(cert, tbs, err) ||
        !profile_extend_certificate(cert, tbs->profile, tbs->issuer, err) ||
        (tbs->original != NULL && !key_id_copy(cert, tbs->original, err)))
        return false;
    *out = GIVE(cert);
    return true;
}

bool tbs_digest(char hex[DIGEST_HEX], const X509 *cert, struct err *err)
{
    OWN_OPENSSL *der = NULL;
    int len = i2d_re_X509_tbs((X509 *)cert, &der); /* only marks its cache as stale */
    if (len <= 0)
        return err_ssl(err, "the to-be-signed part cannot be encoded");
    digest_hex(hex, der, (size_t)len);
    return true;
}

bool tbs_sign(struct bytes *pem, X509 *cert, const struct tbs *tbs, const char digest[DIGEST_HEX],
              struct err *err)
{
    OWN(EVP_MD_CTX) *context = NULL;
    OWN_STRUCT(bytes) signed_pem = {0};
    OWN(X509) *back = NULL;
    char found[DIGEST_HEX];
    if (!tbs_digest(found, cert, err))
        return false;
    if (strcmp(found, digest) != 0)
        return err_set(err,
                       "the certificate to sign is not the one that was agreed: its to-be-signed part has "
                       "SHA-256 %s, agreed was %s; nothing was signed",
                       found, digest);
    if (!signature_start(&context, profile_signature(tbs->profile), tbs->signer, err))
        return false;
    if (X509_sign_ctx(cert, context) <= 0)
        return err_ssl(err, "the certificate cannot be signed");
    if (!certificate_pem(&signed_pem, cert, err) ||
        !certificate_parse(&back, &signed_pem, "the new certificate", err) || !tbs_digest(found, back, err))
        return false;
    if (strcmp(found, digest) != 0)
        return err_set(err,
                       "the new certificate is not what was agreed: its to-be-signed part has SHA-256 %s, "
                       "agreed was %s",
                       found, digest);
    EVP_PKEY *issuer_key = X509_get0_pubkey(tbs->issuer != NULL ? tbs->issuer : back);
    if (!certificate_verifies(back, issuer_key))
        return err_set(err, "the new certificate does not verify under its issuer");
    *pem = bytes_give(&signed_pem);
    return true;
}

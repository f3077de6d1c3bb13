#include "draftcheck.h"

#include "name.h"

static bool subject_check(const X509 *cert, const struct draft *draft, const char *what, struct err *err)
{
    const X509_NAME *asked = X509_REQ_get_subject_name(draft->request);
    if (X509_NAME_cmp(X509_get_subject_name(cert), asked) == 0)
        return true;
    OWN(char) *given = name_text(X509_get_subject_name(cert));
    OWN(char) *wanted = name_text(asked);
    return err_set(err, "%s: the template makes it for %s, and the request is for %s", what, given, wanted);
}

bool certificate_check_draft(X509 *spent, const struct draft *draft, const char *what, struct err *err)
{
    OWN_KEY *key = NULL;
    if (!subject_check(spent, draft, what, err) || !key_generate(&key, "P-256", err))
        return false;
    OWN(X509) *issuer = X509_dup(draft->issuer);
    if (issuer == NULL || X509_set_pubkey(issuer, key_evp(key)) != 1 ||
        X509_sign(issuer, key_evp(key), key_digest(key)) <= 0 ||
        X509_sign(spent, key_evp(key), key_digest(key)) <= 0)
        return err_ssl(err, "%s: cannot be signed with a throw-away key", what);
    /* Parsed again: what OpenSSL remembers of an unsigned certificate is not what it reads from a signed one.
     */
    OWN_STRUCT(bytes) pem = {0};
    OWN(X509) *cert = NULL;
    return certificate_pem(&pem, spent, err) && certificate_parse(&cert, &pem, what, err) &&
           certificate_check_intermediate(cert, issuer, 0, what, err);
}

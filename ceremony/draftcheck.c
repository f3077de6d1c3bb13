#include "draftcheck.h"

#include "cross.h"
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

/* Parsed again: what OpenSSL remembers of an unsigned certificate is not what it reads from a signed one. */
static bool read_back(X509 **out, X509 *cert, const char *what, struct err *err)
{
    OWN_STRUCT(bytes) pem = {0};
    return certificate_pem(&pem, cert, err) && certificate_parse(out, &pem, what, err);
}

/* A root that has the throw-away key in the place of its own. */
static bool root_check(X509 *spent, const char *what, struct err *err)
{
    OWN_KEY *key = NULL;
    OWN(X509) *cert = NULL;
    if (!key_generate(&key, "P-256", err))
        return false;
    if (X509_set_pubkey(spent, key_evp(key)) != 1 || X509_sign(spent, key_evp(key), key_digest(key)) <= 0)
        return err_ssl(err, "%s: cannot be signed with a throw-away key", what);
    return read_back(&cert, spent, what, err) &&
           certificate_check_root(cert, certificate_not_before(cert), what, err);
}

static bool asked_check(const X509 *cert, const struct draft *draft, const char *what, struct err *err)
{
    return draft->original != NULL ? cross_check(cert, draft->original, what, err)
                                   : subject_check(cert, draft, what, err);
}

bool certificate_check_draft(X509 *spent, const struct draft *draft, const char *what, struct err *err)
{
    OWN_KEY *key = NULL;
    OWN(X509) *cert = NULL;
    if (draft->issuer == NULL)
        return root_check(spent, what, err);
    if (!asked_check(spent, draft, what, err) || !key_generate(&key, "P-256", err))
        return false;
    OWN(X509) *issuer = X509_dup(draft->issuer);
    if (issuer == NULL || X509_set_pubkey(issuer, key_evp(key)) != 1 ||
        X509_sign(issuer, key_evp(key), key_digest(key)) <= 0 ||
        X509_sign(spent, key_evp(key), key_digest(key)) <= 0)
        return err_ssl(err, "%s: cannot be signed with a throw-away key", what);
    if (!read_back(&cert, spent, what, err))
        return false;
    return draft->is_server ? certificate_check_server(cert, issuer, what, err)
                            : certificate_check_intermediate(cert, issuer, 0, what, err);
}

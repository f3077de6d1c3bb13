#include "certificateparts.h"

#include <openssl/x509_vfy.h>

OWN_DEFINE(X509_STORE, X509_STORE_free);
OWN_DEFINE(X509_STORE_CTX, X509_STORE_CTX_free);

static bool self_issued(const X509 *cert)
{
    return X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0;
}

static bool ca_check(const X509 *cert, const char *what, struct err *err)
{
    struct constraints constraints;
    certificate_constraints(&constraints, cert);
    if (!constraints.present)
        return err_set(
            err, "%s: not a CA certificate: basicConstraints is absent or damaged (RFC 5280 4.2.1.9)", what);
    if (!constraints.ca)
        return err_set(err, "%s: not a CA certificate: basicConstraints says cA FALSE (RFC 5280 4.2.1.9)",
                       what);
    return constraints.critical ||
           err_set(err, "%s: basicConstraints of a CA must be critical (RFC 5280 4.2.1.9)", what);
}

static bool usage_check(const X509 *cert, const char *what, struct err *err)
{
    bool present = false;
    unsigned usage = certificate_key_usage(&present, cert);
    if (!present)
        return err_set(err, "%s: keyUsage is absent; a CA must have it (RFC 5280 4.2.1.3)", what);
    if ((usage & USAGE_CERT_SIGN) == 0)
        return err_set(err, "%s: keyUsage lacks keyCertSign; it may not sign certificates (RFC 5280 4.2.1.3)",
                       what);
    return (usage & USAGE_CRL_SIGN) != 0 ||
           err_set(err, "%s: keyUsage lacks cRLSign; it may not sign a revocation list (RFC 5280 4.2.1.3)",
                   what);
}

static bool clock_check(const X509 *cert, time_t now, const char *what, struct err *err)
{
    char text[32];
    time_text(text, certificate_not_before(cert));
    if (now < certificate_not_before(cert))
        return err_set(err, "%s: not yet valid; it begins at %s (is the clock right?)", what, text);
    time_text(text, certificate_not_after(cert));
    return now <= certificate_not_after(cert) ||
           err_set(err, "%s: expired at %s; it cannot vouch for anything now", what, text);
}

static bool key_check(const X509 *cert, const char *what, struct err *err)
{
    return pkey_is_strong(X509_get0_pubkey(cert), err) || err_wrap(err, "%s", what);
}

/* The cert's authority key identifier is the issuer's subject key identifier, or absent. */
static bool key_id_check(const X509 *cert, const X509 *issuer, const char *what, struct err *err)
{
    OWN(ASN1_OCTET_STRING) *authority = certificate_aki(cert);
    OWN(ASN1_OCTET_STRING) *id = certificate_ski(issuer);
    if (authority == NULL)
        return true;
    return (id != NULL && ASN1_OCTET_STRING_cmp(authority, id) == 0) ||
           err_set(err,
                   "%s: its authority key identifier is not its issuer's subject key identifier "
                   "(RFC 5280 4.2.1.1)",
                   what);
}

bool certificate_check_root(const X509 *cert, time_t now, const char *what, struct err *err)
{
    if (!ca_check(cert, what, err))
        return false;
    if (!self_issued(cert))
        return err_set(
            err, "%s: not a root: subject and issuer differ; the certificate that issued it is needed", what);
    if (!certificate_verifies(cert, X509_get0_pubkey(cert)))
        return err_set(
            err,
            "%s: the signature does not verify under its own key; the file is damaged or forged, or "
            "it is not self-signed",
            what);
    if (!key_id_check(cert, cert, what, err) || !clock_check(cert, now, what, err) ||
        !key_check(cert, what, err) || !certificate_signature_check(cert, what, err) ||
        !usage_check(cert, what, err))
        return false;
    struct constraints constraints;
    certificate_constraints(&constraints, cert);
    return constraints.path_length != 0 ||
           err_set(err, "%s: path length 0 lets no intermediate be under this root (RFC 5280 4.2.1.9)", what);
}

static bool nesting_check(const X509 *cert, const X509 *root, const char *what, struct err *err)
{
    struct constraints lower, upper;
    certificate_constraints(&lower, cert);
    certificate_constraints(&upper, root);
    if (upper.path_length >= 0 && (lower.path_length < 0 || lower.path_length >= upper.path_length))
        return err_set(err, "%s: its path length does not nest under the root's %ld (RFC 5280 4.2.1.9)", what,
                       upper.path_length);
    if (certificate_not_before(cert) < certificate_not_before(root) ||
        certificate_not_after(cert) > certificate_not_after(root))
        return err_set(err, "%s: its validity reaches outside the root's", what);
    return certificate_not_before(cert) < certificate_not_after(cert) ||
           err_set(err, "%s: it ends before it begins (RFC 5280 4.1.2.5)", what);
}

/* Everything else that path validation asks for (RFC 5280 6.1): critical extensions, name constraints. */
static bool path_check(const X509 *cert, const X509 *root, time_t now, const char *what, struct err *err)
{
    OWN(X509_STORE) *store = X509_STORE_new();
    OWN(X509_STORE_CTX) *context = X509_STORE_CTX_new();
    OWN(X509) *lower = X509_dup(cert);
    OWN(X509) *upper = X509_dup(root);
    if (store == NULL || context == NULL || lower == NULL || upper == NULL ||
        X509_STORE_add_cert(store, upper) != 1 || X509_STORE_CTX_init(context, store, lower, NULL) != 1)
        return err_ssl(err, "%s: the chain cannot be checked", what);
    X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
    unsigned long flags = X509_V_FLAG_CHECK_SS_SIGNATURE | (now == 0 ? X509_V_FLAG_NO_CHECK_TIME : 0);
    if (X509_VERIFY_PARAM_set_flags(parameters, flags) != 1)
        return err_ssl(err, "%s: the chain cannot be checked", what);
    if (now != 0)
        X509_VERIFY_PARAM_set_time(parameters, now);
    bool ok = X509_verify_cert(context) == 1;
    ERR_clear_error();
    return ok || err_set(err, "%s: does not verify under the root: %s (RFC 5280 6.1)", what,
                         X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
}

bool certificate_check_issued(const X509 *cert, const X509 *issuer, const char *what, struct err *err)
{
    if (X509_check_issued((X509 *)issuer, (X509 *)cert) != X509_V_OK)
        return err_set(err, "%s: its issuer is not that certificate: names or key identifiers differ", what);
    return certificate_verifies(cert, X509_get0_pubkey(issuer)) ||
           err_set(err, "%s: the signature does not verify under the issuer's key", what);
}

bool certificate_check_intermediate(const X509 *cert, const X509 *root, time_t now, const char *what,
                                    struct err *err)
{
    if (!ca_check(cert, what, err))
        return false;
    if (X509_NAME_cmp(X509_get_issuer_name(cert), X509_get_subject_name(root)) != 0)
        return err_set(err, "%s: its issuer's name is not the root's name", what);
    if (self_issued(cert))
        return err_set(err, "%s: subject and issuer are the same name; an intermediate needs its own", what);
    if (!certificate_verifies(cert, X509_get0_pubkey(root)))
        return err_set(err, "%s: the signature does not verify under the root's key", what);
    OWN(ASN1_OCTET_STRING) *id = certificate_ski(cert);
    if (id == NULL)
        return err_set(err,
                       "%s: the subject key identifier is absent; step-ca makes no CRL without it "
                       "(RFC 5280 4.2.1.2)",
                       what);
    return key_id_check(cert, root, what, err) && usage_check(cert, what, err) &&
           nesting_check(cert, root, what, err) && key_check(cert, what, err) &&
           certificate_signature_check(cert, what, err) && (now == 0 || clock_check(cert, now, what, err)) &&
           path_check(cert, root, now, what, err);
}

bool certificate_signed_by(const X509 *cert, const X509 *issuer)
{
    return certificate_verifies(cert, X509_get0_pubkey(issuer));
}

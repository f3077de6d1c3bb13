#include "certificateparts.h"

#include <openssl/x509_vfy.h>

OWN_DEFINE(X509_STORE, X509_STORE_free);
OWN_DEFINE(X509_STORE_CTX, X509_STORE_CTX_free);

#define USAGE_DIGITAL_SIGNATURE (1u << 0)

/* Windows asks for serverAuth of the server that it authenticates to, and so does FreeRADIUS's own advice. */
static bool usage_check(const X509 *cert, const char *what, struct err *err)
{
    struct constraints constraints;
    bool present = false;
    certificate_constraints(&constraints, cert);
    unsigned usage = certificate_key_usage(&present, cert);
    if (constraints.ca || (usage & USAGE_CERT_SIGN) != 0)
        return err_set(
            err, "%s: is a CA's; a server's certificate signs no others (RFC 5280 4.2.1.3, 4.2.1.9)", what);
    if (!present || (usage & USAGE_DIGITAL_SIGNATURE) == 0)
        return err_set(err,
                       "%s: keyUsage lacks digitalSignature, with which TLS proves the key (RFC 5280 "
                       "4.2.1.3, RFC 8446 4.4.2.2)",
                       what);
    OWN(EXTENDED_KEY_USAGE) *purposes = X509_get_ext_d2i(cert, NID_ext_key_usage, NULL, NULL);
    for (int i = 0; i < sk_ASN1_OBJECT_num(purposes); i++)
        if (OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes, i)) == NID_server_auth)
            return true;
    return err_set(err, "%s: extKeyUsage lacks serverAuth (RFC 5280 4.2.1.12)", what);
}

static bool names_check(const X509 *cert, const char *what, struct err *err)
{
    OWN(GENERAL_NAMES) *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        int type = sk_GENERAL_NAME_value(names, i)->type;
        if (type == GEN_DNS || type == GEN_IPADD)
            return true;
    }
    return err_set(err, "%s: has no DNS name and no address (SAN), and clients look nowhere else (RFC 9525)",
                   what);
}

static bool dates_check(const X509 *cert, const X509 *issuer, const char *what, struct err *err)
{
    if (certificate_not_before(cert) < certificate_not_before(issuer) ||
        certificate_not_after(cert) > certificate_not_after(issuer))
        return err_set(err, "%s: its validity reaches outside its issuer's (RFC 5280 6.1)", what);
    return certificate_not_before(cert) < certificate_not_after(cert) ||
           err_set(err, "%s: it ends before it begins (RFC 5280 4.1.2.5)", what);
}

/* The issuer is trusted as it is: what is above it has its own checks. */
static bool path_check(const X509 *cert, const X509 *issuer, const char *what, struct err *err)
{
    OWN(X509_STORE) *store = X509_STORE_new();
    OWN(X509_STORE_CTX) *context = X509_STORE_CTX_new();
    OWN(X509) *lower = X509_dup(cert);
    OWN(X509) *upper = X509_dup(issuer);
    if (store == NULL || context == NULL || lower == NULL || upper == NULL ||
        X509_STORE_add_cert(store, upper) != 1 || X509_STORE_CTX_init(context, store, lower, NULL) != 1 ||
        X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER) != 1 ||
        X509_VERIFY_PARAM_set_flags(X509_STORE_CTX_get0_param(context),
                                    X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME) != 1)
        return err_ssl(err, "%s: the chain cannot be checked", what);
    bool ok = X509_verify_cert(context) == 1;
    ERR_clear_error();
    return ok || err_set(err, "%s: does not verify under its issuer: %s (RFC 5280 6.1)", what,
                         X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
}

bool certificate_check_server(const X509 *cert, const X509 *issuer, const char *what, struct err *err)
{
    if (X509_NAME_cmp(X509_get_issuer_name(cert), X509_get_subject_name(issuer)) != 0)
        return err_set(err, "%s: its issuer's name is not that of the CA", what);
    if (!pkey_is_strong(X509_get0_pubkey(cert), err))
        return err_wrap(err, "%s", what);
    return usage_check(cert, what, err) && names_check(cert, what, err) &&
           dates_check(cert, issuer, what, err) && certificate_signature_check(cert, what, err) &&
           path_check(cert, issuer, what, err);
}

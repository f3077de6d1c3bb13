#include "extension.h"

#include "profilefields.h"

typedef STACK_OF(X509_EXTENSION) extensions;

static void extensions_free(extensions *list)
{
    sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
}
OWN_DEFINE(extensions, extensions_free);

/* An extension that stands under "extensions" replaces the one that would be built. */
static bool add(extensions *list, const struct profile *p, int nid, bool critical, const void *value,
                struct err *err)
{
    if (p->extra != NULL && X509v3_get_ext_by_NID(p->extra, nid, -1) >= 0)
        return true;
    X509_EXTENSION *extension = X509V3_EXT_i2d(nid, critical ? 1 : 0, (void *)value); /* it only reads */
    if (extension == NULL || sk_X509_EXTENSION_push(list, extension) <= 0) {
        X509_EXTENSION_free(extension);
        return err_ssl(err, "extension %s cannot be made", OBJ_nid2sn(nid));
    }
    return true;
}

static bool add_key_usage(extensions *list, const struct profile *p, struct err *err)
{
    if (p->key_usage == 0)
        return true;
    OWN(ASN1_BIT_STRING) *bits = ASN1_BIT_STRING_new();
    for (int i = 0; i < KEY_USAGES; i++)
        if ((p->key_usage >> i & 1) != 0 && ASN1_BIT_STRING_set_bit(bits, i, 1) != 1)
            return err_ssl(err, "extension keyUsage cannot be made");
    return add(list, p, NID_key_usage, true, bits, err);
}

static bool add_constraints(extensions *list, const struct profile *p, struct err *err)
{
    if (!p->has_constraints)
        return true;
    OWN(BASIC_CONSTRAINTS) *constraints = BASIC_CONSTRAINTS_new();
    if (constraints == NULL)
        return err_ssl(err, "extension basicConstraints cannot be made");
    constraints->ca = p->is_ca ? 0xff : 0;
    if (p->path_length >= 0) {
        constraints->pathlen = ASN1_INTEGER_new();
        if (constraints->pathlen == NULL || ASN1_INTEGER_set(constraints->pathlen, p->path_length) != 1)
            return err_ssl(err, "extension basicConstraints cannot be made");
    }
    return add(list, p, NID_basic_constraints, true, constraints, err);
}

bool extension_key_id(ASN1_OCTET_STRING **out, const X509_PUBKEY *key, struct err *err)
{
    const unsigned char *bits = NULL;
    int len = 0;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_len = 0;
    OWN(ASN1_OCTET_STRING) *id = ASN1_OCTET_STRING_new();
    if (id == NULL || X509_PUBKEY_get0_param(NULL, &bits, &len, NULL, key) != 1 ||
        EVP_Digest(bits, (size_t)len, digest, &digest_len, EVP_sha1(), NULL) != 1 ||
        ASN1_OCTET_STRING_set(id, digest, (int)digest_len) != 1)
        return err_ssl(err, "the subject key identifier cannot be made");
    *out = GIVE(id);
    return true;
}

static bool add_key_id(extensions *list, const struct profile *p, const X509 *cert, struct err *err)
{
    if (p->subject_key_id != NULL)
        return add(list, p, NID_subject_key_identifier, false, p->subject_key_id, err);
    OWN(ASN1_OCTET_STRING) *id = NULL;
    return extension_key_id(&id, X509_get_X509_PUBKEY(cert), err) &&
           add(list, p, NID_subject_key_identifier, false, id, err);
}

bool extension_authority(AUTHORITY_KEYID **out, const X509 *issuer, struct err *err)
{
    OWN(ASN1_OCTET_STRING) *id = X509_get_ext_d2i(issuer, NID_subject_key_identifier, NULL, NULL);
    *out = NULL;
    if (id == NULL)
        return true;
    AUTHORITY_KEYID *authority = AUTHORITY_KEYID_new();
    if (authority == NULL)
        return err_ssl(err, "the authority key identifier cannot be made");
    authority->keyid = GIVE(id);
    *out = authority;
    return true;
}

static bool add_authority(extensions *list, const struct profile *p, const X509 *issuer, struct err *err)
{
    OWN(AUTHORITY_KEYID) *authority = NULL;
    if (issuer != NULL && !extension_authority(&authority, issuer, err))
        return false;
    return authority == NULL || add(list, p, NID_authority_key_identifier, false, authority, err);
}

static bool add_given(extensions *list, const struct profile *p, int nid, bool critical, const void *value,
                      struct err *err)
{
    return value == NULL || add(list, p, nid, critical, value, err);
}

static bool add_sans(extensions *list, const struct profile *p, bool critical, struct err *err)
{
    return add_given(list, p, NID_subject_alt_name, critical, p->sans, err);
}

static bool add_extra(extensions *list, const struct profile *p, struct err *err)
{
    for (int i = 0; i < sk_X509_EXTENSION_num(p->extra); i++) {
        X509_EXTENSION *extension = X509_EXTENSION_dup(sk_X509_EXTENSION_value(p->extra, i));
        if (extension == NULL || sk_X509_EXTENSION_push(list, extension) <= 0) {
            X509_EXTENSION_free(extension);
            return err_ssl(err, "extensions cannot be copied");
        }
    }
    return true;
}

bool profile_extend_certificate(X509 *cert, const struct profile *p, const X509 *issuer, struct err *err)
{
    OWN(extensions) *list = sk_X509_EXTENSION_new_null();
    bool nameless = X509_NAME_entry_count(p->subject) == 0;
    /* names of a kind that Go does not know are an extra extension to it, and so come behind all others */
    bool late = p->sans_extended;
    if (list == NULL || !add_key_usage(list, p, err) ||
        !add_given(list, p, NID_ext_key_usage, false, p->usages, err) || !add_constraints(list, p, err) ||
        !add_key_id(list, p, cert, err) || !add_authority(list, p, issuer, err) ||
        !add_given(list, p, NID_info_access, false, p->access, err) ||
        (!late && !add_sans(list, p, nameless, err)) ||
        !add_given(list, p, NID_certificate_policies, false, p->policies, err) ||
        !add_given(list, p, NID_name_constraints, p->names_critical, p->names, err) ||
        !add_given(list, p, NID_crl_distribution_points, false, p->points, err) ||
        (late && !add_sans(list, p, nameless, err)) || !add_extra(list, p, err))
        return false;
    for (int i = 0; i < sk_X509_EXTENSION_num(list); i++)
        if (X509_add_ext(cert, sk_X509_EXTENSION_value(list, i), -1) != 1)
            return err_ssl(err, "the certificate takes no extension");
    return true;
}

bool profile_extend_request(X509_REQ *request, const struct profile *p, struct err *err)
{
    OWN(extensions) *list = sk_X509_EXTENSION_new_null();
    bool nameless = X509_NAME_entry_count(p->subject) == 0;
    bool late = p->sans_extended;
    if (list == NULL || (!late && !add_sans(list, p, false, err)) || !add_constraints(list, p, err) ||
        !add_given(list, p, NID_ext_key_usage, false, p->usages, err) || !add_key_usage(list, p, err) ||
        (late && !add_sans(list, p, nameless, err)) || !add_extra(list, p, err))
        return false;
    if (sk_X509_EXTENSION_num(list) > 0 && X509_REQ_add_extensions(request, list) != 1)
        return err_ssl(err, "the request takes no extensions");
    return true;
}

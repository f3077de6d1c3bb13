#include "profilefields.h"

#include "base64.h"
#include "members.h"
#include "san.h"

#include <string.h>
#include <strings.h>

const char *const key_usage_names[KEY_USAGES] = {
    "digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "certSign",         "crlSign",           "encipherOnly",    "decipherOnly",
};

static const struct usage {
    const char *name, *oid;
} usages[] = {
    {"any", "2.5.29.37.0"},
    {"serverAuth", "1.3.6.1.5.5.7.3.1"},
    {"clientAuth", "1.3.6.1.5.5.7.3.2"},
    {"codeSigning", "1.3.6.1.5.5.7.3.3"},
    {"emailProtection", "1.3.6.1.5.5.7.3.4"},
    {"ipsecEndSystem", "1.3.6.1.5.5.7.3.5"},
    {"ipsecTunnel", "1.3.6.1.5.5.7.3.6"},
    {"ipsecUser", "1.3.6.1.5.5.7.3.7"},
    {"timeStamping", "1.3.6.1.5.5.7.3.8"},
    {"ocspSigning", "1.3.6.1.5.5.7.3.9"},
    {"microsoftServerGatedCrypto", "1.3.6.1.4.1.311.10.3.3"},
    {"netscapeServerGatedCrypto", "2.16.840.1.113730.4.1"},
    {"microsoftCommercialCodeSigning", "1.3.6.1.4.1.311.2.1.22"},
    {"microsoftKernelCodeSigning", "1.3.6.1.4.1.311.61.1.1"},
};

/* step compares lower-cased and without "_". */
static bool same_name(const char *given, const char *name)
{
    for (; *given != 0; given++) {
        if (*given == '_')
            continue;
        if (strncasecmp(given, name, 1) != 0)
            return false;
        name++;
    }
    return *name == 0;
}

static int key_usage_find(const char *name)
{
    if (same_name(name, "nonRepudiation"))
        return 1;
    for (int i = 0; i < KEY_USAGES; i++)
        if (same_name(name, key_usage_names[i]))
            return i;
    return -1;
}

bool profile_read_key_usage(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    (void)as_step;
    if (!multi_check(value, "keyUsage", err))
        return false;
    for (size_t i = 0; i < multi_count(value); i++) {
        const char *name = multi_get(value, i);
        int bit = key_usage_find(name);
        if (bit < 0 && (same_name(name, "keyCertSign") || same_name(name, "cRLSign")))
            return err_set(err, "keyUsage: unsupported keyUsage %s; step calls it certSign", name);
        if (bit < 0)
            return err_set(err,
                           "keyUsage: unsupported keyUsage %.60s; known are digitalSignature, "
                           "contentCommitment, keyEncipherment, dataEncipherment, keyAgreement, certSign, "
                           "crlSign, encipherOnly, decipherOnly",
                           name);
        p->key_usage |= 1u << bit;
    }
    return true;
}

static ASN1_OBJECT *oid_new(const char *text)
{
    ASN1_OBJECT *oid = OBJ_txt2obj(text, 1);
    ERR_clear_error();
    return oid;
}

static bool usage_push(struct profile *p, const char *oid, struct err *err)
{
    OWN(ASN1_OBJECT) *usage = oid_new(oid);
    if (usage == NULL)
        return err_set(err, "unknownExtKeyUsage: \"%.60s\" is not an object identifier", oid);
    if (p->usages == NULL)
        p->usages = sk_ASN1_OBJECT_new_null();
    if (p->usages == NULL || sk_ASN1_OBJECT_push(p->usages, usage) <= 0)
        return err_ssl(err, "extKeyUsage: cannot be kept");
    usage = NULL; /* now in the profile */
    return true;
}

bool profile_read_usages(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    (void)as_step;
    if (!multi_check(value, "extKeyUsage", err))
        return false;
    for (size_t i = 0; i < multi_count(value); i++) {
        const char *oid = NULL;
        for (size_t j = 0; j < sizeof usages / sizeof usages[0]; j++)
            if (same_name(multi_get(value, i), usages[j].name))
                oid = usages[j].oid;
        if (oid == NULL)
            return err_set(err,
                           "extKeyUsage: unsupported extKeyUsage %.60s; use unknownExtKeyUsage for an OID",
                           multi_get(value, i));
        if (!usage_push(p, oid, err))
            return false;
    }
    return true;
}

bool profile_read_unknown_usages(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    (void)as_step;
    if (!multi_check(value, "unknownExtKeyUsage", err))
        return false;
    for (size_t i = 0; i < multi_count(value); i++)
        if (!usage_push(p, multi_get(value, i), err))
            return false;
    return true;
}

static bool octets_read(ASN1_OCTET_STRING **out, const json_t *value, const char *place, struct err *err)
{
    const char *text = NULL;
    OWN_STRUCT(bytes) raw = {0};
    if (!member_string(&text, value, place, err))
        return false;
    if (!base64_decode(&raw, text, err))
        return err_wrap(err, "%s", place);
    OWN(ASN1_OCTET_STRING) *octets = ASN1_OCTET_STRING_new();
    if (octets == NULL || ASN1_OCTET_STRING_set(octets, raw.data, (int)raw.len) != 1)
        return err_ssl(err, "%s: cannot be kept", place);
    *out = GIVE(octets);
    return true;
}

bool profile_read_subject_key_id(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    (void)as_step;
    OWN(ASN1_OCTET_STRING) *id = NULL;
    if (!octets_read(&id, value, "subjectKeyId", err))
        return false;
    if (ASN1_STRING_length(id) > 0)
        p->subject_key_id = GIVE(id);
    return true;
}

/* A URI as a GeneralName. */
static GENERAL_NAME *uri_new(const char *uri)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_IA5STRING *text = ASN1_IA5STRING_new();
    if (name == NULL || text == NULL || ASN1_STRING_set(text, uri, (int)strlen(uri)) != 1) {
        GENERAL_NAME_free(name);
        ASN1_IA5STRING_free(text);
        return NULL;
    }
    GENERAL_NAME_set0_value(name, GEN_URI, text);
    return name;
}

static bool uri_check(const char *uri, const char *place, struct err *err)
{
    bool good = uri[0] != 0;
    for (const char *c = uri; good && *c != 0; c++)
        good = (unsigned char)*c > 32 && (unsigned char)*c < 127;
    return good || err_set(err, "%s: a URL is empty or not printable ASCII (RFC 5280 4.2.1.6)", place);
}

static bool access_read(struct profile *p, const json_t *value, int method, const char *place,
                        struct err *err)
{
    if (!multi_check(value, place, err))
        return false;
    for (size_t i = 0; i < multi_count(value); i++) {
        if (!uri_check(multi_get(value, i), place, err))
            return false;
        OWN(ACCESS_DESCRIPTION) *access = ACCESS_DESCRIPTION_new();
        GENERAL_NAME *location = uri_new(multi_get(value, i));
        if (p->access == NULL)
            p->access = sk_ACCESS_DESCRIPTION_new_null();
        if (access == NULL || location == NULL || p->access == NULL) {
            GENERAL_NAME_free(location);
            return err_ssl(err, "%s: cannot be kept", place);
        }
        GENERAL_NAME_free(access->location);
        access->location = location;
        access->method = OBJ_nid2obj(method);
        if (sk_ACCESS_DESCRIPTION_push(p->access, access) <= 0)
            return err_ssl(err, "%s: cannot be kept", place);
        access = NULL; /* now in the profile */
    }
    return true;
}

bool profile_read_ocsp(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    (void)as_step;
    return access_read(p, value, NID_ad_OCSP, "ocspServer", err);
}

bool profile_read_issuers(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    (void)as_step;
    return access_read(p, value, NID_ad_ca_issuers, "issuingCertificateURL", err);
}

static DIST_POINT *point_new(const char *uri)
{
    OWN(DIST_POINT) *point = DIST_POINT_new();
    OWN(GENERAL_NAMES) *names = GENERAL_NAMES_new();
    GENERAL_NAME *name = uri_new(uri);
    if (point == NULL || names == NULL || name == NULL || sk_GENERAL_NAME_push(names, name) <= 0) {
        GENERAL_NAME_free(name);
        return NULL;
    }
    point->distpoint = DIST_POINT_NAME_new();
    if (point->distpoint == NULL)
        return NULL;
    point->distpoint->type = 0; /* fullName */
    point->distpoint->name.fullname = GIVE(names);
    return GIVE(point);
}

bool profile_read_crls(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    (void)as_step;
    if (!multi_check(value, "crlDistributionPoints", err))
        return false;
    for (size_t i = 0; i < multi_count(value); i++) {
        const char *url = multi_get(value, i);
        if (!uri_check(url, "crlDistributionPoints", err))
            return false;
        OWN(DIST_POINT) *point = point_new(url);
        if (p->points == NULL) {
            p->points = sk_DIST_POINT_new_null();
            p->crl_urls = json_array();
        }
        if (point == NULL || p->points == NULL || sk_DIST_POINT_push(p->points, point) <= 0)
            return err_ssl(err, "crlDistributionPoints: cannot be kept");
        point = NULL; /* now in the profile */
        json_array_append_new(p->crl_urls, json_string(url));
    }
    return true;
}

bool profile_read_policies(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    (void)as_step;
    if (!multi_check(value, "policyIdentifiers", err))
        return false;
    for (size_t i = 0; i < multi_count(value); i++) {
        OWN(POLICYINFO) *policy = POLICYINFO_new();
        OWN(ASN1_OBJECT) *oid = oid_new(multi_get(value, i));
        if (oid == NULL)
            return err_set(err, "policyIdentifiers: \"%.60s\" is not an object identifier",
                           multi_get(value, i));
        if (p->policies == NULL)
            p->policies = sk_POLICYINFO_new_null();
        if (policy == NULL || p->policies == NULL)
            return err_ssl(err, "policyIdentifiers: cannot be kept");
        policy->policyid = GIVE(oid);
        if (sk_POLICYINFO_push(p->policies, policy) <= 0)
            return err_ssl(err, "policyIdentifiers: cannot be kept");
        policy = NULL; /* now in the profile */
    }
    return true;
}

bool profile_read_constraints(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    static const char *const members[] = {"isCA", "maxPathLen", NULL};
    const json_t *m[2];
    if (!members_find(m, members, value, as_step, "basicConstraints", err) ||
        !member_bool(&p->is_ca, m[0], "basicConstraints: isCA", err))
        return false;
    if (m[1] != NULL && !json_is_integer(m[1]))
        return err_set(err, "basicConstraints: maxPathLen must be a whole number");
    if (p->is_ca && m[1] == NULL && !as_step)
        return err_set(
            err, "basicConstraints: maxPathLen is absent, which step takes for 0; write 0, or -1 for no "
                 "limit");
    json_int_t length = m[1] != NULL ? json_integer_value(m[1]) : 0;
    if (length > 1000)
        return err_set(err, "basicConstraints: maxPathLen is over 1000; -1 means no limit");
    p->has_constraints = true;
    p->path_length = !p->is_ca || length < 0 ? -1 : (long)length;
    return true;
}

static X509_EXTENSION *extension_read(const json_t *value, bool as_step, struct err *err)
{
    static const char *const members[] = {"id", "critical", "value", NULL};
    const json_t *m[3];
    const char *id = NULL;
    bool critical = false;
    OWN(ASN1_OCTET_STRING) *octets = NULL;
    if (!members_find(m, members, value, as_step, "extensions", err) ||
        !member_string(&id, m[0], "extensions: id", err) ||
        !member_bool(&critical, m[1], "extensions: critical", err) ||
        !octets_read(&octets, m[2], "extensions: value", err))
        return NULL;
    OWN(ASN1_OBJECT) *oid = oid_new(id);
    if (oid == NULL) {
        err_set(err, "extensions: id \"%.60s\" is not an object identifier", id);
        return NULL;
    }
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, oid, critical ? 1 : 0, octets);
    if (extension == NULL)
        err_ssl(err, "extensions: %s cannot be kept", id);
    return extension;
}

bool profile_read_extensions(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    if (!json_is_array(value))
        return err_set(err, "extensions: must be an array of {id, critical, value}");
    p->extra = sk_X509_EXTENSION_new_null();
    for (size_t i = 0; i < json_array_size(value); i++) {
        OWN(X509_EXTENSION) *extension = extension_read(json_array_get(value, i), as_step, err);
        if (extension == NULL)
            return false;
        if (X509v3_get_ext_by_OBJ(p->extra, X509_EXTENSION_get_object(extension), -1) >= 0)
            return err_set(err, "extensions: an id is there twice (RFC 5280 4.2)");
        if (p->extra == NULL || sk_X509_EXTENSION_push(p->extra, extension) <= 0)
            return err_ssl(err, "extensions: cannot be kept");
        extension = NULL; /* now in the profile */
    }
    return true;
}

bool profile_read_signature(struct profile *p, const json_t *value, bool as_step, struct err *err)
{
    (void)as_step;
    const char *name = NULL;
    if (!member_string(&name, value, "signatureAlgorithm", err))
        return false;
    if (name[0] == 0)
        return true;
    p->signature = signature_find(name);
    return p->signature != NULL ||
           err_set(err,
                   "signatureAlgorithm: unsupported signatureAlgorithm %.60s; step's names are such as "
                   "SHA256-RSA, SHA384-RSAPSS, ECDSA-SHA384",
                   name);
}

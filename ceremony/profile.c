#include "profilefields.h"

#include "base64.h"
#include "json.h"
#include "members.h"
#include "name.h"
#include "san.h"

#include <string.h>

/* The members of step's certificate JSON. Those without a reader are read together (names), or are decided by
 * the ceremony and not by a template. */
enum {
    VERSION,
    SUBJECT,
    RAW_SUBJECT,
    ISSUER,
    SERIAL,
    NOT_BEFORE,
    NOT_AFTER,
    DNS,
    EMAIL,
    IP,
    URI,
    SANS,
    AUTHORITY_KEY,
    READ_ALONE,
};
static const struct member {
    const char *name;
    profile_reader *read;
} table[] = {
    [VERSION] = {"version", NULL},
    [SUBJECT] = {"subject", NULL},
    [RAW_SUBJECT] = {"rawSubject", NULL},
    [ISSUER] = {"issuer", NULL},
    [SERIAL] = {"serialNumber", NULL},
    [NOT_BEFORE] = {"notBefore", NULL},
    [NOT_AFTER] = {"notAfter", NULL},
    [DNS] = {"dnsNames", NULL},
    [EMAIL] = {"emailAddresses", NULL},
    [IP] = {"ipAddresses", NULL},
    [URI] = {"uris", NULL},
    [SANS] = {"sans", NULL},
    [AUTHORITY_KEY] = {"authorityKeyId", NULL},
    [READ_ALONE] = {"keyUsage", profile_read_key_usage},
    {"extKeyUsage", profile_read_usages},
    {"unknownExtKeyUsage", profile_read_unknown_usages},
    {"subjectKeyId", profile_read_subject_key_id},
    {"ocspServer", profile_read_ocsp},
    {"issuingCertificateURL", profile_read_issuers},
    {"crlDistributionPoints", profile_read_crls},
    {"policyIdentifiers", profile_read_policies},
    {"basicConstraints", profile_read_constraints},
    {"nameConstraints", profile_read_names},
    {"extensions", profile_read_extensions},
    {"signatureAlgorithm", profile_read_signature},
};
#define MEMBERS (sizeof table / sizeof table[0])

void profile_free(struct profile *p)
{
    if (p == NULL)
        return;
    X509_NAME_free(p->subject);
    GENERAL_NAMES_free(p->sans);
    EXTENDED_KEY_USAGE_free(p->usages);
    ASN1_OCTET_STRING_free(p->subject_key_id);
    AUTHORITY_INFO_ACCESS_free(p->access);
    CRL_DIST_POINTS_free(p->points);
    json_decref(p->crl_urls);
    CERTIFICATEPOLICIES_free(p->policies);
    NAME_CONSTRAINTS_free(p->names);
    sk_X509_EXTENSION_pop_free(p->extra, X509_EXTENSION_free);
    free(p);
}

static bool raw_subject_read(struct profile *p, const json_t *raw, struct err *err)
{
    const char *text = NULL;
    OWN_STRUCT(bytes) der = {0};
    if (!member_string(&text, raw, "rawSubject", err))
        return false;
    if (!base64_decode(&der, text, err))
        return err_wrap(err, "rawSubject");
    const unsigned char *at = der.data;
    p->subject = d2i_X509_NAME(NULL, &at, (long)der.len);
    if (p->subject == NULL || at != der.data + der.len)
        return err_ssl(err, "rawSubject: not the DER of a name (RFC 5280 4.1.2.6)");
    return true;
}

static bool subject_read(struct profile *p, const json_t *const *m, bool as_step, struct err *err)
{
    bool raw = m[RAW_SUBJECT] != NULL && json_string_length(m[RAW_SUBJECT]) > 0;
    if (raw && !raw_subject_read(p, m[RAW_SUBJECT], err))
        return false;
    if (!raw && m[SUBJECT] != NULL && !name_read(&p->subject, m[SUBJECT], as_step, err))
        return false;
    if (p->subject == NULL)
        p->subject = X509_NAME_new();
    if (p->subject == NULL)
        return err_ssl(err, "subject: cannot be made");
    if (X509_NAME_entry_count(p->subject) == 0 && !as_step)
        return err_set(
            err, "subject: is empty, perhaps from a variable that is not set; step would sign it without "
                 "a word, but a CA must have a name (RFC 5280 4.1.2.6)");
    return true;
}

/* What a template says and step then overrides would be two truths. */
static bool overridden_check(const json_t *const *m, struct err *err)
{
    static const int decided[] = {SERIAL, NOT_BEFORE, NOT_AFTER};
    for (size_t i = 0; i < sizeof decided / sizeof decided[0]; i++)
        if (m[decided[i]] != NULL)
            return err_set(err, "%s: is decided by the ceremony and not by the template; remove it",
                           table[decided[i]].name);
    return true;
}

static bool sans_read(struct profile *p, const json_t *const *m, bool as_step, struct err *err)
{
    if (p->extra != NULL && X509v3_get_ext_by_NID(p->extra, NID_subject_alt_name, -1) >= 0)
        return true; /* step lets the whole extension win */
    struct san_members sans = {m[DNS], m[EMAIL], m[IP], m[URI], m[SANS]};
    return san_build(&p->sans, &p->sans_extended, &sans, as_step, err);
}

static bool members_read(struct profile *p, const json_t *root, bool as_step, struct err *err)
{
    const char *names[MEMBERS + 1] = {NULL};
    const json_t *m[MEMBERS] = {NULL};
    for (size_t i = 0; i < MEMBERS; i++)
        names[i] = table[i].name;
    if (!json_is_null(root) && !members_find(m, names, root, as_step, "certificate JSON", err))
        return false;
    if (!subject_read(p, m, as_step, err) || (!as_step && !overridden_check(m, err)))
        return false;
    for (size_t i = READ_ALONE; i < MEMBERS; i++)
        if (m[i] != NULL && !table[i].read(p, m[i], as_step, err))
            return false;
    return sans_read(p, m, as_step, err);
}

/* As Go's Decoder: the first value counts, and the last of two equal keys. */
static bool read_as_step(json_t **out, const struct bytes *text, struct err *err)
{
    json_error_t where;
    *out = json_loadb(bytes_string(text), text->len, JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, &where);
    return *out != NULL || err_set(err, "line %d: %s", where.line, where.text);
}

bool profile_parse(struct profile **out, const struct bytes *text, bool as_step, const char *what,
                   struct err *err)
{
    OWN(json_t) *root = NULL;
    if (as_step ? !read_as_step(&root, text, err) : !json_read(&root, text, what, err))
        return as_step ? err_wrap(err, "%s", what) : false;
    OWN_PROFILE *p = memory_new(1, sizeof *p);
    p->path_length = -1;
    if (!members_read(p, root, as_step, err))
        return err_wrap(err, "%s", what);
    *out = GIVE(p);
    return true;
}

const X509_NAME *profile_subject(const struct profile *p)
{
    return X509_NAME_entry_count(p->subject) > 0 ? p->subject : NULL;
}

bool profile_is_ca(const struct profile *p)
{
    return p->is_ca;
}

char *profile_key_usage(const struct profile *profile)
{
    OWN_STRUCT(bytes) names = {0};
    bytes_text(&names, "");
    for (unsigned bit = 0; bit < KEY_USAGES; bit++) {
        if ((profile->key_usage >> bit & 1u) != 0)
            bytes_format(&names, "%s%s", names.len > 0 ? ", " : "", key_usage_names[bit]);
    }
    return (char *)bytes_give(&names).data;
}

long profile_path_length(const struct profile *p)
{
    return p->path_length;
}

const char *profile_crl_url(const struct profile *p, size_t n)
{
    return json_string_value(json_array_get(p->crl_urls, n));
}

const NAME_CONSTRAINTS *profile_name_constraints(const struct profile *p)
{
    return p->names;
}

bool profile_digest(const EVP_MD **out, const struct profile *p, const EVP_PKEY *signer, struct err *err)
{
    if (p->signature != NULL)
        return signature_digest(out, p->signature, signer, err);
    *out = NULL;
    return true;
}

const struct signature *profile_signature(const struct profile *p)
{
    return p->signature;
}

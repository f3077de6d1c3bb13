#include "profilelint.h"

#include "certificateparts.h"
#include "near.h"
#include "profilefields.h"

#include <string.h>
#include <strings.h>

#define PLACE "rendered: "
#define TEMPLATE "step x509util.Certificate"

/* ---- members ---- */

#define TOP ""
#define SUBJECT "subject"

/* Every member that step reads, and what stands in it. */
static const struct row {
    const char *owner, *member, *child;
} rows[] = {
    {TOP, "version", NULL},
    {TOP, "subject", SUBJECT},
    {TOP, "rawSubject", NULL},
    {TOP, "issuer", SUBJECT},
    {TOP, "serialNumber", NULL},
    {TOP, "dnsNames", NULL},
    {TOP, "emailAddresses", NULL},
    {TOP, "ipAddresses", NULL},
    {TOP, "uris", NULL},
    {TOP, "sans", "sans"},
    {TOP, "notBefore", NULL},
    {TOP, "notAfter", NULL},
    {TOP, "extensions", "extensions"},
    {TOP, "keyUsage", NULL},
    {TOP, "extKeyUsage", NULL},
    {TOP, "unknownExtKeyUsage", NULL},
    {TOP, "subjectKeyId", NULL},
    {TOP, "authorityKeyId", NULL},
    {TOP, "ocspServer", NULL},
    {TOP, "issuingCertificateURL", NULL},
    {TOP, "crlDistributionPoints", NULL},
    {TOP, "policyIdentifiers", NULL},
    {TOP, "basicConstraints", "basicConstraints"},
    {TOP, "nameConstraints", "nameConstraints"},
    {TOP, "signatureAlgorithm", NULL},
    {SUBJECT, "country", NULL},
    {SUBJECT, "organization", NULL},
    {SUBJECT, "organizationalUnit", NULL},
    {SUBJECT, "locality", NULL},
    {SUBJECT, "province", NULL},
    {SUBJECT, "streetAddress", NULL},
    {SUBJECT, "postalCode", NULL},
    {SUBJECT, "serialNumber", NULL},
    {SUBJECT, "commonName", NULL},
    {SUBJECT, "extraNames", "extraNames"},
    {"extraNames", "type", NULL},
    {"extraNames", "value", NULL},
    {"sans", "type", NULL},
    {"sans", "value", NULL},
    {"sans", "asn1Value", NULL},
    {"extensions", "id", NULL},
    {"extensions", "critical", NULL},
    {"extensions", "value", NULL},
    {"basicConstraints", "isCA", NULL},
    {"basicConstraints", "maxPathLen", NULL},
    {"nameConstraints", "critical", NULL},
    {"nameConstraints", "permittedDNSDomains", NULL},
    {"nameConstraints", "excludedDNSDomains", NULL},
    {"nameConstraints", "permittedIPRanges", NULL},
    {"nameConstraints", "excludedIPRanges", NULL},
    {"nameConstraints", "permittedEmailAddresses", NULL},
    {"nameConstraints", "excludedEmailAddresses", NULL},
    {"nameConstraints", "permittedURIDomains", NULL},
    {"nameConstraints", "excludedURIDomains", NULL},
};
#define ROWS (sizeof rows / sizeof rows[0])

static const struct row *row_find(const char *owner, const char *member)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].owner, owner) == 0 && json_key_folds(rows[i].member, member))
            return &rows[i];
    return NULL;
}

static void unknown_report(struct findings *out, const char *owner, const char *place, const char *member)
{
    const char *known[ROWS + 1] = {NULL};
    size_t n = 0;
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].owner, owner) == 0)
            known[n++] = rows[i].member;
    const char *near = near_word(member, known);
    if (near != NULL)
        findings_add(out, SEVERITY_ERROR, "member_unknown", place, TEMPLATE,
                     "\"%.60s\" is not known, and step ignores it without a word; is \"%s\" meant?", member,
                     near);
    else
        findings_add(out, SEVERITY_ERROR, "member_unknown", place, TEMPLATE,
                     "\"%.60s\" is not known, and step ignores it without a word; remove it", member);
}

/* Whether an earlier member of the object is the same one to Go, who then takes the later. */
static bool member_repeated(const json_t *object, const char *member)
{
    const char *other;
    json_t *value;
    json_object_foreach((json_t *)object, other, value)
    {
        if (strcmp(other, member) == 0)
            return false;
        if (json_key_folds(other, member))
            return true;
    }
    return false;
}

static void object_lint(struct findings *out, const char *owner, const char *path, const json_t *object);

/* Where an object is meant, also as the elements of a list. */
static void child_lint(struct findings *out, const char *owner, const char *path, const json_t *value)
{
    size_t i;
    json_t *element;
    if (json_is_object(value))
        object_lint(out, owner, path, value);
    json_array_foreach(value, i, element)
    {
        OWN(char) *at = text_format("%s.%zu", path, i);
        object_lint(out, owner, at, element);
    }
}

static void object_lint(struct findings *out, const char *owner, const char *path, const json_t *object)
{
    const char *member;
    json_t *value;
    json_object_foreach((json_t *)object, member, value)
    {
        OWN(char) *at = text_format("%s%s%.60s", path, *path != 0 ? "." : "", member);
        OWN(char) *place = text_format(PLACE "%s", at);
        const struct row *row = row_find(owner, member);
        if (row == NULL)
            unknown_report(out, owner, place, member);
        else if (member_repeated(object, member))
            findings_add(
                out, SEVERITY_ERROR, "member_twice", place, "Go encoding/json",
                "step takes \"%.60s\" for a member that already stands here, and the last one counts; "
                "remove one",
                member);
        else if (row->child != NULL)
            child_lint(out, row->child, at, value);
    }
}

/* ---- the text ---- */

/* What Go's decoder lets pass, and the strict reader does not. */
static void text_lint(struct findings *out, const struct bytes *json)
{
    static const struct {
        size_t flags;
        const char *rule, *text;
    } laxities[] = {
        {JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, "member_twice",
         "the same member stands twice in one object, and step takes the last; remove one"},
        {JSON_DECODE_ANY, "text_behind",
         "something stands behind the value, which step ignores without a word; is a bracket or brace one "
         "too "
         "many?"},
    };
    for (size_t i = 0; i < sizeof laxities / sizeof laxities[0]; i++) {
        json_error_t where;
        OWN(json_t) *value = json_loadb(bytes_string(json), json->len, laxities[i].flags, &where);
        OWN(char) *place = text_format(PLACE "line %d, column %d", where.line, where.column);
        if (value == NULL)
            findings_add(out, SEVERITY_ERROR, laxities[i].rule, place, "RFC 8259", "%s", laxities[i].text);
    }
}

/* ---- what is said and not done ---- */

static const json_t *member_of(const json_t *object, const char *name)
{
    const json_t *found = NULL;
    const char *member;
    json_t *value;
    json_object_foreach((json_t *)object, member, value) if (json_key_folds(member, name)) found = value;
    return json_is_null(found) ? NULL : found;
}

static void decided_lint(struct findings *out, const json_t *root)
{
    static const struct {
        const char *member, *who;
        enum severity severity;
    } decided[] = {
        {"serialNumber", "who signs chooses it", SEVERITY_ERROR},
        {"notBefore", "the ceremony decides it; step-ca would take it, step certificate sign not",
         SEVERITY_ERROR},
        {"notAfter", "the ceremony decides it; step-ca would take it, step certificate sign not",
         SEVERITY_ERROR},
        {"issuer", "it is the name of whoever signs", SEVERITY_NOTE},
        {"authorityKeyId", "it is the key identifier of whoever signs", SEVERITY_NOTE},
        {"version", "it is always 3", SEVERITY_NOTE},
    };
    for (size_t i = 0; i < sizeof decided / sizeof decided[0]; i++) {
        OWN(char) *place = text_format(PLACE "%s", decided[i].member);
        if (member_of(root, decided[i].member) != NULL)
            findings_add(out, decided[i].severity, "member_overridden", place, TEMPLATE,
                         "has no effect in a template: %s; remove it", decided[i].who);
    }
}

/* ---- what will hurt ---- */

static void subject_lint(struct findings *out, const struct profile *profile)
{
    if (profile_subject(profile) == NULL)
        findings_add(
            out, SEVERITY_ERROR, "subject_empty", PLACE SUBJECT, "RFC 5280 4.1.2.6",
            "the certificate would have no name, perhaps because a variable is not set; step signs it "
            "without a word");
}

static void constraints_lint(struct findings *out, const struct profile *profile, const json_t *root)
{
    bool signs = (profile->key_usage >> KEY_USAGE_CERT_SIGN & 1) != 0;
    const json_t *constraints = member_of(root, "basicConstraints");
    if (profile->is_ca && member_of(constraints, "maxPathLen") == NULL)
        findings_add(out, SEVERITY_ERROR, "path_length_absent", PLACE "basicConstraints.maxPathLen", TEMPLATE,
                     "absent, which step takes for 0; write 0, or -1 for no limit");
    if (profile->is_ca && !signs)
        findings_add(out, SEVERITY_ERROR, "ca_without_cert_sign", PLACE "keyUsage", "RFC 5280 4.2.1.3",
                     "a CA that may not sign certificates; add \"certSign\"");
    if (!profile->is_ca && signs)
        findings_add(out, SEVERITY_ERROR, "cert_sign_without_ca", PLACE "keyUsage", "RFC 5280 4.2.1.9",
                     "\"certSign\" without \"isCA\": true, which every client refuses; give it "
                     "\"basicConstraints\", or take certSign out");
    if (profile->is_ca && (profile->key_usage >> KEY_USAGE_CRL_SIGN & 1) == 0)
        findings_add(out, SEVERITY_WARNING, "ca_without_crl_sign", PLACE "keyUsage", "RFC 5280 4.2.1.3",
                     "step-ca does not start with a CRL on such a certificate; add \"crlSign\"");
}

static void points_lint(struct findings *out, const struct profile *profile)
{
    size_t i;
    json_t *url;
    if (profile->is_ca && json_array_size(profile->crl_urls) == 0)
        findings_add(out, SEVERITY_WARNING, "cdp_absent", PLACE "crlDistributionPoints", "RFC 5280 4.2.1.13",
                     "absent, so that nobody can learn that this CA is revoked; name its issuer's CRL");
    json_array_foreach(profile->crl_urls, i, url) if (strncasecmp(json_string_value(url), "https:", 6) == 0)
        findings_add(
            out, SEVERITY_WARNING, "cdp_https", PLACE "crlDistributionPoints", "RFC 5280 8",
            "%.200s is https: whoever checks the certificate of that server needs the CRL first; write http",
            json_string_value(url));
}

static void other_lint(struct findings *out, const struct profile *profile)
{
    if (profile->names != NULL && !profile->names_critical)
        findings_add(out, SEVERITY_WARNING, "name_constraints_not_critical", PLACE "nameConstraints.critical",
                     "RFC 5280 4.2.1.10",
                     "not true, and a CA's name constraints must be critical; write true");
    if (profile->signature != NULL && profile->signature->weak)
        findings_add(out, SEVERITY_ERROR, "signature_weak", PLACE "signatureAlgorithm",
                     "RFC 9155, BR 7.1.3.2",
                     "%s is broken and is not used; take it out, and the key's default is taken",
                     profile->signature->name);
}

/* `step certificate sign --template` looks at none of this. */
static void issuer_lint(struct findings *out, const struct profile *profile, const X509 *issuer)
{
    struct constraints upper;
    bool present = false;
    struct err err = {0};
    OWN(EVP_MD_CTX) *context = NULL;
    certificate_constraints(&upper, issuer);
    unsigned usage = certificate_key_usage(&present, issuer);
    if (!upper.ca || !present || (usage & USAGE_CERT_SIGN) == 0)
        findings_add(out, SEVERITY_ERROR, "issuer_not_ca", "issuer", "RFC 5280 4.2.1.9",
                     "no CA, or without keyCertSign: nothing that it signs is accepted");
    else if (profile->is_ca && upper.path_length >= 0 &&
             (profile->path_length < 0 || profile->path_length >= upper.path_length))
        findings_add(out, SEVERITY_ERROR, "path_length_nesting", PLACE "basicConstraints.maxPathLen",
                     "RFC 5280 4.2.1.9",
                     "the issuer's path length is %ld, under which this one does not fit; step signs it, and "
                     "everything below it is refused",
                     upper.path_length);
    if (!signature_start(&context, profile_signature(profile), X509_get0_pubkey(issuer), &err))
        findings_add(out, SEVERITY_ERROR, "signature_misfit", PLACE "signatureAlgorithm", TEMPLATE, "%s",
                     err.text);
}

/* ---- the whole ---- */

void profile_lint(struct findings *out, struct profile **profile, const struct bytes *json,
                  const X509 *issuer)
{
    struct err err = {0};
    OWN_PROFILE *lax = NULL;
    OWN_PROFILE *strict = NULL;
    size_t before = findings_errors(out);
    *profile = NULL;
    if (!profile_parse(&lax, json, true, "rendered", &err)) {
        findings_add(out, SEVERITY_ERROR, "template_refused", "rendered", TEMPLATE, "%s", err.text);
        return;
    }
    OWN(json_t) *root =
        json_loadb(bytes_string(json), json->len, JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY, NULL);
    text_lint(out, json);
    object_lint(out, TOP, "", root);
    decided_lint(out, root);
    subject_lint(out, lax);
    constraints_lint(out, lax, root);
    points_lint(out, lax);
    other_lint(out, lax);
    if (issuer != NULL)
        issuer_lint(out, lax, issuer);
    if (findings_errors(out) == before && !profile_parse(&strict, json, false, "rendered", &err))
        findings_add(out, SEVERITY_ERROR, "template_lax", "rendered", TEMPLATE, "%s", err.text);
    *profile = GIVE(lax);
}

/* Facts of what was made: keys, certificates, revocation lists. */
#include "reportparts.h"

#include "../ceremony/certificate.h"

#include <string.h>

/* ---- certificates that the ceremony issued: neither the root that came in nor what init made and lost ----
 */

static bool is_issued(const json_t *certificate)
{
    return !json_is_true(json_object_get(certificate, "generated")) &&
           strcmp(json_text(certificate, "subject"), json_text(certificate, "issuer")) != 0;
}

static void evidence_of(json_t *fact, const json_t *made)
{
    const char *member = json_text(made, "member");
    fact_evidence(fact, (long)json_integer_value(json_object_get(made, "page")),
                  *member != '\0' ? member : NULL);
}

/* One question to each: `ask` gives NULL where it holds, or what is wrong. */
typedef const char *question(const json_t *report, const json_t *made);

static json_t *each(const json_t *report, const char *list, bool (*counts)(const json_t *made), question *ask,
                    const char *passed)
{
    json_t *fact = fact_new("pass", "%s", passed), *made;
    size_t i;
    json_array_foreach(json_object_get(report, list), i, made)
    {
        const char *wrong = counts == NULL || counts(made) ? ask(report, made) : NULL;
        if (counts != NULL && !counts(made))
            continue;
        if (wrong != NULL) {
            json_decref(fact);
            fact = fact_new("fail", "%s: %s", json_text(made, "name"), wrong);
            evidence_of(fact, made);
            return fact;
        }
        evidence_of(fact, made);
    }
    if (json_array_size(json_object_get(fact, "evidence")) > 0)
        return fact;
    json_decref(fact);
    return fact_new("none", "the ceremony made none");
}

static json_t *of_certificates(const json_t *report, question *ask, const char *passed)
{
    return each(report, "certificates", is_issued, ask, passed);
}

static const json_t *extension_find(const json_t *certificate, const char *name)
{
    size_t i;
    json_t *extension;
    json_array_foreach(json_object_get(certificate, "extensions"), i,
                       extension) if (strcmp(json_text(extension, "name"), name) == 0) return extension;
    return NULL;
}

static const char *extension_text(const json_t *certificate, const char *name)
{
    return json_text(extension_find(certificate, name), "text");
}

static bool is_critical(const json_t *certificate, const char *name)
{
    return json_is_true(json_object_get(extension_find(certificate, name), "critical"));
}

/* The newest certificate of that subject, or NULL. */
static const json_t *issuer_of(const json_t *report, const json_t *made)
{
    const json_t *found = NULL;
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(report, "certificates"), i,
                       one) if (strcmp(json_text(one, "subject"), json_text(made, "issuer")) == 0 &&
                                !json_is_true(json_object_get(one, "generated"))) found = one;
    return found;
}

static const json_t *page_of(const json_t *report, const json_t *made)
{
    size_t i;
    json_t *page;
    json_array_foreach(json_object_get(report, "pages"), i,
                       page) if (json_integer_value(json_object_get(page, "number")) ==
                                 json_integer_value(json_object_get(made, "page"))) return page;
    return NULL;
}

static const char *serial_wrong(const json_t *report, const json_t *made)
{
    size_t digits = strlen(json_text(made, "serial"));
    (void)report;
    return digits < 16       ? "its serial number has fewer than 64 bits"
           : digits > 2 * 20 ? "its serial number has more than 20 bytes"
                             : NULL;
}

static const char *not_before_wrong(const json_t *report, const json_t *made)
{
    time_t begins = 0, signed_at = 0;
    struct err ignored = {0};
    const json_t *finished = json_object_get(page_of(report, made), "finished");
    if (!time_parse(&begins, json_text(made, "not_before"), &ignored) ||
        !time_parse(&signed_at, json_text(finished, "utc"), &ignored))
        return "its time of signing is not known";
    return begins > signed_at                       ? "it begins after it was signed"
           : signed_at - begins > 24 * (time_t)3600 ? "it begins more than 24 hours before it was signed"
                                                    : NULL;
}

/* An attribute of a name in text form, "C=CH, O=Example, CN=...". */
static bool name_has(const char *name, const char *attribute)
{
    size_t len = strlen(attribute);
    for (const char *at = strstr(name, attribute); at != NULL; at = strstr(at + 1, attribute))
        if ((at == name || at[-1] == ' ') && at[len] == '=')
            return true;
    return false;
}

static const char *subject_wrong(const json_t *report, const json_t *made)
{
    const char *subject = json_text(made, "subject");
    (void)report;
    return !name_has(subject, "CN")  ? "its subject has no common name"
           : !name_has(subject, "C") ? "its subject has no country"
           : !name_has(subject, "O") ? "its subject has no organization"
           : name_has(subject, "OU") ? "its subject has an organizational unit"
                                     : NULL;
}

static bool has_usage(const json_t *made, const char *wanted)
{
    size_t i;
    json_t *usage;
    json_array_foreach(json_object_get(made, "key_usage"), i,
                       usage) if (strcmp(json_string_value(usage), wanted) == 0) return true;
    return false;
}

static const char *ca_wrong(const json_t *report, const json_t *made)
{
    (void)report;
    return !json_is_true(json_object_get(made, "ca"))       ? "it is no CA"
           : !is_critical(made, "X509v3 Basic Constraints") ? "its basic constraints are not critical"
           : !is_critical(made, "X509v3 Key Usage")         ? "its key usage is not critical"
           : !has_usage(made, "certSign")                   ? "its key usage lacks certSign"
           : !has_usage(made, "crlSign")                    ? "its key usage lacks crlSign"
                                                            : NULL;
}

static const char *usage_wrong(const json_t *report, const json_t *made)
{
    const char *text = extension_text(made, "X509v3 Extended Key Usage");
    (void)report;
    return *text == '\0'                                    ? "it has no extended key usage"
           : strstr(text, "Any Extended Key Usage") != NULL ? "its extended key usage has \"any\""
                                                            : NULL;
}

static const char *identifiers_wrong(const json_t *report, const json_t *made)
{
    const json_t *issuer = issuer_of(report, made);
    return *json_text(made, "ski") == '\0'   ? "it has no subject key identifier"
           : *json_text(made, "aki") == '\0' ? "it has no authority key identifier"
           : issuer == NULL                  ? "its issuer is not in the record"
           : strcmp(json_text(made, "aki"), json_text(issuer, "ski")) != 0
               ? "its authority key identifier is not its issuer's subject key identifier"
               : NULL;
}

/* Where the plan says that a list of this issuer is put. */
static bool is_published(const json_t *report, const char *url)
{
    size_t s, w;
    json_t *step, *word;
    json_array_foreach(json_object_get(json_object_get(report, "plan"), "steps"), s, step)
        json_array_foreach(json_object_get(step, "words"), w, word)
    {
        const json_t *options = json_object_get(word, "options");
        if (strcmp(json_text(word, "verb"), "publish") == 0 && strcmp(json_text(options, "url"), url) == 0)
            return true;
    }
    return false;
}

static const char *points_wrong(const json_t *report, const json_t *made)
{
    const json_t *urls = json_object_get(made, "crl_urls");
    size_t i;
    json_t *url;
    if (json_array_size(urls) == 0)
        return "it names no distribution point";
    json_array_foreach(urls, i, url)
    {
        if (strncmp(json_string_value(url), "http://", 7) != 0)
            return "its distribution point is not plain http";
        if (!is_published(report, json_string_value(url)))
            return "its distribution point is not where this ceremony puts its issuer's list";
    }
    return NULL;
}

static const char *access_wrong(const json_t *report, const json_t *made)
{
    (void)report;
    return strstr(extension_text(made, "Authority Information Access"), "CA Issuers - URI:http://") != NULL
               ? NULL
               : "it does not say where its issuer's certificate is (CA issuers, http)";
}

static const char *policy_wrong(const json_t *report, const json_t *made)
{
    (void)report;
    return extension_find(made, "X509v3 Certificate Policies") != NULL ? NULL
                                                                       : "it has no certificate policy";
}

static const char *constraints_wrong(const json_t *report, const json_t *made)
{
    (void)report;
    return extension_find(made, "X509v3 Name Constraints") == NULL ? "its names are not constrained"
           : !is_critical(made, "X509v3 Name Constraints")         ? "its name constraints are not critical"
                                                                   : NULL;
}

static const char *validity_wrong(const json_t *report, const json_t *made)
{
    const json_t *issuer = issuer_of(report, made);
    return issuer == NULL ? "its issuer is not in the record"
           : strcmp(json_text(made, "not_after"), json_text(issuer, "not_after")) > 0
               ? "it ends after its issuer"
               : NULL;
}

static const char *revocable_wrong(const json_t *report, const json_t *made)
{
    size_t i;
    json_t *extension;
    (void)report;
    json_array_foreach(json_object_get(made, "extensions"), i,
                       extension) if (strcmp(json_text(extension, "id"), "2.5.29.56") ==
                                      0) return "it says noRevAvail";
    return NULL;
}

/* The rendered template lies beside the certificate, under its name. */
static const char *template_wrong(const json_t *report, const json_t *made)
{
    const char *member = json_text(made, "member"), *end = strrchr(member, '.');
    OWN(char) *rendered = text_format("%.*s.json", end != NULL ? (int)(end - member) : 0, member);
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(page_of(report, made), "members"), i,
                       one) if (strcmp(json_text(one, "name"), rendered) == 0) return NULL;
    return "the rendered template is not beside it";
}

#define CERTIFICATE_FACT(function, wrong, passed)                                                            \
    static json_t *function(const json_t *report, const struct fact *self)                                   \
    {                                                                                                        \
        (void)self;                                                                                          \
        return of_certificates(report, wrong, passed);                                                       \
    }
CERTIFICATE_FACT(serials, serial_wrong, "serial numbers have at least 64 bits and at most 20 bytes")
CERTIFICATE_FACT(not_before, not_before_wrong, "none begins after, or a day before, it was signed")
CERTIFICATE_FACT(subject_names, subject_wrong, "subjects have country, organization and common name")
CERTIFICATE_FACT(ca_extensions, ca_wrong, "basic constraints and key usage are critical and right")
CERTIFICATE_FACT(extended_usage, usage_wrong, "there is an extended key usage")
CERTIFICATE_FACT(key_identifiers, identifiers_wrong, "key identifiers meet")
CERTIFICATE_FACT(distribution_points, points_wrong,
                 "distribution points are http, and the issuer's list is put there")
CERTIFICATE_FACT(issuer_access, access_wrong, "the issuer's certificate can be found")
CERTIFICATE_FACT(certificate_policy, policy_wrong, "there is a certificate policy")
CERTIFICATE_FACT(name_constraints, constraints_wrong, "names are constrained, critically")
CERTIFICATE_FACT(validity_nested, validity_wrong, "validity is within the issuer's")
CERTIFICATE_FACT(revocable, revocable_wrong, "none says noRevAvail")
CERTIFICATE_FACT(template_evidence, template_wrong, "the rendered template lies beside the certificate")

/* ---- keys ---- */

static const char *strength_wrong(const json_t *report, const json_t *made)
{
    const char *kind = json_text(made, "key");
    (void)report;
    return *kind == '\0'                                              ? "its kind is not told"
           : strncmp(kind, "RSA-", 4) == 0 && atoi(kind + 4) < 2048   ? "RSA of fewer than 2048 bits"
           : strncmp(kind, "RSA-", 4) == 0 && atoi(kind + 4) % 8 != 0 ? "RSA whose size is no multiple of 8"
                                                                      : NULL;
}

static const char *inventory_wrong(const json_t *report, const json_t *made)
{
    (void)report;
    return digest_is_hex(json_text(made, "spki_sha256")) ? NULL : "its fingerprint is not told";
}

static const char *mode_wrong(const json_t *report, const json_t *made)
{
    (void)report;
    const char *mode = json_text(made, "mode");
    return *mode == '\0' || strcmp(mode, "0600") == 0 || strcmp(mode, "0400") == 0
               ? NULL
               : "its file may be read by others";
}

static bool is_purged(const json_t *made)
{
    return json_is_integer(json_object_get(made, "purged"));
}

static const char *destruction_wrong(const json_t *report, const json_t *made)
{
    size_t i, p;
    json_t *page, *person;
    json_array_foreach(json_object_get(report, "pages"), i, page)
    {
        if (json_integer_value(json_object_get(page, "number")) !=
            json_integer_value(json_object_get(made, "purged")))
            continue;
        json_array_foreach(json_object_get(page, "people"), p,
                           person) if (strncmp(json_text(person, "role"), "witness", 7) == 0) return NULL;
    }
    return "no witness is named where it was purged";
}

static json_t *keys_strong(const json_t *report, const struct fact *self)
{
    (void)self;
    return each(report, "keys", NULL, strength_wrong, "no key is weak by its size");
}

static json_t *key_inventory(const json_t *report, const struct fact *self)
{
    (void)self;
    return each(report, "keys", NULL, inventory_wrong, "kind, size and SHA-256 of every public key are told");
}

static json_t *keys_encrypted(const json_t *report, const struct fact *self)
{
    (void)self;
    return each(report, "keys", NULL, mode_wrong, "key files are for their owner alone");
}

static json_t *destruction_stated(const json_t *report, const struct fact *self)
{
    (void)self;
    return each(report, "keys", is_purged, destruction_wrong, "keys were purged before witnesses");
}

/* What pages with an unlocked root key made: nothing but CA certificates and lists. */
static json_t *root_uses(const json_t *report, const struct fact *self)
{
    size_t i;
    json_t *made;
    (void)self;
    json_array_foreach(json_object_get(report, "certificates"), i, made)
    {
        if (!is_issued(made) || json_is_true(json_object_get(made, "ca")))
            continue;
        json_t *fact = fact_new("fail", "%s is no CA's certificate", json_text(made, "name"));
        evidence_of(fact, made);
        return fact;
    }
    return fact_new("pass", "the root signed CA certificates and revocation lists only");
}

const struct fact facts_certificates[] = {
    {"serials", serials, NULL, NULL},
    {"not-before", not_before, NULL, NULL},
    {"subject-names", subject_names, NULL, NULL},
    {"ca-extensions", ca_extensions, NULL, NULL},
    {"extended-usage", extended_usage, NULL, NULL},
    {"key-identifiers", key_identifiers, NULL, NULL},
    {"distribution-points", distribution_points, NULL, NULL},
    {"issuer-access", issuer_access, NULL, NULL},
    {"certificate-policy", certificate_policy, NULL, NULL},
    {"name-constraints", name_constraints, NULL, NULL},
    {"validity-nested", validity_nested, NULL, NULL},
    {"revocable", revocable, NULL, NULL},
    {"template-evidence", template_evidence, NULL, NULL},
    {"keys-strong", keys_strong, NULL, NULL},
    {"key-inventory", key_inventory, NULL, NULL},
    {"keys-encrypted", keys_encrypted, NULL, NULL},
    {"destruction-stated", destruction_stated, NULL, NULL},
    {"root-uses", root_uses, NULL, NULL},
    {0},
};

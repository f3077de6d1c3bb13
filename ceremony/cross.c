#include "cross.h"

#include "certificateparts.h"
#include "fields.h"
#include "jsondiff.h"
#include "name.h"
#include "subtree.h"

#include <string.h>

static bool original_check(const X509 *original, const char *what, struct err *err)
{
    struct constraints constraints;
    bool present = false;
    certificate_constraints(&constraints, original);
    unsigned usage = certificate_key_usage(&present, original);
    return (constraints.ca && present && (usage & USAGE_CERT_SIGN) != 0) ||
           err_set(err,
                   "%s: the original is no CA that may sign certificates (RFC 5280 4.2.1.3, 4.2.1.9); only a "
                   "CA is cross-signed",
                   what);
}

/* Chains are built by comparing names, and some do it byte by byte (RFC 5280 7.1). */
static bool subject_check(const X509 *cross, const X509 *original, const char *what, struct err *err)
{
    const unsigned char *ours = NULL, *theirs = NULL;
    size_t our_len = 0, their_len = 0;
    if (X509_NAME_get0_der(X509_get_subject_name(cross), &ours, &our_len) != 1 ||
        X509_NAME_get0_der(X509_get_subject_name(original), &theirs, &their_len) != 1)
        return err_ssl(err, "%s: a name cannot be encoded", what);
    return (our_len == their_len && memcmp(ours, theirs, our_len) == 0) ||
           err_set(err, "%s: its subject has not the bytes of the original's (RFC 5280 4.1.2.6)", what);
}

static bool key_check(const X509 *cross, const X509 *original, const char *what, struct err *err)
{
    char ours[DIGEST_HEX], theirs[DIGEST_HEX];
    if (!certificate_spki_digest(ours, cross, err) || !certificate_spki_digest(theirs, original, err))
        return false;
    if (strcmp(ours, theirs) != 0)
        return err_set(err, "%s: its public key (%s) is not the original's (%s)", what, ours, theirs);
    OWN(ASN1_OCTET_STRING) *id = certificate_ski(cross);
    OWN(ASN1_OCTET_STRING) *original_id = certificate_ski(original);
    return (id != NULL && original_id != NULL && ASN1_OCTET_STRING_cmp(id, original_id) == 0) ||
           err_set(err, "%s: its subject key identifier is not the original's (RFC 5280 4.2.1.2)", what);
}

static bool usage_check(const X509 *cross, const X509 *original, const char *what, struct err *err)
{
    bool present = false, theirs_present = false;
    unsigned ours = certificate_key_usage(&present, cross);
    unsigned theirs = certificate_key_usage(&theirs_present, original);
    if (!present || (ours & ~theirs) != 0)
        return err_set(err, "%s: its key usages are wider than the original's (RFC 5280 4.2.1.3)", what);
    struct constraints upper, lower;
    certificate_constraints(&upper, original);
    certificate_constraints(&lower, cross);
    return upper.path_length < 0 || (lower.path_length >= 0 && lower.path_length <= upper.path_length) ||
           err_set(err, "%s: its path length is wider than the original's %ld (RFC 5280 4.2.1.9)", what,
                   upper.path_length);
}

static bool has_usage(const EXTENDED_KEY_USAGE *list, const ASN1_OBJECT *usage)
{
    for (int i = 0; i < sk_ASN1_OBJECT_num(list); i++)
        if (OBJ_cmp(sk_ASN1_OBJECT_value(list, i), usage) == 0 ||
            OBJ_obj2nid(sk_ASN1_OBJECT_value(list, i)) == NID_anyExtendedKeyUsage)
            return true;
    return false;
}

/* Without the extension every purpose is good. */
static bool purpose_check(const X509 *cross, const X509 *original, const char *what, struct err *err)
{
    OWN(EXTENDED_KEY_USAGE) *ours = X509_get_ext_d2i(cross, NID_ext_key_usage, NULL, NULL);
    OWN(EXTENDED_KEY_USAGE) *theirs = X509_get_ext_d2i(original, NID_ext_key_usage, NULL, NULL);
    bool within = theirs == NULL || ours != NULL;
    for (int i = 0; theirs != NULL && i < sk_ASN1_OBJECT_num(ours); i++)
        within = within && has_usage(theirs, sk_ASN1_OBJECT_value(ours, i));
    return within ||
           err_set(err, "%s: its extended key usages are wider than the original's (RFC 5280 4.2.1.12)",
                   what);
}

/* Whether a subtree of `list` holds `name`, and all names below it. */
static bool held(const GENERAL_NAME *name, const STACK_OF(GENERAL_SUBTREE) * list)
{
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(list); i++) {
        const GENERAL_NAME *outer = sk_GENERAL_SUBTREE_value(list, i)->base;
        if (outer->type == name->type && subtree_within(name, outer))
            return true;
    }
    return false;
}

static bool limits(const NAME_CONSTRAINTS *constraints, int type)
{
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(constraints->permittedSubtrees); i++)
        if (sk_GENERAL_SUBTREE_value(constraints->permittedSubtrees, i)->base->type == type)
            return true;
    return false;
}

/* What the one permits the other permits; where the other limits a kind of names, the one does too. */
static bool is_looser(const NAME_CONSTRAINTS *ours, const NAME_CONSTRAINTS *theirs)
{
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(ours->permittedSubtrees); i++)
        if (subtree_beyond(sk_GENERAL_SUBTREE_value(ours->permittedSubtrees, i)->base, theirs))
            return true;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(theirs->permittedSubtrees); i++)
        if (!limits(ours, sk_GENERAL_SUBTREE_value(theirs->permittedSubtrees, i)->base->type))
            return true;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(theirs->excludedSubtrees); i++)
        if (!held(sk_GENERAL_SUBTREE_value(theirs->excludedSubtrees, i)->base, ours->excludedSubtrees))
            return true;
    return false;
}

static bool names_check(const X509 *cross, const X509 *original, const char *what, struct err *err)
{
    OWN(NAME_CONSTRAINTS) *ours = X509_get_ext_d2i(cross, NID_name_constraints, NULL, NULL);
    OWN(NAME_CONSTRAINTS) *theirs = X509_get_ext_d2i(original, NID_name_constraints, NULL, NULL);
    if (theirs == NULL || (ours != NULL && !is_looser(ours, theirs)))
        return true;
    return err_set(err, "%s: its name constraints are looser than the original's (RFC 5280 4.2.1.10)", what);
}

bool cross_check(const X509 *cross, const X509 *original, const char *what, struct err *err)
{
    return original_check(original, what, err) && subject_check(cross, original, what, err) &&
           key_check(cross, original, what, err) && usage_check(cross, original, what, err) &&
           purpose_check(cross, original, what, err) && names_check(cross, original, what, err);
}

/* {name: {"critical", "text"}}, so that an extension is compared with its like, wherever it stands. */
static json_t *extensions_by_name(const json_t *list)
{
    json_t *named = json_object();
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        OWN(json_t) *content = json_pack("{s:O, s:O}", "critical", json_object_get(one, "critical"), "text",
                                         json_object_get(one, "text"));
        json_object_set(named, json_string_value(json_object_get(one, "name")), content);
    }
    return named;
}

/* What of a certificate is not the same in both by rule, each thing once. */
static bool view(json_t **out, const X509 *cert, struct err *err)
{
    static const char *const members[] = {"issuer", "serial", "not_before", "not_after", "signature"};
    OWN(json_t) *fields = NULL;
    if (!fields_certificate(&fields, cert, err))
        return false;
    *out = extensions_by_name(json_object_get(fields, "extensions"));
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set(*out, members[i], json_object_get(fields, members[i]));
    return true;
}

bool cross_difference(json_t **out, const X509 *cross, const X509 *original, struct err *err)
{
    OWN(json_t) *theirs = NULL;
    OWN(json_t) *ours = NULL;
    if (!view(&theirs, original, err) || !view(&ours, cross, err))
        return false;
    *out = json_difference(theirs, ours);
    return true;
}

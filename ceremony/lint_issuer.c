#include "lintparts.h"

#include "name.h"

#include <string.h>

/* Certificate or list against the certificate of who issued it. */

static const X509_NAME *issuer_name(const struct lint_case *c)
{
    return c->certificate != NULL ? X509_get_issuer_name(c->certificate) : X509_CRL_get_issuer(c->list);
}

static enum lint_answer name_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    const unsigned char *one = NULL, *other = NULL;
    size_t one_len = 0, other_len = 0;
    /* byte for byte: X509_NAME_cmp would let case and spaces pass */
    bool read = X509_NAME_get0_der((X509_NAME *)issuer_name(c), &one, &one_len) == 1 &&
                X509_NAME_get0_der(X509_get_subject_name(c->context->issuer), &other, &other_len) == 1;
    OWN(char) *named = name_text(issuer_name(c));
    return lint_pass_if(read && one_len == other_len && memcmp(one, other, one_len) == 0, text,
                        "it names \"%.120s\" as its issuer, not with the bytes that the issuer is called",
                        named);
}

static enum lint_answer id_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(AUTHORITY_KEYID) *ours = lint_decoded(c, NID_authority_key_identifier);
    OWN(ASN1_OCTET_STRING) *theirs = certificate_ski(c->context->issuer);
    if (ours == NULL || ours->keyid == NULL)
        return LINT_NOT_APPLICABLE;
    OWN(char) *one = octets_hex(ours->keyid);
    OWN(char) *other = octets_hex(theirs);
    return lint_pass_if(strcmp(one, other) == 0, text,
                        "the authority key identifier is %.60s, and the issuer's own is %.60s", one,
                        theirs != NULL ? other : "not there");
}

static enum lint_answer signed_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    EVP_PKEY *key = X509_get0_pubkey(c->context->issuer);
    bool good = key != NULL && (c->certificate != NULL ? certificate_verifies(c->certificate, key)
                                                       : X509_CRL_verify(c->list, key) == 1);
    return lint_pass_if(good, text, "the issuer's key has not made its signature");
}

static enum lint_answer may_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    struct constraints constraints;
    bool present = false;
    certificate_constraints(&constraints, c->context->issuer);
    unsigned usage = certificate_key_usage(&present, c->context->issuer);
    unsigned wanted = c->certificate != NULL ? USAGE_CERT_SIGN : USAGE_CRL_SIGN;
    return lint_pass_if(constraints.ca && present && (usage & wanted) != 0, text,
                        "the issuer is no CA with %s", c->certificate != NULL ? "keyCertSign" : "cRLSign");
}

static enum lint_answer path_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    struct constraints ours, theirs;
    certificate_constraints(&ours, c->certificate);
    certificate_constraints(&theirs, c->context->issuer);
    if (theirs.path_length < 0)
        return LINT_NOT_APPLICABLE;
    if (theirs.path_length == 0)
        return lint_found(text, "the issuer has path length 0: it may make no further CA");
    return lint_pass_if(ours.path_length >= 0 && ours.path_length < theirs.path_length, text,
                        "the issuer has path length %ld, and this one has not a shorter one",
                        theirs.path_length);
}

static enum lint_answer end_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    char ours[32], theirs[32];
    time_text(ours, certificate_not_after(c->certificate));
    time_text(theirs, certificate_not_after(c->context->issuer));
    return lint_pass_if(certificate_not_after(c->certificate) <= certificate_not_after(c->context->issuer),
                        text, "it ends %s, after its issuer, %s", ours, theirs);
}

static enum lint_answer begin_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    char ours[32], theirs[32];
    time_text(ours, certificate_not_before(c->certificate));
    time_text(theirs, certificate_not_before(c->context->issuer));
    return lint_pass_if(certificate_not_before(c->certificate) >= certificate_not_before(c->context->issuer),
                        text, "it begins %s, before its issuer, %s", ours, theirs);
}

static enum lint_answer reuse_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return lint_pass_if(c->key == NULL || EVP_PKEY_eq(c->key, X509_get0_pubkey(c->context->issuer)) != 1,
                        text, "its key is the issuer's");
}

/* ---- where the lists are ---- */

/* Whether one of `names` is this address. */
static bool names_have(const GENERAL_NAMES *names, const ASN1_STRING *uri)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        int type = 0;
        const ASN1_STRING *other = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
        if (type == GEN_URI && ASN1_STRING_length(other) == ASN1_STRING_length(uri) &&
            memcmp(ASN1_STRING_get0_data(other), ASN1_STRING_get0_data(uri),
                   (size_t)ASN1_STRING_length(uri)) == 0)
            return true;
    }
    return false;
}

/* An address that the points have and `names` has, too; NULL: none. */
static const ASN1_STRING *shared_uri(const CRL_DIST_POINTS *points, const GENERAL_NAMES *names)
{
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT_NAME *place = sk_DIST_POINT_value(points, i)->distpoint;
        for (int k = 0; place != NULL && place->type == 0 && k < sk_GENERAL_NAME_num(place->name.fullname);
             k++) {
            int type = 0;
            const ASN1_STRING *uri =
                GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(place->name.fullname, k), &type);
            if (type == GEN_URI && names_have(names, uri))
                return uri;
        }
    }
    return NULL;
}

/* What the issuer's certificate names is the list of the issuer's issuer; only a root names its own. */
static enum lint_answer points_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    const X509 *issuer = c->context->issuer;
    OWN(CRL_DIST_POINTS) *ours = lint_decoded(c, NID_crl_distribution_points);
    OWN(CRL_DIST_POINTS) *theirs = X509_get_ext_d2i(issuer, NID_crl_distribution_points, NULL, NULL);
    if (ours == NULL || theirs == NULL || certificate_verifies(issuer, X509_get0_pubkey(issuer)))
        return LINT_NOT_APPLICABLE;
    for (int i = 0; i < sk_DIST_POINT_num(theirs); i++) {
        const DIST_POINT_NAME *place = sk_DIST_POINT_value(theirs, i)->distpoint;
        const ASN1_STRING *uri =
            place != NULL && place->type == 0 ? shared_uri(ours, place->name.fullname) : NULL;
        if (uri != NULL)
            return lint_found(text,
                              "%.200s is the list in which the issuer itself may stand, not the issuer's",
                              (const char *)ASN1_STRING_get0_data(uri));
    }
    return LINT_PASS;
}

static enum lint_answer owner_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(char) *owner = name_text(X509_CRL_get_issuer(c->context->list));
    return lint_pass_if(
        X509_NAME_cmp(X509_CRL_get_issuer(c->context->list), X509_get_issuer_name(c->certificate)) == 0, text,
        "the list is \"%.120s\"'s, who is not the issuer", owner);
}

static enum lint_answer scope_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(CRL_DIST_POINTS) *ours = lint_decoded(c, NID_crl_distribution_points);
    OWN(ISSUING_DIST_POINT) *scope =
        X509_CRL_get_ext_d2i(c->context->list, NID_issuing_distribution_point, NULL, NULL);
    if (scope == NULL || scope->distpoint == NULL || scope->distpoint->type != 0)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(shared_uri(ours, scope->distpoint->name.fullname) != NULL, text,
                        "no address in its distribution points is the one in the list's");
}

static enum lint_answer revoked_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    X509_REVOKED *entry = NULL;
    X509_CRL *list = (X509_CRL *)c->context->list;
    bool there = X509_CRL_get0_by_cert(list, &entry, c->certificate) == 1;
    return lint_pass_if(!there, text, "the list says that it is revoked");
}

const struct lint_rule lint_issuer_rules[] = {
    {"issuer_dn_identical", "EEEE", "RFC 5280 4.1.2.4, BR 7.1.4.1", "copy the name from the certificate",
     LINT_BELOW | LINT_LIST, LINT_NEEDS_ISSUER, 0, name_judge},
    {"aki_matches_issuer_ski", "EEEE", "RFC 5280 4.2.1.1", "take it from the issuer's certificate",
     LINT_BELOW | LINT_LIST, LINT_NEEDS_ISSUER, 0, id_judge},
    {"sig_verifies", "EEEE", "RFC 5280 6.1.3", "was the right issuer given? else have it signed anew",
     LINT_BELOW | LINT_LIST, LINT_NEEDS_ISSUER, 0, signed_judge},
    {"issuer_may_sign", "EEEE", "RFC 5280 4.2.1.3", "have it signed by one that is", LINT_BELOW | LINT_LIST,
     LINT_NEEDS_ISSUER, 0, may_judge},
    {"pathlen_nesting", "EEEE", "RFC 5280 4.2.1.9, 6.1.4",
     "give a shorter path length than the issuer's, or choose an issuer that has one to give",
     LINT_INTERMEDIATE, LINT_NEEDS_ISSUER, 0, path_judge},
    {"nc_nesting", "EEEE", "RFC 5280 4.2.1.10, 6.1.4", "permit what the issuer permits, or part of it",
     LINT_INTERMEDIATE, LINT_NEEDS_ISSUER, NID_name_constraints, lint_nesting},
    {"notafter_within_issuer", "EEEE", "RFC 5280 6.1", "end it with its issuer at the latest", LINT_BELOW,
     LINT_NEEDS_ISSUER, 0, end_judge},
    {"notbefore_within_issuer", "WWWW", "RFC 5280 6.1", "begin it with its issuer at the earliest",
     LINT_BELOW, LINT_NEEDS_ISSUER, 0, begin_judge},
    {"key_reuse", "EEEE", "BR 7.1.2.11.4", "make a key for it", LINT_BELOW, LINT_NEEDS_ISSUER, 0,
     reuse_judge},
    {"cdp_is_issuers", "EEEE", "RFC 5280 4.2.1.13, BR 7.1.2.11.2", "name the issuer's own list", LINT_BELOW,
     LINT_NEEDS_ISSUER, 0, points_judge},
    {"crl_is_issuers", "EEEE", "RFC 5280 6.3.3", "give the list that the issuer signed", LINT_BELOW,
     LINT_NEEDS_LIST, 0, owner_judge},
    {"cdp_idp_equal", "EEEE", "RFC 5280 5.2.5", "write the same address in both, byte for byte", LINT_BELOW,
     LINT_NEEDS_LIST, 0, scope_judge},
    {"not_revoked", "EEEE", "RFC 5280 6.1.3", "do not use it", LINT_BELOW, LINT_NEEDS_LIST, 0, revoked_judge},
    {0},
};

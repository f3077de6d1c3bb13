#include "lintparts.h"

#include <string.h>

/* ---- crlDistributionPoints ---- */

static enum lint_answer point_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(CRL_DIST_POINTS) *points = lint_decoded(c, NID_crl_distribution_points);
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);
        if (point->distpoint == NULL && point->CRLissuer == NULL)
            return lint_found(text, "a distribution point names neither a place nor an issuer");
    }
    return points != NULL ? LINT_PASS : LINT_NOT_APPLICABLE;
}

static enum lint_answer plain_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(CRL_DIST_POINTS) *points = lint_decoded(c, NID_crl_distribution_points);
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);
        if (point->reasons != NULL || point->CRLissuer != NULL)
            return lint_found(text, "a distribution point has reasons or an issuer of its own");
    }
    return points != NULL ? LINT_PASS : LINT_NOT_APPLICABLE;
}

static enum lint_answer single_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    OWN(CRL_DIST_POINTS) *points = lint_decoded(c, NID_crl_distribution_points);
    if (points == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(sk_DIST_POINT_num(points) == 1, text, "there are %d distribution points",
                        sk_DIST_POINT_num(points));
}

static bool is_http(const GENERAL_NAME *name)
{
    int type = 0;
    const ASN1_STRING *uri = GENERAL_NAME_get0_value(name, &type);
    return type == GEN_URI && ASN1_STRING_length(uri) > 7 &&
           strncasecmp((const char *)ASN1_STRING_get0_data(uri), "http://", 7) == 0;
}

static enum lint_answer http_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(CRL_DIST_POINTS) *points = lint_decoded(c, NID_crl_distribution_points);
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT_NAME *place = sk_DIST_POINT_value(points, i)->distpoint;
        if (place != NULL && place->type != 0)
            return lint_found(text, "a distribution point is named relative to an issuer");
        for (int k = 0; place != NULL && k < sk_GENERAL_NAME_num(place->name.fullname); k++)
            if (!is_http(sk_GENERAL_NAME_value(place->name.fullname, k)))
                return lint_found(text, "a distribution point is not at an http: address");
    }
    return points != NULL ? LINT_PASS : LINT_NOT_APPLICABLE;
}

/* ---- authorityInfoAccess ---- */

static enum lint_answer access_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    OWN(AUTHORITY_INFO_ACCESS) *places = lint_decoded(c, NID_info_access);
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(places); i++)
        if (!is_http(sk_ACCESS_DESCRIPTION_value(places, i)->location))
            return lint_found(text, "authorityInfoAccess has a place that is not at an http: address");
    return places != NULL ? LINT_PASS : LINT_NOT_APPLICABLE;
}

#define HTTP "write http: whoever checks a certificate must not need another one for it"

const struct lint_rule lint_place_rules[] = {
    {"crl_points_present", "WEWW", "BR 7.1.2.11.2, MRSP 5.2",
     "name the issuer's list: without it nobody learns that this one is revoked", LINT_INTERMEDIATE, 0,
     NID_crl_distribution_points, lint_present},
    {"root_crl_points_absent", "NWNN", "BR 7.1.2.1.2", "leave them out: a root cannot revoke itself",
     LINT_ROOT, 0, NID_crl_distribution_points, lint_absent},
    {"crl_points_not_critical", "WEWW", "RFC 5280 4.2.1.13, BR 7.1.2.11.2", "make it not critical",
     LINT_CERTIFICATE, 0, NID_crl_distribution_points, lint_not_critical},
    {"crl_points_complete", "EEEE", "RFC 5280 4.2.1.13", "give a place", LINT_CERTIFICATE, 0, 0, point_judge},
    {"crl_points_plain", "WEWW", "BR 7.1.2.11.2", "leave them out", LINT_CERTIFICATE, 0, 0, plain_judge},
    {"crl_points_single", "NNNN", "BR 7.1.2.11.2", "one is enough", LINT_CERTIFICATE, 0, 0, single_judge},
    {"cdp_scheme", "WEWW", "RFC 5280 8, BR 7.1.2.11.2", HTTP, LINT_CERTIFICATE, 0, 0, http_judge},
    {"freshest_crl_not_critical", "EEEE", "RFC 5280 4.2.1.15", "make it not critical", LINT_EXTENDED, 0,
     NID_freshest_crl, lint_not_critical},
    {"info_access_present", "NWNN", "BR 7.1.2.10.3", "say where the issuer's certificate is",
     LINT_INTERMEDIATE, 0, NID_info_access, lint_present},
    {"info_access_not_critical", "EEEE", "RFC 5280 4.2.2.1", "make it not critical", LINT_EXTENDED, 0,
     NID_info_access, lint_not_critical},
    {"info_access_scheme", "WEWW", "BR 7.1.2.10.3", HTTP, LINT_BELOW, 0, 0, access_judge},
    {"subject_info_not_critical", "EEEE", "RFC 5280 4.2.2.2", "make it not critical", LINT_CERTIFICATE, 0,
     NID_sinfo_access, lint_not_critical},
    {0},
};

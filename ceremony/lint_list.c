#include "lintparts.h"

#include <string.h>

enum { DAY = 86400 };

static enum lint_answer version_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    return lint_pass_if(X509_CRL_get_version(c->list) == X509_CRL_VERSION_2, text, "it is of version %ld",
                        X509_CRL_get_version(c->list) + 1);
}

static enum lint_answer next_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return lint_pass_if(X509_CRL_get0_nextUpdate(c->list) != NULL, text, "nextUpdate is not there");
}

static enum lint_answer order_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    if (X509_CRL_get0_nextUpdate(c->list) == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(time_of(X509_CRL_get0_nextUpdate(c->list)) >
                            time_of(X509_CRL_get0_lastUpdate(c->list)),
                        text, "nextUpdate is not after thisUpdate");
}

static enum lint_answer range_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    OWN(ASN1_INTEGER) *number = lint_decoded(c, rule->nid);
    OWN(BIGNUM) *value = number != NULL ? ASN1_INTEGER_to_BN(number, NULL) : NULL;
    if (value == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(!BN_is_negative(value) && BN_num_bits(value) < 160, text,
                        "the number is negative, or longer than 20 bytes");
}

/* ---- what it is about ---- */

static ISSUING_DIST_POINT *scope_of(const struct lint_case *c)
{
    return lint_decoded(c, NID_issuing_distribution_point);
}

static enum lint_answer full_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(ISSUING_DIST_POINT) *scope = scope_of(c);
    if (scope == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(scope->onlyCA > 0 || scope->onlyuser > 0 || scope->onlysomereasons != NULL, text,
                        "it has an issuing distribution point and is about everything");
}

static enum lint_answer flags_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(ISSUING_DIST_POINT) *scope = scope_of(c);
    if (scope == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if((scope->onlyCA > 0) + (scope->onlyuser > 0) + (scope->onlyattr > 0) <= 1, text,
                        "it is only about CAs and only about others");
}

static enum lint_answer direct_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    OWN(ISSUING_DIST_POINT) *scope = scope_of(c);
    if (scope == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(scope->indirectCRL <= 0, text, "it is indirect: it lists what others issued");
}

/* ---- how long ---- */

/* Of CA certificates: by its own word, or because a root issued it. */
static bool is_of_authorities(const struct lint_case *c)
{
    OWN(ISSUING_DIST_POINT) *scope = scope_of(c);
    const X509 *issuer = c->context->issuer;
    return (scope != NULL && scope->onlyCA > 0) || certificate_verifies(issuer, X509_get0_pubkey(issuer));
}

static enum lint_answer span_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    if (X509_CRL_get0_nextUpdate(c->list) == NULL)
        return LINT_NOT_APPLICABLE;
    bool authorities = is_of_authorities(c);
    long most = !authorities ? 10 : c->context->profile == LINT_FEDERAL ? 32 : 366;
    time_t span = time_of(X509_CRL_get0_nextUpdate(c->list)) - time_of(X509_CRL_get0_lastUpdate(c->list));
    return lint_pass_if(span <= most * DAY, text, "it is valid for %ld days, and a list of %s may be for %ld",
                        (long)((span + DAY - 1) / DAY),
                        authorities ? "CA certificates" : "others than CA certificates", most);
}

static enum lint_answer within_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    const ASN1_TIME *next = X509_CRL_get0_nextUpdate(c->list);
    time_t begin = time_of(X509_CRL_get0_lastUpdate(c->list));
    time_t end = next != NULL ? time_of(next) : begin;
    return lint_pass_if(begin >= certificate_not_before(c->context->issuer) &&
                            end <= certificate_not_after(c->context->issuer),
                        text, "its times reach outside those of its issuer");
}

/* ---- the list before it ---- */

static BIGNUM *number_of(const X509_CRL *list)
{
    OWN(ASN1_INTEGER) *number = X509_CRL_get_ext_d2i(list, NID_crl_number, NULL, NULL);
    return number != NULL ? ASN1_INTEGER_to_BN(number, NULL) : NULL;
}

static enum lint_answer rising_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *ours = number_of(c->list);
    OWN(BIGNUM) *before = number_of(c->context->previous);
    if (ours == NULL || before == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(BN_cmp(ours, before) > 0, text, "its number is not above that of the list before it");
}

static enum lint_answer later_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return lint_pass_if(time_of(X509_CRL_get0_lastUpdate(c->list)) >=
                            time_of(X509_CRL_get0_lastUpdate(c->context->previous)),
                        text, "thisUpdate is before that of the list before it");
}

static enum lint_answer successor_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    (void)rule;
    return lint_pass_if(X509_NAME_cmp(c->name, X509_CRL_get_issuer(c->context->previous)) == 0, text,
                        "the list before it is another issuer's");
}

static enum lint_answer kept_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    X509_CRL *previous = (X509_CRL *)c->context->previous;
    STACK_OF(X509_REVOKED) *before = X509_CRL_get_REVOKED(previous);
    for (int i = 0; i < sk_X509_REVOKED_num(before); i++) {
        X509_REVOKED *twin = NULL;
        const ASN1_INTEGER *serial = X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(before, i));
        if (X509_CRL_get0_by_serial(c->list, &twin, serial) != 0)
            continue;
        OWN(char) *hex = integer_hex(serial);
        return lint_found(text, "serial number %.44s is no longer there", hex);
    }
    return LINT_PASS;
}

const struct lint_rule lint_list_rules[] = {
    {"crl_version", "EEEE", "RFC 5280 5.1.2.1", "make one of version 2", LINT_LIST, 0, 0, version_judge},
    {"crl_next_update", "EEEE", "RFC 5280 5.1.2.5", "say when the next one is due", LINT_LIST, 0, 0,
     next_judge},
    {"crl_times_order", "EEEE", "RFC 5280 5.1.2.5", "give it other dates", LINT_LIST, 0, 0, order_judge},
    {"crl_number_present", "EEEE", "RFC 5280 5.2.3", "add it", LINT_LIST, 0, NID_crl_number, lint_present},
    {"crl_number_not_critical", "EEEE", "RFC 5280 5.2.3", "make it not critical", LINT_LIST, 0,
     NID_crl_number, lint_not_critical},
    {"crl_number_range", "EEEE", "RFC 5280 5.2.3, BR 7.2.2", "give one that rises from the last", LINT_LIST,
     0, NID_crl_number, range_judge},
    {"crl_no_delta", "WEWW", "BR 7.2.2", "make a full list", LINT_LIST, 0, NID_delta_crl, lint_absent},
    {"crl_no_info_access", "WEWW", "BR 7.2.2", "leave it out", LINT_LIST, 0, NID_info_access, lint_absent},
    {"idp_critical", "EEEE", "RFC 5280 5.2.5", "make it critical", LINT_LIST, 0,
     NID_issuing_distribution_point, lint_critical},
    {"idp_on_full_crl", "NWNN", "BR 7.2.2.1", "it is not needed", LINT_LIST, 0, 0, full_judge},
    {"idp_flags", "EEEE", "RFC 5280 5.2.5", "leave one", LINT_LIST, 0, 0, flags_judge},
    {"idp_not_indirect", "EEEE", "BR 7.2", "list one's own", LINT_LIST, 0, 0, direct_judge},
    {"crl_validity", "WEWE", "BR 4.9.7, 7.2", "make it shorter", LINT_LIST, LINT_NEEDS_ISSUER, 0, span_judge},
    {"crl_within_issuer", "EEEE", "RFC 5280 6.3.3", "keep to the issuer's validity", LINT_LIST,
     LINT_NEEDS_ISSUER, 0, within_judge},
    {"crl_same_issuer", "EEEE", "RFC 5280 5.2.3", "give this issuer's last list", LINT_LIST,
     LINT_NEEDS_PREVIOUS, 0, successor_judge},
    {"crl_number_monotone", "EEEE", "RFC 5280 5.2.3", "give a higher one", LINT_LIST, LINT_NEEDS_PREVIOUS, 0,
     rising_judge},
    {"crl_time_monotone", "EEEE", "RFC 5280 5.1.2.4", "is it the right list? else mind the clock", LINT_LIST,
     LINT_NEEDS_PREVIOUS, 0, later_judge},
    {"crl_entries_kept", "WWWW", "BR 7.2", "keep it until its certificate has expired", LINT_LIST,
     LINT_NEEDS_PREVIOUS, 0, kept_judge},
    {0},
};

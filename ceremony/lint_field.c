#include "lintparts.h"

#include "name.h"
#include "signature.h"

#include <string.h>

enum { DAY = 86400 };

static enum lint_answer version_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    return lint_pass_if(X509_get_version(c->certificate) == X509_VERSION_3, text, "it is of version %ld",
                        X509_get_version(c->certificate) + 1);
}

static enum lint_answer extended_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    return lint_pass_if(c->extensions == NULL || X509_get_version(c->certificate) == X509_VERSION_3, text,
                        "it has extensions and is of version %ld", X509_get_version(c->certificate) + 1);
}

static enum lint_answer positive_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(c->certificate), NULL);
    return lint_pass_if(serial != NULL && !BN_is_negative(serial) && !BN_is_zero(serial), text,
                        "the serial number is zero or negative");
}

static enum lint_answer length_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(c->certificate), NULL);
    return lint_pass_if(serial != NULL && BN_num_bits(serial) < 8 * SERIAL_MAX, text,
                        "the serial number is longer than %d bytes", SERIAL_MAX);
}

/* That it is random cannot be seen; that it cannot be so, can: one of 64 random bits is below 2^32 once in
 * four thousand million. */
static enum lint_answer random_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(c->certificate), NULL);
    return lint_pass_if(serial != NULL && BN_num_bits(serial) > 32, text,
                        "the serial number has %d bits, and 64 of chance are wanted",
                        serial != NULL ? BN_num_bits(serial) : 0);
}

static enum lint_answer same_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    struct der whole = {c->subject->der.data, c->subject->der.len}, outer;
    struct der_item first, second, part = {0};
    if (!der_expect(&outer, &whole, DER_SEQUENCE) || !der_take(&first, &outer) || !der_take(&second, &outer))
        return LINT_NOT_APPLICABLE;
    /* behind version and serial number, which are no sequences */
    while (part.tag != DER_SEQUENCE)
        if (!der_take(&part, &first.content))
            return LINT_NOT_APPLICABLE;
    return lint_pass_if(part.content.len == second.content.len &&
                            memcmp(part.content.data, second.content.data, part.content.len) == 0,
                        text, "the algorithm inside is not the one outside");
}

static enum lint_answer strong_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    struct err unused = {0};
    return lint_pass_if(signature_is_strong(c->outer, "it", &unused), text, "it is signed with %s",
                        signature_name(c->outer));
}

static enum lint_answer null_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    const ASN1_OBJECT *kind = NULL;
    int type = V_ASN1_UNDEF, key = NID_undef;
    X509_ALGOR_get0(&kind, &type, NULL, c->outer);
    bool known = OBJ_find_sigid_algs(OBJ_obj2nid(kind), NULL, &key) == 1;
    if (!known || key != NID_rsaEncryption)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(type == V_ASN1_NULL, text, "the RSA signature's algorithm lacks its NULL parameters");
}

/* ---- times ---- */

static enum lint_answer order_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return lint_pass_if(certificate_not_after(c->certificate) > certificate_not_before(c->certificate), text,
                        "it ends before it begins");
}

/* The seconds of both ends count (RFC 5280 4.1.2.5). */
static long days_of(const struct lint_case *c)
{
    time_t seconds = certificate_not_after(c->certificate) - certificate_not_before(c->certificate) + 1;
    return (long)((seconds + DAY - 1) / DAY);
}

static enum lint_answer root_days_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    (void)rule;
    long days = days_of(c);
    if (c->context->profile == LINT_FEDERAL)
        return lint_pass_if(days <= 7305, text, "it is valid for %ld days, and 20 years are the most", days);
    return lint_pass_if(days >= 2922 && days <= 9132, text,
                        "it is valid for %ld days, and 2922 to 9132 are meant", days);
}

static enum lint_answer below_days_judge(const struct lint_case *c, const struct lint_rule *rule,
                                         struct err *text)
{
    (void)rule;
    long days = days_of(c), most = c->context->profile == LINT_FEDERAL ? 3653 : 2922;
    return lint_pass_if(days <= most, text, "it is valid for %ld days, and %ld are the most", days, most);
}

static enum lint_answer second_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    time_t seconds = certificate_not_after(c->certificate) - certificate_not_before(c->certificate) + 1;
    return lint_pass_if(seconds % DAY != 1, text, "it is valid for whole days and one second");
}

/* UTCTime up to 2049, GeneralizedTime from 2050 on, both to the second and with Z; `time` may be NULL. */
static const char *time_fault(const ASN1_TIME *time)
{
    const char *digits = time != NULL ? (const char *)ASN1_STRING_get0_data(time) : "";
    int len = time != NULL ? ASN1_STRING_length(time) : 0;
    bool utc = time != NULL && ASN1_STRING_type(time) == V_ASN1_UTCTIME;
    if (time == NULL)
        return NULL;
    if (len != (utc ? 13 : 15) || digits[len - 1] != 'Z' || strspn(digits, "0123456789") != (size_t)len - 1)
        return "is not written to the second and with Z";
    if (!utc && memcmp(digits, "2050", 4) < 0)
        return "is before 2050 and no UTCTime";
    return ASN1_TIME_check(time) == 1 ? NULL : "is no time";
}

static enum lint_answer times_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    const ASN1_TIME *begin =
        c->certificate != NULL ? X509_get0_notBefore(c->certificate) : X509_CRL_get0_lastUpdate(c->list);
    const ASN1_TIME *end =
        c->certificate != NULL ? X509_get0_notAfter(c->certificate) : X509_CRL_get0_nextUpdate(c->list);
    const char *first = time_fault(begin), *second = time_fault(end);
    if (first != NULL)
        return lint_found(text, "%s %s", c->certificate != NULL ? "notBefore" : "thisUpdate", first);
    return lint_pass_if(second == NULL, text, "%s %s", c->certificate != NULL ? "notAfter" : "nextUpdate",
                        second != NULL ? second : "");
}

static enum lint_answer unique_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    const ASN1_BIT_STRING *issuer = NULL, *subject = NULL;
    X509_get0_uids(c->certificate, &issuer, &subject);
    return lint_pass_if(issuer == NULL && subject == NULL, text, "it has unique identifiers");
}

const struct lint_rule lint_field_rules[] = {
    {"certificate_version", "EEEE", "BR 7.1.1", "make one of version 3", LINT_CERTIFICATE, 0, 0,
     version_judge},
    {"extensions_version", "EEEE", "RFC 5280 4.1.2.9", "make one of version 3", LINT_CERTIFICATE, 0, 0,
     extended_judge},
    {"serial_positive", "EEEE", "RFC 5280 4.1.2.2", "use a random one", LINT_CERTIFICATE, 0, 0,
     positive_judge},
    {"serial_length", "EEEE", "RFC 5280 4.1.2.2", "use a shorter one", LINT_CERTIFICATE, 0, 0, length_judge},
    {"serial_entropy", "EEEE", "BR 7.1.2.6", "use a random one", LINT_BELOW, 0, 0, random_judge},
    {"root_serial_entropy", "NNNN", "BR 7.1.2.6", "a new root should have a random one", LINT_ROOT, 0, 0,
     random_judge},
    {"signature_algorithms_equal", "EEEE", "RFC 5280 4.1.1.2", "have it signed anew",
     LINT_CERTIFICATE | LINT_LIST, 0, 0, same_judge},
    {"signature_strong", "EEEE", "BR 7.1.3.2", "have it signed with SHA-256 or longer",
     LINT_BELOW | LINT_REQUEST | LINT_LIST, 0, 0, strong_judge},
    {"root_signature_strong", "WWWW", "BR 7.1.3.2",
     "nobody relies on a root's own signature, but a new one should have SHA-256 or longer", LINT_ROOT, 0, 0,
     strong_judge},
    {"signature_null_parameters", "EEEE", "RFC 4055 5", "have it signed anew by another program", LINT_SIGNED,
     0, 0, null_judge},
    {"validity_order", "EEEE", "RFC 5280 4.1.2.5", "give it other dates", LINT_CERTIFICATE, 0, 0,
     order_judge},
    {"root_validity", "WEWE", "BR 7.1.2.1.1", "give it other dates", LINT_ROOT, 0, 0, root_days_judge},
    {"intermediate_validity", "WN-E", "", "make it shorter; 5 years do for most", LINT_INTERMEDIATE, 0, 0,
     below_days_judge},
    {"validity_second", "NWNN", "RFC 5280 4.1.2.5", "both ends count: take one second off", LINT_CERTIFICATE,
     0, 0, second_judge},
    {"time_encoding", "EEEE", "RFC 5280 4.1.2.5", "have it made anew by another program",
     LINT_CERTIFICATE | LINT_LIST, 0, 0, times_judge},
    {"unique_identifiers_absent", "EEEE", "RFC 5280 4.1.2.8", "leave them out", LINT_CERTIFICATE, 0, 0,
     unique_judge},
    {0},
};

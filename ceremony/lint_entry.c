#include "lintparts.h"

#include <string.h>

/* What is wrong with one entry, or NULL. `before` is the one in front of it, or NULL. */
typedef const char *entry_fault(const struct lint_case *c, const X509_REVOKED *entry,
                                const X509_REVOKED *before);

static STACK_OF(X509_REVOKED) * entries_of(const struct lint_case *c)
{
    return X509_CRL_get_REVOKED(c->list);
}

static enum lint_answer each_judge(const struct lint_case *c, entry_fault *fault, struct err *text)
{
    const STACK_OF(X509_REVOKED) *entries = entries_of(c);
    int count = sk_X509_REVOKED_num(entries);
    for (int i = 0; i < count; i++) {
        const X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);
        const char *said = fault(c, entry, i > 0 ? sk_X509_REVOKED_value(entries, i - 1) : NULL);
        if (said == NULL)
            continue;
        OWN(char) *hex = integer_hex(X509_REVOKED_get0_serialNumber(entry));
        return lint_found(text, "entry %d, serial number %.44s, %s", i + 1, hex, said);
    }
    return count > 0 ? LINT_PASS : LINT_NOT_APPLICABLE;
}

/* The reason code; -1: none, or damaged. */
static long reason_of(const X509_REVOKED *entry)
{
    OWN(ASN1_ENUMERATED) *reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
    return reason != NULL ? ASN1_ENUMERATED_get(reason) : -1;
}

static const char *legal_fault(const struct lint_case *c, const X509_REVOKED *entry,
                               const X509_REVOKED *before)
{
    (void)before;
    long reason = reason_of(entry);
    bool delta = lint_extension(c, NID_delta_crl) != NULL; /* only there removeFromCRL, 8, has a meaning */
    bool there = X509_REVOKED_get_ext_by_NID(entry, NID_crl_reason, -1) >= 0;
    return there && (reason < 0 || reason == 7 || reason > 10 || (reason == 8 && !delta))
               ? "has a reason that does not exist, or not in a full list"
               : NULL;
}

static const char *unspecified_fault(const struct lint_case *c, const X509_REVOKED *entry,
                                     const X509_REVOKED *before)
{
    (void)c, (void)before;
    return reason_of(entry) == 0 ? "has the reason \"unspecified\", which is said by silence" : NULL;
}

static const char *meant_fault(const struct lint_case *c, const X509_REVOKED *entry,
                               const X509_REVOKED *before)
{
    (void)c, (void)before;
    long reason = reason_of(entry);
    bool good = reason <= 0 || reason == 1 || reason == 3 || reason == 4 || reason == 5 || reason == 9;
    return good ? NULL : "has a reason other than 1, 3, 4, 5 and 9";
}

static const char *given_fault(const struct lint_case *c, const X509_REVOKED *entry,
                               const X509_REVOKED *before)
{
    (void)c, (void)before;
    return reason_of(entry) < 0 ? "is of a CA certificate and has no reason" : NULL;
}

static const char *critical_fault(const struct lint_case *c, const X509_REVOKED *entry,
                                  const X509_REVOKED *before)
{
    (void)c, (void)before;
    int at = X509_REVOKED_get_ext_by_NID(entry, NID_crl_reason, -1);
    X509_EXTENSION *extension = at >= 0 ? X509_REVOKED_get_ext(entry, at) : NULL;
    return extension != NULL && X509_EXTENSION_get_critical(extension) == 1 ? "has a critical reason" : NULL;
}

static const char *owner_fault(const struct lint_case *c, const X509_REVOKED *entry,
                               const X509_REVOKED *before)
{
    (void)c, (void)before;
    return X509_REVOKED_get_ext_by_NID(entry, NID_certificate_issuer, -1) >= 0 ? "names an issuer of its own"
                                                                               : NULL;
}

static const char *once_fault(const struct lint_case *c, const X509_REVOKED *entry,
                              const X509_REVOKED *before)
{
    (void)c, (void)before;
    for (int i = 0; i < X509_REVOKED_get_ext_count(entry); i++) {
        const ASN1_OBJECT *kind = X509_EXTENSION_get_object(X509_REVOKED_get_ext(entry, i));
        if (X509_REVOKED_get_ext_by_OBJ(entry, kind, i) >= 0)
            return "has an extension twice";
    }
    return NULL;
}

static const char *date_fault(const struct lint_case *c, const X509_REVOKED *entry,
                              const X509_REVOKED *before)
{
    (void)before;
    return time_of(X509_REVOKED_get0_revocationDate(entry)) > time_of(X509_CRL_get0_lastUpdate(c->list))
               ? "is revoked after thisUpdate"
               : NULL;
}

static const char *serial_fault(const struct lint_case *c, const X509_REVOKED *entry,
                                const X509_REVOKED *before)
{
    (void)c, (void)before;
    const ASN1_INTEGER *serial = X509_REVOKED_get0_serialNumber(entry);
    OWN(BIGNUM) *value = ASN1_INTEGER_to_BN(serial, NULL);
    return value == NULL || BN_is_negative(value) || BN_is_zero(value) ? "has a serial number that none has"
                                                                       : NULL;
}

static const char *order_fault(const struct lint_case *c, const X509_REVOKED *entry,
                               const X509_REVOKED *before)
{
    (void)c;
    return before != NULL && ASN1_INTEGER_cmp(X509_REVOKED_get0_serialNumber(before),
                                              X509_REVOKED_get0_serialNumber(entry)) > 0
               ? "is below the one before it"
               : NULL;
}

static enum lint_answer legal_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return each_judge(c, legal_fault, text);
}

static enum lint_answer unspecified_judge(const struct lint_case *c, const struct lint_rule *rule,
                                          struct err *text)
{
    (void)rule;
    return each_judge(c, unspecified_fault, text);
}

static enum lint_answer meant_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return each_judge(c, meant_fault, text);
}

static enum lint_answer critical_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    return each_judge(c, critical_fault, text);
}

static enum lint_answer owner_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return each_judge(c, owner_fault, text);
}

static enum lint_answer once_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return each_judge(c, once_fault, text);
}

static enum lint_answer date_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return each_judge(c, date_fault, text);
}

static enum lint_answer serial_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    return each_judge(c, serial_fault, text);
}

static enum lint_answer order_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return each_judge(c, order_fault, text);
}

/* A root's list is of CA certificates; so is one that says so itself. */
static enum lint_answer given_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(ISSUING_DIST_POINT) *scope = lint_decoded(c, NID_issuing_distribution_point);
    const X509 *issuer = c->context->issuer;
    if (!(scope != NULL && scope->onlyCA > 0) && !certificate_verifies(issuer, X509_get0_pubkey(issuer)))
        return LINT_NOT_APPLICABLE;
    return each_judge(c, given_fault, text);
}

/* ---- all entries together ---- */

static enum lint_answer empty_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    const STACK_OF(X509_REVOKED) *entries = entries_of(c);
    return lint_pass_if(entries == NULL || sk_X509_REVOKED_num(entries) > 0, text,
                        "the list of entries is there, and empty");
}

static int serial_compare(const X509_REVOKED *const *a, const X509_REVOKED *const *b)
{
    return ASN1_INTEGER_cmp(X509_REVOKED_get0_serialNumber(*a), X509_REVOKED_get0_serialNumber(*b));
}

typedef STACK_OF(X509_REVOKED) revoked;
OWN_DEFINE(revoked, sk_X509_REVOKED_free);

static enum lint_answer unique_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    OWN(revoked) *sorted = sk_X509_REVOKED_dup(entries_of(c));
    if (sorted == NULL || sk_X509_REVOKED_num(sorted) == 0)
        return LINT_NOT_APPLICABLE;
    sk_X509_REVOKED_set_cmp_func(sorted, serial_compare);
    sk_X509_REVOKED_sort(sorted);
    for (int i = 1; i < sk_X509_REVOKED_num(sorted); i++) {
        const ASN1_INTEGER *serial = X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(sorted, i));
        const ASN1_INTEGER *last = X509_REVOKED_get0_serialNumber(sk_X509_REVOKED_value(sorted, i - 1));
        if (ASN1_INTEGER_cmp(serial, last) != 0)
            continue;
        OWN(char) *hex = integer_hex(serial);
        return lint_found(text, "serial number %.44s is there twice", hex);
    }
    return LINT_PASS;
}

const struct lint_rule lint_entry_rules[] = {
    {"crl_empty_list_absent", "EEEE", "RFC 5280 5.1.2.6", "leave it out", LINT_LIST, 0, 0, empty_judge},
    {"crl_entries_unique", "EEEE", "RFC 5280 5.1.2.6", "leave one out", LINT_LIST, 0, 0, unique_judge},
    {"crl_entries_sorted", "NNNN", "", "no rule wants it; programs that search fast do", LINT_LIST, 0, 0,
     order_judge},
    {"crl_entry_serial", "EEEE", "RFC 5280 4.1.2.2", "leave it out", LINT_LIST, 0, 0, serial_judge},
    {"crl_entry_date", "EEEE", "RFC 5280 5.1.2.4, 5.1.2.6", "date it back, or the list on", LINT_LIST, 0, 0,
     date_judge},
    {"crl_reason_legal", "EEEE", "RFC 5280 5.3.1", "give one of 1 to 6, 9 and 10, or none", LINT_LIST, 0, 0,
     legal_judge},
    {"crl_reason_unspecified", "WEWW", "RFC 5280 5.3.1, BR 7.2.2", "give none", LINT_LIST, 0, 0,
     unspecified_judge},
    {"crl_entry_reasons", "WEWW", "BR 7.2.2", "give one of these", LINT_LIST, 0, 0, meant_judge},
    {"crl_reason_given", "WEWW", "BR 7.2.2", "give one", LINT_LIST, LINT_NEEDS_ISSUER, 0, given_judge},
    {"crl_reason_not_critical", "EEEE", "RFC 5280 5.3.1", "make it not critical", LINT_LIST, 0, 0,
     critical_judge},
    {"crl_entry_issuer_absent", "EEEE", "BR 7.2.2", "list one's own", LINT_LIST, 0, 0, owner_judge},
    {"crl_entry_extension_once", "EEEE", "RFC 5280 4.2", "leave one out", LINT_LIST, 0, 0, once_judge},
    {0},
};

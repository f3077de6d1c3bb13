#include "lintparts.h"

#include <string.h>

/* A BOOLEAN that says what is so by default anyway, at the begin of `rest`: 01 01 00. */
static bool says_false(struct der rest)
{
    struct der value;
    return der_expect(&value, &rest, DER_BOOLEAN) && value.len == 1 && value.data[0] == 0;
}

static enum lint_answer der_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    struct der whole = {c->subject->der.data, c->subject->der.len};
    return lint_pass_if(der_is_strict(whole), text,
                        "the encoding is not DER, which has one form for a value");
}

/* The values of these extensions are no ASN.1, or their owner's affair. */
static bool is_known(const X509_EXTENSION *extension)
{
    return X509V3_EXT_get((X509_EXTENSION *)extension) != NULL &&
           OBJ_obj2nid(X509_EXTENSION_get_object((X509_EXTENSION *)extension)) != NID_undef;
}

static enum lint_answer values_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    for (int i = 0; i < X509v3_get_ext_count(c->extensions); i++) {
        X509_EXTENSION *extension = X509v3_get_ext(c->extensions, i);
        int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
        if (is_known(extension) && !der_is_strict(lint_value(extension)))
            return lint_found(text, "the value of %s is not DER", OBJ_nid2sn(nid));
    }
    return c->extensions != NULL ? LINT_PASS : LINT_NOT_APPLICABLE;
}

static enum lint_answer decodes_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    for (int i = 0; i < X509v3_get_ext_count(c->extensions); i++) {
        X509_EXTENSION *extension = X509v3_get_ext(c->extensions, i);
        const X509V3_EXT_METHOD *method = X509V3_EXT_get(extension);
        void *value = is_known(extension) ? X509V3_EXT_d2i(extension) : NULL;
        if (is_known(extension) && value == NULL)
            return lint_found(text, "the value of %s is damaged",
                              OBJ_nid2sn(OBJ_obj2nid(X509_EXTENSION_get_object(extension))));
        if (value != NULL && method->it != NULL)
            ASN1_item_free(value, ASN1_ITEM_ptr(method->it));
        else if (value != NULL)
            method->ext_free(value);
    }
    return c->extensions != NULL ? LINT_PASS : LINT_NOT_APPLICABLE;
}

/* The list of extensions, in the last element of what is signed: [3] of a certificate, [0] of a CRL. */
static bool extensions_find(struct der *list, const struct lint_case *c)
{
    struct der whole = {c->subject->der.data, c->subject->der.len}, outer, signed_part;
    struct der_item item = {0};
    if (!der_expect(&outer, &whole, DER_SEQUENCE) || !der_expect(&signed_part, &outer, DER_SEQUENCE))
        return false;
    while (signed_part.len > 0)
        if (!der_take(&item, &signed_part))
            return false;
    return item.tag == (c->list != NULL ? 0xa0 : 0xa3) && der_expect(list, &item.content, DER_SEQUENCE);
}

static enum lint_answer critical_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    struct der list, one;
    struct der_item id;
    if (!extensions_find(&list, c))
        return LINT_NOT_APPLICABLE;
    while (der_expect(&one, &list, DER_SEQUENCE))
        if (der_take(&id, &one) && says_false(one))
            return lint_found(text, "an extension says that it is not critical, which is said by silence");
    return LINT_PASS;
}

static enum lint_answer authority_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    const X509_EXTENSION *extension = lint_extension(c, rule->nid);
    if (extension == NULL)
        return LINT_NOT_APPLICABLE;
    struct der value = lint_value(extension), inside;
    return lint_pass_if(!der_expect(&inside, &value, DER_SEQUENCE) || !says_false(inside), text,
                        "basicConstraints says CA:FALSE in so many bytes, which is said by silence");
}

/* Named bits end with the last that is set (X.690 11.2.2). */
static enum lint_answer bits_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    const X509_EXTENSION *extension = lint_extension(c, rule->nid);
    if (extension == NULL)
        return LINT_NOT_APPLICABLE;
    struct der value = lint_value(extension), bits;
    bool good = der_expect(&bits, &value, DER_BITS) && bits.len >= 2 && bits.len <= 3 && bits.data[0] <= 7 &&
                (bits.data[bits.len - 1] >> bits.data[0] & 1) == 1 && (bits.len == 2 || bits.data[0] == 7);
    return lint_pass_if(good, text,
                        "keyUsage has no bit set, bits beyond the ninth, or zeros behind the last");
}

static enum lint_answer empty_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    static const int never[] = {NID_name_constraints,          NID_policy_constraints, NID_ext_key_usage,
                                NID_crl_distribution_points,   NID_info_access,        NID_sinfo_access,
                                NID_certificate_policies,      NID_policy_mappings,    NID_subject_alt_name,
                                NID_issuing_distribution_point};
    (void)rule;
    bool any = false;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        const X509_EXTENSION *extension = lint_extension(c, never[i]);
        if (extension == NULL)
            continue;
        any = true;
        struct der value = lint_value(extension), inside;
        if (der_expect(&inside, &value, DER_SEQUENCE) && inside.len == 0)
            return lint_found(text, "%s is empty", OBJ_nid2sn(never[i]));
    }
    return any ? LINT_PASS : LINT_NOT_APPLICABLE;
}

static enum lint_answer twice_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    int count = X509v3_get_ext_count(c->extensions);
    for (int i = 0; i < count; i++) {
        const ASN1_OBJECT *kind = X509_EXTENSION_get_object(X509v3_get_ext(c->extensions, i));
        char name[80];
        OBJ_obj2txt(name, sizeof name, kind, 0);
        if (X509v3_get_ext_by_OBJ(c->extensions, kind, i) >= 0)
            return lint_found(text, "the extension %s is there twice", name);
    }
    return count > 0 ? LINT_PASS : LINT_NOT_APPLICABLE;
}

/* OpenSSL's list is of what certificates have. */
static bool is_processed(const struct lint_case *c, X509_EXTENSION *extension)
{
    int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));
    return X509_supported_extension(extension) == 1 ||
           (c->list != NULL && (nid == NID_issuing_distribution_point || nid == NID_delta_crl));
}

static enum lint_answer known_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    int count = X509v3_get_ext_count(c->extensions);
    for (int i = 0; i < count; i++) {
        X509_EXTENSION *extension = X509v3_get_ext(c->extensions, i);
        char name[80];
        OBJ_obj2txt(name, sizeof name, X509_EXTENSION_get_object(extension), 0);
        if (X509_EXTENSION_get_critical(extension) == 1 && !is_processed(c, extension))
            return lint_found(text, "the extension %s is critical, and hardly anything knows it", name);
    }
    return count > 0 ? LINT_PASS : LINT_NOT_APPLICABLE;
}

#define ANEW "have it made anew by a program that writes DER"

const struct lint_rule lint_encoding_rules[] = {
    {"encoding_der", "EEEE", "RFC 5280 4.1", ANEW, LINT_SIGNED, 0, 0, der_judge},
    {"extension_der", "EEEE", "RFC 5280 4.2", ANEW, LINT_EXTENDED, 0, 0, values_judge},
    {"extension_decodes", "EEEE", "RFC 5280 4.2", ANEW, LINT_EXTENDED, 0, 0, decodes_judge},
    {"extension_critical_default", "EEEE", "RFC 5280 4.1", ANEW, LINT_EXTENDED, 0, 0, critical_judge},
    {"basic_constraints_default", "EEEE", "RFC 5280 4.1", ANEW, LINT_CERTIFICATE, 0, NID_basic_constraints,
     authority_judge},
    {"key_usage_encoding", "EEEE", "RFC 5280 4.2.1.3", ANEW, LINT_CERTIFICATE, 0, NID_key_usage, bits_judge},
    {"extension_not_empty", "EEEE", "RFC 5280 4.2", "leave it out, or say what it is for", LINT_EXTENDED, 0,
     0, empty_judge},
    {"extension_once", "EEEE", "RFC 5280 4.2", "leave one out", LINT_EXTENDED, 0, 0, twice_judge},
    {"extension_critical_known", "EEEE", "RFC 5280 4.2", "leave it out, or make it not critical",
     LINT_EXTENDED, 0, 0, known_judge},
    {0},
};

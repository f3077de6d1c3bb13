#include "lintparts.h"

#include <ctype.h>
#include <string.h>

/* The first entry with that attribute, or NULL. */
static const X509_NAME_ENTRY *entry_of(const X509_NAME *name, int nid)
{
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    return at >= 0 ? X509_NAME_get_entry(name, at) : NULL;
}

static const char *attribute_of(const X509_NAME_ENTRY *entry)
{
    return OBJ_nid2sn(OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)));
}

static struct der value_of(const X509_NAME_ENTRY *entry)
{
    const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
    return (struct der){ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)};
}

static enum lint_answer some_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    return lint_pass_if(X509_NAME_entry_count(c->name) > 0, text, "the %s has an empty name",
                        c->list != NULL ? "issuer" : "subject");
}

static enum lint_answer issuer_some_judge(const struct lint_case *c, const struct lint_rule *rule,
                                          struct err *text)
{
    (void)rule;
    return lint_pass_if(X509_NAME_entry_count(X509_get_issuer_name(c->certificate)) > 0, text,
                        "the issuer has an empty name");
}

static enum lint_answer has_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    return lint_pass_if(entry_of(c->name, rule->nid) != NULL, text, "the subject has no %s",
                        OBJ_nid2ln(rule->nid));
}

static enum lint_answer has_not_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    return lint_pass_if(entry_of(c->name, rule->nid) == NULL, text, "the subject has an %s",
                        OBJ_nid2ln(rule->nid));
}

static enum lint_answer country_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    const X509_NAME_ENTRY *entry = entry_of(c->name, rule->nid);
    if (entry == NULL)
        return LINT_NOT_APPLICABLE;
    struct der value = value_of(entry);
    bool good = ASN1_STRING_type(X509_NAME_ENTRY_get_data(entry)) == V_ASN1_PRINTABLESTRING &&
                value.len == 2 && isupper(value.data[0]) && isupper(value.data[1]);
    return lint_pass_if(good, text, "the country is not two capital letters in a PrintableString");
}

static enum lint_answer bounds_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    static const struct {
        int nid, most;
    } bounds[] = {{NID_commonName, 64},    {NID_organizationName, 64},     {NID_organizationalUnitName, 64},
                  {NID_localityName, 128}, {NID_stateOrProvinceName, 128}, {NID_streetAddress, 128},
                  {NID_postalCode, 16},    {NID_serialNumber, 64},         {NID_pkcs9_emailAddress, 255}};
    (void)rule;
    for (int i = 0; i < X509_NAME_entry_count(c->name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(c->name, i);
        int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
        OWN_OPENSSL *utf8 = NULL;
        int len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry)), letters = 0;
        for (int k = 0; k < len; k++)
            letters += (utf8[k] & 0xc0) != 0x80;
        for (size_t k = 0; k < sizeof bounds / sizeof *bounds; k++)
            if (bounds[k].nid == nid && letters > bounds[k].most)
                return lint_found(text, "%s has %d characters, and %d are the most", OBJ_nid2sn(nid), letters,
                                  bounds[k].most);
    }
    return LINT_PASS;
}

static enum lint_answer type_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    for (int i = 0; i < X509_NAME_entry_count(c->name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(c->name, i);
        int type = ASN1_STRING_type(X509_NAME_ENTRY_get_data(entry));
        int nid = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
        bool mail = nid == NID_pkcs9_emailAddress || nid == NID_domainComponent;
        if (type != V_ASN1_PRINTABLESTRING && type != V_ASN1_UTF8STRING &&
            !(mail && type == V_ASN1_IA5STRING))
            return lint_found(text, "%s is a %s", attribute_of(entry), ASN1_tag2str(type));
    }
    return LINT_PASS;
}

/* Controls, what is no text in its own encoding, and what a PrintableString may not have. */
static enum lint_answer letters_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    for (int i = 0; i < X509_NAME_entry_count(c->name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(c->name, i);
        struct der value = value_of(entry);
        OWN_OPENSSL *utf8 = NULL;
        int len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
        bool printable = ASN1_STRING_type(X509_NAME_ENTRY_get_data(entry)) == V_ASN1_PRINTABLESTRING;
        bool good = len >= 0;
        for (int k = 0; k < len; k++)
            good = good && utf8[k] >= 0x20 && utf8[k] != 0x7f;
        for (size_t k = 0; printable && k < value.len; k++)
            good = good && (isalnum(value.data[k]) ||
                            (value.data[k] != 0 && strchr(" '()+,-./:=?", value.data[k]) != NULL));
        if (!good)
            return lint_found(text, "%s has characters that its kind of string does not allow",
                              attribute_of(entry));
    }
    return LINT_PASS;
}

static enum lint_answer space_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    for (int i = 0; i < X509_NAME_entry_count(c->name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(c->name, i);
        struct der value = value_of(entry);
        bool good = value.len > 0 && value.data[0] != ' ' && value.data[value.len - 1] != ' ';
        if (!good)
            return lint_found(text, "%s is empty, or begins or ends with a space", attribute_of(entry));
    }
    return LINT_PASS;
}

static enum lint_answer again_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    int count = X509_NAME_entry_count(c->name);
    for (int i = 0; i < count; i++)
        for (int k = i + 1; k < count; k++) {
            const X509_NAME_ENTRY *one = X509_NAME_get_entry(c->name, i);
            const X509_NAME_ENTRY *other = X509_NAME_get_entry(c->name, k);
            if (OBJ_cmp(X509_NAME_ENTRY_get_object(one), X509_NAME_ENTRY_get_object(other)) == 0 &&
                ASN1_STRING_cmp(X509_NAME_ENTRY_get_data(one), X509_NAME_ENTRY_get_data(other)) == 0)
                return lint_found(text, "%s is there twice with one value", attribute_of(one));
        }
    return LINT_PASS;
}

static enum lint_answer set_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    for (int i = 1; i < X509_NAME_entry_count(c->name); i++)
        if (X509_NAME_ENTRY_set(X509_NAME_get_entry(c->name, i)) ==
            X509_NAME_ENTRY_set(X509_NAME_get_entry(c->name, i - 1)))
            return lint_found(text, "two attributes stand in one set: %s and %s",
                              attribute_of(X509_NAME_get_entry(c->name, i - 1)),
                              attribute_of(X509_NAME_get_entry(c->name, i)));
    return LINT_PASS;
}

#define WRITE "write the name otherwise"

const struct lint_rule lint_name_rules[] = {
    {"subject_not_empty", "EEEE", "RFC 5280 4.1.2.6", "name it", LINT_AUTHORITY | LINT_REQUEST | LINT_LIST, 0,
     0, some_judge},
    {"issuer_not_empty", "EEEE", "RFC 5280 4.1.2.4", "name the issuer", LINT_CERTIFICATE, 0, 0,
     issuer_some_judge},
    {"subject_country", "NENN", "BR 7.1.2.10.2", "give C, O and CN", LINT_AUTHORITY, 0, NID_countryName,
     has_judge},
    {"subject_organization", "NENN", "BR 7.1.2.10.2", "give C, O and CN", LINT_AUTHORITY, 0,
     NID_organizationName, has_judge},
    {"subject_common_name", "WEWW", "BR 7.1.2.10.2", "give C, O and CN", LINT_AUTHORITY, 0, NID_commonName,
     has_judge},
    {"subject_unit_absent", "NENN", "BR 7.1.2.10.2", "leave it out", LINT_AUTHORITY, 0,
     NID_organizationalUnitName, has_not_judge},
    {"subject_country_form", "EEEE", "RFC 5280 A.1", "write the code of ISO 3166, as in \"CH\"", LINT_NAMED,
     0, NID_countryName, country_judge},
    {"subject_lengths", "EEEE", "RFC 5280 A.1", "make it shorter", LINT_NAMED, 0, 0, bounds_judge},
    {"subject_string_types", "WWWW", "RFC 5280 4.1.2.4", "use UTF8String or PrintableString", LINT_NAMED, 0,
     0, type_judge},
    {"subject_characters", "EEEE", "RFC 5280 B", WRITE, LINT_NAMED, 0, 0, letters_judge},
    {"subject_spaces", "WWWW", "", WRITE, LINT_NAMED, 0, 0, space_judge},
    {"subject_duplicates", "WEWW", "BR 7.1.4.1", "leave one out", LINT_NAMED, 0, 0, again_judge},
    {"subject_sets", "NNNN", "", "many programs expect one attribute a set", LINT_NAMED, 0, 0, set_judge},
    {0},
};

#include "subtree.h"

#include "name.h"

#include <string.h>

static bool text_ends(const ASN1_STRING *text, const ASN1_STRING *end, size_t skipped)
{
    size_t len = (size_t)ASN1_STRING_length(text), end_len = (size_t)ASN1_STRING_length(end);
    return len >= end_len + skipped &&
           strncasecmp((const char *)ASN1_STRING_get0_data(text) + (len - end_len),
                       (const char *)ASN1_STRING_get0_data(end), end_len) == 0;
}

static char letter_before(const ASN1_STRING *text, const ASN1_STRING *end)
{
    return (char)ASN1_STRING_get0_data(text)[ASN1_STRING_length(text) - ASN1_STRING_length(end) - 1];
}

/* Below a domain (DNS), of a host (e-mail), the same, or with what a constraint that begins with a dot ends.
 */
static bool text_within(const ASN1_STRING *inner, const ASN1_STRING *outer, bool dns)
{
    int len = ASN1_STRING_length(outer);
    bool dotted = len > 0 && ASN1_STRING_get0_data(outer)[0] == '.';
    if (len == 0 || (text_ends(inner, outer, 0) && ASN1_STRING_length(inner) == len))
        return true;
    if (dotted)
        return text_ends(inner, outer, 0);
    return text_ends(inner, outer, 1) && letter_before(inner, outer) == (dns ? '.' : '@');
}

static bool address_within(const ASN1_STRING *inner, const ASN1_STRING *outer)
{
    int len = ASN1_STRING_length(outer), half = len / 2;
    const unsigned char *in = ASN1_STRING_get0_data(inner), *out = ASN1_STRING_get0_data(outer);
    if (ASN1_STRING_length(inner) != len)
        return false;
    for (int i = 0; i < half; i++)
        if ((in[half + i] & out[half + i]) != out[half + i] ||
            (in[i] & out[half + i]) != (out[i] & out[half + i]))
            return false;
    return true;
}

static bool directory_within(const X509_NAME *inner, const X509_NAME *outer)
{
    OWN(X509_NAME) *begin = X509_NAME_dup(inner);
    while (begin != NULL && X509_NAME_entry_count(begin) > X509_NAME_entry_count(outer))
        X509_NAME_ENTRY_free(X509_NAME_delete_entry(begin, X509_NAME_entry_count(begin) - 1));
    return begin != NULL && X509_NAME_cmp(begin, outer) == 0;
}

bool subtree_within(const GENERAL_NAME *inner, const GENERAL_NAME *outer)
{
    switch (inner->type) {
    case GEN_IPADD:
        return address_within(inner->d.iPAddress, outer->d.iPAddress);
    case GEN_DIRNAME:
        return directory_within(inner->d.directoryName, outer->d.directoryName);
    case GEN_DNS:
    case GEN_EMAIL:
    case GEN_URI:
        return text_within(inner->d.ia5, outer->d.ia5, inner->type == GEN_DNS);
    default:
        return GENERAL_NAME_cmp((GENERAL_NAME *)inner, (GENERAL_NAME *)outer) == 0;
    }
}

bool subtree_beyond(const GENERAL_NAME *inner, const NAME_CONSTRAINTS *outer)
{
    bool limited = false;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(outer->permittedSubtrees); i++) {
        const GENERAL_NAME *name = sk_GENERAL_SUBTREE_value(outer->permittedSubtrees, i)->base;
        if (name->type != inner->type)
            continue;
        limited = true;
        if (subtree_within(inner, name))
            return false;
    }
    return limited;
}

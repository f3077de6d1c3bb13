#include "crlview.h"

#include "certificateparts.h"
#include "hasher.h"
#include "signature.h"

#include <string.h>

/* ---- taking it apart ---- */

/* An item of this tag as a whole. */
static bool whole_take(struct der *out, struct der *rest, unsigned char tag)
{
    struct der content, after = *rest;
    if (!der_expect(&content, &after, tag))
        return false;
    *out = (struct der){rest->data, rest->len - after.len};
    *rest = after;
    return true;
}

static bool der_same(struct der a, struct der b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static bool tbs_read(struct crl_view *v, struct der rest, struct err *err)
{
    static const unsigned char v2[] = {DER_INTEGER, 1, 1};
    struct der version, tagged;
    if (!whole_take(&version, &rest, DER_INTEGER) || !der_same(version, (struct der){v2, sizeof v2}))
        return err_set(err, "%s: is not version 2 (RFC 5280 5.1.2.1)", v->what);
    if (!whole_take(&v->algorithm, &rest, DER_SEQUENCE) || !whole_take(&v->issuer, &rest, DER_SEQUENCE) ||
        !revoked_time_take(&v->this_update, &rest))
        return err_set(err, "%s: not a revocation list (RFC 5280 5.1)", v->what);
    if (!revoked_time_take(&v->next_update, &rest))
        return err_set(err, "%s: has no nextUpdate (RFC 5280 5.1.2.5)", v->what);
    (void)!der_expect(&v->entries, &rest, DER_SEQUENCE); /* may be absent */
    if (!der_expect(&tagged, &rest, 0xa0) || rest.len > 0 ||
        !whole_take(&v->extensions, &tagged, DER_SEQUENCE) || tagged.len > 0)
        return err_set(err, "%s: has no extensions where they belong (RFC 5280 5.1.2.7)", v->what);
    return true;
}

bool crl_view_read(struct crl_view *out, struct der der, const char *what, struct err *err)
{
    struct crl_view v = {.what = what};
    struct der list, inside, algorithm, bits;
    if (!der_expect(&list, &der, DER_SEQUENCE) || !whole_take(&v.tbs, &list, DER_SEQUENCE) ||
        !whole_take(&algorithm, &list, DER_SEQUENCE) || !der_expect(&bits, &list, DER_BITS) || list.len > 0 ||
        bits.len < 2 || bits.data[0] != 0)
        return err_set(err, "%s: not a revocation list in DER (RFC 5280 5.1)", what);
    if (der.len > 0)
        return err_set(err, "%s: has something behind the revocation list; remove it", what);
    v.signature = (struct der){bits.data + 1, bits.len - 1};
    struct der whole = v.tbs;
    if (!der_expect(&inside, &whole, DER_SEQUENCE) || !tbs_read(&v, inside, err))
        return false;
    if (!der_same(v.algorithm, algorithm))
        return err_set(err, "%s: says two signature algorithms (RFC 5280 5.1.1.2)", what);
    *out = v;
    return true;
}

bool crl_view_mapped(struct crl_view *out, const struct mapping *mapping, const char *what, struct err *err)
{
    if (!crl_view_read(out, mapping->bytes, what, err))
        return false;
    out->mapping = mapping;
    return true;
}

/* ---- extensions ---- */

/* Its value, decoded; the caller casts and frees. */
static void *extension_of(const struct crl_view *v, int nid)
{
    const unsigned char *at = v->extensions.data;
    X509_EXTENSIONS *list = d2i_X509_EXTENSIONS(NULL, &at, (long)v->extensions.len);
    void *value = X509V3_get_d2i(list, nid, NULL, NULL);
    sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
    ERR_clear_error();
    return value;
}

long long crl_view_number(const struct crl_view *view)
{
    OWN(ASN1_INTEGER) *number = extension_of(view, NID_crl_number);
    int64_t value = -1;
    return number != NULL && ASN1_INTEGER_get_int64(&value, number) == 1 && value >= 0 ? value : -1;
}

char *crl_view_scope(const struct crl_view *view)
{
    OWN(ISSUING_DIST_POINT) *scope = extension_of(view, NID_issuing_distribution_point);
    if (scope == NULL || scope->distpoint == NULL || scope->distpoint->type != 0 ||
        sk_GENERAL_NAME_num(scope->distpoint->name.fullname) != 1)
        return NULL;
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(scope->distpoint->name.fullname, 0);
    if (name->type != GEN_URI)
        return NULL;
    return text_format("%.*s", ASN1_STRING_length(name->d.uniformResourceIdentifier),
                       (const char *)ASN1_STRING_get0_data(name->d.uniformResourceIdentifier));
}

/* ---- judging ---- */

static bool issuer_check(const struct crl_view *v, const X509 *issuer, struct err *err)
{
    const unsigned char *at = v->issuer.data;
    X509_NAME *name = d2i_X509_NAME(NULL, &at, (long)v->issuer.len);
    OWN(AUTHORITY_KEYID) *authority = extension_of(v, NID_authority_key_identifier);
    OWN(ASN1_OCTET_STRING) *id = certificate_ski(issuer);
    const bool named = name != NULL && X509_NAME_cmp(name, X509_get_subject_name(issuer)) == 0;
    X509_NAME_free(name);
    if (!named)
        return err_set(err, "%s: its issuer's name is not the certificate's subject (RFC 5280 5.1.2.3)",
                       v->what);
    if (authority == NULL || authority->keyid == NULL || id == NULL ||
        ASN1_OCTET_STRING_cmp(authority->keyid, id) != 0)
        return err_set(err,
                       "%s: its authority key identifier is not the issuer's subject key identifier (RFC "
                       "5280 5.2.1)",
                       v->what);
    return crl_view_number(v) >= 0 || err_set(err, "%s: has no CRL number (RFC 5280 5.2.3)", v->what);
}

enum { PIECE = 1 << 16 };

/* What is signed goes by in pieces, each of which is given back once it was hashed. */
static bool tbs_pass(const struct crl_view *v, EVP_MD_CTX *context, struct hasher *hasher)
{
    size_t done = 0;
    for (struct der rest = v->tbs; rest.len > 0;) {
        const size_t len = rest.len < PIECE ? rest.len : PIECE;
        if (context != NULL && EVP_DigestVerifyUpdate(context, rest.data, len) != 1)
            return false;
        if (hasher != NULL)
            hasher_add(hasher, rest.data, len);
        rest = (struct der){rest.data + len, rest.len - len};
        mapping_pass(v->mapping, rest.data, &done);
    }
    return true;
}

static bool signature_check(const struct crl_view *v, const X509 *issuer, struct err *err)
{
    const unsigned char *at = v->algorithm.data;
    OWN(X509_ALGOR) *algorithm = d2i_X509_ALGOR(NULL, &at, (long)v->algorithm.len);
    OWN(EVP_MD_CTX) *context = NULL;
    if (algorithm == NULL)
        return err_ssl(err, "%s: its signature algorithm cannot be read", v->what);
    if (!signature_verify_start(&context, algorithm, X509_get0_pubkey(issuer), err))
        return err_wrap(err, "%s", v->what);
    bool holds = tbs_pass(v, context, NULL) &&
                 EVP_DigestVerifyFinal(context, v->signature.data, v->signature.len) == 1;
    ERR_clear_error();
    return holds || err_set(err, "%s: the signature does not verify under the issuer", v->what);
}

static bool entries_count(size_t *count, const struct crl_view *v, struct err *err)
{
    struct der rest = v->entries;
    struct revoked one;
    size_t done = 0;
    for (*count = 0; rest.len > 0; ++*count) {
        if (!revoked_take(&one, &rest))
            return err_set(err, "%s: entry %zu cannot be read (RFC 5280 5.1.2.6)", v->what, *count + 1);
        mapping_pass(v->mapping, rest.data, &done);
    }
    return true;
}

bool crl_view_verify(const struct crl_view *view, const X509 *issuer, struct err *err)
{
    return issuer_check(view, issuer, err) && signature_check(view, issuer, err);
}

bool crl_view_check(size_t *count, const struct crl_view *view, const X509 *issuer, struct err *err)
{
    return entries_count(count, view, err) && crl_view_verify(view, issuer, err);
}

void crl_view_tbs(char hex[DIGEST_HEX], const struct crl_view *view)
{
    OWN_HASHER *hasher = hasher_new(HASHER_SHA256);
    if (!tbs_pass(view, NULL, hasher))
        abort();
    hasher_end(hex, hasher);
}

/* ---- entries ---- */

bool crl_view_find(struct revoked *out, bool *found, const struct crl_view *view, const char *serial,
                   struct err *err)
{
    unsigned char room[REVOKED_MAX];
    struct revoked wanted, one;
    struct der rest = view->entries;
    size_t done = 0;
    if (!revoked_make(&wanted, room, serial, 0, -1, err))
        return false;
    *found = false;
    while (!*found && revoked_take(&one, &rest)) {
        *found = der_same(one.serial, wanted.serial);
        mapping_pass(view->mapping, rest.data, &done);
    }
    if (*found)
        *out = one;
    return *found || rest.len == 0 || err_set(err, "%s: an entry cannot be read", view->what);
}

bool crl_view_entries(struct entries *out, const struct crl_view *view, struct err *err)
{
    return entries_list(out, view->entries, view->mapping, view->what, err);
}

bool crl_view_keeps(const struct crl_view *now, const struct crl_view *before, struct err *err)
{
    OWN_STRUCT(entries) all = {0};
    OWN_STRUCT(entries) old = {0};
    struct cursor here, there;
    if (!crl_view_entries(&all, now, err) || !crl_view_entries(&old, before, err))
        return false;
    cursor_start(&here, &all);
    cursor_start(&there, &old);
    while (cursor_next(&there)) {
        int order = -1;
        while (order < 0 && cursor_next(&here))
            order = revoked_compare(here.now.serial, there.now.serial);
        if (order != 0 || !der_same(here.now.whole, there.now.whole)) {
            char hex[2 * REVOKED_MAX];
            revoked_serial_hex(hex, there.now.serial);
            return err_set(err, "%s: the entry of serial %s in %s is %s (RFC 5280 3.3)", now->what, hex,
                           before->what, order == 0 ? "another here" : "not here");
        }
    }
    return true;
}

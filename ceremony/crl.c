#include "crl.h"

#include "certificateparts.h"
#include "extension.h"
#include "name.h"
#include "pem.h"
#include "signature.h"

#include <string.h>

static bool issuer_check(const struct crl_draft *draft, struct err *err)
{
    bool present = false;
    unsigned usage = certificate_key_usage(&present, draft->issuer);
    if (!present || (usage & USAGE_CRL_SIGN) == 0)
        return err_set(err, "revocation list: the issuer lacks the cRLSign usage (RFC 5280 4.2.1.3)");
    OWN(ASN1_OCTET_STRING) *id = certificate_ski(draft->issuer);
    if (id == NULL)
        return err_set(
            err, "revocation list: the issuer has no subject key identifier to refer to (RFC 5280 5.2.1)");
    return draft->key == NULL || certificate_matches_key(draft->issuer, draft->key, err) ||
           err_wrap(err, "revocation list");
}

static bool times_check(const struct crl_draft *draft, struct err *err)
{
    char ours[32], theirs[32];
    time_text(ours, draft->this_update);
    time_text(theirs, certificate_not_before(draft->issuer));
    if (draft->this_update < certificate_not_before(draft->issuer))
        return err_set(err, "revocation list: thisUpdate %s precedes the issuer's notBefore %s", ours,
                       theirs);
    time_text(theirs, draft->next_update);
    if (draft->next_update <= draft->this_update)
        return err_set(err, "revocation list: nextUpdate %s is not after thisUpdate %s (RFC 5280 5.1.2.5)",
                       theirs, ours);
    time_text(ours, certificate_not_after(draft->issuer));
    if (draft->next_update > certificate_not_after(draft->issuer))
        return err_set(err, "revocation list: nextUpdate %s passes the issuer's notAfter %s", theirs, ours);
    return draft->number >= 0 || err_set(err, "revocation list: the number is negative (RFC 5280 5.2.3)");
}

/* 7 is not used; 8 takes an entry off in a delta list, and this is none. */
static bool reason_is_good(int reason)
{
    return reason >= -1 && reason <= 10 && reason != 7 && reason != 8;
}

static bool reason_add(X509_REVOKED *revoked, int reason, struct err *err)
{
    if (reason <= 0)
        return true; /* "unspecified" should be said by absence (RFC 5280 5.3.1) */
    OWN(ASN1_ENUMERATED) *value = ASN1_ENUMERATED_new();
    if (value == NULL || ASN1_ENUMERATED_set(value, reason) != 1 ||
        X509_REVOKED_add1_ext_i2d(revoked, NID_crl_reason, value, 0, 0) != 1)
        return err_ssl(err, "revocation list: a reason cannot be encoded");
    return true;
}

static bool entry_add(X509_CRL *crl, const struct crl_entry *entry, time_t this_update, struct err *err)
{
    OWN(ASN1_INTEGER) *serial = NULL;
    OWN(ASN1_TIME) *date = ASN1_TIME_set(NULL, entry->revoked);
    OWN(X509_REVOKED) *revoked = X509_REVOKED_new();
    X509_REVOKED *twin = NULL;
    if (!serial_parse(&serial, entry->serial, err))
        return err_wrap(err, "revocation list");
    if (!reason_is_good(entry->reason))
        return err_set(err,
                       "revocation list: serial %s has reason %d; 1 to 6, 9, 10 or none are legal "
                       "(RFC 5280 5.3.1)",
                       entry->serial, entry->reason);
    if (entry->revoked > this_update)
        return err_set(err, "revocation list: serial %s is revoked after thisUpdate", entry->serial);
    if (X509_CRL_get0_by_serial(crl, &twin, serial) != 0)
        return err_set(err, "revocation list: serial %s is there twice", entry->serial);
    if (date == NULL || revoked == NULL || X509_REVOKED_set_serialNumber(revoked, serial) != 1 ||
        X509_REVOKED_set_revocationDate(revoked, date) != 1)
        return err_ssl(err, "revocation list: serial %s cannot be encoded", entry->serial);
    if (!reason_add(revoked, entry->reason, err))
        return false;
    if (X509_CRL_add0_revoked(crl, revoked) != 1)
        return err_ssl(err, "revocation list: serial %s cannot be added", entry->serial);
    revoked = NULL; /* now in the list */
    return true;
}

static bool extensions_add(X509_CRL *crl, const struct crl_draft *draft, struct err *err)
{
    OWN(AUTHORITY_KEYID) *authority = NULL;
    OWN(ASN1_INTEGER) *number = ASN1_INTEGER_new();
    if (!extension_authority(&authority, draft->issuer, err))
        return false;
    if (number == NULL || ASN1_INTEGER_set_int64(number, draft->number) != 1 ||
        X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, authority, 0, 0) != 1 ||
        X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) != 1)
        return err_ssl(err, "revocation list: an extension cannot be made");
    return true;
}

static bool crl_make(X509_CRL **out, const struct crl_draft *draft, struct err *err)
{
    OWN(X509_CRL) *crl = X509_CRL_new();
    OWN(ASN1_TIME) *this_update = ASN1_TIME_set(NULL, draft->this_update);
    OWN(ASN1_TIME) *next_update = ASN1_TIME_set(NULL, draft->next_update);
    if (crl == NULL || this_update == NULL || next_update == NULL ||
        X509_CRL_set_version(crl, X509_CRL_VERSION_2) != 1 ||
        X509_CRL_set_issuer_name(crl, X509_get_subject_name(draft->issuer)) != 1 ||
        X509_CRL_set1_lastUpdate(crl, this_update) != 1 || X509_CRL_set1_nextUpdate(crl, next_update) != 1)
        return err_ssl(err, "revocation list: cannot be made");
    for (size_t i = 0; i < draft->count; i++)
        if (!entry_add(crl, &draft->entries[i], draft->this_update, err))
            return false;
    if (draft->count > 0 && X509_CRL_sort(crl) != 1)
        return err_ssl(err, "revocation list: cannot be sorted");
    if (!extensions_add(crl, draft, err))
        return false;
    *out = GIVE(crl);
    return true;
}

bool crl_der(struct bytes *der, const X509_CRL *crl, struct err *err)
{
    OWN_OPENSSL *data = NULL;
    int len = i2d_X509_CRL(crl, &data);
    if (len <= 0)
        return err_ssl(err, "revocation list: cannot be encoded");
    bytes_add(der, data, (size_t)len);
    return true;
}

static bool crl_tbs(char hex[DIGEST_HEX], X509_CRL *crl, struct err *err)
{
    OWN_OPENSSL *tbs = NULL;
    int len = i2d_re_X509_CRL_tbs(crl, &tbs);
    if (len <= 0)
        return err_ssl(err, "revocation list: cannot be encoded");
    digest_hex(hex, tbs, (size_t)len);
    return true;
}

static bool crl_sign(X509_CRL **out, const struct crl_draft *draft, const struct key *key, struct err *err)
{
    OWN(X509_CRL) *crl = NULL;
    OWN(EVP_MD_CTX) *context = NULL;
    if (!issuer_check(draft, err) || !times_check(draft, err) || !crl_make(&crl, draft, err) ||
        !signature_start(&context, NULL, key_evp(key), err))
        return false;
    if (X509_CRL_sign_ctx(crl, context) <= 0)
        return err_ssl(err, "revocation list: cannot be signed");
    *out = GIVE(crl);
    return true;
}

/* OpenSSL sets the inner algorithm of a list only while it signs, and has no other setter: a key that is
 * thrown away signs it first. The algorithm is the same for RSA of every size. */
bool crl_preview(X509_CRL **out, const struct crl_draft *draft, struct err *err)
{
    OWN_KEY *spent = NULL;
    char kind[32];
    const EVP_PKEY *issuer = X509_get0_pubkey(draft->issuer);
    pkey_kind(kind, issuer);
    return key_generate(&spent, EVP_PKEY_get_base_id(issuer) == EVP_PKEY_RSA ? "RSA-2048" : kind, err) &&
           crl_sign(out, draft, spent, err);
}

bool crl_announce(char tbs_digest[DIGEST_HEX], const struct crl_draft *draft, struct err *err)
{
    OWN(X509_CRL) *crl = NULL;
    return crl_preview(&crl, draft, err) && crl_tbs(tbs_digest, crl, err);
}

bool crl_issue(struct bytes *der, char tbs_digest[DIGEST_HEX], const struct crl_draft *draft, struct err *err)
{
    OWN(X509_CRL) *crl = NULL;
    if (!crl_sign(&crl, draft, draft->key, err))
        return false;
    OWN_STRUCT(bytes) text = {0};
    OWN(X509_CRL) *back = NULL;
    if (!crl_der(&text, crl, err) || !crl_parse(&back, &text, "the new revocation list", err) ||
        !crl_check(back, draft->issuer, err) || !crl_tbs(tbs_digest, back, err))
        return false;
    *der = bytes_give(&text);
    return true;
}

bool crl_parse(X509_CRL **out, const struct bytes *text, const char *what, struct err *err)
{
    static const struct pem_kind kind = {"X509 CRL", NULL, "revocation list"};
    OWN_STRUCT(bytes) der = {0};
    if (!pem_single(&der, text, &kind, what, err))
        return false;
    const unsigned char *at = der.data;
    OWN(X509_CRL) *crl = d2i_X509_CRL(NULL, &at, (long)der.len);
    if (crl == NULL)
        return err_ssl(err, "%s: not a revocation list (RFC 5280 5.1)", what);
    if (at != der.data + der.len)
        return err_set(err, "%s: has something behind the revocation list; remove it", what);
    *out = GIVE(crl);
    return true;
}

bool crl_pem(struct bytes *pem, const X509_CRL *crl, struct err *err)
{
    OWN_STRUCT(bytes) der = {0};
    if (!crl_der(&der, crl, err))
        return false;
    pem_write(pem, "X509 CRL", &der);
    return true;
}

static ASN1_OCTET_STRING *crl_aki(const X509_CRL *crl)
{
    OWN(AUTHORITY_KEYID) *found = X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, NULL, NULL);
    return found != NULL ? GIVE(found->keyid) : NULL;
}

static bool crl_verifies(const X509_CRL *crl, const X509 *issuer)
{
    OWN(X509_CRL) *copy = X509_CRL_dup(crl); /* X509_CRL_verify wants no const */
    bool ok = copy != NULL && X509_CRL_verify(copy, X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    return ok;
}

bool crl_check(const X509_CRL *crl, const X509 *issuer, struct err *err)
{
    OWN(ASN1_OCTET_STRING) *authority = crl_aki(crl);
    OWN(ASN1_OCTET_STRING) *id = certificate_ski(issuer);
    OWN(ASN1_INTEGER) *number = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
    if (X509_CRL_get_version(crl) != X509_CRL_VERSION_2)
        return err_set(err, "revocation list: is not version 2 (RFC 5280 5.1.2.1)");
    if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) != 0)
        return err_set(
            err, "revocation list: its issuer's name is not the certificate's subject (RFC 5280 5.1.2.3)");
    if (authority == NULL || id == NULL || ASN1_OCTET_STRING_cmp(authority, id) != 0)
        return err_set(err, "revocation list: its authority key identifier is not the issuer's subject key "
                            "identifier (RFC 5280 5.2.1)");
    if (number == NULL)
        return err_set(err, "revocation list: has no CRL number (RFC 5280 5.2.3)");
    return crl_verifies(crl, issuer) ||
           err_set(err, "revocation list: the signature does not verify under the issuer");
}

static void set_time(json_t *object, const char *member, const ASN1_TIME *time)
{
    char text[32];
    time_text(text, time_of(time));
    json_object_set_new(object, member, time != NULL ? json_string(text) : json_null());
}

bool crl_to_json(json_t **out, const X509_CRL *crl, struct err *err)
{
    OWN_STRUCT(bytes) der = {0};
    char digest[DIGEST_HEX], tbs[DIGEST_HEX];
    OWN(X509_CRL) *copy = X509_CRL_dup(crl);
    if (copy == NULL || !crl_der(&der, crl, err) || !crl_tbs(tbs, copy, err))
        return false;
    digest_hex(digest, der.data, der.len);
    OWN(char) *issuer = name_text(X509_CRL_get_issuer(crl));
    OWN(ASN1_OCTET_STRING) *authority = crl_aki(crl);
    OWN(char) *hex = octets_hex(authority);
    OWN(ASN1_INTEGER) *number = X509_CRL_get_ext_d2i(crl, NID_crl_number, NULL, NULL);
    int64_t value = 0;
    bool numbered = number != NULL && ASN1_INTEGER_get_int64(&value, number) == 1;
    int entries = sk_X509_REVOKED_num(X509_CRL_get_REVOKED((X509_CRL *)crl)); /* it only reads */
    json_t *object = json_object();
    json_object_set_new(object, "issuer", json_string(issuer));
    json_object_set_new(object, "number", numbered ? json_integer(value) : json_null());
    set_time(object, "this_update", X509_CRL_get0_lastUpdate(crl));
    set_time(object, "next_update", X509_CRL_get0_nextUpdate(crl));
    json_object_set_new(object, "entries", json_integer(entries > 0 ? entries : 0));
    json_object_set_new(object, "sha256", json_string(digest));
    json_object_set_new(object, "tbs_sha256", json_string(tbs));
    json_object_set_new(object, "aki", authority != NULL ? json_string(hex) : json_null());
    *out = object;
    return true;
}

json_t *crl_revoked_json(const X509_CRL *crl, size_t most)
{
    STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED((X509_CRL *)crl); /* it only reads */
    json_t *list = json_array();
    for (int i = 0; i < sk_X509_REVOKED_num(entries) && (size_t)i < most; i++) {
        const X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);
        OWN(char) *serial = integer_hex(X509_REVOKED_get0_serialNumber(entry));
        ASN1_ENUMERATED *reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, NULL, NULL);
        char date[32];
        time_text(date, time_of(X509_REVOKED_get0_revocationDate(entry)));
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:I}", "serial", serial, "date", date, "reason",
                                        (json_int_t)(reason != NULL ? ASN1_ENUMERATED_get(reason) : -1)));
        ASN1_ENUMERATED_free(reason);
    }
    return list;
}

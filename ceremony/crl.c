#include "crl.h"

#include "certificateparts.h"
#include "name.h"
#include "pem.h"

#include <string.h>

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

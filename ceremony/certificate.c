#include "certificate.h"

#include "certificateparts.h"
#include "name.h"
#include "pem.h"
#include "profilefields.h"

#include <string.h>

/* Encoded once more from its parts: bytes that DER allows in one way only come out the same. */
static bool survives(const struct bytes *der)
{
    const unsigned char *at = der->data;
    OWN(X509) *cert = d2i_X509(NULL, &at, (long)der->len);
    OWN_OPENSSL *tbs = NULL;
    OWN_OPENSSL *whole = NULL;
    if (cert == NULL || i2d_re_X509_tbs(cert, &tbs) <= 0)
        return false;
    int len = i2d_X509(cert, &whole);
    return len > 0 && (size_t)len == der->len && memcmp(whole, der->data, der->len) == 0;
}

bool certificate_parse(X509 **out, const struct bytes *text, const char *what, struct err *err)
{
    static const struct pem_kind kind = {"CERTIFICATE", NULL, "certificate"};
    OWN_STRUCT(bytes) der = {0};
    if (!pem_single(&der, text, &kind, what, err))
        return false;
    const unsigned char *at = der.data;
    OWN(X509) *cert = d2i_X509(NULL, &at, (long)der.len);
    if (cert == NULL)
        return err_ssl(err, "%s: not a certificate (RFC 5280 4.1)", what);
    if (at != der.data + der.len)
        return err_set(err, "%s: has something behind the certificate; remove it", what);
    if (!survives(&der)) {
        ERR_clear_error();
        return err_set(
            err, "%s: the certificate is not in DER: encoded again it has other bytes (RFC 5280 4.1)", what);
    }
    if (X509_get0_pubkey(cert) == NULL)
        return err_ssl(err, "%s: the certificate's public key cannot be read", what);
    *out = GIVE(cert);
    return true;
}

bool certificate_der(struct bytes *der, const X509 *cert, struct err *err)
{
    OWN_OPENSSL *data = NULL;
    int len = i2d_X509(cert, &data);
    if (len <= 0)
        return err_ssl(err, "the certificate cannot be encoded");
    bytes_add(der, data, (size_t)len);
    return true;
}

bool certificate_pem(struct bytes *pem, const X509 *cert, struct err *err)
{
    OWN_STRUCT(bytes) der = {0};
    if (!certificate_der(&der, cert, err))
        return false;
    pem_write(pem, "CERTIFICATE", &der);
    return true;
}

bool certificate_fingerprint(char hex[DIGEST_HEX], const X509 *cert, struct err *err)
{
    OWN_STRUCT(bytes) der = {0};
    if (!certificate_der(&der, cert, err))
        return false;
    digest_hex(hex, der.data, der.len);
    return true;
}

bool certificate_spki_digest(char hex[DIGEST_HEX], const X509 *cert, struct err *err)
{
    OWN_OPENSSL *data = NULL;
    int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(cert), &data);
    if (len <= 0)
        return err_ssl(err, "the certificate's public key cannot be encoded");
    digest_hex(hex, data, (size_t)len);
    return true;
}

bool certificate_matches_key(const X509 *cert, const struct key *key, struct err *err)
{
    if (EVP_PKEY_eq(X509_get0_pubkey(cert), key_evp(key)) == 1)
        return true;
    char kind[32];
    pkey_kind(kind, X509_get0_pubkey(cert));
    OWN(char) *subject = name_text(X509_get_subject_name(cert));
    return err_set(err,
                   "the private key (%s) does not belong to the certificate of \"%s\" (%s): "
                   "bring in the one that does",
                   key_kind(key), subject, kind);
}

/* The full-name URIs of the CRL distribution points. */
static json_t *crl_urls(const X509 *cert)
{
    json_t *urls = json_array();
    OWN(CRL_DIST_POINTS) *points = X509_get_ext_d2i(cert, NID_crl_distribution_points, NULL, NULL);
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT_NAME *name = sk_DIST_POINT_value(points, i)->distpoint;
        for (int j = 0; name != NULL && name->type == 0 && j < sk_GENERAL_NAME_num(name->name.fullname);
             j++) {
            int type = 0;
            const ASN1_STRING *uri =
                GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(name->name.fullname, j), &type);
            if (type == GEN_URI)
                json_array_append_new(urls, json_stringn((const char *)ASN1_STRING_get0_data(uri),
                                                         (size_t)ASN1_STRING_length(uri)));
        }
    }
    return urls;
}

static json_t *key_usage_names_of(const X509 *cert)
{
    json_t *names = json_array();
    bool present = false;
    unsigned usage = certificate_key_usage(&present, cert);
    for (int i = 0; i < KEY_USAGES; i++)
        if ((usage >> i & 1) != 0)
            json_array_append_new(names, json_string(key_usage_names[i]));
    return names;
}

static json_t *hex_or_null(ASN1_OCTET_STRING *octets)
{
    OWN(ASN1_OCTET_STRING) *owned = octets;
    OWN(char) *hex = octets_hex(owned);
    return hex[0] != 0 ? json_string(hex) : json_null();
}

static void set_times(json_t *object, const X509 *cert)
{
    char text[32];
    time_text(text, certificate_not_before(cert));
    json_object_set_new(object, "not_before", json_string(text));
    time_text(text, certificate_not_after(cert));
    json_object_set_new(object, "not_after", json_string(text));
}

bool certificate_prepared_to_json(json_t **out, const X509 *cert, struct err *err)
{
    char spki[DIGEST_HEX], kind[32];
    if (!certificate_spki_digest(spki, cert, err))
        return false;
    struct constraints constraints;
    certificate_constraints(&constraints, cert);
    pkey_kind(kind, X509_get0_pubkey(cert));
    OWN(char) *subject = name_text(X509_get_subject_name(cert));
    OWN(char) *issuer = name_text(X509_get_issuer_name(cert));
    OWN(char) *serial = integer_hex(X509_get0_serialNumber(cert));
    json_t *object = json_object();
    json_object_set_new(object, "subject", json_string(subject));
    json_object_set_new(object, "issuer", json_string(issuer));
    json_object_set_new(object, "serial", json_string(serial));
    set_times(object, cert);
    json_object_set_new(object, "key", json_string(kind));
    json_object_set_new(object, "spki_sha256", json_string(spki));
    json_object_set_new(object, "ca", json_boolean(constraints.ca));
    json_object_set_new(object, "path_length",
                        constraints.path_length >= 0 ? json_integer(constraints.path_length) : json_null());
    json_object_set_new(object, "ski", hex_or_null(certificate_ski(cert)));
    json_object_set_new(object, "aki", hex_or_null(certificate_aki(cert)));
    json_object_set_new(object, "crl_urls", crl_urls(cert));
    /* the inner algorithm: the outer one is not there before the certificate is signed */
    const ASN1_OBJECT *algorithm = X509_get0_tbs_sigalg(cert)->algorithm;
    json_object_set_new(object, "signature", json_string(OBJ_nid2ln(OBJ_obj2nid(algorithm))));
    json_object_set_new(object, "key_usage", key_usage_names_of(cert));
    *out = object;
    return true;
}

bool certificate_to_json(json_t **out, const X509 *cert, struct err *err)
{
    char fingerprint[DIGEST_HEX];
    if (!certificate_fingerprint(fingerprint, cert, err) || !certificate_prepared_to_json(out, cert, err))
        return false;
    json_object_set_new(*out, "sha256", json_string(fingerprint));
    return true;
}

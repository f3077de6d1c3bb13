#include "fields.h"

#include "certificateparts.h"
#include "crl.h"
#include "digest.h"
#include "pem.h"
#include "preview.h"
#include "request.h"
#include "ssl.h"
#include "tbs.h"

#include <string.h>

#define WHAT "file" /* no message of these ever reaches anybody */

/* Takes the extensions one by one, as preview.h shows them. */
static json_t *extensions_json(const STACK_OF(X509_EXTENSION) * extensions)
{
    json_t *list = json_array();
    for (int i = 0; i < sk_X509_EXTENSION_num(extensions); i++)
        json_array_append_new(list, extension_json(sk_X509_EXTENSION_value(extensions, i)));
    return list;
}

bool fields_certificate(json_t **out, const X509 *cert, struct err *err)
{
    if (!certificate_prepared_to_json(out, cert, err))
        return false;
    json_object_set_new(*out, "extensions", extensions_json(X509_get0_extensions(cert)));
    return true;
}

bool fields_request(json_t **out, const X509_REQ *request, struct err *err)
{
    char spki[DIGEST_HEX];
    if (!request_spki_digest(spki, request, err) || !request_to_json(out, request, err))
        return false;
    json_object_set_new(*out, "spki_sha256", json_string(spki));
    json_object_del(*out, "SignatureAlgorithm");
    return true;
}

static bool certificate_fields(json_t **out, const struct bytes *data)
{
    OWN(X509) *cert = NULL;
    OWN(json_t) *fields = NULL;
    struct err err = {0};
    char tbs[DIGEST_HEX];
    if (!certificate_parse(&cert, data, WHAT, &err) || !certificate_to_json(&fields, cert, &err) ||
        !tbs_digest(tbs, cert, &err))
        return false;
    json_object_set_new(fields, "kind", json_string("certificate"));
    json_object_set_new(fields, "tbs_sha256", json_string(tbs));
    json_object_set_new(fields, "extensions", extensions_json(X509_get0_extensions(cert)));
    *out = GIVE(fields);
    return true;
}

static bool request_fields(json_t **out, const struct bytes *data)
{
    OWN(X509_REQ) *request = NULL;
    OWN(json_t) *fields = NULL;
    OWN_OPENSSL *der = NULL;
    struct err err = {0};
    char hex[DIGEST_HEX];
    if (!request_parse(&request, data, WHAT, &err) || !request_to_json(&fields, request, &err) ||
        !request_spki_digest(hex, request, &err))
        return false;
    json_object_set_new(fields, "kind", json_string("request"));
    json_object_set_new(fields, "spki_sha256", json_string(hex));
    int len = i2d_X509_REQ(request, &der);
    digest_hex(hex, der, len > 0 ? (size_t)len : 0);
    json_object_set_new(fields, "sha256", json_string(hex));
    *out = GIVE(fields);
    return true;
}

static json_t *revoked_json(X509_CRL *crl)
{
    json_t *list = json_array();
    const STACK_OF(X509_REVOKED) *revoked = X509_CRL_get_REVOKED(crl);
    for (int i = 0; i < sk_X509_REVOKED_num(revoked); i++) {
        const X509_REVOKED *one = sk_X509_REVOKED_value(revoked, i);
        char date[32];
        time_text(date, time_of(X509_REVOKED_get0_revocationDate(one)));
        OWN(char) *serial = integer_hex(X509_REVOKED_get0_serialNumber(one));
        json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "serial", serial, "date", date, "extensions",
                                              extensions_json(X509_REVOKED_get0_extensions(one))));
    }
    return list;
}

bool fields_crl(json_t **out, X509_CRL *crl, struct err *err)
{
    if (!crl_to_json(out, crl, err))
        return false;
    json_object_del(*out, "sha256");
    json_object_del(*out, "tbs_sha256");
    json_object_set_new(*out, "extensions", extensions_json(X509_CRL_get0_extensions(crl)));
    json_object_set_new(*out, "revoked", revoked_json(crl));
    return true;
}

static bool crl_fields(json_t **out, const struct bytes *data)
{
    OWN(X509_CRL) *crl = NULL;
    OWN(json_t) *fields = NULL;
    struct err err = {0};
    if (!crl_parse(&crl, data, WHAT, &err) || !crl_to_json(&fields, crl, &err))
        return false;
    json_object_set_new(fields, "kind", json_string("crl"));
    json_object_set_new(fields, "extensions", extensions_json(X509_CRL_get0_extensions(crl)));
    json_object_set_new(fields, "revoked", revoked_json(crl));
    *out = GIVE(fields);
    return true;
}

/* Nothing but certificates, each a PEM block. */
static bool bundle_fields(json_t **out, const struct bytes *data)
{
    OWN(json_t) *list = json_array();
    struct bytes rest = *data; /* borrowed: a view that grows shorter */
    while (!pem_ends(&rest, 0)) {
        struct pem_blocks found;
        json_t *fields = NULL;
        pem_look(&found, &rest);
        if (found.count == 0 || found.private_key)
            return false;
        OWN_STRUCT(bytes) block = bytes_copy(rest.data + found.begin, found.end - found.begin);
        if (!certificate_fields(&fields, &block))
            return false;
        json_array_append_new(list, fields);
        rest = (struct bytes){rest.data + found.end, rest.len - found.end};
    }
    if (json_array_size(list) == 0)
        return false;
    char hex[DIGEST_HEX];
    digest_hex(hex, data->data, data->len);
    *out = json_pack("{s:s, s:O, s:s}", "kind", "certificates", "list", list, "sha256", hex);
    return true;
}

bool fields_read(json_t **out, const struct bytes *data)
{
    bool read = certificate_fields(out, data) || crl_fields(out, data) || request_fields(out, data) ||
                bundle_fields(out, data);
    ERR_clear_error();
    return read;
}

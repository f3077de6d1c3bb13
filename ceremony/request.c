#include "request.h"

#include "base64.h"
#include "name.h"
#include "pem.h"
#include "signature.h"
#include "ssl.h"

#include <arpa/inet.h>

static void extensions_free(STACK_OF(X509_EXTENSION) * list)
{
    sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
}
typedef STACK_OF(X509_EXTENSION) extensions;
OWN_DEFINE(extensions, extensions_free);

static bool request_pem(struct bytes *pem, const X509_REQ *request, struct err *err)
{
    OWN_OPENSSL *der = NULL;
    int len = i2d_X509_REQ(request, &der);
    if (len <= 0)
        return err_ssl(err, "the request cannot be encoded");
    OWN_STRUCT(bytes) bytes = bytes_copy(der, (size_t)len);
    pem_write(pem, "CERTIFICATE REQUEST", &bytes);
    return true;
}

bool request_prepare(X509_REQ **out, EVP_PKEY *subject_key, const struct profile *profile, struct err *err)
{
    const X509_NAME *subject = profile_subject(profile);
    if (subject == NULL)
        return err_set(err, "subject: is empty; a request must name its subject");
    OWN(X509_REQ) *request = X509_REQ_new();
    if (request == NULL || X509_REQ_set_version(request, X509_REQ_VERSION_1) != 1 ||
        X509_REQ_set_subject_name(request, subject) != 1 || X509_REQ_set_pubkey(request, subject_key) != 1)
        return err_ssl(err, "the request cannot be made");
    if (!profile_extend_request(request, profile, err))
        return false;
    *out = GIVE(request);
    return true;
}

bool request_create(struct bytes *pem, const struct key *key, const struct profile *profile, struct err *err)
{
    OWN(X509_REQ) *request = NULL;
    OWN(EVP_MD_CTX) *context = NULL;
    if (!request_prepare(&request, key_evp(key), profile, err) ||
        !signature_start(&context, NULL, key_evp(key), err))
        return false;
    if (X509_REQ_sign_ctx(request, context) <= 0)
        return err_ssl(err, "the request cannot be signed");
    OWN_STRUCT(bytes) text = {0};
    OWN(X509_REQ) *back = NULL;
    if (!request_pem(&text, request, err) || !request_parse(&back, &text, "the new request", err))
        return false;
    *pem = bytes_give(&text);
    return true;
}

bool request_parse(X509_REQ **out, const struct bytes *text, const char *what, struct err *err)
{
    static const struct pem_kind kind = {"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST",
                                         "certificate request"};
    OWN_STRUCT(bytes) der = {0};
    if (!pem_single(&der, text, &kind, what, err))
        return false;
    const unsigned char *at = der.data;
    OWN(X509_REQ) *request = d2i_X509_REQ(NULL, &at, (long)der.len);
    if (request == NULL)
        return err_ssl(err, "%s: not a certificate request (RFC 2986)", what);
    if (at != der.data + der.len)
        return err_set(err, "%s: has something behind the certificate request; remove it", what);
    EVP_PKEY *key = X509_REQ_get0_pubkey(request);
    if (key == NULL)
        return err_ssl(err, "%s: the request's public key cannot be read", what);
    if (X509_REQ_verify(request, key) != 1) {
        ERR_clear_error();
        return err_set(
            err,
            "%s: the request's own signature does not verify, so possession of the key is not proven "
            "(RFC 2986 4.2)",
            what);
    }
    if (!pkey_is_strong(key, err))
        return err_wrap(err, "%s", what);
    *out = GIVE(request);
    return true;
}

EVP_PKEY *request_key(const X509_REQ *request)
{
    return X509_REQ_get0_pubkey((X509_REQ *)request); /* it only reads, but wants no const */
}

bool request_spki_digest(char hex[DIGEST_HEX], const X509_REQ *request, struct err *err)
{
    OWN_OPENSSL *der = NULL;
    /* the getter only reads, but wants no const */
    int len = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY((X509_REQ *)request), &der);
    if (len <= 0)
        return err_ssl(err, "the request's public key cannot be encoded");
    digest_hex(hex, der, (size_t)len);
    return true;
}

static json_t *string_json(const ASN1_STRING *string)
{
    return json_stringn((const char *)ASN1_STRING_get0_data(string), (size_t)ASN1_STRING_length(string));
}

static json_t *address_json(const ASN1_STRING *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(address), text,
              sizeof text);
    return json_string(text);
}

static void names_to_json(json_t *object, const extensions *list)
{
    json_t *dns = json_array(), *email = json_array(), *ip = json_array(), *uri = json_array();
    OWN(GENERAL_NAMES) *names = X509V3_get_d2i(list, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        int type = 0;
        const void *value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, i), &type);
        if (type == GEN_DNS)
            json_array_append_new(dns, string_json(value));
        else if (type == GEN_EMAIL)
            json_array_append_new(email, string_json(value));
        else if (type == GEN_URI)
            json_array_append_new(uri, string_json(value));
        else if (type == GEN_IPADD)
            json_array_append_new(ip, address_json(value));
    }
    json_object_set_new(object, "DNSNames", dns);
    json_object_set_new(object, "EmailAddresses", email);
    json_object_set_new(object, "IPAddresses", ip);
    json_object_set_new(object, "URIs", uri);
}

static json_t *base64_json(const unsigned char *data, size_t len)
{
    OWN(char) *text = base64_encode(data, len);
    return json_string(text);
}

/* As step has it, the alternative names are critical where there is no other (RFC 5280 4.1.2.6). */
static json_t *extensions_json(const extensions *list, bool nameless)
{
    json_t *array = json_array();
    for (int i = 0; i < sk_X509_EXTENSION_num(list); i++) {
        X509_EXTENSION *extension = sk_X509_EXTENSION_value(list, i);
        const ASN1_OCTET_STRING *data = X509_EXTENSION_get_data(extension);
        const ASN1_OBJECT *oid = X509_EXTENSION_get_object(extension);
        bool critical = X509_EXTENSION_get_critical(extension) != 0 ||
                        (nameless && OBJ_obj2nid(oid) == NID_subject_alt_name);
        json_t *value = base64_json(ASN1_STRING_get0_data(data), (size_t)ASN1_STRING_length(data));
        char id[128];
        OBJ_obj2txt(id, sizeof id, oid, 1);
        json_array_append_new(array,
                              json_pack("{s:s, s:b, s:o}", "id", id, "critical", critical, "value", value));
    }
    return array;
}

bool request_to_json(json_t **out, const X509_REQ *request, struct err *err)
{
    json_t *subject = NULL;
    const X509_NAME *name = X509_REQ_get_subject_name(request);
    const unsigned char *raw;
    size_t raw_len;
    if (!name_to_json(&subject, name, err))
        return false;
    if (X509_NAME_get0_der(name, &raw, &raw_len) != 1) {
        json_decref(subject);
        return err_ssl(err, "the request's subject cannot be encoded");
    }
    OWN(extensions) *list = X509_REQ_get_extensions((X509_REQ *)request); /* it only reads */
    const X509_ALGOR *algorithm = NULL;
    const ASN1_BIT_STRING *signature = NULL;
    X509_REQ_get0_signature(request, &signature, &algorithm);
    char kind[32];
    pkey_kind(kind, request_key(request));
    json_t *object = json_object();
    json_object_set_new(object, "Subject", subject);
    json_object_set_new(object, "RawSubject", base64_json(raw, raw_len));
    json_object_set_new(object, "PublicKeyKind", json_string(kind));
    names_to_json(object, list);
    json_object_set_new(object, "Extensions", extensions_json(list, X509_NAME_entry_count(name) == 0));
    json_object_set_new(object, "Version", json_integer(X509_REQ_get_version(request)));
    json_object_set_new(object, "Signature",
                        base64_json(ASN1_STRING_get0_data(signature), (size_t)ASN1_STRING_length(signature)));
    json_object_set_new(object, "SignatureAlgorithm", json_string(signature_name(algorithm)));
    *out = object;
    return true;
}

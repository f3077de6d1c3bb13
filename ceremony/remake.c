#include "remake.h"

#include "fields.h"
#include "jsondiff.h"
#include "request.h"
#include "ssl.h"
#include "tbs.h"

#include <string.h>

const char *const remade_names[] = {[REMADE_IDENTICAL] = "identical",
                                    [REMADE_RESIGNED] = "resigned",
                                    [REMADE_UNSIGNED] = "unsigned",
                                    [REMADE_DIFFERENT] = "different"};

void remake_free(struct remake *r)
{
    json_decref(r->differences);
    *r = (struct remake){0};
}

static void verdict_set(struct remake *out, enum remade verdict)
{
    remake_free(out);
    *out = (struct remake){verdict, json_array()};
}

/* What differs by field; where no field shows it, it is the encoding. */
static void different(struct remake *out, const json_t *recorded, const json_t *made)
{
    remake_free(out);
    *out = (struct remake){REMADE_DIFFERENT, json_difference(recorded, made)};
    if (json_array_size(out->differences) == 0)
        json_array_append_new(out->differences, json_pack("{s:s}", "path", "encoding"));
}

/* Two signatures over the same bytes. Those that are not random must be one. */
static void signed_compare(struct remake *out, const struct bytes *recorded, const struct bytes *made,
                           int algorithm)
{
    if (bytes_equal(recorded, made)) {
        verdict_set(out, REMADE_IDENTICAL);
        return;
    }
    int digest = NID_undef, key = NID_undef;
    bool known = OBJ_find_sigid_algs(algorithm, &digest, &key) == 1;
    if (algorithm != NID_ED25519 && !(known && key == NID_rsaEncryption)) {
        verdict_set(out, REMADE_RESIGNED);
        return;
    }
    verdict_set(out, REMADE_DIFFERENT);
    json_array_append_new(out->differences, json_pack("{s:s}", "path", "signature value"));
}

/* ---- certificates ---- */

static bool tbs_bytes(struct bytes *out, const X509 *cert, struct err *err)
{
    OWN_OPENSSL *der = NULL;
    int len = i2d_re_X509_tbs((X509 *)cert, &der);
    if (len <= 0)
        return err_ssl(err, "the to-be-signed part cannot be encoded");
    *out = bytes_copy(der, (size_t)len);
    return true;
}

static bool certificates_differ(struct remake *out, const X509 *recorded, const X509 *made, struct err *err)
{
    OWN(json_t) *before = NULL;
    OWN(json_t) *after = NULL;
    if (!fields_certificate(&before, recorded, err) || !fields_certificate(&after, made, err))
        return false;
    different(out, before, after);
    return true;
}

static bool certificate_again(struct remake *out, const struct draft *draft, const struct tbs *tbs,
                              X509 *made, const X509 *recorded, struct err *err)
{
    OWN_STRUCT(bytes) pem = {0}, new_der = {0}, old_der = {0};
    OWN(X509) *back = NULL;
    char digest[DIGEST_HEX];
    if (draft->key == NULL) {
        verdict_set(out, REMADE_UNSIGNED);
        return true;
    }
    if (!tbs_digest(digest, made, err) || !tbs_sign(&pem, made, tbs, digest, err) ||
        !certificate_parse(&back, &pem, "the new one", err) || !certificate_der(&new_der, back, err) ||
        !certificate_der(&old_der, recorded, err))
        return false;
    signed_compare(out, &old_der, &new_der, X509_get_signature_nid(recorded));
    return true;
}

bool remake_certificate(struct remake *out, const struct draft *draft, const struct bytes *recorded,
                        struct err *err)
{
    OWN(X509) *cert = NULL;
    OWN(X509) *made = NULL;
    OWN_STRUCT(bytes) old_tbs = {0}, new_tbs = {0};
    struct tbs tbs = tbs_of_draft(draft);
    if (draft->key != NULL)
        tbs.signer = key_evp(draft->key);
    if (draft->key != NULL && draft->issuer != NULL &&
        !certificate_matches_key(draft->issuer, draft->key, err))
        return false;
    if (!certificate_parse(&cert, recorded, "the recorded certificate", err) || !tbs_make(&made, &tbs, err) ||
        !tbs_bytes(&old_tbs, cert, err) || !tbs_bytes(&new_tbs, made, err))
        return false;
    return bytes_equal(&old_tbs, &new_tbs) ? certificate_again(out, draft, &tbs, made, cert, err)
                                           : certificates_differ(out, cert, made, err);
}

/* ---- revocation lists ---- */

static bool crls_differ(struct remake *out, X509_CRL *recorded, X509_CRL *made, struct err *err)
{
    OWN(json_t) *before = NULL;
    OWN(json_t) *after = NULL;
    if (!fields_crl(&before, recorded, err) || !fields_crl(&after, made, err))
        return false;
    different(out, before, after);
    return true;
}

static bool crl_again(struct remake *out, const struct crl_draft *draft, const X509_CRL *recorded,
                      struct err *err)
{
    OWN_STRUCT(bytes) old_der = {0}, new_der = {0};
    char digest[DIGEST_HEX];
    if (draft->key == NULL) {
        verdict_set(out, REMADE_UNSIGNED);
        return true;
    }
    if (!crl_issue(&new_der, digest, draft, err) || !crl_der(&old_der, recorded, err))
        return false;
    signed_compare(out, &old_der, &new_der, X509_CRL_get_signature_nid(recorded));
    return true;
}

static const char *tbs_of(const json_t *facts)
{
    return json_string_value(json_object_get(facts, "tbs_sha256"));
}

bool remake_crl(struct remake *out, const struct crl_draft *draft, const struct bytes *recorded,
                struct err *err)
{
    OWN(X509_CRL) *crl = NULL;
    OWN(X509_CRL) *made = NULL;
    OWN(json_t) *old = NULL;
    OWN(json_t) *new = NULL;
    if (!crl_parse(&crl, recorded, "the recorded list", err) || !crl_preview(&made, draft, err) ||
        !crl_to_json(&old, crl, err) || !crl_to_json(&new, made, err))
        return false;
    return strcmp(tbs_of(old), tbs_of(new)) == 0 ? crl_again(out, draft, crl, err)
                                                 : crls_differ(out, crl, made, err);
}

/* ---- requests ---- */

static bool request_tbs(struct bytes *out, X509_REQ *request, struct err *err)
{
    OWN_OPENSSL *der = NULL;
    int len = i2d_re_X509_REQ_tbs(request, &der);
    if (len <= 0)
        return err_ssl(err, "the request cannot be encoded");
    *out = bytes_copy(der, (size_t)len);
    return true;
}

bool remake_request(struct remake *out, const struct profile *profile, const struct bytes *recorded,
                    struct err *err)
{
    OWN(X509_REQ) *request = NULL;
    OWN(X509_REQ) *made = NULL;
    OWN(json_t) *before = NULL;
    OWN(json_t) *after = NULL;
    OWN_STRUCT(bytes) old_tbs = {0}, new_tbs = {0};
    if (!request_parse(&request, recorded, "the recorded request", err) ||
        !request_prepare(&made, request_key(request), profile, err) || !request_tbs(&old_tbs, request, err) ||
        !request_tbs(&new_tbs, made, err))
        return false;
    if (bytes_equal(&old_tbs, &new_tbs)) {
        verdict_set(out, REMADE_UNSIGNED);
        return true;
    }
    if (!fields_request(&before, request, err) || !fields_request(&after, made, err))
        return false;
    different(out, before, after);
    return true;
}

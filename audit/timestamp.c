#include "timestamp.h"

#include "../ceremony/ssl.h"

#include <limits.h>
#include <openssl/pkcs7.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <string.h>

#define NONCE_BYTES 8

/* What OpenSSL 3.4 calls the call that takes the store over (Debian 13 has 3.5, Debian 12 has 3.0). */
#if OPENSSL_VERSION_NUMBER < 0x30400000L
#define TS_VERIFY_CTX_set0_store(context, store) ((void)TS_VERIFY_CTX_set_store(context, store))
#endif

OWN_DEFINE(TS_REQ, TS_REQ_free);
OWN_DEFINE(TS_RESP, TS_RESP_free);
OWN_DEFINE(TS_MSG_IMPRINT, TS_MSG_IMPRINT_free);
OWN_DEFINE(TS_VERIFY_CTX, TS_VERIFY_CTX_free);
OWN_DEFINE(X509_STORE, X509_STORE_free);

/* ---- asking ---- */

static bool imprint_set(TS_REQ *request, const char sha256[DIGEST_HEX])
{
    unsigned char digest[DIGEST_LEN];
    OWN(TS_MSG_IMPRINT) *imprint = TS_MSG_IMPRINT_new();
    OWN(X509_ALGOR) *algorithm = X509_ALGOR_new();
    if (imprint == NULL || algorithm == NULL || !hex_decode(digest, sha256, sizeof digest))
        return false;
    X509_ALGOR_set_md(algorithm, EVP_sha256());
    return TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
           TS_MSG_IMPRINT_set_msg(imprint, digest, sizeof digest) == 1 &&
           TS_REQ_set_msg_imprint(request, imprint) == 1;
}

/* The top bit is clear and the next one set: a positive number of always the same length. */
static bool nonce_set(TS_REQ *request)
{
    unsigned char random[NONCE_BYTES];
    if (RAND_bytes(random, sizeof random) != 1)
        return false;
    random[0] = (unsigned char)((random[0] & 0x7f) | 0x40);
    OWN(BIGNUM) *number = BN_bin2bn(random, sizeof random, NULL);
    OWN(ASN1_INTEGER) *nonce = number != NULL ? BN_to_ASN1_INTEGER(number, NULL) : NULL;
    return nonce != NULL && TS_REQ_set_nonce(request, nonce) == 1;
}

bool timestamp_query(struct bytes *der, const char sha256[DIGEST_HEX], struct err *err)
{
    OWN(TS_REQ) *request = TS_REQ_new();
    if (request == NULL || TS_REQ_set_version(request, 1) != 1 || !imprint_set(request, sha256) ||
        !nonce_set(request) || TS_REQ_set_cert_req(request, 1) != 1)
        return err_ssl(err, "cannot make a request for a timestamp");
    OWN_OPENSSL *raw = NULL;
    int len = i2d_TS_REQ(request, &raw);
    if (len <= 0)
        return err_ssl(err, "cannot encode a request for a timestamp");
    *der = bytes_copy(raw, (size_t)len);
    return true;
}

/* ---- reading ---- */

/* DER to the last byte: what is not part of the response would hide beside it. */
static bool response_decode(TS_RESP **out, const struct bytes *der, const char *what, struct err *err)
{
    const unsigned char *at = der->data;
    OWN(TS_RESP) *response =
        der->len > 0 && der->len <= INT_MAX ? d2i_TS_RESP(NULL, &at, (long)der->len) : NULL;
    OWN_OPENSSL *again = NULL;
    int len = response != NULL ? i2d_TS_RESP(response, &again) : -1;
    if (len < 0 || (size_t)len != der->len || memcmp(again, der->data, der->len) != 0) {
        ERR_clear_error();
        return err_set(err, "%s: not a timestamp's response in DER (RFC 3161 2.4.2)", what);
    }
    long status = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response)));
    if ((status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS) ||
        TS_RESP_get_token(response) == NULL || TS_RESP_get_tst_info(response) == NULL)
        return err_set(err, "%s: the authority did not grant a timestamp (status %ld, RFC 3161 2.4.2)", what,
                       status);
    *out = GIVE(response);
    return true;
}

static bool imprint_check(TS_TST_INFO *info, const char sha256[DIGEST_HEX], const char *what, struct err *err)
{
    TS_MSG_IMPRINT *imprint = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OBJECT *algorithm = NULL;
    const ASN1_OCTET_STRING *digest = TS_MSG_IMPRINT_get_msg(imprint);
    char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
    X509_ALGOR_get0(&algorithm, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
    if (ASN1_STRING_length(digest) <= EVP_MAX_MD_SIZE)
        hex_encode(hex, ASN1_STRING_get0_data(digest), (size_t)ASN1_STRING_length(digest));
    return (OBJ_obj2nid(algorithm) == NID_sha256 && strcmp(hex, sha256) == 0) ||
           err_set(err, "%s: is about %s, not about the page's SHA-256 %s", what, hex, sha256);
}

static bool time_read(struct timestamp *out, const TS_TST_INFO *info)
{
    struct tm tm = {0};
    if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &tm) != 1)
        return false;
    out->time = timegm(&tm);
    return true;
}

static void authority_name(char out[512], const X509 *signer)
{
    OWN(BIO) *text = BIO_new(BIO_s_mem());
    int len = 0;
    if (text != NULL && X509_NAME_print_ex(text, X509_get_subject_name(signer), 0, XN_FLAG_RFC2253) >= 0)
        len = BIO_read(text, out, 511);
    out[len > 0 ? len : 0] = '\0';
}

/* By the certificate that is in it; nobody asks yet who issued that. */
static bool signature_check(char authority[512], PKCS7 *token, const char *what, struct err *err)
{
    STACK_OF(X509) *signers = PKCS7_get0_signers(token, NULL, 0);
    bool good = sk_X509_num(signers) == 1 && PKCS7_verify(token, NULL, NULL, NULL, NULL, PKCS7_NOVERIFY) == 1;
    if (good)
        authority_name(authority, sk_X509_value(signers, 0));
    sk_X509_free(signers);
    ERR_clear_error();
    return good || err_set(err, "%s: is not signed by the certificate that is in it (RFC 5652 5.6)", what);
}

bool timestamp_read(struct timestamp *out, enum timestamp_rule *broken, const struct bytes *der,
                    const char sha256[DIGEST_HEX], const char *what, struct err *err)
{
    OWN(TS_RESP) *response = NULL;
    struct timestamp found = {0};
    *broken = TIMESTAMP_FORM;
    if (!response_decode(&response, der, what, err))
        return false;
    if (!time_read(&found, TS_RESP_get_tst_info(response)))
        return err_ssl(err, "%s: its time cannot be read (RFC 3161 2.4.2)", what);
    *broken = TIMESTAMP_IMPRINT;
    if (!imprint_check(TS_RESP_get_tst_info(response), sha256, what, err))
        return false;
    *broken = TIMESTAMP_SIGNATURE;
    if (!signature_check(found.authority, TS_RESP_get_token(response), what, err))
        return false;
    *out = found;
    return true;
}

bool timestamp_answers(const struct bytes *der, const struct bytes *query, const char *what, struct err *err)
{
    const unsigned char *at = query->data;
    OWN(TS_RESP) *response = NULL;
    OWN(TS_REQ) *request = query->len <= INT_MAX ? d2i_TS_REQ(NULL, &at, (long)query->len) : NULL;
    if (request == NULL || TS_REQ_get_nonce(request) == NULL)
        return err_ssl(err, "the query is no request of verger timestamp; give the file that it wrote");
    if (!response_decode(&response, der, what, err))
        return false;
    const ASN1_INTEGER *nonce = TS_TST_INFO_get_nonce(TS_RESP_get_tst_info(response));
    return (nonce != NULL && ASN1_INTEGER_cmp(nonce, TS_REQ_get_nonce(request)) == 0) ||
           err_set(err, "%s: answers another request (its nonce differs, RFC 3161 2.4.1)", what);
}

/* ---- trusting ---- */

static bool store_open(X509_STORE **out, const char *ca_file, time_t when, struct err *err)
{
    OWN(X509_STORE) *store = X509_STORE_new();
    X509_VERIFY_PARAM *parameters = store != NULL ? X509_STORE_get0_param(store) : NULL;
    if (parameters == NULL || X509_STORE_load_file(store, ca_file) != 1)
        return err_ssl(err, "%s: holds no certificate in PEM; give the authority's for --tsa-ca", ca_file);
    X509_VERIFY_PARAM_set_time(parameters, when);
    *out = GIVE(store);
    return true;
}

bool timestamp_trust(const struct bytes *der, const char sha256[DIGEST_HEX], const char *ca_file,
                     const char *what, struct err *err)
{
    struct timestamp stamp = {0};
    enum timestamp_rule broken;
    OWN(TS_RESP) *response = NULL;
    OWN(X509_STORE) *store = NULL;
    OWN(TS_VERIFY_CTX) *context = TS_VERIFY_CTX_new();
    if (!timestamp_read(&stamp, &broken, der, sha256, what, err) ||
        !response_decode(&response, der, what, err) || !store_open(&store, ca_file, stamp.time, err))
        return false;
    if (context == NULL)
        return err_ssl(err, "%s: cannot be checked", what);
    TS_VERIFY_CTX_set_flags(context, TS_VFY_VERSION | TS_VFY_SIGNATURE);
    TS_VERIFY_CTX_set0_store(context, GIVE(store));
    if (TS_RESP_verify_token(context, TS_RESP_get_token(response)) != 1)
        return err_ssl(err, "%s: is not by a timestamping authority under %s", what, ca_file);
    return true;
}

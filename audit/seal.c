#include "seal.h"

#include "../ceremony/file.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>

#define KEY_FILE "seal.key"
#define CERTIFICATE_FILE "seal.crt"

OWN_DEFINE(BIO, BIO_free_all);
OWN_DEFINE(CMS_ContentInfo, CMS_ContentInfo_free);
OWN_DEFINE(ASN1_TIME, ASN1_TIME_free);

struct seal {
    struct key *key;
    X509 *certificate;
};

void seal_free(struct seal *seal)
{
    if (seal == NULL)
        return;
    key_free(seal->key);
    X509_free(seal->certificate);
    free(seal);
}

const X509 *seal_certificate(const struct seal *seal)
{
    return seal->certificate;
}

const struct key *seal_key(const struct seal *seal)
{
    return seal->key;
}

/* Both files or none. */
static bool enrolment_write(const char *folder, const struct bytes *key, const struct bytes *certificate,
                            struct err *err)
{
    OWN(char) *key_path = path_join(folder, KEY_FILE);
    OWN(char) *certificate_path = path_join(folder, CERTIFICATE_FILE);
    if (file_exists(key_path) || file_exists(certificate_path))
        return err_set(err,
                       "%s: somebody is enrolled here already; name another folder, or move the old " KEY_FILE
                       " and " CERTIFICATE_FILE " away",
                       folder);
    if (!file_create(key_path, key->data, key->len, 0600, err))
        return false;
    if (file_create(certificate_path, certificate->data, certificate->len, 0644, err))
        return true;
    struct err second = {0};
    if (!file_remove(key_path, &second))
        return err_set(err, "%s; and %s", err->text, second.text);
    return false;
}

bool seal_enrol(const char *folder, const char *name, const char *station, bool rehearsal,
                const struct secret *password, time_t now, struct err *err)
{
    OWN_KEY *key = NULL;
    OWN(X509) *certificate = NULL;
    OWN_STRUCT(bytes) key_pem = {0};
    OWN_STRUCT(bytes) certificate_text = {0};
    return key_generate(&key, "P-256", err) &&
           signer_make(&certificate, key, name, station, rehearsal, now, err) &&
           certificate_pem(&certificate_text, certificate, err) && key_write(&key_pem, key, password, err) &&
           folder_make(folder, 0700, err) && enrolment_write(folder, &key_pem, &certificate_text, err);
}

bool seal_open(struct seal **out, const char *folder, const struct secret *password, bool *wrong_password,
               struct err *err)
{
    OWN(char) *key_path = path_join(folder, KEY_FILE);
    OWN(char) *certificate_path = path_join(folder, CERTIFICATE_FILE);
    OWN_STRUCT(bytes) key_pem = {0};
    OWN_STRUCT(bytes) certificate_text = {0};
    OWN_SEAL *seal = memory_new(1, sizeof *seal);
    struct signer who;
    if (!file_read(&key_pem, key_path, FILE_MAX_SMALL, err) ||
        !file_read(&certificate_text, certificate_path, FILE_MAX_SMALL, err))
        return err_wrap(err, "no sealing key in %s; make one with verger enrol", folder);
    if (!certificate_parse(&seal->certificate, &certificate_text, certificate_path, err) ||
        !signer_read(&who, seal->certificate, certificate_path, err) ||
        !key_parse(&seal->key, &key_pem, password, wrong_password, key_path, err))
        return false;
    if (!certificate_matches_key(seal->certificate, seal->key, err))
        return err_wrap(err, "%s does not belong to %s", certificate_path, key_path);
    *out = GIVE(seal);
    return true;
}

static BIO *content_bio(const struct bytes *content)
{
    if (content->len > INT_MAX)
        return NULL;
    return BIO_new_mem_buf(content->len != 0 ? (const void *)content->data : "", (int)content->len);
}

/* The time is set by hand: left alone, OpenSSL would write the clock's, and the page's own time counts. */
static bool signer_add(CMS_ContentInfo *cms, const struct seal *seal, time_t when, struct err *err)
{
    OWN(ASN1_TIME) *time = ASN1_TIME_set(NULL, when);
    CMS_SignerInfo *info = CMS_add1_signer(cms, seal->certificate, key_evp(seal->key), EVP_sha256(),
                                           CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP);
    if (time == NULL || info == NULL ||
        CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, time->type, time, -1) != 1)
        return err_ssl(err, "cannot begin a seal");
    return true;
}

bool seal_make(struct bytes *p7s, const struct seal *seal, const struct bytes *content, time_t when,
               struct err *err)
{
    const unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL;
    OWN(CMS_ContentInfo) *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
    OWN(BIO) *data = content_bio(content);
    if (cms == NULL || data == NULL)
        return err_ssl(err, "cannot begin a seal over %zu bytes", content->len);
    if (!signer_add(cms, seal, when, err))
        return false;
    if (CMS_final(cms, data, NULL, CMS_BINARY | CMS_DETACHED) != 1)
        return err_ssl(err, "cannot make a seal");
    unsigned char *der = NULL;
    int len = i2d_CMS_ContentInfo(cms, &der);
    if (len <= 0)
        return err_ssl(err, "cannot encode a seal");
    OWN_STRUCT(bytes) made = bytes_copy(der, (size_t)len);
    OPENSSL_free(der);
    time_t signed_at = 0;
    if (!seal_check(&signed_at, &made, content, seal->certificate, "the new seal", err))
        return false;
    *p7s = bytes_give(&made);
    return true;
}

/* DER has one form for one value (X.690 10): what is read, written again, must be the same bytes. */
static bool seal_decode(CMS_ContentInfo **out, const struct bytes *p7s, const char *what, struct err *err)
{
    const unsigned char *at = p7s->data;
    OWN(CMS_ContentInfo) *cms =
        p7s->len != 0 && p7s->len <= LONG_MAX ? d2i_CMS_ContentInfo(NULL, &at, (long)p7s->len) : NULL;
    if (cms == NULL)
        return err_ssl(err, "%s: not a CMS signature in DER (RFC 5652)", what);
    unsigned char *der = NULL;
    int len = i2d_CMS_ContentInfo(cms, &der);
    struct bytes again = {.data = der, .len = len > 0 ? (size_t)len : 0};
    bool canonical = len > 0 && bytes_equal(&again, p7s);
    OPENSSL_free(der);
    if (!canonical)
        return err_set(err, "%s: not canonical DER, or something stands behind it (X.690 10)", what);
    *out = GIVE(cms);
    return true;
}

/* One certificate, the signer's own, and no revocation list. */
static bool enclosed_check(CMS_ContentInfo *cms, const X509 *signer, const char *what, struct err *err)
{
    STACK_OF(X509) *certificates = CMS_get1_certs(cms);
    STACK_OF(X509_CRL) *lists = CMS_get1_crls(cms);
    bool right = certificates != NULL && sk_X509_num(certificates) == 1 &&
                 X509_cmp(sk_X509_value(certificates, 0), signer) == 0 && lists == NULL;
    sk_X509_pop_free(certificates, X509_free);
    sk_X509_CRL_pop_free(lists, X509_CRL_free);
    if (!right)
        return err_set(err, "%s: encloses something else than the certificate of its station", what);
    return true;
}

static bool attributes_check(CMS_SignerInfo *info, const char *what, struct err *err)
{
    static const int wanted[] = {NID_pkcs9_contentType, NID_pkcs9_messageDigest, NID_pkcs9_signingTime};
    const int count = (int)(sizeof wanted / sizeof wanted[0]);
    if (CMS_unsigned_get_attr_count(info) > 0)
        return err_set(err, "%s: has unsigned attributes, which anybody could have added", what);
    bool right = CMS_signed_get_attr_count(info) == count;
    for (int i = 0; right && i < count; i++) {
        X509_ATTRIBUTE *attribute =
            CMS_signed_get_attr(info, CMS_signed_get_attr_by_NID(info, wanted[i], -1));
        right = attribute != NULL && X509_ATTRIBUTE_count(attribute) == 1;
    }
    if (!right)
        return err_set(err, "%s: signed attributes are not contentType, messageDigest and signingTime alone",
                       what);
    return true;
}

static bool algorithms_check(CMS_SignerInfo *info, const char *what, struct err *err)
{
    X509_ALGOR *digest = NULL, *signature = NULL;
    const ASN1_OBJECT *digest_name = NULL, *signature_name = NULL;
    CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest, &signature);
    X509_ALGOR_get0(&digest_name, NULL, NULL, digest);
    X509_ALGOR_get0(&signature_name, NULL, NULL, signature);
    if (OBJ_obj2nid(digest_name) != NID_sha256 || OBJ_obj2nid(signature_name) != NID_ecdsa_with_SHA256)
        return err_set(err, "%s: not SHA-256 with ECDSA", what);
    return true;
}

static bool form_check(CMS_ContentInfo *cms, X509 *signer, const char *what, struct err *err)
{
    if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed || CMS_is_detached(cms) != 1 ||
        OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_pkcs7_data)
        return err_set(err, "%s: not a detached signature over data (RFC 5652 5.1)", what);
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
    if (infos == NULL || sk_CMS_SignerInfo_num(infos) != 1)
        return err_set(err, "%s: not exactly one signature", what);
    CMS_SignerInfo *info = sk_CMS_SignerInfo_value(infos, 0);
    if (CMS_SignerInfo_cert_cmp(info, signer) != 0)
        return err_set(err, "%s: signed by another certificate than the one enrolled", what);
    return enclosed_check(cms, signer, what, err) && algorithms_check(info, what, err) &&
           attributes_check(info, what, err);
}

/* Against this certificate alone: it was enrolled by hand, so no chain is built and no trust store consulted.
 */
static bool signature_check(CMS_ContentInfo *cms, const struct bytes *content, X509 *signer, const char *what,
                            struct err *err)
{
    const unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY;
    OWN(BIO) *data = content_bio(content);
    STACK_OF(X509) *signers = sk_X509_new_null();
    bool valid = data != NULL && signers != NULL && sk_X509_push(signers, signer) > 0 &&
                 CMS_verify(cms, signers, NULL, data, NULL, flags) == 1;
    sk_X509_free(signers);
    if (!valid)
        return err_ssl(err, "%s: the signature does not verify over these bytes", what);
    return true;
}

static bool signing_time(time_t *when, CMS_ContentInfo *cms, const char *what, struct err *err)
{
    CMS_SignerInfo *info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    X509_ATTRIBUTE *attribute =
        CMS_signed_get_attr(info, CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1));
    const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type(attribute, 0);
    struct tm tm = {0};
    if (value == NULL || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME) ||
        ASN1_TIME_to_tm((const ASN1_TIME *)value->value.ptr, &tm) != 1)
        return err_ssl(err, "%s: signingTime cannot be read (RFC 5652 11.3)", what);
    *when = timegm(&tm);
    return true;
}

bool seal_judge(time_t *when, enum seal_rule *broken, const struct bytes *p7s, const struct bytes *content,
                X509 *signer, const char *what, struct err *err)
{
    OWN(CMS_ContentInfo) *cms = NULL;
    time_t signed_at = 0;
    *broken = SEAL_FORM;
    if (!seal_decode(&cms, p7s, what, err) || !form_check(cms, signer, what, err) ||
        !signing_time(&signed_at, cms, what, err))
        return false;
    *broken = SEAL_SIGNATURE;
    if (!signature_check(cms, content, signer, what, err))
        return false;
    *broken = SEAL_LIFE;
    if (signed_at < certificate_not_before(signer) || signed_at > certificate_not_after(signer))
        return err_set(err, "%s: signed outside the life of its certificate (RFC 5280 4.1.2.5)", what);
    *when = signed_at;
    return true;
}

bool seal_check(time_t *when, const struct bytes *p7s, const struct bytes *content, X509 *signer,
                const char *what, struct err *err)
{
    enum seal_rule broken;
    return seal_judge(when, &broken, p7s, content, signer, what, err);
}

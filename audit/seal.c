#include "seal.h"

#include "../ceremony/file.h"
#include "../ceremony/ssl.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <string.h>

#define KEY_FILE "seal.key"
#define KEY_COMING ".seal.key.verger-new"
#define CERTIFICATE_FILE "seal.crt"

OWN_DEFINE(CMS_ContentInfo, CMS_ContentInfo_free);

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

/* Where the files of an enrolment lie. The key gets its name last: where only the coming one is, nobody was
 * told of a certificate yet. */
struct places {
    char *key, *coming, *certificate;
};
static void places_free(struct places *p)
{
    free(p->key);
    free(p->coming);
    free(p->certificate);
}

static struct places places_in(const char *folder)
{
    return (struct places){path_join(folder, KEY_FILE), path_join(folder, KEY_COMING),
                           path_join(folder, CERTIFICATE_FILE)};
}

bool seal_is_free(const char *folder, struct err *err)
{
    OWN_STRUCT(places) at = places_in(folder);
    const char *found = file_exists(at.key) ? at.key : NULL;
    if (found == NULL && file_exists(at.certificate) && !file_exists(at.coming))
        found = at.certificate;
    return found == NULL ||
           err_set(err, "%s: is there already; a sealing key is made once: choose another --home", found);
}

/* The coming key last: it says that what else is there may go. */
static bool enrolment_remove(const struct places *at, struct err *err)
{
    return file_remove(at->key, err) && file_remove(at->certificate, err) && file_remove(at->coming, err);
}

/* Both files or none. */
static bool enrolment_write(const char *folder, const struct bytes *key, const struct bytes *certificate,
                            struct err *err)
{
    OWN_STRUCT(places) at = places_in(folder);
    struct err second = {0};
    if (!seal_is_free(folder, err) || !enrolment_remove(&at, err))
        return false;
    if (file_create(at.coming, key->data, key->len, 0600, err) &&
        file_create(at.certificate, certificate->data, certificate->len, 0644, err) &&
        file_rename(at.coming, at.key, err))
        return true;
    if (!enrolment_remove(&at, &second))
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
    if (!file_exists(key_path) || !file_exists(certificate_path))
        return err_set(err, "no sealing key in %s; make one with verger enrol", folder);
    return seal_open_files(out, key_path, certificate_path, password, wrong_password, err);
}

bool seal_open_files(struct seal **out, const char *key_path, const char *certificate_path,
                     const struct secret *password, bool *wrong_password, struct err *err)
{
    OWN_STRUCT(bytes) key_pem = {0};
    OWN_STRUCT(bytes) certificate_text = {0};
    OWN_SEAL *seal = memory_new(1, sizeof *seal);
    struct signer who;
    if (!file_read(&key_pem, key_path, FILE_MAX_SMALL, err) ||
        !file_read(&certificate_text, certificate_path, FILE_MAX_SMALL, err) ||
        !file_is_own(key_path, 077, err))
        return false;
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
static CMS_SignerInfo *signer_add(CMS_ContentInfo *cms, X509 *certificate, EVP_PKEY *key, time_t when)
{
    OWN(ASN1_TIME) *time = ASN1_TIME_set(NULL, when);
    CMS_SignerInfo *info =
        CMS_add1_signer(cms, certificate, key, EVP_sha256(), CMS_BINARY | CMS_DETACHED | CMS_NOSMIMECAP);
    if (time == NULL || info == NULL ||
        CMS_signed_add1_attr_by_NID(info, NID_pkcs9_signingTime, time->type, time, -1) != 1)
        return NULL;
    return info;
}

static CMS_ContentInfo *seal_begin(void)
{
    return CMS_sign(NULL, NULL, NULL, NULL, CMS_BINARY | CMS_DETACHED | CMS_PARTIAL);
}

static bool seal_encode(struct bytes *out, CMS_ContentInfo *cms)
{
    OWN_OPENSSL *der = NULL;
    int len = i2d_CMS_ContentInfo(cms, &der);
    if (len <= 0)
        return false;
    *out = bytes_copy(der, (size_t)len);
    return true;
}

bool seal_make(struct bytes *p7s, const struct seal *seal, const struct bytes *content, time_t when,
               struct err *err)
{
    OWN(CMS_ContentInfo) *cms = seal_begin();
    OWN(BIO) *data = content_bio(content);
    OWN_STRUCT(bytes) made = {0};
    if (cms == NULL || data == NULL || signer_add(cms, seal->certificate, key_evp(seal->key), when) == NULL)
        return err_ssl(err, "cannot begin a seal over %zu bytes", content->len);
    if (CMS_final(cms, data, NULL, CMS_BINARY | CMS_DETACHED) != 1 || !seal_encode(&made, cms))
        return err_ssl(err, "cannot make a seal");
    time_t signed_at = 0;
    if (!seal_check(&signed_at, &made, content, seal->certificate, "the new seal", err))
        return false;
    bytes_free(p7s);
    *p7s = bytes_give(&made);
    return true;
}

static CMS_SignerInfo *only_signer(CMS_ContentInfo *cms)
{
    STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
    return infos != NULL && sk_CMS_SignerInfo_num(infos) == 1 ? sk_CMS_SignerInfo_value(infos, 0) : NULL;
}

/* What somebody without the key could add or encode otherwise is not covered by the signature: certificates,
 * versions, algorithm parameters, unsigned attributes. So the seal is built anew around its signed parts, and
 * must come out as the same bytes. */
static bool form_check(CMS_ContentInfo *cms, const struct bytes *p7s, X509 *signer, time_t when)
{
    CMS_SignerInfo *info = only_signer(cms);
    X509_ATTRIBUTE *digest =
        CMS_signed_get_attr(info, CMS_signed_get_attr_by_NID(info, NID_pkcs9_messageDigest, -1));
    OWN(CMS_ContentInfo) *again = seal_begin();
    CMS_SignerInfo *copy = again != NULL ? signer_add(again, signer, X509_get0_pubkey(signer), when) : NULL;
    OWN_STRUCT(bytes) der = {0};
    return copy != NULL && digest != NULL &&
           CMS_signed_add1_attr_by_NID(copy, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                       OBJ_nid2obj(NID_pkcs7_data), -1) == 1 &&
           CMS_signed_add1_attr(copy, digest) == 1 &&
           ASN1_STRING_copy(CMS_SignerInfo_get0_signature(copy), CMS_SignerInfo_get0_signature(info)) == 1 &&
           seal_encode(&der, again) && bytes_equal(&der, p7s);
}

static bool signing_time(time_t *when, CMS_SignerInfo *info)
{
    X509_ATTRIBUTE *attribute =
        CMS_signed_get_attr(info, CMS_signed_get_attr_by_NID(info, NID_pkcs9_signingTime, -1));
    const ASN1_TYPE *value = attribute != NULL ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
    struct tm tm = {0};
    if (value == NULL || (value->type != V_ASN1_UTCTIME && value->type != V_ASN1_GENERALIZEDTIME) ||
        ASN1_TIME_to_tm((const ASN1_TIME *)value->value.ptr, &tm) != 1)
        return false;
    *when = timegm(&tm);
    return true;
}

static bool seal_decode(CMS_ContentInfo **out, const struct bytes *p7s, const char *what, struct err *err)
{
    const unsigned char *at = p7s->data;
    OWN(CMS_ContentInfo) *cms =
        p7s->len != 0 && p7s->len <= LONG_MAX ? d2i_CMS_ContentInfo(NULL, &at, (long)p7s->len) : NULL;
    if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
        return err_ssl(err, "%s: not a CMS signature in DER (RFC 5652 5.1)", what);
    if (only_signer(cms) == NULL)
        return err_set(err, "%s: holds not exactly one signature", what);
    *out = GIVE(cms);
    return true;
}

/* Against this certificate alone: it was enrolled by hand, so no chain is built and no trust store consulted.
 * The content is not read again: what is signed is the messageDigest attribute (RFC 5652 5.4), and that must
 * be the content's. */
static bool signature_check(CMS_ContentInfo *cms, const unsigned char digest[DIGEST_LEN], X509 *signer,
                            const char *what, struct err *err)
{
    CMS_SignerInfo *info = only_signer(cms);
    const ASN1_OBJECT *algorithm = NULL;
    X509_ALGOR *digest_algorithm = NULL;
    CMS_SignerInfo_get0_algs(info, NULL, NULL, &digest_algorithm, NULL);
    X509_ALGOR_get0(&algorithm, NULL, NULL, digest_algorithm);
    const ASN1_OCTET_STRING *signed_digest =
        CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING);
    CMS_SignerInfo_set1_signer_cert(info, signer);
    bool valid = OBJ_obj2nid(algorithm) == NID_sha256 && signed_digest != NULL &&
                 ASN1_STRING_length(signed_digest) == DIGEST_LEN &&
                 memcmp(ASN1_STRING_get0_data(signed_digest), digest, DIGEST_LEN) == 0 &&
                 CMS_SignerInfo_verify(info) == 1;
    if (!valid)
        return err_ssl(err, "%s: the signature does not verify over these bytes", what);
    return true;
}

bool seal_signer(X509 **out, const struct bytes *p7s, const char *what, struct err *err)
{
    OWN(CMS_ContentInfo) *cms = NULL;
    if (!seal_decode(&cms, p7s, what, err))
        return false;
    STACK_OF(X509) *enclosed = CMS_get1_certs(cms);
    bool one = enclosed != NULL && sk_X509_num(enclosed) == 1;
    X509 *signer = one ? sk_X509_pop(enclosed) : NULL;
    sk_X509_pop_free(enclosed, X509_free);
    if (signer == NULL)
        return err_set(err, "%s: must enclose its signer's certificate, and no other", what);
    *out = signer;
    return true;
}

bool seal_judge(time_t *when, enum seal_rule *broken, const struct bytes *p7s,
                const unsigned char digest[DIGEST_LEN], X509 *signer, const char *what, struct err *err)
{
    OWN(CMS_ContentInfo) *cms = NULL;
    time_t signed_at = 0;
    *broken = SEAL_FORM;
    if (!seal_decode(&cms, p7s, what, err))
        return false;
    *broken = SEAL_SIGNER;
    if (CMS_SignerInfo_cert_cmp(only_signer(cms), signer) != 0)
        return err_set(err, "%s: signed by another certificate than the one enrolled", what);
    *broken = SEAL_FORM;
    if (!signing_time(&signed_at, only_signer(cms)) || !form_check(cms, p7s, signer, signed_at)) {
        ERR_clear_error();
        return err_set(err,
                       "%s: not in the one form that a seal has; something was added, left out or encoded "
                       "otherwise (verger-record(5), seals)",
                       what);
    }
    *broken = SEAL_SIGNATURE;
    if (!signature_check(cms, digest, signer, what, err))
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
    unsigned char digest[DIGEST_LEN];
    digest_raw(digest, content->data, content->len);
    return seal_judge(when, &broken, p7s, digest, signer, what, err);
}

/* A list is made in three passes over its entries: their length, the signature over what will stand there,
 * and the bytes themselves. So nothing is kept, however many there are. */
#include "crl.h"

#include "certificateparts.h"
#include "extension.h"
#include "file.h"
#include "signature.h"
#include "sink.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    if (draft->number < 0)
        return err_set(err, "revocation list: the number is negative (RFC 5280 5.2.3)");
    const long long last = draft->before != NULL ? crl_view_number(draft->before) : -1;
    return draft->number > last || err_set(err,
                                           "revocation list: the number %lld does not rise above %lld, of "
                                           "the list before (RFC 5280 5.2.3)",
                                           draft->number, last);
}

/* ---- the parts ---- */

/* What stands around the entries, and where these come from. */
struct plan {
    struct bytes head; /* all of the to-be-signed part in front of the entries, without its own header */
    struct bytes end;  /* and behind them */
    struct bytes made; /* the entries of draft->entries */
    struct bytes algorithm;
    struct entries source[MERGE_MOST];
    const struct entries *of[MERGE_MOST];
    size_t sources;
    size_t length, count; /* of the entries */
};
static void plan_free(struct plan *p)
{
    bytes_free(&p->head);
    bytes_free(&p->end);
    bytes_free(&p->made);
    bytes_free(&p->algorithm);
    for (size_t i = 0; i < p->sources; i++)
        entries_free(&p->source[i]);
}

static void header_add(struct bytes *out, unsigned char tag, size_t len)
{
    unsigned char header[DER_HEADER_MAX];
    bytes_add(out, header, der_header(header, tag, len));
}

static bool algorithm_make(struct bytes *out, const struct crl_draft *draft, struct err *err)
{
    OWN(EVP_MD_CTX) *context = NULL;
    OWN(X509_ALGOR) *algorithm = NULL;
    OWN_OPENSSL *der = NULL;
    if (!signature_start(&context, draft->algorithm, X509_get0_pubkey(draft->issuer), err) ||
        !signature_algorithm(&algorithm, context, err))
        return err_wrap(err, "revocation list");
    int len = i2d_X509_ALGOR(algorithm, &der);
    if (len <= 0)
        return err_ssl(err, "revocation list: the signature algorithm cannot be encoded");
    bytes_add(out, der, (size_t)len);
    return true;
}

static bool head_make(struct plan *p, const struct crl_draft *draft, struct err *err)
{
    static const unsigned char v2[] = {DER_INTEGER, 1, 1};
    unsigned char times[2][REVOKED_MAX];
    OWN_OPENSSL *name = NULL;
    int len = i2d_X509_NAME(X509_get_subject_name(draft->issuer), &name);
    if (len <= 0)
        return err_ssl(err, "revocation list: the issuer's name cannot be encoded");
    if (!algorithm_make(&p->algorithm, draft, err))
        return false;
    bytes_add(&p->head, v2, sizeof v2);
    bytes_add(&p->head, p->algorithm.data, p->algorithm.len);
    bytes_add(&p->head, name, (size_t)len);
    bytes_add(&p->head, times[0], revoked_time_write(times[0], draft->this_update));
    bytes_add(&p->head, times[1], revoked_time_write(times[1], draft->next_update));
    return true;
}

static bool extension_put(struct bytes *out, int nid, bool critical, void *value, struct err *err)
{
    OWN(X509_EXTENSION) *extension = X509V3_EXT_i2d(nid, critical ? 1 : 0, value);
    OWN_OPENSSL *der = NULL;
    int len = extension != NULL ? i2d_X509_EXTENSION(extension, &der) : 0;
    if (len <= 0)
        return err_ssl(err, "revocation list: an extension cannot be made");
    bytes_add(out, der, (size_t)len);
    return true;
}

/* Critical, a full name and nothing else: as step-ca writes it. */
static bool scope_put(struct bytes *out, const char *url, struct err *err)
{
    OWN(ISSUING_DIST_POINT) *scope = ISSUING_DIST_POINT_new();
    OWN(GENERAL_NAME) *name = GENERAL_NAME_new();
    OWN(ASN1_STRING) *text = ASN1_IA5STRING_new();
    if (scope == NULL || name == NULL || text == NULL || ASN1_STRING_set(text, url, (int)strlen(url)) != 1 ||
        (scope->distpoint = DIST_POINT_NAME_new()) == NULL ||
        (scope->distpoint->name.fullname = GENERAL_NAMES_new()) == NULL)
        return err_ssl(err, "revocation list: its issuing distribution point cannot be made");
    scope->distpoint->type = 0;
    GENERAL_NAME_set0_value(name, GEN_URI, GIVE(text));
    if (sk_GENERAL_NAME_push(scope->distpoint->name.fullname, name) <= 0)
        return err_ssl(err, "revocation list: its issuing distribution point cannot be made");
    name = NULL; /* now in it */
    return extension_put(out, NID_issuing_distribution_point, true, scope, err);
}

static bool end_make(struct bytes *out, const struct crl_draft *draft, struct err *err)
{
    OWN(AUTHORITY_KEYID) *authority = NULL;
    OWN(ASN1_INTEGER) *number = ASN1_INTEGER_new();
    OWN_STRUCT(bytes) list = {0};
    OWN_STRUCT(bytes) inner = {0};
    if (!extension_authority(&authority, draft->issuer, err))
        return false;
    if (number == NULL || ASN1_INTEGER_set_int64(number, draft->number) != 1)
        return err_ssl(err, "revocation list: its number cannot be encoded");
    if (!extension_put(&list, NID_authority_key_identifier, false, authority, err) ||
        !extension_put(&list, NID_crl_number, false, number, err) ||
        (draft->scope != NULL && !scope_put(&list, draft->scope, err)))
        return false;
    header_add(&inner, DER_SEQUENCE, list.len);
    bytes_add(&inner, list.data, list.len);
    header_add(out, 0xa0, inner.len);
    bytes_add(out, inner.data, inner.len);
    return true;
}

/* ---- the entries ---- */

static bool made_open(struct plan *p, const struct crl_draft *draft, struct err *err)
{
    unsigned char room[REVOKED_MAX];
    struct revoked one;
    for (size_t i = 0; i < draft->count; i++) {
        const struct crl_entry *entry = &draft->entries[i];
        if (!revoked_make(&one, room, entry->serial, entry->revoked, entry->reason, err))
            return err_wrap(err, "revocation list");
        bytes_add(&p->made, one.whole.data, one.whole.len);
    }
    if (draft->count > 0 && !entries_list(&p->source[p->sources], (struct der){p->made.data, p->made.len},
                                          NULL, "revocation list", err))
        return false;
    p->sources += draft->count > 0 ? 1 : 0;
    return true;
}

static bool sources_open(struct plan *p, const struct crl_draft *draft, struct err *err)
{
    if (draft->before != NULL) {
        if (!crl_view_entries(&p->source[p->sources], draft->before, err))
            return false;
        p->sources++;
    }
    if (!made_open(p, draft, err))
        return false;
    if (draft->serials.len > 0) {
        if (!entries_text(&p->source[p->sources], draft->serials, draft->mapping, draft->serials_name,
                          draft->this_update, err))
            return false;
        p->sources++;
    }
    for (size_t i = 0; i < p->sources; i++)
        p->of[i] = &p->source[i];
    return true;
}

static bool entries_measure(struct plan *p, const struct crl_draft *draft, struct err *err)
{
    for (size_t i = 0; i < p->sources; i++) {
        const struct entries *e = &p->source[i];
        if (e->count > 0 && e->last.date > draft->this_update)
            return err_set(err, "revocation list: serial %s is revoked after thisUpdate", e->last.serial);
        p->length += e->length;
        p->count += e->count;
    }
    return p->length < UINT32_MAX / 2 || err_set(err, "revocation list: is longer than 2 GiB");
}

static bool plan_make(struct plan *p, const struct crl_draft *draft, struct err *err)
{
    return issuer_check(draft, err) && times_check(draft, err) && sources_open(p, draft, err) &&
           head_make(p, draft, err) && end_make(&p->end, draft, err) && entries_measure(p, draft, err);
}

/* ---- the bytes ---- */

static size_t framed(size_t len)
{
    unsigned char header[DER_HEADER_MAX];
    return der_header(header, DER_SEQUENCE, len) + len;
}

static size_t tbs_length(const struct plan *p)
{
    return p->head.len + (p->count > 0 ? framed(p->length) : 0) + p->end.len;
}

/* The to-be-signed part. */
static bool tbs_put(struct sink *s, const struct plan *p, struct err *err)
{
    struct merge merge;
    const struct revoked *one = NULL;
    if (!sink_header(s, DER_SEQUENCE, tbs_length(p), err) || !sink_put(s, p->head.data, p->head.len, err) ||
        (p->count > 0 && !sink_header(s, DER_SEQUENCE, p->length, err)))
        return false;
    merge_start(&merge, p->of, p->sources);
    do {
        if (!merge_next(&one, &merge, err) ||
            (one != NULL && !sink_put(s, one->whole.data, one->whole.len, err)))
            return false;
    } while (one != NULL);
    return sink_put(s, p->end.data, p->end.len, err) && sink_flush(s, err);
}

/* ---- the whole ---- */

static bool plan_announce(char digest[DIGEST_HEX], const struct plan *p, struct err *err)
{
    OWN_SINK *s = sink_new();
    OWN_HASHER *hasher = hasher_new(HASHER_SHA256);
    s->hasher = hasher;
    if (!tbs_put(s, p, err))
        return false;
    hasher_end(digest, hasher);
    return true;
}

static bool plan_sign(struct bytes *signature, const struct plan *p, const struct crl_draft *draft,
                      const struct key *key, struct err *err)
{
    OWN_SINK *s = sink_new();
    OWN(EVP_MD_CTX) *context = NULL;
    unsigned char made[4096];
    size_t len = sizeof made;
    if (!signature_start(&context, draft->algorithm, key_evp(key), err))
        return err_wrap(err, "revocation list");
    s->signing = context;
    if (!tbs_put(s, p, err))
        return false;
    if (EVP_DigestSignFinal(context, made, &len) != 1)
        return err_ssl(err, "revocation list: cannot be signed");
    bytes_add(signature, made, len);
    return true;
}

/* The list around it: its length is known, as the signature is there. */
static bool plan_put(struct sink *s, const struct plan *p, const struct bytes *signature, struct err *err)
{
    static const unsigned char no_unused_bits = 0;
    const size_t bits = signature->len + 1;
    return sink_header(s, DER_SEQUENCE, framed(tbs_length(p)) + p->algorithm.len + framed(bits), err) &&
           tbs_put(s, p, err) && sink_put(s, p->algorithm.data, p->algorithm.len, err) &&
           sink_header(s, DER_BITS, bits, err) && sink_put(s, &no_unused_bits, 1, err) &&
           sink_put(s, signature->data, signature->len, err) && sink_flush(s, err);
}

/* In memory, by whatever key. */
static bool list_make(struct bytes *der, const struct crl_draft *draft, const struct key *key,
                      struct err *err)
{
    OWN_STRUCT(plan) p = {0};
    OWN_STRUCT(bytes) signature = {0};
    OWN_SINK *s = sink_new();
    s->memory = der;
    return plan_make(&p, draft, err) && plan_sign(&signature, &p, draft, key, err) &&
           plan_put(s, &p, &signature, err);
}

bool crl_preview(X509_CRL **out, const struct crl_draft *draft, struct err *err)
{
    OWN_KEY *spent = NULL;
    OWN_STRUCT(bytes) der = {0};
    char kind[32];
    pkey_kind(kind, X509_get0_pubkey(draft->issuer));
    return key_generate(&spent, strncmp(kind, "RSA", 3) == 0 ? "RSA-2048" : kind, err) &&
           list_make(&der, draft, spent, err) && crl_parse(out, &der, "the new revocation list", err);
}

bool crl_announce(char tbs_digest[DIGEST_HEX], size_t *entries, const struct crl_draft *draft,
                  struct err *err)
{
    OWN_STRUCT(plan) p = {0};
    if (!plan_make(&p, draft, err) || !plan_announce(tbs_digest, &p, err))
        return false;
    if (entries != NULL)
        *entries = p.count;
    return true;
}

bool crl_issue(struct bytes *der, char tbs_digest[DIGEST_HEX], const struct crl_draft *draft, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    struct crl_view back;
    if (!list_make(&text, draft, draft->key, err) ||
        !crl_view_read(&back, (struct der){text.data, text.len}, "the new revocation list", err) ||
        !crl_view_verify(&back, draft->issuer, err))
        return false;
    crl_view_tbs(tbs_digest, &back);
    *der = bytes_give(&text);
    return true;
}

/* ---- into a file ---- */

static bool file_fill(int fd, const char *path, const struct plan *p, const struct bytes *signature,
                      struct err *err)
{
    OWN_SINK *s = sink_new();
    s->fd = fd;
    if (!plan_put(s, p, signature, err))
        return err_wrap(err, "%s", path);
    return fsync(fd) == 0 || err_errno(err, "%s: cannot be written", path);
}

static bool file_check(const char *path, const struct crl_draft *draft, struct err *err)
{
    OWN_STRUCT(mapping) mapping = {0};
    struct crl_view back;
    return mapping_open(&mapping, path, err) && crl_view_mapped(&back, &mapping, path, err) &&
           crl_view_verify(&back, draft->issuer, err);
}

bool crl_write(const char *path, mode_t mode, const struct crl_draft *draft, struct err *err)
{
    OWN_STRUCT(plan) p = {0};
    OWN_STRUCT(bytes) signature = {0};
    OWN(char) *folder = path_folder(path);
    if (!plan_make(&p, draft, err) || !plan_sign(&signature, &p, draft, draft->key, err))
        return false;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return err_errno(err, "%s", path);
    bool ok = file_fill(fd, path, &p, &signature, err);
    ok = close(fd) == 0 && ok;
    ok = ok && file_check(path, draft, err) && folder_sync(folder, err);
    if (!ok)
        (void)unlink(path);
    return ok;
}

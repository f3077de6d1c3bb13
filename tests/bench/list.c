/* Revocation lists of any size, made and read in several ways. In FOLDER lie ca.crt and ca.key (not
 * encrypted).
 *
 *   list serials COUNT SEED     on standard output: serial numbers of 16 bytes in their order
 *   list text FOLDER OUT        FOLDER/serials.txt as a list, streamed
 *   list next FOLDER LIST OUT   the list after LIST: all that it has, and two more
 *   list calls FOLDER OUT       FOLDER/serials.txt as a list, by OpenSSL's calls
 *   list read FOLDER LIST       its signature, and every entry
 *   list find LIST SERIAL       one entry
 */
#include "ceremony/crl.h"
#include "ceremony/file.h"
#include "ceremony/ssl.h"

#include <string.h>

static int said(bool ok, const struct err *err)
{
    if (!ok)
        fprintf(stderr, "%s\n", err->text);
    return ok ? 0 : 1;
}

/* 16 bytes each, rising in even steps: the first four count, the others are noise. */
static int serials(unsigned long count, unsigned long seed)
{
    unsigned long long x = seed * 2 + 1;
    const unsigned step = (unsigned)(0x6fffffffu / (count + 1));
    for (unsigned long i = 1; i <= count; i++) {
        x = x * 6364136223846793005ull + 1442695040888963407ull;
        printf("%08x%016llx%08llx 2026-0%lu-1%luT0%lu:30:00Z %s\n", (unsigned)(0x10000000u + i * step), x,
               x >> 32 & 0xffffffff, 1 + i % 9, i % 10, i % 7, i % 3 == 0 ? "superseded" : "keyCompromise");
    }
    return 0;
}

struct bench {
    X509 *ca;
    struct key *key;
    struct mapping text, list;
    struct crl_view before;
    struct crl_draft draft;
};
static void bench_free(struct bench *b)
{
    X509_free(b->ca);
    key_free(b->key);
    mapping_free(&b->text);
    mapping_free(&b->list);
}

static bool bench_open(struct bench *b, const char *folder, struct err *err)
{
    OWN_STRUCT(bytes) pem = {0};
    OWN_STRUCT(bytes) key = {0};
    OWN(char) *certificate = path_join(folder, "ca.crt"), *secret = path_join(folder, "ca.key");
    if (!file_read(&pem, certificate, FILE_MAX_SMALL, err) || !certificate_parse(&b->ca, &pem, "ca", err) ||
        !file_read(&key, secret, FILE_MAX_SMALL, err) || !key_parse(&b->key, &key, NULL, NULL, "key", err))
        return false;
    b->draft = (struct crl_draft){.issuer = b->ca, .key = b->key, .number = 1};
    return time_parse(&b->draft.this_update, "2026-11-23T00:00:00Z", err) &&
           time_parse(&b->draft.next_update, "2026-11-30T00:00:00Z", err);
}

static bool text_open(struct bench *b, const char *folder, struct err *err)
{
    OWN(char) *path = path_join(folder, "serials.txt");
    if (!mapping_open(&b->text, path, err))
        return false;
    b->draft.serials = b->text.bytes;
    b->draft.mapping = &b->text;
    b->draft.serials_name = "serials.txt";
    return true;
}

static bool next_write(struct bench *b, const char *list, const char *out, struct err *err)
{
    const struct crl_entry more[] = {{"0142", b->draft.this_update, 1},
                                     {"7fff0142", b->draft.this_update, 4}};
    if (!mapping_open(&b->list, list, err) || !crl_view_mapped(&b->before, &b->list, list, err))
        return false;
    b->draft.before = &b->before;
    b->draft.number = crl_view_number(&b->before) + 1;
    b->draft.entries = more;
    b->draft.count = 2;
    return crl_write(out, 0644, &b->draft, err);
}

/* As a program would that knows OpenSSL and nothing else; errors end it. */
static bool calls_write(struct bench *b, const char *out)
{
    OWN(X509_CRL) *crl = X509_CRL_new();
    OWN(ASN1_TIME) *from = ASN1_TIME_set(NULL, b->draft.this_update);
    OWN(ASN1_TIME) *to = ASN1_TIME_set(NULL, b->draft.next_update);
    OWN(ASN1_INTEGER) *number = ASN1_INTEGER_new();
    struct cursor cursor;
    struct err err = {0};
    OWN_STRUCT(entries) all = {0};
    if (!entries_text(&all, b->draft.serials, NULL, "serials.txt", 0, &err))
        return false;
    ASN1_INTEGER_set(number, 1);
    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(b->ca));
    X509_CRL_set1_lastUpdate(crl, from);
    X509_CRL_set1_nextUpdate(crl, to);
    X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0);
    for (cursor_start(&cursor, &all); cursor_next(&cursor);) {
        X509_REVOKED *entry = X509_REVOKED_new();
        OWN(BIGNUM) *value = BN_bin2bn(cursor.now.serial.data, (int)cursor.now.serial.len, NULL);
        OWN(ASN1_INTEGER) *serial = BN_to_ASN1_INTEGER(value, NULL);
        OWN(ASN1_TIME) *date = ASN1_TIME_set(NULL, cursor.now.date);
        OWN(ASN1_ENUMERATED) *reason = ASN1_ENUMERATED_new();
        ASN1_ENUMERATED_set(reason, cursor.now.reason);
        X509_REVOKED_set_serialNumber(entry, serial);
        X509_REVOKED_set_revocationDate(entry, date);
        X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0);
        X509_CRL_add0_revoked(crl, entry);
    }
    X509_CRL_sort(crl);
    OWN(BIO) *file = BIO_new_file(out, "wb");
    return X509_CRL_sign(crl, key_evp(b->key), EVP_sha256()) > 0 && i2d_X509_CRL_bio(file, crl) == 1;
}

static bool list_read(struct bench *b, const char *list, struct err *err)
{
    struct crl_view view;
    size_t count = 0;
    if (!mapping_open(&b->list, list, err) || !crl_view_mapped(&view, &b->list, list, err) ||
        !crl_view_check(&count, &view, b->ca, err))
        return false;
    printf("%zu entries\n", count);
    return true;
}

static bool list_find(struct bench *b, const char *list, const char *serial, struct err *err)
{
    struct crl_view view;
    struct revoked entry;
    bool found = false;
    if (!mapping_open(&b->list, list, err) || !crl_view_mapped(&view, &b->list, list, err) ||
        !crl_view_find(&entry, &found, &view, serial, err))
        return false;
    puts(found ? "found" : "not found");
    return true;
}

static bool done(struct bench *b, int argc, char **argv, struct err *err)
{
    const char *what = argv[1];
    if (argc == 4 && strcmp(what, "find") == 0)
        return list_find(b, argv[2], argv[3], err);
    if (!bench_open(b, argv[2], err))
        return false;
    if (argc == 4 && strcmp(what, "text") == 0)
        return text_open(b, argv[2], err) && crl_write(argv[3], 0644, &b->draft, err);
    if (argc == 4 && strcmp(what, "calls") == 0)
        return text_open(b, argv[2], err) && (calls_write(b, argv[3]) || err_ssl(err, "calls"));
    if (argc == 5 && strcmp(what, "next") == 0)
        return next_write(b, argv[3], argv[4], err);
    if (argc == 4 && strcmp(what, "read") == 0)
        return list_read(b, argv[3], err);
    return err_set(err, "unknown");
}

int main(int argc, char **argv)
{
    struct err err = {0};
    OWN_STRUCT(bench) b = {0};
    if (argc == 4 && strcmp(argv[1], "serials") == 0)
        return serials(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    if (argc < 4)
        return 2;
    bool ok = done(&b, argc, argv, &err);
    return said(ok, &err);
}

/* Lists that are made and read piece by piece: against OpenSSL's own, step-ca's, and hostile ones. */
#include "golden.h"

#include "ceremony/crl.h"
#include "ceremony/signature.h"
#include "ceremony/ssl.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define BEGIN 1795448263
#define END 1995448263

struct bench {
    X509 *root;
    struct key *key;
    struct crl_draft draft;
};
static void bench_free(struct bench *b)
{
    X509_free(b->root);
    key_free(b->key);
}

static void bench_open(struct bench *b, const char *kind, const char *folder)
{
    struct err err = {0};
    OWN_STRUCT(bytes) pem = {0};
    const struct ca_subject subject = {"Org", "Root", 1, BEGIN, END, NULL};
    assert_ok(key_generate(&b->key, kind, &err));
    assert_ok(certificate_make_ca(&pem, &subject, b->key, NULL, NULL, &err));
    assert_ok(certificate_parse(&b->root, &pem, "root", &err));
    put(folder, "root.crt", pem.data, pem.len);
    b->draft = (struct crl_draft){.issuer = b->root,
                                  .key = b->key,
                                  .number = 7,
                                  .this_update = BEGIN + 100,
                                  .next_update = BEGIN + 9000};
}

/* Serial numbers of every length, in no order; some with the top bit set. */
static void entries_make(struct crl_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const size_t len = 1 + i % 19;
        unsigned x = (unsigned)(i * 2654435761u + 12345u);
        for (size_t n = 0; n < len; n++) {
            x = x * 1103515245u + 12345u;
            snprintf(entries[i].serial + 2 * n, 3, "%02x",
                     n == 0 ? 1u + (unsigned)(i * 7 % 255) : x >> 16 & 255);
        }
        entries[i].revoked = BEGIN - (time_t)(i * 40000);
        entries[i].reason = i % 7 == 6 ? -1 : (int)(i % 6);
    }
}

/* What OpenSSL's calls make of a draft. */
static X509_CRL *made_by_calls(const struct crl_draft *draft, bool sorted)
{
    struct err err = {0};
    X509_CRL *crl = X509_CRL_new();
    OWN(ASN1_TIME) *this_update = ASN1_TIME_set(NULL, draft->this_update);
    OWN(ASN1_TIME) *next_update = ASN1_TIME_set(NULL, draft->next_update);
    OWN(AUTHORITY_KEYID) *authority = AUTHORITY_KEYID_new();
    OWN(ASN1_INTEGER) *number = ASN1_INTEGER_new();
    OWN(EVP_MD_CTX) *context = NULL;
    authority->keyid = ASN1_OCTET_STRING_dup(X509_get0_subject_key_id((X509 *)draft->issuer));
    ASN1_INTEGER_set_int64(number, draft->number);
    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(draft->issuer));
    X509_CRL_set1_lastUpdate(crl, this_update);
    X509_CRL_set1_nextUpdate(crl, next_update);
    for (size_t i = 0; i < draft->count; i++) {
        X509_REVOKED *entry = X509_REVOKED_new();
        OWN(BIGNUM) *value = NULL;
        OWN(ASN1_TIME) *date = ASN1_TIME_set(NULL, draft->entries[i].revoked);
        OWN(ASN1_ENUMERATED) *reason = ASN1_ENUMERATED_new();
        BN_hex2bn(&value, draft->entries[i].serial);
        OWN(ASN1_INTEGER) *serial = BN_to_ASN1_INTEGER(value, NULL);
        X509_REVOKED_set_serialNumber(entry, serial);
        X509_REVOKED_set_revocationDate(entry, date);
        ASN1_ENUMERATED_set(reason, draft->entries[i].reason);
        if (draft->entries[i].reason > 0)
            X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0);
        if (!sorted) /* something that we do not write, and keep */
            X509_REVOKED_add1_ext_i2d(entry, NID_invalidity_date, date, 0, 0);
        X509_CRL_add0_revoked(crl, entry);
    }
    if (sorted && draft->count > 0)
        X509_CRL_sort(crl);
    X509_CRL_add1_ext_i2d(crl, NID_authority_key_identifier, authority, 0, 0);
    X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0);
    assert_ok(signature_start(&context, draft->algorithm, key_evp(draft->key), &err));
    assert_true(X509_CRL_sign_ctx(crl, context) > 0);
    return crl;
}

static void same_bytes_as_openssl(void **state)
{
    static const struct {
        const char *kind, *algorithm;
        size_t count;
        bool whole;
    } rows[] = {{"RSA-2048", NULL, 0, true},
                {"RSA-2048", NULL, 1, true},
                {"RSA-2048", "SHA512-RSA", 400, true},
                {"RSA-2048", "SHA256-RSAPSS", 3, false},
                {"P-256", NULL, 7, false},
                {"P-521", NULL, 2, false}};
    struct crl_entry entries[400] = {0};
    entries_make(entries, 400);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct err err = {0};
        OWN_STRUCT(bench) b = {0};
        OWN_STRUCT(bytes) ours = {0};
        OWN_STRUCT(bytes) theirs = {0};
        char announced[DIGEST_HEX], digest[DIGEST_HEX], reference[DIGEST_HEX];
        size_t count = 0;
        struct crl_view view;
        bench_open(&b, rows[i].kind, *state);
        b.draft.algorithm = rows[i].algorithm != NULL ? signature_find(rows[i].algorithm) : NULL;
        b.draft.entries = entries;
        b.draft.count = rows[i].count;
        OWN(X509_CRL) *calls = made_by_calls(&b.draft, true);
        assert_ok(crl_der(&theirs, calls, &err));
        assert_ok(crl_announce(announced, &count, &b.draft, &err));
        assert_int_equal(count, rows[i].count);
        assert_ok(crl_issue(&ours, digest, &b.draft, &err));
        assert_string_equal(announced, digest);
        assert_ok(crl_view_read(&view, (struct der){theirs.data, theirs.len}, "theirs", &err));
        crl_view_tbs(reference, &view);
        assert_string_equal(digest, reference);
        assert_true(!rows[i].whole || bytes_equal(&ours, &theirs));
        assert_ok(crl_view_check(&count, &view, b.root, &err));
        assert_int_equal(count, rows[i].count);
        put(*state, "crl.der", ours.data, ours.len);
        assert_int_equal(run(*state, "openssl crl -inform DER -in crl.der -CAfile root.crt -verify -noout"),
                         0);
        assert_int_equal(run(*state, "openssl asn1parse -inform DER -in crl.der"), 0);
    }
}

/* step-ca's own list, made once more from what it says: to the last byte of the to-be-signed part. */
static void same_bytes_as_step_ca(void **state)
{
    (void)state;
    struct err err = {0};
    OWN(X509) *issuer = golden_certificate("cert/intermediate_ca.by-rsa4096.crt");
    OWN_STRUCT(bytes) der = golden("run/crl1.der");
    struct crl_view view;
    char theirs[DIGEST_HEX], ours[DIGEST_HEX];
    size_t count = 0;
    bool found = false;
    struct revoked entry;
    assert_ok(crl_view_read(&view, (struct der){der.data, der.len}, "crl1.der", &err));
    assert_ok(crl_view_check(&count, &view, issuer, &err));
    assert_int_equal(count, 1);
    assert_int_equal(crl_view_number(&view), 1);
    OWN(char) *scope = crl_view_scope(&view);
    assert_string_equal(scope, "http://ca.example.com/crl");
    assert_ok(crl_view_find(&entry, &found, &view, "6D60853F313EAF191416c1292513CBDD", &err));
    assert_true(found && entry.reason == 1 && entry.date == view.this_update);
    assert_ok(crl_view_find(&entry, &found, &view, "6d60", &err));
    assert_false(found);
    const struct crl_entry entries[] = {{"6d60853f313eaf191416c1292513cbdd", view.this_update, 1}};
    const struct crl_draft draft = {.issuer = issuer,
                                    .number = 1,
                                    .this_update = view.this_update,
                                    .next_update = view.next_update,
                                    .scope = scope,
                                    .entries = entries,
                                    .count = 1};
    crl_view_tbs(theirs, &view);
    assert_ok(crl_announce(ours, NULL, &draft, &err));
    assert_string_equal(ours, theirs);
}

/* Whatever byte is another one, the list does not hold. */
static void a_flipped_byte(void **state)
{
    (void)state;
    struct err err = {0};
    OWN(X509) *issuer = golden_certificate("cert/intermediate_ca.by-rsa4096.crt");
    OWN_STRUCT(bytes) der = golden("run/crl1.der");
    for (size_t i = 0; i < der.len; i++)
        for (unsigned char bit = 1; bit != 0; bit = (unsigned char)(bit << 1)) {
            struct crl_view view;
            size_t count = 0;
            der.data[i] ^= bit;
            if (crl_view_read(&view, (struct der){der.data, der.len}, "l", &err) &&
                crl_view_check(&count, &view, issuer, &err))
                fail_msg("byte %zu, bit %02x", i, bit);
            der.data[i] ^= bit;
        }
    for (size_t len = 0; len < der.len; len++) {
        struct crl_view view;
        assert_false(crl_view_read(&view, (struct der){der.data, len}, "l", &err));
    }
}

/* A stranger's list in no order, with extensions that we do not write: every entry stays as it is. */
static void the_list_before_is_kept(void **state)
{
    struct err err = {0};
    OWN_STRUCT(bench) b = {0};
    OWN_STRUCT(bytes) old = {0};
    OWN_STRUCT(bytes) now = {0};
    OWN_STRUCT(bytes) less = {0};
    OWN_STRUCT(bytes) other = {0};
    struct crl_entry entries[300] = {0};
    struct crl_view before, after, without;
    char digest[DIGEST_HEX];
    size_t count = 0;
    bench_open(&b, "P-256", *state);
    entries_make(entries, 300);
    b.draft.entries = entries;
    b.draft.count = 200;
    OWN(X509_CRL) *calls = made_by_calls(&b.draft, false);
    assert_ok(crl_der(&old, calls, &err));
    assert_ok(crl_view_read(&before, (struct der){old.data, old.len}, "the list before", &err));
    static const char text[] = "# what the desk was told\n\n"
                               "F00D 2026-01-01T00:00:00Z keyCompromise\r\n"
                               "  00000bad\n"
                               "c0ffee 2025-06-30T12:00:01Z";
    b.draft.before = &before;
    b.draft.entries = entries + 200;
    b.draft.count = 100;
    b.draft.serials = (struct der){(const unsigned char *)text, sizeof text - 1};
    b.draft.serials_name = "serials.txt";
    assert_refused(crl_issue(&now, digest, &b.draft, &err), "the number 7 does not rise above 7");
    b.draft.number = 8;
    assert_ok(crl_issue(&now, digest, &b.draft, &err));
    put(*state, "crl.der", now.data, now.len);
    assert_int_equal(run(*state, "openssl crl -inform DER -in crl.der -CAfile root.crt -verify -noout"), 0);
    assert_int_equal(run(*state,
                         "openssl crl -inform DER -in crl.der -noout -text >t; "
                         "test $(grep -c 'Serial Number' t) = 303 && test $(grep -c Invalidity t) = 200 && "
                         "grep -A4 'Number: F00D$' t | tr -d '\\n' | "
                         "grep -q 'Jan  1 00:00:00 2026 GMT.*Key Compromise' && grep -q 'Number: 0BAD$' t"),
                     0);
    assert_ok(crl_view_read(&after, (struct der){now.data, now.len}, "the new list", &err));
    assert_ok(crl_view_check(&count, &after, b.root, &err));
    assert_int_equal(count, 303);
    assert_ok(crl_view_keeps(&after, &before, &err));
    assert_refused(crl_view_keeps(&before, &after, &err), "not here");
    b.draft.before = NULL;
    b.draft.entries = entries + 1;
    b.draft.count = 299;
    assert_ok(crl_issue(&less, digest, &b.draft, &err));
    assert_ok(crl_view_read(&without, (struct der){less.data, less.len}, "a list", &err));
    assert_refused(crl_view_keeps(&without, &before, &err), "not here (RFC 5280 3.3)");
    b.draft.entries = entries; /* all the serial numbers, and not what else stood there */
    assert_ok(crl_issue(&other, digest, &b.draft, &err));
    assert_ok(crl_view_read(&without, (struct der){other.data, other.len}, "a list", &err));
    assert_refused(crl_view_keeps(&without, &before, &err), "another here");
}

static void refuse(const struct crl_draft *draft, const char *says)
{
    struct err err = {0};
    char digest[DIGEST_HEX];
    assert_refused(crl_announce(digest, NULL, draft, &err), says);
}

static void serials_that_break_a_rule(void **state)
{
    static const struct {
        const char *text, *says;
    } wrong[] = {
        {"01\n\n02 yesterday\n", "s.txt, line 3: \"yesterday\" is no date"},
        {"01\n02 2026-02-29T00:00:00Z\n", "s.txt, line 2: \"2026-02-29T00:00:00Z\" is no date"},
        {"01\nxyz\n", "s.txt, line 2: serial \"xyz\" is not hex"},
        {"0\n", "s.txt, line 1: serial \"0\" is not hex of at most 20 bytes, or is zero"},
        {"8000000000000000000000000000000000000000\n", "at most 20 bytes"},
        {"01 2026-01-01T00:00:00Z certificateHold", "line 1: certificateHold: nothing is held"},
        {"01 2026-01-01T00:00:00Z removeFromCRL", "delta lists only"},
        {"01 2026-01-01T00:00:00Z lost", "\"lost\" is no reason; known are keyCompromise"},
        {"01 2026-01-01T00:00:00Z superseded x", "this one has more"},
        {"05\n02\n5\n", "s.txt: serial 05 is there twice"},
        {"02\n03\n03\n", "s.txt: serial 03 is there twice"},
        {"01\nabcd\n", "s.txt: serial abcd is in the list before already"},
        {"01 2036-01-01T00:00:00Z", "serial 01 is revoked after thisUpdate"},
    };
    struct err err = {0};
    OWN_STRUCT(bench) b = {0};
    OWN_STRUCT(bytes) old = {0};
    char digest[DIGEST_HEX];
    struct crl_view before;
    const struct crl_entry entries[] = {{"abcd", BEGIN, 1}};
    bench_open(&b, "P-256", *state);
    b.draft.entries = entries;
    b.draft.count = 1;
    assert_ok(crl_issue(&old, digest, &b.draft, &err));
    assert_ok(crl_view_read(&before, (struct der){old.data, old.len}, "the list before", &err));
    struct crl_draft draft = b.draft;
    draft.before = &before;
    draft.number++;
    refuse(&draft, "revocation list: serial abcd is in the list before already");
    draft.entries = NULL;
    draft.count = 0;
    draft.serials_name = "s.txt";
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        draft.serials = (struct der){(const unsigned char *)wrong[i].text, strlen(wrong[i].text)};
        refuse(&draft, wrong[i].says);
    }
    static const char empty[] = "# nobody\n\n";
    size_t count = 7;
    draft.serials = (struct der){(const unsigned char *)empty, sizeof empty - 1};
    assert_ok(crl_announce(digest, &count, &draft, &err));
    assert_int_equal(count, 1);
}

static void into_a_file(void **state)
{
    struct err err = {0};
    OWN_STRUCT(bench) b = {0};
    OWN_STRUCT(bytes) memory = {0};
    OWN_STRUCT(bytes) file = {0};
    OWN_STRUCT(mapping) mapping = {0};
    OWN(char) *path = path_join(*state, "list.crl"), *second = path_join(*state, "second.crl");
    char digest[DIGEST_HEX];
    struct crl_entry entries[3000] = {0};
    struct crl_view view;
    struct stat st;
    size_t count = 0;
    bench_open(&b, "RSA-2048", *state);
    for (size_t i = 0; i < 3000; i++) {
        snprintf(entries[i].serial, sizeof entries[i].serial, "%024zx%08zx", (i * 7919) % 3001, i);
        entries[i].serial[0] = '7';
        entries[i].revoked = BEGIN;
        entries[i].reason = 4;
    }
    b.draft.entries = entries;
    b.draft.count = 3000;
    assert_ok(crl_issue(&memory, digest, &b.draft, &err));
    assert_ok(crl_write(path, 0644, &b.draft, &err));
    assert_ok(file_read(&file, path, FILE_MAX_SMALL, &err));
    assert_true(bytes_equal(&memory, &file));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0644);
    assert_refused(crl_write(path, 0644, &b.draft, &err), "File exists");
    assert_ok(mapping_open(&mapping, path, &err));
    assert_ok(crl_view_mapped(&view, &mapping, "list.crl", &err));
    assert_ok(crl_view_check(&count, &view, b.root, &err));
    assert_int_equal(count, 3000);
    OWN_KEY *other = NULL;
    assert_ok(key_generate(&other, "RSA-2048", &err));
    b.draft.key = other;
    assert_refused(crl_write(second, 0644, &b.draft, &err), "does not belong");
    assert_false(file_exists(second));
    b.draft.key = b.key;
    const struct rlimit small = {10000, RLIM_INFINITY}, large = {RLIM_INFINITY, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_refused(crl_write(second, 0644, &b.draft, &err), "cannot be written: File too large");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &large), 0);
    assert_false(file_exists(second));
    b.draft.before = &view;
    b.draft.number++;
    b.draft.count = 0;
    assert_ok(crl_write(second, 0644, &b.draft, &err));
    assert_int_equal(run(*state, "openssl crl -inform DER -in second.crl -CAfile root.crt -verify -noout && "
                                 "openssl crl -inform DER -in second.crl -noout -text | grep -c Superseded"),
                     0);
    OWN(char) *output = run_output(*state);
    assert_non_null(strstr(output, "3000"));
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    secret_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(same_bytes_as_openssl, scratch_make, scratch_remove),
        cmocka_unit_test(same_bytes_as_step_ca),
        cmocka_unit_test(a_flipped_byte),
        cmocka_unit_test_setup_teardown(the_list_before_is_kept, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(serials_that_break_a_rule, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(into_a_file, scratch_make, scratch_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

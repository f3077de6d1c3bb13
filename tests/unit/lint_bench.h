/* lint_bench.h - for tests: a sound root, intermediate, end certificate, request and list, and ways to spoil
 * them. Everything here is made by OpenSSL, none of it by ceremony/. */
#ifndef VERGER_TESTS_LINT_BENCH_H
#define VERGER_TESTS_LINT_BENCH_H

#include "golden.h"

#include "ceremony/der.h"
#include "ceremony/lint.h"
#include "ceremony/name.h"
#include "ceremony/ssl.h"

#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>

enum base { BASE_ROOT, BASE_CA, BASE_LEAF, BASE_REQUEST, BASE_LIST, BASE_KEY };

#define BEGIN 1795448263L /* 2026-11-23 */
#define DAY 86400

/* A thing on its way, and what it is judged beside. */
struct thing {
    X509 *cert, *issuer;
    X509_REQ *request;          /* itself, or the certificate's */
    X509_CRL *list, *previous;  /* itself, or the issuer's list */
    EVP_PKEY *key, *issuer_key; /* its own, and who signs */
    const EVP_MD *md;
    struct bytes der, weak_keys;
};

/* One way to spoil: an extension, a part of the subject's name, or a function before or after signing. */
struct specimen {
    const char *rule;
    enum base base;
    const char *extension,
        *value;        /* as in openssl.cnf; value NULL: taken away; "+": added to what is there */
    const char *field; /* of the name, to which `value` is given */
    int type;          /* its string type; 0: UTF8String */
    void (*spoil)(struct thing *t);
    void (*patch)(struct thing *t); /* t->der */
};

static inline void thing_free(struct thing *t)
{
    X509_free(t->cert);
    X509_free(t->issuer);
    X509_REQ_free(t->request);
    X509_CRL_free(t->list);
    X509_CRL_free(t->previous);
    EVP_PKEY_free(t->key);
    EVP_PKEY_free(t->issuer_key);
    bytes_free(&t->der);
    bytes_free(&t->weak_keys);
}

static inline X509_NAME *name_new(const char *cn)
{
    X509_NAME *name = X509_NAME_new();
    X509_NAME_add_entry_by_txt(name, "C", MBSTRING_ASC, (const unsigned char *)"CH", -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const unsigned char *)"Org", -1, -1, 0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)cn, -1, -1, 0);
    return name;
}

static inline void serial_set(ASN1_INTEGER *serial, const char *hex)
{
    OWN(BIGNUM) *number = NULL;
    assert_true(BN_hex2bn(&number, hex) > 0);
    assert_non_null(BN_to_ASN1_INTEGER(number, serial));
}

/* Set, replace, add ("+") or take away an extension of whatever the thing is. */
static inline void extension_set(struct thing *t, const char *name, const char *value)
{
    OWN(ASN1_OBJECT) *kind = OBJ_txt2obj(name, 0);
    assert_non_null(kind);
    bool add = value != NULL && value[0] == '+';
    int at;
    while (!add && t->list == NULL && (at = X509_get_ext_by_OBJ(t->cert, kind, -1)) >= 0)
        X509_EXTENSION_free(X509_delete_ext(t->cert, at));
    while (!add && t->list != NULL && (at = X509_CRL_get_ext_by_OBJ(t->list, kind, -1)) >= 0)
        X509_EXTENSION_free(X509_CRL_delete_ext(t->list, at));
    if (value == NULL)
        return;
    X509V3_CTX context;
    CONF *sections = NCONF_new(NULL); /* some values want to look one up */
    X509V3_set_ctx(&context, t->issuer != NULL ? t->issuer : t->cert, t->cert, NULL, t->list, 0);
    X509V3_set_nconf(&context, sections);
    OWN(X509_EXTENSION) *extension = X509V3_EXT_nconf(sections, &context, name, value + add);
    NCONF_free(sections);
    if (extension == NULL)
        fail_msg("%s = %s: %s", name, value, ERR_reason_error_string(ERR_peek_last_error()));
    assert_true(t->list != NULL ? X509_CRL_add_ext(t->list, extension, -1)
                                : X509_add_ext(t->cert, extension, -1));
}

static inline void dates_set(X509 *cert, time_t begin, long days)
{
    OWN(ASN1_TIME) *from = ASN1_TIME_set(NULL, begin);
    OWN(ASN1_TIME) *to = ASN1_TIME_set(NULL, begin + days * DAY - 1);
    assert_int_equal(X509_set1_notBefore(cert, from) + X509_set1_notAfter(cert, to), 2);
}

static inline X509 *certificate_begin(const char *cn, const char *issuer, EVP_PKEY *key, long days)
{
    X509 *cert = X509_new();
    OWN(X509_NAME) *subject = name_new(cn);
    OWN(X509_NAME) *who = name_new(issuer);
    X509_set_version(cert, X509_VERSION_3);
    serial_set(X509_get_serialNumber(cert), "0142AE6B7D0011223344556677889900AA");
    dates_set(cert, BEGIN, days);
    assert_int_equal(X509_set_subject_name(cert, subject) + X509_set_issuer_name(cert, who), 2);
    assert_int_equal(X509_set_pubkey(cert, key), 1);
    return cert;
}

static inline void root_begin(struct thing *t, EVP_PKEY *key)
{
    t->cert = certificate_begin("Root", "Root", key, 5478);
    extension_set(t, "basicConstraints", "critical,CA:TRUE");
    extension_set(t, "keyUsage", "critical,keyCertSign,cRLSign");
    extension_set(t, "subjectKeyIdentifier", "hash");
}

/* Its root, signed, becomes t->issuer. */
static inline void issuer_make(struct thing *t)
{
    struct thing root = {0};
    root_begin(&root, t->issuer_key);
    assert_true(X509_sign(root.cert, t->issuer_key, EVP_sha256()) > 0);
    t->issuer = root.cert;
}

static inline void below_begin(struct thing *t, bool authority)
{
    t->cert = certificate_begin(authority ? "Issuing" : "web", "Root", t->key, authority ? 1826 : 90);
    extension_set(t, "basicConstraints", authority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE");
    extension_set(t, "keyUsage", authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    extension_set(t, "extendedKeyUsage", "serverAuth");
    extension_set(t, "subjectKeyIdentifier", "hash");
    extension_set(t, "authorityKeyIdentifier", "keyid:always");
    extension_set(t, "certificatePolicies", "2.5.29.32.0");
    extension_set(t, "crlDistributionPoints", "URI:http://pki.example.com/root.crl");
    extension_set(t, "authorityInfoAccess", "caIssuers;URI:http://pki.example.com/root.crt");
}

static inline void request_begin(struct thing *t, bool authority)
{
    OWN(X509_NAME) *subject = name_new(authority ? "Issuing" : "web");
    STACK_OF(X509_EXTENSION) *asked = sk_X509_EXTENSION_new_null();
    sk_X509_EXTENSION_push(asked,
                           X509V3_EXT_nconf(NULL, NULL, "basicConstraints",
                                            authority ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE"));
    t->request = X509_REQ_new();
    assert_int_equal(X509_REQ_set_subject_name(t->request, subject), 1);
    assert_int_equal(X509_REQ_set_pubkey(t->request, t->key), 1);
    assert_int_equal(X509_REQ_add_extensions(t->request, asked), 1);
    sk_X509_EXTENSION_pop_free(asked, X509_EXTENSION_free);
}

static inline X509_REVOKED *entry_add(X509_CRL *list, const char *serial, time_t date, int reason)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    OWN(ASN1_INTEGER) *number = ASN1_INTEGER_new();
    OWN(ASN1_TIME) *when = ASN1_TIME_set(NULL, date);
    OWN(ASN1_ENUMERATED) *why = ASN1_ENUMERATED_new();
    serial_set(number, serial);
    ASN1_ENUMERATED_set(why, reason);
    X509_REVOKED_set_serialNumber(entry, number);
    X509_REVOKED_set_revocationDate(entry, when);
    if (reason >= 0)
        assert_int_equal(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, why, 0, 0), 1);
    assert_int_equal(X509_CRL_add0_revoked(list, entry), 1);
    return entry;
}

static inline X509_CRL *list_begin(struct thing *t, const char *number, time_t begin)
{
    X509_CRL *list = X509_CRL_new(), *own = t->list;
    OWN(X509_NAME) *issuer = name_new("Root");
    OWN(ASN1_TIME) *from = ASN1_TIME_set(NULL, begin);
    OWN(ASN1_TIME) *to = ASN1_TIME_set(NULL, begin + 180 * DAY);
    X509_CRL_set_version(list, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list, issuer);
    X509_CRL_set1_lastUpdate(list, from);
    X509_CRL_set1_nextUpdate(list, to);
    t->list = list;
    extension_set(t, "authorityKeyIdentifier", "keyid:always");
    extension_set(t, "crlNumber", number);
    t->list = own;
    entry_add(list, "0A01", begin - DAY, 4);
    return list;
}

/* The sound thing, not signed yet; the keys are P-256. */
static inline void thing_begin(struct thing *t, enum base base)
{
    *t = (struct thing){.md = EVP_sha256()};
    t->key = EVP_EC_gen("P-256");
    t->issuer_key = base == BASE_ROOT || base == BASE_REQUEST ? NULL : EVP_EC_gen("P-256");
    if (base == BASE_ROOT)
        root_begin(t, t->key);
    if (base == BASE_REQUEST)
        request_begin(t, true);
    if (base != BASE_CA && base != BASE_LEAF && base != BASE_LIST)
        return;
    issuer_make(t);
    t->previous = list_begin(t, "ASN1:INTEGER:6", BEGIN + 10 * DAY);
    assert_true(X509_CRL_sign(t->previous, t->issuer_key, EVP_sha256()) > 0);
    if (base == BASE_LIST) {
        t->list = list_begin(t, "ASN1:INTEGER:7", BEGIN + 20 * DAY);
        entry_add(t->list, "0A02", BEGIN + 19 * DAY, 4);
        return;
    }
    below_begin(t, base == BASE_CA);
    request_begin(t, base == BASE_CA);
}

static inline void name_spoil(struct thing *t, const struct specimen *s)
{
    OWN(X509_NAME) *name = X509_NAME_dup(t->cert != NULL   ? X509_get_subject_name(t->cert)
                                         : t->list != NULL ? X509_CRL_get_issuer(t->list)
                                                           : X509_REQ_get_subject_name(t->request));
    int nid = OBJ_txt2nid(s->field), at;
    bool add = s->value != NULL && s->value[0] == '+';
    while (!add && (at = X509_NAME_get_index_by_NID(name, nid, -1)) >= 0)
        X509_NAME_ENTRY_free(X509_NAME_delete_entry(name, at));
    if (s->value != NULL) {
        const unsigned char *text = (const unsigned char *)s->value + add;
        OWN(ASN1_STRING) *data = ASN1_STRING_type_new(s->type != 0 ? s->type : V_ASN1_UTF8STRING);
        ASN1_STRING_set(data, text, -1);
        X509_NAME_ENTRY *entry = X509_NAME_ENTRY_create_by_NID(NULL, nid, ASN1_STRING_type(data), text,
                                                               (int)strlen((const char *)text));
        assert_non_null(entry);
        X509_NAME_add_entry(name, entry, -1, 0);
        X509_NAME_ENTRY_free(entry);
    }
    if (t->cert != NULL)
        X509_set_subject_name(t->cert, name);
}

/* Sign it and take its DER. */
static inline void thing_end(struct thing *t)
{
    EVP_PKEY *signer = t->issuer_key != NULL ? t->issuer_key : t->key;
    OWN_OPENSSL *der = NULL;
    int len = 0;
    if (t->cert != NULL) {
        assert_true(X509_sign(t->cert, signer, t->md) > 0);
        len = i2d_X509(t->cert, &der);
    } else if (t->list != NULL) {
        assert_true(X509_CRL_sign(t->list, signer, t->md) > 0);
        len = i2d_X509_CRL(t->list, &der);
    } else {
        assert_true(X509_REQ_sign(t->request, t->key, t->md) > 0);
        len = i2d_X509_REQ(t->request, &der);
    }
    assert_true(len > 0);
    bytes_free(&t->der);
    bytes_add(&t->der, der, (size_t)len);
}

/* All that is found in it, in any profile; a rule once for each profile that found it. */
static inline void thing_judge(struct findings *out, const struct thing *t)
{
    struct err err = {0};
    OWN_STRUCT(lint_subjects) read = {0};
    if (!lint_read(&read, &t->der, "specimen", &err))
        fail_msg("%s", err.text);
    for (enum lint_profile profile = LINT_PRIVATE; profile <= LINT_FEDERAL; profile++) {
        OWN_STRUCT(lint_report) report = {0};
        struct lint_context context = {.profile = profile, .issuer = t->issuer};
        context.request = t->cert != NULL ? t->request : NULL;
        context.list = t->cert != NULL ? t->previous : NULL;
        context.previous = t->list != NULL ? t->previous : NULL;
        context.weak_keys = t->weak_keys.len > 0 ? &t->weak_keys : NULL;
        lint_judge(&report, &read.list[0], &context, "specimen");
        for (size_t i = 0; i < report.found.count; i++)
            findings_add(out, report.found.list[i].severity, report.found.list[i].rule, "", "", "%s",
                         report.found.list[i].text);
    }
}

/* ---- patching DER ---- */

static inline void der_put(struct bytes *out, unsigned char tag, const void *data, size_t len)
{
    unsigned char head[] = {tag, 0x82, (unsigned char)(len >> 8), (unsigned char)len};
    unsigned char middle[] = {tag, 0x81, (unsigned char)len}, small[] = {tag, (unsigned char)len};
    bytes_add(out, len > 255 ? head : len > 127 ? middle : small, len > 255 ? 4 : len > 127 ? 3 : 2);
    bytes_add(out, data, len);
}

/* Put `data` in front of the last element of what is signed: the extensions. */
static inline void der_insert(struct thing *t, const void *data, size_t len)
{
    struct der whole = {t->der.data, t->der.len}, outer = {0}, inner = {0}, rest;
    struct der_item item;
    OWN_STRUCT(bytes) changed = {0};
    OWN_STRUCT(bytes) both = {0};
    assert_true(der_expect(&outer, &whole, DER_SEQUENCE) && der_expect(&inner, &outer, DER_SEQUENCE));
    for (rest = inner; rest.len > 0;) {
        const unsigned char *at = rest.data;
        assert_true(der_take(&item, &rest));
        if (rest.len == 0)
            bytes_add(&changed, data, len);
        bytes_add(&changed, at, (size_t)(rest.data - at));
    }
    der_put(&both, DER_SEQUENCE, changed.data, changed.len);
    bytes_add(&both, outer.data, outer.len);
    bytes_free(&t->der);
    der_put(&t->der, DER_SEQUENCE, both.data, both.len);
}

/* Overwrite what stands behind the last (or first) place that has `mark`. */
static inline void der_overwrite(struct thing *t, bool last, const void *mark, size_t mark_len,
                                 const void *data, size_t len)
{
    unsigned char *found = NULL;
    for (size_t at = 0; at + mark_len + len <= t->der.len && (last || found == NULL); at++)
        if (memcmp(t->der.data + at, mark, mark_len) == 0)
            found = t->der.data + at;
    assert_non_null(found);
    memcpy(found + mark_len, data, len);
}

#endif

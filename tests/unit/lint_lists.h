/* lint_lists.h - for tests: what fits its issuer, its request or the list before it in all but one thing. */
#ifndef VERGER_TESTS_LINT_LISTS_H
#define VERGER_TESTS_LINT_LISTS_H

#include "lint_certificates.h"

/* Give the issuer's certificate another extension. */
static inline void issuer_extension(struct thing *t, const char *name, const char *value)
{
    struct thing issuer = {.cert = t->issuer};
    extension_set(&issuer, name, value);
    assert_true(X509_sign(t->issuer, t->issuer_key, EVP_sha256()) > 0);
}

static inline void issuer_other_case(struct thing *t)
{
    OWN(X509_NAME) *name = name_new("ROOT");
    X509_set_issuer_name(t->cert, name);
}

static inline void issuer_other_key(struct thing *t)
{
    EVP_PKEY_free(t->issuer_key);
    t->issuer_key = EVP_EC_gen("P-256");
}

static inline void issuer_no_signer(struct thing *t)
{
    issuer_extension(t, KU, "critical,cRLSign");
}

static inline void issuer_path_0(struct thing *t)
{
    issuer_extension(t, BC, "critical,CA:TRUE,pathlen:0");
}

static inline void issuer_narrow(struct thing *t)
{
    issuer_extension(t, NC, "critical,permitted;DNS:example.com,permitted;IP:10.1.0.0/255.255.0.0");
    extension_set(t, NC, "critical,permitted;DNS:www.example.com,permitted;IP:10.0.0.0/255.0.0.0");
}

static inline void issuer_narrow_dns(struct thing *t)
{
    issuer_extension(t, NC, "critical,permitted;DNS:example.com");
    extension_set(t, NC, "critical,permitted;DNS:badexample.com");
}

static inline void issuers_own_key(struct thing *t)
{
    X509_set_pubkey(t->cert, t->issuer_key);
    extension_set(t, SKI, "hash");
}

/* The issuer is itself an intermediate, with the same distribution point. */
static inline void issuers_points(struct thing *t)
{
    OWN(EVP_PKEY) *other = EVP_EC_gen("P-256");
    struct thing issuer = {.cert = t->issuer};
    extension_set(&issuer, CDP, "URI:http://pki.example.com/root.crl");
    assert_true(X509_sign(t->issuer, other, EVP_sha256()) > 0);
}

static inline void list_resign(struct thing *t)
{
    assert_true(X509_CRL_sign(t->previous, t->issuer_key, EVP_sha256()) > 0);
}

static inline void list_of_another(struct thing *t)
{
    OWN(X509_NAME) *name = name_new("Another");
    X509_CRL_set_issuer_name(t->previous, name);
    list_resign(t);
}

/* http://a.example, as the step-ca of the seed has it: another place than the certificate's. */
#define SCOPE "critical,DER:30:16:a0:14:a0:12:86:10:68:74:74:70:3a:2f:2f:61:2e:65:78:61:6d:70:6c:65"

static inline void list_elsewhere(struct thing *t)
{
    struct thing list = {.list = t->previous, .issuer = t->issuer};
    extension_set(&list, "issuingDistributionPoint", SCOPE);
    list_resign(t);
}

static inline void in_list(struct thing *t)
{
    entry_add(t->previous, "0142AE6B7D0011223344556677889900AA", BEGIN, 4);
    list_resign(t);
}

/* ---- requests ---- */

static inline void request_resign(struct thing *t)
{
    assert_true(X509_REQ_sign(t->request, t->key, EVP_sha256()) > 0);
}

static inline void request_bad_signature(struct thing *t)
{
    t->der.data[t->der.len - 1] ^= 1;
}

static inline void request_version_2(struct thing *t)
{
    der_overwrite(t, false, "\x02\x01", 2, "\x01", 1);
}

static inline void request_challenge(struct thing *t)
{
    X509_REQ_add1_attr_by_NID(t->request, NID_pkcs9_challengePassword, MBSTRING_ASC,
                              (const unsigned char *)"secret", -1);
}

static inline void request_twice(struct thing *t)
{
    STACK_OF(X509_EXTENSION) *asked = X509_REQ_get_extensions(t->request);
    sk_X509_EXTENSION_push(asked, X509_EXTENSION_dup(sk_X509_EXTENSION_value(asked, 0)));
    X509_ATTRIBUTE_free(X509_REQ_delete_attr(t->request, 0));
    assert_int_equal(X509_REQ_add_extensions(t->request, asked), 1);
    sk_X509_EXTENSION_pop_free(asked, X509_EXTENSION_free);
}

static inline void request_other_key(struct thing *t)
{
    X509_REQ_set_pubkey(t->request, t->issuer_key);
    request_resign(t);
}

static inline void request_other_name(struct thing *t)
{
    OWN(X509_NAME) *name = name_new("Other");
    X509_REQ_set_subject_name(t->request, name);
    request_resign(t);
}

/* ---- lists ---- */

static inline void list_version_1(struct thing *t)
{
    X509_CRL_set_version(t->list, X509_CRL_VERSION_1);
}

/* Behind thisUpdate, in the DER, and the lengths with it. */
static inline void list_no_next(struct thing *t)
{
    struct der whole = {t->der.data, t->der.len}, outer = {0}, inner = {0};
    struct der_item item;
    OWN_STRUCT(bytes) kept = {0};
    OWN_STRUCT(bytes) both = {0};
    assert_true(der_expect(&outer, &whole, DER_SEQUENCE) && der_expect(&inner, &outer, DER_SEQUENCE));
    for (int n = 0; inner.len > 0; n++) {
        const unsigned char *at = inner.data;
        assert_true(der_take(&item, &inner));
        if (n != 4)
            bytes_add(&kept, at, (size_t)(inner.data - at));
    }
    der_put(&both, DER_SEQUENCE, kept.data, kept.len);
    bytes_add(&both, outer.data, outer.len);
    bytes_free(&t->der);
    der_put(&t->der, DER_SEQUENCE, both.data, both.len);
}

static inline void list_dates(struct thing *t, time_t begin, time_t end)
{
    OWN(ASN1_TIME) *from = ASN1_TIME_set(NULL, begin);
    OWN(ASN1_TIME) *to = ASN1_TIME_set(NULL, end);
    assert_int_equal(X509_CRL_set1_lastUpdate(t->list, from) + X509_CRL_set1_nextUpdate(t->list, to), 2);
}

static inline void list_backwards(struct thing *t)
{
    list_dates(t, BEGIN + 20 * DAY, BEGIN + 19 * DAY);
}

static inline void list_long(struct thing *t)
{
    list_dates(t, BEGIN + 20 * DAY, BEGIN + 400 * DAY);
}

static inline void list_late(struct thing *t)
{
    list_dates(t, BEGIN + 5400 * DAY, BEGIN + 5500 * DAY);
}

static inline void list_early(struct thing *t)
{
    list_dates(t, BEGIN + 9 * DAY, BEGIN + 30 * DAY);
}

static inline X509_REVOKED *entry_of(struct thing *t, int n)
{
    return sk_X509_REVOKED_value(X509_CRL_get_REVOKED(t->list), n);
}

static inline void list_emptied(struct thing *t)
{
    STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(t->list);
    while (sk_X509_REVOKED_num(entries) > 0)
        X509_REVOKED_free(sk_X509_REVOKED_pop(entries));
}

/* A list of one entry with that. */
static inline void entry_only(struct thing *t, const char *serial, time_t date, int reason)
{
    list_emptied(t);
    entry_add(t->list, serial, date, reason);
}

static inline void list_lost(struct thing *t)
{
    entry_only(t, "0A02", BEGIN, 4);
}

static inline void list_twice(struct thing *t)
{
    entry_add(t->list, "0A01", BEGIN, 4);
}

static inline void list_mixed(struct thing *t)
{
    entry_add(t->list, "09", BEGIN, 4);
}

static inline void entry_zero(struct thing *t)
{
    entry_only(t, "00", BEGIN, 4);
}

static inline void entry_future(struct thing *t)
{
    entry_only(t, "0A01", BEGIN + 21 * DAY, 4);
}

static inline void entry_reason_7(struct thing *t)
{
    entry_only(t, "0A01", BEGIN, 7);
}

static inline void entry_reason_8(struct thing *t)
{
    entry_only(t, "0A01", BEGIN, 8);
}

static inline void entry_reason_0(struct thing *t)
{
    entry_only(t, "0A01", BEGIN, 0);
}

static inline void entry_reason_6(struct thing *t)
{
    entry_only(t, "0A01", BEGIN, 6);
}

static inline void entry_reason_none(struct thing *t)
{
    entry_only(t, "0A01", BEGIN, -1);
}

static inline void entry_reason_critical(struct thing *t)
{
    X509_EXTENSION_set_critical(X509_REVOKED_get_ext(entry_of(t, 0), 0), 1);
}

static inline void entry_reason_twice(struct thing *t)
{
    X509_REVOKED_add_ext(entry_of(t, 0), X509_REVOKED_get_ext(entry_of(t, 0), 0), -1);
}

static inline void entry_issuer(struct thing *t)
{
    OWN(X509_EXTENSION) *issuer =
        X509V3_EXT_nconf(NULL, NULL, "certificateIssuer", "critical,DER:30:03:82:01:61");
    assert_int_equal(X509_REVOKED_add_ext(entry_of(t, 0), issuer, -1), 1);
}

#define IDP "issuingDistributionPoint"

static const struct specimen list_specimens[] = {
    ROW("issuer_dn_identical", CA, .spoil = issuer_other_case),
    EXT("aki_matches_issuer_ski", CA, AKI, "DER:30:03:80:01:01"),
    EXT("aki_matches_issuer_ski", LIST, AKI, "DER:30:03:80:01:01"),
    ROW("sig_verifies", CA, .spoil = issuer_other_key),
    ROW("sig_verifies", LIST, .spoil = issuer_other_key),
    ROW("issuer_may_sign", CA, .spoil = issuer_no_signer),
    ROW("pathlen_nesting", CA, .spoil = issuer_path_0),
    ROW("nc_nesting", CA, .spoil = issuer_narrow),
    ROW("nc_nesting", CA, .spoil = issuer_narrow_dns),
    ROW("notafter_within_issuer", CA, .spoil = ends_late),
    ROW("notbefore_within_issuer", CA, .spoil = begins_early),
    ROW("key_reuse", CA, .spoil = issuers_own_key),
    ROW("cdp_is_issuers", CA, .spoil = issuers_points),
    ROW("crl_is_issuers", CA, .spoil = list_of_another),
    ROW("cdp_idp_equal", CA, .spoil = list_elsewhere),
    ROW("not_revoked", CA, .spoil = in_list),
    ROW("csr_signature", REQUEST, .patch = request_bad_signature),
    ROW("csr_version", REQUEST, .patch = request_version_2),
    ROW("csr_challenge_password", REQUEST, .spoil = request_challenge),
    ROW("csr_extension_once", REQUEST, .spoil = request_twice),
    ROW("csr_cert_spki_match", CA, .spoil = request_other_key),
    ROW("csr_cert_subject_match", CA, .spoil = request_other_name),
    EXT("csr_ext_dropped", CA, BC, "critical,CA:TRUE,pathlen:1"),
    ROW("crl_empty_list_absent", LIST, .spoil = list_emptied),
    ROW("crl_entries_unique", LIST, .spoil = list_twice),
    ROW("crl_entries_sorted", LIST, .spoil = list_mixed),
    ROW("crl_entry_serial", LIST, .spoil = entry_zero),
    ROW("crl_entry_date", LIST, .spoil = entry_future),
    ROW("crl_reason_legal", LIST, .spoil = entry_reason_7),
    ROW("crl_reason_legal", LIST, .spoil = entry_reason_8),
    ROW("crl_reason_unspecified", LIST, .spoil = entry_reason_0),
    ROW("crl_entry_reasons", LIST, .spoil = entry_reason_6),
    ROW("crl_reason_given", LIST, .spoil = entry_reason_none),
    ROW("crl_reason_not_critical", LIST, .spoil = entry_reason_critical),
    ROW("crl_entry_issuer_absent", LIST, .spoil = entry_issuer),
    ROW("crl_entry_extension_once", LIST, .spoil = entry_reason_twice),
    ROW("crl_version", LIST, .spoil = list_version_1),
    ROW("crl_next_update", LIST, .patch = list_no_next),
    ROW("crl_times_order", LIST, .spoil = list_backwards),
    EXT("crl_number_present", LIST, "crlNumber", NULL),
    EXT("crl_number_not_critical", LIST, "crlNumber", "critical,ASN1:INTEGER:7"),
    EXT("crl_number_range", LIST, "crlNumber", "DER:02:01:ff"),
    EXT("crl_no_delta", LIST, "deltaCRL", "critical,ASN1:INTEGER:6"),
    EXT("crl_no_info_access", LIST, AIA, "caIssuers;URI:http://a.example/r.crt"),
    EXT("idp_critical", LIST, IDP, "DER:30:03:82:01:ff"),
    EXT("idp_on_full_crl", LIST, IDP, SCOPE),
    EXT("idp_flags", LIST, IDP, "critical,DER:30:06:81:01:ff:82:01:ff"),
    EXT("idp_not_indirect", LIST, IDP, "critical,DER:30:03:84:01:ff"),
    ROW("crl_validity", LIST, .spoil = list_long),
    ROW("crl_within_issuer", LIST, .spoil = list_late),
    ROW("crl_same_issuer", LIST, .spoil = list_of_another),
    EXT("crl_number_monotone", LIST, "crlNumber", "ASN1:INTEGER:6"),
    ROW("crl_time_monotone", LIST, .spoil = list_early),
    ROW("crl_entries_kept", LIST, .spoil = list_lost),
    {0},
};

#endif

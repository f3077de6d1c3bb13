/* lint_certificates.h - for tests: certificates with one fault each. */
#ifndef VERGER_TESTS_LINT_CERTIFICATES_H
#define VERGER_TESTS_LINT_CERTIFICATES_H

#include "lint_bench.h"

static inline void serial_zero(struct thing *t)
{
    serial_set(X509_get_serialNumber(t->cert), "00");
}

static inline void serial_long(struct thing *t)
{
    serial_set(X509_get_serialNumber(t->cert), "80112233445566778899AABBCCDDEEFF00112233");
}

static inline void serial_five(struct thing *t)
{
    serial_set(X509_get_serialNumber(t->cert), "05");
}

static inline void sha1(struct thing *t)
{
    t->md = EVP_sha1();
}

/* A stranger's RSA certificate, with an OCTET STRING where the signature's NULL belongs. */
static inline void rsa_without_null(struct thing *t)
{
    static const unsigned char sha256_rsa[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b};
    struct err err = {0};
    OWN(X509) *root = golden_certificate("root/root-rsa4096.crt");
    bytes_free(&t->der);
    assert_true(certificate_der(&t->der, root, &err));
    der_overwrite(t, true, sha256_rsa, sizeof sha256_rsa, "\x04", 1);
}

static inline void algorithms_differ(struct thing *t)
{
    static const unsigned char ecdsa_sha2[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03};
    der_overwrite(t, true, ecdsa_sha2, sizeof ecdsa_sha2, "\x03", 1);
}

/* In the DER: from 3.4 on OpenSSL signs no other version than 3 when there are extensions. */
static inline void version_2(struct thing *t)
{
    der_overwrite(t, false, "\xa0\x03\x02\x01", 4, "\x01", 1);
}

static inline void boolean_other(struct thing *t)
{
    der_overwrite(t, false, "\x01\x01", 2, "\x01", 1);
}

static inline void critical_false(struct thing *t)
{
    der_overwrite(t, false, "\x01\x01", 2, "\x00", 1);
}

static inline void ends_first(struct thing *t)
{
    dates_set(t->cert, BEGIN, -1);
}

static inline void ends_late(struct thing *t)
{
    dates_set(t->cert, BEGIN, 11000);
}

static inline void begins_early(struct thing *t)
{
    dates_set(t->cert, BEGIN - DAY, 365);
}

static inline void second_more(struct thing *t)
{
    OWN(ASN1_TIME) *to = ASN1_TIME_set(NULL, BEGIN + 365 * DAY);
    X509_set1_notAfter(t->cert, to);
}

static inline void time_general(struct thing *t)
{
    OWN(ASN1_STRING) *from = ASN1_GENERALIZEDTIME_set(NULL, BEGIN);
    X509_set1_notBefore(t->cert, from);
}

static inline void unique_id(struct thing *t)
{
    der_insert(t, "\x81\x02\x00\x80", 4);
}

static inline void issuer_empty(struct thing *t)
{
    OWN(X509_NAME) *empty = X509_NAME_new();
    X509_set_issuer_name(t->cert, empty);
}

static inline void subject_empty(struct thing *t)
{
    OWN(X509_NAME) *empty = X509_NAME_new();
    X509_set_subject_name(t->cert, empty);
}

static inline void subject_set(struct thing *t)
{
    OWN(X509_NAME) *name = name_new("Issuing");
    X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_ASC, (const unsigned char *)"Unit", -1, -1, -1);
    X509_set_subject_name(t->cert, name);
}

#define ROW(name, kind, ...)                                                                                 \
    {                                                                                                        \
        .rule = name, .base = BASE_##kind, __VA_ARGS__                                                       \
    }
#define EXT(name, kind, of, text) ROW(name, kind, .extension = (of), .value = (text))
#define NAME(name, kind, of, text) ROW(name, kind, .field = (of), .value = (text))
#define NAME_OF(name, kind, of, text, as) ROW(name, kind, .field = (of), .value = (text), .type = (as))
#define BC "basicConstraints"
#define KU "keyUsage"
#define EKU "extendedKeyUsage"
#define SKI "subjectKeyIdentifier"
#define AKI "authorityKeyIdentifier"
#define POLICIES "certificatePolicies"
#define CDP "crlDistributionPoints"
#define AIA "authorityInfoAccess"
#define NC "nameConstraints"
#define LONG "0123456789012345678901234567890123456789012345678901234567890123X"

static const struct specimen certificate_specimens[] = {
    ROW("encoding_der", CA, .patch = boolean_other),
    EXT("extension_der", CA, KU, "critical,DER:03:02:01:07"),
    EXT("extension_decodes", CA, BC, "critical,DER:04:00"),
    ROW("extension_critical_default", CA, .patch = critical_false),
    EXT("basic_constraints_default", LEAF, BC, "DER:30:03:01:01:00"),
    EXT("key_usage_encoding", CA, KU, "critical,DER:03:02:00:06"),
    EXT("extension_not_empty", CA, EKU, "DER:30:00"),
    EXT("extension_once", CA, BC, "+critical,CA:TRUE"),
    EXT("extension_critical_known", CA, "1.2.3.4", "critical,DER:05:00"),
    ROW("certificate_version", ROOT, .patch = version_2),
    ROW("extensions_version", ROOT, .patch = version_2),
    ROW("serial_positive", CA, .spoil = serial_zero),
    ROW("serial_length", CA, .spoil = serial_long),
    ROW("serial_entropy", CA, .spoil = serial_five),
    ROW("root_serial_entropy", ROOT, .spoil = serial_five),
    ROW("signature_algorithms_equal", CA, .patch = algorithms_differ),
    ROW("signature_strong", CA, .spoil = sha1),
    ROW("root_signature_strong", ROOT, .spoil = sha1),
    ROW("signature_null_parameters", ROOT, .patch = rsa_without_null),
    ROW("validity_order", CA, .spoil = ends_first),
    ROW("root_validity", ROOT, .spoil = ends_late),
    ROW("intermediate_validity", CA, .spoil = ends_late),
    ROW("validity_second", CA, .spoil = second_more),
    ROW("time_encoding", CA, .spoil = time_general),
    ROW("unique_identifiers_absent", CA, .patch = unique_id),
    ROW("subject_not_empty", CA, .spoil = subject_empty),
    ROW("issuer_not_empty", CA, .spoil = issuer_empty),
    NAME("subject_country", CA, "C", NULL),
    NAME("subject_organization", CA, "O", NULL),
    NAME("subject_common_name", CA, "CN", NULL),
    NAME("subject_unit_absent", CA, "OU", "Unit"),
    NAME_OF("subject_country_form", CA, "C", "ch", V_ASN1_PRINTABLESTRING),
    NAME("subject_lengths", CA, "CN", LONG),
    NAME_OF("subject_string_types", CA, "CN", "Tele", V_ASN1_T61STRING),
    NAME("subject_characters", CA, "CN", "A\nB"),
    NAME_OF("subject_characters", CA, "CN", "A@B", V_ASN1_PRINTABLESTRING),
    NAME("subject_spaces", CA, "CN", "Issuing "),
    NAME("subject_duplicates", CA, "CN", "+Issuing"),
    ROW("subject_sets", CA, .spoil = subject_set),
    EXT("basic_constraints_ca", CA, BC, "critical,CA:FALSE"),
    EXT("basic_constraints_critical", CA, BC, "CA:TRUE,pathlen:0"),
    EXT("path_length_legal", LEAF, BC, "critical,CA:FALSE,pathlen:0"),
    EXT("root_path_length", ROOT, BC, "critical,CA:TRUE,pathlen:1"),
    EXT("intermediate_path_length", CA, BC, "critical,CA:TRUE"),
    EXT("key_usage_present", CA, KU, NULL),
    EXT("key_usage_critical", CA, KU, "keyCertSign,cRLSign"),
    EXT("key_usage_cert_sign", CA, KU, "critical,cRLSign"),
    EXT("key_usage_crl_sign", CA, KU, "critical,keyCertSign"),
    EXT("key_usage_signature", CA, KU, "critical,keyCertSign,cRLSign,digitalSignature"),
    EXT("key_usage_other", CA, KU, "critical,keyCertSign,cRLSign,keyEncipherment"),
    EXT("root_ext_key_usage_absent", ROOT, EKU, "serverAuth"),
    EXT("ext_key_usage_present", CA, EKU, NULL),
    EXT("ext_key_usage_any", CA, EKU, "anyExtendedKeyUsage"),
    EXT("ext_key_usage_mixed", CA, EKU, "serverAuth,emailProtection"),
    EXT("ext_key_usage_not_critical", CA, EKU, "critical,serverAuth"),
    EXT("subject_key_id_present", CA, SKI, NULL),
    EXT("subject_key_id_not_critical", CA, SKI, "critical,hash"),
    EXT("ski_method", CA, SKI, "0102030405"),
    EXT("authority_key_id_present", CA, AKI, NULL),
    EXT("authority_key_id_only", CA, AKI, "keyid:always,issuer:always"),
    EXT("authority_key_id_not_critical", CA, AKI, "critical,DER:30:03:80:01:01"),
    EXT("root_authority_key_id", ROOT, AKI, "DER:30:03:80:01:01"),
    EXT("policies_present", CA, POLICIES, NULL),
    EXT("policies_reserved", CA, POLICIES, "1.2.3.4"),
    EXT("policies_not_critical", CA, POLICIES, "critical,2.5.29.32.0"),
    EXT("policies_once", CA, POLICIES, "DER:30:0a:30:03:06:01:2a:30:03:06:01:2a"),
    EXT("policies_qualifiers", CA, POLICIES, "DER:30:0f:30:0d:06:01:2a:30:08:30:06:06:02:2a:03:05:00"),
    EXT("root_policies_absent", ROOT, POLICIES, "2.5.29.32.0"),
    EXT("policy_constraints_critical", CA, "policyConstraints", "requireExplicitPolicy:0"),
    EXT("inhibit_any_policy_critical", CA, "inhibitAnyPolicy", "0"),
    EXT("policy_mappings_any", CA, "policyMappings", "critical,2.5.29.32.0:1.2.3"),
    EXT("policy_mappings_critical", CA, "policyMappings", "1.2.3:1.2.4"),
    EXT("no_rev_avail_in_ca", CA, "2.5.29.56", "DER:05:00"),
    EXT("crl_points_present", CA, CDP, NULL),
    EXT("root_crl_points_absent", ROOT, CDP, "URI:http://pki.example.com/root.crl"),
    EXT("crl_points_not_critical", CA, CDP, "critical,URI:http://pki.example.com/root.crl"),
    EXT("crl_points_complete", CA, CDP, "DER:30:06:30:04:81:02:01:06"),
    EXT("crl_points_plain", CA, CDP, "DER:30:06:30:04:81:02:01:06"),
    EXT("crl_points_single", CA, CDP, "URI:http://a.example/r.crl,URI:http://b.example/r.crl"),
    EXT("cdp_scheme", CA, CDP, "URI:https://pki.example.com/root.crl"),
    EXT("freshest_crl_not_critical", CA, "freshestCRL", "critical,URI:http://a.example/d.crl"),
    EXT("info_access_present", CA, AIA, NULL),
    EXT("info_access_not_critical", CA, AIA, "critical,caIssuers;URI:http://a.example/r.crt"),
    EXT("info_access_scheme", CA, AIA, "caIssuers;URI:https://a.example/r.crt"),
    EXT("subject_info_not_critical", CA, "subjectInfoAccess", "critical,caRepository;URI:http://a.example/"),
    EXT("name_constraints_critical", CA, NC, "permitted;DNS:example.com"),
    EXT("name_constraints_in_ca", LEAF, NC, "critical,permitted;DNS:example.com"),
    EXT("name_constraints_minimum", CA, NC, "critical,DER:30:0a:a0:08:30:06:82:01:61:80:01:01"),
    EXT("name_constraints_maximum", CA, NC, "critical,DER:30:0a:a0:08:30:06:82:01:61:81:01:01"),
    EXT("name_constraints_kinds", CA, NC, "critical,permitted;RID:1.2.3"),
    EXT("name_constraints_address", CA, NC, "critical,permitted;IP:8.8.0.0/255.0.255.0"),
    EXT("name_constraints_dns", CA, NC, "critical,permitted;DNS:.example.com"),
    EXT("name_constraints_uri", CA, NC, "critical,permitted;URI:http://example.com/"),
    EXT("name_constraints_reserved", CA, NC, "critical,permitted;IP:10.0.0.0/255.255.255.0"),
    EXT("name_constraints_reserved", CA, NC, "critical,permitted;IP:172.31.0.0/255.255.0.0"),
    EXT("name_constraints_open", CA, NC, "critical,permitted;DNS:example.com"),
    {0},
};

#endif

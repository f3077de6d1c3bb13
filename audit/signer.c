#include "signer.h"

#include "../ceremony/ssl.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#define STATION_PREFIX "station "
#define WITNESS "witness"
#define REHEARSAL "REHEARSAL"
#define NAME_MAX_CHARACTERS 64 /* RFC 5280 appendix A.1, ub-common-name */

bool station_is_legal(const char *station)
{
    size_t len = strlen(station);
    return len >= 1 && len <= 32 && strspn(station, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* A name goes into commits ("name <email>") and onto terminals. */
static bool name_is_legal(const char *name)
{
    size_t characters = 0, len = strlen(name);
    if (len == 0 || name[0] == ' ' || name[len - 1] == ' ')
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)name[i];
        unsigned char next = (unsigned char)name[i + 1];
        if (c < 0x20 || c == 0x7f || c == '<' || c == '>' || (c == 0xc2 && next < 0xa0))
            return false;
        if ((c & 0xc0) != 0x80)
            characters++;
    }
    return characters <= NAME_MAX_CHARACTERS;
}

static bool attribute_add(X509_NAME *subject, const char *type, const char *text, struct err *err)
{
    if (X509_NAME_add_entry_by_txt(subject, type, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) != 1)
        return err_ssl(err, "the certificate's %s \"%s\" is not UTF-8 text of at most 64 characters", type,
                       text);
    return true;
}

static bool subject_set(X509 *cert, const char *name, const char *station, bool rehearsal, struct err *err)
{
    X509_NAME *subject = X509_get_subject_name(cert);
    OWN(char) *unit = station != NULL ? text_format(STATION_PREFIX "%s", station) : text_copy(WITNESS);
    if (rehearsal && !attribute_add(subject, "O", REHEARSAL, err))
        return false;
    if (!attribute_add(subject, "OU", unit, err) || !attribute_add(subject, "CN", name, err))
        return false;
    if (X509_set_issuer_name(cert, subject) != 1)
        return err_ssl(err, "cannot name the issuer of a sealing certificate");
    return true;
}

static bool extensions_set(X509 *cert, struct err *err)
{
    static const struct {
        int nid;
        const char *value;
    } wanted[] = {
        {NID_basic_constraints, "critical,CA:FALSE"},
        {NID_key_usage, "critical,digitalSignature"},
        {NID_ext_key_usage, "emailProtection"},
        {NID_subject_key_identifier, "hash"},
    };
    X509V3_CTX context = {0};
    X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        OWN(X509_EXTENSION) *extension = X509V3_EXT_conf_nid(NULL, &context, wanted[i].nid, wanted[i].value);
        if (extension == NULL || X509_add_ext(cert, extension, -1) != 1)
            return err_ssl(err, "cannot add %s to a sealing certificate", OBJ_nid2sn(wanted[i].nid));
    }
    return true;
}

static bool serial_set(X509 *cert, struct err *err)
{
    char hex[SERIAL_HEX];
    if (!serial_random(hex, err))
        return false;
    OWN(BIGNUM) *number = NULL;
    if (BN_hex2bn(&number, hex) != (int)strlen(hex) ||
        BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) == NULL)
        return err_ssl(err, "cannot set the serial number of a sealing certificate");
    return true;
}

static bool life_set(X509 *cert, time_t now, struct err *err)
{
    struct tm end = {0};
    if (gmtime_r(&now, &end) == NULL)
        return err_set(err, "the clock is out of range; set it and enrol again");
    end.tm_year += SEAL_YEARS;
    if (ASN1_TIME_set(X509_getm_notBefore(cert), now) == NULL ||
        ASN1_TIME_set(X509_getm_notAfter(cert), timegm(&end)) == NULL)
        return err_ssl(err, "cannot set the dates of a sealing certificate");
    return true;
}

bool signer_make(X509 **out, const struct key *key, const char *name, const char *station, bool rehearsal,
                 time_t now, struct err *err)
{
    if (!name_is_legal(name))
        return err_set(err,
                       "the name of a signer must be 1 to 64 characters without control characters, '<', "
                       "'>' or spaces at its ends; give another --name");
    if (station != NULL && !station_is_legal(station))
        return err_set(err, "station \"%s\" is not [a-z0-9-]{1,32}; name it as the script does", station);
    OWN(X509) *cert = X509_new();
    if (cert == NULL || X509_set_version(cert, X509_VERSION_3) != 1 ||
        X509_set_pubkey(cert, key_evp(key)) != 1)
        return err_ssl(err, "cannot make a sealing certificate");
    if (!serial_set(cert, err) || !life_set(cert, now, err) ||
        !subject_set(cert, name, station, rehearsal, err) || !extensions_set(cert, err))
        return false;
    if (X509_sign(cert, key_evp(key), EVP_sha256()) <= 0)
        return err_ssl(err, "cannot sign a sealing certificate");
    struct signer made;
    if (!signer_read(&made, cert, "the new sealing certificate", err))
        return false;
    *out = GIVE(cert);
    return true;
}

/* Value of subject attribute `i`, which must be of type `nid` and alone in its SET. */
static bool attribute_read(char *out, size_t size, const X509_NAME *subject, int i, int nid)
{
    const X509_NAME_ENTRY *entry = X509_NAME_get_entry(subject, i);
    if (entry == NULL || OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != nid ||
        X509_NAME_ENTRY_set(entry) != i)
        return false;
    OWN_OPENSSL *text = NULL;
    int len = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    bool fits = len > 0 && (size_t)len < size && strlen((char *)text) == (size_t)len;
    if (fits)
        memcpy(out, text, (size_t)len + 1);
    return fits;
}

static bool subject_read(struct signer *out, const X509 *cert, const char *what, struct err *err)
{
    const X509_NAME *subject = X509_get_subject_name(cert);
    char text[64] = "";
    int at = 0;
    if (X509_NAME_cmp(subject, X509_get_issuer_name(cert)) != 0)
        return err_set(err, "%s: issuer and subject differ; only a certificate of verger enrol is taken",
                       what);
    if (attribute_read(text, sizeof text, subject, at, NID_organizationName)) {
        if (strcmp(text, REHEARSAL) != 0)
            return err_set(
                err, "%s: the subject's O is not " REHEARSAL "; name a certificate of verger enrol", what);
        out->rehearsal = true;
        at++;
    }
    if (!attribute_read(text, sizeof text, subject, at++, NID_organizationalUnitName))
        return err_set(
            err,
            "%s: the subject has no OU \"station NAME\" or \"witness\"; name a certificate of verger enrol",
            what);
    if (!attribute_read(out->name, sizeof out->name, subject, at++, NID_commonName) ||
        X509_NAME_entry_count(subject) != at || !name_is_legal(out->name))
        return err_set(err, "%s: the subject is not O, OU and CN; name a certificate of verger enrol", what);
    if (strcmp(text, WITNESS) == 0)
        return true;
    const char *station = text + strlen(STATION_PREFIX);
    if (strncmp(text, STATION_PREFIX, strlen(STATION_PREFIX)) != 0 || !station_is_legal(station))
        return err_set(
            err, "%s: the subject's OU is not \"station NAME\" (NAME is [a-z0-9-]{1,32}) or \"witness\"",
            what);
    memcpy(out->station, station, strlen(station) + 1);
    return true;
}

/* X509_get_key_usage and its kin fill a cache in the certificate, hence a copy of our own. */
static bool usage_check(X509 *cert, const char *what, struct err *err)
{
    uint32_t flags = X509_get_extension_flags(cert);
    if ((flags & EXFLAG_INVALID) != 0 || X509_get_version(cert) != X509_VERSION_3)
        return err_set(err, "%s: not a version 3 certificate with valid extensions (RFC 5280 4.1.2.1)", what);
    if ((flags & EXFLAG_CA) != 0)
        return err_set(err, "%s: a CA certificate cannot seal pages; use the one of verger enrol", what);
    if (X509_get_key_usage(cert) != KU_DIGITAL_SIGNATURE)
        return err_set(err, "%s: key usage is not digitalSignature alone (RFC 5280 4.2.1.3)", what);
    if (X509_get_extended_key_usage(cert) != XKU_SMIME)
        return err_set(err, "%s: extended key usage is not emailProtection alone (RFC 5280 4.2.1.12)", what);
    if (X509_get0_subject_key_id(cert) == NULL)
        return err_set(err, "%s: no subject key identifier (RFC 5280 4.2.1.2)", what);
    return true;
}

bool signer_read(struct signer *out, const X509 *cert, const char *what, struct err *err)
{
    struct signer found = {0};
    OWN(X509) *copy = X509_dup(cert);
    EVP_PKEY *key = copy != NULL ? X509_get0_pubkey(copy) : NULL;
    if (key == NULL)
        return err_ssl(err, "%s: the public key cannot be read", what);
    char kind[32];
    pkey_kind(kind, key);
    if (strcmp(kind, "P-256") != 0)
        return err_set(err, "%s: the key is %s; a seal is made with P-256", what, kind);
    if (!subject_read(&found, copy, what, err) || !usage_check(copy, what, err))
        return false;
    if (X509_get_signature_nid(copy) != NID_ecdsa_with_SHA256 || X509_verify(copy, key) != 1) {
        ERR_clear_error();
        return err_set(err, "%s: the self-signature does not verify (ecdsa-with-SHA256)", what);
    }
    if (!certificate_fingerprint(found.sha256, copy, err))
        return false;
    *out = found;
    return true;
}

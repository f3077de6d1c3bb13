#include "certificateparts.h"

#include "signature.h"

#include <ctype.h>
#include <openssl/rand.h>
#include <string.h>

void certificate_constraints(struct constraints *out, const X509 *cert)
{
    int critical = 0;
    OWN(BASIC_CONSTRAINTS) *found = X509_get_ext_d2i(cert, NID_basic_constraints, &critical, NULL);
    *out = (struct constraints){.path_length = -1};
    if (found == NULL)
        return;
    out->present = true;
    out->critical = critical == 1;
    out->ca = found->ca != 0;
    if (found->pathlen != NULL)
        out->path_length = ASN1_INTEGER_get(found->pathlen);
}

unsigned certificate_key_usage(bool *present, const X509 *cert)
{
    OWN(ASN1_BIT_STRING) *bits = X509_get_ext_d2i(cert, NID_key_usage, NULL, NULL);
    unsigned usage = 0;
    for (int i = 0; i < 9; i++)
        if (bits != NULL && ASN1_BIT_STRING_get_bit(bits, i) == 1)
            usage |= 1u << i;
    *present = bits != NULL;
    return usage;
}

ASN1_OCTET_STRING *certificate_ski(const X509 *cert)
{
    return X509_get_ext_d2i(cert, NID_subject_key_identifier, NULL, NULL);
}

ASN1_OCTET_STRING *certificate_aki(const X509 *cert)
{
    OWN(AUTHORITY_KEYID) *found = X509_get_ext_d2i(cert, NID_authority_key_identifier, NULL, NULL);
    return found != NULL ? GIVE(found->keyid) : NULL;
}

char *octets_hex(const ASN1_OCTET_STRING *octets)
{
    size_t len = octets != NULL ? (size_t)ASN1_STRING_length(octets) : 0;
    char *hex = memory_new(2 * len + 1, 1);
    if (len != 0)
        hex_encode(hex, ASN1_STRING_get0_data(octets), len);
    return hex;
}

char *integer_hex(const ASN1_INTEGER *integer)
{
    OWN(BIGNUM) *number = ASN1_INTEGER_to_BN(integer, NULL);
    char *upper = number != NULL ? BN_bn2hex(number) : NULL;
    char *hex = text_copy(upper != NULL ? upper : "");
    OPENSSL_free(upper);
    for (char *c = hex; *c != 0; c++)
        *c = (char)tolower((unsigned char)*c);
    return hex;
}

bool certificate_verifies(const X509 *cert, EVP_PKEY *key)
{
    OWN(X509) *copy = X509_dup(cert); /* X509_verify wants no const */
    bool ok = copy != NULL && key != NULL && X509_verify(copy, key) == 1;
    ERR_clear_error();
    return ok;
}

bool certificate_signature_check(const X509 *cert, const char *what, struct err *err)
{
    const X509_ALGOR *algorithm = NULL;
    X509_get0_signature(NULL, &algorithm, cert);
    return signature_is_strong(algorithm, what, err);
}

time_t time_of(const ASN1_TIME *time)
{
    struct tm tm = {0};
    return ASN1_TIME_to_tm(time, &tm) == 1 ? timegm(&tm) : 0;
}

time_t certificate_not_before(const X509 *cert)
{
    return time_of(X509_get0_notBefore(cert));
}

time_t certificate_not_after(const X509 *cert)
{
    return time_of(X509_get0_notAfter(cert));
}

bool serial_random(char hex[SERIAL_HEX], struct err *err)
{
    unsigned char raw[SERIAL_LEN] = {1};
    if (RAND_bytes(raw + 1, SERIAL_LEN - 1) != 1)
        return err_ssl(err, "the random generator gives nothing for a serial number");
    hex_encode(hex, raw, sizeof raw);
    return true;
}

bool serial_parse(ASN1_INTEGER **out, const char *hex, struct err *err)
{
    OWN(BIGNUM) *number = NULL;
    size_t len = strlen(hex);
    if (len == 0 || len > 2 * SERIAL_MAX || hex[strspn(hex, "0123456789abcdef")] != 0 ||
        BN_hex2bn(&number, hex) != (int)len)
        return err_set(err, "serial \"%.60s\" is not lower-case hex of at most %d bytes", hex, SERIAL_MAX);
    if (BN_is_zero(number) || BN_num_bits(number) >= 8 * SERIAL_MAX)
        return err_set(err, "serial %s is zero or longer than %d bytes in DER (RFC 5280 4.1.2.2)", hex,
                       SERIAL_MAX);
    *out = BN_to_ASN1_INTEGER(number, NULL);
    return *out != NULL || err_ssl(err, "serial %s cannot be encoded", hex);
}

/* certificateparts.h - single parts of a certificate, for the files that judge and make certificates and
 * CRLs. */
#ifndef VERGER_CERTIFICATEPARTS_H
#define VERGER_CERTIFICATEPARTS_H

#include "certificate.h"
#include "ssl.h"

struct constraints {
    bool present, critical, ca;
    long path_length; /* -1: none */
};
/* basicConstraints; one that is damaged or there twice counts as absent. */
void certificate_constraints(struct constraints *out, const X509 *cert);

/* keyUsage, bit n is usage n of RFC 5280 4.2.1.3; `present` false also when it is damaged. */
unsigned certificate_key_usage(bool *present, const X509 *cert);
#define USAGE_CERT_SIGN (1u << 5)
#define USAGE_CRL_SIGN (1u << 6)

/* The key identifiers, NULL when absent. The caller frees. */
ASN1_OCTET_STRING *certificate_ski(const X509 *cert);
ASN1_OCTET_STRING *certificate_aki(const X509 *cert);

/* Lower-case hex, "" for NULL. The caller frees. */
char *octets_hex(const ASN1_OCTET_STRING *octets);
char *integer_hex(const ASN1_INTEGER *integer);

/* Whether the signature verifies under `key`. */
bool certificate_verifies(const X509 *cert, EVP_PKEY *key);

/* Whether its signature is made with a strong digest; `what` begins the message. */
MUST_CHECK bool certificate_signature_check(const X509 *cert, const char *what, struct err *err);

time_t time_of(const ASN1_TIME *time);

/* Lower-case hex to a serial number: positive, at most SERIAL_MAX bytes. The caller frees. */
MUST_CHECK bool serial_parse(ASN1_INTEGER **out, const char *hex, struct err *err);

#endif

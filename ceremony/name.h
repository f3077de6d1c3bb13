/* name.h - distinguished names (RFC 5280 4.1.2.4), written the way step writes them.
 *
 * Order C, ST, L, street, postalCode, O, OU, CN, serialNumber, extra names; several values of one attribute
 * stand in one SET. PrintableString where every character is in [A-Za-z0-9 '()+,-./:=?], else UTF8String;
 * emailAddress is IA5String.
 */
#ifndef VERGER_NAME_H
#define VERGER_NAME_H

#include "bytes.h"

#include <jansson.h>
#include <openssl/x509.h>

OWN_DEFINE(X509_NAME, X509_NAME_free);

/* From step's JSON (facts: step-ca section 5): a string is the CN; an object has country, organization,
 * organizationalUnit, locality, province, streetAddress, postalCode (each a string or an array),
 * serialNumber, commonName, extraNames [{type: OID, value}]. Keys compare case-insensitively. An unknown
 * key is an error that names it. */
MUST_CHECK bool name_from_json(X509_NAME **out, const json_t *subject, struct err *err);

/* The same; with `as_step` unknown keys are ignored, as step does. */
MUST_CHECK bool name_read(X509_NAME **out, const json_t *subject, bool as_step, struct err *err);

/* The other way, as toJson shows a Subject in a template: the same members, empty ones left out, except
 * that a name of nothing gives {}. Caller decrefs. */
MUST_CHECK bool name_to_json(json_t **out, const X509_NAME *name, struct err *err);

/* One line for people, RFC 2253 order reversed ("CN=..., O=..."), control characters escaped. Caller frees.
 */
char *name_text(const X509_NAME *name);

#endif

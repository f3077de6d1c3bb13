/* fields.h - what a certificate, a request or a revocation list says, field by field, so that two of them can
 * be compared (json_difference). */
#ifndef VERGER_FIELDS_H
#define VERGER_FIELDS_H

#include "certificate.h"

/* False when `data` is none of them. Else an object; its "kind" is "certificate" (certificate_to_json,
 * "tbs_sha256", "extensions"), "request" (request_to_json, "spki_sha256", "sha256"), "crl" (crl_to_json,
 * "extensions", "revoked": [{"serial", "date", "extensions"}]), or "certificates" ("list": several in one
 * PEM file, in their order). Two that are not the same bytes differ at least in "sha256". Caller decrefs. */
bool fields_read(json_t **out, const struct bytes *data);

/* The same of what a signature covers, for one that need not be signed (tbs_make, request_prepare) or is
 * signed by another key (crl_preview): without "kind", "sha256" and the like. Caller decrefs. */
MUST_CHECK bool fields_certificate(json_t **out, const X509 *cert, struct err *err);
MUST_CHECK bool fields_request(json_t **out, const X509_REQ *request, struct err *err);
MUST_CHECK bool fields_crl(json_t **out, X509_CRL *crl, struct err *err);

#endif

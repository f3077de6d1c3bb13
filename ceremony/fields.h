/* fields.h - what a certificate, a request or a revocation list says, field by field, so that two of them can
 * be compared (json_difference). */
#ifndef VERGER_FIELDS_H
#define VERGER_FIELDS_H

#include "json.h"

/* False when `data` is none of them. Else an object; its "kind" is "certificate" (certificate_to_json,
 * "tbs_sha256", "extensions"), "request" (request_to_json, "spki_sha256", "sha256"), "crl" (crl_to_json,
 * "extensions", "revoked": [{"serial", "date", "extensions"}]), or "certificates" ("list": several in one
 * PEM file, in their order). Two that are not the same bytes differ at least in "sha256". Caller decrefs. */
bool fields_read(json_t **out, const struct bytes *data);

#endif

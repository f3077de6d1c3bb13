/* change.h - how a file's content changed, in terms of what it is: JSON by member, certificates, requests and
 * revocation lists by field, other text by line. Private keys are never shown. */
#ifndef VERGER_CHANGE_H
#define VERGER_CHANGE_H

#include "../ceremony/json.h"

/* What became of a file; NULL: it was not there, or is not there any more, but not both.
 *
 * {"form", "differences": [{"path", "before", "after"}]} (json_difference), "form" one of "json",
 * "certificate", "certificates", "request", "crl" (path: the field), "text" (path: "line 12", counted as
 * json_difference counts elements); "layout": the same content under other bytes; "bytes": not comparable,
 * and "why" says so. One that came or went has no differences, but "facts", its fields without extensions,
 * when it is a certificate or its like. Always "before" and "after" with {"sha256", "size"}, where there is
 * one. Caller decrefs. */
json_t *change_describe(const struct bytes *before, const struct bytes *after);

/* Appended: the same for people, every line with `indent` in front. */
void change_text(struct bytes *out, const json_t *change, const char *indent);

#endif

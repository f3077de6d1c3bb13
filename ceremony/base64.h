/* base64.h - RFC 4648: base64 with padding (section 4) and base64url without (section 5).
 * Decoding is strict: no white space, no other alphabet, no bits left over. */
#ifndef VERGER_BASE64_H
#define VERGER_BASE64_H

#include "bytes.h"

/* Text of any bytes. Caller frees. */
char *base64_encode(const void *data, size_t len);
char *base64url_encode(const void *data, size_t len);

MUST_CHECK bool base64_decode(struct bytes *out, const char *text, struct err *err);
MUST_CHECK bool base64url_decode(struct bytes *out, const char *text, struct err *err);

/* base64url into the caller's memory, for what must not touch the ordinary heap: `text` has room for
 * BASE64URL_LEN(len) characters and the zero byte behind them. */
#define BASE64URL_LEN(len) (((len)*4 + 2) / 3)
void base64url_write(char *text, const void *data, size_t len);

#endif

/* register.h - the rules of a station's register: what its keys ever signed. home.h has the file. */
#ifndef VERGER_REGISTER_H
#define VERGER_REGISTER_H

#include "../ceremony/json.h"

/* Whether an entry is one, and may come behind the first `count` of a list: a serial number, and a list's
 * number, stand for one to-be-signed part of an issuer for ever, and the number of a new list is above all
 * before it (RFC 5280 4.1.2.2, 5.2.3). */
MUST_CHECK bool register_takes(const json_t *list, size_t count, const json_t *entry, struct err *err);

/* The same of every entry behind those before it. */
MUST_CHECK bool register_check(const json_t *list, const char *path, struct err *err);

#endif

/* plain.h - text that may be shown on a terminal: untrusted bytes never reach one as they are. */
#ifndef VERGER_PLAIN_H
#define VERGER_PLAIN_H

#include "../ceremony/bytes.h"

/* Append `text`. Newlines and valid UTF-8 pass; every byte of a control character (C0, DEL, C1), of a
 * character that turns the direction of writing or breaks the line, and of what is not UTF-8 becomes \xNN. */
void plain_add(struct bytes *out, const char *text);

/* Whether plain_add would leave `text` as it is, and there is no newline in it. */
bool plain_is_line(const char *text);

#endif

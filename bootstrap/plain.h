/* plain.h - text that may be shown on a terminal: untrusted bytes never reach one as they are. */
#ifndef VERGER_PLAIN_H
#define VERGER_PLAIN_H

#include "../ceremony/bytes.h"

/* Append `text`. Newlines and valid UTF-8 pass; every byte of another character that cannot be
 * seen (visible.h: controls, marks of direction, zero width, tags...) and of what is not UTF-8 becomes \xNN.
 */
void plain_add(struct bytes *out, const char *text);

/* Append a path as a shell takes it for one word. */
void shell_word(struct bytes *out, const char *path);

/* Whether plain_add would leave `text` as it is, and there is no newline in it. */
bool plain_is_line(const char *text);

#endif

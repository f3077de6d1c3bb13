/* transcript.h - what was said, asked and answered: transcript.txt of a page.
 *
 * One line each: "<RFC 3339 UTC>  <text>\n", with "REHEARSAL " in front of every line of a rehearsal. A text
 * of several lines becomes as many lines with one time. Whatever could move a terminal's cursor or hide
 * text is written as \xNN, byte by byte: every character that cannot be seen (visible.h), bytes that are
 * not UTF-8, and the backslash itself, so that nothing is ambiguous.
 */
#ifndef VERGER_TRANSCRIPT_H
#define VERGER_TRANSCRIPT_H

#include "../ceremony/bytes.h"

#include <time.h>

void transcript_say(struct bytes *transcript, time_t time, bool rehearsal, const char *text);

/* Every line is of that form; errors name the line. */
MUST_CHECK bool transcript_check(const struct bytes *transcript, bool rehearsal, struct err *err);

/* One line's worth of text, escaped as above. */
void transcript_escape(struct bytes *out, const char *text, size_t len);

#endif

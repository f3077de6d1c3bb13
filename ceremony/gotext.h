/* gotext.h - text as Go's standard library sees it: step-ca's answers quote it, and its rules compare it. */
#ifndef VERGER_GOTEXT_H
#define VERGER_GOTEXT_H

#include "scratch.h"

#include <stdint.h>

/* The next character of UTF-8 text and how many bytes it has; U+FFFD and 1 where it is none. The end is 0, 0.
 */
uint32_t gotext_rune(const char *text, size_t *len);

/* Append one character as UTF-8. */
void gotext_add_rune(struct bytes *out, uint32_t rune);

/* Append as fmt's %q does: in double quotes, what cannot be printed escaped. */
void gotext_quote(struct bytes *out, const char *text);

/* strings.ToLower(strings.TrimSpace(text)). The caller frees. */
char *gotext_lower(const char *text);

/* A text that is equal for two texts where strings.EqualFold says that they are equal. */
void gotext_fold(struct scratch *out, const char *text);

/* ASCII letters to lower case, everything else as it is. */
char gotext_lower_ascii(char c);

#endif

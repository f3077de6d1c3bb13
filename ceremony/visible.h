/* visible.h - which characters people can see, and see where they stand. The one list of those they cannot:
 * it decides what a script may hold, what a terminal is shown, and what a transcript writes as \xNN.
 */
#ifndef VERGER_VISIBLE_H
#define VERGER_VISIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the UTF-8 sequence (RFC 3629: nothing overlong, no surrogates) at `text`, of which `left` bytes
 * are there, and its code point; 0 when it is none. */
size_t utf8_read(uint32_t *point, const unsigned char *text, size_t left);

/* Whether a code point shows nothing, moves what is shown, or has no shape that was agreed on: by
 * General_Category (Unicode 15, UnicodeData.txt) Cc, Cf, Cs, Co, Zl, Zp and every Zs but the space;
 * Default_Ignorable_Code_Point (DerivedCoreProperties.txt: variation selectors, fillers, tags);
 * noncharacters; and two that are blank by their names, U+2800 and U+1D159. A newline is one of them: who
 * takes lines lets it pass. */
bool point_is_hidden(uint32_t point);

#endif

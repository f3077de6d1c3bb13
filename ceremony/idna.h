/* idna.h - domain names in ASCII, as Go's golang.org/x/net/idna makes them for step-ca.
 *
 * Pure ASCII is judged here, the rest by libidn2 (UTS #46, non-transitional, STD3 rules). Known differences,
 * all on the strict side: libidn2 refuses symbols that IDNA 2008 disallows and UTS #46 does not (U+2603),
 * code points that Unicode has not assigned, labels of more than 63 characters outside ASCII, and "xn--"
 * labels that hold nothing but ASCII. */
#ifndef VERGER_IDNA_H
#define VERGER_IDNA_H

#include "scratch.h"

/* idna.Lookup.ToASCII: lower-case A-labels. Empty labels and leading and trailing dots pass, as they do
 * there, and labels may have any length. On failure `err` (may be NULL) holds Go's own words ("idna:
 * disallowed rune U+002A"); a label outside ASCII is quoted as it was written, where Go quotes what it is
 * mapped to. */
MUST_CHECK bool idna_lookup(struct scratch *out, const char *name, struct err *err);

/* Whether idna.ToASCII, which checks nothing else, takes an ASCII name: every "xn--" label must be Punycode.
 */
bool idna_decodes(const char *name);

#endif

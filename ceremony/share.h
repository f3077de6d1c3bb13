/* share.h - a password in parts, for custodians: of `count` parts any `needed` give it, and fewer say nothing
 * about it, not even a bit (A. Shamir, "How to share a secret", CACM 22, 1979).
 *
 * 16 random bytes are shared, byte for byte, over GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1; part n is the
 * value at n. The password is these 16 bytes as 32 lower-case hex digits. A part as it is written down is
 * eight groups of five letters, base32 (RFC 4648 section 6) of 25 bytes:
 *
 *     number, needed, two random bytes that all parts of one splitting have, the 16 bytes of the part,
 *     and the first five of SHA-256 over what is before them: a part that was mistyped is known as such
 *     by itself, and no part says anything about another one.
 *
 * Field and numbers are libgfshare's: `gfcombine` (Debian's libgfshare-bin) puts the parts together without
 * this program, from files FILE.001, FILE.002, ... of the 16 bytes. The arithmetic is our own, forty lines,
 * since that library looks the secret's bytes up in tables and branches on them, and keeps them outside of
 * the secure heap; here neither time nor memory access depends on them.
 */
#ifndef VERGER_SHARE_H
#define VERGER_SHARE_H

#include "secret.h"

#define SHARE_MOST 20u /* parts of one password; a script's role has no more people */
#define SHARE_GROUPS 8u
#define SHARE_GROUP 5u

/* A fresh password, and `count` parts of which `needed` give it: 2 <= needed <= count <= SHARE_MOST. The
 * caller owns all of them; `parts` has room for `count`. */
MUST_CHECK bool share_split(struct secret **password, struct secret **parts, unsigned needed, unsigned count,
                            struct err *err);

/* Whether a text is, in form, part `number` of a password that `needed` parts give. Case, spaces and hyphens
 * do not count. Errors begin with "part N" and never show anything of it. */
MUST_CHECK bool share_check(const struct secret *part, unsigned number, unsigned needed, struct err *err);

/* The password that `count` different parts give. Refused: parts of which one is malformed, as share_check
 * without the number; of two splittings; fewer than they need. */
MUST_CHECK bool share_combine(struct secret **password, const struct secret *const *parts, size_t count,
                              struct err *err);

#endif

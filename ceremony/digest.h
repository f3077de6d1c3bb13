/* digest.h - SHA-256, in hex and in words. */
#ifndef VERGER_DIGEST_H
#define VERGER_DIGEST_H

#include "bytes.h"

#define DIGEST_LEN 32
#define DIGEST_HEX 65 /* lower-case hex and the zero byte */

/* The zero digest: the "previous" of page 0. */
extern const char digest_zero[DIGEST_HEX];

/* SHA-256 (FIPS 180-4) of `len` bytes, as lower-case hex. Cannot fail. */
void digest_hex(char hex[DIGEST_HEX], const void *data, size_t len);
void digest_raw(unsigned char raw[DIGEST_LEN], const void *data, size_t len);

/* Lower-case hex of any bytes; `hex` has room for 2 * len + 1. */
void hex_encode(char *hex, const void *data, size_t len);

/* The way back, of exactly 2 * len digits, lower or upper case. */
MUST_CHECK bool hex_decode(void *data, const char *hex, size_t len);

/* Whether `text` is exactly 64 lower-case hex digits. */
bool digest_is_hex(const char *text);

/* A digest as people copy it: 64 hex digits, or the 32 words of digest_words, with any spaces, colons or
 * case. False: neither; nothing is known to be in `hex` then. */
bool digest_read(char hex[DIGEST_HEX], const char *text);

/* SHA-256 of a regular file of any size, streamed. */
MUST_CHECK bool digest_file(char hex[DIGEST_HEX], const char *path, struct err *err);

/* "abcd ef01 ..." : hex in groups of four, `per_line` groups a line (0: one line). The caller frees. */
char *digest_groups(const char *hex, unsigned per_line);

/* The PGP word list (vendor/pgp-words) of hex bytes: even bytes two-syllable words, odd bytes three.
 * Separated by spaces, `per_line` words a line (0: one line). The caller frees. */
char *digest_words(const char *hex, unsigned per_line);

/* Word number `n` (from 0) of a hex digest: a static string. */
const char *digest_word(const char *hex, size_t n);

#endif

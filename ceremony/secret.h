/* secret.h - passwords and other secrets, in OpenSSL's secure heap, cleansed by their owner.
 *
 * A secret is never a NUL-terminated string of the caller's, never in an argument, an environment variable,
 * a message or a log. secret_start() must have run (bootstrap/harden.c does) or the ordinary heap is used.
 */
#ifndef VERGER_SECRET_H
#define VERGER_SECRET_H

#include "bytes.h"

struct secret; /* opaque; owned by whoever made it */

void secret_free(struct secret *s); /* cleanses; NULL is fine */
static inline void own_secret(struct secret **s)
{
    secret_free(*s);
}
#define OWN_SECRET __attribute__((cleanup(own_secret))) struct secret

/* Set the secure heap up, once a process, before OpenSSL is used; OpenSSL's own configuration file is not
 * read from then on. Locking may fail for an ordinary user: then false, and work goes on in memory that may
 * be swapped (the caller says so). */
bool secret_start(void);

struct secret *secret_new(const void *data, size_t len); /* copies; the caller cleanses its own copy */
/* The one behind the other, with nothing between. */
struct secret *secret_joined(const struct secret *a, const struct secret *b);
struct secret *secret_random(void); /* 32 random bytes as 43 base64url characters */

const char *secret_data(const struct secret *s); /* len bytes and a zero byte behind them */
size_t secret_len(const struct secret *s);
/* What secret_is_strong asks for, to stand in a question. */
#define SECRET_STRONG_LEN 12u
#define SECRET_STRONG_DIFFERENT 6u
#define SECRET_RULE "at least 12 characters, 6 of them different"
/* Strong enough for what anybody may hold encrypted (the provisioner's JWE is public by design): at least 12
 * bytes and 6 different ones. `name` stands in the message; the secret never does. */
MUST_CHECK bool secret_is_strong(const struct secret *s, const char *name, struct err *err);
bool secret_equal(const struct secret *a, const struct secret *b);

/* A password file as step reads it (facts: step-ca section 2): the whole file, white space trimmed at its
 * right end only. Refused: a symbolic link, not a regular file, readable by group or others, owned by
 * somebody else than the caller or root, empty after trimming, over 4 KiB, a NUL byte within. */
MUST_CHECK bool secret_read(struct secret **out, const char *path, struct err *err);

/* A private key's file, byte for byte, as it may lie on a medium. Refused: a symbolic link, not a regular
 * file, any permission of group or others, over 64 KiB. Whose it is does not matter: a medium has the numbers
 * of another machine's users. */
MUST_CHECK bool secret_read_key(struct secret **out, const char *path, struct err *err);

#endif

/* bcrypt.h - bcrypt_pbkdf, the key derivation of OpenSSH's private key files (OpenBSD's bcrypt_pbkdf(3)).
 *
 * Our own, since step-ca reads such keys and no library of Debian 12 offers it to a program as this one:
 * libssh and libssh2 keep it to themselves behind a network client, and libbotan would be a second
 * cryptographic library with a C++ runtime. It is held against ssh-keygen's files (test_opensshkey.c).
 */
#ifndef VERGER_BCRYPT_H
#define VERGER_BCRYPT_H

#include "secret.h"

#define BCRYPT_ROUNDS_MAX                                                                                    \
    4096 /* ssh-keygen's default is 16 to 24; more than this is no key file but a trap */

/* `len` bytes (at most 64) into `key`, which the caller cleanses. */
MUST_CHECK bool bcrypt_derive(unsigned char *key, size_t len, const struct secret *password, const void *salt,
                              size_t salt_len, unsigned rounds, struct err *err);

#endif

/* opensshkey.h - OpenSSH's own private keys ("openssh-key-v1", its PROTOCOL.key), which step-ca reads too. */
#ifndef VERGER_OPENSSHKEY_H
#define VERGER_OPENSSHKEY_H

#include "secret.h"

#include <openssl/evp.h>

#define OPENSSH_LABEL "OPENSSH PRIVATE KEY"

/* Whether what stood in base64 in the block is encrypted; false also when it is damaged. */
bool opensshkey_is_encrypted(const void *data, size_t len);

/* The one key in it: RSA, ECDSA on a NIST curve, or Ed25519; its private half belongs to its public one.
 * Encrypted ones: bcrypt with aes256-ctr or aes256-cbc, as Go reads them. Errors and `wrong_password` as
 * key_parse. */
MUST_CHECK bool opensshkey_read(EVP_PKEY **out, const struct secret *data, const struct secret *password,
                                bool *wrong_password, const char *what, struct err *err);

#endif

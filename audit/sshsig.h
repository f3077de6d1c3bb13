/* sshsig.h - OpenSSH signatures (PROTOCOL.sshsig), as git writes them into commits: ecdsa-sha2-nistp256 with
 * the sealing key, namespace "git", sha512. */
#ifndef VERGER_SSHSIG_H
#define VERGER_SSHSIG_H

#include "seal.h"

/* "-----BEGIN SSH SIGNATURE-----...", no final newline. */
MUST_CHECK bool sshsig_make(struct bytes *armor, const struct key *key, const char *name_space,
                            const struct bytes *message, struct err *err);
MUST_CHECK bool sshsig_check(const struct bytes *armor, const X509 *signer, const char *name_space,
                             const struct bytes *message, struct err *err);
/* One line of an allowed_signers file: `<principal> namespaces="git" ecdsa-sha2-nistp256 AAAA...\n`. */
MUST_CHECK bool sshsig_allowed_signer(struct bytes *out, const char *principal, const X509 *signer,
                                      struct err *err);

#endif

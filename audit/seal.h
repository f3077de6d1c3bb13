/* seal.h - who vouches for a page: sealing keys, their certificates, and detached CMS over a .tar's bytes.
 *
 * A seal is CMS SignedData (RFC 5652), DER, detached, binary, SHA-256, one ECDSA P-256 signer, signed
 * attributes contentType, messageDigest and signingTime (= the page's finished; of a witness's seal, when it
 * was made), no unsigned attributes, the signer's certificate enclosed, no S/MIME capabilities. Stock check:
 * openssl cms -verify -binary -inform DER -in X.tar.ca.p7s -content X.tar -nointern -certfile signers/ca.crt
 * -CAfile signers/ca.crt -no-CApath -no-CAstore -out /dev/null
 */
#ifndef VERGER_SEAL_H
#define VERGER_SEAL_H

#include "signer.h"

struct seal; /* a sealing key with its certificate; owned by whoever opened it */
void seal_free(struct seal *seal);
static inline void own_seal(struct seal **s)
{
    seal_free(*s);
}
#define OWN_SEAL __attribute__((cleanup(own_seal))) struct seal

/* Whether nobody is enrolled in a folder, which need not be there; an enrolment that was cut off does not
 * count. */
MUST_CHECK bool seal_is_free(const char *folder, struct err *err);

/* `verger enrol`: a P-256 key, encrypted PKCS#8, and a self-signed certificate: CN=<name>, OU="station
 * <station>" or OU="witness" (station NULL), O=REHEARSAL when `rehearsal`; CA:FALSE, keyUsage
 * digitalSignature, EKU emailProtection, SKI. Written as folder/seal.key (0600) and folder/seal.crt (0644);
 * refuses to overwrite. What an enrolment that was cut off left behind goes. The folder is made (0700) if it
 * is not there. */
MUST_CHECK bool seal_enrol(const char *folder, const char *name, const char *station, bool rehearsal,
                           const struct secret *password, time_t now, struct err *err);
/* The key's file must belong to the effective user, and nobody else may read it. */
MUST_CHECK bool seal_open(struct seal **out, const char *folder, const struct secret *password,
                          bool *wrong_password, struct err *err);
/* The same of a key and a certificate that lie elsewhere, whoever made them. */
MUST_CHECK bool seal_open_files(struct seal **out, const char *key_path, const char *certificate_path,
                                const struct secret *password, bool *wrong_password, struct err *err);
const X509 *seal_certificate(const struct seal *seal);
const struct key *seal_key(const struct seal *seal);

MUST_CHECK bool seal_make(struct bytes *p7s, const struct seal *seal, const struct bytes *content,
                          time_t when, struct err *err);
/* By this certificate and no other, over these bytes, in the form above, signed at `*when` (given back),
 * inside the certificate's life. */
MUST_CHECK bool seal_check(time_t *when, const struct bytes *p7s, const struct bytes *content, X509 *signer,
                           const char *what, struct err *err);

/* As seal_check, over a content of which only the SHA-256 is at hand; on failure `*broken` says which of its
 * rules. Whom the seal names is judged first, then its form, then the signature, then the certificate's life.
 */
enum seal_rule { SEAL_SIGNER, SEAL_FORM, SEAL_SIGNATURE, SEAL_LIFE };
MUST_CHECK bool seal_judge(time_t *when, enum seal_rule *broken, const struct bytes *p7s,
                           const unsigned char digest[DIGEST_LEN], X509 *signer, const char *what,
                           struct err *err);

/* The one certificate that a seal encloses, whoever's it is: a seal by it can be judged before it is known
 * who is enrolled. Caller frees. */
MUST_CHECK bool seal_signer(X509 **out, const struct bytes *p7s, const char *what, struct err *err);

#endif

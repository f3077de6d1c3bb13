/* profile.h - what a template asks for: step's certificate JSON (facts: step-ca section 5), parsed.
 *
 * The text is what a template rendered to. Strict: trailing text, unknown and duplicate keys, an empty
 * subject and an absent maxPathLen are errors here with the name of the lint they would be; `as_step` takes
 * them as step does (first value only, unknown ignored, last duplicate wins, maxPathLen absent = 0).
 * Name tables are step's: certSign, crlSign, digitalSignature, ...; "keyCertSign" is an error.
 */
#ifndef VERGER_PROFILE_H
#define VERGER_PROFILE_H

#include "json.h"

#include <openssl/x509v3.h>

OWN_DEFINE(X509, X509_free);
OWN_DEFINE(X509_REQ, X509_REQ_free);
OWN_DEFINE(X509_CRL, X509_CRL_free);

struct profile; /* a parsed certificate JSON; owned by whoever made it */
void profile_free(struct profile *profile);
static inline void own_profile(struct profile **p)
{
    profile_free(*p);
}
#define OWN_PROFILE __attribute__((cleanup(own_profile))) struct profile

MUST_CHECK bool profile_parse(struct profile **out, const struct bytes *json, bool as_step, const char *what,
                              struct err *err);

/* Borrowed. NULL when the template gives none. */
const X509_NAME *profile_subject(const struct profile *profile);

bool profile_is_ca(const struct profile *profile);
/* step's names of its key usages, comma-separated: "certSign, crlSign"; "" for none. Caller frees. */
char *profile_key_usage(const struct profile *profile);
/* -1: no limit. */
long profile_path_length(const struct profile *profile);
/* URLs of crlDistributionPoints; `n` from 0, NULL past the end. Borrowed. */
const char *profile_crl_url(const struct profile *profile, size_t n);
/* The name constraints, or NULL. Borrowed. */
const NAME_CONSTRAINTS *profile_name_constraints(const struct profile *profile);
/* The digest of "signatureAlgorithm", or NULL for the signer's default; an algorithm that does not fit
 * `signer` is an error, as in step. */
MUST_CHECK bool profile_digest(const EVP_MD **out, const struct profile *profile, const EVP_PKEY *signer,
                               struct err *err);

/* The algorithm that "signatureAlgorithm" names (signature.h), or NULL. Static. */
const struct signature *profile_signature(const struct profile *profile);

/* The extensions of a certificate in step's order and criticality: KU(critical) EKU BC(critical) SKI AKI
 * AIA SAN Policies NameConstraints CRLDP, then "extensions" (an OID given there replaces the built one and
 * moves to the end). SKI is SHA-1 of the subject's BIT STRING content (RFC 5280 4.2.1.2 method 1); AKI is
 * the issuer's SKI, absent when it has none or when `issuer` is NULL (self-signed). */
MUST_CHECK bool profile_extend_certificate(X509 *cert, const struct profile *profile, const X509 *issuer,
                                           struct err *err);

/* The extensions that step puts into a request, in its order: SAN (DNS, email, IP and URI names, which Go's
 * library adds itself), basicConstraints, extKeyUsage, keyUsage, SAN (when it has names of other kinds),
 * "extensions". crlDistributionPoints, nameConstraints and policyIdentifiers are NOT among them. */
MUST_CHECK bool profile_extend_request(X509_REQ *request, const struct profile *profile, struct err *err);

#endif

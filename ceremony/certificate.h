/* certificate.h - certificates (RFC 5280): reading, judging, making.
 * Times are UTC, seconds since 1970 (time_t); in text RFC 3339 with Z. */
#ifndef VERGER_CERTIFICATE_H
#define VERGER_CERTIFICATE_H

#include "key.h"
#include "profile.h"

#include <time.h>

#define SERIAL_LEN 17 /* bytes: 0x01 and 128 random bits (BR 7.1.2.6: positive, at least 64 bits) */
#define SERIAL_MAX 20 /* bytes that a serial may have (RFC 5280 4.1.2.2) */
#define SERIAL_HEX (2 * SERIAL_MAX + 1)

/* Exactly one certificate, PEM (text before BEGIN allowed) or DER. Errors: nothing, more than one, anything
 * behind it, a private key in the file, an encoding that does not survive re-encoding. `what` is the file. */
MUST_CHECK bool certificate_parse(X509 **out, const struct bytes *text, const char *what, struct err *err);
MUST_CHECK bool certificate_pem(struct bytes *pem, const X509 *cert, struct err *err);
MUST_CHECK bool certificate_der(struct bytes *der, const X509 *cert, struct err *err);

/* SHA-256 of the DER: the fingerprint that is read aloud, and the one in defaults.json. */
MUST_CHECK bool certificate_fingerprint(char hex[DIGEST_HEX], const X509 *cert, struct err *err);
MUST_CHECK bool certificate_spki_digest(char hex[DIGEST_HEX], const X509 *cert, struct err *err);

/* What people and pages need: {"subject","issuer" (text), "serial" (hex), "not_before","not_after",
 * "key" ("RSA-3072"), "spki_sha256", "sha256", "ca" (bool), "path_length" (int or null), "ski","aki" (hex
 * or null), "crl_urls" [..], "signature" (OpenSSL long name), "key_usage" [step's names]}. */
MUST_CHECK bool certificate_to_json(json_t **out, const X509 *cert, struct err *err);
/* The same without "sha256", of a certificate that is not signed yet (certificate_prepare). */
MUST_CHECK bool certificate_prepared_to_json(json_t **out, const X509 *cert, struct err *err);

time_t certificate_not_before(const X509 *cert);
time_t certificate_not_after(const X509 *cert);

/* Whether it may be the root that all below trusts, at time `now`. One error, the first of: not a CA
 * (basicConstraints, critical); not self-issued; signature does not verify under its own key; AKI present and
 * not its SKI; not yet or no longer valid; key weak (pkey_is_strong); signed with MD5 or SHA-1;
 * keyUsage absent, or without keyCertSign, or without cRLSign; path length that lets no intermediate be. */
MUST_CHECK bool certificate_check_root(const X509 *cert, time_t now, const char *what, struct err *err);

/* Whether `issuer` signed it: names and key identifiers meet, and the signature verifies. Nothing else. */
MUST_CHECK bool certificate_check_issued(const X509 *cert, const X509 *issuer, const char *what,
                                         struct err *err);

/* Whether `cert` is an intermediate that `root` may vouch for and step-ca can use: chain verifies, names and
 * key identifiers meet, CA, keyCertSign and cRLSign, SKI present, path length nests, validity inside the
 * root's, strong key and signature. `now` 0: times against the root's only, not against a clock. */
MUST_CHECK bool certificate_check_intermediate(const X509 *cert, const X509 *root, time_t now,
                                               const char *what, struct err *err);

/* Whether `cert` is one that `issuer`, a CA, may vouch for and a TLS or RADIUS server can use: no CA,
 * digitalSignature, serverAuth among the extended key usages, a name of its own (SAN), dates inside the
 * issuer's, strong key and signature, the chain and its name constraints. */
MUST_CHECK bool certificate_check_server(const X509 *cert, const X509 *issuer, const char *what,
                                         struct err *err);

/* Whether the issuer's key signed it, whatever else it says. */
bool certificate_signed_by(const X509 *cert, const X509 *issuer);

MUST_CHECK bool certificate_matches_key(const X509 *cert, const struct key *key, struct err *err);

/* Step one of signing: everything of the certificate but the signature. The issuer must be a CA with
 * keyCertSign and match `key`; the subject is the profile's (an empty one is refused); the request's
 * signature was checked by request_parse. The path length must nest under the issuer's, not_after must not
 * pass the issuer's, not_before must not precede it. `digest` hex of the to-be-signed part goes into the
 * intent.
 * Without an issuer it is a root, which `key` signs itself, and there is no request. Of a cross-certificate
 * `original` has subject, public key and subject key identifier, to the byte, in place of profile and
 * request. */
struct draft {
    const struct profile *profile;
    const X509_REQ *request; /* or NULL */
    const X509 *original;    /* of a cross-certificate, or NULL */
    const X509 *issuer;      /* NULL: a root */
    const struct key *key;
    EVP_PKEY *own_key;       /* of a root whose `key` is not at hand: the public half; or NULL. Borrowed */
    bool is_server;          /* no CA: the certificate of a server (certificate_check_server) */
    char serial[SERIAL_HEX]; /* lower-case hex, positive, at most SERIAL_MAX bytes; as serial_random gives it
                              */
    time_t not_before, not_after;
};
/* The public key that it is for. Borrowed. */
EVP_PKEY *draft_subject_key(const struct draft *draft);
MUST_CHECK bool certificate_prepare(X509 **out, char tbs_digest[DIGEST_HEX], const struct draft *draft,
                                    struct err *err);
/* Step two: sign, parse back, verify under the issuer, and compare the to-be-signed part with the digest.
 * A second call with the same draft makes the same to-be-signed part. */
MUST_CHECK bool certificate_sign(struct bytes *pem, X509 *prepared, const struct draft *draft,
                                 const char tbs_digest[DIGEST_HEX], struct err *err);
/* After signing or on resume: the certificate is what the draft asked for, in every field, and verifies. */
MUST_CHECK bool certificate_conforms(const X509 *cert, const struct draft *draft, struct err *err);

/* 0x01 followed by 128 random bits, lower-case hex. */
MUST_CHECK bool serial_random(char hex[SERIAL_HEX], struct err *err);

/* A self-signed or issued CA certificate as `step ca init` makes it: subject (C=<country>,) O=<organization>,
 * CN=<name>; EC or RSA key; KU certSign|crlSign critical, BC critical with path_length, SKI; AKI when
 * `issuer` is not NULL (NULL: self-signed, no AKI); 128-bit random serial; not backdated. PEM. */
struct ca_subject {
    const char *organization, *name; /* UTF-8; organization may be NULL */
    long path_length;                /* -1: none */
    time_t not_before, not_after;
    const char *country; /* or NULL */
};
MUST_CHECK bool certificate_make_ca(struct bytes *pem, const struct ca_subject *subject,
                                    const struct key *key, const X509 *issuer, const struct key *issuer_key,
                                    struct err *err);

/* RFC 3339 "2026-11-23T17:00:00Z", and back (only that form). */
void time_text(char text[32], time_t time);
MUST_CHECK bool time_parse(time_t *out, const char *text, struct err *err);

#endif

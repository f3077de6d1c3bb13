/* crl.h - certificate revocation lists of an offline CA (RFC 5280 section 5). */
#ifndef VERGER_CRL_H
#define VERGER_CRL_H

#include "certificate.h"

struct crl_entry {
    char serial[2 * 20 + 1]; /* lower-case hex */
    time_t revoked;
    int reason; /* RFC 5280 5.3.1; -1: none */
};

struct crl_draft {
    const X509 *issuer;
    const struct key *key;
    long long number; /* 0..; CRLNumber (5.2.3) */
    time_t this_update, next_update;
    const struct crl_entry *entries; /* may be NULL when count is 0: the list is then absent (5.1.2.6) */
    size_t count;
};

/* The list that crl_issue will make, but signed with a key that is thrown away. `draft->key` may be NULL. */
MUST_CHECK bool crl_preview(X509_CRL **out, const struct crl_draft *draft, struct err *err);

/* SHA-256 of the to-be-signed part of what crl_issue will make, without use of the issuer's key: it is
 * announced first. */
MUST_CHECK bool crl_announce(char tbs_digest[DIGEST_HEX], const struct crl_draft *draft, struct err *err);

/* v2, AKI (keyid) and CRLNumber, nothing else; the issuer must match the key and have cRLSign; this_update
 * not before the issuer's notBefore, next_update after this_update and within the issuer's life.
 * Verified under the issuer before it is returned. DER. */
MUST_CHECK bool crl_issue(struct bytes *der, char tbs_digest[DIGEST_HEX], const struct crl_draft *draft,
                          struct err *err);

/* Exactly one CRL, PEM ("X509 CRL") or DER, nothing behind it. */
MUST_CHECK bool crl_parse(X509_CRL **out, const struct bytes *text, const char *what, struct err *err);
MUST_CHECK bool crl_der(struct bytes *der, const X509_CRL *crl, struct err *err);
MUST_CHECK bool crl_pem(struct bytes *pem, const X509_CRL *crl, struct err *err);

/* Issuer name, AKI, signature, v2, number present. */
MUST_CHECK bool crl_check(const X509_CRL *crl, const X509 *issuer, struct err *err);

/* {"issuer","number","this_update","next_update","entries" (count),"sha256"(DER),"tbs_sha256","aki"}. */
MUST_CHECK bool crl_to_json(json_t **out, const X509_CRL *crl, struct err *err);

/* The first `most` entries: [{"serial" (hex), "date" (RFC 3339), "reason" (5.3.1; -1: none)}]. Caller
 * decrefs. */
json_t *crl_revoked_json(const X509_CRL *crl, size_t most);

#endif

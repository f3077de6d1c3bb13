/* crlview.h - a revocation list as it stands in a file or in memory, of any size: nothing of it is copied.
 * Where X509_CRL (crl.h) takes half a gigabyte for a million entries, this takes none. */
#ifndef VERGER_CRLVIEW_H
#define VERGER_CRLVIEW_H

#include "certificate.h"
#include "entries.h"
#include "mapping.h"

/* All borrowed. */
struct crl_view {
    const struct mapping *mapping; /* NULL: it is in memory */
    const char *what;              /* begins messages */
    struct der tbs;                /* with its tag and length: what is signed */
    struct der issuer;             /* the name, with its tag and length */
    struct der algorithm;          /* inside; the one outside is the same */
    struct der entries;            /* the content of revokedCertificates; empty when absent */
    struct der extensions;         /* the SEQUENCE, with its tag and length; empty when absent */
    struct der signature;          /* without the count of unused bits */
    time_t this_update, next_update;
};

/* Exactly one v2 list with nextUpdate, as DER, nothing behind it (RFC 5280 5.1). Its entries are not looked
 * at. */
MUST_CHECK bool crl_view_read(struct crl_view *out, struct der der, const char *what, struct err *err);
/* The same of a mapped file, which must outlive it. */
MUST_CHECK bool crl_view_mapped(struct crl_view *out, const struct mapping *mapping, const char *what,
                                struct err *err);

/* As crl_check (crl.h): issuer's name, AKI, number present, signature. */
MUST_CHECK bool crl_view_verify(const struct crl_view *view, const X509 *issuer, struct err *err);

/* The same, and every entry is one. `count` gets how many there are. */
MUST_CHECK bool crl_view_check(size_t *count, const struct crl_view *view, const X509 *issuer,
                               struct err *err);

/* CRLNumber (5.2.3), or -1: none, or beyond 2^63. */
long long crl_view_number(const struct crl_view *view);
/* The one URL that its issuing distribution point names; NULL: none. The caller frees. */
char *crl_view_scope(const struct crl_view *view);

/* SHA-256 of what is signed, and of the whole list. */
void crl_view_tbs(char hex[DIGEST_HEX], const struct crl_view *view);

/* The entry of a serial number (hex of either case). `found` is false where there is none. */
MUST_CHECK bool crl_view_find(struct revoked *out, bool *found, const struct crl_view *view,
                              const char *serial, struct err *err);

/* Its entries in the order of their serial numbers. */
MUST_CHECK bool crl_view_entries(struct entries *out, const struct crl_view *view, struct err *err);

/* Whether `now` has every entry of `before` as it stands there, byte for byte. An error names the first one
 * that it has not. Both are in memory. */
MUST_CHECK bool crl_view_keeps(const struct crl_view *now, const struct crl_view *before, struct err *err);

#endif

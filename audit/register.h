/* register.h - what the keys at a station ever signed: entries, each an object, oldest first. home.h keeps
 * them in a file; each page of a station that signs seals those of its ceremony's issuers.
 *
 *   {"ceremony","format":"verger-register-1","issuer_spki","kind":"certificate"|"crl","page","previous",
 *    "sha256","tbs_sha256"}, a certificate with "serial" (hex) and "spki_sha256", a list with "number"; at
 *   home alone with "content" (PEM), so that what was signed is not lost.
 *
 * "sha256" is of the certificate or the list as DER. "previous" is the SHA-256 of the line of the issuer's
 * entry before it, its newline included, and zeros for the first: so the entries of an issuer are a chain of
 * their own, and that nothing was taken out, put in or changed can be shown with sha256sum.
 */
#ifndef VERGER_REGISTER_H
#define VERGER_REGISTER_H

#include "../ceremony/digest.h"
#include "../ceremony/json.h"

#define REGISTER_FORMAT "verger-register-1"
#define REGISTER_MEMBER "evidence/register.jsonl" /* of a page: the lines, without "content" */

enum register_rule {
    REGISTER_CHAIN,   /* each entry has its form, and names the one before it of its issuer */
    REGISTER_SERIALS, /* a serial number stands for one to-be-signed part (RFC 5280 4.1.2.2) */
    REGISTER_NUMBERS, /* so does a list's number, and a new one is above all before it (5.2.3) */
};
/* One rule over a list; an error names `path` and the line. The last two want entries that have their form.
 */
MUST_CHECK bool register_holds(const json_t *list, enum register_rule rule, const char *path,
                               struct err *err);
/* All of them. */
MUST_CHECK bool register_check(const json_t *list, const char *path, struct err *err);

/* The lines of a page's member, each of them canonical; no rule is applied yet. Caller decrefs. */
MUST_CHECK bool register_parse(json_t **list, const struct bytes *text, const char *what, struct err *err);
/* Append the lines of these issuers (a JSON array of SPKI digests); nothing where they have none. */
MUST_CHECK bool register_text(struct bytes *out, const json_t *list, const json_t *issuers, struct err *err);

/* The issuers that have entries: a JSON array of SPKI digests, in the order of their first ones. Caller
 * decrefs. */
json_t *register_issuers(const json_t *list);

/* Where the entries of an issuer end: how many there are, the SHA-256 of the last line (zeros: none), and its
 * ceremony. With `before`, a ceremony's id, only what comes before its first entry counts. */
struct register_end {
    size_t entries;
    char sha256[DIGEST_HEX];
    char ceremony[33]; /* "" when there is none */
};
void register_end(struct register_end *out, const json_t *list, const char *issuer_spki, const char *before);

/* How the entries of an issuer in one list stand to those of another; or to an end that is known of it. */
enum register_order {
    REGISTER_SAME,
    REGISTER_BEHIND, /* the other goes on where this one ends; of an end it is known only that it is longer */
    REGISTER_AHEAD,  /* this one goes on where the other ends */
    REGISTER_FORKED, /* they tell two histories */
};
enum register_order register_compare(const json_t *list, const json_t *other, const char *issuer_spki);
enum register_order register_place(const json_t *list, const char *issuer_spki, const char *before,
                                   size_t entries, const char *sha256);

#endif

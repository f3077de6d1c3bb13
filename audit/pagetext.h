/* pagetext.h - the texts of a page that follow from its page.json and its members, the same for writer and
 * reader: file name, SHA256SUMS, commit message, author; and the order of members. */
#ifndef VERGER_PAGETEXT_H
#define VERGER_PAGETEXT_H

#include "pagejson.h"
#include "tarball.h"

#define PAGE_NAME_MAX 96
#define PAGE_MEMBERS_MAX 20000

/* NNNNNN-slug.tar */
void page_name(char name[PAGE_NAME_MAX], const json_t *json);

/* "<sha256>  <name>\n" of every member but SHA256SUMS itself, in their order (coreutils' format). */
void page_sums(struct bytes *out, const struct tarball *tar);

/* Subject, blank line, trailers: Ceremony (its id), Page, Station, Operator and Witnessed-by (one line each
 * person), Rehearsal, Previous-Page-SHA256. */
void page_message(struct bytes *out, const json_t *json);

/* The first operator's name, or NULL: then the author is the signer. Borrowed. */
const char *page_operator(const json_t *json);
/* <station>@verger.invalid. The caller frees. */
char *page_email(const json_t *json);

/* page.json, SHA256SUMS, transcript.txt, commit (when `commits`), files/..., evidence/..., and on page 0
 * alone the rest (script/..., plan.json); each of the last three sorted by name. The first that is out of
 * order is named. */
MUST_CHECK bool page_order(const struct tarball *tar, bool commits, bool first, struct err *err);

/* Promise 1: no member holds a PEM label with PRIVATE KEY in it. */
MUST_CHECK bool page_holds_no_key(const struct tarball *tar, struct err *err);
MUST_CHECK bool bytes_hold_no_key(const void *data, size_t len, const char *name, struct err *err);

#endif

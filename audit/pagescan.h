/* pagescan.h - a page as verification reads it: from disk, once, in a stream.
 *
 * Memory is bounded whatever lies there: a member's content is kept only where a check looks into it
 * (page.json, transcript.txt, commit, the plan, enrolled certificates, what the page says it made), up to
 * SCAN_KEPT_MAX bytes in all; of others the hashes are. Nothing here depends on another page, so pages are
 * scanned by several threads at once.
 */
#ifndef VERGER_PAGESCAN_H
#define VERGER_PAGESCAN_H

#include "page.h"

#define SCAN_KEPT_MAX (64u << 20) /* bytes of a page's members in memory */

struct page_scan {
    char sha256[DIGEST_HEX]; /* of the file, whatever is in it; "" when it could not be read */
    bool readable;           /* `page` is a page; else `broken` and `fault` say why not */
    enum page_rule broken;
    struct err fault;
    struct err secret; /* "": no member holds a secret */
    struct err unseen; /* "": every member was looked through for secrets of every kind */
    struct page_read page;
};
void page_scan_free(struct page_scan *s);

/* `name` is the file's, and stands in messages. */
void page_scan_read(struct page_scan *out, const char *path, const char *name);

#endif

/* paper.h - the blocks of a document (document.h) that people fill in by hand, and what stands on every page.
 *
 *   {"kind": "boxes", "items": [{"text", "mark", "asked"}]}  boxes to tick; "mark", where there is one, is
 * seen before the box; "asked" are questions below it, each with a place for its answer
 *   {"kind": "digest", "label", "words"}  64 hex digits, in fours as the room reads them aloud; with "words":
 *                           true, two PGP words below each four, half a line at a time
 *   {"kind": "group", "blocks"}           what stays on one page where it can
 *   {"kind": "space", "label", "lines"}   so many empty lines
 */
#ifndef VERGER_PAPER_H
#define VERGER_PAPER_H

#include "../ceremony/json.h"

void paper_html_boxes(struct bytes *out, const json_t *block);
void paper_html_digest(struct bytes *out, const json_t *block);
void paper_html_space(struct bytes *out, const json_t *block);
/* A document's "running" as a rule of style: the margins of each printed page, with its number. NULL: none.
 */
void paper_html_running(struct bytes *out, const json_t *running);

void paper_md_boxes(struct bytes *out, const json_t *block);
void paper_md_digest(struct bytes *out, const json_t *block);
void paper_md_space(struct bytes *out, const json_t *block);
/* Markdown has no pages: where one is to begin, its foot is said. */
void paper_md_running(struct bytes *out, const json_t *running);

#endif

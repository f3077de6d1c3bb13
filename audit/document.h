/* document.h - a document as blocks, made once and written as HTML (document_html.c) or as Markdown
 * (document_markdown.c).
 *
 * It is JSON: {"title", "language", "sections": [{"id", "title", "blocks": [...]}]}. What stands in a line is
 * a string, or {"text", "style", "to"}, or an array of these; "style" is "code", "pass", "fail", "recorded",
 * "none", "time", "strong", "box" (one to tick) or absent, "to" the id of something in the same document.
 * Texts are plain UTF-8: whoever writes the document escapes them.
 *
 * A document that is printed and filled in by hand may have more: "lead", blocks before the contents;
 * "running": {"head", "foot"}, texts on every printed page; in a section "page": true, where it begins a
 * page; in a table "form": true, and "widths", shares of its columns in percent; and the blocks of paper.h.
 */
#ifndef VERGER_DOCUMENT_H
#define VERGER_DOCUMENT_H

#include "../ceremony/json.h"

json_t *document_new(const char *title); /* the caller decrefs */

/* A section at the document's end. Gives its blocks; they and all below belong to the document. */
json_t *document_section(json_t *document, const char *id, const char *title);

/* Inline pieces; the caller hands them on. `line` takes the pieces over, NULL ends them. */
json_t *line_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
json_t *line_styled(const char *style, const char *text);
json_t *line_link(const char *to, const char *text);
json_t *line_of(json_t *first, ...);

/* Blocks; inline pieces are taken over. */
void block_text(json_t *blocks, json_t *line);
void block_result(json_t *blocks, const char *style, json_t *line); /* what must be seen first */
void block_heading(json_t *blocks, const char *id, const char *title);
void block_pre(json_t *blocks, const char *label, const char *text);
void block_diff(json_t *blocks, const char *label, const char *text); /* lines that begin with + - or space */
void block_drawing(json_t *blocks, const char *svg, const char *said); /* `said`: the same in words */
json_t *block_list(json_t *blocks);                                    /* its items */
json_t *block_fold(json_t *blocks, const char *id, const char *title); /* its blocks; open, can be closed */
/* Fields for people to fill in by hand: a blank each. */
void block_blanks(json_t *blocks, const char *title, const char *labels);

/* A list of names and values; gives its rows. */
json_t *block_fields(json_t *blocks);
void field_add(json_t *rows, const char *name, json_t *line);

/* A table with "one|two|three" as its head; gives its rows. Each cell goes to the newest row. */
json_t *block_table(json_t *blocks, const char *label, const char *columns);
void row_begin(json_t *rows, const char *id); /* `id` may be NULL */
void cell_add(json_t *rows, json_t *line);

/* Appended to `out`. */
void document_html(struct bytes *out, const json_t *document);
void document_markdown(struct bytes *out, const json_t *document);

/* For the writers: each block goes to its kind's function. `writers` ends with {0}. */
struct block_writer {
    const char *kind;
    void (*write)(struct bytes *out, const json_t *block);
};
void blocks_write(struct bytes *out, const json_t *blocks, const struct block_writer *writers);

/* Every text of the document through `change`, which gives a new text (freed here) or NULL to leave it. */
void document_change(json_t *document, char *(*change)(void *context, const char *text), void *context);

#endif

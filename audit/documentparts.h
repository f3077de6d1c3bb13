/* documentparts.h - what the writers of a document share. For document_*.c and paper_*.c. */
#ifndef VERGER_DOCUMENTPARTS_H
#define VERGER_DOCUMENTPARTS_H

#include "document.h"
#include "paper.h"

/* Markup as it stands, with every %s escaped. */
void html_markup(struct bytes *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What stands in a line (document.h), escaped. */
void html_line(struct bytes *out, const json_t *piece);

/* What Markdown or HTML inside it would take for more than text; a line stays a line. */
void md_escaped(struct bytes *out, const char *text);
void md_line(struct bytes *out, const json_t *piece);
/* The same where a paragraph or an item begins: "- " or "1. " begins no list. */
void md_begin(struct bytes *out, const json_t *piece);

#endif

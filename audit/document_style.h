/* document_style.h - how a document looks as HTML: audit/document.css, made into strings when the program is
 * built. */
#ifndef VERGER_DOCUMENT_STYLE_H
#define VERGER_DOCUMENT_STYLE_H

/* Its lines, NULL behind the last. */
extern const char *const document_style[];

#endif

/* wrap.h - lines broken at spaces, so that a terminal does not break them inside a word. */
#ifndef VERGER_WRAP_H
#define VERGER_WRAP_H

#include "../ceremony/bytes.h"

/* Append `text` (UTF-8), its lines broken at spaces to at most `columns` characters; 0: as it is. What goes
 * on in the next line is indented like its line, and marked like it where that is a rehearsal's. A word that
 * is longer than a line stays whole; spaces at the end of a line stay. */
void wrap_add(struct bytes *out, const char *text, size_t columns);

/* Columns of the terminal that is open there; 0 where it is none, so that a file keeps its lines whole. */
size_t wrap_columns(int fd);

#endif

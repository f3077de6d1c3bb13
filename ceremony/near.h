/* near.h - the known word that somebody meant. */
#ifndef VERGER_NEAR_H
#define VERGER_NEAR_H

#include <stddef.h>

/* Levenshtein distance, letter case ignored (ASCII); words of any length. */
size_t near_distance(const char *a, const char *b);

/* The word of `known` (ends with NULL) nearest to `word` and at most 2 away, the first of equals; else NULL.
 */
const char *near_word(const char *word, const char *const *known);

#endif

#include "near.h"

#include "bytes.h"

#include <ctype.h>
#include <string.h>

#define FARTHEST 2

static int letter(char c)
{
    return tolower((unsigned char)c);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

OWN_DEFINE(size_t, free);

size_t near_distance(const char *a, const char *b)
{
    size_t width = strlen(b);
    OWN(size_t) *row = memory_new(width + 1, sizeof *row);
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 0; a[i] != 0; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < width; j++) {
            size_t replaced = diagonal + (letter(a[i]) != letter(b[j]));
            diagonal = row[j + 1];
            row[j + 1] = least(replaced, least(row[j], diagonal) + 1);
        }
    }
    return row[width];
}

const char *near_word(const char *word, const char *const *known)
{
    const char *best = NULL;
    size_t distance = FARTHEST + 1;
    for (; *known != NULL; known++) {
        size_t d = near_distance(word, *known);
        if (d < distance && d < strlen(*known)) {
            distance = d;
            best = *known;
        }
    }
    return best;
}

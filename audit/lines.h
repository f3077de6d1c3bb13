/* lines.h - a file to which canonical JSON objects are appended, one a line, each fsynced: what a station
 * must not forget. A last line without a newline is what a crash cut off; it is dropped when the file is
 * opened. */
#ifndef VERGER_LINES_H
#define VERGER_LINES_H

#include "../ceremony/json.h"

struct lines {
    char *path;    /* owned, as is the list */
    json_t *list;  /* the objects, oldest first */
    size_t length; /* of the file, in bytes, as far as it is whole */
};
void lines_free(struct lines *l);

/* Read what is there; a file that is missing has no lines. A whole line that is not a JSON object is refused.
 */
MUST_CHECK bool lines_open(struct lines *out, const char *path, struct err *err);

/* Append one object (0600) and fsync; stolen. On failure the file is as it was. */
MUST_CHECK bool lines_append(struct lines *l, json_t *object, struct err *err);

#endif

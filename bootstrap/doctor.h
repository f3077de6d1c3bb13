/* doctor.h - what holds on this machine: one row for each thing that a ceremony rests on.
 *
 * A row has an id (stable, [a-z_]), a standing, a sentence, and a remedy where it is not ok. Everything is
 * read from the kernel's files, the folders and this process itself; no socket is opened and no program is
 * run. Things are tried where they can be (a socket that must be refused), and not taken from a setting.
 */
#ifndef VERGER_DOCTOR_H
#define VERGER_DOCTOR_H

#include "../ceremony/bytes.h"
#include "../ceremony/json.h"

#define DOCTOR_FORMAT "verger-doctor-1"

enum standing { STANDS_OK, STANDS_WARN, STANDS_FAIL };

/* Where to look; each may be NULL. */
struct doctor_folders {
    const char *home, *record, *media, *authority;
};

struct doctor {
    struct doctor_folders folders;
    json_t
        *rows; /* [{"id","standing","says","remedy"}] in the order of the looks; no remedy where it is ok */
};
void doctor_free(struct doctor *d);

/* One look at one thing; it adds a row, or none where there is nothing to look at. */
typedef void doctor_look(struct doctor *d);
extern doctor_look *const doctor_process[]; /* doctor_process.c: this process, and what surrounds it */
extern doctor_look *const doctor_machine[]; /* doctor_machine.c: the machine, its clock, its people */
extern doctor_look *const doctor_places[];  /* doctor_places.c: the folders */

/* All of them. */
void doctor_examine(struct doctor *out, const struct doctor_folders *folders);

void doctor_row(struct doctor *d, enum standing standing, const char *id, const char *remedy,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

/* How many rows stand so. */
size_t doctor_count(const struct doctor *d, enum standing standing);
/* The sentence of a row that failed; NULL: it did not. Borrowed. */
const char *doctor_fails(const struct doctor *d, const char *id);

/* {"format", "rows"}; caller decrefs. */
json_t *doctor_json(const struct doctor *d);
/* For people, at `columns` (0: lines stay whole). */
void doctor_text(struct bytes *out, const struct doctor *d, size_t columns);

#endif

/* controls.h - the controls that a report grades a record by: vendor/controls, made into a table when the
 * program is built. */
#ifndef VERGER_CONTROLS_H
#define VERGER_CONTROLS_H

#include <stddef.h>

enum profile_of_controls {
    CONTROLS_INTERNAL,
    CONTROLS_PUBLIC,
    CONTROLS_ETSI,
    CONTROLS_FEDERAL,
    CONTROLS_PROFILES
};

struct control {
    const char *id;
    const char *kind;                     /* "auto", "assist", "record" */
    const char *level[CONTROLS_PROFILES]; /* "shall", "should", "-" */
    const char *clause, *asks;
    const char *shows; /* "check:ID" and "fact:NAME", separated by single spaces */
};
extern const struct control controls[];
extern const size_t controls_count;

/* "private-internal", "public-tls", "etsi", "us-federal", NULL. */
extern const char *const controls_profiles[];

#endif

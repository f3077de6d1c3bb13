/* renew.h - what `verger renew` asks of lua/: the script of the next ceremony for the same CA. */
#ifndef VERGER_LUA_RENEW_H
#define VERGER_LUA_RENEW_H

#include "../audit/tarball.h"

struct renew_options {
    const char *record; /* verified already */
    const char *head;   /* of the record that was verified */
    const char *name;   /* the script's file name, for messages */
    bool same_key;      /* for the key that the CA has, on the tree that it runs on */
};

/* The script and its templates, by the paths that they have beside it. The script has been checked as one
 * that is run, and asks for what the last one asked for. Nothing is written. */
MUST_CHECK bool renew_script(struct bytes *script, struct tarball *templates,
                             const struct renew_options *options, struct err *err);

#endif

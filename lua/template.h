/* template.h - what `verger template` asks of lua/: a template rendered as step would, with what it takes
 * silently. */
#ifndef VERGER_LUA_TEMPLATE_H
#define VERGER_LUA_TEMPLATE_H

#include "../ceremony/authority.h"

struct template_options {
    const char *file, *csr;   /* paths */
    const char *const *set;   /* "name=value" for .Insecure.User, ends with NULL */
    const char *const *names; /* for .SANs, ends with NULL; none: the names that the request asks for */
    bool as_step;             /* the functions that read a clock may do so, too */
};

/* The certificate's JSON, appended. What step would take without a word is added to `found`, errors with
 * places "FILE:line:column". A template that step refuses too is an error, with its place. */
MUST_CHECK bool template_render(struct bytes *json, struct findings *found,
                                const struct template_options *options, struct err *err);

/* The leaf templates of a tree on disk that do not parse: step-ca says so only when somebody asks for a
 * certificate. `folder` is the tree, `home` where its ca.json says that it lies (authority_check_disk).
 * Findings are added. */
MUST_CHECK bool template_check(struct findings *found, const char *folder, const char *home, struct err *err);

#endif

/* sandbox.h - a script is run to its end here, and what remains is a description: plain data.
 *
 * Bounds: 64 MiB of memory and 20 million instructions; text chunks only; no library at all; no metatable of
 * strings while the script's code runs (lua/describe.lua).
 */
#ifndef VERGER_SANDBOX_H
#define VERGER_SANDBOX_H

#include "../ceremony/json.h"

/* {"ceremony","people","stations","steps"} as describe.lua gives it. `path` names the script in messages:
 * "path:line: text". `verbs` ends with NULL. Caller decrefs. */
MUST_CHECK bool sandbox_describe(json_t **out, const struct bytes *text, const char *path,
                                 const char *const *verbs, struct err *err);

#endif

/* versions.h - the libraries that really run, as pages quote them. */
#ifndef VERGER_VERSIONS_H
#define VERGER_VERSIONS_H

#include "../ceremony/json.h"

/* {"openssl","libarchive","libgit2","jansson","libidn2"}: each the running library's own word. Caller
 * decrefs. */
json_t *versions_json(void);

/* The folders of a Debian system in which programs are looked for; ends with NULL. The environment is not
 * asked. */
extern const char *const versions_folders[];

/* Add "step-ca" and "step", where they are in one of `folders`, as sha256sum prints them: hash and path. They
 * are hashed and never run. */
void versions_programs(json_t *into, const char *const *folders);

#endif

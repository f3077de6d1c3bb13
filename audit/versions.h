/* versions.h - the libraries that really run, as pages quote them. */
#ifndef VERGER_VERSIONS_H
#define VERGER_VERSIONS_H

#include "../ceremony/json.h"

/* {"openssl","libarchive","libgit2","jansson","libidn2"}: each the running library's own word. Caller
 * decrefs. */
json_t *versions_json(void);

#endif

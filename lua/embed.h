/* embed.h - the Lua sources and the facts of vendor/ that the program carries inside. */
#ifndef VERGER_EMBED_H
#define VERGER_EMBED_H

#include <stddef.h>

struct embedded {
    const char *name; /* module's name, as `require` takes it */
    const unsigned char *begin, *end;
};

/* All modules of lua/, ends with a NULL name. */
extern const struct embedded embed_modules[];

/* All files of lua/ceremonies/ by their names, ends with a NULL name. */
extern const struct embedded embed_ceremonies[];

/* vendor/pins, as page 0 quotes it. */
extern const struct embedded embed_pins;

#endif

/* state.h - the Lua states of this program. Two kinds: one that knows the host and runs our own modules, and
 * one that knows nothing and runs a script's description (sandbox.h). */
#ifndef VERGER_STATE_H
#define VERGER_STATE_H

#include "room.h"

#include <lua5.4/lua.h>

#ifndef VERGER_VERSION
#define VERGER_VERSION "unknown"
#endif

/* What the host's functions reach through the state. Borrowed; it outlives the state. */
struct state_host {
    const struct room *room;
    const char *binary_sha256;
};

/* A state with our modules and the module "host". NULL `host->room` where nothing is asked. Memory's end
 * aborts, so that no error unwinds through C code that owns something. */
lua_State *state_open(const struct state_host *host);
void state_close(lua_State *L);
const struct state_host *state_host(lua_State *L);

/* Call function `name` of module "main" with the table on top of the stack (popped). On success its one
 * result is on the stack; on failure the error is a text in `err` and the stack is as before without the
 * table. */
MUST_CHECK bool state_main(lua_State *L, const char *name, struct err *err);

/* Modules come from inside the program and from nowhere else: `require` looks into no folder. */
void state_seal(lua_State *L);

/* Make the embedded modules of these names findable by `require` (all: NULL). */
void state_preload(lua_State *L, const char *const *names);

#endif

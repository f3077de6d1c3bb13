#include "renew.h"

#include "state.h"

#include <lua5.4/lauxlib.h>

static void set_text(lua_State *L, const char *field, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, field);
}

/* The list "templates" of the table on top of the stack. */
static void take_templates(struct tarball *out, lua_State *L)
{
    lua_getfield(L, -1, "templates");
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TTABLE; i++) {
        size_t len;
        lua_getfield(L, -1, "path");
        lua_getfield(L, -2, "text");
        const char *text = lua_tolstring(L, -1, &len);
        tarball_add(out, lua_tostring(L, -2), text, len);
        lua_pop(L, 3);
    }
    lua_pop(L, 2);
}

static void take_script(struct bytes *out, lua_State *L)
{
    size_t len;
    lua_getfield(L, -1, "script");
    const char *text = lua_tolstring(L, -1, &len);
    bytes_add(out, text, len);
    lua_pop(L, 1);
}

bool renew_script(struct bytes *script, struct tarball *templates, const struct renew_options *options,
                  struct err *err)
{
    struct state_host host = {.binary_sha256 = ""};
    lua_State *L = state_open(&host);
    lua_newtable(L);
    set_text(L, "record", options->record);
    set_text(L, "head", options->head);
    set_text(L, "name", options->name);
    lua_pushboolean(L, options->same_key);
    lua_setfield(L, -2, "same_key");
    bool good = state_main(L, "renew", err);
    if (good) {
        take_script(script, L);
        take_templates(templates, L);
    }
    state_close(L);
    return good;
}

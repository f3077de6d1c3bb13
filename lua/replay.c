#include "replay.h"

#include "state.h"

#include <lua5.4/lauxlib.h>

static void set_text(lua_State *L, const char *field, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, field);
}

bool replay_record(json_t **report, const struct replay_options *options, struct err *err)
{
    struct state_host host = {.room = options->room, .binary_sha256 = options->binary_sha256};
    lua_State *L = state_open(&host);
    lua_newtable(L);
    set_text(L, "record", options->record);
    set_text(L, "head", options->head);
    set_text(L, "root_key", options->root_key);
    bool good = state_main(L, "replay", err);
    if (good) {
        size_t len;
        const char *text = lua_tolstring(L, -1, &len);
        OWN_STRUCT(bytes) json = bytes_copy(text, len);
        good = json_read(report, &json, "the report of the replay", err);
    }
    state_close(L);
    return good;
}

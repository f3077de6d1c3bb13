#include "api.h"

#define ORDERED "verger.object"
#define LISTED "verger.array"

/* host.json.encode(value) -> canonical text */
static int l_encode(lua_State *L)
{
    luaL_checkany(L, 1);
    struct bytes *text = api_bytes(L);
    json_t **value = api_json(L);
    struct err err = {0};
    if (!api_to_json(value, L, 1, &err) || !json_canonical(text, *value, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, text);
}

/* host.json.decode(text, what) -> value */
static int l_decode(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    const char *what = api_text(L, 2);
    json_t **value = api_json(L);
    struct err err = {0};
    if (!json_read(value, &text, what, &err))
        return api_raise(L, &err);
    api_push_json(L, *value);
    return 1;
}

/* host.json.object({{key, value}, ...}) -> an object whose members keep this order */
static int l_object(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    luaL_setmetatable(L, ORDERED);
    return 1;
}

/* host.json.array(list) -> the same list, an array even when it is empty */
static int l_array(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    luaL_setmetatable(L, LISTED);
    return 1;
}

static const luaL_Reg json_functions[] = {
    {"encode", l_encode}, {"decode", l_decode}, {"object", l_object}, {"array", l_array}, {NULL, NULL},
};

void api_open_json(lua_State *L)
{
    luaL_newmetatable(L, ORDERED);
    luaL_newmetatable(L, LISTED);
    lua_pop(L, 2);
    api_module(L, "json", json_functions);
}

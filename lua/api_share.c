/* host.share: a password in parts. */
#include "../ceremony/share.h"

#include "api.h"
#include "api_types.h"

/* host.share.split(needed, count) -> password, {part, ...} */
static int l_split(lua_State *L)
{
    lua_Integer needed = luaL_checkinteger(L, 1);
    lua_Integer count = luaL_checkinteger(L, 2);
    luaL_argcheck(L, count >= 2 && count <= (lua_Integer)SHARE_MOST, 2, "must be 2 to 20");
    luaL_argcheck(L, needed >= 2 && needed <= count, 1, "must be 2 to the number of parts");
    struct secret **password = (struct secret **)api_box(L, API_SECRET);
    struct secret **boxes[SHARE_MOST] = {0};
    struct secret *parts[SHARE_MOST] = {0};
    lua_createtable(L, (int)count, 0);
    for (lua_Integer i = 0; i < count; i++) {
        boxes[i] = (struct secret **)api_box(L, API_SECRET);
        lua_rawseti(L, -2, i + 1);
    }
    struct err err = {0};
    if (!share_split(password, parts, (unsigned)needed, (unsigned)count, &err))
        return api_raise(L, &err);
    for (lua_Integer i = 0; i < count && boxes[i] != NULL; i++)
        *boxes[i] = parts[i];
    return 2;
}

/* host.share.check(part, number, needed) */
static int l_check(lua_State *L)
{
    const struct secret *part = api_unbox(L, 1, API_SECRET);
    unsigned number = (unsigned)luaL_checkinteger(L, 2);
    unsigned needed = (unsigned)luaL_checkinteger(L, 3);
    struct err err = {0};
    if (!share_check(part, number, needed, &err))
        return api_raise(L, &err);
    return 0;
}

/* host.share.combine({part, ...}) -> password */
static int l_combine(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    size_t count = lua_rawlen(L, 1);
    luaL_argcheck(L, count <= SHARE_MOST, 1, "must be at most 20");
    const struct secret *parts[SHARE_MOST];
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, 1, (lua_Integer)i + 1);
        parts[i] = api_unbox(L, -1, API_SECRET); /* the table holds it */
        lua_pop(L, 1);
    }
    struct secret **password = (struct secret **)api_box(L, API_SECRET);
    struct err err = {0};
    if (!share_combine(password, parts, count, &err))
        return api_raise(L, &err);
    return 1;
}

static const luaL_Reg share_functions[] = {
    {"split", l_split},
    {"check", l_check},
    {"combine", l_combine},
    {NULL, NULL},
};

void api_open_share(lua_State *L)
{
    api_module(L, "share", share_functions);
}

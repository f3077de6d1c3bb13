/* host.register: what the keys at a station ever signed, as its home keeps it and as pages seal it. */
#include "../audit/home.h"
#include "../audit/register.h"

#include "api.h"
#include "api_types.h"

static struct home *home_at(lua_State *L)
{
    return api_unbox(L, 1, API_HOME);
}

static int push_order(lua_State *L, enum register_order order)
{
    static const char *const names[] = {[REGISTER_SAME] = "same",
                                        [REGISTER_BEHIND] = "behind",
                                        [REGISTER_AHEAD] = "ahead",
                                        [REGISTER_FORKED] = "forked"};
    lua_pushstring(L, names[order]);
    return 1;
}

static void push_end(lua_State *L, const struct register_end *end, const char *issuer)
{
    lua_createtable(L, 0, 4);
    lua_pushstring(L, issuer);
    lua_setfield(L, -2, "issuer_spki");
    lua_pushinteger(L, (lua_Integer)end->entries);
    lua_setfield(L, -2, "entries");
    lua_pushstring(L, end->sha256);
    lua_setfield(L, -2, "sha256");
    lua_pushstring(L, end->ceremony);
    lua_setfield(L, -2, "ceremony");
}

/* A page's register, every rule applied, in a box on the stack. */
static const json_t *read_list(lua_State *L, int text_at, int what_at)
{
    struct bytes text = api_view(L, text_at);
    const char *what = api_text(L, what_at);
    json_t **list = api_json(L);
    struct err err = {0};
    if (!register_parse(list, &text, what, &err) || !register_check(*list, what, &err))
        api_raise(L, &err);
    return *list;
}

/* host.register.text(home, issuer_spkis) -> the lines of these issuers, "" when there is none */
static int l_text(lua_State *L)
{
    const struct home *home = home_at(L);
    luaL_checktype(L, 2, LUA_TTABLE);
    json_t **issuers = api_json(L);
    api_check_json(L, 2, issuers);
    struct bytes *text = api_bytes(L);
    struct err err = {0};
    if (!register_text(text, home_registered(home), *issuers, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, text);
}

/* host.register.last(home, issuer_spki, before) -> {issuer_spki, entries, sha256, ceremony} */
static int l_last(lua_State *L)
{
    const struct home *home = home_at(L);
    const char *issuer = api_text(L, 2);
    const char *before = lua_isnoneornil(L, 3) ? NULL : api_text(L, 3);
    struct register_end end;
    register_end(&end, home_registered(home), issuer, before);
    push_end(L, &end, issuer);
    return 1;
}

/* host.register.read(text, what) -> {{issuer_spki, entries, sha256, ceremony}...} */
static int l_read(lua_State *L)
{
    const json_t *list = read_list(L, 1, 2);
    json_t **issuers = api_json(L);
    *issuers = register_issuers(list);
    lua_newtable(L);
    for (size_t i = 0; i < json_array_size(*issuers); i++) {
        const char *issuer = json_string_value(json_array_get(*issuers, i));
        struct register_end end;
        register_end(&end, list, issuer, NULL);
        push_end(L, &end, issuer);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* host.register.compare(home, text, what, issuer_spki) -> how the home's entries stand to those of the text
 */
static int l_compare(lua_State *L)
{
    const struct home *home = home_at(L);
    const char *issuer = api_text(L, 4);
    const json_t *list = read_list(L, 2, 3);
    return push_order(L, register_compare(home_registered(home), list, issuer));
}

/* host.register.place(home, issuer_spki, before, entries, sha256) -> how they stand to such an end */
static int l_place(lua_State *L)
{
    const struct home *home = home_at(L);
    const char *issuer = api_text(L, 2);
    const char *before = api_text(L, 3);
    lua_Integer entries = luaL_checkinteger(L, 4);
    const char *sha256 = api_text(L, 5);
    luaL_argcheck(L, entries >= 0, 4, "is no number of entries");
    return push_order(L, register_place(home_registered(home), issuer, before, (size_t)entries, sha256));
}

/* host.register.adopt(home, text, what) -> how many entries of the text the home lacked, and has now */
static int l_adopt(lua_State *L)
{
    struct home *home = home_at(L);
    const json_t *list = read_list(L, 2, 3);
    size_t count = 0;
    struct err err = {0};
    if (!home_register_adopt(&count, home, list, &err))
        return api_raise(L, &err);
    lua_pushinteger(L, (lua_Integer)count);
    return 1;
}

static const luaL_Reg register_functions[] = {
    {"text", l_text},   {"last", l_last},   {"read", l_read}, {"compare", l_compare},
    {"place", l_place}, {"adopt", l_adopt}, {NULL, NULL},
};

void api_open_register(lua_State *L)
{
    api_module(L, "register", register_functions);
}

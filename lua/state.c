#include "state.h"

#include "api.h"
#include "embed.h"

#include <lua5.4/lualib.h>
#include <string.h>

static void *allocate(void *context, void *block, size_t old_size, size_t size)
{
    (void)context;
    (void)old_size;
    if (size == 0) {
        free(block);
        return NULL;
    }
    void *grown = realloc(block, size);
    if (grown == NULL)
        abort();
    return grown;
}

/* package.preload's loader: its upvalue is the module's place in the table. */
static int load_module(lua_State *L)
{
    const struct embedded *module = lua_touserdata(L, lua_upvalueindex(1));
    OWN(char) *chunk = text_format("=%s.lua", module->name);
    int status =
        luaL_loadbufferx(L, (const char *)module->begin, (size_t)(module->end - module->begin), chunk, "t");
    free(GIVE(chunk));
    if (status != LUA_OK)
        return lua_error(L);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    return 1;
}

static bool is_wanted(const char *name, const char *const *names)
{
    for (; names != NULL && *names != NULL; names++) {
        if (strcmp(*names, name) == 0)
            return true;
    }
    return names == NULL;
}

void state_preload(lua_State *L, const char *const *names)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
    for (const struct embedded *module = embed_modules; module->name != NULL; module++) {
        if (!is_wanted(module->name, names))
            continue;
        union {
            const struct embedded *fixed;
            void *pointer;
        } place = {module};
        lua_pushlightuserdata(L, place.pointer);
        lua_pushcclosure(L, load_module, 1);
        lua_setfield(L, -2, module->name);
    }
    lua_pop(L, 1);
}

void state_seal(lua_State *L)
{
    lua_getglobal(L, "package");
    lua_pushstring(L, "");
    lua_setfield(L, -2, "path");
    lua_pushstring(L, "");
    lua_setfield(L, -2, "cpath");
    lua_pop(L, 1);
}

static int open_host(lua_State *L)
{
    lua_newtable(L);
    api_open_approval(L);
    api_open_authority(L);
    api_open_digest(L);
    api_open_json(L);
    api_open_key(L);
    api_open_certificate(L);
    api_open_request(L);
    api_open_crl(L);
    api_open_lint(L);
    api_open_config(L);
    api_open_file(L);
    api_open_medium(L);
    api_open_page(L);
    api_open_record(L);
    api_open_home(L);
    api_open_register(L);
    api_open_remake(L);
    api_open_room(L);
    api_open_script(L);
    api_open_share(L);
    lua_pushlstring(L, (const char *)embed_pins.begin, (size_t)(embed_pins.end - embed_pins.begin));
    lua_setfield(L, -2, "pins");
    return 1;
}

lua_State *state_open(const struct state_host *host)
{
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},          {LUA_LOADLIBNAME, luaopen_package},
        {LUA_COLIBNAME, luaopen_coroutine}, {LUA_TABLIBNAME, luaopen_table},
        {LUA_STRLIBNAME, luaopen_string},   {LUA_MATHLIBNAME, luaopen_math},
        {LUA_UTF8LIBNAME, luaopen_utf8},    {NULL, NULL},
    };
    lua_State *L = lua_newstate(allocate, NULL);
    if (L == NULL)
        abort();
    memcpy(lua_getextraspace(L), &host, sizeof host);
    for (const luaL_Reg *library = libraries; library->name != NULL; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_pop(L, 1);
    }
    state_seal(L);
    state_preload(L, NULL);
    luaL_requiref(L, "visible", api_open_visible, 0);
    luaL_requiref(L, "host", open_host, 0);
    lua_pop(L, 2);
    return L;
}

void state_close(lua_State *L)
{
    lua_close(L);
}

const struct state_host *state_host(lua_State *L)
{
    const struct state_host *host;
    memcpy(&host, lua_getextraspace(L), sizeof host);
    return host;
}

/* An error value as a text: {stop = ...} and {message = ...} tables of ours, a template's problem, a string.
 */
static void error_text(struct err *err, lua_State *L)
{
    static const char *const fields[] = {"stop", "message"};
    for (size_t i = 0; lua_istable(L, -1) && i < 2; i++) {
        lua_getfield(L, -1, fields[i]);
        if (lua_isstring(L, -1)) {
            err_set(err, "%s", lua_tostring(L, -1));
            lua_pop(L, 1);
            return;
        }
        lua_pop(L, 1);
    }
    err_set(err, "%s", luaL_tolstring(L, -1, NULL));
    lua_pop(L, 1);
}

bool state_main(lua_State *L, const char *name, struct err *err)
{
    lua_getglobal(L, "require");
    lua_pushstring(L, "main");
    int status = lua_pcall(L, 1, 1, 0);
    if (status == LUA_OK) {
        lua_getfield(L, -1, name);
        lua_remove(L, -2);
        lua_rotate(L, -2, 1);
        status = lua_pcall(L, 1, 1, 0);
    } else {
        lua_remove(L, -2);
    }
    if (status == LUA_OK)
        return true;
    error_text(err, L);
    lua_pop(L, 1);
    return false;
}

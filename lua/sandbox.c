#include "sandbox.h"

#include "api.h"

#include <lua5.4/lualib.h>
#include <string.h>

#define SANDBOX_MEMORY (64u << 20)     /* bytes */
#define SANDBOX_INSTRUCTIONS 20000000L /* in the whole script */
#define SANDBOX_INTERVAL 1000          /* instructions between two looks */

struct sandbox {
    const struct bytes *text;
    const char *path;
    const char *const *verbs;
    size_t memory;     /* bytes in use */
    long instructions; /* run so far */
};

static void *allocate(void *context, void *block, size_t old_size, size_t size)
{
    struct sandbox *box = context;
    size_t before = block != NULL ? old_size : 0;
    if (size == 0) {
        free(block);
        box->memory -= before;
        return NULL;
    }
    if (size > before && box->memory + (size - before) > SANDBOX_MEMORY)
        return NULL;
    void *grown = realloc(block, size);
    if (grown != NULL)
        box->memory = box->memory + size - before;
    return grown;
}

static struct sandbox *sandbox_of(lua_State *L)
{
    void *context;
    lua_getallocf(L, &context);
    return context;
}

/* Raises, and from then on after every single instruction, so that nothing can swallow it. */
static void count(lua_State *L, lua_Debug *where)
{
    (void)where;
    struct sandbox *box = sandbox_of(L);
    box->instructions += SANDBOX_INTERVAL;
    if (box->instructions < SANDBOX_INSTRUCTIONS)
        return;
    lua_sethook(L, count, LUA_MASKCOUNT, 1);
    luaL_error(L, "the script takes more than %d steps to describe itself; does it loop?",
               (int)SANDBOX_INSTRUCTIONS);
}

/* load_text(environment) -> the script as a function; text only, never bytecode */
static int load_text(lua_State *L)
{
    const struct sandbox *box = sandbox_of(L);
    luaL_checktype(L, 1, LUA_TTABLE);
    const char *chunk = lua_pushfstring(L, "=%s", box->path);
    const char *text = (const char *)box->text->data;
    if (luaL_loadbufferx(L, text, box->text->len, chunk, "t") != LUA_OK)
        return lua_error(L);
    lua_pushvalue(L, 1);
    if (lua_setupvalue(L, -2, 1) == NULL)
        lua_pop(L, 1);
    lua_sethook(L, count, LUA_MASKCOUNT, SANDBOX_INTERVAL);
    return 1;
}

/* Everything that may raise runs in here, under one protected call. */
static int describe(lua_State *L)
{
    static const char *const modules[] = {"describe", "nearest", NULL};
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},
        {LUA_LOADLIBNAME, luaopen_package},
        {LUA_TABLIBNAME, luaopen_table},
        {LUA_STRLIBNAME, luaopen_string},
        {LUA_MATHLIBNAME, luaopen_math},
        {LUA_DBLIBNAME, luaopen_debug},
        {NULL, NULL},
    };
    const struct sandbox *box = sandbox_of(L);
    for (const luaL_Reg *library = libraries; library->name != NULL; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_pop(L, 1);
    }
    state_preload(L, modules);
    lua_getglobal(L, "require");
    lua_pushstring(L, "describe");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "run");
    lua_pushcfunction(L, load_text);
    lua_pushfstring(L, "=%s", box->path);
    lua_newtable(L);
    for (lua_Integer i = 0; box->verbs[i] != NULL; i++) {
        lua_pushstring(L, box->verbs[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_call(L, 3, 1);
    return 1;
}

/* {line, message} of our own, or Lua's "path:line: text". */
static bool describe_error(lua_State *L, const struct sandbox *box, struct err *err)
{
    if (lua_istable(L, -1)) {
        lua_getfield(L, -1, "line");
        lua_getfield(L, -2, "message");
        return err_set(err, "%s:%d: %s", box->path, (int)lua_tointeger(L, -2), lua_tostring(L, -1));
    }
    const char *text = lua_tostring(L, -1);
    if (text != NULL && strcmp(text, "not enough memory") == 0)
        return err_set(err, "%s: the script needs more than %u MiB to describe itself", box->path,
                       SANDBOX_MEMORY >> 20);
    return err_set(err, "%s", text != NULL ? text : "the script failed");
}

bool sandbox_describe(json_t **out, const struct bytes *text, const char *path, const char *const *verbs,
                      struct err *err)
{
    struct sandbox box = {.text = text, .path = path, .verbs = verbs};
    lua_State *L = lua_newstate(allocate, &box);
    if (L == NULL)
        return err_set(err, "%s: no memory to read it in", path);
    lua_pushcfunction(L, describe);
    bool good = lua_pcall(L, 0, 1, 0) == LUA_OK;
    if (!good)
        describe_error(L, &box, err);
    else if (!api_to_json(out, L, -1, err))
        good = err_wrap(err, "%s", path);
    lua_close(L);
    return good;
}

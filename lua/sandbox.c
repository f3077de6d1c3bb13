#include "sandbox.h"

#include "api.h"

#include <lua5.4/lualib.h>
#include <string.h>

#define SANDBOX_MEMORY (64u << 20) /* bytes */
#define SANDBOX_MEMORY_TEXT "64 MiB"
#define SANDBOX_INSTRUCTIONS 20000000L /* in the whole script */
#define SANDBOX_INTERVAL 1000          /* instructions between two looks */

/* The chunk's name, as describe.lua knows it; a path would be cut short in Lua's messages. */
#define SCRIPT "script"

struct sandbox {
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
    lua_pushfstring(L, "the script takes more than %d steps to describe itself; does it loop?",
                    (int)SANDBOX_INSTRUCTIONS);
    lua_error(L);
}

static void open_libraries(lua_State *L)
{
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base},       {LUA_LOADLIBNAME, luaopen_package},
        {LUA_TABLIBNAME, luaopen_table}, {LUA_STRLIBNAME, luaopen_string},
        {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8},
        {LUA_DBLIBNAME, luaopen_debug},  {NULL, NULL},
    };
    for (const luaL_Reg *library = libraries; library->name != NULL; library++) {
        luaL_requiref(L, library->name, library->func, 1);
        lua_pop(L, 1);
    }
}

/* describe(text, verbs): everything that may raise runs in here, in a thread of its own. */
static int describe(lua_State *L)
{
    static const char *const modules[] = {"describe", "nearest", "plain", "quote", "source", NULL};
    const struct bytes *text = lua_touserdata(L, 1);
    const char *const *verbs = lua_touserdata(L, 2);
    open_libraries(L);
    state_seal(L);
    luaL_requiref(L, "visible", api_open_visible, 0);
    state_preload(L, modules);
    lua_getglobal(L, "require");
    lua_pushstring(L, "describe");
    lua_call(L, 1, 1);
    lua_getfield(L, -1, "run");
    lua_pushlstring(L, (const char *)text->data, text->len);
    lua_newtable(L);
    for (lua_Integer i = 0; verbs[i] != NULL; i++) {
        lua_pushstring(L, verbs[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_sethook(L, count, LUA_MASKCOUNT, SANDBOX_INTERVAL);
    lua_call(L, 2, 1);
    return 1;
}

/* The line of the script at which a thread stands, 0 when it stands in none. */
static int script_line(lua_State *thread)
{
    lua_Debug frame;
    for (int level = 0; lua_getstack(thread, level, &frame) != 0; level++) {
        if (lua_getinfo(thread, "Sl", &frame) != 0 && strcmp(frame.source, "=" SCRIPT) == 0)
            return frame.currentline;
    }
    return 0;
}

/* What Lua itself found wrong, in our words where there are better ones. */
static const char *lua_fault(const char *text)
{
    if (strcmp(text, "not enough memory") == 0)
        return "the script needs more than " SANDBOX_MEMORY_TEXT " to describe itself; does it loop?";
    if (strstr(text, "stack overflow") != NULL)
        return "a function calls itself without end";
    /* "script:7: text" */
    size_t place = strlen(SCRIPT ":");
    if (strncmp(text, SCRIPT ":", place) != 0)
        return text;
    place += strspn(text + place, "0123456789");
    return strncmp(text + place, ": ", 2) == 0 ? text + place + 2 : text;
}

/* A table {line, message} is describe.lua's own error; the stack of a thread that failed is still there. */
static bool describe_error(lua_State *thread, const char *path, struct err *err)
{
    int line = script_line(thread);
    const char *text;
    if (lua_istable(thread, -1)) {
        lua_getfield(thread, -1, "line");
        line = (int)lua_tointeger(thread, -1);
        lua_getfield(thread, -2, "message");
        text = lua_tostring(thread, -1);
    } else {
        text = lua_fault(luaL_optstring(thread, -1, "the script failed"));
    }
    return line > 0 ? err_set(err, "%s:%d: %s", path, line, text) : err_set(err, "%s: %s", path, text);
}

/* A pointer that Lua carries and never writes through. */
static void push_pointer(lua_State *L, const void *pointer)
{
    union {
        const void *fixed;
        void *pointer;
    } carried = {pointer};
    lua_pushlightuserdata(L, carried.pointer);
}

bool sandbox_describe(json_t **out, const struct bytes *text, const char *path, const char *const *verbs,
                      struct err *err)
{
    struct sandbox box = {0};
    lua_State *L = lua_newstate(allocate, &box);
    if (L == NULL)
        return err_set(err, "%s: no memory to read it in", path);
    lua_State *thread = lua_newthread(L);
    lua_pushcfunction(thread, describe);
    push_pointer(thread, text);
    push_pointer(thread, verbs);
    int results;
    bool good = lua_resume(thread, L, 2, &results) == LUA_OK;
    if (!good)
        describe_error(thread, path, err);
    else if (!api_to_json(out, thread, -1, err))
        good = err_wrap(err, "%s", path);
    lua_close(L);
    return good;
}

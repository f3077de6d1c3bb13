/* host.script: a script's description, and the templates beside it. */
#include "../ceremony/digest.h"
#include "../ceremony/file.h"
#include "api.h"
#include "sandbox.h"

#include <string.h>

#define MAX_VERBS 64

/* What Lua gets: pushes {path, name, sha256, text, description}. */
static void push_script(lua_State *L, const char *path, const struct bytes *text, const json_t *description)
{
    char sha256[DIGEST_HEX];
    digest_hex(sha256, text->data, text->len);
    lua_createtable(L, 0, 5);
    lua_pushstring(L, path);
    lua_setfield(L, -2, "path");
    lua_pushstring(L, path_name(path));
    lua_setfield(L, -2, "name");
    lua_pushstring(L, sha256);
    lua_setfield(L, -2, "sha256");
    api_bytes_push(L, text);
    lua_setfield(L, -2, "text");
    api_push_json(L, description);
    lua_setfield(L, -2, "description");
}

static bool read_script(struct bytes *text, const char *path, struct err *err)
{
    OWN(char) *member = path_join("script", path_name(path));
    if (!path_is_safe(member))
        return err_set(err,
                       "%s: a script's file name must be 1 to 93 characters of [A-Za-z0-9._-], so that page "
                       "0 can hold it",
                       path);
    return file_read(text, path, FILE_MAX_SMALL, err);
}

/* host.script.describe(path, verbs[, text]) -> {path, name, sha256, text, description}; of a text that is
 * given, `path` is only its name */
static int l_describe(lua_State *L)
{
    const char *path = api_text(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    const char *verbs[MAX_VERBS + 1] = {NULL};
    lua_Integer count = luaL_len(L, 2);
    luaL_argcheck(L, count <= MAX_VERBS, 2, "has too many verbs");
    for (lua_Integer i = 0; i < count; i++) {
        lua_rawgeti(L, 2, i + 1);
        verbs[i] = luaL_checkstring(L, -1);
        lua_pop(L, 1);
    }
    lua_settop(L, 3);
    struct bytes *text = api_bytes(L);
    json_t **description = api_json(L);
    struct err err = {0};
    if (!lua_isnoneornil(L, 3)) {
        struct bytes given = api_view(L, 3);
        bytes_add(text, given.data, given.len);
    } else if (!read_script(text, path, &err)) {
        return api_raise(L, &err);
    }
    if (!sandbox_describe(description, text, path, verbs, &err))
        return api_raise(L, &err);
    push_script(L, path, text, *description);
    return 1;
}

static bool read_template(struct bytes *text, const char *script, const char *path, struct err *err)
{
    OWN(char) *folder = text_format("%.*s", (int)(path_name(script) - script), script);
    return file_read_below(text, *folder != 0 ? folder : ".", path, FILE_MAX_SMALL, err);
}

/* host.script.template(script, path) -> text of a template, relative to the script */
static int l_template(lua_State *L)
{
    const char *script = api_text(L, 1);
    const char *path = api_text(L, 2);
    luaL_argcheck(L, path_is_safe(path), 2, "must be a safe relative path");
    struct bytes *text = api_bytes(L);
    struct err err = {0};
    if (!read_template(text, script, path, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, text);
}

static const luaL_Reg script_functions[] = {
    {"describe", l_describe},
    {"template", l_template},
    {NULL, NULL},
};

void api_open_script(lua_State *L)
{
    api_module(L, "script", script_functions);
}

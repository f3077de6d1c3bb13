#include "template.h"

#include "api.h"

static void push_list(lua_State *L, const char *field, const char *const *values)
{
    lua_newtable(L);
    for (lua_Integer i = 0; values[i] != NULL; i++) {
        lua_pushstring(L, values[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, field);
}

static void push_options(lua_State *L, const struct template_options *options)
{
    lua_newtable(L);
    lua_pushstring(L, options->file);
    lua_setfield(L, -2, "file");
    lua_pushstring(L, options->csr);
    lua_setfield(L, -2, "csr");
    lua_pushboolean(L, options->as_step);
    lua_setfield(L, -2, "as_step");
    push_list(L, "set", options->set);
    push_list(L, "names", options->names);
}

/* One of {rule, line, column, message}, on top of the stack. */
static void take_finding(struct findings *found, const char *file, lua_State *L)
{
    OWN(char) *place = text_format("%s:%lld:%lld", file, api_field_integer(L, -1, "line"),
                                   api_field_integer(L, -1, "column"));
    findings_add(found, SEVERITY_ERROR, api_field_text(L, -1, "rule"), place, "", "%s",
                 api_field_text(L, -1, "message"));
}

/* {text, findings} on top of the stack. */
static void take_result(struct bytes *json, struct findings *found, const char *file, lua_State *L)
{
    size_t len;
    lua_getfield(L, -1, "text");
    const char *text = lua_tolstring(L, -1, &len);
    bytes_add(json, text, len);
    lua_pop(L, 1);
    lua_getfield(L, -1, "findings");
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TTABLE; i++) {
        take_finding(found, file, L);
        lua_pop(L, 1);
    }
}

bool template_render(struct bytes *json, struct findings *found, const struct template_options *options,
                     struct err *err)
{
    struct state_host host = {.binary_sha256 = ""};
    lua_State *L = state_open(&host);
    push_options(L, options);
    bool good = state_main(L, "template", err);
    if (good)
        take_result(json, found, options->file, L);
    state_close(L);
    return good;
}

#include "template.h"

#include "../ceremony/file.h"
#include "api.h"

static void set_text(lua_State *L, const char *field, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, field);
}

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
    set_text(L, "file", options->file);
    set_text(L, "csr", options->csr);
    lua_pushboolean(L, options->as_step);
    lua_setfield(L, -2, "as_step");
    push_list(L, "set", options->set);
    push_list(L, "names", options->names);
}

/* Every element of the list "findings" of the table on top of the stack. */
static void take_findings(struct findings *found, lua_State *L,
                          void (*take)(struct findings *found, lua_State *L))
{
    lua_getfield(L, -1, "findings");
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TTABLE; i++) {
        take(found, L);
        lua_pop(L, 1);
    }
    lua_pop(L, 2);
}

/* One of {rule, place, message}, on top of the stack. */
static void take_finding(struct findings *found, lua_State *L)
{
    findings_add(found, SEVERITY_ERROR, api_field_text(L, -1, "rule"), api_field_text(L, -1, "place"),
                 "Go text/template", "%s", api_field_text(L, -1, "message"));
}

static void take_text(struct bytes *out, lua_State *L)
{
    size_t len;
    lua_getfield(L, -1, "text");
    const char *text = lua_tolstring(L, -1, &len);
    bytes_add(out, text, len);
    lua_pop(L, 1);
}

bool template_render(struct bytes *json, struct findings *found, const struct template_options *options,
                     struct err *err)
{
    struct state_host host = {.binary_sha256 = ""};
    lua_State *L = state_open(&host);
    push_options(L, options);
    bool good = state_main(L, "template", err);
    if (good) {
        take_text(json, L);
        take_findings(found, L, take_finding);
    }
    state_close(L);
    return good;
}

/* One of {rule, place, text, clause}, on top of the stack. */
static void take_fault(struct findings *found, lua_State *L)
{
    findings_add(found, SEVERITY_ERROR, api_field_text(L, -1, "rule"), api_field_text(L, -1, "place"),
                 api_field_text(L, -1, "clause"), "%s", api_field_text(L, -1, "text"));
}

bool template_check(struct findings *found, const char *folder, const char *home, struct err *err)
{
    struct state_host host = {.binary_sha256 = ""};
    OWN(char) *config = path_join(folder, AUTHORITY_CONFIG);
    lua_State *L = state_open(&host);
    lua_newtable(L);
    set_text(L, "folder", folder);
    set_text(L, "home", home);
    set_text(L, "config", config);
    bool good = state_main(L, "check", err);
    if (good)
        take_findings(found, L, take_fault);
    state_close(L);
    return good;
}

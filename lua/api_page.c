/* host.page: one step's page while it is walked. */
#include "../audit/page.h"

#include "api.h"
#include "api_types.h"

#include <string.h>

static int page_gc(lua_State *L)
{
    page_free(*(struct page **)luaL_checkudata(L, 1, API_PAGE));
    return 0;
}

/* A table field as JSON into a box that stays on the stack. */
static json_t *field_json(lua_State *L, int index, const char *field)
{
    json_t **box = api_json(L);
    lua_getfield(L, index, field);
    struct err err = {0};
    if (!api_to_json(box, L, -1, &err))
        api_raise(L, &err);
    lua_pop(L, 1);
    return *box;
}

/* host.page.open{ceremony_id, ceremony_title, ceremony_version, number, title, slug, station, rehearsal,
 * unattended, people, versions, previous, not_before, seals_required} -> page; takes the clock */
static int l_open(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    struct page_head head = {
        .ceremony_id = api_field_text(L, 1, "ceremony_id"),
        .ceremony_title = api_field_text(L, 1, "ceremony_title"),
        .ceremony_version = api_field_text(L, 1, "ceremony_version"),
        .number = (unsigned)api_field_integer(L, 1, "number"),
        .title = api_field_text(L, 1, "title"),
        .slug = api_field_text(L, 1, "slug"),
        .station = api_field_text(L, 1, "station"),
        .rehearsal = api_field_boolean(L, 1, "rehearsal"),
        .unattended = api_field_boolean(L, 1, "unattended"),
        .people = field_json(L, 1, "people"),
        .versions = field_json(L, 1, "versions"),
        .not_before = (time_t)api_field_integer(L, 1, "not_before"),
        .seals_required = field_json(L, 1, "seals_required"),
    };
    const char *previous = api_field_text(L, 1, "previous");
    if (!digest_is_hex(previous))
        return luaL_error(L, "field 'previous' must be a SHA-256 in hex");
    memcpy(head.previous, previous, sizeof head.previous);
    struct page **page = (struct page **)api_box(L, API_PAGE);
    struct err err = {0};
    if (!page_open(page, &head, &err))
        return api_raise(L, &err);
    return 1;
}

/* host.page.slug(title) -> slug, or nil when the title has no letter and no digit */
static int l_slug(lua_State *L)
{
    char slug[61];
    if (page_slug(slug, api_text(L, 1)))
        lua_pushstring(L, slug);
    else
        lua_pushnil(L);
    return 1;
}

/* page:say(text): a line of the transcript */
static int l_say(lua_State *L)
{
    page_say(api_unbox(L, 1, API_PAGE), api_text(L, 2));
    return 0;
}

/* page:file(path, bytes, mode): a public file that the step sets */
static int l_file(lua_State *L)
{
    struct page *page = api_unbox(L, 1, API_PAGE);
    const char *path = api_text(L, 2);
    struct bytes content = api_view(L, 3);
    unsigned mode = (unsigned)luaL_checkinteger(L, 4);
    struct err err = {0};
    if (!page_file(page, path, content.data, content.len, mode, &err))
        return api_raise(L, &err);
    return 0;
}

/* page:remove(path): a public file that goes */
static int l_remove(lua_State *L)
{
    page_remove(api_unbox(L, 1, API_PAGE), api_text(L, 2));
    return 0;
}

/* page:folder(path, mode): a folder that comes */
static int l_folder(lua_State *L)
{
    page_folder(api_unbox(L, 1, API_PAGE), api_text(L, 2), (unsigned)luaL_checkinteger(L, 3));
    return 0;
}

/* page:evidence(name, bytes) */
static int l_evidence(lua_State *L)
{
    struct page *page = api_unbox(L, 1, API_PAGE);
    const char *name = api_text(L, 2);
    struct bytes content = api_view(L, 3);
    struct err err = {0};
    if (!page_evidence(page, name, content.data, content.len, &err))
        return api_raise(L, &err);
    return 0;
}

/* page:member(name, bytes): a member under a name of its own (page 0) */
static int l_member(lua_State *L)
{
    struct page *page = api_unbox(L, 1, API_PAGE);
    const char *name = api_text(L, 2);
    struct bytes content = api_view(L, 3);
    struct err err = {0};
    if (!page_member(page, name, content.data, content.len, &err))
        return api_raise(L, &err);
    return 0;
}

static int add_entry(lua_State *L, void (*add)(struct page *, json_t *))
{
    struct page *page = api_unbox(L, 1, API_PAGE);
    luaL_checktype(L, 2, LUA_TTABLE);
    json_t **entry = api_json(L);
    api_check_json(L, 2, entry);
    add(page, GIVE(*entry));
    return 0;
}

/* page:input(entry) */
static int l_input(lua_State *L)
{
    return add_entry(L, page_input);
}

/* page:output(entry) */
static int l_output(lua_State *L)
{
    return add_entry(L, page_output);
}

/* page:deviation(entry) */
static int l_deviation(lua_State *L)
{
    return add_entry(L, page_deviation);
}

/* page:abort{step, by, why}: this is the closing page */
static int l_abort(lua_State *L)
{
    return add_entry(L, page_abort);
}

/* page:outputs() -> list so far */
static int l_outputs(lua_State *L)
{
    api_push_json(L, page_outputs(api_unbox(L, 1, API_PAGE)));
    return 1;
}

/* page:pending(path) -> what this page sets for a path, or nil */
static int l_pending(lua_State *L)
{
    const struct bytes *content = page_pending(api_unbox(L, 1, API_PAGE), api_text(L, 2));
    if (content != NULL)
        return api_bytes_push(L, content);
    lua_pushnil(L);
    return 1;
}

static const luaL_Reg page_functions[] = {
    {"open", l_open},
    {"slug", l_slug},
    {NULL, NULL},
};
static const luaL_Reg page_methods[] = {
    {"say", l_say},         {"file", l_file},         {"remove", l_remove},
    {"folder", l_folder},   {"evidence", l_evidence}, {"member", l_member},
    {"input", l_input},     {"output", l_output},     {"deviation", l_deviation},
    {"outputs", l_outputs}, {"pending", l_pending},   {"abort", l_abort},
    {NULL, NULL},
};

void api_open_page(lua_State *L)
{
    api_type(L, API_PAGE, page_methods, page_gc);
    api_module(L, "page", page_functions);
}

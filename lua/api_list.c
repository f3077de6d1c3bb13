#include "api_list.h"

#include "api_types.h"

static struct bytes view_optional(lua_State *L, const char *field)
{
    lua_getfield(L, 1, field);
    return lua_isnil(L, -1) ? (struct bytes){0} : api_view(L, -1);
}

struct list_given list_given_at(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    struct list_given given = {.begins = api_field_text(L, 1, "begins"),
                               .ends = api_field_text(L, 1, "ends"),
                               .scope = api_field_text_optional(L, 1, "scope"),
                               .entries_name = api_field_text_optional(L, 1, "entries_name"),
                               .number = api_field_integer(L, 1, "number")};
    lua_getfield(L, 1, "issuer");
    given.issuer = api_view(L, -1);
    lua_getfield(L, 1, "key");
    given.key = api_unbox_optional(L, -1, API_KEY);
    given.before = view_optional(L, "before");
    given.entries = view_optional(L, "entries");
    return given;
}

void list_draft_free(struct list_draft *d)
{
    X509_free(d->issuer);
    *d = (struct list_draft){0};
}

bool list_draft_make(struct list_draft *out, const struct list_given *given, struct err *err)
{
    struct crl_draft *draft = &out->draft;
    if (!certificate_parse(&out->issuer, &given->issuer, "the issuer", err))
        return false;
    *draft =
        (struct crl_draft){.issuer = out->issuer,
                           .key = given->key,
                           .number = given->number,
                           .scope = given->scope,
                           .serials = {given->entries.data, given->entries.len},
                           .serials_name = given->entries_name != NULL ? given->entries_name : "the entries"};
    if (given->before.len > 0) {
        const struct der der = {given->before.data, given->before.len};
        if (!crl_view_read(&out->before, der, "the list before", err))
            return false;
        draft->before = &out->before;
    }
    return time_parse(&draft->this_update, given->begins, err) &&
           time_parse(&draft->next_update, given->ends, err);
}

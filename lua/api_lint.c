/* host.lint: what came in, held to the rules. and lists that are to be signed. Certificates: draft:lint. */
#include "../ceremony/lintreport.h"
#include "../ceremony/request.h"
#include "../ceremony/spent.h"
#include "api.h"
#include "api_list.h"

struct lint_given {
    struct bytes text, issuer, request;
    const char *what, *profile;
};

static bool received(json_t **out, const struct lint_given *given, struct err *err)
{
    OWN_STRUCT(lint_subjects) things = {0};
    OWN(X509) *issuer = NULL;
    OWN(X509_REQ) *request = NULL;
    struct lint_context context = {0};
    if (!lint_profile_find(&context.profile, given->profile, err) ||
        !lint_read(&things, &given->text, given->what, err) ||
        (given->issuer.len > 0 && !certificate_parse(&issuer, &given->issuer, "the issuer", err)) ||
        (given->request.len > 0 && !request_parse(&request, &given->request, "the request", err)))
        return false;
    if (things.count != 1)
        return err_set(err, "%s: holds %zu things, and one is wanted", given->what, things.count);
    context.issuer = issuer;
    context.request = request;
    return lint_evidence(out, &things.list[0], &context, issuer, err);
}

static struct bytes view_field(lua_State *L, const char *field)
{
    lua_getfield(L, 1, field);
    return lua_isnil(L, -1) ? (struct bytes){0} : api_view(L, -1);
}

/* host.lint.received{text, what, profile[, issuer][, request]} -> evidence (lintreport.h), without name and
 * waived */
static int l_received(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    struct lint_given given = {.what = api_field_text(L, 1, "what"),
                               .profile = api_field_text(L, 1, "profile")};
    given.text = view_field(L, "text");
    given.issuer = view_field(L, "issuer");
    given.request = view_field(L, "request");
    json_t **evidence = api_json(L);
    struct err err = {0};
    if (!received(evidence, &given, &err))
        return api_raise(L, &err);
    api_push_json(L, *evidence);
    return 1;
}

/* The list as it will be, signed by a throw-away key, is what is judged. */
static bool drafted(json_t **out, const struct list_given *given, const struct bytes *before,
                    const char *profile, struct err *err)
{
    OWN_STRUCT(list_draft) draft = {0};
    OWN(X509_CRL) *list = NULL;
    OWN(X509_CRL) *previous = NULL;
    OWN_STRUCT(spent) spent = {0};
    OWN_STRUCT(lint_subjects) things = {0};
    struct lint_context context = {0};
    if (!lint_profile_find(&context.profile, profile, err) || !list_draft_make(&draft, given, err) ||
        !crl_preview(&list, &draft.draft, err) ||
        !spent_list(&spent, list, draft.issuer, draft.draft.algorithm, err) ||
        !lint_take(&things, NULL, NULL, list, err) ||
        (before->len > 0 && !crl_parse(&previous, before, "the list before", err)))
        return false;
    context.issuer = spent.issuer;
    context.previous = previous;
    return lint_evidence(out, &things.list[0], &context, draft.issuer, err);
}

/* host.lint.list(list: api_list.h; and profile[, previous]) -> evidence, without name and waived, of what
 * host.crl.issue would sign; previous is the issuer's list before it, where `before` is not given */
static int l_list(lua_State *L)
{
    struct list_given given = list_given_at(L);
    const char *profile = api_field_text(L, 1, "profile");
    struct bytes before = given.before.len > 0 ? given.before : view_field(L, "previous");
    json_t **evidence = api_json(L);
    struct err err = {0};
    if (!drafted(evidence, &given, &before, profile, &err))
        return api_raise(L, &err);
    api_push_json(L, *evidence);
    return 1;
}

/* host.lint.rules() -> the ids of all rules */
static int l_rules(lua_State *L)
{
    lua_newtable(L);
    for (size_t n = 0; lint_rule_id(n) != NULL; n++) {
        lua_pushstring(L, lint_rule_id(n));
        lua_rawseti(L, -2, (lua_Integer)n + 1);
    }
    return 1;
}

/* host.lint.profiles() -> their names */
static int l_profiles(lua_State *L)
{
    lua_newtable(L);
    for (int i = 0; lint_profiles[i] != NULL; i++) {
        lua_pushstring(L, lint_profiles[i]);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

static const luaL_Reg lint_functions[] = {
    {"received", l_received}, {"list", l_list}, {"rules", l_rules}, {"profiles", l_profiles}, {NULL, NULL},
};

void api_open_lint(lua_State *L)
{
    api_module(L, "lint", lint_functions);
}

/* host.remake: artefacts made once more, and held against the recorded ones. */
#include "../ceremony/remake.h"

#include "../ceremony/jsondiff.h"
#include "../ceremony/request.h"
#include "api_list.h"
#include "api_types.h"

#include <string.h>

/* {verdict, differences} */
static json_t *remake_json(const struct remake *remake)
{
    return json_pack("{s:s, s:O}", "verdict", remade_names[remake->verdict], "differences",
                     remake->differences);
}

static struct bytes view_field(lua_State *L, const char *field)
{
    lua_getfield(L, 1, field);
    return api_view(L, -1);
}

static const struct key *key_field(lua_State *L)
{
    lua_getfield(L, 1, "key");
    return api_unbox_optional(L, -1, API_KEY);
}

struct certificate_given {
    struct bytes profile, request, original, issuer, recorded;
    const char *template, *serial, *begins, *ends;
    const struct key *key;
    bool as_step;
};

struct parties { /* what was not given is NULL */
    X509_REQ *request;
    X509 *original, *issuer, *recorded;
};
static void parties_free(struct parties *p)
{
    X509_REQ_free(p->request);
    X509_free(p->original);
    X509_free(p->issuer);
    X509_free(p->recorded);
}

static bool parties_read(struct parties *out, const struct certificate_given *given, struct err *err)
{
    return (given->request.data == NULL ||
            request_parse(&out->request, &given->request, "the request", err)) &&
           (given->original.data == NULL ||
            certificate_parse(&out->original, &given->original, "the original", err)) &&
           (given->issuer.data == NULL ||
            certificate_parse(&out->issuer, &given->issuer, "the issuer", err)) &&
           certificate_parse(&out->recorded, &given->recorded, "the recorded certificate", err);
}

static bool certificate_remade(json_t **out, const struct certificate_given *given, struct err *err)
{
    OWN_PROFILE *profile = NULL;
    OWN_STRUCT(parties) parties = {0};
    OWN_STRUCT(remake) remake = {0};
    struct draft draft = {.key = given->key};
    if (strlen(given->serial) >= sizeof draft.serial)
        return err_set(err, "a serial number has at most 20 bytes (RFC 5280 4.1.2.2)");
    memcpy(draft.serial, given->serial, strlen(given->serial) + 1);
    if (!profile_parse(&profile, &given->profile, given->as_step, given->template, err) ||
        !parties_read(&parties, given, err) || !time_parse(&draft.not_before, given->begins, err) ||
        !time_parse(&draft.not_after, given->ends, err))
        return false;
    draft.profile = profile;
    draft.request = parties.request;
    draft.original = parties.original;
    draft.issuer = parties.issuer;
    draft.own_key = X509_get0_pubkey(parties.recorded);
    if (!remake_certificate(&remake, &draft, &given->recorded, err))
        return false;
    *out = remake_json(&remake);
    return true;
}

static struct bytes view_optional(lua_State *L, const char *field)
{
    lua_getfield(L, 1, field);
    return lua_isnil(L, -1) ? (struct bytes){0} : api_view(L, -1);
}

/* host.remake.certificate{profile, template, serial, begins, ends, as_step, recorded[, request][, original]
 * [, issuer][, key]} -> {verdict, differences} */
static int l_certificate(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    struct certificate_given given = {
        .template = api_field_text(L, 1, "template"),
        .serial = api_field_text(L, 1, "serial"),
        .begins = api_field_text(L, 1, "begins"),
        .ends = api_field_text(L, 1, "ends"),
        .as_step = api_field_boolean(L, 1, "as_step"),
    };
    given.profile = view_field(L, "profile");
    given.request = view_optional(L, "request");
    given.original = view_optional(L, "original");
    given.issuer = view_optional(L, "issuer");
    given.recorded = view_field(L, "recorded");
    given.key = key_field(L);
    json_t **report = api_json(L);
    struct err err = {0};
    if (!certificate_remade(report, &given, &err))
        return api_raise(L, &err);
    api_push_json(L, *report);
    return 1;
}

static bool crl_remade(json_t **out, const struct list_given *given, const struct bytes *recorded,
                       struct err *err)
{
    OWN_STRUCT(list_draft) list = {0};
    OWN_STRUCT(remake) remake = {0};
    if (!list_draft_make(&list, given, err) || !remake_crl(&remake, &list.draft, recorded, err))
        return false;
    *out = remake_json(&remake);
    return true;
}

/* host.remake.crl(list: api_list.h, with recorded) -> {verdict, differences} */
static int l_crl(lua_State *L)
{
    struct list_given given = list_given_at(L);
    struct bytes recorded = view_field(L, "recorded");
    json_t **report = api_json(L);
    struct err err = {0};
    if (!crl_remade(report, &given, &recorded, &err))
        return api_raise(L, &err);
    api_push_json(L, *report);
    return 1;
}

static bool request_remade(json_t **out, const struct bytes *json, bool as_step, const char *what,
                           const struct bytes *recorded, struct err *err)
{
    OWN_PROFILE *profile = NULL;
    OWN_STRUCT(remake) remake = {0};
    if (!profile_parse(&profile, json, as_step, what, err) ||
        !remake_request(&remake, profile, recorded, err))
        return false;
    *out = remake_json(&remake);
    return true;
}

/* host.remake.request{profile, template, as_step, recorded} -> {verdict, differences} */
static int l_request(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    const char *what = api_field_text(L, 1, "template");
    bool as_step = api_field_boolean(L, 1, "as_step");
    struct bytes profile = view_field(L, "profile"), recorded = view_field(L, "recorded");
    json_t **report = api_json(L);
    struct err err = {0};
    if (!request_remade(report, &profile, as_step, what, &recorded, &err))
        return api_raise(L, &err);
    api_push_json(L, *report);
    return 1;
}

static bool difference(json_t **out, const struct bytes *before, const struct bytes *after, const char *what,
                       struct err *err)
{
    OWN(json_t) *old = NULL;
    OWN(json_t) *new = NULL;
    if (!json_read(&old, before, what, err) || !json_read(&new, after, what, err))
        return false;
    *out = json_difference(old, new);
    return true;
}

/* host.remake.json(before, after, what) -> differences */
static int l_json(lua_State *L)
{
    struct bytes before = api_view(L, 1), after = api_view(L, 2);
    const char *what = api_text(L, 3);
    json_t **differences = api_json(L);
    struct err err = {0};
    if (!difference(differences, &before, &after, what, &err))
        return api_raise(L, &err);
    api_push_json(L, *differences);
    return 1;
}

static const luaL_Reg remake_functions[] = {
    {"certificate", l_certificate}, {"crl", l_crl}, {"request", l_request}, {"json", l_json}, {NULL, NULL},
};

void api_open_remake(lua_State *L)
{
    api_module(L, "remake", remake_functions);
}

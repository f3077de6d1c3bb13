/* host.certificate.draft: all of a certificate but the signature. */
#include "../ceremony/certificate.h"

#include "../ceremony/cross.h"
#include "../ceremony/draftcheck.h"
#include "../ceremony/lintreport.h"
#include "../ceremony/name.h"
#include "../ceremony/naming.h"
#include "../ceremony/preview.h"
#include "../ceremony/request.h"
#include "../ceremony/spent.h"
#include "../ceremony/tbs.h"
#include "api.h"
#include "api_types.h"

#include <string.h>

struct draft_box { /* `draft` borrows from its neighbours, and its key from Lua (the box's user value) */
    struct profile *profile;
    X509_REQ *request;
    X509 *issuer, *original, *prepared;
    struct draft draft;
    char tbs[DIGEST_HEX];
};

static int draft_gc(lua_State *L)
{
    struct draft_box *box = *(struct draft_box **)luaL_checkudata(L, 1, API_DRAFT);
    if (box == NULL)
        return 0;
    profile_free(box->profile);
    own_free_X509_REQ(&box->request);
    own_free_X509(&box->issuer);
    own_free_X509(&box->original);
    own_free_X509(&box->prepared);
    free(box);
    return 0;
}

struct draft_given {
    struct bytes profile, request, original, issuer;
    const char *template, *serial, *begins, *ends;
    bool as_step, is_server;
};

/* Who asks for it, and who signs; what was not given stays NULL. */
static bool parties_fill(struct draft_box *box, const struct draft_given *given, struct err *err)
{
    if ((given->request.data != NULL && !request_parse(&box->request, &given->request, "the request", err)) ||
        (given->original.data != NULL &&
         !certificate_parse(&box->original, &given->original, "the original", err)) ||
        (given->issuer.data != NULL && !certificate_parse(&box->issuer, &given->issuer, "the issuer", err)))
        return false;
    box->draft.request = box->request;
    box->draft.original = box->original;
    box->draft.issuer = box->issuer;
    box->draft.is_server = given->is_server;
    return true;
}

static bool draft_fill(struct draft_box *box, const struct draft_given *given, struct err *err)
{
    if (strlen(given->serial) >= sizeof box->draft.serial)
        return err_set(err, "a serial number has at most 20 bytes (RFC 5280 4.1.2.2)");
    memcpy(box->draft.serial, given->serial, strlen(given->serial) + 1);
    if (!profile_parse(&box->profile, &given->profile, given->as_step, given->template, err) ||
        !parties_fill(box, given, err) || !time_parse(&box->draft.not_before, given->begins, err) ||
        !time_parse(&box->draft.not_after, given->ends, err))
        return false;
    box->draft.profile = box->profile;
    OWN(X509) *spent = NULL;
    return certificate_prepare(&spent, box->tbs, &box->draft, err) &&
           certificate_check_draft(spent, &box->draft, given->template, err) &&
           certificate_prepare(&box->prepared, box->tbs, &box->draft, err);
}

static struct bytes view_optional(lua_State *L, const char *field)
{
    lua_getfield(L, 1, field);
    return lua_isnil(L, -1) ? (struct bytes){0} : api_view(L, -1);
}

/* host.certificate.draft{profile, template, key, serial, begins, ends[, request][, original][, issuer][,
 * server]
 * [, as_step]} -> draft; one that would not be fit for what it is to be raises */
int api_draft(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    struct draft_given given = {
        .template = api_field_text(L, 1, "template"),
        .serial = api_field_text(L, 1, "serial"),
        .begins = api_field_text(L, 1, "begins"),
        .ends = api_field_text(L, 1, "ends"),
        .as_step = api_field_boolean(L, 1, "as_step"),
        .is_server = api_field_boolean(L, 1, "server"),
    };
    lua_getfield(L, 1, "profile");
    given.profile = api_view(L, -1);
    given.request = view_optional(L, "request");
    given.original = view_optional(L, "original");
    given.issuer = view_optional(L, "issuer");
    lua_getfield(L, 1, "key");
    const struct key *key = api_unbox(L, -1, API_KEY);
    struct draft_box **box = lua_newuserdatauv(L, sizeof *box, 1);
    *box = NULL;
    luaL_setmetatable(L, API_DRAFT);
    lua_pushvalue(L, -2);
    lua_setiuservalue(L, -2, 1);
    *box = memory_new(1, sizeof **box);
    (*box)->draft.key = key;
    struct err err = {0};
    if (!draft_fill(*box, &given, &err))
        return api_raise(L, &err);
    return 1;
}

/* draft:tbs() -> SHA-256 of the to-be-signed part, hex */
static int l_tbs(lua_State *L)
{
    const struct draft_box *box = api_unbox(L, 1, API_DRAFT);
    lua_pushstring(L, box->tbs);
    return 1;
}

/* draft:facts() -> what certificate.read would say, less sha256, of the unsigned certificate */
static int l_facts(lua_State *L)
{
    const struct draft_box *box = api_unbox(L, 1, API_DRAFT);
    json_t **facts = api_json(L);
    struct err err = {0};
    if (!certificate_prepared_to_json(facts, box->prepared, &err))
        return api_raise(L, &err);
    api_push_json(L, *facts);
    return 1;
}

static bool draft_sign(struct bytes *pem, struct draft_box *box, struct err *err)
{
    OWN(X509) *cert = NULL;
    return certificate_sign(pem, box->prepared, &box->draft, box->tbs, err) &&
           certificate_parse(&cert, pem, "the signed certificate", err) &&
           certificate_conforms(cert, &box->draft, err);
}

/* draft:extensions() -> {{id, name, critical, text}} in the certificate's order */
static int l_extensions(lua_State *L)
{
    const struct draft_box *box = api_unbox(L, 1, API_DRAFT);
    json_t **shown = api_json(L);
    *shown = preview_json(box->prepared);
    api_push_json(L, json_object_get(*shown, "extensions"));
    return 1;
}

static bool draft_lint(json_t **out, const struct draft_box *box, const char *profile, struct err *err)
{
    OWN(X509) *cert = NULL;
    OWN_STRUCT(spent) spent = {0};
    OWN_STRUCT(lint_subjects) things = {0};
    struct lint_context context = {.request = box->request};
    if (!lint_profile_find(&context.profile, profile, err) ||
        !spent_certificate(&cert, &spent, box->prepared, box->issuer, profile_signature(box->profile), err) ||
        !lint_take(&things, cert, NULL, NULL, err))
        return false;
    context.issuer = box->issuer != NULL ? spent.issuer : NULL;
    if (box->issuer == NULL)
        things.list[0].view = LINT_ROOT; /* which its signature, by a throw-away key, does not show */
    return lint_evidence(out, &things.list[0], &context, box->issuer, err);
}

/* draft:lint(profile) -> evidence (lintreport.h), without name and waived, of what will be signed */
static int l_lint(lua_State *L)
{
    const struct draft_box *box = api_unbox(L, 1, API_DRAFT);
    const char *profile = api_text(L, 2);
    json_t **evidence = api_json(L);
    struct err err = {0};
    if (!draft_lint(evidence, box, profile, &err))
        return api_raise(L, &err);
    api_push_json(L, *evidence);
    return 1;
}

/* draft:crossed() -> what differs from the original, [{path, before, after}] (json_difference) */
static int l_crossed(lua_State *L)
{
    const struct draft_box *box = api_unbox(L, 1, API_DRAFT);
    json_t **differences = api_json(L);
    struct err err = {0};
    if (box->original == NULL)
        return luaL_error(L, "the draft is no cross-certificate's");
    if (!cross_difference(differences, box->prepared, box->original, &err))
        return api_raise(L, &err);
    api_push_json(L, *differences);
    return 1;
}

/* draft:names() -> {{type, name}}, as a policy is asked about them */
static int l_names(lua_State *L)
{
    const struct draft_box *box = api_unbox(L, 1, API_DRAFT);
    json_t **names = api_json(L);
    struct err err = {0};
    if (!naming_json(names, box->prepared, &err))
        return api_raise(L, &err);
    api_push_json(L, *names);
    return 1;
}

/* draft:sign() -> PEM: signed, read back, verified, compared with the draft */
static int l_sign(lua_State *L)
{
    struct draft_box *box = api_unbox(L, 1, API_DRAFT);
    struct bytes *pem = api_bytes(L);
    struct err err = {0};
    if (!draft_sign(pem, box, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, pem);
}

static bool draft_conforms(const struct draft_box *box, const struct bytes *pem, struct err *err)
{
    OWN(X509) *cert = NULL;
    return certificate_parse(&cert, pem, "the staged certificate", err) &&
           certificate_conforms(cert, &box->draft, err);
}

/* draft:conforms(pem): raises unless the certificate is what the draft asks for */
static int l_conforms(lua_State *L)
{
    const struct draft_box *box = api_unbox(L, 1, API_DRAFT);
    struct bytes pem = api_view(L, 2);
    struct err err = {0};
    if (!draft_conforms(box, &pem, &err))
        return api_raise(L, &err);
    return 0;
}

static const luaL_Reg draft_methods[] = {
    {"tbs", l_tbs},     {"facts", l_facts},       {"extensions", l_extensions},
    {"sign", l_sign},   {"conforms", l_conforms}, {"crossed", l_crossed},
    {"names", l_names}, {"lint", l_lint},         {NULL, NULL},
};

void api_open_draft(lua_State *L)
{
    api_type(L, API_DRAFT, draft_methods, draft_gc);
}

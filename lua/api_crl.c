/* host.crl: revocation lists of an offline issuer. */
#include "api.h"
#include "api_list.h"

/* Without `der` it is only announced. */
static bool issue(struct bytes *der, char tbs[DIGEST_HEX], size_t *entries, const struct list_given *given,
                  struct err *err)
{
    OWN_STRUCT(list_draft) list = {0};
    if (!list_draft_make(&list, given, err))
        return false;
    return der != NULL ? crl_issue(der, tbs, &list.draft, err) : crl_announce(tbs, entries, &list.draft, err);
}

/* host.crl.announce(list: api_list.h) -> SHA-256 of the part that issue would sign, number of entries */
static int l_announce(lua_State *L)
{
    struct list_given given = list_given_at(L);
    char tbs[DIGEST_HEX];
    size_t entries = 0;
    struct err err = {0};
    if (!issue(NULL, tbs, &entries, &given, &err))
        return api_raise(L, &err);
    lua_pushstring(L, tbs);
    lua_pushinteger(L, (lua_Integer)entries);
    return 2;
}

/* host.crl.issue(list: api_list.h) -> DER, SHA-256 of the to-be-signed part */
static int l_issue(lua_State *L)
{
    struct list_given given = list_given_at(L);
    struct bytes *der = api_bytes(L);
    char tbs[DIGEST_HEX];
    struct err err = {0};
    if (!issue(der, tbs, NULL, &given, &err))
        return api_raise(L, &err);
    api_bytes_push(L, der);
    lua_pushstring(L, tbs);
    return 2;
}

static bool find(struct revoked *out, bool *found, const struct bytes *der, const char *serial,
                 struct err *err)
{
    struct crl_view view;
    return crl_view_read(&view, (struct der){der->data, der->len}, "the revocation list", err) &&
           crl_view_find(out, found, &view, serial, err);
}

/* host.crl.find(der, serial) -> {date, reason}, or nil */
static int l_find(lua_State *L)
{
    struct bytes der = api_view(L, 1);
    const char *serial = api_text(L, 2);
    struct revoked entry;
    char date[32];
    bool found = false;
    struct err err = {0};
    if (!find(&entry, &found, &der, serial, &err))
        return api_raise(L, &err);
    lua_pushnil(L);
    if (!found)
        return 1;
    time_text(date, entry.date);
    lua_newtable(L);
    lua_pushstring(L, date);
    lua_setfield(L, -2, "date");
    lua_pushstring(L, revoked_reason_name(entry.reason));
    lua_setfield(L, -2, "reason");
    return 1;
}

static bool scope(struct bytes *url, const struct bytes *der, struct err *err)
{
    struct crl_view view;
    if (!crl_view_read(&view, (struct der){der->data, der->len}, "the revocation list", err))
        return false;
    OWN(char) *found = crl_view_scope(&view);
    if (found != NULL)
        bytes_text(url, found);
    return true;
}

/* host.crl.scope(der) -> the URL of its issuing distribution point, or nil */
static int l_scope(lua_State *L)
{
    struct bytes der = api_view(L, 1);
    struct bytes *url = api_bytes(L);
    struct err err = {0};
    if (!scope(url, &der, &err))
        return api_raise(L, &err);
    if (url->len == 0)
        return 0;
    return api_bytes_push(L, url);
}

/* host.crl.reason(name): raises unless it is one that an entry may have (revoked.h) */
static int l_reason(lua_State *L)
{
    int reason = -1;
    struct err err = {0};
    if (!revoked_reason(&reason, api_text(L, 1), &err))
        return api_raise(L, &err);
    return 0;
}

static bool check(const struct bytes *text, const struct bytes *issuer_text, struct err *err)
{
    OWN(X509_CRL) *crl = NULL;
    OWN(X509) *issuer = NULL;
    return crl_parse(&crl, text, "the revocation list", err) &&
           certificate_parse(&issuer, issuer_text, "the issuer", err) && crl_check(crl, issuer, err);
}

/* host.crl.check(text, issuer_pem): raises unless this issuer signed it */
static int l_check(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    struct bytes issuer = api_view(L, 2);
    struct err err = {0};
    if (!check(&text, &issuer, &err))
        return api_raise(L, &err);
    return 0;
}

static bool read_list(json_t **facts, const struct bytes *text, const char *what, struct err *err)
{
    OWN(X509_CRL) *crl = NULL;
    return crl_parse(&crl, text, what, err) && crl_to_json(facts, crl, err);
}

/* host.crl.read(text, what) -> facts (crl_to_json) */
static int l_read(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    const char *what = api_text(L, 2);
    json_t **facts = api_json(L);
    struct err err = {0};
    if (!read_list(facts, &text, what, &err))
        return api_raise(L, &err);
    api_push_json(L, *facts);
    return 1;
}

static bool reform(struct bytes *out, const struct bytes *text, bool pem, struct err *err)
{
    OWN(X509_CRL) *crl = NULL;
    if (!crl_parse(&crl, text, "the revocation list", err))
        return false;
    return pem ? crl_pem(out, crl, err) : crl_der(out, crl, err);
}

static int reformed(lua_State *L, bool pem)
{
    struct bytes text = api_view(L, 1);
    struct bytes *out = api_bytes(L);
    struct err err = {0};
    if (!reform(out, &text, pem, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, out);
}

/* host.crl.pem(text) -> PEM */
static int l_pem(lua_State *L)
{
    return reformed(L, true);
}

/* host.crl.der(text) -> DER */
static int l_der(lua_State *L)
{
    return reformed(L, false);
}

static const luaL_Reg crl_functions[] = {
    {"announce", l_announce}, {"issue", l_issue}, {"check", l_check}, {"read", l_read},     {"pem", l_pem},
    {"der", l_der},           {"find", l_find},   {"scope", l_scope}, {"reason", l_reason}, {NULL, NULL},
};

void api_open_crl(lua_State *L)
{
    api_module(L, "crl", crl_functions);
}

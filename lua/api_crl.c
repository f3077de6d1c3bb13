/* host.crl: revocation lists of an offline issuer. */
#include "../ceremony/crl.h"

#include "api.h"
#include "api_types.h"

struct crl_given {
    struct bytes issuer;
    const char *begins, *ends;
    const struct key *key;
    lua_Integer number;
};

/* Without `der` it is only announced. */
static bool issue(struct bytes *der, char tbs[DIGEST_HEX], const struct crl_given *given, struct err *err)
{
    OWN(X509) *issuer = NULL;
    if (!certificate_parse(&issuer, &given->issuer, "the issuer", err))
        return false;
    struct crl_draft draft = {.issuer = issuer, .key = given->key, .number = given->number};
    if (!time_parse(&draft.this_update, given->begins, err) ||
        !time_parse(&draft.next_update, given->ends, err))
        return false;
    return der != NULL ? crl_issue(der, tbs, &draft, err) : crl_announce(tbs, NULL, &draft, err);
}

static struct crl_given given_at(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    struct crl_given given = {.begins = api_field_text(L, 1, "begins"),
                              .ends = api_field_text(L, 1, "ends"),
                              .number = api_field_integer(L, 1, "number")};
    lua_getfield(L, 1, "issuer");
    given.issuer = api_view(L, -1);
    lua_getfield(L, 1, "key");
    given.key = api_unbox(L, -1, API_KEY);
    return given;
}

/* host.crl.announce{issuer, key, number, begins, ends} -> SHA-256 of the part that issue would sign */
static int l_announce(lua_State *L)
{
    struct crl_given given = given_at(L);
    char tbs[DIGEST_HEX];
    struct err err = {0};
    if (!issue(NULL, tbs, &given, &err))
        return api_raise(L, &err);
    lua_pushstring(L, tbs);
    return 1;
}

/* host.crl.issue{issuer, key, number, begins, ends} -> DER, SHA-256 of the to-be-signed part */
static int l_issue(lua_State *L)
{
    struct crl_given given = given_at(L);
    struct bytes *der = api_bytes(L);
    char tbs[DIGEST_HEX];
    struct err err = {0};
    if (!issue(der, tbs, &given, &err))
        return api_raise(L, &err);
    api_bytes_push(L, der);
    lua_pushstring(L, tbs);
    return 2;
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
    {"announce", l_announce}, {"issue", l_issue}, {"check", l_check}, {"read", l_read},
    {"pem", l_pem},           {"der", l_der},     {NULL, NULL},
};

void api_open_crl(lua_State *L)
{
    api_module(L, "crl", crl_functions);
}

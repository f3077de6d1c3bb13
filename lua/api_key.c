/* host.key, host.secret, host.jose: private things stay in their boxes; Lua sees names, digests and encrypted
 * text. */
#include "../ceremony/key.h"

#include "../ceremony/base64.h"
#include "../ceremony/file.h"
#include "../ceremony/jose.h"
#include "../ceremony/proof.h"
#include "api.h"
#include "api_types.h"

#include <string.h>

/* key:close(): cleansed now; else when Lua collects it */
static int key_gc(lua_State *L)
{
    struct key **key = luaL_checkudata(L, 1, API_KEY);
    key_free(*key);
    *key = NULL;
    return 0;
}

static int secret_gc(lua_State *L)
{
    secret_free(*(struct secret **)luaL_checkudata(L, 1, API_SECRET));
    return 0;
}

/* host.key.generate(kind) -> key */
static int l_generate(lua_State *L)
{
    const char *kind = api_text(L, 1);
    struct key **key = (struct key **)api_box(L, API_KEY);
    struct err err = {0};
    if (!key_generate(key, kind, &err))
        return api_raise(L, &err);
    return 1;
}

struct bytes api_view_private(lua_State *L, int index)
{
    if (luaL_testudata(L, index, API_SECRET) == NULL)
        return api_view(L, index);
    const struct secret *secret = api_unbox(L, index, API_SECRET);
    union {
        const char *borrowed;
        unsigned char *data;
    } view = {secret_data(secret)};
    return (struct bytes){view.data, secret_len(secret)};
}

/* host.key.parse(pem, secret or nil, what) -> key; raises {wrong_password = true} */
static int l_parse(lua_State *L)
{
    struct bytes pem = api_view_private(L, 1);
    const struct secret *secret = api_unbox_optional(L, 2, API_SECRET);
    const char *what = api_text(L, 3);
    struct key **key = (struct key **)api_box(L, API_KEY);
    struct err err = {0};
    bool wrong_password = false;
    if (key_parse(key, &pem, secret, &wrong_password, what, &err))
        return 1;
    return wrong_password ? api_raise_password(L, &err) : api_raise(L, &err);
}

/* host.key.is_encrypted(pem) -> boolean */
static int l_is_encrypted(lua_State *L)
{
    struct bytes pem = api_view_private(L, 1);
    lua_pushboolean(L, key_is_encrypted(&pem));
    return 1;
}

/* host.key.write(path, key, secret): encrypted, mode 0600; the file must not exist */
static int l_write(lua_State *L)
{
    const char *path = api_text(L, 1);
    const struct key *key = api_unbox(L, 2, API_KEY);
    const struct secret *secret = api_unbox(L, 3, API_SECRET);
    struct bytes *pem = api_bytes(L);
    struct err err = {0};
    if (!key_write(pem, key, secret, &err) || !file_create(path, pem->data, pem->len, 0600, &err))
        return api_raise(L, &err);
    return 0;
}

/* key:kind() -> "RSA-3072" */
static int l_kind(lua_State *L)
{
    lua_pushstring(L, key_kind(api_unbox(L, 1, API_KEY)));
    return 1;
}

/* key:spki() -> SHA-256 of its SubjectPublicKeyInfo, hex */
static int l_spki(lua_State *L)
{
    const struct key *key = api_unbox(L, 1, API_KEY);
    char hex[DIGEST_HEX];
    struct err err = {0};
    if (!key_spki_digest(hex, key, &err))
        return api_raise(L, &err);
    lua_pushstring(L, hex);
    return 1;
}

/* key:public() -> PEM of its SubjectPublicKeyInfo */
static int l_public(lua_State *L)
{
    const struct key *key = api_unbox(L, 1, API_KEY);
    struct bytes *pem = api_bytes(L);
    struct err err = {0};
    if (!proof_public(pem, key, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, pem);
}

/* key:prove(text) -> signature, base64 */
static int l_prove(lua_State *L)
{
    const struct key *key = api_unbox(L, 1, API_KEY);
    const char *text = api_text(L, 2);
    struct bytes *signature = api_bytes(L);
    struct bytes *encoded = api_bytes(L);
    struct err err = {0};
    if (!proof_sign(signature, key, text, &err))
        return api_raise(L, &err);
    encoded->data = (unsigned char *)base64_encode(signature->data, signature->len);
    encoded->len = strlen((const char *)encoded->data);
    return api_bytes_push(L, encoded);
}

/* host.key.check_proof(public_pem, spki, text, signature): raises unless the signature is that key's */
static int l_check_proof(lua_State *L)
{
    const char *public_pem = api_text(L, 1);
    const char *spki = api_text(L, 2);
    const char *text = api_text(L, 3);
    const char *encoded = api_text(L, 4);
    struct bytes *signature = api_bytes(L);
    struct err err = {0};
    if (!base64_decode(signature, encoded, &err) || !proof_check(public_pem, spki, text, signature, &err))
        return api_raise(L, &err);
    return 0;
}

/* host.secret.random() -> secret */
static int l_random(lua_State *L)
{
    *(struct secret **)api_box(L, API_SECRET) = secret_random();
    return 1;
}

/* host.secret.check(secret, name): strong enough to stand alone against guessing, or raises */
static int l_check(lua_State *L)
{
    const struct secret *secret = api_unbox(L, 1, API_SECRET);
    const char *name = api_text(L, 2);
    struct err err = {0};
    if (!secret_is_strong(secret, name, &err))
        return api_raise(L, &err);
    return 0;
}

/* host.secret.rule() -> what check asks for, to stand in a question */
static int l_rule(lua_State *L)
{
    lua_pushstring(L, SECRET_RULE);
    return 1;
}

/* host.jose.provisioner(secret) -> {kid, jwk (JSON text, public), jwe}: a fresh P-256 key, its private half
 * encrypted */
static int l_provisioner(lua_State *L)
{
    const struct secret *secret = api_unbox(L, 1, API_SECRET);
    struct key **key = (struct key **)api_box(L, API_KEY);
    json_t **jwk = api_json(L);
    struct bytes *text = api_bytes(L);
    char *jwe = NULL;
    struct err err = {0};
    if (!key_generate(key, "P-256", &err) || !jwk_public(jwk, *key, &err) ||
        !jwe_seal(&jwe, *key, secret, &err))
        return api_raise(L, &err);
    struct bytes *sealed = api_bytes(L);
    bytes_text(sealed, jwe);
    free(jwe);
    json_go_compact(text, *jwk);
    lua_createtable(L, 0, 3);
    lua_pushstring(L, json_string_value(json_object_get(*jwk, "kid")));
    lua_setfield(L, -2, "kid");
    api_bytes_push(L, text);
    lua_setfield(L, -2, "jwk");
    api_bytes_push(L, sealed);
    lua_setfield(L, -2, "jwe");
    return 1;
}

/* host.secret.join({secret, ...}) -> secret: one behind the other, with nothing between */
static int l_join(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer count = (lua_Integer)lua_rawlen(L, 1);
    struct secret **all = (struct secret **)api_box(L, API_SECRET);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, 1, i);
        const struct secret *part = api_unbox(L, -1, API_SECRET);
        struct secret *longer =
            *all == NULL ? secret_new(secret_data(part), secret_len(part)) : secret_joined(*all, part);
        secret_free(*all);
        *all = longer;
        lua_pop(L, 1);
    }
    luaL_argcheck(L, *all != NULL, 1, "must be a list of secrets");
    return 1;
}

static const luaL_Reg key_functions[] = {
    {"generate", l_generate},       {"parse", l_parse}, {"is_encrypted", l_is_encrypted}, {"write", l_write},
    {"check_proof", l_check_proof}, {NULL, NULL},
};
static const luaL_Reg key_methods[] = {
    {"kind", l_kind},   {"spki", l_spki},  {"public", l_public},
    {"prove", l_prove}, {"close", key_gc}, {NULL, NULL},
};
static const luaL_Reg secret_functions[] = {
    {"random", l_random}, {"check", l_check}, {"rule", l_rule}, {"join", l_join}, {NULL, NULL},
};
static const luaL_Reg secret_methods[] = {
    {NULL, NULL},
};
static const luaL_Reg jose_functions[] = {
    {"provisioner", l_provisioner},
    {NULL, NULL},
};

void api_open_key(lua_State *L)
{
    api_type(L, API_KEY, key_methods, key_gc);
    api_type(L, API_SECRET, secret_methods, secret_gc);
    api_module(L, "key", key_functions);
    api_module(L, "secret", secret_functions);
    api_module(L, "jose", jose_functions);
}

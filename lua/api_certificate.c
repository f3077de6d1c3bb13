/* host.certificate: what is read of a certificate, and asked of one. */
#include "../ceremony/certificate.h"

#include "../ceremony/name.h"
#include "../ceremony/request.h"
#include "../ceremony/tbs.h"
#include "api.h"
#include "api_types.h"

#include <string.h>

/* host.certificate.read(text, what) -> facts (certificate_to_json) */
static int l_read(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    const char *what = api_text(L, 2);
    json_t **facts = api_json(L);
    struct err err = {0};
    OWN(X509) *cert = NULL;
    bool good = certificate_parse(&cert, &text, what, &err) && certificate_to_json(facts, cert, &err);
    own_free_X509(&cert);
    cert = NULL;
    if (!good)
        return api_raise(L, &err);
    api_push_json(L, *facts);
    return 1;
}

static bool reform(struct bytes *out, const struct bytes *text, const char *what, bool der, struct err *err)
{
    OWN(X509) *cert = NULL;
    if (!certificate_parse(&cert, text, what, err))
        return false;
    return der ? certificate_der(out, cert, err) : certificate_pem(out, cert, err);
}

static int reformed(lua_State *L, const char *what, bool der)
{
    struct bytes text = api_view(L, 1);
    struct bytes *out = api_bytes(L);
    struct err err = {0};
    if (!reform(out, &text, what, der, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, out);
}

/* host.certificate.normal(text, what) -> PEM and nothing else, of exactly one certificate */
static int l_normal(lua_State *L)
{
    return reformed(L, api_text(L, 2), false);
}

/* host.certificate.der(pem) -> DER */
static int l_der(lua_State *L)
{
    return reformed(L, "the certificate", true);
}

static bool check_root(const struct bytes *text, time_t now, const char *what, struct err *err)
{
    OWN(X509) *cert = NULL;
    return certificate_parse(&cert, text, what, err) && certificate_check_root(cert, now, what, err);
}

/* host.certificate.check_root(pem, now, what): raises what makes it unfit */
static int l_check_root(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    time_t now = (time_t)luaL_checkinteger(L, 2);
    const char *what = api_text(L, 3);
    struct err err = {0};
    if (!check_root(&text, now, what, &err))
        return api_raise(L, &err);
    return 0;
}

static bool check_intermediate(const struct bytes *text, const struct bytes *root_text, time_t now,
                               const char *what, struct err *err)
{
    OWN(X509) *cert = NULL;
    OWN(X509) *root = NULL;
    return certificate_parse(&cert, text, what, err) &&
           certificate_parse(&root, root_text, "the root", err) &&
           certificate_check_intermediate(cert, root, now, what, err);
}

/* host.certificate.check_intermediate(pem, root_pem, now, what): raises what makes it unfit */
static int l_check_intermediate(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    struct bytes root = api_view(L, 2);
    time_t now = (time_t)luaL_checkinteger(L, 3);
    const char *what = api_text(L, 4);
    struct err err = {0};
    if (!check_intermediate(&text, &root, now, what, &err))
        return api_raise(L, &err);
    return 0;
}

static bool was_signed(char tbs[DIGEST_HEX], const struct bytes *text, const struct bytes *issuer_text)
{
    OWN(X509) *cert = NULL;
    OWN(X509) *issuer = NULL;
    struct err ignored = {0};
    return certificate_parse(&cert, text, "the certificate", &ignored) &&
           certificate_parse(&issuer, issuer_text, "the issuer", &ignored) && X509_cmp(cert, issuer) != 0 &&
           certificate_signed_by(cert, issuer) && tbs_digest(tbs, cert, &ignored);
}

/* host.certificate.signed(text, issuer_pem) -> SHA-256 of the to-be-signed part; nil: this issuer has not
 * signed it */
static int l_signed(lua_State *L)
{
    char tbs[DIGEST_HEX];
    struct bytes text = api_view(L, 1);
    struct bytes issuer = api_view(L, 2);
    if (was_signed(tbs, &text, &issuer))
        lua_pushstring(L, tbs);
    else
        lua_pushnil(L);
    return 1;
}

static bool signed_itself(char tbs[DIGEST_HEX], const struct bytes *text)
{
    OWN(X509) *cert = NULL;
    struct err ignored = {0};
    return certificate_parse(&cert, text, "the certificate", &ignored) && certificate_signed_by(cert, cert) &&
           tbs_digest(tbs, cert, &ignored);
}

/* host.certificate.signed_itself(text) -> SHA-256 of the to-be-signed part; nil: it is not self-signed */
static int l_signed_itself(lua_State *L)
{
    char tbs[DIGEST_HEX];
    struct bytes text = api_view(L, 1);
    if (signed_itself(tbs, &text))
        lua_pushstring(L, tbs);
    else
        lua_pushnil(L);
    return 1;
}

static bool subject_of(json_t **out, const struct bytes *text, const char *what, struct err *err)
{
    OWN(X509) *cert = NULL;
    return certificate_parse(&cert, text, what, err) && name_to_json(out, X509_get_subject_name(cert), err);
}

/* host.certificate.subject(text, what) -> its subject in step's members */
static int l_subject(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    const char *what = api_text(L, 2);
    json_t **subject = api_json(L);
    struct err err = {0};
    if (!subject_of(subject, &text, what, &err))
        return api_raise(L, &err);
    api_push_json(L, *subject);
    return 1;
}

static bool make_ca(struct bytes *pem, const struct ca_subject *subject, const struct key *key,
                    const struct bytes *issuer_text, const struct key *issuer_key, struct err *err)
{
    OWN(X509) *issuer = NULL;
    if (issuer_key != NULL && !certificate_parse(&issuer, issuer_text, "the issuer", err))
        return false;
    return certificate_make_ca(pem, subject, key, issuer, issuer_key, err);
}

/* host.certificate.make_ca({organization,name,path_length,not_before,not_after}, key[, issuer_pem,
 * issuer_key]) */
static int l_make_ca(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    struct ca_subject subject = {
        .organization = api_field_text_optional(L, 1, "organization"),
        .name = api_field_text(L, 1, "name"),
        .path_length = (long)api_field_integer(L, 1, "path_length"),
        .not_before = (time_t)api_field_integer(L, 1, "not_before"),
        .not_after = (time_t)api_field_integer(L, 1, "not_after"),
        .country = api_field_text_optional(L, 1, "country"),
    };
    const struct key *key = api_unbox(L, 2, API_KEY);
    struct bytes issuer = lua_isnoneornil(L, 3) ? (struct bytes){0} : api_view(L, 3);
    const struct key *issuer_key = api_unbox_optional(L, 4, API_KEY);
    struct bytes *pem = api_bytes(L);
    struct err err = {0};
    if (!make_ca(pem, &subject, key, &issuer, issuer_key, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, pem);
}

/* host.certificate.serial() -> 0x01 and 128 random bits, hex */
static int l_serial(lua_State *L)
{
    char serial[SERIAL_HEX];
    struct err err = {0};
    if (!serial_random(serial, &err))
        return api_raise(L, &err);
    lua_pushstring(L, serial);
    return 1;
}

static const luaL_Reg certificate_functions[] = {
    {"read", l_read},
    {"normal", l_normal},
    {"der", l_der},
    {"check_root", l_check_root},
    {"check_intermediate", l_check_intermediate},
    {"signed", l_signed},
    {"signed_itself", l_signed_itself},
    {"subject", l_subject},
    {"make_ca", l_make_ca},
    {"serial", l_serial},
    {"draft", api_draft},
    {NULL, NULL},
};

void api_open_certificate(lua_State *L)
{
    api_open_draft(L);
    api_module(L, "certificate", certificate_functions);
}

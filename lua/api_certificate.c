/* host.certificate, and the draft of one: everything but the signature. */
#include "../ceremony/certificate.h"

#include "../ceremony/cross.h"
#include "../ceremony/draftcheck.h"
#include "../ceremony/name.h"
#include "../ceremony/naming.h"
#include "../ceremony/preview.h"
#include "../ceremony/request.h"
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
static int l_draft(lua_State *L)
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
    {"draft", l_draft},
    {NULL, NULL},
};
static const luaL_Reg draft_methods[] = {
    {"tbs", l_tbs},           {"facts", l_facts},     {"extensions", l_extensions}, {"sign", l_sign},
    {"conforms", l_conforms}, {"crossed", l_crossed}, {"names", l_names},           {NULL, NULL},
};

void api_open_certificate(lua_State *L)
{
    api_type(L, API_DRAFT, draft_methods, draft_gc);
    api_module(L, "certificate", certificate_functions);
}

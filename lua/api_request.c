/* host.request and host.profile: what is asked for. */
#include "../ceremony/request.h"

#include "../ceremony/name.h"
#include "../ceremony/pem.h"
#include "../ceremony/profilelint.h"
#include "../ceremony/ssl.h"
#include "api.h"
#include "api_types.h"

static bool create(struct bytes *pem, const struct key *key, const struct bytes *json, bool as_step,
                   const char *what, struct err *err)
{
    OWN_PROFILE *profile = NULL;
    return profile_parse(&profile, json, as_step, what, err) && request_create(pem, key, profile, err);
}

/* host.request.create(key, certificate_json, what[, as_step]) -> PEM */
static int l_create(lua_State *L)
{
    const struct key *key = api_unbox(L, 1, API_KEY);
    struct bytes json = api_view(L, 2);
    const char *what = api_text(L, 3);
    struct bytes *pem = api_bytes(L);
    struct err err = {0};
    if (!create(pem, key, &json, lua_toboolean(L, 4), what, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, pem);
}

static bool read_request(json_t **facts, const struct bytes *text, const char *what, struct err *err)
{
    OWN(X509_REQ) *request = NULL;
    OWN(json_t) *json = NULL;
    char spki[DIGEST_HEX];
    if (!request_parse(&request, text, what, err) || !request_to_json(&json, request, err) ||
        !request_spki_digest(spki, request, err))
        return false;
    OWN(char) *subject = name_text(X509_REQ_get_subject_name(request));
    const char *kind = json_string_value(json_object_get(json, "PublicKeyKind"));
    *facts = json_pack("{s:s, s:s, s:s, s:O}", "subject", subject, "key", kind != NULL ? kind : "unknown",
                       "spki_sha256", spki, "json", json);
    return *facts != NULL || err_set(err, "%s: cannot be described", what);
}

/* host.request.read(text, what) -> {subject, key, spki_sha256, json}; its signature has been checked */
static int l_read(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    const char *what = api_text(L, 2);
    json_t **facts = api_json(L);
    struct err err = {0};
    if (!read_request(facts, &text, what, &err))
        return api_raise(L, &err);
    api_push_json(L, *facts);
    return 1;
}

/* As it came, to the last byte of its DER. */
static bool normalize(struct bytes *pem, const struct bytes *text, const char *what, struct err *err)
{
    OWN(X509_REQ) *request = NULL;
    OWN_STRUCT(bytes) der = {0};
    OWN_OPENSSL *data = NULL;
    if (!request_parse(&request, text, what, err))
        return false;
    int len = i2d_X509_REQ(request, &data);
    if (len <= 0)
        return err_ssl(err, "%s: the request cannot be encoded", what);
    bytes_add(&der, data, (size_t)len);
    pem_write(pem, "CERTIFICATE REQUEST", &der);
    return true;
}

/* host.request.normal(text, what) -> PEM and nothing else, of exactly one request */
static int l_normal(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    const char *what = api_text(L, 2);
    struct bytes *pem = api_bytes(L);
    struct err err = {0};
    if (!normalize(pem, &text, what, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, pem);
}

static bool check_profile(json_t **facts, const struct bytes *json, bool as_step, const char *what,
                          struct err *err)
{
    OWN_PROFILE *profile = NULL;
    if (!profile_parse(&profile, json, as_step, what, err))
        return false;
    OWN(json_t) *urls = json_array();
    for (size_t n = 0; profile_crl_url(profile, n) != NULL; n++)
        json_array_append_new(urls, json_string(profile_crl_url(profile, n)));
    OWN(char) *subject = name_text(profile_subject(profile));
    OWN(char) *usage = profile_key_usage(profile);
    *facts = json_pack("{s:s, s:b, s:I, s:s, s:O}", "subject", subject, "is_ca", profile_is_ca(profile),
                       "path_length", (json_int_t)profile_path_length(profile), "key_usage", usage,
                       "crl_urls", urls);
    return *facts != NULL || err_set(err, "%s: cannot be described", what);
}

/* host.profile.check(certificate_json, what[, as_step]) -> {subject, is_ca, path_length, key_usage,
 * crl_urls}; raises what is wrong with it
 */
static int l_check(lua_State *L)
{
    struct bytes json = api_view(L, 1);
    const char *what = api_text(L, 2);
    json_t **facts = api_json(L);
    struct err err = {0};
    if (!check_profile(facts, &json, lua_toboolean(L, 3), what, &err))
        return api_raise(L, &err);
    api_push_json(L, *facts);
    return 1;
}

static json_t *lint(const struct bytes *json)
{
    OWN_STRUCT(findings) findings = {0};
    OWN_PROFILE *profile = NULL;
    profile_lint(&findings, &profile, json, NULL);
    return findings_json(&findings);
}

/* host.profile.lint(certificate_json) -> findings {{severity, rule, place, text, clause}} */
static int l_lint(lua_State *L)
{
    struct bytes json = api_view(L, 1);
    json_t **list = api_json(L);
    *list = lint(&json);
    api_push_json(L, *list);
    return 1;
}

static bool check_subject(const json_t *subject, struct err *err)
{
    OWN(X509_NAME) *name = NULL;
    return name_from_json(&name, subject, err);
}

/* host.profile.check_subject(subject): raises what is wrong with a subject in step's members */
static int l_check_subject(lua_State *L)
{
    json_t **subject = api_json(L);
    struct err err = {0};
    if (!api_to_json(subject, L, 1, &err) || !check_subject(*subject, &err))
        return api_raise(L, &err);
    return 0;
}

static const luaL_Reg request_functions[] = {
    {"create", l_create},
    {"normal", l_normal},
    {"read", l_read},
    {NULL, NULL},
};
static const luaL_Reg profile_functions[] = {
    {"check", l_check},
    {"lint", l_lint},
    {"check_subject", l_check_subject},
    {NULL, NULL},
};

void api_open_request(lua_State *L)
{
    api_module(L, "request", request_functions);
    api_module(L, "profile", profile_functions);
}

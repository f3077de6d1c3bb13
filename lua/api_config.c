/* host.config and host.policy: the texts that step-ca reads. */
#include "../ceremony/authority.h"
#include "../ceremony/constraints.h"
#include "../ceremony/host.h"
#include "../ceremony/jsonedit.h"
#include "../ceremony/naming.h"
#include "../ceremony/policy.h"
#include "api.h"
#include "api_types.h"

#define MAX_DNS 64

/* The list on top of the stack, ended by NULL; its strings stay the table's. `names` needs room for MAX_DNS
 * + 1. */
static void names_at_top(lua_State *L, const char **names)
{
    luaL_checktype(L, -1, LUA_TTABLE);
    size_t count = lua_rawlen(L, -1);
    if (count > MAX_DNS)
        luaL_error(L, "dns has more than %d names", MAX_DNS);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, -1, (lua_Integer)i + 1);
        names[i] = luaL_checkstring(L, -1);
        lua_pop(L, 1);
    }
    names[count] = NULL;
}

/* Authority options from the table at `index`; strings stay the table's. `dns` needs room for MAX_DNS + 1. */
static struct authority_options options_at(lua_State *L, int index, const char **dns)
{
    luaL_checktype(L, index, LUA_TTABLE);
    lua_getfield(L, index, "dns");
    names_at_top(L, dns);
    lua_pop(L, 1);
    return (struct authority_options){
        .folder = api_field_text(L, index, "folder"),
        .name = api_field_text(L, index, "name"),
        .dns = dns,
        .address = api_field_text(L, index, "address"),
        .provisioner = api_field_text(L, index, "provisioner"),
        .ca_url = api_field_text_optional(L, index, "ca_url"),
        .no_db = api_field_boolean(L, index, "no_db"),
        .acme = api_field_boolean(L, index, "acme"),
        .remote_management = api_field_boolean(L, index, "remote_management"),
    };
}

/* host.config.check_options(options): raises what step would not take */
static int l_check_options(lua_State *L)
{
    const char *dns[MAX_DNS + 1];
    struct authority_options options = options_at(L, 1, dns);
    struct err err = {0};
    if (!authority_check_options(&options, &err))
        return api_raise(L, &err);
    return 0;
}

static bool ca_json(struct bytes *out, const struct authority_options *options, const struct bytes *jwk_text,
                    const char *jwe, struct err *err)
{
    OWN(json_t) *jwk = NULL;
    return json_read(&jwk, jwk_text, "the provisioner's key", err) &&
           authority_config(out, options, jwk, jwe, err);
}

/* host.config.ca_json(options, {jwk, jwe}) -> text */
static int l_ca_json(lua_State *L)
{
    const char *dns[MAX_DNS + 1];
    struct authority_options options = options_at(L, 1, dns);
    luaL_checktype(L, 2, LUA_TTABLE);
    const char *jwe = api_field_text(L, 2, "jwe");
    lua_getfield(L, 2, "jwk");
    struct bytes jwk = api_view(L, -1);
    struct bytes *out = api_bytes(L);
    struct err err = {0};
    if (!ca_json(out, &options, &jwk, jwe, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, out);
}

/* host.config.defaults_json(options, fingerprint) -> text */
static int l_defaults_json(lua_State *L)
{
    const char *dns[MAX_DNS + 1];
    struct authority_options options = options_at(L, 1, dns);
    const char *fingerprint = api_text(L, 2);
    struct bytes *out = api_bytes(L);
    struct err err = {0};
    if (!authority_defaults(out, &options, fingerprint, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, out);
}

/* host.config.get(text, path) -> value or nil */
static int l_get(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    const char *path = api_text(L, 2);
    json_t **value = api_json(L);
    struct err err = {0};
    if (!jsonedit_get(value, &text, path, "config", &err))
        return api_raise(L, &err);
    if (*value == NULL)
        lua_pushnil(L);
    else
        api_push_json(L, *value);
    return 1;
}

static bool member_text(struct bytes *out, const struct bytes *text, const char *path, struct err *err)
{
    OWN(json_t) *value = NULL;
    if (!jsonedit_get(&value, text, path, "config", err))
        return false;
    if (value == NULL)
        return err_set(err, "config: %s is absent", path);
    json_go_compact(out, value);
    return true;
}

/* host.config.text(text, path) -> the value there as JSON, its members in the order that they have */
static int l_text(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    const char *path = api_text(L, 2);
    struct bytes *out = api_bytes(L);
    struct err err = {0};
    if (!member_text(out, &text, path, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, out);
}

/* host.config.set(text, path, value) -> text with only that member changed */
static int l_set(lua_State *L)
{
    struct bytes text = api_view(L, 1);
    const char *path = api_text(L, 2);
    struct bytes *out = api_bytes(L);
    json_t **value = api_json(L);
    bytes_add(out, text.data, text.len);
    struct err err = {0};
    if (!api_to_json(value, L, 3, &err) || !jsonedit_set(out, path, *value, "config", &err))
        return api_raise(L, &err);
    return api_bytes_push(L, out);
}

static long long duration_at(lua_State *L, int index)
{
    const char *text = api_text(L, index);
    long long ns;
    struct err err = {0};
    if (!duration_parse(&ns, text, &err))
        return api_raise(L, &err);
    return ns;
}

/* host.config.duration(text) -> the duration as Go prints it, or raises */
static int l_duration(lua_State *L)
{
    char text[48];
    duration_text(text, duration_at(L, 1));
    lua_pushstring(L, text);
    return 1;
}

/* host.config.longer(a, b) -> whether duration a is longer than b */
static int l_longer(lua_State *L)
{
    lua_pushboolean(L, duration_at(L, 1) > duration_at(L, 2));
    return 1;
}

static int raise_fault(lua_State *L, const char *fault)
{
    lua_pushstring(L, fault);
    return lua_error(L);
}

/* host.config.check_url(text): raises why it is no absolute http or https URL */
static int l_check_url(lua_State *L)
{
    struct url url;
    const char *fault;
    return url_parse(&url, api_text(L, 1), &fault) ? 0 : raise_fault(L, fault);
}

/* host.config.check_address(text): raises why no server can listen there */
static int l_check_address(lua_State *L)
{
    const char *fault = host_port_fault(api_text(L, 1));
    return fault == NULL ? 0 : raise_fault(L, fault);
}

/* host.config.is_address(text) -> whether it is an IPv4 or IPv6 address */
static int l_is_address(lua_State *L)
{
    lua_pushboolean(L, host_is_address(api_text(L, 1), NULL));
    return 1;
}

struct peek {
    lua_State *L;
    int function;
};

/* The tree's files through a Lua function. An error in it is the same as a file that cannot be read. */
static bool peek_file(void *context, const char *path, struct bytes *out)
{
    const struct peek *peek = context;
    lua_State *L = peek->L;
    lua_pushvalue(L, peek->function);
    lua_pushstring(L, path);
    bool there = lua_pcall(L, 1, 1, 0) == LUA_OK && lua_type(L, -1) == LUA_TSTRING;
    if (there) {
        size_t len;
        const char *data = lua_tolstring(L, -1, &len);
        *out = bytes_copy(data, len);
    }
    lua_pop(L, 1);
    return there;
}

static bool check_tree(json_t **list, const char *folder, struct peek *peek, const struct secret *secret,
                       time_t now, struct err *err)
{
    OWN_STRUCT(findings) findings = {0};
    if (!authority_check(&findings, folder, peek_file, peek, secret, now, err))
        return false;
    *list = findings_json(&findings);
    return true;
}

/* host.config.check(folder, peek, secret or nil, now) -> findings {{severity, rule, place, text, clause}} */
static int l_check(lua_State *L)
{
    const char *folder = api_text(L, 1);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    const struct secret *secret = api_unbox_optional(L, 3, API_SECRET);
    time_t now = (time_t)luaL_checkinteger(L, 4);
    struct peek peek = {L, 2};
    json_t **list = api_json(L);
    struct err err = {0};
    if (!check_tree(list, folder, &peek, secret, now, &err))
        return api_raise(L, &err);
    api_push_json(L, *list);
    return 1;
}

/* host.policy.check_entry(type, entry): raises why step-ca would not start with it */
static int l_check_entry(lua_State *L)
{
    const char *type = api_text(L, 1);
    const char *entry = api_text(L, 2);
    struct err err = {0};
    if (!policy_entry_check(type, entry, &err))
        return api_raise(L, &err);
    return 0;
}

/* host.policy.check(policy): the same for a whole policy object */
static int l_check_policy(lua_State *L)
{
    json_t **policy = api_json(L);
    struct err err = {0};
    if (!api_to_json(policy, L, 1, &err) || !policy_check(*policy, &err))
        return api_raise(L, &err);
    return 0;
}

static bool name_constraints(json_t **out, const json_t *policy, const char *const *names, struct err *err)
{
    OWN(json_t) *made = NULL;
    if (!policy_name_constraints(&made, policy, err) || !constraints_permit_own(made, names, err))
        return false;
    *out = GIVE(made);
    return true;
}

/* host.policy.name_constraints(policy, names) -> "nameConstraints" of a certificate JSON */
static int l_name_constraints(lua_State *L)
{
    const char *names[MAX_DNS + 1];
    lua_settop(L, 2);
    names_at_top(L, names);
    json_t **policy = api_json(L);
    json_t **made = api_json(L);
    struct err err = {0};
    if (!api_to_json(policy, L, 1, &err) || !name_constraints(made, *policy, names, &err))
        return api_raise(L, &err);
    api_push_json(L, *made);
    return 1;
}

/* host.policy.ask(ca_json, names) -> the first that is refused, and by which rule; nil: all are allowed */
static int l_ask(lua_State *L)
{
    lua_settop(L, 2);
    struct bytes config = api_view(L, 1);
    struct bytes *refused = api_bytes(L);
    json_t **names = api_json(L);
    struct err err = {0};
    if (!api_to_json(names, L, 2, &err) || !naming_ask(refused, &config, *names, "config/ca.json", &err))
        return api_raise(L, &err);
    if (refused->len == 0)
        return 0;
    return api_bytes_push(L, refused);
}

static const luaL_Reg config_functions[] = {
    {"check_options", l_check_options},
    {"ca_json", l_ca_json},
    {"defaults_json", l_defaults_json},
    {"get", l_get},
    {"text", l_text},
    {"set", l_set},
    {"duration", l_duration},
    {"longer", l_longer},
    {"check_url", l_check_url},
    {"check_address", l_check_address},
    {"check", l_check},
    {"is_address", l_is_address},
    {NULL, NULL},
};
static const luaL_Reg policy_functions[] = {
    {"check_entry", l_check_entry},           {"ask", l_ask}, {"check", l_check_policy},
    {"name_constraints", l_name_constraints}, {NULL, NULL},
};

void api_open_config(lua_State *L)
{
    api_module(L, "config", config_functions);
    api_module(L, "policy", policy_functions);
}

/* host.home, host.station and host.seal: what stays at a station. */
#include "../audit/home.h"

#include "../ceremony/file.h"
#include "api.h"
#include "api_station.h"
#include "api_types.h"

#include <string.h>

#define MAX_PATHS 1000

/* home:close(): gives the lock back now; else it is given back when Lua collects the home */
static int home_gc(lua_State *L)
{
    struct home **home = luaL_checkudata(L, 1, API_HOME);
    home_free(*home);
    *home = NULL;
    return 0;
}

static int station_gc(lua_State *L)
{
    struct station_box *box = *(struct station_box **)luaL_checkudata(L, 1, API_STATION);
    if (box == NULL)
        return 0;
    seal_free(box->seal);
    free(box->name);
    free(box->authority);
    free(box);
    return 0;
}

static struct home *home_at(lua_State *L)
{
    return api_unbox(L, 1, API_HOME);
}

/* host.home.open(folder) -> home, locked until it is closed */
static int l_home_open(lua_State *L)
{
    const char *folder = api_text(L, 1);
    struct home **home = (struct home **)api_box(L, API_HOME);
    struct err err = {0};
    if (!home_open(home, folder, NULL, &err))
        return api_raise(L, &err);
    return 1;
}

static int add_entry(lua_State *L, bool (*add)(struct home *, json_t *, struct err *))
{
    struct home *home = home_at(L);
    luaL_checktype(L, 2, LUA_TTABLE);
    json_t **entry = api_json(L);
    api_check_json(L, 2, entry);
    struct err err = {0};
    if (!add(home, GIVE(*entry), &err))
        return api_raise(L, &err);
    return 0;
}

/* home:folder() -> path */
static int l_home_folder(lua_State *L)
{
    lua_pushstring(L, home_folder(home_at(L)));
    return 1;
}

/* home:journal(event): durable before it returns */
static int l_journal(lua_State *L)
{
    return add_entry(L, home_journal);
}

/* home:register(entry): what a key at this station signed */
static int l_register(lua_State *L)
{
    return add_entry(L, home_register);
}

/* home:events(ceremony, page) -> events of the journal, oldest first */
static int l_events(lua_State *L)
{
    const struct home *home = home_at(L);
    const char *ceremony = api_text(L, 2);
    unsigned page = (unsigned)luaL_checkinteger(L, 3);
    json_t **list = api_json(L);
    *list = home_events(home, ceremony, page);
    api_push_json(L, *list);
    return 1;
}

/* home:crl_number(issuer_spki) -> highest number ever issued, -1 when none */
static int l_crl_number(lua_State *L)
{
    lua_pushinteger(L, home_crl_number(home_at(L), api_text(L, 2)));
    return 1;
}

/* home:serial_used(issuer_spki, serial) -> boolean */
static int l_serial_used(lua_State *L)
{
    lua_pushboolean(L, home_serial_used(home_at(L), api_text(L, 2), api_text(L, 3)));
    return 1;
}

static int push_entry(lua_State *L, const json_t *entry)
{
    if (entry == NULL)
        lua_pushnil(L);
    else
        api_push_json(L, entry);
    return 1;
}

/* home:certificate(issuer_spki, serial) -> the register's entry, or nil */
static int l_registered_certificate(lua_State *L)
{
    return push_entry(L, home_certificate(home_at(L), api_text(L, 2), api_text(L, 3)));
}

/* home:crl(issuer_spki, number) -> the register's entry, or nil */
static int l_registered_crl(lua_State *L)
{
    return push_entry(L, home_crl(home_at(L), api_text(L, 2), luaL_checkinteger(L, 3)));
}

/* home:lock(folder): one more folder, given back with the home */
static int l_lock(lua_State *L)
{
    struct home *home = home_at(L);
    const char *folder = api_text(L, 2);
    struct err err = {0};
    if (!home_lock(home, folder, &err))
        return api_raise(L, &err);
    return 0;
}

/* home:head(ceremony) -> newest head seen here and its page number, or nil */
static int l_head(lua_State *L)
{
    char head[DIGEST_HEX];
    unsigned page;
    if (!home_head(home_at(L), api_text(L, 2), head, &page)) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushstring(L, head);
    lua_pushinteger(L, page);
    return 2;
}

/* home:set_head(ceremony, head, page) */
static int l_set_head(lua_State *L)
{
    struct home *home = home_at(L);
    const char *ceremony = api_text(L, 2);
    const char *head = api_text(L, 3);
    unsigned page = (unsigned)luaL_checkinteger(L, 4);
    struct err err = {0};
    if (!home_set_head(home, ceremony, head, page, &err))
        return api_raise(L, &err);
    return 0;
}

/* The seal of a home, and that it is this station's. */
static bool open_seal(struct station_box *box, const char *home, const struct secret *secret,
                      bool *wrong_password, struct err *err)
{
    struct signer signer;
    OWN(char) *path = path_join(home, "seal.crt");
    if (!seal_open(&box->seal, home, secret, wrong_password, err) ||
        !signer_read(&signer, seal_certificate(box->seal), path, err))
        return false;
    if (strcmp(signer.station, box->name) != 0)
        return err_set(err,
                       "%s: is the sealing certificate of \"%s\", not of \"%s\"; name that station's --home",
                       path, *signer.station != 0 ? signer.station : "a witness", box->name);
    box->station = (struct station){box->name, box->authority, box->seal, box->home};
    return true;
}

/* host.station.open{name, home (folder), authority, secret, keeper} -> station; `keeper` is the open home,
 * which keeps the heads; raises {wrong_password = true} */
static int l_station_open(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    const char *name = api_field_text(L, 1, "name");
    const char *home = api_field_text(L, 1, "home");
    const char *authority = api_field_text(L, 1, "authority");
    lua_getfield(L, 1, "secret");
    const struct secret *secret = api_unbox(L, -1, API_SECRET);
    lua_getfield(L, 1, "keeper");
    struct home *keeper = api_unbox(L, -1, API_HOME);
    struct station_box **box = lua_newuserdatauv(L, sizeof *box, 1);
    *box = NULL;
    luaL_setmetatable(L, API_STATION);
    lua_pushvalue(L, -2);
    lua_setiuservalue(L, -2, 1);
    *box = memory_new(1, sizeof **box);
    (*box)->name = text_copy(name);
    (*box)->authority = text_copy(authority);
    (*box)->home = keeper;
    bool wrong_password = false;
    struct err err = {0};
    if (open_seal(*box, home, secret, &wrong_password, &err))
        return 1;
    return wrong_password ? api_raise_password(L, &err) : api_raise(L, &err);
}

static struct station_box *station_at(lua_State *L)
{
    return api_unbox(L, 1, API_STATION);
}

/* station:stage_key(place, key, secret): encrypted, into the authority's staging; it moves when the page is
 * sealed */
static int l_stage_key(lua_State *L)
{
    struct station_box *box = station_at(L);
    const char *place = api_text(L, 2);
    const struct key *key = api_unbox(L, 3, API_KEY);
    const struct secret *secret = api_unbox(L, 4, API_SECRET);
    struct bytes *pem = api_bytes(L);
    struct err err = {0};
    if (!key_write(pem, key, secret, &err) || !station_stage_secret(&box->station, place, pem, &err))
        return api_raise(L, &err);
    return 0;
}

/* station:ready(paths): raises unless a page could set these paths of the authority */
static int l_ready(lua_State *L)
{
    const struct station_box *box = station_at(L);
    luaL_checktype(L, 2, LUA_TTABLE);
    size_t count = lua_rawlen(L, 2);
    luaL_argcheck(L, count <= MAX_PATHS, 2, "has too many paths");
    const char **paths = lua_newuserdatauv(L, (count + 1) * sizeof *paths, 0);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, 2, (lua_Integer)i + 1); /* the table keeps it */
        luaL_argcheck(L, lua_type(L, -1) == LUA_TSTRING, 2, "must have paths in it");
        paths[i] = api_text(L, -1);
        lua_pop(L, 1);
    }
    struct err err = {0};
    if (!station_ready(&box->station, paths, count, &err))
        return api_raise(L, &err);
    return 0;
}

/* station:certificate() -> PEM of its sealing certificate */
static int l_certificate(lua_State *L)
{
    const struct station_box *box = station_at(L);
    struct bytes *pem = api_bytes(L);
    struct err err = {0};
    if (!certificate_pem(pem, seal_certificate(box->seal), &err))
        return api_raise(L, &err);
    return api_bytes_push(L, pem);
}

/* station:discard(): keys that were staged for a page that was not made */
static int l_discard(lua_State *L)
{
    const struct station_box *box = station_at(L);
    OWN(char) *staging = path_join(box->authority, ".verger-staging");
    struct err err = {0};
    bool good = folder_remove(staging, &err);
    free(GIVE(staging));
    return good ? 0 : api_raise(L, &err);
}

/* host.seal.enrol{folder, name, station, rehearsal, secret, now} */
static int l_enrol(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    const char *folder = api_field_text(L, 1, "folder");
    const char *name = api_field_text(L, 1, "name");
    const char *station = api_field_text_optional(L, 1, "station");
    bool rehearsal = api_field_boolean(L, 1, "rehearsal");
    time_t now = (time_t)api_field_integer(L, 1, "now");
    lua_getfield(L, 1, "secret");
    const struct secret *secret = api_unbox(L, -1, API_SECRET);
    struct err err = {0};
    if (!seal_enrol(folder, name, station, rehearsal, secret, now, &err))
        return api_raise(L, &err);
    return 0;
}

static bool read_signer(struct signer *signer, const struct bytes *pem, const char *what, struct err *err)
{
    OWN(X509) *cert = NULL;
    return certificate_parse(&cert, pem, what, err) && signer_read(signer, cert, what, err);
}

/* host.seal.signer(pem, what) -> {name, station ("" for a witness), rehearsal, sha256} */
static int l_signer(lua_State *L)
{
    struct bytes pem = api_view(L, 1);
    const char *what = api_text(L, 2);
    struct signer signer;
    struct err err = {0};
    if (!read_signer(&signer, &pem, what, &err))
        return api_raise(L, &err);
    lua_createtable(L, 0, 4);
    lua_pushstring(L, signer.name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, signer.station);
    lua_setfield(L, -2, "station");
    lua_pushboolean(L, signer.rehearsal);
    lua_setfield(L, -2, "rehearsal");
    lua_pushstring(L, signer.sha256);
    lua_setfield(L, -2, "sha256");
    return 1;
}

static const luaL_Reg home_functions[] = {
    {"open", l_home_open},
    {NULL, NULL},
};
static const luaL_Reg home_methods[] = {
    {"folder", l_home_folder},
    {"journal", l_journal},
    {"register", l_register},
    {"events", l_events},
    {"crl_number", l_crl_number},
    {"serial_used", l_serial_used},
    {"head", l_head},
    {"set_head", l_set_head},
    {"close", home_gc},
    {"certificate", l_registered_certificate},
    {"crl", l_registered_crl},
    {"lock", l_lock},
    {NULL, NULL},
};
static const luaL_Reg station_functions[] = {
    {"open", l_station_open},
    {NULL, NULL},
};
static const luaL_Reg station_methods[] = {
    {"stage_key", l_stage_key}, {"ready", l_ready}, {"certificate", l_certificate},
    {"discard", l_discard},     {NULL, NULL},
};
static const luaL_Reg seal_functions[] = {
    {"enrol", l_enrol},
    {"signer", l_signer},
    {NULL, NULL},
};

void api_open_home(lua_State *L)
{
    api_type(L, API_HOME, home_methods, home_gc);
    api_type(L, API_STATION, station_methods, station_gc);
    api_module(L, "home", home_functions);
    api_module(L, "station", station_functions);
    api_module(L, "seal", seal_functions);
}

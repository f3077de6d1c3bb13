/* host.record: the record's folder. */
#include "../audit/record.h"
#include "../audit/witness.h"

#include "api.h"
#include "api_station.h"
#include "api_types.h"

#include <string.h>

/* record:close(): gives the lock back now; else it is given back when Lua collects the record */
static int record_gc(lua_State *L)
{
    struct record **record = luaL_checkudata(L, 1, API_RECORD);
    record_free(*record);
    *record = NULL;
    return 0;
}

static struct record *record_at(lua_State *L)
{
    return api_unbox(L, 1, API_RECORD);
}

static const struct page_read *page_at(lua_State *L)
{
    const struct record *record = record_at(L);
    lua_Integer number = luaL_checkinteger(L, 2);
    luaL_argcheck(L, number >= 0 && number < record_count(record), 2, "is not the number of a page");
    return record_page(record, (unsigned)number);
}

/* host.record.open(folder, create) -> record, read and checked whole; locked when it is to be gone on with */
static int l_open(lua_State *L)
{
    const char *folder = api_text(L, 1);
    bool create = lua_toboolean(L, 2);
    struct record **record = (struct record **)api_box(L, API_RECORD);
    struct err err = {0};
    if (!record_open(record, folder, create, &err))
        return api_raise(L, &err);
    return 1;
}

/* record:folder() -> path */
static int l_folder(lua_State *L)
{
    lua_pushstring(L, record_folder(record_at(L)));
    return 1;
}

/* record:count() -> pages, page 0 included */
static int l_count(lua_State *L)
{
    lua_pushinteger(L, record_count(record_at(L)));
    return 1;
}

/* record:head() -> SHA-256 of the newest page, zeros when there is none */
static int l_head(lua_State *L)
{
    lua_pushstring(L, record_head(record_at(L)));
    return 1;
}

/* record:finished() -> seconds since 1970 of the newest page, 0 when there is none */
static int l_finished(lua_State *L)
{
    lua_pushinteger(L, record_finished(record_at(L)));
    return 1;
}

/* record:walked() -> the newest page that is not one that revokes a signer */
static int l_walked(lua_State *L)
{
    lua_pushinteger(L, record_walked(record_at(L)));
    return 1;
}

/* record:waits() -> for how many witnesses' seals it waits */
static int l_waits(lua_State *L)
{
    lua_pushinteger(L, record_waits(record_at(L)));
    return 1;
}

static bool seal_page(struct record *record, const char *home, const struct secret *secret, struct err *err)
{
    OWN_SEAL *seal = NULL;
    OWN(char) *name = NULL;
    return seal_open(&seal, home, secret, NULL, err) &&
           witness_seal(&name, record, record_count(record) - 1, seal, err);
}

/* record:witness(home, secret): the newest page, sealed with a witness's key */
static int l_witness(lua_State *L)
{
    struct record *record = record_at(L);
    const char *home = api_text(L, 2);
    const struct secret *secret = api_unbox(L, 3, API_SECRET);
    struct err err = {0};
    if (!seal_page(record, home, secret, &err))
        return api_raise(L, &err);
    return 0;
}

/* record:digest(number) -> SHA-256 of that page */
static int l_digest(lua_State *L)
{
    lua_pushstring(L, page_at(L)->sha256);
    return 1;
}

/* record:page(number) -> its page.json */
static int l_page(lua_State *L)
{
    api_push_json(L, page_at(L)->json);
    return 1;
}

/* record:member(number, name) -> bytes of a member, or nil */
static int l_member(lua_State *L)
{
    const struct bytes *content = tarball_find(&page_at(L)->tar, api_text(L, 3));
    if (content != NULL)
        return api_bytes_push(L, content);
    lua_pushnil(L);
    return 1;
}

/* record:file(path) -> bytes of STATION/path in the ledger's newest tree, or nil */
static int l_file(lua_State *L)
{
    const struct bytes *content = ledger_tree_find(record_tree(record_at(L)), api_text(L, 2));
    if (content != NULL)
        return api_bytes_push(L, content);
    lua_pushnil(L);
    return 1;
}

/* record:files() -> STATION/path of every file in the ledger's newest tree, sorted */
static int l_files(lua_State *L)
{
    const struct ledger_tree *tree = record_tree(record_at(L));
    lua_createtable(L, (int)tree->count, 0);
    for (size_t i = 0; i < tree->count; i++) {
        lua_pushstring(L, tree->file[i].path);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* record:output(name) -> newest output of that name and its page's number, or nil */
static int l_output(lua_State *L)
{
    unsigned number = 0;
    const json_t *output = record_output(record_at(L), api_text(L, 2), &number);
    if (output == NULL) {
        lua_pushnil(L);
        return 1;
    }
    api_push_json(L, output);
    lua_pushinteger(L, number);
    return 2;
}

/* record:outputs() -> all outputs, oldest first, each with the station of its page */
static int l_outputs(lua_State *L)
{
    const struct record *record = record_at(L);
    lua_newtable(L);
    lua_Integer count = 0;
    for (unsigned n = 0; n < record_count(record); n++) {
        const json_t *json = record_page(record, n)->json;
        const json_t *outputs = json_object_get(json, "outputs");
        for (size_t i = 0; i < json_array_size(outputs); i++) {
            api_push_json(L, json_array_get(outputs, i));
            lua_pushstring(L, json_string_value(json_object_get(json, "station")));
            lua_setfield(L, -2, "station");
            lua_rawseti(L, -2, ++count);
        }
    }
    return 1;
}

/* record:enrol(page, pems): the certificates that may seal this record, into page 0 */
static int l_enrol(lua_State *L)
{
    struct record *record = record_at(L);
    struct page *page = api_unbox(L, 2, API_PAGE);
    luaL_checktype(L, 3, LUA_TTABLE);
    size_t count = lua_rawlen(L, 3);
    struct bytes *pems = lua_newuserdatauv(L, (count + 1) * sizeof *pems, 0);
    luaL_checkstack(L, (int)count + 4, "too many certificates");
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, 3, (lua_Integer)i + 1);
        pems[i] = api_view(L, -1);
    }
    struct err err = {0};
    if (!record_enrol(record, page, pems, count, &err))
        return api_raise(L, &err);
    return 0;
}

/* record:signers() -> {label, station, name, sha256, certificate, revoked (page) or nil}, as enrolled */
static int l_signers(lua_State *L)
{
    const struct roster *roster = record_roster(record_at(L));
    lua_createtable(L, (int)roster->count, 0);
    for (size_t i = 0; i < roster->count; i++) {
        const struct enrolled *one = &roster->enrolled[i];
        const char *const fields[][2] = {{"label", one->label},
                                         {"station", one->signer.station},
                                         {"name", one->signer.name},
                                         {"sha256", one->signer.sha256}};
        lua_createtable(L, 0, 6);
        for (size_t n = 0; n < sizeof fields / sizeof *fields; n++) {
            lua_pushstring(L, fields[n][1]);
            lua_setfield(L, -2, fields[n][0]);
        }
        lua_pushlstring(L, (const char *)one->pem.data, one->pem.len);
        lua_setfield(L, -2, "certificate");
        if (one->revoked != 0) {
            lua_pushinteger(L, one->revoked);
            lua_setfield(L, -2, "revoked");
        }
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    return 1;
}

/* record:revoke(page or nil, {label, sha256, reason, why, by}, pem or nil, what): a page that revokes a
 * signer */
static int l_revoke(lua_State *L)
{
    const struct record *record = record_at(L);
    struct page *page = lua_isnil(L, 2) ? NULL : api_unbox(L, 2, API_PAGE);
    luaL_checktype(L, 3, LUA_TTABLE);
    struct bytes pem = {0};
    if (!lua_isnil(L, 4))
        pem = api_view(L, 4);
    const char *what = api_text(L, 5);
    json_t **entry = api_json(L);
    api_check_json(L, 3, entry);
    struct err err = {0};
    if (!record_revoke(record, page, GIVE(*entry), lua_isnil(L, 4) ? NULL : &pem, what, &err))
        return api_raise(L, &err);
    return 0;
}

static const struct station *station_at(lua_State *L, int index)
{
    const struct station_box *box = api_unbox(L, index, API_STATION);
    return &box->station;
}

/* record:commit(page, station): close, seal, put into place, move the files, write the ledger */
static int l_commit(lua_State *L)
{
    struct record *record = record_at(L);
    struct page *page = api_unbox(L, 2, API_PAGE);
    const struct station *station = station_at(L, 3);
    struct err err = {0};
    if (!record_commit(record, page, station, &err))
        return api_raise(L, &err);
    return 0;
}

/* record:recover(station) -> what had been left undone and was done, "" when nothing was */
static int l_recover(lua_State *L)
{
    struct record *record = record_at(L);
    const struct station *station = station_at(L, 2);
    char done[256];
    struct err err = {0};
    if (!record_recover(record, station, done, &err))
        return api_raise(L, &err);
    lua_pushstring(L, done);
    return 1;
}

/* record:stage(number, name, bytes): keep what must not be lost before its page is sealed */
static int l_stage(lua_State *L)
{
    struct record *record = record_at(L);
    unsigned number = (unsigned)luaL_checkinteger(L, 2);
    const char *name = api_text(L, 3);
    struct bytes data = api_view(L, 4);
    struct err err = {0};
    if (!record_stage(record, number, name, &data, &err))
        return api_raise(L, &err);
    return 0;
}

/* record:staged(number, name) -> bytes of an earlier attempt, or nil */
static int l_staged(lua_State *L)
{
    struct record *record = record_at(L);
    unsigned number = (unsigned)luaL_checkinteger(L, 2);
    const char *name = api_text(L, 3);
    struct bytes *data = api_bytes(L);
    if (record_staged(record, number, name, data))
        return api_bytes_push(L, data);
    lua_pushnil(L);
    return 1;
}

/* record:can_stage(number, name) -> true; raises why there is no free place */
static int l_can_stage(lua_State *L)
{
    const struct record *record = record_at(L);
    unsigned number = (unsigned)luaL_checkinteger(L, 2);
    const char *name = api_text(L, 3);
    struct err err = {0};
    if (!record_can_stage(record, number, name, &err))
        return api_raise(L, &err);
    lua_pushboolean(L, true);
    return 1;
}

/* record:discard_staged(number) -> how many files there were */
static int l_discard_staged(lua_State *L)
{
    const struct record *record = record_at(L);
    unsigned number = (unsigned)luaL_checkinteger(L, 2);
    size_t count = 0;
    struct err err = {0};
    if (!record_discard_staged(&count, record, number, &err))
        return api_raise(L, &err);
    lua_pushinteger(L, (lua_Integer)count);
    return 1;
}

static const luaL_Reg record_functions[] = {
    {"open", l_open},
    {NULL, NULL},
};
static const luaL_Reg record_methods[] = {
    {"folder", l_folder},
    {"count", l_count},
    {"head", l_head},
    {"finished", l_finished},
    {"digest", l_digest},
    {"page", l_page},
    {"member", l_member},
    {"file", l_file},
    {"files", l_files},
    {"output", l_output},
    {"outputs", l_outputs},
    {"enrol", l_enrol},
    {"commit", l_commit},
    {"recover", l_recover},
    {"stage", l_stage},
    {"staged", l_staged},
    {"can_stage", l_can_stage},
    {"discard_staged", l_discard_staged},
    {"waits", l_waits},
    {"walked", l_walked},
    {"witness", l_witness},
    {"signers", l_signers},
    {"revoke", l_revoke},
    {"close", record_gc},
    {NULL, NULL},
};

void api_open_record(lua_State *L)
{
    api_type(L, API_RECORD, record_methods, record_gc);
    api_module(L, "record", record_functions);
}

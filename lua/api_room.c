/* host.room, host.clock and host.versions: the people, the time, and what really runs. */
#include "../audit/versions.h"
#include "../ceremony/certificate.h"
#include "api.h"
#include "api_types.h"

#include <string.h>

static const struct room *room_of(lua_State *L)
{
    const struct room *room = state_host(L)->room;
    if (room == NULL)
        luaL_error(L, "nobody is asked here");
    return room;
}

/* room.say(text) */
static int l_say(lua_State *L)
{
    const struct room *room = room_of(L);
    room->say(room->context, api_text(L, 1));
    return 0;
}

/* room.ask(id, question) -> one line */
static int l_ask(lua_State *L)
{
    const struct room *room = room_of(L);
    const char *id = api_text(L, 1);
    const char *question = api_text(L, 2);
    struct bytes *box = api_bytes(L);
    char *answer = NULL;
    struct err err = {0};
    if (!room->ask(room->context, id, question, &answer, &err))
        return api_raise(L, &err);
    box->data = (unsigned char *)answer;
    box->len = strlen(answer);
    return api_bytes_push(L, box);
}

/* room.confirm(id, question) -> boolean */
static int l_confirm(lua_State *L)
{
    const struct room *room = room_of(L);
    const char *id = api_text(L, 1);
    const char *question = api_text(L, 2);
    bool yes = false;
    struct err err = {0};
    if (!room->confirm(room->context, id, question, &yes, &err))
        return api_raise(L, &err);
    lua_pushboolean(L, yes);
    return 1;
}

/* room.has_answer(id) -> boolean */
static int l_has_answer(lua_State *L)
{
    const struct room *room = room_of(L);
    lua_pushboolean(L, room->has_answer(room->context, api_text(L, 1)));
    return 1;
}

/* room.secret(name, question, is_new, attempt) -> secret */
static int l_secret(lua_State *L)
{
    const struct room *room = room_of(L);
    const char *name = api_text(L, 1);
    const char *question = api_text(L, 2);
    bool is_new = lua_toboolean(L, 3);
    unsigned attempt = (unsigned)luaL_checkinteger(L, 4);
    struct secret **secret = (struct secret **)api_box(L, API_SECRET);
    struct err err = {0};
    if (!room->secret(room->context, name, question, is_new, attempt, secret, &err))
        return api_raise(L, &err);
    return 1;
}

/* clock.now() -> RFC 3339 UTC, whole seconds */
static int l_now(lua_State *L)
{
    char text[32];
    time_text(text, time(NULL));
    lua_pushstring(L, text);
    return 1;
}

/* clock.seconds() -> seconds since 1970 */
static int l_seconds(lua_State *L)
{
    lua_pushinteger(L, time(NULL));
    return 1;
}

/* host.versions([programs]) -> {verger, binary_sha256, openssl, libarchive, libgit2, jansson, libidn2, lua};
 * with `programs` also step and step-ca, where they are installed */
static int l_versions(lua_State *L)
{
    bool programs = lua_toboolean(L, 1);
    json_t **list = api_json(L);
    *list = versions_json();
    if (programs)
        versions_programs(*list, versions_folders);
    api_push_json(L, *list);
    lua_pushstring(L, VERGER_VERSION);
    lua_setfield(L, -2, "verger");
    lua_pushstring(L, LUA_RELEASE);
    lua_setfield(L, -2, "lua");
    lua_pushstring(L, state_host(L)->binary_sha256);
    lua_setfield(L, -2, "binary_sha256");
    return 1;
}

static const luaL_Reg room_functions[] = {
    {"say", l_say},       {"ask", l_ask}, {"confirm", l_confirm}, {"has_answer", l_has_answer},
    {"secret", l_secret}, {NULL, NULL},
};
static const luaL_Reg clock_functions[] = {
    {"now", l_now},
    {"seconds", l_seconds},
    {NULL, NULL},
};

void api_open_room(lua_State *L)
{
    api_module(L, "room", room_functions);
    api_module(L, "clock", clock_functions);
    lua_pushcfunction(L, l_versions);
    lua_setfield(L, -2, "versions");
}

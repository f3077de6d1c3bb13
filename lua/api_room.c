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

/* room.clear() */
static int l_clear(lua_State *L)
{
    const struct room *room = room_of(L);
    room->clear(room->context);
    return 0;
}

/* Instead of what was asked for: nil, and "stop" or "exception". */
static int push_reply(lua_State *L, enum reply reply)
{
    lua_pushnil(L);
    lua_pushstring(L, reply == REPLY_STOP ? "stop" : "exception");
    return 2;
}

/* room.ask(id, question) -> one line; or nil, "stop" or "exception" */
static int l_ask(lua_State *L)
{
    const struct room *room = room_of(L);
    const char *id = api_text(L, 1);
    const char *question = api_text(L, 2);
    struct bytes *box = api_bytes(L);
    char *answer = NULL;
    enum reply reply = REPLY_GIVEN;
    struct err err = {0};
    if (!room->ask(room->context, id, question, &reply, &answer, &err))
        return api_raise(L, &err);
    if (reply != REPLY_GIVEN)
        return push_reply(L, reply);
    box->data = (unsigned char *)answer;
    box->len = strlen(answer);
    return api_bytes_push(L, box);
}

/* room.choose(id, question, choices) -> one of them */
static int l_choose(lua_State *L)
{
    enum { MOST = 8 };
    const struct room *room = room_of(L);
    const char *id = api_text(L, 1);
    const char *question = api_text(L, 2);
    const char *choices[MOST + 1] = {NULL};
    lua_Unsigned count = lua_rawlen(L, 3);
    luaL_checktype(L, 3, LUA_TTABLE);
    luaL_argcheck(L, count > 0 && count <= MOST, 3, "must be a list of 1 to 8 words");
    luaL_checkstack(L, MOST, NULL);
    for (lua_Unsigned i = 0; i < count; i++) {
        lua_rawgeti(L, 3, (lua_Integer)i + 1);
        choices[i] = luaL_checkstring(L, -1); /* stays on the stack */
    }
    const char *chosen = NULL;
    struct err err = {0};
    if (!room->choose(room->context, id, question, choices, &chosen, &err))
        return api_raise(L, &err);
    lua_pushstring(L, chosen);
    return 1;
}

/* room.has_answer(id) -> boolean */
static int l_has_answer(lua_State *L)
{
    const struct room *room = room_of(L);
    lua_pushboolean(L, room->has_answer(room->context, api_text(L, 1)));
    return 1;
}

/* room.secret(name, question, is_new, attempt) -> secret; or nil, "stop" */
static int l_secret(lua_State *L)
{
    const struct room *room = room_of(L);
    const char *name = api_text(L, 1);
    const char *question = api_text(L, 2);
    bool is_new = lua_toboolean(L, 3);
    unsigned attempt = (unsigned)luaL_checkinteger(L, 4);
    struct secret **secret = (struct secret **)api_box(L, API_SECRET);
    enum reply reply = REPLY_GIVEN;
    struct err err = {0};
    if (!room->secret(room->context, name, question, is_new, attempt, &reply, secret, &err))
        return api_raise(L, &err);
    return reply == REPLY_GIVEN ? 1 : push_reply(L, reply);
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
    {"say", l_say},       {"clear", l_clear},           {"ask", l_ask},
    {"choose", l_choose}, {"has_answer", l_has_answer}, {"secret", l_secret},
    {NULL, NULL},
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

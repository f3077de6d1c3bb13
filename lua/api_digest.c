#include "../ceremony/digest.h"

#include "../ceremony/certificate.h"
#include "api.h"

#include <string.h>

/* host.digest.hex(bytes) -> SHA-256, lower-case hex */
static int l_hex(lua_State *L)
{
    struct bytes data = api_view_private(L, 1);
    char hex[DIGEST_HEX];
    digest_hex(hex, data.data, data.len);
    lua_pushstring(L, hex);
    return 1;
}

static const char *check_hex(lua_State *L, int index)
{
    const char *hex = api_text(L, index);
    luaL_argcheck(L, digest_is_hex(hex), index, "must be a SHA-256 in hex");
    return hex;
}

static int push_owned(lua_State *L, char *text)
{
    struct bytes *box = api_bytes(L);
    box->data = (unsigned char *)text;
    box->len = strlen(text);
    return api_bytes_push(L, box);
}

/* host.digest.groups(hex, per_line) -> groups of four digits */
static int l_groups(lua_State *L)
{
    return push_owned(L, digest_groups(check_hex(L, 1), (unsigned)luaL_checkinteger(L, 2)));
}

/* host.digest.words(hex, per_line) -> PGP words */
static int l_words(lua_State *L)
{
    return push_owned(L, digest_words(check_hex(L, 1), (unsigned)luaL_checkinteger(L, 2)));
}

/* host.digest.word(hex, n) -> PGP word number n, from 0 */
static int l_word(lua_State *L)
{
    const char *hex = check_hex(L, 1);
    lua_Integer n = luaL_checkinteger(L, 2);
    luaL_argcheck(L, n >= 0 && n < DIGEST_LEN, 2, "must be 0 to 31");
    lua_pushstring(L, digest_word(hex, (size_t)n));
    return 1;
}

/* 16 bytes of a fresh serial number are 128 random bits: enough for an id and for two places. */
static int random_serial(lua_State *L, char serial[SERIAL_HEX])
{
    struct err err = {0};
    if (!serial_random(serial, &err))
        return api_raise(L, &err);
    return 0;
}

/* host.digest.random_id() -> 32 random hex digits */
static int l_random_id(lua_State *L)
{
    char serial[SERIAL_HEX];
    random_serial(L, serial);
    lua_pushstring(L, serial + 2);
    return 1;
}

/* host.digest.two_places() -> {a, b}: two different numbers from 1 to 32, in order */
static int l_two_places(lua_State *L)
{
    char id[SERIAL_HEX];
    random_serial(L, id);
    lua_Integer one = (lua_Integer)strtoul((char[]){id[2], id[3], 0}, NULL, 16) % 32;
    lua_Integer other = (lua_Integer)strtoul((char[]){id[4], id[5], 0}, NULL, 16) % 31;
    other += other >= one;
    lua_createtable(L, 2, 0);
    lua_pushinteger(L, (one < other ? one : other) + 1);
    lua_rawseti(L, -2, 1);
    lua_pushinteger(L, (one < other ? other : one) + 1);
    lua_rawseti(L, -2, 2);
    return 1;
}

static const luaL_Reg digest_functions[] = {
    {"hex", l_hex},   {"groups", l_groups},       {"words", l_words},
    {"word", l_word}, {"random_id", l_random_id}, {"two_places", l_two_places},
    {NULL, NULL},
};

void api_open_digest(lua_State *L)
{
    api_module(L, "digest", digest_functions);
}

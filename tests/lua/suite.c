/* Runs a suite in the state that the program itself works in: our modules, the module "host", no room. Beside
 * them a suite has io and os, to reach its files, and `require "tap"`. */
#include "../../ceremony/secret.h"
#include "../../lua/state.h"

#include <lua5.4/lauxlib.h>
#include <lua5.4/lualib.h>

static int with_traceback(lua_State *L)
{
    luaL_traceback(L, L, luaL_tolstring(L, 1, NULL), 1);
    return 1;
}

int main(int argc, char **argv)
{
    const struct state_host host = {.room = NULL, .binary_sha256 = "0"};
    if (argc != 2) {
        fputs("usage: suite FILE\n", stderr);
        return 2;
    }
    secret_start();
    lua_State *L = state_open(&host);
    luaL_requiref(L, LUA_IOLIBNAME, luaopen_io, 1);
    luaL_requiref(L, LUA_OSLIBNAME, luaopen_os, 1);
    lua_getglobal(L, "package");
    lua_pushstring(L, "tests/lua/?.lua");
    lua_setfield(L, -2, "path");
    lua_pushcfunction(L, with_traceback);
    bool good = luaL_loadfilex(L, argv[1], "t") == LUA_OK && lua_pcall(L, 0, 0, -2) == LUA_OK;
    if (!good)
        fprintf(stderr, "%s\n", lua_tostring(L, -1));
    state_close(L);
    return good ? 0 : 1;
}

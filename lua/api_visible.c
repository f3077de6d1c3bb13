/* The module "visible": the one list of what people cannot see, for Lua. It is no part of the host, so that
 * the state in which a script is described, which has no host, has it too. */
#include "../ceremony/visible.h"
#include "api.h"

/* visible.hidden(text) -> code point and place of the first character above ASCII that cannot be seen; or
 * nothing */
static int l_hidden(lua_State *L)
{
    size_t len, width;
    const unsigned char *text = (const unsigned char *)luaL_checklstring(L, 1, &len);
    for (size_t at = 0; at < len; at += width != 0 ? width : 1) {
        uint32_t point = 0;
        width = utf8_read(&point, text + at, len - at);
        if (point < 0x80 || !point_is_hidden(point))
            continue;
        lua_pushinteger(L, point);
        lua_pushinteger(L, (lua_Integer)at + 1);
        return 2;
    }
    return 0;
}

int api_open_visible(lua_State *L)
{
    static const luaL_Reg functions[] = {{"hidden", l_hidden}, {NULL, NULL}};
    luaL_newlib(L, functions);
    return 1;
}

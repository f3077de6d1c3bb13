/* host.medium: media that copies of encrypted keys are put on. */
#include "../ceremony/medium.h"

#include "../ceremony/digest.h"
#include "../ceremony/secret.h"
#include "api.h"
#include "api_types.h"

/* host.medium.look(folder) -> {device, filesystem} */
static int l_look(lua_State *L)
{
    const char *folder = api_text(L, 1);
    json_t **facts = api_json(L);
    struct err err = {0};
    if (!medium_look(facts, folder, &err))
        return api_raise(L, &err);
    api_push_json(L, *facts);
    return 1;
}

/* host.medium.put(folder, name, content) -> whether these very bytes were there already */
static int l_put(lua_State *L)
{
    const char *folder = api_text(L, 1);
    const char *name = api_text(L, 2);
    struct bytes content = api_view_private(L, 3);
    bool found = false;
    struct err err = {0};
    if (!medium_put(&found, folder, name, &content, &err))
        return api_raise(L, &err);
    lua_pushboolean(L, found);
    return 1;
}

/* host.medium.read(folder, name) -> content, whether it was read past the kernel's cache */
static int l_read(lua_State *L)
{
    const char *folder = api_text(L, 1);
    const char *name = api_text(L, 2);
    struct bytes *content = api_bytes(L);
    bool direct = false;
    struct err err = {0};
    if (!medium_read(content, &direct, folder, name, &err))
        return api_raise(L, &err);
    *(struct secret **)api_box(L, API_SECRET) = secret_new(content->data, content->len);
    lua_pushboolean(L, direct);
    return 2;
}

static const luaL_Reg medium_functions[] = {
    {"look", l_look},
    {"put", l_put},
    {"read", l_read},
    {NULL, NULL},
};

void api_open_medium(lua_State *L)
{
    api_module(L, "medium", medium_functions);
}

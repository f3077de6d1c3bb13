/* host.approval: what was approved before the day. */
#include "../audit/approval.h"

#include "api.h"

/* host.approval.judge{text, seal, plan (as page 0 keeps it), started (seconds since 1970), what} -> {name,
 * sha256} of its signer; raises what is wrong with it */
static int l_judge(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    const char *what = api_field_text(L, 1, "what");
    time_t started = (time_t)api_field_integer(L, 1, "started");
    lua_getfield(L, 1, "text");
    struct bytes text = api_view(L, -1);
    lua_getfield(L, 1, "seal");
    struct bytes p7s = api_view(L, -1);
    lua_getfield(L, 1, "plan");
    struct bytes plan_text = api_view(L, -1);
    json_t **plan = api_json(L);
    struct signer signer = {0};
    enum approval_rule broken;
    struct err err = {0};
    if (!json_read(plan, &plan_text, "plan.json", &err) ||
        !approval_judge(&signer, &broken, &text, &p7s, *plan, started, what, &err))
        return api_raise(L, &err);
    lua_createtable(L, 0, 2);
    lua_pushstring(L, signer.name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, signer.sha256);
    lua_setfield(L, -2, "sha256");
    return 1;
}

static const luaL_Reg approval_functions[] = {
    {"judge", l_judge},
    {NULL, NULL},
};

void api_open_approval(lua_State *L)
{
    api_module(L, "approval", approval_functions);
}

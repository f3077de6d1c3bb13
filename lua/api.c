#include "api.h"

#include <math.h>
#include <string.h>

#define BYTES "verger.bytes"
#define JSON "verger.json"
#define ORDERED "verger.object"
#define LISTED "verger.array"
#define JSON_DEPTH 32

void api_module(lua_State *L, const char *name, const luaL_Reg *functions)
{
    lua_newtable(L);
    luaL_setfuncs(L, functions, 0);
    lua_setfield(L, -2, name);
}

void api_type(lua_State *L, const char *type, const luaL_Reg *methods, lua_CFunction gc)
{
    luaL_newmetatable(L, type);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}

void **api_box(lua_State *L, const char *type)
{
    void **box = lua_newuserdatauv(L, sizeof *box, 0);
    *box = NULL;
    luaL_setmetatable(L, type);
    return box;
}

void *api_unbox(lua_State *L, int index, const char *type)
{
    void **box = luaL_checkudata(L, index, type);
    luaL_argcheck(L, *box != NULL, index, "is used up");
    return *box;
}

void *api_unbox_optional(lua_State *L, int index, const char *type)
{
    return lua_isnoneornil(L, index) ? NULL : api_unbox(L, index, type);
}

static int bytes_gc(lua_State *L)
{
    bytes_free(luaL_checkudata(L, 1, BYTES));
    return 0;
}

struct bytes *api_bytes(lua_State *L)
{
    struct bytes *b = lua_newuserdatauv(L, sizeof *b, 0);
    *b = (struct bytes){0};
    if (luaL_newmetatable(L, BYTES)) {
        lua_pushcfunction(L, bytes_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return b;
}

int api_bytes_push(lua_State *L, const struct bytes *b)
{
    lua_pushlstring(L, bytes_string(b), b->len);
    return 1;
}

static int json_gc(lua_State *L)
{
    json_decref(*(json_t **)luaL_checkudata(L, 1, JSON));
    return 0;
}

json_t **api_json(lua_State *L)
{
    json_t **box = lua_newuserdatauv(L, sizeof *box, 0);
    *box = NULL;
    if (luaL_newmetatable(L, JSON)) {
        lua_pushcfunction(L, json_gc);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return box;
}

struct bytes api_view(lua_State *L, int index)
{
    size_t len;
    const char *data = luaL_checklstring(L, index, &len);
    union {
        const char *borrowed;
        unsigned char *data;
    } view = {data};
    return (struct bytes){view.data, len};
}

const char *api_text(lua_State *L, int index)
{
    size_t len;
    const char *text = luaL_checklstring(L, index, &len);
    luaL_argcheck(L, strlen(text) == len, index, "has a zero byte in it");
    return text;
}

const char *api_field_text_optional(lua_State *L, int index, const char *field)
{
    lua_getfield(L, index, field);
    const char *text = lua_isnil(L, -1) ? NULL : lua_tostring(L, -1);
    lua_pop(L, 1);
    return text;
}

const char *api_field_text(lua_State *L, int index, const char *field)
{
    const char *text = api_field_text_optional(L, index, field);
    if (text == NULL)
        luaL_error(L, "field '%s' must be a text", field);
    return text;
}

bool api_field_boolean(lua_State *L, int index, const char *field)
{
    lua_getfield(L, index, field);
    bool value = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return value;
}

lua_Integer api_field_integer(lua_State *L, int index, const char *field)
{
    lua_getfield(L, index, field);
    int is_integer;
    lua_Integer value = lua_tointegerx(L, -1, &is_integer);
    lua_pop(L, 1);
    if (!is_integer)
        luaL_error(L, "field '%s' must be a whole number", field);
    return value;
}

int api_raise(lua_State *L, const struct err *err)
{
    lua_pushstring(L, err->text);
    return lua_error(L);
}

int api_raise_password(lua_State *L, const struct err *err)
{
    lua_createtable(L, 0, 2);
    lua_pushboolean(L, true);
    lua_setfield(L, -2, "wrong_password");
    lua_pushstring(L, err->text);
    lua_setfield(L, -2, "message");
    return lua_error(L);
}

static bool value_to_json(json_t **out, lua_State *L, int index, unsigned depth, struct err *err);

static bool has_mark(lua_State *L, int index, const char *mark)
{
    if (!lua_getmetatable(L, index))
        return false;
    luaL_getmetatable(L, mark);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

static bool array_to_json(json_t **out, lua_State *L, int index, unsigned depth, struct err *err)
{
    OWN(json_t) *array = json_array();
    lua_Unsigned len = lua_rawlen(L, index);
    for (lua_Unsigned i = 1; i <= len; i++) {
        lua_rawgeti(L, index, (lua_Integer)i);
        json_t *value = NULL;
        bool good = value_to_json(&value, L, lua_gettop(L), depth, err);
        lua_pop(L, 1);
        if (!good)
            return false;
        json_array_append_new(array, value);
    }
    *out = GIVE(array);
    return true;
}

/* Add the value on top of the stack under a key. */
static bool member_to_json(json_t *object, const char *key, lua_State *L, unsigned depth, struct err *err)
{
    json_t *value = NULL;
    if (!value_to_json(&value, L, lua_gettop(L), depth, err))
        return err_wrap(err, "%s", key);
    if (json_object_set_new(object, key, value) != 0)
        return err_set(err, "a key is not UTF-8");
    return true;
}

static bool pairs_to_json(json_t **out, lua_State *L, int index, unsigned depth, struct err *err)
{
    OWN(json_t) *object = json_object();
    lua_Unsigned len = lua_rawlen(L, index);
    for (lua_Unsigned i = 1; i <= len; i++) {
        lua_rawgeti(L, index, (lua_Integer)i);
        lua_rawgeti(L, -1, 1);
        lua_rawgeti(L, -2, 2);
        bool good = lua_type(L, -2) == LUA_TSTRING;
        good = good ? member_to_json(object, lua_tostring(L, -2), L, depth, err)
                    : err_set(err, "an ordered object is made of {key, value} pairs");
        lua_pop(L, 3);
        if (!good)
            return false;
    }
    *out = GIVE(object);
    return true;
}

static bool object_to_json(json_t **out, lua_State *L, int index, unsigned depth, struct err *err)
{
    OWN(json_t) *object = json_object();
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        bool good = lua_type(L, -2) == LUA_TSTRING;
        good = good ? member_to_json(object, lua_tostring(L, -2), L, depth, err)
                    : err_set(err, "a table with names must not have entries without a name");
        lua_pop(L, 1);
        if (!good) {
            lua_pop(L, 1);
            return false;
        }
    }
    *out = GIVE(object);
    return true;
}

static bool table_to_json(json_t **out, lua_State *L, int index, unsigned depth, struct err *err)
{
    if (depth >= JSON_DEPTH)
        return err_set(err, "tables are nested more than %d deep", JSON_DEPTH);
    if (!lua_checkstack(L, 8))
        return err_set(err, "tables are nested too deep");
    if (has_mark(L, index, ORDERED))
        return pairs_to_json(out, L, index, depth + 1, err);
    bool is_array = has_mark(L, index, LISTED) || lua_rawlen(L, index) > 0;
    return is_array ? array_to_json(out, L, index, depth + 1, err)
                    : object_to_json(out, L, index, depth + 1, err);
}

static bool string_to_json(json_t **out, lua_State *L, int index, struct err *err)
{
    size_t len;
    const char *text = lua_tolstring(L, index, &len);
    json_t *value = json_stringn(text, len);
    if (value == NULL)
        return err_set(err, "a text is not UTF-8");
    *out = value;
    return true;
}

static bool value_to_json(json_t **out, lua_State *L, int index, unsigned depth, struct err *err)
{
    switch (lua_type(L, index)) {
    case LUA_TNIL:
        *out = json_null();
        return true;
    case LUA_TBOOLEAN:
        *out = json_boolean(lua_toboolean(L, index));
        return true;
    case LUA_TNUMBER:
        if (!lua_isinteger(L, index))
            return err_set(err, "a number must be a whole number");
        *out = json_integer(lua_tointeger(L, index));
        return true;
    case LUA_TSTRING:
        return string_to_json(out, L, index, err);
    case LUA_TTABLE:
        return table_to_json(out, L, index, depth, err);
    default:
        return err_set(err, "a %s is no value here", luaL_typename(L, index));
    }
}

bool api_to_json(json_t **out, lua_State *L, int index, struct err *err)
{
    return value_to_json(out, L, lua_absindex(L, index), 0, err);
}

void api_check_json(lua_State *L, int index, json_t **out)
{
    struct err err = {0};
    if (!api_to_json(out, L, index, &err))
        api_raise(L, &err);
}

static void push_object(lua_State *L, const json_t *value)
{
    lua_createtable(L, 0, (int)json_object_size(value));
    const char *key;
    json_t *member;
    union {
        const json_t *borrowed;
        json_t *value;
    } object = {value};
    json_object_foreach(object.value, key, member)
    {
        api_push_json(L, member);
        lua_setfield(L, -2, key);
    }
}

void api_push_json(lua_State *L, const json_t *value)
{
    luaL_checkstack(L, 4, "JSON is nested too deep");
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        push_object(L, value);
        return;
    case JSON_ARRAY:
        lua_createtable(L, (int)json_array_size(value), 0);
        for (size_t i = 0; i < json_array_size(value); i++) {
            api_push_json(L, json_array_get(value, i));
            lua_rawseti(L, -2, (lua_Integer)i + 1);
        }
        luaL_setmetatable(L, LISTED);
        return;
    case JSON_STRING:
        lua_pushlstring(L, json_string_value(value), json_string_length(value));
        return;
    case JSON_INTEGER:
        lua_pushinteger(L, json_integer_value(value));
        return;
    case JSON_REAL:
        lua_pushnumber(L, json_real_value(value));
        return;
    default:
        if (json_is_null(value))
            lua_pushnil(L);
        else
            lua_pushboolean(L, json_is_true(value));
        return;
    }
}

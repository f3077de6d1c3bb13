/* api.h - what the binding files share. One file a domain type: api_key.c binds key.h, and so on.
 *
 * A function that Lua calls checks its arguments first, pushes an empty box, does the work without a
 * lua_State, and raises last: luaL_error is a longjmp that skips cleanups. Everything raises; nothing returns
 * nil and a message.
 */
#ifndef VERGER_API_H
#define VERGER_API_H

#include "../ceremony/json.h"
#include "state.h"

#include <lua5.4/lauxlib.h>

/* Register module host.<name>; called by state_open. The module's functions are in `functions`. */
void api_module(lua_State *L, const char *name, const luaL_Reg *functions);
/* Register a type: metatable `type` with methods and a __gc that calls `release` on the pointer in the box.
 */
void api_type(lua_State *L, const char *type, const luaL_Reg *methods, lua_CFunction gc);

/* A box for a pointer of that type, empty, on the stack; its owner is Lua from the moment it is filled. */
void **api_box(lua_State *L, const char *type);
/* The pointer in the box at `index`, or an argument error. */
void *api_unbox(lua_State *L, int index, const char *type);
/* As api_unbox, but nil gives NULL. */
void *api_unbox_optional(lua_State *L, int index, const char *type);

/* A box for bytes, empty, on the stack. api_bytes_push replaces nothing: it pushes the content as a string.
 */
struct bytes *api_bytes(lua_State *L);
int api_bytes_push(lua_State *L, const struct bytes *b);
/* A box for a JSON value, empty, on the stack; decref'd by Lua. */
json_t **api_json(lua_State *L);

/* A string argument as bytes that must not be freed or changed, valid while the argument is on the stack. */
struct bytes api_view(lua_State *L, int index);
/* The same of what may also be a private text in a box of its own (API_SECRET): a key's file. */
struct bytes api_view_private(lua_State *L, int index);
/* A string without a zero byte in it. */
const char *api_text(lua_State *L, int index);
/* Fields of the table at `index`. The string stays valid while the table holds it. */
const char *api_field_text(lua_State *L, int index, const char *field);
const char *api_field_text_optional(lua_State *L, int index, const char *field);
bool api_field_boolean(lua_State *L, int index, const char *field);
lua_Integer api_field_integer(lua_State *L, int index, const char *field);

/* Raise the error's text. Never returns; the int is for `return api_raise(...)`. */
int api_raise(lua_State *L, const struct err *err);
/* Raise {wrong_password = true, message = text}. */
int api_raise_password(lua_State *L, const struct err *err);

/* Lua value at `index` to JSON. Tables made by host.json.object are objects in that order, by host.json.array
 * arrays; others are arrays when they have a [1], else objects. Functions, floats, cycles and depth over 32
 * are errors. */
MUST_CHECK bool api_to_json(json_t **out, lua_State *L, int index, struct err *err);
/* The same as a checked argument: raises. */
void api_check_json(lua_State *L, int index, json_t **out);
void api_push_json(lua_State *L, const json_t *value);

/* One registration function a file. */
void api_open_approval(lua_State *L);
void api_open_authority(lua_State *L);
void api_open_digest(lua_State *L);
void api_open_json(lua_State *L);
void api_open_key(lua_State *L);
void api_open_certificate(lua_State *L);
void api_open_draft(lua_State *L); /* its type; host.certificate has the function */
int api_draft(lua_State *L);
void api_open_request(lua_State *L);
void api_open_crl(lua_State *L);
void api_open_config(lua_State *L);
void api_open_file(lua_State *L);
void api_open_lint(lua_State *L);
void api_open_medium(lua_State *L);
void api_open_page(lua_State *L);
void api_open_record(lua_State *L);
void api_open_home(lua_State *L);
void api_open_register(lua_State *L);
void api_open_remake(lua_State *L);
void api_open_room(lua_State *L);
void api_open_script(lua_State *L);
void api_open_share(lua_State *L);
int api_open_visible(lua_State *L); /* as a module of its own, left on the stack */

#endif

/* host.file: the few things that a walk does with files outside of pages. */
#include "../ceremony/file.h"

#include "../ceremony/secret.h"
#include "api.h"
#include "api_types.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* host.file.read(path) -> bytes, of a regular file of at most 4 MiB */
static int l_read(lua_State *L)
{
    const char *path = api_text(L, 1);
    struct bytes *content = api_bytes(L);
    struct err err = {0};
    if (!file_read(content, path, FILE_MAX_SMALL, &err))
        return api_raise(L, &err);
    return api_bytes_push(L, content);
}

/* host.file.read_private(path) -> secret: a private key's file, which others must not be able to read or
 * write */
static int l_read_private(lua_State *L)
{
    const char *path = api_text(L, 1);
    struct secret **content = (struct secret **)api_box(L, API_SECRET);
    struct err err = {0};
    if (!secret_read_key(content, path, &err))
        return api_raise(L, &err);
    return 1;
}

/* host.file.write(path, bytes): a new file, mode 0600 (rehearsals only) */
static int l_write(lua_State *L)
{
    const char *path = api_text(L, 1);
    struct bytes content = api_view(L, 2);
    struct err err = {0};
    if (!file_create(path, content.data, content.len, 0600, &err))
        return api_raise(L, &err);
    return 0;
}

/* host.file.exists(path) -> boolean */
static int l_exists(lua_State *L)
{
    lua_pushboolean(L, file_exists(api_text(L, 1)));
    return 1;
}

/* host.file.is_folder(path) -> boolean; a link to a folder counts */
static int l_is_folder(lua_State *L)
{
    struct stat st;
    lua_pushboolean(L, stat(api_text(L, 1), &st) == 0 && S_ISDIR(st.st_mode));
    return 1;
}

static bool list_folder(json_t **out, const char *path, struct err *err)
{
    OWN_STRUCT(names) names = {0};
    if (!folder_list(&names, path, err))
        return false;
    *out = json_array();
    for (size_t i = 0; i < names.count; i++)
        json_array_append_new(*out, json_string(names.name[i]));
    return true;
}

/* host.file.list(path) -> names, sorted */
static int l_list(lua_State *L)
{
    const char *path = api_text(L, 1);
    json_t **list = api_json(L);
    struct err err = {0};
    if (!list_folder(list, path, &err))
        return api_raise(L, &err);
    api_push_json(L, *list);
    return 1;
}

static bool make_folder(const char *path, struct err *err)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return folder_make(path, 0700, err);
    return S_ISDIR(st.st_mode) || err_set(err, "%s: is there, and is no folder", path);
}

/* host.file.make_folder(path): mode 0700; one that is there is fine */
static int l_make_folder(lua_State *L)
{
    const char *path = api_text(L, 1);
    struct err err = {0};
    if (!make_folder(path, &err))
        return api_raise(L, &err);
    return 0;
}

/* host.file.make_new_folder(path): mode 0700; one that is there is an error */
static int l_make_new_folder(lua_State *L)
{
    const char *path = api_text(L, 1);
    struct err err = {0};
    if (file_exists(path) ? !err_set(&err, "%s: is there already; remove it first", path)
                          : !folder_make(path, 0700, &err))
        return api_raise(L, &err);
    return 0;
}

/* host.file.remove_folder(path): with all in it */
static int l_remove_folder(lua_State *L)
{
    const char *path = api_text(L, 1);
    struct err err = {0};
    if (!folder_remove(path, &err))
        return api_raise(L, &err);
    return 0;
}

static bool inventory(json_t **out, const char *authority, const char *folder, struct err *err)
{
    OWN(char) *path = path_join(authority, folder);
    OWN_STRUCT(names) names = {0};
    if (!folder_list(&names, path, err))
        return false;
    *out = json_array();
    for (size_t i = 0; i < names.count; i++) {
        OWN(char) *file = path_join(path, names.name[i]);
        OWN(char) *relative = path_join(folder, names.name[i]);
        struct stat st;
        if (lstat(file, &st) != 0)
            return err_errno(err, "%s: cannot be examined", file);
        if (!S_ISREG(st.st_mode))
            return err_set(err, "%s: is no regular file; nothing like that is made here, so look at it first",
                           file);
        json_array_append_new(*out,
                              json_pack("{s:s, s:I}", "path", relative, "size", (json_int_t)st.st_size));
    }
    return true;
}

/* host.file.inventory(authority, folder) -> {{path = "certs/...", size}}; regular files only, or raises */
static int l_inventory(lua_State *L)
{
    const char *authority = api_text(L, 1);
    const char *folder = api_text(L, 2);
    json_t **list = api_json(L);
    struct err err = {0};
    if (!inventory(list, authority, folder, &err))
        return api_raise(L, &err);
    api_push_json(L, *list);
    return 1;
}

static bool purge(const char *authority, const char *relative, struct err *err)
{
    OWN(char) *path = path_join(authority, relative);
    if (!file_remove(path, err))
        return false;
    return !file_exists(path) || err_set(err, "%s: is still there after it was unlinked", path);
}

/* host.file.purge(authority, path): unlinks the file, makes that durable, and asserts that it is gone */
static int l_purge(lua_State *L)
{
    const char *authority = api_text(L, 1);
    const char *path = api_text(L, 2);
    luaL_argcheck(L, path_is_safe(path), 2, "must be a safe relative path");
    struct err err = {0};
    if (!purge(authority, path, &err))
        return api_raise(L, &err);
    return 0;
}

/* The real path, also of what is not there yet: links are followed as far as there is something. The caller
 * frees; NULL when it cannot be told. */
static char *real_path(const char *path, struct err *err)
{
    struct stat st;
    char *resolved = realpath(path, NULL);
    if (resolved != NULL)
        return resolved;
    if (errno != ENOENT) {
        err_errno(err, "%s: cannot be found", path);
        return NULL;
    }
    if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
        err_set(err, "%s: is a symbolic link that leads nowhere; name the folder itself", path);
        return NULL;
    }
    OWN(char) *plain = text_copy(path);
    for (size_t len = strlen(plain); len > 1 && plain[len - 1] == '/'; len--)
        plain[len - 1] = 0;
    const char *name = path_name(plain);
    OWN(char) *parent = name > plain ? text_format("%.*s", (int)(name - plain), plain) : text_copy(".");
    OWN(char) *folder = real_path(parent, err);
    return folder != NULL ? path_join(folder, name) : NULL;
}

/* host.file.real(path) -> absolute path without links */
static int l_real(lua_State *L)
{
    const char *path = api_text(L, 1);
    struct bytes *box = api_bytes(L);
    struct err err = {0};
    box->data = (unsigned char *)real_path(path, &err);
    if (box->data == NULL)
        return api_raise(L, &err);
    box->len = strlen((const char *)box->data);
    return api_bytes_push(L, box);
}

static bool is_inside(bool *inside, const char *inner, const char *outer, struct err *err)
{
    OWN(char) *one = real_path(inner, err);
    OWN(char) *other = one != NULL ? real_path(outer, err) : NULL;
    if (other == NULL)
        return false;
    size_t len = strlen(other);
    *inside = strncmp(one, other, len) == 0 && (one[len] == 0 || one[len] == '/' || strcmp(other, "/") == 0);
    return true;
}

/* host.file.is_inside(a, b) -> whether a is b or lies in it, links resolved, be they there or not */
static int l_is_inside(lua_State *L)
{
    const char *inner = api_text(L, 1);
    const char *outer = api_text(L, 2);
    bool inside = false;
    struct err err = {0};
    if (!is_inside(&inside, inner, outer, &err))
        return api_raise(L, &err);
    lua_pushboolean(L, inside);
    return 1;
}

/* host.file.check_room(path, bytes): raises unless its file system has so much free space */
static int l_check_room(lua_State *L)
{
    const char *path = api_text(L, 1);
    lua_Integer bytes = luaL_checkinteger(L, 2);
    luaL_argcheck(L, bytes >= 0, 2, "must not be negative");
    struct err err = {0};
    return folder_has_room(path, (size_t)bytes, &err) ? 0 : api_raise(L, &err);
}

static const luaL_Reg file_functions[] = {
    {"check_room", l_check_room},
    {"read", l_read},
    {"read_private", l_read_private},
    {"write", l_write},
    {"exists", l_exists},
    {"is_folder", l_is_folder},
    {"list", l_list},
    {"make_folder", l_make_folder},
    {"make_new_folder", l_make_new_folder},
    {"remove_folder", l_remove_folder},
    {"inventory", l_inventory},
    {"purge", l_purge},
    {"real", l_real},
    {"is_inside", l_is_inside},
    {NULL, NULL},
};

void api_open_file(lua_State *L)
{
    api_module(L, "file", file_functions);
}

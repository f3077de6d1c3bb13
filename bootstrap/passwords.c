#include "passwords.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static void password_free(struct password *p)
{
    free(p->name);
    free(p->path);
    secret_free(p->secret);
}

void passwords_free(struct passwords *p)
{
    for (size_t i = 0; i < p->count; i++)
        password_free(&p->list[i]);
    free(p->list);
    *p = (struct passwords){0};
}

const struct password *passwords_find(const struct passwords *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->list[i].name, name) == 0)
            return &p->list[i];
    return NULL;
}

const char **passwords_names(const struct passwords *p)
{
    const char **list = memory_new(p->count + 1, sizeof *list);
    for (size_t i = 0; i < p->count; i++)
        list[i] = p->list[i].name;
    return list;
}

static bool is_below(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    while (len > 0 && folder[len - 1] == '/')
        len--;
    return strncmp(path, folder, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static bool judge_place(const char *path, const char *const *public, struct err *err)
{
    char real[PATH_MAX];
    if (realpath(path, real) == NULL)
        return err_errno(err, "%s: password file cannot be located", path);
    for (; *public != NULL; public ++) {
        char folder[PATH_MAX];
        if (realpath(*public, folder) == NULL) {
            if (errno == ENOENT)
                continue;
            return err_errno(err, "%s: cannot be located", *public);
        }
        if (is_below(real, folder))
            return err_set(err,
                           "%s: a password file must not lie under %s, which is carried or copied; "
                           "keep it elsewhere",
                           path, *public);
    }
    return true;
}

static bool read_one(struct password *out, const char *argument, const char *const *public, struct err *err)
{
    const char *equals = strchr(argument, '=');
    if (equals == NULL)
        return err_set(err, "\"%s\" is not NAME=FILE", argument);
    const char *path = equals + 1;
    if (!secret_read(&out->secret, path, err))
        return false;
    out->path = text_copy(path);
    out->name = text_format("%.*s", (int)(equals - argument), argument);
    return judge_place(path, public, err);
}

bool passwords_read(struct passwords *out, const char *const *arguments, const char *const *public,
                    struct err *err)
{
    OWN_STRUCT(passwords) all = {0};
    size_t count = 0;
    while (arguments[count] != NULL)
        count++;
    all.list = memory_new(count + 1, sizeof *all.list);
    for (size_t i = 0; i < count; i++) {
        struct password *one = &all.list[i];
        all.count = i + 1;
        if (!read_one(one, arguments[i], public, err))
            return false;
        const struct password *first = passwords_find(&all, one->name);
        if (first != one)
            return err_set(err, "\"%s\" has two password files, %s and %s: give one", one->name, first->path,
                           one->path);
    }
    *out = all;
    all = (struct passwords){0};
    return true;
}

#include "ledger.h"

#include "../ceremony/file.h"
#include "ledger_commit.h"
#include "ledger_layout.h"
#include "ledger_objects.h"
#include "loose.h"
#include "sshsig.h"

#include <git2.h>
#include <string.h>
#include <strings.h>

#define NAMESPACE "git"

void objects_free(struct objects *o)
{
    for (size_t i = 0; i < o->count; i++)
        bytes_free(&o->object[i].data);
    free(o->object);
    *o = (struct objects){0};
}

static bool git_fail(struct err *err, const char *what)
{
    const git_error *last = git_error_last();
    return err_set(err, "%s: %s", what,
                   last != NULL && last->message != NULL ? last->message : "libgit2 failed");
}

/* Once a process, at first use: it costs ten milliseconds (libgit2 loads trust stores for networking), so
 * only commands that touch the ledger pay. Nobody's git configuration has a say in a ledger. */
static bool git_start(struct err *err)
{
    int users = git_libgit2_init();
    if (users < 0)
        return git_fail(err, "libgit2 cannot start");
    if (users > 1)
        return git_libgit2_shutdown() >= 0 || git_fail(err, "libgit2 cannot be counted down");
    static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
                                 GIT_CONFIG_LEVEL_GLOBAL};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        if (git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "") < 0)
            return git_fail(err, "libgit2 cannot be kept from reading configuration");
    return true;
}

static bool object_id(char id[LEDGER_ID], const struct bytes *data, git_object_t type, struct err *err)
{
    git_oid oid;
    if (git_odb_hash(&oid, bytes_string(data), data->len, type) < 0)
        return git_fail(err, "a git object cannot be hashed");
    git_oid_tostr(id, LEDGER_ID, &oid);
    return true;
}

static struct object *object_new(struct objects *all)
{
    struct object *grown = reallocarray(all->object, all->count + 1, sizeof *grown);
    if (grown == NULL)
        abort();
    all->object = grown;
    grown[all->count] = (struct object){0};
    return &grown[all->count++];
}

/* Takes the data over. */
static bool objects_add(struct objects *all, char id[LEDGER_ID], struct bytes *data, git_object_t type,
                        struct err *err)
{
    if (!object_id(id, data, type, err))
        return false;
    struct object *added = object_new(all);
    *added = (struct object){.type = git_object_type2string(type), .size = data->len};
    digest_hex(added->sha256, data->data, data->len);
    added->data = bytes_give(data);
    memcpy(added->id, id, LEDGER_ID);
    return true;
}

static void tree_entry(struct bytes *out, const char *mode, const char *name, size_t name_len, const char *id)
{
    git_oid oid;
    bytes_format(out, "%s %.*s", mode, (int)name_len, name);
    bytes_add(out, "", 1);
    /* An id that came from git_oid_tostr always parses. */
    if (git_oid_fromstr(&oid, id) < 0)
        abort();
    bytes_add(out, oid.id, sizeof oid.id);
}

/* Names that git itself would act on are not content. */
static bool component_check(const char *name, size_t len, const char *path, struct err *err)
{
    static const char *const reserved[] = {"", ".", "..", ".git", ".gitmodules"};
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++)
        if (len == strlen(reserved[i]) && strncasecmp(name, reserved[i], len) == 0)
            return err_set(err, "%s: such a name cannot stand in the ledger; name the file otherwise", path);
    return true;
}

/* Whether one of the files in [file, end) is called as the first `len` bytes of `path`. */
static bool name_is_taken(const struct ledger_file *file, const struct ledger_file *end, const char *path,
                          size_t len)
{
    for (; file < end; file++)
        if (strlen(file->path) == len && strncmp(file->path, path, len) == 0)
            return true;
    return false;
}

static bool blob_add(struct objects *all, char id[LEDGER_ID], const struct ledger_file *file, struct err *err)
{
    if (file->id[0] == '\0') {
        OWN_STRUCT(bytes) copy = bytes_copy(file->data.data, file->data.len);
        return objects_add(all, id, &copy, GIT_OBJECT_BLOB, err);
    }
    struct object *added = object_new(all);
    *added = (struct object){.type = git_object_type2string(GIT_OBJECT_BLOB), .size = file->size};
    memcpy(added->id, file->id, LEDGER_ID);
    memcpy(added->sha256, file->sha256, DIGEST_HEX);
    memcpy(id, file->id, LEDGER_ID);
    return true;
}

/* The tree of the files in [file, end), whose paths share their first `depth` bytes. Sorted by whole path
 * they are in git's order too: there a folder sorts as if its name ended with '/'. */
static bool tree_add(struct objects *all, char id[LEDGER_ID], const struct ledger_file *file,
                     const struct ledger_file *end, size_t depth, struct err *err)
{
    OWN_STRUCT(bytes) entries = {0};
    const struct ledger_file *const first = file;
    while (file < end) {
        const char *name = file->path + depth;
        size_t len = strcspn(name, "/");
        bool is_folder = name[len] == '/';
        char entry[LEDGER_ID];
        const struct ledger_file *next = file + 1;
        if (!component_check(name, len, file->path, err))
            return false;
        if (is_folder && name_is_taken(first, file, file->path, depth + len))
            return err_set(err, "%s: its folder is a file as well", file->path);
        while (is_folder && next < end && strncmp(next->path, file->path, depth + len + 1) == 0)
            next++;
        if (is_folder ? !tree_add(all, entry, file, next, depth + len + 1, err)
                      : !blob_add(all, entry, file, err))
            return false;
        tree_entry(&entries, is_folder ? "40000" : "100644", name, len, entry);
        file = next;
    }
    return objects_add(all, id, &entries, GIT_OBJECT_TREE, err);
}

static bool tree_objects(struct objects *all, char id[LEDGER_ID], const struct ledger_tree *tree,
                         struct err *err)
{
    return git_start(err) && tree_add(all, id, tree->file, tree->file + tree->count, 0, err);
}

bool ledger_tree_id(char id[LEDGER_ID], const struct ledger_tree *tree, struct err *err)
{
    OWN_STRUCT(objects) all = {0};
    return tree_objects(&all, id, tree, err);
}

bool ledger_commit_make(struct bytes *raw, char id[LEDGER_ID], const struct ledger_commit *commit,
                        const struct key *key, struct err *err)
{
    char tree[LEDGER_ID];
    OWN_STRUCT(bytes) unsigned_part = {0};
    OWN_STRUCT(bytes) signature = {0};
    OWN_STRUCT(bytes) made = {0};
    if (!ledger_tree_id(tree, commit->tree, err) ||
        !ledger_commit_format(&unsigned_part, commit, tree, NULL, err) ||
        !sshsig_make(&signature, key, NAMESPACE, &unsigned_part, err) ||
        !ledger_commit_format(&made, commit, tree, &signature, err) ||
        !object_id(id, &made, GIT_OBJECT_COMMIT, err))
        return false;
    bytes_free(raw);
    *raw = bytes_give(&made);
    return true;
}

bool ledger_commit_parse(struct ledger_commit_read *out, const struct bytes *raw, struct err *err)
{
    OWN_STRUCT(ledger_commit_read) found = {0};
    if (!git_start(err) || !ledger_commit_text(&found, raw, err) ||
        !object_id(found.id, raw, GIT_OBJECT_COMMIT, err))
        return false;
    *out = found;
    found = (struct ledger_commit_read){0};
    return true;
}

char *object_path(const char *repository, const char *id)
{
    return text_format("%s/objects/%.2s/%s", repository, id, id + 2);
}

/* What is there already under its id stays: ledger_check is what compares. The temporary lies in objects/,
 * where what a crash leaves of it is found. */
static bool object_write(const char *repository, const struct object *object, struct err *err)
{
    OWN(char) *path = object_path(repository, object->id);
    OWN(char) *folder = text_format("%s/objects/%.2s", repository, object->id);
    OWN(char) *temporary = text_format("%s/objects/" LEDGER_TEMPORARY, repository);
    OWN_STRUCT(bytes) file = {0};
    if (file_exists(path))
        return true;
    loose_format(&file, object->type, &object->data);
    return folder_make(folder, 0755, err) && file_create(temporary, file.data, file.len, 0444, err) &&
           file_rename(temporary, path, err);
}

static bool objects_write(const char *repository, const struct objects *all, struct err *err)
{
    for (size_t i = 0; i < all->count; i++)
        if (!object_write(repository, &all->object[i], err))
            return false;
    return true;
}

bool objects_of_commit(struct objects *all, const struct bytes *raw, const struct ledger_tree *tree,
                       struct ledger_commit_read *commit, struct err *err)
{
    char tree_id[LEDGER_ID], commit_id[LEDGER_ID];
    OWN_STRUCT(bytes) copy = bytes_copy(raw->data, raw->len);
    if (!ledger_commit_parse(commit, raw, err) || !tree_objects(all, tree_id, tree, err))
        return false;
    if (strcmp(tree_id, commit->tree) != 0)
        return err_set(err, "commit %s is of another tree than its page's files make (%s)", commit->id,
                       tree_id);
    return objects_add(all, commit_id, &copy, GIT_OBJECT_COMMIT, err);
}

bool ledger_write(const char *path, const struct ledger_tree *tree, const struct bytes *raw, struct err *err)
{
    OWN_STRUCT(objects) all = {0};
    OWN_STRUCT(ledger_commit_read) commit = {0};
    return leftovers_remove(path, err) && ledger_check_config(path, err) &&
           objects_of_commit(&all, raw, tree, &commit, err) && objects_write(path, &all, err) &&
           reference_move(path, commit.parent, commit.id, err);
}

void ledger_library(char version[32])
{
    int major = 0, minor = 0, revision = 0;
    git_libgit2_version(&major, &minor, &revision);
    snprintf(version, 32, "%d.%d.%d", major, minor, revision);
}

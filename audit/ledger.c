#include "ledger.h"

#include "../ceremony/file.h"
#include "ledger_commit.h"
#include "ledger_layout.h"
#include "sshsig.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <string.h>
#include <strings.h>

#define NAMESPACE "git"

OWN_DEFINE(git_odb, git_odb_free);
OWN_DEFINE(git_odb_object, git_odb_object_free);

struct object {
    char id[LEDGER_ID];
    git_object_t type;
    struct bytes data;
};
struct objects {
    struct object *object;
    size_t count;
};

static void objects_free(struct objects *o)
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

/* Takes the data over. */
static bool objects_add(struct objects *all, char id[LEDGER_ID], struct bytes *data, git_object_t type,
                        struct err *err)
{
    if (!object_id(id, data, type, err))
        return false;
    struct object *grown = reallocarray(all->object, all->count + 1, sizeof *grown);
    if (grown == NULL)
        abort();
    all->object = grown;
    struct object *added = &grown[all->count++];
    *added = (struct object){.type = type, .data = bytes_give(data)};
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

static bool blob_add(struct objects *all, char id[LEDGER_ID], const struct bytes *data, struct err *err)
{
    OWN_STRUCT(bytes) copy = bytes_copy(data->data, data->len);
    return objects_add(all, id, &copy, GIT_OBJECT_BLOB, err);
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
                      : !blob_add(all, entry, &file->data, err))
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

/* Loose objects and nothing else: no pack, no alternate is looked for. */
static bool odb_open(git_odb **out, const char *repository, struct err *err)
{
    OWN(char) *objects = path_join(repository, "objects");
    OWN(git_odb) *odb = NULL;
    git_odb_backend *loose = NULL;
    const int default_level = -1, fsync = 1, default_mode = 0;
    if (git_odb_new(&odb) < 0 ||
        git_odb_backend_loose(&loose, objects, default_level, fsync, default_mode, default_mode) < 0)
        return git_fail(err, objects);
    if (git_odb_add_backend(odb, loose, 1) < 0) {
        loose->free(loose);
        return git_fail(err, objects);
    }
    *out = GIVE(odb);
    return true;
}

static bool objects_write(const char *repository, const struct objects *all, struct err *err)
{
    OWN(char) *folder = path_join(repository, "objects");
    OWN(git_odb) *odb = NULL;
    if (!odb_open(&odb, repository, err))
        return false;
    for (size_t i = 0; i < all->count; i++) {
        const struct object *object = &all->object[i];
        git_oid oid;
        if (git_odb_write(&oid, odb, bytes_string(&object->data), object->data.len, object->type) < 0)
            return git_fail(err, folder);
    }
    return folder_sync(folder, err);
}

/* All that one commit brings, the commit itself last. */
static bool commit_objects(struct objects *all, const struct bytes *raw, const struct ledger_tree *tree,
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

/* libgit2 says nothing when it cannot remove a temporary of its own: that is seen to here, before and after.
 */
bool ledger_write(const char *path, const struct ledger_tree *tree, const struct bytes *raw, struct err *err)
{
    OWN_STRUCT(objects) all = {0};
    OWN_STRUCT(ledger_commit_read) commit = {0};
    return leftovers_remove(path, err) && ledger_check_config(path, err) &&
           commit_objects(&all, raw, tree, &commit, err) && objects_write(path, &all, err) &&
           reference_move(path, commit.parent, commit.id, err) && leftovers_remove(path, err);
}

static int object_order(const void *a, const void *b)
{
    return strcmp(((const struct object *)a)->id, ((const struct object *)b)->id);
}

/* `name` in `folder` (objects/XX) is the file of an expected object. */
static bool object_is_expected(const struct objects *all, const char *folder, const char *name,
                               struct err *err)
{
    struct object wanted = {0};
    OWN(char) *id = text_format("%s%s", path_name(folder), name);
    OWN(char) *path = path_join(folder, name);
    OWN_STRUCT(bytes) content = {0};
    if (ledger_id_is_legal(id))
        memcpy(wanted.id, id, LEDGER_ID);
    if (all->count == 0 || bsearch(&wanted, all->object, all->count, sizeof wanted, object_order) == NULL)
        return err_set(err, "%s: an object that no page made", path);
    return file_read(&content, path, FILE_MAX_PAGE, err); /* a regular file */
}

static bool folders_check(const char *repository, const struct objects *all, struct err *err)
{
    OWN(char) *objects = path_join(repository, "objects");
    OWN_STRUCT(names) folders = {0};
    if (!file_is_folder(objects))
        return err_set(err, "%s: not a folder", objects);
    if (!folder_list(&folders, objects, err))
        return false;
    for (size_t i = 0; i < folders.count; i++) {
        OWN(char) *folder = path_join(objects, folders.name[i]);
        OWN_STRUCT(names) names = {0};
        if (strlen(folders.name[i]) != 2 || strspn(folders.name[i], "0123456789abcdef") != 2 ||
            !file_is_folder(folder))
            return err_set(err, "%s: does not belong into a ledger, which has loose objects only", folder);
        if (!folder_list(&names, folder, err))
            return false;
        for (size_t n = 0; n < names.count; n++)
            if (!object_is_expected(all, folder, names.name[n], err))
                return false;
    }
    return true;
}

static bool contents_check(const char *repository, const struct objects *all, struct err *err)
{
    OWN(git_odb) *odb = NULL;
    if (!odb_open(&odb, repository, err))
        return false;
    for (size_t i = 0; i < all->count; i++) {
        const struct object *wanted = &all->object[i];
        OWN(git_odb_object) *found = NULL;
        git_oid oid;
        OWN(char) *what = text_format("%s: object %s", repository, wanted->id);
        if (git_oid_fromstr(&oid, wanted->id) < 0 || git_odb_read(&found, odb, &oid) < 0)
            return git_fail(err, what);
        struct bytes data = {.data = (unsigned char *)git_odb_object_data(found),
                             .len = git_odb_object_size(found)};
        if (git_odb_object_type(found) != wanted->type || !bytes_equal(&data, &wanted->data))
            return err_set(err, "%s does not hold what its page says", what);
    }
    return true;
}

bool ledger_check_objects(const char *path, const struct ledger_expected *expected, size_t count,
                          struct err *err)
{
    OWN_STRUCT(objects) all = {0};
    for (size_t i = 0; i < count; i++) {
        OWN_STRUCT(ledger_commit_read) commit = {0};
        if (!commit_objects(&all, &expected[i].commit, &expected[i].tree, &commit, err))
            return false;
    }
    if (all.count != 0)
        qsort(all.object, all.count, sizeof *all.object, object_order);
    return folders_check(path, &all, err) && contents_check(path, &all, err);
}

bool ledger_check_reference(const char *path, const struct ledger_expected *expected, size_t count,
                            struct err *err)
{
    OWN_STRUCT(ledger_commit_read) last = {0};
    char now[LEDGER_ID];
    if (count != 0 && !ledger_commit_parse(&last, &expected[count - 1].commit, err))
        return false;
    if (!reference_read(now, path, err))
        return false;
    if (strcmp(now, last.id) != 0)
        return err_set(err, "%s: main is at %s, and the newest page's commit is %s", path,
                       now[0] != '\0' ? now : "nothing", last.id[0] != '\0' ? last.id : "none");
    return true;
}

bool ledger_check(const char *path, const struct ledger_expected *expected, size_t count, struct err *err)
{
    return ledger_check_config(path, err) && ledger_check_objects(path, expected, count, err) &&
           ledger_check_reference(path, expected, count, err);
}

void ledger_library(char version[32])
{
    int major = 0, minor = 0, revision = 0;
    git_libgit2_version(&major, &minor, &revision);
    snprintf(version, 32, "%d.%d.%d", major, minor, revision);
}

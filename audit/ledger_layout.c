#include "ledger_layout.h"

#include "../ceremony/file.h"

#include <string.h>

#define MAIN "refs/heads/main"
#define HEAD_TEXT "ref: " MAIN "\n"
#define REPLACING ".verger-new" /* how file_replace ends a name */

const char ledger_config[] = "[core]\n\trepositoryformatversion = 0\n\tfilemode = false\n\tbare = true\n";

/* A file of the repository that has one right content. */
static bool fixed_check(const char *repository, const char *name, const char *text, struct err *err)
{
    OWN(char) *path = path_join(repository, name);
    OWN_STRUCT(bytes) found = {0};
    if (!file_read(&found, path, FILE_MAX_SMALL, err))
        return false;
    if (strlen(text) != found.len || memcmp(found.data, text, found.len) != 0)
        return err_set(err, "%s: not the bytes that verger writes; do not run git there before you know why",
                       path);
    return true;
}

static bool fixed_make(const char *repository, const char *name, const char *text, struct err *err)
{
    OWN(char) *path = path_join(repository, name);
    if (file_exists(path))
        return fixed_check(repository, name, text, err);
    return file_replace(path, text, strlen(text), 0644, err);
}

bool ledger_init(const char *path, struct err *err)
{
    OWN(char) *objects = path_join(path, "objects");
    OWN(char) *refs = path_join(path, "refs");
    OWN(char) *heads = path_join(refs, "heads");
    return folder_make(path, 0755, err) && folder_make(objects, 0755, err) && folder_make(refs, 0755, err) &&
           folder_make(heads, 0755, err) && fixed_make(path, "HEAD", HEAD_TEXT, err) &&
           fixed_make(path, "config", ledger_config, err);
}

static bool leftover_is(const char *name)
{
    size_t len = strlen(name);
    return strcmp(name, LEDGER_TEMPORARY) == 0 ||
           (len > strlen(REPLACING) && strcmp(name + len - strlen(REPLACING), REPLACING) == 0);
}

static bool leftovers_remove_in(const char *folder, struct err *err)
{
    OWN_STRUCT(names) names = {0};
    if (!folder_list(&names, folder, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        OWN(char) *path = path_join(folder, names.name[i]);
        if (leftover_is(names.name[i]) && !file_remove(path, err))
            return false;
    }
    return true;
}

bool leftovers_remove(const char *repository, struct err *err)
{
    OWN(char) *objects = path_join(repository, "objects");
    OWN(char) *heads = path_join(repository, "refs/heads");
    return leftovers_remove_in(repository, err) && leftovers_remove_in(objects, err) &&
           leftovers_remove_in(heads, err);
}

bool reference_read(char id[LEDGER_ID], const char *repository, struct err *err)
{
    OWN(char) *path = path_join(repository, MAIN);
    OWN_STRUCT(bytes) text = {0};
    id[0] = '\0';
    if (!file_exists(path))
        return true;
    if (!file_read(&text, path, FILE_MAX_SMALL, err))
        return false;
    char *line = (char *)text.data;
    if (text.len != LEDGER_ID || line[LEDGER_ID - 1] != '\n')
        return err_set(err, "%s: not the id of a commit", path);
    line[LEDGER_ID - 1] = '\0';
    if (!ledger_id_is_legal(line))
        return err_set(err, "%s: not the id of a commit", path);
    memcpy(id, line, LEDGER_ID);
    return true;
}

bool reference_move(const char *repository, const char *parent, const char *id, struct err *err)
{
    OWN(char) *path = path_join(repository, MAIN);
    OWN(char) *line = text_format("%s\n", id);
    char now[LEDGER_ID];
    if (!reference_read(now, repository, err))
        return false;
    if (strcmp(now, id) == 0)
        return true;
    if (strcmp(now, parent) != 0)
        return err_set(err, "%s: main is at %s where %s was expected; the ledger and the pages have parted",
                       path, now[0] != '\0' ? now : "nothing", parent[0] != '\0' ? parent : "nothing");
    return file_replace(path, line, strlen(line), 0644, err);
}

static bool names_are(const char *folder, const char *const *expected, struct err *err)
{
    OWN_STRUCT(names) names = {0};
    if (!file_is_folder(folder))
        return err_set(err, "%s: not a folder", folder);
    if (!folder_list(&names, folder, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        const char *const *known = expected;
        while (*known != NULL && strcmp(*known, names.name[i]) != 0)
            known++;
        if (*known == NULL)
            return err_set(err, "%s/%s: does not belong into a ledger", folder, names.name[i]);
    }
    return true;
}

bool ledger_check_config(const char *path, struct err *err)
{
    static const char *const top[] = {"HEAD", "config", "objects", "refs", NULL};
    static const char *const in_refs[] = {"heads", NULL};
    static const char *const in_heads[] = {"main", NULL};
    OWN(char) *refs = path_join(path, "refs");
    OWN(char) *heads = path_join(refs, "heads");
    return names_are(path, top, err) && names_are(refs, in_refs, err) && names_are(heads, in_heads, err) &&
           fixed_check(path, "HEAD", HEAD_TEXT, err) && fixed_check(path, "config", ledger_config, err);
}

#include "trial.h"

/* By itself and, where it is one, by the members of an archive. */
static bool holds_no_key(const struct bytes *content, const char *name)
{
    OWN_STRUCT(tarball) itself = {0};
    OWN_STRUCT(tarball) members = {0};
    struct err reason = {0};
    tarball_add(&itself, name, content->data, content->len);
    return tarball_holds_no_key(&itself, &reason) &&
           (!tarball_read(&members, content, name, &reason) || tarball_holds_no_key(&members, &reason));
}

static void file_judge(struct trial *t, const char *path, const char *name)
{
    OWN_STRUCT(bytes) content = {0};
    struct err err = {0};
    if (!file_read(&content, path, FILE_MAX_PAGE, &err)) {
        checks_add(&t->checks, CHECK_RECORD_LAYOUT, NO_PAGE, false, &err);
        return;
    }
    bool bare =
        holds_no_key(&content, name) ||
        err_set(&err, "%s: holds a private key, and nothing secret goes into a record; take it away", name);
    checks_add(&t->checks, CHECK_SECRET_NONE, NO_PAGE, bare, &err);
}

static void folder_judge(struct trial *t, const char *folder, const char *prefix)
{
    OWN_STRUCT(names) names = {0};
    struct err err = {0};
    if (!folder_list(&names, folder, &err))
        checks_add(&t->checks, CHECK_RECORD_LAYOUT, NO_PAGE, false, &err);
    for (size_t i = 0; i < names.count; i++) {
        OWN(char) *path = path_join(folder, names.name[i]);
        OWN(char) *name = path_join(prefix, names.name[i]);
        if (file_is_folder(path))
            folder_judge(t, path, name);
        else
            file_judge(t, path, name);
    }
}

/* What a cut-off step left may be the beginning of anything, and is no part of the record yet; but nothing
 * secret may lie there, nor what is no plain file. */
void trial_staging(struct trial *t)
{
    OWN(char) *folder = path_join(t->options->record, TRIAL_STAGING);
    if (t->cut_off)
        folder_judge(t, folder, TRIAL_STAGING);
}

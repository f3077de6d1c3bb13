#include "secrets.h"
#include "trial.h"

/* By itself and, where it is one, by the members of an archive. */
static bool holds_no_secret(const struct bytes *content, const char *name, struct err *err)
{
    OWN_STRUCT(tarball) members = {0};
    struct err not_tar = {0};
    if (!bytes_hold_no_secret(content, name, err))
        return false;
    if (!tarball_read(&members, content, name, &not_tar))
        return true;
    for (size_t i = 0; i < members.count; i++)
        if (!bytes_hold_no_secret(&members.member[i].data, members.member[i].name, err))
            return err_wrap(err, "%s", name);
    return true;
}

static void file_judge(struct trial *t, const char *path, const char *name)
{
    OWN_STRUCT(bytes) content = {0};
    struct err err = {0};
    if (!file_read(&content, path, FILE_MAX_PAGE, &err)) {
        checks_add(&t->checks, CHECK_RECORD_LAYOUT, NO_PAGE, false, &err);
        return;
    }
    bool bare = holds_no_secret(&content, name, &err);
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

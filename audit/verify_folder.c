#include "trial.h"

#include "timestamp.h"

#include <string.h>

#define SEAL_END ".p7s"

static bool is_of(const char *text, size_t len, const char *allowed, size_t most)
{
    return len >= 1 && len <= most && strspn(text, allowed) >= len;
}

static const char slug_letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

/* Length of a leading "NNNNNN-slug.tar", or 0. */
static size_t page_part(const char *name)
{
    if (strspn(name, "0123456789") != 6 || name[6] != '-')
        return 0;
    size_t slug = strcspn(name + 7, ".");
    if (!is_of(name + 7, slug, slug_letters, 60) || strncmp(name + 7 + slug, ".tar", 4) != 0)
        return 0;
    return 7 + slug + 4;
}

/* "NNNNNN-slug.tar.LABEL.p7s" */
static bool is_seal(const char *name)
{
    size_t page = page_part(name), len = strlen(name), end = strlen(SEAL_END);
    return page != 0 && name[page] == '.' && len > page + 1 + end &&
           strcmp(name + len - end, SEAL_END) == 0 &&
           is_of(name + page + 1, len - end - page - 1, slug_letters, 60);
}

static void page_add(struct trial *t, size_t at)
{
    t->place[t->count++] = (struct place){.page = (unsigned)at};
}

/* Seals sort behind their page, with nothing between. */
static bool seal_add(struct trial *t, size_t at)
{
    const char *name = t->names.name[at];
    size_t len = page_part(name);
    struct place *last = t->count > 0 ? &t->place[t->count - 1] : NULL;
    if (last == NULL)
        return false;
    const char *page = t->names.name[last->page];
    if (strlen(page) != len || strncmp(page, name, len) != 0)
        return false;
    last->seals++;
    return true;
}

/* A seal goes into place just before its page (verger-record(5), crashes): that of the next page may lie
 * there alone. */
static bool seal_waits(const struct trial *t, const char *folder, const char *name)
{
    OWN(char) *staging = path_join(folder, TRIAL_STAGING);
    return strtoul(name, NULL, 10) == t->count && file_is_folder(staging);
}

static bool name_sort(struct trial *t, const char *folder, size_t at, struct err *err)
{
    const char *name = t->names.name[at];
    OWN(char) *path = path_join(folder, name);
    size_t page = page_part(name);
    if (strcmp(name, "ledger.git") == 0 || strcmp(name, "signers") == 0 ||
        strcmp(name, TIMESTAMP_FOLDER) == 0)
        return file_is_folder(path) || err_set(err, "%s: not a folder", name);
    if (strcmp(name, TRIAL_STAGING) == 0) {
        t->cut_off = true;
        checks_note(&t->checks, "A step was under way or was cut off (" TRIAL_STAGING
                                " is there): run verger again at its "
                                "station before judging this record.");
        return file_is_folder(path) || err_set(err, "%s: not a folder", name);
    }
    if (page != 0 && name[page] == '\0') {
        page_add(t, at);
        return true;
    }
    if (!is_seal(name))
        return err_set(err, "%s: does not belong into a record", name);
    if (seal_add(t, at))
        return true;
    if (!seal_waits(t, folder, name))
        return err_set(err, "%s: a seal without its page", name);
    checks_note(&t->checks, "%s waits for its page.", name);
    return true;
}

static bool folder_is_there(const char *folder, const char *name, struct err *err)
{
    OWN(char) *path = path_join(folder, name);
    return file_exists(path) || err_set(err, "%s: is missing", name);
}

bool trial_folder(struct trial *t, struct err *err)
{
    const char *folder = t->options->record;
    if (!folder_list(&t->names, folder, err))
        return false;
    bool clean = true;
    t->place = memory_new(t->names.count + 1, sizeof *t->place);
    for (size_t i = 0; i < t->names.count; i++) {
        struct err fault = {0};
        if (!name_sort(t, folder, i, &fault))
            clean = checks_add(&t->checks, CHECK_RECORD_LAYOUT, NO_PAGE, false, &fault);
    }
    static const char *const needed[] = {"ledger.git", "signers"};
    for (size_t i = 0; i < 2; i++) {
        struct err fault = {0};
        if (!folder_is_there(folder, needed[i], &fault))
            clean = checks_add(&t->checks, CHECK_RECORD_LAYOUT, NO_PAGE, false, &fault);
    }
    if (t->count == 0)
        return err_set(err, "%s: holds no page; name the folder of a record", folder);
    if (clean)
        checks_add(&t->checks, CHECK_RECORD_LAYOUT, NO_PAGE, true, NULL);
    return true;
}

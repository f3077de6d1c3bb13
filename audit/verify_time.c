#include "trial.h"

#include "timestamp.h"

#include <string.h>

static char *token_path(const struct trial *t, const char *page)
{
    return text_format("%s/" TIMESTAMP_FOLDER "/%s" TIMESTAMP_END, t->options->record, page);
}

static void rules_add(struct checks *checks, size_t at, bool good, enum timestamp_rule broken,
                      const struct err *err)
{
    static const enum check order[] = {[TIMESTAMP_FORM] = CHECK_TIME_FORM,
                                       [TIMESTAMP_IMPRINT] = CHECK_TIME_IMPRINT,
                                       [TIMESTAMP_SIGNATURE] = CHECK_TIME_SIGNATURE};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (!checks_add(checks, order[i], (long)at, good || i != broken, err))
            return;
}

/* What the token says, for the report: whose word it is counts only under --tsa-ca. */
static void said_add(struct trial *t, const struct sheet *sheet, const struct timestamp *stamp, bool trusted)
{
    char when[32];
    time_text(when, stamp->time);
    json_array_append_new(t->times, json_pack("{s:I, s:s, s:s, s:b}", "page", (json_int_t)sheet->at, "time",
                                              when, "authority", stamp->authority, "trusted", trusted));
    if (trusted)
        checks_note(&t->checks, "Page %zu existed before %s, by the timestamping authority %s.", sheet->at,
                    when, stamp->authority);
    else
        checks_unchecked(&t->checks,
                         "A timestamp says that page %zu existed before %s; whose word that is was not "
                         "checked: that needs --tsa-ca.",
                         sheet->at, when);
    if (sheet->scan.readable && stamp->time < sheet->scan.page.tar.mtime)
        checks_note(&t->checks, "Page %zu says that it was finished after that: the clocks differ.",
                    sheet->at);
}

void trial_time(struct trial *t, const struct sheet *sheet)
{
    OWN(char) *path = token_path(t, sheet->name);
    OWN_STRUCT(bytes) der = {0};
    struct err err = {0};
    enum timestamp_rule broken = TIMESTAMP_FORM;
    struct timestamp stamp;
    if (!file_exists(path))
        return;
    bool good = file_read(&der, path, FILE_MAX_SMALL, &err) &&
                timestamp_read(&stamp, &broken, &der, sheet->scan.sha256, path_name(path), &err);
    rules_add(&t->checks, sheet->at, good, broken, &err);
    if (!good)
        return;
    const char *ca = t->options->tsa_ca;
    bool trusted = ca != NULL && timestamp_trust(&der, sheet->scan.sha256, ca, path_name(path), &err);
    if (ca == NULL || checks_add(&t->checks, CHECK_TIME_AUTHORITY, (long)sheet->at, trusted, &err))
        said_add(t, sheet, &stamp, trusted);
}

/* Pages stand in the order of their names. */
static bool is_token(const struct trial *t, const char *name)
{
    size_t low = 0, high = t->count, len = strlen(name), end = strlen(TIMESTAMP_END);
    if (len <= end || strcmp(name + len - end, TIMESTAMP_END) != 0)
        return false;
    OWN(char) *page = text_format("%.*s", (int)(len - end), name);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(trial_page_name(t, middle), page);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

void trial_times_folder(struct trial *t)
{
    OWN(char) *folder = path_join(t->options->record, TIMESTAMP_FOLDER);
    OWN_STRUCT(names) names = {0};
    struct err err = {0};
    if (!file_exists(folder))
        return;
    if (!folder_list(&names, folder, &err))
        checks_add(&t->checks, CHECK_RECORD_LAYOUT, NO_PAGE, false, &err);
    for (size_t i = 0; i < names.count; i++) {
        if (is_token(t, names.name[i]))
            continue;
        err_set(&err, TIMESTAMP_FOLDER "/%s: is no page's timestamp, and does not belong into a record",
                names.name[i]);
        checks_add(&t->checks, CHECK_RECORD_LAYOUT, NO_PAGE, false, &err);
    }
}

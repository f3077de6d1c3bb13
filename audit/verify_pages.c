#include "trial.h"

#include "pagetext.h"

#include <string.h>

const char *sheet_text(const struct sheet *sheet, const char *member, const char *inner)
{
    return page_json_text(sheet->page.json, member, inner);
}

static bool json_is_canonical(json_t **out, const struct tarball *tar, struct err *err)
{
    const struct bytes *text = tarball_find(tar, "page.json");
    OWN(json_t) *json = NULL;
    OWN_STRUCT(bytes) canonical = {0};
    if (text == NULL)
        return err_set(err, "page.json is missing");
    if (!json_read(&json, text, "page.json", err) || !json_canonical(&canonical, json, err))
        return false;
    bytes_text(&canonical, "\n");
    if (!bytes_equal(&canonical, text))
        return err_set(err, "page.json is not canonical; `jq -cS .` prints other bytes");
    *out = GIVE(json);
    return true;
}

static bool sums_are_right(const struct tarball *tar, struct err *err)
{
    const struct bytes *sums = tarball_find(tar, "SHA256SUMS");
    OWN_STRUCT(bytes) right = {0};
    page_sums(&right, tar);
    return (sums != NULL && bytes_equal(sums, &right)) ||
           err_set(err, "SHA256SUMS does not have the sums of all other members, in their order");
}

static bool name_is_right(const json_t *json, const char *name, struct err *err)
{
    char right[PAGE_NAME_MAX];
    if (!page_json_check(json, err))
        return true; /* another rule's, see below */
    page_name(right, json);
    return strcmp(right, name) == 0 || err_set(err, "page.json says that the file is called %s", right);
}

/* page_parse has refused this page; which rule was it? The first that can be told apart. */
static enum check fault_find(const struct bytes *tar, const char *name, struct err *err)
{
    OWN_STRUCT(tarball) members = {0};
    OWN(json_t) *json = NULL;
    struct err fault = {0};
    enum check found = CHECK_PAGE_FORM;
    if (!tarball_read(&members, tar, name, &fault) || !json_is_canonical(&json, &members, &fault))
        found = CHECK_PAGE_CANONICAL;
    else if (!tarball_holds_no_key(&members, &fault))
        found = CHECK_SECRET_NONE;
    else if (!sums_are_right(&members, &fault))
        found = CHECK_PAGE_SUMS;
    else if (!name_is_right(json, name, &fault))
        found = CHECK_PAGE_NUMBER;
    if (found != CHECK_PAGE_FORM)
        *err = fault;
    return found;
}

static void page_read(struct trial *t, size_t at, const struct bytes *tar)
{
    struct sheet *sheet = &t->sheet[at];
    struct err err = {0};
    sheet->readable = page_parse(&sheet->page, tar, sheet->name, &err);
    if (!sheet->readable) {
        checks_add(&t->checks, fault_find(tar, sheet->name, &err), (long)at, false, &err);
        checks_unchecked(&t->checks, "%s could not be read as a page, so what it says was not checked.",
                         sheet->name);
        return;
    }
    static const enum check parsed[] = {CHECK_PAGE_CANONICAL, CHECK_PAGE_SUMS, CHECK_PAGE_FORM};
    for (size_t i = 0; i < sizeof parsed / sizeof parsed[0]; i++)
        checks_add(&t->checks, parsed[i], (long)at, true, NULL);
    bool bare = tarball_holds_no_key(&sheet->page.tar, &err);
    checks_add(&t->checks, CHECK_SECRET_NONE, (long)at, bare, &err);
}

static bool number_is_right(const struct sheet *sheet, size_t at, struct err *err)
{
    unsigned long number = strtoul(sheet->name, NULL, 10);
    return number == at ||
           err_set(err, "%s: page %zu should be here; one is missing, or there twice", sheet->name, at);
}

static bool previous_is_right(const struct trial *t, size_t at, struct err *err)
{
    const char *right = at > 0 ? t->sheet[at - 1].sha256 : digest_zero;
    return strcmp(sheet_text(&t->sheet[at], "previous", NULL), right) == 0 ||
           err_set(err, "%s: \"previous\" is not %s, the SHA-256 of the page before it", t->sheet[at].name,
                   right);
}

static bool ceremony_is_same(const struct trial *t, size_t at, struct err *err)
{
    static const char *const members[] = {"ceremony", "rehearsal", "unattended"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (!json_equal(json_object_get(t->sheet[0].page.json, members[i]),
                        json_object_get(t->sheet[at].page.json, members[i])))
            return err_set(err, "%s: \"%s\" is not what page 0 says", t->sheet[at].name, members[i]);
    return true;
}

static bool times_follow(const struct trial *t, size_t at, struct err *err)
{
    time_t started = 0;
    if (!time_parse(&started, sheet_text(&t->sheet[at], "started", "utc"), err))
        return false;
    return at == 0 || !t->sheet[at - 1].readable || started >= t->sheet[at - 1].page.tar.mtime ||
           err_set(err, "%s: began before the page before it was finished", t->sheet[at].name);
}

static void place_check(struct trial *t, size_t at)
{
    struct checks *checks = &t->checks;
    struct err err = {0};
    const long page = (long)at;
    bool ok = number_is_right(&t->sheet[at], at, &err);
    checks_add(checks, CHECK_PAGE_NUMBER, page, ok, &err);
    if (!t->sheet[at].readable)
        return;
    ok = previous_is_right(t, at, &err);
    checks_add(checks, CHECK_CHAIN_PREVIOUS, page, ok, &err);
    if (t->sheet[0].readable) {
        ok = ceremony_is_same(t, at, &err);
        checks_add(checks, CHECK_PAGE_CEREMONY, page, ok, &err);
    }
    ok = times_follow(t, at, &err);
    checks_add(checks, CHECK_PAGE_TIMES, page, ok, &err);
}

void trial_page(struct trial *t, size_t at)
{
    struct sheet *sheet = &t->sheet[at];
    OWN(char) *path = path_join(t->options->record, sheet->name);
    OWN_STRUCT(bytes) tar = {0};
    struct err err = {0};
    if (!file_read(&tar, path, FILE_MAX_PAGE, &err)) {
        checks_add(&t->checks, CHECK_PAGE_CANONICAL, (long)at, false, &err);
        return;
    }
    digest_hex(sheet->sha256, tar.data, tar.len);
    page_read(t, at, &tar);
    place_check(t, at);
    trial_seals(t, at, &tar);
}

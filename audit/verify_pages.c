#include "pagejson.h"
#include "trial.h"

#include <string.h>

/* Which check a page breaks that is none. */
static enum check check_of(enum page_rule broken)
{
    switch (broken) {
    case PAGE_CANONICAL:
        return CHECK_PAGE_CANONICAL;
    case PAGE_SUMS:
        return CHECK_PAGE_SUMS;
    case PAGE_NAME:
        return CHECK_PAGE_NUMBER;
    case PAGE_FORM:
        break;
    }
    return CHECK_PAGE_FORM;
}

static void form_check(struct trial *t, const struct sheet *sheet)
{
    const struct page_scan *scan = &sheet->scan;
    const long page = (long)sheet->at;
    checks_add(&t->checks, CHECK_SECRET_NONE, page, scan->secret.text[0] == '\0', &scan->secret);
    if (scan->unseen.text[0] != '\0')
        checks_unchecked(&t->checks, "%s: %s.", sheet->name, scan->unseen.text);
    if (!scan->readable) {
        checks_add(&t->checks, check_of(scan->broken), page, false, &scan->fault);
        checks_unchecked(&t->checks, "%s could not be read as a page, so what it says was not checked.",
                         sheet->name);
        return;
    }
    static const enum check kept[] = {CHECK_PAGE_CANONICAL, CHECK_PAGE_SUMS, CHECK_PAGE_FORM};
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        checks_add(&t->checks, kept[i], page, true, NULL);
}

static bool number_is_right(const struct sheet *sheet, struct err *err)
{
    unsigned long number = strtoul(sheet->name, NULL, 10);
    return number == sheet->at || err_set(err, "%s: page %zu should be here; one is missing, or there twice",
                                          sheet->name, sheet->at);
}

static bool previous_is_right(const struct trial *t, const struct sheet *sheet, struct err *err)
{
    return strcmp(sheet_text(sheet, "previous", NULL), t->previous) == 0 ||
           err_set(err, "%s: \"previous\" is not %s, the SHA-256 of the page before it", sheet->name,
                   t->previous);
}

static bool ceremony_is_same(const struct trial *t, const struct sheet *sheet, struct err *err)
{
    static const char *const members[] = {"ceremony", "rehearsal", "unattended", "people"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (!json_equal(json_object_get(t->zero, members[i]), sheet_json(sheet, members[i])))
            return err_set(err, "%s: \"%s\" is not what page 0 says", sheet->name, members[i]);
    return true;
}

static bool times_follow(const struct trial *t, const struct sheet *sheet, struct err *err)
{
    time_t started = 0;
    if (!time_parse(&started, sheet_text(sheet, "started", "utc"), err))
        return false;
    return started >= t->finished ||
           err_set(err, "%s: began before the page before it was finished", sheet->name);
}

static void place_check(struct trial *t, const struct sheet *sheet)
{
    struct checks *checks = &t->checks;
    struct err err = {0};
    const long page = (long)sheet->at;
    bool ok = number_is_right(sheet, &err);
    checks_add(checks, CHECK_PAGE_NUMBER, page, ok, &err);
    if (!sheet->scan.readable)
        return;
    ok = previous_is_right(t, sheet, &err);
    checks_add(checks, CHECK_CHAIN_PREVIOUS, page, ok, &err);
    if (t->zero != NULL) {
        ok = ceremony_is_same(t, sheet, &err);
        checks_add(checks, CHECK_PAGE_CEREMONY, page, ok, &err);
    }
    ok = times_follow(t, sheet, &err);
    checks_add(checks, CHECK_PAGE_TIMES, page, ok, &err);
}

/* What the next page is held against. */
static void page_keep(struct trial *t, const struct sheet *sheet)
{
    const struct page_scan *scan = &sheet->scan;
    memcpy(t->previous, scan->sha256, DIGEST_HEX);
    if (strcmp(scan->sha256, t->head) == 0)
        t->head_at = sheet->at;
    if (!scan->readable)
        return;
    t->changes += sheet_json(sheet, PAGE_REVOKED) != NULL;
    if (scan->page.tar.mtime > t->finished)
        t->finished = scan->page.tar.mtime;
}

void trial_page(struct trial *t, struct sheet *sheet)
{
    if (sheet->at == 0 && sheet->scan.readable)
        t->zero = json_incref(sheet->scan.page.json);
    form_check(t, sheet);
    place_check(t, sheet);
    trial_seals(t, sheet);
    trial_time(t, sheet);
    trial_closing(t, sheet);
    trial_plan(t, sheet);
    trial_outcome(t, sheet);
    trial_ledger(t, sheet);
    if (sheet->scan.readable) {
        trial_artefacts(t, sheet);
        trial_previous(t, sheet);
    }
    page_keep(t, sheet);
}

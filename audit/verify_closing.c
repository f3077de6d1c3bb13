#include "trial.h"

#include "pagejson.h"

#include <string.h>

#define STATEMENT "evidence/closing.json"

static bool has_statement(const struct sheet *sheet)
{
    size_t i;
    json_t *output;
    json_array_foreach(sheet_json(sheet, "outputs"), i, output)
    {
        if (strcmp(page_json_text(output, "kind", NULL), "closing") == 0)
            return true;
    }
    return false;
}

/* Everybody on the page, in the page's order, each with a word of their own. */
static bool everybody_attests(const json_t *attested, const json_t *people, struct err *err)
{
    size_t i;
    json_t *person;
    json_array_foreach(people, i, person)
    {
        const json_t *one = json_array_get(attested, i);
        if (strcmp(page_json_text(one, "name", NULL), page_json_text(person, "name", NULL)) != 0 ||
            strcmp(page_json_text(one, "role", NULL), page_json_text(person, "role", NULL)) != 0 ||
            !json_is_boolean(json_object_get(one, "followed")))
            return err_set(err, STATEMENT ": %s does not say whether the script was followed",
                           page_json_text(person, "name", NULL));
    }
    return json_array_size(attested) == json_array_size(people) ||
           err_set(err, STATEMENT ": somebody attests who is not on the page");
}

static bool statement_check(const struct sheet *sheet, struct err *err)
{
    const struct bytes *text = tarball_find(&sheet->scan.page.tar, STATEMENT);
    OWN(json_t) *json = NULL;
    if (text == NULL)
        return err_set(err, "%s: " STATEMENT " is missing", sheet->name);
    if (!json_read(&json, text, STATEMENT, err))
        return false;
    if (strcmp(page_json_text(json, "head", NULL), sheet_text(sheet, "previous", NULL)) != 0 ||
        strcmp(page_json_text(json, "ceremony", NULL), sheet_text(sheet, "ceremony", "id")) != 0)
        return err_set(err, STATEMENT ": is about another head, or another ceremony");
    return everybody_attests(json_object_get(json, "attested"), sheet_json(sheet, "people"), err);
}

/* Whether the page's step in the plan has everybody attest; a closing page does nothing of its step. */
static bool statement_is_planned(const struct trial *t, const struct sheet *sheet)
{
    const json_t *step = sheet_json(sheet, PAGE_ABORTED) == NULL ? trial_step(t, sheet) : NULL;
    size_t i;
    json_t *word;
    json_array_foreach(json_object_get(step, "words"), i, word)
    {
        if (strcmp(page_json_text(word, "verb", NULL), "attest") == 0)
            return true;
    }
    return false;
}

void trial_closing(struct trial *t, const struct sheet *sheet)
{
    struct err err = {0};
    if (!sheet->scan.readable || (!has_statement(sheet) && !statement_is_planned(t, sheet)))
        return;
    bool ok = has_statement(sheet)
                  ? statement_check(sheet, &err)
                  : err_set(&err, "%s: the plan has everybody attest on it, and it has no closing statement",
                            sheet->name);
    checks_add(&t->checks, CHECK_CLOSING_ATTESTED, (long)sheet->at, ok, &err);
}

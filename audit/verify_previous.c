/* The ceremony before with the same root: what page 0 names, what the register knows, and what the auditor
 * has.
 */
#include "pagejson.h"
#include "register.h"
#include "trial.h"

#include <string.h>

#define PREVIOUS "previous ceremony" /* lua/registers.lua */
#define DECIDED "previous.named"     /* the rule of a deviation: the people went on in spite of a gap */

/* What page 0 names; NULL when that is nothing. */
static const json_t *named_on(const struct trial *t)
{
    const json_t *inputs = json_object_get(t->zero, "inputs");
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        if (strcmp(json_text(input, "name"), PREVIOUS) == 0 &&
            strcmp(json_text(input, "kind"), "record") == 0)
            return input;
    }
    return NULL;
}

void trial_previous(struct trial *t, const struct sheet *sheet)
{
    const json_t *list = sheet_json(sheet, "deviations");
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_text(json_array_get(list, i), "rule"), DECIDED) == 0)
            t->gap_decided = true;
}

/* ---- what the register knows ---- */

/* What page 0 says of an issuer's entries in the ceremony before; NULL when it does not say. */
static const json_t *end_named(const json_t *named, const char *issuer)
{
    const json_t *ends = json_object_get(named, "register");
    for (size_t i = 0; i < json_array_size(ends); i++)
        if (strcmp(json_text(json_array_get(ends, i), "issuer_spki"), issuer) == 0)
            return json_array_get(ends, i);
    return NULL;
}

/* Every signature that came before this ceremony is one that the ceremony before knew. */
static bool issuer_check(const struct trial *t, const json_t *list, const char *issuer, struct err *err)
{
    const json_t *named = named_on(t);
    const json_t *theirs = end_named(named, issuer);
    struct register_end base;
    register_end(&base, list, issuer, page_json_text(t->zero, "ceremony", "id"));
    if (named == NULL)
        return base.entries == 0 ||
               err_set(err,
                       "page 0 names no ceremony before, and the register has %zu signatures of such, the "
                       "last of ceremony %s",
                       base.entries, base.ceremony);
    if (json_object_get(named, "register") == NULL)
        return base.entries > 0 ||
               err_set(err, "page 0 names a ceremony before, and the register has nothing of it");
    if (theirs == NULL)
        return err_set(
            err, "the ceremony before that page 0 names signed nothing with this root (SPKI SHA-256 %s)",
            issuer);
    return (json_integer_value(json_object_get(theirs, "entries")) == (json_int_t)base.entries &&
            strcmp(json_text(theirs, "sha256"), base.sha256) == 0) ||
           err_set(
               err,
               "the register has %zu signatures before this ceremony, ending with %s; the ceremony before "
               "that page 0 names ended otherwise: one is missing between them, or another one is named",
               base.entries, base.sha256);
}

static bool named_check(const struct trial *t, struct err *err)
{
    const char *station;
    json_t *list;
    json_object_foreach(t->registers, station, list)
    {
        OWN(json_t) *issuers = register_issuers(list);
        for (size_t i = 0; i < json_array_size(issuers); i++)
            if (!issuer_check(t, list, json_string_value(json_array_get(issuers, i)), err))
                return false;
    }
    return true;
}

/* ---- what the auditor has ---- */

static bool plan_of(json_t **out, const struct record *record, struct err *err)
{
    static const char member[] = "evidence/plan.json"; /* lua/opening.lua */
    const struct bytes *text =
        record_count(record) > 0 ? tarball_find(&record_page(record, 0)->tar, member) : NULL;
    return text != NULL ? json_read(out, text, member, err) : err_set(err, "page 0 has no %s", member);
}

/* The newest register of a record, of any station that signs. */
static bool newest_register(json_t **out, const struct record *record, struct err *err)
{
    OWN(json_t) *plan = NULL;
    if (!plan_of(&plan, record, err))
        return false;
    for (unsigned i = record_count(record); i-- > 0;) {
        const struct page_read *page = record_page(record, i);
        const struct bytes *text = tarball_find(&page->tar, REGISTER_MEMBER);
        if (text != NULL && plan_signs(plan, page_json_text(page->json, "station", NULL)))
            return register_parse(out, text, REGISTER_MEMBER, err) &&
                   register_check(*out, REGISTER_MEMBER, err);
    }
    return err_set(err, "holds no register, so nothing was signed in it");
}

/* This record's register of each issuer begins with that of the ceremony before. */
static bool register_follows(const struct trial *t, const json_t *theirs, struct err *err)
{
    OWN(json_t) *issuers = register_issuers(theirs);
    size_t common = 0;
    const char *station;
    json_t *list;
    json_object_foreach(t->registers, station, list)
    {
        for (size_t i = 0; i < json_array_size(issuers); i++) {
            const char *issuer = json_string_value(json_array_get(issuers, i));
            struct register_end own;
            register_end(&own, list, issuer, NULL);
            if (own.entries == 0)
                continue;
            common++;
            enum register_order order = register_compare(list, theirs, issuer);
            if (order != REGISTER_SAME && order != REGISTER_AHEAD)
                return err_set(err, "the register does not go on from that of the ceremony before");
        }
    }
    return common > 0 || json_object_size(t->registers) == 0 ||
           err_set(err, "the ceremony before is of another root: the registers have no issuer in common");
}

static bool link_check(const struct trial *t, struct err *err)
{
    const json_t *named = named_on(t);
    OWN_RECORD *record = NULL;
    OWN(json_t) *theirs = NULL;
    if (named == NULL)
        return err_set(err, "page 0 names no ceremony before");
    if (!record_open(&record, t->options->previous, false, err))
        return false;
    if (strcmp(record_head(record), json_text(named, "sha256")) != 0)
        return err_set(err, "%s: its head is %s, and page 0 names %s", t->options->previous,
                       record_head(record), json_text(named, "sha256"));
    return (newest_register(&theirs, record, err) && register_follows(t, theirs, err)) ||
           err_wrap(err, "%s", t->options->previous);
}

void trial_previous_end(struct trial *t)
{
    const json_t *named = named_on(t);
    struct err err = {0};
    if (t->zero == NULL ||
        (named == NULL && json_object_size(t->registers) == 0 && t->options->previous == NULL))
        return;
    bool ok = named_check(t, &err);
    if (!ok && t->gap_decided)
        checks_note(&t->checks, "The people went on in spite of a gap: %s.", err.text);
    else
        checks_add(&t->checks, CHECK_PREVIOUS_NAMED, NO_PAGE, ok, &err);
    if (t->options->previous != NULL) {
        ok = link_check(t, &err);
        checks_add(&t->checks, CHECK_PREVIOUS_LINK, NO_PAGE, ok, &err);
    } else if (named != NULL) {
        checks_unchecked(&t->checks,
                         "The ceremony before with the same root, whose head page 0 names as %s: that needs "
                         "--previous.",
                         json_text(named, "sha256"));
    }
    if (named == NULL)
        checks_note(&t->checks, "Page 0 names no ceremony before with the same root.");
}

#include "trial.h"

#include <string.h>

#define REPORT_FORMAT "verger-report-1"

static void sheet_free(struct sheet *s)
{
    free(s->name);
    page_read_free(&s->page);
}

void trial_free(struct trial *t)
{
    for (size_t i = 0; i < t->count; i++)
        sheet_free(&t->sheet[i]);
    free(t->sheet);
    names_free(&t->seals);
    roster_free(&t->roster);
    checks_free(&t->checks);
    json_decref(t->sealed);
    json_decref(t->plan);
    json_decref(t->registers);
    json_decref(t->anchors);
    *t = (struct trial){0};
}

static enum verdict verdict_of(const struct trial *t)
{
    if (t->checks.failed > 0)
        return VERDICT_FAILS;
    if (t->cut_off)
        return VERDICT_CUT_OFF;
    return t->anchors != NULL || t->head[0] != '\0' ? VERDICT_HOLDS : VERDICT_CONSISTENT;
}

static const char *verdict_text(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_HOLDS:
        return "holds";
    case VERDICT_CONSISTENT:
        return "consistent, not authenticated";
    case VERDICT_CUT_OFF:
        return "consistent, cut off";
    case VERDICT_FAILS:
        break;
    }
    return "does not hold";
}

/* What no look at a record can show, whatever it was checked against. */
static json_t *cannot_prove(const struct trial *t)
{
    json_t *list = json_array();
    static const char *const always[] = {
        "That the times are true: the people there asserted them.",
        "That the plan follows from the script: that needs the script to be replayed.",
        "That two names are two people.",
        "That a key which was purged left no copy.",
    };
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        json_array_append_new(list, json_string(always[i]));
    if (t->head[0] == '\0')
        json_array_append_new(list, json_string("That no later page was left out: that needs --head."));
    if (t->anchors == NULL)
        json_array_append_new(
            list, json_string("Whose keys the enrolled certificates have: that needs --signers."));
    return list;
}

static json_t *signers_json(const struct trial *t)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->roster.count; i++) {
        const struct enrolled *one = &t->roster.enrolled[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b}", "label", one->label, "name",
                                              one->signer.name, "sha256", one->signer.sha256, "sealed",
                                              json_object_get(t->sealed, one->label) != NULL));
    }
    return list;
}

static size_t exceptions_count(const struct trial *t)
{
    size_t count = 0;
    for (size_t i = 0; i < t->count; i++)
        if (t->sheet[i].readable)
            count += json_array_size(json_object_get(t->sheet[i].page.json, "deviations"));
    return count;
}

/* A member of page 0, or null when it could not be read. */
static json_t *zero_json(const struct trial *t, const char *member)
{
    const json_t *value = t->sheet[0].readable ? json_object_get(t->sheet[0].page.json, member) : NULL;
    return value != NULL ? json_deep_copy(value) : json_null();
}

static json_t *steps_json(const struct trial *t)
{
    if (t->plan == NULL)
        return json_null();
    return json_pack("{s:I, s:I}", "planned", (json_int_t)json_array_size(json_object_get(t->plan, "steps")),
                     "walked", (json_int_t)(t->count - 1));
}

static json_t *report_json(const struct trial *t, enum verdict verdict)
{
    json_t *report = json_object();
    const char *head = t->sheet[t->count - 1].sha256;
    json_object_set_new(report, "format", json_string(REPORT_FORMAT));
    json_object_set_new(report, "verdict", json_string(verdict_text(verdict)));
    json_object_set_new(report, "record", json_string(t->options->record));
    json_object_set_new(report, "head", head[0] != '\0' ? json_string(head) : json_null());
    json_object_set_new(report, "ceremony", zero_json(t, "ceremony"));
    json_object_set_new(report, "rehearsal", zero_json(t, "rehearsal"));
    json_object_set_new(report, "unattended", zero_json(t, "unattended"));
    json_object_set_new(report, "people", zero_json(t, "people"));
    json_object_set_new(report, "pages", json_integer((json_int_t)t->count));
    json_object_set_new(report, "steps", steps_json(t));
    json_object_set_new(report, "signers", signers_json(t));
    json_object_set_new(report, "exceptions", json_integer((json_int_t)exceptions_count(t)));
    json_object_set_new(report, "anchors",
                        json_pack("{s:b, s:b}", "signers", t->anchors != NULL, "head", t->head[0] != '\0'));
    json_object_set(report, "checks", t->checks.list);
    json_object_set(report, "notes", t->checks.notes);
    json_object_set(report, "unchecked", t->checks.unchecked);
    json_object_set_new(report, "cannot_prove", cannot_prove(t));
    return report;
}

bool verify_record(json_t **report, enum verdict *verdict, const struct verify_options *options,
                   struct err *err)
{
    OWN_STRUCT(trial) t = {.options = options, .sealed = json_object(), .registers = json_object()};
    checks_start(&t.checks);
    if (!trial_anchors(&t, err) || !trial_folder(&t, err))
        return false;
    trial_staging(&t);
    for (size_t i = 0; i < t.count; i++)
        trial_page(&t, i);
    trial_plan(&t);
    trial_signers_folder(&t);
    trial_ledger(&t);
    trial_artefacts(&t);
    trial_compare(&t);
    *verdict = verdict_of(&t);
    *report = report_json(&t, *verdict);
    return true;
}

#include "pool.h"
#include "shelf.h"
#include "trial.h"

#include <string.h>

#define REPORT_FORMAT "verger-report-2"

void trial_free(struct trial *t)
{
    names_free(&t->names);
    free(t->place);
    json_decref(t->zero);
    roster_free(&t->roster);
    checks_free(&t->checks);
    json_decref(t->sealed);
    json_decref(t->times);
    json_decref(t->attested);
    json_decref(t->plan);
    json_decref(t->registers);
    json_decref(t->deviations);
    json_decref(t->aborted);
    json_decref(t->policies);
    ledger_tree_free(&t->ledger.tree);
    ledger_audit_free(t->ledger.audit);
    shelf_free(t->shelf);
    if (t->held != NULL)
        sheet_free(t->held);
    json_decref(t->anchors);
    *t = (struct trial){0};
}

static enum verdict verdict_of(const struct trial *t)
{
    if (checks_any_failed(&t->checks))
        return VERDICT_FAILS;
    if (t->cut_off)
        return VERDICT_CUT_OFF;
    if (t->waits > 0)
        return VERDICT_WAITS;
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
    case VERDICT_WAITS:
        return "consistent, waits for witnesses";
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
        "That the plan follows from the script: that needs verger replay.",
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
        const json_int_t pages = json_integer_value(json_object_get(t->attested, one->label));
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:o, s:s, s:b, s:I, s:o}", "label", one->label, "name",
                            one->signer.name, "station",
                            one->signer.station[0] != '\0' ? json_string(one->signer.station) : json_null(),
                            "sha256", one->signer.sha256, "sealed", pages > 0, "pages", pages, "revoked",
                            one->revoked != 0 ? json_integer(one->revoked) : json_null()));
    }
    return list;
}

/* A member of page 0, or null when it could not be read. */
static json_t *zero_json(const struct trial *t, const char *member)
{
    const json_t *value = t->zero != NULL ? json_object_get(t->zero, member) : NULL;
    return value != NULL ? json_deep_copy(value) : json_null();
}

static json_t *report_json(const struct trial *t, enum verdict verdict)
{
    json_t *report = json_object();
    json_object_set_new(report, "format", json_string(REPORT_FORMAT));
    json_object_set_new(report, "verdict", json_string(verdict_text(verdict)));
    json_object_set_new(report, "record", json_string(t->options->record));
    json_object_set_new(report, "head", t->previous[0] != '\0' ? json_string(t->previous) : json_null());
    json_object_set_new(report, "ceremony", zero_json(t, "ceremony"));
    json_object_set_new(report, "rehearsal", zero_json(t, "rehearsal"));
    json_object_set_new(report, "unattended", zero_json(t, "unattended"));
    json_object_set_new(report, "people", zero_json(t, "people"));
    json_object_set_new(report, "pages", json_integer((json_int_t)t->count));
    json_object_set_new(report, "steps", outcome_steps(t));
    json_object_set_new(report, "signers", signers_json(t));
    json_object_set_new(report, "aborted", t->aborted != NULL ? json_incref(t->aborted) : json_null());
    json_object_set_new(report, "exceptions", json_integer((json_int_t)json_array_size(t->deviations)));
    json_object_set(report, "deviations", t->deviations);
    json_object_set_new(report, "summary", outcome_summary(verdict_text(verdict), report));
    json_object_set_new(report, "anchors",
                        json_pack("{s:b, s:b}", "signers", t->anchors != NULL, "head", t->head[0] != '\0'));
    json_object_set_new(report, "checks", checks_json(&t->checks));
    json_object_set(report, "failures", t->checks.failures);
    json_object_set(report, "timestamps", t->times);
    json_object_set(report, "notes", t->checks.notes);
    json_object_set(report, "unchecked", t->checks.unchecked);
    json_object_set_new(report, "cannot_prove", cannot_prove(t));
    return report;
}

static void *work(void *with, size_t number)
{
    return trial_sheet(with, number);
}

static void take(void *with, size_t number, void *result)
{
    const struct trial *t = with;
    (void)number;
    trial_page(with, result);
    if (t->held != result)
        sheet_free(result);
}

bool verify_record(json_t **report, enum verdict *verdict, const struct verify_options *options,
                   struct err *err)
{
    OWN_STRUCT(trial)
    t = {.options = options,
         .sealed = json_object(),
         .times = json_array(),
         .attested = json_object(),
         .registers = json_object(),
         .deviations = json_array(),
         .policies = json_array(),
         .shelf = shelf_new()};
    checks_start(&t.checks);
    memcpy(t.previous, digest_zero, DIGEST_HEX);
    if (!trial_anchors(&t, err) || !trial_folder(&t, err))
        return false;
    t.head_at = t.count;
    trial_staging(&t);
    pool_run(t.count, options->threads, work, take, &t);
    trial_witnesses_settle(&t, NULL);
    trial_constraints(&t);
    trial_signers_folder(&t);
    trial_times_folder(&t);
    trial_ledger_end(&t);
    trial_previous_end(&t);
    trial_compare(&t);
    *verdict = verdict_of(&t);
    *report = report_json(&t, *verdict);
    return true;
}

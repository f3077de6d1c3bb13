#include "trial.h"

#include "witness.h"

#include <string.h>

/* What a step of the plan asked for, and what its page did. */
static bool wanted_as_planned(const struct trial *t, const struct sheet *sheet, struct err *err)
{
    const json_t *step = trial_step(t, sheet);
    json_int_t planned = json_integer_value(json_object_get(step, "witnessed_by"));
    unsigned wanted = witnesses_wanted(sheet->scan.page.json);
    return (json_int_t)wanted == planned ||
           err_set(err, "%s: wants the seals of %u witnesses, and its step in the plan those of %lld",
                   sheet->name, wanted, (long long)planned);
}

void trial_witnessed(struct trial *t, const struct sheet *sheet)
{
    struct err err = {0};
    bool ok = wanted_as_planned(t, sheet, &err);
    if (!ok || witnesses_wanted(sheet->scan.page.json) > 0)
        checks_add(&t->checks, CHECK_PLAN_WITNESSES, (long)sheet->at, ok, &err);
}

static bool sealing_counts(const struct trial *t, const struct sheet *sheet, const struct sealing *sealing)
{
    const struct enrolled *who = roster_find(&t->roster, sealing->label);
    return who != NULL && sealing->good && strcmp(sealing->signer, who->signer.sha256) == 0 &&
           witness_counts(who, sheet->scan.page.json);
}

void trial_witnesses(struct trial *t, const struct sheet *sheet)
{
    const unsigned wanted = witnesses_wanted(sheet->scan.page.json);
    unsigned there = 0;
    struct err err = {0};
    for (size_t i = 0; i < sheet->sealings; i++)
        there += sealing_counts(t, sheet, &sheet->sealing[i]);
    if (wanted == 0)
        return;
    if (there < wanted && sheet->at + 1 == t->count) {
        t->waits = wanted - there;
        checks_note(&t->checks, "%s waits for the seals of %u more witnesses (verger witness --page %zu).",
                    sheet->name, t->waits, sheet->at);
        return;
    }
    bool enough = there >= wanted || err_set(&err, "%s: sealed by %u of the %u witnesses that it wants",
                                             sheet->name, there, wanted);
    checks_add(&t->checks, CHECK_SEAL_WITNESSES, (long)sheet->at, enough, &err);
}

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

/* ---- the seals ---- */

/* Who sealed, where it counts; or NULL. */
static const struct enrolled *counting(const struct trial *t, const struct sheet *sheet,
                                       const struct sealing *sealing)
{
    const struct enrolled *who = roster_find(&t->roster, sealing->label);
    bool counts = who != NULL && !sealing->open && sealing->good &&
                  strcmp(sealing->signer, who->signer.sha256) == 0 &&
                  witness_counts(who, sheet->scan.page.json);
    return counts ? who : NULL;
}

/* Nobody counts twice, with whatever keys. */
static bool is_counted(const struct trial *t, const struct sheet *sheet, size_t at)
{
    const struct enrolled *who = counting(t, sheet, &sheet->sealing[at]);
    for (size_t i = 0; who != NULL && i < at; i++) {
        const struct enrolled *other = counting(t, sheet, &sheet->sealing[i]);
        if (other != NULL && strcmp(other->signer.name, who->signer.name) == 0)
            return false;
    }
    return who != NULL;
}

void trial_witnesses_hold(struct trial *t, struct sheet *sheet)
{
    if (witnesses_wanted(sheet->scan.page.json) > 0)
        t->held = sheet;
}

/* The newest page has just enrolled somebody. A station's next key seals nothing that is older. */
void trial_witnesses_late(struct trial *t)
{
    for (size_t i = 0; t->held != NULL && i < t->held->sealings; i++) {
        struct sealing *sealing = &t->held->sealing[i];
        const struct enrolled *who = sealing->open ? roster_find(&t->roster, sealing->label) : NULL;
        if (who == NULL || who->signer.station[0] != '\0')
            continue;
        sealing->open = false;
        (void)trial_seal(t, t->held, sealing);
    }
}

static void open_fail(struct trial *t, const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->sealings; i++) {
        const struct sealing *sealing = &sheet->sealing[i];
        struct err err = {0};
        if (!sealing->open)
            continue;
        err_set(&err, "%s: nobody is enrolled as \"%s\"", sealing->name, sealing->label);
        checks_add(&t->checks, CHECK_SEAL_SIGNER, (long)sheet->at, false, &err);
    }
}

static void missing_check(struct trial *t, const struct sheet *sheet, const struct sheet *next)
{
    const unsigned wanted = witnesses_wanted(sheet->scan.page.json);
    unsigned there = 0;
    struct err err = {0};
    for (size_t i = 0; i < sheet->sealings; i++)
        there += is_counted(t, sheet, i);
    if (there < wanted && next == NULL) {
        t->waits = wanted - there;
        checks_note(&t->checks, "%s waits for the seals of %u more witnesses (verger witness --page %zu).",
                    sheet->name, t->waits, sheet->at);
        return;
    }
    if (there < wanted && next->scan.readable && witnesses_excused(next->scan.page.json)) {
        checks_note(
            &t->checks,
            "%s is sealed by %u of the %u witnesses that it wants, and the ceremony was aborted there.",
            sheet->name, there, wanted);
        return;
    }
    bool enough = there >= wanted || err_set(&err, "%s: sealed by %u of the %u witnesses that it wants",
                                             sheet->name, there, wanted);
    checks_add(&t->checks, CHECK_SEAL_WITNESSES, (long)sheet->at, enough, &err);
}

void trial_witnesses_settle(struct trial *t, const struct sheet *next)
{
    struct sheet *held = t->held;
    t->held = NULL;
    if (held == NULL)
        return;
    open_fail(t, held);
    missing_check(t, held, next);
    sheet_free(held);
}

#include "pagejson.h"
#include "trial.h"
#include "verify_custodians.h"

#include <string.h>

#define PLAN "evidence/plan.json"

const json_t *trial_step(const struct trial *t, const struct sheet *sheet)
{
    if (sheet->at <= t->changes || sheet_json(sheet, PAGE_REVOKED) != NULL)
        return NULL;
    return json_array_get(json_object_get(t->plan, "steps"), sheet->at - 1 - t->changes);
}

static bool plan_read(json_t **out, const struct sheet *zero, struct err *err)
{
    const struct bytes *text = tarball_find(&zero->scan.page.tar, PLAN);
    OWN(json_t) *plan = NULL;
    if (text == NULL)
        return err_set(err, "%s: " PLAN " is missing", zero->name);
    OWN_STRUCT(bytes) canonical = {0};
    if (!json_read(&plan, text, PLAN, err) || !json_canonical(&canonical, plan, err))
        return false;
    if (!bytes_equal(&canonical, text))
        return err_set(err, PLAN ": is not canonical JSON");
    if (!json_is_object(json_object_get(plan, "script")) || !json_is_array(json_object_get(plan, "steps")) ||
        !json_is_array(json_object_get(plan, "templates")) || !json_is_array(json_object_get(plan, "people")))
        return err_set(err, PLAN ": script, templates, people or steps are missing");
    if (strcmp(json_text(plan, "title"), sheet_text(zero, "ceremony", "title")) != 0 ||
        strcmp(json_text(plan, "version"), sheet_text(zero, "ceremony", "version")) != 0)
        return err_set(err, PLAN ": is the plan of another ceremony (title or version)");
    *out = GIVE(plan);
    return true;
}

static bool member_has_digest(const struct tarball *tar, const char *name, const char *digest,
                              struct err *err)
{
    OWN(char) *member = text_format("script/%s", name);
    const struct member *text = tarball_member(tar, member);
    char hex[DIGEST_HEX];
    if (text == NULL)
        return err_set(err, "%s: is missing, and the plan was made from it", member);
    tarball_digest(hex, text);
    return strcmp(hex, digest) == 0 ||
           err_set(err, "%s: is not the file that the plan was made from", member);
}

/* Nothing stands under script/ but what the plan names. */
static bool script_check(const json_t *plan, const struct tarball *tar, struct err *err)
{
    const json_t *script = json_object_get(plan, "script");
    const json_t *templates = json_object_get(plan, "templates");
    size_t members = 0;
    if (!member_has_digest(tar, json_text(script, "name"), json_text(script, "sha256"), err))
        return false;
    for (size_t i = 0; i < json_array_size(templates); i++) {
        const json_t *template = json_array_get(templates, i);
        if (!member_has_digest(tar, json_text(template, "path"), json_text(template, "sha256"), err))
            return false;
    }
    for (size_t i = 0; i < tar->count; i++)
        members += strncmp(tar->member[i].name, "script/", 7) == 0;
    return members == json_array_size(templates) + 1 ||
           err_set(err, "script/ holds %zu files, and the plan was made from %zu", members,
                   json_array_size(templates) + 1);
}

static size_t role_count(const json_t *people, const char *role)
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(people); i++)
        count += strcmp(json_text(json_array_get(people, i), "role"), role) == 0;
    return count;
}

static bool people_check(const json_t *plan, const json_t *people, struct err *err)
{
    const json_t *roles = json_object_get(plan, "people");
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const json_t *role = json_array_get(roles, i);
        json_int_t wanted = json_integer_value(json_object_get(role, "count"));
        if (role_count(people, json_text(role, "role")) != (size_t)wanted)
            return err_set(err, "role \"%s\": %zu people on page 0, and the plan wants %lld",
                           json_text(role, "role"), role_count(people, json_text(role, "role")),
                           (long long)wanted);
    }
    for (size_t i = 0; i < json_array_size(people); i++)
        for (size_t n = 0; n < i; n++)
            if (strcmp(json_text(json_array_get(people, i), "name"),
                       json_text(json_array_get(people, n), "name")) == 0)
                return err_set(err, "%s fills two roles", json_text(json_array_get(people, i), "name"));
    return true;
}

static bool step_check(const json_t *step, const struct sheet *sheet, size_t number, struct err *err)
{
    static const char *const members[] = {"title", "slug", "station"};
    if (step == NULL)
        return err_set(err, "%s: the plan has no step %zu", sheet->name, number);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (strcmp(json_text(step, members[i]), sheet_text(sheet, members[i], NULL)) != 0)
            return err_set(err, "%s: the plan's step %zu has another %s (\"%s\")", sheet->name, number,
                           members[i], json_text(step, members[i]));
    return true;
}

static bool step_signs(const json_t *step)
{
    static const char *const signing[] = {"sign",      "publish",    "publish_fallback",
                                          "self_sign", "cross_sign", "issue"};
    const json_t *words = json_object_get(step, "words");
    for (size_t i = 0; i < json_array_size(words); i++) {
        const char *verb = json_text(json_array_get(words, i), "verb");
        for (size_t n = 0; n < sizeof signing / sizeof signing[0]; n++)
            if (strcmp(verb, signing[n]) == 0)
                return true;
    }
    return false;
}

bool plan_signs(const json_t *plan, const char *station)
{
    const json_t *steps = json_object_get(plan, "steps");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *step = json_array_get(steps, i);
        if (strcmp(json_text(step, "station"), station) == 0 && step_signs(step))
            return true;
    }
    return false;
}

/* A closing page stands in a step's place, at that step's station, and is the last. */
static bool closing_check(const struct trial *t, const struct sheet *sheet, struct err *err)
{
    const json_t *step = trial_step(t, sheet), *aborted = sheet_json(sheet, PAGE_ABORTED);
    const size_t number = sheet->at - t->changes;
    if (step == NULL)
        return err_set(err, "%s: the plan has no step %zu, so there was nothing to abort", sheet->name,
                       number);
    if (json_integer_value(json_object_get(aborted, "step")) != (json_int_t)number)
        return err_set(err, "%s: says that it is in the place of another step than %zu", sheet->name, number);
    if (strcmp(json_text(step, "station"), sheet_text(sheet, "station", NULL)) != 0)
        return err_set(err, "%s: step %zu is for station \"%s\", and only there can it be aborted",
                       sheet->name, number, json_text(step, "station"));
    return sheet->at + 1 == t->count ||
           err_set(err, "%s: a closing page, and %zu more after it", sheet->name, t->count - 1 - sheet->at);
}

static void zero_check(struct trial *t, const struct sheet *zero)
{
    struct checks *checks = &t->checks;
    struct err err = {0};
    if (!checks_add(checks, CHECK_PLAN_FORM, 0, plan_read(&t->plan, zero, &err), &err))
        return;
    bool ok = script_check(t->plan, &zero->scan.page.tar, &err);
    checks_add(checks, CHECK_PLAN_SCRIPT, 0, ok, &err);
    ok = people_check(t->plan, sheet_json(zero, "people"), &err);
    checks_add(checks, CHECK_PLAN_PEOPLE, 0, ok, &err);
    trial_approvals(t, zero);
}

static void custodians_trial(struct trial *t, const struct sheet *sheet)
{
    const json_t *step = trial_step(t, sheet);
    const json_t *inputs = sheet_json(sheet, "inputs");
    struct err err = {0};
    if (!custodians_concern(step, inputs))
        return;
    bool ok = custodians_check(step, inputs, json_object_get(t->zero, "people"), &err);
    checks_add(&t->checks, CHECK_PLAN_CUSTODIANS, (long)sheet->at, ok, &err);
}

void trial_plan(struct trial *t, const struct sheet *sheet)
{
    struct err err = {0};
    if (sheet->at == 0 && !sheet->scan.readable)
        checks_unchecked(&t->checks, "The plan is on page 0, which could not be read.");
    if (!sheet->scan.readable)
        return;
    if (sheet->at == 0) {
        zero_check(t, sheet);
    } else if (t->plan != NULL && sheet_json(sheet, PAGE_ABORTED) != NULL) {
        bool ok = closing_check(t, sheet, &err);
        checks_add(&t->checks, CHECK_PLAN_CLOSING, (long)sheet->at, ok, &err);
    } else if (t->plan != NULL && sheet_json(sheet, PAGE_REVOKED) == NULL) {
        bool ok = step_check(trial_step(t, sheet), sheet, sheet->at - t->changes, &err);
        checks_add(&t->checks, CHECK_PLAN_STEPS, (long)sheet->at, ok, &err);
        trial_witnessed(t, sheet);
        custodians_trial(t, sheet);
    }
}

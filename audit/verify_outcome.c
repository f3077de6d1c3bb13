#include "pagejson.h"
#include "trial.h"

static json_t *copy_of(const json_t *object, const char *member)
{
    const json_t *value = json_object_get(object, member);
    return value != NULL ? json_deep_copy(value) : json_null();
}

static json_t *deviation_json(size_t page, const json_t *deviation)
{
    static const char *const members[] = {"rule", "expected", "happened", "decided", "by"};
    json_t *one = json_pack("{s:I}", "page", (json_int_t)page);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set_new(one, members[i], copy_of(deviation, members[i]));
    return one;
}

void trial_outcome(struct trial *t, const struct sheet *sheet)
{
    if (!sheet->scan.readable)
        return;
    const json_t *list = sheet_json(sheet, "deviations"), *aborted = sheet_json(sheet, PAGE_ABORTED);
    for (size_t i = 0; i < json_array_size(list); i++)
        json_array_append_new(t->deviations, deviation_json(sheet->at, json_array_get(list, i)));
    if (aborted == NULL || t->aborted != NULL)
        return;
    const json_t *step = trial_step(t, sheet);
    t->aborted = json_pack("{s:I, s:o, s:o, s:o, s:o}", "page", (json_int_t)sheet->at, "step",
                           copy_of(aborted, "step"), "title", copy_of(step, "title"), "by",
                           copy_of(aborted, "by"), "why", copy_of(aborted, "why"));
}

json_t *outcome_steps(const struct trial *t)
{
    if (t->plan == NULL)
        return json_null();
    return json_pack("{s:I, s:I}", "planned", (json_int_t)json_array_size(json_object_get(t->plan, "steps")),
                     "walked", (json_int_t)(t->count - 1 - t->changes - (t->aborted != NULL)));
}

static json_int_t number_of(const json_t *object, const char *member)
{
    return json_integer_value(json_object_get(object, member));
}

json_t *outcome_summary(const char *verdict, const json_t *report)
{
    OWN_STRUCT(bytes) text = {0};
    const json_int_t exceptions = number_of(report, "exceptions");
    const json_t *steps = json_object_get(report, "steps"), *aborted = json_object_get(report, "aborted");
    bytes_text(&text, verdict);
    if (exceptions > 0)
        bytes_format(&text, ", with %lld exception%s", (long long)exceptions, exceptions == 1 ? "" : "s");
    if (json_is_object(aborted))
        bytes_format(&text, "; aborted at step %lld: not a finished ceremony",
                     (long long)number_of(aborted, "step"));
    else if (number_of(steps, "walked") < number_of(steps, "planned"))
        bytes_format(&text, "; not finished: %lld of %lld steps walked",
                     (long long)number_of(steps, "walked"), (long long)number_of(steps, "planned"));
    return json_string(bytes_string(&text));
}

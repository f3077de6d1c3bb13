#include "reportparts.h"

#include <stdarg.h>
#include <string.h>

json_t *fact_new(const char *state, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    OWN(char) *text = NULL;
    if (vasprintf(&text, format, list) < 0)
        abort();
    va_end(list);
    return json_pack("{s:s, s:s, s:[]}", "state", state, "why", text, "evidence");
}

void fact_evidence(json_t *fact, long page, const char *member)
{
    json_array_append_new(json_object_get(fact, "evidence"),
                          json_pack("{s:I, s:s?}", "page", (json_int_t)page, "member", member));
}

/* ---- facts ---- */

static void facts_find(json_t *facts, const json_t *report)
{
    static const struct fact *const tables[] = {facts_people,       facts_room,  facts_elsewhere,
                                                facts_certificates, facts_lists, facts_record};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (const struct fact *fact = tables[t]; fact->name != NULL; fact++)
            json_object_set_new(facts, fact->name, fact->find(report, fact));
}

/* The first failure of a check, as a fact; NULL when it never failed. */
static json_t *failure_fact(const json_t *verify, const char *id)
{
    size_t i;
    json_t *failure;
    json_array_foreach(json_object_get(verify, "failures"), i, failure)
    {
        const json_t *page = json_object_get(failure, "page");
        if (strcmp(json_text(failure, "id"), id) != 0)
            continue;
        json_t *fact = fact_new("fail", "%s: %s", id, json_text(failure, "text"));
        if (json_is_integer(page))
            fact_evidence(fact, (long)json_integer_value(page), NULL);
        return fact;
    }
    return NULL;
}

json_t *fact_of_check(const json_t *report, const char *id)
{
    const json_t *verify = json_object_get(report, "verify");
    json_t *fact = failure_fact(verify, id), *check;
    size_t i;
    if (fact != NULL)
        return fact;
    json_array_foreach(json_object_get(verify, "checks"), i, check)
    {
        json_int_t passed = json_integer_value(json_object_get(check, "passed"));
        if (strcmp(json_text(check, "id"), id) == 0 && passed > 0)
            return fact_new("pass", "%s passed (%lld)", id, (long long)passed);
    }
    return fact_new("none", "%s: nothing in this record to try it on", id);
}

static json_t *shown_by(const json_t *report, const char *name)
{
    if (strncmp(name, "check:", 6) == 0)
        return fact_of_check(report, name + 6);
    json_t *fact = json_object_get(json_object_get(report, "facts"), name + strlen("fact:"));
    return fact != NULL ? json_incref(fact) : fact_new("fail", "%s: unknown to this program", name);
}

/* ---- grades ---- */

/* One failure fails; what people state is recorded; what there is nothing of does not count. */
static int weight(const char *state)
{
    static const char *const order[] = {"none", "pass", "recorded", "fail"};
    for (int i = 0; i < 4; i++)
        if (strcmp(order[i], state) == 0)
            return i;
    return 3;
}

static void take(json_t *graded, json_t *fact)
{
    static const char *const names[] = {"none", "pass", "recorded", "fail"};
    int worst = weight(json_text(graded, "grade")), now = weight(json_text(fact, "state"));
    json_object_set_new(graded, "grade", json_string(names[now > worst ? now : worst]));
    json_array_append_new(json_object_get(graded, "why"), json_string(json_text(fact, "why")));
    json_array_extend(json_object_get(graded, "evidence"), json_object_get(fact, "evidence"));
}

static json_t *control_grade(const json_t *report, const struct control *control, const char *level)
{
    json_t *graded = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:[], s:[]}", "id", control->id, "kind",
                               control->kind, "level", level, "clause", control->clause, "asks",
                               control->asks, "grade", "none", "why", "evidence");
    if (strcmp(level, "-") == 0) {
        json_array_append_new(json_object_get(graded, "why"), json_string("not asked for in this profile"));
        return graded;
    }
    for (const char *name = control->shows; *name != '\0'; name += strspn(name, " ")) {
        size_t len = strcspn(name, " ");
        OWN(char) *one = text_format("%.*s", (int)len, name);
        OWN(json_t) *fact = shown_by(report, one);
        take(graded, fact);
        name += len;
    }
    /* What only people can state is never more than recorded. */
    if (strcmp(control->kind, "record") == 0 && strcmp(json_text(graded, "grade"), "pass") == 0)
        json_object_set_new(graded, "grade", json_string("recorded"));
    return graded;
}

void report_grade(json_t *report, enum profile_of_controls profile)
{
    json_t *facts = json_object(), *list = json_array();
    json_object_set_new(report, "facts", facts);
    facts_find(facts, report);
    json_int_t counts[4] = {0};
    for (size_t i = 0; i < controls_count; i++) {
        json_t *graded = control_grade(report, &controls[i], controls[i].level[profile]);
        counts[weight(json_text(graded, "grade"))]++;
        json_array_append_new(list, graded);
    }
    json_object_set_new(report, "controls", list);
    json_object_set_new(report, "grades",
                        json_pack("{s:I, s:I, s:I, s:I}", "none", counts[0], "pass", counts[1], "recorded",
                                  counts[2], "fail", counts[3]));
}

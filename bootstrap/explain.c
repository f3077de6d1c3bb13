#include "explain.h"

#include "../audit/checks.h"
#include "../audit/controls.h"
#include "../ceremony/lint.h"

#include <ctype.h>
#include <string.h>

#define TEMPLATE "template." /* what a page calls the rules of a template that were passed over */

/* ---- vendor/rules ---- */

static const char *said(const char *column)
{
    return strcmp(column, "-") == 0 ? "" : column;
}

static bool names_id(const char *ids, const char *id)
{
    const size_t len = strlen(id);
    for (const char *at = ids; *at != '\0'; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == len && strncmp(at, id, len) == 0)
            return true;
        at += word;
    }
    return false;
}

static bool fact_explain(struct explanation *out, const char *id)
{
    for (const struct rule_fact *fact = rule_facts; fact->ids != NULL; fact++) {
        if (!names_id(fact->ids, id))
            continue;
        *out = (struct explanation){
            .of = fact->of, .clause = said(fact->clause), .why = fact->why, .remedy = said(fact->remedy)};
        return true;
    }
    return false;
}

/* ---- what the tables of rules add ---- */

static void check_add(struct explanation *out, const char *id)
{
    for (enum check check = 0; check < CHECKS; check++)
        if (strcmp(check_id(check), id) == 0)
            check_said(&out->says, &out->clause, check);
}

static const char *grade_word(char grade)
{
    return grade == 'E' ? "error" : grade == 'W' ? "warning" : grade == 'N' ? "notice" : "not asked";
}

static void lint_add(struct explanation *out, const char *id)
{
    struct lint_said rule;
    if (!lint_rule_said(&rule, id))
        return;
    out->clause = rule.clause;
    out->remedy = rule.remedy;
    out->profile = lint_profiles;
    for (size_t i = 0; lint_profiles[i] != NULL; i++)
        out->weight[i] = grade_word(rule.grades[i]);
}

/* ---- controls ---- */

static const char *control_remedy(const char *kind)
{
    if (strcmp(kind, "record") == 0)
        return "People do it, and say on the day that they did: the record can only show their word.";
    if (strcmp(kind, "assist") == 0)
        return "See that what it is shown by holds, and have somebody confirm the rest.";
    return "See that what it is shown by holds; nothing else decides it.";
}

static bool control_explain(struct explanation *out, const char *id)
{
    for (size_t i = 0; i < controls_count; i++) {
        const struct control *control = &controls[i];
        if (strcmp(control->id, id) != 0)
            continue;
        *out = (struct explanation){.of = "report",
                                    .says = control->asks,
                                    .clause = control->clause,
                                    .remedy = control_remedy(control->kind),
                                    .profile = controls_profiles,
                                    .shows = control->shows};
        for (size_t n = 0; n < CONTROLS_PROFILES; n++)
            out->weight[n] = strcmp(control->level[n], "-") == 0 ? "not asked" : control->level[n];
        return true;
    }
    return false;
}

/* A page's exception names a rule of templates or of lint behind a word of its own. */
static const char *bare(const char *id)
{
    static const char lint[] = "lint.";
    struct lint_said rule;
    if (strncmp(id, TEMPLATE, strlen(TEMPLATE)) == 0)
        return id + strlen(TEMPLATE);
    return strncmp(id, lint, strlen(lint)) == 0 && lint_rule_said(&rule, id + strlen(lint))
               ? id + strlen(lint)
               : id;
}

bool explain(struct explanation *out, const char *id)
{
    id = bare(id);
    if (control_explain(out, id))
        return true;
    if (!fact_explain(out, id))
        return false;
    if (strcmp(out->of, "verify") == 0)
        check_add(out, id);
    else if (strcmp(out->of, "lint") == 0)
        lint_add(out, id);
    return true;
}

json_t *explain_ids(void)
{
    json_t *ids = json_array();
    for (const struct rule_fact *fact = rule_facts; fact->ids != NULL; fact++) {
        for (const char *at = fact->ids; *at != '\0'; at += strspn(at, " ")) {
            size_t len = strcspn(at, " ");
            json_array_append_new(ids, json_stringn(at, len));
            at += len;
        }
    }
    for (size_t i = 0; i < controls_count; i++)
        json_array_append_new(ids, json_string(controls[i].id));
    return ids;
}

/* ---- saying it ---- */

static void member_add(json_t *object, const char *member, const char *text)
{
    if (text != NULL && *text != '\0')
        json_object_set_new(object, member, json_string(text));
}

json_t *explanation_json(const char *id, const struct explanation *e)
{
    json_t *object = json_object();
    member_add(object, "id", id);
    member_add(object, "of", e->of);
    member_add(object, "says", e->says);
    member_add(object, "why", e->why);
    member_add(object, "clause", e->clause);
    member_add(object, "remedy", e->remedy);
    member_add(object, "shows", e->shows);
    if (e->profile == NULL)
        return object;
    json_t *weights = json_object();
    for (size_t i = 0; e->profile[i] != NULL; i++)
        member_add(weights, e->profile[i], e->weight[i]);
    json_object_set_new(object, "weight", weights);
    return object;
}

static void line_add(struct bytes *out, const char *name, const char *text)
{
    if (text != NULL && *text != '\0')
        bytes_format(out, "  %-9s %s\n", name, text);
}

/* The tables' texts go on behind others: a sentence is made of them, unless they begin with the name of a
 * file. */
static void sentence_add(struct bytes *out, const char *name, const char *text)
{
    const size_t len = text != NULL ? strlen(text) : 0;
    if (len == 0)
        return;
    const bool word = text[strspn(text, "abcdefghijklmnopqrstuvwxyz")] == ' ';
    const bool ends = strchr(".?!", text[len - 1]) != NULL;
    bytes_format(out, "  %-9s %c%s%s\n", name, word ? toupper((unsigned char)*text) : *text, text + 1,
                 ends ? "" : ".");
}

void explanation_text(struct bytes *out, const char *id, const struct explanation *e)
{
    const bool exception = strcmp(e->of, "run") == 0;
    bytes_format(out, "%s (%s%s)\n", id, exception ? "an exception that a page records" : "verger ",
                 exception ? "" : e->of);
    sentence_add(out, "Rule:", e->says);
    line_add(out, "Why:", e->why);
    line_add(out, "Clause:", *e->clause != '\0' ? e->clause : "none but ours");
    sentence_add(out, "To do:", e->remedy);
    line_add(out, "Shown by:", e->shows);
    if (e->profile == NULL)
        return;
    bytes_format(out, "  %-9s ", "Weighs:");
    for (size_t i = 0; e->profile[i] != NULL; i++)
        bytes_format(out, "%s%s in %s", i > 0 ? ", " : "", e->weight[i], e->profile[i]);
    bytes_text(out, "\n");
}

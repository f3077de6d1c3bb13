#include "lintreport.h"

#include <string.h>

/* Reading evidence of lint, which whoever made a record may have written as they liked. */

static const char *const silent[] = {"passed", "not_applicable", "not_checked"};
enum { SILENT = sizeof silent / sizeof *silent };

static bool texts_check(const json_t *object, const char *const *members, const char *what, struct err *err)
{
    for (; *members != NULL; members++)
        if (!json_is_string(json_object_get(object, *members)))
            return err_set(err, "%s: \"%s\" is missing, or no text", what, *members);
    return true;
}

static bool list_check(const json_t *evidence, const char *member, const char *const *members,
                       struct err *err)
{
    const json_t *list = json_object_get(evidence, member);
    if (!json_is_array(list))
        return err_set(err, "\"%s\" is missing, or no list", member);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (members == NULL ? !json_is_string(one) : !texts_check(one, members, member, err))
            return members != NULL ? false : err_set(err, "\"%s\" holds what is no text", member);
    }
    return true;
}

bool lint_evidence_check(const json_t *evidence, struct err *err)
{
    static const char *const texts[] = {"format", "profile", "name", "kind", NULL};
    static const char *const found[] = {"rule", "severity", "clause", "text", NULL};
    static const char *const waived[] = {"rule", "because", "by", "role", NULL};
    enum lint_profile profile;
    if (!json_is_object(evidence) || strcmp(json_text(evidence, "format"), LINT_FORMAT) != 0)
        return err_set(err, "is not of the format " LINT_FORMAT);
    if (!texts_check(evidence, texts, "the lint", err) ||
        !lint_profile_find(&profile, json_text(evidence, "profile"), err))
        return false;
    if (!digest_is_hex(json_text(evidence, "tbs_sha256")) ||
        !json_is_integer(json_object_get(evidence, "edition")) ||
        !json_is_object(json_object_get(evidence, "given")))
        return err_set(err, "\"tbs_sha256\", \"edition\" or \"given\" is missing");
    for (size_t i = 0; i < SILENT; i++)
        if (!list_check(evidence, silent[i], NULL, err))
            return false;
    return list_check(evidence, "found", found, err) && list_check(evidence, "waived", waived, err);
}

static bool list_has(const json_t *list, const char *rule)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), rule) == 0)
            return true;
    return false;
}

const char *lint_evidence_answer(const json_t *evidence, const char *rule)
{
    const json_t *found = json_object_get(evidence, "found");
    for (size_t i = 0; i < json_array_size(found); i++)
        if (strcmp(json_text(json_array_get(found, i), "rule"), rule) == 0)
            return json_text(json_array_get(found, i), "severity");
    for (size_t i = 0; i < SILENT; i++)
        if (list_has(json_object_get(evidence, silent[i]), rule))
            return silent[i];
    return NULL;
}

bool lint_evidence_agrees(const json_t *recorded, const json_t *again, struct err *err)
{
    for (size_t n = 0; lint_rule_id(n) != NULL; n++) {
        const char *rule = lint_rule_id(n);
        const char *then = lint_evidence_answer(recorded, rule), *now = lint_evidence_answer(again, rule);
        if (then == NULL || now == NULL || strcmp(now, "not_checked") == 0 || strcmp(then, now) == 0)
            continue;
        return err_set(err, "%s: the page says %s, and the thing itself gives %s", rule, then, now);
    }
    return true;
}

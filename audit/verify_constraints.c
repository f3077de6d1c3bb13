/* A policy that is to be in the certificate too: the one is in ca.json, the other installed, and they agree.
 */
#include "shelf.h"

#include "../ceremony/authority.h"
#include "../ceremony/constraints.h"
#include "../ceremony/policy.h"

#include <string.h>

#define CONFIG "config/ca.json"

static bool constrains(const json_t *word)
{
    return strcmp(json_text(word, "verb"), "policy") == 0 &&
           json_is_true(json_object_get(json_object_get(word, "options"), "constrain"));
}

/* The policy of the ca.json that the step left behind, as constraints. */
static bool constraints_of(json_t **out, const struct sheet *sheet, struct err *err)
{
    OWN(char) *member = text_format("files/%s/" CONFIG, sheet_text(sheet, "station", NULL));
    const struct bytes *text = tarball_find(&sheet->scan.page.tar, member);
    OWN(json_t) *config = NULL;
    if (text == NULL)
        return err_set(err, "%s: sets a policy, and holds no %s", sheet->name, member);
    if (!json_read(&config, text, member, err))
        return false;
    const json_t *policy = json_object_get(json_object_get(config, "authority"), "policy");
    if (policy == NULL)
        return err_set(err, "%s: sets a policy, and its %s has none", sheet->name, member);
    return policy_name_constraints(out, policy, err) || err_wrap(err, "%s", member);
}

static void policy_note(struct trial *t, const struct sheet *sheet)
{
    struct err err = {0};
    OWN(json_t) *wanted = NULL;
    json_t *policy = json_pack("{s:s}", "station", sheet_text(sheet, "station", NULL));
    if (constraints_of(&wanted, sheet, &err))
        json_object_set(policy, "wanted", wanted);
    else
        json_object_set_new(policy, "fault", json_string(err.text));
    json_array_append_new(t->policies, policy);
}

void constraints_note(struct trial *t, const struct sheet *sheet)
{
    const json_t *words = json_object_get(trial_step(t, sheet), "words");
    for (size_t i = 0; i < json_array_size(words); i++)
        if (constrains(json_array_get(words, i)))
            policy_note(t, sheet);
}

/* Against the newest certificate that the station installed, wherever that was. */
void trial_constraints(struct trial *t)
{
    for (size_t i = 0; i < json_array_size(t->policies); i++) {
        const json_t *policy = json_array_get(t->policies, i);
        const json_t *place = json_object_get(t->shelf->installed, json_text(policy, "station"));
        const struct artefact *a = place != NULL ? &t->shelf->artefact[json_integer_value(place)] : NULL;
        struct err err = {0};
        if (a == NULL || a->certificate == NULL)
            continue;
        const json_t *wanted = json_object_get(policy, "wanted");
        bool agreed = wanted != NULL ? constraints_match(a->certificate, wanted, a->name, &err)
                                     : err_set(&err, "%s", json_text(policy, "fault"));
        checks_add(&t->checks, CHECK_ARTEFACT_CONSTRAINTS, (long)a->page, agreed, &err);
    }
}

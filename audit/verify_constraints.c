/* A policy that is to be in the certificate too: the one is in ca.json, the other installed, and they agree.
 */
#include "shelf.h"

#include "../ceremony/authority.h"
#include "../ceremony/constraints.h"
#include "../ceremony/policy.h"

#include <string.h>

#define CONFIG "config/ca.json"

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

static bool constrains(const json_t *word)
{
    return strcmp(text_of(word, "verb"), "policy") == 0 &&
           json_is_true(json_object_get(json_object_get(word, "options"), "constrain"));
}

/* The newest certificate that a station installed as the authority's. */
static const struct artefact *installed(const struct trial *t, const struct shelf *shelf, const char *station)
{
    for (size_t i = shelf->count; i > 0; i--) {
        const struct artefact *a = &shelf->artefact[i - 1];
        if (a->certificate != NULL && !json_is_true(json_object_get(a->output, "generated")) &&
            strcmp(artefact_text(a, "place"), AUTHORITY_CERTIFICATE) == 0 &&
            strcmp(sheet_text(&t->sheet[a->page], "station", NULL), station) == 0)
            return a;
    }
    return NULL;
}

/* The policy of the ca.json that the step left behind, as constraints. */
static bool constraints_of(json_t **out, const struct sheet *sheet, struct err *err)
{
    OWN(char) *member = text_format("files/%s/" CONFIG, sheet_text(sheet, "station", NULL));
    const struct bytes *text = tarball_find(&sheet->page.tar, member);
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

static bool constraints_check(const struct sheet *sheet, const struct artefact *a, struct err *err)
{
    OWN(json_t) *wanted = NULL;
    return constraints_of(&wanted, sheet, err) &&
           constraints_match(a->certificate, wanted, artefact_text(a, "name"), err);
}

static void word_check(struct trial *t, const struct shelf *shelf, const struct sheet *sheet)
{
    struct err err = {0};
    const struct artefact *a = installed(t, shelf, sheet_text(sheet, "station", NULL));
    if (a == NULL)
        return;
    bool agreed = constraints_check(sheet, a, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_CONSTRAINTS, (long)a->page, agreed, &err);
}

void trial_constraints(struct trial *t, const struct shelf *shelf)
{
    const json_t *steps = json_object_get(t->plan, "steps");
    for (size_t number = 1; number < t->count; number++) {
        const json_t *words = json_object_get(json_array_get(steps, number - 1), "words");
        for (size_t i = 0; t->sheet[number].readable && i < json_array_size(words); i++)
            if (constrains(json_array_get(words, i)))
                word_check(t, shelf, &t->sheet[number]);
    }
}

/* trial.h - one change of a configuration, and the rule that it must wake. */
#ifndef VERGER_TRIAL_H
#define VERGER_TRIAL_H

#include "../../ceremony/config.h"
#include "../../ceremony/file.h"
#include "../../ceremony/jsonedit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WORKING "tests/golden/config/ca.working.json"
#define PAGE "tests/golden/config/ca.page.json"

static inline struct bytes file_text(const char *path)
{
    struct bytes text = {0};
    struct err err = {0};
    if (!file_read(&text, path, FILE_MAX_SMALL, &err))
        fail_msg("%s", err.text);
    return text;
}

static inline struct findings findings_of(const struct bytes *text)
{
    struct findings found = {0};
    struct err err = {0};
    assert_true(authority_check_config(&found, text, &err));
    return found;
}

static inline const struct finding *finding_get(const struct findings *found, const char *rule)
{
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->list[i].rule, rule) == 0)
            return &found->list[i];
    return NULL;
}

static inline void dump(const struct findings *found)
{
    for (size_t i = 0; i < found->count; i++)
        print_message("# %d %s at %s: %s\n", found->list[i].severity, found->list[i].rule,
                      found->list[i].place, found->list[i].text);
}

/* Set a member; null is as good as absent. */
static inline void change(struct bytes *text, const char *path, const char *value)
{
    OWN_STRUCT(bytes) bytes = bytes_copy(value, strlen(value));
    OWN(json_t) *parsed = NULL;
    struct err err = {0};
    if (!json_read(&parsed, &bytes, "value", &err) || !jsonedit_set(text, path, parsed, "ca.json", &err))
        fail_msg("%s: %s", path, err.text);
}

/* One change of a configuration, and the rule that it must wake. */
struct trial {
    const char *path, *value, *rule;
    enum severity severity;
    const char *place, *text; /* parts of them */
};

static inline void try_all(const char *file, const struct trial *trials, size_t count)
{
    OWN_STRUCT(bytes) good = file_text(file);
    OWN_STRUCT(findings) before = findings_of(&good);
    for (size_t i = 0; i < count; i++) {
        const struct trial *t = &trials[i];
        OWN_STRUCT(bytes) text = bytes_copy(good.data, good.len);
        change(&text, t->path, t->value);
        OWN_STRUCT(findings) found = findings_of(&text);
        const struct finding *hit = finding_get(&found, t->rule);
        bool right = hit != NULL && hit->severity == t->severity && strstr(hit->place, t->place) != NULL &&
                     strstr(hit->text, t->text) != NULL;
        if (finding_get(&before, t->rule) != NULL || !right) {
            dump(&found);
            fail_msg("%s = %s: no \"%s\" (%d) at \"%s\" saying \"%s\"", t->path, t->value, t->rule,
                     t->severity, t->place, t->text);
        }
    }
}
#define TRY(file, trials) try_all(file, trials, sizeof(trials) / sizeof(trials)[0])

#define ERROR SEVERITY_ERROR
#define WARNING SEVERITY_WARNING
#define NOTE SEVERITY_NOTE

#endif

/* linted.h - for tests: what lint found, as a page tells it, right or with a crime in it. */
#ifndef VERGER_TESTS_LINTED_H
#define VERGER_TESTS_LINTED_H

#include "book.h"

#include "audit/page.h"
#include "ceremony/lintreport.h"

/* The crimes of whoever writes that down. */
static inline void linted_forge(json_t *evidence, const char *crimes)
{
    json_t *passed = json_object_get(evidence, "passed");
    if (crime_in(crimes, "lint of another"))
        json_object_set_new(evidence, "tbs_sha256", json_string(digest_zero));
    if (crime_in(crimes, "lint says otherwise")) {
        json_array_append(json_object_get(evidence, "not_applicable"), json_array_get(passed, 0));
        json_array_remove(passed, 0);
    }
    if (crime_in(crimes, "waived by nobody"))
        json_array_append_new(json_object_get(evidence, "waived"),
                              json_pack("{s:s, s:s, s:s, s:s}", "rule", "rsa_roca", "because", "so", "by",
                                        "Ben", "role", "witness"));
}

/* Of an artefact called `name`, whose file is evidence/lint-`name`.json. */
static inline void linted_put(struct page *page, const char *name, const struct bytes *artefact,
                              const char *crimes)
{
    struct err err = {0};
    OWN_STRUCT(lint_subjects) things = {0};
    OWN(json_t) *evidence = NULL;
    OWN_STRUCT(bytes) text = {0};
    struct lint_context context = {.profile = crime_in(crimes, "unwaived") ? LINT_PUBLIC : LINT_PRIVATE};
    char slug[61];
    if (crime_in(crimes, "not linted"))
        return;
    assert_true(page_slug(slug, name));
    OWN(char) *file = text_format("lint-%s.json", slug);
    assert_ok(lint_read(&things, artefact, name, &err));
    assert_ok(lint_evidence(&evidence, &things.list[0], &context, NULL, &err));
    json_object_set_new(evidence, "name", json_string(name));
    json_object_set_new(evidence, "waived", json_array());
    linted_forge(evidence, crimes);
    assert_ok(json_canonical(&text, evidence, &err));
    assert_ok(page_evidence(page, file, text.data, text.len, &err));
}

#endif

/* What a page says that lint found, before anything was signed: is it of what the page has, is it what the
 * thing itself gives, and is every error waived by the script? */
#include "pagejson.h"
#include "shelf.h"

#include "../ceremony/crl.h"
#include "../ceremony/lintreport.h"

#include <string.h>

#define PREFIX "evidence/lint-"

/* ---- what was judged ---- */

/* What the page made under that name, or used. */
static const struct artefact *judged_of(const struct shelf *shelf, const struct sheet *sheet,
                                        const char *name)
{
    const struct artefact *made = shelf_find_on(shelf, sheet->at, name);
    return made != NULL ? made : shelf_find(shelf, name);
}

static bool thing_take(struct lint_subjects *out, const struct artefact *a, struct err *err)
{
    if (a->certificate != NULL || a->request != NULL)
        return lint_take(out, a->certificate, a->request, NULL, err);
    return a->kind == ARTEFACT_CRL && a->content != NULL
               ? lint_read(out, a->content, a->name, err)
               : err_set(err, "%s: cannot be judged, for the page does not hold it", a->name);
}

/* Certificate or request on the shelf with that SHA-256 of its DER, or NULL. */
static const struct artefact *given_find(const struct shelf *shelf, enum artefact_kind kind, const char *hex)
{
    for (size_t i = shelf->count; hex[0] != '\0' && i > 0; i--) {
        const struct artefact *a = &shelf->artefact[i - 1];
        OWN_STRUCT(lint_subjects) thing = {0};
        struct err ignored = {0};
        char found[DIGEST_HEX];
        if (a->kind != kind || (a->certificate == NULL && a->request == NULL) ||
            !lint_take(&thing, a->certificate, a->request, NULL, &ignored))
            continue;
        digest_hex(found, thing.list[0].der.data, thing.list[0].der.len);
        if (strcmp(found, hex) == 0)
            return a;
    }
    return NULL;
}

/* ---- the file ---- */

static const char *profile_of(const struct trial *t)
{
    const char *planned = json_text(t->plan, "profile");
    return planned[0] != '\0' ? planned : lint_profiles[0];
}

static bool name_check(const char *member, const char *name, struct err *err)
{
    char slug[61];
    OWN(char) *wanted = page_slug(slug, name) ? text_format(PREFIX "%s.json", slug) : NULL;
    return (wanted != NULL && strcmp(wanted, member) == 0) ||
           err_set(err, "is of \"%s\", which has another file", name);
}

static bool form_check(struct lint_subjects *thing, json_t **out, const struct trial *t,
                       const struct sheet *sheet, const struct member *member, struct err *err)
{
    OWN(json_t) *evidence = NULL;
    char tbs[DIGEST_HEX];
    if (!json_read(&evidence, &member->data, member->name, err) || !lint_evidence_check(evidence, err) ||
        !name_check(member->name, json_text(evidence, "name"), err))
        return false;
    const struct artefact *a = judged_of(t->shelf, sheet, json_text(evidence, "name"));
    if (a == NULL)
        return err_set(err, "is of \"%s\", which the page neither made nor used",
                       json_text(evidence, "name"));
    if (!thing_take(thing, a, err) || !lint_tbs(tbs, &thing->list[0], err))
        return false;
    if (strcmp(tbs, json_text(evidence, "tbs_sha256")) != 0)
        return err_set(err,
                       "is of another \"%s\": its to-be-signed part has SHA-256 %s, and was judged as %s",
                       a->name, tbs, json_text(evidence, "tbs_sha256"));
    if (t->plan != NULL && strcmp(profile_of(t), json_text(evidence, "profile")) != 0)
        return err_set(err, "is judged as %s, and the plan says %s", json_text(evidence, "profile"),
                       profile_of(t));
    *out = GIVE(evidence);
    return true;
}

/* Judged once more: what the rules were told then is told again, as far as the record has it. */
static bool findings_check(const struct shelf *shelf, const json_t *evidence,
                           const struct lint_subjects *thing, struct err *err)
{
    OWN(json_t) *again = NULL;
    struct lint_context context = {0};
    const json_t *given = json_object_get(evidence, "given");
    const struct artefact *issuer = given_find(shelf, ARTEFACT_CERTIFICATE, json_text(given, "issuer"));
    const struct artefact *request = given_find(shelf, ARTEFACT_REQUEST, json_text(given, "request"));
    context.issuer = issuer != NULL ? issuer->certificate : NULL;
    context.request = request != NULL ? request->request : NULL;
    return lint_profile_find(&context.profile, json_text(evidence, "profile"), err) &&
           lint_evidence(&again, &thing->list[0], &context, context.issuer, err) &&
           lint_evidence_agrees(evidence, again, err);
}

/* ---- waivers ---- */

static const json_t *entry_of(const json_t *list, const char *member, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_text(json_array_get(list, i), member), text) == 0)
            return json_array_get(list, i);
    return NULL;
}

/* The word of the page's step that waives a rule, or NULL. */
static const json_t *waive_of(const json_t *step, const char *rule)
{
    const json_t *words = json_object_get(step, "words");
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        if (strcmp(json_text(word, "verb"), "waive") == 0 && strcmp(json_text(word, "name"), rule) == 0)
            return word;
    }
    return NULL;
}

static bool waiver_check(const struct trial *t, const struct sheet *sheet, const json_t *waived,
                         struct err *err)
{
    const char *rule = json_text(waived, "rule");
    const json_t *word = waive_of(trial_step(t, sheet), rule);
    const json_t *options = json_object_get(word, "options");
    OWN(char) *id = text_format("lint.%s", rule);
    const json_t *deviation = entry_of(sheet_json(sheet, "deviations"), "rule", id);
    if (t->plan != NULL && word == NULL)
        return err_set(err, "%s is waived, and the script waives it nowhere in this step", rule);
    if (word != NULL && (strcmp(json_text(options, "because"), json_text(waived, "because")) != 0 ||
                         strcmp(json_text(options, "by"), json_text(waived, "role")) != 0))
        return err_set(err, "%s is waived for another reason, or by another role, than the script says",
                       rule);
    return (deviation != NULL && strcmp(json_text(deviation, "by"), json_text(waived, "by")) == 0) ||
           err_set(err, "%s is waived by %s, and the page has no such deviation", rule,
                   json_text(waived, "by"));
}

static bool waivers_check(const struct trial *t, const struct sheet *sheet, const json_t *evidence,
                          struct err *err)
{
    const json_t *found = json_object_get(evidence, "found"), *waived = json_object_get(evidence, "waived");
    for (size_t i = 0; i < json_array_size(found); i++) {
        const json_t *one = json_array_get(found, i);
        if (strcmp(json_text(one, "severity"), "error") == 0 &&
            entry_of(waived, "rule", json_text(one, "rule")) == NULL)
            return err_set(err, "%s is an error that nobody waived: %s", json_text(one, "rule"),
                           json_text(one, "text"));
    }
    for (size_t i = 0; i < json_array_size(waived); i++)
        if (!waiver_check(t, sheet, json_array_get(waived, i), err))
            return false;
    return true;
}

/* ---- all of a page ---- */

static void file_judge(struct trial *t, const struct sheet *sheet, const struct member *member)
{
    const long page = (long)sheet->at;
    struct err err = {0};
    OWN(json_t) *evidence = NULL;
    OWN_STRUCT(lint_subjects) thing = {0};
    bool ok = form_check(&thing, &evidence, t, sheet, member, &err) ||
              err_wrap(&err, "%s: %s", sheet->name, member->name);
    if (!checks_add(&t->checks, CHECK_LINT_FORM, page, ok, &err))
        return;
    const long long edition = json_integer_value(json_object_get(evidence, "edition"));
    if (edition != LINT_EDITION) {
        checks_unchecked(&t->checks,
                         "%s: %s was judged by edition %lld of the rules, and this program has edition %d: "
                         "what it found was not compared.",
                         sheet->name, member->name, edition, LINT_EDITION);
    } else {
        ok = findings_check(t->shelf, evidence, &thing, &err) ||
             err_wrap(&err, "%s: %s", sheet->name, member->name);
        checks_add(&t->checks, CHECK_LINT_FINDINGS, page, ok, &err);
    }
    ok = waivers_check(t, sheet, evidence, &err) || err_wrap(&err, "%s: %s", sheet->name, member->name);
    checks_add(&t->checks, CHECK_LINT_WAIVED, page, ok, &err);
}

static bool is_linted(const struct sheet *sheet, const char *name)
{
    char slug[61];
    OWN(char) *member = page_slug(slug, name) ? text_format(PREFIX "%s.json", slug) : NULL;
    return member != NULL && tarball_member(&sheet->scan.page.tar, member) != NULL;
}

/* What a step of the plan signs is linted in it; a closing page has what an unfinished one left. */
static bool is_planned(const struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    if (sheet_json(sheet, PAGE_ABORTED) != NULL)
        return false;
    return made_by(t, sheet, a) != NULL;
}

/* Certificates and lists that the page signed. */
static void done_check(struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    struct err err = {0};
    if (artefact_text(a, "issuer")[0] == '\0' || (a->kind != ARTEFACT_CERTIFICATE && a->kind != ARTEFACT_CRL))
        return;
    const bool linted = is_linted(sheet, a->name);
    if (!linted && !is_planned(t, sheet, a)) {
        checks_unchecked(&t->checks, "%s: %s was signed, and no lint of it is on the page.", sheet->name,
                         a->name);
        return;
    }
    bool ok =
        linted || err_set(&err, "%s: %s was signed, and no lint of it is on the page", sheet->name, a->name);
    checks_add(&t->checks, CHECK_LINT_DONE, (long)sheet->at, ok, &err);
}

void lint_checks(struct trial *t, const struct sheet *sheet, size_t first)
{
    const struct tarball *tar = &sheet->scan.page.tar;
    for (size_t i = 0; i < tar->count; i++)
        if (strncmp(tar->member[i].name, PREFIX, sizeof PREFIX - 1) == 0)
            file_judge(t, sheet, &tar->member[i]);
    for (size_t i = first; i < t->shelf->count; i++)
        done_check(t, sheet, &t->shelf->artefact[i]);
}

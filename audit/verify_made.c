/* What a page made, against the plan of page 0 and the templates that stand there. */
#include "pagejson.h"
#include "shelf.h"

#include "../ceremony/crl.h"

#include <string.h>

/* ---- the plan ---- */

/* What a word makes, and what that is called: what goes before the word's own name. */
struct making {
    const char *verb, *kind, *before;
};

static const struct making *making_of(const char *verb)
{
    static const struct making makings[] = {{"generate", "key", ""},
                                            {"request", "request", ""},
                                            {"receive_request", "request", ""},
                                            {"receive_certificate", "certificate", ""},
                                            {"sign", "certificate", ""},
                                            {"self_sign", "certificate", ""},
                                            {"cross_sign", "certificate", ""},
                                            {"issue", "certificate", ""},
                                            {"publish", "crl", ""},
                                            {"publish_fallback", "crl", ""},
                                            {"backup", "backup", "backup of the "}};
    for (size_t i = 0; i < sizeof makings / sizeof makings[0]; i++)
        if (strcmp(makings[i].verb, verb) == 0)
            return &makings[i];
    return NULL;
}

static bool date_is(const json_t *facts, const char *member, const json_t *word, const char *planned,
                    const char *name, struct err *err)
{
    return strcmp(json_text(facts, member), json_text(word, planned)) == 0 ||
           err_set(err, "%s: its %s is %s, and the plan says %s", name, member, json_text(facts, member),
                   json_text(word, planned));
}

/* What is signed has the dates that were resolved at the start, and read aloud. */
static bool dates_are(const json_t *word, const struct artefact *a, struct err *err)
{
    OWN(json_t) *facts = NULL;
    OWN(X509_CRL) *crl = NULL;
    if (json_text(word, "ends")[0] == '\0')
        return true;
    if (a->certificate != NULL)
        return certificate_to_json(&facts, a->certificate, err) &&
               date_is(facts, "not_before", word, "begins", a->name, err) &&
               date_is(facts, "not_after", word, "ends", a->name, err);
    if (a->kind != ARTEFACT_CRL || a->content == NULL)
        return true;
    return crl_parse(&crl, a->content, a->name, err) && crl_to_json(&facts, crl, err) &&
           date_is(facts, "this_update", word, "begins", a->name, err) &&
           date_is(facts, "next_update", word, "ends", a->name, err);
}

static bool word_is_done(const struct trial *t, const struct sheet *sheet, const json_t *word,
                         struct err *err)
{
    const struct making *made = making_of(json_text(word, "verb"));
    OWN(char) *name = text_format("%s%s", made->before, json_text(word, "name"));
    const struct artefact *a = shelf_find_on(t->shelf, sheet->at, name);
    if (a != NULL && strcmp(artefact_text(a, "kind"), made->kind) == 0)
        return dates_are(word, a, err);
    return json_array_size(sheet_json(sheet, "deviations")) > 0 ||
           err_set(err, "%s: the plan has it make \"%s\" (%s), which is not among its outputs", sheet->name,
                   name, made->kind);
}

/* What is taken over has names of its own. */
static bool adoption_is_done(const struct trial *t, const struct sheet *sheet, struct err *err)
{
    static const char *const made[][2] = {{"root certificate", "certificate"},
                                          {"intermediate certificate", "certificate"},
                                          {"intermediate key", "key"}};
    for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
        const struct artefact *a = shelf_find_on(t->shelf, sheet->at, made[i][0]);
        if (a == NULL || strcmp(artefact_text(a, "kind"), made[i][1]) != 0 ||
            !json_is_true(json_object_get(a->output, "adopted")))
            return err_set(err,
                           "%s: the plan has it take over the authority, and its %s is not among its outputs",
                           sheet->name, made[i][0]);
    }
    return true;
}

static bool is_made_by(const json_t *word, const struct artefact *a)
{
    const struct making *making = making_of(json_text(word, "verb"));
    OWN(char) *name = making != NULL ? text_format("%s%s", making->before, json_text(word, "name")) : NULL;
    return name != NULL && strcmp(name, a->name) == 0;
}

const json_t *made_by(const struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    const json_t *words = json_object_get(trial_step(t, sheet), "words");
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        if (is_made_by(word, a))
            return word;
    }
    return NULL;
}

/* A closing page stands in a step's place, and makes nothing of it. */
void made_checks(struct trial *t, const struct sheet *sheet)
{
    const json_t *step = sheet_json(sheet, PAGE_ABORTED) == NULL ? trial_step(t, sheet) : NULL;
    const json_t *words = json_object_get(step, "words");
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        struct err err = {0};
        bool adopts = strcmp(json_text(word, "verb"), "adopt") == 0;
        if (!adopts && making_of(json_text(word, "verb")) == NULL)
            continue;
        bool done = adopts ? adoption_is_done(t, sheet, &err) : word_is_done(t, sheet, word, &err);
        checks_add(&t->checks, CHECK_PLAN_MADE, (long)sheet->at, done, &err);
    }
}

/* ---- templates ---- */

static bool is_template(const json_t *input)
{
    return strcmp(json_text(input, "kind"), "template") == 0;
}

static bool has_template(const struct sheet *sheet)
{
    const json_t *inputs = sheet_json(sheet, "inputs");
    for (size_t i = 0; i < json_array_size(inputs); i++)
        if (is_template(json_array_get(inputs, i)))
            return true;
    return false;
}

static bool template_is_planned(const struct trial *t, const json_t *input, struct err *err)
{
    const json_t *templates = json_object_get(t->plan, "templates");
    for (size_t i = 0; i < json_array_size(templates); i++) {
        const json_t *one = json_array_get(templates, i);
        if (strcmp(json_text(one, "path"), json_text(input, "name")) == 0)
            return strcmp(json_text(one, "sha256"), json_text(input, "sha256")) == 0 ||
                   err_set(err, "template %s: is not the one of page 0", json_text(input, "name"));
    }
    return t->plan == NULL || err_set(err, "template %s: page 0 has none such", json_text(input, "name"));
}

static bool templates_are_planned(const struct trial *t, const struct sheet *sheet, struct err *err)
{
    const json_t *inputs = sheet_json(sheet, "inputs");
    for (size_t i = 0; i < json_array_size(inputs); i++)
        if (is_template(json_array_get(inputs, i)) && !template_is_planned(t, json_array_get(inputs, i), err))
            return false;
    return true;
}

/* Which of a page's requests it answers: that with its key. */
static const struct artefact *request_of(const struct shelf *shelf, const struct sheet *sheet,
                                         const struct artefact *a)
{
    const json_t *inputs = sheet_json(sheet, "inputs");
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        const struct artefact *request = strcmp(json_text(input, "kind"), "request") == 0
                                             ? shelf_find(shelf, json_text(input, "name"))
                                             : NULL;
        if (request != NULL && request->request != NULL && artefact_same_key(request, a))
            return request;
    }
    return NULL;
}

/* evidence/a.json for evidence/a.crt. */
static const struct bytes *rendered_of(const struct sheet *sheet, const struct artefact *a)
{
    const char *member = artefact_text(a, "member"), *end = strrchr(member, '.');
    OWN(char) *name = text_format("%.*s.json", end != NULL ? (int)(end - member) : 0, member);
    return tarball_find(&sheet->scan.page.tar, name);
}

/* Who asked for it, and who signed, as far as there is anybody: of a root it is itself. */
static bool parties_find(struct draft *draft, const struct trial *t, const struct sheet *sheet,
                         const struct artefact *a, struct err *err)
{
    const json_t *word = made_by(t, sheet, a);
    const char *verb = json_text(word, "verb");
    if (strcmp(verb, "self_sign") == 0) {
        draft->own_key = X509_get0_pubkey(a->certificate);
        return true;
    }
    const struct artefact *issuer = shelf_find(t->shelf, artefact_text(a, "issuer"));
    if (strcmp(verb, "cross_sign") == 0) {
        const char *name = json_text(json_object_get(word, "options"), "certificate");
        const struct artefact *original = shelf_find(t->shelf, name);
        draft->original = original != NULL ? original->certificate : NULL;
    } else {
        const struct artefact *request = request_of(t->shelf, sheet, a);
        draft->request = request != NULL ? request->request : NULL;
    }
    draft->issuer = issuer != NULL ? issuer->certificate : NULL;
    return ((draft->original != NULL || draft->request != NULL) && draft->issuer != NULL) ||
           err_set(err, "%s: what it was asked for with, or its issuer, is not in this record", a->name);
}

static bool template_check(const struct trial *t, const struct sheet *sheet, const struct artefact *a,
                           struct err *err)
{
    OWN_PROFILE *profile = NULL;
    OWN(json_t) *facts = NULL;
    struct err strict = {0};
    const struct bytes *json = rendered_of(sheet, a);
    struct draft draft = {.not_before = certificate_not_before(a->certificate),
                          .not_after = certificate_not_after(a->certificate)};
    if (!templates_are_planned(t, sheet, err))
        return false;
    if (json == NULL)
        return err_set(err, "%s: what its template rendered to is not on the page", a->name);
    if (!parties_find(&draft, t, sheet, a, err) ||
        (!profile_parse(&profile, json, false, a->name, &strict) &&
         !profile_parse(&profile, json, true, a->name, err)) ||
        !certificate_to_json(&facts, a->certificate, err))
        return false;
    draft.profile = profile;
    snprintf(draft.serial, sizeof draft.serial, "%s", json_text(facts, "serial"));
    return certificate_conforms(a->certificate, &draft, err) || err_wrap(err, "%s", a->name);
}

static bool mark_check(const struct sheet *sheet, const struct artefact *a, struct err *err)
{
    OWN(json_t) *facts = NULL;
    const bool rehearsal = json_is_true(sheet_json(sheet, "rehearsal"));
    if (!certificate_to_json(&facts, a->certificate, err))
        return false;
    const bool marked = strstr(json_text(facts, "subject"), "CN=REHEARSAL ") != NULL;
    return marked == rehearsal ||
           err_set(err, "%s: its name (%s) %s, and this is %s", a->name, json_text(facts, "subject"),
                   marked ? "says REHEARSAL" : "does not say REHEARSAL", rehearsal ? "a rehearsal" : "none");
}

/* Of a certificate that was signed on this page, by a template. */
void template_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    struct err err = {0};
    if (artefact_text(a, "issuer")[0] == '\0')
        return;
    bool ok = mark_check(sheet, a, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_REHEARSAL, (long)sheet->at, ok, &err);
    if (!has_template(sheet) && strcmp(json_text(made_by(t, sheet, a), "verb"), "issue") != 0)
        return;
    ok = template_check(t, sheet, a, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_TEMPLATE, (long)sheet->at, ok, &err);
}

#include "trial.h"

#include "pagejson.h"
#include "sshsig.h"
#include "witness.h"

#include <string.h>

/* Each rule of a seal gets its own line; those behind the broken one were not come to. */
static void judged_add(struct checks *checks, size_t at, bool ok, enum seal_rule broken,
                       const struct err *err)
{
    static const struct {
        enum seal_rule rule;
        enum check check;
    } order[] = {{SEAL_SIGNER, CHECK_SEAL_SIGNER},
                 {SEAL_FORM, CHECK_SEAL_FORM},
                 {SEAL_SIGNATURE, CHECK_SEAL_SIGNATURE},
                 {SEAL_LIFE, CHECK_SEAL_CERTIFICATE}};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        bool is_broken = !ok && order[i].rule == broken;
        checks_add(checks, order[i].check, (long)at, !is_broken, err);
        if (is_broken)
            return;
    }
}

static void page_fit(struct trial *t, const struct sheet *sheet, const struct enrolled *signer,
                     const struct sealing *sealing)
{
    struct err err = {0};
    if (!sheet->scan.readable)
        return;
    if (signer->signer.station[0] == '\0') {
        bool fit = witness_fit(signer, sheet->scan.page.json, sealing->when, sealing->name, &err);
        checks_add(&t->checks, CHECK_SEAL_WITNESS, (long)sheet->at, fit, &err);
        return;
    }
    bool own = strcmp(signer->signer.station, sheet_text(sheet, "station", NULL)) == 0 ||
               err_set(&err, "%s: a page is sealed by its own station, which is \"%s\"", sealing->name,
                       sheet_text(sheet, "station", NULL));
    checks_add(&t->checks, CHECK_SEAL_STATION, (long)sheet->at, own, &err);
    bool timely = sealing->when == sheet->scan.page.tar.mtime ||
                  err_set(&err, "%s: signingTime is not the page's finished", sealing->name);
    checks_add(&t->checks, CHECK_SEAL_TIME, (long)sheet->at, timely, &err);
}

static bool roster_has_revoked(const struct roster *roster)
{
    for (size_t i = 0; i < roster->count; i++)
        if (roster->enrolled[i].revoked != 0)
            return true;
    return false;
}

/* Asked where it can be answered with no: once somebody is revoked. */
static bool revoked_check(struct trial *t, const struct sheet *sheet, const struct enrolled *signer,
                          const char *name)
{
    const json_t *page = sheet->scan.readable ? sheet->scan.page.json : NULL;
    struct err err = {0};
    if (!roster_has_revoked(&t->roster) && json_object_get(page, PAGE_REVOKED) == NULL)
        return true;
    bool ok = enrolled_may_seal(signer, page, &err) || err_wrap(&err, "%s", name);
    return checks_add(&t->checks, CHECK_SIGNERS_REVOKED, (long)sheet->at, ok, &err);
}

bool trial_seal(struct trial *t, const struct sheet *sheet, struct sealing *sealing)
{
    const struct enrolled *signer = roster_find(&t->roster, sealing->label);
    struct err err = {0};
    if (signer == NULL && sheet->scan.readable && witnesses_wanted(sheet->scan.page.json) > 0) {
        sealing->open = true;
        return true;
    }
    if (signer == NULL) {
        err_set(&err, "%s: nobody is enrolled as \"%s\"", sealing->name, sealing->label);
        return checks_add(&t->checks, CHECK_SEAL_SIGNER, (long)sheet->at, false, &err);
    }
    if (sealing->p7s.len == 0)
        return checks_add(&t->checks, CHECK_SEAL_FORM, (long)sheet->at, false, &sealing->fault);
    /* What was judged against another certificate than the enrolled one says nothing. */
    if (strcmp(sealing->signer, signer->signer.sha256) != 0)
        (void)sealing_judge(sealing, sheet, signer->certificate);
    judged_add(&t->checks, sheet->at, sealing->good, sealing->broken, &sealing->fault);
    if (!sealing->good || !revoked_check(t, sheet, signer, sealing->name))
        return false;
    const json_int_t pages = json_integer_value(json_object_get(t->attested, sealing->label));
    json_object_set_new(t->attested, sealing->label, json_integer(pages + 1));
    json_object_set_new(t->sealed, sealing->label, json_string(signer->signer.sha256));
    page_fit(t, sheet, signer, sealing);
    return true;
}

static bool seal_is_there(const struct sheet *sheet, const char *label)
{
    for (size_t i = 0; i < sheet->sealings; i++)
        if (strcmp(sheet->sealing[i].label, label) == 0)
            return true;
    return false;
}

static void required_check(struct trial *t, const struct sheet *sheet)
{
    const json_t *required = sheet_json(sheet, "seals_required");
    bool all = true;
    for (size_t i = 0; i < json_array_size(required); i++) {
        const json_t *who = json_array_get(required, i);
        if (json_object_get(who, "witnesses") != NULL)
            continue; /* verify_witness.c */
        const char *station = json_string_value(json_object_get(who, "station"));
        const char *label = station != NULL ? station : json_string_value(json_object_get(who, "witness"));
        struct err err = {0};
        const struct enrolled *signer = roster_required(&t->roster, who);
        if (signer != NULL && seal_is_there(sheet, signer->label))
            continue;
        err_set(&err, "%s: the seal of the %s \"%s\" is missing, and the page requires it", sheet->name,
                station != NULL ? "station" : "witness", label);
        all = checks_add(&t->checks, CHECK_SEAL_REQUIRED, (long)sheet->at, false, &err);
    }
    if (all)
        checks_add(&t->checks, CHECK_SEAL_REQUIRED, (long)sheet->at, true, NULL);
}

/* What no check can know: since when a key was in other hands. */
static void revocation_note(struct trial *t, const struct sheet *sheet)
{
    const char *label = sheet_text(sheet, PAGE_REVOKED, "label"),
               *next = sheet_text(sheet, PAGE_REVOKED, "next");
    checks_note(
        &t->checks,
        "Page %zu revokes the signer \"%s\" (%s)%s%s. Its seals up to there are from before that; what a "
        "key sealed once others had it is worth no more than the chain of pages and the other seals.",
        sheet->at, label, sheet_text(sheet, PAGE_REVOKED, "reason"), next[0] != '\0' ? " and enrols " : "",
        next);
}

/* Whom this page enrols: read, and marked as the page is. */
static void enrolment_check(struct trial *t, const struct sheet *sheet)
{
    const size_t before = t->roster.count;
    const bool rehearsal = json_is_true(sheet_json(sheet, "rehearsal"));
    struct err err = {0};
    bool ok = roster_read(&t->roster, &sheet->scan.page, &err) || err_wrap(&err, "%s", sheet->name);
    for (size_t i = before; ok && i < t->roster.count; i++)
        if (t->roster.enrolled[i].signer.rehearsal != rehearsal)
            ok = err_set(&err,
                         "%s: the certificate of \"%s\" and the page differ on whether this is a rehearsal",
                         sheet->name, t->roster.enrolled[i].label);
    if (ok && sheet->at == 0 && t->roster.count == 0)
        ok = err_set(&err, "%s: enrols nobody", sheet->name);
    if (!ok || t->roster.count > before)
        checks_add(&t->checks, CHECK_SIGNERS_ENROLLED, (long)sheet->at, ok, &err);
    if (ok && sheet_json(sheet, PAGE_REVOKED) != NULL)
        revocation_note(t, sheet);
}

static bool all_seals_hold(struct trial *t, const struct sheet *sheet)
{
    bool hold = true;
    for (size_t i = 0; i < sheet->sealings; i++)
        if (!trial_seal(t, sheet, &sheet->sealing[i]))
            hold = false;
    return hold;
}

/* Page 0 is sealed by those whom it enrols itself, which proves nothing without an anchor from outside. Whom
 * a later page enrols counts only when that page's own seals hold, and for the pages behind it, or as a
 * witness who takes over for the page that waits in front of it. */
void trial_seals(struct trial *t, struct sheet *sheet)
{
    const bool first = sheet->at == 0;
    const bool revokes = sheet->scan.readable && page_revokes(sheet->scan.page.json);
    if (!revokes)
        trial_witnesses_settle(t, sheet);
    if (first && sheet->scan.readable)
        enrolment_check(t, sheet);
    if (first && t->roster.count == 0)
        checks_unchecked(&t->checks, "Nobody is known to be enrolled, so no seal could be checked.");
    if (t->roster.count == 0)
        return;
    const bool hold = all_seals_hold(t, sheet);
    if (!sheet->scan.readable)
        return;
    required_check(t, sheet);
    if (!first && hold)
        enrolment_check(t, sheet);
    if (revokes)
        trial_witnesses_late(t);
    else
        trial_witnesses_hold(t, sheet);
}

/* ---- signers/ ---- */

static bool allowed_signers(struct bytes *out, const struct roster *roster, struct err *err)
{
    for (size_t i = 0; i < roster->count; i++) {
        const struct enrolled *one = &roster->enrolled[i];
        OWN_STRUCT(bytes) line = {0};
        if (one->signer.station[0] == '\0')
            continue;
        if (!sshsig_allowed_signer(&line, one->label, one->certificate, err))
            return false;
        bytes_add(out, line.data, line.len);
    }
    return true;
}

static bool signers_file_check(const char *folder, const char *name, const struct bytes *right,
                               struct err *err)
{
    OWN(char) *path = path_join(folder, name);
    OWN_STRUCT(bytes) found = {0};
    if (!file_read(&found, path, FILE_MAX_SMALL, err))
        return false;
    return bytes_equal(&found, right) || err_set(err, "signers/%s: is not what the pages enrolled", name);
}

static bool signers_check(const struct roster *roster, const char *folder, struct err *err)
{
    OWN_STRUCT(names) names = {0};
    OWN_STRUCT(bytes) allowed = {0};
    if (!file_is_folder(folder))
        return err_set(err, "signers: not a folder");
    if (!folder_list(&names, folder, err) || !allowed_signers(&allowed, roster, err) ||
        !signers_file_check(folder, "allowed_signers", &allowed, err))
        return false;
    for (size_t i = 0; i < roster->count; i++) {
        OWN(char) *name = text_format("%s.crt", roster->enrolled[i].label);
        if (!signers_file_check(folder, name, &roster->enrolled[i].pem, err))
            return false;
    }
    /* All that should be there is: more names than that are too many. */
    for (size_t i = 0; names.count > roster->count + 1 && i < names.count; i++) {
        OWN(char) *label = text_format("%.*s", (int)strcspn(names.name[i], "."), names.name[i]);
        OWN(char) *name = text_format("%s.crt", label);
        bool known = strcmp(names.name[i], "allowed_signers") == 0 ||
                     (strcmp(name, names.name[i]) == 0 && roster_find(roster, label) != NULL);
        if (!known)
            return err_set(err, "signers/%s: does not belong into a record", names.name[i]);
    }
    return true;
}

void trial_signers_folder(struct trial *t)
{
    OWN(char) *folder = path_join(t->options->record, "signers");
    struct err err = {0};
    if (t->roster.count == 0) {
        checks_unchecked(&t->checks, "Nobody is known to be enrolled, so signers/ could not be checked.");
        return;
    }
    bool ok = signers_check(&t->roster, folder, &err);
    checks_add(&t->checks, CHECK_SIGNERS_FOLDER, NO_PAGE, ok, &err);
}

#include "shelf.h"

#include "../ceremony/crl.h"

#include <string.h>

/* ---- revocation lists ---- */

static bool crl_is_right(const struct shelf *shelf, const struct artefact *a, struct err *err)
{
    OWN(X509_CRL) *crl = NULL;
    OWN(json_t) *facts = NULL;
    const struct artefact *issuer = shelf_find(shelf, artefact_issuer(a));
    if (a->content == NULL)
        return err_set(err, "%s: the page does not hold it", a->name);
    if (issuer == NULL || issuer->certificate == NULL)
        return err_set(err, "%s: its issuer \"%s\" is not in this record", a->name, artefact_issuer(a));
    if (!crl_parse(&crl, a->content, a->name, err) || !crl_check(crl, issuer->certificate, err) ||
        !crl_to_json(&facts, crl, err))
        return false;
    const json_t *number = json_object_get(a->output, "number");
    return number == NULL || json_equal(number, json_object_get(facts, "number")) ||
           err_set(err, "%s: has another number than the page says", a->name);
}

/* ---- purged keys ---- */

static bool purge_is_kept(const struct shelf *shelf, const struct artefact *a, struct err *err)
{
    if (a->kind == ARTEFACT_PURGED)
        return true;
    for (size_t i = 0; i < shelf->purged_count; i++) {
        const struct artefact *older = &shelf->artefact[shelf->purged[i]];
        if (older < a && artefact_same_key(older, a))
            return err_set(err, "%s: has the key of %s, which page %u purged", a->name, older->name,
                           older->page);
    }
    return true;
}

/* What was purged from the public files is on the page as removed. */
static bool purge_is_whole(const struct sheet *sheet, const struct artefact *a, struct err *err)
{
    const char *path = artefact_text(a, "path");
    const json_t *removed = sheet_json(sheet, "removed");
    OWN(char) *full = text_format("%s/%s", sheet_text(sheet, "station", NULL), path);
    if (strncmp(path, "secrets/", 8) == 0)
        return true;
    for (size_t i = 0; i < json_array_size(removed); i++)
        if (strcmp(json_text(json_array_get(removed, i), "path"), full) == 0)
            return true;
    return err_set(err, "%s: says that it purged %s, and does not remove it", sheet->name, path);
}

/* ---- inputs ---- */

static bool input_check(const struct shelf *shelf, const struct sheet *sheet, const json_t *input,
                        struct err *err)
{
    const json_t *page = json_object_get(input, "page");
    const char *name = json_text(input, "name");
    unsigned char sha256[DIGEST_LEN];
    if (page == NULL)
        return true;
    const struct artefact *a = shelf_find_on(shelf, (size_t)json_integer_value(page), name);
    if (a == NULL)
        return err_set(err, "%s: used \"%s\" of a page that made no such thing", sheet->name, name);
    bool hashed = hex_decode(sha256, json_text(input, "sha256"), sizeof sha256);
    return (hashed == a->has_sha256 && (!hashed || memcmp(sha256, a->sha256, sizeof sha256) == 0)) ||
           err_set(err, "%s: used another \"%s\" than page %u made", sheet->name, name, a->page);
}

static void inputs_check(struct trial *t, const struct sheet *sheet)
{
    const json_t *inputs = sheet_json(sheet, "inputs");
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        struct err err = {0};
        bool ok = input_check(t->shelf, sheet, json_array_get(inputs, i), &err);
        checks_add(&t->checks, CHECK_ARTEFACT_INPUTS, (long)sheet->at, ok, &err);
    }
}

static void artefact_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    struct err err = {0};
    certificate_checks(t, sheet, a);
    backup_checks(t, sheet, a);
    if (a->kind == ARTEFACT_CRL) {
        bool right = crl_is_right(t->shelf, a, &err);
        checks_add(&t->checks, CHECK_ARTEFACT_CRL, (long)sheet->at, right, &err);
    }
    bool kept =
        purge_is_kept(t->shelf, a, &err) && (a->kind != ARTEFACT_PURGED || purge_is_whole(sheet, a, &err));
    checks_add(&t->checks, CHECK_ARTEFACT_PURGED, (long)sheet->at, kept, &err);
}

/* All of a page is put there first: a step may make a key, its certificate and its root in any order. */
void trial_artefacts(struct trial *t, const struct sheet *sheet)
{
    const json_t *outputs = sheet_json(sheet, "outputs");
    const size_t first = t->shelf->count;
    for (size_t i = 0; i < json_array_size(outputs); i++) {
        struct err err = {0};
        bool ok = shelf_put(t->shelf, sheet, json_array_get(outputs, i), &err);
        checks_add(&t->checks, CHECK_ARTEFACT_OUTPUTS, (long)sheet->at, ok, &err);
    }
    for (size_t i = first; i < t->shelf->count; i++)
        artefact_checks(t, sheet, &t->shelf->artefact[i]);
    inputs_check(t, sheet);
    made_checks(t, sheet);
    list_checks(t, sheet);
    register_checks(t, sheet);
    lint_checks(t, sheet, first);
    constraints_note(t, sheet);
    shelf_settle(t->shelf, first);
}

#include "shelf.h"

#include "../ceremony/authority.h"
#include "../ceremony/crl.h"

#include <string.h>

static const char *name_of(const struct artefact *a)
{
    return artefact_text(a, "name");
}

static const json_t *list_of(const struct sheet *sheet, const char *list)
{
    return json_object_get(sheet->page.json, list);
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

/* ---- certificates ---- */

/* Under the root that the page names, or else under any that the record has. */
static bool intermediate_check(const struct shelf *shelf, const struct artefact *a, struct err *err)
{
    const char *issuer = artefact_text(a, "issuer");
    bool tried = false;
    for (size_t i = shelf->count; i > 0; i--) {
        const struct artefact *root = &shelf->artefact[i - 1];
        if (!artefact_is_root(root) || (issuer[0] != '\0' && strcmp(issuer, name_of(root)) != 0))
            continue;
        tried = true;
        if (certificate_check_intermediate(a->certificate, root->certificate, 0, name_of(a), err))
            return true;
        if (issuer[0] != '\0')
            return false;
    }
    return tried ? false : err_set(err, "%s: its issuer \"%s\" is not in this record", name_of(a), issuer);
}

static bool request_check(const struct shelf *shelf, const struct sheet *sheet, const struct artefact *a,
                          struct err *err)
{
    const json_t *inputs = list_of(sheet, "inputs");
    bool asked = false;
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        if (strcmp(text_of(input, "kind"), "request") != 0)
            continue;
        const struct artefact *request = shelf_find(shelf, text_of(input, "name"));
        asked = true;
        if (request != NULL && strcmp(request->spki, a->spki) == 0)
            return true;
    }
    return !asked ||
           err_set(err, "%s: %s has the key of no request that the page used", sheet->name, name_of(a));
}

/* The newest key that pages of one station put where the authority's key belongs. */
static const struct artefact *authority_key(const struct trial *t, const struct shelf *shelf,
                                            const char *station)
{
    for (size_t i = shelf->count; i > 0; i--) {
        const struct artefact *a = &shelf->artefact[i - 1];
        if (artefact_is(a, "key") && strcmp(artefact_text(a, "place"), AUTHORITY_KEY) == 0 &&
            strcmp(sheet_text(&t->sheet[a->page], "station", NULL), station) == 0)
            return a;
    }
    return NULL;
}

static bool key_check(const struct trial *t, const struct shelf *shelf, const struct artefact *a,
                      struct err *err)
{
    const struct artefact *key = authority_key(t, shelf, sheet_text(&t->sheet[a->page], "station", NULL));
    return (key != NULL && strcmp(key->spki, a->spki) == 0) ||
           err_set(err, "%s: %s is for another key than the one made for " AUTHORITY_KEY,
                   t->sheet[a->page].name, name_of(a));
}

static void certificate_checks(struct trial *t, const struct shelf *shelf, const struct artefact *a)
{
    const struct sheet *sheet = &t->sheet[a->page];
    struct err err = {0};
    if (a->certificate == NULL)
        return;
    if (artefact_is_root(a)) {
        bool fit = certificate_check_root(a->certificate, sheet->page.tar.mtime, name_of(a), &err);
        checks_add(&t->checks, CHECK_ARTEFACT_ROOT, (long)a->page, fit, &err);
    } else {
        bool chained = intermediate_check(shelf, a, &err);
        checks_add(&t->checks, CHECK_ARTEFACT_INTERMEDIATE, (long)a->page, chained, &err);
        bool asked = request_check(shelf, sheet, a, &err);
        checks_add(&t->checks, CHECK_ARTEFACT_REQUEST, (long)a->page, asked, &err);
    }
    if (strcmp(artefact_text(a, "place"), AUTHORITY_CERTIFICATE) != 0)
        return;
    bool matched = key_check(t, shelf, a, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_KEY, (long)a->page, matched, &err);
}

/* ---- revocation lists ---- */

static bool crl_is_right(const struct shelf *shelf, const struct artefact *a, struct err *err)
{
    OWN(X509_CRL) *crl = NULL;
    OWN(json_t) *facts = NULL;
    const struct artefact *issuer = shelf_find(shelf, artefact_text(a, "issuer"));
    if (a->content == NULL)
        return err_set(err, "%s: the page does not hold it", name_of(a));
    if (issuer == NULL || issuer->certificate == NULL)
        return err_set(err, "%s: its issuer \"%s\" is not in this record", name_of(a),
                       artefact_text(a, "issuer"));
    if (!crl_parse(&crl, a->content, name_of(a), err) || !crl_check(crl, issuer->certificate, err) ||
        !crl_to_json(&facts, crl, err))
        return false;
    const json_t *number = json_object_get(a->output, "number");
    return number == NULL || json_equal(number, json_object_get(facts, "number")) ||
           err_set(err, "%s: has another number than the page says", name_of(a));
}

/* ---- purged keys ---- */

static bool purge_is_kept(const struct shelf *shelf, const struct artefact *a, struct err *err)
{
    if (a->spki[0] == '\0' || artefact_is(a, "purged"))
        return true;
    for (const struct artefact *older = shelf->artefact; older < a; older++)
        if (artefact_is(older, "purged") && strcmp(older->spki, a->spki) == 0)
            return err_set(err, "%s: has the key of %s, which page %zu purged", name_of(a), name_of(older),
                           older->page);
    return true;
}

/* What was purged from the public files is on the page as removed. */
static bool purge_is_whole(const struct sheet *sheet, const struct artefact *a, struct err *err)
{
    const char *path = artefact_text(a, "path");
    const json_t *removed = list_of(sheet, "removed");
    OWN(char) *full = text_format("%s/%s", sheet_text(sheet, "station", NULL), path);
    if (strncmp(path, "secrets/", 8) == 0)
        return true;
    for (size_t i = 0; i < json_array_size(removed); i++)
        if (strcmp(text_of(json_array_get(removed, i), "path"), full) == 0)
            return true;
    return err_set(err, "%s: says that it purged %s, and does not remove it", sheet->name, path);
}

/* ---- inputs ---- */

static bool input_check(const struct trial *t, const struct shelf *shelf, size_t at, const json_t *input,
                        struct err *err)
{
    const json_t *page = json_object_get(input, "page");
    const char *name = text_of(input, "name");
    if (page == NULL)
        return true;
    for (size_t i = 0; i < shelf->count; i++) {
        const struct artefact *a = &shelf->artefact[i];
        if (json_integer_value(page) == (json_int_t)a->page && strcmp(name_of(a), name) == 0)
            return strcmp(artefact_text(a, "sha256"), text_of(input, "sha256")) == 0 ||
                   err_set(err, "%s: used another \"%s\" than page %zu made", t->sheet[at].name, name,
                           a->page);
    }
    return err_set(err, "%s: used \"%s\" of a page that made no such thing", t->sheet[at].name, name);
}

static void inputs_check(struct trial *t, const struct shelf *shelf, size_t at)
{
    const json_t *inputs = list_of(&t->sheet[at], "inputs");
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        struct err err = {0};
        bool ok = input_check(t, shelf, at, json_array_get(inputs, i), &err);
        checks_add(&t->checks, CHECK_ARTEFACT_INPUTS, (long)at, ok, &err);
    }
}

static void artefact_checks(struct trial *t, const struct shelf *shelf, const struct artefact *a)
{
    struct err err = {0};
    certificate_checks(t, shelf, a);
    if (artefact_is(a, "crl")) {
        bool right = crl_is_right(shelf, a, &err);
        checks_add(&t->checks, CHECK_ARTEFACT_CRL, (long)a->page, right, &err);
    }
    bool kept = purge_is_kept(shelf, a, &err) &&
                (!artefact_is(a, "purged") || purge_is_whole(&t->sheet[a->page], a, &err));
    checks_add(&t->checks, CHECK_ARTEFACT_PURGED, (long)a->page, kept, &err);
}

/* All of a page is put there first: a step may make a key, its certificate and its root in any order. */
static void page_checks(struct trial *t, struct shelf *shelf, size_t at)
{
    const json_t *outputs = list_of(&t->sheet[at], "outputs");
    const size_t first = shelf->count;
    for (size_t i = 0; i < json_array_size(outputs); i++) {
        struct err err = {0};
        bool ok = shelf_put(shelf, &t->sheet[at], at, json_array_get(outputs, i), &err);
        checks_add(&t->checks, CHECK_ARTEFACT_OUTPUTS, (long)at, ok, &err);
    }
    for (size_t i = first; i < shelf->count; i++)
        artefact_checks(t, shelf, &shelf->artefact[i]);
    inputs_check(t, shelf, at);
    register_checks(t, shelf, at);
}

void trial_artefacts(struct trial *t)
{
    OWN_STRUCT(shelf) shelf = {0};
    for (size_t i = 0; i < t->count; i++)
        if (t->sheet[i].readable)
            page_checks(t, &shelf, i);
    trial_constraints(t, &shelf);
}

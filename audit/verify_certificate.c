/* Certificates that a page made, received or put in place, each by what made it. */
#include "shelf.h"

#include "../ceremony/authority.h"
#include "../ceremony/cross.h"

#include <string.h>

/* The CA's certificate that an output names as its issuer. */
static const struct artefact *issuer_of(const struct shelf *shelf, const struct artefact *a, struct err *err)
{
    const char *name = artefact_text(a, "issuer");
    const struct artefact *issuer = shelf_find(shelf, name);
    if (issuer != NULL && issuer->certificate != NULL)
        return issuer;
    (void)!err_set(err, "%s: its issuer \"%s\" is not in this record", a->name, name);
    return NULL;
}

/* One that was there before the ceremony is not ours to be fit in all: `step ca init` itself makes one that
 * ends a second after its root. */
static bool is_under(const struct artefact *a, const struct artefact *root, struct err *err)
{
    if (!json_is_true(json_object_get(a->output, "adopted")) || artefact_text(a, "issuer")[0] != '\0')
        return certificate_check_intermediate(a->certificate, root->certificate, 0, a->name, err);
    return certificate_check_issued(a->certificate, root->certificate, a->name, err);
}

/* Under the root that the page names, or else under any that the record has. */
static bool intermediate_check(const struct shelf *shelf, const struct artefact *a, struct err *err)
{
    const char *issuer = artefact_text(a, "issuer");
    bool tried = false;
    for (size_t i = shelf->count; i > 0; i--) {
        const struct artefact *root = &shelf->artefact[i - 1];
        if (!root->is_root || root->certificate == NULL ||
            (issuer[0] != '\0' && strcmp(issuer, root->name) != 0))
            continue;
        tried = true;
        if (is_under(a, root, err))
            return true;
        if (issuer[0] != '\0')
            return false;
    }
    return tried ? false : err_set(err, "%s: its issuer \"%s\" is not in this record", a->name, issuer);
}

static bool request_check(const struct shelf *shelf, const struct sheet *sheet, const struct artefact *a,
                          struct err *err)
{
    const json_t *inputs = sheet_json(sheet, "inputs");
    bool asked = false;
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        if (strcmp(json_text(input, "kind"), "request") != 0)
            continue;
        const struct artefact *request = shelf_find(shelf, json_text(input, "name"));
        asked = true;
        if (request != NULL && artefact_same_key(request, a))
            return true;
    }
    return !asked ||
           err_set(err, "%s: %s has the key of no request that the page used", sheet->name, a->name);
}

/* The newest key that pages of this station put where the one for this certificate belongs. */
static bool key_check(const struct shelf *shelf, const struct sheet *sheet, const struct artefact *a,
                      struct err *err)
{
    OWN(char) *place = text_format("%s/%s", sheet_text(sheet, "station", NULL), artefact_key_place(a));
    const char *hex = json_text(shelf->keys, place);
    unsigned char spki[DIGEST_LEN];
    return (hex_decode(spki, hex, sizeof spki) && a->has_spki && memcmp(spki, a->spki, sizeof spki) == 0) ||
           err_set(err, "%s: %s is for another key than the one made for %s", sheet->name, a->name,
                   artefact_key_place(a));
}

static void root_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    struct err err = {0};
    bool fit = certificate_check_root(a->certificate, sheet->scan.page.tar.mtime, a->name, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_ROOT, (long)sheet->at, fit, &err);
    template_checks(t, sheet, a);
}

static void intermediate_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    struct err err = {0};
    bool chained = intermediate_check(t->shelf, a, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_INTERMEDIATE, (long)sheet->at, chained, &err);
    bool asked = request_check(t->shelf, sheet, a, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_REQUEST, (long)sheet->at, asked, &err);
    template_checks(t, sheet, a);
}

static void cross_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a,
                         const char *original)
{
    struct err err = {0};
    const struct artefact *issuer = issuer_of(t->shelf, a, &err), *other = shelf_find(t->shelf, original);
    bool chained = issuer != NULL &&
                   certificate_check_intermediate(a->certificate, issuer->certificate, 0, a->name, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_INTERMEDIATE, (long)sheet->at, chained, &err);
    bool same = other != NULL && other->certificate != NULL
                    ? cross_check(a->certificate, other->certificate, a->name, &err)
                    : err_set(&err, "%s: its original \"%s\" is not in this record", a->name, original);
    checks_add(&t->checks, CHECK_ARTEFACT_CROSS, (long)sheet->at, same, &err);
    template_checks(t, sheet, a);
}

static void server_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    struct err err = {0};
    const struct artefact *issuer = issuer_of(t->shelf, a, &err);
    bool fit = issuer != NULL && certificate_check_server(a->certificate, issuer->certificate, a->name, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_SERVER, (long)sheet->at, fit, &err);
    bool asked = request_check(t->shelf, sheet, a, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_REQUEST, (long)sheet->at, asked, &err);
    template_checks(t, sheet, a);
}

void certificate_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    struct err err = {0};
    const json_t *word = made_by(t, sheet, a);
    const char *verb = json_text(word, "verb");
    if (a->certificate == NULL)
        return;
    if (strcmp(verb, "receive_certificate") == 0)
        return; /* what it is good for is seen where it is used */
    if (strcmp(verb, "issue") == 0)
        server_checks(t, sheet, a);
    else if (strcmp(verb, "cross_sign") == 0)
        cross_checks(t, sheet, a, json_text(json_object_get(word, "options"), "certificate"));
    else if (strcmp(verb, "self_sign") == 0 || (a->is_root && strcmp(verb, "sign") != 0))
        root_checks(t, sheet, a);
    else
        intermediate_checks(t, sheet, a);
    if (artefact_key_place(a) == NULL)
        return;
    bool matched = key_check(t->shelf, sheet, a, &err);
    checks_add(&t->checks, CHECK_ARTEFACT_KEY, (long)sheet->at, matched, &err);
}

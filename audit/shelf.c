#include "shelf.h"

#include "../ceremony/request.h"

#include <string.h>

void shelf_free(struct shelf *s)
{
    for (size_t i = 0; i < s->count; i++)
        X509_free(s->artefact[i].certificate);
    free(s->artefact);
    *s = (struct shelf){0};
}

const char *artefact_text(const struct artefact *a, const char *member)
{
    const char *text = json_string_value(json_object_get(a->output, member));
    return text != NULL ? text : "";
}

bool artefact_is(const struct artefact *a, const char *kind)
{
    return strcmp(artefact_text(a, "kind"), kind) == 0;
}

bool artefact_is_root(const struct artefact *a)
{
    OWN(json_t) *facts = NULL;
    struct err err = {0};
    return a->certificate != NULL && certificate_to_json(&facts, a->certificate, &err) &&
           json_equal(json_object_get(facts, "subject"), json_object_get(facts, "issuer"));
}

const struct artefact *shelf_find(const struct shelf *s, const char *name)
{
    for (size_t i = s->count; i > 0; i--)
        if (strcmp(artefact_text(&s->artefact[i - 1], "name"), name) == 0)
            return &s->artefact[i - 1];
    return NULL;
}

/* What the page claims of a thing is what the thing has, where the page claims anything. */
static bool claim_check(const struct artefact *a, const char *member, const char *right, struct err *err)
{
    const char *claimed = artefact_text(a, member);
    return claimed[0] == '\0' || strcmp(claimed, right) == 0 ||
           err_set(err, "output \"%s\": %s is %s, and the page says %s", artefact_text(a, "name"), member,
                   right, claimed);
}

static bool content_check(struct artefact *a, const struct sheet *sheet, struct err *err)
{
    static const char *const members[] = {"member", "evidence"};
    const char *digest = artefact_text(a, "sha256");
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *name = artefact_text(a, members[i]);
        const struct bytes *content = tarball_find(&sheet->page.tar, name);
        char hex[DIGEST_HEX];
        if (name[0] == '\0')
            continue;
        if (content == NULL)
            return err_set(err, "output \"%s\": member %s is not on the page", artefact_text(a, "name"),
                           name);
        if (a->content == NULL)
            a->content = content;
        digest_hex(hex, content->data, content->len);
        if (strcmp(hex, digest) != 0)
            return err_set(err, "output \"%s\": %s has not the SHA-256 that the page gives it",
                           artefact_text(a, "name"), name);
    }
    return true;
}

static bool certificate_read(struct artefact *a, const char *what, struct err *err)
{
    char digest[DIGEST_HEX];
    return certificate_parse(&a->certificate, a->content, what, err) &&
           certificate_spki_digest(a->spki, a->certificate, err) &&
           certificate_fingerprint(digest, a->certificate, err) &&
           claim_check(a, "spki_sha256", a->spki, err) && claim_check(a, "certificate_sha256", digest, err);
}

static bool request_read(struct artefact *a, const char *what, struct err *err)
{
    OWN(X509_REQ) *request = NULL;
    return request_parse(&request, a->content, what, err) && request_spki_digest(a->spki, request, err) &&
           claim_check(a, "spki_sha256", a->spki, err);
}

bool shelf_put(struct shelf *s, const struct sheet *sheet, size_t page, const json_t *output, struct err *err)
{
    s->artefact = reallocarray(s->artefact, s->count + 1, sizeof *s->artefact);
    if (s->artefact == NULL)
        abort();
    struct artefact *a = &s->artefact[s->count++];
    *a = (struct artefact){.output = output, .page = page};
    snprintf(a->spki, sizeof a->spki, "%s", artefact_text(a, "spki_sha256"));
    OWN(char) *what = text_format("%s: %s", sheet->name, artefact_text(a, "name"));
    if (!content_check(a, sheet, err))
        return err_wrap(err, "%s", sheet->name);
    const bool has_content = a->content != NULL;
    const bool must = artefact_is(a, "certificate") || artefact_is(a, "request") || artefact_is(a, "crl");
    if (must && !has_content)
        return err_set(err, "%s: the page does not hold it", what);
    if (artefact_is(a, "certificate"))
        return certificate_read(a, what, err);
    return !artefact_is(a, "request") || request_read(a, what, err);
}

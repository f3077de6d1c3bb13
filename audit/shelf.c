#include "shelf.h"

#include "../ceremony/authority.h"
#include "../ceremony/request.h"

#include <string.h>

struct shelf *shelf_new(void)
{
    struct shelf *s = memory_new(1, sizeof *s);
    s->keys = json_object();
    s->installed = json_object();
    return s;
}

void shelf_free(struct shelf *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->count; i++) {
        free(s->artefact[i].name);
        X509_free(s->artefact[i].certificate);
        X509_REQ_free(s->artefact[i].request);
        bytes_free(&s->artefact[i].list);
    }
    free(s->artefact);
    free(s->purged);
    json_decref(s->keys);
    json_decref(s->installed);
    free(s);
}

const char *artefact_text(const struct artefact *a, const char *member)
{
    const char *text = json_string_value(json_object_get(a->output, member));
    return text != NULL ? text : "";
}

const char *artefact_issuer(const struct artefact *a)
{
    const char *issuer = artefact_text(a, "issuer");
    return *issuer != '\0' ? issuer : artefact_text(a, "under");
}

bool artefact_same_key(const struct artefact *a, const struct artefact *b)
{
    return a->has_spki && b->has_spki && memcmp(a->spki, b->spki, sizeof a->spki) == 0;
}

void artefact_spki(char hex[DIGEST_HEX], const struct artefact *a)
{
    hex[0] = '\0';
    if (a->has_spki)
        hex_encode(hex, a->spki, sizeof a->spki);
}

const struct artefact *shelf_find(const struct shelf *s, const char *name)
{
    for (size_t i = s->count; i > 0; i--)
        if (strcmp(s->artefact[i - 1].name, name) == 0)
            return &s->artefact[i - 1];
    return NULL;
}

const struct artefact *shelf_find_on(const struct shelf *s, size_t page, const char *name)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->artefact[middle].page < page)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < s->count && s->artefact[low].page == page; low++)
        if (strcmp(s->artefact[low].name, name) == 0)
            return &s->artefact[low];
    return NULL;
}

void shelf_settle(struct shelf *s, size_t first)
{
    for (size_t i = first; i < s->count; i++) {
        struct artefact *a = &s->artefact[i];
        if (a->kind == ARTEFACT_CRL && a->content != NULL)
            a->list = bytes_copy(a->content->data, a->content->len);
        a->output = NULL;
        a->content = NULL;
        if (a->is_ca)
            continue;
        X509_free(a->certificate);
        a->certificate = NULL;
    }
}

const char *artefact_key_place(const struct artefact *a)
{
    const char *place = artefact_text(a, "key_place");
    if (place[0] != '\0')
        return place;
    return strcmp(artefact_text(a, "place"), AUTHORITY_CERTIFICATE) == 0 ? AUTHORITY_KEY : NULL;
}

/* What the page claims of a thing is what the thing has, where the page claims anything. */
static bool claim_check(const struct artefact *a, const char *member, const char *right, struct err *err)
{
    const char *claimed = artefact_text(a, member);
    return claimed[0] == '\0' || strcmp(claimed, right) == 0 ||
           err_set(err, "output \"%s\": %s is %s, and the page says %s", a->name, member, right, claimed);
}

static bool content_check(struct artefact *a, const struct sheet *sheet, struct err *err)
{
    static const char *const members[] = {"member", "evidence"};
    const struct tarball *tar = &sheet->scan.page.tar;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *name = artefact_text(a, members[i]);
        const struct member *member = tarball_member(tar, name);
        char hex[DIGEST_HEX];
        if (name[0] == '\0')
            continue;
        if (member == NULL)
            return err_set(err, "output \"%s\": member %s is not on the page", a->name, name);
        if (a->content == NULL)
            a->content = tarball_find(tar, name);
        tarball_digest(hex, member);
        if (strcmp(hex, artefact_text(a, "sha256")) != 0)
            return err_set(err, "output \"%s\": %s has not the SHA-256 that the page gives it", a->name,
                           name);
    }
    return true;
}

static void spki_set(struct artefact *a, const char *hex)
{
    a->has_spki = hex_decode(a->spki, hex, sizeof a->spki);
}

static bool certificate_read(struct artefact *a, const char *what, struct err *err)
{
    char digest[DIGEST_HEX], spki[DIGEST_HEX];
    OWN(json_t) *facts = NULL;
    if (!certificate_parse(&a->certificate, a->content, what, err) ||
        !certificate_spki_digest(spki, a->certificate, err) ||
        !certificate_to_json(&facts, a->certificate, err))
        return false;
    spki_set(a, spki);
    a->is_ca = json_is_true(json_object_get(facts, "ca"));
    a->is_root = json_equal(json_object_get(facts, "subject"), json_object_get(facts, "issuer"));
    return certificate_fingerprint(digest, a->certificate, err) && claim_check(a, "spki_sha256", spki, err) &&
           claim_check(a, "certificate_sha256", digest, err);
}

static bool request_read(struct artefact *a, const char *what, struct err *err)
{
    char spki[DIGEST_HEX];
    if (!request_parse(&a->request, a->content, what, err) || !request_spki_digest(spki, a->request, err))
        return false;
    spki_set(a, spki);
    return claim_check(a, "spki_sha256", spki, err);
}

static enum artefact_kind kind_of(const char *kind)
{
    static const char *const names[] = {[ARTEFACT_CERTIFICATE] = "certificate",
                                        [ARTEFACT_REQUEST] = "request",
                                        [ARTEFACT_CRL] = "crl",
                                        [ARTEFACT_PURGED] = "purged"};
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(kind, names[i]) == 0)
            return (enum artefact_kind)i;
    return ARTEFACT_OTHER;
}

static struct artefact *artefact_add(struct shelf *s, const struct sheet *sheet, const json_t *output)
{
    /* Capacity is the next power of two, so that it need not be remembered. */
    if ((s->count & (s->count - 1)) == 0)
        s->artefact = reallocarray(s->artefact, s->count > 0 ? 2 * s->count : 1, sizeof *s->artefact);
    if (s->artefact == NULL)
        abort();
    struct artefact *a = &s->artefact[s->count++];
    *a = (struct artefact){.output = output, .page = (unsigned)sheet->at};
    a->name = text_copy(artefact_text(a, "name"));
    a->kind = kind_of(artefact_text(a, "kind"));
    a->has_sha256 = hex_decode(a->sha256, artefact_text(a, "sha256"), sizeof a->sha256);
    spki_set(a, artefact_text(a, "spki_sha256"));
    return a;
}

static void artefact_note(struct shelf *s, const struct sheet *sheet, const struct artefact *a)
{
    if (a->kind == ARTEFACT_PURGED) {
        s->purged = reallocarray(s->purged, s->purged_count + 1, sizeof *s->purged);
        if (s->purged == NULL)
            abort();
        s->purged[s->purged_count++] = s->count - 1;
    }
    const char *station = sheet_text(sheet, "station", NULL);
    OWN(char) *place = text_format("%s/%s", station, artefact_text(a, "place"));
    if (strcmp(artefact_text(a, "kind"), "key") == 0 && artefact_text(a, "place")[0] != '\0')
        json_object_set_new(s->keys, place, json_string(artefact_text(a, "spki_sha256")));
    if (a->kind == ARTEFACT_CERTIFICATE && artefact_key_place(a) != NULL &&
        !json_is_true(json_object_get(a->output, "generated")))
        json_object_set_new(s->installed, station, json_integer((json_int_t)(s->count - 1)));
}

bool shelf_put(struct shelf *s, const struct sheet *sheet, const json_t *output, struct err *err)
{
    struct artefact *a = artefact_add(s, sheet, output);
    OWN(char) *what = text_format("%s: %s", sheet->name, a->name);
    artefact_note(s, sheet, a);
    if (!content_check(a, sheet, err))
        return err_wrap(err, "%s", sheet->name);
    const bool must =
        a->kind == ARTEFACT_CERTIFICATE || a->kind == ARTEFACT_REQUEST || a->kind == ARTEFACT_CRL;
    if (must && a->content == NULL)
        return err_set(err, "%s: the page does not hold it", what);
    if (a->kind == ARTEFACT_CERTIFICATE)
        return certificate_read(a, what, err);
    return a->kind != ARTEFACT_REQUEST || request_read(a, what, err);
}

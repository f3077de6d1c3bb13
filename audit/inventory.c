#include "inventory.h"

#include "change.h"
#include "inventoryparts.h"
#include "pagejson.h"
#include "transcript.h"

#include <string.h>

/* ---- a sorted list ---- */

static void thing_free(struct thing *t)
{
    free(t->path);
    bytes_free(&t->data);
}

void inventory_free(struct inventory *i)
{
    for (size_t n = 0; n < i->count; n++)
        thing_free(&i->thing[n]);
    free(i->thing);
    *i = (struct inventory){0};
}

/* Where a path is, or would be. */
static size_t place_of(const struct inventory *i, const char *path)
{
    size_t low = 0, high = i->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(i->thing[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct inventory *i, size_t at, const char *path)
{
    return at < i->count && strcmp(i->thing[at].path, path) == 0;
}

const struct thing *inventory_find(const struct inventory *i, const char *path)
{
    size_t at = place_of(i, path);
    return is_at(i, at, path) ? &i->thing[at] : NULL;
}

struct thing *inventory_put(struct inventory *i, const char *path, enum thing_kind kind, unsigned mode)
{
    size_t at = place_of(i, path);
    if (is_at(i, at, path)) {
        thing_free(&i->thing[at]);
    } else {
        struct thing *grown = reallocarray(i->thing, i->count + 1, sizeof *grown);
        if (grown == NULL)
            abort();
        i->thing = grown;
        memmove(&grown[at + 1], &grown[at], (i->count - at) * sizeof *grown);
        i->count++;
    }
    i->thing[at] = (struct thing){.path = text_copy(path), .kind = kind, .mode = mode};
    return &i->thing[at];
}

static void inventory_drop(struct inventory *i, const char *path)
{
    size_t at = place_of(i, path);
    if (!is_at(i, at, path))
        return;
    thing_free(&i->thing[at]);
    i->count--;
    memmove(&i->thing[at], &i->thing[at + 1], (i->count - at) * sizeof *i->thing);
}

void inventory_only(struct inventory *i, const char *station)
{
    size_t len = strlen(station);
    for (size_t n = i->count; n-- > 0;) {
        const char *path = i->thing[n].path;
        if (strncmp(path, station, len) == 0 && (path[len] == '/' || path[len] == '\0'))
            continue;
        thing_free(&i->thing[n]);
        i->count--;
        memmove(&i->thing[n], &i->thing[n + 1], (i->count - n) * sizeof *i->thing);
    }
}

/* ---- from pages ---- */

static void parents_put(struct inventory *i, const char *path)
{
    for (const char *at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/')) {
        OWN(char) *folder = text_format("%.*s", (int)(at - path), path);
        if (inventory_find(i, folder) == NULL)
            inventory_put(i, folder, THING_FOLDER, 0700);
    }
}

static const char *text_of(const json_t *entry, const char *member)
{
    return page_json_text(entry, member, NULL);
}

static void changed_put(struct inventory *i, const struct page_read *page, const json_t *entry)
{
    const char *path = text_of(entry, "path");
    OWN(char) *name = text_format("files/%s", path);
    const struct bytes *data = tarball_find(&page->tar, name);
    if (strchr(path, '/') == NULL)
        return; /* the ledger's own */
    parents_put(i, path);
    struct thing *put = inventory_put(i, path, THING_FILE, mode_value(text_of(entry, "mode")));
    put->data = bytes_copy(data->data, data->len);
}

/* A key that comes to its place, or one that goes from there. */
static void output_put(struct inventory *i, const struct page_read *page, const json_t *output)
{
    const char *kind = text_of(output, "kind"), *station = text_of(page->json, "station");
    const char *place = text_of(output, "place");
    if (strcmp(kind, "key") == 0 && *place != '\0') {
        OWN(char) *path = text_format("%s/%s", station, place);
        parents_put(i, path);
        struct thing *put = inventory_put(i, path, THING_KEY, 0600);
        snprintf(put->spki, sizeof put->spki, "%s", text_of(output, "spki_sha256"));
    }
    if (strcmp(kind, "purged") == 0 && *text_of(output, "path") != '\0') {
        OWN(char) *path = text_format("%s/%s", station, text_of(output, "path"));
        inventory_drop(i, path);
    }
}

static void page_put(struct inventory *i, const struct page_read *page)
{
    size_t n;
    const json_t *one;
    json_array_foreach(json_object_get(page->json, "directories"), n, one)
    {
        parents_put(i, text_of(one, "path"));
        inventory_put(i, text_of(one, "path"), THING_FOLDER, mode_value(text_of(one, "mode")));
    }
    json_array_foreach(json_object_get(page->json, "removed"), n, one)
        inventory_drop(i, text_of(one, "path"));
    json_array_foreach(json_object_get(page->json, "changed"), n, one) changed_put(i, page, one);
    json_array_foreach(json_object_get(page->json, "outputs"), n, one) output_put(i, page, one);
}

void inventory_after(struct inventory *out, const struct record *record, unsigned number)
{
    inventory_free(out);
    for (unsigned n = 0; n <= number && n < record_count(record); n++)
        page_put(out, record_page(record, n));
}

/* ---- differences ---- */

static const char *kind_name(enum thing_kind kind)
{
    switch (kind) {
    case THING_FOLDER:
    case THING_CLOSED:
        return "folder";
    case THING_FILE:
        return "file";
    case THING_KEY:
        return "key";
    case THING_OTHER:
        break;
    }
    return "other";
}

/* A name on a disk is any bytes: what it would do to a line or to JSON is written as \xNN. */
static json_t *entry_new(const struct thing *thing, const char *status)
{
    OWN_STRUCT(bytes) path = {0};
    transcript_escape(&path, thing->path, strlen(thing->path));
    json_t *entry = json_pack("{s:s, s:s, s:s}", "path", bytes_string(&path), "kind", kind_name(thing->kind),
                              "status", status);
    if (thing->why != NULL)
        json_object_set_new(entry, "why", json_string(thing->why));
    return entry;
}

/* Whether two kinds are one for who compares: what was not looked into is a folder all the same. */
static bool kinds_agree(const struct thing *a, const struct thing *b)
{
    return strcmp(kind_name(a->kind), kind_name(b->kind)) == 0;
}

static void pair_set(json_t *entry, const char *member, const char *before, const char *after)
{
    json_object_set_new(entry, member, json_pack("{s:s, s:s}", "before", before, "after", after));
}

/* Whether anything differs; then the entry says what. */
static bool differences_put(json_t *entry, const struct thing *a, const struct thing *b)
{
    bool differ = false;
    if (a->mode != b->mode) {
        OWN(char) *before = text_format("%04o", a->mode);
        OWN(char) *after = text_format("%04o", b->mode);
        pair_set(entry, "mode", before, after);
        differ = true;
    }
    if (a->kind == THING_KEY && a->spki[0] != '\0' && b->spki[0] != '\0' && strcmp(a->spki, b->spki) != 0) {
        pair_set(entry, "key", a->spki, b->spki);
        differ = true;
    }
    if (a->kind == THING_FILE && !bytes_equal(&a->data, &b->data)) {
        json_object_set_new(entry, "change", change_describe(&a->data, &b->data));
        differ = true;
    }
    return differ;
}

static void one_sided(json_t *out, const struct thing *thing, bool added)
{
    json_t *entry = entry_new(thing, added ? "added" : "removed");
    OWN(char) *mode = text_format("%04o", thing->mode);
    json_object_set_new(entry, "mode", json_pack("{s:s}", added ? "after" : "before", mode));
    if (thing->kind == THING_FILE)
        json_object_set_new(entry, "change",
                            change_describe(added ? NULL : &thing->data, added ? &thing->data : NULL));
    if (thing->kind == THING_KEY && thing->spki[0] != '\0')
        json_object_set_new(entry, "key", json_pack("{s:s}", added ? "after" : "before", thing->spki));
    json_array_append_new(out, entry);
}

static void both_sided(json_t *out, const struct thing *a, const struct thing *b, bool all)
{
    if (!kinds_agree(a, b)) {
        json_t *entry = entry_new(b, "changed");
        pair_set(entry, "kind_changed", kind_name(a->kind), kind_name(b->kind));
        json_array_append_new(out, entry);
        return;
    }
    json_t *entry = entry_new(b, "same");
    bool differ = differences_put(entry, a, b);
    if (differ)
        json_object_set_new(entry, "status", json_string("changed"));
    if (differ || all)
        json_array_append(out, entry);
    json_decref(entry);
}

json_t *inventory_difference(const struct inventory *before, const struct inventory *after, bool all)
{
    json_t *out = json_array();
    size_t i = 0, j = 0;
    while (i < before->count || j < after->count) {
        int order = i == before->count  ? 1
                    : j == after->count ? -1
                                        : strcmp(before->thing[i].path, after->thing[j].path);
        if (order < 0)
            one_sided(out, &before->thing[i++], false);
        else if (order > 0)
            one_sided(out, &after->thing[j++], true);
        else
            both_sided(out, &before->thing[i++], &after->thing[j++], all);
    }
    return out;
}

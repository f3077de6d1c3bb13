#include "rebuild.h"

#include "../ceremony/authority.h"
#include "../ceremony/certificate.h"
#include "../ceremony/file.h"
#include "inventory.h"
#include "lock.h"
#include "moves.h"
#include "pagejson.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct rebuilding {
    const struct record *record;
    struct inventory recorded; /* after the newest page */
    char *into, *parent, *stage;
    struct lock lock;
};

static void rebuilding_free(struct rebuilding *r)
{
    inventory_free(&r->recorded);
    lock_free(&r->lock);
    free(r->into);
    free(r->parent);
    free(r->stage);
}

/* ---- where it goes ---- */

/* "a/b/" is in "a", called "b"; the stage is a/.b.verger-rebuild. */
static bool places_find(struct rebuilding *r, const char *into, struct err *err)
{
    size_t len = strlen(into);
    while (len > 1 && into[len - 1] == '/')
        len--;
    r->into = text_format("%.*s", (int)len, into);
    const char *name = path_name(r->into);
    if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return err_set(err, "--into %s: give the folder a name of its own, such as rebuilt", into);
    size_t above = (size_t)(name - r->into);
    r->parent = above == 0   ? text_copy(".")
                : above == 1 ? text_copy("/")
                             : text_format("%.*s", (int)(above - 1), r->into);
    r->stage = text_format("%s/.%s.verger-rebuild", r->parent, name);
    return true;
}

/* What is written must never become a part of the record that it is made from. */
static bool is_outside(const struct rebuilding *r, struct err *err)
{
    char parent[PATH_MAX], folder[PATH_MAX];
    if (realpath(r->parent, parent) == NULL)
        return err_errno(err, "--into %s: %s cannot be located", r->into, r->parent);
    if (realpath(record_folder(r->record), folder) == NULL)
        return err_errno(err, "%s: cannot be located", record_folder(r->record));
    size_t len = strlen(folder);
    if (strncmp(parent, folder, len) == 0 && (parent[len] == '/' || parent[len] == '\0'))
        return err_set(err, "--into %s: lies in the record; choose a folder outside of it", r->into);
    return true;
}

static bool into_is_free(const struct rebuilding *r, struct err *err)
{
    OWN_STRUCT(names) names = {0};
    struct stat st;
    if (lstat(r->into, &st) != 0)
        return errno == ENOENT || err_errno(err, "--into %s: cannot be examined", r->into);
    if (!S_ISDIR(st.st_mode))
        return err_set(err, "--into %s: is there, and is no folder%s; name one that is not there yet",
                       r->into, S_ISLNK(st.st_mode) ? " (links are not followed)" : "");
    if (!file_is_own(r->into, 0022, err))
        return err_wrap(err, "--into");
    if (!folder_list(&names, r->into, err))
        return false;
    return names.count == 0 ||
           err_set(err, "--into %s: is not empty (%s); name a folder that is not there yet", r->into,
                   names.name[0]);
}

static bool ready(struct rebuilding *r, const char *into, struct err *err)
{
    return places_find(r, into, err) && is_outside(r, err) && into_is_free(r, err);
}

bool rebuild_ready(const char *into, const struct record *record, struct err *err)
{
    OWN_STRUCT(rebuilding) r = {.record = record, .lock = {.fd = -1}};
    return ready(&r, into, err);
}

/* Ours alone, locked, and empty. */
static bool stage_make(struct rebuilding *r, struct err *err)
{
    OWN_STRUCT(names) names = {0};
    if (!folder_make(r->stage, 0700, err) || !file_is_own(r->stage, 0077, err) ||
        !lock_folder(&r->lock, r->stage, err) || !folder_list(&names, r->stage, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        OWN(char) *path = path_join(r->stage, names.name[i]);
        if (!(file_is_folder(path) ? folder_remove(path, err) : file_remove(path, err)))
            return false;
    }
    return true;
}

/* ---- writing ---- */

static bool page_move(const struct rebuilding *r, const struct page_read *page, struct err *err)
{
    const char *name = page_json_text(page->json, "station", NULL);
    OWN(char) *authority = path_join(r->stage, name);
    const struct station station = {.name = name, .authority = authority};
    return !moves_any(page) || (folder_make(authority, 0700, err) && moves_make(page, &station, err));
}

static bool authorities_write(const struct rebuilding *r, struct err *err)
{
    for (unsigned n = 0; n < record_count(r->record); n++)
        if (!page_move(r, record_page(r->record, n), err))
            return false;
    return true;
}

static bool ledger_rebuild(const struct rebuilding *r, struct err *err)
{
    OWN(char) *path = path_join(r->stage, "ledger.git");
    OWN_STRUCT(ledger_tree) tree = {0};
    if (!ledger_init(path, err))
        return false;
    for (unsigned n = 0; n < record_count(r->record); n++) {
        const struct page_read *page = record_page(r->record, n);
        const struct bytes *commit = tarball_find(&page->tar, "commit");
        if (!page_apply(&tree, page, err) || (commit != NULL && !ledger_write(path, &tree, commit, err)))
            return false;
    }
    return true;
}

/* ---- keys ---- */

/* The certificate that a key would serve, where the key's place is the authority's own. */
static bool key_serves(const struct rebuilding *r, const struct thing *place, const struct rebuild_key *key,
                       struct err *err)
{
    size_t len = strlen(place->path) - strlen(AUTHORITY_KEY);
    if (strlen(place->path) < strlen(AUTHORITY_KEY) || strcmp(place->path + len, AUTHORITY_KEY) != 0)
        return true;
    OWN(char) *path = text_format("%.*s" AUTHORITY_CERTIFICATE, (int)len, place->path);
    const struct thing *file = inventory_find(&r->recorded, path);
    OWN(X509) *cert = NULL;
    char spki[DIGEST_HEX];
    if (file == NULL)
        return true; /* not installed yet */
    if (!certificate_parse(&cert, &file->data, path, err) || !certificate_spki_digest(spki, cert, err))
        return false;
    return strcmp(spki, key->spki) == 0 || err_set(err, "%s: is not the key of %s", key->what, path);
}

static bool key_place(const struct rebuilding *r, const struct rebuild_key *key, struct err *err)
{
    bool placed = false;
    for (size_t i = 0; i < r->recorded.count; i++) {
        const struct thing *place = &r->recorded.thing[i];
        if (place->kind != THING_KEY || strcmp(place->spki, key->spki) != 0)
            continue;
        OWN(char) *path = path_join(r->stage, place->path);
        if (!key_serves(r, place, key, err))
            return false;
        if (file_exists(path))
            return err_set(err, "%s: the same key was given twice", key->what);
        if (!file_create(path, key->file.data, key->file.len, place->mode, err))
            return false;
        placed = true;
    }
    return placed || err_set(err,
                             "%s: at the end of the record no station has a place for this key (SHA-256 of "
                             "its public key %s); is it another ceremony's?",
                             key->what, key->spki);
}

static bool keys_place(const struct rebuilding *r, const struct rebuild_key *keys, size_t count,
                       struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (!key_place(r, &keys[i], err))
            return false;
    return true;
}

/* ---- looking at it ---- */

/* Missing keys are no difference: nobody has to bring them. */
static bool is_difference(const json_t *entry)
{
    return strcmp(page_json_text(entry, "kind", NULL), "key") != 0 ||
           strcmp(page_json_text(entry, "status", NULL), "removed") != 0;
}

static bool authority_check_written(const struct rebuilding *r, const char *station, struct err *err)
{
    OWN_STRUCT(inventory) recorded = {0}, found = {0};
    OWN(char) *folder = path_join(r->stage, station);
    if (!file_is_folder(folder))
        return true;
    inventory_after(&recorded, r->record, record_count(r->record) - 1);
    inventory_only(&recorded, station);
    if (!inventory_read(&found, folder, station, &recorded, err))
        return false;
    OWN(json_t) *difference = inventory_difference(&recorded, &found, false);
    size_t i;
    const json_t *entry;
    json_array_foreach(difference, i, entry)
    {
        if (is_difference(entry))
            return err_set(err, "%s: what was written there is not what the record says; is the disk sound?",
                           page_json_text(entry, "path", NULL));
    }
    return true;
}

/* Each station of a page, read back from disk. */
static bool written_check(const struct rebuilding *r, struct err *err)
{
    OWN(json_t) *seen = json_object();
    for (unsigned n = 0; n < record_count(r->record); n++) {
        const char *station = page_json_text(record_page(r->record, n)->json, "station", NULL);
        if (json_object_get(seen, station) != NULL)
            continue;
        json_object_set_new(seen, station, json_true());
        if (!authority_check_written(r, station, err))
            return false;
    }
    return true;
}

static bool stage_fill(struct rebuilding *r, const struct rebuild_key *keys, size_t count, struct err *err)
{
    return authorities_write(r, err) && ledger_rebuild(r, err) && keys_place(r, keys, count, err) &&
           written_check(r, err);
}

bool rebuild_write(const char *into, const struct record *record, const struct rebuild_key *keys,
                   size_t count, struct err *err)
{
    OWN_STRUCT(rebuilding) r = {.record = record, .lock = {.fd = -1}};
    struct err ignored = {0};
    if (!ready(&r, into, err))
        return false;
    inventory_after(&r.recorded, record, record_count(record) - 1);
    if (!stage_make(&r, err))
        return false;
    if (stage_fill(&r, keys, count, err) && file_rename(r.stage, r.into, err))
        return true;
    if (!folder_remove(r.stage, &ignored))
        return err_wrap(err, "%s stays there", r.stage);
    return false;
}

#include "moves.h"
#include "recordparts.h"

#include "../ceremony/file.h"
#include "pagejson.h"

#include <string.h>
#include <unistd.h>

/* A page that was closed and sealed, in memory. */
struct sealed {
    struct bytes tar, p7s;
    struct link link;
};
static void sealed_free(struct sealed *s)
{
    bytes_free(&s->tar);
    bytes_free(&s->p7s);
    link_free(&s->link);
}

static bool seal_is_own(const struct station *station, struct err *err)
{
    struct signer signer;
    if (!signer_read(&signer, seal_certificate(station->seal), "the sealing certificate", err))
        return false;
    return strcmp(signer.station, station->name) == 0 ||
           err_set(err, "the sealing key is enrolled for station \"%s\", not \"%s\"", signer.station,
                   station->name);
}

/* What is written is read first: no page goes out that could not be opened again. */
static bool page_seal(struct sealed *s, const struct record *record, struct page *page,
                      const struct station *station, struct err *err)
{
    time_t finished = 0;
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(seal_files) seals = {0};
    ledger_tree_copy(&tree, &record->chain.tree);
    if (!page_close(&s->tar, &finished, page, &tree, record_ledger_head(record), station->seal, err) ||
        !seal_make(&s->p7s, station->seal, &s->tar, finished, err))
        return false;
    if (s->tar.len > FILE_MAX_PAGE)
        return err_set(err, "the page would be larger than %u MiB, and nobody could read it again",
                       FILE_MAX_PAGE >> 20);
    seal_files_add(&seals, record_label(record, station), &s->p7s);
    OWN(char) *name = page_file_name(page);
    return chain_judge(&s->link, &record->chain, &s->tar, name, &seals, err);
}

static bool file_stage(const struct record *record, const char *name, const struct bytes *data,
                       struct err *err)
{
    OWN(char) *path = record_staging_path(record, name);
    return file_remove(path, err) && file_create(path, data->data, data->len, 0644, err);
}

static bool page_stage(const struct record *record, const struct sealed *s, const struct station *station,
                       struct err *err)
{
    OWN(char) *seal = seal_name(s->link.page.name, record_label(record, station));
    return record_staging_make(record, err) && file_stage(record, s->link.page.name, &s->tar, err) &&
           file_stage(record, seal, &s->p7s, err) && moves_announce(&s->link.page, station, err);
}

static bool file_place(const struct record *record, const char *name, struct err *err)
{
    OWN(char) *staged = record_staging_path(record, name);
    OWN(char) *placed = record_path(record, name);
    return file_exists(staged) ? file_rename(staged, placed, err) : file_exists(placed);
}

bool record_place(bool *placed, const struct record *record, const char *page_name,
                  const struct station *station, struct err *err)
{
    OWN(char) *seal = seal_name(page_name, record_label(record, station));
    OWN(char) *page = record_path(record, page_name);
    bool done = file_place(record, seal, err) && file_place(record, page_name, err);
    *placed = file_exists(page);
    return done;
}

/* Best effort: what stays is found on the next start. The announcement goes first, so that it never outlives
 * the page that it speaks of. */
static void page_unstage(const struct record *record, const char *page_name, const struct station *station)
{
    struct err ignored = {0};
    OWN(char) *seal = seal_name(page_name, record_label(record, station));
    OWN(char) *placed_seal = record_path(record, seal);
    OWN(char) *staged_seal = record_staging_path(record, seal);
    OWN(char) *staged_page = record_staging_path(record, page_name);
    bool gone = moves_withdraw(station, &ignored) && file_remove(placed_seal, &ignored) &&
                file_remove(staged_seal, &ignored) && file_remove(staged_page, &ignored);
    OWN(char) *staging = record_path(record, RECORD_STAGING);
    if (gone)
        (void)rmdir(staging); /* unless it holds what was signed */
}

static bool place_is_free(const struct record *record, const char *page_name, struct err *err)
{
    OWN(char) *path = record_path(record, page_name);
    if (record->orphan != NULL)
        return err_set(err, "%s: waits for its page; run again, so that it is seen to first", record->orphan);
    return !file_exists(path) || err_set(err, "%s: is there already; open the record anew", path);
}

/* From here on this station takes no record without this page: what it signed is never signed again for an
 * older copy. */
static bool head_keep(const struct page_read *page, const struct station *station, struct err *err)
{
    return station->home == NULL || home_set_head(station->home, page_json_text(page->json, "ceremony", "id"),
                                                  page->sha256, page->number, err);
}

static bool page_enter(bool *placed, const struct record *record, const struct sealed *s,
                       const struct station *station, struct err *err)
{
    const char *name = s->link.page.name;
    *placed = false;
    if (!place_is_free(record, name, err) || !moves_ready(&s->link.page, station, err))
        return false;
    if (!page_stage(record, s, station, err) || !head_keep(&s->link.page, station, err)) {
        page_unstage(record, name, station);
        return false;
    }
    if (record_place(placed, record, name, station, err))
        return true;
    if (!*placed)
        err_wrap(err, "page %s is sealed and waits in .staging; run again, and it is put in its place", name);
    return false;
}

static bool ledger_step(const struct record *record, const struct page_read *page, struct err *err)
{
    OWN(char) *path = record_path(record, "ledger.git");
    const struct bytes *commit = tarball_find(&page->tar, "commit");
    return commit == NULL || (ledger_init(path, err) && ledger_write(path, &record->chain.tree, commit, err));
}

/* Everything here is done again on the next start, should it be cut off. */
static bool page_settle(const struct record *record, const struct station *station, struct err *err)
{
    const struct page_read *page = &record->chain.page[record->chain.count - 1];
    OWN(char) *signers = record_path(record, "signers");
    OWN(char) *staging = record_path(record, RECORD_STAGING);
    bool wrote = false;
    return moves_make(page, station, err) &&
           roster_folder_write(&record->chain.roster, signers, staging, &wrote, err) &&
           ledger_step(record, page, err) && folder_remove(staging, err);
}

bool record_commit(struct record *record, struct page *page, const struct station *station, struct err *err)
{
    OWN_STRUCT(sealed) s = {0};
    bool placed = false;
    if (!seal_is_own(station, err) || !page_seal(&s, record, page, station, err))
        return false;
    bool entered = page_enter(&placed, record, &s, station, err);
    if (!entered && !placed)
        return false;
    OWN(char) *name = text_copy(s.link.page.name);
    chain_push(&record->chain, &s.link);
    if (!entered || !page_settle(record, station, err))
        return err_wrap(err,
                        "page %s is sealed and in the record, but what follows it was cut off; run again, "
                        "and it is finished",
                        name);
    return true;
}

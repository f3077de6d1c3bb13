#include "moves.h"
#include "recordparts.h"

#include "../ceremony/file.h"
#include "pagejson.h"

#include <string.h>

struct recovery {
    struct record *record;
    const struct station *station;
    struct bytes done;          /* clauses for people */
    char discarded[DIGEST_HEX]; /* of a staged page that was thrown away; "" */
    bool cut_off;               /* something was under way: .staging is there */
};
static void recovery_free(struct recovery *r)
{
    bytes_free(&r->done);
}

static void did(struct recovery *r, const char *clause, const char *about)
{
    if (r->done.len > 0)
        bytes_text(&r->done, "; ");
    bytes_format(&r->done, clause, about);
}

/* ---- the page that was on its way in ---- */

/* A page that lies in staging, and the seal that lies there or in place already. */
struct pending {
    char *page, *seal; /* names; NULL where there is none */
    char label[61];    /* of the seal */
    struct bytes tar, p7s;
};
static void pending_free(struct pending *p)
{
    free(p->page);
    free(p->seal);
    bytes_free(&p->tar);
    bytes_free(&p->p7s);
}

static bool pending_find(struct pending *p, const struct recovery *r, struct err *err)
{
    OWN(char) *staging = record_path(r->record, RECORD_STAGING);
    OWN_STRUCT(names) names = {0};
    if (r->record->orphan != NULL)
        p->seal = text_copy(r->record->orphan);
    if (r->cut_off && !folder_list(&names, staging, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.name[i];
        size_t len = page_name_length(name);
        if (len != 0 && name[len] == 0 && p->page == NULL)
            p->page = text_copy(name);
        if (seal_label(p->label, name) && p->seal == NULL)
            p->seal = text_copy(name);
    }
    if (p->seal != NULL && !seal_label(p->label, p->seal))
        return err_set(err, "%s: not a seal's name", p->seal);
    return true;
}

static char *pending_path(const struct recovery *r, const char *name)
{
    bool placed = r->record->orphan != NULL && strcmp(r->record->orphan, name) == 0;
    return placed ? record_path(r->record, name) : record_staging_path(r->record, name);
}

/* False without more ado: a page that was cut off before it was sealed, and so never was. */
static bool pending_is_sealed(struct link *link, struct pending *p, const struct recovery *r)
{
    struct err reason = {0};
    OWN_STRUCT(seal_files) seals = {0};
    if (p->page == NULL || p->seal == NULL)
        return false;
    OWN(char) *page_path = record_staging_path(r->record, p->page);
    OWN(char) *seal_path = pending_path(r, p->seal);
    if (!file_read(&p->tar, page_path, FILE_MAX_PAGE, &reason) ||
        !file_read(&p->p7s, seal_path, FILE_MAX_SMALL, &reason))
        return false;
    seal_files_add(&seals, p->label, &p->p7s);
    return chain_judge(link, &r->record->chain, &p->tar, p->page, &seals, &reason);
}

/* Cut off between write and fsync, a file is whole to the eye and not yet on the disk: both are written
 * again. */
static bool pending_place(struct recovery *r, const struct pending *p, struct link *link, struct err *err)
{
    bool placed = false;
    OWN(char) *page = record_staging_path(r->record, p->page);
    OWN(char) *seal = record_staging_path(r->record, p->seal);
    if (!moves_ready(&link->page, r->station, err) ||
        !file_replace(page, p->tar.data, p->tar.len, 0644, err) ||
        (r->record->orphan == NULL && !file_replace(seal, p->p7s.data, p->p7s.len, 0644, err)) ||
        !moves_announce(&link->page, r->station, err) ||
        !record_place(&placed, r->record, p->page, r->station, err))
        return err_wrap(err, "page %s is sealed, and must be put in place first", p->page);
    did(r, "page %s was sealed, and is now in its place", p->page);
    free(GIVE(r->record->orphan));
    chain_push(&r->record->chain, link);
    return true;
}

static bool pending_discard(struct recovery *r, const struct pending *p, struct err *err)
{
    OWN(char) *page = p->page != NULL ? record_staging_path(r->record, p->page) : NULL;
    OWN(char) *seal = p->seal != NULL ? pending_path(r, p->seal) : NULL;
    struct err unread = {0};
    if (page != NULL && !digest_file(r->discarded, page, &unread))
        r->discarded[0] = 0;
    if ((seal != NULL && !file_remove(seal, err)) || (page != NULL && !file_remove(page, err)))
        return false;
    did(r, "%s was cut off before it was done, and is discarded", p->page != NULL ? p->page : p->seal);
    free(GIVE(r->record->orphan));
    return true;
}

static bool pending_recover(struct recovery *r, struct err *err)
{
    OWN_STRUCT(pending) p = {0};
    OWN_STRUCT(link) link = {0};
    if (!pending_find(&p, r, err))
        return false;
    if (p.page == NULL && p.seal == NULL)
        return true;
    if (p.seal != NULL && strcmp(p.label, record_label(r->record, r->station)) != 0)
        return err_set(err, "%s: station %s was cut off while it put this page in place; run there first",
                       p.seal, p.label);
    return pending_is_sealed(&link, &p, r) ? pending_place(r, &p, &link, err) : pending_discard(r, &p, err);
}

/* ---- what follows a page ---- */

static const struct page_read *newest_of(const struct recovery *r)
{
    for (size_t i = r->record->chain.count; i-- > 0;) {
        const struct page_read *page = &r->record->chain.page[i];
        if (strcmp(page_json_text(page->json, "station", NULL), r->station->name) == 0)
            return page;
    }
    return NULL;
}

static bool moves_recover(struct recovery *r, struct err *err)
{
    char announced[DIGEST_HEX] = "";
    const struct page_read *newest = newest_of(r);
    if (!moves_staged(r->station))
        return true;
    if (!moves_announced(announced, r->station, err))
        return false;
    if (newest != NULL && strcmp(announced, newest->sha256) == 0) {
        did(r, "the files of page %s were moved to where they belong", newest->name);
        return moves_make(newest, r->station, err);
    }
    if (announced[0] != 0 && strcmp(announced, r->discarded) != 0)
        return err_set(err,
                       "%s: holds what belongs to the page with SHA-256 %s, which is not this station's "
                       "newest in %s; use the record that has it, and nothing is lost",
                       r->station->authority, announced, r->record->folder);
    did(r, "what a step had made at station %s before it was cut off is discarded", r->station->name);
    return moves_forget(r->station, err);
}

static bool signers_recover(struct recovery *r, struct err *err)
{
    OWN(char) *signers = record_path(r->record, "signers");
    OWN(char) *staging = record_path(r->record, RECORD_STAGING);
    bool wrote = false;
    if (r->record->chain.count == 0)
        return true;
    if (!roster_folder_write(&r->record->chain.roster, signers, staging, &wrote, err))
        return false;
    if (wrote)
        did(r, "%s was written", "signers/");
    return true;
}

/* The whole ledger once more, beside the old one, then in its place. */
static bool ledger_rewrite(const struct recovery *r, const struct expected *expected, struct err *err)
{
    OWN(char) *path = record_path(r->record, "ledger.git");
    OWN(char) *fresh = record_staging_path(r->record, "ledger.git");
    if (!record_staging_make(r->record, err) || !folder_remove(fresh, err) || !ledger_init(fresh, err))
        return false;
    for (size_t i = 0; i < expected->count; i++) {
        if (!ledger_write(fresh, &expected->commit[i].tree, &expected->commit[i].commit, err))
            return false;
    }
    return folder_remove(path, err) && file_rename(fresh, path, err);
}

static bool ledger_recover(struct recovery *r, struct err *err)
{
    OWN(char) *path = record_path(r->record, "ledger.git");
    OWN_STRUCT(expected) expected = {0};
    struct err wrong = {0};
    if (r->record->chain.count == 0)
        return true;
    if (!chain_expected(&expected, &r->record->chain, err))
        return false;
    if (file_exists(path) && ledger_check(path, expected.commit, expected.count, &wrong))
        return true;
    /* Nothing was under way, so no crash explains it: somebody should look before it is healed. */
    if (!r->cut_off && file_exists(path))
        return err_set(err, "%s; take ledger.git away and run again, and it is written anew from the pages",
                       wrong.text);
    did(r, "%s was written from the pages", "ledger.git");
    return ledger_rewrite(r, &expected, err);
}

/* What record_stage keeps for the page that comes next stays. */
static bool staging_clean(struct recovery *r, struct err *err)
{
    OWN(char) *staging = record_path(r->record, RECORD_STAGING);
    OWN(char) *next = text_format("%06zu", r->record->chain.count);
    OWN_STRUCT(names) names = {0};
    bool kept = false;
    if (!file_exists(staging))
        return true;
    if (!folder_list(&names, staging, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        OWN(char) *path = path_join(staging, names.name[i]);
        bool keep = strcmp(names.name[i], next) == 0 && file_is_folder(path);
        kept = kept || keep;
        if (!keep && !(file_is_folder(path) ? folder_remove(path, err) : file_remove(path, err)))
            return false;
    }
    return kept || folder_remove(staging, err);
}

bool record_recover(struct record *record, const struct station *station, char done[256], struct err *err)
{
    OWN(char) *staging = record_path(record, RECORD_STAGING);
    OWN_STRUCT(recovery) r = {.record = record, .station = station, .cut_off = file_exists(staging)};
    if (!pending_recover(&r, err) || !moves_recover(&r, err) || !signers_recover(&r, err) ||
        !ledger_recover(&r, err) || !record_staged_recover(record, err) || !staging_clean(&r, err))
        return false;
    snprintf(done, 256, "%s", bytes_string(&r.done));
    return true;
}

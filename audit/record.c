#include "recordparts.h"

#include "../ceremony/file.h"
#include "pagejson.h"
#include "timestamp.h"

#include <string.h>

void record_free(struct record *record)
{
    if (record == NULL)
        return;
    chain_free(&record->chain);
    lock_free(&record->lock);
    free(record->orphan);
    free(record->folder);
    free(record);
}

char *record_path(const struct record *record, const char *name)
{
    return path_join(record->folder, name);
}

char *record_staging_path(const struct record *record, const char *name)
{
    return text_format("%s/" RECORD_STAGING "/%s", record->folder, name);
}

char *seal_name(const char *page_name, const char *label)
{
    return text_format("%s.%s.p7s", page_name, label);
}

const char *record_label(const struct record *record, const struct station *station)
{
    const struct enrolled *own = roster_station(&record->chain.roster, station->name);
    return own != NULL ? own->label : station->name;
}

bool record_staging_make(const struct record *record, struct err *err)
{
    OWN(char) *path = record_path(record, RECORD_STAGING);
    return folder_make(path, 0755, err);
}

/* ---- names ---- */

#define SLUG "abcdefghijklmnopqrstuvwxyz0123456789-"

size_t page_name_length(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    if (digits != 6 || name[digits] != '-')
        return 0;
    size_t slug = strspn(name + digits + 1, SLUG), end = digits + 1 + slug;
    if (slug < 1 || slug > 60 || strncmp(name + end, ".tar", 4) != 0)
        return 0;
    return name[end + 4] == 0 || name[end + 4] == '.' ? end + 4 : 0;
}

bool seal_label(char label[61], const char *name)
{
    size_t page = page_name_length(name);
    if (page == 0 || name[page] != '.')
        return false;
    const char *at = name + page + 1;
    size_t len = strspn(at, SLUG);
    if (len < 1 || len > 60 || strcmp(at + len, ".p7s") != 0)
        return false;
    memcpy(label, at, len);
    label[len] = 0;
    return true;
}

static bool is_page(const char *name)
{
    size_t len = page_name_length(name);
    return len != 0 && name[len] == 0;
}

static bool name_is_known(const struct record *record, const char *name)
{
    static const char *const folders[] = {RECORD_STAGING, "ledger.git", "signers", TIMESTAMP_FOLDER};
    char label[61];
    OWN(char) *path = record_path(record, name);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (strcmp(name, folders[i]) == 0)
            return file_is_folder(path);
    }
    return is_page(name) || seal_label(label, name);
}

static bool names_check(const struct record *record, const struct names *names, struct err *err)
{
    for (size_t i = 0; i < names->count; i++) {
        if (!name_is_known(record, names->name[i]))
            return err_set(err, "%s: holds %s, which no record has; is it the right folder?", record->folder,
                           names->name[i]);
    }
    return true;
}

/* ---- reading ---- */

/* In the sorted list a page's seals stand right behind it. */
static bool seals_read(struct seal_files *seals, const struct record *record, const struct names *names,
                       size_t at, struct err *err)
{
    const char *page = names->name[at];
    for (size_t i = at + 1; i < names->count; i++) {
        char label[61];
        if (strncmp(names->name[i], page, strlen(page)) != 0 || !seal_label(label, names->name[i]))
            break;
        OWN(char) *path = record_path(record, names->name[i]);
        OWN_STRUCT(bytes) data = {0};
        if (!file_read(&data, path, FILE_MAX_SMALL, err))
            return false;
        seal_files_add(seals, label, &data);
    }
    return true;
}

static bool page_read(struct record *record, const struct names *names, size_t at, struct err *err)
{
    OWN(char) *path = record_path(record, names->name[at]);
    OWN_STRUCT(bytes) tar = {0};
    OWN_STRUCT(seal_files) seals = {0};
    OWN_STRUCT(link) link = {0};
    if (!file_read(&tar, path, FILE_MAX_PAGE, err) || !seals_read(&seals, record, names, at, err) ||
        !chain_judge(&link, &record->chain, &tar, names->name[at], &seals, err))
        return false;
    chain_push(&record->chain, &link);
    return true;
}

/* A seal goes into place before its page: one such may be there, of the page that would be next. */
static bool orphan_read(struct record *record, const struct names *names, struct err *err)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->name[i];
        char label[61];
        if (!seal_label(label, name))
            continue;
        OWN(char) *page = text_format("%.*s", (int)page_name_length(name), name);
        OWN(char) *path = record_path(record, page);
        if (file_exists(path))
            continue;
        if (record->orphan != NULL || strtoul(name, NULL, 10) != record->chain.count)
            return err_set(err, "%s: a seal without its page %s, which is missing", name, page);
        record->orphan = text_copy(name);
    }
    return true;
}

static bool record_read(struct record *record, struct err *err)
{
    OWN_STRUCT(names) names = {0};
    OWN(char) *signers = record_path(record, "signers");
    OWN(char) *ledger = record_path(record, "ledger.git");
    if (!folder_list(&names, record->folder, err) || !names_check(record, &names, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        if (is_page(names.name[i]) && !page_read(record, &names, i, err))
            return false;
    }
    if (record->chain.count == 0 && file_exists(ledger))
        return err_set(err, "%s: a ledger without a page is no record's; is it the right folder?", ledger);
    return chain_end_check(&record->chain, err) && orphan_read(record, &names, err) &&
           roster_folder_check(&record->chain.roster, signers, err);
}

bool record_open(struct record **out, const char *folder, bool create, struct err *err)
{
    OWN_RECORD *record = memory_new(1, sizeof *record);
    record->folder = text_copy(folder);
    record->lock.fd = -1;
    chain_start(&record->chain);
    if (!file_exists(folder) && !create)
        return err_set(err, "%s: no such record", folder);
    if (!file_exists(folder) && !folder_make(folder, 0755, err))
        return false;
    if (!file_is_folder(folder))
        return err_set(err, "%s: not a folder; a record is one", folder);
    if (create && !lock_folder(&record->lock, folder, err))
        return false;
    if (!record_read(record, err))
        return false;
    if (record->chain.count == 0 && !create)
        return err_set(err, "%s: holds no page; it is no record", folder);
    record_free(*out);
    *out = GIVE(record);
    return true;
}

/* ---- asking ---- */

unsigned record_count(const struct record *record)
{
    return (unsigned)record->chain.count;
}

const struct page_read *record_page(const struct record *record, unsigned number)
{
    return number < record->chain.count ? &record->chain.page[number] : NULL;
}

const char *record_head(const struct record *record)
{
    return record->chain.head;
}

time_t record_finished(const struct record *record)
{
    return record->chain.finished;
}

unsigned record_waits(const struct record *record)
{
    return record->chain.waits;
}

unsigned record_walked(const struct record *record)
{
    return record->chain.walked;
}

const char *record_folder(const struct record *record)
{
    return record->folder;
}

const struct ledger_tree *record_tree(const struct record *record)
{
    return &record->chain.tree;
}

const char *record_ledger_head(const struct record *record)
{
    return record->chain.ledger[0] != 0 ? record->chain.ledger : NULL;
}

const json_t *record_output(const struct record *record, const char *name, unsigned *number)
{
    for (size_t i = record->chain.count; i-- > 0;) {
        const json_t *outputs = json_object_get(record->chain.page[i].json, "outputs");
        for (size_t n = json_array_size(outputs); n-- > 0;) {
            const json_t *output = json_array_get(outputs, n);
            if (strcmp(page_json_text(output, "name", NULL), name) != 0)
                continue;
            *number = (unsigned)i;
            return output;
        }
    }
    return NULL;
}

bool record_enrol(struct record *record, struct page *page, const struct bytes *pem, size_t count,
                  struct err *err)
{
    OWN_STRUCT(roster) roster = {0};
    if (record->chain.count != 0)
        return err_set(err, "%s: has pages already; certificates are enrolled in page 0", record->folder);
    for (size_t i = 0; i < count; i++) {
        OWN(char) *what = text_format("enrolled certificate %zu", i + 1);
        if (!roster_add(&roster, &pem[i], what, err))
            return false;
    }
    for (size_t i = 0; i < roster.count; i++) {
        const struct enrolled *one = &roster.enrolled[i];
        OWN(char) *name = text_format("signers/%s.crt", one->label);
        if (!page_evidence(page, name, one->pem.data, one->pem.len, err))
            return false;
    }
    return true;
}

bool record_revoke(const struct record *record, struct page *page, json_t *revoked, const struct bytes *pem,
                   const char *what, struct err *err)
{
    OWN(json_t) *held = revoked;
    OWN_STRUCT(roster) roster = {0};
    roster_copy(&roster, &record->chain.roster);
    if (!roster_revoke(&roster, held, pem, record_count(record), what, err))
        return false;
    if (page == NULL)
        return true;
    if (pem != NULL) {
        const struct enrolled *next = &roster.enrolled[roster.count - 1];
        OWN(char) *name = text_format("signers/%s.crt", next->label);
        json_object_set_new(held, "next", json_string(next->label));
        if (!page_evidence(page, name, next->pem.data, next->pem.len, err))
            return false;
    }
    page_revoke(page, GIVE(held));
    return true;
}

const struct roster *record_roster(const struct record *record)
{
    return &record->chain.roster;
}

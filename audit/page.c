#include "page.h"

#include "../ceremony/certificate.h"
#include "../ceremony/file.h"
#include "clock.h"
#include "pagetext.h"
#include "transcript.h"

#include <string.h>

struct page {
    json_t *json;    /* page.json as far as it is known */
    json_t *modes;   /* of the files that are set, by their names in the tar */
    json_t *removed; /* the same, of what goes; values mean nothing */
    json_t *folders; /* path in the ledger to mode */
    struct tarball files, evidence, rest;
    struct bytes transcript;
    struct err fault; /* what a function that cannot fail had to refuse; page_close says it */
    time_t started;
    bool rehearsal, first;
    char station[33];
};

void page_free(struct page *page)
{
    if (page == NULL)
        return;
    json_decref(page->json);
    json_decref(page->modes);
    json_decref(page->removed);
    json_decref(page->folders);
    tarball_free(&page->files);
    tarball_free(&page->evidence);
    tarball_free(&page->rest);
    bytes_free(&page->transcript);
    free(page);
}

static json_t *instant_json(const struct instant *now)
{
    char utc[32];
    time_text(utc, now->utc);
    return json_pack("{s:s, s:s, s:s}", "utc", utc, "boot_id", now->boot_id, "monotonic_ns", now->monotonic);
}

static json_t *copy_or(const json_t *value, json_t *otherwise)
{
    if (value == NULL)
        return otherwise;
    json_decref(otherwise);
    return json_deep_copy(value);
}

static json_t *head_json(const struct page_head *head, const struct instant *now)
{
    return json_pack(
        "{s:s, s:{s:s, s:s, s:s}, s:i, s:s, s:s, s:s, s:b, s:b, s:o, s:o, s:s, s:[], s:[], s:[], s:o, s:o}",
        "format", PAGE_FORMAT, "ceremony", "id", head->ceremony_id, "title", head->ceremony_title, "version",
        head->ceremony_version, "number", (int)head->number, "title", head->title, "slug", head->slug,
        "station", head->station, "rehearsal", head->rehearsal, "unattended", head->unattended, "started",
        instant_json(now), "people", copy_or(head->people, json_array()), "previous", head->previous,
        "inputs", "outputs", "deviations", "seals_required", copy_or(head->seals_required, json_array()),
        "versions", copy_or(head->versions, json_object()));
}

static bool clock_follows(const struct instant *now, time_t not_before, struct err *err)
{
    if (now->utc >= not_before)
        return true;
    char here[32], there[32];
    time_text(here, now->utc);
    time_text(there, not_before);
    return err_set(err,
                   "the clock says %s, %lld seconds before %s, when the previous page was finished; set the "
                   "clock, all watching, and try again",
                   here, (long long)(not_before - now->utc), there);
}

bool page_open(struct page **out, const struct page_head *head, struct err *err)
{
    struct instant now;
    if (!clock_now(&now, err) || !clock_follows(&now, head->not_before, err))
        return false;
    if (strlen(head->station) >= sizeof((struct page *)0)->station || head->number > PAGE_NUMBER_MAX)
        return err_set(err, "page %u at station \"%.40s\": no such page can be", head->number, head->station);
    OWN(json_t) *json = head_json(head, &now);
    if (json == NULL)
        return err_set(err, "page %u: its title, people or station are not valid UTF-8", head->number);
    struct page *page = memory_new(1, sizeof *page);
    page->json = GIVE(json);
    page->modes = json_object();
    page->removed = json_object();
    page->folders = json_object();
    page->started = now.utc;
    page->rehearsal = head->rehearsal;
    page->first = head->number == 0;
    memcpy(page->station, head->station, strlen(head->station));
    page_free(*out);
    *out = page;
    return true;
}

void page_say(struct page *page, const char *text)
{
    transcript_say(&page->transcript, time(NULL), page->rehearsal, text);
}

/* ---- what the step changes ---- */

static void members_drop(struct tarball *members, const char *name)
{
    for (size_t i = 0; i < members->count; i++) {
        if (strcmp(members->member[i].name, name) != 0)
            continue;
        bytes_free(&members->member[i].data);
        members->count--;
        members->member[i] = members->member[members->count];
        return;
    }
}

static bool members_put(struct tarball *members, const char *name, const void *data, size_t len,
                        struct err *err)
{
    if (!path_is_safe(name))
        return err_set(err, "%s: a name on a page must be [A-Za-z0-9._/-], at most 100 characters, relative",
                       name);
    if (!bytes_hold_no_key(data, len, name, err))
        return false;
    members_drop(members, name);
    tarball_add(members, name, data, len);
    return true;
}

static char *file_name(const struct page *page, const char *path)
{
    return text_format("files/%s/%s", page->station, path);
}

bool page_file(struct page *page, const char *path, const void *data, size_t len, unsigned mode,
               struct err *err)
{
    OWN(char) *name = file_name(page, path);
    if (mode > 0777)
        return err_set(err, "%s: mode %o; a public file has permission bits only", path, mode);
    if (!members_put(&page->files, name, data, len, err))
        return false;
    char text[5];
    mode_text(text, mode);
    json_object_set_new(page->modes, name, json_string(text));
    json_object_del(page->removed, name);
    return true;
}

void page_remove(struct page *page, const char *path)
{
    OWN(char) *name = file_name(page, path);
    members_drop(&page->files, name);
    json_object_del(page->modes, name);
    if (!path_is_safe(name) || json_object_set_new(page->removed, name, json_true()) != 0)
        err_set(&page->fault, "%.200s: not a path that a page can name", path);
}

void page_folder(struct page *page, const char *path, unsigned mode)
{
    OWN(char) *name = text_format("%s/%s", page->station, path);
    char text[5];
    mode_text(text, mode);
    if (!path_is_safe(name) || mode > 0777 ||
        json_object_set_new(page->folders, name, json_string(text)) != 0)
        err_set(&page->fault, "%.200s: not a folder that a page can name", path);
}

bool page_evidence(struct page *page, const char *name, const void *data, size_t len, struct err *err)
{
    OWN(char) *full = text_format("evidence/%s", name);
    return members_put(&page->evidence, full, data, len, err);
}

bool page_member(struct page *page, const char *name, const void *data, size_t len, struct err *err)
{
    if (!page->first)
        return err_set(err, "%s: only page 0 has members with names of their own", name);
    if (strcmp(name, "files/" PAGE_ATTRIBUTES) != 0)
        return members_put(&page->rest, name, data, len, err);
    if (len != strlen(PAGE_ATTRIBUTES_TEXT) || memcmp(data, PAGE_ATTRIBUTES_TEXT, len) != 0)
        return err_set(err, "%s: must be \"* -text\", so that git keeps every byte", name);
    return true; /* page_close puts it there anyway */
}

static void list_append(struct page *page, const char *list, json_t *entry)
{
    if (json_array_append_new(json_object_get(page->json, list), entry) != 0)
        err_set(&page->fault, "%s: an entry that is no JSON", list);
}

void page_input(struct page *page, json_t *input)
{
    list_append(page, "inputs", input);
}

void page_output(struct page *page, json_t *output)
{
    list_append(page, "outputs", output);
}

void page_deviation(struct page *page, json_t *deviation)
{
    list_append(page, "deviations", deviation);
}

void page_abort(struct page *page, json_t *aborted)
{
    if (json_object_set_new(page->json, PAGE_ABORTED, aborted) != 0)
        abort();
}

void page_revoke(struct page *page, json_t *revoked)
{
    if (json_object_set_new(page->json, PAGE_REVOKED, revoked) != 0)
        abort();
}

char *page_file_name(const struct page *page)
{
    char name[PAGE_NAME_MAX];
    page_name(name, page->json);
    return text_copy(name);
}

const json_t *page_outputs(const struct page *page)
{
    return json_object_get(page->json, "outputs");
}

const struct bytes *page_pending(const struct page *page, const char *path)
{
    OWN(char) *name = file_name(page, path);
    return tarball_find(&page->files, name);
}

/* ---- closing ---- */

static int member_order(const void *a, const void *b)
{
    return strcmp(((const struct member *)a)->name, ((const struct member *)b)->name);
}

static void members_sort(struct tarball *members)
{
    if (members->count > 1)
        qsort(members->member, members->count, sizeof *members->member, member_order);
}

static json_t *changed_json(const struct page *page)
{
    json_t *list = json_array();
    for (size_t i = 0; i < page->files.count; i++) {
        const struct member *file = &page->files.member[i];
        const char *mode = json_string_value(json_object_get(page->modes, file->name));
        char hex[DIGEST_HEX];
        digest_hex(hex, file->data.data, file->data.len);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "path", file->name + strlen("files/"),
                                              "mode", mode != NULL ? mode : "0644", "sha256", hex));
    }
    return list;
}

static int key_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* [{"path": key without `prefix`, "mode": value}] of an object, sorted; a value that is no string is left
 * out. */
static json_t *paths_json(json_t *object, const char *prefix)
{
    const char **keys = memory_new(json_object_size(object), sizeof *keys);
    size_t count = 0;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) keys[count++] = key;
    qsort(keys, count, sizeof *keys, key_order);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *entry = json_pack("{s:s}", "path", keys[i] + strlen(prefix));
        value = json_object_get(object, keys[i]);
        if (json_is_string(value))
            json_object_set(entry, "mode", value);
        json_array_append_new(list, entry);
    }
    free(keys);
    return list;
}

/* From here on only the ledger and the assembly are missing. */
static bool page_finish(struct page *page, time_t *finished, struct err *err)
{
    struct instant now;
    if (page->fault.text[0] != 0)
        return err_set(err, "%s", page->fault.text);
    if (!clock_now(&now, err))
        return false;
    if (now.utc < page->started)
        return err_set(err,
                       "the clock went back by %lld seconds during this step; set it, all watching, and "
                       "do the step again",
                       (long long)(page->started - now.utc));
    if (page->first && !members_put(&page->files, "files/" PAGE_ATTRIBUTES, PAGE_ATTRIBUTES_TEXT,
                                    strlen(PAGE_ATTRIBUTES_TEXT), err))
        return false;
    members_sort(&page->files);
    members_sort(&page->evidence);
    members_sort(&page->rest);
    json_object_set_new(page->json, "finished", instant_json(&now));
    json_object_set_new(page->json, "changed", changed_json(page));
    json_object_set_new(page->json, "removed", paths_json(page->removed, "files/"));
    json_object_set_new(page->json, "directories", paths_json(page->folders, ""));
    *finished = now.utc;
    return true;
}

static void tree_change(struct ledger_tree *tree, const struct page *page)
{
    const char *name;
    json_t *value;
    json_object_foreach(page->removed, name, value) ledger_tree_remove(tree, name + strlen("files/"));
    for (size_t i = 0; i < page->files.count; i++) {
        const struct member *file = &page->files.member[i];
        ledger_tree_put(tree, file->name + strlen("files/"), file->data.data, file->data.len);
    }
}

static bool page_commit(struct bytes *raw, const struct page *page, const struct ledger_tree *tree,
                        const char *parent, time_t finished, const struct seal *seal, struct err *err)
{
    struct signer signer;
    if (!signer_read(&signer, seal_certificate(seal), "the sealing certificate", err))
        return false;
    OWN_STRUCT(bytes) message = {0};
    page_message(&message, page->json);
    OWN(char) *email = page_email(page->json);
    const char *operator_name = page_operator(page->json);
    const struct ledger_commit commit = {.tree = tree,
                                         .parent = parent,
                                         .name = operator_name != NULL ? operator_name : signer.name,
                                         .email = email,
                                         .time = finished,
                                         .message = bytes_string(&message)};
    char id[LEDGER_ID];
    if (!ledger_commit_make(raw, id, &commit, seal_key(seal), err))
        return false;
    json_object_set_new(page->json, "ledger", json_pack("{s:s, s:s?}", "commit", id, "parent", parent));
    return true;
}

static void members_copy(struct tarball *tar, const struct tarball *members)
{
    for (size_t i = 0; i < members->count; i++)
        tarball_add(tar, members->member[i].name, members->member[i].data.data, members->member[i].data.len);
}

static bool page_assemble(struct bytes *out, const struct page *page, const struct bytes *commit,
                          time_t finished, struct err *err)
{
    OWN_STRUCT(bytes) json = {0};
    OWN_STRUCT(bytes) sums = {0};
    OWN_STRUCT(tarball) tar = {.mtime = finished};
    if (!page_json_check(page->json, err) || !json_canonical(&json, page->json, err))
        return false;
    bytes_text(&json, "\n");
    tarball_add(&tar, "page.json", json.data, json.len);
    tarball_add(&tar, "SHA256SUMS", "", 0);
    tarball_add(&tar, "transcript.txt", page->transcript.data, page->transcript.len);
    if (commit->len > 0)
        tarball_add(&tar, "commit", commit->data, commit->len);
    members_copy(&tar, &page->files);
    members_copy(&tar, &page->evidence);
    members_copy(&tar, &page->rest);
    page_sums(&sums, &tar);
    bytes_free(&tar.member[1].data);
    tar.member[1].data = bytes_give(&sums);
    if (!page_holds_no_key(&tar, err))
        return false;
    return tarball_write(out, &tar, err);
}

bool page_close(struct bytes *tar, time_t *finished, struct page *page, struct ledger_tree *before,
                const char *parent, const struct seal *seal, struct err *err)
{
    time_t when = 0;
    OWN_STRUCT(bytes) commit = {0};
    OWN_STRUCT(bytes) made = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    if (!page_finish(page, &when, err))
        return false;
    ledger_tree_copy(&tree, before);
    tree_change(&tree, page);
    if (!page_json_commits(page->json))
        json_object_set_new(page->json, "ledger", json_pack("{s:s?}", "head", parent));
    else if (!page_commit(&commit, page, &tree, parent, when, seal, err))
        return false;
    if (!page_assemble(&made, page, &commit, when, err))
        return false;
    if (made.len > FILE_MAX_PAGE)
        return err_set(err, "the page has %zu bytes, more than the %u that can be read back", made.len,
                       FILE_MAX_PAGE);
    ledger_tree_free(before);
    *before = tree;
    tree = (struct ledger_tree){0};
    bytes_free(tar);
    *tar = bytes_give(&made);
    *finished = when;
    return true;
}

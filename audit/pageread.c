#include "page.h"

#include "../ceremony/certificate.h"
#include "../ceremony/file.h"
#include "pagetext.h"
#include "transcript.h"

#include <string.h>

_Static_assert(sizeof((struct page_read *)0)->name == PAGE_NAME_MAX, "page_name writes it");

void page_read_free(struct page_read *p)
{
    tarball_free(&p->tar);
    json_decref(p->json);
    *p = (struct page_read){0};
}

bool page_json_read(struct page_read *page, struct err *err)
{
    const struct bytes *text = tarball_find(&page->tar, "page.json");
    OWN(json_t) *json = NULL;
    OWN_STRUCT(bytes) canonical = {0};
    if (text == NULL)
        return err_set(err, "page.json is missing");
    if (!json_read(&json, text, "page.json", err) || !json_canonical(&canonical, json, err))
        return false;
    bytes_text(&canonical, "\n");
    if (!bytes_equal(&canonical, text))
        return err_set(err, "page.json is not canonical; `jq -cS .` prints other bytes");
    page->json = GIVE(json);
    return true;
}

static bool time_check(const struct page_read *page, struct err *err)
{
    time_t finished = 0;
    if (!time_parse(&finished, page_json_text(page->json, "finished", "utc"), err))
        return false;
    return finished == page->tar.mtime || err_set(err, "the members' time is not the page's finished");
}

static bool sums_check(const struct page_read *page, struct err *err)
{
    const struct bytes *sums = tarball_find(&page->tar, "SHA256SUMS");
    OWN_STRUCT(bytes) right = {0};
    page_sums(&right, &page->tar);
    return (sums != NULL && bytes_equal(sums, &right)) ||
           err_set(err, "SHA256SUMS does not have the sums of all other members, in their order");
}

/* files/ and changed are sorted alike, so one walk compares them. */
static bool files_check(const struct page_read *page, struct err *err)
{
    const json_t *changed = json_object_get(page->json, "changed");
    size_t seen = 0;
    for (size_t i = 0; i < page->tar.count; i++) {
        const struct member *file = &page->tar.member[i];
        if (strncmp(file->name, "files/", 6) != 0)
            continue;
        const json_t *entry = json_array_get(changed, seen++);
        char hex[DIGEST_HEX];
        tarball_digest(hex, file);
        if (strcmp(page_json_text(entry, "path", NULL), file->name + 6) != 0 ||
            strcmp(page_json_text(entry, "sha256", NULL), hex) != 0)
            return err_set(err, "%s is not what \"changed\" in page.json says", file->name);
    }
    if (seen != json_array_size(changed))
        return err_set(err, "\"changed\" in page.json names %s, which is not in files/",
                       page_json_text(json_array_get(changed, seen), "path", NULL));
    return true;
}

static bool attributes_check(const struct page_read *page, struct err *err)
{
    const struct bytes *text = tarball_find(&page->tar, "files/" PAGE_ATTRIBUTES);
    const struct bytes right = {(unsigned char *)PAGE_ATTRIBUTES_TEXT, strlen(PAGE_ATTRIBUTES_TEXT)};
    return text == NULL || bytes_equal(text, &right) ||
           err_set(err, "files/" PAGE_ATTRIBUTES " must be \"* -text\", so that git keeps every byte");
}

/* What the commit says must follow from page.json; its tree and signature are the record's to check. */
static bool commit_check(const struct page_read *page, struct err *err)
{
    const struct bytes *raw = tarball_find(&page->tar, "commit");
    if (raw == NULL)
        return true;
    OWN_STRUCT(ledger_commit_read) commit = {0};
    if (!ledger_commit_parse(&commit, raw, err))
        return err_wrap(err, "commit");
    OWN_STRUCT(bytes) message = {0};
    page_message(&message, page->json);
    OWN(char) *email = page_email(page->json);
    const char *operator_name = page_operator(page->json);
    if (strcmp(commit.id, page_json_text(page->json, "ledger", "commit")) != 0)
        return err_set(err, "commit: its id %s is not the one in page.json", commit.id);
    if (strcmp(commit.parent, page_json_text(page->json, "ledger", "parent")) != 0)
        return err_set(err, "commit: its parent is not the one in page.json");
    if (strcmp(commit.message, bytes_string(&message)) != 0)
        return err_set(err, "commit: its message does not follow from page.json (title and trailers)");
    if (strcmp(commit.email, email) != 0 || commit.time != page->tar.mtime ||
        (operator_name != NULL && strcmp(commit.name, operator_name) != 0))
        return err_set(err, "commit: its author or time does not follow from page.json");
    return true;
}

static bool name_check(struct page_read *page, const char *file_name, struct err *err)
{
    page->number = (unsigned)json_integer_value(json_object_get(page->json, "number"));
    page_name(page->name, page->json);
    return strcmp(page->name, file_name) == 0 ||
           err_set(err, "page.json says that the file is called %s", page->name);
}

static bool form_check(const struct page_read *page, struct err *err)
{
    return page_order(&page->tar, page_json_commits(page->json), page->number == 0, err) &&
           time_check(page, err) &&
           transcript_check(tarball_find(&page->tar, "transcript.txt"),
                            json_is_true(json_object_get(page->json, "rehearsal")), err) &&
           files_check(page, err) && attributes_check(page, err) && commit_check(page, err);
}

bool page_judge(struct page_read *page, enum page_rule *broken, const char *file_name, struct err *err)
{
    *broken = PAGE_CANONICAL;
    if (page->json == NULL && !page_json_read(page, err))
        return false;
    *broken = PAGE_SUMS;
    if (!sums_check(page, err))
        return false;
    *broken = PAGE_FORM;
    if (!page_json_check(page->json, err))
        return false;
    *broken = PAGE_NAME;
    if (!name_check(page, file_name, err))
        return false;
    *broken = PAGE_FORM;
    return form_check(page, err);
}

bool page_parse(struct page_read *out, const struct bytes *tar, const char *file_name, struct err *err)
{
    OWN_STRUCT(page_read) page = {0};
    enum page_rule broken;
    if (!tarball_read(&page.tar, tar, file_name, err))
        return false;
    if (!page_judge(&page, &broken, file_name, err) || !page_holds_no_key(&page.tar, err))
        return err_wrap(err, "%s", file_name);
    digest_hex(page.sha256, tar->data, tar->len);
    page_read_free(out);
    *out = page;
    page = (struct page_read){0};
    return true;
}

bool page_apply(struct ledger_tree *tree, const struct page_read *page, struct err *err)
{
    const json_t *removed = json_object_get(page->json, "removed");
    for (size_t i = 0; i < json_array_size(removed); i++)
        ledger_tree_remove(tree, page_json_text(json_array_get(removed, i), "path", NULL));
    for (size_t i = 0; i < page->tar.count; i++) {
        const struct member *file = &page->tar.member[i];
        if (strncmp(file->name, "files/", 6) != 0)
            continue;
        if (!path_is_safe(file->name + 6))
            return err_set(err, "%s: %s is not a path that a ledger can have", page->name, file->name);
        if (file->blob[0] != 0)
            ledger_tree_put_blob(tree, file->name + 6, file->blob, file->sha256, file->size);
        else
            ledger_tree_put(tree, file->name + 6, file->data.data, file->data.len);
    }
    return true;
}

#include "pagescan.h"

#include "../ceremony/file.h"
#include "pagetext.h"
#include "register.h"
#include "secrets.h"
#include "tarstream.h"

#include <string.h>

struct scan {
    struct page_scan *out;
    struct tarstream *tar;
    struct hasher *content, *blob;
    size_t kept; /* bytes */
};
static void scan_free(struct scan *s)
{
    tarstream_free(s->tar);
    hasher_free(s->content);
    hasher_free(s->blob);
}

void page_scan_free(struct page_scan *s)
{
    page_read_free(&s->page);
    *s = (struct page_scan){0};
}

/* evidence/a.json beside evidence/a.crt: what the template of a certificate rendered to. */
static bool is_rendered(const char *name, const char *made)
{
    static const char ending[] = ".json", of[] = ".crt";
    size_t len = strlen(name), stem = len - strlen(ending);
    return len > strlen(ending) && strcmp(name + stem, ending) == 0 && strncmp(name, made, stem) == 0 &&
           strcmp(made + stem, of) == 0;
}

/* Whether page.json, which is the first member, says that the page made it. */
static bool is_made(const json_t *json, const char *name)
{
    const json_t *outputs = json_object_get(json, "outputs");
    for (size_t i = 0; i < json_array_size(outputs); i++) {
        const json_t *output = json_array_get(outputs, i);
        if (strcmp(page_json_text(output, "member", NULL), name) == 0 ||
            strcmp(page_json_text(output, "evidence", NULL), name) == 0 ||
            is_rendered(name, page_json_text(output, "member", NULL)))
            return true;
    }
    return false;
}

/* The most bytes of a member that checks look into; 0: they do not. */
static size_t room_of(const json_t *json, const char *name)
{
    static const char *const wanted[] = {
        "page.json",          "SHA256SUMS",   "commit", ("files/" PAGE_ATTRIBUTES),
        "evidence/plan.json", REGISTER_MEMBER};
    static const char config[] = "/config/ca.json";
    const size_t len = strlen(name), tail = sizeof config - 1;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (strcmp(name, wanted[i]) == 0)
            return FILE_MAX_SMALL;
    if (strncmp(name, "evidence/signers/", 17) == 0 || strncmp(name, "evidence/approvals/", 19) == 0 ||
        strncmp(name, "evidence/lint-", 14) == 0 || (len > tail && strcmp(name + len - tail, config) == 0))
        return FILE_MAX_SMALL;
    return strcmp(name, "transcript.txt") == 0 || is_made(json, name) ? SCAN_KEPT_MAX : 0;
}

/* Text that goes by in pieces: of each the end is looked at again with the next. */
static void piece_look(struct scan *s, struct bytes *window, const unsigned char *data, size_t len,
                       const char *name)
{
    bytes_add(window, data, len);
    struct err found = {0};
    if (s->out->secret.text[0] == '\0' && !bytes_hold_no_key(window->data, window->len, name, &found))
        s->out->secret = found;
    size_t keep = window->len < SECRET_LABEL_MAX ? window->len : SECRET_LABEL_MAX;
    memmove(window->data, window->data + window->len - keep, keep);
    window->len = keep;
}

static void secret_look(struct scan *s, const struct bytes *content, const char *name)
{
    struct err found = {0};
    if (s->out->secret.text[0] == '\0' && !bytes_hold_no_secret(content, name, &found))
        s->out->secret = found;
}

/* Too large to be held: hashed, and looked at as it goes by. */
static bool large_read(struct scan *s, struct member *member, struct err *err)
{
    const unsigned char *data = NULL;
    size_t len = 0;
    OWN_STRUCT(bytes) window = {0};
    err_set(&s->out->unseen, "%s: too large to be looked through for keys that are not PEM", member->name);
    for (;;) {
        if (!tarstream_data(&data, &len, s->tar, err))
            return false;
        if (len == 0)
            return true;
        hasher_add(s->content, data, len);
        if (member->blob[0] != '\0')
            hasher_add(s->blob, data, len);
        piece_look(s, &window, data, len, member->name);
    }
}

static bool small_read(struct scan *s, struct member *member, struct err *err)
{
    const unsigned char *data = NULL;
    size_t len = 0;
    bytes_add(&member->data, "", 0);
    for (;;) {
        if (!tarstream_data(&data, &len, s->tar, err))
            return false;
        if (len == 0)
            break;
        bytes_add(&member->data, data, len);
    }
    hasher_add(s->content, member->data.data, member->data.len);
    if (member->blob[0] != '\0')
        hasher_add(s->blob, member->data.data, member->data.len);
    secret_look(s, &member->data, member->name);
    return true;
}

/* git hashes "blob SIZE", a zero byte, and the content. */
static void blob_start(struct scan *s, struct member *member)
{
    char header[32];
    int len = snprintf(header, sizeof header, "blob %zu", member->size);
    hasher_start(s->blob);
    hasher_add(s->blob, header, (size_t)len + 1);
    member->blob[0] = '0';
}

static bool member_read(struct scan *s, const struct ustar *header, struct err *err)
{
    struct page_read *page = &s->out->page;
    if (page->tar.count == PAGE_MEMBERS_MAX)
        return err_set(err, "has more than %d members, more than a step can need", PAGE_MEMBERS_MAX);
    struct member *member = tarball_new(&page->tar, header->name);
    const size_t room = room_of(page->json, header->name);
    member->size = (size_t)header->size;
    page->tar.mtime = header->mtime;
    hasher_start(s->content);
    if (strncmp(header->name, "files/", 6) == 0)
        blob_start(s, member);
    if (room > 0 && (member->size > room || member->size > SCAN_KEPT_MAX - s->kept))
        return err_set(err, "member %s is larger than can be looked into", header->name);
    if (room > 0 || member->size <= FILE_MAX_SMALL ? !small_read(s, member, err)
                                                   : !large_read(s, member, err))
        return false;
    hasher_end(member->sha256, s->content);
    if (member->blob[0] != '\0')
        hasher_end(member->blob, s->blob);
    if (room > 0) {
        s->kept += member->size;
        return true;
    }
    bytes_free(&member->data);
    member->dropped = true;
    return true;
}

static bool members_read(struct scan *s, struct err *err)
{
    for (;;) {
        struct ustar header;
        bool more = false;
        if (!tarstream_next(&header, &more, s->tar, err))
            return false;
        if (!more)
            return true;
        if (!member_read(s, &header, err))
            return false;
        if (s->out->page.tar.count == 1 && !page_json_read(&s->out->page, err))
            return false;
    }
}

void page_scan_read(struct page_scan *out, const char *path, const char *name)
{
    OWN_STRUCT(scan) s = {.out = out, .content = hasher_new(HASHER_SHA256), .blob = hasher_new(HASHER_SHA1)};
    struct err err = {0};
    *out = (struct page_scan){.broken = PAGE_CANONICAL};
    if (!tarstream_open(&s.tar, path, name, &out->fault))
        return;
    bool whole = members_read(&s, &out->fault);
    if (!tarstream_digest(out->sha256, s.tar, &err)) {
        out->sha256[0] = '\0';
        if (whole)
            out->fault = err;
        return;
    }
    memcpy(out->page.sha256, out->sha256, DIGEST_HEX);
    out->readable = whole && (page_judge(&out->page, &out->broken, name, &out->fault) ||
                              err_wrap(&out->fault, "%s", name));
}

#include "tarball.h"

#include "../ceremony/file.h"
#include "ustar.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

void tarball_free(struct tarball *t)
{
    for (size_t i = 0; i < t->count; i++)
        bytes_free(&t->member[i].data);
    free(t->member);
    *t = (struct tarball){0};
}

/* A name that is too long is kept cut off, with a byte that tarball_write refuses. */
static void name_set(char name[101], const char *given)
{
    bool fits = strlen(given) <= 100;
    snprintf(name, 101, "%s%.99s", fits ? "" : "/", given);
    if (fits)
        memcpy(name, given, strlen(given) + 1);
}

/* Capacity is the next power of two, so that it need not be remembered. */
static void room_for_one(struct tarball *t)
{
    if ((t->count & (t->count - 1)) != 0)
        return;
    t->member = reallocarray(t->member, t->count > 0 ? 2 * t->count : 1, sizeof *t->member);
    if (t->member == NULL)
        abort();
}

struct member *tarball_new(struct tarball *t, const char *name)
{
    room_for_one(t);
    struct member *member = &t->member[t->count++];
    *member = (struct member){0};
    name_set(member->name, name);
    return member;
}

void tarball_add(struct tarball *t, const char *name, const void *data, size_t len)
{
    tarball_new(t, name)->data = bytes_copy(data, len);
}

const struct member *tarball_member(const struct tarball *t, const char *name)
{
    for (size_t i = 0; i < t->count; i++) {
        if (strcmp(t->member[i].name, name) == 0)
            return &t->member[i];
    }
    return NULL;
}

const struct bytes *tarball_find(const struct tarball *t, const char *name)
{
    const struct member *member = tarball_member(t, name);
    return member != NULL && !member->dropped ? &member->data : NULL;
}

void tarball_digest(char hex[DIGEST_HEX], const struct member *member)
{
    if (member->dropped)
        memcpy(hex, member->sha256, DIGEST_HEX);
    else
        digest_hex(hex, member->data.data, member->data.len);
}

static int name_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In n log n: a hostile archive may have half a million members. */
static bool names_differ(const struct tarball *t, struct err *err)
{
    const char **names = memory_new(t->count, sizeof *names);
    for (size_t i = 0; i < t->count; i++)
        names[i] = t->member[i].name;
    qsort(names, t->count, sizeof *names, name_order);
    bool differ = true;
    for (size_t i = 1; i < t->count && differ; i++) {
        if (strcmp(names[i - 1], names[i]) == 0)
            differ = err_set(err, "member %s is there twice; a page has each name once", names[i]);
    }
    free(names);
    return differ;
}

static bool content_is_legal(const struct tarball *t, struct err *err)
{
    if (t->mtime < 0 || t->mtime > USTAR_NUMBER_MAX)
        return err_set(err, "time %lld does not fit in a tar header (POSIX.1-2017 pax, ustar)",
                       (long long)t->mtime);
    for (size_t i = 0; i < t->count; i++) {
        if (!path_is_safe(t->member[i].name))
            return err_set(err, "member %zu: name must be [A-Za-z0-9._/-], at most 100 characters, relative",
                           i + 1);
        if (t->member[i].data.len > (size_t)USTAR_NUMBER_MAX)
            return err_set(err, "member %s is too large for a tar header", t->member[i].name);
    }
    return names_differ(t, err);
}

static void header_write(struct bytes *out, const struct member *member, time_t mtime)
{
    unsigned char block[USTAR_BLOCK];
    struct ustar header = {.size = member->data.len, .mtime = mtime};
    memcpy(header.name, member->name, sizeof header.name);
    ustar_write(block, &header);
    bytes_add(out, block, sizeof block);
}

static void zeros_until(struct bytes *out, size_t unit)
{
    static const char zero[USTAR_RECORD];
    size_t over = out->len % unit;
    if (over != 0)
        bytes_add(out, zero, unit - over);
}

bool tarball_write(struct bytes *out, const struct tarball *t, struct err *err)
{
    static const char end[2 * USTAR_BLOCK];
    if (!content_is_legal(t, err))
        return false;
    struct bytes text = {0};
    for (size_t i = 0; i < t->count; i++) {
        header_write(&text, &t->member[i], t->mtime);
        bytes_add(&text, t->member[i].data.data, t->member[i].data.len);
        zeros_until(&text, USTAR_BLOCK);
    }
    bytes_add(&text, end, sizeof end);
    zeros_until(&text, USTAR_RECORD);
    bytes_free(out);
    *out = text;
    return true;
}

/* ---- reading ---- */

struct reader {
    struct archive *archive;
    size_t left; /* bytes that members may still claim: a sparse member could claim more than there are */
};
static void reader_free(struct reader *r)
{
    if (r->archive != NULL)
        archive_read_free(r->archive);
}

static bool refuse(struct reader *r, const char *what, struct err *err)
{
    const char *reason = archive_error_string(r->archive);
    return err_set(err, "%s: not a whole tar archive: %s", what,
                   reason != NULL ? reason : "a member is cut off");
}

static bool reader_open(struct reader *r, const struct bytes *data, const char *what, struct err *err)
{
    r->archive = archive_read_new();
    r->left = data->len;
    if (r->archive == NULL)
        abort();
    if (archive_read_support_filter_none(r->archive) != ARCHIVE_OK ||
        archive_read_support_format_tar(r->archive) != ARCHIVE_OK ||
        archive_read_open_memory(r->archive, data->data, data->len) != ARCHIVE_OK)
        return refuse(r, what, err);
    return true;
}

/* The declared size is believed only as far as bytes are there. */
static bool data_read(struct bytes *out, struct reader *r, size_t size, const char *what, struct err *err)
{
    struct bytes data = {.data = memory_new(size + 1, 1), .len = size};
    size_t got = 0;
    while (got < size) {
        la_ssize_t n = archive_read_data(r->archive, data.data + got, size - got);
        if (n <= 0) {
            bytes_free(&data);
            return refuse(r, what, err);
        }
        got += (size_t)n;
    }
    *out = data;
    return true;
}

static bool member_read(struct tarball *t, struct reader *r, struct archive_entry *entry, const char *what,
                        struct err *err)
{
    const char *name = archive_entry_pathname(entry);
    if (name == NULL || !path_is_safe(name))
        return err_set(err, "%s: member %zu: name must be [A-Za-z0-9._/-], at most 100 characters, relative",
                       what, t->count + 1);
    if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry) != NULL)
        return err_set(err, "%s: member %s is not a regular file; a page has nothing else", what, name);
    la_int64_t size = archive_entry_size(entry);
    if (size < 0 || (unsigned long long)size > r->left)
        return err_set(err, "%s: member %s claims more bytes than the archive has", what, name);
    if (t->count > 0 && archive_entry_mtime(entry) != t->mtime)
        return err_set(err, "%s: member %s has another time than the first; a page has one time", what, name);
    t->mtime = archive_entry_mtime(entry);
    r->left -= (size_t)size;
    return data_read(&tarball_new(t, name)->data, r, (size_t)size, what, err);
}

static bool members_read(struct tarball *t, const struct bytes *data, const char *what, struct err *err)
{
    OWN_STRUCT(reader) reader = {0};
    if (!reader_open(&reader, data, what, err))
        return false;
    for (;;) {
        struct archive_entry *entry = NULL;
        int status = archive_read_next_header(reader.archive, &entry);
        if (status == ARCHIVE_EOF)
            return true;
        if (status != ARCHIVE_OK)
            return refuse(&reader, what, err);
        if (!member_read(t, &reader, entry, what, err))
            return false;
    }
}

bool tarball_read(struct tarball *out, const struct bytes *data, const char *what, struct err *err)
{
    if (data->len == 0 || data->len % USTAR_RECORD != 0)
        return err_set(
            err,
            "%s: %zu bytes are not a whole number of %u-byte tar records; it was cut off or added to: "
            "take another copy",
            what, data->len, USTAR_RECORD);
    OWN_STRUCT(tarball) t = {0};
    if (!members_read(&t, data, what, err))
        return false;
    OWN_STRUCT(bytes) again = {0};
    if (!tarball_write(&again, &t, err))
        return err_wrap(err, "%s", what);
    if (!bytes_equal(&again, data))
        return err_set(err,
                       "%s: not in the one form of tar that a page has (ustar, mode 0644, owner 0, no names, "
                       "10,240-byte blocking); written again, other bytes come out",
                       what);
    tarball_free(out);
    *out = t;
    t = (struct tarball){0};
    return true;
}

const char *tarball_library(void)
{
    return archive_version_string();
}

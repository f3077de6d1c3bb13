#include "beside.h"

#include "../ceremony/file.h"
#include "recordparts.h"

#include <string.h>
#include <unistd.h>

#define STAGED                                                                                               \
    "beside" /* in .staging; the name of no page, so that a station's recovery clears it away too */

bool beside_page(struct bytes *out, const struct record *record, unsigned number, struct err *err)
{
    char hex[DIGEST_HEX];
    const struct page_read *page = record_page(record, number);
    OWN_STRUCT(bytes) tar = {0};
    if (page == NULL)
        return err_set(err, "%s: has no page %u", record->folder, number);
    OWN(char) *path = record_path(record, page->name);
    if (!file_read(&tar, path, FILE_MAX_PAGE, err))
        return false;
    digest_hex(hex, tar.data, tar.len);
    if (strcmp(hex, page->sha256) != 0)
        return err_set(err, "%s: changed while it was looked at; begin again", path);
    *out = bytes_give(&tar);
    return true;
}

static bool folder_ready(const struct record *record, const char *name, struct err *err)
{
    const char *slash = strrchr(name, '/');
    if (slash == NULL)
        return true;
    OWN(char) *folder = text_format("%s/%.*s", record->folder, (int)(slash - name), name);
    return folder_make(folder, 0755, err);
}

bool beside_put(const struct record *record, const char *name, const struct bytes *data, struct err *err)
{
    OWN(char) *path = record_path(record, name);
    OWN(char) *staged = record_staging_path(record, STAGED);
    if (file_exists(path))
        return err_set(err, "%s: is there already, and nothing is put over it", path);
    return folder_ready(record, name, err) && record_staging_make(record, err) && file_remove(staged, err) &&
           file_create(staged, data->data, data->len, 0644, err) && file_rename(staged, path, err) &&
           beside_recover(record, err);
}

bool beside_recover(const struct record *record, struct err *err)
{
    OWN(char) *staged = record_staging_path(record, STAGED);
    OWN(char) *staging = record_path(record, RECORD_STAGING);
    if (!file_exists(staging))
        return true;
    if (!file_remove(staged, err))
        return false;
    (void)rmdir(staging); /* unless a step is under way, to which the rest belongs */
    return folder_sync(record->folder, err);
}

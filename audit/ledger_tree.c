#include "ledger.h"

#include <string.h>

void ledger_tree_free(struct ledger_tree *t)
{
    for (size_t i = 0; i < t->count; i++)
        bytes_free(&t->file[i].data);
    free(t->file);
    *t = (struct ledger_tree){0};
}

/* Where `path` is, or where it would go. */
static size_t place_find(bool *found, const struct ledger_tree *t, const char *path)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(t->file[middle].path, path);
        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *found = false;
    return low;
}

const struct bytes *ledger_tree_find(const struct ledger_tree *t, const char *path)
{
    bool found = false;
    size_t at = place_find(&found, t, path);
    return found ? &t->file[at].data : NULL;
}

/* The place of a path, made where there is none. */
static struct ledger_file *place_make(struct ledger_tree *t, const char *path)
{
    bool found = false;
    size_t at = place_find(&found, t, path);
    if (!found) {
        struct ledger_file *grown = reallocarray(t->file, t->count + 1, sizeof *grown);
        if (grown == NULL || strlen(path) >= sizeof grown->path)
            abort();
        t->file = grown;
        memmove(grown + at + 1, grown + at, (t->count - at) * sizeof *grown);
        grown[at] = (struct ledger_file){0};
        memcpy(grown[at].path, path, strlen(path));
        t->count++;
    }
    return &t->file[at];
}

void ledger_tree_put(struct ledger_tree *t, const char *path, const void *data, size_t len)
{
    struct ledger_file *file = place_make(t, path);
    struct bytes content = bytes_copy(data, len);
    bytes_free(&file->data);
    file->data = content;
    file->id[0] = '\0';
}

void ledger_tree_put_blob(struct ledger_tree *t, const char *path, const char id[LEDGER_ID],
                          const char sha256[DIGEST_HEX], size_t size)
{
    struct ledger_file *file = place_make(t, path);
    bytes_free(&file->data);
    memcpy(file->id, id, LEDGER_ID);
    memcpy(file->sha256, sha256, DIGEST_HEX);
    file->size = size;
}

void ledger_tree_remove(struct ledger_tree *t, const char *path)
{
    bool found = false;
    size_t at = place_find(&found, t, path);
    if (!found)
        return;
    bytes_free(&t->file[at].data);
    t->count--;
    memmove(t->file + at, t->file + at + 1, (t->count - at) * sizeof *t->file);
}

void ledger_tree_copy(struct ledger_tree *out, const struct ledger_tree *t)
{
    struct ledger_tree copy = {.file = memory_new(t->count, sizeof *t->file), .count = t->count};
    for (size_t i = 0; i < t->count; i++) {
        copy.file[i] = t->file[i];
        copy.file[i].data = bytes_copy(t->file[i].data.data, t->file[i].data.len);
    }
    ledger_tree_free(out);
    *out = copy;
}

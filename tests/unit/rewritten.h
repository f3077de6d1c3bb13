/* rewritten.h - for tests: a page of a story, changed and sealed again by whoever has the key. */
#ifndef VERGER_TESTS_REWRITTEN_H
#define VERGER_TESTS_REWRITTEN_H

#include "story.h"

typedef void edit(struct story *s, json_t *json, struct tarball *tar);

static inline void member_set(struct tarball *tar, const char *name, struct bytes *data)
{
    for (size_t i = 0; i < tar->count; i++) {
        if (strcmp(tar->member[i].name, name) != 0)
            continue;
        bytes_free(&tar->member[i].data);
        tar->member[i].data = bytes_give(data);
    }
}

/* A page as `change` has it, sealed anew by `seal`, `later` than it was finished. */
static inline void rewrite_page(struct story *s, const char *name, edit *change, const struct seal *seal,
                                const char *label, time_t later)
{
    struct err err = {0};
    OWN_STRUCT(bytes) old = get(s->path, name);
    OWN_STRUCT(tarball) tar = {0};
    OWN(json_t) *json = NULL;
    OWN_STRUCT(bytes) text = {0};
    OWN_STRUCT(bytes) sums = {0};
    OWN_STRUCT(bytes) new = {0};
    OWN_STRUCT(bytes) p7s = {0};
    assert_ok(tarball_read(&tar, &old, name, &err));
    assert_ok(json_read(&json, tarball_find(&tar, "page.json"), name, &err));
    if (change != NULL)
        change(s, json, &tar);
    assert_ok(json_canonical(&text, json, &err));
    bytes_text(&text, "\n");
    member_set(&tar, "page.json", &text);
    page_sums(&sums, &tar);
    member_set(&tar, "SHA256SUMS", &sums);
    assert_ok(tarball_write(&new, &tar, &err));
    assert_ok(seal_make(&p7s, seal, &new, tar.mtime + later, &err));
    OWN(char) *seal_file = text_format("%s.%s.p7s", name, label);
    put(s->path, name, new.data, new.len);
    put(s->path, seal_file, p7s.data, p7s.len);
}

/* The newest one. */
static inline void rewrite(struct story *s, edit *change, const struct seal *seal, const char *label,
                           time_t later)
{
    rewrite_page(s, "000005-install.tar", change, seal, label, later);
}

#endif

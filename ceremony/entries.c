#include "entries.h"

#include "digest.h"

#include <string.h>

/* Where an entry stands, and how its serial number begins: enough to tell most of them apart. */
struct place {
    uint32_t key, offset;
};

enum { HEX_MOST = 64 };

void entries_free(struct entries *e)
{
    free(e->order);
    *e = (struct entries){0};
}

/* ---- reading at a place ---- */

/* The line at `*at`, which moves behind its end. */
static struct der line_at(const struct entries *e, size_t *at)
{
    const unsigned char *from = e->data.data + *at;
    const unsigned char *end = memchr(from, '\n', e->data.len - *at);
    const size_t len = end != NULL ? (size_t)(end - from) : e->data.len - *at;
    *at += len + (end != NULL ? 1 : 0);
    return (struct der){from, len};
}

/* The entry at `*at`, or the next one behind it: lines may be empty. `*at` moves behind it, `start` gets
 * where it began. False past the last one, and with `err` set when it cannot be read. */
static bool entry_at(struct revoked *out, const struct entries *e, unsigned char *room, size_t *start,
                     size_t *at, struct err *err)
{
    struct der rest = {e->data.data + *at, e->data.len - *at};
    bool there = false;
    if (!e->text) {
        *start = *at;
        there = rest.len > 0 && revoked_take(out, &rest);
        if (!there && rest.len > 0)
            return err_set(err, "cannot be read as an entry of a revocation list (RFC 5280 5.1.2.6)");
        *at = e->data.len - rest.len;
        return there;
    }
    while (!there && *at < e->data.len) {
        *start = *at;
        if (!revoked_line(out, &there, room, line_at(e, at), e->date, err))
            return false;
    }
    return there;
}

void cursor_start(struct cursor *c, const struct entries *of)
{
    c->of = of;
    c->at = c->done = 0;
}

/* What entries_list and entries_text have looked at is read again without fail, and with less care. */
static bool entry_again(struct cursor *c, size_t *at)
{
    struct err err = {0};
    size_t start = 0;
    if (c->of->text)
        return entry_at(&c->now, c->of, c->room, &start, at, &err);
    struct der rest = {c->of->data.data + *at, c->of->data.len - *at};
    const bool there = revoked_pass(&c->now, &rest);
    *at = c->of->data.len - rest.len;
    return there;
}

bool cursor_next(struct cursor *c)
{
    if (c->of->order == NULL) {
        mapping_pass(c->of->mapping, c->of->data.data + c->at, &c->done);
        return entry_again(c, &c->at);
    }
    if (c->at == c->of->count)
        return false;
    size_t at = c->of->order[c->at++].offset;
    return entry_again(c, &at);
}

/* ---- their order ---- */

/* Length and first bytes: where these differ, the serial numbers differ in the same sense. */
static uint32_t key_of(struct der serial)
{
    uint32_t key = (uint32_t)serial.len;
    for (size_t i = 0; i < 3; i++)
        key = key << 8 | (i < serial.len ? serial.data[i] : 0u);
    return key;
}

static int place_compare(const void *a, const void *b, void *of)
{
    const struct place *one = a, *other = b;
    unsigned char rooms[2][REVOKED_MAX];
    struct revoked first, second;
    struct err err = {0};
    size_t start = 0, at = one->offset, to = other->offset;
    if (one->key != other->key)
        return one->key < other->key ? -1 : 1;
    if (!entry_at(&first, of, rooms[0], &start, &at, &err) ||
        !entry_at(&second, of, rooms[1], &start, &to, &err))
        return 0;
    return revoked_compare(first.serial, second.serial);
}

static void entries_sort(struct entries *e)
{
    unsigned char room[REVOKED_MAX];
    struct revoked one;
    struct err err = {0};
    size_t start = 0, at = 0;
    e->order = memory_new(e->count, sizeof *e->order);
    for (size_t i = 0; i < e->count && entry_at(&one, e, room, &start, &at, &err); i++)
        e->order[i] = (struct place){key_of(one.serial), (uint32_t)start};
    qsort_r(e->order, e->count, sizeof *e->order, place_compare, e);
}

/* Which of them it was, for people: the line of a text, the number of an entry. */
static bool number_wrap(const struct entries *e, size_t at, size_t number, struct err *err)
{
    size_t lines = 1;
    if (!e->text)
        return err_wrap(err, "%s: entry %zu", e->what, number);
    for (size_t i = 0; i < at && i < e->data.len; i++)
        lines += e->data.data[i] == '\n' ? 1 : 0;
    return err_wrap(err, "%s, line %zu", e->what, lines);
}

static bool twice(struct der serial, const char *what, struct err *err)
{
    char hex[HEX_MOST];
    revoked_serial_hex(hex, serial);
    return err_set(err, "%s: serial %s is there twice; leave one out", what, hex);
}

static bool entries_unique(const struct entries *e, struct err *err)
{
    struct cursor cursors[2];
    cursor_start(&cursors[0], e);
    cursor_start(&cursors[1], e);
    if (!cursor_next(&cursors[0]))
        return true;
    while (cursor_next(&cursors[0]) && cursor_next(&cursors[1]))
        if (revoked_compare(cursors[0].now.serial, cursors[1].now.serial) == 0)
            return twice(cursors[0].now.serial, e->what, err);
    return true;
}

/* Once over all of them: each is one, and they are counted. */
static bool entries_look(struct entries *e, bool *sorted, struct err *err)
{
    unsigned char room[2][REVOKED_MAX];
    struct revoked now[2];
    struct err fault = {0};
    size_t start = 0, at = 0, done = 0;
    *sorted = true;
    while (entry_at(&now[e->count % 2], e, room[e->count % 2], &start, &at, &fault)) {
        const struct revoked *one = &now[e->count % 2], *last = &now[1 - e->count % 2];
        if (e->count++ > 0 && revoked_compare(last->serial, one->serial) >= 0)
            *sorted = false;
        e->length += one->whole.len;
        if (one->date > e->last.date || e->count == 1) {
            e->last.date = one->date;
            revoked_serial_hex(e->last.serial, one->serial);
        }
        mapping_pass(e->mapping, e->data.data + at, &done);
    }
    if (fault.text[0] == '\0')
        return true;
    *err = fault;
    return number_wrap(e, start, e->count + 1, err);
}

static bool entries_open(struct entries *out, struct entries *e, struct err *err)
{
    bool sorted = true;
    if (e->data.len >= UINT32_MAX)
        return err_set(err, "%s: is longer than 4 GiB", e->what);
    if (!entries_look(e, &sorted, err))
        return false;
    if (!sorted)
        entries_sort(e);
    if (!sorted && !entries_unique(e, err))
        return false;
    *out = *e;
    e->order = NULL;
    return true;
}

bool entries_list(struct entries *out, struct der content, const struct mapping *mapping, const char *what,
                  struct err *err)
{
    OWN_STRUCT(entries) e = {.data = content, .mapping = mapping, .what = what};
    return entries_open(out, &e, err);
}

bool entries_text(struct entries *out, struct der text, const struct mapping *mapping, const char *what,
                  time_t date, struct err *err)
{
    OWN_STRUCT(entries) e = {.data = text, .mapping = mapping, .what = what, .text = true, .date = date};
    return entries_open(out, &e, err);
}

/* ---- several ---- */

void merge_start(struct merge *m, const struct entries *const of[], size_t count)
{
    m->count = count;
    for (size_t i = 0; i < count; i++) {
        cursor_start(&m->from[i], of[i]);
        m->open[i] = cursor_next(&m->from[i]);
    }
    m->last = MERGE_MOST;
}

bool merge_next(const struct revoked **out, struct merge *m, struct err *err)
{
    if (m->last < m->count)
        m->open[m->last] = cursor_next(&m->from[m->last]);
    m->last = MERGE_MOST;
    for (size_t i = 0; i < m->count; i++) {
        if (!m->open[i])
            continue;
        const int order =
            m->last == MERGE_MOST ? -1 : revoked_compare(m->from[i].now.serial, m->from[m->last].now.serial);
        if (order < 0)
            m->last = i;
        if (order != 0)
            continue;
        char hex[HEX_MOST];
        revoked_serial_hex(hex, m->from[i].now.serial);
        return err_set(err, "%s: serial %s is in %s already; leave it out", m->from[i].of->what, hex,
                       m->from[m->last].of->what);
    }
    *out = m->last < MERGE_MOST ? &m->from[m->last].now : NULL;
    return true;
}

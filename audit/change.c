#include "change.h"

#include "../ceremony/digest.h"
#include "../ceremony/fields.h"
#include "../ceremony/jsondiff.h"

#include <string.h>

/* ---- what it is ---- */

static bool holds_private_key(const struct bytes *data)
{
    static const char words[] = "PRIVATE KEY-----";
    return memmem(data->len > 0 ? data->data : (const unsigned char *)"", data->len, words, strlen(words)) !=
           NULL;
}

static bool read_json(json_t **out, const struct bytes *data)
{
    struct err err = {0};
    return json_read(out, data, "", &err);
}

/* The lines as an array; NULL when it is no text. Caller decrefs. */
static json_t *lines_of(const struct bytes *data)
{
    OWN(json_t) *lines = json_array();
    const char *at = bytes_string(data), *end = at + data->len;
    if (memchr(at, 0, data->len) != NULL)
        return NULL;
    while (at < end) {
        size_t len = strcspn(at, "\n");
        json_t *line = json_stringn(at, len);
        if (line == NULL)
            return NULL;
        json_array_append_new(lines, line);
        at += len + (at[len] != 0);
    }
    return GIVE(lines);
}

/* ---- comparing ---- */

static void differences_set(json_t *change, const char *form, json_t *differences)
{
    bool any = json_array_size(differences) > 0;
    json_object_set_new(change, "form", json_string(any ? form : "layout"));
    json_object_set_new(change, "differences", differences);
}

static const char *kind_of(const json_t *fields)
{
    return json_string_value(json_object_get(fields, "kind"));
}

static bool compare_fields(json_t *change, const struct bytes *before, const struct bytes *after)
{
    OWN(json_t) *old = NULL;
    OWN(json_t) *new = NULL;
    if (!fields_read(&old, before) || !fields_read(&new, after) || strcmp(kind_of(old), kind_of(new)) != 0)
        return false;
    differences_set(change, kind_of(new), json_difference(old, new));
    return true;
}

static bool compare_json(json_t *change, const struct bytes *before, const struct bytes *after)
{
    OWN(json_t) *old = NULL;
    OWN(json_t) *new = NULL;
    struct err err = {0};
    if (!read_json(&old, before) || !(json_is_object(old) || json_is_array(old)))
        return false;
    if (json_read(&new, after, "it", &err)) {
        differences_set(change, "json", json_difference(old, new));
        return true;
    }
    /* Its lines are not shown: whatever is secret in it could not be told apart. */
    OWN(char) *why = text_format("was JSON, and is no more: %s", err.text);
    json_object_set_new(change, "form", json_string("bytes"));
    json_object_set_new(change, "why", json_string(why));
    return true;
}

static bool compare_text(json_t *change, const struct bytes *before, const struct bytes *after)
{
    OWN(json_t) *old = lines_of(before);
    OWN(json_t) *new = lines_of(after);
    size_t i;
    json_t *one;
    if (old == NULL || new == NULL || holds_private_key(before) || holds_private_key(after))
        return false;
    json_t *differences = json_difference(old, new);
    json_array_foreach(differences, i, one)
    {
        const char *path = json_string_value(json_object_get(one, "path"));
        unsigned long line = path[0] == '[' ? strtoul(path + 1, NULL, 10) + 1 : 1;
        json_object_set_new(one, "path", json_sprintf("line %lu", line));
    }
    differences_set(change, "text", differences);
    return true;
}

/* ---- one that came or went ---- */

/* What people tell one by; the rest is in the file. */
static json_t *facts_of(const struct bytes *data)
{
    OWN(json_t) *fields = NULL;
    if (!fields_read(&fields, data))
        return NULL;
    json_object_del(fields, "extensions");
    json_object_del(fields, "revoked");
    json_object_del(fields, "list");
    json_object_del(fields, "Extensions");
    return GIVE(fields);
}

static json_t *size_of(const struct bytes *data)
{
    char hex[DIGEST_HEX];
    digest_hex(hex, data->data, data->len);
    return json_pack("{s:s, s:I}", "sha256", hex, "size", (json_int_t)data->len);
}

json_t *change_describe(const struct bytes *before, const struct bytes *after)
{
    json_t *change = json_object();
    if (before != NULL)
        json_object_set_new(change, "before", size_of(before));
    if (after != NULL)
        json_object_set_new(change, "after", size_of(after));
    if (before == NULL || after == NULL) {
        json_t *facts = facts_of(after != NULL ? after : before);
        json_object_set_new(change, "form",
                            facts != NULL ? json_string(kind_of(facts)) : json_string("bytes"));
        if (facts != NULL)
            json_object_set_new(change, "facts", facts);
        return change;
    }
    if (compare_fields(change, before, after) || compare_json(change, before, after) ||
        compare_text(change, before, after))
        return change;
    bool key = holds_private_key(before) || holds_private_key(after);
    json_object_set_new(change, "form", json_string("bytes"));
    json_object_set_new(change, "why",
                        json_string(key ? "a private key is in it, and not shown" : "it is no text"));
    return change;
}

/* ---- for people ---- */

enum { VALUE_MAX = 400 };

/* On one line, and not without end: --json has all of it. */
static void value_add(struct bytes *out, const json_t *value)
{
    OWN(char) *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    size_t len = text != NULL ? strlen(text) : 0;
    if (len <= VALUE_MAX) {
        bytes_text(out, text != NULL ? text : "?");
        return;
    }
    size_t cut = VALUE_MAX;
    while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80)
        cut--; /* not in the middle of a character */
    bytes_add(out, text, cut);
    bytes_format(out, "... (%zu bytes)", len);
}

static void difference_text(struct bytes *out, const json_t *one, const char *indent)
{
    const json_t *before = json_object_get(one, "before"), *after = json_object_get(one, "after");
    const char *path = json_text(one, "path");
    bytes_format(out, "%s%s: ", indent, *path != '\0' ? path : "all of it");
    if (before == NULL)
        bytes_text(out, "added ");
    else if (after == NULL)
        bytes_text(out, "removed ");
    if (before != NULL)
        value_add(out, before);
    if (before != NULL && after != NULL)
        bytes_text(out, " became ");
    if (after != NULL)
        value_add(out, after);
    bytes_text(out, "\n");
}

static void facts_text(struct bytes *out, const json_t *facts, const char *indent)
{
    static const char *const shown[] = {"subject",     "issuer",  "serial",  "not_before",
                                        "not_after",   "key",     "number",  "this_update",
                                        "next_update", "entries", "Subject", "sha256"};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const json_t *value = json_object_get(facts, shown[i]);
        if (value == NULL)
            continue;
        bytes_format(out, "%s%s: ", indent, shown[i]);
        if (json_is_string(value))
            bytes_text(out, json_string_value(value));
        else
            value_add(out, value);
        bytes_text(out, "\n");
    }
}

/* Of one that came or went, and is nothing of ours. */
static void size_text(struct bytes *out, const json_t *change, const char *indent)
{
    const json_t *before = json_object_get(change, "before"), *after = json_object_get(change, "after");
    const json_t *one = after != NULL ? after : before;
    if ((before != NULL && after != NULL) || one == NULL || json_object_get(change, "facts") != NULL)
        return;
    bytes_format(out, "%s%lld bytes, SHA-256 %s\n", indent,
                 (long long)json_integer_value(json_object_get(one, "size")), json_text(one, "sha256"));
}

void change_text(struct bytes *out, const json_t *change, const char *indent)
{
    const json_t *differences = json_object_get(change, "differences"), *one;
    size_t i;
    json_array_foreach(differences, i, one) difference_text(out, one, indent);
    if (strcmp(json_text(change, "form"), "layout") == 0)
        bytes_format(out, "%sthe same content in another layout\n", indent);
    if (*json_text(change, "why") != '\0')
        bytes_format(out, "%s%s\n", indent, json_text(change, "why"));
    facts_text(out, json_object_get(change, "facts"), indent);
    size_text(out, change, indent);
}

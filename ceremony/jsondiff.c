#include "jsondiff.h"

#include <ctype.h>
#include <string.h>

#define NOT_SHOWN "(not shown)"

/* An array of more elements than this is compared place by place. */
enum { ALIGNED_MAX = 1000 };

static void difference(json_t *out, const char *path, const json_t *before, const json_t *after);

/* ---- what is not shown ---- */

static bool is_secret(const char *name)
{
    static const char *const secrets[] = {"password", "passphrase", "pin",         "secret", "token",
                                          "key_pem",  "privateKey", "bearerToken", "d",      "p",
                                          "q",        "dp",         "dq",          "qi",     "k"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (json_key_folds(name, secrets[i]))
            return true;
    return false;
}

/* Canonical JSON has no such number (json_canonical): then its text. */
static bool is_foreign(const json_t *value)
{
    const json_int_t most = (json_int_t)1 << 53;
    return json_is_real(value) || (json_is_integer(value) &&
                                   (json_integer_value(value) > most || json_integer_value(value) < -most));
}

/* A copy without secrets; jansson bounds the depth. */
static json_t *shown(const json_t *value)
{
    json_t *copy = is_foreign(value) ? NULL : json_deep_copy(value);
    const char *name;
    json_t *member;
    size_t i;
    if (copy == NULL) {
        OWN(char) *text = json_dumps(value, JSON_ENCODE_ANY);
        return json_string(text);
    }
    if (json_is_array(copy)) {
        json_array_foreach(copy, i, member) json_array_set_new(copy, i, shown(member));
        return copy;
    }
    json_object_foreach(copy, name, member)
        json_object_set_new(copy, name, is_secret(name) ? json_string(NOT_SHOWN) : shown(member));
    return copy;
}

/* ---- paths ---- */

static bool is_plain(const char *name)
{
    for (const char *at = name; *at != '\0'; at++)
        if (!isalnum((unsigned char)*at) && *at != '_' && *at != '-')
            return false;
    return *name != '\0';
}

/* The caller frees. */
static char *member_path(const char *path, const char *name)
{
    if (is_plain(name))
        return text_format("%s%s%s", path, *path != '\0' ? "." : "", name);
    OWN(json_t) *text = json_string(name);
    OWN(char) *quoted = json_dumps(text, JSON_ENCODE_ANY);
    return text_format("%s[%s]", path, quoted);
}

static char *element_path(const char *path, size_t i)
{
    return text_format("%s[%zu]", path, i);
}

static void say(json_t *out, const char *path, const json_t *before, const json_t *after)
{
    const char *dot = strrchr(path, '.');
    bool secret = is_secret(dot != NULL ? dot + 1 : path);
    json_t *one = json_pack("{s:s}", "path", path);
    if (before != NULL)
        json_object_set_new(one, "before", secret ? json_string(NOT_SHOWN) : shown(before));
    if (after != NULL)
        json_object_set_new(one, "after", secret ? json_string(NOT_SHOWN) : shown(after));
    json_array_append_new(out, one);
}

/* ---- objects ---- */

static void object_difference(json_t *out, const char *path, const json_t *before, const json_t *after)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)before, name, value)
    {
        const json_t *now = json_object_get(after, name);
        OWN(char) *here = member_path(path, name);
        if (now == NULL || (is_secret(name) && !json_equal(value, now)))
            say(out, here, value, now);
        else
            difference(out, here, value, now);
    }
    json_object_foreach((json_t *)after, name, value)
    {
        OWN(char) *here = member_path(path, name);
        if (json_object_get(before, name) == NULL)
            say(out, here, NULL, value);
    }
}

/* ---- arrays ---- */

/* What tells an element from its neighbours, or NULL. */
static const json_t *identity_of(const json_t *element)
{
    static const char *const names[] = {"id", "name", "serial"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *identity = json_object_get(element, names[i]);
        if (identity != NULL)
            return identity;
    }
    return NULL;
}

static bool is_same(const json_t *a, const json_t *b)
{
    const json_t *one = identity_of(a), *other = identity_of(b);
    return one != NULL && other != NULL ? json_equal(one, other) : json_equal(a, b);
}

/* Two objects in the same place that nothing tells apart: one became the other. */
static bool became(const json_t *a, const json_t *b)
{
    return json_is_object(a) && json_is_object(b) && identity_of(a) == NULL && identity_of(b) == NULL;
}

/* The longest common subsequence from (i, j) on, at [i * (m + 1) + j]. The caller frees. */
static unsigned short *common_lengths(const json_t *before, const json_t *after)
{
    size_t n = json_array_size(before), m = json_array_size(after), row = m + 1;
    unsigned short *length = memory_new((n + 1) * row, sizeof *length);
    for (size_t i = n; i-- > 0;)
        for (size_t j = m; j-- > 0;) {
            unsigned short down = length[(i + 1) * row + j], right = length[i * row + j + 1];
            if (is_same(json_array_get(before, i), json_array_get(after, j)))
                length[i * row + j] = (unsigned short)(length[(i + 1) * row + j + 1] + 1);
            else
                length[i * row + j] = down >= right ? down : right;
        }
    return length;
}

static void element_gone(json_t *out, const char *path, const json_t *before, size_t i)
{
    OWN(char) *here = element_path(path, i);
    say(out, here, json_array_get(before, i), NULL);
}

static void element_came(json_t *out, const char *path, const json_t *after, size_t j)
{
    OWN(char) *here = element_path(path, j);
    say(out, here, NULL, json_array_get(after, j));
}

static void element_difference(json_t *out, const char *path, const json_t *before, size_t i,
                               const json_t *after, size_t j)
{
    OWN(char) *here = element_path(path, j);
    difference(out, here, json_array_get(before, i), json_array_get(after, j));
}

static void aligned_difference(json_t *out, const char *path, const json_t *before, const json_t *after)
{
    size_t n = json_array_size(before), m = json_array_size(after), i = 0, j = 0;
    unsigned short *length = common_lengths(before, after);
    while (i < n || j < m) {
        const json_t *old = json_array_get(before, i), *new = json_array_get(after, j);
        const unsigned short *here = &length[i * (m + 1) + j];
        if (i < n && j < m && (is_same(old, new) || (became(old, new) && here[m + 2] == *here)))
            element_difference(out, path, before, i++, after, j++);
        else if (j == m || (i < n && here[m + 1] >= here[1]))
            element_gone(out, path, before, i++);
        else
            element_came(out, path, after, j++);
    }
    free(length);
}

static void array_difference(json_t *out, const char *path, const json_t *before, const json_t *after)
{
    size_t n = json_array_size(before), m = json_array_size(after);
    if (n <= ALIGNED_MAX && m <= ALIGNED_MAX) {
        aligned_difference(out, path, before, after);
        return;
    }
    for (size_t i = 0; i < n || i < m; i++) {
        if (i >= m)
            element_gone(out, path, before, i);
        else if (i >= n)
            element_came(out, path, after, i);
        else
            element_difference(out, path, before, i, after, i);
    }
}

static void difference(json_t *out, const char *path, const json_t *before, const json_t *after)
{
    if (json_equal(before, after))
        return;
    if (json_is_object(before) && json_is_object(after))
        object_difference(out, path, before, after);
    else if (json_is_array(before) && json_is_array(after))
        array_difference(out, path, before, after);
    else
        say(out, path, before, after);
}

json_t *json_difference(const json_t *before, const json_t *after)
{
    json_t *out = json_array();
    difference(out, "", before, after);
    return out;
}

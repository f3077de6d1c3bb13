#include "members.h"

#include "json.h"
#include "near.h"

#include <string.h>

static size_t name_index(const char *const *names, const char *key)
{
    size_t i = 0;
    while (names[i] != NULL && !json_key_folds(key, names[i]))
        i++;
    return i;
}

static bool unknown(const char *const *names, const char *key, const char *place, struct err *err)
{
    const char *near = near_word(key, names);
    if (near != NULL)
        return err_set(err, "%s: unknown member \"%.60s\"; did you mean \"%s\"?", place, key, near);
    return err_set(err, "%s: unknown member \"%.60s\", which step would ignore without a word; remove it",
                   place, key);
}

bool members_find(const json_t **values, const char *const *names, const json_t *object, bool as_step,
                  const char *place, struct err *err)
{
    size_t count = 0;
    while (names[count] != NULL)
        count++;
    const json_t **found = memory_new(count, sizeof *found);
    bool ok = json_is_object(object) || err_set(err, "%s: must be an object", place);
    void *at = ok ? json_object_iter((json_t *)object) : NULL; /* jansson's iterators want no const */
    for (; ok && at != NULL; at = json_object_iter_next((json_t *)object, at)) {
        const char *key = json_object_iter_key(at);
        size_t i = name_index(names, key);
        if (i == count)
            ok = as_step || unknown(names, key, place, err);
        else if (found[i] != NULL && !as_step)
            ok = err_set(err, "%s: member \"%s\" is there twice; remove one", place, names[i]);
        else
            found[i] = json_object_iter_value(at);
    }
    for (size_t i = 0; ok && i < count; i++)
        values[i] = json_is_null(found[i]) ? NULL : found[i];
    free(found);
    return ok;
}

bool multi_check(const json_t *value, const char *place, struct err *err)
{
    if (value == NULL || json_is_string(value))
        return true;
    bool strings = json_is_array(value);
    for (size_t i = 0; strings && i < json_array_size(value); i++)
        strings = json_is_string(json_array_get(value, i));
    return strings || err_set(err, "%s: must be a string or an array of strings", place);
}

size_t multi_count(const json_t *value)
{
    return json_is_string(value) ? 1 : json_array_size(value);
}

const char *multi_get(const json_t *value, size_t n)
{
    return json_string_value(json_is_string(value) ? value : json_array_get(value, n));
}

bool member_string(const char **out, const json_t *value, const char *place, struct err *err)
{
    if (value != NULL && !json_is_string(value))
        return err_set(err, "%s: must be a string", place);
    *out = value != NULL ? json_string_value(value) : "";
    return true;
}

bool member_bool(bool *out, const json_t *value, const char *place, struct err *err)
{
    if (value != NULL && !json_is_boolean(value))
        return err_set(err, "%s: must be true or false", place);
    *out = json_is_true(value);
    return true;
}

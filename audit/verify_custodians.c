#include "verify_custodians.h"

#include <string.h>

#define ROLE "custodians"

static bool is_theirs(const json_t *word)
{
    return strcmp(json_text(word, "verb"), "unlock") == 0 &&
           strcmp(json_text(json_object_get(word, "options"), "by"), ROLE) == 0;
}

static const json_t *input_of(const json_t *inputs, const char *name)
{
    for (size_t i = 0; i < json_array_size(inputs); i++)
        if (strcmp(json_text(json_array_get(inputs, i), "name"), name) == 0)
            return json_array_get(inputs, i);
    return NULL;
}

static size_t seats(const json_t *people, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(people); i++) {
        const json_t *person = json_array_get(people, i);
        count += strcmp(json_text(person, "role"), ROLE) == 0 &&
                 (name == NULL || strcmp(json_text(person, "name"), name) == 0);
    }
    return count;
}

static bool givers_check(const json_t *givers, const json_t *people, const char *key, struct err *err)
{
    for (size_t i = 0; i < json_array_size(givers); i++) {
        const char *name = json_string_value(json_array_get(givers, i));
        if (name == NULL || seats(people, name) != 1)
            return err_set(err, "%s: opened by somebody who is no custodian of this ceremony", key);
        for (size_t n = 0; n < i; n++)
            if (strcmp(json_string_value(json_array_get(givers, n)), name) == 0)
                return err_set(err, "%s: two parts were given by one custodian, %s", key, name);
    }
    return true;
}

static bool word_check(const json_t *word, const json_t *inputs, const json_t *people, struct err *err)
{
    const char *key = json_text(word, "name");
    const json_t *opened = json_object_get(input_of(inputs, key), "opened_by");
    const json_t *needed = json_object_get(json_object_get(word, "options"), "needed");
    const json_int_t wanted = needed != NULL ? json_integer_value(needed) : (json_int_t)seats(people, NULL);
    const json_t *givers = json_object_get(opened, ROLE);
    if (!json_is_array(givers))
        return err_set(err, "%s: the page does not say which custodians opened it", key);
    if (json_integer_value(json_object_get(opened, "needed")) != wanted ||
        (json_int_t)json_array_size(givers) < wanted)
        return err_set(err, "%s: opened by %zu custodians, and the plan needs %lld", key,
                       json_array_size(givers), (long long)wanted);
    return givers_check(givers, people, key, err);
}

static size_t words_of(const json_t *step, const char *name)
{
    const json_t *words = json_object_get(step, "words");
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        count += is_theirs(word) && (name == NULL || strcmp(json_text(word, "name"), name) == 0);
    }
    return count;
}

bool custodians_concern(const json_t *step, const json_t *inputs)
{
    for (size_t i = 0; i < json_array_size(inputs); i++)
        if (json_object_get(json_array_get(inputs, i), "opened_by") != NULL)
            return true;
    return words_of(step, NULL) > 0;
}

bool custodians_check(const json_t *step, const json_t *inputs, const json_t *people, struct err *err)
{
    const json_t *words = json_object_get(step, "words");
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        if (is_theirs(word) && !word_check(word, inputs, people, err))
            return false;
    }
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        if (json_object_get(input, "opened_by") != NULL && words_of(step, json_text(input, "name")) == 0)
            return err_set(err, "%s: opened by custodians, and the plan asked none",
                           json_text(input, "name"));
    }
    return true;
}

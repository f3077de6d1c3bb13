#include "answers.h"

#include "plain.h"

#include "../ceremony/file.h"
#include "../ceremony/json.h"

#include <string.h>
#include <strings.h>

struct answers {
    json_t *values;
    json_t *used; /* the ids asked for: true */
    char *path;
};

void answers_free(struct answers *answers)
{
    if (answers == NULL)
        return;
    json_decref(answers->values);
    json_decref(answers->used);
    free(answers->path);
    free(answers);
}

static const char spaces[] = " \t\r\n";

static bool judge_text(const char *path, const char *id, const json_t *value, struct err *err)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    if (strlen(text) != len || !plain_is_line(text))
        return err_set(err, "%s: \"%s\": the answer must be one line without control characters", path, id);
    if (text[strspn(text, spaces)] == '\0')
        return err_set(err, "%s: \"%s\": the answer is empty; leave it out to be asked", path, id);
    size_t characters = 0;
    for (const char *c = text; *c != '\0'; c++)
        characters += (*c & 0xc0) != 0x80;
    if (characters > ANSWER_MAX)
        return err_set(err, "%s: \"%s\": the answer has %zu characters; at most %d are taken", path, id,
                       characters, ANSWER_MAX);
    return true;
}

static bool judge_values(const char *path, json_t *values, struct err *err)
{
    if (!json_is_object(values))
        return err_set(err, "%s: an answers file is one JSON object from prompt id to answer", path);
    const char *id;
    json_t *value;
    json_object_foreach(values, id, value)
    {
        if (json_is_string(value) && !judge_text(path, id, value, err))
            return false;
        if (!json_is_string(value) && !json_is_number(value) && !json_is_boolean(value))
            return err_set(err, "%s: \"%s\": an answer is a text, a number, true or false", path, id);
    }
    return true;
}

bool answers_read(struct answers **out, const char *path, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    OWN(json_t) *values = NULL;
    if (!file_read(&text, path, FILE_MAX_SMALL, err) || !json_read(&values, &text, path, err))
        return false;
    if (!judge_values(path, values, err))
        return false;
    struct answers *answers = memory_new(1, sizeof *answers);
    answers->values = GIVE(values);
    answers->used = json_object();
    answers->path = text_copy(path);
    *out = answers;
    return true;
}

bool answers_has(const struct answers *answers, const char *id)
{
    return json_object_get(answers->values, id) != NULL;
}

static const json_t *answer_take(struct answers *answers, const char *id)
{
    const json_t *value = json_object_get(answers->values, id);
    if (value != NULL && json_object_set_new(answers->used, id, json_true()) != 0)
        abort();
    return value;
}

/* The text without white space at its ends. The caller frees. */
static char *trimmed(const char *text)
{
    text += strspn(text, spaces);
    size_t len = strlen(text);
    while (len > 0 && strchr(spaces, text[len - 1]) != NULL)
        len--;
    return text_format("%.*s", (int)len, text);
}

bool answers_text(struct answers *answers, const char *id, char **text, bool *found, struct err *err)
{
    const json_t *value = answer_take(answers, id);
    if (json_is_boolean(value))
        return err_set(err, "%s: \"%s\": a text is asked for, not true or false", answers->path, id);
    if (json_is_number(value)) {
        *text = json_dumps(value, JSON_ENCODE_ANY);
        if (*text == NULL)
            abort();
    } else if (value != NULL) {
        *text = trimmed(json_string_value(value));
    }
    *found = value != NULL;
    return true;
}

bool answers_confirm(struct answers *answers, const char *id, bool *yes, bool *found, struct err *err)
{
    const json_t *value = answer_take(answers, id);
    *found = value != NULL;
    if (value == NULL)
        return true;
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    bool is_yes = json_is_true(value) || strcasecmp(text, "yes") == 0;
    if (!is_yes && !json_is_false(value) && strcasecmp(text, "no") != 0)
        return err_set(err, "%s: \"%s\": the answer must be true, false, \"yes\" or \"no\"", answers->path,
                       id);
    *yes = is_yes;
    return true;
}

void answers_unused(struct bytes *sentence, const struct answers *answers)
{
    enum { SHOWN = 5 };
    size_t unused = json_object_size(answers->values) - json_object_size(answers->used);
    if (unused == 0)
        return;
    bytes_format(sentence, "%zu answer%s of %s %s not asked for:", unused, unused == 1 ? "" : "s",
                 answers->path, unused == 1 ? "was" : "were");
    size_t shown = 0;
    const char *id;
    json_t *value;
    json_object_foreach(answers->values, id, value)
    {
        if (json_object_get(answers->used, id) == NULL && shown++ < SHOWN)
            bytes_format(sentence, " %s", id);
    }
    if (unused > SHOWN)
        bytes_text(sentence, " ...");
}

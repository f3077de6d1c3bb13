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

static bool is_plain_value(const json_t *value)
{
    return json_is_string(value) || json_is_number(value) || json_is_boolean(value);
}

/* What an exception says, in the order in which it is asked. */
static const char *const parts[] = {"expected", "happened", "decided", "by"};
enum { PARTS = sizeof parts / sizeof *parts };

static bool judge_exception(const char *path, const char *id, const json_t *value, struct err *err)
{
    const json_t *said = json_object_get(value, "exception"), *then = json_object_get(value, "then");
    bool formed = json_object_size(value) == 2 && json_object_size(said) == PARTS && is_plain_value(then);
    for (size_t i = 0; i < PARTS; i++)
        formed = formed && json_is_string(json_object_get(said, parts[i]));
    if (!formed)
        return err_set(err,
                       "%s: \"%s\": an exception is {\"exception\": {\"expected\": \"...\", \"happened\": "
                       "\"...\", \"decided\": \"...\", \"by\": \"...\"}, \"then\": ANSWER}, all of it and no "
                       "more",
                       path, id);
    for (size_t i = 0; i < PARTS; i++) {
        OWN(char) *part = text_format("%s.%s", id, parts[i]);
        if (!judge_text(path, part, json_object_get(said, parts[i]), err))
            return false;
    }
    OWN(char) *again = text_format("%s.then", id);
    return !json_is_string(then) || judge_text(path, again, then, err);
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
        if (json_is_object(value) && !judge_exception(path, id, value, err))
            return false;
        if (!json_is_object(value) && !is_plain_value(value))
            return err_set(err,
                           "%s: \"%s\": an answer is a text, a number, true or false, or an exception with "
                           "what comes then",
                           path, id);
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

/* Where people decide how it goes on after an exception: a "then" that is no such decision is the answer when
 * the prompt is asked again. */
static json_t *decision_new(const json_t *then)
{
    static const char *const decisions[] = {"stop", "go on"};
    const char *text = json_is_string(then) ? json_string_value(then) : "";
    for (size_t i = 0; i < sizeof decisions / sizeof *decisions; i++)
        if (strcasecmp(text, decisions[i]) == 0)
            return json_string(decisions[i]);
    return json_string("again");
}

/* What an exception of the file says for a prompt about it: ID.expected and so on. New; NULL: nothing. */
static json_t *part_new(const json_t *values, const char *id)
{
    const char *dot = strrchr(id, '.');
    if (dot == NULL)
        return NULL;
    OWN(char) *about = text_format("%.*s", (int)(dot - id), id);
    const json_t *value = json_object_get(values, about);
    if (!json_is_object(value))
        return NULL;
    if (strcmp(dot + 1, "decision") == 0)
        return decision_new(json_object_get(value, "then"));
    return json_incref(json_object_get(json_object_get(value, "exception"), dot + 1));
}

bool answers_has(const struct answers *answers, const char *id)
{
    OWN(json_t) *part = part_new(answers->values, id);
    return part != NULL || json_object_get(answers->values, id) != NULL;
}

/* The answer, which is used from now on: an exception first, and what comes then when it is asked again. New;
 * NULL: nothing. */
static json_t *answer_take(struct answers *answers, const char *id)
{
    json_t *value = json_object_get(answers->values, id);
    if (value == NULL)
        return part_new(answers->values, id);
    if (json_is_object(value) && json_object_get(answers->used, id) != NULL)
        value = json_object_get(value, "then");
    if (json_object_set_new(answers->used, id, json_true()) != 0)
        abort();
    return json_incref(value);
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

bool answers_text(struct answers *answers, const char *id, enum reply *reply, char **text, bool *found,
                  struct err *err)
{
    OWN(json_t) *value = answer_take(answers, id);
    OWN(char) *given = trimmed(json_is_string(value) ? json_string_value(value) : "");
    if (json_is_boolean(value))
        return err_set(err, "%s: \"%s\": a text is asked for, not true or false", answers->path, id);
    *found = value != NULL;
    *reply = json_is_object(value)             ? REPLY_EXCEPTION
             : strcasecmp(given, "!stop") == 0 ? REPLY_STOP
                                               : REPLY_GIVEN;
    if (*reply != REPLY_GIVEN || value == NULL)
        return true;
    if (given[0] == '!')
        return err_set(err, "%s: \"%s\": what begins with ! is no answer; it can be \"!stop\"", answers->path,
                       id);
    *text = json_is_number(value) ? json_dumps(value, JSON_ENCODE_ANY) : GIVE(given);
    if (*text == NULL)
        abort();
    return true;
}

/* "yes" or "stop" */
static void choices_list(struct bytes *out, const char *const *choices)
{
    for (size_t i = 0; choices[i] != NULL; i++)
        bytes_format(out, "%s\"%s\"", i == 0 ? "" : choices[i + 1] != NULL ? ", " : " or ", choices[i]);
}

bool answers_choice(struct answers *answers, const char *id, const char *const *choices, const char **chosen,
                    bool *found, struct err *err)
{
    OWN(json_t) *value = answer_take(answers, id);
    *found = value != NULL;
    if (value == NULL)
        return true;
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    text = json_is_true(value)                                   ? "yes"
           : json_is_false(value) || strcasecmp(text, "no") == 0 ? "stop"
           : json_is_object(value)                               ? "exception"
                                                                 : text;
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (strcasecmp(text, choices[i]) == 0) {
            *chosen = choices[i];
            return true;
        }
    }
    OWN_STRUCT(bytes) list = {0};
    choices_list(&list, choices);
    return err_set(err, "%s: \"%s\": the answer must be %s%s", answers->path, id,
                   choices[0] != NULL && strcmp(choices[0], "yes") == 0 ? "true, false, " : "",
                   bytes_string(&list));
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

#include "history.h"

#include "inventory.h"
#include "pagejson.h"
#include "transcript.h"

#include <string.h>

#define PLAN "evidence/plan.json"

static bool plan_read(json_t **plan, const struct record *record, struct err *err)
{
    const struct bytes *text = tarball_find(&record_page(record, 0)->tar, PLAN);
    if (text == NULL)
        return err_set(err, "%s: " PLAN " is missing", record_page(record, 0)->name);
    return json_read(plan, text, PLAN, err);
}

/* The plan's step that a page walked, or NULL. Borrowed. */
static const json_t *step_of(const json_t *plan, const struct page_read *page)
{
    size_t i;
    const json_t *step;
    json_array_foreach(json_object_get(plan, "steps"), i, step)
    {
        if (strcmp(page_json_text(step, "slug", NULL), page_json_text(page->json, "slug", NULL)) == 0)
            return step;
    }
    return NULL;
}

/* The sentences of a step: those that are only said, or the others. */
static json_t *sentences_of(const json_t *step, bool said)
{
    json_t *list = json_array();
    size_t i;
    const json_t *word;
    json_array_foreach(json_object_get(step, "words"), i, word)
    {
        bool says = strcmp(page_json_text(word, "verb", NULL), "say") == 0;
        json_t *sentence = json_object_get(word, "sentence");
        if (says == said && json_is_string(sentence))
            json_array_append(list, sentence);
    }
    return list;
}

static bool commit_put(json_t *entry, const struct page_read *page, struct err *err)
{
    const struct bytes *raw = tarball_find(&page->tar, "commit");
    struct ledger_commit_read commit = {0};
    json_object_set_new(entry, "commit", json_null());
    json_object_set_new(entry, "author", json_null());
    if (raw == NULL)
        return true;
    if (!ledger_commit_parse(&commit, raw, err))
        return err_wrap(err, "%s", page->name);
    json_object_set_new(entry, "commit", json_string(commit.id));
    json_object_set_new(entry, "author", json_string(commit.name));
    ledger_commit_read_free(&commit);
    return true;
}

static bool entry_make(json_t **out, const struct page_read *page, const json_t *step, json_t *changes,
                       struct err *err)
{
    OWN(json_t) *entry = json_object();
    json_object_set_new(entry, "page", json_integer(page->number));
    json_object_set(entry, "title", json_object_get(page->json, "title"));
    json_object_set(entry, "station", json_object_get(page->json, "station"));
    json_object_set_new(entry, "started", json_string(page_json_text(page->json, "started", "utc")));
    json_object_set_new(entry, "finished", json_string(page_json_text(page->json, "finished", "utc")));
    json_object_set(entry, "people", json_object_get(page->json, "people"));
    json_object_set_new(entry, "said", sentences_of(step, true));
    json_object_set_new(entry, "planned", sentences_of(step, false));
    json_object_set(entry, "exceptions", json_object_get(page->json, "deviations"));
    json_object_set(entry, "changes", changes);
    if (!commit_put(entry, page, err))
        return false;
    *out = GIVE(entry);
    return true;
}

bool history_of(json_t **out, const struct record *record, struct err *err)
{
    OWN(json_t) *history = json_array();
    OWN(json_t) *plan = NULL;
    OWN_STRUCT(inventory) before = {0};
    if (!plan_read(&plan, record, err))
        return false;
    for (unsigned n = 0; n < record_count(record); n++) {
        const struct page_read *page = record_page(record, n);
        OWN_STRUCT(inventory) after = {0};
        json_t *entry = NULL;
        inventory_after(&after, record, n);
        OWN(json_t) *changes = inventory_difference(&before, &after, false);
        bool told =
            json_array_size(changes) > 0 || json_array_size(json_object_get(page->json, "deviations")) > 0;
        if (told && !entry_make(&entry, page, step_of(plan, page), changes, err))
            return false;
        if (told)
            json_array_append_new(history, entry);
        inventory_free(&before);
        before = after;
        after = (struct inventory){0};
    }
    *out = GIVE(history);
    return true;
}

/* ---- for people ---- */

/* A page's word, which must stay on its line. */
static void word_add(struct bytes *out, const char *text)
{
    transcript_escape(out, text, strlen(text));
}

static void people_text(struct bytes *out, const json_t *people)
{
    size_t i;
    const json_t *person;
    bytes_text(out, "  by ");
    json_array_foreach(people, i, person)
    {
        bytes_text(out, i > 0 ? ", " : "");
        word_add(out, page_json_text(person, "name", NULL));
        bytes_text(out, " (");
        word_add(out, page_json_text(person, "role", NULL));
        bytes_text(out, ")");
    }
    bytes_text(out, "\n");
}

static void said_text(struct bytes *out, const json_t *said)
{
    size_t i;
    const json_t *sentence;
    json_array_foreach(said, i, sentence)
    {
        bytes_text(out, "  said: ");
        word_add(out, json_string_value(sentence));
        bytes_text(out, "\n");
    }
}

static void exceptions_text(struct bytes *out, const json_t *exceptions)
{
    size_t i;
    const json_t *one;
    json_array_foreach(exceptions, i, one)
    {
        const char *name, *between = ":";
        const json_t *value;
        bytes_text(out, "  EXCEPTION");
        json_object_foreach((json_t *)one, name, value)
        {
            OWN(char) *text = json_is_string(value) ? text_copy(json_string_value(value))
                                                    : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
            bytes_format(out, "%s ", between);
            word_add(out, name);
            bytes_text(out, ": ");
            word_add(out, text != NULL ? text : "?");
            between = ";";
        }
        bytes_text(out, "\n");
    }
}

void history_text(struct bytes *out, const json_t *history)
{
    size_t i;
    const json_t *entry;
    json_array_foreach(history, i, entry)
    {
        const char *commit = page_json_text(entry, "commit", NULL);
        bytes_format(out, "%sPage %lld, %s, at station %s: ", i > 0 ? "\n" : "",
                     (long long)json_integer_value(json_object_get(entry, "page")),
                     page_json_text(entry, "finished", NULL), page_json_text(entry, "station", NULL));
        word_add(out, page_json_text(entry, "title", NULL));
        bytes_text(out, "\n");
        people_text(out, json_object_get(entry, "people"));
        if (*commit != '\0')
            bytes_format(out, "  commit %s, author %s\n", commit, page_json_text(entry, "author", NULL));
        said_text(out, json_object_get(entry, "said"));
        exceptions_text(out, json_object_get(entry, "exceptions"));
        inventory_text(out, json_object_get(entry, "changes"), "  ");
    }
    if (json_array_size(history) == 0)
        bytes_text(out, "No page changed anything.\n");
}

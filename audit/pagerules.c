#include "pagejson.h"

#include "../ceremony/certificate.h"

#include <string.h>

const char *page_json_text(const json_t *json, const char *member, const char *inner)
{
    const json_t *value = json_object_get(json, member);
    const char *text = json_string_value(inner != NULL ? json_object_get(value, inner) : value);
    return text != NULL ? text : "";
}

static size_t list_count(const json_t *json, const char *list)
{
    return json_array_size(json_object_get(json, list));
}

static const json_t *list_entry(const json_t *json, const char *list, size_t i)
{
    return json_array_get(json_object_get(json, list), i);
}

static const char *list_text(const json_t *json, const char *list, size_t i, const char *member)
{
    return page_json_text(list_entry(json, list, i), member, NULL);
}

static bool list_has(const json_t *json, const char *list, const char *member, const char *text)
{
    for (size_t i = 0; i < list_count(json, list); i++) {
        if (strcmp(list_text(json, list, i, member), text) == 0)
            return true;
    }
    return false;
}

static bool is_first(const json_t *json)
{
    return json_integer_value(json_object_get(json, "number")) == 0;
}

void mode_text(char text[5], unsigned mode)
{
    snprintf(text, 5, "%04o", mode & 0777);
}

unsigned mode_value(const char *text)
{
    return (unsigned)strtoul(text, NULL, 8);
}

bool page_json_commits(const json_t *json)
{
    return is_first(json) || list_count(json, "changed") > 0 || list_count(json, "removed") > 0;
}

/* Below the station's name, with the one exception of the ledger's own file. */
static bool path_is_own(const json_t *json, const char *path)
{
    const char *station = page_json_text(json, "station", NULL);
    size_t len = strlen(station);
    return strncmp(path, station, len) == 0 && path[len] == '/';
}

static bool paths_are_own(const json_t *json, const char *list, struct err *err)
{
    for (size_t i = 0; i < list_count(json, list); i++) {
        const char *path = list_text(json, list, i, "path");
        bool attributes = strcmp(list, "changed") == 0 && strcmp(path, PAGE_ATTRIBUTES) == 0;
        if (attributes ? !is_first(json) : !path_is_own(json, path))
            return err_set(err, "%s: %s is not under the station's own name", list, path);
    }
    return true;
}

static bool paths_are_apart(const json_t *json, struct err *err)
{
    for (size_t i = 0; i < list_count(json, "removed"); i++) {
        const char *path = list_text(json, "removed", i, "path");
        if (list_has(json, "changed", "path", path))
            return err_set(err, "%s is both changed and removed", path);
    }
    return true;
}

/* A key that replaces one that the same page removes could not be told from it when a cut-off move is redone.
 */
static bool keys_are_apart(const json_t *json, struct err *err)
{
    for (size_t i = 0; i < list_count(json, "outputs"); i++) {
        const char *place = list_text(json, "outputs", i, "place");
        if (strcmp(list_text(json, "outputs", i, "kind"), "key") != 0 || place[0] == 0)
            continue;
        OWN(char) *path = text_format("%s/%s", page_json_text(json, "station", NULL), place);
        if (list_has(json, "removed", "path", path) || list_has(json, "changed", "path", path))
            return err_set(err, "outputs: a key at %s, which the page also changes or removes", path);
        if (page_json_text(list_entry(json, "outputs", i), "sha256", NULL)[0] != 0)
            return err_set(err, "outputs: a key at %s has sha256; a key's content has no hash on a page",
                           path);
    }
    return true;
}

/* One number at most, so that nobody has to ask which one counts. */
static bool witnesses_are_one(const json_t *json, struct err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < list_count(json, "seals_required"); i++)
        count += json_object_get(list_entry(json, "seals_required", i), "witnesses") != NULL;
    return count <= 1 || err_set(err, "seals_required: \"witnesses\" is there twice");
}

static bool times_follow(const json_t *json, struct err *err)
{
    time_t started = 0, finished = 0;
    if (!time_parse(&started, page_json_text(json, "started", "utc"), err) ||
        !time_parse(&finished, page_json_text(json, "finished", "utc"), err))
        return false;
    if (finished < started)
        return err_set(err, "finished is before started");
    return true;
}

static bool ledger_fits(const json_t *json, struct err *err)
{
    const json_t *ledger = json_object_get(json, "ledger");
    bool commits = json_object_get(ledger, "commit") != NULL;
    if (commits != page_json_commits(json))
        return err_set(err,
                       "ledger: must have a commit when a public file changed or on page 0, else a head");
    if (commits && json_is_null(json_object_get(ledger, "parent")) != is_first(json))
        return err_set(err, "ledger: parent must be null on page 0 and only there");
    return true;
}

/* Who decided something was there. */
static bool people_are_there(const json_t *json, struct err *err)
{
    static const char *const deciders[] = {PAGE_ABORTED, PAGE_REVOKED};
    for (size_t i = 0; i < list_count(json, "deviations"); i++) {
        const char *name = list_text(json, "deviations", i, "by");
        if (!list_has(json, "people", "name", name))
            return err_set(err, "deviations: entry %zu: by: %s is not among the page's people", i + 1, name);
    }
    for (size_t i = 0; i < sizeof deciders / sizeof *deciders; i++) {
        const char *by = page_json_text(json, deciders[i], "by");
        if (by[0] != 0 && !list_has(json, "people", "name", by))
            return err_set(err, "%s: by: %s is not among the page's people", deciders[i], by);
    }
    return true;
}

/* A closing page ends a ceremony in place of a step. What was signed by then is on it; nothing takes effect.
 */
static bool closing_fits(const json_t *json, struct err *err)
{
    static const char *const lists[] = {"changed", "removed", "directories"};
    const json_t *aborted = json_object_get(json, PAGE_ABORTED);
    bool named = strcmp(page_json_text(json, "slug", NULL), PAGE_ABORTED) == 0;
    if (named != (aborted != NULL))
        return err_set(err, "slug: must be \"" PAGE_ABORTED "\" on a closing page and only there");
    if (aborted == NULL)
        return true;
    json_int_t step = json_integer_value(json_object_get(aborted, "step"));
    if (step < 1 || step > json_integer_value(json_object_get(json, "number")))
        return err_set(err, PAGE_ABORTED ": step: must not be 0, nor more than the page's number");
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (list_count(json, lists[i]) > 0)
            return err_set(err, "%s: must be empty on a closing page", lists[i]);
    for (size_t i = 0; i < list_count(json, "outputs"); i++)
        if (list_text(json, "outputs", i, "place")[0] != 0)
            return err_set(err, "outputs: nothing has a place on a closing page");
    return true;
}

/* A page that revokes a signer stands between the steps, and nothing else is done on it. */
static bool revocation_fits(const json_t *json, struct err *err)
{
    static const char *const lists[] = {"changed", "removed", "directories", "inputs", "outputs"};
    bool revokes = json_object_get(json, PAGE_REVOKED) != NULL;
    if (revokes != (strcmp(page_json_text(json, "slug", NULL), PAGE_REVOKED_SLUG) == 0))
        return err_set(err,
                       "slug: must be \"" PAGE_REVOKED_SLUG "\" on a page that revokes a signer and only "
                       "there");
    if (revokes && is_first(json))
        return err_set(err, PAGE_REVOKED ": page 0 enrols, and revokes nobody");
    if (revokes && list_count(json, "seals_required") != 1)
        return err_set(err, "seals_required: a page that revokes a signer wants its station's seal alone");
    for (size_t i = 0; revokes && i < sizeof lists / sizeof lists[0]; i++)
        if (list_count(json, lists[i]) > 0)
            return err_set(err, "%s: must be empty on a page that revokes a signer", lists[i]);
    return true;
}

bool page_rules_check(const json_t *json, struct err *err)
{
    if (is_first(json) != (strspn(page_json_text(json, "previous", NULL), "0") == 64))
        return err_set(err, "previous: must be zeros on page 0 and only there");
    if (is_first(json) != list_has(json, "changed", "path", PAGE_ATTRIBUTES))
        return err_set(err, "changed: %s must be there on page 0 and only there", PAGE_ATTRIBUTES);
    if (!list_has(json, "seals_required", "station", page_json_text(json, "station", NULL)))
        return err_set(err, "seals_required: the page's own station is missing");
    return witnesses_are_one(json, err) && times_follow(json, err) && paths_are_own(json, "changed", err) &&
           paths_are_own(json, "removed", err) && paths_are_own(json, "directories", err) &&
           paths_are_apart(json, err) && keys_are_apart(json, err) && ledger_fits(json, err) &&
           people_are_there(json, err) && closing_fits(json, err) && revocation_fits(json, err);
}

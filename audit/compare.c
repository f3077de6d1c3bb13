#include "compare.h"

#include "pagejson.h"

#include <string.h>

static void status_set(json_t *entry, const char *status, const char *why)
{
    json_object_set_new(entry, "status", json_string(status));
    if (why != NULL)
        json_object_set_new(entry, "why", json_string(why));
}

/* From the words of a difference to those of who looks at a live tree. */
static void judge(json_t *entry, const char *inner)
{
    const char *status = page_json_text(entry, "status", NULL);
    bool key = strcmp(page_json_text(entry, "kind", NULL), "key") == 0;
    bool folder = strcmp(page_json_text(entry, "kind", NULL), "folder") == 0;
    if (strcmp(status, "added") == 0)
        status_set(entry, "extra", key ? "a secret that the record knows nothing of; it was not read" : NULL);
    else if (strcmp(status, "removed") == 0)
        status_set(entry, "missing", key ? "the key is not in the record either: its holder has it" : NULL);
    else if (strcmp(status, "changed") == 0)
        return;
    else if (key)
        status_set(entry, "by design", "a private key; it is in no record, and was not read");
    else if (folder && strcmp(inner, "db") == 0)
        status_set(entry, "by design", "step-ca's database: what is in it is in no record");
    else
        status_set(entry, "identical", NULL);
}

static bool is_fault(const json_t *entry)
{
    const char *status = page_json_text(entry, "status", NULL);
    return strcmp(status, "identical") != 0 && strcmp(status, "by design") != 0;
}

bool compare_authority(json_t **report, const struct inventory *recorded, const char *station,
                       const char *authority, struct err *err)
{
    OWN_STRUCT(inventory) live = {0};
    if (!inventory_read(&live, authority, station, recorded, err))
        return false;
    OWN(json_t) *entries = inventory_difference(recorded, &live, true);
    bool identical = true;
    for (size_t i = json_array_size(entries); i-- > 0;) {
        json_t *entry = json_array_get(entries, i);
        OWN(char) *inner = text_copy(page_json_text(entry, "path", NULL) + strlen(station));
        if (*inner == '\0') {
            json_array_remove(entries, i);
            continue;
        }
        judge(entry, inner + 1);
        json_object_set_new(entry, "path", json_string(inner + 1));
        identical = identical && !is_fault(entry);
    }
    json_t *made =
        json_pack("{s:s, s:b, s:O}", "station", station, "identical", (int)identical, "entries", entries);
    json_t *name = json_string(authority);
    json_object_set_new(made, "authority", name != NULL ? name : json_null());
    *report = made;
    return true;
}

static void chosen_text(struct bytes *out, const json_t *report, const char *status)
{
    OWN(json_t) *chosen = json_array();
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(report, "entries"), i, entry)
    {
        if (strcmp(page_json_text(entry, "status", NULL), status) == 0)
            json_array_append(chosen, entry);
    }
    inventory_text(out, chosen, "  ");
}

void compare_text(struct bytes *out, const json_t *report)
{
    static const char *const order[] = {"changed", "missing", "extra", "by design", "identical"};
    const char *authority = page_json_text(report, "authority", NULL);
    bool identical = json_is_true(json_object_get(report, "identical"));
    bytes_format(out, "%s, against station %s of the record:\n", authority,
                 page_json_text(report, "station", NULL));
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        chosen_text(out, report, order[i]);
    bytes_text(out, identical ? "What lies there is what the record says.\n"
                              : "What lies there is NOT what the record says.\n");
}

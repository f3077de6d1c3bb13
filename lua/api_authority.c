/* host.authority: what lies in a station's tree, held against a record, and how a file of it changes. */
#include "../audit/change.h"
#include "../audit/compare.h"
#include "../ceremony/file.h"

#include "api.h"
#include "api_types.h"

#include <string.h>

static const char *kind_name(enum thing_kind kind)
{
    static const char *const names[] = {[THING_FOLDER] = "folder",
                                        [THING_FILE] = "file",
                                        [THING_KEY] = "key",
                                        [THING_CLOSED] = "folder",
                                        [THING_OTHER] = "other"};
    return names[kind];
}

/* The folder itself is not among them. */
static bool survey(json_t **out, const char *folder, struct err *err)
{
    OWN_STRUCT(inventory) nothing = {0}, found = {0};
    static const char station[] = "authority";
    if (!file_is_own(folder, 0022, err) || !inventory_read(&found, folder, station, &nothing, err))
        return false;
    OWN(json_t) *list = json_array();
    for (size_t i = 0; i < found.count; i++) {
        const struct thing *thing = &found.thing[i];
        if (strlen(thing->path) < sizeof station)
            continue;
        json_t *one = json_pack("{s:s, s:s, s:i, s:s*}", "path", thing->path + sizeof station, "kind",
                                kind_name(thing->kind), "mode", (int)thing->mode, "why", thing->why);
        if (one == NULL)
            return err_set(err, "%s: a name in it is not UTF-8; rename that file, or move it away", folder);
        json_array_append_new(list, one);
    }
    *out = GIVE(list);
    return true;
}

/* host.authority.survey(folder) -> {{path, kind, mode, why}}, sorted; nothing is opened in secrets/ and db/
 */
static int l_survey(lua_State *L)
{
    const char *folder = api_text(L, 1);
    json_t **list = api_json(L);
    struct err err = {0};
    if (!survey(list, folder, &err))
        return api_raise(L, &err);
    api_push_json(L, *list);
    return 1;
}

/* The station of the record whose tree this one would be: of the same name, or the one that has a ca.json. */
static bool compare(json_t **out, const struct record *record, const char *station, const char *folder,
                    struct err *err)
{
    OWN_STRUCT(inventory) recorded = {0};
    OWN(json_t) *report = NULL;
    OWN_STRUCT(bytes) text = {0};
    char theirs[33] = "";
    OWN(char) *own = text_format("%s/config/ca.json", station);
    *out = json_null();
    if (record_count(record) == 0)
        return true;
    inventory_after(&recorded, record, record_count(record) - 1);
    if (inventory_find(&recorded, own) != NULL)
        snprintf(theirs, sizeof theirs, "%s", station);
    else
        inventory_authority(theirs, &recorded);
    if (theirs[0] == '\0')
        return true;
    inventory_only(&recorded, theirs);
    if (!compare_authority(&report, &recorded, theirs, folder, err))
        return false;
    compare_text(&text, report);
    *out = json_pack("{s:O, s:s}", "identical", json_object_get(report, "identical"), "text",
                     bytes_string(&text));
    return *out != NULL || err_set(err, "%s: is not UTF-8, and cannot be compared", folder);
}

/* host.authority.compare(record, station, folder) -> {identical, text}, nil where the record has no such tree
 */
static int l_compare(lua_State *L)
{
    const struct record *record = api_unbox(L, 1, API_RECORD);
    const char *station = api_text(L, 2);
    const char *folder = api_text(L, 3);
    json_t **report = api_json(L);
    struct err err = {0};
    if (!compare(report, record, station, folder, &err))
        return api_raise(L, &err);
    api_push_json(L, *report);
    return 1;
}

static void change(struct bytes *out, const struct bytes *before, const struct bytes *after)
{
    OWN(json_t) *found = change_describe(before, after);
    change_text(out, found, "    ");
}

/* host.authority.change(before, after) -> how a file's content changes, for people */
static int l_change(lua_State *L)
{
    struct bytes before = api_view(L, 1), after = api_view(L, 2);
    struct bytes *text = api_bytes(L);
    change(text, &before, &after);
    return api_bytes_push(L, text);
}

static const luaL_Reg authority_functions[] = {
    {"survey", l_survey}, {"compare", l_compare}, {"change", l_change}, {NULL, NULL}};

void api_open_authority(lua_State *L)
{
    api_module(L, "authority", authority_functions);
}

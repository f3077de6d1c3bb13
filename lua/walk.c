#include "walk.h"

#include "state.h"

#include "../audit/document.h"

static void set_text(lua_State *L, const char *field, const char *value)
{
    if (value == NULL)
        return;
    lua_pushstring(L, value);
    lua_setfield(L, -2, field);
}

static void set_list(lua_State *L, const char *field, const char *const *values)
{
    lua_newtable(L);
    for (lua_Integer i = 0; values != NULL && values[i] != NULL; i++) {
        lua_pushstring(L, values[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, field);
}

/* The booklet's document, as its form is written. */
static bool booklet_write(struct bytes *out, const struct bytes *text, enum agenda_form form, struct err *err)
{
    OWN(json_t) *document = NULL;
    if (!json_read(&document, text, "the booklet", err))
        return false;
    (form == AGENDA_HTML ? document_html : document_markdown)(out, document);
    return true;
}

bool agenda_print(struct bytes *out, const char *script, enum agenda_form form, struct err *err)
{
    static const char *const forms[] = {[AGENDA_TEXT] = "text",
                                        [AGENDA_MARKDOWN] = "booklet",
                                        [AGENDA_HTML] = "booklet",
                                        [AGENDA_PROMPTS] = "prompts"};
    struct state_host host = {.binary_sha256 = ""};
    lua_State *L = state_open(&host);
    lua_newtable(L);
    set_text(L, "script", script);
    set_text(L, "form", forms[form]);
    OWN_STRUCT(bytes) made = {0};
    bool good = state_main(L, "agenda", err);
    if (good) {
        size_t len;
        const char *text = lua_tolstring(L, -1, &len);
        bytes_add(&made, text, len);
    }
    state_close(L);
    if (good && (form == AGENDA_HTML || form == AGENDA_MARKDOWN))
        return booklet_write(out, &made, form, err);
    bytes_text(out, good ? bytes_string(&made) : "");
    return good;
}

static void push_options(lua_State *L, const struct walk_options *options)
{
    lua_newtable(L);
    set_text(L, "script", options->script);
    set_text(L, "station", options->station);
    set_text(L, "home", options->home);
    set_text(L, "record", options->record);
    set_text(L, "media", options->media);
    set_text(L, "authority", options->authority);
    set_text(L, "rehearsal", options->rehearsal);
    set_text(L, "previous", options->previous);
    set_text(L, "previous_head", options->previous_head);
    set_text(L, "register", options->register_record);
    set_text(L, "replace", options->replace);
    set_text(L, "revoke", options->revoke);
    set_text(L, "keep", options->keep);
    set_text(L, "doctor", options->doctor);
    lua_pushboolean(L, options->unattended);
    lua_setfield(L, -2, "unattended");
    lua_pushboolean(L, options->abort);
    lua_setfield(L, -2, "abort");
    set_list(L, "enrol", options->enrol);
    set_list(L, "approvals", options->approvals);
    set_list(L, "backups", options->backups);
    set_list(L, "given", options->given);
}

static bool walk(const char *name, const struct walk_options *options, struct err *err)
{
    struct state_host host = {.room = options->room, .binary_sha256 = options->binary_sha256};
    lua_State *L = state_open(&host);
    push_options(L, options);
    bool good = state_main(L, name, err);
    state_close(L);
    return good;
}

bool walk_run(const struct walk_options *options, struct err *err)
{
    return walk("run", options, err);
}

bool walk_rehearse(const struct walk_options *options, struct err *err)
{
    return walk("rehearse", options, err);
}

bool person_check(const char *name, const char *what, struct err *err)
{
    struct state_host host = {.binary_sha256 = ""};
    lua_State *L = state_open(&host);
    lua_newtable(L);
    set_text(L, "name", name);
    set_text(L, "what", what);
    bool good = state_main(L, "person", err);
    state_close(L);
    return good;
}

bool approval_text(struct bytes *out, const char *script, const char *from, const char *until,
                   const char *approver, struct err *err)
{
    struct state_host host = {.binary_sha256 = ""};
    lua_State *L = state_open(&host);
    lua_newtable(L);
    set_text(L, "script", script);
    set_text(L, "from", from);
    set_text(L, "until", until);
    set_text(L, "approver", approver);
    bool good = state_main(L, "approve", err);
    if (good) {
        size_t len;
        const char *text = lua_tolstring(L, -1, &len);
        bytes_add(out, text, len);
    }
    state_close(L);
    return good;
}

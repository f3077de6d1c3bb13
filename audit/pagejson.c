#include "pagejson.h"

#include "../ceremony/digest.h"
#include "../ceremony/file.h"
#include "signer.h"
#include "transcript.h"

#include <string.h>

#define TEXT_MAX 512
#define PROSE_MAX 4096
#define LIST_MAX 10000
#define WITNESSES_MAX 20 /* as many as a role may have people */

/* ---- single values ---- */

typedef bool check(const json_t *value, struct err *err);

/* The string, or "" where it is none, which no check below accepts. */
static const char *text_of(const json_t *value)
{
    const char *text = json_string_value(value);
    return text != NULL ? text : "";
}

static bool is_of(const char *text, const char *allowed, size_t least, size_t most)
{
    size_t len = strlen(text);
    return len >= least && len <= most && strspn(text, allowed) == len;
}

static bool check_text(const json_t *value, struct err *err)
{
    const char *text = text_of(value);
    size_t len = strlen(text);
    OWN_STRUCT(bytes) escaped = {0};
    transcript_escape(&escaped, text, len);
    if (len == 0 || len > TEXT_MAX || escaped.len != len)
        return err_set(err, "must be a text of 1 to %d bytes in one line, without control characters or \\",
                       TEXT_MAX);
    return true;
}

/* Like a text, but longer, and what it quotes may have a \. */
static bool check_prose(const json_t *value, struct err *err)
{
    const char *text = text_of(value);
    size_t len = strlen(text), backslashes = 0;
    OWN_STRUCT(bytes) escaped = {0};
    transcript_escape(&escaped, text, len);
    for (size_t i = 0; i < len; i++)
        backslashes += text[i] == '\\';
    if (len == 0 || len > PROSE_MAX || escaped.len != len + 3 * backslashes)
        return err_set(err, "must be a text of 1 to %d bytes in one line, without control characters",
                       PROSE_MAX);
    return true;
}

static bool check_name(const json_t *value, struct err *err)
{
    const char *name = text_of(value);
    if (strpbrk(name, "<>") != NULL || name[0] == ' ' || (name[0] != 0 && name[strlen(name) - 1] == ' '))
        return err_set(err, "must not have < or > or a space at an end: it stands in commits");
    return check_text(value, err);
}

static bool check_format(const json_t *value, struct err *err)
{
    if (strcmp(text_of(value), PAGE_FORMAT) != 0)
        return err_set(err, "must be \"%s\"; this verger reads no other format", PAGE_FORMAT);
    return true;
}

static bool check_id(const json_t *value, struct err *err)
{
    if (!is_of(text_of(value), "0123456789abcdef", 32, 32))
        return err_set(err, "must be 32 lower-case hex digits");
    return true;
}

static bool check_digest(const json_t *value, struct err *err)
{
    if (!digest_is_hex(text_of(value)))
        return err_set(err, "must be a SHA-256 in 64 lower-case hex digits");
    return true;
}

static bool check_commit(const json_t *value, struct err *err)
{
    if (!is_of(text_of(value), "0123456789abcdef", 40, 40))
        return err_set(err, "must be a commit id of 40 lower-case hex digits");
    return true;
}

static bool check_parent(const json_t *value, struct err *err)
{
    return json_is_null(value) || check_commit(value, err);
}

static bool check_number(const json_t *value, struct err *err)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < 0 || number > PAGE_NUMBER_MAX)
        return err_set(err, "must be a number from 0 to %d", PAGE_NUMBER_MAX);
    return true;
}

static bool check_bool(const json_t *value, struct err *err)
{
    return json_is_boolean(value) || err_set(err, "must be true or false");
}

static bool check_slug(const json_t *value, struct err *err)
{
    if (!is_of(text_of(value), "abcdefghijklmnopqrstuvwxyz0123456789-", 1, 60))
        return err_set(err, "must be [a-z0-9-]{1,60}");
    return true;
}

static bool check_station(const json_t *value, struct err *err)
{
    return station_is_legal(text_of(value)) || err_set(err, "must be a station, [a-z0-9-]{1,32}");
}

static bool check_time(const json_t *value, struct err *err)
{
    time_t time;
    return time_parse(&time, text_of(value), err);
}

static bool check_boot(const json_t *value, struct err *err)
{
    if (!is_of(text_of(value), "0123456789abcdef-", 36, 36))
        return err_set(err, "must be a kernel's boot id, 36 characters");
    return true;
}

static bool check_digits(const json_t *value, struct err *err)
{
    const char *text = text_of(value);
    if (!is_of(text, "0123456789", 1, 20) || (text[0] == '0' && text[1] != 0))
        return err_set(err, "must be a string of digits");
    return true;
}

static bool check_path(const json_t *value, struct err *err)
{
    if (!path_is_safe(text_of(value)))
        return err_set(err, "must be a relative path of [A-Za-z0-9._/-], at most 100 characters");
    return true;
}

static bool check_mode(const json_t *value, struct err *err)
{
    const char *text = text_of(value);
    if (!is_of(text, "01234567", 4, 4) || text[0] != '0')
        return err_set(err, "must be a mode such as \"0600\"");
    return true;
}

static bool check_object(const json_t *value, struct err *err)
{
    return json_is_object(value) || err_set(err, "must be an object");
}

/* ---- objects and lists ---- */

struct rule {
    const char *name;
    check *check;
    bool optional;
};

static bool rules_check(const json_t *object, const struct rule *rules, struct err *err)
{
    if (!check_object(object, err))
        return false;
    for (const struct rule *rule = rules; rule->name != NULL; rule++) {
        const json_t *value = json_object_get(object, rule->name);
        if (value == NULL && rule->optional)
            continue;
        if (value == NULL)
            return err_set(err, "member \"%s\" is missing", rule->name);
        if (!rule->check(value, err))
            return err_wrap(err, "%s", rule->name);
    }
    return true;
}

static bool rules_know(const struct rule *rules, const char *name)
{
    for (const struct rule *rule = rules; rule->name != NULL; rule++) {
        if (strcmp(rule->name, name) == 0)
            return true;
    }
    return false;
}

/* Those members and no other. */
static bool rules_check_only(const json_t *object, const struct rule *rules, struct err *err)
{
    if (!rules_check(object, rules, err))
        return false;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        if (!rules_know(rules, name))
            return err_set(err, "member \"%s\" is unknown in this format", name);
    }
    return true;
}

static bool check_list(const json_t *list, check *each, struct err *err)
{
    if (!json_is_array(list))
        return err_set(err, "must be a list");
    if (json_array_size(list) > LIST_MAX)
        return err_set(err, "has more than %d entries, more than a step can need", LIST_MAX);
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!each(json_array_get(list, i), err))
            return err_wrap(err, "entry %zu", i + 1);
    }
    return true;
}

/* Sorted, each once: the same page has one form only. */
static bool check_paths(const json_t *list, check *each, struct err *err)
{
    if (!check_list(list, each, err))
        return false;
    for (size_t i = 1; i < json_array_size(list); i++) {
        const char *path = text_of(json_object_get(json_array_get(list, i), "path"));
        if (strcmp(text_of(json_object_get(json_array_get(list, i - 1), "path")), path) >= 0)
            return err_set(err, "entry %zu: %s is not in order, or there twice", i + 1, path);
    }
    return true;
}

static bool check_ceremony(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {
        {"id", check_id, false}, {"title", check_text, false}, {"version", check_text, false}, {0}};
    return rules_check_only(value, rules, err);
}

static bool check_instant(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {{"utc", check_time, false},
                                        {"boot_id", check_boot, false},
                                        {"monotonic_ns", check_digits, false},
                                        {0}};
    return rules_check_only(value, rules, err);
}

static bool check_person(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {{"role", check_text, false}, {"name", check_name, false}, {0}};
    return rules_check_only(value, rules, err);
}

static bool check_people(const json_t *value, struct err *err)
{
    return check_list(value, check_person, err);
}

static bool check_ledger(const json_t *value, struct err *err)
{
    static const struct rule commit[] = {
        {"commit", check_commit, false}, {"parent", check_parent, false}, {0}};
    static const struct rule head[] = {{"head", check_commit, false}, {0}};
    return rules_check_only(value, json_object_get(value, "head") != NULL ? head : commit, err);
}

static bool check_change(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {
        {"path", check_path, false}, {"mode", check_mode, false}, {"sha256", check_digest, false}, {0}};
    return rules_check_only(value, rules, err);
}

static bool check_removal(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {{"path", check_path, false}, {0}};
    return rules_check_only(value, rules, err);
}

static bool check_directory(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {{"path", check_path, false}, {"mode", check_mode, false}, {0}};
    return rules_check_only(value, rules, err);
}

static bool check_changed(const json_t *value, struct err *err)
{
    return check_paths(value, check_change, err);
}

static bool check_removed(const json_t *value, struct err *err)
{
    return check_paths(value, check_removal, err);
}

static bool check_directories(const json_t *value, struct err *err)
{
    return check_paths(value, check_directory, err);
}

static bool check_artefact(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {{"name", check_text, false},
                                        {"kind", check_text, false},
                                        {"sha256", check_digest, true},
                                        {"spki_sha256", check_digest, true},
                                        {"place", check_path, true},
                                        {"mode", check_mode, true},
                                        {0}};
    return rules_check(value, rules, err);
}

static bool check_artefacts(const json_t *value, struct err *err)
{
    return check_list(value, check_artefact, err);
}

static bool check_deviation(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {{"expected", check_prose, false},
                                        {"happened", check_prose, false},
                                        {"decided", check_prose, false},
                                        {"by", check_name, false},
                                        {"rule", check_text, true},
                                        {"prompt", check_text, true},
                                        {0}};
    return rules_check(value, rules, err);
}

static bool check_deviations(const json_t *value, struct err *err)
{
    return check_list(value, check_deviation, err);
}

static bool check_aborted(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {
        {"step", check_number, false}, {"by", check_name, false}, {"why", check_prose, false}, {0}};
    return rules_check_only(value, rules, err);
}

static bool check_reason(const json_t *value, struct err *err)
{
    static const char *const reasons[] = {"lost", "compromised", REVOKED_ENDED};
    const char *reason = json_string_value(value);
    for (size_t i = 0; reason != NULL && i < sizeof reasons / sizeof *reasons; i++) {
        if (strcmp(reason, reasons[i]) == 0)
            return true;
    }
    return err_set(err, "must be \"lost\", \"compromised\" or \"" REVOKED_ENDED "\"");
}

static bool check_revoked(const json_t *value, struct err *err)
{
    static const struct rule rules[] = {{"label", check_slug, false},
                                        {"sha256", check_digest, false},
                                        {"reason", check_reason, false},
                                        {"why", check_prose, false},
                                        {"by", check_name, false},
                                        {"next", check_slug, true},
                                        {0}};
    return rules_check_only(value, rules, err);
}

static bool check_witnesses(const json_t *value, struct err *err)
{
    json_int_t count = json_integer_value(value);
    return (count >= 1 && count <= WITNESSES_MAX) ||
           err_set(err, "must be a number from 1 to %d", WITNESSES_MAX);
}

static bool check_seal(const json_t *value, struct err *err)
{
    static const struct rule station[] = {{"station", check_station, false}, {0}};
    static const struct rule witness[] = {{"witness", check_slug, false}, {0}};
    static const struct rule witnesses[] = {{"witnesses", check_witnesses, false}, {0}};
    if (json_object_get(value, "witnesses") != NULL)
        return rules_check_only(value, witnesses, err);
    return rules_check_only(value, json_object_get(value, "witness") != NULL ? witness : station, err);
}

static bool check_seals(const json_t *value, struct err *err)
{
    return check_list(value, check_seal, err);
}

static bool check_versions(const json_t *value, struct err *err)
{
    if (!check_object(value, err))
        return false;
    const char *name;
    json_t *version;
    json_object_foreach((json_t *)value, name, version)
    {
        if (!check_text(version, err))
            return err_wrap(err, "%s", name);
    }
    return true;
}

bool page_json_check(const json_t *json, struct err *err)
{
    static const struct rule rules[] = {{"format", check_format, false},
                                        {"ceremony", check_ceremony, false},
                                        {"number", check_number, false},
                                        {"title", check_text, false},
                                        {"slug", check_slug, false},
                                        {"station", check_station, false},
                                        {"rehearsal", check_bool, false},
                                        {"unattended", check_bool, false},
                                        {"started", check_instant, false},
                                        {"finished", check_instant, false},
                                        {"people", check_people, false},
                                        {"previous", check_digest, false},
                                        {"ledger", check_ledger, false},
                                        {"changed", check_changed, false},
                                        {"removed", check_removed, false},
                                        {"directories", check_directories, false},
                                        {"inputs", check_artefacts, false},
                                        {"outputs", check_artefacts, false},
                                        {"deviations", check_deviations, false},
                                        {PAGE_ABORTED, check_aborted, true},
                                        {PAGE_REVOKED, check_revoked, true},
                                        {"seals_required", check_seals, false},
                                        {"versions", check_versions, false},
                                        {0}};
    return (rules_check_only(json, rules, err) && page_rules_check(json, err)) || err_wrap(err, "page.json");
}

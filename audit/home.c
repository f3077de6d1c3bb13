#include "home.h"

#include "../ceremony/certificate.h"
#include "../ceremony/file.h"
#include "lines.h"
#include "lock.h"
#include "pagejson.h"
#include "register.h"

#include <string.h>
#include <sys/stat.h>

struct home {
    char *folder;
    struct lock lock, also;
    struct lines journal, registered, heads;
};

void home_free(struct home *home)
{
    if (home == NULL)
        return;
    lines_free(&home->journal);
    lines_free(&home->registered);
    lines_free(&home->heads);
    lock_free(&home->also);
    lock_free(&home->lock);
    free(home->folder);
    free(home);
}

static bool folder_is_private(const char *folder, struct err *err)
{
    struct stat st;
    if (lstat(folder, &st) != 0)
        return err_errno(err, "%s: no home of a station; make it with `verger enrol --home`", folder);
    if (!S_ISDIR(st.st_mode))
        return err_set(err, "%s: not a folder", folder);
    return file_is_own(folder, 022, err);
}

static bool home_lines(struct lines *out, const struct home *home, const char *name, struct err *err)
{
    OWN(char) *path = path_join(home->folder, name);
    return (!file_exists(path) || file_is_own(path, 022, err)) && lines_open(out, path, err);
}

bool home_open(struct home **out, const char *folder, const char *lock_also, struct err *err)
{
    if (!folder_is_private(folder, err))
        return false;
    OWN_HOME *home = memory_new(1, sizeof *home);
    *home = (struct home){.folder = text_copy(folder), .lock = {-1}, .also = {-1}};
    OWN(char) *lock_path = path_join(folder, "lock");
    if (!lock_file(&home->lock, lock_path, err))
        return false;
    if (lock_also != NULL && !lock_folder(&home->also, lock_also, err))
        return false;
    if (!home_lines(&home->journal, home, "journal", err) ||
        !home_lines(&home->registered, home, "register", err) ||
        !home_lines(&home->heads, home, "heads", err) ||
        !register_check(home->registered.list, home->registered.path, err))
        return false;
    home_free(*out);
    *out = GIVE(home);
    return true;
}

bool home_lock(struct home *home, const char *folder, struct err *err)
{
    struct lock lock = {-1};
    if (!lock_folder(&lock, folder, err))
        return false;
    lock_free(&home->also);
    home->also = lock;
    return true;
}

const char *home_folder(const struct home *home)
{
    return home->folder;
}

/* ---- the journal ---- */

static const char *text_of(const json_t *object, const char *member)
{
    return page_json_text(object, member, NULL);
}

static bool event_is_legal(const json_t *event, struct err *err)
{
    static const char *const kinds[] = {"attempt",   "intent",  "decided", "sealed",
                                        "recovered", "stopped", "aborted", "revoked"};
    const char *kind = text_of(event, "kind");
    bool known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        known = known || strcmp(kind, kinds[i]) == 0;
    if (!known)
        return err_set(err,
                       "journal: kind \"%s\" is not attempt, intent, decided, sealed, recovered, stopped, "
                       "aborted or revoked",
                       kind);
    if (text_of(event, "ceremony")[0] == 0 || !json_is_integer(json_object_get(event, "page")))
        return err_set(err, "journal: an event needs \"ceremony\" and \"page\"");
    return true;
}

bool home_journal(struct home *home, json_t *event, struct err *err)
{
    OWN(json_t) *held = event;
    if (!event_is_legal(held, err))
        return false;
    char now[32];
    time_text(now, time(NULL));
    json_object_set_new(held, "time", json_string(now));
    return lines_append(&home->journal, GIVE(held), err);
}

json_t *home_events(const struct home *home, const char *ceremony, unsigned page)
{
    json_t *events = json_array();
    for (size_t i = 0; i < json_array_size(home->journal.list); i++) {
        const json_t *event = json_array_get(home->journal.list, i);
        if (strcmp(text_of(event, "ceremony"), ceremony) == 0 &&
            json_integer_value(json_object_get(event, "page")) == page)
            json_array_append_new(events, json_deep_copy(event));
    }
    return events;
}

/* ---- the register ---- */

/* The same signature, wherever it stands in its chain. */
static bool is_same_signature(const json_t *entry, const json_t *other)
{
    static const char *const apart[] = {"format", "previous", "content"};
    OWN(json_t) *a = json_copy((json_t *)entry);
    OWN(json_t) *b = json_copy((json_t *)other);
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
        json_object_del(a, apart[i]);
        json_object_del(b, apart[i]);
    }
    return json_equal(a, b);
}

static bool register_append(struct home *home, json_t *entry, struct err *err)
{
    OWN(json_t) *held = entry;
    OWN(json_t) *grown = json_copy(home->registered.list);
    json_array_append(grown, held);
    return register_check(grown, "register", err) && lines_append(&home->registered, GIVE(held), err);
}

bool home_register(struct home *home, json_t *entry, struct err *err)
{
    OWN(json_t) *held = entry;
    const json_t *list = home->registered.list;
    struct register_end end;
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (is_same_signature(json_array_get(list, i), held))
            return true;
    }
    register_end(&end, list, text_of(held, "issuer_spki"), NULL);
    json_object_set_new(held, "format", json_string(REGISTER_FORMAT));
    json_object_set_new(held, "previous", json_string(end.sha256));
    return register_append(home, GIVE(held), err);
}

const json_t *home_registered(const struct home *home)
{
    return home->registered.list;
}

/* Entries of an issuer behind those that are here already, which the other list begins with. */
static bool adopt_issuer(size_t *count, struct home *home, const json_t *list, const char *issuer,
                         struct err *err)
{
    struct register_end end;
    size_t at = 0;
    register_end(&end, home->registered.list, issuer, NULL);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *entry = json_array_get(list, i);
        if (strcmp(text_of(entry, "issuer_spki"), issuer) != 0 || at++ < end.entries)
            continue;
        if (!lines_append(&home->registered, json_incref(entry), err))
            return false;
        ++*count;
    }
    return true;
}

bool home_register_adopt(size_t *count, struct home *home, const json_t *list, struct err *err)
{
    OWN(json_t) *issuers = register_issuers(list);
    size_t taken = 0;
    for (size_t i = 0; i < json_array_size(issuers); i++) {
        const char *issuer = json_string_value(json_array_get(issuers, i));
        if (register_compare(home->registered.list, list, issuer) == REGISTER_FORKED)
            return err_set(err,
                           "the register here and the one to take over tell two histories of the key with "
                           "SPKI SHA-256 %s; keep both, and find out which of them is false",
                           issuer);
    }
    for (size_t i = 0; i < json_array_size(issuers); i++) {
        if (!adopt_issuer(&taken, home, list, json_string_value(json_array_get(issuers, i)), err))
            return false;
    }
    *count = taken;
    return true;
}

static bool is_issued_by(const json_t *entry, const char *kind, const char *issuer_spki)
{
    return strcmp(text_of(entry, "kind"), kind) == 0 &&
           strcmp(text_of(entry, "issuer_spki"), issuer_spki) == 0;
}

long long home_crl_number(const struct home *home, const char *issuer_spki)
{
    long long highest = -1;
    for (size_t i = 0; i < json_array_size(home->registered.list); i++) {
        const json_t *entry = json_array_get(home->registered.list, i);
        long long number = json_integer_value(json_object_get(entry, "number"));
        if (is_issued_by(entry, "crl", issuer_spki) && number > highest)
            highest = number;
    }
    for (size_t i = 0; i < json_array_size(home->journal.list); i++) {
        const json_t *event = json_array_get(home->journal.list, i);
        long long number = json_integer_value(json_object_get(event, "number"));
        if (strcmp(text_of(event, "intent"), "publish") == 0 && number > highest &&
            strcmp(text_of(event, "issuer_spki"), issuer_spki) == 0)
            highest = number;
    }
    return highest;
}

const json_t *home_certificate(const struct home *home, const char *issuer_spki, const char *serial)
{
    for (size_t i = json_array_size(home->registered.list); i-- > 0;) {
        const json_t *entry = json_array_get(home->registered.list, i);
        if (is_issued_by(entry, "certificate", issuer_spki) && strcmp(text_of(entry, "serial"), serial) == 0)
            return entry;
    }
    return NULL;
}

const json_t *home_crl(const struct home *home, const char *issuer_spki, long long number)
{
    for (size_t i = json_array_size(home->registered.list); i-- > 0;) {
        const json_t *entry = json_array_get(home->registered.list, i);
        if (is_issued_by(entry, "crl", issuer_spki) &&
            json_integer_value(json_object_get(entry, "number")) == number)
            return entry;
    }
    return NULL;
}

bool home_serial_used(const struct home *home, const char *issuer_spki, const char *serial)
{
    return home_certificate(home, issuer_spki, serial) != NULL;
}

/* ---- the heads ---- */

bool home_head(const struct home *home, const char *ceremony, char head[DIGEST_HEX], unsigned *page)
{
    for (size_t i = json_array_size(home->heads.list); i-- > 0;) {
        const json_t *seen = json_array_get(home->heads.list, i);
        const char *hex = text_of(seen, "head");
        if (strcmp(text_of(seen, "ceremony"), ceremony) != 0 || !digest_is_hex(hex))
            continue;
        memcpy(head, hex, DIGEST_HEX);
        *page = (unsigned)json_integer_value(json_object_get(seen, "page"));
        return true;
    }
    return false;
}

bool home_set_head(struct home *home, const char *ceremony, const char *head, unsigned page, struct err *err)
{
    char last[DIGEST_HEX];
    unsigned last_page = 0;
    bool seen = home_head(home, ceremony, last, &last_page);
    if (!digest_is_hex(head))
        return err_set(err, "heads: a head is 64 lower-case hex digits");
    if (seen && last_page == page && strcmp(last, head) == 0)
        return true;
    if (seen && page <= last_page)
        return err_set(
            err,
            "this station saw page %u of this ceremony with head %s; page %u with head %s does not "
            "continue it",
            last_page, last, page, head);
    json_t *entry = json_pack("{s:s, s:s, s:i}", "ceremony", ceremony, "head", head, "page", (int)page);
    return lines_append(&home->heads, entry, err);
}

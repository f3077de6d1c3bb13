#include "register.h"

#include "pagejson.h"

#include <string.h>

#define REMEDY "; restore the register from its copy"

static const char *text_of(const json_t *entry, const char *member)
{
    return page_json_text(entry, member, NULL);
}

static long long number_of(const json_t *entry)
{
    return json_integer_value(json_object_get(entry, "number"));
}

static bool is_list(const json_t *entry)
{
    return strcmp(text_of(entry, "kind"), "crl") == 0;
}

static bool is_of(const json_t *entry, const char *issuer_spki)
{
    return strcmp(text_of(entry, "issuer_spki"), issuer_spki) == 0;
}

/* ---- one entry ---- */

/* The entry as pages have it: the same object when it has no content. Caller decrefs. */
static json_t *entry_bare(const json_t *entry)
{
    if (json_object_get(entry, "content") == NULL)
        return json_incref((json_t *)entry);
    json_t *bare = json_copy((json_t *)entry);
    json_object_del(bare, "content");
    return bare;
}

static bool entry_line(struct bytes *out, const json_t *entry, struct err *err)
{
    OWN(json_t) *bare = entry_bare(entry);
    if (!json_canonical(out, bare, err))
        return false;
    bytes_text(out, "\n");
    return true;
}

/* Of an entry that has its form, which always has a line. */
static void entry_digest(char hex[DIGEST_HEX], const json_t *entry)
{
    OWN_STRUCT(bytes) line = {0};
    struct err err = {0};
    if (!entry_line(&line, entry, &err))
        abort();
    digest_hex(hex, line.data, line.len);
}

static bool is_hex(const char *text, size_t least, size_t most)
{
    size_t len = strlen(text);
    return len >= least && len <= most && strspn(text, "0123456789abcdef") == len;
}

static bool members_are_legal(const json_t *entry, size_t count, struct err *err)
{
    static const char *const digests[] = {"issuer_spki", "tbs_sha256", "sha256", "previous"};
    const json_t *page = json_object_get(entry, "page");
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
        if (!digest_is_hex(text_of(entry, digests[i])))
            return err_set(err, "\"%s\" must be 64 lower-case hex digits" REMEDY, digests[i]);
    if (!is_hex(text_of(entry, "ceremony"), 32, 32))
        return err_set(err, "\"ceremony\" must be 32 lower-case hex digits" REMEDY);
    if (!json_is_integer(page) || json_integer_value(page) < 0 || json_integer_value(page) > PAGE_NUMBER_MAX)
        return err_set(err, "\"page\" must be the number of a page" REMEDY);
    count += json_object_get(entry, "content") != NULL;
    return json_object_size(entry) == count || err_set(err, "has a member that no entry has" REMEDY);
}

static bool entry_is_legal(const json_t *entry, struct err *err)
{
    const char *kind = text_of(entry, "kind");
    const json_t *number = json_object_get(entry, "number");
    if (!json_is_object(entry) || strcmp(text_of(entry, "format"), REGISTER_FORMAT) != 0)
        return err_set(err, "\"format\" must be \"" REGISTER_FORMAT "\"; this verger reads no other");
    if (is_list(entry))
        return ((json_is_integer(number) && json_integer_value(number) >= 0) ||
                err_set(err, "a crl needs \"number\", a whole number" REMEDY)) &&
               members_are_legal(entry, 9, err);
    if (strcmp(kind, "certificate") != 0)
        return err_set(err, "kind \"%s\" is not certificate or crl" REMEDY, kind);
    if (!is_hex(text_of(entry, "serial"), 1, 40) || !digest_is_hex(text_of(entry, "spki_sha256")))
        return err_set(err, "a certificate needs \"serial\" and \"spki_sha256\", in lower-case hex" REMEDY);
    return members_are_legal(entry, 10, err);
}

/* ---- the rules ---- */

/* What is known of the entries before: by issuer, and by what a rule asks for. */
typedef bool rule(json_t *known, const json_t *entry, struct err *err);

static bool chain_goes_on(json_t *known, const json_t *entry, struct err *err)
{
    char hex[DIGEST_HEX];
    if (!entry_is_legal(entry, err))
        return false;
    const char *issuer = text_of(entry, "issuer_spki");
    const char *last = json_string_value(json_object_get(known, issuer));
    if (strcmp(text_of(entry, "previous"), last != NULL ? last : digest_zero) != 0)
        return err_set(err,
                       "does not name the entry of its issuer before it (%s): one was changed, taken out "
                       "or put in" REMEDY,
                       last != NULL ? last : "there is none");
    entry_digest(hex, entry);
    json_object_set_new(known, issuer, json_string(hex));
    return true;
}

/* A name of its own in `known`, where the to-be-signed part stands. Whether it is the first, or the same. */
static bool is_once(json_t *known, const char *name, const json_t *entry)
{
    const json_t *before = json_object_get(known, name);
    json_t *tbs = json_object_get(entry, "tbs_sha256");
    if (before == NULL)
        json_object_set(known, name, tbs);
    return before == NULL || json_equal(before, tbs);
}

static bool serial_is_once(json_t *known, const json_t *entry, struct err *err)
{
    const char *serial = text_of(entry, "serial");
    if (is_list(entry))
        return true;
    OWN(char) *name = text_format("%s %s", text_of(entry, "issuer_spki"), serial);
    return is_once(known, name, entry) ||
           err_set(err, "serial number %s was another certificate of this issuer (RFC 5280 4.1.2.2)" REMEDY,
                   serial);
}

static bool number_rises(json_t *known, const json_t *entry, struct err *err)
{
    const char *issuer = text_of(entry, "issuer_spki");
    const json_t *highest = json_object_get(known, issuer);
    if (!is_list(entry))
        return true;
    OWN(char) *name = text_format("%s %lld", issuer, number_of(entry));
    if (!is_once(known, name, entry))
        return err_set(err, "number %lld was another list of this issuer (RFC 5280 5.2.3)" REMEDY,
                       number_of(entry));
    if (highest != NULL && number_of(entry) < json_integer_value(highest))
        return err_set(err,
                       "list number %lld comes behind number %lld of the same issuer (RFC 5280 5.2.3)" REMEDY,
                       number_of(entry), json_integer_value(highest));
    json_object_set(known, issuer, json_object_get(entry, "number"));
    return true;
}

bool register_holds(const json_t *list, enum register_rule which, const char *path, struct err *err)
{
    static rule *const rules[] = {[REGISTER_CHAIN] = chain_goes_on,
                                  [REGISTER_SERIALS] = serial_is_once,
                                  [REGISTER_NUMBERS] = number_rises};
    OWN(json_t) *known = json_object();
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!rules[which](known, json_array_get(list, i), err))
            return err_wrap(err, "%s: line %zu", path, i + 1);
    return true;
}

bool register_check(const json_t *list, const char *path, struct err *err)
{
    return register_holds(list, REGISTER_CHAIN, path, err) &&
           register_holds(list, REGISTER_SERIALS, path, err) &&
           register_holds(list, REGISTER_NUMBERS, path, err);
}

/* ---- lines ---- */

static bool line_parse(json_t *list, const char *text, size_t len, const char *what, struct err *err)
{
    OWN_STRUCT(bytes) line = bytes_copy(text, len);
    OWN_STRUCT(bytes) canonical = {0};
    OWN(json_t) *entry = NULL;
    if (!json_read(&entry, &line, what, err) || !json_canonical(&canonical, entry, err))
        return false;
    if (!bytes_equal(&line, &canonical))
        return err_set(err, "%s: is not canonical; `jq -cS .` prints other bytes", what);
    json_array_append(list, entry);
    return true;
}

bool register_parse(json_t **out, const struct bytes *text, const char *what, struct err *err)
{
    OWN(json_t) *list = json_array();
    const char *at = bytes_string(text), *end = at + text->len, *newline;
    for (; at < end; at = newline + 1) {
        OWN(char) *line = text_format("%s: line %zu", what, json_array_size(list) + 1);
        newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL)
            return err_set(err, "%s: does not end with a newline", line);
        if (!line_parse(list, at, (size_t)(newline - at), line, err))
            return false;
    }
    *out = GIVE(list);
    return true;
}

bool register_text(struct bytes *out, const json_t *list, const json_t *issuers, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *entry = json_array_get(list, i);
        for (size_t n = 0; n < json_array_size(issuers); n++)
            if (is_of(entry, json_string_value(json_array_get(issuers, n))) && !entry_line(&text, entry, err))
                return false;
    }
    bytes_add(out, text.data, text.len);
    return true;
}

/* ---- comparing ---- */

json_t *register_issuers(const json_t *list)
{
    json_t *issuers = json_array();
    OWN(json_t) *seen = json_object();
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *issuer = json_object_get(json_array_get(list, i), "issuer_spki");
        if (json_object_get(seen, json_string_value(issuer)) == NULL)
            json_array_append(issuers, issuer);
        json_object_set_new(seen, json_string_value(issuer), json_true());
    }
    return issuers;
}

/* An issuer's entries alone, borrowed, up to a ceremony's first. Caller decrefs. */
static json_t *entries_of(const json_t *list, const char *issuer_spki, const char *before)
{
    json_t *own = json_array();
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *entry = json_array_get(list, i);
        if (!is_of(entry, issuer_spki))
            continue;
        if (before != NULL && strcmp(text_of(entry, "ceremony"), before) == 0)
            break;
        json_array_append(own, entry);
    }
    return own;
}

void register_end(struct register_end *out, const json_t *list, const char *issuer_spki, const char *before)
{
    OWN(json_t) *own = entries_of(list, issuer_spki, before);
    *out = (struct register_end){.entries = json_array_size(own)};
    memcpy(out->sha256, digest_zero, DIGEST_HEX);
    if (out->entries == 0)
        return;
    const json_t *last = json_array_get(own, out->entries - 1);
    entry_digest(out->sha256, last);
    snprintf(out->ceremony, sizeof out->ceremony, "%s", text_of(last, "ceremony"));
}

static enum register_order order_of(size_t own, size_t other)
{
    if (own == other)
        return REGISTER_SAME;
    return own < other ? REGISTER_BEHIND : REGISTER_AHEAD;
}

enum register_order register_compare(const json_t *list, const json_t *other, const char *issuer_spki)
{
    OWN(json_t) *own = entries_of(list, issuer_spki, NULL);
    OWN(json_t) *theirs = entries_of(other, issuer_spki, NULL);
    size_t count = json_array_size(own), their_count = json_array_size(theirs);
    for (size_t i = 0; i < count && i < their_count; i++) {
        OWN(json_t) *a = entry_bare(json_array_get(own, i));
        OWN(json_t) *b = entry_bare(json_array_get(theirs, i));
        if (!json_equal(a, b))
            return REGISTER_FORKED;
    }
    return order_of(count, their_count);
}

enum register_order register_place(const json_t *list, const char *issuer_spki, const char *before,
                                   size_t entries, const char *sha256)
{
    OWN(json_t) *own = entries_of(list, issuer_spki, before);
    char hex[DIGEST_HEX];
    if (json_array_size(own) < entries)
        return REGISTER_BEHIND;
    memcpy(hex, digest_zero, DIGEST_HEX);
    if (entries > 0)
        entry_digest(hex, json_array_get(own, entries - 1));
    return strcmp(hex, sha256) == 0 ? order_of(json_array_size(own), entries) : REGISTER_FORKED;
}

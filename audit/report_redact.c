#include "report.h"

#include "../ceremony/digest.h"

#include <ctype.h>
#include <string.h>
#include <sys/random.h>

#define SALT_LEN 16

struct redaction {
    json_t *entries; /* longest text first */
};

/* ---- what is hidden ---- */

static bool is_listed(const json_t *entries, const char *text)
{
    size_t i;
    json_t *entry;
    json_array_foreach(entries, i, entry) if (strcasecmp(json_text(entry, "text"), text) == 0) return true;
    return false;
}

static void entry_add(json_t *entries, const char *kind, const char *text)
{
    if (strlen(text) < 3 || is_listed(entries, text))
        return; /* shorter ones would blot out half the words */
    size_t at = 0;
    while (at < json_array_size(entries) &&
           strlen(json_text(json_array_get(entries, at), "text")) >= strlen(text))
        at++;
    json_array_insert_new(entries, at, json_pack("{s:s, s:s}", "kind", kind, "text", text));
}

static bool is_host_letter(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '.' || c == '_' || c == '*';
}

/* Hosts and addresses in a text: labels with a dot between them, the last of letters; and IPv4. */
static void hosts_add(json_t *entries, const char *text)
{
    while (*text != '\0') {
        size_t len = 0;
        while (is_host_letter(text[len]))
            len++;
        size_t end = len;
        while (end > 0 && (text[end - 1] == '.' || text[end - 1] == '-'))
            end--;
        OWN(char) *word = text_format("%.*s", (int)end, text);
        const char *last = strrchr(word, '.');
        bool named = last != NULL && strlen(last + 1) >= 2 &&
                     strspn(last + 1, "abcdefghijklmnopqrstuvwxyz") == strlen(last + 1);
        bool numbered = last != NULL && strspn(word, "0123456789.") == end && end >= 7;
        if (named || numbered)
            entry_add(entries, "host", word);
        text += len > 0 ? len : 1;
    }
}

/* From the plan's options: hosts, addresses, URLs and provisioners are only there and in what follows from
 * it. Files of the script (with an ending that is no host's) are among its inputs, and are left. */
static void options_add(json_t *entries, const json_t *value)
{
    size_t i;
    json_t *inner;
    const char *member;
    if (json_is_string(value))
        hosts_add(entries, json_string_value(value));
    json_array_foreach(value, i, inner) options_add(entries, inner);
    json_object_foreach((json_t *)value, member, inner)
    {
        if (strcmp(member, "from") != 0 && strcmp(member, "template") != 0)
            options_add(entries, inner);
    }
}

static json_t *entries_of(const json_t *report)
{
    json_t *entries = json_array(), *item, *word;
    size_t i, w;
    json_array_foreach(json_object_get(json_object_get(report, "verify"), "people"), i, item)
        entry_add(entries, "name", json_text(item, "name"));
    json_array_foreach(json_object_get(json_object_get(report, "verify"), "signers"), i, item)
    {
        entry_add(entries, "name", json_text(item, "name"));
        if (json_is_null(json_object_get(item, "station"))) /* a witness's seals are called by their name */
            entry_add(entries, "name", json_text(item, "label"));
    }
    json_array_foreach(json_object_get(json_object_get(report, "plan"), "steps"), i, item)
        json_array_foreach(json_object_get(item, "words"), w, word)
            options_add(entries, json_object_get(word, "options"));
    json_array_foreach(json_object_get(report, "certificates"), i, item)
    {
        entry_add(entries, "name", json_text(item, "subject"));
        json_array_foreach(json_object_get(item, "extensions"), w, word)
            hosts_add(entries, json_text(word, "text"));
    }
    return entries;
}

/* ---- how ---- */

static bool commit_to(json_t *entry, size_t number, struct err *err)
{
    unsigned char salt[SALT_LEN];
    char hex[2 * SALT_LEN + 1], digest[DIGEST_HEX];
    OWN_STRUCT(bytes) text = {0};
    if (getrandom(salt, sizeof salt, 0) != (ssize_t)sizeof salt)
        return err_errno(err, "salts for the redacted report");
    hex_encode(hex, salt, sizeof salt);
    bytes_text(&text, hex);
    bytes_text(&text, json_text(entry, "text"));
    digest_hex(digest, text.data, text.len);
    OWN(char) *mark = text_format("[%s %zu]", json_text(entry, "kind"), number);
    json_object_set_new(entry, "mark", json_string(mark));
    json_object_set_new(entry, "salt", json_string(hex));
    json_object_set_new(entry, "commitment", json_string(digest));
    return true;
}

/* Every occurrence, whatever its case: host names are written either way. */
static char *replaced(const char *text, const char *what, const char *with)
{
    OWN_STRUCT(bytes) out = {0};
    size_t len = strlen(what);
    const char *at = strcasestr(text, what);
    if (at == NULL)
        return NULL;
    for (; at != NULL; at = strcasestr(text, what)) {
        bytes_add(&out, text, (size_t)(at - text));
        bytes_text(&out, with);
        text = at + len;
    }
    bytes_text(&out, text);
    return text_copy(bytes_string(&out));
}

static char *hide(void *context, const char *text)
{
    const struct redaction *redaction = context;
    OWN(char) *now = NULL;
    size_t i;
    json_t *entry;
    json_array_foreach(redaction->entries, i, entry)
    {
        char *next = replaced(now != NULL ? now : text, json_text(entry, "text"), json_text(entry, "mark"));
        if (next == NULL)
            continue;
        free(now);
        now = next;
    }
    return GIVE(now);
}

static void commitments_section(json_t *document, const json_t *entries)
{
    json_t *blocks = document_section(document, "redacted", "What was left out"), *entry;
    block_text(
        blocks,
        line_text(
            "%s",
            "Names of people, hosts and addresses are replaced. Each mark stands for one text; its "
            "commitment is the SHA-256 of a salt, in hex, followed by the text. The record's holder can "
            "show a text and its salt, and printf %s%s SALT TEXT | sha256sum then gives the commitment. "
            "All sums and the head are those of the record itself."));
    json_t *rows = block_table(blocks, "commitments", "Mark|Commitment");
    size_t i;
    json_array_foreach(entries, i, entry)
    {
        row_begin(rows, NULL);
        cell_add(rows, line_text("%s", json_text(entry, "mark")));
        cell_add(rows, line_styled("code", json_text(entry, "commitment")));
    }
}

bool report_redact(json_t **salts, json_t *document, const json_t *report, struct err *err)
{
    OWN(json_t) *entries = entries_of(report);
    struct redaction redaction = {entries};
    size_t i;
    json_t *entry;
    json_array_foreach(entries, i, entry) if (!commit_to(entry, i + 1, err)) return false;
    document_change(document, hide, &redaction);
    commitments_section(document, entries);
    *salts = json_pack("{s:s, s:O}", "format", "verger-salts-1", "entries", entries);
    return true;
}

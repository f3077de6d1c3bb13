#include "inventory.h"

#include "../ceremony/authority.h"
#include "change.h"
#include "pagejson.h"

#include <string.h>

static const char *text_of(const json_t *entry, const char *member, const char *inner)
{
    return page_json_text(entry, member, inner);
}

/* "before became after", or the one of the two that is there. */
static void pair_text(struct bytes *out, const json_t *entry, const char *member, const char *label,
                      const char *indent)
{
    const char *before = text_of(entry, member, "before"), *after = text_of(entry, member, "after");
    if (*before == '\0' && *after == '\0')
        return;
    bytes_format(out, "%s%s: %s%s%s\n", indent, label, before,
                 *before != '\0' && *after != '\0' ? " became " : "", after);
}

char *inventory_home(const struct inventory *i, const char *station)
{
    OWN(char) *path = text_format("%s/" AUTHORITY_CONFIG, station);
    const struct thing *file = inventory_find(i, path);
    OWN(json_t) *config = NULL;
    struct err ignored = {0};
    if (file == NULL || !json_read(&config, &file->data, "", &ignored))
        return NULL;
    const char *certificate = page_json_text(config, "crt", NULL);
    const char *tail = strstr(certificate, "/certs/");
    for (const char *next = tail; next != NULL; next = strstr(next + 1, "/certs/"))
        tail = next;
    if (tail == NULL || tail == certificate || strchr(tail + strlen("/certs/"), '/') != NULL)
        return NULL;
    return text_format("%.*s", (int)(tail - certificate), certificate);
}

void inventory_authority(char station[33], const struct inventory *i)
{
    station[0] = '\0';
    for (size_t n = 0; n < i->count; n++) {
        const char *path = i->thing[n].path, *slash = strchr(path, '/');
        if (slash == NULL || strcmp(slash + 1, AUTHORITY_CONFIG) != 0)
            continue;
        snprintf(station, 33, "%.*s", (int)(slash - path), path);
        return;
    }
}

/* "changed   ca/config/ca.json", with the mode of what came or went. */
static void head_text(struct bytes *out, const json_t *entry, const char *indent)
{
    const char *before = text_of(entry, "mode", "before"), *after = text_of(entry, "mode", "after");
    const char *kind = text_of(entry, "kind", NULL);
    bytes_format(out, "%s%-9s %s%s", indent, text_of(entry, "status", NULL), text_of(entry, "path", NULL),
                 strcmp(kind, "folder") == 0 ? "/" : "");
    if ((*before == '\0') != (*after == '\0'))
        bytes_format(out, "  (mode %s%s)", before, after);
    bool key = strcmp(kind, "key") == 0 && *text_of(entry, "why", NULL) == '\0';
    bytes_text(out, key ? "  a private key; it is in no record\n" : "\n");
}

void inventory_text(struct bytes *out, const json_t *difference, const char *indent)
{
    OWN(char) *deeper = text_format("%s    ", indent);
    size_t i;
    const json_t *entry;
    json_array_foreach(difference, i, entry)
    {
        head_text(out, entry, indent);
        if (*text_of(entry, "why", NULL) != '\0')
            bytes_format(out, "%s%s\n", deeper, text_of(entry, "why", NULL));
        pair_text(out, entry, "kind_changed", "what it is", deeper);
        if (*text_of(entry, "mode", "before") != '\0' && *text_of(entry, "mode", "after") != '\0')
            pair_text(out, entry, "mode", "mode", deeper);
        pair_text(out, entry, "key", "SHA-256 of the public key", deeper);
        change_text(out, json_object_get(entry, "change"), deeper);
    }
}

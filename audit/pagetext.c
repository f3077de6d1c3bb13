#include "pagetext.h"

#include "../ceremony/digest.h"
#include "page.h"

#include <string.h>

void page_name(char name[PAGE_NAME_MAX], const json_t *json)
{
    snprintf(name, PAGE_NAME_MAX, "%06u-%s.tar",
             (unsigned)json_integer_value(json_object_get(json, "number")),
             page_json_text(json, "slug", NULL));
}

static bool is_alphanumeric(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool page_slug(char slug[61], const char *title)
{
    char text[61] = "";
    size_t len = 0;
    for (; *title != 0 && len < 60; title++) {
        unsigned char c = (unsigned char)*title;
        if (c >= 'A' && c <= 'Z')
            c = (unsigned char)(c - 'A' + 'a');
        if (is_alphanumeric(c))
            text[len++] = (char)c;
        else if (len > 0 && text[len - 1] != '-')
            text[len++] = '-';
    }
    if (len > 0 && text[len - 1] == '-')
        text[--len] = 0;
    if (len == 0)
        return false;
    memcpy(slug, text, sizeof text);
    return true;
}

void page_sums(struct bytes *out, const struct tarball *tar)
{
    for (size_t i = 0; i < tar->count; i++) {
        const struct member *member = &tar->member[i];
        if (strcmp(member->name, "SHA256SUMS") == 0)
            continue;
        char hex[DIGEST_HEX];
        tarball_digest(hex, member);
        bytes_format(out, "%s  %s\n", hex, member->name);
    }
}

static bool is_witness(const char *role)
{
    return strcmp(role, "witness") == 0 || strcmp(role, "witnesses") == 0;
}

static void trailers_of_people(struct bytes *out, const json_t *json)
{
    const json_t *people = json_object_get(json, "people");
    for (size_t i = 0; i < json_array_size(people); i++) {
        const char *role = page_json_text(json_array_get(people, i), "role", NULL);
        const char *name = page_json_text(json_array_get(people, i), "name", NULL);
        if (strcmp(role, "operator") == 0)
            bytes_format(out, "Operator: %s\n", name);
        else if (is_witness(role))
            bytes_format(out, "Witnessed-by: %s\n", name);
    }
}

void page_message(struct bytes *out, const json_t *json)
{
    bytes_format(out, "%s\n\n", page_json_text(json, "title", NULL));
    bytes_format(out, "Ceremony: %s\n", page_json_text(json, "ceremony", "id"));
    bytes_format(out, "Page: %u\n", (unsigned)json_integer_value(json_object_get(json, "number")));
    bytes_format(out, "Station: %s\n", page_json_text(json, "station", NULL));
    trailers_of_people(out, json);
    bytes_format(out, "Rehearsal: %s\n", json_is_true(json_object_get(json, "rehearsal")) ? "true" : "false");
    bytes_format(out, "Previous-Page-SHA256: %s\n", page_json_text(json, "previous", NULL));
}

const char *page_operator(const json_t *json)
{
    const json_t *people = json_object_get(json, "people");
    for (size_t i = 0; i < json_array_size(people); i++) {
        if (strcmp(page_json_text(json_array_get(people, i), "role", NULL), "operator") == 0)
            return page_json_text(json_array_get(people, i), "name", NULL);
    }
    return NULL;
}

char *page_email(const json_t *json)
{
    return text_format("%s@verger.invalid", page_json_text(json, "station", NULL));
}

#define FIXED 4
static const char *const fixed_name[FIXED] = {"page.json", "SHA256SUMS", "transcript.txt", "commit"};
enum { PART_FILES = FIXED, PART_EVIDENCE, PART_REST };

/* Which part of a page a member belongs to, in the order in which parts stand. */
static int part_of(const char *name)
{
    for (int i = 0; i < FIXED; i++) {
        if (strcmp(name, fixed_name[i]) == 0)
            return i;
    }
    if (strncmp(name, "files/", 6) == 0)
        return PART_FILES;
    return strncmp(name, "evidence/", 9) == 0 ? PART_EVIDENCE : PART_REST;
}

bool page_order(const struct tarball *tar, bool commits, bool first, struct err *err)
{
    size_t fixed = commits ? FIXED : FIXED - 1;
    if (tar->count > PAGE_MEMBERS_MAX)
        return err_set(err, "has more than %d members, more than a step can need", PAGE_MEMBERS_MAX);
    for (size_t i = 0; i < fixed; i++) {
        if (i >= tar->count || strcmp(tar->member[i].name, fixed_name[i]) != 0)
            return err_set(err, "member %zu must be %s", i + 1, fixed_name[i]);
    }
    for (size_t i = fixed; i < tar->count; i++) {
        const char *name = tar->member[i].name, *before = tar->member[i - 1].name;
        int part = part_of(name), part_before = part_of(before);
        if (part < PART_FILES || (part == PART_REST && !first))
            return err_set(err, "member %s does not belong on this page", name);
        if (part < part_before || (part == part_before && strcmp(before, name) >= 0))
            return err_set(err, "member %s is not in its place (files/, evidence/, each sorted by name)",
                           name);
    }
    return true;
}

/* A PEM label runs from its BEGIN to the next five hyphens (RFC 7468 section 3). */
bool bytes_hold_no_key(const void *data, size_t len, const char *name, struct err *err)
{
    static const char begin[] = "-----BEGIN ", word[] = "PRIVATE KEY", end[] = "-----";
    const char *at = data, *stop = at + len;
    while (len > 0 && (at = memmem(at, (size_t)(stop - at), begin, sizeof begin - 1)) != NULL) {
        at += sizeof begin - 1;
        const char *close = memmem(at, (size_t)(stop - at), end, sizeof end - 1);
        size_t label = (size_t)((close != NULL ? close : stop) - at);
        if (memmem(at, label, word, sizeof word - 1) != NULL)
            return err_set(err,
                           "%s: holds a private key; nothing secret goes onto a page, so nothing was written",
                           name);
    }
    return true;
}

bool page_holds_no_key(const struct tarball *tar, struct err *err)
{
    for (size_t i = 0; i < tar->count; i++) {
        const struct member *member = &tar->member[i];
        if (!bytes_hold_no_key(member->data.data, member->data.len, member->name, err))
            return false;
    }
    return true;
}

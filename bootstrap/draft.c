#include "draft.h"

#include "../lua/embed.h"
#include "../lua/walk.h"

#include <string.h>

#define ORGANISATION "Example"
#define DOMAIN "example.com"

enum { FOR_ORGANISATION, FOR_DOMAIN };

const struct draft_name draft_names[] = {
    {"organisation", "What is the organisation called?", "Example Org", NULL, NULL},
    {"domain", "What is its domain?", DOMAIN, NULL, NULL},
    {"name", "What is the authority called?", "Example Intermediate CA", NULL, NULL},
    {"host", "At which host name is the authority reached?", "ca.example.com", NULL, NULL},
    {"provisioner", "What is its provisioner called (an address of e-mail)?", "admin@example.com", NULL,
     NULL},
    {"crl", "At which address is the root's revocation list read?", "http://pki.example.com/root.crl", NULL,
     NULL},
    {"key", "What kind of key is made (RSA-3072, RSA-4096, P-256, P-384)?", "RSA-3072", "P-384", NULL},
    {"administrator", "Who is the administrator?", "administrator = 1", NULL, "administrator"},
    {"operator", "Who is the operator?", "operator = 1", NULL, "operator"},
    {"witnesses", "Who are the witnesses (with commas between their names)?", "witnesses = 2",
     "witnesses = 1", "witnesses"},
    {0},
};
_Static_assert(sizeof draft_names / sizeof *draft_names == DRAFT_NAMES + 1, "each has a place for its value");

void draft_free(struct draft *d)
{
    for (size_t i = 0; i < d->count; i++)
        bytes_free(&d->file[i].text);
    for (size_t i = 0; i < DRAFT_NAMES; i++)
        free(d->value[i]);
    *d = (struct draft){0};
}

/* ---- the files ---- */

static const struct embedded *shipped(const char *name)
{
    for (const struct embedded *one = embed_ceremonies; one->name != NULL; one++)
        if (strcmp(one->name, name) == 0)
            return one;
    return NULL;
}

static void file_add(struct draft *d, const struct embedded *file)
{
    if (file == NULL || d->count == sizeof d->file / sizeof *d->file)
        return;
    for (size_t i = 0; i < d->count; i++)
        if (strcmp(d->file[i].name, file->name) == 0)
            return;
    d->file[d->count++] = (struct draft_file){
        .name = file->name, .text = bytes_copy(file->begin, (size_t)(file->end - file->begin))};
}

static bool unknown(const char *ceremony, struct err *err)
{
    OWN_STRUCT(bytes) names = {0};
    for (const struct embedded *one = embed_ceremonies; one->name != NULL; one++) {
        const char *end = strstr(one->name, ".lua");
        if (end != NULL && end[4] == '\0')
            bytes_format(&names, "%s%.*s", names.len > 0 ? ", " : "", (int)(end - one->name), one->name);
    }
    return err_set(err, "no ceremony is called \"%s\"; there are %s", ceremony, bytes_string(&names));
}

bool draft_open(struct draft *out, const char *ceremony, struct err *err)
{
    static const char option[] = "template = \"";
    OWN(char) *name = text_format("%s.lua", ceremony);
    const struct embedded *script = shipped(name);
    if (script == NULL)
        return unknown(ceremony, err);
    struct draft draft = {0};
    file_add(&draft, script);
    for (const char *at = bytes_string(&draft.file[0].text); (at = strstr(at, option)) != NULL;) {
        at += strlen(option);
        OWN(char) *template = text_format("%.*s", (int)strcspn(at, "\""), at);
        file_add(&draft, shipped(template));
    }
    *out = draft;
    return true;
}

/* ---- the names ---- */

static bool stands_in(const struct draft *d, const char *literal)
{
    for (size_t i = 0; literal != NULL && i < d->count; i++)
        if (strstr(bytes_string(&d->file[i].text), literal) != NULL)
            return true;
    return false;
}

bool draft_has(const struct draft *d, size_t name)
{
    return stands_in(d, draft_names[name].literal) || stands_in(d, draft_names[name].other) ||
           (name == FOR_ORGANISATION && stands_in(d, ORGANISATION " "));
}

static void replaced_add(struct bytes *out, const char *text, const char *old, const char *new)
{
    const char *found;
    while (new != NULL && (found = strstr(text, old)) != NULL) {
        bytes_format(out, "%.*s%s", (int)(found - text), text, new);
        text = found + strlen(old);
    }
    bytes_text(out, text);
}

char *draft_default(const struct draft *d, size_t name)
{
    OWN_STRUCT(bytes) with_domain = {0};
    OWN_STRUCT(bytes) out = {0};
    const char *literal = draft_names[name].literal;
    if (!stands_in(d, literal) && stands_in(d, draft_names[name].other))
        literal = draft_names[name].other;
    if (name == FOR_ORGANISATION)
        return text_copy(literal);
    replaced_add(&with_domain, literal, DOMAIN, d->value[FOR_DOMAIN]);
    replaced_add(&out, bytes_string(&with_domain), ORGANISATION, d->value[FOR_ORGANISATION]);
    return text_copy(bytes_string(&out));
}

static bool value_set(struct draft *d, size_t name, char *value)
{
    free(d->value[name]);
    d->value[name] = value;
    return true;
}

/* role = "NAME", or role = { "NAME", "NAME" }. */
static bool people_give(struct draft *d, size_t name, const char *value, struct err *err)
{
    OWN(char) *option = text_format("--%s", draft_names[name].option);
    OWN_STRUCT(bytes) list = {0};
    size_t count = 0;
    for (const char *at = value; at != NULL; count++) {
        const char *comma = strchr(at, ',');
        at += strspn(at, " ");
        size_t len = comma != NULL ? (size_t)(comma - at) : strlen(at);
        while (len > 0 && at[len - 1] == ' ')
            len--;
        OWN(char) *person = text_format("%.*s", (int)len, at);
        if (!person_check(person, option, err))
            return false;
        bytes_format(&list, "%s\"%s\"", count > 0 ? ", " : "", person);
        at = comma != NULL ? comma + 1 : NULL;
    }
    return value_set(
        d, name,
        text_format(count > 1 ? "%s = { %s }" : "%s = %s", draft_names[name].role, bytes_string(&list)));
}

bool draft_give(struct draft *d, size_t name, const char *value, struct err *err)
{
    for (const char *c = value; *c != '\0'; c++)
        if (*c == '"' || *c == '\\' || (unsigned char)*c < 0x20 || *c == 0x7f)
            return err_set(err, "--%s: a quote, a backslash or a control character cannot stand in a script",
                           draft_names[name].option);
    return draft_names[name].role != NULL ? people_give(d, name, value, err)
                                          : value_set(d, name, text_copy(value));
}

/* ---- putting them in ---- */

/* Which text begins here, the longest of them; its replacement. NULL: none. */
static const char *replacement(const char **literal, const char *at, const struct draft *d,
                               char *const *values)
{
    const char *best = NULL;
    *literal = "";
    for (size_t i = 0; i < DRAFT_NAMES; i++) {
        const char *const texts[] = {draft_names[i].literal, draft_names[i].other};
        for (size_t n = 0; n < 2; n++) {
            if (texts[n] == NULL || strncmp(at, texts[n], strlen(texts[n])) != 0 ||
                strlen(texts[n]) <= strlen(*literal))
                continue;
            *literal = texts[n];
            best = values[i];
        }
    }
    if (best == NULL && d->value[FOR_ORGANISATION] != NULL &&
        strncmp(at, ORGANISATION " ", strlen(ORGANISATION " ")) == 0) {
        *literal = ORGANISATION;
        best = d->value[FOR_ORGANISATION];
    }
    return best;
}

static void text_fill(struct bytes *text, const struct draft *d, char *const *values)
{
    struct bytes out = {0};
    for (const char *at = bytes_string(text); *at != '\0';) {
        const char *literal;
        const char *with = replacement(&literal, at, d, values);
        if (with != NULL)
            bytes_text(&out, with);
        else
            bytes_add(&out, at, 1);
        at += with != NULL ? strlen(literal) : 1;
    }
    bytes_free(text);
    *text = out;
}

void draft_fill(struct draft *d)
{
    char *values[DRAFT_NAMES];
    for (size_t i = 0; i < DRAFT_NAMES; i++)
        values[i] = d->value[i] != NULL ? text_copy(d->value[i]) : draft_default(d, i);
    for (size_t i = 0; i < d->count; i++)
        text_fill(&d->file[i].text, d, values);
    for (size_t i = 0; i < DRAFT_NAMES; i++)
        free(values[i]);
}

#include "reportparts.h"

#include "../ceremony/certificate.h"
#include "../ceremony/crl.h"
#include "../ceremony/file.h"
#include "../ceremony/preview.h"
#include "page.h"

#include <string.h>

#define ENTRIES_TOLD 10000 /* of a revocation list; "entries" counts all */

static json_t *hex_of(const struct bytes *data)
{
    char hex[DIGEST_HEX];
    digest_hex(hex, data->data, data->len);
    return json_string(hex);
}

/* A text of a page, which promises UTF-8 and may not keep it. */
static json_t *text_new(const struct bytes *data)
{
    json_t *text = data != NULL ? json_stringn((const char *)data->data, data->len) : NULL;
    return text != NULL ? text : json_string("");
}

/* ---- what was made ---- */

static json_t *extensions_of(const X509 *cert)
{
    OWN(json_t) *shown = preview_json(cert);
    return json_incref(json_object_get(shown, "extensions"));
}

/* One that lies in several places is told once; the first place counts. */
static bool is_known(const json_t *list, const char *member, const char *value)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one) if (strcmp(json_text(one, member), value) == 0) return true;
    return false;
}

static void place(json_t *made, const json_t *output, unsigned page)
{
    json_object_set_new(made, "name", json_string(json_text(output, "name")));
    json_object_set_new(made, "member", json_string(json_text(output, "member")));
    json_object_set_new(made, "page", json_integer(page));
    json_object_set_new(made, "generated", json_boolean(json_is_true(json_object_get(output, "generated"))));
}

static void certificate_add(json_t *report, const json_t *output, const struct page_read *page)
{
    const struct bytes *text = tarball_find(&page->tar, json_text(output, "member"));
    struct err ignored = {0};
    OWN(X509) *cert = NULL;
    OWN(json_t) *made = NULL;
    json_t *list = json_object_get(report, "certificates");
    if (text == NULL || !certificate_parse(&cert, text, "", &ignored) ||
        !certificate_to_json(&made, cert, &ignored) || is_known(list, "sha256", json_text(made, "sha256")))
        return; /* verify says what is wrong with it */
    place(made, output, page->number);
    json_object_set_new(made, "extensions", extensions_of(cert));
    json_array_append(list, made);
}

static void request_add(json_t *report, const json_t *output, const struct page_read *page)
{
    OWN(json_t) *made = json_object();
    place(made, output, page->number);
    json_object_set_new(made, "sha256", json_string(json_text(output, "sha256")));
    json_object_set_new(made, "spki_sha256", json_string(json_text(output, "spki_sha256")));
    json_array_append(json_object_get(report, "requests"), made);
}

static void crl_add(json_t *report, const json_t *output, const struct page_read *page)
{
    const struct bytes *text = tarball_find(&page->tar, json_text(output, "member"));
    struct err ignored = {0};
    OWN(X509_CRL) *crl = NULL;
    OWN(json_t) *made = NULL;
    json_t *list = json_object_get(report, "crls");
    if (text == NULL || !crl_parse(&crl, text, "", &ignored) || !crl_to_json(&made, crl, &ignored) ||
        is_known(list, "sha256", json_text(made, "sha256")))
        return;
    place(made, output, page->number);
    const bool received = json_is_true(json_object_get(output, "received"));
    json_object_set_new(made, "issuer_name", json_string(json_text(output, received ? "under" : "issuer")));
    json_object_set_new(made, "received", json_boolean(received));
    json_object_set_new(made, "revoked", crl_revoked_json(crl, ENTRIES_TOLD));
    json_array_append(list, made);
}

static void key_add(json_t *report, const json_t *output, const struct page_read *page)
{
    json_t *made = json_object();
    place(made, output, page->number);
    static const char *const told[] = {"key", "spki_sha256", "place", "mode"};
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        json_object_set_new(made, told[i], json_string(json_text(output, told[i])));
    json_object_set_new(made, "purged", json_null());
    json_array_append_new(json_object_get(report, "keys"), made);
}

/* The key that lay at that place until now. */
static void key_purged(json_t *report, const json_t *output, const struct page_read *page)
{
    json_t *keys = json_object_get(report, "keys");
    for (size_t i = json_array_size(keys); i-- > 0;) {
        json_t *key = json_array_get(keys, i);
        if (strcmp(json_text(key, "place"), json_text(output, "path")) == 0 &&
            json_is_null(json_object_get(key, "purged"))) {
            json_object_set_new(key, "purged", json_integer(page->number));
            return;
        }
    }
}

/* A key that only was used, as the root's: it is in no output. */
static void key_used(json_t *report, const json_t *input, const struct page_read *page)
{
    json_t *keys = json_object_get(report, "keys");
    if (strcmp(json_text(input, "kind"), "key") == 0 &&
        !is_known(keys, "spki_sha256", json_text(input, "spki_sha256")))
        key_add(report, input, page);
}

static void outputs_add(json_t *report, const struct page_read *page)
{
    static const struct {
        const char *kind;
        void (*add)(json_t *report, const json_t *output, const struct page_read *page);
    } kinds[] = {{"certificate", certificate_add},
                 {"request", request_add},
                 {"crl", crl_add},
                 {"key", key_add},
                 {"purged", key_purged}};
    size_t i;
    json_t *output;
    json_array_foreach(json_object_get(page->json, "outputs"), i, output)
    {
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (strcmp(kinds[k].kind, json_text(output, "kind")) == 0)
                kinds[k].add(report, output, page);
    }
    json_array_foreach(json_object_get(page->json, "inputs"), i, output) key_used(report, output, page);
}

/* ---- a page ---- */

static json_t *members_of(const struct page_read *page)
{
    json_t *list = json_array();
    for (size_t i = 0; i < page->tar.count; i++) {
        const struct member *member = &page->tar.member[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:I}", "name", member->name, "sha256",
                                              hex_of(&member->data), "size", (json_int_t)member->data.len));
    }
    return list;
}

/* Labels of the seals beside it. */
static json_t *seals_of(const struct names *names, const char *file)
{
    json_t *list = json_array();
    size_t len = strlen(file);
    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->name[i], *end = strrchr(name, '.');
        if (strncmp(name, file, len) == 0 && name[len] == '.' && strcmp(end, ".p7s") == 0 && end > name + len)
            json_array_append_new(list, json_stringn(name + len + 1, (size_t)(end - name) - len - 1));
    }
    return list;
}

static void page_add(json_t *report, const struct page_read *page, const struct names *names,
                     const char *file)
{
    json_t *told = json_copy(page->json);
    json_t *commit = json_object_get(json_object_get(page->json, "ledger"), "commit");
    json_object_set_new(told, "file", json_string(file));
    json_object_set_new(told, "sha256", json_string(page->sha256));
    json_object_set_new(told, "seals", seals_of(names, file));
    json_object_set_new(told, "transcript", text_new(tarball_find(&page->tar, "transcript.txt")));
    json_object_set_new(told, "members", members_of(page));
    json_object_set_new(told, "commit", commit != NULL ? json_incref(commit) : json_null());
    json_array_append_new(json_object_get(report, "pages"), told);
}

static json_t *evidence_json(const struct page_read *page, const char *name)
{
    const struct bytes *text = tarball_find(&page->tar, name);
    struct err ignored = {0}; /* verify says what is wrong with it */
    json_t *value = NULL;
    return text != NULL && json_read(&value, text, name, &ignored) ? value : NULL;
}

static void evidence_add(json_t *report, const struct page_read *page)
{
    OWN(json_t) *doctor = evidence_json(page, "evidence/doctor.json");
    json_t *plan = evidence_json(page, "evidence/plan.json");
    if (plan != NULL)
        json_object_set_new(report, "plan", plan);
    if (doctor != NULL)
        json_array_append_new(json_object_get(report, "doctors"),
                              json_pack("{s:I, s:s, s:O?}", "page", (json_int_t)page->number, "station",
                                        json_text(page->json, "station"), "rows",
                                        json_object_get(doctor, "rows")));
}

static void lints_add(json_t *report, const struct page_read *page)
{
    static const char prefix[] = "evidence/lint-";
    for (size_t i = 0; i < page->tar.count; i++) {
        const char *name = page->tar.member[i].name;
        OWN(json_t) *lint = strncmp(name, prefix, sizeof prefix - 1) == 0 ? evidence_json(page, name) : NULL;
        if (lint != NULL)
            report_lint_add(report, page->number, name, lint);
    }
}

/* The register as its newest page has it: an entry a line. */
static void register_add(json_t *report, const struct page_read *page)
{
    const struct bytes *text = tarball_find(&page->tar, "evidence/register.jsonl");
    if (text == NULL)
        return;
    json_t *entries = json_array();
    json_object_set_new(report, "register", entries);
    for (const char *line = bytes_string(text); *line != '\0';) {
        size_t len = strcspn(line, "\n");
        OWN_STRUCT(bytes) one = bytes_copy(line, len);
        struct err ignored = {0}; /* verify says what is wrong with it */
        json_t *entry = NULL;
        if (json_read(&entry, &one, "", &ignored))
            json_array_append_new(entries, entry);
        line += len + (line[len] == '\n');
    }
}

static bool page_read_file(struct page_read *page, const char *record, const char *file, struct err *err)
{
    OWN(char) *path = path_join(record, file);
    OWN_STRUCT(bytes) data = {0};
    return file_read(&data, path, FILE_MAX_PAGE, err) && page_parse(page, &data, file, err);
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);
    return len > tail && strcmp(text + len - tail, end) == 0;
}

bool report_pages(json_t *report, const char *record, struct err *err)
{
    static const char *const lists[] = {"pages", "unreadable", "certificates", "requests", "crls",
                                        "keys",  "register",   "doctors",      "lints"};
    OWN_STRUCT(names) names = {0};
    if (!folder_list(&names, record, err))
        return false;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        json_object_set_new(report, lists[i], json_array());
    json_object_set_new(report, "plan", json_null());
    for (size_t i = 0; i < names.count; i++) {
        struct err why = {0};
        OWN_STRUCT(page_read) page = {0};
        if (!ends_with(names.name[i], ".tar"))
            continue;
        if (!page_read_file(&page, record, names.name[i], &why)) {
            json_array_append_new(json_object_get(report, "unreadable"),
                                  json_pack("{s:s, s:s}", "file", names.name[i], "why", why.text));
            continue;
        }
        page_add(report, &page, &names, names.name[i]);
        evidence_add(report, &page);
        lints_add(report, &page);
        register_add(report, &page);
        outputs_add(report, &page);
    }
    return true;
}

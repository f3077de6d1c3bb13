/* story.h - for tests: a whole small ceremony of two stations, told right or with one crime in it. */
#ifndef VERGER_TESTS_STORY_H
#define VERGER_TESTS_STORY_H

#include "book.h"
#include "cheapseal.h"
#include "linted.h"

#include "audit/pagetext.h"
#include "audit/record.h"
#include "audit/verify.h"
#include "ceremony/crl.h"

#define STORY_PAGES 6

/* Who seals. Making them costs a second (PBKDF2), so that a test with many stories makes them once. */
struct cast {
    struct seal *ca, *root;
    struct key *key; /* of the intermediate; key.pem and request.pem in the folder */
};
static inline void cast_free(struct cast *c)
{
    seal_free(c->ca);
    seal_free(c->root);
    key_free(c->key);
}

/* The scratch folder gets record/, and signers.pem as an auditor would have it. */
struct story {
    const char *folder;
    char *path;
    const struct seal *ca, *root;
    struct record *record;
    struct key *root_key;
    const struct key *key;
    struct bytes root_pem, certificate_pem, request_pem;
    X509 *root_cert;
    char key_spki[DIGEST_HEX], purged_spki[DIGEST_HEX];
    const char *crimes; /* what this story does wrong: words with commas, or "" */
};

static inline void story_free(struct story *s)
{
    record_free(s->record);
    key_free(s->root_key);
    bytes_free(&s->root_pem);
    bytes_free(&s->certificate_pem);
    bytes_free(&s->request_pem);
    X509_free(s->root_cert);
    free(s->path);
}

static inline bool crime_is(const struct story *s, const char *crime)
{
    return crime_in(s->crimes, crime);
}

/* What the root's register is made of. */
static inline struct book book_of(const struct story *s)
{
    struct err err = {0};
    struct book book = {.certificate = &s->certificate_pem, .crimes = s->crimes};
    assert_ok(certificate_spki_digest(book.spki, s->root_cert, &err));
    return book;
}

static inline struct seal *enrol(const char *folder, const char *home, const char *name, const char *station)
{
    OWN_SECRET *password = secret_new("seal password", 13);
    OWN(char) *path = path_join(folder, home);
    return cheapseal(path, name, station, false, password, time(NULL));
}

/* ---- artefacts ---- */

static inline void root_make(struct story *s)
{
    struct err err = {0};
    time_t now = time(NULL);
    const struct ca_subject subject = {.name = "Old Root CA",
                                       .path_length = crime_is(s, "root of leaves") ? 0 : 1,
                                       .not_before = now - 10,
                                       .not_after = now + 400 * 86400};
    assert_ok(key_generate(&s->root_key, "P-256", &err));
    assert_ok(certificate_make_ca(&s->root_pem, &subject, s->root_key, NULL, NULL, &err));
    assert_ok(certificate_parse(&s->root_cert, &s->root_pem, "root", &err));
}

static inline void intermediate_make(struct story *s)
{
    struct err err = {0};
    time_t now = time(NULL);
    const struct ca_subject subject = {.name = crime_is(s, "marked") ? "REHEARSAL Intermediate CA"
                                                                     : "Intermediate CA",
                                       .path_length = 0,
                                       .not_before = now - 10,
                                       .not_after = now + 300 * 86400};
    OWN_KEY *stranger = NULL;
    OWN(X509) *other_cert = NULL;
    OWN_STRUCT(bytes) other_pem = {0};
    const struct ca_subject other = {
        .name = "Old Root CA", .path_length = 1, .not_before = now - 10, .not_after = now + 400 * 86400};
    assert_ok(key_generate(&stranger, "P-256", &err));
    assert_ok(certificate_make_ca(&other_pem, &other, stranger, NULL, NULL, &err));
    assert_ok(certificate_parse(&other_cert, &other_pem, "other", &err));
    bool foreign = crime_is(s, "foreign issuer");
    assert_ok(certificate_make_ca(&s->certificate_pem, &subject, crime_is(s, "other key") ? stranger : s->key,
                                  foreign ? other_cert : s->root_cert, foreign ? stranger : s->root_key,
                                  &err));
}

/* ---- pages ---- */

static inline struct page *begin(struct story *s, const char *title, const char *station)
{
    struct err err = {0};
    struct page *page = NULL;
    char slug[61];
    OWN(json_t) *people = json_pack("[{s:s, s:s}, {s:s, s:s}]", "role", "operator", "name", "Ada \xc3\x96p",
                                    "role", "witness", "name", "Ben");
    OWN(json_t) *versions = json_pack("{s:s}", "verger", "test");
    OWN(json_t) *seals = json_pack("[{s:s}]", "station", station);
    if (crime_is(s, "ben is wanted") && strcmp(title, "Install") == 0)
        json_array_append_new(seals, json_pack("{s:i}", "witnesses", 1));
    assert_true(page_slug(slug, title));
    struct page_head head = {.ceremony_id = "0123456789abcdef0123456789abcdef",
                             .ceremony_title = "Test",
                             .ceremony_version = "1.0",
                             .number = record_count(s->record),
                             .title = title,
                             .slug = slug,
                             .station = station,
                             .unattended = true,
                             .people = people,
                             .versions = versions,
                             .not_before = record_finished(s->record),
                             .seals_required = seals};
    memcpy(head.previous, record_head(s->record), DIGEST_HEX);
    assert_ok(page_open(&page, &head, &err));
    page_say(page, "Here we are.");
    return page;
}

static inline void finish(struct story *s, struct page *page, const char *station)
{
    struct err err = {0};
    OWN_PAGE *owned = page;
    OWN(char) *authority = text_format("%s/authority-%s", s->folder, station);
    const struct station where = {
        .name = station, .authority = authority, .seal = strcmp(station, "ca") == 0 ? s->ca : s->root};
    assert_ok(folder_make(authority, 0700, &err));
    assert_ok(record_commit(s->record, owned, &where, &err));
}

static inline void output(struct page *page, const char *member, const struct bytes *content, json_t *output)
{
    char hex[DIGEST_HEX];
    if (content != NULL) {
        digest_hex(hex, content->data, content->len);
        json_object_set_new(output, "sha256", json_string(hex));
        json_object_set_new(output, "member", json_string(member));
    }
    page_output(page, output);
}

static const char script[] = "ceremony \"Test\" { version = \"1.0\" }\n";

static inline json_t *step_json(const char *title, const char *station)
{
    char slug[61];
    assert_true(page_slug(slug, title));
    return json_pack("{s:s, s:s, s:s}", "title", title, "slug", slug, "station", station);
}

/* The step that signs, with the dates of what it signed. */
static inline json_t *sign_json(const struct story *s)
{
    struct err err = {0};
    OWN(X509) *certificate = NULL;
    OWN(json_t) *facts = NULL;
    json_t *step = step_json("Sign", "root");
    assert_ok(certificate_parse(&certificate, &s->certificate_pem, "certificate", &err));
    assert_ok(certificate_to_json(&facts, certificate, &err));
    const char *ends = json_string_value(json_object_get(facts, "not_after"));
    json_object_set_new(
        step, "words",
        json_pack("[{s:s, s:s, s:O, s:s}, {s:s, s:s, s:{s:s, s:[{s:s, s:s, s:s}]}}]", "verb", "sign", "name",
                  crime_is(s, "never made") ? "other certificate" : "intermediate certificate", "begins",
                  json_object_get(facts, "not_before"), "ends",
                  crime_is(s, "other dates") ? "2031-01-01T00:00:00Z" : ends, "verb", "publish", "name",
                  "list", "options", "after", "list before", "revoke", "serial",
                  crime_is(s, "none revoked") ? "0166" : "0144", "date", "2020-01-02T00:00:00Z", "reason",
                  "superseded"));
    return step;
}

/* A policy that the certificate is to say too, which says nothing of the kind; a key that custodians are to
 * open, and the page does not say who did. */
static inline json_t *install_json(const struct story *s)
{
    json_t *step = step_json("Install", "ca");
    if (crime_is(s, "unconstrained"))
        json_object_set_new(step, "words",
                            json_pack("[{s:s, s:{s:b}}]", "verb", "policy", "options", "constrain", 1));
    if (crime_is(s, "takes nothing over"))
        json_object_set_new(step, "words",
                            json_pack("[{s:s, s:s}]", "verb", "adopt", "name", "the authority"));
    if (crime_is(s, "ben is wanted"))
        json_object_set_new(step, "witnessed_by", json_integer(1));
    if (crime_is(s, "nobody attests"))
        json_object_set_new(step, "words",
                            json_pack("[{s:s, s:s}]", "verb", "attest", "name", "Was the script followed?"));
    if (crime_is(s, "opened by nobody"))
        json_object_set_new(step, "words",
                            json_pack("[{s:s, s:s, s:{s:s}}]", "verb", "unlock", "name", "key", "options",
                                      "by", "custodians"));
    return step;
}

/* The step behind the last page; "put away": it keeps a copy of the key. */
static inline json_t *last_json(const struct story *s)
{
    json_t *step = step_json("Never walked", "ca");
    if (crime_is(s, "put away"))
        json_object_set_new(step, "words",
                            json_pack("[{s:s, s:s, s:{s:[s], s:s}}]", "verb", "backup", "name", "key",
                                      "options", "to", "medium A", "certificate",
                                      "intermediate certificate"));
    return step;
}

static inline void plan_put(struct story *s, struct page *page)
{
    struct err err = {0};
    char script_hex[DIGEST_HEX], template_hex[DIGEST_HEX];
    digest_hex(script_hex, script, strlen(script));
    digest_hex(template_hex, "{}", 2);
    OWN(json_t) *plan = json_pack(
        "{s:s, s:s, s:{s:s, s:s}, s:[{s:s, s:s}], s:[{s:s, s:i}, {s:s, s:i}], s:[o, o, o, o, o, o]}", "title",
        "Test", "version", "1.0", "script", "name", "test.lua", "sha256", script_hex, "templates", "path",
        "a.tpl", "sha256", template_hex, "people", "role", "operator", "count", 1, "role", "witness", "count",
        crime_is(s, "nobody watches") ? 2 : 1, "steps", step_json("Make", "ca"), step_json("Purge", "ca"),
        step_json("Ask", crime_is(s, "elsewhere") ? "root" : "ca"), sign_json(s), install_json(s),
        last_json(s));
    OWN_STRUCT(bytes) text = {0};
    if (crime_is(s, "unwaived"))
        json_object_set_new(plan, "profile", json_string("public-tls"));
    if (crime_is(s, "other profile"))
        json_object_set_new(plan, "profile", json_string("etsi"));
    assert_ok(json_canonical(&text, plan, &err));
    assert_ok(page_evidence(page, "plan.json", text.data, text.len, &err));
    assert_ok(
        page_member(page, "script/test.lua", script, strlen(script) - crime_is(s, "another script"), &err));
    assert_ok(page_member(page, "script/a.tpl", "{}", 2, &err));
}

static inline void page_script(struct story *s)
{
    struct err err = {0};
    struct page *page = begin(s, "Script", "ca");
    OWN_STRUCT(bytes) ca = {0};
    OWN_STRUCT(bytes) root = {0};
    plan_put(s, page);
    const struct book book = book_of(s);
    book_name(&book, page);
    assert_ok(certificate_pem(&ca, seal_certificate(s->ca), &err));
    assert_ok(certificate_pem(&root, seal_certificate(s->root), &err));
    OWN_STRUCT(bytes)
    eve = crime_is(s, "eve witnesses") ? get(s->folder, "home-eve/seal.crt") : (struct bytes){0};
    const struct bytes pems[] = {ca, root, eve};
    assert_ok(record_enrol(s->record, page, pems, eve.len > 0 ? 3 : 2, &err));
    OWN_STRUCT(bytes) all = bytes_copy(ca.data, ca.len);
    bytes_add(&all, root.data, root.len);
    bytes_add(&all, eve.data, eve.len);
    put(s->folder, "signers.pem", all.data, all.len);
    put(s->folder, "ca-only.pem", ca.data, ca.len);
    finish(s, page, "ca");
}

static inline void page_make(struct story *s)
{
    static const char jwk[] = "{\"a\":[{\"kty\":\"EC\",\"d\":\"AA\"}]}";
    struct err err = {0};
    struct page *page = begin(s, "Make", "ca");
    OWN_KEY *key = NULL;
    OWN_STRUCT(bytes) pem = {0};
    time_t now = time(NULL);
    const struct ca_subject subject = {.organization = "Gen",
                                       .name = "Gen Root CA",
                                       .path_length = 1,
                                       .not_before = now,
                                       .not_after = now + 400 * 86400};
    assert_ok(key_generate(&key, "P-256", &err));
    assert_ok(key_spki_digest(s->purged_spki, key, &err));
    assert_ok(certificate_make_ca(&pem, &subject, key, NULL, NULL, &err));
    assert_ok(page_file(page, "certs/root_ca.crt", pem.data, pem.len, 0600, &err));
    assert_ok(page_file(page, "config/ca.json", "{}", 2, 0644, &err));
    page_folder(page, "certs", 0700);
    output(page, "files/ca/certs/root_ca.crt", &pem,
           json_pack("{s:s, s:s, s:b, s:s}", "name", "generated root", "kind", "certificate", "generated", 1,
                     "place", "certs/root_ca.crt"));
    if (crime_is(s, "secret"))
        assert_ok(page_evidence(page, "jwk.json", jwk, strlen(jwk), &err));
    if (crime_is(s, "exception"))
        page_deviation(page,
                       json_pack("{s:s, s:s, s:s, s:s}", "expected", "light", "happened", "the lamp fell",
                                 "decided", "to light a candle", "by", "Ada \xc3\x96p"));
    if (crime_is(s, "decided"))
        page_deviation(page, json_pack("{s:s, s:s, s:s, s:s, s:s}", "rule", "previous.named", "expected",
                                       "a name", "happened", "none", "decided", "to go on", "by", "Ben"));
    finish(s, page, "ca");
}

static inline void page_purge(struct story *s)
{
    struct page *page = begin(s, "Purge", "ca");
    if (!crime_is(s, "half a purge"))
        page_remove(page, "certs/root_ca.crt");
    page_output(page, json_pack("{s:s, s:s, s:s, s:i, s:s}", "name", "certs/root_ca.crt", "kind", "purged",
                                "path", "certs/root_ca.crt", "size", 1, "spki_sha256",
                                crime_is(s, "it comes back") ? s->key_spki : s->purged_spki));
    finish(s, page, "ca");
}

static inline void page_ask(struct story *s)
{
    struct err err = {0};
    struct page *page = begin(s, "Ask", "ca");
    assert_ok(page_file(page, "certs/root_ca.crt", s->root_pem.data, s->root_pem.len, 0600, &err));
    output(page, "files/ca/certs/root_ca.crt", &s->root_pem,
           json_pack("{s:s, s:s, s:s}", "name", "root certificate", "kind", "certificate", "place",
                     "certs/root_ca.crt"));
    page_output(page, json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", "key", "kind", "key", "place",
                                "secrets/intermediate_ca_key", "mode", "0600", "spki_sha256",
                                crime_is(s, "key unknown") ? s->purged_spki : s->key_spki));
    assert_ok(page_evidence(page, "request.csr", s->request_pem.data, s->request_pem.len, &err));
    const struct bytes other = {(unsigned char *)"other", 5};
    output(page, "evidence/request.csr", crime_is(s, "another request") ? &other : &s->request_pem,
           json_pack("{s:s, s:s}", "name", "request", "kind", "request"));
    put(s->folder, "staged", "", 0);
    finish(s, page, "ca");
}

/* A list from elsewhere, which revokes two; and the one after it, which revokes a third. */
static inline void crl_put(struct story *s, struct page *page)
{
    struct err err = {0};
    OWN_STRUCT(bytes) old = {0};
    OWN_STRUCT(bytes) der = {0};
    char tbs[DIGEST_HEX];
    const time_t then = 1577923200; /* 2020-01-02 */
    const struct crl_entry entries[] = {
        {"0142", then - 1, 1}, {"0143", then - 2, -1}, {"0144", then, 4}, {"0155", then, 4}};
    const size_t forgotten = crime_is(s, "forgotten") ? 1 : 0, more = crime_is(s, "unplanned") ? 1 : 0;
    struct crl_draft draft = {.issuer = s->root_cert,
                              .key = s->root_key,
                              .number = crime_is(s, "no rise") ? 1 : 0,
                              .this_update = time(NULL),
                              .next_update = time(NULL) + 86400,
                              .entries = entries,
                              .count = 2};
    assert_ok(crl_issue(&old, tbs, &draft, &err));
    assert_ok(page_evidence(page, "before.crl", old.data, old.len, &err));
    output(page, "evidence/before.crl", &old,
           json_pack("{s:s, s:s, s:s, s:b}", "name", "list before", "kind", "crl", "under",
                     "root certificate", "received", 1));
    draft.number = 1;
    draft.entries = entries + forgotten;
    draft.count = 3 - forgotten + more;
    assert_ok(crl_issue(&der, tbs, &draft, &err));
    if (crime_is(s, "broken list"))
        der.data[der.len - 1] ^= 1;
    assert_ok(page_file(page, "publish/root.crl", der.data, der.len, 0644, &err));
    output(page, "files/root/publish/root.crl", &der,
           json_pack("{s:s, s:s, s:s, s:i}", "name", "list", "kind", "crl", "issuer", "root certificate",
                     "number", 1));
    linted_put(page, "list", &der, s->crimes);
    const struct book book = book_of(s);
    book_seal(&book, page, &der);
}

/* The template is page 0's, and what it rendered to is what certificate_make_ca makes. */
static inline void template_put(struct story *s, struct page *page)
{
    struct err err = {0};
    char hex[DIGEST_HEX];
    digest_hex(hex, crime_is(s, "own template") ? "[]" : "{}", 2);
    page_input(page, json_pack("{s:s, s:s, s:s}", "name", "a.tpl", "kind", "template", "sha256", hex));
    OWN(char) *json = text_format("{\"subject\":{\"commonName\":\"%sIntermediate CA\"},\"keyUsage\":"
                                  "[\"certSign\",\"crlSign\"],\"basicConstraints\":{\"isCA\":true,"
                                  "\"maxPathLen\":%d}}",
                                  crime_is(s, "marked") ? "REHEARSAL " : "", crime_is(s, "longer path"));
    if (!crime_is(s, "not rendered"))
        assert_ok(page_evidence(page, "intermediate.json", json, strlen(json), &err));
}

static inline void page_sign(struct story *s)
{
    struct err err = {0};
    struct page *page = begin(s, "Sign", "root");
    char hex[DIGEST_HEX];
    digest_hex(hex, s->request_pem.data, s->request_pem.len);
    template_put(s, page);
    page_input(page, json_pack("{s:s, s:s, s:i, s:s}", "name", "request", "kind", "request", "page",
                               crime_is(s, "input from nowhere") ? 1 : 3, "sha256", hex));
    assert_ok(page_evidence(page, "intermediate.crt", s->certificate_pem.data, s->certificate_pem.len, &err));
    output(page, "evidence/intermediate.crt", &s->certificate_pem,
           json_pack("{s:s, s:s, s:s}", "name", "intermediate certificate", "kind", "certificate", "issuer",
                     "root certificate"));
    linted_put(page, "intermediate certificate", &s->certificate_pem, s->crimes);
    crl_put(s, page);
    finish(s, page, "root");
}

static inline void page_install(struct story *s)
{
    struct err err = {0};
    struct page *page = begin(s, "Install", "ca");
    const char *place = "certs/intermediate_ca.crt", *member = "files/ca/certs/intermediate_ca.crt";
    assert_ok(page_file(page, place, s->certificate_pem.data, s->certificate_pem.len, 0600, &err));
    output(page, member, &s->certificate_pem,
           json_pack("{s:s, s:s, s:s, s:s*}", "name", "installed", "kind", "certificate", "place", place,
                     "key_place",
                     crime_is(s, "another key's place") ? "secrets/intermediate_ca_key-2" : NULL));
    const struct book book = book_of(s);
    book_tell(&book, page);
    finish(s, page, "ca");
}

/* The key at rest that page_ask speaks of. */
static inline void secret_stage(struct story *s)
{
    struct err err = {0};
    OWN(char) *authority = text_format("%s/authority-ca", s->folder);
    OWN_STRUCT(bytes) pem = get(s->folder, "key.pem");
    const struct station where = {.name = "ca", .authority = authority, .seal = s->ca};
    assert_ok(station_stage_secret(&where, "secrets/intermediate_ca_key", &pem, &err));
}

static inline struct key *key_make(const char *folder)
{
    struct err err = {0};
    OWN_SECRET *password = secret_new("key password", 12);
    OWN_STRUCT(bytes) pem = {0};
    struct key *key = NULL;
    assert_ok(key_generate(&key, "P-256", &err));
    assert_ok(key_write(&pem, key, password, &err));
    put(folder, "key.pem", pem.data, pem.len);
    assert_int_equal(run(folder,
                         "openssl req -new -config /dev/null -key key.pem -passin 'pass:key password' "
                         "-subj '/CN=Intermediate CA' -out request.pem"),
                     0);
    return key;
}

static inline struct cast cast_make(const char *folder)
{
    return (struct cast){.ca = enrol(folder, "home-ca", "Ada \xc3\x96p", "ca"),
                         .root = enrol(folder, "home-root", "Rut", "root"),
                         .key = key_make(folder)};
}

static inline struct story story_tell(const char *folder, const struct cast *cast, const char *crimes)
{
    struct err err = {0};
    struct story s = {.folder = folder,
                      .crimes = crimes,
                      .path = path_join(folder, "record"),
                      .ca = cast->ca,
                      .root = cast->root,
                      .key = cast->key};
    root_make(&s);
    assert_ok(key_spki_digest(s.key_spki, s.key, &err));
    s.request_pem = get(folder, "request.pem");
    intermediate_make(&s);
    assert_ok(record_open(&s.record, s.path, true, &err));
    page_script(&s);
    page_make(&s);
    page_purge(&s);
    secret_stage(&s);
    page_ask(&s);
    page_sign(&s);
    page_install(&s);
    return s;
}

#include "judged.h"

#endif

/* book.h - for tests: the register that a story's root station seals, true or with one crime in it. */
#ifndef VERGER_TESTS_BOOK_H
#define VERGER_TESTS_BOOK_H

#include "golden.h"

#include "audit/page.h"
#include "audit/register.h"
#include "ceremony/certificate.h"
#include "ceremony/crl.h"
#include "ceremony/tbs.h"

#define BOOK_CEREMONY "0123456789abcdef0123456789abcdef"
#define BOOK_BEFORE "00112233445566778899aabbccddeeff" /* the ceremony before */

/* Whose register it is, and what is wrong with it: words with commas, or "". */
struct book {
    char spki[DIGEST_HEX];           /* of the root's key */
    const struct bytes *certificate; /* that it signs on page 4, PEM */
    const char *crimes;
};

static inline bool crime_in(const char *crimes, const char *crime)
{
    OWN(char) *list = text_format(",%s,", crimes);
    OWN(char) *word = text_format(",%s,", crime);
    return strstr(list, word) != NULL;
}

static inline json_t *book_certificate(const struct bytes *pem, const char *issuer, unsigned page)
{
    struct err err = {0};
    char spki[DIGEST_HEX], tbs[DIGEST_HEX], fingerprint[DIGEST_HEX];
    OWN(X509) *certificate = NULL;
    OWN(json_t) *facts = NULL;
    assert_ok(certificate_parse(&certificate, pem, "certificate", &err));
    assert_ok(certificate_to_json(&facts, certificate, &err));
    assert_ok(certificate_spki_digest(spki, certificate, &err));
    assert_ok(certificate_fingerprint(fingerprint, certificate, &err));
    assert_ok(tbs_digest(tbs, certificate, &err));
    return json_pack("{s:s, s:s, s:s, s:O, s:s, s:s, s:s, s:i}", "ceremony", BOOK_CEREMONY, "kind",
                     "certificate", "issuer_spki", issuer, "serial", json_object_get(facts, "serial"),
                     "spki_sha256", spki, "tbs_sha256", tbs, "sha256", fingerprint, "page", (int)page);
}

static inline json_t *book_list(const struct bytes *der, const char *issuer, unsigned page)
{
    struct err err = {0};
    OWN(X509_CRL) *crl = NULL;
    OWN(json_t) *facts = NULL;
    assert_ok(crl_parse(&crl, der, "list", &err));
    assert_ok(crl_to_json(&facts, crl, &err));
    return json_pack("{s:s, s:s, s:s, s:O, s:O, s:O, s:i}", "ceremony", BOOK_CEREMONY, "kind", "crl",
                     "issuer_spki", issuer, "number", json_object_get(facts, "number"), "tbs_sha256",
                     json_object_get(facts, "tbs_sha256"), "sha256", json_object_get(facts, "sha256"), "page",
                     (int)page);
}

/* What the ceremony before signed: a certificate, or a list. */
static inline json_t *book_before(const char *issuer, const char *kind, long long number)
{
    char hex[DIGEST_HEX];
    OWN(char) *seed = text_format("%s %lld", kind, number);
    digest_hex(hex, seed, strlen(seed));
    json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i}", "ceremony", BOOK_BEFORE, "kind", kind,
                              "issuer_spki", issuer, "tbs_sha256", hex, "sha256", hex, "page", 5);
    if (strcmp(kind, "crl") == 0) {
        json_object_set_new(entry, "number", json_integer(number));
    } else {
        OWN(char) *serial = text_format("%llx", number);
        json_object_set_new(entry, "serial", json_string(serial));
        json_object_set_new(entry, "spki_sha256", json_string(hex));
    }
    return entry;
}

/* Format and place in the chain, as a home gives them; the entry is stolen. */
static inline void book_add(json_t *list, json_t *entry)
{
    struct register_end end;
    register_end(&end, list, json_string_value(json_object_get(entry, "issuer_spki")), NULL);
    json_object_set_new(entry, "format", json_string(REGISTER_FORMAT));
    json_object_set_new(entry, "previous", json_string(end.sha256));
    json_array_append_new(list, entry);
}

static inline struct bytes book_text(const json_t *list)
{
    struct err err = {0};
    struct bytes text = {0};
    OWN(json_t) *issuers = register_issuers(list);
    assert_ok(register_text(&text, list, issuers, &err));
    return text;
}

/* What the root's key had signed in the ceremony before. */
static inline json_t *book_begin(const struct book *b)
{
    json_t *list = json_array();
    OWN(json_t) *certificate = book_certificate(b->certificate, b->spki, 4);
    json_t *first = book_before(b->spki, "certificate", 17);
    if (crime_in(b->crimes, "serial twice"))
        json_object_set(first, "serial", json_object_get(certificate, "serial"));
    book_add(list, first);
    book_add(list, book_before(b->spki, "crl", crime_in(b->crimes, "number falls") ? 7 : 0));
    return list;
}

/* A station that signs nothing tells of it. */
static inline void book_tell(const struct book *b, struct page *page)
{
    struct err err = {0};
    OWN(json_t) *list = book_begin(b);
    OWN_STRUCT(bytes) text = book_text(list);
    if (crime_in(b->crimes, "hearsay"))
        assert_ok(page_evidence(page, "register.jsonl", text.data, text.len, &err));
}

/* Page 0 names that ceremony. */
static inline void book_name(const struct book *b, struct page *page)
{
    struct register_end end;
    OWN(json_t) *list = book_begin(b);
    register_end(&end, list, b->spki, NULL);
    json_t *input =
        json_pack("{s:s, s:s, s:s, s:s, s:[{s:s, s:i, s:s}]}", "name", "previous ceremony", "kind", "record",
                  "sha256", b->spki, "ceremony", BOOK_BEFORE, "register", "issuer_spki", b->spki, "entries",
                  crime_in(b->crimes, "a gap") ? 1 : 2, "sha256", end.sha256);
    if (crime_in(b->crimes, "head alone"))
        json_object_del(input, "register");
    if (crime_in(b->crimes, "other root before"))
        json_object_set_new(input, "register", json_array());
    if (crime_in(b->crimes, "none named"))
        json_decref(input);
    else
        page_input(page, input);
}

/* What the root's key ever signed: two things in the ceremony before, and what this page has. */
static inline void book_seal(const struct book *b, struct page *page, const struct bytes *der)
{
    struct err err = {0};
    char other[DIGEST_HEX];
    digest_hex(other, "other", 5);
    OWN(json_t) *list = book_begin(b);
    OWN(json_t) *certificate = book_certificate(b->certificate, b->spki, 4);
    if (!crime_in(b->crimes, "not entered"))
        book_add(list, json_incref(certificate));
    if (crime_in(b->crimes, "other part"))
        json_object_set_new(certificate, "tbs_sha256", json_string(other));
    if (!crime_in(b->crimes, "broken list"))
        book_add(list, book_list(der, b->spki, 4));
    if (crime_in(b->crimes, "never signed") || crime_in(b->crimes, "of another page")) {
        book_add(list, book_before(b->spki, "certificate", 18));
        json_object_set_new(json_array_get(list, 4), "ceremony", json_string(BOOK_CEREMONY));
        json_object_set_new(json_array_get(list, 4), "page",
                            json_integer(crime_in(b->crimes, "never signed") ? 4 : 3));
    }
    if (crime_in(b->crimes, "another root"))
        book_add(list, book_before(other, "certificate", 19));
    if (crime_in(b->crimes, "taken out"))
        json_array_remove(list, 0);
    if (crime_in(b->crimes, "edited"))
        json_object_set_new(json_array_get(list, 0), "serial", json_string("12"));
    OWN_STRUCT(bytes) text = book_text(list);
    if (!crime_in(b->crimes, "no register"))
        assert_ok(page_evidence(page, "register.jsonl", text.data, text.len, &err));
}

#endif

/* The register that a station's pages seal: each of them against the one before, and against what was signed.
 */
#include "register.h"
#include "shelf.h"

#include "../ceremony/crl.h"
#include "../ceremony/tbs.h"

#include <string.h>

/* ---- what a page signed ---- */

static bool is_signature(const struct artefact *a)
{
    return artefact_text(a, "issuer")[0] != '\0' &&
           (a->kind == ARTEFACT_CERTIFICATE || a->kind == ARTEFACT_CRL);
}

static bool certificate_facts(json_t *entry, const struct artefact *a, struct err *err)
{
    char tbs[DIGEST_HEX], fingerprint[DIGEST_HEX], spki[DIGEST_HEX];
    OWN(json_t) *facts = NULL;
    if (a->certificate == NULL)
        return err_set(err, "%s: cannot be read, so the register cannot be held against it", a->name);
    if (!tbs_digest(tbs, a->certificate, err) || !certificate_fingerprint(fingerprint, a->certificate, err) ||
        !certificate_to_json(&facts, a->certificate, err))
        return false;
    json_object_set(entry, "serial", json_object_get(facts, "serial"));
    artefact_spki(spki, a);
    json_object_set_new(entry, "spki_sha256", json_string(spki));
    json_object_set_new(entry, "tbs_sha256", json_string(tbs));
    json_object_set_new(entry, "sha256", json_string(fingerprint));
    return true;
}

static bool list_facts(json_t *entry, const struct artefact *a, struct err *err)
{
    static const char *const members[] = {"number", "tbs_sha256", "sha256"};
    OWN(X509_CRL) *crl = NULL;
    OWN(json_t) *facts = NULL;
    if (a->content == NULL)
        return err_set(err, "%s: is not on its page", a->name);
    if (!crl_parse(&crl, a->content, a->name, err) || !crl_to_json(&facts, crl, err))
        return false;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_object_set(entry, members[i], json_object_get(facts, members[i]));
    return true;
}

/* The entry that a signature must have, but for its place in the chain. */
static bool entry_wanted(json_t **out, const struct shelf *shelf, const struct sheet *sheet,
                         const struct artefact *a, struct err *err)
{
    char spki[DIGEST_HEX];
    const struct artefact *issuer = shelf_find(shelf, artefact_text(a, "issuer"));
    if (issuer == NULL)
        return err_set(err, "%s: its issuer \"%s\" is not in this record", a->name,
                       artefact_text(a, "issuer"));
    artefact_spki(spki, issuer);
    OWN(json_t) *entry = json_pack("{s:s, s:s, s:s, s:I, s:s}", "format", REGISTER_FORMAT, "kind",
                                   artefact_text(a, "kind"), "ceremony", sheet_text(sheet, "ceremony", "id"),
                                   "page", (json_int_t)a->page, "issuer_spki", spki);
    if (a->kind == ARTEFACT_CRL ? !list_facts(entry, a, err) : !certificate_facts(entry, a, err))
        return false;
    *out = GIVE(entry);
    return true;
}

/* ---- the entries of a page ---- */

struct book {
    json_t *list;         /* what the page seals */
    const json_t *before; /* what its station's page before it sealed; NULL when that was nothing */
    const char *ceremony;
    size_t at;
};

static bool is_of_page(const struct book *b, const json_t *entry)
{
    return strcmp(json_text(entry, "ceremony"), b->ceremony) == 0 &&
           json_integer_value(json_object_get(entry, "page")) == (json_int_t)b->at;
}

static bool entry_is(const json_t *entry, const json_t *wanted)
{
    OWN(json_t) *bare = json_copy((json_t *)entry);
    json_object_del(bare, "previous");
    return json_equal(bare, wanted);
}

static bool book_has(const struct book *b, const json_t *wanted)
{
    for (size_t i = 0; i < json_array_size(b->list); i++)
        if (entry_is(json_array_get(b->list, i), wanted))
            return true;
    return false;
}

/* Both ways: what was signed is entered as it is, and what is entered was signed. */
static bool signatures_check(const struct trial *t, const struct sheet *sheet, const struct book *b,
                             struct err *err)
{
    OWN(json_t) *signatures = json_array();
    const struct shelf *shelf = t->shelf;
    for (size_t i = shelf->count; i > 0 && shelf->artefact[i - 1].page == b->at; i--) {
        const struct artefact *a = &shelf->artefact[i - 1];
        OWN(json_t) *wanted = NULL;
        if (!is_signature(a))
            continue;
        if (!entry_wanted(&wanted, shelf, sheet, a, err))
            return false;
        if (!book_has(b, wanted))
            return err_set(err, "%s: the register has no entry, or another one, of %s", sheet->name, a->name);
        json_array_append(signatures, wanted);
    }
    for (size_t i = 0; i < json_array_size(b->list); i++) {
        const json_t *entry = json_array_get(b->list, i);
        bool is_signed = !is_of_page(b, entry);
        for (size_t n = 0; !is_signed && n < json_array_size(signatures); n++)
            is_signed = entry_is(entry, json_array_get(signatures, n));
        if (!is_signed)
            return err_set(err,
                           "%s: entry %zu of the register was signed on this page, which does not have it",
                           sheet->name, i + 1);
    }
    return true;
}

/* How many entries each issuer has. */
static json_t *counts_of(const json_t *list)
{
    json_t *counts = json_object();
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *issuer = json_text(json_array_get(list, i), "issuer_spki");
        json_int_t count = json_integer_value(json_object_get(counts, issuer));
        json_object_set_new(counts, issuer, json_integer(count + 1));
    }
    return counts;
}

/* What came in since the station's page before is of this page, or of another ceremony. */
static bool growth_check(const struct sheet *sheet, const struct book *b, struct err *err)
{
    OWN(json_t) *old = counts_of(b->before);
    for (size_t i = 0; i < json_array_size(b->list); i++) {
        const json_t *entry = json_array_get(b->list, i);
        const char *issuer = json_text(entry, "issuer_spki");
        json_int_t left = json_integer_value(json_object_get(old, issuer));
        json_object_set_new(old, issuer, json_integer(left - 1));
        if (left <= 0 && strcmp(json_text(entry, "ceremony"), b->ceremony) == 0 && !is_of_page(b, entry))
            return err_set(err,
                           "%s: entry %zu of the register is of another page of this ceremony, which did "
                           "not have it",
                           sheet->name, i + 1);
    }
    return true;
}

/* ---- the rules ---- */

static bool book_goes_on(const struct sheet *sheet, const struct book *b, struct err *err)
{
    OWN(json_t) *issuers = b->before != NULL ? register_issuers(b->before) : json_array();
    if (!register_holds(b->list, REGISTER_CHAIN, REGISTER_MEMBER, err))
        return err_wrap(err, "%s", sheet->name);
    for (size_t i = 0; i < json_array_size(issuers); i++) {
        enum register_order order =
            register_compare(b->list, b->before, json_string_value(json_array_get(issuers, i)));
        if (order != REGISTER_SAME && order != REGISTER_AHEAD)
            return err_set(err, "%s: the register does not begin with that of the station's page before it",
                           sheet->name);
    }
    return growth_check(sheet, b, err);
}

static bool roots_check(const struct shelf *shelf, const struct sheet *sheet, const struct book *b,
                        struct err *err)
{
    OWN(json_t) *issuers = register_issuers(b->list);
    for (size_t i = 0; i < json_array_size(issuers); i++) {
        const char *issuer = json_string_value(json_array_get(issuers, i));
        unsigned char spki[DIGEST_LEN];
        bool known = false;
        for (size_t n = 0; !known && hex_decode(spki, issuer, sizeof spki) && n < shelf->count; n++) {
            const struct artefact *a = &shelf->artefact[n];
            known = a->kind == ARTEFACT_CERTIFICATE && a->has_spki && memcmp(a->spki, spki, sizeof spki) == 0;
        }
        if (!known)
            return err_set(err,
                           "%s: the register is of a key that no certificate in this record has (SPKI "
                           "SHA-256 %s)",
                           sheet->name, issuer);
    }
    return true;
}

/* What a station that signs nothing tells of a key is hearsay. */
static bool station_check(const struct trial *t, const struct sheet *sheet, struct err *err)
{
    const char *station = sheet_text(sheet, "station", NULL);
    return t->plan == NULL || plan_signs(t->plan, station) ||
           err_set(err, "%s: a register of station \"%s\", which signs nothing in the plan", sheet->name,
                   station);
}

/* A register that is no chain is looked at no further: its entries may lack their form. */
static void book_judge(struct trial *t, const struct sheet *sheet, const struct book *b)
{
    const long page = (long)b->at;
    struct err err = {0};
    if (!checks_add(&t->checks, CHECK_REGISTER_CHAIN, page, book_goes_on(sheet, b, &err), &err))
        return;
    json_object_set(t->registers, sheet_text(sheet, "station", NULL), b->list);
    bool ok = station_check(t, sheet, &err) && roots_check(t->shelf, sheet, b, &err);
    checks_add(&t->checks, CHECK_REGISTER_ROOT, page, ok, &err);
    ok = register_holds(b->list, REGISTER_SERIALS, REGISTER_MEMBER, &err);
    checks_add(&t->checks, CHECK_REGISTER_SERIAL, page, ok, &err);
    ok = register_holds(b->list, REGISTER_NUMBERS, REGISTER_MEMBER, &err);
    checks_add(&t->checks, CHECK_REGISTER_NUMBER, page, ok, &err);
    ok = signatures_check(t, sheet, b, &err);
    checks_add(&t->checks, CHECK_REGISTER_SIGNATURES, page, ok, &err);
}

/* A page needs one when it signed, and when its station's pages had one before. */
static bool book_is_needed(const struct shelf *shelf, const struct book *b)
{
    bool needed = b->before != NULL;
    for (size_t i = shelf->count; i > 0 && shelf->artefact[i - 1].page == b->at; i--)
        needed = needed || is_signature(&shelf->artefact[i - 1]);
    return needed;
}

void register_checks(struct trial *t, const struct sheet *sheet)
{
    const struct bytes *text = tarball_find(&sheet->scan.page.tar, REGISTER_MEMBER);
    OWN(json_t) *list = NULL;
    struct err err = {0};
    struct book book = {.before = json_object_get(t->registers, sheet_text(sheet, "station", NULL)),
                        .ceremony = sheet_text(sheet, "ceremony", "id"),
                        .at = sheet->at};
    if (text == NULL && !book_is_needed(t->shelf, &book))
        return;
    bool read = text != NULL ? register_parse(&list, text, REGISTER_MEMBER, &err)
                             : err_set(&err, REGISTER_MEMBER " is missing");
    if (!read) {
        (void)err_wrap(&err, "%s", sheet->name);
        checks_add(&t->checks, CHECK_REGISTER_CHAIN, (long)sheet->at, false, &err);
        return;
    }
    book.list = list;
    book_judge(t, sheet, &book);
}

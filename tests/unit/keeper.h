/* keeper.h - for tests of pages and records: sealing keys, and the head of a page as the walk would give it.
 */
#ifndef VERGER_TESTS_KEEPER_H
#define VERGER_TESTS_KEEPER_H

#include "cheapseal.h"

#include "audit/record.h"

#define CEREMONY "0123456789abcdef0123456789abcdef"

/* Enrol and open a sealing key at <folder>/<name>. */
static inline struct seal *keeper(const char *folder, const char *name, const char *station, bool rehearsal)
{
    OWN_SECRET *password = secret_new("correct horse", 13);
    OWN(char) *home = path_join(folder, name);
    return cheapseal(home, "Ada Keeper", station, rehearsal, password, time(NULL));
}

static inline json_t *people_of_test(void)
{
    return json_pack("[{s:s, s:s}, {s:s, s:s}, {s:s, s:s}]", "role", "operator", "name", "Olga Operator",
                     "role", "witness", "name", "Wim Witness", "role", "witness", "name", "Zoë Witness");
}

/* A page at `station`; people may be NULL. */
static inline struct page *page_of_test(unsigned number, const char *title, const char *station,
                                        const char *previous, bool rehearsal, const json_t *people)
{
    struct err err = {0};
    struct page *page = NULL;
    char slug[61];
    OWN(json_t) *versions = json_pack("{s:s}", "verger", "0.1.0");
    OWN(json_t) *seals = json_pack("[{s:s}]", "station", station);
    struct page_head head = {.ceremony_id = CEREMONY,
                             .ceremony_title = "A test",
                             .ceremony_version = "1.0",
                             .number = number,
                             .title = title,
                             .slug = slug,
                             .station = station,
                             .rehearsal = rehearsal,
                             .people = people,
                             .versions = versions,
                             .seals_required = seals};
    assert_true(page_slug(slug, title));
    memcpy(head.previous, previous, DIGEST_HEX);
    assert_ok(page_open(&page, &head, &err));
    return page;
}

/* A page of a record that began with those people. */
static inline struct page *page_of_record(unsigned number, const char *title, const char *station,
                                          const char *previous)
{
    OWN(json_t) *people = people_of_test();
    return page_of_test(number, title, station, previous, false, people);
}

#endif

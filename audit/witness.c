#include "witness.h"

#include "beside.h"
#include "pagejson.h"
#include "recordparts.h"

#include <string.h>

static const json_t *people_of(const json_t *page)
{
    return json_object_get(page, "people");
}

static bool has_role(const json_t *page, const char *name, const char *role)
{
    size_t i;
    json_t *person;
    json_array_foreach(people_of(page), i, person)
    {
        if (strcmp(page_json_text(person, "name", NULL), name) == 0 &&
            strcmp(page_json_text(person, "role", NULL), role) == 0)
            return true;
    }
    return false;
}

unsigned witnesses_wanted(const json_t *page)
{
    size_t i;
    json_t *who;
    json_array_foreach(json_object_get(page, "seals_required"), i, who)
    {
        const json_t *count = json_object_get(who, "witnesses");
        if (count != NULL)
            return (unsigned)json_integer_value(count);
    }
    return 0;
}

bool witness_counts(const struct enrolled *who, const json_t *page)
{
    return who->signer.station[0] == 0 &&
           (has_role(page, who->signer.name, "witness") || has_role(page, who->signer.name, "witnesses"));
}

bool witness_fit(const struct enrolled *who, const json_t *page, time_t when, const char *what,
                 struct err *err)
{
    time_t finished = 0;
    if (who->signer.station[0] != 0)
        return err_set(err, "%s: \"%s\" is a station, and a witness's seal is a person's", what, who->label);
    if (has_role(page, who->signer.name, "operator"))
        return err_set(err, "%s: %s is the operator, who never counts as a witness; somebody else must seal",
                       what, who->signer.name);
    if (!time_parse(&finished, page_json_text(page, "finished", "utc"), err))
        return false;
    return when >= finished ||
           err_set(err, "%s: was made before the page was finished; is that machine's clock behind?", what);
}

bool page_revokes(const json_t *page)
{
    return json_object_get(page, PAGE_REVOKED) != NULL;
}

bool witnesses_excused(const json_t *page)
{
    size_t i;
    json_t *deviation;
    if (json_object_get(page, PAGE_ABORTED) == NULL)
        return false;
    json_array_foreach(json_object_get(page, "deviations"), i, deviation)
    {
        if (strcmp(page_json_text(deviation, "rule", NULL), WITNESSES_MISSING) == 0)
            return true;
    }
    return false;
}

/* Whose seal counts, and is the first of theirs: a witness may have a key that was revoked, and the next. */
static bool seal_counts(const struct seal_files *seals, size_t at, const struct roster *roster,
                        const json_t *page)
{
    const struct enrolled *who = roster_find(roster, seals->file[at].label);
    if (who == NULL || !witness_counts(who, page))
        return false;
    for (size_t i = 0; i < at; i++) {
        const struct enrolled *other = roster_find(roster, seals->file[i].label);
        if (other != NULL && witness_counts(other, page) && strcmp(other->signer.name, who->signer.name) == 0)
            return false;
    }
    return true;
}

unsigned witnesses_missing(const struct seal_files *seals, const struct roster *roster, const json_t *page)
{
    unsigned wanted = witnesses_wanted(page), there = 0;
    for (size_t i = 0; i < seals->count; i++)
        there += seal_counts(seals, i, roster, page);
    return there < wanted ? wanted - there : 0;
}

/* ---- into the record ---- */

/* Enrolled before the page; or behind one that waited, with nothing between but the like. */
static bool sealer_is_known(const struct enrolled *who, const struct chain *chain,
                            const struct page_read *page, struct err *err)
{
    bool before = who->page == 0 || who->page < page->number;
    bool late = page->number == chain->walked && witnesses_wanted(page->json) > 0;
    return before || late ||
           err_set(err, "the seal is by \"%s\", which page %u enrols, for the pages behind it", who->label,
                   who->page);
}

/* Whom of those enrolled the seal is by, over these bytes. */
static bool sealer_find(const struct enrolled **out, const struct chain *chain, const struct bytes *p7s,
                        const struct bytes *tar, const struct page_read *page, struct err *err)
{
    const struct roster *roster = &chain->roster;
    OWN(X509) *signer = NULL;
    char sha256[DIGEST_HEX];
    time_t when = 0;
    if (!seal_signer(&signer, p7s, "the seal", err) || !certificate_fingerprint(sha256, signer, err))
        return false;
    for (size_t i = 0; i < roster->count; i++) {
        const struct enrolled *who = &roster->enrolled[i];
        if (strcmp(who->signer.sha256, sha256) != 0)
            continue;
        if (who->revoked != 0)
            return err_set(err, "the seal is by \"%s\", which page %u revokes", who->label, who->revoked);
        *out = who;
        return sealer_is_known(who, chain, page, err) &&
               seal_check(&when, p7s, tar, who->certificate, "the seal", err) &&
               witness_fit(who, page->json, when, "the seal", err);
    }
    return err_set(err, "the seal is by nobody who is enrolled in this record; certificates are enrolled at "
                        "its beginning, with verger run --enrol");
}

bool witness_place(char **name, struct record *record, unsigned number, const struct bytes *p7s,
                   struct err *err)
{
    const struct page_read *page = record_page(record, number);
    const struct enrolled *who = NULL;
    OWN_STRUCT(bytes) tar = {0};
    if (!beside_page(&tar, record, number, err) || !sealer_find(&who, &record->chain, p7s, &tar, page, err) ||
        who == NULL)
        return false;
    OWN(char) *made = seal_name(page->name, who->label);
    if (!beside_put(record, made, p7s, err))
        return false;
    chain_seal_add(&record->chain, number, who->label, p7s);
    *name = GIVE(made);
    return true;
}

bool witness_seal(char **name, struct record *record, unsigned number, const struct seal *seal,
                  struct err *err)
{
    OWN_STRUCT(bytes) tar = {0};
    OWN_STRUCT(bytes) p7s = {0};
    return beside_page(&tar, record, number, err) && seal_make(&p7s, seal, &tar, time(NULL), err) &&
           witness_place(name, record, number, &p7s, err);
}

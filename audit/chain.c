#include "chain.h"

#include "../ceremony/certificate.h"
#include "pagetext.h"
#include "sshsig.h"
#include "witness.h"

#include <string.h>

void chain_free(struct chain *c)
{
    for (size_t i = 0; i < c->count; i++)
        page_read_free(&c->page[i]);
    free(c->page);
    roster_free(&c->roster);
    ledger_tree_free(&c->tree);
    seal_files_free(&c->seals);
    *c = (struct chain){0};
}

void chain_start(struct chain *c)
{
    chain_free(c);
    memcpy(c->head, digest_zero, DIGEST_HEX);
}

void seal_files_free(struct seal_files *s)
{
    for (size_t i = 0; i < s->count; i++)
        bytes_free(&s->file[i].data);
    free(s->file);
    *s = (struct seal_files){0};
}

void seal_files_add(struct seal_files *s, const char *label, const struct bytes *data)
{
    s->file = reallocarray(s->file, s->count + 1, sizeof *s->file);
    if (s->file == NULL)
        abort();
    struct seal_file *file = &s->file[s->count++];
    *file = (struct seal_file){.data = bytes_copy(data->data, data->len)};
    snprintf(file->label, sizeof file->label, "%s", label);
}

void link_free(struct link *l)
{
    page_read_free(&l->page);
    roster_free(&l->roster);
    ledger_tree_free(&l->tree);
    seal_files_free(&l->seals);
    *l = (struct link){0};
}

/* ---- judging ---- */

static const char *text_of(const struct page_read *page, const char *member, const char *inner)
{
    return page_json_text(page->json, member, inner);
}

static const json_t *member_of(const struct page_read *page, const char *member)
{
    return json_object_get(page->json, member);
}

static bool order_check(const struct chain *chain, const struct page_read *page, struct err *err)
{
    time_t started = 0;
    if (page->number != chain->count)
        return err_set(err, "page %zu should be here; one is missing, or there twice", chain->count);
    if (strcmp(text_of(page, "previous", NULL), chain->head) != 0)
        return err_set(err, "\"previous\" is not the SHA-256 of the page before (%s)", chain->head);
    if (!time_parse(&started, text_of(page, "started", "utc"), err))
        return false;
    if (started < chain->finished)
        return err_set(err, "\"started\" is before the previous page's finished");
    if (chain->waits > 0 && !page_revokes(page->json) && !witnesses_excused(page->json))
        return err_set(err, "the page before waits for the seals of %u witnesses (verger witness --page %u)",
                       chain->waits, chain->walked);
    if (chain->count == 0)
        return true;
    if (member_of(&chain->page[chain->count - 1], PAGE_ABORTED) != NULL)
        return err_set(err, "the ceremony was aborted on the page before; no page follows a closing page");
    const struct page_read *first = &chain->page[0];
    if (!json_equal(member_of(first, "ceremony"), member_of(page, "ceremony")))
        return err_set(err, "\"ceremony\" is another than page 0's");
    if (!json_equal(member_of(first, "people"), member_of(page, "people")))
        return err_set(err, "\"people\" are others than page 0's");
    if (!json_equal(member_of(first, "rehearsal"), member_of(page, "rehearsal")))
        return err_set(err, "\"rehearsal\" is another than page 0's");
    return true;
}

static bool roster_check(struct link *link, const struct chain *chain, struct err *err)
{
    bool rehearsal = json_is_true(member_of(&link->page, "rehearsal"));
    roster_copy(&link->roster, &chain->roster);
    if (!roster_read(&link->roster, &link->page, err))
        return false;
    for (size_t i = chain->roster.count; i < link->roster.count; i++) {
        const struct enrolled *one = &link->roster.enrolled[i];
        if (one->signer.rehearsal != rehearsal)
            return err_set(err, "%s: enrolled %s (O=REHEARSAL %s), but this is %s", one->label,
                           rehearsal ? "for the record" : "for rehearsals", rehearsal ? "missing" : "there",
                           rehearsal ? "a rehearsal" : "no rehearsal");
    }
    return true;
}

static bool commit_check(const struct link *link, const struct bytes *raw, const struct enrolled *station,
                         struct err *err)
{
    OWN_STRUCT(ledger_commit_read) commit = {0};
    char tree[LEDGER_ID];
    if (!ledger_commit_parse(&commit, raw, err) || !ledger_tree_id(tree, &link->tree, err))
        return err_wrap(err, "commit");
    if (strcmp(commit.tree, tree) != 0)
        return err_set(err, "commit: its tree %s is not what the pages' files make, %s", commit.tree, tree);
    if (page_operator(link->page.json) == NULL && strcmp(commit.name, station->signer.name) != 0)
        return err_set(err, "commit: its author is neither operator nor signer");
    if (!sshsig_check(&commit.signature, station->certificate, "git", &commit.signed_part, err))
        return err_wrap(err, "commit");
    return true;
}

static bool ledger_judge(struct link *link, const struct chain *chain, const struct enrolled *station,
                         struct err *err)
{
    const struct page_read *page = &link->page;
    const struct bytes *raw = tarball_find(&page->tar, "commit");
    ledger_tree_copy(&link->tree, &chain->tree);
    if (!page_apply(&link->tree, page, err))
        return false;
    bool continues = strcmp(text_of(page, "ledger", raw != NULL ? "parent" : "head"), chain->ledger) == 0;
    if (!continues)
        return err_set(err, "\"ledger\" does not continue from %s",
                       chain->ledger[0] != 0 ? chain->ledger : "nothing");
    const char *id = raw != NULL ? text_of(page, "ledger", "commit") : chain->ledger;
    memcpy(link->ledger, id, LEDGER_ID);
    return raw == NULL || commit_check(link, raw, station, err);
}

static bool seal_file_check(const struct link *link, const struct roster *roster, const struct bytes *tar,
                            const struct seal_file *file, struct err *err)
{
    const struct page_read *page = &link->page;
    OWN(char) *what = text_format("%s.%s.p7s", page->name, file->label);
    const struct enrolled *signer = roster_find(roster, file->label);
    time_t when = 0;
    if (signer == NULL && witnesses_wanted(page->json) > 0)
        return true; /* a page behind it may enrol who sealed it: late_check, chain_end_check */
    if (signer == NULL)
        return err_set(err, "%s: nobody is enrolled as \"%s\"", what, file->label);
    if (signer->signer.station[0] != 0 && strcmp(signer->signer.station, text_of(page, "station", NULL)) != 0)
        return err_set(err, "%s: a page is sealed by its own station only", what);
    if (!enrolled_may_seal(signer, page->json, err))
        return err_wrap(err, "%s", what);
    if (!seal_check(&when, &file->data, tar, signer->certificate, what, err))
        return false;
    if (signer->signer.station[0] == 0)
        return witness_fit(signer, page->json, when, what, err);
    return when == page->tar.mtime || err_set(err, "%s: signingTime is not the page's finished", what);
}

static bool seals_check(const struct link *link, const struct roster *roster, const struct bytes *tar,
                        const struct seal_files *seals, struct err *err)
{
    for (size_t i = 0; i < seals->count; i++) {
        if (!seal_file_check(link, roster, tar, &seals->file[i], err))
            return false;
    }
    const json_t *required = member_of(&link->page, "seals_required");
    for (size_t i = 0; i < json_array_size(required); i++) {
        const json_t *who = json_array_get(required, i);
        if (json_object_get(who, "witnesses") != NULL)
            continue; /* they come when the page is closed */
        const char *station = page_json_text(who, "station", NULL);
        const char *label = station[0] != 0 ? station : page_json_text(who, "witness", NULL);
        const struct enrolled *signer = roster_required(roster, who);
        bool found = false;
        for (size_t n = 0; signer != NULL && n < seals->count && !found; n++)
            found = strcmp(seals->file[n].label, signer->label) == 0;
        if (signer == NULL)
            return err_set(err, "%s: must be sealed by the %s \"%s\", and none is enrolled", link->page.name,
                           station[0] != 0 ? "station" : "witness", label);
        if (!found)
            return err_set(err, "%s.%s.p7s: is missing, and the page says that %s must seal it",
                           link->page.name, signer->label, label);
    }
    return true;
}

/* ---- who is enrolled behind the page that they seal ---- */

bool chain_end_check(const struct chain *chain, struct err *err)
{
    for (size_t i = 0; i < chain->seals.count; i++) {
        const char *label = chain->seals.file[i].label;
        if (roster_find(&chain->roster, label) == NULL)
            return err_set(err, "%s.%s.p7s: nobody is enrolled as \"%s\"", chain->page[chain->walked].name,
                           label, label);
    }
    return true;
}

/* Seals of the page that waits, by the witness whom this page enrols. */
static bool late_check(const struct link *link, const struct chain *chain, struct err *err)
{
    const struct page_read *page = &chain->page[chain->walked];
    for (size_t i = 0; i < chain->seals.count; i++) {
        const struct seal_file *file = &chain->seals.file[i];
        const struct enrolled *signer = roster_find(&link->roster, file->label);
        OWN(char) *what = text_format("%s.%s.p7s", page->name, file->label);
        unsigned char digest[DIGEST_LEN];
        enum seal_rule broken;
        time_t when = 0;
        if (signer == NULL || signer->page != link->page.number)
            continue;
        if (!hex_decode(digest, page->sha256, sizeof digest))
            return err_set(err, "%s: its page has no SHA-256", what);
        if (!seal_judge(&when, &broken, &file->data, digest, signer->certificate, what, err) ||
            !witness_fit(signer, page->json, when, what, err))
            return false;
    }
    return true;
}

/* What the page that was walked last waits for, now that this one revokes or enrols somebody. */
static bool change_judge(struct link *link, const struct chain *chain, struct err *err)
{
    if (!late_check(link, chain, err))
        return false;
    link->waits = witnesses_missing(&chain->seals, &link->roster, chain->page[chain->walked].json);
    return true;
}

static bool link_judge(struct link *link, const struct chain *chain, const struct bytes *tar,
                       const struct seal_files *seals, struct err *err)
{
    if (!order_check(chain, &link->page, err) || !roster_check(link, chain, err))
        return false;
    /* Whom a page enrols does not vouch for that page, but for the first. */
    const struct roster *roster = chain->count == 0 ? &link->roster : &chain->roster;
    const char *station = text_of(&link->page, "station", NULL);
    const struct enrolled *own = roster_station(roster, station);
    if (own == NULL)
        return err_set(err, "nobody is enrolled for station \"%s\"; give its certificate with --enrol",
                       station);
    if (!ledger_judge(link, chain, own, err) || !seals_check(link, roster, tar, seals, err))
        return false;
    if (chain->count > 0 && page_revokes(link->page.json))
        return change_judge(link, chain, err);
    for (size_t i = 0; i < seals->count; i++)
        seal_files_add(&link->seals, seals->file[i].label, &seals->file[i].data);
    link->waits = witnesses_missing(seals, roster, link->page.json);
    return chain_end_check(chain, err);
}

bool chain_judge(struct link *out, const struct chain *chain, const struct bytes *tar, const char *name,
                 const struct seal_files *seals, struct err *err)
{
    OWN_STRUCT(link) link = {0};
    if (!page_parse(&link.page, tar, name, err))
        return false;
    if (!link_judge(&link, chain, tar, seals, err))
        return err_wrap(err, "%s", name);
    link_free(out);
    *out = link;
    link = (struct link){0};
    return true;
}

void chain_push(struct chain *chain, struct link *link)
{
    chain->page = reallocarray(chain->page, chain->count + 1, sizeof *chain->page);
    if (chain->page == NULL)
        abort();
    roster_free(&chain->roster);
    ledger_tree_free(&chain->tree);
    chain->roster = link->roster;
    chain->tree = link->tree;
    memcpy(chain->ledger, link->ledger, sizeof chain->ledger);
    memcpy(chain->head, link->page.sha256, sizeof chain->head);
    chain->finished = link->page.tar.mtime;
    chain->waits = link->waits;
    if (chain->count == 0 || !page_revokes(link->page.json)) {
        chain->walked = link->page.number;
        seal_files_free(&chain->seals);
        chain->seals = link->seals;
        link->seals = (struct seal_files){0};
    }
    chain->page[chain->count++] = link->page;
    *link = (struct link){0};
}

void chain_seal_add(struct chain *chain, unsigned number, const char *label, const struct bytes *p7s)
{
    if (number != chain->walked)
        return;
    seal_files_add(&chain->seals, label, p7s);
    chain->waits = witnesses_missing(&chain->seals, &chain->roster, chain->page[number].json);
}

/* ---- the ledger that follows ---- */

void expected_free(struct expected *e)
{
    for (size_t i = 0; i < e->count; i++) {
        bytes_free(&e->commit[i].commit);
        ledger_tree_free(&e->commit[i].tree);
    }
    free(e->commit);
    *e = (struct expected){0};
}

bool chain_expected(struct expected *out, const struct chain *chain, struct err *err)
{
    OWN_STRUCT(expected) made = {.commit = memory_new(chain->count, sizeof *made.commit)};
    OWN_STRUCT(ledger_tree) tree = {0};
    for (size_t i = 0; i < chain->count; i++) {
        const struct bytes *raw = tarball_find(&chain->page[i].tar, "commit");
        if (!page_apply(&tree, &chain->page[i], err))
            return false;
        if (raw == NULL)
            continue;
        struct ledger_expected *one = &made.commit[made.count++];
        one->commit = bytes_copy(raw->data, raw->len);
        ledger_tree_copy(&one->tree, &tree);
    }
    expected_free(out);
    *out = made;
    made = (struct expected){0};
    return true;
}

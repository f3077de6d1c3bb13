#include "trial.h"

#include "pagetext.h"
#include "sshsig.h"

#include <string.h>

/* The commits that the pages make, replayed from page 0 on. */
struct replay {
    struct ledger_expected *expected;
    size_t count;
    struct ledger_tree tree;
    char head[LEDGER_ID];
};

static void replay_free(struct replay *r)
{
    for (size_t i = 0; i < r->count; i++) {
        bytes_free(&r->expected[i].commit);
        ledger_tree_free(&r->expected[i].tree);
    }
    free(r->expected);
    ledger_tree_free(&r->tree);
    *r = (struct replay){0};
}

static bool tree_check(const struct replay *replay, const struct ledger_commit_read *commit, struct err *err)
{
    char tree[LEDGER_ID];
    if (!ledger_tree_id(tree, &replay->tree, err))
        return false;
    return strcmp(tree, commit->tree) == 0 ||
           err_set(err, "commit %s has the tree %s, and the pages' files make %s", commit->id, commit->tree,
                   tree);
}

static bool parent_check(const struct replay *replay, const char *parent, const char *what, struct err *err)
{
    return strcmp(parent, replay->head) == 0 ||
           err_set(err, "%s: continues from %s, and the commit before it is %s", what,
                   parent[0] != '\0' ? parent : "nothing", replay->head[0] != '\0' ? replay->head : "none");
}

static bool trailers_check(const struct trial *t, size_t at, const char *message, struct err *err)
{
    const struct sheet *sheet = &t->sheet[at];
    char number[24];
    snprintf(number, sizeof number, "%zu", at);
    const struct {
        const char *name, *value;
    } wanted[] = {
        {"Ceremony", sheet_text(sheet, "ceremony", "id")},
        {"Page", number},
        {"Station", sheet_text(sheet, "station", NULL)},
        {"Rehearsal", json_is_true(json_object_get(sheet->page.json, "rehearsal")) ? "true" : "false"},
        {"Previous-Page-SHA256", at > 0 ? t->sheet[at - 1].sha256 : digest_zero},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        OWN(char) *value = ledger_trailer(message, wanted[i].name);
        if (value == NULL || strcmp(value, wanted[i].value) != 0)
            return err_set(err, "%s: the commit's trailer %s is not \"%s\"", sheet->name, wanted[i].name,
                           wanted[i].value);
    }
    return true;
}

/* By the station's key, in the name of the operator or, where there is none, of whom the key belongs to. */
static bool signature_check(const struct trial *t, size_t at, const struct ledger_commit_read *commit,
                            struct err *err)
{
    const char *station = sheet_text(&t->sheet[at], "station", NULL);
    const char *author = page_operator(t->sheet[at].page.json);
    const struct enrolled *signer = roster_find(&t->roster, station);
    if (signer == NULL || signer->signer.station[0] == '\0')
        return err_set(err, "%s: nobody is enrolled for \"%s\"", t->sheet[at].name, station);
    if (strcmp(commit->name, author != NULL ? author : signer->signer.name) != 0)
        return err_set(err, "%s: commit %s is in another's name than its operator's or signer's",
                       t->sheet[at].name, commit->id);
    return sshsig_check(&commit->signature, signer->certificate, "git", &commit->signed_part, err) ||
           err_wrap(err, "%s: commit %s", t->sheet[at].name, commit->id);
}

static void expect(struct replay *replay, const struct bytes *raw)
{
    replay->expected = reallocarray(replay->expected, replay->count + 1, sizeof *replay->expected);
    if (replay->expected == NULL)
        abort();
    struct ledger_expected *added = &replay->expected[replay->count++];
    *added = (struct ledger_expected){.commit = bytes_copy(raw->data, raw->len)};
    ledger_tree_copy(&added->tree, &replay->tree);
}

static void commit_check(struct trial *t, size_t at, struct replay *replay, const struct bytes *raw)
{
    struct checks *checks = &t->checks;
    const long page = (long)at;
    struct err err = {0};
    OWN_STRUCT(ledger_commit_read) commit = {0};
    if (!ledger_commit_parse(&commit, raw, &err)) {
        checks_add(checks, CHECK_LEDGER_TREE, page, false, &err);
        return;
    }
    bool ok = tree_check(replay, &commit, &err);
    checks_add(checks, CHECK_LEDGER_TREE, page, ok, &err);
    ok = parent_check(replay, commit.parent, t->sheet[at].name, &err);
    checks_add(checks, CHECK_LEDGER_PARENT, page, ok, &err);
    ok = trailers_check(t, at, commit.message, &err);
    checks_add(checks, CHECK_LEDGER_TRAILERS, page, ok, &err);
    ok = signature_check(t, at, &commit, &err);
    checks_add(checks, CHECK_LEDGER_SIGNATURE, page, ok, &err);
    expect(replay, raw);
    memcpy(replay->head, commit.id, LEDGER_ID);
}

/* False: this page changes nothing that could be followed further. */
static bool page_replay(struct trial *t, size_t at, struct replay *replay)
{
    const struct page_read *page = &t->sheet[at].page;
    const struct bytes *raw = t->sheet[at].readable ? tarball_find(&page->tar, "commit") : NULL;
    struct err err = {0};
    if (!t->sheet[at].readable || !page_apply(&replay->tree, page, &err)) {
        checks_unchecked(&t->checks, "The ledger could not be followed from page %zu on.", at);
        return false;
    }
    if (raw != NULL) {
        commit_check(t, at, replay, raw);
        return true;
    }
    bool ok = parent_check(replay, sheet_text(&t->sheet[at], "ledger", "head"), t->sheet[at].name, &err);
    checks_add(&t->checks, CHECK_LEDGER_PARENT, (long)at, ok, &err);
    return true;
}

void trial_ledger(struct trial *t)
{
    struct checks *checks = &t->checks;
    OWN(char) *path = path_join(t->options->record, "ledger.git");
    OWN_STRUCT(replay) replay = {0};
    struct err err = {0};
    bool ok = ledger_check_config(path, &err);
    checks_add(checks, CHECK_LEDGER_CONFIG, NO_PAGE, ok, &err);
    for (size_t i = 0; i < t->count; i++) {
        if (!page_replay(t, i, &replay)) {
            checks_unchecked(checks, "What lies in ledger.git could not be compared with the pages.");
            return;
        }
    }
    ok = ledger_check_objects(path, replay.expected, replay.count, &err);
    checks_add(checks, CHECK_LEDGER_OBJECTS, NO_PAGE, ok, &err);
    ok = ledger_check_reference(path, replay.expected, replay.count, &err);
    checks_add(checks, CHECK_LEDGER_REFERENCE, NO_PAGE, ok, &err);
}

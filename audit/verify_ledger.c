#include "trial.h"

#include "pagetext.h"

#include <string.h>

static bool tree_check(const struct ledger_trial *ledger, const struct ledger_commit_read *commit,
                       struct err *err)
{
    char tree[LEDGER_ID];
    if (!ledger_tree_id(tree, &ledger->tree, err))
        return false;
    return strcmp(tree, commit->tree) == 0 ||
           err_set(err, "commit %s has the tree %s, and the pages' files make %s", commit->id, commit->tree,
                   tree);
}

static bool parent_check(const struct ledger_trial *ledger, const char *parent, const char *what,
                         struct err *err)
{
    return strcmp(parent, ledger->head) == 0 ||
           err_set(err, "%s: continues from %s, and the commit before it is %s", what,
                   parent[0] != '\0' ? parent : "nothing", ledger->head[0] != '\0' ? ledger->head : "none");
}

static bool trailers_check(const struct trial *t, const struct sheet *sheet, struct err *err)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", sheet->at);
    const struct {
        const char *name, *value;
    } wanted[] = {
        {"Ceremony", sheet_text(sheet, "ceremony", "id")},
        {"Page", number},
        {"Station", sheet_text(sheet, "station", NULL)},
        {"Rehearsal", json_is_true(sheet_json(sheet, "rehearsal")) ? "true" : "false"},
        {"Previous-Page-SHA256", t->previous},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        OWN(char) *value = ledger_trailer(sheet->commit.message, wanted[i].name);
        if (value == NULL || strcmp(value, wanted[i].value) != 0)
            return err_set(err, "%s: the commit's trailer %s is not \"%s\"", sheet->name, wanted[i].name,
                           wanted[i].value);
    }
    return true;
}

/* By the station's key, in the name of the operator or, where there is none, of whom the key belongs to. */
static bool signature_check(const struct trial *t, struct sheet *sheet, struct err *err)
{
    const struct ledger_commit_read *commit = &sheet->commit;
    const char *station = sheet_text(sheet, "station", NULL);
    const char *author = page_operator(sheet->scan.page.json);
    const struct enrolled *signer = roster_station(&t->roster, station);
    if (signer == NULL)
        return err_set(err, "%s: nobody is enrolled for \"%s\"", sheet->name, station);
    if (strcmp(commit->name, author != NULL ? author : signer->signer.name) != 0)
        return err_set(err, "%s: commit %s is in another's name than its operator's or signer's", sheet->name,
                       commit->id);
    /* It was checked against what the page's seal encloses, which need not be who is enrolled. */
    if (strcmp(sheet->commit_key, signer->signer.sha256) != 0)
        sheet_commit_judge(sheet, signer->certificate, signer->signer.sha256);
    return sheet->commit_good ||
           err_set(err, "%s: commit %s: %s", sheet->name, commit->id, sheet->commit_fault.text);
}

static void commit_check(struct trial *t, struct sheet *sheet, const struct bytes *raw)
{
    struct ledger_trial *ledger = &t->ledger;
    struct checks *checks = &t->checks;
    const long page = (long)sheet->at;
    struct err err = {0};
    bool tree = tree_check(ledger, &sheet->commit, &err);
    checks_add(checks, CHECK_LEDGER_TREE, page, tree, &err);
    bool ok = parent_check(ledger, sheet->commit.parent, sheet->name, &err);
    checks_add(checks, CHECK_LEDGER_PARENT, page, ok, &err);
    ok = trailers_check(t, sheet, &err);
    checks_add(checks, CHECK_LEDGER_TRAILERS, page, ok, &err);
    ok = signature_check(t, sheet, &err);
    checks_add(checks, CHECK_LEDGER_SIGNATURE, page, ok, &err);
    if (tree && !ledger_audit_commit(ledger->audit, raw, &ledger->tree, &err))
        ledger->differs = !checks_add(checks, CHECK_LEDGER_OBJECTS, page, false, &err);
    ledger->partial = ledger->partial || !tree;
    memcpy(ledger->head, sheet->commit.id, LEDGER_ID);
}

void trial_ledger(struct trial *t, struct sheet *sheet)
{
    struct ledger_trial *ledger = &t->ledger;
    const struct page_read *page = &sheet->scan.page;
    struct err err = {0};
    if (ledger->audit == NULL) {
        OWN(char) *path = path_join(t->options->record, "ledger.git");
        ledger->audit = ledger_audit_new(path);
    }
    if (ledger->lost)
        return;
    if (!sheet->scan.readable || !page_apply(&ledger->tree, page, &err)) {
        checks_unchecked(&t->checks, "The ledger could not be followed from page %zu on.", sheet->at);
        ledger->lost = true;
        return;
    }
    if (sheet->commit.id[0] != '\0') {
        commit_check(t, sheet, tarball_find(&page->tar, "commit"));
        return;
    }
    bool ok = parent_check(ledger, sheet_text(sheet, "ledger", "head"), sheet->name, &err);
    checks_add(&t->checks, CHECK_LEDGER_PARENT, (long)sheet->at, ok, &err);
}

void trial_ledger_end(struct trial *t)
{
    struct ledger_trial *ledger = &t->ledger;
    struct checks *checks = &t->checks;
    OWN(char) *path = path_join(t->options->record, "ledger.git");
    struct err err = {0};
    bool ok = ledger_check_config(path, &err);
    checks_add(checks, CHECK_LEDGER_CONFIG, NO_PAGE, ok, &err);
    if (ledger->lost || ledger->partial) {
        checks_unchecked(checks, "What lies in ledger.git could not be compared with the pages.");
        return;
    }
    err = (struct err){0};
    ok = ledger_audit_end(ledger->audit, &err);
    if (!ok || !ledger->differs)
        checks_add(checks, CHECK_LEDGER_OBJECTS, NO_PAGE, ok, &err);
    ok = ledger_check_reference(path, ledger->head, &err);
    checks_add(checks, CHECK_LEDGER_REFERENCE, NO_PAGE, ok, &err);
}

#include "rewritten.h"

/* What somebody without any key can do to the files. R is the record. */
static void test_forgeries(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    static const struct {
        const char *id, *command;
    } cases[] = {
        {"record.layout", "echo x >record/notes.txt"},
        {"record.layout", "mkdir record/000009-x.tar.d"},
        {"record.layout", "touch record/000001-make.tar.bak"},
        {"record.layout", "touch record/000001-make.tar.Ca.p7s"},
        {"record.layout", "touch \"$(printf 'record/\\033[2Jx')\""},
        {"record.layout", "cp record/000001-make.tar.ca.p7s record/000007-more.tar.ca.p7s"},
        {"record.layout", "rm -r record/signers"},
        {"record.layout", "mkdir record/.staging && ln -s /etc/passwd record/.staging/000006-x.tar"},
        {"record.layout", "mkdir record/.staging && mkfifo record/.staging/pipe"},
        {"secret.none", "mkdir record/.staging && openssl genpkey -algorithm ed25519 "
                        "-out record/.staging/private.key"},
        {"secret.none", "mkdir -p record/.staging/000006 && "
                        "echo '{\"kty\":\"oct\",\"k\":\"AA\"}' >record/.staging/000006/jwk"},
        {"page.sums", "printf Z | dd of=record/000001-make.tar bs=1 conv=notrunc seek=$(grep -abo 'Here we' "
                      "record/000001-make.tar | head -1 | cut -d: -f1)"},
        {"seal.signature",
         "printf Z | dd of=record/000001-make.tar bs=1 conv=notrunc seek=$(grep -abo 'Here we' "
         "record/000001-make.tar | head -1 | cut -d: -f1)"},
        {"chain.previous",
         "printf Z | dd of=record/000001-make.tar bs=1 conv=notrunc seek=$(grep -abo 'Here we' "
         "record/000001-make.tar | head -1 | cut -d: -f1)"},
        {"page.canonical", "printf Z | dd of=record/000002-purge.tar bs=1 conv=notrunc seek=300"},
        {"page.canonical", "head -c 512 /dev/zero >>record/000002-purge.tar"},
        {"page.sums", "printf Z | dd of=record/000005-install.tar bs=1 conv=notrunc seek=520"},
        {"page.canonical",
         "cd record && ln -s ../copy.tar x && mv 000001-make.tar ../copy.tar && mv x 000001-make.tar"},
        {"page.number", "rm record/000002-purge.tar*"},
        {"chain.previous", "rm record/000002-purge.tar*"},
        {"page.number", "rm record/000000-script.tar*"},
        {"ledger.reference", "rm record/000005-install.tar*"},
        {"page.number", "cd record && cp 000001-make.tar 000001-made.tar && cp 000001-make.tar.ca.p7s "
                        "000001-made.tar.ca.p7s"},
        {"page.number",
         "cd record && mv 000001-make.tar t && mv 000002-purge.tar 000001-make.tar && mv t 000002-purge.tar"},
        {"seal.signature",
         "cd record && mv 000001-make.tar t && mv 000002-purge.tar 000001-make.tar && mv t 000002-purge.tar"},
        {"seal.required", "rm record/000003-ask.tar.ca.p7s"},
        {"seal.signer", "mv record/000003-ask.tar.ca.p7s record/000003-ask.tar.root.p7s"},
        {"seal.signer", "cp record/000003-ask.tar.ca.p7s record/000003-ask.tar.eve.p7s"},
        {"seal.signature", "cp record/000003-ask.tar.ca.p7s record/000001-make.tar.ca.p7s"},
        {"seal.form", "printf x >>record/000003-ask.tar.ca.p7s"},
        {"signers.folder", "cp record/signers/root.crt record/signers/ca.crt"},
        {"signers.folder", "cp record/signers/root.crt record/signers/eve.crt"},
        {"signers.folder", "sed -i s/namespaces=.git./namespaces=\\\"*\\\"/ record/signers/allowed_signers"},
        {"signers.folder", "rm record/signers/allowed_signers"},
        {"ledger.config", "printf '[core]\\n\\tpager = evil\\n' >>record/ledger.git/config"},
        {"ledger.config", "mkdir record/ledger.git/hooks"},
        {"ledger.objects",
         "echo hidden | git -c safe.directory='*' -C record/ledger.git hash-object -w --stdin"},
        {"ledger.objects", BIGGEST("record/ledger.git/objects") TURN("12")},
        {"ledger.objects", "rm $(find record/ledger.git/objects -type f | sort | tail -1)"},
        {"ledger.reference",
         "cd record/ledger.git && git -c safe.directory='*' rev-parse main~1 >t && mv t refs/heads/main"},
        {"ledger.objects",
         "cd record/ledger.git && t=$(git -c safe.directory='*' rev-parse 'main^{tree}') && "
         "c=$(echo forged | git -c safe.directory='*' -c user.name=e -c user.email=e commit-tree $t) && "
         "echo $c >refs/heads/main"},
        {"ledger.reference",
         "cd record/ledger.git && t=$(git -c safe.directory='*' rev-parse 'main^{tree}') && "
         "c=$(echo forged | git -c safe.directory='*' -c user.name=e -c user.email=e commit-tree $t) && "
         "echo $c >refs/heads/main"},
    };
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    assert_int_equal(record_count(s.record), STORY_PAGES);
    assert_int_equal(run(*state, "cp -a record whole"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
        if (run(*state, "%s", cases[i].command) != 0)
            fail_msg("cannot forge: %s", cases[i].command);
        assert_fails_with(*state, cases[i].command, cases[i].id);
        assert_int_equal(run(*state, "rm -rf record && cp -a whole record"), 0);
    }
}

/* The ids that failed: {id: true}. */
static json_t *failed_set(const json_t *report)
{
    json_t *set = json_object();
    size_t i;
    json_t *failure;
    json_array_foreach(json_object_get(report, "failures"), i, failure)
        json_object_set_new(set, json_string_value(json_object_get(failure, "id")), json_true());
    return set;
}

/* What somebody with a station's key can have on a page: these ids fail, and no other. */
static void test_crimes(void **state)
{
    static const struct {
        const char *crimes, *ids[8];
    } cases[] = {
        {"secret,another script,nobody watches,elsewhere",
         {"secret.none", "plan.script", "plan.people", "plan.steps"}},
        {"input from nowhere,foreign issuer,broken list,half a purge",
         {"artefact.inputs", "artefact.intermediate", "artefact.crl", "artefact.purged",
          "register.signatures", "artefact.template"}},
        {"another request,it comes back,key unknown",
         {"artefact.outputs", "artefact.inputs", "artefact.request", "artefact.purged", "artefact.key",
          "artefact.template"}},
        {"other key", {"artefact.key", "artefact.request", "artefact.template"}},
        {"never made,marked", {"plan.made", "artefact.rehearsal"}},
        {"other dates,own template", {"plan.made", "artefact.template"}},
        {"takes nothing over", {"plan.made"}},
        {"another key's place", {"artefact.key"}},
        {"longer path", {"artefact.template"}},
        {"not rendered", {"artefact.template"}},
        {"unconstrained", {"artefact.constraints"}},
        {"opened by nobody", {"plan.custodians"}},
        {"forgotten", {"artefact.entries"}},
        {"unplanned", {"artefact.entries"}},
        {"none revoked", {"artefact.entries"}},
        {"no rise", {"artefact.entries"}},
        {"no register", {"register.chain"}},
        {"taken out", {"register.chain"}},
        {"edited", {"register.chain"}},
        {"of another page", {"register.chain"}},
        {"another root", {"register.root", "previous.named"}},
        {"hearsay", {"register.root"}},
        {"serial twice", {"register.serial"}},
        {"number falls", {"register.number"}},
        {"not entered", {"register.signatures"}},
        {"never signed", {"register.signatures"}},
        {"other part", {"register.signatures"}},
        {"not linted", {"lint.done"}},
        {"lint of another", {"lint.form"}},
        {"other profile", {"lint.form"}},
        {"lint says otherwise", {"lint.findings"}},
        {"unwaived", {"lint.waived"}},
        {"waived by nobody", {"lint.waived"}},
        {"none named", {"previous.named"}},
        {"a gap", {"previous.named"}},
        {"other root before", {"previous.named"}},
    };
    OWN_STRUCT(cast) cast = cast_make(*state);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum verdict verdict = VERDICT_HOLDS;
        OWN_STRUCT(story) s = story_tell(*state, &cast, cases[i].crimes);
        assert_int_equal(record_count(s.record), STORY_PAGES);
        OWN(json_t) *report = judge(*state, "signers.pem", NULL, &verdict);
        OWN(json_t) *failed = failed_set(report);
        OWN(char) *found = failed_ids(report);
        size_t wanted = 0;
        if (verdict != VERDICT_FAILS)
            fail_msg("%s: not found", cases[i].crimes);
        for (; cases[i].ids[wanted] != NULL; wanted++)
            if (json_object_get(failed, cases[i].ids[wanted]) == NULL)
                fail_msg("%s: want %s, found %s", cases[i].crimes, cases[i].ids[wanted], found);
        if (json_object_size(failed) != wanted)
            fail_msg("%s: found more than was done: %s", cases[i].crimes, found);
        assert_int_equal(run(*state, "rm -rf record authority-*"), 0);
    }
}

/* ---- the newest page, rewritten ---- */

static void edit_previous(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)tar;
    json_object_set_new(json, "previous",
                        json_string("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

static void edit_ceremony(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)tar;
    json_object_set_new(json_object_get(json, "ceremony"), "version", json_string("1.1"));
}

static void edit_started(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)tar;
    json_object_set_new(json_object_get(json, "started"), "utc", json_string("2001-01-01T00:00:00Z"));
}

static void edit_station(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)tar;
    json_object_set_new(json, "unattended", json_false());
}

static void edit_title(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)tar;
    json_object_set_new(json, "title", json_string("Installed"));
}

static void edit_key(struct story *s, json_t *json, struct tarball *tar)
{
    static const char text[] = "-----BEGIN EC PRIVATE KEY-----\n";
    (void)s;
    (void)json;
    tarball_add(tar, "evidence/zzz", text, strlen(text));
}

/* A commit of our own over the same page: `change` says what is wrong with it. */
static void commit_replace(struct story *s, json_t *json, struct tarball *tar, const char *change)
{
    struct err err = {0};
    char id[LEDGER_ID];
    OWN_STRUCT(bytes) raw = {0};
    OWN_STRUCT(bytes) message = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN(char) *email = page_email(json);
    const bool no_parent = strcmp(change, "parent") == 0;
    const char *parent = no_parent
                             ? "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                             : json_string_value(json_object_get(json_object_get(json, "ledger"), "parent"));
    if (strcmp(change, "tree") != 0)
        ledger_tree_copy(&tree, record_tree(s->record));
    page_message(&message, json);
    const struct ledger_commit commit = {.tree = &tree,
                                         .parent = parent,
                                         .name = page_operator(json),
                                         .email = email,
                                         .time = tar->mtime,
                                         .message = bytes_string(&message)};
    assert_ok(
        ledger_commit_make(&raw, id, &commit, seal_key(strcmp(change, "key") == 0 ? s->root : s->ca), &err));
    json_object_set_new(json, "ledger", json_pack("{s:s, s:s}", "commit", id, "parent", parent));
    for (size_t i = 0; i < tar->count; i++) {
        if (strcmp(tar->member[i].name, "commit") != 0)
            continue;
        bytes_free(&tar->member[i].data);
        tar->member[i].data = bytes_give(&raw);
    }
}

static void edit_tree(struct story *s, json_t *json, struct tarball *tar)
{
    commit_replace(s, json, tar, "tree");
}

static void edit_parent(struct story *s, json_t *json, struct tarball *tar)
{
    commit_replace(s, json, tar, "parent");
}

static void edit_signature(struct story *s, json_t *json, struct tarball *tar)
{
    commit_replace(s, json, tar, "key");
}

static void edit_before(struct story *s, json_t *json, struct tarball *tar)
{
    edit_previous(s, json, tar);
    commit_replace(s, json, tar, "");
}

static void test_rewritten(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    static const struct {
        const char *id;
        edit *change;
    } cases[] = {
        {"chain.previous", edit_before},
        {"page.ceremony", edit_ceremony},
        {"page.times", edit_started},
        {"page.ceremony", edit_station},
        {"page.form", edit_title},
        {"secret.none", edit_key},
        {"ledger.tree", edit_tree},
        {"ledger.parent", edit_parent},
        {"ledger.signature", edit_signature},
        {"ledger.trailers", edit_before},
    };
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    assert_int_equal(run(*state, "cp -a record whole"), 0);
    /* The tool itself forges nothing. */
    rewrite(&s, NULL, s.ca, "ca", 0);
    assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rewrite(&s, cases[i].change, s.ca, "ca", 0);
        assert_fails_with(*state, cases[i].id, cases[i].id);
        assert_int_equal(run(*state, "rm -rf record && cp -a whole record"), 0);
    }
    rewrite(&s, NULL, s.ca, "ca", 5);
    assert_fails_with(*state, "a seal of another time", "seal.time");
    assert_int_equal(run(*state, "rm -rf record && cp -a whole record"), 0);
    rewrite(&s, NULL, s.root, "root", 0);
    assert_fails_with(*state, "sealed by another station too", "seal.station");
}

static void edit_required(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)tar;
    json_array_append_new(json_object_get(json, "seals_required"), json_pack("{s:s}", "station", "eve"));
}

static void edit_witnessed(struct story *s, json_t *json, struct tarball *tar)
{
    (void)s;
    (void)tar;
    json_array_append_new(json_object_get(json, "seals_required"), json_pack("{s:s}", "witness", "eve"));
}

static void people_set(struct story *s, json_t *json, struct tarball *tar, const char *role)
{
    json_object_set_new(json, "people",
                        json_pack("[{s:s, s:s}, {s:s, s:s}]", "role", "operator", "name",
                                  strcmp(role, "operator") == 0 ? "Eve" : "Ada \xc3\x96p", "role", role,
                                  "name", strcmp(role, "operator") == 0 ? "Ada \xc3\x96p" : "Eve"));
    json_object_set_new(json, "seals_required", json_pack("[{s:s}, {s:i}]", "station", "ca", "witnesses", 1));
    commit_replace(s, json, tar, "");
}

static void edit_operator(struct story *s, json_t *json, struct tarball *tar)
{
    people_set(s, json, tar, "operator");
}

static void edit_wanted(struct story *s, json_t *json, struct tarball *tar)
{
    people_set(s, json, tar, "witness");
}

/* The newest page as `change` has it, sealed by its station, and by Eve over the very same bytes, `later`. */
static void rewrite_for_eve(struct story *s, edit *change, const struct seal *eve, time_t later)
{
    struct err err = {0};
    OWN_STRUCT(bytes) p7s = {0};
    rewrite(s, change, s->ca, "ca", 0);
    OWN_STRUCT(bytes) tar = get(s->path, "000005-install.tar");
    assert_ok(seal_make(&p7s, eve, &tar, record_page(s->record, 5)->tar.mtime + later, &err));
    put(s->path, "000005-install.tar.eve.p7s", p7s.data, p7s.len);
}

/* A witness who was enrolled long before. */
static struct seal *enrol_early(const char *folder)
{
    OWN_SECRET *password = secret_new("seal password", 13);
    OWN(char) *path = path_join(folder, "home-eve");
    return cheapseal(path, "Eve", NULL, false, password, time(NULL) - 100);
}

/* A witness whose name makes the label of a station is not that station, nor the other way round. */
static void test_labels(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    struct err err = {0};
    OWN_RECORD *record = NULL;
    OWN_SEAL *eve = enrol_early(*state);
    {
        OWN_STRUCT(story) s = story_tell(*state, &cast, "eve witnesses");
        rewrite_for_eve(&s, edit_witnessed, eve, 9);
        assert_verdict(*state, "signers.pem", NULL, VERDICT_HOLDS);
        rewrite_for_eve(&s, edit_witnessed, eve, -1);
        assert_fails_with(*state, "a seal older than its page", "seal.witness");
        rewrite_for_eve(&s, edit_required, eve, 0);
        assert_fails_with(*state, "a witness for a station", "seal.required");
        assert_refused(record_open(&record, s.path, false, &err), "station");
        rewrite_for_eve(&s, edit_operator, eve, 0);
        assert_fails_with(*state, "the operator as a witness", "seal.witness");
        assert_refused(record_open(&record, s.path, false, &err), "are others than page 0's");
        rewrite_for_eve(&s, edit_wanted, eve, 0);
        assert_fails_with(*state, "a witness whom the plan does not want", "plan.witnesses");
        assert_fails_with(*state, "a witness who was not there at the beginning", "page.ceremony");
    }
    assert_int_equal(run(*state, "rm -rf record authority-* home-eve"), 0);
    OWN_SEAL *station = enrol(*state, "home-eve", "Eve", "eve");
    OWN_STRUCT(story) s = story_tell(*state, &cast, "eve witnesses");
    rewrite_for_eve(&s, edit_witnessed, station, 0);
    assert_fails_with(*state, "a station for a witness", "seal.required");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_forgeries, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_crimes, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_rewritten, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_labels, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

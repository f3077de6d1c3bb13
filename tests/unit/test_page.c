#include "keeper.h"

#include <unistd.h>

#define SHA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PARENT "0123456789012345678901234567890123456789"

static void test_slug(void **state)
{
    (void)state;
    char slug[61] = "kept";
    assert_true(page_slug(slug, "Bring in the root certificate"));
    assert_string_equal(slug, "bring-in-the-root-certificate");
    assert_true(page_slug(slug, "  Sign, offline!  "));
    assert_string_equal(slug, "sign-offline");
    assert_true(page_slug(slug, "Größe 2"));
    assert_string_equal(slug, "gr-e-2");
    assert_true(page_slug(slug, "123456789 123456789 123456789 123456789 123456789 123456789 1234"));
    assert_string_equal(slug, "123456789-123456789-123456789-123456789-123456789-123456789");
    assert_false(page_slug(slug, "¡¿?!"));
    assert_string_equal(slug, "123456789-123456789-123456789-123456789-123456789-123456789");
}

/* A page with something of everything, closed. */
static struct bytes sample(const char *folder, struct ledger_tree *tree, bool rehearsal)
{
    struct err err = {0};
    struct bytes tar = {0};
    time_t finished = 0;
    OWN_SEAL *seal = keeper(folder, "home", "ca", rehearsal);
    OWN(json_t) *people = people_of_test();
    OWN_PAGE *page = page_of_test(3, "Set up the policy", "ca", SHA, rehearsal, people);
    ledger_tree_put(tree, "ca/old.txt", "old\n", 4);
    ledger_tree_put(tree, "root/root.crl", "crl\n", 4);
    page_say(page, "two\nlines, \x1b[31mred\x1b[0m and back\\slash");
    assert_ok(page_file(page, "config/ca.json", "first", 5, 0600, &err));
    assert_ok(page_file(page, "config/ca.json", "{}\n", 3, 0640, &err));
    assert_ok(page_file(page, "certs/a.crt", "a\n", 2, 0644, &err));
    assert_ok(page_file(page, "gone.txt", "x", 1, 0644, &err));
    page_remove(page, "gone.txt");
    page_remove(page, "certs/a.crt");
    assert_ok(page_file(page, "certs/a.crt", "a\n", 2, 0644, &err));
    page_remove(page, "old.txt");
    page_folder(page, "config", 0700);
    page_folder(page, "certs", 0755);
    assert_ok(page_evidence(page, "lint.json", "{}\n", 3, &err));
    assert_ok(page_evidence(page, "a.json", "{}\n", 3, &err));
    page_input(page, json_pack("{s:s, s:s, s:s}", "name", "root", "kind", "certificate", "sha256", SHA));
    page_output(page, json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", "key", "kind", "key", "place",
                                "secrets/k", "mode", "0600", "spki_sha256", SHA));
    page_deviation(page, json_pack("{s:s, s:s, s:s, s:s, s:s}", "rule", "clock", "expected", "noon",
                                   "happened", "late", "decided", "to wait", "by", "Wim Witness"));
    assert_string_equal(bytes_string(page_pending(page, "config/ca.json")), "{}\n");
    assert_null(page_pending(page, "gone.txt"));
    assert_int_equal(json_array_size(page_outputs(page)), 1);
    assert_ok(page_close(&tar, &finished, page, tree, PARENT, seal, &err));
    assert_true(finished <= time(NULL));
    return tar;
}

static void test_written_for_strangers(void **state)
{
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = sample(*state, &tree, false);
    put(*state, "p.tar", tar.data, tar.len);
    assert_int_equal(run(*state, "mkdir x && cd x && tar -xf ../p.tar && sha256sum --strict -c SHA256SUMS"),
                     0);
    assert_int_equal(run(*state, "jq -cS . x/page.json | cmp - x/page.json"), 0);
    assert_int_equal(run(*state, "tar -tf p.tar"), 0);
    OWN(char) *names = run_output(*state);
    assert_string_equal(names, "page.json\nSHA256SUMS\ntranscript.txt\ncommit\nfiles/ca/certs/a.crt\n"
                               "files/ca/config/ca.json\nevidence/a.json\nevidence/lint.json\n");
    assert_int_equal(run(*state,
                         "jq -r '(.changed[]|.path+.mode),(.removed[]|.path),(.directories[]|.path+.mode),"
                         ".ledger.parent,.number,.title,.previous,.format' x/page.json"),
                     0);
    OWN(char) *said = run_output(*state);
    assert_string_equal(said,
                        "ca/certs/a.crt0644\nca/config/ca.json0640\nca/gone.txt\nca/old.txt\nca/certs0755\n"
                        "ca/config0700\n" PARENT "\n3\nSet up the policy\n" SHA "\nverger-page-1\n");
    assert_int_equal(run(*state,
                         "cut -c21- x/transcript.txt && git hash-object -t commit --literally x/commit && "
                         "jq -r .ledger.commit x/page.json && git hash-object x/commit >/dev/null && "
                         "sed -n '/^$/,$p' x/commit"),
                     0);
    OWN(char) *text = run_output(*state);
    assert_non_null(strstr(text, "  two\n  lines, \\x1b[31mred\\x1b[0m and back\\x5cslash\n"));
    assert_non_null(strstr(text,
                           "\nSet up the policy\n\nCeremony: " CEREMONY "\nPage: 3\nStation: ca\n"
                           "Operator: Olga Operator\nWitnessed-by: Wim Witness\nWitnessed-by: Zoë Witness\n"
                           "Rehearsal: false\nPrevious-Page-SHA256: " SHA "\n"));
    assert_int_equal(run(*state, "test $(git hash-object -t commit --literally x/commit) = "
                                 "$(jq -r .ledger.commit x/page.json)"),
                     0);
}

static void test_gnu_tar_makes_the_same_page(void **state)
{
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = sample(*state, &tree, false);
    put(*state, "p.tar", tar.data, tar.len);
    assert_int_equal(
        run(*state, "mkdir x && tar -C x -xf p.tar && tar -C x --format=ustar --owner=0 --group=0 "
                    "--numeric-owner --mode=0644 --mtime=$(jq -r .finished.utc x/page.json) -cf again.tar "
                    "$(tar -tf p.tar) && cmp p.tar again.tar"),
        0);
}

static void test_read_back(void **state)
{
    struct err err = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = sample(*state, &tree, false);
    OWN_STRUCT(page_read) page = {0};
    assert_ok(page_parse(&page, &tar, "000003-set-up-the-policy.tar", &err));
    assert_int_equal(page.number, 3);
    OWN_STRUCT(ledger_tree) again = {0};
    ledger_tree_put(&again, "ca/old.txt", "old\n", 4);
    ledger_tree_put(&again, "root/root.crl", "crl\n", 4);
    assert_ok(page_apply(&again, &page, &err));
    char one[LEDGER_ID], two[LEDGER_ID];
    assert_ok(ledger_tree_id(one, &tree, &err));
    assert_ok(ledger_tree_id(two, &again, &err));
    assert_string_equal(one, two);
    assert_int_equal(again.count, 3);
    OWN_STRUCT(page_read) none = {0};
    assert_refused(page_parse(&none, &tar, "000004-set-up-the-policy.tar", &err), "is called 000003");
    put(*state, "p.tar", tar.data, tar.len);
    OWN(char) *sum = text_format("%s  p.tar", page.sha256);
    put(*state, "sum", sum, strlen(sum));
    assert_int_equal(run(*state, "sha256sum -c sum"), 0);
}

static void test_rehearsal_is_marked(void **state)
{
    struct err err = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = sample(*state, &tree, true);
    OWN_STRUCT(page_read) page = {0};
    assert_ok(page_parse(&page, &tar, "000003-set-up-the-policy.tar", &err));
    put(*state, "p.tar", tar.data, tar.len);
    assert_int_equal(
        run(*state,
            "tar -xOf p.tar transcript.txt | grep -c '^REHEARSAL 2' && ! tar -xOf p.tar transcript.txt | "
            "grep -v '^REHEARSAL 2' && tar -xOf p.tar commit | grep '^Rehearsal: true'"),
        0);
}

/* Take the page apart with tar, change it with `edit`, put it together again as carefully as a forger would.
 */
static void forge(struct bytes *out, const char *folder, const char *edit)
{
    assert_int_equal(
        run(folder,
            "rm -rf f && mkdir f && tar -C f -xf p.tar && cp page.order f.order && cd f && { %s; } && "
            "{ test -f page.keep || { jq -cS . page.json >p && mv p page.json; }; } && rm -f page.keep && "
            "{ test -f sums.keep || grep -v SHA256SUMS ../f.order | xargs sha256sum >SHA256SUMS; } && "
            "rm -f sums.keep && tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=0644 "
            "--mtime=${MTIME:-$(jq -r .finished.utc page.json)} -cf ../forged.tar -T ../f.order",
            edit),
        0);
    *out = get(folder, "forged.tar");
}

static void test_forgeries(void **state)
{
    static const struct {
        const char *edit, *says;
    } forgery[] = {
        {"jq '.extra=1' page.json >p; mv p page.json", "\"extra\" is unknown"},
        {"jq 'del(.people)' page.json >p; mv p page.json", "\"people\" is missing"},
        {"jq 'del(.deviations[0].by)' page.json >p; mv p page.json",
         "deviations: entry 1: member \"by\" is missing"},
        {"jq '.deviations[0].by=\"Eve\"' page.json >p; mv p page.json",
         "deviations: entry 1: by: Eve is not among the page's people"},
        {"jq '.deviations[0].happened=\"\\u001b[2J\"' page.json >p; mv p page.json",
         "deviations: entry 1: happened"},
        {"jq '.deviations[0].rule=1' page.json >p; mv p page.json", "deviations: entry 1: rule"},
        {"jq '.aborted={step:3,by:\"Wim Witness\",why:\"x\"}' page.json >p; mv p page.json",
         "slug: must be \"aborted\" on a closing page"},
        {"jq '.slug=\"aborted\"' page.json >p; mv p page.json",
         "slug: must be \"aborted\" on a closing page"},
        {"jq '.slug=\"aborted\"|.aborted={step:3,by:\"Wim Witness\"}' page.json >p; mv p page.json",
         "aborted: member \"why\" is missing"},
        {"jq '.slug=\"aborted\"|.aborted={step:4,by:\"Wim Witness\",why:\"x\"}' page.json >p; mv p page.json",
         "aborted: step: must not be 0, nor more than the page's number"},
        {"jq '.slug=\"aborted\"|.aborted={step:3,by:\"Eve\",why:\"x\"}' page.json >p; mv p page.json",
         "aborted: by: Eve is not among"},
        {"jq '.slug=\"aborted\"|.aborted={step:3,by:\"Wim Witness\",why:\"x\"}' page.json >p; mv p page.json",
         "changed: must be empty on a closing page"},
        {"jq '.people[0].age=3' page.json >p; mv p page.json", "people: entry 1: member \"age\" is unknown"},
        {"jq '.format=\"verger-page-2\"' page.json >p; mv p page.json", "format"},
        {"jq '.number=\"3\"' page.json >p; mv p page.json", "number"},
        {"jq '.number=4' page.json >p; mv p page.json", "is called 000004"},
        {"jq '.slug=\"Set\"' page.json >p; mv p page.json", "slug"},
        {"jq '.station=\"Ca\"' page.json >p; mv p page.json", "station"},
        {"jq '.rehearsal=0' page.json >p; mv p page.json", "true or false"},
        {"jq '.rehearsal=true' page.json >p; mv p page.json", "not marked REHEARSAL"},
        {"jq '.title=\"a\\nb\"' page.json >p; mv p page.json", "title"},
        {"jq '.title=\"Another\"' page.json >p; mv p page.json", "message does not follow"},
        {"jq '.people[0].name=\"A <b>\"' page.json >p; mv p page.json", "people: entry 1: name"},
        {"jq '.people[0].name=\"Eve\"' page.json >p; mv p page.json", "message does not follow"},
        {"jq '.ceremony.id=\"xyz\"' page.json >p; mv p page.json", "32 lower-case"},
        {"jq '.previous=\"ABC\"' page.json >p; mv p page.json", "previous"},
        {"jq '.previous=(\"0\"*64)' page.json >p; mv p page.json", "zeros on page 0"},
        {"jq '.started.monotonic_ns=7' page.json >p; mv p page.json", "string of digits"},
        {"jq '.started.boot_id=\"x\"' page.json >p; mv p page.json", "boot id"},
        {"jq '.started.utc=\"2026-11-23 17:00:00Z\"' page.json >p; mv p page.json", "started: utc"},
        {"jq '.started.utc=\"2099-11-23T17:00:00Z\"' page.json >p; mv p page.json", "before started"},
        {"jq '.finished.utc=\"2099-11-23T17:00:00Z\"' page.json >p; mv p page.json", "author or time"},
        {"MTIME=@1795000000", "time is not the page's finished"},
        {"jq '.ledger={head:.ledger.commit}' page.json >p; mv p page.json", "must have a commit"},
        {"jq '.ledger.parent=null' page.json >p; mv p page.json", "parent must be null on page 0"},
        {"jq '.ledger.parent=.ledger.commit' page.json >p; mv p page.json", "parent is not"},
        {"jq '.ledger.commit=.ledger.parent' page.json >p; mv p page.json", "is not the one in page.json"},
        {"sed -i s/policy/police/ commit", "is not the one in page.json"},
        {"sed -i '/^commit$/d' ../f.order", "member 4 must be commit"},
        {"jq '.changed=[]|.removed=[]' page.json >p; mv p page.json", "ledger"},
        {"jq '.changed[0].path=\"root/x\"' page.json >p; mv p page.json", "not in order"},
        {"jq '.changed|=.[1:]' page.json >p; mv p page.json", "is not what \"changed\""},
        {"jq '.changed+=[{path:\"ca/z\",mode:\"0644\",sha256:\"" SHA "\"}]' page.json >p; mv p page.json",
         "which is not in files/"},
        {"jq '.changed[1].path=\"root/x\"' page.json >p; mv p page.json", "not under the station"},
        {"jq '.changed[1].path=\"ca/../x\"' page.json >p; mv p page.json", "must be a relative path"},
        {"jq '.changed[0].mode=\"644\"' page.json >p; mv p page.json", "mode"},
        {"jq '.changed[0].mode=\"4755\"' page.json >p; mv p page.json", "mode"},
        {"jq '.changed[0].sha256=\"" SHA "\"' page.json >p; mv p page.json", "is not what \"changed\""},
        {"echo more >>files/ca/config/ca.json", "is not what \"changed\""},
        {"jq '.removed[0].path=\"ca/certs/a.crt\"' page.json >p; mv p page.json", "both changed and removed"},
        {"jq '.removed|=reverse' page.json >p; mv p page.json", "not in order"},
        {"jq '.outputs[0].place=\"../x\"' page.json >p; mv p page.json", "outputs: entry 1: place"},
        {"jq '.outputs[0].place=\"old.txt\"' page.json >p; mv p page.json", "also changes or removes"},
        {"jq '.outputs[0].sha256=\"" SHA "\"' page.json >p; mv p page.json", "no hash on a page"},
        {"jq '.seals_required=[{station:\"root\"}]' page.json >p; mv p page.json", "own station is missing"},
        {"jq . page.json >p; mv p page.json; touch page.keep", "not canonical"},
        {"sed -i 's/a.crt/b.crt/' SHA256SUMS; touch sums.keep", "SHA256SUMS"},
        {"printf 'no time\\n' >transcript.txt", "does not begin with a time"},
        {"printf '2026-11-23T17:00:00Z  \\033[2J\\n' >transcript.txt", "control character"},
        {"printf '2026-11-23T17:00:00Z  \\342\\200\\256\\n' >transcript.txt", "control character"},
        {"printf '2026-11-23T17:00:00Z  cut' >transcript.txt", "cut off"},
        {"echo x >plan.json; echo plan.json >>../f.order", "does not belong"},
        {"mv ../f.order o; sed '1{h;d};2{G}' o >../f.order", "member 1 must be page.json"},
        {"mv ../f.order o; sed '/a.json/{h;d};/lint.json/{G}' o >../f.order", "is not in its place"},
        {"mv evidence/a.json files/x; mv ../f.order o; sed 's,evidence/a.json,files/x,' o >../f.order",
         "not what \"changed\""},
        {"echo -----BEGIN EC PRIVATE KEY----- >evidence/lint.json", "holds a private key"},
    };
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = sample(*state, &tree, false);
    put(*state, "p.tar", tar.data, tar.len);
    assert_int_equal(run(*state, "tar -tf p.tar >page.order"), 0);
    assert_int_equal(run(*state, "tar -tf p.tar; cp out.txt page.order"), 0);
    {
        struct err err = {0};
        OWN_STRUCT(bytes) same = {0};
        OWN_STRUCT(page_read) page = {0};
        forge(&same, *state, "true");
        assert_ok(page_parse(&page, &same, "000003-set-up-the-policy.tar", &err));
    }
    for (size_t i = 0; i < sizeof forgery / sizeof *forgery; i++) {
        struct err err = {0};
        OWN_STRUCT(bytes) forged = {0};
        OWN_STRUCT(page_read) page = {0};
        forge(&forged, *state, forgery[i].edit);
        if (page_parse(&page, &forged, "000003-set-up-the-policy.tar", &err) ||
            strstr(err.text, forgery[i].says) == NULL)
            fail_msg("%s: \"%s\"", forgery[i].edit, err.text);
    }
}

/* A page that revokes a signer, as record_revoke makes it. */
static void revoking(const char *folder)
{
    struct err err = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = {0};
    time_t finished = 0;
    OWN_SEAL *seal = keeper(folder, "home", "root", false);
    OWN(json_t) *people = people_of_test();
    OWN_PAGE *page = page_of_test(3, "Signers", "root", SHA, false, people);
    page_revoke(page, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "label", "ca", "sha256", SHA, "reason",
                                "lost", "why", "the sea", "by", "Wim Witness", "next", "ca-2"));
    assert_ok(page_close(&tar, &finished, page, &tree, PARENT, seal, &err));
    put(folder, "p.tar", tar.data, tar.len);
}

static void test_revoked_forgeries(void **state)
{
    static const struct {
        const char *edit, *says;
    } forgery[] = {
        {".revoked.reason = \"bored\"", "revoked: reason"},
        {".revoked.label = \"C A\"", "revoked: label"},
        {".revoked.sha256 = \"aa\"", "revoked: sha256"},
        {".revoked.why = \"\\u001b[2J\"", "revoked: why"},
        {".revoked.next = 2", "revoked: next"},
        {".revoked.more = 1", "revoked: member \"more\" is unknown"},
        {"del(.revoked.by)", "revoked: member \"by\" is missing"},
        {".revoked.by = \"Eve\"", "revoked: by: Eve is not among"},
        {"del(.revoked)", "slug: must be \"signers\" on a page that revokes"},
        {".slug = \"talk\"", "slug: must be \"signers\" on a page that revokes"},
        {".seals_required += [{witnesses: 1}]", "wants its station's seal alone"},
        {".seals_required += [{witness: \"ben\"}]", "wants its station's seal alone"},
        {".directories = [{path: \"root/db\", mode: \"0700\"}]", "directories: must be empty on a page that"},
        {".inputs = [{name: \"x\", kind: \"record\"}]", "inputs: must be empty on a page that revokes"},
        {".outputs = [{name: \"x\", kind: \"request\"}]", "outputs: must be empty on a page that revokes"},
        {".removed = [{path: \"root/x\"}] | .ledger = {commit: .ledger.head, parent: .ledger.head}",
         "removed: must be empty on a page that revokes"},
        {".changed = [{path: \"root/x\", mode: \"0600\", sha256: \"" SHA
         "\"}] | .ledger = {commit: .ledger.head, parent: .ledger.head}",
         "changed: must be empty on a page that revokes"},
        {".aborted = {step: 1, by: \"Wim Witness\", why: \"x\"}", "slug: must be \"aborted\""},
    };
    struct err err = {0};
    OWN_STRUCT(bytes) same = {0};
    OWN_STRUCT(page_read) page = {0};
    revoking(*state);
    assert_int_equal(run(*state, "tar -tf p.tar; cp out.txt page.order"), 0);
    forge(&same, *state, "true");
    assert_ok(page_parse(&page, &same, "000003-signers.tar", &err));
    for (size_t i = 0; i < sizeof forgery / sizeof *forgery; i++) {
        OWN_STRUCT(bytes) forged = {0};
        OWN_STRUCT(page_read) read = {0};
        OWN(char) *edit = text_format("jq '%s' page.json >p; mv p page.json", forgery[i].edit);
        forge(&forged, *state, edit);
        if (page_parse(&read, &forged, "000003-signers.tar", &err) ||
            strstr(err.text, forgery[i].says) == NULL)
            fail_msg("%s: \"%s\"", forgery[i].edit, err.text);
    }
}

/* Page 0 enrols, and revokes nobody. */
static void test_revoked_zero(void **state)
{
    struct err err = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = {0};
    time_t finished = 0;
    OWN_SEAL *seal = keeper(*state, "home", "ca", false);
    OWN(json_t) *people = people_of_test();
    OWN_PAGE *page = page_of_test(0, "Signers", "ca", digest_zero, false, people);
    assert_ok(page_member(page, "files/.gitattributes", "* -text\n", 8, &err));
    page_revoke(page, json_pack("{s:s, s:s, s:s, s:s, s:s}", "label", "ca", "sha256", SHA, "reason", "lost",
                                "why", "the sea", "by", "Wim Witness"));
    assert_refused(page_close(&tar, &finished, page, &tree, NULL, seal, &err), "page 0 enrols");
}

static void test_page_zero(void **state)
{
    struct err err = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = {0};
    OWN_STRUCT(page_read) read = {0};
    time_t finished = 0;
    OWN_SEAL *seal = keeper(*state, "home", "ca", false);
    OWN_PAGE *page = page_of_test(0, "Script", "ca", digest_zero, false, NULL);
    assert_ok(page_member(page, "script/intermediate.lua", "ceremony\n", 9, &err));
    assert_ok(page_member(page, "files/.gitattributes", "* -text\n", 8, &err));
    assert_refused(page_member(page, "files/.gitattributes", "* text\n", 7, &err), "every byte");
    assert_ok(page_close(&tar, &finished, page, &tree, NULL, seal, &err));
    assert_ok(page_parse(&read, &tar, "000000-script.tar", &err));
    assert_int_equal(tree.count, 1);
    assert_string_equal(tree.file[0].path, ".gitattributes");
    put(*state, "p.tar", tar.data, tar.len);
    assert_int_equal(run(*state, "tar -tf p.tar | tail -2 | tr '\\n' ' ' && tar -xOf p.tar page.json | "
                                 "jq -e '.ledger.parent==null and .changed[0].path==\".gitattributes\"' && "
                                 "tar -xOf p.tar commit | grep '^author Ada Keeper <ca@verger.invalid> '"),
                     0);
    OWN_PAGE *later = page_of_test(1, "Later", "ca", SHA, false, NULL);
    assert_refused(page_member(later, "script/x", "", 0, &err), "only page 0");
}

static void test_no_commit_without_change(void **state)
{
    struct err err = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = {0};
    OWN_STRUCT(page_read) read = {0};
    time_t finished = 0;
    OWN_SEAL *seal = keeper(*state, "home", "ca", false);
    OWN_PAGE *page = page_of_test(5, "Look", "ca", SHA, false, NULL);
    page_folder(page, "db", 0700);
    assert_ok(page_close(&tar, &finished, page, &tree, PARENT, seal, &err));
    assert_ok(page_parse(&read, &tar, "000005-look.tar", &err));
    assert_null(tarball_find(&read.tar, "commit"));
    assert_string_equal(json_string_value(json_object_get(json_object_get(read.json, "ledger"), "head")),
                        PARENT);
}

static void test_private_keys_are_refused(void **state)
{
    static const char *const key[] = {
        "text -----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\n",
        "-----BEGIN OPENSSH PRIVATE KEY-----",
    };
    struct err err = {0};
    OWN_PAGE *page = page_of_test(0, "Script", "ca", digest_zero, false, NULL);
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        size_t len = strlen(key[i]);
        assert_refused(page_file(page, "k", key[i], len, 0600, &err), "holds a private key");
        assert_refused(page_evidence(page, "k", key[i], len, &err), "holds a private key");
        assert_refused(page_member(page, "k", key[i], len, &err), "holds a private key");
    }
    assert_null(page_pending(page, "k"));
    OWN_STRUCT(bytes) stepkey = get("tests/golden/01-init", "secrets/intermediate_ca_key");
    assert_refused(page_file(page, "k", stepkey.data, stepkey.len, 0600, &err), "holds a private key");
    OWN_STRUCT(bytes) cert = get("tests/golden/01-init", "certs/intermediate_ca.crt");
    assert_ok(page_file(page, "c", cert.data, cert.len, 0600, &err));

    OWN_SEAL *seal = keeper(*state, "home", "ca", false);
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = {0};
    time_t finished = 0;
    page_say(page, "-----BEGIN PRIVATE KEY----- was typed");
    assert_refused(page_close(&tar, &finished, page, &tree, NULL, seal, &err),
                   "transcript.txt: holds a private key");
    assert_null(tar.data);
    assert_int_equal(tree.count, 0);
}

static void test_clock(void **state)
{
    (void)state;
    struct err err = {0};
    struct page *page = NULL;
    const struct page_head head = {.ceremony_id = CEREMONY,
                                   .ceremony_title = "A test",
                                   .ceremony_version = "1.0",
                                   .number = 1,
                                   .title = "Late",
                                   .slug = "late",
                                   .station = "ca",
                                   .not_before = time(NULL) + 100};
    assert_refused(page_open(&page, &head, &err), "seconds before");
    assert_null(page);
}

static void test_bad_calls(void **state)
{
    struct err err = {0};
    OWN_STRUCT(ledger_tree) tree = {0};
    OWN_STRUCT(bytes) tar = {0};
    time_t finished = 0;
    OWN_SEAL *seal = keeper(*state, "home", "ca", false);
    OWN_PAGE *page = page_of_test(1, "Wrong", "ca", SHA, false, NULL);
    assert_refused(page_file(page, "../x", "", 0, 0644, &err), "name on a page");
    assert_refused(page_file(page, "x", "", 0, 04755, &err), "permission bits");
    page_remove(page, "/etc/passwd");
    assert_refused(page_close(&tar, &finished, page, &tree, PARENT, seal, &err), "/etc/passwd");
    OWN_PAGE *second = page_of_test(1, "Wrong", "ca", SHA, false, NULL);
    page_output(second, json_pack("{s:s}", "name", "x"));
    assert_refused(page_close(&tar, &finished, second, &tree, PARENT, seal, &err), "\"kind\" is missing");
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slug),
        IN_SCRATCH(test_written_for_strangers),
        IN_SCRATCH(test_gnu_tar_makes_the_same_page),
        IN_SCRATCH(test_read_back),
        IN_SCRATCH(test_rehearsal_is_marked),
        IN_SCRATCH(test_forgeries),
        IN_SCRATCH(test_revoked_forgeries),
        IN_SCRATCH(test_revoked_zero),
        IN_SCRATCH(test_page_zero),
        IN_SCRATCH(test_no_commit_without_change),
        IN_SCRATCH(test_private_keys_are_refused),
        cmocka_unit_test(test_clock),
        IN_SCRATCH(test_bad_calls),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

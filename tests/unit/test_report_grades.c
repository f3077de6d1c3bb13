/* Every control of vendor/controls, by what the facts of a record say: that it can pass, and that it does not
 * where its reason is gone. tests/report/facts.json is what `verger report --json` says of the demo's record,
 * less what no control asks for. */
#include "audit/reportparts.h"

#include "ceremony/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct row {
    const char *control, *grade;
    const char *edits; /* PATH=VALUE, one a line; "*": every element; no value: taken away */
};

/* ---- edits ---- */

static void edit(json_t *at, const char *path, const char *value);

static void edit_member(json_t *at, const char *name, const char *rest, const char *value)
{
    bool element = json_is_array(at);
    size_t index = element ? strtoul(name, NULL, 10) : 0;
    if (*rest != '\0') {
        json_t *inner = element ? json_array_get(at, index) : json_object_get(at, name);
        assert_non_null(inner);
        edit(inner, rest, value);
        return;
    }
    json_t *new = *value != '\0' ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;
    assert_true(*value == '\0' || new != NULL);
    if (element && strcmp(name, "+") == 0)
        json_array_append_new(at, new);
    else if (element && new == NULL)
        json_array_remove(at, index);
    else if (element)
        json_array_set_new(at, index, new);
    else if (new == NULL)
        json_object_del(at, name);
    else
        json_object_set_new(at, name, new);
}

static void edit(json_t *at, const char *path, const char *value)
{
    size_t len = strcspn(path, "/"), i;
    OWN(char) *name = text_format("%.*s", (int)len, path);
    const char *rest = path + len + (path[len] == '/');
    json_t *inner;
    if (strcmp(name, "*") != 0) {
        edit_member(at, name, rest, value);
        return;
    }
    json_array_foreach(at, i, inner) edit(inner, rest, value);
}

static void edit_all(json_t *report, const char *edits)
{
    while (*edits != '\0') {
        size_t len = strcspn(edits, "\n"), name = strcspn(edits, "=");
        OWN(char) *path = text_format("%.*s", (int)(name < len ? name : len), edits);
        OWN(char) *value = text_format("%.*s", (int)(name < len ? len - name - 1 : 0), edits + name + 1);
        edit(report, path, value);
        edits += len + (edits[len] == '\n');
    }
}

/* ---- grades ---- */

static json_t *facts(void)
{
    struct err err = {0};
    OWN_STRUCT(bytes) text = {0};
    json_t *report = NULL;
    assert_true(file_read(&text, "tests/report/facts.json", FILE_MAX_SMALL, &err));
    assert_true(json_read(&report, &text, "facts.json", &err));
    return report;
}

static const json_t *control_find(const json_t *report, const char *id)
{
    size_t i;
    json_t *control;
    json_array_foreach(json_object_get(report, "controls"), i,
                       control) if (strcmp(json_text(control, "id"), id) == 0) return control;
    return NULL;
}

#define CHECK(id, passed, failed)                                                                            \
    "verify/checks/+={\"id\":\"" id "\",\"passed\":" #passed ",\"failed\":" #failed "}"
#define FAILURE(id) "verify/failures/+={\"id\":\"" id "\",\"page\":5,\"text\":\"broken\"}"
#define MEMBER(name) "pages/5/members/+={\"name\":\"evidence/" name "\"}"
#define EXTENSION(id, name, critical, text)                                                                  \
    "certificates/3/extensions/+={\"id\":\"" id "\",\"name\":\"" name "\",\"critical\":" #critical           \
    ",\"text\":\"" text "\"}"

static const struct row rows[] = {
    {"KC-01", "pass", ""},
    {"KC-01", "fail", "verify/steps/walked=8"},
    {"KC-01", "fail", FAILURE("plan.script")},
    {"KC-02", "pass", ""},
    {"KC-02", "fail", FAILURE("plan.people")},
    {"KC-03", "pass", MEMBER("approvals/ada.p7s")},
    {"KC-03", "fail", ""},
    {"KC-04", "recorded", "pages/*/seals_required/+={\"witnesses\":2}\n" CHECK("seal.witnesses", 5, 0)},
    {"KC-04", "fail", "pages/*/seals_required/+={\"witnesses\":2}\n" FAILURE("seal.witnesses")},
    {"KC-04", "fail", ""},
    {"KC-04", "fail",
     "pages/*/seals_required/+={\"witnesses\":2}\n" CHECK(
         "seal.witnesses", 5, 0) "\npages/5/deviations/"
                                 "+={\"rule\":\"witnesses.missing\",\"expected\":\"a\",\"happened\":\"b\","
                                 "\"decided\":\"c\",\"by\":"
                                 "\"Ann\"}"},
    {"KC-06", "pass", "pages/0/people/+={\"role\":\"custodians\",\"name\":\"Eve\"}"},
    {"KC-06", "fail", ""},
    {"KC-07", "recorded", ""},
    {"KC-07", "fail", "pages/0/people=[]"},
    {"KC-08", "pass", ""},
    {"KC-08", "recorded",
     "revoked=[{\"page\":2,\"label\":\"ca\",\"reason\":\"lost\"}]\n" CHECK("signers.revoked", 3, 0)},
    {"KC-08", "pass",
     "revoked=[{\"page\":2,\"label\":\"ca\",\"reason\":\"ended\"}]\n" CHECK("signers.revoked", 3, 0)},
    {"KC-08", "fail",
     "revoked=[{\"page\":2,\"label\":\"ca\",\"reason\":\"lost\"}]\n" FAILURE("signers.revoked")},
    {"KC-08", "fail", "verify/signers/1/sha256=\"00\"\nverify/signers/0/sha256=\"00\""},
    {"KC-09", "pass", "pages/*/unattended=false"},
    {"KC-09", "fail", ""},
    {"KC-10", "pass",
     "pages/5/deviations/+={\"expected\":\"a\",\"happened\":\"b\",\"decided\":\"c\",\"by\":\"Ann\"}"},
    {"KC-10", "fail", "pages/5/deviations/+={\"expected\":\"a\",\"happened\":\"b\",\"decided\":\"c\"}"},
    {"KC-11", "pass", MEMBER("closing.json")},
    {"KC-11", "recorded",
     MEMBER("closing.json") "\npages/5/deviations/"
                            "+={\"rule\":\"script.followed\",\"expected\":\"a\",\"happened\":"
                            "\"b\",\"decided\":\"c\",\"by\":\"Ann\"}"},
    {"KC-11", "fail", ""},
    {"KC-12", "pass", MEMBER("lint.json")},
    {"KC-12", "fail", ""},
    {"KC-13", "pass", ""},
    {"KC-13", "fail", FAILURE("plan.script")},
    {"EN-01", "recorded", MEMBER("custody.json")},
    {"EN-01", "fail", ""},
    {"EN-02", "pass", "doctors/*/rows/0/standing=\"ok\""},
    {"EN-02", "fail", "doctors/*/rows/0/standing=\"warn\""},
    {"EN-02", "fail", "doctors=[]"},
    {"EN-03", "pass", ""},
    {"EN-03", "fail", "pages/4/versions/binary_sha256"},
    {"EN-04", "pass", ""},
    {"EN-04", "fail", "pages/4/versions/binary_sha256=\"00\""},
    {"EN-05", "recorded", MEMBER("clock.json")},
    {"EN-05", "fail", MEMBER("clock.json") "\n" FAILURE("page.times")},
    {"KY-01", "pass", ""},
    {"KY-01", "fail", "keys/2/key=\"RSA-1024\""},
    {"KY-02", "pass", ""},
    {"KY-02", "fail", "keys/2/spki_sha256=\"\""},
    {"KY-04", "pass", ""},
    {"KY-04", "fail", "certificates/3/ca=false"},
    {"KY-04", "fail", FAILURE("register.chain")},
    {"KY-05", "pass", ""},
    {"KY-05", "fail", "keys/2/mode=\"0644\""},
    {"KY-05", "fail", FAILURE("secret.none")},
    {"KY-06", "pass", CHECK("backup.tested", 1, 0)},
    {"KY-06", "fail", ""},
    {"KY-07", "recorded", ""},
    {"KY-07", "fail", "pages/2/people=[]"},
    {"KY-07", "fail", FAILURE("artefact.purged")},
    {"KY-09", "pass", ""},
    {"KY-09", "fail", FAILURE("artefact.request")},
    {"KY-10", "pass", ""},
    {"KY-10", "fail", FAILURE("chain.previous")},
    {"CT-01", "pass", ""},
    {"CT-01", "fail", "certificates/3/serial=\"0102\""},
    {"CT-01", "fail", "certificates/3/not_before=\"2026-11-20T00:00:00Z\""},
    {"CT-01", "fail", "certificates/3/not_before=\"2036-11-20T00:00:00Z\""},
    {"CT-02", "pass", "certificates/3/subject=\"CN=A, O=B, C=CH\""},
    {"CT-02", "fail", "certificates/3/subject=\"CN=A, O=B, OU=D, C=CH\""},
    {"CT-02", "fail", ""},
    {"CT-03", "pass", ""},
    {"CT-03", "fail", "certificates/3/key_usage=[\"certSign\"]"},
    {"CT-03", "fail", "certificates/3/extensions/*/critical=false"},
    {"CT-04", "pass",
     EXTENSION("2.5.29.37", "X509v3 Extended Key Usage", false, "TLS Web Server Authentication")},
    {"CT-04", "fail", EXTENSION("2.5.29.37", "X509v3 Extended Key Usage", false, "Any Extended Key Usage")},
    {"CT-04", "fail", ""},
    {"CT-05", "pass", ""},
    {"CT-05", "fail", "certificates/3/aki=\"00\""},
    {"CT-06", "pass", ""},
    {"CT-06", "fail", "certificates/3/crl_urls/0=\"http://ca.example.com/crl\""},
    {"CT-06", "fail", "certificates/3/crl_urls/0=\"https://pki.example.com/root.crl\""},
    {"CT-06", "fail", "certificates/3/crl_urls=[]"},
    {"CT-07", "pass",
     EXTENSION("1.3.6.1.5.5.7.1.1", "Authority Information Access", false, "CA Issuers - URI:http://a/b")},
    {"CT-07", "fail", ""},
    {"CT-09", "pass", EXTENSION("2.5.29.30", "X509v3 Name Constraints", true, "Permitted: DNS:a")},
    {"CT-09", "fail", EXTENSION("2.5.29.30", "X509v3 Name Constraints", false, "Permitted: DNS:a")},
    {"CT-09", "fail", ""},
    {"CT-10", "pass", ""},
    {"CT-10", "fail", "certificates/3/not_after=\"2099-01-01T00:00:00Z\""},
    {"CT-11", "pass", ""},
    {"CT-11", "fail", "crls=[]"},
    {"CT-12", "pass", ""},
    {"CT-12", "fail", EXTENSION("2.5.29.56", "noRevAvail", false, "")},
    {"CT-13", "pass", ""},
    {"CT-13", "fail", FAILURE("artefact.outputs")},
    {"CT-14", "pass", ""},
    {"CT-14", "fail", "pages/5/members=[]"},
    {"CR-01", "pass", ""},
    {"CR-01", "fail",
     "crls/+={\"name\":\"second\",\"issuer\":\"CN=Demo Root CA, O=Demo of verger\",\"number\":1}"},
    {"CR-02", "pass", ""},
    {"CR-02", "fail", "crls/0/next_update=\"2028-01-01T00:00:00Z\""},
    {"CR-03", "pass", ""},
    {"CR-03", "fail", "crls=[]"},
    {"CR-04", "pass", "crls/0/revoked/+={\"serial\":\"01\",\"reason\":4}"},
    {"CR-04", "fail", "crls/0/revoked/+={\"serial\":\"01\",\"reason\":-1}"},
    {"CR-04", "fail", "crls/0/revoked/+={\"serial\":\"01\",\"reason\":6}"},
    {"CR-05", "pass", ""},
    {"CR-05", "fail", FAILURE("artefact.crl")},
    {"CR-06", "pass", ""},
    {"CR-06", "fail",
     "crls/0/revoked/+={\"serial\":\"01\",\"reason\":4}\n"
     "crls/+={\"name\":\"second\",\"issuer\":\"CN=Demo Root CA, O=Demo of "
     "verger\",\"number\":2,\"revoked\":[]}"},
    {"CR-07", "pass", ""},
    {"CR-07", "fail", "crls/0/next_update=\"2099-01-01T00:00:00Z\""},
    {"CR-08", "pass", ""},
    {"CR-08", "none", "crls=[]"},
    {"RC-01", "pass", ""},
    {"RC-01", "fail", FAILURE("page.form")},
    {"RC-02", "pass", ""},
    {"RC-02", "fail", FAILURE("seal.signature")},
    {"RC-03", "pass", ""},
    {"RC-03", "fail", "verify/verdict=\"does not hold\""},
    {"RC-04", "pass", ""},
    {"RC-04", "none", "due=[]"},
    {"RC-05", "pass", ""},
    {"RC-05", "none", "due=[]"},
    {"RC-06", "pass", ""},
    {"RC-06", "fail", FAILURE("record.layout")},
    {"RC-07", "pass", CHECK("time.authority", 1, 0)},
    {"RC-07", "fail", CHECK("time.signature", 1, 0)},
    {"RC-07", "fail", ""},
    {"RC-08", "pass", ""},
    {"RC-08", "fail", "verify/verdict=\"consistent, not authenticated\""},
    {"RC-10", "pass", ""},
    {"RC-10", "fail", FAILURE("previous.named")},
    {"RC-11", "pass", ""},
    {"RC-11", "fail", FAILURE("plan.form")},
};

static void every_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        OWN(json_t) *report = facts();
        edit_all(report, rows[i].edits);
        report_grade(report, CONTROLS_INTERNAL);
        const json_t *control = control_find(report, rows[i].control);
        assert_non_null(control);
        if (strcmp(json_text(control, "grade"), rows[i].grade) != 0) {
            OWN(char) *why = json_dumps(control, JSON_SORT_KEYS);
            fail_msg("%s, row %zu: wanted %s: %s", rows[i].control, i, rows[i].grade, why);
        }
    }
}

/* A control without a row that it passes, or none that it does not, would be one that nobody tried. */
static void every_control(void **state)
{
    (void)state;
    for (size_t i = 0; i < controls_count; i++) {
        bool passes = false, fails = false, asked = strcmp(controls[i].level[CONTROLS_INTERNAL], "-") != 0;
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            bool this = strcmp(rows[r].control, controls[i].id) == 0;
            bool good = strcmp(rows[r].grade, "pass") == 0 || strcmp(rows[r].grade, "recorded") == 0;
            passes |= this && good;
            fails |= this && !good;
        }
        if (asked && (!passes || !fails))
            fail_msg("%s is not tried both ways", controls[i].id);
    }
}

/* A level "-" is not applicable, and another profile asks otherwise. */
static void profiles(void **state)
{
    (void)state;
    for (int profile = 0; profile < CONTROLS_PROFILES; profile++) {
        OWN(json_t) *report = facts();
        report_grade(report, (enum profile_of_controls)profile);
        for (size_t i = 0; i < controls_count; i++) {
            const json_t *control = control_find(report, controls[i].id);
            const char *level = controls[i].level[profile];
            assert_true(strcmp(level, "shall") == 0 || strcmp(level, "should") == 0 ||
                        strcmp(level, "-") == 0);
            if (strcmp(level, "-") == 0)
                assert_string_equal(json_text(control, "grade"), "none");
        }
    }
    OWN(json_t) *federal = facts();
    edit_all(federal, "profile=\"us-federal\"");
    report_grade(federal, CONTROLS_FEDERAL);
    assert_string_equal(json_text(control_find(federal, "CR-02"), "grade"), "fail");
    assert_string_equal(json_text(control_find(federal, "EN-06"), "grade"), "fail");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row),
        cmocka_unit_test(every_control),
        cmocka_unit_test(profiles),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

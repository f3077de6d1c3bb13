/* record.h: what is kept for a page that is not sealed yet. */
#include "walked.h"

static struct record *opened(const struct trial *t)
{
    struct err err = {0};
    struct record *record = NULL;
    OWN(char) *folder = path_join(t->folder, "record");
    assert_ok(record_open(&record, folder, false, &err));
    return record;
}

static void test_can_stage(void **state)
{
    static const struct {
        const char *command, *says; /* in .staging */
    } cases[] = {
        {"true", NULL},
        {"mkdir 000003", NULL},
        {"mkdir 000003 && touch 000003/other+2ecrt", NULL},
        {"mkdir 000003 && touch 000003/root+2ecrt", "000003/root+2ecrt: is there already"},
        {"mkdir 000003 && ln -s nowhere 000003/root+2ecrt", "000003/root+2ecrt: is there already"},
        {"mkdir ../../away && ln -s ../../away 000003", "000003: not a folder"},
        {"touch 000003", "000003: not a folder"},
    };
    struct err err = {0};
    const struct trial *t = *state;
    const struct bytes data = {(unsigned char *)"signed", 6};
    walk_to(t, 3);
    OWN_RECORD *record = opened(t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(
            run(t->folder, "rm -rf record/.staging && mkdir record/.staging && cd record/.staging && { %s; }",
                cases[i].command),
            0);
        if (cases[i].says != NULL) {
            assert_refused(record_can_stage(record, 3, "root.crt", &err), cases[i].says);
            continue;
        }
        assert_ok(record_can_stage(record, 3, "root.crt", &err));
        assert_ok(record_stage(record, 3, "root.crt", &data, &err));
    }
    assert_int_equal(run(t->folder, "rm -r record/.staging && ln -s ../away record/.staging"), 0);
    assert_refused(record_can_stage(record, 3, "root.crt", &err), ".staging: not a folder");
}

static void test_discard_staged(void **state)
{
    struct err err = {0};
    size_t count = 9;
    const struct trial *t = *state;
    OWN_STRUCT(bytes) found = {0};
    walk_to(t, 3);
    OWN_RECORD *record = opened(t);
    assert_ok(record_discard_staged(&count, record, 3, &err));
    assert_int_equal(count, 0);
    assert_int_equal(run(t->folder,
                         "mkdir -p record/.staging/000003/deep away && cd record/.staging/000003 && "
                         "touch root+2ecrt .x && touch ../../../away/stays && ln -s ../../../away link"),
                     0);
    assert_true(record_staged(record, 3, "root.crt", &found));
    assert_ok(record_discard_staged(&count, record, 3, &err));
    assert_int_equal(count, 4);
    assert_false(record_staged(record, 3, "root.crt", &found));
    assert_int_equal(run(t->folder, "test ! -e record/.staging && test -e away/stays"), 0);
    assert_int_equal(
        run(t->folder, "mkdir -p record/.staging/000004 && ln -s ../../away record/.staging/000003"), 0);
    assert_ok(record_discard_staged(&count, record, 3, &err));
    assert_int_equal(count, 1);
    assert_int_equal(run(t->folder, "test -d record/.staging/000004 && test ! -e record/.staging/000003 && "
                                    "test -e away/stays"),
                     0);
}

#define IN_TRIAL(test) cmocka_unit_test_setup_teardown(test, trial_make, trial_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TRIAL(test_can_stage),
        IN_TRIAL(test_discard_staged),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, keepers_make, keepers_remove);
}

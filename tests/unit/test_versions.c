/* What a page says of the programs that will use what is made. */
#include "stranger.h"

#include "audit/versions.h"

static void programs_are_hashed(void **state)
{
    OWN(char) *first = path_join(*state, "first");
    OWN(char) *second = path_join(*state, "second");
    const char *const folders[] = {first, second, NULL};
    OWN(json_t) *none = json_object(), *found = json_object();
    assert_int_equal(run(*state, "mkdir first second"), 0);
    versions_programs(none, folders);
    assert_int_equal(json_object_size(none), 0);
    assert_int_equal(run(*state,
                         "echo one >second/real && ln -s real second/step-ca && echo two >first/step && "
                         "echo three >second/step && sha256sum $PWD/first/step $PWD/second/step-ca"),
                     0);
    OWN(char) *sums = run_output(*state);
    versions_programs(found, folders);
    OWN(char) *ours = text_format("%s\n%s\n", json_string_value(json_object_get(found, "step")),
                                  json_string_value(json_object_get(found, "step-ca")));
    assert_string_equal(ours, sums);
}

/* A folder of that name, or a link to nothing, is told and no failure. */
static void what_cannot_be_hashed_is_told(void **state)
{
    const char *const folders[] = {*state, NULL};
    OWN(json_t) *found = json_object();
    assert_int_equal(run(*state, "mkdir step && ln -s nowhere step-ca"), 0);
    versions_programs(found, folders);
    assert_non_null(strstr(json_string_value(json_object_get(found, "step")), "not a regular file"));
    assert_non_null(strstr(json_string_value(json_object_get(found, "step-ca")), "cannot be opened"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(programs_are_hashed, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(what_cannot_be_hashed_is_told, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* answers.h: what a file may answer, and how. */
#include "../../bootstrap/answers.h"
#include "stranger.h"

static bool read_text(struct answers **out, const char *folder, const char *text, struct err *err)
{
    OWN(char) *path = path_join(folder, "answers.json");
    put(folder, "answers.json", text, strlen(text));
    return answers_read(out, path, err);
}

static void test_texts(void **state)
{
    struct err err = {0};
    OWN_ANSWERS *answers = NULL;
    assert_ok(read_text(&answers, *state,
                        "{\"a.ask.1\": \"  Ann Example \", \"a.ask.2\": 12, \"password\": \"data\"}", &err));
    assert_true(answers_has(answers, "a.ask.1"));
    assert_false(answers_has(answers, "a.ask.3"));
    bool found = false;
    OWN(char) *name = NULL;
    assert_ok(answers_text(answers, "a.ask.1", &name, &found, &err));
    assert_true(found);
    assert_string_equal(name, "Ann Example");
    OWN(char) *number = NULL;
    assert_ok(answers_text(answers, "a.ask.2", &number, &found, &err));
    assert_string_equal(number, "12");
    OWN(char) *nothing = NULL;
    assert_ok(answers_text(answers, "a.ask.3", &nothing, &found, &err));
    assert_false(found);
    assert_null(nothing);
}

static void test_confirms(void **state)
{
    struct err err = {0};
    OWN_ANSWERS *answers = NULL;
    assert_ok(read_text(&answers, *state,
                        "{\"a\": true, \"b\": \"No\", \"c\": \"y\", \"d\": 1, \"e\": \"yes\"}", &err));
    bool yes = false;
    bool found = false;
    assert_ok(answers_confirm(answers, "a", &yes, &found, &err));
    assert_true(found && yes);
    assert_ok(answers_confirm(answers, "b", &yes, &found, &err));
    assert_true(found && !yes);
    assert_ok(answers_confirm(answers, "e", &yes, &found, &err));
    assert_true(found && yes);
    assert_ok(answers_confirm(answers, "z", &yes, &found, &err));
    assert_false(found);
    assert_refused(answers_confirm(answers, "c", &yes, &found, &err),
                   "\"c\": the answer must be true, false");
    assert_refused(answers_confirm(answers, "d", &yes, &found, &err),
                   "\"d\": the answer must be true, false");
    OWN(char) *text = NULL;
    assert_refused(answers_text(answers, "a", &text, &found, &err), "a text is asked for");
}

static void test_refused(void **state)
{
    struct err err = {0};
    struct answers *answers = NULL;
    assert_refused(read_text(&answers, *state, "[]", &err), "one JSON object");
    assert_refused(read_text(&answers, *state, "{\"a\": \"x\", \"a\": \"y\"}", &err), "answers.json");
    assert_refused(read_text(&answers, *state, "{\"a\": \"x\",}", &err), "trailing comma");
    assert_refused(read_text(&answers, *state, "{\"a\": null}", &err),
                   "\"a\": an answer is a text, a number");
    assert_refused(read_text(&answers, *state, "{\"a\": {}}", &err), "\"a\": an answer is a text, a number");
    assert_refused(read_text(&answers, *state, "{\"a\": \"  \"}", &err), "\"a\": the answer is empty");
    assert_refused(read_text(&answers, *state, "{\"a\": \"x\\u001b[2J\"}", &err),
                   "without control characters");
    assert_refused(read_text(&answers, *state, "{\"a\": \"x\\ny\"}", &err), "one line");
    OWN(char) *long_text = text_format("{\"a\": \"%0*d\"}", ANSWER_MAX + 1, 0);
    assert_refused(read_text(&answers, *state, long_text, &err), "at most 4096");
    assert_refused(answers_read(&answers, "/nonexistent/answers.json", &err), "/nonexistent/answers.json");
    assert_null(answers);
}

static void test_length_counts_characters(void **state)
{
    struct err err = {0};
    OWN_ANSWERS *answers = NULL;
    OWN_STRUCT(bytes) text = {0};
    bytes_text(&text, "{\"a\": \"");
    for (int i = 0; i < ANSWER_MAX; i++)
        bytes_text(&text, "é");
    bytes_text(&text, "\"}");
    assert_ok(read_text(&answers, *state, bytes_string(&text), &err));
}

static void test_unused(void **state)
{
    struct err err = {0};
    OWN_ANSWERS *answers = NULL;
    assert_ok(read_text(&answers, *state, "{\"a\": 1, \"b\": 2}", &err));
    OWN_STRUCT(bytes) both = {0};
    answers_unused(&both, answers);
    assert_non_null(strstr(bytes_string(&both), "were not asked for: a b"));
    bool found = false;
    OWN(char) *text = NULL;
    assert_ok(answers_text(answers, "a", &text, &found, &err));
    OWN_STRUCT(bytes) one = {0};
    answers_unused(&one, answers);
    assert_non_null(strstr(bytes_string(&one), "1 answer of "));
    assert_non_null(strstr(bytes_string(&one), "was not asked for: b"));
    OWN(char) *other = NULL;
    assert_ok(answers_text(answers, "b", &other, &found, &err));
    OWN_STRUCT(bytes) none = {0};
    answers_unused(&none, answers);
    assert_int_equal(none.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_texts, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_confirms, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_refused, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_length_counts_characters, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_unused, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

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
                        "{\"a.ask.1\": \"  Ann Example \", \"a.ask.2\": 12, \"a.ask.4\": \" !stop\", "
                        "\"a.ask.5\": \"!x\", \"password\": \"data\"}",
                        &err));
    assert_true(answers_has(answers, "a.ask.1"));
    assert_false(answers_has(answers, "a.ask.3"));
    bool found = false;
    enum reply reply = REPLY_STOP;
    OWN(char) *name = NULL;
    assert_ok(answers_text(answers, "a.ask.1", &reply, &name, &found, &err));
    assert_true(found && reply == REPLY_GIVEN);
    assert_string_equal(name, "Ann Example");
    OWN(char) *number = NULL;
    assert_ok(answers_text(answers, "a.ask.2", &reply, &number, &found, &err));
    assert_string_equal(number, "12");
    OWN(char) *nothing = NULL;
    assert_ok(answers_text(answers, "a.ask.3", &reply, &nothing, &found, &err));
    assert_false(found);
    assert_null(nothing);
    assert_ok(answers_text(answers, "a.ask.4", &reply, &nothing, &found, &err));
    assert_true(found && reply == REPLY_STOP);
    assert_null(nothing);
    assert_refused(answers_text(answers, "a.ask.5", &reply, &nothing, &found, &err),
                   "\"a.ask.5\": what begins with ! is no answer");
}

static const char *const confirm[] = {"yes", "stop", "exception", NULL};
static const char *const decide[] = {"again", "go on", "stop", NULL};

/* What the file has for a choice; "" when it has nothing. */
static const char *chosen_of(struct answers *answers, const char *id, const char *const *choices)
{
    struct err err = {0};
    const char *chosen = "";
    bool found = false;
    assert_ok(answers_choice(answers, id, choices, &chosen, &found, &err));
    assert_int_equal(found, chosen[0] != '\0');
    return chosen;
}

static void test_choices(void **state)
{
    struct err err = {0};
    OWN_ANSWERS *answers = NULL;
    assert_ok(read_text(&answers, *state,
                        "{\"a\": true, \"b\": \"No\", \"c\": \"y\", \"d\": 1, \"e\": \"YES\", \"f\": false, "
                        "\"g\": \"stop\", \"h\": \"go on\"}",
                        &err));
    static const struct {
        const char *id, *chosen;
    } cases[] = {{"a", "yes"}, {"b", "stop"}, {"e", "yes"}, {"f", "stop"}, {"g", "stop"}, {"z", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(chosen_of(answers, cases[i].id, confirm), cases[i].chosen);
    assert_string_equal(chosen_of(answers, "h", decide), "go on");
    const char *chosen = NULL;
    bool found = false;
    static const char rule[] = "the answer must be true, false, \"yes\", \"stop\" or \"exception\"";
    assert_refused(answers_choice(answers, "c", confirm, &chosen, &found, &err), rule);
    assert_refused(answers_choice(answers, "d", confirm, &chosen, &found, &err), rule);
    assert_refused(answers_choice(answers, "h", confirm, &chosen, &found, &err), rule);
    assert_refused(answers_choice(answers, "a", decide, &chosen, &found, &err),
                   "\"a\": the answer must be \"again\", \"go on\" or \"stop\"");
    OWN(char) *text = NULL;
    enum reply reply = REPLY_GIVEN;
    assert_refused(answers_text(answers, "a", &reply, &text, &found, &err), "a text is asked for");
}

#define SAID                                                                                                 \
    "{\"exception\": {\"expected\": \"light\", \"happened\": \"the lamp fell\", \"decided\": \"candles\", "  \
    "\"by\": \"Ann\"}, \"then\": "

static void test_exceptions(void **state)
{
    struct err err = {0};
    OWN_ANSWERS *answers = NULL;
    assert_ok(read_text(&answers, *state,
                        "{\"a\": " SAID "true}, \"b\": " SAID "\"go on\"}, \"c.1\": " SAID
                        "\"Ann Example\"}, "
                        "\"d\": " SAID "\"stop\"}}",
                        &err));
    assert_true(answers_has(answers, "a") && answers_has(answers, "a.by") &&
                answers_has(answers, "a.decision"));
    assert_false(answers_has(answers, "a.why"));
    assert_string_equal(chosen_of(answers, "a", confirm), "exception");
    assert_string_equal(chosen_of(answers, "a.decision", decide), "again");
    assert_string_equal(chosen_of(answers, "a", confirm), "yes");
    assert_string_equal(chosen_of(answers, "a", confirm), "yes");
    assert_string_equal(chosen_of(answers, "b.decision", decide), "go on");
    assert_string_equal(chosen_of(answers, "d.decision", decide), "stop");
    bool found = false;
    enum reply reply = REPLY_GIVEN;
    OWN(char) *name = NULL;
    OWN(char) *happened = NULL;
    assert_ok(answers_text(answers, "c.1", &reply, &name, &found, &err));
    assert_true(found && reply == REPLY_EXCEPTION);
    assert_ok(answers_text(answers, "c.1.happened", &reply, &happened, &found, &err));
    assert_true(found && reply == REPLY_GIVEN);
    assert_string_equal(happened, "the lamp fell");
    assert_ok(answers_text(answers, "c.1", &reply, &name, &found, &err));
    assert_string_equal(name, "Ann Example");
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
    assert_refused(read_text(&answers, *state, "{\"a\": []}", &err), "\"a\": an answer is a text, a number");
    static const char *const exceptions[] = {
        "{}",
        SAID "[]}",
        SAID "null}",
        SAID SAID "true}}",
        SAID "true, \"more\": 1}",
        "{\"exception\": {\"expected\": \"a\", \"happened\": \"b\", \"decided\": \"c\"}, \"then\": true}",
        "{\"exception\": {\"expected\": \"a\", \"happened\": 1, \"decided\": \"c\", \"by\": \"d\"}}",
        "{\"exception\": {\"expected\": \"a\", \"happened\": \"b\", \"decided\": \"c\", \"by\": \"d\"}}",
    };
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
        OWN(char) *text = text_format("{\"a\": %s}", exceptions[i]);
        assert_refused(read_text(&answers, *state, text, &err), "\"a\": an exception is {\"exception\": {");
    }
    assert_refused(read_text(&answers, *state,
                             "{\"a\": {\"exception\": {\"expected\": \"a\", \"happened\": \" \", "
                             "\"decided\": \"c\", \"by\": \"d\"}, \"then\": 1}}",
                             &err),
                   "\"a.happened\": the answer is empty");
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
    enum reply reply = REPLY_STOP;
    assert_ok(answers_text(answers, "a", &reply, &text, &found, &err));
    OWN_STRUCT(bytes) one = {0};
    answers_unused(&one, answers);
    assert_non_null(strstr(bytes_string(&one), "1 answer of "));
    assert_non_null(strstr(bytes_string(&one), "was not asked for: b"));
    OWN(char) *other = NULL;
    assert_ok(answers_text(answers, "b", &reply, &other, &found, &err));
    OWN_STRUCT(bytes) none = {0};
    answers_unused(&none, answers);
    assert_int_equal(none.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_texts, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_choices, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_exceptions, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_refused, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_length_counts_characters, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_unused, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

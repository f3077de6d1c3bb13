/* verify_custodians.h: what a page must say of a key that custodians opened. */
#include "stranger.h"

#include "audit/verify_custodians.h"

#define PEOPLE                                                                                               \
    "[{'role':'custodians','name':'Ada'},{'role':'custodians','name':'Ben'},"                                \
    "{'role':'custodians','name':'Cem'},{'role':'operator','name':'Dan'}]"
#define SOME "{'words':[{'verb':'unlock','name':'root key','options':{'by':'custodians','needed':2}}]}"
#define ALL "{'words':[{'verb':'unlock','name':'root key','options':{'by':'custodians'}}]}"
#define NONE "{'words':[{'verb':'unlock','name':'root key','options':{}}]}"
#define OPENED(needed, names)                                                                                \
    "[{'name':'root key','opened_by':{'needed':" needed ",'custodians':[" names "]}}]"

/* JSON with single quotes. */
static json_t *json(const char *text)
{
    OWN(char) *copy = text_copy(text);
    for (char *c = copy; *c != '\0'; c++)
        if (*c == '\'')
            *c = '"';
    json_t *value = json_loads(copy, 0, NULL);
    assert_non_null(value);
    return value;
}

static bool check(const char *step_text, const char *inputs_text, struct err *err)
{
    OWN(json_t) *step = json(step_text);
    OWN(json_t) *inputs = json(inputs_text);
    OWN(json_t) *people = json(PEOPLE);
    return custodians_check(step, inputs, people, err);
}

static void test_as_planned(void **state)
{
    (void)state;
    struct err err = {0};
    assert_ok(check(SOME, OPENED("2", "'Ada','Cem'"), &err));
    assert_ok(check(SOME, OPENED("2", "'Ada','Ben','Cem'"), &err));
    assert_ok(check(ALL, OPENED("3", "'Ada','Ben','Cem'"), &err));
    assert_ok(check(NONE, "[{'name':'root key'}]", &err));
}

static void test_not_as_planned(void **state)
{
    (void)state;
    struct err err = {0};
    assert_refused(check(SOME, "[]", &err), "does not say which custodians");
    assert_refused(check(SOME, "[{'name':'root key'}]", &err), "does not say which custodians");
    assert_refused(check(SOME, OPENED("2", "'Ada'"), &err), "opened by 1 custodians, and the plan needs 2");
    assert_refused(check(SOME, OPENED("1", "'Ada','Ben'"), &err), "the plan needs 2");
    assert_refused(check(SOME, OPENED("2", "'Ada','Ada'"), &err),
                   "two parts were given by one custodian, Ada");
    assert_refused(check(SOME, OPENED("2", "'Ada','Dan'"), &err), "somebody who is no custodian");
    assert_refused(check(SOME, OPENED("2", "'Ada',7"), &err), "somebody who is no custodian");
    assert_refused(check(ALL, OPENED("3", "'Ada','Ben'"), &err), "the plan needs 3");
    assert_refused(check(NONE, OPENED("2", "'Ada','Ben'"), &err), "the plan asked none");
}

static void test_whom_it_concerns(void **state)
{
    (void)state;
    OWN(json_t) *some = json(SOME);
    OWN(json_t) *none = json(NONE);
    OWN(json_t) *opened = json(OPENED("2", "'Ada'"));
    OWN(json_t) *nothing = json("[]");
    assert_true(custodians_concern(some, nothing));
    assert_true(custodians_concern(none, opened));
    assert_false(custodians_concern(none, nothing));
    assert_false(custodians_concern(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_planned),
        cmocka_unit_test(test_not_as_planned),
        cmocka_unit_test(test_whom_it_concerns),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

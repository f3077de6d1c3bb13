/* Which kind of name step-ca takes a text for. */
#include "policies.h"

static void test_classify(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum policy_type type;
    } names[] = {{"a.b", POLICY_DNS},           {"10.0.0.1", POLICY_IP},     {"::1", POLICY_IP},
                 {"::ffff:1.2.3.4", POLICY_IP}, {"010.0.0.1", POLICY_DNS},   {"a@b", POLICY_EMAIL},
                 {"https://x", POLICY_URI},     {"host:80", POLICY_URI},     {"10.0.0.1:80", POLICY_DNS},
                 {"Foo: bar", POLICY_URI},      {"a b", POLICY_DNS},         {"1a:b@c", POLICY_EMAIL},
                 {"mailto:a@b", POLICY_URI},    {"http://%41", POLICY_DNS},  {"", POLICY_DNS},
                 {"fe80::1%eth0", POLICY_URI},  {"https://x:y", POLICY_DNS}, {"https://[::1]", POLICY_URI}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (policy_classify(names[i].name) != names[i].type)
            fail_msg("%s: %s", names[i].name, policy_type_word(policy_classify(names[i].name)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_classify)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* authority_check_config: remote management, which moves the provisioners into the database. */
#include "trial.h"

static void expect(const struct bytes *text, const char *rule, enum severity severity)
{
    static const char *const rules[] = {"admin_without_db", "admin_takes_over", "admin_database"};
    OWN_STRUCT(findings) found = findings_of(text);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct finding *hit = finding_get(&found, rules[i]);
        bool wanted = strcmp(rules[i], rule) == 0;
        if ((hit != NULL) != wanted || (wanted && hit->severity != severity)) {
            dump(&found);
            fail_msg("%s %s", rules[i], wanted ? "did not fire as it should" : "fired");
        }
    }
    if (finding_get(&found, "provisioner_none") != NULL)
        fail_msg("provisioner_none fired");
}

static void test_admin(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = file_text(WORKING);
    expect(&text, "", NOTE);
    change(&text, "authority.enableAdmin", "true");
    expect(&text, "admin_takes_over", WARNING);
    change(&text, "db", "null");
    expect(&text, "admin_without_db", ERROR);
    change(&text, "authority.enableAdmin", "false");
    expect(&text, "", NOTE);
    OWN_STRUCT(bytes) remote = file_text("tests/golden/init-variants/remote/ca.json");
    expect(&remote, "admin_database", NOTE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_admin)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

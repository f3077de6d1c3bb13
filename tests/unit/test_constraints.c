/* Name constraints in certificates that openssl made, and the authority's own names against them. */
#include "../../ceremony/constraints.h"
#include "../../ceremony/profile.h"

#include "stranger.h"

#include <openssl/pem.h>

static json_t *member(void)
{
    static const char text[] = "{\"critical\": true, \"permittedDNSDomains\": [\"a.com\"], "
                               "\"permittedIPRanges\": [\"10.0.0.0/8\"]}";
    json_t *value = json_loads(text, 0, NULL);
    assert_non_null(value);
    return value;
}

/* `constraints` as openssl's configuration writes them; "" for none. */
static X509 *certificate_new(const char *constraints)
{
    OWN(char) *command =
        text_format("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null "
                    "-subj /CN=x -days 1 %s%s 2>/dev/null",
                    *constraints != 0 ? "-addext nameConstraints=" : "", constraints);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    X509 *cert = PEM_read_X509(pipe, NULL, NULL, NULL);
    assert_int_equal(pclose(pipe), 0);
    assert_non_null(cert);
    return cert;
}

/* `message` NULL: they are the same. */
static void matches(const char *constraints, const char *message)
{
    OWN(X509) *cert = certificate_new(constraints);
    OWN(json_t) *wanted = member();
    struct err err = {0};
    bool good = constraints_match(cert, wanted, "it", &err);
    if (good != (message == NULL) || (!good && strstr(err.text, message) == NULL))
        fail_msg("%s: %s", constraints, err.text);
}

#define SAME "\"permitted;DNS:a.com,permitted;IP:10.0.0.0/255.0.0.0"

static void test_match(void **state)
{
    (void)state;
    matches("critical," SAME "\"", NULL);
    matches(SAME "\"", "it: its name constraints are not critical");
    matches("critical,\"permitted;DNS:a.com\"", "it: its name constraints are not those of the policy");
    matches("critical," SAME ",excluded;DNS:b.a.com\"",
            "it: its name constraints are not those of the policy");
    matches("", "it: has no name constraints");
}

static void own(const char *name, const char *message)
{
    OWN(json_t) *wanted = member();
    const char *const names[] = {"a.com", name, NULL};
    struct err err = {0};
    bool good = constraints_permit_own(wanted, names, &err);
    if (good != (message == NULL) || (!good && strstr(err.text, message) == NULL))
        fail_msg("%s: %s", name, err.text);
}

static void test_own_names(void **state)
{
    (void)state;
    own("ca.a.com", NULL);
    own("10.2.3.4", NULL);
    own("11.2.3.4", "forbid \"11.2.3.4\", one of the authority's own names, and step-ca does not start then; "
                    "allow it under ip");
    own("ca.b.com", "forbid \"ca.b.com\", one of the authority's own names, and step-ca does not start then; "
                    "allow it under dns");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_match), cmocka_unit_test(test_own_names)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* arguments.h: what is taken, and what is refused with a remedy. */
#include "../../bootstrap/arguments.h"
#include "stranger.h"

static const struct parameter parameters[] = {
    {.name = "record",
     .value = "DIR",
     .help = "a first line that is longer than its column can be in eighty",
     .required = true},
    {.name = "enrol", .value = "CERT", .help = "many", .many = true},
    {.name = "password-file", .value = "NAME=FILE", .help = "pairs", .many = true},
    {.name = "unattended", .help = "a flag"},
    {0},
};

/* Parse words that end with NULL, behind the command's name. */
static bool parse(struct arguments *out, const char *operand, struct err *err, const char *const *words)
{
    char *argv[20] = {"verger"};
    int argc = 1;
    while (words[argc - 1] != NULL) {
        argv[argc] = (char *)words[argc - 1];
        argc++;
    }
    return arguments_parse(out, parameters, operand, argc, argv, err);
}
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_values(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(arguments) a = {0};
    assert_ok(parse(&a, "SCRIPT", &err,
                    WORDS("--unattended", "s.lua", "--record=r", "--enrol", "a", "b", "--password-file",
                          "root key=f=g", "--enrol", "c")));
    assert_string_equal(a.operand, "s.lua");
    assert_string_equal(arguments_value(&a, "record"), "r");
    assert_true(arguments_has(&a, "unattended"));
    const char *const *certificates = arguments_values(&a, "enrol");
    assert_string_equal(certificates[0], "a");
    assert_string_equal(certificates[1], "b");
    assert_string_equal(certificates[2], "c");
    assert_null(certificates[3]);
    assert_string_equal(arguments_value(&a, "password-file"), "root key=f=g");
}

/* A letter is as good as the name. */
static void test_letter(void **state)
{
    (void)state;
    static const struct parameter lettered[] = {
        {.name = "output", .letter = 'o', .value = "FILE", .help = "where"},
        {.name = "quiet", .letter = 'q', .help = "a flag"},
        {0}};
    struct err err = {0};
    char *apart[] = {"renew", "r", "-q", "-o", "f"}, *joined[] = {"renew", "-of", "r"};
    char *bare[] = {"renew", "r", "-o"}, *twice[] = {"renew", "r", "-o", "f", "--output=g"};
    OWN_STRUCT(arguments) a = {0}, b = {0}, none = {0};
    OWN_STRUCT(bytes) help = {0};
    assert_ok(arguments_parse(&a, lettered, "RECORD", 5, apart, &err));
    assert_string_equal(arguments_value(&a, "output"), "f");
    assert_true(arguments_has(&a, "quiet"));
    assert_ok(arguments_parse(&b, lettered, "RECORD", 3, joined, &err));
    assert_string_equal(arguments_value(&b, "output"), "f");
    assert_string_equal(b.operand, "r");
    assert_refused(arguments_parse(&none, lettered, "RECORD", 3, bare, &err), "-o needs a value");
    assert_refused(arguments_parse(&none, lettered, "RECORD", 5, twice, &err), "--output was given twice");
    arguments_help(&help, lettered);
    assert_non_null(strstr(bytes_string(&help), "  -o, --output FILE "));
    assert_non_null(strstr(bytes_string(&help), "  -q, --quiet "));
}

/* Words behind the operand belong to `rest`, or to the `many` option before them. */
static void test_rest(void **state)
{
    (void)state;
    static const struct parameter words[] = {
        {.name = "names", .value = "NAME", .help = "all", .many = true, .rest = true},
        {.name = "csr", .value = "FILE", .help = "many", .many = true},
        {.name = "json", .help = "a flag"},
        {0}};
    struct err err = {0};
    OWN_STRUCT(arguments) a = {0};
    OWN_STRUCT(bytes) help = {0};
    char *line[] = {"policy", "c", "a", "--json", "b", "--csr", "f", "g", "--", "-x"};
    char *option[] = {"policy", "c", "--names", "a"}, *empty[] = {"policy", "c", ""};
    assert_ok(arguments_parse(&a, words, "CONFIG", 10, line, &err));
    assert_string_equal(a.operand, "c");
    assert_string_equal(arguments_values(&a, "names")[0], "a");
    assert_string_equal(arguments_values(&a, "names")[1], "b");
    assert_string_equal(arguments_values(&a, "names")[2], "-x");
    assert_null(arguments_values(&a, "names")[3]);
    assert_string_equal(arguments_values(&a, "csr")[1], "g");
    struct arguments none = {0};
    assert_refused(arguments_parse(&none, words, "CONFIG", 4, option, &err),
                   "there is no option \"--names\"");
    assert_refused(arguments_parse(&none, words, "CONFIG", 3, empty, &err), "names needs a NAME");
    arguments_help(&help, words);
    assert_non_null(strstr(bytes_string(&help), "  NAME...  "));
    assert_null(strstr(bytes_string(&help), "--names"));
}

static void test_absent(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(arguments) a = {0};
    assert_ok(parse(&a, "SCRIPT", &err, WORDS("--record", "r", "--", "--odd-name")));
    assert_string_equal(a.operand, "--odd-name");
    assert_false(arguments_has(&a, "unattended"));
    assert_null(arguments_values(&a, "enrol")[0]);
}

static void test_help_needs_nothing_else(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(arguments) a = {0};
    assert_ok(parse(&a, "SCRIPT", &err, WORDS("--help")));
    assert_true(a.help);
}

static void test_refused(void **state)
{
    (void)state;
    struct err err = {0};
    struct arguments a = {0};
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("--record", "r")), "SCRIPT is missing");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s")), "--record DIR is missing");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s", "--record")), "--record needs a value");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s", "--record=")), "--record needs a DIR");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s", "--record", "a", "--record", "b")), "given twice");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s", "--recrod", "a")), "did you mean --record?");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s", "--unattended=1")), "--unattended takes no value");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s", "-x")), "no option \"-x\"");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s", "t", "--record", "r")), "\"t\" is one word too many");
    assert_refused(parse(&a, NULL, &err, WORDS("t", "--record", "r")), "\"t\" is one word too many");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s", "--record", "r", "--password-file", "seal")),
                   "--password-file needs NAME=FILE, not \"seal\"");
    assert_refused(parse(&a, "SCRIPT", &err, WORDS("s", "--record", "r", "--password-file", "=f")),
                   "NAME=FILE");
    assert_null(a.values);
}

static void test_help_text(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) out = {0};
    arguments_help(&out, parameters);
    assert_non_null(strstr(bytes_string(&out),
                           "  --record DIR               a first line that is longer than its column can be\n"
                           "                             in eighty\n"));
    assert_non_null(strstr(bytes_string(&out), "  --unattended               a flag\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_letter),
        cmocka_unit_test(test_rest),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_help_needs_nothing_else),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_help_text),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* wrap.h: lines that a terminal does not have to break. */
#include "../../bootstrap/wrap.h"
#include "stranger.h"

static void assert_wrapped(const char *text, size_t columns, const char *expected)
{
    OWN_STRUCT(bytes) out = {0};
    wrap_add(&out, text, columns);
    assert_string_equal(bytes_string(&out), expected);
}

static void test_short_lines_stay(void **state)
{
    (void)state;
    assert_wrapped("", 10, "");
    assert_wrapped("a b\n\nc", 10, "a b\n\nc");
    assert_wrapped("1234567890", 10, "1234567890");
    assert_wrapped("one two three", 0, "one two three");
}

static void test_breaks_at_spaces(void **state)
{
    (void)state;
    assert_wrapped("one two three four", 9, "one two\nthree\nfour");
    assert_wrapped("a 1234567890123 b", 5, "a\n1234567890123\nb");
    assert_wrapped("Zoë Zoë Zoë", 7, "Zoë Zoë\nZoë");
}

static void test_goes_on_as_it_began(void **state)
{
    (void)state;
    assert_wrapped("  one two three", 9, "  one two\n  three");
    assert_wrapped("REHEARSAL one two", 14, "REHEARSAL one\nREHEARSAL two");
    assert_wrapped("REHEARSAL   one two", 16, "REHEARSAL   one\nREHEARSAL   two");
}

static void test_keeps_the_space_of_a_prompt(void **state)
{
    (void)state;
    assert_wrapped("one two: ", 9, "one two: ");
    assert_wrapped("one two three: ", 9, "one two\nthree: ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_lines_stay),
        cmocka_unit_test(test_breaks_at_spaces),
        cmocka_unit_test(test_goes_on_as_it_began),
        cmocka_unit_test(test_keeps_the_space_of_a_prompt),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

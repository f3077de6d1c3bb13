/* plain.h: what a terminal never sees. */
#include "../../bootstrap/plain.h"
#include "stranger.h"

static void assert_shown(const char *text, const char *expected)
{
    OWN_STRUCT(bytes) out = {0};
    plain_add(&out, text);
    assert_string_equal(bytes_string(&out), expected);
}

static void test_passes(void **state)
{
    (void)state;
    assert_shown("", "");
    assert_shown("plain\ntext ~", "plain\ntext ~");
    assert_shown("Zoë — 鍵 🔑", "Zoë — 鍵 🔑");
}

static void test_escapes(void **state)
{
    (void)state;
    assert_shown("a\x1b[31mb\r\x07\x7f\t", "a\\x1b[31mb\\x0d\\x07\\x7f\\x09");
    assert_shown("\xc2\x9b"
                 "31m",
                 "\\xc2\\x9b31m");                           /* CSI of C1 */
    assert_shown("\xe2\x80\xae gnp", "\\xe2\\x80\\xae gnp"); /* right-to-left override */
    assert_shown("\xe2\x80\xa8", "\\xe2\\x80\\xa8");         /* line separator */
}

static void test_not_utf8(void **state)
{
    (void)state;
    assert_shown("\xff x", "\\xff x");
    assert_shown("\xc0\xaf", "\\xc0\\xaf");          /* overlong */
    assert_shown("\xed\xa0\x80", "\\xed\\xa0\\x80"); /* surrogate */
    assert_shown("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80");
    assert_shown("\xe2\x82", "\\xe2\\x82"); /* cut off */
}

static void test_is_line(void **state)
{
    (void)state;
    assert_true(plain_is_line("Ann Example"));
    assert_false(plain_is_line("two\nlines"));
    assert_false(plain_is_line("tab\t"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passes),
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_not_utf8),
        cmocka_unit_test(test_is_line),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

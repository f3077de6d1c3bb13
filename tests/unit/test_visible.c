/* visible.h: the list of what cannot be seen, against the Unicode database that perl brings. */
#include "ceremony/visible.h"
#include "stranger.h"

/* One line a run: first and last code point. */
static const char database[] =
    "perl -C0 -e 'no warnings; my $from; for my $p (0 .. 0x110000) {"
    " my $hidden = $p <= 0x10FFFF && ($p >= 0xD800 && $p <= 0xDFFF ||"
    " chr($p) =~ /[\\p{Cc}\\p{Cf}\\p{Co}\\p{Zl}\\p{Zp}\\p{DI}\\p{NChar}]|(?! )\\p{Zs}/);"
    " $from = $p if $hidden && !defined $from;"
    " if (!$hidden && defined $from) { printf \"%%x %%x\\n\", $from, $p - 1; undef $from } }'";

/* Hidden here and not there: not given to any character there yet, or named as blank in the header. */
static bool is_known_surplus(uint32_t p)
{
    return p == 0x2800 || p == 0x1d159 || p >= 0xe0000 || (p >= 0xfff0 && p <= 0xfffb) ||
           (p >= 0x13439 && p <= 0x1343f) || (p >= 0x2060 && p <= 0x206f);
}

static void test_unicode(void **state)
{
    assert_int_equal(run(*state, database), 0);
    OWN(char) *ranges = run_output(*state);
    uint32_t next = 0;
    unsigned first, last, runs = 0;
    int used = 0;
    for (const char *at = ranges; sscanf(at, "%x %x\n%n", &first, &last, &used) == 2; at += used, runs++) {
        for (; next < first; next++)
            if (point_is_hidden(next) && !is_known_surplus(next))
                fail_msg("U+%04X can be seen", next);
        for (; next <= last; next++)
            if (!point_is_hidden(next))
                fail_msg("U+%04X cannot be seen", next);
    }
    assert_true(runs > 30);
    assert_int_equal(next, 0x110000);
}

static void test_reads(void **state)
{
    (void)state;
    uint32_t point = 7;
    assert_int_equal(utf8_read(&point, (const unsigned char *)"\xf0\x9f\x94\x91", 4), 4);
    assert_int_equal(point, 0x1f511);
    assert_int_equal(utf8_read(&point, (const unsigned char *)"\xf0\x9f\x94\x91", 3), 0);
    assert_int_equal(utf8_read(&point, (const unsigned char *)"\x80", 1), 0);
    assert_int_equal(utf8_read(&point, (const unsigned char *)"a", 0), 0);
    assert_int_equal(point, 0x1f511);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unicode),
        cmocka_unit_test(test_reads),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}

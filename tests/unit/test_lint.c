#include "lint_keys.h"
#include "lint_lists.h"

static const struct specimen *const tables[] = {key_specimens, certificate_specimens, list_specimens};
enum { TABLES = sizeof tables / sizeof *tables };

static bool found_rule(const struct findings *found, const char *rule)
{
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->list[i].rule, rule) == 0)
            return true;
    return false;
}

static void told(const struct findings *found)
{
    for (size_t i = 0; i < found->count; i++)
        print_message("# %s: %s\n", found->list[i].rule, found->list[i].text);
}

/* The specimen as it is, or sound. */
static void specimen_judge(struct findings *out, const struct specimen *s, bool spoilt)
{
    struct thing t;
    thing_begin(&t, s->base);
    if (s->base == BASE_KEY)
        (spoilt ? s->spoil : rsa_sound)(&t);
    else {
        if (spoilt && s->extension != NULL)
            extension_set(&t, s->extension, s->value);
        if (spoilt && s->field != NULL)
            name_spoil(&t, s);
        if (spoilt && s->spoil != NULL)
            s->spoil(&t);
        thing_end(&t);
        if (spoilt && s->patch != NULL)
            s->patch(&t);
    }
    thing_judge(out, &t);
    thing_free(&t);
}

static void test_specimens(void **state)
{
    size_t missed = 0;
    (void)state;
    for (size_t i = 0; i < TABLES; i++)
        for (const struct specimen *s = tables[i]; s->rule != NULL; s++) {
            OWN_STRUCT(findings) found = {0};
            specimen_judge(&found, s, true);
            if (found_rule(&found, s->rule))
                continue;
            print_message("# not found: %s, but\n", s->rule);
            told(&found);
            missed++;
        }
    assert_int_equal(missed, 0);
}

/* What is sound has no finding at all, in any profile, but for these, each for its reason. */
static void test_sound(void **state)
{
    (void)state;
    for (enum base base = BASE_ROOT; base <= BASE_KEY; base++) {
        struct specimen s = {.base = base};
        OWN_STRUCT(findings) found = {0};
        specimen_judge(&found, &s, false);
        for (size_t i = 0; i < found.count; i++)
            /* 180 days: more than a US federal root's list may have */
            if (strcmp(found.list[i].rule, "crl_validity") != 0 || base != BASE_LIST || found.count != 1)
                fail_msg("base %d: %s: %s", base, found.list[i].rule, found.list[i].text);
    }
    struct thing t = {0};
    OWN_STRUCT(findings) found = {0};
    ec_sound(&t);
    thing_judge(&found, &t);
    assert_int_equal(found.count, 0);
    thing_free(&t);
}

static void test_every_rule_has_a_specimen(void **state)
{
    (void)state;
    size_t rules = 0;
    for (const char *id; (id = lint_rule_id(rules)) != NULL; rules++) {
        bool there = false;
        for (size_t i = 0; i < TABLES; i++)
            for (const struct specimen *s = tables[i]; s->rule != NULL; s++)
                there = there || strcmp(s->rule, id) == 0;
        if (!there)
            fail_msg("%s has no specimen", id);
        for (size_t k = 0; k < rules; k++)
            assert_string_not_equal(id, lint_rule_id(k));
        assert_true(strlen(id) < sizeof((struct finding *)0)->rule);
        assert_int_equal(strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(id));
    }
    assert_true(rules > 150);
}

static void test_every_rule_is_counted_once(void **state)
{
    (void)state;
    struct thing t;
    struct err err = {0};
    OWN_STRUCT(lint_subjects) read = {0};
    OWN_STRUCT(lint_report) report = {0};
    struct lint_context context = {0};
    size_t rules = 0;
    thing_begin(&t, BASE_CA);
    thing_end(&t);
    assert_true(lint_read(&read, &t.der, "ca", &err));
    lint_judge(&report, &read.list[0], &context, "ca");
    while (lint_rule_id(rules) != NULL)
        rules++;
    assert_int_equal(report.found.count + report.passed.count + report.not_applicable.count +
                         report.not_checked.count,
                     rules);
    assert_int_equal(report.wanting,
                     LINT_NEEDS_ISSUER | LINT_NEEDS_REQUEST | LINT_NEEDS_LIST | LINT_NEEDS_WEAK_KEYS);
    thing_free(&t);
}

static void test_weak_keys_refused(void **state)
{
    static const char *const bad[] = {"", "# nothing\n", "0011\n", "0011223344556677889X\n",
                                      "00112233445566778899 \n"};
    struct err err = {0};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        OWN_STRUCT(bytes) list = text_bytes(bad[i]);
        assert_false(lint_weak_keys_check(&list, "list", &err));
        assert_non_null(strstr(err.text, "list"));
    }
    OWN_STRUCT(bytes) good = text_bytes("# some\r\n\r\n00112233445566778899\r\n00112233445566778ABC");
    assert_true(lint_weak_keys_check(&good, "list", &err));
}

/* Every cut of a certificate, and every byte of it changed: an error or findings, never a crash. */
static void test_damage(void **state)
{
    struct thing t;
    struct err err = {0};
    struct lint_context context = {0};
    (void)state;
    thing_begin(&t, BASE_LEAF);
    thing_end(&t);
    for (size_t i = 0; i < t.der.len; i++) {
        OWN_STRUCT(lint_subjects) read = {0};
        OWN_STRUCT(lint_report) report = {0};
        OWN_STRUCT(lint_subjects) cut_read = {0};
        OWN_STRUCT(bytes) cut = bytes_copy(t.der.data, i);
        assert_false(lint_read(&cut_read, &cut, "cut", &err));
        t.der.data[i] ^= 0x55;
        if (lint_read(&read, &t.der, "changed", &err))
            lint_judge(&report, &read.list[0], &context, "changed");
        t.der.data[i] ^= 0x55;
    }
    thing_free(&t);
}

static void test_der(void **state)
{
    static const struct {
        const char *hex;
        bool good;
    } rows[] = {
        {"0101ff", true},
        {"010101", false},
        {"02020080", true},
        {"02020001", false},
        {"0202ff80", false},
        {"0200", false},
        {"03020780", true},
        {"030207c0", false},
        {"03020880", false},
        {"3003020101", true},
        {"30800201010000", false},
        {"300402010100", false},
        {"30810302010100", false},
        {"0500", true},
        {"0500ff", false},
        {"1f8101", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char data[32];
        size_t len = strlen(rows[i].hex) / 2;
        bool decoded = hex_decode(data, rows[i].hex, len);
        if (decoded && der_is_strict((struct der){data, len}) != rows[i].good)
            fail_msg("%s", rows[i].hex);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_der),
        cmocka_unit_test(test_every_rule_has_a_specimen),
        cmocka_unit_test(test_sound),
        cmocka_unit_test(test_specimens),
        cmocka_unit_test(test_every_rule_is_counted_once),
        cmocka_unit_test(test_weak_keys_refused),
        cmocka_unit_test(test_damage),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

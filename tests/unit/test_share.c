/* share.h: every set of parts, and gfcombine and gfsplit (libgfshare-bin) as strangers. */
#include "stranger.h"

#include "ceremony/share.h"

/* A password and its parts. */
struct splitting {
    struct secret *password, *part[SHARE_MOST];
    unsigned needed, count;
};

static void splitting_free(struct splitting *s)
{
    secret_free(s->password);
    for (unsigned i = 0; i < s->count; i++)
        secret_free(s->part[i]);
}

static void split(struct splitting *out, unsigned needed, unsigned count)
{
    struct err err = {0};
    *out = (struct splitting){.needed = needed, .count = count};
    assert_ok(share_split(&out->password, out->part, needed, count, &err));
}

static struct secret *text(const char *s)
{
    return secret_new(s, strlen(s));
}

static void test_every_set_of_parts(void **state)
{
    (void)state;
    for (unsigned count = 2; count <= 6; count++)
        for (unsigned needed = 2; needed <= count; needed++) {
            OWN_STRUCT(splitting) s = {0};
            split(&s, needed, count);
            for (unsigned set = 1; set < 1u << count; set++) {
                const struct secret *some[SHARE_MOST];
                size_t given = 0;
                for (unsigned i = count; i-- > 0;) /* in no good order */
                    if (set >> i & 1)
                        some[given++] = s.part[i];
                OWN_SECRET *password = NULL;
                struct err err = {0};
                if (given < needed) {
                    assert_refused(share_combine(&password, some, given, &err), "are needed");
                    continue;
                }
                assert_ok(share_combine(&password, some, given, &err));
                assert_true(secret_equal(password, s.password));
            }
        }
}

static void test_the_most(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(splitting) s = {0};
    OWN_SECRET *password = NULL;
    split(&s, SHARE_MOST, SHARE_MOST);
    assert_ok(share_combine(&password, (const struct secret *const *)s.part, SHARE_MOST, &err));
    assert_true(secret_equal(password, s.password));
    assert_int_equal(secret_len(password), 32);
    assert_ok(secret_is_strong(password, "root key", &err));
    struct secret *none[SHARE_MOST + 1] = {NULL};
    assert_refused(share_split(&password, none, 1, 3, &err), "at least 2");
    assert_refused(share_split(&password, none, 4, 3, &err), "3 parts of which 4");
    assert_refused(share_split(&password, none, 2, SHARE_MOST + 1, &err), "at most 20");
}

static void test_parts_of_other_splittings(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(splitting) one = {0};
    OWN_STRUCT(splitting) other = {0};
    OWN_SECRET *password = NULL;
    split(&one, 2, 3);
    do { /* one in 65536 has the same mark */
        splitting_free(&other);
        split(&other, 2, 3);
    } while (share_combine(&password, (const struct secret *[]){one.part[0], other.part[1]}, 2, &err));
    assert_non_null(strstr(err.text, "part 1 and part 2 are not of one splitting"));
    assert_refused(share_combine(&password, (const struct secret *[]){one.part[1], one.part[1]}, 2, &err),
                   "part 2 is there twice");
    assert_null(password);
}

/* Each letter changed into each other one, two changed places, one missing, one more: none passes. */
static void test_slips_of_the_finger(void **state)
{
    (void)state;
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct err err = {0};
    OWN_STRUCT(splitting) s = {0};
    split(&s, 2, 2);
    assert_ok(share_check(s.part[0], 1, 2, &err));
    size_t len = secret_len(s.part[0]);
    for (size_t i = 0; i < len; i++) {
        OWN(char) *wrong = text_copy(secret_data(s.part[0]));
        char right = wrong[i];
        for (const char *c = letters; right != ' ' && *c != '\0'; c++) {
            wrong[i] = *c;
            OWN_SECRET *typed = text(wrong);
            if (*c != right)
                assert_refused(share_check(typed, 1, 2, &err), "part 1 was mistyped");
        }
        wrong[i] = right;
        if (i + 1 < len && wrong[i] != wrong[i + 1] && wrong[i] != ' ' && wrong[i + 1] != ' ') {
            char next = wrong[i + 1];
            wrong[i + 1] = wrong[i];
            wrong[i] = next;
            OWN_SECRET *typed = text(wrong);
            assert_refused(share_check(typed, 1, 2, &err), "part 1 was mistyped");
        }
    }
    assert_refused(share_check(s.part[1], 1, 2, &err), "part 1 was asked for, and this is part 2");
    assert_refused(share_check(s.part[0], 1, 3, &err),
                   "part 1 is of a password that 2 parts give, and not 3");
    OWN_SECRET *shorter = secret_new(secret_data(s.part[0]), len - 1);
    assert_refused(share_check(shorter, 1, 2, &err),
                   "part 1 has 39 letters, and a part has 40: 8 groups of 5");
    OWN(char) *more = text_format("%sA", secret_data(s.part[0]));
    OWN_SECRET *longer = text(more);
    assert_refused(share_check(longer, 1, 2, &err), "part 1 has 41 letters");
    OWN_SECRET *alien = text("ABCD0");
    assert_refused(share_check(alien, 1, 2, &err), "no 0, 1, 8 or 9");
}

static void test_how_it_is_typed(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(splitting) s = {0};
    split(&s, 2, 3);
    OWN(char) *typed = text_copy(secret_data(s.part[2]));
    for (char *c = typed; *c != '\0'; c++)
        *c = *c == ' ' ? '-' : (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    OWN_SECRET *part = text(typed);
    assert_ok(share_check(part, 3, 2, &err));
}

/* Files part1, part2, ... of the parts as they are written down. */
static void write_parts(const char *folder, const struct splitting *s)
{
    for (unsigned i = 0; i < s->count; i++) {
        OWN(char) *name = text_format("part%u", i + 1);
        put(folder, name, secret_data(s->part[i]), secret_len(s->part[i]));
    }
}

/* What the header says, with coreutils and gfcombine alone. */
static void test_gfcombine_opens(void **state)
{
    OWN_STRUCT(splitting) s = {0};
    split(&s, 3, 5);
    write_parts(*state, &s);
    assert_int_equal(run(*state, "for n in 1 2 3 4 5; do tr -d ' ' <part$n | base32 -d >raw$n &&"
                                 " head -c 20 raw$n | tail -c 16 >share.00$n &&"
                                 " test $(od -An -tu1 -N2 raw$n | tr -d ' ') = ${n}3 &&"
                                 " test \"$(tail -c 5 raw$n | od -An -tx1 | tr -d ' \\n')\" ="
                                 " $(head -c 20 raw$n | sha256sum | cut -c 1-10) || exit 9; done"),
                     0);
    assert_int_equal(run(*state, "gfcombine -o all share.005 share.001 share.004"), 0);
    assert_int_equal(run(*state, "od -An -v -tx1 all | tr -d ' \\n'"), 0);
    OWN(char) *password = run_output(*state);
    assert_string_equal(password, secret_data(s.password));
    /* Fewer give something else. */
    assert_int_equal(run(*state, "gfcombine -o few share.001 share.004 && cmp -s few all"), 1);
}

#define WRAP                                                                                                 \
    "printf 0123456789abcdef >secret && gfsplit -n 2 -m 200 secret share &&"                                 \
    " for f in $(ls share.* | head -n 2); do n=$(printf %%o $(expr ${f#share.} + 0));"                       \
    " { printf \"\\\\$n\\\\002mk\"; cat $f; } >raw; sha256sum raw | cut -c 1-10 |"                           \
    " perl -ne 'chomp; print pack q(H*), $_' >>raw; base32 -w0 raw >$f.part; done; ls share.*.part"

/* Its numbers are chosen from 1 to 255; of 200, some are ones that we have. */
static void test_gfsplit_made(void **state)
{
    struct err err = {0};
    struct secret *part[2] = {NULL};
    OWN_SECRET *password = NULL;
    assert_int_equal(run(*state, WRAP), 0);
    OWN(char) *list = run_output(*state);
    char *names = list;
    for (size_t i = 0; i < 2; i++) {
        OWN(char) *path = path_join(*state, strsep(&names, "\n"));
        OWN_STRUCT(bytes) content = {0};
        assert_ok(file_read(&content, path, 100, &err));
        part[i] = secret_new(content.data, content.len);
    }
    bool good = share_combine(&password, (const struct secret *const *)part, 2, &err);
    secret_free(part[0]);
    secret_free(part[1]);
    assert_ok(good);
    assert_string_equal(secret_data(password), "30313233343536373839616263646566");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_set_of_parts),
        cmocka_unit_test(test_the_most),
        cmocka_unit_test(test_parts_of_other_splittings),
        cmocka_unit_test(test_slips_of_the_finger),
        cmocka_unit_test(test_how_it_is_typed),
        cmocka_unit_test_setup_teardown(test_gfcombine_opens, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_gfsplit_made, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

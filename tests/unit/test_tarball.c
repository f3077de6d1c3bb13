#include "stranger.h"

#include "audit/tarball.h"

#define TIME 1795000000
#define OWNER "--owner=0 --group=0 --numeric-owner --mode=0644 "
#define GNU "tar --format=ustar --mtime=@1795000000 " OWNER "-cf gnu.tar "
#define LIKE_OURS "tar --format=ustar --mtime=@1795000000 -cf t.tar " OWNER
#define LONG                                                                                                 \
    "a2345678901234567890123456789012345678901234567890/"                                                    \
    "b234567890123456789012345678901234567890123456789"

static void sample(struct tarball *t)
{
    static const char big[10241] = "a block and more";
    t->mtime = TIME;
    tarball_add(t, "page.json", "{}\n", 3);
    tarball_add(t, "empty", NULL, 0);
    tarball_add(t, "files/ca/config/ca.json", big, sizeof big);
    tarball_add(t, LONG, "x", 1);
    tarball_add(t, "block", big, 512);
}

static struct bytes written(const struct tarball *t)
{
    struct err err = {0};
    struct bytes out = {0};
    assert_ok(tarball_write(&out, t, &err));
    return out;
}

static void assert_same(const struct bytes *a, const struct bytes *b)
{
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->data, b->data, a->len);
}

static void test_gnu_tar_makes_the_same_bytes(void **state)
{
    OWN_STRUCT(tarball) t = {0};
    sample(&t);
    assert_int_equal(strlen(LONG), 100);
    OWN_STRUCT(bytes) ours = written(&t);
    put(*state, "ours.tar", ours.data, ours.len);
    assert_int_equal(
        run(*state, "mkdir x && tar -C x -xf ours.tar && cd x && umask 077 && chmod 600 page.json && " GNU
                    "page.json empty files/ca/config/ca.json " LONG " block"),
        0);
    OWN_STRUCT(bytes) gnu = get(*state, "x/gnu.tar");
    assert_same(&ours, &gnu);
}

static void test_read_what_gnu_tar_wrote(void **state)
{
    struct err err = {0};
    assert_int_equal(run(*state, "printf one >a && printf two >b && " GNU "b a"), 0);
    OWN_STRUCT(bytes) gnu = get(*state, "gnu.tar");
    OWN_STRUCT(tarball) t = {0};
    assert_ok(tarball_read(&t, &gnu, "gnu.tar", &err));
    assert_int_equal(t.count, 2);
    assert_int_equal(t.mtime, TIME);
    assert_string_equal(t.member[0].name, "b");
    assert_string_equal(bytes_string(tarball_find(&t, "a")), "one");
    assert_null(tarball_find(&t, "c"));
}

static void test_empty_archive(void **state)
{
    (void)state;
    struct err err = {0};
    OWN_STRUCT(tarball) t = {0};
    OWN_STRUCT(bytes) out = written(&t);
    assert_int_equal(out.len, 10240);
    OWN_STRUCT(tarball) again = {0};
    assert_ok(tarball_read(&again, &out, "t", &err));
    assert_int_equal(again.count, 0);
}

/* Each is a tar archive to a stranger, and none is a page to us. */
static void test_other_forms_are_refused(void **state)
{
    static const struct {
        const char *make, *says;
    } form[] = {
        {LIKE_OURS "--format=gnu a", "one form"},
        {LIKE_OURS "--format=pax --mtime=@1795000000.5 a", "one form"},
        {LIKE_OURS "--mode=0600 a", "one form"},
        {LIKE_OURS "--owner=7 a", "one form"},
        {LIKE_OURS "-b 40 a", "one form"},
        {LIKE_OURS "-b 1 a", "whole number"},
        {LIKE_OURS "--hard-dereference a a", "twice"},
        {"tar --format=ustar --mtime=@1795000000 --mode=0644 -cf t.tar a", "one form"},
        {"tar --format=ustar -cf t.tar d", "member 1"},
        {"mkdir -p e/f && tar --format=ustar -C e -cf t.tar f", "member 1"},
        {"ln -sf a l && tar --format=ustar -cf t.tar l", "not a regular file"},
        {"ln -f a h && tar --format=ustar -cf t.tar a h", "not a regular file"},
        {"mkfifo -m 644 p; tar --format=ustar -cf t.tar p", "not a regular file"},
        {"tar -P --format=ustar -cf t.tar ../$(basename $PWD)/a", "member 1"},
        {"tar -P --format=ustar -cf t.tar $PWD/a", "member 1"},
        {"touch -d @1 a; touch -d @2 b; tar --format=ustar -cf t.tar a b", "another time"},
        {"printf x > 'b c' && tar --format=ustar -cf t.tar 'b c'", "member 1"},
        {"tar --format=ustar -czf t.tar a && truncate -s 10240 t.tar", "not a whole"},
        {"truncate -s 100M s && tar --format=gnu -S -cf t.tar s", "claims more"},
        {"head -c 10240 /dev/urandom >t.tar", "not a whole"},
    };
    for (size_t i = 0; i < sizeof form / sizeof *form; i++) {
        struct err err = {0};
        OWN_STRUCT(tarball) t = {0};
        assert_int_equal(
            run(*state, "rm -f t.tar && mkdir -p d && printf one >a && printf one >b && %s", form[i].make),
            0);
        OWN_STRUCT(bytes) data = get(*state, "t.tar");
        if (tarball_read(&t, &data, "t.tar", &err) || strstr(err.text, form[i].says) == NULL)
            fail_msg("%s: \"%s\"", form[i].make, err.text);
        assert_int_equal(t.count, 0);
    }
}

static void test_every_byte_counts(void **state)
{
    (void)state;
    OWN_STRUCT(tarball) t = {.mtime = TIME};
    tarball_add(&t, "page.json", "{}\n", 3);
    OWN_STRUCT(bytes) data = written(&t);
    for (size_t i = 0; i < data.len; i++) {
        struct err err = {0};
        OWN_STRUCT(tarball) read = {0};
        data.data[i] ^= 1;
        bool accepted = tarball_read(&read, &data, "t", &err);
        bool content = i >= 512 && i < 515;
        /* A name or a number may change into another legal one, but then the checksum is wrong. */
        if (accepted != content)
            fail_msg("byte %zu: accepted %d (%s)", i, accepted, err.text);
        data.data[i] ^= 1;
    }
}

static void test_cut_off(void **state)
{
    (void)state;
    OWN_STRUCT(tarball) t = {0};
    sample(&t);
    OWN_STRUCT(bytes) data = written(&t);
    for (size_t len = 0; len < data.len; len += 512) {
        struct err err = {0};
        OWN_STRUCT(tarball) read = {0};
        const struct bytes cut = {data.data, len};
        assert_false(tarball_read(&read, &cut, "t", &err));
    }
}

static void test_writer_refuses(void **state)
{
    (void)state;
    static const char *const name[] = {"", "/a", "a/", "../a", "a//b", "a b", "a\nb", LONG "x"};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        struct err err = {0};
        OWN_STRUCT(tarball) t = {0};
        OWN_STRUCT(bytes) out = {0};
        tarball_add(&t, name[i], "x", 1);
        assert_refused(tarball_write(&out, &t, &err), "name must be");
    }
    struct err err = {0};
    OWN_STRUCT(tarball) t = {.mtime = -1};
    OWN_STRUCT(bytes) out = {0};
    assert_refused(tarball_write(&out, &t, &err), "does not fit");
    assert_null(out.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_gnu_tar_makes_the_same_bytes, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_read_what_gnu_tar_wrote, scratch_make, scratch_remove),
        cmocka_unit_test(test_empty_archive),
        cmocka_unit_test_setup_teardown(test_other_forms_are_refused, scratch_make, scratch_remove),
        cmocka_unit_test(test_every_byte_counts),
        cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_writer_refuses),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

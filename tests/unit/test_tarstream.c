/* The streaming reader of archives: what it takes is what tarball_read takes, and of hostile ones it says
 * what they are. */
#include "stranger.h"

#include "audit/tarball.h"
#include "audit/tarstream.h"

#define OWNER "--owner=0 --group=0 --numeric-owner --mode=0644 --mtime=@1795000000 "
#define USTAR "tar --format=ustar -cf t.tar " OWNER

/* To the end; the digest too, also of what is refused. */
static bool stream(const char *folder, const char *name, size_t *bytes, struct err *err)
{
    struct err second = {0};
    OWN(char) *path = path_join(folder, name);
    OWN_TARSTREAM *tar = NULL;
    char hex[DIGEST_HEX], right[DIGEST_HEX];
    *bytes = 0;
    if (!tarstream_open(&tar, path, name, err))
        return false;
    bool good = true;
    for (bool more = true; good && more;) {
        struct ustar member;
        const unsigned char *data = NULL;
        size_t len = 1;
        good = tarstream_next(&member, &more, tar, err);
        while (good && more && len > 0) {
            good = tarstream_data(&data, &len, tar, err);
            *bytes += good ? len : 0;
        }
    }
    if (!tarstream_digest(hex, tar, &second) || !digest_file(right, path, &second))
        fail_msg("%s", second.text);
    assert_string_equal(hex, right);
    return good;
}

static void test_hostile(void **state)
{
    static const struct {
        const char *make, *says;
    } cases[] = {
        {USTAR "-P ../$(basename $PWD)/a", "its name"},
        {USTAR "-P $PWD/a", "its name"},
        {"ln -sf a l && " USTAR "l", "a symbolic link"},
        {"ln -f a h && " USTAR "a h", "a hard link"},
        {"mkfifo -m 644 p; " USTAR "p", "a pipe"},
        {"mkdir -p d && " USTAR "d", "a folder"},
        {"mknod c c 1 3 2>/dev/null && " USTAR "c || { cp a c; " USTAR
         "c; printf 3 | dd of=t.tar bs=1 seek=156 "
         "conv=notrunc; }",
         "a character device"},
        {USTAR "--format=pax --pax-option=x:=y a", "an extension of pax"},
        {USTAR "--format=pax --pax-option=globexthdr.name=g,x=y a", "a global extension of pax"},
        {"n=$(printf %0120d 0); cp a $n; " USTAR "--format=gnu $n", "a long name of GNU"},
        {"truncate -s 1G s && " USTAR "--format=gnu -S s", "a sparse file of GNU"},
        {USTAR "--format=gnu a", "header is not in the one form"},
        {USTAR "--mode=0600 a", "header is not in the one form"},
        {USTAR "--owner=7 a", "header is not in the one form"},
        {USTAR "a; printf x >>t.tar", "behind the end"},
        {USTAR "a; cat t.tar t.tar >u && mv u t.tar", "behind the end"},
        {USTAR "a; head -c 10240 /dev/zero >>t.tar", "behind the end"},
        {USTAR "-b 1 a", "cut off"},
        {USTAR "-b 40 a", "behind the end"},
        {USTAR "a; truncate -s 1000 t.tar", "cut off"},
        {USTAR "a; printf x | dd of=t.tar bs=1 seek=600 conv=notrunc", "between two members"},
        {USTAR "a; printf x | dd of=t.tar bs=1 seek=5000 conv=notrunc", "behind the end"},
        {USTAR "a b; printf 777 | dd of=t.tar bs=1 seek=131 conv=notrunc", "header is not in the one form"},
        {"touch -d @1 b; tar --format=ustar -cf t.tar --owner=0 --group=0 --numeric-owner --mode=0644 a b",
         "another time"},
        {"head -c 10240 /dev/urandom >t.tar", "member 1"},
        {": >t.tar", "cut off"},
        {"rm -f t.tar; ln -s a t.tar", "symbolic link"},
        {"rm -f t.tar; mkfifo t.tar", "not a regular file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        size_t bytes = 0;
        run(*state, "rm -rf * && printf one >a && printf two >b && %s", cases[i].make);
        if (stream(*state, "t.tar", &bytes, &err) || strstr(err.text, cases[i].says) == NULL)
            fail_msg("%s: \"%s\"", cases[i].make, err.text);
    }
}

/* A header with a right sum that claims eight gigabytes: nothing is set aside for them. */
static void test_claimed_size(void **state)
{
    struct err err = {0};
    unsigned char text[10240] = {0};
    size_t bytes = 0;
    const struct ustar huge = {.name = "huge", .size = USTAR_NUMBER_MAX, .mtime = 1};
    ustar_write(text, &huge);
    put(*state, "t.tar", text, sizeof text);
    assert_refused(stream(*state, "t.tar", &bytes, &err), "cut off");
    assert_int_equal(bytes, sizeof text - 512);
}

/* Both readers take the same archives, whatever byte of one is turned round. */
static void test_readers_agree(void **state)
{
    OWN_STRUCT(tarball) t = {.mtime = 1795000000};
    struct err err = {0};
    size_t bytes = 0;
    tarball_add(&t, "page.json", "{}\n", 3);
    tarball_add(&t, "empty", NULL, 0);
    OWN_STRUCT(bytes) data = {0};
    assert_ok(tarball_write(&data, &t, &err));
    put(*state, "t.tar", data.data, data.len);
    assert_ok(stream(*state, "t.tar", &bytes, &err));
    assert_int_equal(bytes, 3);
    OWN(char) *path = path_join(*state, "t.tar");
    for (size_t i = 0; i < 2600; i++) {
        OWN_STRUCT(tarball) read = {0};
        struct err one = {0}, other = {0};
        data.data[i] ^= (unsigned char)(1u << i % 8);
        FILE *file = fopen(path, "r+b");
        assert_non_null(file);
        assert_int_equal(fwrite(data.data, 1, data.len, file), data.len);
        assert_int_equal(fclose(file), 0);
        bool streamed = stream(*state, "t.tar", &bytes, &one);
        bool whole = tarball_read(&read, &data, "t.tar", &other);
        if (streamed != whole)
            fail_msg("byte %zu: %d (%s), %d (%s)", i, streamed, one.text, whole, other.text);
        data.data[i] ^= (unsigned char)(1u << i % 8);
    }
}

/* Larger than any buffer, and the last member over a buffer's edge. */
static void test_large(void **state)
{
    struct err err = {0};
    size_t bytes = 0;
    assert_int_equal(run(*state,
                         "head -c 3000001 /dev/urandom >a && head -c 262144 a >b && printf x >c && " USTAR
                         "a b c"),
                     0);
    assert_ok(stream(*state, "t.tar", &bytes, &err));
    assert_int_equal(bytes, 3000001 + 262144 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_hostile, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_claimed_size, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_readers_agree, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_large, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Loose objects as stored blocks: git reads them, and no bit of one can be turned round unseen. */
#include "stranger.h"

#include "audit/loose.h"

static void object_put(const char *folder, const struct bytes *content, char sha256[DIGEST_HEX])
{
    OWN_STRUCT(bytes) file = {0};
    loose_format(&file, "blob", content);
    digest_hex(sha256, content->data, content->len);
    put(folder, "object", file.data, file.len);
}

/* Whatever size, over blocks' edges too: git finds what was put there under the id that it gives it itself.
 */
static void test_git_reads_it(void **state)
{
    static const size_t sizes[] = {0, 1, 65527, 65528, 65535, 65536, 131070, 200000};
    assert_int_equal(run(*state, "git init -q g"), 0);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct err err = {0};
        char sha256[DIGEST_HEX];
        OWN_STRUCT(bytes) content = {.data = memory_new(sizes[i] + 1, 1), .len = sizes[i]};
        OWN(char) *path = path_join(*state, "object");
        for (size_t n = 0; n < sizes[i]; n++)
            content.data[n] = (unsigned char)(n * 7 + n / 251);
        object_put(*state, &content, sha256);
        put(*state, "content", content.data, content.len);
        assert_int_equal(
            run(*state, "i=$(git -C g hash-object ../content) && d=g/.git/objects/$(echo $i | cut -c1-2) && "
                        "mkdir -p $d && cp object $d/$(echo $i | cut -c3-) && "
                        "git -C g cat-file blob $i | cmp - content && git -C g fsck --strict --no-dangling"),
            0);
        assert_ok(loose_check(path, "blob", sizes[i], sha256, &err));
        assert_false(loose_check(path, "tree", sizes[i], sha256, &err));
        assert_false(loose_check(path, "blob", sizes[i] + 1, sha256, &err));
    }
}

static void test_every_bit_counts(void **state)
{
    struct err err = {0};
    char sha256[DIGEST_HEX];
    const struct bytes content = {(unsigned char *)"what a step changed\n", 20};
    OWN(char) *path = path_join(*state, "object");
    object_put(*state, &content, sha256);
    OWN_STRUCT(bytes) file = get(*state, "object");
    for (size_t bit = 0; bit < 8 * file.len; bit++) {
        file.data[bit / 8] ^= (unsigned char)(1u << bit % 8);
        put(*state, "object", file.data, file.len);
        if (loose_check(path, "blob", content.len, sha256, &err))
            fail_msg("byte %zu, bit %zu", bit / 8, bit % 8);
        file.data[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
    for (size_t len = 0; len < file.len; len++) {
        put(*state, "object", file.data, len);
        assert_false(loose_check(path, "blob", content.len, sha256, &err));
    }
    bytes_add(&file, "", 1);
    put(*state, "object", file.data, file.len);
    assert_refused(loose_check(path, "blob", content.len, sha256, &err), "not the bytes that verger writes");
}

/* What git would read, and we do not: compressed otherwise, a bomb, a link, a pipe. */
static void test_others_are_refused(void **state)
{
    static const char *const make[] = {
        "perl -MCompress::Zlib -e 'print compress qq(blob 20\\0what a step changed\\n)' >object",
        "head -c 50000000 /dev/zero | perl -MCompress::Zlib -0777 -ne 'print compress($_, 9)' >object",
        "mv object other && ln -s other object",
        "rm object && mkfifo object",
        "rm object && mkdir object",
        "rm object",
    };
    struct err err = {0};
    char sha256[DIGEST_HEX];
    const struct bytes content = {(unsigned char *)"what a step changed\n", 20};
    OWN(char) *path = path_join(*state, "object");
    for (size_t i = 0; i < sizeof make / sizeof make[0]; i++) {
        run(*state, "rm -rf object other");
        object_put(*state, &content, sha256);
        assert_ok(loose_check(path, "blob", content.len, sha256, &err));
        assert_int_equal(run(*state, "%s", make[i]), 0);
        assert_false(loose_check(path, "blob", content.len, sha256, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_git_reads_it, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_every_bit_counts, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_others_are_refused, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

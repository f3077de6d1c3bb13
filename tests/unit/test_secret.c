/* secret.h: a private key's file on a medium. Password files: test_passwords.c. */
#include "stranger.h"

#include "ceremony/secret.h"

#include <sys/stat.h>
#include <unistd.h>

static void test_key_file(void **state)
{
    static const char text[] = " PEM\0and more\n\n";
    struct err err = {0};
    OWN_SECRET *read = NULL;
    OWN(char) *path = path_join(*state, "root.key");
    put(*state, "root.key", text, sizeof text - 1);
    assert_int_equal(chmod(path, 0400), 0);
    assert_ok(secret_read_key(&read, path, &err));
    assert_int_equal(secret_len(read), sizeof text - 1);
    assert_memory_equal(secret_data(read), text, sizeof text);
}

static void test_modes_refused(void **state)
{
    static const mode_t modes[] = {0644, 0640, 0604, 0602, 0620, 0666, 0755};
    struct err err = {0};
    OWN_SECRET *read = NULL;
    OWN(char) *path = path_join(*state, "root.key");
    put(*state, "root.key", "PEM", 3);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        OWN(char) *says = text_format("mode %04o", (unsigned)modes[i]);
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_refused(secret_read_key(&read, path, &err), says);
        assert_refused(secret_read_key(&read, path, &err), "`chmod 600`");
        assert_refused(secret_read_key(&read, path, &err), "umask=077");
    }
    assert_null(read);
}

static void test_kinds_refused(void **state)
{
    struct err err = {0};
    OWN_SECRET *read = NULL;
    OWN(char) *link = path_join(*state, "link");
    OWN(char) *pipe = path_join(*state, "pipe");
    OWN(char) *large = path_join(*state, "large");
    assert_int_equal(
        run(*state, "umask 077; echo PEM >key; ln -s key link; mkfifo pipe; head -c 65536 /dev/zero >large; "
                    "head -c 65535 /dev/zero >largest"),
        0);
    assert_refused(secret_read_key(&read, link, &err), "symbolic link");
    assert_refused(secret_read_key(&read, pipe, &err), "regular file");
    assert_refused(secret_read_key(&read, *state, &err), "regular file");
    assert_refused(secret_read_key(&read, large, &err), "longer than 65535");
    OWN(char) *largest = path_join(*state, "largest");
    assert_ok(secret_read_key(&read, largest, &err));
    OWN(char) *missing = path_join(*state, "missing");
    OWN_SECRET *none = NULL;
    assert_refused(secret_read_key(&none, missing, &err), "cannot be opened");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_key_file, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_modes_refused, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_kinds_refused, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* passwords.h: files of secrets, and where they must not lie. */
#include "../../bootstrap/passwords.h"
#include "stranger.h"

#include <sys/stat.h>
#include <unistd.h>

/* A file of `folder` with a password in it. The caller frees its path. */
static char *password_file(const char *folder, const char *name, mode_t mode)
{
    char *path = path_join(folder, name);
    put(folder, name, "a pass word \n", 13);
    if (chmod(path, mode) != 0)
        abort();
    return path;
}

static bool read_pair(const char *name, const char *path, const char *public, struct err *err)
{
    OWN_STRUCT(passwords) p = {0};
    OWN(char) *argument = text_format("%s=%s", name, path);
    return passwords_read(&p, (const char *const[]){argument, NULL}, (const char *const[]){public, NULL},
                          err);
}

static void test_found_by_name(void **state)
{
    struct err err = {0};
    OWN(char) *path = password_file(*state, "p=w", 0600);
    OWN(char) *first = text_format("root key=%s", path);
    OWN(char) *second = text_format("seal=%s", path);
    OWN_STRUCT(passwords) p = {0};
    assert_ok(
        passwords_read(&p, (const char *const[]){first, second, NULL}, (const char *const[]){NULL}, &err));
    const struct password *found = passwords_find(&p, "root key");
    assert_non_null(found);
    assert_string_equal(secret_data(found->secret), "a pass word");
    assert_string_equal(found->path, path);
    assert_null(passwords_find(&p, "root"));
}

static void test_twice(void **state)
{
    struct err err = {0};
    OWN(char) *path = password_file(*state, "pw", 0600);
    OWN(char) *argument = text_format("seal=%s", path);
    OWN_STRUCT(passwords) p = {0};
    assert_refused(passwords_read(&p, (const char *const[]){argument, argument, NULL},
                                  (const char *const[]){NULL}, &err),
                   "\"seal\" has two password files");
}

static void test_files_refused(void **state)
{
    struct err err = {0};
    OWN(char) *open = password_file(*state, "open", 0640);
    assert_refused(read_pair("seal", open, NULL, &err), "lets others read it");
    OWN(char) *target = password_file(*state, "target", 0600);
    OWN(char) *link = path_join(*state, "link");
    assert_int_equal(symlink(target, link), 0);
    assert_refused(read_pair("seal", link, NULL, &err), "symbolic link");
    assert_refused(read_pair("seal", "/nonexistent/pw", NULL, &err), "/nonexistent/pw");
    assert_refused(read_pair("seal", *state, NULL, &err), "regular file");
}

static void test_places_refused(void **state)
{
    struct err err = {0};
    const char *scratch = *state;
    assert_int_equal(run(scratch, "mkdir -p media/deep mediator && ln -s media alias"), 0);
    OWN(char) *media = path_join(scratch, "media");
    OWN(char) *alias = path_join(scratch, "alias");
    OWN(char) *slash = path_join(scratch, "media/");
    OWN(char) *deep = password_file(scratch, "media/deep/pw", 0600);
    OWN(char) *through = path_join(scratch, "alias/deep/pw");
    OWN(char) *beside = password_file(scratch, "mediator/pw", 0600);
    assert_refused(read_pair("seal", deep, media, &err), "must not lie under");
    assert_refused(read_pair("seal", deep, slash, &err), "must not lie under");
    assert_refused(read_pair("seal", deep, alias, &err), "must not lie under");
    assert_refused(read_pair("seal", through, media, &err), "must not lie under");
    assert_refused(read_pair("seal", deep, "/", &err), "must not lie under");
    assert_ok(read_pair("seal", beside, media, &err));
    assert_ok(read_pair("seal", beside, "/nonexistent/record", &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_found_by_name, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_twice, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_files_refused, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_places_refused, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* authority_check_disk: a tree as step left it, on disk, in its place and out of it. Judged: what the disk
 * adds. */
#include "stranger.h"

#include "ceremony/authority.h"

#include <limits.h>
#include <sys/stat.h>

static bool has(const struct findings *found, const char *rule, enum severity severity)
{
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->list[i].rule, rule) == 0 && found->list[i].severity == severity)
            return true;
    return false;
}

/* The golden tree in <scratch>/<name>, its paths leading to <home>. */
static void tree_lay(void *state, const char *name, const char *home)
{
    char here[PATH_MAX];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(
        run(state,
            "mkdir -p '%s' && cp -r %s/tests/golden/01-init/. '%s' && cd '%s' && chmod 600 secrets/* && "
            "sed -i 's|/home/ca/.step|%s|' config/*.json",
            name, here, name, name, home),
        0);
}

static struct findings check(void *state, const char *name, char **home)
{
    struct err err = {0};
    struct findings found = {0};
    OWN_SECRET *password = NULL;
    OWN_STRUCT(bytes) text = {0};
    OWN(char) *folder = path_join(state, name);
    assert_ok(file_read(&text, "tests/golden/pw/ca.txt", 99, &err));
    password = secret_new(text.data, text.len);
    assert_ok(authority_check_disk(&found, home, folder, password, time(NULL), &err));
    return found;
}

static void in_place(void **state)
{
    OWN(char) *home = NULL;
    OWN(char) *folder = path_join(*state, "tree");
    tree_lay(*state, "tree", folder);
    OWN_STRUCT(findings) found = check(*state, "tree", &home);
    assert_string_equal(home, folder);
    assert_int_equal(findings_errors(&found), 0);
    assert_false(findings_have(&found, "tree_moved"));
    assert_false(findings_have(&found, "path_outside"));
    assert_false(findings_have(&found, "key_mode"));
    assert_false(findings_have(&found, "key_not_opened"));
}

/* Where the configuration says that it lies there is another tree, which must not be looked at. */
static void moved(void **state)
{
    OWN(char) *home = NULL;
    OWN(char) *first = path_join(*state, "tree");
    tree_lay(*state, "tree", first);
    tree_lay(*state, "copy", first);
    assert_int_equal(run(*state, "rm tree/certs/intermediate_ca.crt; chmod 644 tree/secrets/*"), 0);
    OWN_STRUCT(findings) found = check(*state, "copy", &home);
    assert_string_equal(home, first);
    assert_true(has(&found, "tree_moved", SEVERITY_WARNING));
    assert_false(findings_have(&found, "file_missing"));
    assert_false(findings_have(&found, "key_mode"));
    assert_int_equal(findings_errors(&found), 0);
}

/* The same folder by another name is the same folder. */
static void linked(void **state)
{
    OWN(char) *home = NULL;
    OWN(char) *folder = path_join(*state, "link");
    tree_lay(*state, "tree", folder);
    assert_int_equal(run(*state, "ln -s tree link"), 0);
    OWN_STRUCT(findings) found = check(*state, "tree", &home);
    assert_string_equal(home, folder);
    assert_false(findings_have(&found, "tree_moved"));
    assert_int_equal(findings_errors(&found), 0);
}

/* A key elsewhere is looked at there, also through a link; one that is nowhere is missing. */
static void outside(void **state)
{
    OWN(char) *home = NULL;
    OWN(char) *folder = path_join(*state, "tree");
    tree_lay(*state, "tree", folder);
    assert_int_equal(
        run(*state, "mkdir vault && mv tree/secrets/intermediate_ca_key vault/key && ln -s key vault/link && "
                    "sed -i 's|tree/secrets/intermediate_ca_key|vault/link|' tree/config/ca.json"),
        0);
    OWN_STRUCT(findings) found = check(*state, "tree", &home);
    assert_true(has(&found, "path_outside", SEVERITY_NOTE));
    assert_int_equal(findings_errors(&found), 0);
    assert_int_equal(run(*state, "chmod 640 vault/key"), 0);
    OWN(char) *again = NULL;
    OWN_STRUCT(findings) grouped = check(*state, "tree", &again);
    assert_false(findings_have(&grouped, "key_mode")); /* a group may be meant */
    assert_int_equal(run(*state, "chmod 604 vault/key"), 0);
    OWN(char) *third = NULL;
    OWN_STRUCT(findings) open = check(*state, "tree", &third);
    assert_true(has(&open, "key_mode", SEVERITY_WARNING));
    assert_int_equal(run(*state, "rm vault/key"), 0);
    OWN(char) *last = NULL;
    OWN_STRUCT(findings) gone = check(*state, "tree", &last);
    assert_true(has(&gone, "file_missing", SEVERITY_ERROR));
    assert_false(findings_have(&gone, "path_outside"));
}

/* The keys of an SSH authority are files that step-ca needs, too. */
static void ssh_keys(void **state)
{
    OWN(char) *home = NULL, *again = NULL;
    OWN(char) *folder = path_join(*state, "tree");
    tree_lay(*state, "tree", folder);
    assert_int_equal(
        run(*state,
            "sed -i 's|\"address\"|\"ssh\": {\"hostKey\": \"%s/secrets/ssh_host\"}, \"address\"|' "
            "tree/config/ca.json && cp tree/secrets/root_ca_key tree/secrets/ssh_host",
            folder),
        0);
    OWN_STRUCT(findings) found = check(*state, "tree", &home);
    assert_int_equal(findings_errors(&found), 0);
    assert_int_equal(run(*state, "rm tree/secrets/ssh_host"), 0);
    OWN_STRUCT(findings) gone = check(*state, "tree", &again);
    assert_int_equal(findings_errors(&gone), 1);
    assert_true(has(&gone, "file_missing", SEVERITY_ERROR));
}

static void names_that_are_no_member_names(void **state)
{
    OWN(char) *home = NULL;
    OWN(char) *folder = path_join(*state, "my tree");
    tree_lay(*state, "my tree", folder);
    assert_int_equal(run(*state, "cd 'my tree' && mv certs/root_ca.crt 'certs/my root.crt' && "
                                 "sed -i 's|root_ca.crt|my root.crt|' config/*.json"),
                     0);
    OWN_STRUCT(findings) found = check(*state, "my tree", &home);
    assert_int_equal(findings_errors(&found), 0);
    assert_false(findings_have(&found, "path_outside"));
}

static void no_tree(void **state)
{
    struct err err = {0};
    OWN(char) *home = NULL;
    OWN_STRUCT(findings) found = {0};
    OWN(char) *nowhere = path_join(*state, "nowhere");
    OWN(char) *file = path_join(*state, "out.txt");
    assert_refused(authority_check_disk(&found, &home, nowhere, NULL, time(NULL), &err),
                   "nowhere: cannot be opened");
    assert_int_equal(run(*state, "true"), 0);
    assert_refused(authority_check_disk(&found, &home, file, NULL, time(NULL), &err), "is no folder");
    assert_null(home);
    assert_ok(authority_check_disk(&found, &home, *state, NULL, time(NULL), &err));
    assert_true(has(&found, "config_missing", SEVERITY_ERROR));
    assert_int_equal(run(*state, "mkdir config && echo '{' >config/ca.json"), 0);
    OWN(char) *again = NULL;
    assert_ok(authority_check_disk(&found, &again, *state, NULL, time(NULL), &err));
    assert_true(has(&found, "config_not_json", SEVERITY_ERROR));
}

static void findings_are_sorted_and_told(void **state)
{
    (void)state;
    OWN_STRUCT(findings) found = {0};
    findings_add(&found, SEVERITY_NOTE, "three", "c", "", "a note");
    findings_add(&found, SEVERITY_ERROR, "one", "a", "RFC 1", "an error; mend it");
    findings_add(&found, SEVERITY_WARNING, "two", "b", "", "a warning \xC3");
    findings_add(&found, SEVERITY_ERROR, "four", "d", "", "%s", "another");
    findings_sort(&found);
    OWN_STRUCT(bytes) text = {0};
    findings_text(&text, &found);
    assert_string_equal(bytes_string(&text), "error one, a [RFC 1]\n    an error; mend it\n"
                                             "error four, d\n    another\n"
                                             "warning two, b\n    a warning ?\n"
                                             "note three, c\n    a note\n");
    OWN(json_t) *list = findings_json(&found);
    OWN(char) *json = json_dumps(json_array_get(list, 2), JSON_SORT_KEYS);
    assert_string_equal(json,
                        "{\"clause\": \"\", \"place\": \"b\", \"rule\": \"two\", \"severity\": \"warning\", "
                        "\"text\": \"a warning ?\"}");
}

static void long_texts_are_wrapped(void **state)
{
    (void)state;
    OWN_STRUCT(findings) found = {0};
    OWN_STRUCT(bytes) text = {0}, words = {0};
    for (int i = 0; i < 60; i++)
        bytes_text(&words, i > 0 ? " word" : "word");
    findings_add(&found, SEVERITY_NOTE, "r", "p", "", "%s", bytes_string(&words));
    findings_text(&text, &found);
    for (char *line = strtok((char *)text.data, "\n"); line != NULL; line = strtok(NULL, "\n"))
        assert_true(strlen(line) <= 100 && line[strlen(line) - 1] != ' ');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(in_place, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(moved, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(linked, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(outside, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(ssh_keys, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(names_that_are_no_member_names, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(no_tree, scratch_make, scratch_remove),
        cmocka_unit_test(findings_are_sorted_and_told),
        cmocka_unit_test(long_texts_are_wrapped),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "walked.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* These stand in front of the C library's, for libgit2 too: the process ends just before call number
 * `steps_left` of those that change a disk, as it does when it is killed. */
static long steps_left;

static void step(void)
{
    if (steps_left > 0 && --steps_left == 0)
        _exit(77);
}

/* A killed process loses nothing that it wrote: waiting for the disk would only take time. */
int fsync(int fd)
{
    (void)fd;
    step();
    return 0;
}

int rename(const char *from, const char *to)
{
    step();
    return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int unlink(const char *path)
{
    step();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
    step();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

int mkdir(const char *path, mode_t mode)
{
    step();
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

/* Half of what is to be written comes through. */
ssize_t write(int fd, const void *data, size_t len)
{
    bool cut = steps_left == 1;
    if (cut && len > 1)
        (void)!syscall(SYS_write, fd, data, len / 2);
    step();
    return syscall(SYS_write, fd, data, len);
}

/* Walk a page in a process of its own, which ends before step `steps` (0: never); its exit status. */
static int walk_apart(const struct trial *t, unsigned number, long steps)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct err err = {0};
        steps_left = steps;
        bool done = walk_page(t, number, &err);
        if (!done)
            fprintf(stderr, "# page %u, step %ld: %s\n", number, steps, err.text);
        _exit(done ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What a page came to, told apart from times and signatures. */
static char *outcome(const struct trial *t)
{
    assert_int_equal(
        run(t->folder, "find ca root record -path record/ledger.git/objects -prune -o -printf '%%M %%p\\n' | "
                       "sort -k2; cat ca/config/ca.json 2>/dev/null; true"),
        0);
    return run_output(t->folder);
}

static void assert_settled(const struct trial *t, const char *station)
{
    struct err err = {0};
    char done[256] = "";
    OWN(char) *folder = path_join(t->folder, "record");
    OWN(char) *authority = path_join(t->folder, station);
    const struct station own = {station, authority, t->keepers->ca, NULL};
    OWN_RECORD *record = NULL;
    assert_ok(record_open(&record, folder, false, &err));
    assert_ok(record_recover(record, &own, done, &err));
    assert_string_equal(done, "");
}

/* Cut off just before `steps`, perhaps once more while that is put right, then left to finish; as it should
 * be? A page that was in its place stays the same to the byte. */
static int cut_off(const struct trial *t, unsigned number, long steps, bool twice, const char *expected)
{
    assert_int_equal(run(t->folder, "rm -rf record ca root base/mark && cp -a base/. ."), 0);
    int status = walk_apart(t, number, steps);
    assert_true(status == 77 || status == 0);
    assert_int_equal(
        run(t->folder, "sha256sum record/%06u-*.tar >base/mark 2>/dev/null || : >base/mark", number), 0);
    if (twice)
        assert_int_not_equal(walk_apart(t, number, 1 + steps * 7 % 13), 1);
    assert_int_equal(walk_apart(t, number, 0), 0);
    assert_int_equal(run(t->folder, "test ! -s base/mark || sha256sum -c base/mark"), 0);
    OWN(char) *got = outcome(t);
    assert_string_equal(got, expected);
    assert_settled(t, station_of(number));
    return status;
}

static void sweep(const struct trial *t, unsigned number, bool twice)
{
    walk_to(t, number);
    assert_int_equal(run(t->folder, "mkdir base && cp -a record ca root base/ 2>/dev/null; true"), 0);
    assert_int_equal(walk_apart(t, number, 0), 0);
    OWN(char) *expected = outcome(t);
    long steps = 1;
    while (cut_off(t, number, steps, twice, expected) == 77)
        steps++;
    print_message("# page %u: %ld steps\n", number, steps);
    assert_true(steps > 20);
    strangers_agree(t);
}

static void test_sweep_first_page(void **state)
{
    sweep(*state, 0, false);
}

static void test_sweep_files_and_key(void **state)
{
    sweep(*state, 1, true);
}

static void test_sweep_staged_artefact(void **state)
{
    sweep(*state, 2, false);
}

static void test_sweep_change_and_removal(void **state)
{
    sweep(*state, 4, false);
}

/* Open and recover at station ca: what it says, or why it refuses. */
static bool recover(const struct trial *t, char done[256], struct err *err)
{
    OWN(char) *folder = path_join(t->folder, "record");
    OWN(char) *authority = path_join(t->folder, "ca");
    const struct station own = {"ca", authority, t->keepers->ca, NULL};
    OWN_RECORD *record = NULL;
    return record_open(&record, folder, false, err) && record_recover(record, &own, done, err);
}

static void test_sealed_page_is_never_discarded(void **state)
{
    struct err err = {0};
    char done[256] = "";
    const struct trial *t = *state;
    walk_to(t, 2);
    const char *const stage = "mkdir record/.staging && mv record/000001-initialize.tar record/.staging/ && ";
    assert_int_equal(
        run(t->folder, "cp -a record kept && %s rm -r record/ledger.git && rm record/signers/*", stage), 0);
    assert_ok(recover(t, done, &err));
    assert_non_null(strstr(done, "000001-initialize.tar was sealed, and is now in its place"));
    assert_int_equal(run(t->folder, "diff -r kept record"), 0);
    assert_int_equal(run(t->folder, "%s mv record/000001*.p7s record/.staging/", stage), 0);
    assert_ok(recover(t, done, &err));
    assert_int_equal(run(t->folder, "diff -r kept record"), 0);
}

static void test_orphans(void **state)
{
    struct err err = {0};
    char done[256] = "";
    const struct trial *t = *state;
    walk_to(t, 2);
    assert_int_equal(run(t->folder,
                         "cp -a record kept && rm record/000001-initialize.tar && cp -a record orphan && "
                         "rm -r record/ledger.git && mkdir record/.staging"),
                     0);
    assert_ok(recover(t, done, &err));
    assert_non_null(strstr(done, "000001-initialize.tar.ca.p7s was cut off"));
    assert_int_equal(run(t->folder, "test $(ls record/*.tar | wc -l) = 1 && ! ls record/000001*"), 0);

    /* A foreign station's page is not ours to decide about. */
    assert_int_equal(
        run(t->folder, "rm -rf record && cp -a kept record && touch record/000002-x.tar.root.p7s"), 0);
    assert_refused(recover(t, done, &err), "run there first");
    assert_int_equal(run(t->folder, "ls record/000002-x.tar.root.p7s"), 0);
}

static void test_ledger_is_looked_at(void **state)
{
    struct err err = {0};
    char done[256] = "";
    const struct trial *t = *state;
    walk_to(t, 4);
    assert_int_equal(run(t->folder, "cp -a record kept && printf x >>record/ledger.git/config"), 0);
    assert_refused(recover(t, done, &err), "take ledger.git away");
    assert_int_equal(run(t->folder, "rm -r record/ledger.git"), 0);
    assert_ok(recover(t, done, &err));
    assert_string_equal(done, "ledger.git was written from the pages");
    assert_int_equal(run(t->folder, "diff -r kept record"), 0);
}

static void test_wrong_copy_of_the_record(void **state)
{
    struct err err = {0};
    char done[256] = "";
    const struct trial *t = *state;
    walk_to(t, 1);
    assert_int_equal(run(t->folder, "cp -a record old"), 0);
    walk_to(t, 2);
    assert_int_equal(
        run(t->folder,
            "mkdir ca/.verger-staging && mv ca/secrets/intermediate_ca_key "
            "ca/.verger-staging/key+secrets+intermediate_ca_key && (cd record && sha256sum 000001*.tar) "
            ">ca/.verger-staging/page && mv record new && cp -a old record"),
        0);
    assert_refused(recover(t, done, &err), "use the record that has it");
    assert_int_equal(run(t->folder, "rm -r record && mv new record"), 0);
    assert_ok(recover(t, done, &err));
    assert_non_null(strstr(done, "were moved to where they belong"));
    OWN_STRUCT(bytes) key = get(t->folder, "ca/secrets/intermediate_ca_key");
    assert_true(bytes_equal(&key, &t->keepers->secret));
}

/* Where nothing was cut off, what people did to the authority afterwards is theirs. */
static void test_finished_is_left_alone(void **state)
{
    struct err err = {0};
    char done[256] = "x";
    const struct trial *t = *state;
    walk_to(t, 2);
    put(t->folder, "ca/config/ca.json", "{\"edited\":1}\n", 13);
    assert_ok(recover(t, done, &err));
    assert_string_equal(done, "");
    assert_int_equal(run(t->folder, "grep edited ca/config/ca.json"), 0);
}

#define IN_TRIAL(test) cmocka_unit_test_setup_teardown(test, trial_make, trial_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TRIAL(test_sealed_page_is_never_discarded),
        IN_TRIAL(test_orphans),
        IN_TRIAL(test_ledger_is_looked_at),
        IN_TRIAL(test_wrong_copy_of_the_record),
        IN_TRIAL(test_finished_is_left_alone),
        IN_TRIAL(test_sweep_first_page),
        IN_TRIAL(test_sweep_files_and_key),
        IN_TRIAL(test_sweep_staged_artefact),
        IN_TRIAL(test_sweep_change_and_removal),
    };
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0); /* some 360 crashes */
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, keepers_make, keepers_remove);
}

/* Every byte of a small record, flipped one at a time: each flip is found.
 *
 * FLIPS=all takes every byte (`make forge`): of seals and of what is in signers/, which others read too, each
 * bit; of all other files one, another one from byte to byte. Else a sample of FLIPS bytes, or 400, spread
 * over all files and different from day to day. JOBS processes share the work, each on its own copy. */
#include "story.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAMPLE 400
#define JOBS_MAX 64

struct target {
    char *path; /* below the record */
    size_t size;
};
struct targets {
    struct target *list;
    size_t count, bytes;
};

static void targets_add(struct targets *all, const char *folder, const char *path)
{
    struct err err = {0};
    OWN(char) *full = path_join(folder, path);
    OWN_STRUCT(names) names = {0};
    struct stat st;
    assert_int_equal(lstat(full, &st), 0);
    if (S_ISDIR(st.st_mode)) {
        assert_ok(folder_list(&names, full, &err));
        for (size_t i = 0; i < names.count; i++) {
            OWN(char) *below = path[0] != '\0' ? path_join(path, names.name[i]) : text_copy(names.name[i]);
            targets_add(all, folder, below);
        }
        return;
    }
    all->list = reallocarray(all->list, all->count + 1, sizeof *all->list);
    assert_non_null(all->list);
    all->list[all->count++] = (struct target){text_copy(path), (size_t)st.st_size};
    all->bytes += (size_t)st.st_size;
}

static void targets_free(struct targets *all)
{
    for (size_t i = 0; i < all->count; i++)
        free(all->list[i].path);
    free(all->list);
}

static bool found(const char *record, const char *signers)
{
    struct err err = {0};
    OWN(json_t) *report = NULL;
    enum verdict verdict = VERDICT_HOLDS;
    const struct verify_options options = {.record = record, .signers = signers, .threads = 1};
    return !verify_record(&report, &verdict, &options, &err) || verdict == VERDICT_FAILS;
}

/* Turn bits of one byte round, look, and turn them back. */
static bool flip_is_found(const char *folder, const char *signers, const struct target *target, size_t at,
                          unsigned char mask)
{
    OWN(char) *path = path_join(folder, target->path);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    unsigned char was = 0;
    if (fd < 0 || pread(fd, &was, 1, (off_t)at) != 1)
        abort();
    unsigned char is = was ^ mask;
    if (pwrite(fd, &is, 1, (off_t)at) != 1)
        abort();
    bool seen = found(folder, signers);
    if (pwrite(fd, &was, 1, (off_t)at) != 1)
        abort();
    close(fd);
    if (!seen)
        fprintf(stderr, "# not found: %s, byte %zu, bits %02x\n", target->path, at, mask);
    return seen;
}

static bool is_seal_or_signer(const struct target *target)
{
    size_t len = strlen(target->path);
    return strncmp(target->path, "signers/", 8) == 0 ||
           (len > 4 && strcmp(target->path + len - 4, ".p7s") == 0);
}

static bool byte_is_found(const char *folder, const char *signers, const struct target *target, size_t at)
{
    bool seen = true;
    if (!is_seal_or_signer(target))
        return flip_is_found(folder, signers, target, at, (unsigned char)(1u << at % 8));
    for (unsigned bit = 0; bit < 8; bit++)
        seen = flip_is_found(folder, signers, target, at, (unsigned char)(1u << bit)) && seen;
    return seen;
}

/* Every `step`th byte from `first` on, counted over all files. How many flips were not found. */
static size_t sweep(const char *folder, const char *signers, const struct targets *all, size_t first,
                    size_t step)
{
    size_t missed = 0, base = 0;
    for (size_t i = 0; i < all->count; i++) {
        for (size_t at = 0; at < all->list[i].size; at++)
            if ((base + at) % step == first)
                missed += !byte_is_found(folder, signers, &all->list[i], at);
        base += all->list[i].size;
    }
    return missed;
}

static size_t number_of(const char *variable, size_t otherwise)
{
    const char *text = getenv(variable);
    long value = text != NULL ? strtol(text, NULL, 10) : 0;
    return value > 0 ? (size_t)value : otherwise;
}

/* Process `job` of `jobs`, on a copy of its own. */
static pid_t job_start(const char *scratch, const struct targets *all, size_t job, size_t first, size_t step)
{
    OWN(char) *name = text_format("copy-%zu", job);
    OWN(char) *copy = path_join(scratch, name);
    OWN(char) *signers = path_join(scratch, "signers.pem");
    assert_int_equal(run(scratch, "cp -a record %s && chmod -R u+w %s", name, name), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    if (found(copy, signers))
        _exit(2);
    size_t missed = sweep(copy, signers, all, first, step);
    _exit(missed > 0 || found(copy, signers) ? 1 : 0);
}

static void test_every_byte(void **state)
{
    OWN_STRUCT(cast) cast = cast_make(*state);
    OWN_STRUCT(story) s = story_tell(*state, &cast, "");
    OWN_STRUCT(targets) all = {0};
    assert_int_equal(record_count(s.record), STORY_PAGES);
    targets_add(&all, s.path, "");
    assert_true(all.count > 20);
    const char *flips = getenv("FLIPS");
    const bool whole = flips != NULL && strcmp(flips, "all") == 0;
    const size_t jobs = number_of("JOBS", 2) < JOBS_MAX ? number_of("JOBS", 2) : JOBS_MAX;
    const size_t sample = number_of("FLIPS", SAMPLE);
    /* Each process takes every step-th byte; with `jobs` steps of one it is all of them. */
    const size_t step = whole || all.bytes / sample < jobs ? jobs : all.bytes / sample * jobs;
    const size_t start = (size_t)(time(NULL) / 86400) * 7919;
    pid_t child[JOBS_MAX];
    print_message("# %zu bytes in %zu files, every %zuth\n", all.bytes, all.count, step / jobs);
    for (size_t i = 0; i < jobs; i++)
        child[i] = job_start(*state, &all, i, (start + i * (step / jobs)) % step, step);
    for (size_t i = 0; i < jobs; i++) {
        int status = -1;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_int_equal(status, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_byte, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

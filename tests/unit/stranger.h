/* stranger.h - for tests: a scratch folder, and other people's programs as judges. */
#ifndef VERGER_TESTS_STRANGER_H
#define VERGER_TESTS_STRANGER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h> /* wants the first four */

#include "ceremony/file.h"

/* Make a scratch folder; cmocka's state is its path. */
static inline int scratch_make(void **state)
{
    const char *base = getenv("TMPDIR");
    char *path = text_format("%s/verger-unit-XXXXXX", base != NULL ? base : "/tmp");
    if (mkdtemp(path) == NULL)
        abort();
    *state = path;
    return 0;
}

static inline int scratch_remove(void **state)
{
    struct err err = {0};
    if (!folder_remove(*state, &err))
        fprintf(stderr, "# %s\n", err.text);
    free(*state);
    return 0;
}

/* Run a shell command in `folder`, quietly; its exit status. */
__attribute__((format(printf, 2, 3))) static inline int run(const char *folder, const char *format, ...)
{
    va_list args;
    char *command = NULL;
    va_start(args, format);
    if (vasprintf(&command, format, args) < 0)
        abort();
    va_end(args);
    OWN(char) *line = text_format(". tests/tar.sh && cd '%s' && { %s; } >out.txt 2>&1", folder, command);
    free(command);
    int status = system(line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What the last command of `run` printed. Caller frees. */
static inline char *run_output(const char *folder)
{
    struct err err = {0};
    OWN_STRUCT(bytes) text = {0};
    OWN(char) *path = path_join(folder, "out.txt");
    if (!file_read(&text, path, FILE_MAX_SMALL, &err))
        fail_msg("%s", err.text);
    return text_copy(bytes_string(&text));
}

static inline void put(const char *folder, const char *name, const void *data, size_t len)
{
    struct err err = {0};
    OWN(char) *path = path_join(folder, name);
    if (!file_replace(path, data, len, 0644, &err))
        fail_msg("%s", err.text);
}

static inline struct bytes get(const char *folder, const char *name)
{
    struct err err = {0};
    struct bytes out = {0};
    OWN(char) *path = path_join(folder, name);
    if (!file_read(&out, path, FILE_MAX_PAGE, &err))
        fail_msg("%s", err.text);
    return out;
}

/* Change one byte of a file in place. */
static inline void flip(const char *folder, const char *name, size_t at)
{
    struct bytes content = get(folder, name);
    assert_true(at < content.len);
    content.data[at] ^= 1;
    put(folder, name, content.data, content.len);
    bytes_free(&content);
}

/* For `run`: the biggest file below a folder, and a bit of the byte at `at` of $f turned round. */
#define BIGGEST(folder)                                                                                      \
    "f=$(find " folder " -type f -printf '%s %p\\n' | sort -rn | head -1 | cut -d' ' -f2); chmod u+w $f; "
#define TURN(at)                                                                                             \
    "printf \"\\\\$(printf %o $(($(od -An -tu1 -j$((" at ")) -N1 $f) ^ 1)))\" | dd of=$f bs=1 seek=$((" at   \
    ")) conv=notrunc"

#define assert_ok(call)                                                                                      \
    do {                                                                                                     \
        if (!(call))                                                                                         \
            fail_msg("%s: %s", #call, err.text);                                                             \
    } while (0)

/* The call fails, and its message says `words`. */
#define assert_refused(call, words)                                                                          \
    do {                                                                                                     \
        if (call)                                                                                            \
            fail_msg("%s: accepted", #call);                                                                 \
        if (strstr(err.text, words) == NULL)                                                                 \
            fail_msg("%s: says \"%s\" and not \"%s\"", #call, err.text, words);                              \
    } while (0)

#endif

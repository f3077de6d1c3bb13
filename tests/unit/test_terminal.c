/* terminal.h: a person at a pseudo-terminal, played by the test. */
#include "../../bootstrap/terminal.h"
#include "stranger.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

/* One who sits there: the terminal's other side, and the process that asks. */
struct person {
    int fd;
    pid_t asking;
    struct bytes seen;
};

/* What the asking process does; its exit status says how it went. */
typedef int conversation(const struct terminal *t);

static struct person sit_down(conversation *talk)
{
    struct person p = {0};
    fflush(NULL);
    p.asking = forkpty(&p.fd, NULL, NULL, NULL);
    if (p.asking < 0)
        fail_msg("no pseudo-terminal");
    if (p.asking == 0) {
        struct terminal t;
        signal(SIGINT, SIG_DFL); /* whoever runs the tests may ignore it, and it would be so here too */
        terminal_open(&t, false);
        _exit(talk(&t));
    }
    return p;
}

/* Read until `text` was seen, from what has not been seen before; false after thirty seconds without. */
static bool sees(struct person *p, const char *text)
{
    while (strstr(bytes_string(&p->seen), text) == NULL) {
        struct pollfd source = {.fd = p->fd, .events = POLLIN};
        char more[512];
        if (poll(&source, 1, 30000) != 1)
            return false;
        ssize_t got = read(p->fd, more, sizeof more);
        if (got <= 0)
            return false;
        bytes_add(&p->seen, more, (size_t)got);
    }
    return true;
}

/* From here on only what comes next counts. */
static void forget(struct person *p)
{
    bytes_free(&p->seen);
}

static void types(struct person *p, const char *text)
{
    forget(p);
    assert_int_equal(write(p->fd, text, strlen(text)), strlen(text));
}

static bool echoes(const struct person *p)
{
    struct termios settings;
    assert_int_equal(tcgetattr(p->fd, &settings), 0);
    return (settings.c_lflag & ECHO) != 0;
}

/* Wait for the process: its exit status, or minus the signal that ended it. */
static int gets_up(struct person *p)
{
    int status = 0;
    while (sees(p, "never said"))
        continue;
    assert_int_equal(waitpid(p->asking, &status, 0), p->asking);
    close(p->fd);
    bytes_free(&p->seen);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int talk_ask(const struct terminal *t)
{
    struct err err = {0};
    OWN(char) *answer = NULL;
    terminal_say(t, "red: \x1b[31m");
    enum reply reply = REPLY_STOP;
    return terminal_ask(t, "Your name", &reply, &answer, &err) && reply == REPLY_GIVEN &&
                   strcmp(answer, "Ann Example") == 0
               ? 0
               : 1;
}

static void test_ask(void **state)
{
    (void)state;
    struct person p = sit_down(talk_ask);
    assert_true(sees(&p, "red: \\x1b[31m"));
    assert_true(sees(&p, "Your name: "));
    types(&p, "\n");
    assert_true(sees(&p, "Your name: "));
    types(&p, "a\033b\n");
    assert_true(sees(&p, "cannot be shown"));
    assert_true(sees(&p, "Your name: "));
    types(&p, "  Ann Example  \n");
    assert_int_equal(gets_up(&p), 0);
}

#define SO "Is it so? [yes, stop or go on] "

static int talk_choose(const struct terminal *t)
{
    static const char *const choices[] = {"yes", "stop", "go on", NULL};
    struct err err = {0};
    const char *chosen = NULL;
    if (!terminal_choose(t, "Is it so?", choices, &chosen, &err))
        return 1;
    for (int i = 0; i < 3; i++)
        if (chosen == choices[i])
            return 10 + i;
    return 2;
}

static void test_choose_asks_again(void **state)
{
    (void)state;
    static const char *const unclear[] = {"y\n", "no\n", "yess\n", "yes, stop\n", "1\n"};
    struct person p = sit_down(talk_choose);
    assert_true(sees(&p, SO));
    for (size_t i = 0; i < sizeof unclear / sizeof *unclear; i++) {
        types(&p, unclear[i]);
        assert_true(sees(&p, "Please type yes, stop or go on, spelled out."));
        assert_true(sees(&p, SO));
    }
    types(&p, "yes\n");
    assert_int_equal(gets_up(&p), 10);
    struct person q = sit_down(talk_choose);
    assert_true(sees(&q, SO));
    types(&q, "Go On\n");
    assert_int_equal(gets_up(&q), 12);
}

/* The same where a walk holds the terminal. */
static int talk_held_choose(const struct terminal *t)
{
    struct terminal held = *t;
    terminal_hold(&held);
    return talk_choose(&held);
}

static int talk_held_ask(const struct terminal *t)
{
    struct terminal held = *t;
    terminal_hold(&held);
    struct err err = {0};
    OWN(char) *answer = NULL;
    enum reply reply = REPLY_GIVEN;
    if (!terminal_ask(&held, "Your name", &reply, &answer, &err))
        return 1;
    return reply == REPLY_STOP ? 11 : reply == REPLY_EXCEPTION ? 12 : strcmp(answer, "stop") == 0 ? 10 : 2;
}

static int talk_held_secret(const struct terminal *t)
{
    struct terminal held = *t;
    terminal_hold(&held);
    struct err err = {0};
    OWN_SECRET *secret = NULL;
    enum reply reply = REPLY_GIVEN;
    if (!terminal_secret(&held, "Password", true, &reply, &secret, &err))
        return 1;
    return reply == REPLY_STOP                                    ? (secret == NULL ? 11 : 2)
           : strcmp(secret_data(secret), "!stop is no stop") == 0 ? 10
                                                                  : 3;
}

/* How a conversation ends when this is typed at its first prompt. */
static int ends_after(conversation *talk, const char *prompt, const char *typed)
{
    struct person p = sit_down(talk);
    assert_true(sees(&p, prompt));
    types(&p, typed);
    return gets_up(&p);
}

#define NAME "Your name: [or !stop, !exception] "

/* A word that is a reply is never an answer, and an answer is never a reply. */
static void test_held_replies(void **state)
{
    (void)state;
    assert_int_equal(ends_after(talk_held_choose, SO, "stop\n"), 11);
    assert_int_equal(ends_after(talk_held_choose, SO, "!stop\n"), 11);
    assert_int_equal(ends_after(talk_held_choose, SO, "ye\x03"), 11);
    assert_int_equal(ends_after(talk_held_ask, NAME, "stop\n"), 10);
    assert_int_equal(ends_after(talk_held_ask, NAME, " !STOP \n"), 11);
    assert_int_equal(ends_after(talk_held_ask, NAME, "Ann\x03"), 11);
    assert_int_equal(ends_after(talk_held_ask, NAME, "!exception\n"), 12);
    struct person p = sit_down(talk_held_ask);
    assert_true(sees(&p, NAME));
    types(&p, "!Ann\n");
    assert_true(sees(&p, "it is !stop or !exception"));
    assert_true(sees(&p, NAME));
    types(&p, "stop\n");
    assert_int_equal(gets_up(&p), 10);
}

static void test_held_secret(void **state)
{
    (void)state;
    assert_int_equal(ends_after(talk_held_secret, "Password: [Ctrl-C to stop] ", "half a sec\x03"), 11);
    for (int second = 0; second < 2; second++) {
        struct person p = sit_down(talk_held_secret);
        assert_true(sees(&p, "Password: [Ctrl-C to stop] "));
        types(&p, "!stop is no stop\n");
        assert_true(sees(&p, "to be sure: "));
        types(&p, second == 0 ? "!stop is no stop\n" : "\x03");
        assert_int_equal(gets_up(&p), 10 + second);
    }
}

/* What else would end the process still does. */
static void test_held_hang_up(void **state)
{
    (void)state;
    struct person p = sit_down(talk_held_ask);
    assert_true(sees(&p, NAME));
    assert_int_equal(kill(p.asking, SIGTERM), 0);
    assert_int_equal(gets_up(&p), -SIGTERM);
}

static int talk_secret(const struct terminal *t)
{
    struct err err = {0};
    OWN_SECRET *secret = NULL;
    enum reply reply = REPLY_STOP;
    bool good = terminal_secret(t, "Password", false, &reply, &secret, &err) && reply == REPLY_GIVEN;
    terminal_say(t, "thank you");
    return good && strcmp(secret_data(secret), " correct horse ") == 0 ? 0 : 1;
}

static void test_secret_is_not_shown(void **state)
{
    (void)state;
    struct person p = sit_down(talk_secret);
    assert_true(sees(&p, "Password: "));
    assert_false(echoes(&p));
    types(&p, "\n");
    assert_true(sees(&p, "Nothing was typed."));
    assert_true(sees(&p, "Password: "));
    types(&p, " correct horse \n");
    assert_true(sees(&p, "thank you"));
    assert_null(strstr(bytes_string(&p.seen), "horse"));
    assert_true(echoes(&p));
    assert_int_equal(gets_up(&p), 0);
}

static int talk_new_secret(const struct terminal *t)
{
    struct err err = {0};
    OWN_SECRET *secret = NULL;
    enum reply reply = REPLY_STOP;
    return terminal_secret(t, "New password", true, &reply, &secret, &err) &&
                   strcmp(secret_data(secret), "abcdef ghijkl") == 0
               ? 0
               : 1;
}

static void test_new_secret_twice(void **state)
{
    (void)state;
    struct person p = sit_down(talk_new_secret);
    assert_true(sees(&p, "New password: "));
    types(&p, "abcdef ghijkl\n");
    assert_true(sees(&p, "The same again, to be sure: "));
    types(&p, "abcdef ghijkm\n");
    assert_true(sees(&p, "The two differ."));
    assert_true(sees(&p, "New password: "));
    types(&p, "abcdef ghijkl\n");
    assert_true(sees(&p, "The same again, to be sure: "));
    types(&p, "abcdef ghijkl\n");
    assert_int_equal(gets_up(&p), 0);
}

static int talk_weak_secret(const struct terminal *t)
{
    struct err err = {0};
    OWN_SECRET *secret = NULL;
    enum reply reply = REPLY_STOP;
    return terminal_secret(t, "New password", true, &reply, &secret, &err) &&
                   strcmp(secret_data(secret), "abc") == 0
               ? 0
               : 1;
}

/* The caller refuses it, and nobody types it twice for that. */
static void test_weak_secret_once(void **state)
{
    (void)state;
    struct person p = sit_down(talk_weak_secret);
    assert_true(sees(&p, "New password: "));
    types(&p, "abc\n");
    assert_int_equal(gets_up(&p), 0);
}

static int talk_marked(const struct terminal *t)
{
    struct terminal marked = *t;
    marked.mark = "REHEARSAL ";
    return talk_choose(&marked);
}

/* Its own remarks are marked, and "no" is told what there is instead. */
static void test_remarks(void **state)
{
    (void)state;
    struct person p = sit_down(talk_marked);
    assert_true(sees(&p, SO));
    types(&p, "No\n");
    assert_true(sees(&p, "REHEARSAL If it is not so: \"stop\" ends this"));
    assert_true(sees(&p, "REHEARSAL Please type yes, stop or go on, spelled out."));
    assert_true(sees(&p, SO));
    types(&p, "yes\n");
    assert_int_equal(gets_up(&p), 10);
}

static void test_interrupt_restores(void **state)
{
    (void)state;
    struct person p = sit_down(talk_secret);
    assert_true(sees(&p, "Password: "));
    assert_false(echoes(&p));
    types(&p, "half a sec\x03");
    int status = 0;
    assert_int_equal(waitpid(p.asking, &status, 0), p.asking);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGINT);
    assert_true(echoes(&p));
    close(p.fd);
    bytes_free(&p.seen);
}

static void test_hang_up_is_an_error(void **state)
{
    (void)state;
    struct person p = sit_down(talk_ask);
    assert_true(sees(&p, "Your name: "));
    types(&p, "\x04");
    assert_int_equal(gets_up(&p), 1);
}

/* Without a controlling terminal nobody can be asked, whatever standard input is. */
static void test_no_terminal(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        setsid();
        struct terminal t;
        terminal_open(&t, false);
        _exit(t.in == -1 && t.out == STDOUT_FILENO ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ask),
        cmocka_unit_test(test_choose_asks_again),
        cmocka_unit_test(test_held_replies),
        cmocka_unit_test(test_held_secret),
        cmocka_unit_test(test_held_hang_up),
        cmocka_unit_test(test_secret_is_not_shown),
        cmocka_unit_test(test_new_secret_twice),
        cmocka_unit_test(test_weak_secret_once),
        cmocka_unit_test(test_remarks),
        cmocka_unit_test(test_interrupt_restores),
        cmocka_unit_test(test_hang_up_is_an_error),
        cmocka_unit_test(test_no_terminal),
    };
    alarm(300); /* a conversation that hangs must not hang everything */
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "terminal.h"

#include "plain.h"
#include "wrap.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

void terminal_open(struct terminal *out, bool alone)
{
    int fd = alone ? -1 : open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    *out = (struct terminal){.in = fd, .out = fd >= 0 ? fd : STDOUT_FILENO};
}

void terminal_free(struct terminal *t)
{
    if (t->in >= 0)
        close(t->in);
    t->in = -1;
}

static void write_all(const struct terminal *t, const void *data, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t wrote = write(t->out, (const char *)data + done, len - done);
        if (wrote < 0 && errno != EINTR)
            return;
        if (wrote > 0)
            done += (size_t)wrote;
    }
}

static void write_plain(const struct terminal *t, const char *text)
{
    OWN_STRUCT(bytes) plain = {0};
    OWN_STRUCT(bytes) shown = {0};
    plain_add(&plain, text);
    wrap_add(&shown, bytes_string(&plain), wrap_columns(t->out));
    write_all(t, shown.data, shown.len);
}

void terminal_clear(const struct terminal *t)
{
    enum { LINES = 200 }; /* more than a screen has */
    static const char clear[] = "\033[H\033[2J\033[3J";
    char lines[LINES];
    const char *kind = getenv("TERM");
    if (t->in < 0)
        return;
    memset(lines, '\n', sizeof lines);
    if (kind == NULL || *kind == '\0' || strcmp(kind, "dumb") == 0)
        write_all(t, lines, sizeof lines);
    else
        write_all(t, clear, sizeof clear - 1);
}

void terminal_show(const struct terminal *t, const struct secret *secret)
{
    write_all(t, secret_data(secret), secret_len(secret));
    write_all(t, "\n", 1);
}

void terminal_say(const struct terminal *t, const char *text)
{
    write_plain(t, text);
    write_plain(t, "\n");
}

/* A remark about an answer that is none. */
static void remark(const struct terminal *t, const char *text)
{
    OWN(char) *marked = text_format("%s%s", t->mark != NULL ? t->mark : "", text);
    terminal_say(t, marked);
}

/* The terminal while somebody is asked: signals wait, and a secret is not echoed. */
struct watch {
    int tty, signals;
    bool silent;
    struct termios before;
    sigset_t mask;
};

/* The signals that waited are delivered by the last line, when the terminal is as it was. Half a secret that
 * is still on its way is dropped: the shell that comes next would show it. */
static void watch_free(struct watch *w)
{
    if (w->silent)
        tcsetattr(w->tty, TCSAFLUSH, &w->before);
    if (w->signals >= 0)
        close(w->signals);
    sigprocmask(SIG_SETMASK, &w->mask, NULL);
}

static bool watch_start(struct watch *w, int tty, bool silent, struct err *err)
{
    static const int held[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        sigaddset(&set, held[i]);
    *w = (struct watch){.tty = tty};
    sigprocmask(SIG_BLOCK, &set, &w->mask);
    w->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (w->signals < 0)
        return err_errno(err, "the terminal cannot be watched for signals");
    if (!silent)
        return true;
    if (tcgetattr(tty, &w->before) != 0)
        return err_errno(err, "the terminal cannot be asked for its settings");
    struct termios quiet = w->before;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    w->silent = true;
    /* Flushing drops what was typed before the question, so that no key press for something else gets in. */
    if (tcsetattr(tty, TCSAFLUSH, &quiet) != 0)
        return err_errno(err, "the terminal cannot be made silent, so no secret is asked for");
    return true;
}

enum heard { HEARD_LINE, HEARD_SIGNAL, HEARD_NOTHING };

/* One line without its newline; what does not fit is dropped, and *len is then `size`. */
static enum heard watch_read(const struct watch *w, char *line, size_t size, size_t *len)
{
    struct pollfd sources[] = {{.fd = w->signals, .events = POLLIN}, {.fd = w->tty, .events = POLLIN}};
    *len = 0;
    for (;;) {
        if (poll(sources, 2, -1) < 0 && errno != EINTR)
            return HEARD_NOTHING;
        if (sources[0].revents != 0)
            return HEARD_SIGNAL;
        char c = 0;
        ssize_t got = read(w->tty, &c, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return HEARD_NOTHING;
        if (c == '\n')
            return HEARD_LINE;
        if (*len < size)
            line[(*len)++] = c;
    }
}

/* Ctrl-C, and nothing else that would have its effect first: then it is taken as an answer. */
static bool interrupt_take(const struct terminal *t)
{
    static const int others[] = {SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    sigset_t pending, interrupt;
    if (!t->held || sigpending(&pending) != 0 || sigismember(&pending, SIGINT) != 1)
        return false;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (sigismember(&pending, others[i]) == 1)
            return false;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    return sigtimedwait(&interrupt, NULL, &(struct timespec){0}) == SIGINT;
}

void terminal_hold(struct terminal *t)
{
    if (t->in < 0)
        return;
    sigset_t interrupt;
    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    t->held = sigprocmask(SIG_BLOCK, &interrupt, NULL) == 0;
}

/* Show the prompt and read a line into `line` of `size` bytes, with a zero byte behind; or *reply is
 * REPLY_STOP. */
static bool read_line(const struct terminal *t, const char *prompt, bool silent, enum reply *reply,
                      char *line, size_t size, struct err *err)
{
    *reply = REPLY_GIVEN;
    for (;;) {
        __attribute__((cleanup(watch_free))) struct watch watch;
        if (!watch_start(&watch, t->in, silent, err))
            return false;
        /* What was typed before the question could be read is no answer to it. */
        tcflush(t->in, TCIFLUSH);
        write_plain(t, prompt);
        size_t len = 0;
        enum heard heard = watch_read(&watch, line, size - 1, &len);
        if (silent || heard != HEARD_LINE)
            write_plain(t, "\n");
        if (heard == HEARD_SIGNAL && interrupt_take(t)) {
            *reply = REPLY_STOP;
            return true;
        }
        if (t->bare && heard != HEARD_LINE)
            terminal_clear(t);
        if (heard == HEARD_SIGNAL)
            continue;
        if (heard == HEARD_NOTHING)
            return err_set(err, "the terminal was closed while this was asked: %s", prompt);
        line[len] = '\0';
        if (len < size - 1 && strlen(line) == len)
            return true;
        remark(t, "That is too long, or holds a zero byte. Once more:");
    }
}

static char *prompt_make(const char *question, const char *choices)
{
    size_t len = strlen(question);
    bool ends = len > 0 && strchr("?:.!", question[len - 1]) != NULL;
    return text_format("%s%s%s ", question, ends ? "" : ":", choices);
}

/* A line as it is typed, trimmed, of plain characters. */
static bool ask(const struct terminal *t, const char *prompt, enum reply *reply, char **answer,
                struct err *err)
{
    char line[LINE_MAX_BYTES + 2];
    for (;;) {
        if (!read_line(t, prompt, false, reply, line, sizeof line, err))
            return false;
        if (*reply != REPLY_GIVEN)
            return true;
        char *start = line, *end = line + strlen(line);
        while (isspace((unsigned char)*start))
            start++;
        while (end > start && isspace((unsigned char)end[-1]))
            end--;
        *end = '\0';
        if (*start == '\0')
            continue;
        if (plain_is_line(start)) {
            *answer = text_copy(start);
            return true;
        }
        remark(t, "That holds characters that cannot be shown. Once more:");
    }
}

bool terminal_ask(const struct terminal *t, const char *question, enum reply *reply, char **answer,
                  struct err *err)
{
    OWN(char) *prompt = prompt_make(question, t->held ? " [or !stop, !exception]" : "");
    for (;;) {
        OWN(char) *line = NULL;
        if (!ask(t, prompt, reply, &line, err))
            return false;
        if (*reply != REPLY_GIVEN)
            return true;
        if (!t->held || line[0] != '!') {
            *answer = GIVE(line);
            return true;
        }
        *reply = strcasecmp(line, "!stop") == 0 ? REPLY_STOP : REPLY_EXCEPTION;
        if (*reply == REPLY_STOP || strcasecmp(line, "!exception") == 0)
            return true;
        remark(t, "What begins with ! is no answer: it is !stop or !exception.");
    }
}

static bool choices_have(const char *const *choices, const char *word)
{
    for (; *choices != NULL; choices++)
        if (strcmp(*choices, word) == 0)
            return true;
    return false;
}

/* Who types "no" wants to know what to do about it. */
static void remark_choice(const struct terminal *t, const char *typed, const char *words,
                          const char *const *choices)
{
    OWN(char) *again = text_format("Please type %s, spelled out.", words);
    const bool no = strcasecmp(typed, "no") == 0 || strcasecmp(typed, "n") == 0;
    if (no && choices_have(choices, "exception"))
        remark(
            t,
            "If it is not so: \"stop\" ends this for now, so that it can be put right; \"exception\" writes "
            "down what is otherwise and how you go on.");
    else if (no && choices_have(choices, "yes"))
        remark(t, "If it is not so: \"stop\" ends this, and what was to come is not done.");
    remark(t, again);
}

/* "yes, stop or exception" */
static char *choices_join(const char *const *choices)
{
    OWN_STRUCT(bytes) text = {0};
    for (size_t i = 0; choices[i] != NULL; i++) {
        const char *between = i == 0 ? "" : choices[i + 1] != NULL ? ", " : " or ";
        bytes_format(&text, "%s%s", between, choices[i]);
    }
    return text_copy(bytes_string(&text));
}

bool terminal_choose(const struct terminal *t, const char *question, const char *const *choices,
                     const char **chosen, struct err *err)
{
    OWN(char) *words = choices_join(choices);
    OWN(char) *shown = text_format(" [%s]", words);
    OWN(char) *prompt = prompt_make(question, shown);
    for (;;) {
        OWN(char) *answer = NULL;
        enum reply reply = REPLY_GIVEN;
        if (!ask(t, prompt, &reply, &answer, err))
            return false;
        const char *typed =
            reply == REPLY_STOP || answer == NULL ? "stop" : answer + (t->held && answer[0] == '!');
        for (size_t i = 0; choices[i] != NULL; i++) {
            if (strcasecmp(typed, choices[i]) == 0) {
                *chosen = choices[i];
                return true;
            }
        }
        remark_choice(t, typed, words, choices);
    }
}

static bool read_secret(const struct terminal *t, const char *prompt, enum reply *reply, struct secret **out,
                        struct err *err)
{
    char line[LINE_MAX_BYTES + 2] = "";
    for (;;) {
        bool good = read_line(t, prompt, true, reply, line, sizeof line, err);
        bool given = good && *reply == REPLY_GIVEN;
        if (given && *line != '\0')
            *out = secret_new(line, strlen(line));
        bool empty = given && *line == '\0';
        explicit_bzero(line, sizeof line);
        if (!good)
            return false;
        if (!empty)
            return true;
        remark(t, "Nothing was typed. Once more:");
    }
}

bool terminal_secret(const struct terminal *t, const char *question, bool twice, enum reply *reply,
                     struct secret **out, struct err *err)
{
    OWN(char) *prompt = prompt_make(question, t->held ? " [Ctrl-C to stop]" : "");
    for (;;) {
        OWN_SECRET *first = NULL;
        OWN_SECRET *second = NULL;
        if (!read_secret(t, prompt, reply, &first, err))
            return false;
        struct err weak = {0};
        twice = twice && *reply == REPLY_GIVEN && secret_is_strong(first, "", &weak);
        if (twice && !read_secret(t, "The same again, to be sure: ", reply, &second, err))
            return false;
        if (*reply != REPLY_GIVEN)
            return true;
        if (!twice || secret_equal(first, second)) {
            *out = GIVE(first);
            return true;
        }
        remark(t, "The two differ. From the start:");
    }
}

#include "host.h"

#include <string.h>

void host_free(struct host *h)
{
    terminal_free(&h->terminal);
    answers_free(h->answers);
    passwords_free(&h->passwords);
    *h = (struct host){.terminal = {.in = -1}};
}

bool host_open(struct host *out, const char *answers, const char *const *passwords, const char *const *public,
               bool unattended, struct err *err)
{
    OWN_STRUCT(host) host = {.terminal = {.in = -1}, .unattended = unattended};
    if (!passwords_read(&host.passwords, passwords, public, err))
        return false;
    if (answers != NULL && !answers_read(&host.answers, answers, err))
        return false;
    terminal_open(&host.terminal, unattended);
    *out = host;
    host = (struct host){.terminal = {.in = -1}};
    return true;
}

static void room_say(void *context, const char *text)
{
    const struct host *host = context;
    terminal_say(&host->terminal, text);
}

static void room_clear(void *context)
{
    const struct host *host = context;
    terminal_clear(&host->terminal);
}

/* What a file answered is said like what a person would have typed. */
static void say_answered(const struct host *host, const char *question, const char *answer,
                         const char *source)
{
    OWN(char) *text = text_format("%s  %s  (from the %s)", question, answer, source);
    terminal_say(&host->terminal, text);
}

/* Why nobody can be asked. Always false. */
static bool nobody_to_ask(const struct host *host, const char *id, const char *question, struct err *err)
{
    const char *why = host->unattended ? "--unattended asks nobody" : "there is no terminal";
    if (host->answers != NULL)
        return err_set(err, "prompt %s (%s) has no answer in the --answers file, and %s: add \"%s\" to it",
                       id, question, why, id);
    return err_set(err, "prompt %s (%s) cannot be asked, as %s: %s", id, question, why,
                   host->unattended
                       ? "give --answers FILE with an answer for it"
                       : "start on a terminal, or give --answers FILE (run takes one with --unattended)");
}

static bool room_ask(void *context, const char *id, const char *question, enum reply *reply, char **answer,
                     struct err *err)
{
    const struct host *host = context;
    bool found = false;
    if (host->answers != NULL && !answers_text(host->answers, id, reply, answer, &found, err))
        return false;
    if (found) {
        static const char *const replies[] = {[REPLY_STOP] = "stop", [REPLY_EXCEPTION] = "exception"};
        say_answered(host, question, *reply == REPLY_GIVEN ? *answer : replies[*reply], "answers file");
        return true;
    }
    if (host->terminal.in < 0)
        return nobody_to_ask(host, id, question, err);
    return terminal_ask(&host->terminal, question, reply, answer, err);
}

static bool room_choose(void *context, const char *id, const char *question, const char *const *choices,
                        const char **chosen, struct err *err)
{
    const struct host *host = context;
    bool found = false;
    if (host->answers != NULL && !answers_choice(host->answers, id, choices, chosen, &found, err))
        return false;
    if (found) {
        say_answered(host, question, *chosen, "answers file");
        return true;
    }
    if (host->terminal.in < 0)
        return nobody_to_ask(host, id, question, err);
    return terminal_choose(&host->terminal, question, choices, chosen, err);
}

static bool room_has_answer(void *context, const char *id)
{
    const struct host *host = context;
    return host->answers != NULL && answers_has(host->answers, id);
}

static bool room_secret(void *context, const char *name, const char *question, bool is_new, unsigned attempt,
                        enum reply *reply, struct secret **out, struct err *err)
{
    const struct host *host = context;
    *reply = REPLY_GIVEN;
    const struct password *file = passwords_find(&host->passwords, name);
    if (file != NULL && attempt > 1)
        return err_set(err, "%s: the password in it is not the one of %s: correct the file and start again",
                       file->path, name);
    if (file != NULL) {
        say_answered(host, question, "********", "password file");
        *out = secret_new(secret_data(file->secret), secret_len(file->secret));
        return true;
    }
    if (host->terminal.in < 0)
        return err_set(err, "the password of %s cannot be asked, as %s: give --password-file \"%s=FILE\"",
                       name, host->unattended ? "--unattended asks nobody" : "there is no terminal", name);
    return terminal_secret(&host->terminal, question, is_new, reply, out, err);
}

struct room host_room(struct host *host)
{
    return (struct room){
        .context = host,
        .say = room_say,
        .clear = room_clear,
        .ask = room_ask,
        .choose = room_choose,
        .has_answer = room_has_answer,
        .secret = room_secret,
    };
}

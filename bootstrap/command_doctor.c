#include "command.h"
#include "doctor.h"
#include "terminal.h"
#include "wrap.h"

#include "../ceremony/certificate.h"

#include <string.h>
#include <unistd.h>

enum { APART = 60 }; /* seconds: a watch is read to the minute */

/* What a watch says ("21:30" is today's, or "2026-11-23 21:30"; UTC), as seconds. */
static bool watch_parse(time_t *out, const char *text, time_t now, struct err *err)
{
    char today[32], digits[] = "0000-00-00 00:00";
    time_text(today, now);
    OWN(char) *whole = strlen(text) == 5 ? text_format("%.10s %s", today, text) : text_copy(text);
    bool formed = strlen(whole) == strlen(digits);
    for (size_t i = 0; formed && digits[i] != 0; i++)
        formed = digits[i] == '0' ? whole[i] >= '0' && whole[i] <= '9' : whole[i] == digits[i];
    if (!formed)
        return err_set(err, "\"%s\" is no time; write HH:MM or YYYY-MM-DD HH:MM, in UTC", text);
    OWN(char) *stamp = text_format("%.10sT%s:00Z", whole, whole + 11);
    return time_parse(out, stamp, err);
}

/* The people read a watch; the clock is taken when they have answered. */
static bool ask_watch(struct doctor *d, struct err *err)
{
    __attribute__((cleanup(terminal_free))) struct terminal terminal;
    terminal_open(&terminal, false);
    if (terminal.in < 0)
        return err_set(err, "there is no terminal to ask for the time at; leave --watch out");
    for (;;) {
        OWN(char) *typed = NULL;
        struct err wrong = {0};
        time_t watch = 0;
        enum reply reply = REPLY_GIVEN;
        if (!terminal_ask(&terminal, "What time is it by your watch, in UTC (HH:MM or YYYY-MM-DD HH:MM)?",
                          &reply, &typed, err))
            return false;
        time_t now = time(NULL);
        if (!watch_parse(&watch, typed, now, &wrong)) {
            terminal_say(&terminal, wrong.text);
            continue;
        }
        char now_text[32], watch_text[32];
        time_text(now_text, now);
        time_text(watch_text, watch);
        long long apart = llabs((long long)now - (long long)watch);
        doctor_row(d, apart <= 2 * APART ? STANDS_OK : STANDS_FAIL, "watch",
                   "Set the clock: `date -u -s 'YYYY-MM-DD HH:MM:SS'`.",
                   "the watch says %.16s, the clock %s: %s", watch_text, now_text,
                   apart <= 2 * APART ? "the same" : "they differ");
        return true;
    }
}

static int run(const struct arguments *arguments, struct err *err)
{
    const struct doctor_folders folders = {
        .home = arguments_value(arguments, "home"),
        .record = arguments_value(arguments, "record"),
        .media = arguments_value(arguments, "media"),
        .authority = arguments_value(arguments, "authority"),
    };
    OWN_STRUCT(doctor) doctor = {0};
    OWN_STRUCT(bytes) out = {0};
    doctor_examine(&doctor, &folders);
    if (arguments_has(arguments, "watch") && !ask_watch(&doctor, err))
        return EXIT_FAILED;
    OWN(json_t) *report = doctor_json(&doctor);
    doctor_text(&out, &doctor, wrap_columns(STDOUT_FILENO));
    if (arguments_has(arguments, "json") ? !command_print_json(report, err)
                                         : !command_print(&out, false, err))
        return EXIT_FAILED;
    return doctor_count(&doctor, STANDS_FAIL) == 0 ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "home", .value = "DIR", .help = "look at the station's home, too"},
    {.name = "record", .value = "DIR", .help = "and at where the record is, or will be"},
    {.name = "media", .value = "DIR", .help = "and at the medium"},
    {.name = "authority", .value = "DIR", .help = "and at the authority"},
    {.name = "watch", .help = "ask for the time by a watch, and compare the clock with it"},
    {.name = "json", .help = "the rows as one line of canonical JSON"},
    {0},
};

const struct command command_doctor = {
    .name = "doctor",
    .does = "Say what holds on this machine: network, memory, clock, disk.",
    .parameters = parameters,
    .more = "It changes nothing, opens no socket and runs no program. `run` looks at the same things when it "
            "begins,\n"
            "and its first page has what was found.",
    .example = "  verger doctor --home ~/seal --record /media/record --watch",
    .exits = "0 nothing failed (there may be warnings); 1 something did, or cannot be told; 2 usage.",
    .fenced = true,
    .run = run,
};

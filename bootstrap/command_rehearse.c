#include "command.h"
#include "host.h"
#include "interrupt.h"
#include "message.h"

#include "../ceremony/digest.h"
#include "../lua/walk.h"

static void note_unused(const struct host *host)
{
    OWN_STRUCT(bytes) sentence = {0};
    if (host->answers != NULL)
        answers_unused(&sentence, host->answers);
    if (sentence.len > 0)
        message_show("verger rehearse: note", bytes_string(&sentence));
}

static int run(const struct arguments *arguments, struct err *err)
{
    static const char *const none[] = {NULL};
    char binary[DIGEST_HEX];
    OWN_STRUCT(host) host = {.terminal = {.in = -1}};
    bool unattended = arguments_has(arguments, "unattended");
    if (!command_binary(binary, err) ||
        !host_open(&host, arguments_value(arguments, "answers"), none, none, unattended, err))
        return EXIT_FAILED;
    struct room room = host_room(&host);
    terminal_hold(&host.terminal);
    host.terminal.mark = "REHEARSAL ";
    interrupt_tell(WALKING_REHEARSAL);
    const struct walk_options options = {
        .script = arguments->operand,
        .record = arguments_value(arguments, "record"),
        .enrol = none,
        .keep = arguments_value(arguments, "keep"),
        .unattended = unattended,
        .room = &room,
        .binary_sha256 = binary,
    };
    if (!walk_rehearse(&options, err))
        return EXIT_FAILED;
    note_unused(&host);
    return EXIT_DONE;
}

static const struct parameter parameters[] = {
    {.name = "record",
     .reach = REACH_BESIDE,
     .value = "DIR",
     .help = "where the rehearsal's record goes; new or empty",
     .required = true},
    {.name = "keep",
     .reach = REACH_BESIDE,
     .value = "DIR",
     .help = "keep the throw-away folders of the stations here"},
    {.name = "answers", .value = "FILE", .help = "JSON object from prompt id to what would be typed"},
    {.name = "unattended", .help = "ask nobody: what FILE does not answer is an error"},
    {0},
};

const struct command command_rehearse = {
    .name = "rehearse",
    .does = "Walk all stations of a script, with throw-away keys and root.",
    .operand = "SCRIPT",
    .parameters = parameters,
    .more = "Every line, page and certificate of it is marked REHEARSAL, and `run` never goes on with its\n"
            "record; `run --rehearsal RECORD` names it as proof that this script was rehearsed.",
    .example = "  verger rehearse intermediate-ca.lua --record rehearsal/",
    .exits = "0 done; 1 failed; 2 usage.",
    .secrets = true,
    .fenced = true,
    .reach = REACH_FOLDER,
    .run = run,
};

#include "command.h"
#include "host.h"

#include "../audit/seal.h"
#include "../ceremony/file.h"
#include "../lua/walk.h"

#include <time.h>

/* Read back from disk, so that the key is known to open with what was typed. */
static bool say_made(const struct room *room, const char *home, const struct secret *password,
                     struct err *err)
{
    OWN_SEAL *seal = NULL;
    struct signer signer;
    if (!seal_open(&seal, home, password, NULL, err) ||
        !signer_read(&signer, seal_certificate(seal), home, err))
        return false;
    OWN(char) *fingerprint = digest_groups(signer.sha256, 8);
    OWN(char) *text =
        text_format("Made %s/seal.key (encrypted; it stays here) and %s/seal.crt (to be handed to every\n"
                    "station) for %s, %s%s. Fingerprint of the certificate, SHA-256:\n%s",
                    home, home, signer.name, signer.station[0] != '\0' ? "station " : "a witness",
                    signer.station, fingerprint);
    room->say(room->context, text);
    return true;
}

/* A strong password, with three tries. A file says the same again: then the first judgement stands. */
static bool ask_password(struct secret **out, const struct room *room, struct err *err)
{
    static const char question[] = "A new password for the sealing key (" SECRET_RULE ")";
    struct err weakness = {0};
    for (unsigned attempt = 1; attempt <= 3; attempt++) {
        OWN_SECRET *password = NULL;
        enum reply reply = REPLY_GIVEN; /* nothing else, as no walk holds this terminal */
        if (!room->secret(room->context, "seal", question, true, attempt, &reply, &password, err)) {
            if (attempt > 1)
                *err = weakness;
            return false;
        }
        if (secret_is_strong(password, "seal", &weakness)) {
            *out = GIVE(password);
            return true;
        }
        if (attempt < 3)
            room->say(room->context, weakness.text);
    }
    *err = weakness;
    return false;
}

static bool enrol(const struct arguments *arguments, struct err *err)
{
    static const char *const public[] = {NULL};
    const char *home = arguments_value(arguments, "home");
    OWN_STRUCT(host) host = {.terminal = {.in = -1}};
    OWN_SECRET *password = NULL;
    if (!seal_is_free(home, err) || !person_check(arguments_value(arguments, "name"), "--name", err) ||
        !host_open(&host, NULL, arguments_values(arguments, "password-file"), public, false, err))
        return false;
    struct room room = host_room(&host);
    if (!ask_password(&password, &room, err))
        return false;
    return seal_enrol(home, arguments_value(arguments, "name"), arguments_value(arguments, "station"), false,
                      password, time(NULL), err) &&
           say_made(&room, home, password, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    if (arguments_has(arguments, "station") == arguments_has(arguments, "witness")) {
        err_set(err, "give either --station S or --witness");
        return EXIT_USAGE;
    }
    return enrol(arguments, err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "home",
     .reach = REACH_BESIDE,
     .value = "DIR",
     .help = "where the key goes and stays; made when it is not there",
     .required = true},
    {.name = "name",
     .reach = REACH_NOTHING,
     .value = "NAME",
     .help = "of the person or the machine that seals",
     .required = true},
    {.name = "station",
     .reach = REACH_NOTHING,
     .value = "S",
     .help = "the script's station that it seals for: a-z, 0-9 and -"},
    {.name = "witness", .help = "it seals for a witness"},
    {.name = "password-file",
     .value = "NAME=FILE",
     .help = "seal=FILE: the key's password, instead of asking for it"},
    {0},
};

const struct command command_enrol = {
    .name = "enrol",
    .does = "Make a sealing key and its certificate, before the first ceremony.",
    .parameters = parameters,
    .example = "  verger enrol --home ~/seal --name \"Ann Example\" --station ca",
    .exits = "0 made; 1 failed, and nothing was made; 2 usage.",
    .secrets = true,
    .fenced = true,
    .run = run,
};

#include "command.h"
#include "host.h"
#include "sealkey.h"

#include "../audit/seal.h"
#include "../ceremony/file.h"
#include "../lua/walk.h"

#include <string.h>

/* What is approved, in full: it is short, and whoever seals it has read it. */
static bool agreed(const struct room *room, const char *name, const struct bytes *text, struct err *err)
{
    static const char *const choices[] = {"yes", "stop", NULL};
    OWN(char) *question = text_format("Do you, %s, approve this?", name);
    const char *chosen = NULL;
    room->say(room->context, bytes_string(text));
    return room->choose(room->context, "approve.seal.1", question, choices, &chosen, err) &&
           (strcmp(chosen, "yes") == 0 || err_set(err, "stopped; nothing was approved"));
}

/* Said before anybody is asked for anything. */
static bool is_free(const char *path, struct err *err)
{
    OWN(char) *seal_path = text_format("%s.p7s", path);
    const char *taken = file_exists(path) ? path : file_exists(seal_path) ? seal_path : NULL;
    return taken == NULL || err_set(err, "%s: is there already, and nothing is put over it", taken);
}

/* The seal first: an approval without one is no approval. */
static bool files_write(const char *path, const struct bytes *text, const struct bytes *p7s, struct err *err)
{
    OWN(char) *seal_path = text_format("%s.p7s", path);
    struct err second = {0};
    if (!file_create(seal_path, p7s->data, p7s->len, 0644, err))
        return false;
    if (file_create(path, text->data, text->len, 0644, err))
        return true;
    return file_remove(seal_path, &second) ? false : err_set(err, "%s; and %s", err->text, second.text);
}

static bool approve(const struct arguments *arguments, struct err *err)
{
    const char *home = arguments_value(arguments, "home"), *path = arguments_value(arguments, "output");
    static const char *const public[] = {NULL};
    OWN_STRUCT(host) host = {.terminal = {.in = -1}};
    OWN_SEAL *seal = NULL;
    OWN_STRUCT(bytes) text = {0};
    OWN_STRUCT(bytes) p7s = {0};
    struct signer signer;
    if (!is_free(path, err) || !host_open(&host, arguments_value(arguments, "answers"),
                                          arguments_values(arguments, "password-file"), public, false, err))
        return false;
    struct room room = host_room(&host);
    if (!sealkey_open(&seal, &(struct sealkey){.home = home}, &room, "nothing was approved", err) ||
        !signer_read(&signer, seal_certificate(seal), home, err))
        return false;
    if (signer.station[0] != '\0')
        return err_set(err, "%s: is station \"%s\"'s; people approve, with a key of verger enrol --witness",
                       home, signer.station);
    if (!approval_text(&text, arguments->operand, arguments_value(arguments, "from"),
                       arguments_value(arguments, "until"), signer.name, err))
        return false;
    bytes_text(&text, "\n");
    if (!agreed(&room, signer.name, &text, err) || !seal_make(&p7s, seal, &text, time(NULL), err) ||
        !files_write(path, &text, &p7s, err))
        return false;
    OWN(char) *said =
        text_format("Approved: %s, and its seal %s.p7s. Both go to the first station: verger run "
                    "--approval %s --enrol %s/seal.crt",
                    path, path, path, home);
    room.say(room.context, said);
    return true;
}

static int run(const struct arguments *arguments, struct err *err)
{
    return approve(arguments, err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "home",
     .value = "DIR",
     .help = "your seal.key and seal.crt, from verger enrol --witness",
     .required = true},
    {.name = "output",
     .letter = 'o',
     .reach = REACH_BESIDE,
     .value = "FILE",
     .help = "the approval, a new file; its seal is FILE.p7s",
     .required = true},
    {.name = "from", .reach = REACH_NOTHING, .value = "DATE", .help = "the first instant it holds; else now"},
    {.name = "until",
     .reach = REACH_NOTHING,
     .value = "DATE",
     .help = "the last instant it holds; else 30 days later"},
    {.name = "password-file",
     .value = "NAME=FILE",
     .help = "seal=FILE: the key's password, instead of asking for it"},
    {.name = "answers", .value = "FILE", .help = "JSON object from prompt id to answer (approve.seal.1)"},
    {0},
};

const struct command command_approve = {
    .name = "approve",
    .does = "Approve a script and its templates before the day, for some time.",
    .operand = "SCRIPT",
    .parameters = parameters,
    .more = "Without verger, the seal of an approval is checked by:\n"
            "  openssl cms -verify -binary -inform DER -in FILE.p7s -content FILE -nointern \\\n"
            "      -certfile seal.crt -CAfile seal.crt -no-CApath -no-CAstore -out /dev/null",
    .example = "  verger approve intermediate-ca.lua --home ~/seal --until 2027-01-31 \\\n"
               "      --output ann.json",
    .exits = "0 approved; 1 failed, and nothing was approved; 2 usage.",
    .secrets = true,
    .fenced = true,
    .reach = REACH_FOLDER,
    .run = run,
};

#include "command.h"
#include "doctor.h"
#include "host.h"
#include "interrupt.h"

#include "../ceremony/digest.h"
#include "../lua/walk.h"

#include <string.h>

typedef const char *strings;
OWN_DEFINE(strings, free);

static bool previous_head(struct walk_options *options, char hex[DIGEST_HEX], const char *head,
                          struct err *err)
{
    if (head == NULL)
        return true;
    if (options->previous != NULL)
        return err_set(err, "--previous and --previous-head exclude each other; the record says more");
    if (!digest_read(hex, head))
        return err_set(err,
                       "--previous-head is neither 64 hex digits nor 32 PGP words; copy it from the signed "
                       "paper again");
    options->previous_head = hex;
    return true;
}

/* What holds on this machine, for the session's first page. What cannot keep a record whole is refused. */
static bool examine(struct bytes *report, const struct walk_options *options, struct err *err)
{
    const struct doctor_folders folders = {options->home, options->record, options->media,
                                           options->authority};
    static const char *const wholly[] = {"filesystem_home", "filesystem_record", "filesystem_authority"};
    OWN_STRUCT(doctor) doctor = {0};
    doctor_examine(&doctor, &folders);
    for (size_t i = 0; i < sizeof wholly / sizeof *wholly; i++)
        if (doctor_fails(&doctor, wholly[i]) != NULL)
            return err_set(err, "%s; work on a local file system, such as ext4, and carry a copy",
                           doctor_fails(&doctor, wholly[i]));
    OWN(json_t) *json = doctor_json(&doctor);
    if (!json_canonical(report, json, err))
        return false;
    bytes_text(report, "\n");
    return true;
}

/* One page at a time that is no step. */
static bool page_asked_for(const struct walk_options *options, struct err *err)
{
    int asked = options->abort + (options->replace != NULL) + (options->revoke != NULL);
    return asked <= 1 || err_set(err, "--abort, --replace and --revoke exclude each other; give one");
}

/* What the line says, but for what has to be looked at first. */
static struct walk_options options_of(const struct arguments *arguments)
{
    return (struct walk_options){
        .script = arguments->operand,
        .station = arguments_value(arguments, "station"),
        .home = arguments_value(arguments, "home"),
        .record = arguments_value(arguments, "record"),
        .media = arguments_value(arguments, "media"),
        .authority = arguments_value(arguments, "authority"),
        .enrol = arguments_values(arguments, "enrol"),
        .approvals = arguments_values(arguments, "approval"),
        .rehearsal = arguments_value(arguments, "rehearsal"),
        .previous = arguments_value(arguments, "previous"),
        .backups = arguments_values(arguments, "backup"),
        .register_record = arguments_value(arguments, "register"),
        .unattended = arguments_has(arguments, "unattended"),
        .replace = arguments_value(arguments, "replace"),
        .revoke = arguments_value(arguments, "revoke"),
        .abort = arguments_has(arguments, "abort"),
    };
}

/* What is carried, copied or put into a safe: no password lies there. Ends with NULL; the caller frees. */
static const char **public_folders(const struct walk_options *options)
{
    size_t count = 0, used = 0;
    while (options->backups[count] != NULL)
        count++;
    const char **list = memory_new(count + 4, sizeof *list);
    list[used++] = options->record;
    list[used++] = options->media;
    list[used++] = options->authority;
    for (size_t i = 0; i < count; i++)
        list[used++] = strchr(options->backups[i], '=') + 1;
    return list;
}

static int run(const struct arguments *arguments, struct err *err)
{
    const char *answers = arguments_value(arguments, "answers");
    struct walk_options options = options_of(arguments);
    if (answers != NULL && !options.unattended) {
        err_set(
            err,
            "--answers is for rehearsals; a run takes it only with --unattended, and its pages then say so");
        return EXIT_USAGE;
    }
    char binary[DIGEST_HEX], previous[DIGEST_HEX];
    options.binary_sha256 = binary;
    if (!page_asked_for(&options, err) ||
        !previous_head(&options, previous, arguments_value(arguments, "previous-head"), err))
        return EXIT_USAGE;
    OWN(strings) *public = public_folders(&options);
    OWN_STRUCT(host) host = {.terminal = {.in = -1}};
    OWN_STRUCT(bytes) report = {0};
    if (!command_binary(binary, err) || !examine(&report, &options, err) ||
        !host_open(&host, answers, arguments_values(arguments, "password-file"), public, options.unattended,
                   err))
        return EXIT_FAILED;
    struct room room = host_room(&host);
    OWN(strings) *given = passwords_names(&host.passwords);
    options.room = &room;
    options.given = given;
    options.doctor = bytes_string(&report);
    terminal_hold(&host.terminal);
    interrupt_tell(WALKING_RUN);
    return walk_run(&options, err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "station",
     .reach = REACH_NOTHING,
     .value = "S",
     .help = "which of the script's stations this is",
     .required = true},
    {.name = "home",
     .reach = REACH_CHANGE,
     .value = "DIR",
     .help = "what stays here: sealing key, journal, register",
     .required = true},
    {.name = "record",
     .reach = REACH_PUBLIC,
     .value = "DIR",
     .help = "what is carried, public only; new, empty, or as it came",
     .required = true},
    {.name = "media", .value = "DIR", .help = "where inputs are read from", .required = true},
    {.name = "authority",
     .reach = REACH_PRIVATE,
     .value = "DIR",
     .help = "step-ca's tree, or the root's own folder",
     .required = true},
    {.name = "enrol",
     .value = "CERT",
     .help = "sealing certificates of all stations and witnesses,\n"
             "for a new record; may be repeated",
     .many = true},
    {.name = "approval",
     .reach = REACH_FOLDER,
     .value = "FILE",
     .help = "what verger approve made, its seal FILE.p7s beside it;\nfor a new record; may be repeated",
     .many = true},
    {.name = "rehearsal", .value = "RECORD", .help = "the record that proves that this was rehearsed"},
    {.name = "backup",
     .reach = REACH_CHANGE,
     .value = "NAME=DIR",
     .help = "where the medium is mounted that the script calls NAME;\nmay be repeated",
     .many = true},
    {.name = "previous",
     .value = "RECORD",
     .help = "the record of the ceremony before with the same root,\nfor a new record"},
    {.name = "previous-head",
     .reach = REACH_NOTHING,
     .value = "HASH",
     .help = "only its head, from the signed paper: 64 hex digits,\nor its 32 words as one argument"},
    {.name = "register",
     .value = "RECORD",
     .help = "take over what this home's register lacks, from the\n"
             "ceremony before, or from this record itself"},
    {.name = "password-file",
     .value = "NAME=FILE",
     .help = "a secret: NAME is seal, authority, provisioner or what\n"
             "the script calls it; may be repeated",
     .many = true},
    {.name = "answers",
     .value = "FILE",
     .help = "JSON object from prompt id to answer; with --unattended only"},
    {.name = "abort",
     .help = "end the ceremony for good: asks why and who decided it,\nand seals a closing page"},
    {.name = "replace",
     .value = "SIGNER=CERT",
     .help = "seal a page that revokes a signer, by the name that its\n"
             "seals have, and enrols the certificate in its stead; at any\n"
             "station whose own key is good"},
    {.name = "revoke",
     .reach = REACH_NOTHING,
     .value = "SIGNER",
     .help = "the same without a successor: a witness, or a station whose\n"
             "steps are done"},
    {.name = "unattended", .help = "ask nobody; every page and verdict says so"},
    {0},
};

const struct command command_run = {
    .name = "run",
    .does = "Walk a station's steps, up to the next hand-over; also resumes.",
    .operand = "SCRIPT",
    .parameters = parameters,
    .more = "A password file is refused when it is a symbolic link, when others can read it, or when it lies "
            "under\n"
            "record, media, authority or a medium for backups. White space at its end does not count.",
    .example = "  verger run intermediate-ca.lua --station ca --home ~/seal \\\n"
               "      --record /media/record --media /media/in --authority ~/.step \\\n"
               "      --enrol ca.crt root.crt",
    .exits = "0 this station's part is done; 1 failed, and the message says what to do; 2 usage.",
    .secrets = true,
    .fenced = true,
    .reach = REACH_FOLDER,
    .run = run,
};

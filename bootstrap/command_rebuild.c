#include "command.h"
#include "host.h"
#include "plain.h"
#include "trust.h"

#include "../audit/compare.h"
#include "../audit/rebuild.h"
#include "../ceremony/file.h"
#include "../ceremony/key.h"

#include <string.h>

struct rebuilt {
    struct trusted trusted;
    struct inventory recorded; /* after the newest page */
    const char *into, *authority;
    char station[33]; /* of the authority to compare with */
    struct host host;
    struct rebuild_key *key;
    size_t keys;
    json_t *comparison; /* or NULL */
};

static void rebuilt_free(struct rebuilt *r)
{
    for (size_t i = 0; i < r->keys; i++)
        bytes_free(&r->key[i].file);
    free(r->key);
    json_decref(r->comparison);
    host_free(&r->host);
    inventory_free(&r->recorded);
    trusted_free(&r->trusted);
}

/* ---- keys ---- */

/* Three tries at a terminal; a password file has one. */
static bool key_open(struct key **out, const struct rebuilt *r, const struct bytes *file, const char *path,
                     struct err *err)
{
    struct room room = host_room((struct host *)&r->host);
    OWN(char) *question = text_format("Password of the key in %s", path);
    for (unsigned attempt = 1;; attempt++) {
        OWN_SECRET *password = NULL;
        bool wrong = false;
        enum reply reply = REPLY_GIVEN;
        if (!room.secret(room.context, "authority", question, false, attempt, &reply, &password, err))
            return false;
        if (reply != REPLY_GIVEN)
            return err_set(err, "stopped before anything was made");
        if (key_parse(out, file, password, &wrong, path, err))
            return true;
        if (!wrong || attempt == 3)
            return false;
        room.say(room.context, "That is not the password.");
    }
}

static bool key_read(struct rebuild_key *out, const struct rebuilt *r, const char *path, struct err *err)
{
    OWN_SECRET *text = NULL;
    OWN_KEY *key = NULL;
    if (!secret_read_key(&text, path, err))
        return false;
    union {
        const char *borrowed;
        unsigned char *data;
    } view = {secret_data(text)};
    const struct bytes file = {view.data, secret_len(text)};
    if (!key_is_encrypted(&file))
        return err_set(err,
                       "%s: is not encrypted, as the authority's key was; encrypt it first: openssl "
                       "pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in FILE -out OTHER",
                       path);
    if (!key_open(&key, r, &file, path, err) || !key_spki_digest(out->spki, key, err))
        return false;
    out->what = path;
    out->file = bytes_copy(file.data, file.len); /* encrypted: no secret of ours */
    return true;
}

static bool keys_read(struct rebuilt *r, const char *const *paths, struct err *err)
{
    size_t count = 0;
    while (paths[count] != NULL)
        count++;
    r->key = memory_new(count + 1, sizeof *r->key);
    for (; r->keys < count; r->keys++)
        if (!key_read(&r->key[r->keys], r, paths[r->keys], err))
            return false;
    return true;
}

/* ---- what was made ---- */

static bool is_brought(const struct rebuilt *r, const struct thing *key)
{
    for (size_t i = 0; i < r->keys; i++)
        if (strcmp(r->key[i].spki, key->spki) == 0)
            return true;
    return false;
}

/* The places of the keys: those that were brought, or the others. Caller decrefs. */
static json_t *key_places(const struct rebuilt *r, bool brought)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->recorded.count; i++) {
        const struct thing *thing = &r->recorded.thing[i];
        if (thing->kind == THING_KEY && is_brought(r, thing) == brought)
            json_array_append_new(list, json_string(thing->path));
    }
    return list;
}

static void places_text(struct bytes *out, const struct rebuilt *r, bool brought, const char *what)
{
    OWN(json_t) *list = key_places(r, brought);
    size_t i;
    const json_t *path;
    json_array_foreach(list, i, path) bytes_format(out, "  %s%s\n", json_string_value(path), what);
}

/* The files name their old home, byte for byte: how to start there. */
static void start_text(struct bytes *out, const struct rebuilt *r)
{
    char station[33];
    inventory_authority(station, &r->recorded);
    OWN(char) *home = inventory_home(&r->recorded, station);
    if (home == NULL)
        return;
    OWN(char) *tree = path_join(r->into, station);
    OWN(char) *config = text_format("%s/config/ca.json", home);
    bytes_format(out,
                 "\n%s/config/ca.json is byte for byte the original, and names its files where that lay. Put "
                 "the tree there\nand start it:\n\n    mv ",
                 tree);
    shell_word(out, tree);
    bytes_text(out, " ");
    shell_word(out, home);
    bytes_text(out, "\n    step-ca ");
    shell_word(out, config);
    bytes_text(out, " --password-file FILE\n");
}

static void rebuilt_text(struct bytes *out, const struct rebuilt *r)
{
    const char *head = record_ledger_head(r->trusted.record);
    bytes_format(out, "\nRebuilt in %s:\n", r->into);
    for (size_t i = 0; i < r->recorded.count; i++)
        if (strchr(r->recorded.thing[i].path, '/') == NULL)
            bytes_format(out, "  %s/\n", r->recorded.thing[i].path);
    bytes_format(out, "  ledger.git/, at commit %s\n", head != NULL ? head : "none");
    places_text(out, r, true, ", from its holder");
    places_text(out, r, false,
                " is NOT there: a private key is in no record; its holder gives it with --key");
    start_text(out, r);
}

static bool show(const struct rebuilt *r, bool json, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    if (json) {
        OWN(json_t) *report = json_pack(
            "{s:s, s:s, s:s, s:s?, s:o, s:o, s:O?}", "verdict", trusted_verdict(&r->trusted), "record",
            record_folder(r->trusted.record), "head", record_head(r->trusted.record), "into", r->into, "keys",
            r->into != NULL ? key_places(r, true) : json_array(), "keys_missing",
            r->into != NULL ? key_places(r, false) : json_array(), "comparison", r->comparison);
        return report != NULL ? command_print_json(report, err)
                              : err_set(err, "a path is not UTF-8, and cannot stand in JSON");
    }
    trusted_text(&out, &r->trusted);
    if (r->into != NULL)
        rebuilt_text(&out, r);
    if (r->comparison != NULL) {
        bytes_text(&out, "\n");
        compare_text(&out, r->comparison);
    }
    return command_print(&out, false, err);
}

/* ---- the command ---- */

static bool station_choose(struct rebuilt *r, const char *named, struct err *err)
{
    if (named == NULL)
        inventory_authority(r->station, &r->recorded);
    else
        snprintf(r->station, sizeof r->station, "%s", named);
    if (r->station[0] == '\0')
        return err_set(err, "no station of the record has a config/ca.json: name the one to compare with "
                            "(--station)");
    return inventory_find(&r->recorded, r->station) != NULL ||
           err_set(err, "station \"%s\" has no authority in the record", r->station);
}

static bool compare(struct rebuilt *r, const char *station, struct err *err)
{
    if (r->authority == NULL)
        return true;
    OWN_STRUCT(inventory) recorded = {0};
    inventory_after(&recorded, r->trusted.record, record_count(r->trusted.record) - 1);
    if (!station_choose(r, station, err))
        return false;
    inventory_only(&recorded, r->station);
    return compare_authority(&r->comparison, &recorded, r->station, r->authority, err);
}

static bool rebuild(struct rebuilt *r, const char *const *keys, struct err *err)
{
    return r->into == NULL || (rebuild_ready(r->into, r->trusted.record, err) && keys_read(r, keys, err) &&
                               rebuild_write(r->into, r->trusted.record, r->key, r->keys, err));
}

static bool prepare(struct rebuilt *r, const struct arguments *arguments, struct err *err)
{
    /* What lies in these is carried or copied; a NULL in front would hide the others. */
    const char *const public[] = {arguments->operand, r->into != NULL ? r->into : r->authority, r->authority,
                                  NULL};
    if (!host_open(&r->host, NULL, arguments_values(arguments, "password-file"), public, false, err) ||
        !trust_record(&r->trusted, arguments, arguments->operand, err))
        return false;
    inventory_after(&r->recorded, r->trusted.record, record_count(r->trusted.record) - 1);
    return true;
}

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(rebuilt)
    r = {.into = arguments_value(arguments, "into"),
         .authority = arguments_value(arguments, "compare"),
         .host = {.terminal = {.in = -1}}};
    const char *const *keys = arguments_values(arguments, "key");
    if (r.into == NULL && r.authority == NULL) {
        err_set(err, "--into DIR is missing, or --compare AUTHORITY");
        return EXIT_USAGE;
    }
    if (r.into == NULL && keys[0] != NULL) {
        err_set(err, "--key goes with --into");
        return EXIT_USAGE;
    }
    if (!prepare(&r, arguments, err) || !rebuild(&r, keys, err) ||
        !compare(&r, arguments_value(arguments, "station"), err) ||
        !show(&r, arguments_has(arguments, "json"), err))
        return EXIT_FAILED;
    bool differs = r.comparison != NULL && !json_is_true(json_object_get(r.comparison, "identical"));
    return differs ? EXIT_FAILED : trust_exit(&r.trusted);
}

static const struct parameter parameters[] = {
    {.name = "into",
     .reach = REACH_BESIDE,
     .value = "DIR",
     .help = "where it is made: not there yet, or an empty folder"},
    {.name = "key",
     .value = "FILE",
     .help = "a private key's file (encrypted), as its holder has it;\n"
             "it goes to the place that the record has for it",
     .many = true},
    {.name = "password-file",
     .value = "NAME=FILE",
     .help = "authority=FILE: the password of the keys; else it is asked"},
    {.name = "compare", .value = "AUTHORITY", .help = "say of each file there what the record says of it"},
    {.name = "station",
     .reach = REACH_NOTHING,
     .value = "S",
     .help = "whose authority that is; without it the station that has\n"
             "a ca.json"},
    TRUST_PARAMETERS,
    {.name = "json", .help = "what was made and found as one line of canonical JSON"},
    {0},
};

const struct command command_rebuild = {
    .name = "rebuild",
    .does = "Make the authorities and the ledger anew, from the record alone.",
    .operand = "RECORD",
    .parameters = parameters,
    .more = "The record is verified first; one that does not hold is refused. Bytes, modes, folders and "
            "commit ids are\n"
            "those of the original, and so are the paths inside its files: it is started where the original "
            "lay. The\n"
            "provisioner's encrypted key comes out of ca.json; CA keys are in no record. --compare without "
            "--into\n"
            "writes nothing. It lists a key at its place and step-ca's database as not in the record, by "
            "design, and\n"
            "looks into neither.",
    .example = "  verger rebuild record/ --into rebuilt --signers signers.pem \\\n"
               "      --key intermediate_ca_key\n"
               "  verger rebuild record/ --compare ~/.step --signers signers.pem",
    .exits = "0 done, and identical where compared; 1 failed, or something differs; 2 usage;\n"
             "      3 the same as 0, but the record is not authenticated.",
    .secrets = true,
    .fenced = true,
    .run = run,
};

#include "command.h"
#include "trust.h"

#include "../ceremony/file.h"
#include "../lua/renew.h"

#include <string.h>

struct renewal {
    struct trusted trusted;
    struct bytes script;
    struct tarball templates;
    const char *path; /* of the script */
    char *folder;     /* that it lies in */
};

static void renewal_free(struct renewal *r)
{
    trusted_free(&r->trusted);
    bytes_free(&r->script);
    tarball_free(&r->templates);
    free(r->folder);
}

/* ---- writing ---- */

/* A template that lies there already must be the same; one that does not is to be written. */
static bool is_missing(bool *missing, const char *path, const struct bytes *text, struct err *err)
{
    OWN_STRUCT(bytes) found = {0};
    *missing = !file_exists(path);
    if (*missing)
        return true;
    if (!file_read(&found, path, FILE_MAX_SMALL, err))
        return false;
    return bytes_equal(&found, text) ||
           err_set(err, "%s: is there already, and is not the template of the record; name another folder",
                   path);
}

static bool places_free(const struct renewal *r, struct err *err)
{
    if (file_exists(r->path))
        return err_set(err, "%s: is there already, and nothing is overwritten; name a new file", r->path);
    for (size_t i = 0; i < r->templates.count; i++) {
        OWN(char) *path = path_join(r->folder, r->templates.member[i].name);
        bool missing = false;
        if (!is_missing(&missing, path, &r->templates.member[i].data, err))
            return false;
    }
    return true;
}

/* The folders between the script's and the template's; a page's paths are safe ones. */
static bool folders_make(const char *folder, const char *path, struct err *err)
{
    for (const char *at = strchr(path, '/'); at != NULL; at = strchr(at + 1, '/')) {
        OWN(char) *below = text_format("%s/%.*s", folder, (int)(at - path), path);
        if (!folder_make(below, 0755, err))
            return false;
    }
    return true;
}

static bool template_write(const struct renewal *r, const struct member *template, struct err *err)
{
    OWN(char) *path = path_join(r->folder, template->name);
    bool missing = false;
    if (!path_is_safe(template->name))
        return err_set(err, "%s: not a safe path", template->name);
    return folders_make(r->folder, template->name, err) && is_missing(&missing, path, &template->data, err) &&
           (!missing || file_create(path, template->data.data, template->data.len, 0644, err));
}

/* The script comes last: where it is, all is there. */
static bool write_all(const struct renewal *r, struct err *err)
{
    if (!places_free(r, err))
        return false;
    for (size_t i = 0; i < r->templates.count; i++)
        if (!template_write(r, &r->templates.member[i], err))
            return false;
    return file_create(r->path, r->script.data, r->script.len, 0644, err);
}

/* ---- the command ---- */

static bool renew(struct renewal *r, const struct arguments *arguments, struct err *err)
{
    if (!trust_record(&r->trusted, arguments, arguments->operand, err))
        return false;
    if (json_is_true(json_object_get(r->trusted.report, "rehearsal")))
        return err_set(err,
                       "%s: is the record of a rehearsal, and no CA came out of it; name that of the day",
                       arguments->operand);
    const struct renew_options options = {.record = arguments->operand,
                                          .head = record_head(r->trusted.record),
                                          .name = path_name(r->path),
                                          .same_key = arguments_has(arguments, "same-key")};
    size_t above = (size_t)(options.name - r->path);
    r->folder = above == 0 ? text_copy(".") : text_format("%.*s", (int)above, r->path);
    return renew_script(&r->script, &r->templates, &options, err) && write_all(r, err);
}

static bool show(const struct renewal *r, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    trusted_text(&out, &r->trusted);
    bytes_format(&out, "Wrote %s", r->path);
    for (size_t i = 0; i < r->templates.count; i++)
        bytes_format(&out, "%s%s", i == 0 ? ", and beside it " : ", ", r->templates.member[i].name);
    bytes_format(&out,
                 ".\nRead it, change what must be changed, and rehearse it:\n\n    verger agenda %s\n"
                 "    verger rehearse %s --record DIR\n",
                 r->path, r->path);
    return command_print(&out, false, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(renewal) r = {.path = arguments_value(arguments, "output")};
    return renew(&r, arguments, err) && show(&r, err) ? trust_exit(&r.trusted) : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "output",
     .letter = 'o',
     .reach = REACH_BESIDE,
     .value = "SCRIPT",
     .help = "the script to be written: a new file",
     .required = true},
    {.name = "same-key", .help = "for the key that the CA has, on the tree that it runs on"},
    TRUST_PARAMETERS,
    {0},
};

const struct command command_renew = {
    .name = "renew",
    .does = "Write the script of the next ceremony for the CA of a record.",
    .operand = "RECORD",
    .parameters = parameters,
    .more =
        "The record is verified first; one that does not hold is refused. The script asks for what the last\n"
        "one asked for: names, people, stations, policy, revocation; for a new key, in a new folder. What "
        "was\n"
        "to live until a date is to live as long again. With --same-key it takes over the authority that\n"
        "runs, asks for a new certificate for its key, and installs that beside the old one. The head of "
        "the\n"
        "record stands on top. Its templates are put beside it; nothing is overwritten.",
    .example = "  verger renew record/ -o next/intermediate-ca.lua --signers signers.pem",
    .exits = "0 done; 1 failed; 2 usage; 3 done, of a record that is not authenticated.",
    .fenced = true,
    .run = run,
};

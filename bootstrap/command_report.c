#include "command.h"

#include "../audit/report.h"
#include "../ceremony/file.h"

#include <string.h>

static bool profile_find(enum profile_of_controls *out, const char *name, struct err *err)
{
    for (size_t i = 0; i < CONTROLS_PROFILES; i++)
        if (strcmp(controls_profiles[i], name) == 0) {
            *out = (enum profile_of_controls)i;
            return true;
        }
    return err_set(err, "--profile %s: take private-internal, public-tls, etsi or us-federal", name);
}

/* The form, by its option or by how the file's name ends; HTML is the one for people. */
static const char *form_of(const struct arguments *arguments)
{
    const char *file = arguments_value(arguments, "output");
    const char *end = file != NULL ? strrchr(file, '.') : NULL;
    if (arguments_has(arguments, "json") || (end != NULL && strcmp(end, ".json") == 0))
        return "json";
    return arguments_has(arguments, "md") || (end != NULL && strcmp(end, ".md") == 0) ? "md" : "html";
}

static bool write_form(struct bytes *out, const char *form, const json_t *report, const json_t *document,
                       struct err *err)
{
    if (strcmp(form, "json") == 0) {
        if (!json_canonical(out, report, err))
            return false;
        bytes_text(out, "\n");
    } else if (strcmp(form, "md") == 0)
        document_markdown(out, document);
    else
        document_html(out, document);
    return true;
}

/* The salts lie beside the copy, for the record's holder alone. */
static bool redact(json_t *document, const json_t *report, const char *file, struct err *err)
{
    OWN(json_t) *salts = NULL;
    OWN_STRUCT(bytes) text = {0};
    OWN(char) *path = text_format("%s.salts", file);
    if (!report_redact(&salts, document, report, err) || !json_canonical(&text, salts, err))
        return false;
    bytes_text(&text, "\n");
    return file_create(path, text.data, text.len, 0600, err);
}

static bool options_check(const struct arguments *arguments, struct err *err)
{
    if (!arguments_has(arguments, "redact"))
        return true;
    if (arguments_value(arguments, "output") == NULL)
        return err_set(err, "--redact needs --output FILE: the salts go to FILE.salts beside it");
    return strcmp(form_of(arguments), "json") != 0 ||
           err_set(err, "--redact makes a copy for people; take HTML or Markdown, not JSON");
}

static bool say_written(const char *file, enum verdict verdict, struct err *err)
{
    OWN_STRUCT(bytes) said = {0};
    bytes_format(&said, "Made %s. The record %s.\n", file,
                 verdict == VERDICT_HOLDS ? "holds"
                 : verdict == VERDICT_FAILS
                     ? "does not hold: see its first lines"
                     : "is consistent, and more than that cannot be said: see its first lines");
    return command_print(&said, false, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    const char *file = arguments_value(arguments, "output"), *form = form_of(arguments);
    const char *profile = arguments_value(arguments, "profile");
    struct report_options options = {.verify = {.record = arguments->operand,
                                                .signers = arguments_value(arguments, "signers"),
                                                .head = arguments_value(arguments, "head"),
                                                .tsa_ca = arguments_value(arguments, "tsa-ca")}};
    OWN(json_t) *report = NULL;
    OWN(json_t) *document = NULL;
    OWN_STRUCT(bytes) out = {0};
    enum verdict verdict = VERDICT_FAILS;
    if (!options_check(arguments, err) || (profile != NULL && !profile_find(&options.profile, profile, err)))
        return EXIT_USAGE;
    if (!report_make(&report, &verdict, &options, err))
        return EXIT_FAILED;
    document = report_document(report);
    if ((arguments_has(arguments, "redact") && !redact(document, report, file, err)) ||
        !write_form(&out, form, report, document, err))
        return EXIT_FAILED;
    bool written = file != NULL
                       ? file_replace(file, out.data, out.len, 0644, err) && say_written(file, verdict, err)
                       : command_print(&out, true, err);
    return !written                   ? EXIT_FAILED
           : verdict == VERDICT_HOLDS ? EXIT_DONE
           : verdict == VERDICT_FAILS ? EXIT_FAILED
                                      : EXIT_CONSISTENT;
}

static const struct parameter parameters[] = {
    {.name = "output",
     .letter = 'o',
     .value = "FILE",
     .help = "where it goes; else to standard output",
     .reach = REACH_BESIDE},
    {.name = "signers", .value = "FILE", .help = "certificates (PEM) of the signers, had from elsewhere"},
    {.name = "head",
     .value = "HASH",
     .help = "the record's head from the signed paper, as for verify",
     .reach = REACH_NOTHING},
    {.name = "tsa-ca", .value = "FILE", .help = "certificates (PEM) of the timestamping authorities' CAs"},
    {.name = "profile",
     .value = "NAME",
     .help = "what the controls are graded for: private-internal (if not\n"
             "given), public-tls, etsi, us-federal",
     .reach = REACH_NOTHING},
    {.name = "md", .help = "Markdown instead of HTML; so does FILE.md"},
    {.name = "json", .help = "the facts as one line of canonical JSON; so does FILE.json"},
    {.name = "redact",
     .help = "a copy for outsiders: names and hosts become salted\n"
             "commitments, whose salts go to FILE.salts"},
    {0},
};

const struct command command_report = {
    .name = "report",
    .does = "Tell a record for people: people, steps, keys, dates, controls.",
    .operand = "RECORD",
    .parameters = parameters,
    .more = "One file, without scripts, to read, to search and to print. The record is verified first; what\n"
            "does not hold is said on top.",
    .example = "  verger report record/ --signers signers.pem --output report.html",
    .exits = "0 made, and the record holds; 1 it does not, or cannot be read; 2 usage; 3 not "
             "authenticated "
             "or cut off.",
    .fenced = true,
    .run = run,
};

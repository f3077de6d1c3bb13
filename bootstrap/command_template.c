#include "command.h"

#include "../ceremony/file.h"
#include "../ceremony/preview.h"
#include "../ceremony/profilelint.h"
#include "../ceremony/request.h"
#include "../lua/template.h"

#include <string.h>

/* A template, what it renders to, what is to be said of it, and the certificate that would be made. */
struct show {
    struct bytes rendered;
    struct findings findings;
    X509_REQ *request;
    X509 *issuer; /* NULL: not known */
    X509 *cert;   /* NULL: step itself would refuse */
};

static void show_free(struct show *show)
{
    bytes_free(&show->rendered);
    findings_free(&show->findings);
    own_free_X509_REQ(&show->request);
    own_free_X509(&show->issuer);
    own_free_X509(&show->cert);
}

/* ---- making ---- */

static bool inputs_read(struct show *show, const struct arguments *arguments, struct err *err)
{
    const char *csr = arguments_value(arguments, "csr"), *issuer = arguments_value(arguments, "issuer");
    OWN_STRUCT(bytes) request_text = {0};
    OWN_STRUCT(bytes) issuer_text = {0};
    return file_read(&request_text, csr, FILE_MAX_SMALL, err) &&
           request_parse(&show->request, &request_text, csr, err) &&
           (issuer == NULL || (file_read(&issuer_text, issuer, FILE_MAX_SMALL, err) &&
                               certificate_parse(&show->issuer, &issuer_text, issuer, err)));
}

static bool show_make(struct show *show, const struct arguments *arguments, struct err *err)
{
    const struct template_options options = {
        .file = arguments->operand,
        .csr = arguments_value(arguments, "csr"),
        .set = arguments_values(arguments, "set"),
        .names = arguments_values(arguments, "san"),
        .as_step = arguments_has(arguments, "as-step"),
    };
    OWN_PROFILE *profile = NULL;
    if (!inputs_read(show, arguments, err) ||
        !template_render(&show->rendered, &show->findings, &options, err))
        return false;
    profile_lint(&show->findings, &profile, &show->rendered, show->issuer);
    if (profile != NULL && !preview_make(&show->cert, profile, show->request, show->issuer, err))
        return false;
    findings_sort(&show->findings);
    return true;
}

/* ---- saying it ---- */

/* What was rendered, for a terminal: tabs are four columns, and no line is empty at the end. */
static void say_rendered(struct bytes *out, const struct bytes *rendered)
{
    size_t len = rendered->len;
    while (len > 0 && strchr(" \t\n", rendered->data[len - 1]) != NULL)
        len--;
    bytes_text(out, "Rendered:\n\n");
    for (size_t i = 0; i < len; i++)
        if (rendered->data[i] == '\t')
            bytes_text(out, "    ");
        else
            bytes_add(out, &rendered->data[i], 1);
    bytes_text(out, "\n\n");
}

static void say(struct bytes *out, const struct show *show, bool as_step)
{
    size_t errors = findings_errors(&show->findings);
    say_rendered(out, &show->rendered);
    if (show->findings.count > 0) {
        bytes_text(out, "To be said of it:\n\n");
        findings_text(out, &show->findings);
        bytes_text(out, "\n");
    }
    if (show->cert != NULL) {
        bytes_text(out, "The certificate that it makes of this request, were it signed:\n\n");
        preview_text(out, show->cert);
        bytes_text(out, "\n");
    }
    bytes_text(out, errors == 0 ? "Nothing was signed. A ceremony takes this template.\n"
                    : show->cert == NULL
                        ? "Nothing was signed. Neither step nor a ceremony takes this template.\n"
                    : as_step ? "Nothing was signed. Step takes this template; a ceremony does not.\n"
                              : "Nothing was signed. A ceremony does not take this template; step does.\n");
}

static bool say_json(struct bytes *out, const struct show *show, struct err *err)
{
    json_t *rendered = json_stringn((const char *)show->rendered.data, show->rendered.len);
    OWN(json_t) *report = json_pack("{s:o, s:o, s:o?}", "rendered", rendered != NULL ? rendered : json_null(),
                                    "findings", findings_json(&show->findings), "certificate",
                                    show->cert != NULL ? preview_json(show->cert) : NULL);
    if (!json_canonical(out, report, err))
        return false;
    bytes_text(out, "\n");
    return true;
}

/* ---- the command ---- */

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(show) show = {0};
    OWN_STRUCT(bytes) out = {0};
    bool json = arguments_has(arguments, "json"), as_step = arguments_has(arguments, "as-step");
    if (!show_make(&show, arguments, err) || (json && !say_json(&out, &show, err)))
        return EXIT_FAILED;
    if (!json)
        say(&out, &show, as_step);
    if (!command_print(&out, json, err))
        return EXIT_FAILED;
    bool taken = as_step ? show.cert != NULL : findings_errors(&show.findings) == 0;
    return taken ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "csr",
     .value = "FILE",
     .help = "the request: .Subject and .Insecure.CR, and its key",
     .required = true},
    {.name = "san",
     .reach = REACH_NOTHING,
     .value = "NAME",
     .help = "a name for .SANs; may be repeated. Without any, those\n"
             "that the request asks for",
     .many = true},
    {.name = "set",
     .reach = REACH_NOTHING,
     .value = "NAME=VALUE",
     .help = "a value for .Insecure.User; may be repeated",
     .many = true},
    {.name = "issuer", .value = "FILE", .help = "the certificate of who will sign"},
    {.name = "as-step", .help = "only report what a ceremony refuses and step takes"},
    {.name = "json", .help = "all of it as one line of canonical JSON"},
    {0},
};

const struct command command_template = {
    .name = "template",
    .does = "Show what a template of step's makes of a request; sign nothing.",
    .operand = "FILE",
    .parameters = parameters,
    .more = "What step would take without a word (a variable that is not set, unknown or repeated members, "
            "text behind "
            "the\n"
            "JSON, an absent maxPathLen) is an error here and in a ceremony.",
    .example = "  verger template rsa_intermediate_ca.tpl --csr intermediate.csr \\\n"
               "      --issuer root.crt",
    .exits = "0 a ceremony takes it, or step with --as-step; 1 it does not, or cannot be read; 2 usage.",
    .fenced = true,
    .reach = REACH_READ,
    .run = run,
};

#include "command.h"
#include "wrap.h"

#include "../ceremony/file.h"
#include "../ceremony/lintreport.h"

#include <string.h>
#include <unistd.h>

/* What the line gives besides the files to be judged. Each set holds one thing, or none. */
struct besides {
    struct lint_subjects issuer, request, list, previous;
    struct bytes weak_keys;
    bool json;
    struct lint_context context;
};

static void besides_free(struct besides *b)
{
    lint_subjects_free(&b->issuer);
    lint_subjects_free(&b->request);
    lint_subjects_free(&b->list);
    lint_subjects_free(&b->previous);
    bytes_free(&b->weak_keys);
}

/* What has come of the files so far. */
struct outcome {
    struct bytes text;
    json_t *things;
    size_t errors, warnings, notices;
};

static void outcome_free(struct outcome *o)
{
    bytes_free(&o->text);
    json_decref(o->things);
}

/* ---- reading ---- */

static bool things_read(struct lint_subjects *out, const char *path, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    return file_read(&text, path, FILE_MAX_PAGE, err) && lint_read(out, &text, path, err);
}

/* The option's file, of which the first thing is meant; it must be one of `views`. */
static bool besides_read(struct lint_subjects *out, const struct arguments *arguments, const char *option,
                         unsigned views, const char *noun, struct err *err)
{
    const char *path = arguments_value(arguments, option);
    if (path == NULL)
        return true;
    return things_read(out, path, err) &&
           ((out->list[0].view & views) != 0 || err_set(err, "%s: --%s wants a %s", path, option, noun));
}

static bool weak_keys_read(struct besides *b, const char *path, struct err *err)
{
    if (path == NULL)
        return true;
    if (!file_read(&b->weak_keys, path, FILE_MAX_PAGE, err) ||
        !lint_weak_keys_check(&b->weak_keys, path, err))
        return false;
    b->context.weak_keys = &b->weak_keys;
    return true;
}

static bool all_read(struct besides *b, const struct arguments *arguments, struct err *err)
{
    const unsigned certificates = LINT_ROOT | LINT_INTERMEDIATE | LINT_LEAF;
    if (!besides_read(&b->issuer, arguments, "issuer", certificates, "certificate", err) ||
        !besides_read(&b->request, arguments, "request", LINT_REQUEST, "certificate signing request", err) ||
        !besides_read(&b->list, arguments, "crl", LINT_LIST, "revocation list", err) ||
        !besides_read(&b->previous, arguments, "previous-crl", LINT_LIST, "revocation list", err) ||
        !weak_keys_read(b, arguments_value(arguments, "weak-keys"), err))
        return false;
    b->context.previous = b->previous.count > 0 ? b->previous.list[0].list : NULL;
    return true;
}

/* ---- telling ---- */

static void wanting_text(struct bytes *out, unsigned wanting)
{
    static const struct {
        unsigned need;
        const char *option;
    } options[] = {{LINT_NEEDS_ISSUER, "--issuer"},
                   {LINT_NEEDS_REQUEST, "--request"},
                   {LINT_NEEDS_LIST, "--crl"},
                   {LINT_NEEDS_PREVIOUS, "--previous-crl"},
                   {LINT_NEEDS_WEAK_KEYS, "--weak-keys"}};
    const char *between = " (without ";
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if ((wanting & options[i].need) != 0) {
            bytes_format(out, "%s%s", between, options[i].option);
            between = ", ";
        }
    bytes_text(out, wanting != 0 ? ")" : "");
}

static void thing_text(struct bytes *out, const struct lint_report *report, const char *place,
                       const struct lint_subject *s)
{
    OWN(char) *subject = lint_subject_name(s);
    bytes_format(out, "%s: %s%s%s%s\n", place, lint_kind(s->view), subject != NULL ? " \"" : "",
                 subject != NULL ? subject : "", subject != NULL ? "\"" : "");
    for (size_t i = 0; i < report->found.count; i++) {
        const struct finding *f = &report->found.list[i];
        bytes_format(out, "  %s %s [%s]\n    %s\n", lint_severity(f->severity), f->rule,
                     f->clause[0] != 0 ? f->clause : "verger's own", f->text);
    }
    bytes_format(out, "  %zu found, %zu passed, %zu not applicable, %zu not checked", report->found.count,
                 report->passed.count, report->not_applicable.count, report->not_checked.count);
    wanting_text(out, report->wanting);
    bytes_text(out, "\n\n");
}

static json_t *thing_json(const struct lint_report *report, const char *place, const struct lint_subject *s)
{
    json_t *thing = lint_report_json(report, s), *where = json_string(place); /* NULL: no UTF-8 */
    json_object_set_new(thing, "place", where != NULL ? where : json_null());
    return thing;
}

/* ---- judging ---- */

static void thing_judge(struct outcome *o, const struct besides *b, const struct lint_subjects *things,
                        size_t n, const char *path)
{
    OWN_STRUCT(lint_report) report = {0};
    struct lint_context context = b->context;
    OWN(char) *place = things->count > 1 ? text_format("%s, number %zu", path, n + 1) : text_copy(path);
    context.issuer = lint_issuer_beside(things, n);
    if (context.issuer == NULL && b->issuer.count > 0)
        context.issuer = b->issuer.list[0].certificate;
    if (n == 0) {
        context.request = b->request.count > 0 ? b->request.list[0].request : NULL;
        context.list = b->list.count > 0 ? b->list.list[0].list : NULL;
    }
    lint_judge(&report, &things->list[n], &context, place);
    for (size_t i = 0; i < report.found.count; i++) {
        enum severity severity = report.found.list[i].severity;
        *(severity == SEVERITY_ERROR     ? &o->errors
          : severity == SEVERITY_WARNING ? &o->warnings
                                         : &o->notices) += 1;
    }
    if (b->json)
        json_array_append_new(o->things, thing_json(&report, place, &things->list[n]));
    else
        thing_text(&o->text, &report, place, &things->list[n]);
}

static bool file_judge(struct outcome *o, const struct besides *b, const char *path, struct err *err)
{
    OWN_STRUCT(lint_subjects) things = {0};
    if (!things_read(&things, path, err))
        return false;
    for (size_t n = 0; n < things.count; n++)
        thing_judge(o, b, &things, n, path);
    return true;
}

static bool show_json(const struct outcome *o, const struct besides *b, struct err *err)
{
    char weak_keys[DIGEST_HEX];
    digest_hex(weak_keys, b->weak_keys.data, b->weak_keys.len);
    OWN(json_t) *report = json_pack(
        "{s:s, s:o, s:i, s:i, s:i, s:O}", "profile", lint_profiles[b->context.profile], "weak_keys_sha256",
        b->weak_keys.len > 0 ? json_string(weak_keys) : json_null(), "errors", (int)o->errors, "warnings",
        (int)o->warnings, "notices", (int)o->notices, "things", o->things);
    return command_print_json(report, err);
}

static bool show_text(struct outcome *o, const struct besides *b, struct err *err)
{
    OWN_STRUCT(bytes) wrapped = {0};
    bytes_format(&o->text, "Errors: %zu, warnings: %zu, notices: %zu, in the profile %s.\n", o->errors,
                 o->warnings, o->notices, lint_profiles[b->context.profile]);
    wrap_add(&wrapped, bytes_string(&o->text), wrap_columns(STDOUT_FILENO));
    return command_print(&wrapped, false, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(besides) b = {0};
    OWN_STRUCT(outcome) o = {.things = json_array()};
    const char *const *more = arguments_values(arguments, "files");
    const char *profile = arguments_value(arguments, "profile");
    if (profile != NULL && !lint_profile_find(&b.context.profile, profile, err))
        return EXIT_USAGE;
    b.json = arguments_has(arguments, "json");
    if (!all_read(&b, arguments, err) || !file_judge(&o, &b, arguments->operand, err))
        return EXIT_FAILED;
    for (; *more != NULL; more++)
        if (!file_judge(&o, &b, *more, err))
            return EXIT_FAILED;
    if (!(b.json ? show_json(&o, &b, err) : show_text(&o, &b, err)))
        return EXIT_FAILED;
    return o.errors == 0 ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "files", .value = "FILE", .help = "further files", .many = true, .rest = true},
    {.name = "issuer", .value = "FILE", .help = "who issued it, where that is not in the same file"},
    {.name = "request", .value = "FILE", .help = "the request that the first certificate was made for"},
    {.name = "crl", .value = "FILE", .help = "the list of the first certificate's issuer"},
    {.name = "previous-crl", .value = "FILE", .help = "the list before the one that is judged"},
    {.name = "profile",
     .reach = REACH_NOTHING,
     .value = "NAME",
     .help = "by whose yardstick: private-internal (if none is given),\n"
             "public-tls, etsi, us-federal"},
    {.name = "weak-keys",
     .value = "FILE",
     .help = "Debian's weak RSA keys, as the package openssl-blacklist\n"
             "lists them; without it they are not checked"},
    {.name = "json", .help = "all of it as one line of canonical JSON"},
    {0},
};

const struct command command_lint = {
    .name = "lint",
    .does = "Hold certificates, requests and lists to the rules, one by one.",
    .operand = "FILE",
    .parameters = parameters,
    .more = "A file may hold several, as a chain does, in PEM; or one in DER. What a rule needs and is not "
            "given\n"
            "counts as not checked. The profiles weigh the same rules: what a public CA must do may be good\n"
            "advice to others. No answer here says that anything conforms to a standard.",
    .example = "  verger lint intermediate_ca.crt --issuer root_ca.crt \\\n"
               "      --request intermediate_ca.csr\n"
               "  verger lint root.crl --issuer root_ca.crt --previous-crl old.crl --json",
    .exits = "0 no error was found; 1 one was, or a file cannot be read; 2 usage.",
    .fenced = true,
    .reach = REACH_READ,
    .run = run,
};

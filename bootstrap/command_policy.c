#include "command.h"

#include "../ceremony/file.h"
#include "../ceremony/policy_engine.h"
#include "../ceremony/request.h"
#include "../ceremony/schema.h"

#include <string.h>

/* The names of one certificate. */
struct set {
    char *what; /* the CSR's file; NULL: the words of the line */
    struct policy_name *name;
    size_t count;
    json_t *owner; /* of the names' texts, or NULL */
};

struct question {
    json_t *config;
    const json_t *policy; /* of `config`; NULL: it has none */
    bool dead;            /* enableAdmin: another policy counts */
    enum policy_kind kind;
    struct set *set;
    size_t count;
};

static void question_free(struct question *q)
{
    for (size_t i = 0; i < q->count; i++) {
        free(q->set[i].what);
        free(q->set[i].name);
        json_decref(q->set[i].owner);
    }
    free(q->set);
    json_decref(q->config);
    *q = (struct question){0};
}

/* ---- what is asked ---- */

static bool config_read(struct question *q, const char *path, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    if (!file_read(&text, path, FILE_MAX_SMALL, err) || !json_read(&q->config, &text, path, err))
        return false;
    const json_t *authority = schema_member(q->config, "authority");
    if (!json_is_object(authority))
        return err_set(err, "%s: has no \"authority\"; is it a ca.json?", path);
    q->policy = schema_member(authority, "policy");
    q->dead = q->policy != NULL && schema_true(authority, "enableAdmin");
    return true;
}

/* "dns:x" says what it is; anything else is taken as step-ca takes a common name. */
static struct policy_name name_of(const char *word)
{
    const char *colon = strchr(word, ':');
    OWN(char) *prefix = text_format("%.*s", colon != NULL ? (int)(colon - word) : 0, word);
    enum policy_type type = policy_type_find(prefix);
    if (type >= POLICY_PRINCIPAL)
        return (struct policy_name){policy_classify(word), word};
    return (struct policy_name){type, colon + 1};
}

static void names_add(struct set *set, enum policy_type type, const json_t *texts)
{
    size_t i;
    json_t *text;
    json_array_foreach(texts, i, text) set->name[set->count++] =
        (struct policy_name){type, json_string_value(text)};
}

static bool request_names(struct set *set, const char *path, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    OWN(X509_REQ) *request = NULL;
    if (!file_read(&text, path, FILE_MAX_SMALL, err) || !request_parse(&request, &text, path, err) ||
        !request_to_json(&set->owner, request, err))
        return false;
    const json_t *dns = json_object_get(set->owner, "DNSNames"),
                 *ip = json_object_get(set->owner, "IPAddresses");
    const json_t *email = json_object_get(set->owner, "EmailAddresses"),
                 *uri = json_object_get(set->owner, "URIs");
    const json_t *cn = json_object_get(json_object_get(set->owner, "Subject"), "commonName");
    size_t count = json_array_size(dns) + json_array_size(ip) + json_array_size(email) + json_array_size(uri);
    set->name = memory_new(count + 1, sizeof *set->name);
    names_add(set, POLICY_DNS, dns);
    names_add(set, POLICY_IP, ip);
    names_add(set, POLICY_EMAIL, email);
    names_add(set, POLICY_URI, uri);
    if (json_is_string(cn))
        set->name[set->count++] = (struct policy_name){POLICY_CN, json_string_value(cn)};
    return true;
}

static bool sets_read(struct question *q, const char *const *words, const char *const *requests,
                      struct err *err)
{
    size_t names = 0, files = 0;
    while (words[names] != NULL)
        names++;
    while (requests[files] != NULL)
        files++;
    q->set = memory_new(files + 1, sizeof *q->set);
    if (names > 0) {
        struct set *set = &q->set[q->count++];
        set->name = memory_new(names, sizeof *set->name);
        for (; set->count < names; set->count++)
            set->name[set->count] = name_of(words[set->count]);
    }
    for (size_t i = 0; i < files; i++) {
        struct set *set = &q->set[q->count++];
        set->what = text_copy(requests[i]);
        if (!request_names(set, requests[i], err))
            return false;
    }
    return true;
}

/* ---- in words ---- */

static void answer_text(struct bytes *out, const struct policy_answer *answer)
{
    int status = policy_answer_status(answer);
    if (status == 0)
        bytes_text(out, "no answer, the connection is closed");
    else
        bytes_format(out, "%d ", status);
    policy_answer_message(out, answer);
    OWN_STRUCT(bytes) log = {0};
    policy_answer_error(&log, answer);
    if (status == 500)
        bytes_format(out, "\n  in the log: %s", bytes_string(&log));
    bytes_text(out, "\n");
}

static void set_text(struct bytes *out, const struct policy_engine *engine, const struct set *set)
{
    struct policy_answer refused;
    if (set->what != NULL)
        bytes_format(out, "%s\n", set->what);
    for (size_t i = 0; i < set->count; i++) {
        const struct policy_answer answer = policy_judge(engine, &set->name[i]);
        bytes_format(out, "  %-8s %s %s: ", policy_allowed(&answer) ? "allowed" : "refused",
                     policy_type_word(set->name[i].type), set->name[i].text);
        policy_answer_rule(out, &answer);
        bytes_text(out, "\n");
    }
    if (policy_ask(&refused, engine, set->name, set->count)) {
        bytes_text(out, "Allowed.\n");
        return;
    }
    bytes_text(out, "Refused: ");
    answer_text(out, &refused);
}

static bool show_text(const struct question *q, const struct policy_engine *engine, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    if (q->dead)
        bytes_text(&out,
                   "authority.enableAdmin is true: step-ca ignores this policy, the one in its database "
                   "counts.\n\n");
    for (size_t i = 0; i < q->count; i++) {
        bytes_text(&out, i > 0 ? "\n" : "");
        set_text(&out, engine, &q->set[i]);
    }
    return command_print(&out, false, err);
}

/* ---- as JSON ---- */

static void member(json_t *object, const char *key, json_t *value)
{
    if (value == NULL || json_object_set_new(object, key, value) != 0)
        abort();
}

static void member_words(json_t *object, const char *key, const struct policy_answer *answer,
                         void (*words)(struct bytes *, const struct policy_answer *))
{
    OWN_STRUCT(bytes) text = {0};
    words(&text, answer);
    if (text.len > 0)
        member(object, key, json_string(bytes_string(&text)));
}

static json_t *name_json(const struct policy_engine *engine, const struct policy_name *name)
{
    const struct policy_answer answer = policy_judge(engine, name);
    json_t *object = json_object();
    member(object, "type", json_string(policy_type_word(name->type)));
    member(object, "name", json_string(name->text));
    member(object, "allowed", json_boolean(policy_allowed(&answer)));
    member(object, "reason", json_string(policy_reason_word(answer.reason)));
    member_words(object, "rule", &answer, policy_answer_rule);
    if (answer.rule != NULL) {
        OWN_STRUCT(bytes) place = {0};
        policy_rule_place(&place, answer.rule, answer.kind);
        member(object, "place", json_string(bytes_string(&place)));
        member(object, "entry", json_string(answer.rule->entry));
    }
    return object;
}

static json_t *set_json(const struct policy_engine *engine, const struct set *set)
{
    struct policy_answer refused;
    json_t *object = json_object(), *names = json_array();
    bool allowed = policy_ask(&refused, engine, set->name, set->count);
    for (size_t i = 0; i < set->count; i++)
        if (json_array_append_new(names, name_json(engine, &set->name[i])) != 0)
            abort();
    if (set->what != NULL)
        member(object, "csr", json_string(set->what));
    member(object, "allowed", json_boolean(allowed));
    member(object, "names", names);
    if (allowed)
        return object;
    member(object, "status", json_integer(policy_answer_status(&refused)));
    member_words(object, "message", &refused, policy_answer_message);
    member_words(object, "error", &refused, policy_answer_error);
    member_words(object, "detail", &refused, policy_answer_detail);
    return object;
}

static bool show_json(const struct question *q, const struct policy_engine *engine, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    OWN(json_t) *report = json_object();
    json_t *sets = json_array();
    for (size_t i = 0; i < q->count; i++)
        if (json_array_append_new(sets, set_json(engine, &q->set[i])) != 0)
            abort();
    member(report, "dead", json_boolean(q->dead));
    member(report, "sets", sets);
    if (!json_canonical(&out, report, err))
        return false;
    bytes_text(&out, "\n");
    return command_print(&out, true, err);
}

/* ---- the command ---- */

static bool kind_read(enum policy_kind *kind, const char *word, struct err *err)
{
    *kind = POLICY_X509;
    if (word == NULL)
        return true;
    *kind = strcmp(word, "user") == 0 ? POLICY_SSH_USER : POLICY_SSH_HOST;
    return *kind == POLICY_SSH_USER || strcmp(word, "host") == 0 || err_set(err, "--ssh is user or host");
}

static bool texts_check(const char *const *words, struct err *err)
{
    for (; *words != NULL; words++) {
        OWN(json_t) *text = json_string(*words);
        if (text == NULL)
            return err_set(err, "\"%s\" is not UTF-8", *words);
    }
    return true;
}

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(question) q = {0};
    OWN_POLICY_ENGINE *engine = NULL;
    const char *const *words = arguments_values(arguments, "names"), *const *requests =
                                                                         arguments_values(arguments, "csr");
    if (!kind_read(&q.kind, arguments_value(arguments, "ssh"), err) || !texts_check(words, err))
        return EXIT_USAGE;
    if (words[0] == NULL && requests[0] == NULL) {
        err_set(err, "nothing is asked: give names, or --csr FILE");
        return EXIT_USAGE;
    }
    if (q.kind != POLICY_X509 && requests[0] != NULL) {
        err_set(err, "--ssh and --csr exclude each other");
        return EXIT_USAGE;
    }
    if (!config_read(&q, arguments->operand, err) || !sets_read(&q, words, requests, err))
        return EXIT_FAILED;
    if (!policy_engine_new(&engine, q.policy, q.kind, err)) {
        err_wrap(err, "step-ca does not start with this policy (\"verger check\" says what to do)");
        return EXIT_FAILED;
    }
    if (!(arguments_has(arguments, "json") ? show_json : show_text)(&q, engine, err))
        return EXIT_FAILED;
    bool allowed = true;
    struct policy_answer answer;
    for (size_t i = 0; i < q.count; i++)
        allowed = policy_ask(&answer, engine, q.set[i].name, q.set[i].count) && allowed;
    return allowed ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "names",
     .reach = REACH_NOTHING,
     .value = "NAME",
     .help = "the names of one certificate: host names, addresses,\n"
             "e-mail addresses and URIs, or cn:, dns:, ip:, email: or\n"
             "uri: and a name",
     .many = true,
     .rest = true},
    {.name = "csr", .value = "FILE", .help = "the names that a request asks for", .many = true},
    {.name = "ssh",
     .reach = REACH_NOTHING,
     .value = "KIND",
     .help = "the names are principals of a user or a host certificate"},
    {.name = "json", .help = "the answers as one line of canonical JSON"},
    {0},
};

const struct command command_policy = {
    .name = "policy",
    .does = "Ask the policy in a ca.json about names, as step-ca would.",
    .operand = "CA_JSON",
    .parameters = parameters,
    .more =
        "The policy judges a certificate as the template made it: a request's own names are only what a\n"
        "template that takes them over will give. Each name is judged by itself, then all together, as in\n"
        "one certificate, with the answer that a client would get.",
    .example = "  verger policy config/ca.json web.example.com 10.0.0.7 cn:web",
    .exits = "0 all is allowed; 1 something is not, or cannot be read; 2 usage.",
    .fenced = true,
    .reach = REACH_READ,
    .run = run,
};

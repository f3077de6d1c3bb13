#include "policy_engine.h"

#include "gotext.h"
#include "idna.h"
#include "schema.h"

#include <string.h>

struct policy_engine {
    enum policy_kind kind;
    bool wildcards, closed;
    size_t permitted, total;
    struct policy_rules rules[2][POLICY_TYPES]; /* [deny] */
};

/* ---- compiling ---- */

static bool type_is_known(enum policy_kind kind, enum policy_type type)
{
    bool x509 = kind == POLICY_X509;
    return type == POLICY_PRINCIPAL ? !x509 : x509 || (type != POLICY_CN && type != POLICY_URI);
}

void policy_engine_free(struct policy_engine *engine)
{
    if (engine == NULL)
        return;
    for (size_t deny = 0; deny < 2; deny++)
        for (size_t type = 0; type < POLICY_TYPES; type++)
            policy_rules_free(&engine->rules[deny][type]);
    free(engine);
}

/* The order of the kinds is step-ca's, whose first error it is. */
static bool side_compile(struct policy_engine *engine, const json_t *rules, bool deny, struct err *err)
{
    const json_t *side = schema_member(rules, deny ? "deny" : "allow");
    for (enum policy_type type = POLICY_CN; type < POLICY_TYPES; type++) {
        struct policy_rules *out = &engine->rules[deny][type];
        const json_t *list = schema_member(side, policy_type_word(type));
        if (!policy_rules_new(out, type, deny, type_is_known(engine->kind, type) ? list : NULL, err))
            return false;
        engine->total += out->count;
        engine->permitted += deny ? 0 : out->count;
    }
    return true;
}

static bool has_entries(const json_t *rules, enum policy_kind kind)
{
    const json_t *allow = schema_member(rules, "allow"), *deny = schema_member(rules, "deny");
    for (enum policy_type type = POLICY_CN; type < POLICY_TYPES; type++) {
        const char *word = policy_type_word(type);
        if (type_is_known(kind, type) &&
            json_array_size(schema_member(allow, word)) + json_array_size(schema_member(deny, word)) > 0)
            return true;
    }
    return false;
}

bool policy_engine_new(struct policy_engine **out, const json_t *policy, enum policy_kind kind,
                       struct err *err)
{
    const json_t *x509 = schema_member(policy, "x509"), *ssh = schema_member(policy, "ssh");
    const json_t *user = schema_member(ssh, "user"), *host = schema_member(ssh, "host"), *rules = x509;
    OWN_POLICY_ENGINE *engine = memory_new(1, sizeof *engine);
    engine->kind = kind;
    if (kind != POLICY_X509) {
        rules = kind == POLICY_SSH_USER ? user : host;
        engine->closed =
            !has_entries(rules, kind) && has_entries(kind == POLICY_SSH_USER ? host : user, kind);
    }
    engine->wildcards = kind == POLICY_X509 && schema_true(x509, "allowWildcardNames");
    if (!side_compile(engine, rules, false, err) || !side_compile(engine, rules, true, err))
        return false;
    *out = GIVE(engine);
    return true;
}

const struct policy_rules *policy_engine_rules(const struct policy_engine *engine, enum policy_type type,
                                               bool deny)
{
    return &engine->rules[deny][type];
}

bool policy_engine_wildcards(const struct policy_engine *engine)
{
    return engine->wildcards;
}

size_t policy_engine_permits(const struct policy_engine *engine)
{
    return engine->permitted;
}

/* ---- reading a name ---- */

/* A name made ready for comparing. */
struct reading {
    const char *text;            /* cn, principal: as it is */
    struct policy_range address; /* ip */
    struct scratch local;        /* email: before the @ */
    struct scratch domain;       /* dns, email, uri: in lower case */
};

static void reading_free(struct reading *reading)
{
    scratch_free(&reading->local);
    scratch_free(&reading->domain);
}

/* The readers return what is wrong, POLICY_UNDECIDED when nothing is. */

static enum policy_reason dns_read(struct reading *out, const char *name)
{
    bool star = name[0] == '*' && name[1] == '.';
    if (!idna_lookup(&out->domain, name + star, NULL))
        return POLICY_NO_ASCII;
    if (star) {
        OWN(char) *whole = text_format("*%s", out->domain.text);
        scratch_set(&out->domain, whole, strlen(whole));
    }
    return policy_domain_reads(out->domain.text) ? POLICY_UNDECIDED : POLICY_NO_DOMAIN;
}

static void lower_set(struct scratch *out, const char *text, size_t len)
{
    char *to = scratch_room(out, len);
    for (size_t i = 0; i < len; i++)
        to[i] = gotext_lower_ascii(text[i]);
}

static enum policy_reason email_read(struct reading *out, const char *name)
{
    const char *domain;
    if (!policy_mailbox_read(&out->local, &domain, name))
        return POLICY_NO_MAILBOX;
    if (!idna_decodes(domain))
        return POLICY_NO_MAIL_DOMAIN;
    lower_set(&out->domain, domain, strlen(domain));
    return POLICY_UNDECIDED;
}

/* In the order in which step-ca looks at a host. */
static enum policy_reason host_read(struct reading *out, const struct scratch *host)
{
    struct gourl_part bare = {host->text, host->len};
    struct policy_range address;
    if (host->len == 0)
        return POLICY_HOST_ABSENT;
    if (strchr(host->text, '*') != NULL)
        return POLICY_HOST_STAR;
    bool closed = host->text[host->len - 1] == ']';
    if (strchr(host->text, ':') != NULL && !closed && gourl_host_split(&bare, host->text) != NULL)
        return POLICY_HOST_PORT;
    lower_set(&out->domain, bare.text, bare.len);
    bool literal = bare.text == host->text && closed && host->text[0] == '[';
    return literal || policy_address_read(&address, out->domain.text) ? POLICY_HOST_ADDRESS
                                                                      : POLICY_UNDECIDED;
}

static enum policy_reason uri_read(struct reading *out, const char *name)
{
    OWN_STRUCT(gourl) url = {0};
    return gourl_parse(&url, name) ? host_read(out, &url.host) : POLICY_NO_NAME;
}

static enum policy_reason name_read(struct reading *out, enum policy_type type, const char *name)
{
    switch (type) {
    case POLICY_DNS:
        return dns_read(out, name);
    case POLICY_IP:
        return policy_address_read(&out->address, name) ? POLICY_UNDECIDED : POLICY_NO_NAME;
    case POLICY_EMAIL:
        return email_read(out, name);
    case POLICY_URI:
        return uri_read(out, name);
    default:
        out->text = name;
        return POLICY_UNDECIDED;
    }
}

/* ---- comparing ---- */

static struct policy_hit rules_hit(const struct policy_rules *rules, enum policy_type type,
                                   const struct reading *reading, bool wildcards)
{
    switch (type) {
    case POLICY_IP:
        return policy_rules_address(rules, &reading->address);
    case POLICY_EMAIL:
        return policy_rules_mailbox(rules, &reading->local, reading->domain.text, wildcards);
    case POLICY_DNS:
    case POLICY_URI:
        return policy_rules_domain(rules, reading->domain.text, wildcards);
    default:
        return policy_rules_text(rules, reading->text);
    }
}

static enum policy_reason stop_reason(enum policy_stop stop, bool deny)
{
    switch (stop) {
    case POLICY_STOP_MATCH:
        return deny ? POLICY_ENTRY_DENIES : POLICY_ENTRY_ALLOWS;
    case POLICY_STOP_UNREADABLE:
        return POLICY_HOST_UNREADABLE;
    case POLICY_STOP_BROKEN:
        return POLICY_ENTRY_BROKEN;
    case POLICY_STOP_CRASH:
        return POLICY_CRASH;
    case POLICY_STOP_NONE:
        break;
    }
    return POLICY_NO_MATCH;
}

/* What is denied is looked for first. */
static void compare(struct policy_answer *answer, const struct policy_engine *engine,
                    const struct reading *reading)
{
    for (int deny = 1; deny >= 0; deny--) {
        const struct policy_rules *rules = &engine->rules[deny][answer->judged];
        struct policy_hit hit = rules_hit(rules, answer->judged, reading, engine->wildcards);
        if (hit.stop == POLICY_STOP_NONE)
            continue;
        answer->reason = stop_reason(hit.stop, deny == 1);
        if (hit.stop == POLICY_STOP_MATCH || hit.stop == POLICY_STOP_BROKEN)
            answer->rule = &rules->rule[hit.index];
        return;
    }
    answer->reason = engine->rules[0][answer->judged].count > 0 ? POLICY_NO_MATCH : POLICY_TYPE_OPEN;
}

static size_t type_count(const struct policy_engine *engine, enum policy_type type)
{
    return engine->rules[0][type].count + engine->rules[1][type].count;
}

/* Before any entry is asked. A URI's host is first looked at when there is an entry to compare. */
static enum policy_reason type_reason(const struct policy_engine *engine, enum policy_type type,
                                      enum policy_reason fault)
{
    size_t count = type_count(engine, type);
    if (fault == POLICY_NO_NAME)
        return fault;
    if (engine->total == 0)
        return POLICY_NO_RULES;
    if (count == 0 && engine->permitted > 0)
        return POLICY_TYPE_CLOSED;
    return count == 0 && type == POLICY_URI ? POLICY_TYPE_OPEN : fault;
}

/* By the entries of one kind. */
static void type_judge(struct policy_answer *answer, const struct policy_engine *engine)
{
    OWN_STRUCT(reading) reading = {0};
    enum policy_reason fault = name_read(&reading, answer->judged, answer->name);
    answer->reason = type_reason(engine, answer->judged, fault);
    if (answer->reason == POLICY_UNDECIDED)
        compare(answer, engine, &reading);
}

/* ---- one name ---- */

/* Whether the cn entries settle it. A denial settles nothing. */
static bool cn_settled(struct policy_answer *answer, const struct policy_engine *engine)
{
    if (engine->total == 0 || answer->name[0] == 0) {
        answer->reason = engine->total == 0 ? POLICY_NO_RULES : POLICY_NAME_EMPTY;
        return true;
    }
    if (type_count(engine, POLICY_CN) == 0)
        return false;
    const struct reading reading = {.text = answer->name};
    compare(answer, engine, &reading);
    if (answer->reason == POLICY_TYPE_OPEN)
        answer->reason = POLICY_CN_OPEN;
    if (policy_allowed(answer))
        return true;
    answer->rule = NULL;
    return false;
}

/* What kind a principal is judged as. POLICY_URI: none that may be there. */
static enum policy_type principal_type(enum policy_kind kind, const char *name)
{
    enum policy_type type = policy_classify(name);
    if (kind == POLICY_SSH_HOST || type == POLICY_EMAIL)
        return type;
    return type == POLICY_DNS ? POLICY_PRINCIPAL : POLICY_URI;
}

static void principal_judge(struct policy_answer *answer, const struct policy_engine *engine)
{
    answer->judged = answer->type = principal_type(engine->kind, answer->name);
    if (engine->closed)
        answer->reason = POLICY_SSH_CLOSED;
    else if (engine->total == 0)
        answer->reason = POLICY_NO_RULES;
    else if (answer->judged == POLICY_URI)
        answer->reason = POLICY_SSH_UNEXPECTED;
    else
        type_judge(answer, engine);
}

struct policy_answer policy_judge(const struct policy_engine *engine, const struct policy_name *name)
{
    struct policy_answer answer = {.reason = POLICY_NO_NAME,
                                   .kind = engine->kind,
                                   .name = name->text,
                                   .type = name->type,
                                   .judged = name->type};
    if (engine->kind != POLICY_X509) {
        principal_judge(&answer, engine);
    } else if (name->type != POLICY_CN) {
        type_judge(&answer, engine);
    } else if (!cn_settled(&answer, engine)) {
        answer.judged = policy_classify(name->text);
        type_judge(&answer, engine);
    }
    return answer;
}

/* ---- a set ---- */

/* The order in which step-ca comes to a refusal: what it never takes, then by kind, the common name last. */
static int order_of(const struct policy_answer *answer)
{
    if (answer->reason == POLICY_NO_NAME || answer->reason == POLICY_SSH_UNEXPECTED)
        return 0;
    return answer->type == POLICY_CN ? POLICY_TYPES : (int)answer->type;
}

bool policy_ask(struct policy_answer *out, const struct policy_engine *engine,
                const struct policy_name *names, size_t count)
{
    bool allowed = true;
    int before = 0;
    for (size_t i = 0; i < count; i++) {
        struct policy_answer answer = policy_judge(engine, &names[i]);
        if (policy_allowed(&answer))
            continue;
        int order = order_of(&answer);
        if (allowed || order < before) {
            *out = answer;
            before = order;
        }
        allowed = false;
    }
    return allowed;
}

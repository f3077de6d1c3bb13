/* Policies and names, a line each: "+dns:*.example.com" is an allow entry, "-ip:10.0.0.0/8" a deny entry, "*"
 * sets allowWildcardNames, "?email:a@b" is a name that is asked. Whatever they are, nothing breaks, and what
 * is said of an entry by itself agrees with what the engine does with it. */
#include "../../ceremony/policy.h"
#include "../../ceremony/policyreport.h"

#include <string.h>

#define NAMES_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

struct question {
    json_t *policy, *x509;
    struct policy_name name[NAMES_MAX];
    size_t names;
};

static json_t *list_of(json_t *rules, const char *side, const char *type)
{
    json_t *names = json_object_get(rules, side);
    json_t *list = json_object_get(names, type);
    if (list == NULL) {
        list = json_array();
        json_object_set_new(names, type, list);
    }
    return list;
}

/* An entry that is found to be good is taken; one that is taken makes one table entry. */
static void entry_check(enum policy_type type, const char *entry)
{
    struct err err = {0}, said = {0};
    OWN_STRUCT(scratch) normal = {0};
    bool loads = policy_entry_normal(&normal, type, entry, false, &err);
    must(loads || err.text[0] != 0);
    if (type == POLICY_PRINCIPAL)
        return;
    must(policy_entry_loads(policy_type_word(type), entry) == loads);
    must(!policy_entry_check(policy_type_word(type), entry, &said) || loads);
}

static void line_take(struct question *q, char *line)
{
    char *colon = strchr(line, ':');
    if (line[0] == '*')
        json_object_set_new(q->x509, "allowWildcardNames", json_true());
    if (colon == NULL)
        return;
    *colon = 0;
    enum policy_type type = policy_type_find(line + 1);
    json_t *text = json_string(colon + 1); /* only UTF-8 can stand in a ca.json */
    if (type == POLICY_TYPES || text == NULL) {
        json_decref(text);
        return;
    }
    if (line[0] == '?' && q->names < NAMES_MAX)
        q->name[q->names++] = (struct policy_name){type, colon + 1};
    if (line[0] == '+' || line[0] == '-') {
        entry_check(type, colon + 1);
        json_array_append(list_of(q->x509, line[0] == '+' ? "allow" : "deny", policy_type_word(type)), text);
    }
    json_decref(text);
}

static void answer_say(const struct policy_answer *answer)
{
    OWN_STRUCT(bytes) out = {0};
    policy_answer_error(&out, answer);
    policy_answer_detail(&out, answer);
    policy_answer_message(&out, answer);
    policy_answer_rule(&out, answer);
    must(out.len > 0);
    must(policy_allowed(answer) == (policy_answer_status(answer) == 201));
}

static void ask(const struct question *q, enum policy_kind kind)
{
    OWN_POLICY_ENGINE *engine = NULL;
    struct err err = {0};
    struct policy_answer answer;
    bool all = true;
    if (!policy_engine_new(&engine, q->policy, kind, &err))
        return;
    for (size_t i = 0; i < q->names; i++) {
        answer = policy_judge(engine, &q->name[i]);
        all = all && policy_allowed(&answer);
        answer_say(&answer);
    }
    must(policy_ask(&answer, engine, q->name, q->names) == all);
    if (!all)
        answer_say(&answer);
}

/* The certificate that is bound to a policy lets pass what the policy allows: see tests/unit. Here: it is
 * made or refused with a reason, and what is found is found without harm. */
static void look(const struct question *q)
{
    OWN(json_t) *constraints = NULL;
    OWN(json_t) *config =
        json_pack("{s:{s:O}, s:[s]}", "authority", "policy", q->policy, "dnsNames", "ca.example.com");
    struct err err = {0};
    OWN_STRUCT(findings) found = {0};
    must(policy_name_constraints(&constraints, q->policy, &err) || err.text[0] != 0);
    policy_report(&found, config);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct question q = {0};
    OWN(char) *text = memory_new(size + 1, 1);
    memcpy(text, data, size);
    q.x509 = json_pack("{s:{}, s:{}}", "allow", "deny");
    q.policy = json_pack("{s:o, s:{s:O, s:O}}", "x509", q.x509, "ssh", "user", q.x509, "host", q.x509);
    for (char *next = text, *line; (line = strsep(&next, "\n")) != NULL;)
        line_take(&q, line);
    ask(&q, POLICY_X509);
    ask(&q, POLICY_SSH_USER);
    ask(&q, POLICY_SSH_HOST);
    look(&q);
    json_decref(q.policy);
    return 0;
}

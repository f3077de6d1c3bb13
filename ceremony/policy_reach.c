#include "policyreport.h"

#include <string.h>

#define ENGINE "step-ca policy engine"
#define ADMIN "step"
#define PERSON "Friendly Name"

/* ---- names ---- */

static struct policy_answer judge(const struct policy_view *view, enum policy_type type, const char *name)
{
    const struct policy_name asked = {type, name};
    return policy_judge(view->engine, &asked);
}

/* What step-ca itself looks at when the policy in its database is to be changed. */
static void admin_check(const struct policy_view *view)
{
    const struct policy_answer answer = judge(view, POLICY_DNS, ADMIN);
    if (policy_allowed(&answer) || !schema_true(schema_member(view->config, "authority"), "enableAdmin"))
        return;
    findings_add(
        view->out, SEVERITY_WARNING, "policy_admin_locked_out", POLICY_PLACE ".x509",
        "step-ca authority/policy.go",
        "would lock out the super admin: \"step ca policy\" refuses a policy under which the administrators "
        "get no certificate, and that takes \"" ADMIN
        "\" (or the --admin-subject of step ca init) as a DNS name; "
        "allow it under allow.dns before anything else");
}

/* Where something is allowed, the chapter on leaves says it (policy_cn_of_people). */
static void person_check(const struct policy_view *view)
{
    const struct policy_answer answer = judge(view, POLICY_CN, PERSON);
    if (policy_answer_status(&answer) == 500 && policy_engine_permits(view->engine) == 0)
        findings_add(
            view->out, SEVERITY_NOTE, "policy_cn_unreadable", POLICY_PLACE ".x509", ENGINE,
            "a common name that is no host name, such as \"" PERSON
            "\", is answered with 500 \"error creating "
            "certificate\", and only the log says why; allow such a name under allow.cn, or leave the common "
            "name empty");
}

static void own_names_check(const struct policy_view *view)
{
    size_t i;
    json_t *name;
    json_array_foreach(schema_member(view->config, "dnsNames"), i, name)
    {
        const char *text = json_is_string(name) ? json_string_value(name) : "";
        const struct policy_answer answer = judge(view, policy_classify(text), text);
        if (*text == 0 || policy_allowed(&answer))
            continue;
        OWN(char) *place = text_format(CONFIG_PLACE "dnsNames.%zu", i);
        findings_add(
            view->out, SEVERITY_NOTE, "policy_own_name", place, ENGINE,
            "\"%.100s\" is not allowed by the policy: nobody can have a certificate for it; the CA makes its "
            "own without asking the policy",
            text);
    }
}

void policy_reach_check(const struct policy_view *view)
{
    admin_check(view);
    person_check(view);
    own_names_check(view);
}

/* ---- ssh ---- */

static void kind_check(struct findings *out, const json_t *policy, enum policy_kind kind)
{
    static const enum policy_type unused[][3] = {[POLICY_SSH_USER] = {POLICY_DNS, POLICY_IP, POLICY_TYPES},
                                                 [POLICY_SSH_HOST] = {POLICY_PRINCIPAL, POLICY_TYPES}};
    const char *word = kind == POLICY_SSH_USER ? "user" : "host";
    OWN_POLICY_ENGINE *engine = NULL;
    struct err err = {0};
    if (!policy_engine_new(&engine, policy, kind, &err))
        return;
    const struct policy_name anybody = {POLICY_PRINCIPAL, "somebody"};
    if (policy_judge(engine, &anybody).reason == POLICY_SSH_CLOSED)
        findings_add(
            out, SEVERITY_WARNING, "policy_ssh_closed", POLICY_PLACE ".ssh", ENGINE,
            "%s certificates have no policy while the others have one, and are all refused with 500; give "
            "ssh.%s entries of its own",
            word, word);
    for (size_t i = 0; unused[kind][i] != POLICY_TYPES; i++)
        for (int deny = 0; deny < 2; deny++) {
            const char *type = policy_type_word(unused[kind][i]), *side = deny == 1 ? "deny" : "allow";
            if (policy_engine_rules(engine, unused[kind][i], deny == 1)->count == 0)
                continue;
            OWN(char) *place = text_format(POLICY_PLACE ".ssh.%s.%s.%s", word, side, type);
            findings_add(
                out, SEVERITY_WARNING, "policy_ssh_unused", place, ENGINE,
                "a %s certificate's principals are never judged as %s: these entries match nothing; move "
                "them to %s",
                word, type, kind == POLICY_SSH_USER ? "principal" : "dns");
        }
}

void policy_ssh_check(struct findings *out, const json_t *policy)
{
    if (schema_member(policy, "ssh") == NULL)
        return;
    kind_check(out, policy, POLICY_SSH_USER);
    kind_check(out, policy, POLICY_SSH_HOST);
}

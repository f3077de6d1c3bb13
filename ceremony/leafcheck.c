#include "tree.h"

#include <string.h>

#define SECOND 1000000000LL
#define LONG (7 * 86400 * SECOND)
#define POLICY CONFIG_PLACE "authority.policy.x509"

/* ---- how long they live ---- */

static void length_check(const struct tree *tree, const json_t *provisioner, const char *place,
                         const X509 *intermediate)
{
    char ends[32], usual_text[48], most_text[48];
    long long usual = provisioner_lifetime(tree->config, provisioner, "default");
    long long most = provisioner_lifetime(tree->config, provisioner, "max");
    long long left = (long long)(certificate_not_after(intermediate) - tree->now);
    time_text(ends, certificate_not_after(intermediate));
    duration_text(usual_text, usual);
    duration_text(most_text, most);
    if (left < 0)
        return; /* an intermediate that has ended is told of elsewhere */
    if (usual / SECOND > left)
        findings_add(
            tree->out, SEVERITY_WARNING, "leaf_outlives_intermediate", place, "RFC 5280 6.1",
            "a certificate of the usual length (%s) ends after the intermediate (%s): step-ca issues it all "
            "the same, and clients refuse it from then on; have a new intermediate signed",
            usual_text, ends);
    else if (most / SECOND > left)
        findings_add(
            tree->out, SEVERITY_WARNING, "claims_outlive_intermediate", place, "RFC 5280 6.1",
            "a certificate of the length allowed (%s) can end after the intermediate (%s): step-ca issues it "
            "all the same, and clients refuse it from then on; lower maxTLSCertDuration, or have a new "
            "intermediate signed",
            most_text, ends);
}

/* Step's answer to revocation is a short life; who lengthens it needs another one. */
static void list_check(const struct tree *tree, const json_t *provisioner, const char *place)
{
    char most_text[48];
    long long most = provisioner_lifetime(tree->config, provisioner, "max");
    duration_text(most_text, most);
    if (most > LONG && !schema_true(schema_member(tree->config, "crl"), "enabled"))
        findings_add(
            tree->out, SEVERITY_WARNING, "long_leaf_without_crl", place, "RFC 5280 3.3",
            "certificates may live for %s, and nothing tells anybody that one of them is revoked; set up "
            "\"crl\", or keep them to a week",
            most_text);
}

/* ---- what they are called ---- */

static bool is_for_people(const json_t *provisioner)
{
    OWN(char) *template = provisioner_template(provisioner);
    return strcasestr(template, "clientAuth") != NULL && strcasestr(template, "serverAuth") == NULL;
}

static bool has_entries(const json_t *side, const char *type)
{
    return json_array_size(schema_member(side, type)) > 0;
}

static bool has_any(const json_t *side)
{
    return has_entries(side, "dns") || has_entries(side, "ip") || has_entries(side, "email") ||
           has_entries(side, "uri");
}

/* Without rules for common names the engine takes a common name for one more DNS name. */
static void name_check(const struct tree *tree, const json_t *list)
{
    const json_t *policy =
        schema_member(schema_member(schema_member(tree->config, "authority"), "policy"), "x509");
    const json_t *allow = schema_member(policy, "allow"), *deny = schema_member(policy, "deny");
    enum severity severity = SEVERITY_NOTE;
    size_t i;
    json_t *provisioner;
    if (!has_any(allow) || has_entries(allow, "cn") || has_entries(deny, "cn"))
        return;
    json_array_foreach(list, i, provisioner) if (is_for_people(provisioner)) severity = SEVERITY_WARNING;
    findings_add(
        tree->out, severity, "policy_cn_of_people", POLICY ".allow.cn", "step-ca policy engine",
        "no common name is allowed as such, so that each must itself be a name that the policy allows: "
        "\"Alice\" is refused with 403, and \"Alice Example\" with 500 and no reason; let clients ask for "
        "their allowed name as CN, or list theirs in allow.cn");
}

void tree_leaf_check(const struct tree *tree, const X509 *intermediate)
{
    const json_t *list = schema_member(schema_member(tree->config, "authority"), "provisioners");
    size_t i;
    json_t *provisioner;
    json_array_foreach(list, i, provisioner)
    {
        OWN(char) *place = text_format(CONFIG_PLACE "authority.provisioners.%zu.claims", i);
        if (!json_is_object(provisioner) || strcasecmp(schema_text(provisioner, "type"), "SSHPOP") == 0)
            continue;
        if (intermediate != NULL)
            length_check(tree, provisioner, place, intermediate);
        list_check(tree, provisioner, place);
    }
    name_check(tree, list);
}

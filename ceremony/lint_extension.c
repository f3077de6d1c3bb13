#include "lintparts.h"

#include "extension.h"

#include <string.h>

enum { NO_REV_AVAIL_LEN = 3 };

/* ---- key identifiers ---- */

static enum lint_answer method_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    struct err unused = {0};
    OWN(ASN1_OCTET_STRING) *is = lint_decoded(c, NID_subject_key_identifier);
    OWN(ASN1_OCTET_STRING) *plain = NULL;
    if (is == NULL || !extension_key_id(&plain, c->spki, &unused))
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(ASN1_OCTET_STRING_cmp(is, plain) == 0, text,
                        "the subject key identifier is not the SHA-1 of the key");
}

static enum lint_answer authority_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    (void)rule;
    OWN(AUTHORITY_KEYID) *found = lint_decoded(c, NID_authority_key_identifier);
    if (found == NULL && c->certificate != NULL && certificate_verifies(c->certificate, c->key))
        return LINT_NOT_APPLICABLE; /* signed with its own key */
    return lint_pass_if(found != NULL && found->keyid != NULL, text,
                        "there is no authority key identifier with a keyid");
}

static enum lint_answer only_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(AUTHORITY_KEYID) *found = lint_decoded(c, NID_authority_key_identifier);
    if (found == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(found->issuer == NULL && found->serial == NULL, text,
                        "the authority key identifier names the issuer's issuer and serial number, too");
}

static enum lint_answer own_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(AUTHORITY_KEYID) *found = lint_decoded(c, NID_authority_key_identifier);
    OWN(ASN1_OCTET_STRING) *is = lint_decoded(c, NID_subject_key_identifier);
    if (found == NULL || found->keyid == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(is != NULL && ASN1_OCTET_STRING_cmp(is, found->keyid) == 0, text,
                        "the root's authority key identifier is not its subject key identifier");
}

/* ---- policies ---- */

static const POLICYINFO *policy_of(const CERTIFICATEPOLICIES *policies, int nid)
{
    for (int i = 0; i < sk_POLICYINFO_num(policies); i++)
        if (OBJ_obj2nid(sk_POLICYINFO_value(policies, i)->policyid) == nid)
            return sk_POLICYINFO_value(policies, i);
    return NULL;
}

static enum lint_answer reserved_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    static const char reserved[] = "2.23.140.1."; /* and 1, 2.1, 2.2 or 2.3 */
    (void)rule;
    OWN(CERTIFICATEPOLICIES) *policies = lint_decoded(c, NID_certificate_policies);
    int count = sk_POLICYINFO_num(policies), ours = 0;
    if (policies == NULL)
        return LINT_NOT_APPLICABLE;
    for (int i = 0; i < count; i++) {
        char oid[80];
        OBJ_obj2txt(oid, sizeof oid, sk_POLICYINFO_value(policies, i)->policyid, 1);
        const char *end = oid + sizeof reserved - 1;
        ours += strncmp(oid, reserved, sizeof reserved - 1) == 0 &&
                (strcmp(end, "1") == 0 || strcmp(end, "2.1") == 0 || strcmp(end, "2.2") == 0 ||
                 strcmp(end, "2.3") == 0);
    }
    bool any = policy_of(policies, NID_any_policy) != NULL;
    return lint_pass_if((any && count == 1) || (!any && ours == 1), text,
                        "the policies are neither anyPolicy alone nor have just one reserved one");
}

static enum lint_answer once_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(CERTIFICATEPOLICIES) *policies = lint_decoded(c, NID_certificate_policies);
    for (int i = 0; i < sk_POLICYINFO_num(policies); i++)
        for (int k = 0; k < i; k++)
            if (OBJ_cmp(sk_POLICYINFO_value(policies, i)->policyid,
                        sk_POLICYINFO_value(policies, k)->policyid) == 0)
                return lint_found(text, "a policy is there twice");
    return policies != NULL ? LINT_PASS : LINT_NOT_APPLICABLE;
}

static enum lint_answer qualifier_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    (void)rule;
    OWN(CERTIFICATEPOLICIES) *policies = lint_decoded(c, NID_certificate_policies);
    for (int i = 0; i < sk_POLICYINFO_num(policies); i++) {
        const POLICYINFO *policy = sk_POLICYINFO_value(policies, i);
        for (int k = 0; k < sk_POLICYQUALINFO_num(policy->qualifiers); k++)
            if (OBJ_obj2nid(sk_POLICYQUALINFO_value(policy->qualifiers, k)->pqualid) != NID_id_qt_cps)
                return lint_found(text, "a policy has a qualifier that is no CPS");
    }
    return policies != NULL ? LINT_PASS : LINT_NOT_APPLICABLE;
}

static enum lint_answer mapping_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    const X509_EXTENSION *extension = lint_extension(c, NID_policy_mappings);
    if (extension == NULL)
        return LINT_NOT_APPLICABLE;
    /* anyPolicy, 2.5.29.32.0, as it is in DER */
    static const unsigned char any[] = {0x06, 0x04, 0x55, 0x1d, 0x20, 0x00};
    struct der value = lint_value(extension);
    return lint_pass_if(memmem(value.data, value.len, any, sizeof any) == NULL, text, "anyPolicy is mapped");
}

/* ---- noRevAvail, 2.5.29.56 ---- */

static enum lint_answer revocable_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    static const unsigned char no_rev_avail[NO_REV_AVAIL_LEN] = {0x55, 0x1d, 0x38};
    (void)rule;
    for (int i = 0; i < X509v3_get_ext_count(c->extensions); i++) {
        const ASN1_OBJECT *kind = X509_EXTENSION_get_object(X509v3_get_ext(c->extensions, i));
        if (OBJ_length(kind) == NO_REV_AVAIL_LEN &&
            memcmp(OBJ_get0_data(kind), no_rev_avail, OBJ_length(kind)) == 0)
            return lint_found(text, "noRevAvail says that nobody may learn of its revocation");
    }
    return LINT_PASS;
}

#define NOT_CRITICAL "make it not critical"

const struct lint_rule lint_extension_rules[] = {
    {"subject_key_id_present", "EEEE", "RFC 5280 4.2.1.2", "add it", LINT_AUTHORITY, 0,
     NID_subject_key_identifier, lint_present},
    {"subject_key_id_not_critical", "EEEE", "RFC 5280 4.2.1.2", NOT_CRITICAL, LINT_CERTIFICATE, 0,
     NID_subject_key_identifier, lint_not_critical},
    {"ski_method", "NNNN", "RFC 5280 4.2.1.2", "that is allowed; only programs that compute it are surprised",
     LINT_CERTIFICATE, 0, 0, method_judge},
    {"authority_key_id_present", "EEEE", "RFC 5280 4.2.1.1, 5.2.1", "add it", LINT_BELOW | LINT_LIST, 0, 0,
     authority_judge},
    {"authority_key_id_only", "WEWW", "BR 7.1.2.11.1", "leave only the keyid", LINT_EXTENDED, 0, 0,
     only_judge},
    {"authority_key_id_not_critical", "EEEE", "RFC 5280 4.2.1.1", NOT_CRITICAL, LINT_EXTENDED, 0,
     NID_authority_key_identifier, lint_not_critical},
    {"root_authority_key_id", "EEEE", "RFC 5280 4.2.1.1", "leave it out, or make the two equal", LINT_ROOT, 0,
     0, own_judge},
    {"policies_present", "NEWW", "BR 7.1.2.10.5", "add anyPolicy, or your own", LINT_INTERMEDIATE, 0,
     NID_certificate_policies, lint_present},
    {"policies_reserved", "-E--", "BR 7.1.2.10.5", "choose one", LINT_INTERMEDIATE, 0, 0, reserved_judge},
    {"policies_not_critical", "WWWW", "BR 7.1.2.10.5", NOT_CRITICAL, LINT_CERTIFICATE, 0,
     NID_certificate_policies, lint_not_critical},
    {"policies_once", "EEEE", "RFC 5280 4.2.1.4", "leave one out", LINT_CERTIFICATE, 0, 0, once_judge},
    {"policies_qualifiers", "NEWW", "BR 7.1.2.7.9", "leave it out", LINT_CERTIFICATE, 0, 0, qualifier_judge},
    {"root_policies_absent", "NWNN", "BR 7.1.2.1.2", "leave them out", LINT_ROOT, 0, NID_certificate_policies,
     lint_absent},
    {"policy_constraints_critical", "EEEE", "RFC 5280 4.2.1.11", "make it critical", LINT_CERTIFICATE, 0,
     NID_policy_constraints, lint_critical},
    {"inhibit_any_policy_critical", "EEEE", "RFC 5280 4.2.1.14", "make it critical", LINT_CERTIFICATE, 0,
     NID_inhibit_any_policy, lint_critical},
    {"policy_mappings_any", "EEEE", "RFC 5280 4.2.1.5", "map named policies", LINT_CERTIFICATE, 0, 0,
     mapping_judge},
    {"policy_mappings_critical", "WWWW", "RFC 5280 4.2.1.5", "make it critical", LINT_CERTIFICATE, 0,
     NID_policy_mappings, lint_critical},
    {"no_rev_avail_in_ca", "EEEE", "RFC 9608", "leave it out", LINT_AUTHORITY, 0, 0, revocable_judge},
    {0},
};

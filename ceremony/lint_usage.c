#include "lintparts.h"

#include <string.h>

enum { SIGNATURE_BIT = 1u << 0 };

/* ---- basicConstraints ---- */

static enum lint_answer ca_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    struct constraints constraints;
    certificate_constraints(&constraints, c->certificate);
    return lint_pass_if(constraints.ca, text, "basicConstraints does not say that it is a CA");
}

static enum lint_answer path_legal_judge(const struct lint_case *c, const struct lint_rule *rule,
                                         struct err *text)
{
    (void)rule;
    OWN(BASIC_CONSTRAINTS) *found = lint_decoded(c, NID_basic_constraints);
    if (found == NULL || found->pathlen == NULL)
        return LINT_NOT_APPLICABLE;
    bool present = false;
    unsigned usage = certificate_key_usage(&present, c->certificate);
    if (ASN1_STRING_type(found->pathlen) == V_ASN1_NEG_INTEGER)
        return lint_found(text, "the path length is negative");
    return lint_pass_if(found->ca != 0 && (!present || (usage & USAGE_CERT_SIGN) != 0), text,
                        "there is a path length, and it is no CA or lacks keyCertSign");
}

static enum lint_answer path_free_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    (void)rule;
    struct constraints constraints;
    certificate_constraints(&constraints, c->certificate);
    return lint_pass_if(constraints.path_length < 0, text, "the root has a path length, %ld",
                        constraints.path_length);
}

static enum lint_answer path_set_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    struct constraints constraints;
    certificate_constraints(&constraints, c->certificate);
    return lint_pass_if(constraints.path_length >= 0, text,
                        "there is no path length: it may make further CAs, any number of them");
}

/* ---- keyUsage ---- */

static enum lint_answer bit_judge(const struct lint_case *c, unsigned bit, const char *name, struct err *text)
{
    bool present = false;
    unsigned usage = certificate_key_usage(&present, c->certificate);
    if (!present)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if((usage & bit) != 0, text, "keyUsage lacks %s", name);
}

static enum lint_answer cert_sign_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    (void)rule;
    return bit_judge(c, USAGE_CERT_SIGN, "keyCertSign", text);
}

static enum lint_answer crl_sign_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    return bit_judge(c, USAGE_CRL_SIGN, "cRLSign", text);
}

static enum lint_answer signature_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    (void)rule;
    bool present = false;
    unsigned usage = certificate_key_usage(&present, c->certificate);
    if (!present)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if((usage & SIGNATURE_BIT) == 0, text, "keyUsage has digitalSignature");
}

static enum lint_answer other_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    bool present = false;
    unsigned usage = certificate_key_usage(&present, c->certificate);
    if (!present)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if((usage & ~(unsigned)(USAGE_CERT_SIGN | USAGE_CRL_SIGN | SIGNATURE_BIT)) == 0, text,
                        "keyUsage has bits that are no CA's affair");
}

/* ---- extendedKeyUsage ---- */

static bool purpose_is(const struct lint_case *c, int nid)
{
    OWN(EXTENDED_KEY_USAGE) *purposes = lint_decoded(c, NID_ext_key_usage);
    for (int i = 0; i < sk_ASN1_OBJECT_num(purposes); i++)
        if (OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes, i)) == nid)
            return true;
    return false;
}

static enum lint_answer any_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    if (lint_extension(c, NID_ext_key_usage) == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(!purpose_is(c, NID_anyExtendedKeyUsage), text, "extendedKeyUsage allows any purpose");
}

static enum lint_answer mixed_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    static const int apart[] = {NID_email_protect, NID_code_sign, NID_time_stamp, NID_OCSP_sign};
    (void)rule;
    if (!purpose_is(c, NID_server_auth))
        return LINT_NOT_APPLICABLE;
    for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
        if (purpose_is(c, apart[i]))
            return lint_found(text, "extendedKeyUsage has serverAuth and %s together", OBJ_nid2sn(apart[i]));
    return LINT_PASS;
}

const struct lint_rule lint_usage_rules[] = {
    {"basic_constraints_ca", "EEEE", "RFC 5280 4.2.1.9", "add basicConstraints with CA:TRUE", LINT_AUTHORITY,
     0, 0, ca_judge},
    {"basic_constraints_critical", "EEEE", "RFC 5280 4.2.1.9", "make it critical", LINT_AUTHORITY, 0,
     NID_basic_constraints, lint_critical},
    {"path_length_legal", "EEEE", "RFC 5280 4.2.1.9", "leave it out, or make it 0 or more", LINT_CERTIFICATE,
     0, 0, path_legal_judge},
    {"root_path_length", "NWNN", "BR 7.1.2.1.4", "leave it out", LINT_ROOT, 0, 0, path_free_judge},
    {"intermediate_path_length", "WNNW", "RFC 5280 4.2.1.9", "give 0, unless it is to make CAs",
     LINT_INTERMEDIATE, 0, 0, path_set_judge},
    {"key_usage_present", "EEEE", "RFC 5280 4.2.1.3", "add keyCertSign and cRLSign", LINT_AUTHORITY, 0,
     NID_key_usage, lint_present},
    {"key_usage_critical", "WEWW", "RFC 5280 4.2.1.3, BR 7.1.2.10.7", "make it critical", LINT_AUTHORITY, 0,
     NID_key_usage, lint_critical},
    {"key_usage_cert_sign", "EEEE", "RFC 5280 4.2.1.9, BR 7.1.2.10.7", "add it", LINT_AUTHORITY, 0, 0,
     cert_sign_judge},
    {"key_usage_crl_sign", "WEWW", "BR 7.1.2.10.7", "add it: without it no list of this CA's is valid",
     LINT_AUTHORITY, 0, 0, crl_sign_judge},
    {"key_usage_signature", "NNNN", "BR 7.1.2.10.7", "that is for a CA that signs OCSP answers itself",
     LINT_AUTHORITY, 0, 0, signature_judge},
    {"key_usage_other", "WEWW", "BR 7.1.2.10.7", "leave only keyCertSign and cRLSign", LINT_AUTHORITY, 0, 0,
     other_judge},
    {"root_ext_key_usage_absent", "WEWW", "BR 7.1.2.1.2", "leave it out", LINT_ROOT, 0, NID_ext_key_usage,
     lint_absent},
    {"ext_key_usage_present", "WEWW", "BR 7.1.2.10.6", "say what the certificates below are for",
     LINT_INTERMEDIATE, 0, NID_ext_key_usage, lint_present},
    {"ext_key_usage_any", "WEWW", "BR 7.1.2.10.6", "name the purposes", LINT_INTERMEDIATE, 0, 0, any_judge},
    {"ext_key_usage_mixed", "WEWW", "BR 7.1.2.10.6, MRSP 5.3", "make an intermediate for each purpose",
     LINT_INTERMEDIATE, 0, 0, mixed_judge},
    {"ext_key_usage_not_critical", "WWWW", "BR 7.1.2.10.6", "make it not critical", LINT_INTERMEDIATE, 0,
     NID_ext_key_usage, lint_not_critical},
    {0},
};

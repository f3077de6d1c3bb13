#include "lintparts.h"

#include <openssl/ec.h>
#include <openssl/objects.h>

OWN_DEFINE(EC_GROUP, EC_GROUP_free);
OWN_DEFINE(EC_POINT, EC_POINT_free);

/* What the SubjectPublicKeyInfo says, also where OpenSSL makes no key of it. */
struct raw_key {
    int kind;       /* NID of the algorithm */
    int curve;      /* NID; NID_undef: none, or given by its numbers */
    int parameters; /* V_ASN1_NULL, V_ASN1_OBJECT, V_ASN1_UNDEF, ... */
    const unsigned char *data;
    int len;
};

static struct raw_key raw_of(const struct lint_case *c)
{
    struct raw_key raw = {0};
    ASN1_OBJECT *kind = NULL;
    X509_ALGOR *algorithm = NULL;
    const void *parameter = NULL;
    if (X509_PUBKEY_get0_param(&kind, &raw.data, &raw.len, &algorithm, c->spki) != 1)
        return raw;
    X509_ALGOR_get0(NULL, &raw.parameters, &parameter, algorithm);
    raw.kind = OBJ_obj2nid(kind);
    if (raw.kind == NID_X9_62_id_ecPublicKey && raw.parameters == V_ASN1_OBJECT)
        raw.curve = OBJ_obj2nid(parameter);
    return raw;
}

static enum lint_answer kind_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    int kind = raw_of(c).kind;
    return lint_pass_if(kind == NID_rsaEncryption || kind == NID_X9_62_id_ecPublicKey || kind == NID_ED25519,
                        text, "the key is of kind %s", OBJ_nid2sn(kind));
}

static enum lint_answer public_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    int kind = raw_of(c).kind;
    return lint_pass_if(kind != NID_ED25519, text, "the key is of kind %s", OBJ_nid2sn(kind));
}

static enum lint_answer readable_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    return lint_pass_if(c->key != NULL, text, "the public key cannot be read");
}

static enum lint_answer encoding_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    struct raw_key raw = raw_of(c);
    if (raw.kind == NID_rsaEncryption)
        return lint_pass_if(raw.parameters == V_ASN1_NULL, text,
                            "the algorithm of the RSA key lacks its NULL parameters");
    if (raw.kind == NID_X9_62_id_ecPublicKey)
        return lint_pass_if(raw.parameters == V_ASN1_OBJECT, text, "the curve is not given by its name");
    if (raw.kind == NID_ED25519)
        return lint_pass_if(raw.parameters == V_ASN1_UNDEF, text,
                            "the algorithm of the Ed25519 key has parameters");
    return LINT_NOT_APPLICABLE;
}

static enum lint_answer curve_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    struct raw_key raw = raw_of(c);
    if (raw.kind != NID_X9_62_id_ecPublicKey || raw.parameters != V_ASN1_OBJECT)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(raw.curve == NID_X9_62_prime256v1 || raw.curve == NID_secp384r1 ||
                            raw.curve == NID_secp521r1,
                        text, "the curve is %s", OBJ_nid2sn(raw.curve));
}

/* The point at infinity is encoded as one zero byte (SEC 1, 2.3.3). */
static enum lint_answer infinity_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    struct raw_key raw = raw_of(c);
    if (raw.kind != NID_X9_62_id_ecPublicKey)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(raw.len > 1 && raw.data[0] != 0, text, "the key is the point at infinity");
}

static enum lint_answer point_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    struct raw_key raw = raw_of(c);
    OWN(EC_GROUP) *group = raw.curve != NID_undef ? EC_GROUP_new_by_curve_name(raw.curve) : NULL;
    OWN(EC_POINT) *point = group != NULL ? EC_POINT_new(group) : NULL;
    if (point == NULL)
        return LINT_NOT_APPLICABLE;
    bool on = raw.len > 0 && EC_POINT_oct2point(group, point, raw.data, (size_t)raw.len, NULL) == 1 &&
              EC_POINT_is_on_curve(group, point, NULL) == 1;
    return lint_pass_if(on, text, "the key is no point of %s", OBJ_nid2sn(raw.curve));
}

const struct lint_rule lint_key_rules[] = {
    {"key_kind_allowed", "EEEE", "BR 6.1.5", "make an RSA key, or an EC key on P-256, P-384 or P-521",
     LINT_KEYED, 0, 0, kind_judge},
    {"key_kind_public", "-EWE", "BR 6.1.5", "make an RSA key, or an EC key on P-256, P-384 or P-521",
     LINT_KEYED, 0, 0, public_judge},
    {"key_readable", "EEEE", "RFC 5280 4.1.2.7", "have it made anew, and look at what made it", LINT_KEYED, 0,
     0, readable_judge},
    {"key_encoding", "EEEE", "BR 7.1.3.1", "have the key encoded anew", LINT_KEYED, 0, 0, encoding_judge},
    {"ec_curve_allowed", "EEEE", "BR 6.1.5", "make one on P-256, P-384 or P-521", LINT_KEYED, 0, 0,
     curve_judge},
    {"ec_point_finite", "EEEE", "BR 6.1.6", "make a new key", LINT_KEYED, 0, 0, infinity_judge},
    {"ec_point_on_curve", "EEEE", "BR 6.1.6", "make a new key", LINT_KEYED, 0, 0, point_judge},
    {0},
};

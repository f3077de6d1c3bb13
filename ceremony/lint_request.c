#include "lintparts.h"

#include <string.h>

static void extensions_free(STACK_OF(X509_EXTENSION) * list)
{
    sk_X509_EXTENSION_pop_free(list, X509_EXTENSION_free);
}
typedef STACK_OF(X509_EXTENSION) extensions;
OWN_DEFINE(extensions, extensions_free);

/* ---- the request itself ---- */

static enum lint_answer signed_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    return lint_pass_if(c->key != NULL && X509_REQ_verify(c->request, c->key) == 1, text,
                        "its own key has not made its signature");
}

static enum lint_answer version_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    return lint_pass_if(X509_REQ_get_version(c->request) == X509_REQ_VERSION_1, text,
                        "it is of version %ld, and there is only 1", X509_REQ_get_version(c->request) + 1);
}

static enum lint_answer challenge_judge(const struct lint_case *c, const struct lint_rule *rule,
                                        struct err *text)
{
    return lint_pass_if(X509_REQ_get_attr_by_NID(c->request, rule->nid, -1) < 0, text,
                        "it has a challenge password, which whoever gets it can read");
}

static enum lint_answer once_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(extensions) *asked = X509_REQ_get_extensions(c->request);
    for (int i = 0; i < sk_X509_EXTENSION_num(asked); i++) {
        const ASN1_OBJECT *kind = X509_EXTENSION_get_object(sk_X509_EXTENSION_value(asked, i));
        if (X509v3_get_ext_by_OBJ(asked, kind, i) >= 0)
            return lint_found(text, "it asks for an extension twice");
    }
    return asked != NULL ? LINT_PASS : LINT_NOT_APPLICABLE;
}

/* ---- the certificate that was made for it ---- */

static enum lint_answer key_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN_OPENSSL *ours = NULL;
    OWN_OPENSSL *theirs = NULL;
    int our_len = i2d_X509_PUBKEY(c->spki, &ours);
    int their_len = i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY((X509_REQ *)c->context->request), &theirs);
    return lint_pass_if(our_len > 0 && our_len == their_len && memcmp(ours, theirs, (size_t)our_len) == 0,
                        text, "its key is not the request's");
}

static enum lint_answer subject_judge(const struct lint_case *c, const struct lint_rule *rule,
                                      struct err *text)
{
    (void)rule;
    return lint_pass_if(X509_NAME_cmp(c->name, X509_REQ_get_subject_name(c->context->request)) == 0, text,
                        "its subject is not the request's");
}

static enum lint_answer kept_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(extensions) *asked = X509_REQ_get_extensions((X509_REQ *)c->context->request);
    OWN_STRUCT(bytes) missing = {0};
    for (int i = 0; i < sk_X509_EXTENSION_num(asked); i++) {
        X509_EXTENSION *wanted = sk_X509_EXTENSION_value(asked, i);
        int at = X509v3_get_ext_by_OBJ(c->extensions, X509_EXTENSION_get_object(wanted), -1);
        X509_EXTENSION *given = at >= 0 ? X509v3_get_ext(c->extensions, at) : NULL;
        char name[80];
        OBJ_obj2txt(name, sizeof name, X509_EXTENSION_get_object(wanted), 0);
        if (given == NULL ||
            ASN1_STRING_cmp(X509_EXTENSION_get_data(given), X509_EXTENSION_get_data(wanted)) != 0)
            bytes_format(&missing, "%s%s", missing.len > 0 ? ", " : "", name);
    }
    if (asked == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(missing.len == 0, text,
                        "what the request asks for is not in it, or otherwise: %.200s",
                        bytes_string(&missing));
}

const struct lint_rule lint_request_rules[] = {
    {"csr_signature", "EEEE", "RFC 2986", "have it made anew by who holds the key", LINT_REQUEST, 0, 0,
     signed_judge},
    {"csr_version", "EEEE", "RFC 2986", "have it made anew by another program", LINT_REQUEST, 0, 0,
     version_judge},
    {"csr_challenge_password", "WWWW", "RFC 2986", "leave it out", LINT_REQUEST, 0,
     NID_pkcs9_challengePassword, challenge_judge},
    {"csr_extension_once", "EEEE", "RFC 5280 4.2", "leave one out", LINT_REQUEST, 0, 0, once_judge},
    {"csr_cert_spki_match", "EEEE", "RFC 2986", "is it the right request? else have it signed anew",
     LINT_CERTIFICATE, LINT_NEEDS_REQUEST, 0, key_judge},
    {"csr_cert_subject_match", "WWWW", "", "look whether the template means that", LINT_CERTIFICATE,
     LINT_NEEDS_REQUEST, 0, subject_judge},
    {"csr_ext_dropped", "WWWW", "", "look whether the template means that", LINT_CERTIFICATE,
     LINT_NEEDS_REQUEST, 0, kept_judge},
    {0},
};

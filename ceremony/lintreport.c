#include "lintreport.h"

#include "der.h"
#include "name.h"
#include "ssl.h"

const char *lint_kind(enum lint_view view)
{
    switch (view) {
    case LINT_KEY:
        return "public key";
    case LINT_REQUEST:
        return "request";
    case LINT_ROOT:
        return "root";
    case LINT_INTERMEDIATE:
        return "intermediate";
    case LINT_LEAF:
        return "end certificate";
    case LINT_LIST:
        return "revocation list";
    }
    return "";
}

const char *lint_severity(enum severity severity)
{
    static const char *const words[] = {
        [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "notice"};
    return words[severity];
}

char *lint_subject_name(const struct lint_subject *s)
{
    if (s->certificate != NULL)
        return name_text(X509_get_subject_name(s->certificate));
    if (s->request != NULL)
        return name_text(X509_REQ_get_subject_name(s->request));
    return s->list != NULL ? name_text(X509_CRL_get_issuer(s->list)) : NULL;
}

bool lint_tbs(char hex[DIGEST_HEX], const struct lint_subject *s, struct err *err)
{
    struct der whole = {s->der.data, s->der.len}, content;
    struct der_item first;
    if (s->view == LINT_KEY) {
        digest_hex(hex, whole.data, whole.len);
        return true;
    }
    if (!der_expect(&content, &whole, DER_SEQUENCE))
        return err_set(err, "%s: is no DER", lint_kind(s->view));
    const unsigned char *begin = content.data;
    if (!der_take(&first, &content))
        return err_set(err, "%s: its to-be-signed part is no DER", lint_kind(s->view));
    digest_hex(hex, begin, (size_t)(content.data - begin));
    return true;
}

static json_t *ids_json(const struct lint_ids *ids)
{
    json_t *list = json_array();
    for (size_t i = 0; i < ids->count; i++)
        if (json_array_append_new(list, json_string(ids->id[i])) != 0)
            abort();
    return list;
}

static json_t *found_json(const struct findings *found)
{
    json_t *list = json_array();
    for (size_t i = 0; i < found->count; i++) {
        const struct finding *f = &found->list[i];
        if (json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "rule", f->rule, "severity",
                                                  lint_severity(f->severity), "clause", f->clause, "text",
                                                  f->text)) != 0)
            abort();
    }
    return list;
}

json_t *lint_report_json(const struct lint_report *report, const struct lint_subject *s)
{
    char sha256[DIGEST_HEX];
    OWN(char) *subject = lint_subject_name(s);
    digest_hex(sha256, s->der.data, s->der.len);
    json_t *told =
        json_pack("{s:s, s:o?, s:s, s:o, s:o, s:o, s:o}", "kind", lint_kind(s->view), "subject",
                  subject != NULL ? json_string(subject) : json_null(), "sha256", sha256, "found",
                  found_json(&report->found), "passed", ids_json(&report->passed), "not_applicable",
                  ids_json(&report->not_applicable), "not_checked", ids_json(&report->not_checked));
    if (told == NULL)
        abort();
    return told;
}

static bool given_add(json_t *given, const char *member, const void *thing, const ASN1_ITEM *item,
                      struct err *err)
{
    OWN_OPENSSL *der = NULL;
    char hex[DIGEST_HEX];
    if (thing == NULL)
        return true;
    int len = ASN1_item_i2d(thing, &der, item);
    if (len <= 0)
        return err_ssl(err, "the %s cannot be encoded", member);
    digest_hex(hex, der, (size_t)len);
    json_object_set_new(given, member, json_string(hex));
    return true;
}

bool lint_evidence(json_t **out, const struct lint_subject *s, const struct lint_context *context,
                   const X509 *issuer, struct err *err)
{
    char tbs[DIGEST_HEX];
    OWN_STRUCT(lint_report) report = {0};
    lint_judge(&report, s, context, "");
    OWN(json_t) *told = lint_report_json(&report, s);
    OWN(json_t) *given = json_object();
    if (!lint_tbs(tbs, s, err) || !given_add(given, "issuer", issuer, ASN1_ITEM_rptr(X509), err) ||
        !given_add(given, "request", context->request, ASN1_ITEM_rptr(X509_REQ), err) ||
        !given_add(given, "list", context->list, ASN1_ITEM_rptr(X509_CRL), err) ||
        !given_add(given, "previous", context->previous, ASN1_ITEM_rptr(X509_CRL), err))
        return false;
    json_object_del(told, "sha256");
    json_object_set_new(told, "format", json_string(LINT_FORMAT));
    json_object_set_new(told, "edition", json_integer(LINT_EDITION));
    json_object_set_new(told, "profile", json_string(lint_profiles[context->profile]));
    json_object_set_new(told, "tbs_sha256", json_string(tbs));
    json_object_set(told, "given", given);
    *out = GIVE(told);
    return true;
}

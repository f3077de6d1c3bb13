#include "lint.h"

#include "lintparts.h"
#include "near.h"

#include <stdarg.h>
#include <string.h>

/* Entries before lists: what looks a serial number up has OpenSSL sort the list. */
static const struct lint_rule *const tables[] = {
    lint_key_rules,     lint_rsa_rules,       lint_encoding_rules, lint_field_rules,      lint_name_rules,
    lint_usage_rules,   lint_extension_rules, lint_place_rules,    lint_constraint_rules, lint_issuer_rules,
    lint_request_rules, lint_entry_rules,     lint_list_rules,
};
enum { TABLES = sizeof tables / sizeof *tables };

const char *const lint_profiles[] = {"private-internal", "public-tls", "etsi", "us-federal", NULL};

bool lint_profile_find(enum lint_profile *out, const char *name, struct err *err)
{
    for (int i = 0; lint_profiles[i] != NULL; i++)
        if (strcmp(lint_profiles[i], name) == 0) {
            *out = (enum lint_profile)i;
            return true;
        }
    const char *meant = near_word(name, lint_profiles);
    return err_set(err, "there is no profile \"%s\": %s%s", name, meant != NULL ? "did you mean " : "",
                   meant != NULL ? meant : "private-internal, public-tls, etsi and us-federal are known");
}

const char *lint_rule_id(size_t n)
{
    for (size_t i = 0; i < TABLES; i++)
        for (const struct lint_rule *rule = tables[i]; rule->id != NULL; rule++)
            if (n-- == 0)
                return rule->id;
    return NULL;
}

bool lint_rule_said(struct lint_said *out, const char *id)
{
    for (size_t i = 0; i < TABLES; i++) {
        for (const struct lint_rule *rule = tables[i]; rule->id != NULL; rule++) {
            if (strcmp(rule->id, id) != 0)
                continue;
            *out = (struct lint_said){rule->clause, rule->remedy, rule->grades};
            return true;
        }
    }
    return false;
}

void lint_report_free(struct lint_report *r)
{
    findings_free(&r->found);
    free(r->passed.id);
    free(r->not_applicable.id);
    free(r->not_checked.id);
    *r = (struct lint_report){0};
}

/* ---- what rules share ---- */

enum lint_answer lint_found(struct err *text, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(text->text, sizeof text->text, format, args);
    va_end(args);
    return LINT_FOUND;
}

enum lint_answer lint_pass_if(bool good, struct err *text, const char *format, ...)
{
    va_list args;
    if (good)
        return LINT_PASS;
    va_start(args, format);
    vsnprintf(text->text, sizeof text->text, format, args);
    va_end(args);
    return LINT_FOUND;
}

X509_EXTENSION *lint_extension(const struct lint_case *c, int nid)
{
    int at = c->extensions != NULL ? X509v3_get_ext_by_NID(c->extensions, nid, -1) : -1;
    return at >= 0 ? X509v3_get_ext(c->extensions, at) : NULL;
}

void *lint_decoded(const struct lint_case *c, int nid)
{
    X509_EXTENSION *extension = lint_extension(c, nid);
    void *value = extension != NULL ? X509V3_EXT_d2i(extension) : NULL;
    ERR_clear_error();
    return value;
}

struct der lint_value(const X509_EXTENSION *extension)
{
    const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data((X509_EXTENSION *)extension);
    return (struct der){ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)};
}

enum lint_answer lint_present(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    return lint_pass_if(lint_extension(c, rule->nid) != NULL, text, "%s is not there", OBJ_nid2sn(rule->nid));
}

enum lint_answer lint_absent(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    return lint_pass_if(lint_extension(c, rule->nid) == NULL, text, "%s is there", OBJ_nid2sn(rule->nid));
}

enum lint_answer lint_critical(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    const X509_EXTENSION *extension = lint_extension(c, rule->nid);
    if (extension == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(X509_EXTENSION_get_critical(extension) == 1, text, "%s is not critical",
                        OBJ_nid2sn(rule->nid));
}

enum lint_answer lint_not_critical(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    const X509_EXTENSION *extension = lint_extension(c, rule->nid);
    if (extension == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(X509_EXTENSION_get_critical(extension) != 1, text, "%s is critical",
                        OBJ_nid2sn(rule->nid));
}

/* ---- the engine ---- */

static void case_of(struct lint_case *out, const struct lint_subject *s)
{
    *out = (struct lint_case){
        .subject = s, .certificate = s->certificate, .request = s->request, .list = s->list, .spki = s->key};
    const X509_ALGOR *outer = NULL;
    if (s->certificate != NULL) {
        out->spki = X509_get_X509_PUBKEY(s->certificate);
        out->name = X509_get_subject_name(s->certificate);
        out->extensions = X509_get0_extensions(s->certificate);
        out->inner = X509_get0_tbs_sigalg(s->certificate);
        X509_get0_signature(NULL, &outer, s->certificate);
    } else if (s->request != NULL) {
        out->spki = X509_REQ_get_X509_PUBKEY(s->request);
        out->name = X509_REQ_get_subject_name(s->request);
        X509_REQ_get0_signature(s->request, NULL, &outer);
    } else if (s->list != NULL) {
        out->name = X509_CRL_get_issuer(s->list);
        out->extensions = X509_CRL_get0_extensions(s->list);
        X509_CRL_get0_signature(s->list, NULL, &outer);
    }
    out->outer = outer;
    out->key = out->spki != NULL ? X509_PUBKEY_get0(out->spki) : NULL;
    ERR_clear_error();
}

static unsigned needs_missing(unsigned needs, const struct lint_context *context)
{
    unsigned given = (context->issuer != NULL ? LINT_NEEDS_ISSUER : 0u) |
                     (context->request != NULL ? LINT_NEEDS_REQUEST : 0u) |
                     (context->list != NULL ? LINT_NEEDS_LIST : 0u) |
                     (context->previous != NULL ? LINT_NEEDS_PREVIOUS : 0u) |
                     (context->weak_keys != NULL ? LINT_NEEDS_WEAK_KEYS : 0u);
    return needs & ~given;
}

static void ids_add(struct lint_ids *ids, const char *id)
{
    const char **grown = realloc(ids->id, (ids->count + 1) * sizeof *grown);
    if (grown == NULL)
        abort();
    ids->id = grown;
    ids->id[ids->count++] = id;
}

static enum severity severity_of(char grade)
{
    return grade == 'E' ? SEVERITY_ERROR : grade == 'W' ? SEVERITY_WARNING : SEVERITY_NOTE;
}

static void rule_ask(struct lint_report *out, const struct lint_case *c, const struct lint_rule *rule,
                     const char *place)
{
    char grade = rule->grades[c->context->profile];
    unsigned missing = needs_missing(rule->needs, c->context);
    struct err text = {0};
    if ((rule->views & c->subject->view) == 0 || grade == '-') {
        ids_add(&out->not_applicable, rule->id);
        return;
    }
    if (missing != 0) {
        out->wanting |= missing;
        ids_add(&out->not_checked, rule->id);
        return;
    }
    enum lint_answer answer = rule->judge(c, rule, &text);
    ERR_clear_error();
    if (answer == LINT_FOUND)
        findings_add(&out->found, severity_of(grade), rule->id, place, rule->clause, "%s; %s", text.text,
                     rule->remedy);
    else
        ids_add(answer == LINT_PASS ? &out->passed : &out->not_applicable, rule->id);
}

void lint_judge(struct lint_report *out, const struct lint_subject *subject,
                const struct lint_context *context, const char *place)
{
    struct lint_case c;
    case_of(&c, subject);
    c.context = context;
    *out = (struct lint_report){0};
    for (size_t i = 0; i < TABLES; i++)
        for (const struct lint_rule *rule = tables[i]; rule->id != NULL; rule++)
            rule_ask(out, &c, rule, place);
    findings_sort(&out->found);
}

/* Who stopped being a signer: a page of its own revokes a certificate, and may enrol the next. */
#include "reportparts.h"

#include "pagejson.h"

#include <string.h>

static const json_t *signer_of(const json_t *report, const char *label)
{
    size_t i;
    json_t *signer;
    json_array_foreach(json_object_get(json_object_get(report, "verify"), "signers"), i, signer)
    {
        if (strcmp(json_text(signer, "label"), label) == 0)
            return signer;
    }
    return NULL;
}

void report_revoked(json_t *report)
{
    json_t *list = json_array(), *page;
    size_t i;
    json_array_foreach(json_object_get(report, "pages"), i, page)
    {
        const json_t *revoked = json_object_get(page, PAGE_REVOKED);
        if (revoked == NULL)
            continue;
        json_t *one = json_copy((json_t *)revoked);
        json_object_set(one, "page", json_object_get(page, "number"));
        json_object_set(one, "station", json_object_get(page, "station"));
        json_object_set_new(one, "name",
                            json_string(json_text(signer_of(report, json_text(revoked, "label")), "name")));
        json_array_append_new(list, one);
    }
    json_object_set_new(report, "revoked", list);
}

static json_t *next_of(const json_t *report, const json_t *revoked)
{
    const char *next = json_text(revoked, "next");
    return *next != '\0'
               ? line_text("%s, certificate SHA-256 %s", next, json_text(signer_of(report, next), "sha256"))
               : line_text("%s", "nobody");
}

void report_revoked_section(json_t *document, const json_t *report)
{
    const json_t *list = json_object_get(report, "revoked");
    json_t *blocks, *revoked;
    size_t i;
    if (json_array_size(list) == 0)
        return;
    blocks = document_section(document, "revoked", "Signers who were revoked");
    block_text(blocks, line_text("%s", "From the page after it a revoked key seals nothing. What it sealed "
                                       "once others had it is worth no more than the chain of pages and the "
                                       "other seals; since when that was, no record shows."));
    json_array_foreach(list, i, revoked)
    {
        const json_int_t number = json_integer_value(json_object_get(revoked, "page"));
        OWN(char) *id = text_format("revoked-%lld", (long long)number),
                  *to = text_format("page-%lld", (long long)number),
                  *where = text_format("page %lld", (long long)number),
                  *title = text_format("%s, who sealed as %s", json_text(revoked, "name"),
                                       json_text(revoked, "label"));
        block_heading(blocks, id, title);
        json_t *rows = block_fields(blocks);
        field_add(rows, "Reason", line_styled("strong", json_text(revoked, "reason")));
        field_add(rows, "What happened", line_text("%s", json_text(revoked, "why")));
        field_add(rows, "Decided by", line_text("%s", json_text(revoked, "by")));
        field_add(rows, "Next in their stead", next_of(report, revoked));
        field_add(rows, "Revoked certificate, SHA-256", line_styled("code", json_text(revoked, "sha256")));
        field_add(
            rows, "Told on",
            line_of(line_link(to, where), line_text(", sealed by %s", json_text(revoked, "station")), NULL));
    }
}

/* One whose key others had says more of the pages before than the seals themselves can. */
json_t *report_revoked_keys(const json_t *report, const struct fact *self)
{
    const json_t *list = json_object_get(report, "revoked");
    json_t *fact, *revoked;
    size_t i, lost = 0;
    json_array_foreach(list, i, revoked) lost += strcmp(json_text(revoked, "reason"), REVOKED_ENDED) != 0;
    if (json_array_size(list) == 0)
        return fact_new("none", "%s", self->what);
    fact = fact_new(lost > 0 ? "recorded" : "pass",
                    "%zu signers were revoked, %zu of them as lost or compromised: people say what happened",
                    json_array_size(list), lost);
    json_array_foreach(list, i, revoked)
        fact_evidence(fact, (long)json_integer_value(json_object_get(revoked, "page")), "page.json");
    return fact;
}

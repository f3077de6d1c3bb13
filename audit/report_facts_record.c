/* Facts of revocation lists, and of the record itself. */
#include "reportparts.h"

#include "../ceremony/certificate.h"

#include <string.h>

#define DAY (24 * (time_t)3600)
#define LIST_DAYS 366        /* BR 7.2: twelve months for CA certificates; the longest year */
#define LIST_DAYS_FEDERAL 32 /* FED 4.9.7 */

static void evidence_of(json_t *fact, const json_t *made)
{
    fact_evidence(fact, (long)json_integer_value(json_object_get(made, "page")), json_text(made, "member"));
}

static json_t *failed(const json_t *made, const char *why)
{
    json_t *fact = fact_new("fail", "%s: %s", json_text(made, "name"), why);
    evidence_of(fact, made);
    return fact;
}

/* ---- revocation lists ---- */

static bool issued_anything(const json_t *report)
{
    size_t i;
    json_t *made;
    json_array_foreach(json_object_get(report, "certificates"), i,
                       made) if (!json_is_true(json_object_get(made, "generated")) &&
                                 strcmp(json_text(made, "subject"), json_text(made, "issuer")) !=
                                     0) return true;
    return false;
}

static const json_t *lists(const json_t *report)
{
    return json_object_get(report, "crls");
}

static json_t *list_made(const json_t *report, const struct fact *self)
{
    if (json_array_size(lists(report)) == 0)
        return issued_anything(report) ? fact_new("fail", "%s", self->missing)
                                       : fact_new("none", "nothing was issued");
    const json_t *last = json_array_get(lists(report), json_array_size(lists(report)) - 1);
    json_t *fact = fact_new("pass", "a list was made; the next is due by %s", json_text(last, "next_update"));
    evidence_of(fact, last);
    return fact;
}

static json_t *none_made(void)
{
    return fact_new("none", "the ceremony made no revocation list");
}

static json_t *list_numbers(const json_t *report, const struct fact *self)
{
    OWN(json_t) *newest = json_object();
    size_t i;
    json_t *list;
    (void)self;
    json_array_foreach(lists(report), i, list)
    {
        const json_t *before = json_object_get(newest, json_text(list, "issuer"));
        const json_t *number = json_object_get(list, "number");
        if (before != NULL && json_integer_value(number) <= json_integer_value(before))
            return failed(list, "its number does not rise");
        json_object_set(newest, json_text(list, "issuer"), json_object_get(list, "number"));
    }
    return i == 0 ? none_made() : fact_new("pass", "numbers of lists rise");
}

static bool times_of(time_t *from, time_t *until, const json_t *list)
{
    struct err ignored = {0};
    return time_parse(from, json_text(list, "this_update"), &ignored) &&
           time_parse(until, json_text(list, "next_update"), &ignored);
}

static json_t *list_life(const json_t *report, const struct fact *self)
{
    bool federal = strcmp(json_text(report, "profile"), controls_profiles[CONTROLS_FEDERAL]) == 0;
    time_t most = (federal ? LIST_DAYS_FEDERAL : LIST_DAYS) * DAY, from = 0, until = 0;
    size_t i;
    json_t *list;
    (void)self;
    json_array_foreach(lists(report), i, list)
    {
        if (!times_of(&from, &until, list) || until - from > most)
            return failed(list, federal ? "it lasts longer than 32 days" : "it lasts longer than a year");
    }
    return i == 0 ? none_made() : fact_new("pass", "no list lasts longer than %ld days", (long)(most / DAY));
}

static const json_t *certificate_named(const json_t *report, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(report, "certificates"), i,
                       one) if (strcmp(json_text(one, "name"), name) == 0) return one;
    return NULL;
}

static json_t *list_nested(const json_t *report, const struct fact *self)
{
    size_t i;
    json_t *list;
    (void)self;
    json_array_foreach(lists(report), i, list)
    {
        const json_t *issuer = certificate_named(report, json_text(list, "issuer_name"));
        if (issuer == NULL)
            return failed(list, "its issuer is not in the record");
        if (strcmp(json_text(list, "this_update"), json_text(issuer, "not_before")) < 0 ||
            strcmp(json_text(list, "next_update"), json_text(issuer, "not_after")) > 0)
            return failed(list, "it is not within its issuer's life");
    }
    return i == 0 ? none_made() : fact_new("pass", "lists are within their issuers' lives");
}

/* CRLReason 0 is "unspecified", 6 "certificateHold"; -1 stands for none. */
static json_t *list_reasons(const json_t *report, const struct fact *self)
{
    size_t i, e;
    json_t *list, *entry;
    (void)self;
    json_array_foreach(lists(report), i, list) json_array_foreach(json_object_get(list, "revoked"), e, entry)
    {
        json_int_t reason = json_integer_value(json_object_get(entry, "reason"));
        if (reason <= 0 || reason == 6)
            return failed(list, "an entry has no reason, or one that a CA's certificate may not have");
    }
    return i == 0 ? none_made() : fact_new("pass", "every entry has a reason");
}

static bool has_entry(const json_t *list, const char *serial)
{
    size_t e;
    json_t *entry;
    json_array_foreach(json_object_get(list, "revoked"), e,
                       entry) if (strcmp(json_text(entry, "serial"), serial) == 0) return true;
    return false;
}

static json_t *list_entries_kept(const json_t *report, const struct fact *self)
{
    const json_t *before = NULL;
    size_t i, e;
    json_t *list, *entry;
    (void)self;
    json_array_foreach(lists(report), i, list)
    {
        if (before != NULL && strcmp(json_text(before, "issuer"), json_text(list, "issuer")) == 0)
            json_array_foreach(
                json_object_get(before, "revoked"), e,
                entry) if (!has_entry(list,
                                      json_text(
                                          entry,
                                          "serial"))) return failed(list,
                                                                    "an entry of the list before it is gone");
        before = list;
    }
    return i == 0 ? none_made() : fact_new("pass", "no entry was lost between two lists of this record");
}

static json_t *list_recorded(const json_t *report, const struct fact *self)
{
    size_t i;
    json_t *list, *fact = fact_new("pass", "each list is on the page of its step");
    (void)self;
    json_array_foreach(lists(report), i, list) evidence_of(fact, list);
    if (i > 0)
        return fact;
    json_decref(fact);
    return none_made();
}

const struct fact facts_lists[] = {
    {"list-made", list_made, NULL, "certificates were issued, but no revocation list was made"},
    {"list-numbers", list_numbers, NULL, NULL},
    {"list-life", list_life, NULL, NULL},
    {"list-nested", list_nested, NULL, NULL},
    {"list-reasons", list_reasons, NULL, NULL},
    {"list-entries-kept", list_entries_kept, NULL, NULL},
    {"list-recorded", list_recorded, NULL, NULL},
    {0},
};

/* ---- the record ---- */

static json_t *holds(const json_t *report, const struct fact *self)
{
    const char *verdict = json_text(json_object_get(report, "verify"), "verdict");
    (void)self;
    return fact_new(strncmp(verdict, "does not", 8) == 0 ? "fail" : "pass", "the record %s", verdict);
}

static json_t *anchored(const json_t *report, const struct fact *self)
{
    const json_t *anchors = json_object_get(json_object_get(report, "verify"), "anchors");
    bool held = strncmp(json_text(json_object_get(report, "verify"), "verdict"), "holds", 5) == 0;
    if (held && json_is_true(json_object_get(anchors, "signers")))
        return fact_new("pass", "it holds against certificates from elsewhere");
    if (held)
        return fact_new("pass", "it holds against the head from the signed paper");
    return fact_new("fail", "%s", self->missing);
}

static json_t *retention(const json_t *report, const struct fact *self)
{
    const json_t *due = json_object_get(report, "due");
    const json_t *last = json_array_get(due, json_array_size(due) - 1);
    (void)self;
    return last != NULL ? fact_new("pass", "to be kept until %.10s", json_text(last, "date"))
                        : fact_new("none", "nothing was issued, so nothing ends");
}

const struct fact facts_record[] = {
    {"holds", holds, NULL, NULL},
    {"anchored", anchored, NULL, "it was checked against nothing from outside it (--signers, --head)"},
    {"retention", retention, NULL, NULL},
    {0},
};

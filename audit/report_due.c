#include "reportparts.h"

#include "../ceremony/certificate.h"

#include <string.h>

#define RETENTION_YEARS 7 /* E411 OVR-6.4.6-01; FED 5.4.3: behind the end of what the records are about */

static void due_add(json_t *list, const char *date, const char *what, const json_t *of)
{
    if (*date != '\0')
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:O}", "date", date, "what", what, "name",
                                              json_text(of, "name"), "page", json_object_get(of, "page")));
}

/* RFC 3339 in UTC sorts as text. Insertion: there are few. */
static void sorted_append(json_t *list, json_t *due)
{
    size_t at = json_array_size(list);
    while (at > 0 && strcmp(json_text(json_array_get(list, at - 1), "date"), json_text(due, "date")) > 0)
        at--;
    json_array_insert(list, at, due);
}

/* The same day, years later; the 29th of February becomes the 28th. */
static void years_later(char text[32], const char *date, int years)
{
    int year = atoi(date) + years;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    snprintf(text, 32, "%04d%.16s", year, date + 4);
    if (strncmp(text + 4, "-02-29", 6) == 0 && !leap)
        memcpy(text + 4, "-02-28", 6);
}

/* Certificates of this ceremony that nobody purged: those that init made and a later step took away do not
 * end anything. */
static bool is_lasting(const json_t *certificate)
{
    return !json_is_true(json_object_get(certificate, "generated"));
}

/* A list that was brought in is the one before, and its date is met by this ceremony. */
static bool is_own(const json_t *list)
{
    return !json_is_true(json_object_get(list, "received"));
}

void report_due(json_t *report)
{
    OWN(json_t) *found = json_array();
    json_t *sorted = json_array(), *item;
    const char *last = "";
    size_t i;
    json_array_foreach(json_object_get(report, "crls"), i, item) if (is_own(item))
        due_add(found, json_text(item, "next_update"), "the next revocation list must be out", item);
    json_array_foreach(json_object_get(report, "certificates"), i, item)
    {
        const char *end = json_text(item, "not_after");
        if (!is_lasting(item))
            continue;
        due_add(found, end, "the certificate ends", item);
        last = strcmp(end, last) > 0 ? end : last;
    }
    json_array_foreach(found, i, item) sorted_append(sorted, item);
    if (*last != '\0') {
        char until[32];
        years_later(until, last, RETENTION_YEARS);
        json_array_append_new(sorted, json_pack("{s:s, s:s, s:s, s:n}", "date", until, "what",
                                                "until then the record is to be kept", "name", "this record",
                                                "page"));
    }
    json_object_set_new(report, "due", sorted);
}

#include "certificate.h"

#include <string.h>

void time_text(char text[32], time_t time)
{
    struct tm tm = {0};
    gmtime_r(&time, &tm);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* Parsing and printing again tells apart every form that is not exactly ours, and days that do not exist. */
bool time_parse(time_t *out, const char *text, struct err *err)
{
    struct tm tm = {0};
    char again[32] = "";
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    time_t time = 0;
    if (end != NULL && *end == 0) {
        time = timegm(&tm);
        time_text(again, time);
    }
    if (again[0] == 0 || strcmp(text, again) != 0)
        return err_set(err, "time \"%.40s\" is not in the form 2026-11-23T17:00:00Z (RFC 3339, UTC)", text);
    *out = time;
    return true;
}

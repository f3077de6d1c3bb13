#include "reportparts.h"

#define REPORT_FORMAT "verger-ceremony-report-1"

const char *const controls_profiles[] = {"private-internal", "public-tls", "etsi", "us-federal", NULL};

bool report_make(json_t **out, enum verdict *verdict, const struct report_options *options, struct err *err)
{
    OWN(json_t) *report =
        json_pack("{s:s, s:s}", "format", REPORT_FORMAT, "profile", controls_profiles[options->profile]);
    json_t *verified = NULL;
    if (!verify_record(&verified, verdict, &options->verify, err))
        return false;
    json_object_set_new(report, "verify", verified);
    if (!report_pages(report, options->verify.record, err))
        return false;
    report_revoked(report);
    struct err ignored = {0}; /* verify said what is wrong */
    if (*verdict == VERDICT_FAILS || !report_history(report, options->verify.record, &ignored))
        json_object_set_new(report, "history", json_array());
    report_due(report);
    report_grade(report, options->profile);
    *out = GIVE(report);
    return true;
}

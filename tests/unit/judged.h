/* judged.h - for tests: what verification says of the record in a story's folder. */
#ifndef VERGER_TESTS_JUDGED_H
#define VERGER_TESTS_JUDGED_H

#include "stranger.h"

#include "audit/verify.h"

static inline json_t *judge(const char *folder, const char *signers, const char *head, enum verdict *verdict)
{
    struct err err = {0};
    json_t *report = NULL;
    OWN(char) *record = path_join(folder, "record");
    OWN(char) *file = signers != NULL ? path_join(folder, signers) : NULL;
    const struct verify_options options = {.record = record, .signers = file, .head = head};
    assert_ok(verify_record(&report, verdict, &options, &err));
    return report;
}

static inline char *failed_ids(const json_t *report)
{
    OWN_STRUCT(bytes) out = {0};
    size_t i;
    json_t *failure;
    bytes_text(&out, "");
    json_array_foreach(json_object_get(report, "failures"), i, failure)
        bytes_format(&out, "%s: %s; ", json_string_value(json_object_get(failure, "id")),
                     json_string_value(json_object_get(failure, "text")));
    return (char *)bytes_give(&out).data;
}

/* With FORGED=FOLDER in the environment each record that was judged is kept there, as
 * FOLDER/`verdict`.XXXXXX, for other verifiers to judge (tests/independent). */
static inline void judged_keep(const char *folder, const char *verdict, const char *signers, const char *head)
{
    if (run(folder,
            "[ -z \"$FORGED\" ] || { d=$(mktemp -d \"$FORGED/%s.XXXXXX\") && cp -a record \"$d\" && "
            "{ [ -z '%s' ] || cp '%s' \"$d/signers.pem\"; } && { [ -z '%s' ] || echo '%s' >\"$d/head\"; }; }",
            verdict, signers, signers, head, head) != 0)
        fail_msg("the record cannot be kept");
}

static inline void assert_fails_with(const char *folder, const char *what, const char *id)
{
    enum verdict verdict = VERDICT_HOLDS;
    OWN(json_t) *report = judge(folder, "signers.pem", NULL, &verdict);
    OWN(char) *ids = failed_ids(report);
    OWN(char) *wanted = text_format("%s: ", id);
    if (verdict != VERDICT_FAILS || strstr(ids, wanted) == NULL)
        fail_msg("%s: want %s, found %s", what, id, ids);
    OWN_STRUCT(bytes) text = {0};
    verify_text(&text, report);
    assert_non_null(strstr(bytes_string(&text), "does not hold"));
    assert_non_null(strstr(bytes_string(&text), id));
    judged_keep(folder, id, "signers.pem", "");
}

static inline void assert_verdict(const char *folder, const char *signers, const char *head,
                                  enum verdict wanted)
{
    enum verdict verdict = VERDICT_FAILS;
    OWN(json_t) *report = judge(folder, signers, head, &verdict);
    OWN(char) *ids = failed_ids(report);
    if (verdict != wanted)
        fail_msg("verdict %d, not %d: %s", (int)verdict, (int)wanted, ids);
    judged_keep(folder, wanted == VERDICT_FAILS ? "fails" : "well", signers != NULL ? signers : "",
                head != NULL ? head : "");
}

#endif

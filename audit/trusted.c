#include "trusted.h"

#include "pagejson.h"

#include <string.h>

void trusted_free(struct trusted *t)
{
    record_free(t->record);
    json_decref(t->report);
    *t = (struct trusted){0};
}

const char *trusted_verdict(const struct trusted *t)
{
    return page_json_text(t->report, "verdict", NULL);
}

static bool refuse(const struct trusted *t, const char *folder, struct err *err)
{
    const json_t *failure = json_array_get(json_object_get(t->report, "failures"), 0);
    const json_t *page = json_object_get(failure, "page");
    OWN(char) *where = json_is_integer(page) ? text_format(", page %lld", (long long)json_integer_value(page))
                                             : text_copy("");
    return err_set(err, "%s: the record does not hold (%s%s): %s; see verger verify", folder,
                   page_json_text(failure, "id", NULL), where, page_json_text(failure, "text", NULL));
}

bool trusted_open(struct trusted *out, const struct verify_options *options, struct err *err)
{
    OWN_STRUCT(trusted) t = {0};
    if (!verify_record(&t.report, &t.verdict, options, err))
        return false;
    if (t.verdict == VERDICT_FAILS)
        return refuse(&t, options->record, err);
    if (!record_open(&t.record, options->record, false, err))
        return false;
    if (strcmp(record_head(t.record), page_json_text(t.report, "head", NULL)) != 0)
        return err_set(err, "%s: somebody changed it while it was read; begin again with a copy of your own",
                       options->record);
    trusted_free(out);
    *out = t;
    t = (struct trusted){0};
    return true;
}

void trusted_text(struct bytes *out, const struct trusted *t)
{
    switch (t->verdict) {
    case VERDICT_HOLDS:
        bytes_text(out, "The record holds.\n");
        break;
    case VERDICT_CUT_OFF:
        bytes_text(out, "The record is consistent as far as it goes, but a step is under way or was cut off; "
                        "that step is not in this.\n");
        break;
    case VERDICT_WAITS:
        bytes_text(out, "The record is consistent as far as it goes, but a page waits for the seals of "
                        "witnesses.\n");
        break;
    case VERDICT_CONSISTENT:
    case VERDICT_FAILS:
        bytes_text(out, "The record is consistent, not authenticated: whoever made it anew could have made "
                        "all of it.\nName the signers' certificates (--signers) or the head from the signed "
                        "paper (--head).\n");
        break;
    }
    if (json_is_true(json_object_get(t->report, "rehearsal")))
        bytes_text(out, "It is the record of a REHEARSAL: its keys and certificates are throw-away ones.\n");
    const json_t *steps = json_object_get(t->report, "steps");
    long long planned = json_integer_value(json_object_get(steps, "planned"));
    long long walked = json_integer_value(json_object_get(steps, "walked"));
    if (walked < planned)
        bytes_format(out, "It is incomplete: %lld of %lld steps walked.\n", walked, planned);
}

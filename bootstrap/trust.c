#include "trust.h"

bool trust_record(struct trusted *out, const struct arguments *arguments, const char *record, struct err *err)
{
    const struct verify_options options = {
        .record = record,
        .signers = arguments_value(arguments, "signers"),
        .head = arguments_value(arguments, "head"),
    };
    return trusted_open(out, &options, err);
}

bool trust_other(struct trusted *out, const struct arguments *arguments, const char *record, struct err *err)
{
    const struct verify_options options = {.record = record,
                                           .signers = arguments_value(arguments, "signers")};
    return trusted_open(out, &options, err);
}

int trust_exit(const struct trusted *t)
{
    return t->verdict == VERDICT_HOLDS ? EXIT_DONE : EXIT_CONSISTENT;
}

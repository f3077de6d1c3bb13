#include "trust.h"

#include <string.h>

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

bool trust_page(unsigned *number, const struct arguments *arguments, const struct record *record,
                struct err *err)
{
    const char *text = arguments_value(arguments, "page");
    char *end = NULL;
    *number = record_count(record) - 1;
    if (text == NULL)
        return true;
    unsigned long value = strtoul(text, &end, 10);
    if (strspn(text, "0123456789") == 0 || *end != '\0' || value > *number)
        return err_set(err, "--page %s: the record has the pages 0 to %u", text, *number);
    *number = (unsigned)value;
    return true;
}

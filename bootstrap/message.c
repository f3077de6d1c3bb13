#include "message.h"

#include "plain.h"
#include "wrap.h"

#include <unistd.h>

void message_show(const char *who, const char *text)
{
    OWN(char) *whole = text_format("%s: %s", who, text);
    OWN_STRUCT(bytes) plain = {0};
    OWN_STRUCT(bytes) shown = {0};
    plain_add(&plain, whole);
    wrap_add(&shown, bytes_string(&plain), wrap_columns(STDERR_FILENO));
    fprintf(stderr, "%s\n", bytes_string(&shown));
}

#include "scratch.h"

#include <string.h>

void scratch_free(struct scratch *s)
{
    if (s->text != s->small)
        free(s->text);
    s->text = NULL;
    s->len = 0;
}

char *scratch_room(struct scratch *s, size_t len)
{
    scratch_free(s);
    s->text = len < sizeof s->small ? s->small : memory_new(len + 1, 1);
    s->text[len] = 0;
    s->len = len;
    return s->text;
}

void scratch_set(struct scratch *s, const char *text, size_t len)
{
    memcpy(scratch_room(s, len), text, len);
}

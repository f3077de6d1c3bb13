#include "err.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <string.h>

static void text_set(struct err *err, const char *format, va_list args)
{
    vsnprintf(err->text, sizeof err->text, format, args);
}

static void text_append(struct err *err, const char *more)
{
    size_t used = strlen(err->text);
    snprintf(err->text + used, sizeof err->text - used, ": %s", more);
}

bool err_set(struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_set(err, format, args);
    va_end(args);
    return false;
}

bool err_errno(struct err *err, const char *format, ...)
{
    int number = errno;
    va_list args;
    va_start(args, format);
    text_set(err, format, args);
    va_end(args);
    text_append(err, strerror(number));
    return false;
}

bool err_ssl(struct err *err, const char *format, ...)
{
    unsigned long code = ERR_peek_last_error();
    const char *reason = code != 0 ? ERR_reason_error_string(code) : NULL;
    va_list args;
    va_start(args, format);
    text_set(err, format, args);
    va_end(args);
    if (reason != NULL)
        text_append(err, reason);
    ERR_clear_error();
    return false;
}

bool err_wrap(struct err *err, const char *format, ...)
{
    struct err inner = *err;
    va_list args;
    va_start(args, format);
    text_set(err, format, args);
    va_end(args);
    text_append(err, inner.text);
    return false;
}

/* err.h - one way to fail.
 *
 * Every function that can fail is `bool f(results..., inputs..., struct err *err)`: true is success, and
 * on false `err` holds one bounded text and the results are untouched. A text is lower case, names the file
 * or field and the rule (clause) that was broken, and says what to do. It never holds a secret.
 * `struct err` owns nothing; declare it with `struct err err = {0};`.
 */
#ifndef VERGER_ERR_H
#define VERGER_ERR_H

#include "own.h"

#include <stdbool.h>

struct err {
    char text[1024]; /* UTF-8, no newline at the end; cut at the bound, never overrun */
};

/* Set the text. Always false, so that `return err_set(err, ...)` reads well. */
bool err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As err_set, followed by ": " and what errno means. */
bool err_errno(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As err_set, followed by ": " and the reason of OpenSSL's newest error; empties OpenSSL's error queue. */
bool err_ssl(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Put "<format>: " before the text that is there: the caller knows what it was doing. Always false. */
bool err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

/* own.h - who frees what.
 *
 * A local that owns something says so where it is declared, and is freed when it leaves scope:
 *
 *     OWN(X509) *cert = NULL;          a pointer to a library's object
 *     OWN_STRUCT(bytes) pem = {0};     a struct of ours, held by value
 *     ...
 *     *out = GIVE(cert);               ownership leaves; the local is NULL from here on
 *
 * There is no `goto out` in this program: return early, and let the declarations clean up.
 */
#ifndef VERGER_OWN_H
#define VERGER_OWN_H

#include <stdio.h>
#include <stdlib.h>

#define OWN(type) __attribute__((cleanup(own_free_##type))) type
#define OWN_STRUCT(tag) __attribute__((cleanup(tag##_free))) struct tag

/* Define how a pointer to `type` is freed by OWN(type). The function must accept NULL. */
#define OWN_DEFINE(type, free_function)                                                                      \
    static inline void own_free_##type(type **p)                                                             \
    {                                                                                                        \
        if (*p != NULL)                                                                                      \
            free_function(*p);                                                                               \
    }                                                                                                        \
    struct own_needs_a_semicolon

/* The value of pointer `p`, which is NULL afterwards: ownership has been handed on. */
#define GIVE(p)                                                                                              \
    __extension__({                                                                                          \
        __typeof__(p) own_given = (p);                                                                       \
        (p) = NULL;                                                                                          \
        own_given;                                                                                           \
    })

/* A function whose result must not be ignored. */
#define MUST_CHECK __attribute__((warn_unused_result))

OWN_DEFINE(char, free);
OWN_DEFINE(FILE, fclose);

#endif

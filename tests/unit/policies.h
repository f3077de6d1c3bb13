/* policies.h - for tests: a policy out of its text, and its engine. */
#ifndef VERGER_TESTS_POLICIES_H
#define VERGER_TESTS_POLICIES_H

#include "ceremony/file.h"
#include "ceremony/json.h"
#include "ceremony/policy_engine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h> /* wants the first four */

static inline json_t *parse(const char *text)
{
    OWN_STRUCT(bytes) bytes = bytes_copy(text, strlen(text));
    json_t *value = NULL;
    struct err err = {0};
    if (!json_read(&value, &bytes, "policy", &err))
        fail_msg("%s: %s", text, err.text);
    return value;
}

static inline struct policy_engine *compile(const char *policy, enum policy_kind kind)
{
    OWN(json_t) *value = parse(policy);
    struct policy_engine *engine = NULL;
    struct err err = {0};
    if (!policy_engine_new(&engine, value, kind, &err))
        fail_msg("%s: %s", policy, err.text);
    return engine;
}

#endif

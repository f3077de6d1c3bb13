/* lintparts.h - a rule's row, and what rules share. For ceremony/lint*.c only. */
#ifndef VERGER_LINTPARTS_H
#define VERGER_LINTPARTS_H

#include "certificateparts.h"
#include "der.h"
#include "lint.h"

/* A thing as rules see it; what it has not is NULL. All borrowed. */
struct lint_case {
    const struct lint_subject *subject;
    const struct lint_context *context;
    X509 *certificate;
    X509_REQ *request;
    X509_CRL *list;
    X509_PUBKEY *spki;
    EVP_PKEY *key;                               /* NULL also when it cannot be read */
    const X509_NAME *name;                       /* the subject's; of a list its issuer's */
    const STACK_OF(X509_EXTENSION) * extensions; /* NULL: none */
    const X509_ALGOR *inner, *outer;             /* signature algorithms; of a request only the outer */
};

enum lint_answer { LINT_PASS, LINT_NOT_APPLICABLE, LINT_FOUND };

struct lint_rule {
    const char *id;
    const char
        *grades; /* a letter for each profile (enum lint_profile): Error, Warning, Notice, - not asked */
    const char *clause;
    const char *remedy; /* goes on behind what was found */
    unsigned views, needs;
    int nid; /* of an extension or attribute, for those that judge several alike */
    enum lint_answer (*judge)(const struct lint_case *c, const struct lint_rule *rule, struct err *text);
};

/* LINT_FOUND, with what was found: "is 1024 bits long". */
enum lint_answer lint_found(struct err *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* LINT_PASS or that. */
enum lint_answer lint_pass_if(bool good, struct err *text, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

enum {
    LINT_AUTHORITY = LINT_ROOT | LINT_INTERMEDIATE,
    LINT_BELOW = LINT_INTERMEDIATE | LINT_LEAF,
    LINT_CERTIFICATE = LINT_ROOT | LINT_INTERMEDIATE | LINT_LEAF,
    LINT_NAMED = LINT_CERTIFICATE | LINT_REQUEST,
    LINT_KEYED = LINT_NAMED | LINT_KEY,
    LINT_SIGNED = LINT_NAMED | LINT_LIST,
    LINT_EXTENDED = LINT_CERTIFICATE | LINT_LIST
};

/* The first extension of that kind, or NULL; and its decoded value, NULL also when it is damaged: cast it to
 * what X509V3_EXT_d2i gives, and free it. */
X509_EXTENSION *lint_extension(const struct lint_case *c, int nid);
void *lint_decoded(const struct lint_case *c, int nid);
/* The DER in it. */
struct der lint_value(const X509_EXTENSION *extension);

/* Judges for many rows: the extension `nid` is there, is not there, is critical, is not. */
enum lint_answer lint_present(const struct lint_case *c, const struct lint_rule *rule, struct err *text);
enum lint_answer lint_absent(const struct lint_case *c, const struct lint_rule *rule, struct err *text);
enum lint_answer lint_critical(const struct lint_case *c, const struct lint_rule *rule, struct err *text);
enum lint_answer lint_not_critical(const struct lint_case *c, const struct lint_rule *rule, struct err *text);

/* The CA's name constraints are within its issuer's (lint_nesting.c). */
enum lint_answer lint_nesting(const struct lint_case *c, const struct lint_rule *rule, struct err *text);

/* The tables. Each ends with {0}. */
extern const struct lint_rule lint_key_rules[], lint_rsa_rules[], lint_encoding_rules[], lint_field_rules[],
    lint_name_rules[], lint_usage_rules[], lint_extension_rules[], lint_place_rules[],
    lint_constraint_rules[], lint_issuer_rules[], lint_request_rules[], lint_list_rules[], lint_entry_rules[];

/* Integer roots and the like (lint_numbers.c). False only when memory ends. */
bool number_is_power(const BIGNUM *n);                     /* of a whole number, exponent 2 or more */
bool number_has_near_factors(const BIGNUM *n, int rounds); /* Fermat's method finds two */
unsigned number_small_factor(const BIGNUM *n); /* the smallest prime below 752 that divides it; 0: none */
bool number_is_roca(const BIGNUM *n);          /* CVE-2017-15361 */

#endif

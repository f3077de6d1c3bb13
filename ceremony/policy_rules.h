/* policy_rules.h - the entries of one kind on one side ("deny.dns"), found without a walk over them.
 *
 * step-ca does walk, and stops at the first entry that matches or that it cannot compare with the name. Which
 * one that is comes from tables here: of all that could stop the walk, the one that stands first does. */
#ifndef VERGER_POLICY_RULES_H
#define VERGER_POLICY_RULES_H

#include "policy_names.h"

#include <jansson.h>

struct policy_rule {
    enum policy_type type;
    bool deny;
    size_t index; /* its place in the list in ca.json */
    char *entry;  /* as it stands there */
    char *normal; /* as the engine keeps it: policy_entry_normal */
    char *key;    /* what it is found by, where that is not `normal` */
    struct policy_range range;
};

struct policy_table {
    struct policy_slot *slots;
    size_t size; /* a power of two, or 0 */
};

/* The lengths of prefixes that occur, longest first. */
struct policy_lengths {
    unsigned bits[129];
    size_t count;
};

#define POLICY_NOWHERE ((size_t)-1)

struct policy_rules {
    struct policy_rule *rule;
    size_t count;
    struct policy_table texts;        /* domains, folded texts, ranges */
    struct policy_table mailboxes;    /* email entries with a local part */
    struct policy_lengths lengths[2]; /* of IPv4 and IPv6 ranges */
    size_t everything; /* the first entry that matches any name; POLICY_NOWHERE: none, so below */
    size_t broken;     /* the first that no name can be compared with */
    size_t domain;     /* the first that is compared as a domain */
};
void policy_rules_free(struct policy_rules *rules);

/* Take a list of ca.json (NULL: none). The error is step-ca's own, without a remedy. */
MUST_CHECK bool policy_rules_new(struct policy_rules *out, enum policy_type type, bool deny,
                                 const json_t *entries, struct err *err);

/* policy_constraints.c: an entry as the subtree of a name constraint. Borrowed. */
const char *policy_rule_subtree(const struct policy_rule *rule);
/* Whether something that `allow` allows lies in the subtree that stands for `deny`, though `deny` does not
 * mean it. */
bool policy_rule_overreaches(const struct policy_rule *deny, const struct policy_rule *allow);
/* Whether some deny entry refuses all that `allow` allows anyhow. */
bool policy_rule_is_denied(const struct policy_rules *denied, const struct policy_rule *allow);

/* Where the walk stops, and why. */
enum policy_stop {
    POLICY_STOP_NONE, /* at the end */
    POLICY_STOP_MATCH,
    POLICY_STOP_UNREADABLE, /* the domain is none */
    POLICY_STOP_BROKEN,     /* the entry is none */
    POLICY_STOP_CRASH       /* step-ca's handler dies */
};
struct policy_hit {
    size_t index;
    enum policy_stop stop;
};

/* Whole texts: cn and principal entries. */
struct policy_hit policy_rules_text(const struct policy_rules *rules, const char *name);
/* `domain` is in lower case; a wildcard name ("*.x") only matches with `wildcards`. */
struct policy_hit policy_rules_domain(const struct policy_rules *rules, const char *domain, bool wildcards);
struct policy_hit policy_rules_mailbox(const struct policy_rules *rules, const struct scratch *local,
                                       const char *domain, bool wildcards);
struct policy_hit policy_rules_address(const struct policy_rules *rules, const struct policy_range *address);

#endif

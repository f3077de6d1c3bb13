/* explain.h - what is known of a rule besides what it found: why it is there, where it is from, what to do.
 *
 * The program's tables of rules lead: checks.h, lint.h, controls.h say clause and remedy where they have one.
 * vendor/rules, made into a table when the program is built, adds the reasons, and all of it where a rule has
 * no table of its own.
 */
#ifndef VERGER_EXPLAIN_H
#define VERGER_EXPLAIN_H

#include "../ceremony/json.h"

struct rule_fact {
    const char *ids; /* one, or several with a space between */
    const char *of;  /* the command that finds it; "run": an exception that a page records */
    const char *clause, *why, *remedy; /* "-": another table says it, or nobody */
};
extern const struct rule_fact rule_facts[]; /* ends with {0} */

struct explanation {
    const char *of;
    const char *says;   /* the rule in a sentence; NULL: its reason says it */
    const char *why;    /* NULL: that is what it asks */
    const char *clause; /* "": it is nobody's but ours */
    const char *remedy; /* what to do */
    const char *const
        *profile;          /* of what follows: names, ending with NULL; NULL: it weighs the same for all */
    const char *weight[8]; /* in each profile: "error", "shall", ... */
    const char *shows;     /* of a report's control: "check:ID" and "fact:NAME"; else NULL */
};
/* False: no such rule. A deviation's "template.RULE" is RULE. Everything in it is static. */
bool explain(struct explanation *out, const char *id);

/* The ids of all rules, in the tables' order: a JSON array of texts. Caller decrefs. */
json_t *explain_ids(void);

/* {"id","of","says","why","clause","remedy","weight" {profile: text}, "shows"}, what is not there left out.
 */
json_t *explanation_json(const char *id, const struct explanation *e);
/* The same for people. */
void explanation_text(struct bytes *out, const char *id, const struct explanation *e);

#endif

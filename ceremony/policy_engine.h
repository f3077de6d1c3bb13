/* policy_engine.h - step-ca's policy engine (facts: step-ca section 8): what it would answer, and why.
 *
 * A policy is compiled once, into tables; a name is then judged without a walk over the entries and, ASCII
 * names of common length, without the heap. The engine does not change afterwards: threads may share it.
 *
 * The semantics are step-ca 0.30.2's, its quirks among them:
 * - no entry at all allows everything, and allowWildcardNames says nothing then;
 * - a kind of name that no entry speaks of is refused as soon as anything of any kind is allowed;
 * - a deny entry beats any allow entry; a kind with deny entries alone allows all the rest;
 * - the common name comes last: accepted outright where cn entries exist, none denies it, and one allows it
 * or there is no allow.cn; else it is judged as the kind that it looks like, a denied one too;
 * - a name that cannot be read, or not compared, is an internal error (500) and no refusal (403). */
#ifndef VERGER_POLICY_ENGINE_H
#define VERGER_POLICY_ENGINE_H

#include "policy_rules.h"

enum policy_kind { POLICY_X509, POLICY_SSH_USER, POLICY_SSH_HOST };

struct policy_engine; /* owned by whoever compiled it */
void policy_engine_free(struct policy_engine *engine);
static inline void own_policy_engine(struct policy_engine **e)
{
    policy_engine_free(*e);
}
#define OWN_POLICY_ENGINE __attribute__((cleanup(own_policy_engine))) struct policy_engine

/* Compile the "policy" object of a ca.json (NULL: there is none, everything is allowed). Members in any
 * letter case, as step-ca reads them; unknown ones are ignored. The error is step-ca's own, with which it
 * does not start, and names no remedy: policy_check does. */
MUST_CHECK bool policy_engine_new(struct policy_engine **out, const json_t *policy, enum policy_kind kind,
                                  struct err *err);

struct policy_name {
    enum policy_type type; /* for SSH all are principals, whatever is said here */
    const char *text;      /* borrowed */
};

enum policy_reason {
    POLICY_UNDECIDED, /* in no answer */
    /* allowed */
    POLICY_NO_RULES,     /* there is no entry at all */
    POLICY_NAME_EMPTY,   /* an empty common name is not looked at */
    POLICY_ENTRY_ALLOWS, /* `rule` */
    POLICY_TYPE_OPEN,    /* nothing denies it, and there is no allow entry of its kind */
    POLICY_CN_OPEN,      /* deny.cn has entries, none is its, and there is no allow.cn */
    /* refused, 403 */
    POLICY_ENTRY_DENIES, /* `rule` */
    POLICY_NO_MATCH,     /* no allow entry of its kind matches */
    POLICY_TYPE_CLOSED,  /* no entry speaks of its kind, and others are allowed */
    /* not understood, 500 */
    POLICY_NO_ASCII,        /* DNS name: not under IDNA */
    POLICY_NO_DOMAIN,       /* DNS name: empty labels */
    POLICY_NO_MAILBOX,      /* e-mail address: no RFC 2821 mailbox */
    POLICY_NO_MAIL_DOMAIN,  /* e-mail address: its domain is broken Punycode */
    POLICY_HOST_ABSENT,     /* URI: has no host */
    POLICY_HOST_STAR,       /* URI: a '*' in its host */
    POLICY_HOST_PORT,       /* URI: host and port cannot be told apart */
    POLICY_HOST_ADDRESS,    /* URI: the host is an address */
    POLICY_HOST_UNREADABLE, /* URI: the host is no domain */
    POLICY_ENTRY_BROKEN,    /* `rule` cannot be compared with anything */
    POLICY_SSH_UNEXPECTED,  /* SSH: an address or a URL where none may be */
    POLICY_SSH_CLOSED,      /* SSH: only the other kind of certificate has a policy */
    /* no answer */
    POLICY_CRASH, /* the handler panics and the connection is closed */
    /* refused before the policy is asked, 400 */
    POLICY_NO_NAME, /* given as an address or a URI, and is none */
};

struct policy_answer {
    enum policy_reason reason;
    enum policy_kind kind;
    const char *name;               /* borrowed from the question */
    enum policy_type type;          /* as what step-ca speaks of it */
    enum policy_type judged;        /* by the entries of which kind it was judged */
    const struct policy_rule *rule; /* the entry that decided, the engine's; or NULL */
};
bool policy_allowed(const struct policy_answer *answer);

/* Judge one name by itself. */
struct policy_answer policy_judge(const struct policy_engine *engine, const struct policy_name *name);

/* Judge all names of a certificate as step-ca does: DNS, IP, email, URI names, then the common name; for SSH
 * what may not be there at all first. The answer is of the first that is not allowed. True: all are, and
 * `out` is untouched. */
bool policy_ask(struct policy_answer *out, const struct policy_engine *engine,
                const struct policy_name *names, size_t count);

/* ---- in words; each appends ---- */

/* step-ca's error: `dns name "x" not allowed`; nothing when it is allowed or crashes. */
void policy_answer_error(struct bytes *out, const struct policy_answer *answer);
/* The reason in its log: `dns "x" is not permitted by any constraint`. */
void policy_answer_detail(struct bytes *out, const struct policy_answer *answer);
/* What the client sees: the status (0: the connection is closed) and the message. */
int policy_answer_status(const struct policy_answer *answer);
void policy_answer_message(struct bytes *out, const struct policy_answer *answer);
/* Which rule it was, in a sentence for people, and as one word that does not change ("entry_allows"). */
void policy_answer_rule(struct bytes *out, const struct policy_answer *answer);
const char *policy_reason_word(enum policy_reason reason);
/* Where an entry stands: "authority.policy.x509.allow.dns.0". */
void policy_rule_place(struct bytes *out, const struct policy_rule *rule, enum policy_kind kind);

/* The rules of one kind on one side, for those who look at the policy itself. Borrowed. */
const struct policy_rules *policy_engine_rules(const struct policy_engine *engine, enum policy_type type,
                                               bool deny);
bool policy_engine_wildcards(const struct policy_engine *engine);
/* How many entries allow anything, of all kinds. */
size_t policy_engine_permits(const struct policy_engine *engine);

#endif

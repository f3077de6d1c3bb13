/* policy_names.h - names and entries of a policy, read as step-ca's engine reads them (facts: step-ca section
 * 8). */
#ifndef VERGER_POLICY_NAMES_H
#define VERGER_POLICY_NAMES_H

#include "gourl.h"
#include "scratch.h"

enum policy_type {
    POLICY_CN,
    POLICY_DNS,
    POLICY_IP,
    POLICY_EMAIL,
    POLICY_URI,
    POLICY_PRINCIPAL,
    POLICY_TYPES
};
/* "cn", "dns", ...: the keys of ca.json and the words of step-ca's answers. */
const char *policy_type_word(enum policy_type type);
/* POLICY_TYPES when it is none. */
enum policy_type policy_type_find(const char *word);

/* What step takes a bare name for: an address, a URL with a scheme, something with '@', else a DNS name. */
enum policy_type policy_classify(const char *name);

/* Whether a domain has only full labels of visible ASCII; one dot in front is allowed. */
bool policy_domain_reads(const char *domain);

/* "local@domain" (RFC 2821 4.1.2, as Go reads it): the local part without its quotes and backslashes;
 * `domain` points into `text`. */
MUST_CHECK bool policy_mailbox_read(struct scratch *local, const char **domain, const char *text);

/* An address or a range. An IPv4 one inside IPv6 is IPv4. */
struct policy_range {
    unsigned char address[16]; /* the host's bits are zero */
    unsigned size;             /* bytes of the address: 4 or 16 */
    unsigned bits;
};
/* As net.ParseIP. */
MUST_CHECK bool policy_address_read(struct policy_range *out, const char *text);
/* As an entry stands: "10.0.0.1", "10.0.0.0/24", "fe80::/10". */
MUST_CHECK bool policy_range_read(struct policy_range *out, const char *text);
/* Clear what is behind the first `bits` bits. */
void policy_range_mask(struct policy_range *range, unsigned bits);
bool policy_range_holds(const struct policy_range *range, const struct policy_range *inner);
/* As Go prints an address, without the prefix. */
#define POLICY_ADDRESS_TEXT 48
void policy_address_text(char text[POLICY_ADDRESS_TEXT], const struct policy_range *range);

/* An entry as the engine keeps it: "*.X" becomes ".x", "@x" becomes "x", all in ASCII; an IP entry as a
 * range; a principal as it is. The error is step-ca's own, from "cannot parse permitted domain constraint"
 * on; `deny` makes it "excluded". What makes step-ca crash ("@") is an error too. */
MUST_CHECK bool policy_entry_normal(struct scratch *out, enum policy_type type, const char *entry, bool deny,
                                    struct err *err);

#endif

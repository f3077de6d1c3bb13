/* san.h - subject alternative names (RFC 5280 4.2.1.6), from step's JSON to GeneralNames. */
#ifndef VERGER_SAN_H
#define VERGER_SAN_H

#include "bytes.h"

#include <jansson.h>
#include <openssl/x509v3.h>

/* The members that speak of alternative names; NULL when absent. Borrowed. */
struct san_members {
    const json_t *dns, *email, *ip, *uri; /* multi */
    const json_t *sans;                   /* [{type, value, asn1Value}] */
};

/* The names in step's order, NULL when there are none: DNS, email, IP, URI, each kind first from its own
 * member and then from `sans`. With a kind that Go's library does not know (dn, registeredID,
 * userPrincipalName, an OID) `extended` is true and `sans` keep their order behind the others.
 * permanentIdentifier and hardwareModuleName are refused: give the whole extension. */
MUST_CHECK bool san_build(GENERAL_NAMES **out, bool *extended, const struct san_members *members,
                          bool as_step, struct err *err);

/* Parse an IP address as Go's net.ParseIP: 4 or 16 bytes, IPv4 in IPv6 is 4. 0 when it is none. */
size_t ip_parse(unsigned char raw[16], const char *text);

#endif

/* host.h - host names, addresses and URLs as they stand in a configuration.
 *
 * A fault is a static phrase that continues the quoted text ("has an empty label; remove the extra dot");
 * NULL: there is none. */
#ifndef VERGER_HOST_H
#define VERGER_HOST_H

#include "bytes.h"

/* A DNS name in ASCII: letters, digits and hyphens (RFC 1123 2.1, STD 3), labels of at most 63 characters,
 * 253 in all (RFC 1035 2.3.4), no trailing dot, no wildcard. */
const char *host_name_fault(const char *name);

/* An IPv4 or IPv6 address, without brackets or zone. `bits` (may be NULL) gets 32 or 128. */
bool host_is_address(const char *text, int *bits);

/* A name or an address. */
const char *host_fault(const char *text);

/* What a server listens on: ":port", "host:port" or "[v6]:port", port 1 to 65535. */
const char *host_port_fault(const char *address);

/* An absolute URL cut up. A port that is absent is 0; path is from its '/', or "". */
struct url {
    char scheme[8]; /* lower-case */
    char host[256]; /* lower-case, without brackets */
    unsigned port;
    char path[512]; /* query and fragment included */
};
/* Only http and https with a legal host, no user, no white space or controls. `fault` may be NULL. */
bool url_parse(struct url *out, const char *text, const char **fault);

#endif

/* gourl.h - URLs as Go's net/url reads and writes them. Go takes much that RFC 3986 does not: "a:b" is one.
 */
#ifndef VERGER_GOURL_H
#define VERGER_GOURL_H

#include "scratch.h"

struct gourl_part {
    const char *text; /* borrowed from the URL's text; NULL: not there */
    size_t len;
};

struct gourl {
    struct gourl_part scheme, opaque, user, authority, path, query, fragment;
    struct scratch host; /* percent-decoded, with brackets and port; "" when there is none */
};
void gourl_free(struct gourl *url);

/* url.Parse; `text` must outlive `out`, which needs no preparation and holds nothing on failure. The scheme
 * may be absent. */
MUST_CHECK bool gourl_parse(struct gourl *out, const char *text);

/* Append what URL.String() gives. */
void gourl_text(struct bytes *out, const struct gourl *url);

/* The host of "host:port", as net.SplitHostPort. Returns NULL, or Go's words for what is wrong. */
const char *gourl_host_split(struct gourl_part *host, const char *address);

#endif

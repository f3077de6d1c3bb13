/* der.h - a strict reader of DER (X.690 10, 11), for what OpenSSL reads and does not show. */
#ifndef VERGER_DER_H
#define VERGER_DER_H

#include "bytes.h"

/* Borrowed bytes. */
struct der {
    const unsigned char *data;
    size_t len;
};

struct der_item {
    unsigned char tag; /* the identifier octet; tag numbers above 30 are not read: X.509 has none */
    struct der content;
};

/* Take the item that `rest` begins with off it. False: it is no DER (a length that is indefinite, not in its
 * shortest form, or beyond the end); `rest` is untouched then. */
MUST_CHECK bool der_take(struct der_item *out, struct der *rest);

/* As der_take, and the item has this tag. */
MUST_CHECK bool der_expect(struct der *content, struct der *rest, unsigned char tag);

/* Whether it is one item and nothing behind it, and that item, with all in it, has the one form that DER
 * allows: a BOOLEAN of 00 or FF, an INTEGER in the fewest bytes, no unused bit set in a BIT STRING. OCTET
 * STRINGs are not looked into. */
bool der_is_strict(struct der whole);

/* The identifier and length of an item, in `out`; returns how many bytes they are. `len` is below 4 GiB. */
enum { DER_HEADER_MAX = 6 };
size_t der_header(unsigned char out[DER_HEADER_MAX], unsigned char tag, size_t len);

enum { DER_BOOLEAN = 0x01, DER_INTEGER = 0x02, DER_BITS = 0x03, DER_OCTETS = 0x04, DER_SEQUENCE = 0x30 };

#endif

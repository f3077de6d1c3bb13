/* pem.h - files that hold exactly one object: PEM (RFC 7468) or plain DER. */
#ifndef VERGER_PEM_H
#define VERGER_PEM_H

#include "bytes.h"

/* What a look at a text finds, without decoding anything. */
struct pem_blocks {
    size_t count;      /* BEGIN lines */
    char label[64];    /* of the first block, "" when there is none */
    size_t begin, end; /* offsets of the first block and of what follows it */
    bool private_key;  /* some label says PRIVATE KEY */
};
void pem_look(struct pem_blocks *out, const struct bytes *text);

/* The DER of the one object in the file. `label` is the PEM label; a second word for the same may be given in
 * `old_label` (or NULL); `noun` says what is expected: "certificate". Text before BEGIN is allowed, as
 * openssl writes it. Errors: nothing, another label, more than one block, something behind it, a private key.
 * DER is passed on as it is. */
struct pem_kind {
    const char *label, *old_label, *noun;
};
MUST_CHECK bool pem_single(struct bytes *der, const struct bytes *text, const struct pem_kind *kind,
                           const char *what, struct err *err);

/* PEM of public DER. */
void pem_write(struct bytes *pem, const char *label, const struct bytes *der);

/* Whether only white space is left from `offset` on. */
bool pem_ends(const struct bytes *text, size_t offset);

#endif

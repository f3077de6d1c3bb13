/* subtree.h - the subtrees of name constraints (RFC 5280 4.2.1.10), one against another. */
#ifndef VERGER_SUBTREE_H
#define VERGER_SUBTREE_H

#include "ssl.h"

#include <stdbool.h>

/* Whether all names below `inner` are below `outer`. */
bool subtree_within(const GENERAL_NAME *inner, const GENERAL_NAME *outer);

/* Whether `outer` permits only some names of this kind, and none of its subtrees holds `inner`. */
bool subtree_beyond(const GENERAL_NAME *inner, const NAME_CONSTRAINTS *outer);

#endif

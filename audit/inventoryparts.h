/* inventoryparts.h - how an inventory grows; for inventory*.c alone. */
#ifndef VERGER_INVENTORYPARTS_H
#define VERGER_INVENTORYPARTS_H

#include "inventory.h"

/* A thing at a path, in place of what is there. Borrowed until the next one. */
struct thing *inventory_put(struct inventory *i, const char *path, enum thing_kind kind, unsigned mode);

#endif

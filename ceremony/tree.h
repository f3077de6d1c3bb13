/* tree.h - the tree under authority_check, and its chapters. Each adds what it finds. */
#ifndef VERGER_TREE_H
#define VERGER_TREE_H

#include "config.h"

struct tree {
    struct findings *out;
    const char *folder;
    authority_reader *read;
    void *context;
    time_t now;
    const json_t *config; /* ca.json, borrowed */
};

/* A file that a configuration names, by its path there; what is wrong is found at `place`. False: not read.
 */
bool tree_read(const struct tree *tree, struct bytes *out, const char *place, const char *path);

/* The root that vouches for the intermediate (the first one of several when none does), and the intermediate;
 * NULL where there is none to be read. Caller frees. */
X509 *tree_root(const struct tree *tree, const X509 *intermediate);
X509 *tree_intermediate(const struct tree *tree);

/* Root, intermediate, their chain and dates, what a CRL needs, the intermediate's own distribution points,
 * and name constraints against dnsNames. Either may be NULL. */
void tree_chain_check(const struct tree *tree, X509 *root, X509 *intermediate);

/* What the certificates that are given out will meet: an intermediate that ends before they do, no list that
 * could name them, a policy that refuses the names of people. `intermediate` may be NULL. */
void tree_leaf_check(const struct tree *tree, const X509 *intermediate);

#endif

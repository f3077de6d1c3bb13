#include "lintparts.h"

#include "subtree.h"

/* What the issuer permits bounds what a CA below it permits (RFC 5280 6.1.4 g): to permit more is of no use,
 * and looks as if it were. */

enum lint_answer lint_nesting(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    OWN(NAME_CONSTRAINTS) *ours = lint_decoded(c, rule->nid);
    OWN(NAME_CONSTRAINTS) *theirs = X509_get_ext_d2i(c->context->issuer, rule->nid, NULL, NULL);
    if (ours == NULL || theirs == NULL)
        return LINT_NOT_APPLICABLE;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(ours->permittedSubtrees); i++)
        if (subtree_beyond(sk_GENERAL_SUBTREE_value(ours->permittedSubtrees, i)->base, theirs))
            return lint_found(text, "permitted name constraint number %d is wider than all of the issuer's",
                              i + 1);
    return LINT_PASS;
}

/* profilelint.h - what step takes from a template without a word and what then hurts, each by its name.
 *
 * An ERROR is what the strict reader (profile.h) refuses, or what makes a certificate that is refused; a
 * WARNING what works otherwise than its author will expect; a NOTE is for information. */
#ifndef VERGER_PROFILELINT_H
#define VERGER_PROFILELINT_H

#include "authority.h"
#include "profile.h"

/* Judge a rendered template; places begin with "rendered: ". `issuer` (NULL: not known) is who will sign.
 * `profile` becomes what step makes of it, or NULL when step itself refuses. Caller frees. */
void profile_lint(struct findings *out, struct profile **profile, const struct bytes *json,
                  const X509 *issuer);

#endif

/* config.h - the rules for a ca.json, by chapter. Each adds what it finds; the JSON was read, its keys and
 * types are schema_check's. An ERROR is what step-ca does not start with, or does otherwise than the file
 * says; a WARNING what it does as told, but not as people expect; a NOTE is for information. */
#ifndef VERGER_CONFIG_H
#define VERGER_CONFIG_H

#include "schema.h"

/* Everything: schema_check and the chapters below. */
void config_check(struct findings *out, const json_t *config);

/* The crl block and the distribution points of the leaves that the provisioners' templates make. */
void revocation_check(struct findings *out, const json_t *config);
void provisioners_check(struct findings *out, const json_t *config);
void policy_report(struct findings *out, const json_t *config);

/* How long, in nanoseconds, a provisioner's X.509 certificates live at least ("min"), when nothing else is
 * asked
 * ("default") and at most ("max"): its own claim, or the authority's, or step-ca's. */
long long provisioner_lifetime(const json_t *config, const json_t *provisioner, const char *which);

/* The text of a provisioner's X.509 template, decoded where it stands in base64; "" when it has none. Caller
 * frees. */
char *provisioner_template(const json_t *provisioner);

/* The URL in the CRL's IssuingDistributionPoint: crl.idpURL, or what step-ca makes of the first DNS name when
 * that is absent. Caller frees. */
char *revocation_idp(const json_t *config);

/* Whether a URL is one at which this CA serves its own CRL. */
bool revocation_is_own(const json_t *config, const char *url);

/* The URLs of every "crlDistributionPoints" in a leaf template, as an array of strings. The template is a Go
 * template and no JSON, so this is a tolerant scan; `computed`: a value is made by the template and unknown.
 */
json_t *template_crl_urls(const char *text, bool *computed);

#endif

/* authority.h - the folder tree that step-ca loads: made, changed, checked. Facts: step-ca sections 2, 6, 9.
 *
 * Making and changing work on texts, not on disk: the walk seals a page before anything moves into place.
 */
#ifndef VERGER_AUTHORITY_H
#define VERGER_AUTHORITY_H

#include "certificate.h"
#include "json.h"

#define AUTHORITY_ROOT "certs/root_ca.crt"
#define AUTHORITY_CERTIFICATE "certs/intermediate_ca.crt"
#define AUTHORITY_ROOT_KEY "secrets/root_ca_key"
#define AUTHORITY_KEY "secrets/intermediate_ca_key"
#define AUTHORITY_CONFIG "config/ca.json"
#define AUTHORITY_DEFAULTS "config/defaults.json"

/* What `step ca init` is told. Strings are borrowed. */
struct authority_options {
    const char *folder;      /* absolute path of the tree: it stands in ca.json */
    const char *name;        /* of the PKI */
    const char *const *dns;  /* DNS names and IP addresses, ends with NULL; "[::1]" becomes "::1" */
    const char *address;     /* "host:port" or ":port" */
    const char *provisioner; /* name of the first JWK provisioner */
    const char *ca_url;      /* --with-ca-url, or NULL */
    bool no_db, acme;
    bool remote_management; /* authority.enableAdmin; the provisioners stay in ca.json, from which step-ca
                             * takes them into its database at its first start (step writes that database
                             * itself) */
};

/* Every option legal: dns not empty and each a legal name or address, address with a port, names not empty.
 * Run by the script's check, before anything is done. */
MUST_CHECK bool authority_check_options(const struct authority_options *options, struct err *err);

/* ca.json and defaults.json, byte for byte as step writes them (Go's MarshalIndent with tabs, no final
 * newline). `jwk` and `jwe` are the provisioner's; `fingerprint` the root's. */
MUST_CHECK bool authority_config(struct bytes *ca_json, const struct authority_options *options,
                                 const json_t *jwk, const char *jwe, struct err *err);
MUST_CHECK bool authority_defaults(struct bytes *defaults_json, const struct authority_options *options,
                                   const char *fingerprint, struct err *err);

/* One thing found in a tree or a configuration. */
enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };
struct finding {
    enum severity severity;
    char rule[48];   /* "crl_misplaced": lower-case, stable, known to `verger explain` */
    char place[160]; /* file and member or field: "config/ca.json: authority.crl" */
    char text[512];  /* what is wrong and what to do */
    char clause[96]; /* source, or "" */
};
struct findings {
    struct finding *list;
    size_t count;
};
void findings_free(struct findings *f);
void findings_add(struct findings *f, enum severity severity, const char *rule, const char *place,
                  const char *clause, const char *format, ...) __attribute__((format(printf, 6, 7)));
size_t findings_errors(const struct findings *f); /* how many are errors */
bool findings_have(const struct findings *f, const char *rule);
/* Errors first, then warnings, then notes; each in the order in which they were found. */
void findings_sort(struct findings *f);
/* Appended for people: a paragraph each, and nothing at all when there is none. */
void findings_text(struct bytes *out, const struct findings *f);
/* [{"severity": "error", "warning" or "note", "rule", "place", "text", "clause"}]. Caller decrefs. */
json_t *findings_json(const struct findings *f);

/* An ERROR is what step-ca does not start with, or does otherwise than the files say; a WARNING what it does
 * as told but not as people expect; a NOTE is for information. `err` is for what keeps from checking; what is
 * wrong with the files is a finding.
 *
 * A ca.json text by itself: unknown, misspelt (nearest known one named), mis-cased and misplaced keys
 * ("crl" inside authority, "policy" at top level), addresses, dnsNames, durations and crl constraints, crl
 * without db, policy entries illegal, policy dead under enableAdmin, a private "d" in a provisioner's key,
 * idpURL absent or not http or not equal to the leaf templates' CDP. */
MUST_CHECK bool authority_check_config(struct findings *out, const struct bytes *ca_json, struct err *err);

/* The whole tree as it would start: the files that ca.json names exist, chain and dates at `now`, key is
 * encrypted and matches (with `password`; NULL: key not opened, a note says so), key usage and SKI that a CRL
 * needs, defaults.json's fingerprint, CDP of the intermediate is not its own CRL, and authority_check_config.
 * `read` gives a file by its path relative to the tree (from staging or from disk), or by its absolute path
 * where ca.json names one outside of the tree; false: not there. */
typedef bool authority_reader(void *context, const char *path, struct bytes *out);
MUST_CHECK bool authority_check(struct findings *out, const char *folder, authority_reader *read,
                                void *context, const struct secret *password, time_t now, struct err *err);

/* The same of a tree on disk, made by verger or not, with what only the disk shows: the mode of the key's
 * file, and a tree that does not lie where its ca.json says. `home` becomes the folder that ca.json means: a
 * moved tree is checked as if it lay there. The caller frees `home`. */
MUST_CHECK bool authority_check_disk(struct findings *out, char **home, const char *folder,
                                     const struct secret *password, time_t now, struct err *err);

/* A Go duration such as "24h" or "16h0m0s", in nanoseconds; and normalised as Go prints it. */
MUST_CHECK bool duration_parse(long long *ns, const char *text, struct err *err);
void duration_text(char text[48], long long ns);

#endif

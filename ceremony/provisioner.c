#include "config.h"

#include "jose.h"

#include <string.h>

#define LIST CONFIG_PLACE "authority.provisioners"
#define ADMIN CONFIG_PLACE "authority.enableAdmin"

/* ---- one provisioner ---- */

/* The kid says which key signed a token, and clients look the encrypted key up by it. */
static void jwk_check(struct findings *out, const char *path, const json_t *provisioner)
{
    const json_t *key = schema_member(provisioner, "key");
    struct err err = {0};
    OWN(char) *thumbprint = NULL;
    OWN(char) *place = text_format("%s.key", path);
    OWN(char) *sealed = text_format("%s.encryptedKey", path);
    if (!json_is_object(key)) {
        findings_add(out, SEVERITY_ERROR, "provisioner_key_missing", place, "step-ca JWK.Init",
                     "absent; a JWK provisioner needs its public key");
        return;
    }
    if (!jwk_thumbprint(&thumbprint, key, &err))
        findings_add(out, SEVERITY_ERROR, "provisioner_key_illegal", place, "RFC 7517", "%s", err.text);
    else if (strcmp(schema_text(key, "kid"), thumbprint) != 0)
        findings_add(
            out, SEVERITY_WARNING, "provisioner_kid", place, "RFC 7638",
            "kid is not the key's thumbprint, %s, by which clients know it; was the key changed by hand?",
            thumbprint);
    if (*schema_text(provisioner, "encryptedKey") == 0)
        findings_add(out, SEVERITY_WARNING, "provisioner_key_not_kept", sealed, "step-ca JWK",
                     "absent; clients then need the private key from elsewhere to ask for certificates");
}

/* What step-ca tells provisioners apart by: type, name, and for JWK the kid. */
static bool same_identity(const json_t *a, const json_t *b)
{
    const char *kid_a = schema_text(schema_member(a, "key"), "kid");
    const char *kid_b = schema_text(schema_member(b, "key"), "kid");
    return strcasecmp(schema_text(a, "type"), schema_text(b, "type")) == 0 &&
           strcmp(schema_text(a, "name"), schema_text(b, "name")) == 0 && strcmp(kid_a, kid_b) == 0;
}

static void identity_check(struct findings *out, const char *path, const json_t *list, size_t index)
{
    const json_t *provisioner = json_array_get(list, index);
    OWN(char) *type_place = text_format("%s.type", path);
    OWN(char) *name_place = text_format("%s.name", path);
    if (schema_provisioner_type(schema_text(provisioner, "type")) == NULL)
        findings_add(
            out, SEVERITY_ERROR, "provisioner_type_unknown", type_place,
            "step-ca ignores types that it does not know",
            "\"%.40s\" is no type that step-ca has, so that it passes over this provisioner without a word; "
            "write JWK or ACME",
            schema_text(provisioner, "type"));
    if (*schema_text(provisioner, "name") == 0)
        findings_add(out, SEVERITY_ERROR, "provisioner_name_missing", name_place, "step-ca JWK.Init",
                     "empty; step-ca then leaves this provisioner out and only logs it; name it");
    for (size_t i = 0; i < index; i++)
        if (same_identity(provisioner, json_array_get(list, i)))
            findings_add(
                out, SEVERITY_ERROR, "provisioner_twice", path, "step-ca authority.init",
                "the same type, name and key as provisioner %zu, with which step-ca does not start; remove "
                "one",
                i);
}

/* ---- claims ---- */

static const struct {
    const char *kind;
    long long least, most, usual; /* seconds, as step-ca has them when nobody says otherwise */
} lifetimes[] = {
    {"TLS", 300, 24 * 3600, 24 * 3600},
    {"UserSSH", 300, 24 * 3600, 16 * 3600},
    {"HostSSH", 300, 720 * 3600, 720 * 3600},
};

/* A provisioner's own claim, or else the authority's, or else step-ca's. */
static long long claim_of(const json_t *own, const json_t *authority, const char *prefix, const char *kind,
                          long long seconds)
{
    OWN(char) *key = text_format("%s%sCertDuration", prefix, kind);
    struct err err = {0};
    long long ns = 0;
    if (duration_parse(&ns, schema_text(own, key), &err) ||
        duration_parse(&ns, schema_text(authority, key), &err))
        return ns;
    return seconds * 1000000000LL;
}

long long provisioner_lifetime(const json_t *config, const json_t *provisioner, const char *which)
{
    const json_t *authority = schema_member(schema_member(config, "authority"), "claims");
    long long seconds = strcmp(which, "min") == 0   ? lifetimes[0].least
                        : strcmp(which, "max") == 0 ? lifetimes[0].most
                                                    : lifetimes[0].usual;
    return claim_of(schema_member(provisioner, "claims"), authority, which, lifetimes[0].kind, seconds);
}

static void claims_check(struct findings *out, const char *place, const json_t *own, const json_t *authority)
{
    for (size_t i = 0; i < sizeof lifetimes / sizeof lifetimes[0]; i++) {
        const char *kind = lifetimes[i].kind;
        long long least = claim_of(own, authority, "min", kind, lifetimes[i].least);
        long long most = claim_of(own, authority, "max", kind, lifetimes[i].most);
        long long usual = claim_of(own, authority, "default", kind, lifetimes[i].usual);
        if (least > 0 && least <= usual && usual <= most)
            continue;
        char texts[3][48];
        duration_text(texts[0], least);
        duration_text(texts[1], usual);
        duration_text(texts[2], most);
        findings_add(out, SEVERITY_ERROR, "claims_crossed", place, "step-ca Claimer.Validate",
                     "min%sCertDuration (%s), default (%s) and max (%s) must be above 0 and in this order, "
                     "what is not "
                     "given included; correct them together",
                     kind, texts[0], texts[1], texts[2]);
    }
}

/* ---- all ---- */

static void provisioner_check(struct findings *out, const json_t *list, size_t index, const json_t *claims)
{
    const json_t *provisioner = json_array_get(list, index), *own = schema_member(provisioner, "claims");
    if (!json_is_object(provisioner))
        return;
    OWN(char) *path = text_format(LIST ".%zu", index);
    OWN(char) *claims_place = text_format("%s.claims", path);
    identity_check(out, path, list, index);
    if (strcasecmp(schema_text(provisioner, "type"), "JWK") == 0)
        jwk_check(out, path, provisioner);
    if (own != NULL)
        claims_check(out, claims_place, own, claims);
}

/* With enableAdmin the database's provisioners count; those of ca.json go into it at the first start. */
static void admin_check(struct findings *out, const json_t *config, const json_t *list)
{
    if (!schema_true(schema_member(config, "authority"), "enableAdmin"))
        return;
    if (schema_member(config, "db") == NULL)
        findings_add(out, SEVERITY_ERROR, "admin_without_db", ADMIN, "step-ca authority.init",
                     "true, and there is no \"db\" to keep provisioners and administrators in: step-ca does "
                     "not start; "
                     "configure one, or take it out");
    else if (json_array_size(list) > 0)
        findings_add(
            out, SEVERITY_WARNING, "admin_takes_over", ADMIN, "step-ca authority.init",
            "true: at its first start step-ca takes the provisioners over into its database, with \"step\" "
            "as super administrator, and from then on those in ca.json have no effect; change them with "
            "\"step ca provisioner\"");
    else
        findings_add(out, SEVERITY_NOTE, "admin_database", ADMIN, "step-ca authority.init",
                     "true: the provisioners are in the database, which was not looked at");
}

void provisioners_check(struct findings *out, const json_t *config)
{
    const json_t *authority = schema_member(config, "authority");
    const json_t *list = schema_member(authority, "provisioners"),
                 *claims = schema_member(authority, "claims");
    if (claims != NULL)
        claims_check(out, CONFIG_PLACE "authority.claims", NULL, claims);
    if (json_array_size(list) == 0 && !schema_true(authority, "enableAdmin"))
        findings_add(out, SEVERITY_WARNING, "provisioner_none", LIST, "step-ca authority.init",
                     "no provisioner, so that nobody can ask for a certificate; add one");
    admin_check(out, config, list);
    for (size_t i = 0; i < json_array_size(list); i++)
        provisioner_check(out, list, i, claims);
}

#include "schema.h"

#include "near.h"

#include <string.h>

enum kind {
    TEXT,
    SECRET,  /* a text that must not be there */
    PRIVATE, /* part of a private key: a text that must not be there */
    BOOLEAN,
    NUMBER,
    DURATION,
    TEXTS,
    TEXT_OR_TEXTS,
    OBJECT,
    OBJECTS,
    ANY,
};

#define TOP ""
#define PROVISIONER "authority.provisioners[]"
#define NAMES "authority.policy.x509.allow"
#define SSH_NAMES "authority.policy.ssh.user.allow"

/* Where an object stands is its name here; one that stands in several places has its first place's. A key
 * that is
 * "*" lets any other pass. Keys of one type of provisioner follow those of all. */
static const struct row {
    const char *owner, *key;
    enum kind kind;
    const char *child;
} rows[] = {
    {TOP, "root", TEXT_OR_TEXTS, NULL},
    {TOP, "federatedRoots", TEXTS, NULL},
    {TOP, "crt", TEXT, NULL},
    {TOP, "key", TEXT, NULL},
    {TOP, "address", TEXT, NULL},
    {TOP, "insecureAddress", TEXT, NULL},
    {TOP, "dnsNames", TEXTS, NULL},
    {TOP, "kms", OBJECT, "kms"},
    {TOP, "ssh", OBJECT, "ssh"},
    {TOP, "logger", OBJECT, "logger"},
    {TOP, "db", OBJECT, "db"},
    {TOP, "monitoring", OBJECT, "monitoring"},
    {TOP, "authority", OBJECT, "authority"},
    {TOP, "tls", OBJECT, "tls"},
    {TOP, "password", SECRET, NULL},
    {TOP, "templates", OBJECT, "templates"},
    {TOP, "commonName", TEXT, NULL},
    {TOP, "crl", OBJECT, "crl"},
    {TOP, "metricsAddress", TEXT, NULL},
    {"crl", "enabled", BOOLEAN, NULL},
    {"crl", "generateOnRevoke", BOOLEAN, NULL},
    {"crl", "cacheDuration", DURATION, NULL},
    {"crl", "renewPeriod", DURATION, NULL},
    {"crl", "idpURL", TEXT, NULL},
    {"db", "type", TEXT, NULL},
    {"db", "dataSource", TEXT, NULL},
    {"db", "valueDir", TEXT, NULL},
    {"db", "database", TEXT, NULL},
    {"db", "badgerFileLoadingMode", TEXT, NULL},
    {"tls", "cipherSuites", TEXTS, NULL},
    {"tls", "minVersion", NUMBER, NULL},
    {"tls", "maxVersion", NUMBER, NULL},
    {"tls", "renegotiation", BOOLEAN, NULL},
    {"logger", "format", TEXT, NULL},
    {"logger", "traceHeader", TEXT, NULL},
    {"monitoring", "type", TEXT, NULL},
    {"monitoring", "name", TEXT, NULL},
    {"monitoring", "key", SECRET, NULL},
    {"kms", "type", TEXT, NULL},
    {"kms", "uri", TEXT, NULL},
    {"kms", "credentialsFile", TEXT, NULL},
    {"kms", "pin", SECRET, NULL},
    {"kms", "managementKey", SECRET, NULL},
    {"kms", "region", TEXT, NULL},
    {"kms", "profile", TEXT, NULL},
    {"kms", "storageDirectory", TEXT, NULL},
    {"ssh", "hostKey", TEXT, NULL},
    {"ssh", "userKey", TEXT, NULL},
    {"ssh", "keys", ANY, NULL},
    {"ssh", "addUserPrincipal", TEXT, NULL},
    {"ssh", "addUserCommand", TEXT, NULL},
    {"ssh", "bastion", ANY, NULL},
    {"templates", "ssh", ANY, NULL},
    {"templates", "data", ANY, NULL},
    {"authority", "type", TEXT, NULL},
    {"authority", "certificateAuthority", TEXT, NULL},
    {"authority", "certificateAuthorityFingerprint", TEXT, NULL},
    {"authority", "certificateIssuer", OBJECT, "authority.certificateIssuer"},
    {"authority", "credentialsFile", TEXT, NULL},
    {"authority", "config", ANY, NULL},
    {"authority", "authorityId", TEXT, NULL},
    {"authority", "deploymentType", TEXT, NULL},
    {"authority", "provisioners", OBJECTS, PROVISIONER},
    {"authority", "template", OBJECT, "authority.template"},
    {"authority", "claims", OBJECT, "authority.claims"},
    {"authority", "policy", OBJECT, "authority.policy"},
    {"authority", "disableIssuedAtCheck", BOOLEAN, NULL},
    {"authority", "backdate", DURATION, NULL},
    {"authority", "enableAdmin", BOOLEAN, NULL},
    {"authority", "disableGetSSHHosts", BOOLEAN, NULL},
    {"authority.certificateIssuer", "type", TEXT, NULL},
    {"authority.certificateIssuer", "provisioner", TEXT, NULL},
    {"authority.certificateIssuer", "crt", TEXT, NULL},
    {"authority.certificateIssuer", "key", TEXT, NULL},
    {"authority.certificateIssuer", "password", SECRET, NULL},
    {"authority.template", "country", TEXT, NULL},
    {"authority.template", "organization", TEXT, NULL},
    {"authority.template", "organizationalUnit", TEXT, NULL},
    {"authority.template", "locality", TEXT, NULL},
    {"authority.template", "province", TEXT, NULL},
    {"authority.template", "streetAddress", TEXT, NULL},
    {"authority.template", "serialNumber", TEXT, NULL},
    {"authority.template", "commonName", TEXT, NULL},
    {"authority.claims", "minTLSCertDuration", DURATION, NULL},
    {"authority.claims", "maxTLSCertDuration", DURATION, NULL},
    {"authority.claims", "defaultTLSCertDuration", DURATION, NULL},
    {"authority.claims", "minUserSSHCertDuration", DURATION, NULL},
    {"authority.claims", "maxUserSSHCertDuration", DURATION, NULL},
    {"authority.claims", "defaultUserSSHCertDuration", DURATION, NULL},
    {"authority.claims", "minHostSSHCertDuration", DURATION, NULL},
    {"authority.claims", "maxHostSSHCertDuration", DURATION, NULL},
    {"authority.claims", "defaultHostSSHCertDuration", DURATION, NULL},
    {"authority.claims", "enableSSHCA", BOOLEAN, NULL},
    {"authority.claims", "disableRenewal", BOOLEAN, NULL},
    {"authority.claims", "allowRenewalAfterExpiry", BOOLEAN, NULL},
    {"authority.claims", "disableSmallstepExtensions", BOOLEAN, NULL},
    {"authority.policy", "x509", OBJECT, "authority.policy.x509"},
    {"authority.policy", "ssh", OBJECT, "authority.policy.ssh"},
    {"authority.policy.x509", "allow", OBJECT, NAMES},
    {"authority.policy.x509", "deny", OBJECT, NAMES},
    {"authority.policy.x509", "allowWildcardNames", BOOLEAN, NULL},
    {NAMES, "cn", TEXTS, NULL},
    {NAMES, "dns", TEXTS, NULL},
    {NAMES, "ip", TEXTS, NULL},
    {NAMES, "email", TEXTS, NULL},
    {NAMES, "uri", TEXTS, NULL},
    {"authority.policy.ssh", "user", OBJECT, "authority.policy.ssh.user"},
    {"authority.policy.ssh", "host", OBJECT, "authority.policy.ssh.user"},
    {"authority.policy.ssh.user", "allow", OBJECT, SSH_NAMES},
    {"authority.policy.ssh.user", "deny", OBJECT, SSH_NAMES},
    {SSH_NAMES, "dns", TEXTS, NULL},
    {SSH_NAMES, "ip", TEXTS, NULL},
    {SSH_NAMES, "email", TEXTS, NULL},
    {SSH_NAMES, "principal", TEXTS, NULL},
    {PROVISIONER, "type", TEXT, NULL},
    {PROVISIONER, "name", TEXT, NULL},
    {PROVISIONER, "claims", OBJECT, "authority.claims"},
    {PROVISIONER, "options", OBJECT, PROVISIONER ".options"},
    {PROVISIONER ".options", "x509", OBJECT, PROVISIONER ".options.x509"},
    {PROVISIONER ".options", "ssh", OBJECT, PROVISIONER ".options.x509"},
    {PROVISIONER ".options", "webhooks", ANY, NULL},
    {PROVISIONER ".options.x509", "template", TEXT, NULL},
    {PROVISIONER ".options.x509", "templateFile", TEXT, NULL},
    {PROVISIONER ".options.x509", "templateData", ANY, NULL},
    {PROVISIONER " JWK", "key", OBJECT, PROVISIONER ".key"},
    {PROVISIONER " JWK", "encryptedKey", TEXT, NULL},
    {PROVISIONER ".key", "use", TEXT, NULL},
    {PROVISIONER ".key", "kty", TEXT, NULL},
    {PROVISIONER ".key", "kid", TEXT, NULL},
    {PROVISIONER ".key", "crv", TEXT, NULL},
    {PROVISIONER ".key", "alg", TEXT, NULL},
    {PROVISIONER ".key", "x", TEXT, NULL},
    {PROVISIONER ".key", "y", TEXT, NULL},
    {PROVISIONER ".key", "n", TEXT, NULL},
    {PROVISIONER ".key", "e", TEXT, NULL},
    {PROVISIONER ".key", "x5c", TEXTS, NULL},
    {PROVISIONER ".key", "x5u", TEXT, NULL},
    {PROVISIONER ".key", "x5t", TEXT, NULL},
    {PROVISIONER ".key", "x5t#S256", TEXT, NULL},
    {PROVISIONER ".key", "d", PRIVATE, NULL},
    {PROVISIONER ".key", "p", PRIVATE, NULL},
    {PROVISIONER ".key", "q", PRIVATE, NULL},
    {PROVISIONER ".key", "dp", PRIVATE, NULL},
    {PROVISIONER ".key", "dq", PRIVATE, NULL},
    {PROVISIONER ".key", "qi", PRIVATE, NULL},
    {PROVISIONER ".key", "k", PRIVATE, NULL},
    {PROVISIONER " ACME", "forceCN", BOOLEAN, NULL},
    {PROVISIONER " ACME", "termsOfService", TEXT, NULL},
    {PROVISIONER " ACME", "website", TEXT, NULL},
    {PROVISIONER " ACME", "caaIdentities", TEXTS, NULL},
    {PROVISIONER " ACME", "requireEAB", BOOLEAN, NULL},
    {PROVISIONER " ACME", "challenges", TEXTS, NULL},
    {PROVISIONER " ACME", "attestationFormats", TEXTS, NULL},
    {PROVISIONER " ACME", "attestationRoots", TEXT, NULL},
    {PROVISIONER " X5C", "roots", TEXT, NULL},
    {PROVISIONER " SSHPOP", NULL, ANY, NULL},
    {PROVISIONER " Nebula", "roots", TEXT, NULL},
    {PROVISIONER " K8sSA", "publicKeys", TEXT, NULL},
    {PROVISIONER " OIDC", "clientSecret", SECRET, NULL},
    {PROVISIONER " OIDC", "*", ANY, NULL},
    {PROVISIONER " SCEP", "challenge", SECRET, NULL},
    {PROVISIONER " SCEP", "decrypterKeyPassword", SECRET, NULL},
    {PROVISIONER " SCEP", "*", ANY, NULL},
    {PROVISIONER " AWS", "*", ANY, NULL},
    {PROVISIONER " GCP", "*", ANY, NULL},
    {PROVISIONER " Azure", "*", ANY, NULL},
};
#define ROWS (sizeof rows / sizeof rows[0])

/* ---- looking things up ---- */

static const json_t *member_folded(const json_t *object, const char *key)
{
    const json_t *exact = json_object_get(object, key);
    if (exact != NULL)
        return exact;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) if (json_key_folds(name, key)) return value;
    return NULL;
}

const json_t *schema_member(const json_t *object, const char *key)
{
    const json_t *value = member_folded(object, key);
    return json_is_null(value) ? NULL : value;
}

const char *schema_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(schema_member(object, key));
    return text != NULL ? text : "";
}

bool schema_true(const json_t *object, const char *key)
{
    return json_is_true(schema_member(object, key));
}

/* "authority.provisioners[] JWK" has the keys of "authority.provisioners[]" too. */
static bool row_owned(const struct row *row, const char *owner)
{
    size_t shared = strcspn(owner, " ");
    return strcmp(row->owner, owner) == 0 ||
           (owner[shared] != 0 && strlen(row->owner) == shared && strncmp(row->owner, owner, shared) == 0);
}

static const struct row *row_find(const char *owner, const char *key)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].key != NULL && row_owned(&rows[i], owner) && json_key_folds(rows[i].key, key))
            return &rows[i];
    return NULL;
}

const char *schema_provisioner_type(const char *type)
{
    size_t prefix = strlen(PROVISIONER " ");
    for (size_t i = 0; i < ROWS; i++)
        if (strncmp(rows[i].owner, PROVISIONER " ", prefix) == 0 &&
            strcasecmp(rows[i].owner + prefix, type) == 0)
            return rows[i].owner + prefix;
    return NULL;
}

/* ---- checking ---- */

#define IGNORED "step-ca ignores keys that it does not know"

static const char *nearest(const char *owner, const char *key)
{
    const char *known[ROWS + 1] = {NULL};
    size_t n = 0;
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].key != NULL && row_owned(&rows[i], owner))
            known[n++] = rows[i].key;
    return near_word(key, known);
}

/* Where a key belongs: "authority", or "authority.claims, or authority.template". NULL: nowhere. */
static char *homes_new(const char *key)
{
    struct bytes text = {0};
    const char *last = NULL;
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].key == NULL || !json_key_folds(rows[i].key, key) ||
            (last != NULL && strcmp(last, rows[i].owner) == 0))
            continue;
        last = rows[i].owner;
        bytes_format(&text, "%s%s", text.len > 0 ? ", or in " : "", *last != 0 ? last : "the top level");
    }
    return (char *)text.data;
}

static void unknown_report(struct findings *out, const char *owner, const char *place, const char *key)
{
    OWN(char) *homes = homes_new(key);
    const char *near = nearest(owner, key);
    if (homes != NULL) {
        const char *rule = json_key_folds(key, "crl")      ? "crl_misplaced"
                           : json_key_folds(key, "policy") ? "policy_misplaced"
                                                           : "key_misplaced";
        findings_add(out, SEVERITY_ERROR, rule, place, IGNORED,
                     "\"%.60s\" has no effect here: it belongs in %.300s; move it", key, homes);
    } else if (near != NULL) {
        findings_add(out, SEVERITY_ERROR, "key_misspelt", place, IGNORED,
                     "\"%.60s\" is not known and has no effect; is \"%s\" meant?", key, near);
    } else {
        findings_add(out, SEVERITY_WARNING, "key_unknown", place, IGNORED,
                     "\"%.60s\" is not known and has no effect; remove it, or move it where it belongs", key);
    }
}

static bool texts_are(const json_t *value)
{
    size_t i;
    json_t *element;
    json_array_foreach(value, i, element) if (!json_is_string(element)) return false;
    return json_is_array(value);
}

/* The type that is missing, in words; NULL: the value is of its kind. */
static const char *type_fault(enum kind kind, const json_t *value)
{
    switch (kind) {
    case TEXT:
    case SECRET:
    case PRIVATE:
    case DURATION:
        return json_is_string(value) ? NULL : "a string";
    case BOOLEAN:
        return json_is_boolean(value) ? NULL : "true or false";
    case NUMBER:
        return json_is_number(value) ? NULL : "a number";
    case TEXTS:
        return texts_are(value) ? NULL : "a list of strings";
    case TEXT_OR_TEXTS:
        return json_is_string(value) || texts_are(value) ? NULL : "a string or a list of strings";
    case OBJECT:
        return json_is_object(value) ? NULL : "an object";
    case OBJECTS:
        return json_is_array(value) ? NULL : "a list of objects";
    case ANY:
        break;
    }
    return NULL;
}

static void object_check(struct findings *out, const char *owner, const char *path, const json_t *object);

static void provisioner_check(struct findings *out, const char *path, const json_t *provisioner)
{
    const char *type = schema_provisioner_type(schema_text(provisioner, "type"));
    if (type == NULL)
        return; /* what its keys may be is not known; the configuration's check says so */
    OWN(char) *owner = text_format(PROVISIONER " %s", type);
    object_check(out, owner, path, provisioner);
}

static void list_check(struct findings *out, const char *path, const json_t *list)
{
    size_t i;
    json_t *element;
    json_array_foreach(list, i, element)
    {
        OWN(char) *place = text_format("%s.%zu", path, i);
        OWN(char) *full = text_format(CONFIG_PLACE "%s", place);
        if (json_is_object(element))
            provisioner_check(out, place, element);
        else
            findings_add(out, SEVERITY_ERROR, "value_type", full, "Go encoding/json",
                         "must be an object; step-ca does not start");
    }
}

static void text_check(struct findings *out, enum kind kind, const char *place, const char *text)
{
    struct err err = {0};
    long long ns;
    if (kind == DURATION && !duration_parse(&ns, text, &err))
        findings_add(out, SEVERITY_ERROR, "duration_illegal", place, "Go time.ParseDuration", "%s", err.text);
    if (kind == SECRET && *text != 0)
        findings_add(
            out, SEVERITY_ERROR, "secret_in_config", place, "BR 6.2.7",
            "a secret stands in a file that is kept in the public record; take it out (step-ca reads "
            "passwords from --password-file)");
    if (kind == PRIVATE)
        findings_add(
            out, SEVERITY_ERROR, "provisioner_key_private", place, "RFC 7517 9.2",
            "the private half of the provisioner's key stands in the open, and step-ca serves it to anybody; "
            "take it out, make a new key, and keep its private half in encryptedKey only");
}

static void value_check(struct findings *out, const struct row *row, const char *path, const json_t *value)
{
    OWN(char) *place = text_format(CONFIG_PLACE "%s", path);
    const char *fault = json_is_null(value) ? NULL : type_fault(row->kind, value);
    if (fault != NULL)
        findings_add(out, SEVERITY_ERROR, "value_type", place, "Go encoding/json",
                     "must be %s; step-ca does not start", fault);
    else if (row->kind == OBJECT)
        object_check(out, row->child, path, value);
    else if (row->kind == OBJECTS)
        list_check(out, path, value);
    else if (json_is_string(value))
        text_check(out, row->kind, place, json_string_value(value));
}

/* Whether an earlier key of the object is the same one to step-ca. */
static bool key_repeated(const json_t *object, const char *key)
{
    const char *other;
    json_t *value;
    json_object_foreach((json_t *)object, other, value)
    {
        if (strcmp(other, key) == 0)
            return false;
        if (json_key_folds(other, key))
            return true;
    }
    return false;
}

static void object_check(struct findings *out, const char *owner, const char *path, const json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        OWN(char) *at = text_format("%s%s%.80s", path, *path != 0 ? "." : "", key);
        OWN(char) *place = text_format(CONFIG_PLACE "%s", at);
        const struct row *row = row_find(owner, key);
        if (row == NULL && row_find(owner, "*") == NULL)
            unknown_report(out, owner, place, key);
        if (row == NULL)
            continue;
        if (key_repeated(object, key))
            findings_add(out, SEVERITY_ERROR, "key_twice", place, "Go encoding/json",
                         "step-ca takes \"%.60s\" for a key that already stands here; remove one", key);
        else if (strcmp(row->key, key) != 0)
            findings_add(out, SEVERITY_WARNING, "key_case", place, "Go encoding/json",
                         "step-ca takes \"%.60s\" for \"%s\", other readers do not; write \"%s\"", key,
                         row->key, row->key);
        value_check(out, row, at, value);
    }
}

void schema_check(struct findings *out, const json_t *config)
{
    object_check(out, TOP, "", config);
}

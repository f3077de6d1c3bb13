#include "config.h"

#include "host.h"

#include <string.h>

#define VALIDATE "step-ca authority/config Config.Validate"

/* ---- addresses and names ---- */

static void address_check(struct findings *out, const json_t *config)
{
    const char *address = schema_text(config, "address"), *plain = schema_text(config, "insecureAddress");
    const char *fault = host_port_fault(address);
    if (*address == 0)
        findings_add(out, SEVERITY_ERROR, "address_missing", CONFIG_PLACE "address", VALIDATE,
                     "no address to listen on; write \":443\"");
    else if (fault != NULL)
        findings_add(out, SEVERITY_ERROR, "address_illegal", CONFIG_PLACE "address", VALIDATE,
                     "\"%.100s\" %s", address, fault);
    if (*plain == 0)
        return;
    fault = host_port_fault(plain);
    if (fault != NULL)
        findings_add(out, SEVERITY_ERROR, "insecure_address_illegal", CONFIG_PLACE "insecureAddress",
                     VALIDATE, "\"%.100s\" %s", plain, fault);
    else if (strcmp(address, plain) == 0)
        findings_add(
            out, SEVERITY_ERROR, "insecure_address_same", CONFIG_PLACE "insecureAddress",
            "step-ca authority/config Config.Validate",
            "the same as address: two servers cannot listen there; give plain http a port of its own");
}

static void dns_check(struct findings *out, const json_t *config)
{
    const json_t *names = schema_member(config, "dnsNames");
    size_t i;
    json_t *name;
    if (names == NULL)
        findings_add(out, SEVERITY_WARNING, "dns_names_default", CONFIG_PLACE "dnsNames", VALIDATE,
                     "absent, so that only localhost, 127.0.0.1 and ::1 are served; name the CA");
    else if (json_is_array(names) && json_array_size(names) == 0)
        findings_add(out, SEVERITY_ERROR, "dns_names_empty", CONFIG_PLACE "dnsNames", VALIDATE,
                     "empty, with which step-ca does not start; name the CA");
    json_array_foreach(names, i, name)
    {
        OWN(char) *place = text_format(CONFIG_PLACE "dnsNames.%zu", i);
        const char *text = json_string_value(name);
        const char *fault = text != NULL ? host_fault(text) : NULL;
        if (fault != NULL)
            findings_add(out, SEVERITY_ERROR, "dns_name_illegal", place, "RFC 5280 4.2.1.6", "\"%.100s\" %s",
                         text, fault);
    }
}

/* ---- files ---- */

static void path_check(struct findings *out, const char *place, const char *path)
{
    if (*path == 0)
        findings_add(out, SEVERITY_ERROR, "path_missing", place, VALIDATE,
                     "empty, with which step-ca does not start; name the file");
    else if (*path != '/' && strstr(path, ":") == NULL)
        findings_add(out, SEVERITY_WARNING, "path_relative", place, "step-ca authority/config",
                     "\"%.200s\" depends on the folder that step-ca is started in; write an absolute path",
                     path);
}

static void paths_check(struct findings *out, const json_t *config)
{
    const char *type = schema_text(schema_member(config, "authority"), "type");
    if (*type != 0 && strcasecmp(type, "softcas") != 0)
        return; /* another service signs: step-ca needs no files of its own */
    const json_t *root = schema_member(config, "root");
    size_t i;
    json_t *element;
    if (!json_is_array(root) || json_array_size(root) == 0)
        path_check(out, CONFIG_PLACE "root", schema_text(config, "root"));
    json_array_foreach(root, i, element)
    {
        OWN(char) *place = text_format(CONFIG_PLACE "root.%zu", i);
        path_check(out, place, json_is_string(element) ? json_string_value(element) : "");
    }
    path_check(out, CONFIG_PLACE "crt", schema_text(config, "crt"));
    path_check(out, CONFIG_PLACE "key", schema_text(config, "key"));
}

/* ---- tls and db ---- */

static double version_of(const json_t *tls, const char *key, double when_absent)
{
    double version = json_number_value(schema_member(tls, key));
    return version != 0.0 ? version : when_absent;
}

static bool version_known(double version)
{
    int tenths = (int)(version * 10 + 0.5);
    return version > 0 && version < 2 && tenths >= 10 && tenths <= 13 && version * 10 - tenths < 0.001 &&
           tenths - version * 10 < 0.001;
}

static void tls_check(struct findings *out, const json_t *config)
{
    const json_t *tls = schema_member(config, "tls");
    double least = version_of(tls, "minVersion", 1.2), most = version_of(tls, "maxVersion", 1.3);
    if (!version_known(least) || !version_known(most))
        findings_add(out, SEVERITY_ERROR, "tls_version_unknown", CONFIG_PLACE "tls", VALIDATE,
                     "minVersion and maxVersion must be 1.0, 1.1, 1.2 or 1.3");
    else if (least > most)
        findings_add(out, SEVERITY_ERROR, "tls_versions_crossed", CONFIG_PLACE "tls", VALIDATE,
                     "minVersion is above maxVersion; exchange them");
    else if (least < 1.15)
        findings_add(out, SEVERITY_WARNING, "tls_version_old", CONFIG_PLACE "tls.minVersion", "RFC 8996 2",
                     "TLS before 1.2 must not be used; write 1.2");
}

static void db_check(struct findings *out, const json_t *config)
{
    static const char *const known[] = {"badger", "badgerv1",   "badgerv2", "bbolt",
                                        "mysql",  "postgresql", NULL};
    const json_t *db = schema_member(config, "db");
    if (db == NULL) {
        findings_add(
            out, SEVERITY_WARNING, "db_absent", CONFIG_PLACE "db", "step-ca authority/config",
            "without a database nothing can be revoked and a token works more than once; configure one");
        return;
    }
    const char *type = schema_text(db, "type");
    size_t i = 0;
    while (known[i] != NULL && strcasecmp(known[i], type) != 0)
        i++;
    if (known[i] == NULL)
        findings_add(
            out, SEVERITY_ERROR, "db_type_unknown", CONFIG_PLACE "db.type", "step-ca authority/config",
            "\"%.40s\" is no database that step-ca has; write badgerv2, bbolt, mysql or postgresql", type);
    if (*schema_text(db, "dataSource") == 0)
        findings_add(out, SEVERITY_ERROR, "db_source_missing", CONFIG_PLACE "db.dataSource",
                     "step-ca authority/config", "empty; name the database's folder or connection");
}

/* ---- the whole ---- */

static void backdate_check(struct findings *out, const json_t *config)
{
    struct err err = {0};
    long long ns = 0;
    const char *text = schema_text(schema_member(config, "authority"), "backdate");
    if (*text != 0 && duration_parse(&ns, text, &err) && ns < 0)
        findings_add(out, SEVERITY_ERROR, "backdate_negative", CONFIG_PLACE "authority.backdate",
                     "step-ca AuthConfig.Validate",
                     "less than 0, with which step-ca does not start; write \"1m0s\"");
}

void config_check(struct findings *out, const json_t *config)
{
    schema_check(out, config);
    paths_check(out, config);
    address_check(out, config);
    dns_check(out, config);
    db_check(out, config);
    tls_check(out, config);
    backdate_check(out, config);
    revocation_check(out, config);
    provisioners_check(out, config);
    policy_report(out, config);
}

bool authority_check_config(struct findings *out, const struct bytes *ca_json, struct err *err)
{
    (void)err; /* what is wrong with the text is a finding */
    OWN(json_t) *config = NULL;
    struct err reason = {0};
    if (!json_read(&config, ca_json, AUTHORITY_CONFIG, &reason)) {
        findings_add(out, SEVERITY_ERROR, "config_not_json", AUTHORITY_CONFIG, "RFC 8259", "%s", reason.text);
        return true;
    }
    if (!json_is_object(config))
        findings_add(out, SEVERITY_ERROR, "config_not_object", AUTHORITY_CONFIG, "RFC 8259",
                     "must be one JSON object");
    else
        config_check(out, config);
    return true;
}

#include "config.h"

#include "base64.h"
#include "host.h"

#include <string.h>

#define IDP "crl.idpURL"
#define VALIDATE "step-ca CRLConfig.Validate"
#define DAY 86400000000000LL /* step-ca's cacheDuration when none is given */

/* ---- where the CRL is ---- */

static const char *dns_first(const json_t *config)
{
    const char *name = json_string_value(json_array_get(schema_member(config, "dnsNames"), 0));
    return name != NULL ? name : "localhost";
}

char *revocation_idp(const json_t *config)
{
    const char *url = schema_text(schema_member(config, "crl"), "idpURL");
    return *url != 0 ? text_copy(url) : text_format("https://%s/1.0/crl", dns_first(config));
}

static bool path_is_crl(const char *path)
{
    return strcmp(path, "/crl") == 0 || strcmp(path, "/1.0/crl") == 0;
}

bool revocation_is_own(const json_t *config, const char *text)
{
    OWN(char) *idp = revocation_idp(config);
    struct url url;
    if (strcmp(idp, text) == 0)
        return true;
    if (!url_parse(&url, text, NULL) || !path_is_crl(url.path))
        return false;
    size_t i;
    json_t *name;
    json_array_foreach(schema_member(config, "dnsNames"), i, name)
    {
        if (json_is_string(name) && strcasecmp(json_string_value(name), url.host) == 0)
            return true;
    }
    return false;
}

/* ---- the crl block ---- */

static bool duration_of(long long *ns, const json_t *crl, const char *key)
{
    struct err err = {0};
    const char *text = schema_text(crl, key);
    return *text != 0 && duration_parse(ns, text, &err);
}

static void periods_check(struct findings *out, const json_t *crl)
{
    long long cache = 0, renew = 0;
    bool cached = duration_of(&cache, crl, "cacheDuration"),
         renewed = duration_of(&renew, crl, "renewPeriod");
    if (cached && cache < 0)
        findings_add(out, SEVERITY_ERROR, "crl_duration_negative", CONFIG_PLACE "crl.cacheDuration", VALIDATE,
                     "less than 0, with which step-ca does not start; write \"24h\"");
    if (renewed && renew < 0)
        findings_add(out, SEVERITY_ERROR, "crl_duration_negative", CONFIG_PLACE "crl.renewPeriod", VALIDATE,
                     "less than 0, with which step-ca does not start; write \"16h\"");
    if (!cached)
        cache = DAY;
    if (renewed && renew > cache)
        findings_add(
            out, SEVERITY_ERROR, "crl_renew_over_cache", CONFIG_PLACE "crl.renewPeriod", VALIDATE,
            "longer than cacheDuration (%s), with which step-ca does not start; every CRL would end before "
            "the next one begins",
            cached ? schema_text(crl, "cacheDuration") : "24h when absent");
}

static void idp_check(struct findings *out, const json_t *config)
{
    const char *text = schema_text(schema_member(config, "crl"), "idpURL"), *fault = NULL;
    struct url url;
    if (*text == 0) {
        OWN(char) *made = revocation_idp(config);
        findings_add(out, SEVERITY_WARNING, "idp_absent", CONFIG_PLACE IDP, "RFC 5280 5.2.5",
                     "absent, so that the CRL says it belongs to %.200s, and a certificate with any other "
                     "distribution point fails its check; write \"http://%.100s/crl\"",
                     made, dns_first(config));
        return;
    }
    if (!url_parse(&url, text, &fault)) {
        findings_add(out, SEVERITY_ERROR, "idp_illegal", CONFIG_PLACE IDP, "RFC 5280 5.2.5", "\"%.200s\" %s",
                     text, fault);
        return;
    }
    if (strcmp(url.scheme, "http") != 0)
        findings_add(out, SEVERITY_WARNING, "idp_not_http", CONFIG_PLACE IDP, "RFC 5280 8, BR 7.1.2.11.2",
                     "https: whoever checks the certificate of that server needs the CRL first; write http");
    if (!path_is_crl(url.path))
        findings_add(
            out, SEVERITY_WARNING, "idp_path", CONFIG_PLACE IDP, "step-ca api",
            "step-ca serves its CRL at /crl and /1.0/crl only; right only behind a proxy that maps %.100s",
            url.path);
    const char *plain = schema_text(config, "insecureAddress");
    unsigned long port =
        *plain != 0 && host_port_fault(plain) == NULL ? strtoul(strrchr(plain, ':') + 1, NULL, 10) : 0;
    unsigned wanted = url.port != 0 ? url.port : 80;
    if (strcmp(url.scheme, "http") == 0 && port != 0 && port != wanted)
        findings_add(
            out, SEVERITY_NOTE, "idp_port", CONFIG_PLACE IDP, "step-ca api",
            "names port %u, and insecureAddress listens on %lu: something must forward the one to the other",
            wanted, port);
}

static void block_check(struct findings *out, const json_t *config, const json_t *crl)
{
    if (schema_member(config, "db") == NULL)
        findings_add(out, SEVERITY_ERROR, "crl_without_db", CONFIG_PLACE "crl", "step-ca authority.init",
                     "a CRL needs a database, and there is no \"db\": step-ca does not start; configure one");
    if (*schema_text(config, "insecureAddress") == 0)
        findings_add(out, SEVERITY_WARNING, "crl_without_insecure_address", CONFIG_PLACE "insecureAddress",
                     "RFC 5280 8",
                     "empty, so that the CRL is served by https only, which clients must not need to check a "
                     "certificate; write \":80\"");
    if (!schema_true(crl, "generateOnRevoke"))
        findings_add(out, SEVERITY_NOTE, "crl_not_on_revoke", CONFIG_PLACE "crl.generateOnRevoke",
                     "step-ca CRLConfig",
                     "not true: a revoked certificate is missing from the CRL until the next renewal (16h by "
                     "default)");
    idp_check(out, config);
}

/* ---- the leaves ---- */

static const char *space_skip(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* One string at `*at`; NULL when there is none. */
static char *literal_new(const char **at)
{
    const char *end = *at + 1;
    if (**at != '"')
        return NULL;
    while (*end != 0 && *end != '"')
        end += end[0] == '\\' && end[1] != 0 ? 2 : 1;
    if (*end == 0)
        return NULL;
    OWN(json_t) *value = json_loadb(*at, (size_t)(end + 1 - *at), JSON_DECODE_ANY, NULL);
    *at = end + 1;
    return json_is_string(value) ? text_copy(json_string_value(value)) : NULL;
}

/* The value behind a "crlDistributionPoints": a string or a list of them, perhaps with actions in between. */
static void urls_read(json_t *urls, bool *computed, const char *at)
{
    at = space_skip(at);
    if (*at != ':')
        return;
    at = space_skip(at + 1);
    bool list = *at == '[';
    if (list)
        at++;
    while (*(at = space_skip(at)) != 0 && *at != ']') {
        OWN(char) *url = literal_new(&at);
        if (url == NULL || strstr(url, "{{") != NULL)
            *computed = true;
        else if (json_array_append_new(urls, json_string(url)) != 0)
            abort();
        if (url == NULL)
            return;
        at = space_skip(at);
        if (!list || *at != ',')
            return;
        at++;
    }
}

json_t *template_crl_urls(const char *text, bool *computed)
{
    static const char key[] = "\"crlDistributionPoints\"";
    json_t *urls = json_array();
    *computed = false;
    for (const char *at = text; (at = strcasestr(at, key)) != NULL;) {
        at += strlen(key);
        urls_read(urls, computed, at);
    }
    return urls;
}

/* A template may stand in ca.json as text or in base64. */
char *provisioner_template(const json_t *provisioner)
{
    const char *given = schema_text(schema_member(schema_member(provisioner, "options"), "x509"), "template");
    OWN_STRUCT(bytes) decoded = {0};
    struct err err = {0};
    if (*space_skip(given) == '{' || !base64_decode(&decoded, given, &err))
        return text_copy(given);
    return text_copy(bytes_string(&decoded));
}

static void cdp_check(struct findings *out, const char *place, const char *idp, const char *text)
{
    bool computed = false;
    OWN(json_t) *urls = template_crl_urls(text, &computed);
    size_t i;
    json_t *url;
    json_array_foreach(urls, i, url) if (strcmp(json_string_value(url), idp) == 0) return;
    if (json_array_size(urls) > 0)
        findings_add(
            out, SEVERITY_ERROR, "leaf_cdp_differs", place, "RFC 5280 6.3.3 (b)(2)",
            "the certificates' crlDistributionPoints (%.150s) is not what the CRL says of itself (%.150s), "
            "letter for letter: every check fails, revoked or not; make them equal",
            json_string_value(json_array_get(urls, 0)), idp);
    else if (computed)
        findings_add(out, SEVERITY_NOTE, "leaf_cdp_computed", place, "RFC 5280 6.3.3 (b)(2)",
                     "crlDistributionPoints is computed by the template; see that it becomes %.200s", idp);
    else
        findings_add(
            out, SEVERITY_WARNING, "leaf_cdp_absent", place, "RFC 5280 6.3.3 (b)(2)",
            "the certificates carry no crlDistributionPoints, and the CRL has a critical "
            "IssuingDistributionPoint: a client that checks refuses all of them; give the provisioner a "
            "template with \"crlDistributionPoints\": [\"%.150s\"]",
            idp);
}

static void leaves_check(struct findings *out, const json_t *config)
{
    OWN(char) *idp = revocation_idp(config);
    size_t i;
    json_t *provisioner;
    json_array_foreach(schema_member(schema_member(config, "authority"), "provisioners"), i, provisioner)
    {
        if (strcasecmp(schema_text(provisioner, "type"), "SSHPOP") == 0)
            continue; /* makes no X.509 certificates */
        const json_t *x509 = schema_member(schema_member(provisioner, "options"), "x509");
        OWN(char) *place = text_format(CONFIG_PLACE "authority.provisioners.%zu.options.x509.template", i);
        OWN(char) *text = provisioner_template(provisioner);
        if (*text == 0 && *schema_text(x509, "templateFile") != 0)
            findings_add(out, SEVERITY_NOTE, "leaf_template_file", place, "RFC 5280 6.3.3 (b)(2)",
                         "the template is a file, which is not looked into here; see that its "
                         "crlDistributionPoints is %.200s",
                         idp);
        else
            cdp_check(out, place, idp, text);
    }
}

void revocation_check(struct findings *out, const json_t *config)
{
    const json_t *crl = schema_member(config, "crl");
    if (!schema_true(crl, "enabled")) {
        findings_add(out, SEVERITY_NOTE, "crl_off", CONFIG_PLACE "crl", "RFC 5280 3.3",
                     "no CRL is made, so that revoking only stops renewals; set crl.enabled to true for one");
        if (crl != NULL)
            periods_check(out, crl);
        return;
    }
    periods_check(out, crl);
    block_check(out, config, crl);
    leaves_check(out, config);
}

#include "authority.h"

#include "file.h"
#include "host.h"

#include <arpa/inet.h>
#include <string.h>

#define NAME_LEN_MAX 48 /* with " Intermediate CA" behind it, a commonName of 64 (RFC 5280 A.1) */

/* ---- options ---- */

static bool has_controls(const char *text)
{
    for (; *text != 0; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7F)
            return true;
    return false;
}

/* An address written "[::1]" stands as "::1" in ca.json, and any IPv6 address in its shortest form. */
static char *dns_normal(const char *name)
{
    size_t len = strlen(name);
    unsigned char raw[sizeof(struct in6_addr)];
    char shortest[INET6_ADDRSTRLEN];
    if (len < 2 || name[0] != '[' || name[len - 1] != ']')
        return text_copy(name);
    OWN(char) *inner = text_copy(name + 1);
    inner[len - 2] = 0;
    if (inet_pton(AF_INET6, inner, raw) != 1 || inet_ntop(AF_INET6, raw, shortest, sizeof shortest) == NULL)
        return text_copy(name);
    return text_copy(shortest);
}

static bool text_check(const char *option, const char *text, struct err *err)
{
    if (text == NULL || *text == 0)
        return err_set(err, "initialize: %s is empty; give one", option);
    if (has_controls(text))
        return err_set(err, "initialize: %s holds a control character; remove it", option);
    return true;
}

static bool folder_check(const char *folder, struct err *err)
{
    if (!text_check("the authority's folder", folder, err))
        return false;
    size_t len = strlen(folder);
    if (folder[0] != '/' || len < 2 || folder[len - 1] == '/')
        return err_set(
            err,
            "initialize: the authority's folder \"%.200s\" must be an absolute path without a '/' at its "
            "end: it stands in ca.json",
            folder);
    return true;
}

static bool dns_check(const char *const *dns, struct err *err)
{
    if (dns == NULL || dns[0] == NULL)
        return err_set(err, "initialize: dns is empty; step-ca needs at least one name to be reached by");
    for (size_t i = 0; dns[i] != NULL; i++) {
        OWN(char) *name = dns_normal(dns[i]);
        const char *fault = *name == 0 ? "is empty; remove it" : host_fault(name);
        if (fault != NULL)
            return err_set(err, "initialize: dns \"%.200s\" %s", dns[i], fault);
        for (size_t j = 0; j < i; j++) {
            OWN(char) *other = dns_normal(dns[j]);
            if (strcasecmp(name, other) == 0)
                return err_set(err, "initialize: dns \"%.200s\" is given twice; remove one", dns[i]);
        }
    }
    return true;
}

static const char *address_port(const char *address)
{
    return strrchr(address, ':') + 1;
}

/* step writes "https://::1" here, which nothing can open. */
static bool ca_url_check(const struct authority_options *options, struct err *err)
{
    OWN(char) *first = dns_normal(options->dns[0]);
    struct url url;
    const char *fault = NULL;
    if (options->ca_url == NULL) {
        if (strchr(first, ':') != NULL && strcmp(address_port(options->address), "443") == 0)
            return err_set(
                err,
                "initialize: the first dns is an IPv6 address, which makes no URL on port 443; put a name "
                "first or give ca_url");
        return true;
    }
    if (!url_parse(&url, options->ca_url, &fault))
        return err_set(err, "initialize: ca_url \"%.200s\" %s", options->ca_url, fault);
    return strcmp(url.scheme, "https") == 0 || err_set(err, "initialize: ca_url must be https");
}

bool authority_check_options(const struct authority_options *options, struct err *err)
{
    if (!folder_check(options->folder, err) || !text_check("name", options->name, err) ||
        !text_check("provisioner", options->provisioner, err) || !dns_check(options->dns, err) ||
        !text_check("address", options->address, err))
        return false;
    if (strlen(options->name) > NAME_LEN_MAX)
        return err_set(
            err,
            "initialize: name is longer than %d bytes; \" Intermediate CA\" is put behind it, and a common "
            "name has at most 64 (RFC 5280 appendix A.1)",
            NAME_LEN_MAX);
    if (options->remote_management && options->no_db)
        return err_set(err,
                       "initialize: remote management keeps provisioners and administrators in the database; "
                       "take no_db out");
    const char *fault = host_port_fault(options->address);
    if (fault != NULL)
        return err_set(err, "initialize: address \"%.200s\" %s", options->address, fault);
    return ca_url_check(options, err);
}

/* ---- texts ---- */

/* A literal of jansson's format language that cannot be packed is a mistake in this file. */
static json_t *sure(json_t *value)
{
    if (value == NULL)
        abort();
    return value;
}

static void member_add(json_t *object, const char *name, json_t *value)
{
    if (json_object_set_new(object, name, sure(value)) != 0)
        abort();
}

static json_t *path_value(const char *folder, const char *path)
{
    OWN(char) *whole = path_join(folder, path);
    return json_string(whole);
}

static json_t *dns_value(const char *const *dns)
{
    json_t *names = sure(json_array());
    for (; *dns != NULL; dns++) {
        OWN(char) *name = dns_normal(*dns);
        if (json_array_append_new(names, sure(json_string(name))) != 0)
            abort();
    }
    return names;
}

static json_t *provisioners_value(const struct authority_options *options, const json_t *jwk, const char *jwe)
{
    json_t *list = sure(json_pack("[{s:s, s:s, s:O, s:s}]", "type", "JWK", "name", options->provisioner,
                                  "key", (json_t *)jwk, "encryptedKey", jwe));
    if (options->acme &&
        json_array_append_new(list, sure(json_pack("{s:s, s:s}", "type", "ACME", "name", "acme"))) != 0)
        abort();
    return list;
}

static json_t *tls_value(void)
{
    return json_pack(
        "{s:[s, s], s:f, s:f, s:b}", "cipherSuites", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "minVersion", 1.2, "maxVersion", 1.3, "renegotiation", 0);
}

static bool utf8_check(const char *option, const char *text, struct err *err)
{
    OWN(json_t) *value = json_string(text);
    return value != NULL || err_set(err, "initialize: %s is not valid UTF-8", option);
}

bool authority_config(struct bytes *ca_json, const struct authority_options *options, const json_t *jwk,
                      const char *jwe, struct err *err)
{
    if (!authority_check_options(options, err) || !utf8_check("folder", options->folder, err) ||
        !utf8_check("provisioner", options->provisioner, err) || !utf8_check("encrypted key", jwe, err))
        return false;
    const char *folder = options->folder;
    OWN(json_t) *config = sure(json_object());
    member_add(config, "root", path_value(folder, AUTHORITY_ROOT));
    member_add(config, "federatedRoots", json_null());
    member_add(config, "crt", path_value(folder, AUTHORITY_CERTIFICATE));
    member_add(config, "key", path_value(folder, AUTHORITY_KEY));
    member_add(config, "address", json_string(options->address));
    member_add(config, "insecureAddress", json_string(""));
    member_add(config, "dnsNames", dns_value(options->dns));
    member_add(config, "logger", json_pack("{s:s}", "format", "text"));
    if (!options->no_db)
        member_add(config, "db",
                   json_pack("{s:s, s:o, s:s}", "type", "badgerv2", "dataSource", path_value(folder, "db"),
                             "badgerFileLoadingMode", ""));
    member_add(config, "authority",
               json_pack("{s:o, s:o*}", "provisioners", provisioners_value(options, jwk, jwe), "enableAdmin",
                         options->remote_management ? json_true() : NULL));
    member_add(config, "tls", tls_value());
    json_go(ca_json, config);
    return true;
}

static char *ca_url_new(const struct authority_options *options)
{
    if (options->ca_url != NULL)
        return text_copy(options->ca_url);
    OWN(char) *name = dns_normal(options->dns[0]);
    const char *port = address_port(options->address);
    if (strcmp(port, "443") == 0)
        return text_format("https://%s", name);
    return strchr(name, ':') != NULL ? text_format("https://[%s]:%s", name, port)
                                     : text_format("https://%s:%s", name, port);
}

bool authority_defaults(struct bytes *defaults_json, const struct authority_options *options,
                        const char *fingerprint, struct err *err)
{
    if (!authority_check_options(options, err) || !utf8_check("folder", options->folder, err))
        return false;
    if (!digest_is_hex(fingerprint))
        return err_set(err, "initialize: the root's fingerprint must be 64 lower-case hex digits");
    OWN(char) *url = ca_url_new(options);
    OWN(json_t) *defaults = sure(json_pack("{s:s, s:o, s:s, s:o}", "ca-url", url, "ca-config",
                                           path_value(options->folder, AUTHORITY_CONFIG), "fingerprint",
                                           fingerprint, "root", path_value(options->folder, AUTHORITY_ROOT)));
    json_go(defaults_json, defaults);
    return true;
}

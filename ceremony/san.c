#include "san.h"

#include "json.h"
#include "members.h"
#include "name.h"
#include "ssl.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

/* The kinds that Go's library knows, in its order. */
enum kind { KIND_DNS, KIND_EMAIL, KIND_IP, KIND_URI, KIND_COMMON, KIND_OTHER = KIND_COMMON };

size_t ip_parse(unsigned char raw[16], const char *text)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (inet_pton(AF_INET, text, raw) == 1)
        return 4;
    if (inet_pton(AF_INET6, text, raw) != 1)
        return 0;
    if (memcmp(raw, mapped, sizeof mapped) != 0)
        return 16;
    memmove(raw, raw + 12, 4);
    return 4;
}

static bool has_scheme(const char *text)
{
    size_t i = 0;
    while (isalnum((unsigned char)text[i]) || (i > 0 && text[i] != 0 && strchr("+-.", text[i]) != NULL))
        i++;
    return i > 0 && isalpha((unsigned char)text[0]) && text[i] == ':';
}

static enum kind kind_guess(const char *value)
{
    unsigned char raw[16];
    if (ip_parse(raw, value) != 0)
        return KIND_IP;
    if (has_scheme(value))
        return KIND_URI;
    return strchr(value, '@') != NULL ? KIND_EMAIL : KIND_DNS;
}

static enum kind kind_of(const char *type, const char *value)
{
    if (type[0] == 0 || strcasecmp(type, "auto") == 0)
        return kind_guess(value);
    if (strcasecmp(type, "dns") == 0)
        return KIND_DNS;
    if (strcasecmp(type, "email") == 0)
        return KIND_EMAIL;
    if (strcasecmp(type, "ip") == 0)
        return KIND_IP;
    return strcasecmp(type, "uri") == 0 ? KIND_URI : KIND_OTHER;
}

static bool text_is_good(const char *value)
{
    if (value[0] == 0)
        return false;
    for (const char *c = value; *c != 0; c++)
        if ((unsigned char)*c > 126 || (unsigned char)*c < 33)
            return false;
    return true;
}

/* An ASN1_STRING of type `type`, or NULL. */
static ASN1_STRING *string_new(int type, const void *data, size_t len)
{
    ASN1_STRING *string = ASN1_STRING_type_new(type);
    if (string != NULL && ASN1_STRING_set(string, data, (int)len) != 1) {
        ASN1_STRING_free(string);
        return NULL;
    }
    return string;
}

static bool name_push(GENERAL_NAMES *names, int type, void *value, struct err *err)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    if (name == NULL || value == NULL || sk_GENERAL_NAME_push(names, name) <= 0) {
        GENERAL_NAME_free(name);
        return err_ssl(err, "sans: a name cannot be made");
    }
    GENERAL_NAME_set0_value(name, type, value);
    return true;
}

static bool common_add(GENERAL_NAMES *names, enum kind kind, const char *value, struct err *err)
{
    static const int types[] = {GEN_DNS, GEN_EMAIL, GEN_IPADD, GEN_URI};
    if (kind == KIND_IP) {
        unsigned char raw[16];
        size_t len = ip_parse(raw, value);
        if (len == 0)
            return err_set(err, "sans: \"%.100s\" is not an IP address", value);
        return name_push(names, GEN_IPADD, string_new(V_ASN1_OCTET_STRING, raw, len), err);
    }
    if (!text_is_good(value))
        return err_set(err, "sans: \"%.100s\" is empty or not printable ASCII (RFC 5280 4.2.1.6)", value);
    if (kind == KIND_URI && !has_scheme(value))
        return err_set(err, "sans: URI \"%.100s\" has no scheme (RFC 5280 4.2.1.6)", value);
    return name_push(names, types[kind], string_new(V_ASN1_IA5STRING, value, strlen(value)), err);
}

static bool multi_add(GENERAL_NAMES *names, enum kind kind, const json_t *values, struct err *err)
{
    if (!multi_check(values, "dnsNames, emailAddresses, ipAddresses and uris", err))
        return false;
    for (size_t i = 0; i < multi_count(values); i++)
        if (!common_add(names, kind, multi_get(values, i), err))
            return false;
    return true;
}

static bool other_push(GENERAL_NAMES *names, ASN1_OBJECT *oid, int type, const char *value, size_t len,
                       struct err *err)
{
    ASN1_STRING *string = string_new(type, value, len);
    ASN1_TYPE *wrapped = ASN1_TYPE_new();
    GENERAL_NAME *name = GENERAL_NAME_new();
    if (string == NULL || wrapped == NULL || name == NULL ||
        GENERAL_NAME_set0_othername(name, OBJ_dup(oid), wrapped) != 1) {
        ASN1_STRING_free(string);
        ASN1_TYPE_free(wrapped);
        GENERAL_NAME_free(name);
        return err_ssl(err, "sans: an otherName cannot be made");
    }
    ASN1_TYPE_set(wrapped, type, string);
    if (sk_GENERAL_NAME_push(names, name) > 0)
        return true;
    GENERAL_NAME_free(name);
    return err_ssl(err, "sans: an otherName cannot be kept");
}

static bool string_fits(int type, const char *text)
{
    switch (type) {
    case V_ASN1_PRINTABLESTRING:
        return ASN1_PRINTABLE_type((const unsigned char *)text, -1) == V_ASN1_PRINTABLESTRING;
    case V_ASN1_IA5STRING:
        return ASN1_PRINTABLE_type((const unsigned char *)text, -1) != V_ASN1_T61STRING;
    case V_ASN1_NUMERICSTRING:
        return text[strspn(text, "0123456789 ")] == 0;
    default:
        return true;
    }
}

/* "[type:]value" under an OID; PrintableString when no type is named. */
static bool othername_add(GENERAL_NAMES *names, ASN1_OBJECT *oid, const char *value, struct err *err)
{
    static const struct {
        const char *prefix;
        int type;
    } types[] = {{"utf8:", V_ASN1_UTF8STRING},
                 {"ia5:", V_ASN1_IA5STRING},
                 {"numeric:", V_ASN1_NUMERICSTRING},
                 {"printable:", V_ASN1_PRINTABLESTRING}};
    const char *colon = strchr(value, ':');
    int type = colon == NULL ? V_ASN1_PRINTABLESTRING : V_ASN1_UNDEF;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strncmp(value, types[i].prefix, strlen(types[i].prefix)) == 0)
            type = types[i].type;
    const char *text = colon == NULL ? value : colon + 1;
    if (type == V_ASN1_UNDEF)
        return err_set(
            err,
            "sans: otherName value \"%.60s\" has a type other than utf8, ia5, numeric or printable; "
            "give the whole subjectAltName under extensions",
            value);
    if (!string_fits(type, text))
        return err_set(err, "sans: otherName value \"%.60s\" does not fit its type", value);
    return other_push(names, oid, type, text, strlen(text), err);
}

/* A directory name: asn1Value, or JSON inside the value's text. */
static bool directory_add(GENERAL_NAMES *names, const json_t *asn1, const char *value, bool as_step,
                          struct err *err)
{
    OWN_STRUCT(bytes) text = bytes_copy(value, strlen(value));
    json_t *parsed = NULL;
    if (asn1 == NULL && !json_read(&parsed, &text, "sans: dn", err))
        return false;
    X509_NAME *name = NULL;
    bool ok = name_read(&name, asn1 != NULL ? asn1 : parsed, as_step, err) || err_wrap(err, "sans: dn");
    json_decref(parsed);
    if (ok && X509_NAME_entry_count(name) == 0)
        ok = err_set(err, "sans: dn is empty");
    if (ok && name_push(names, GEN_DIRNAME, name, err))
        return true;
    X509_NAME_free(name);
    return false;
}

static bool special_add(GENERAL_NAMES *names, const char *type, const char *value, const json_t *asn1,
                        bool as_step, struct err *err)
{
    if (strcmp(type, "dn") == 0)
        return directory_add(names, asn1, value, as_step, err);
    bool upn = strcmp(type, "userPrincipalName") == 0, registered = strcmp(type, "registeredID") == 0;
    const char *text = type;
    if (upn)
        text = "1.3.6.1.4.1.311.20.2.3";
    else if (registered)
        text = value;
    OWN(ASN1_OBJECT) *oid = OBJ_txt2obj(text, 1);
    if (oid == NULL && registered)
        return err_ssl(err, "sans: registeredID \"%.60s\" is not an object identifier", value);
    if (oid == NULL)
        return err_ssl(err,
                       "sans: type \"%.60s\" is unknown or not supported; dns, email, ip, uri, auto, dn, "
                       "registeredID, userPrincipalName or an OID are, or give the whole subjectAltName "
                       "under extensions",
                       type);
    if (registered)
        return name_push(names, GEN_RID, GIVE(oid), err);
    if (value[0] == 0)
        return err_set(err, "sans: a name of type %.60s is empty", type);
    return upn ? other_push(names, oid, V_ASN1_UTF8STRING, value, strlen(value), err)
               : othername_add(names, oid, value, err);
}

/* One entry of `sans`; `only` is the kind wanted, or KIND_COMMON for every kind. */
static bool entry_add(GENERAL_NAMES *names, const json_t *entry, enum kind only, bool as_step, bool *extended,
                      struct err *err)
{
    static const char *const members[] = {"type", "value", "asn1Value", NULL};
    const json_t *m[3];
    const char *type = NULL;
    const char *value = NULL;
    if (!members_find(m, members, entry, as_step, "sans", err) ||
        !member_string(&type, m[0], "sans: type", err) || !member_string(&value, m[1], "sans: value", err))
        return false;
    enum kind kind = kind_of(type, value);
    if (kind == KIND_OTHER)
        *extended = true;
    if (names == NULL || (only != KIND_COMMON && kind != only))
        return true;
    return kind == KIND_OTHER ? special_add(names, type, value, m[2], as_step, err)
                              : common_add(names, kind, value, err);
}

static bool entries_add(GENERAL_NAMES *names, const json_t *sans, enum kind only, bool as_step,
                        bool *extended, struct err *err)
{
    for (size_t i = 0; i < json_array_size(sans); i++)
        if (!entry_add(names, json_array_get(sans, i), only, as_step, extended, err))
            return false;
    return true;
}

bool san_build(GENERAL_NAMES **out, bool *extended, const struct san_members *members, bool as_step,
               struct err *err)
{
    const json_t *const common[] = {members->dns, members->email, members->ip, members->uri};
    if (members->sans != NULL && !json_is_array(members->sans))
        return err_set(err, "sans: must be an array of {type, value}");
    OWN(GENERAL_NAMES) *names = GENERAL_NAMES_new();
    if (names == NULL)
        return err_ssl(err, "sans: cannot be made");
    *extended = false;
    if (!entries_add(NULL, members->sans, KIND_COMMON, as_step, extended, err))
        return false;
    for (enum kind kind = KIND_DNS; kind < KIND_COMMON; kind++)
        if (!multi_add(names, kind, common[kind], err) ||
            (!*extended && !entries_add(names, members->sans, kind, as_step, extended, err)))
            return false;
    if (*extended && !entries_add(names, members->sans, KIND_COMMON, as_step, extended, err))
        return false;
    *out = sk_GENERAL_NAME_num(names) > 0 ? GIVE(names) : NULL;
    return true;
}

#include "name.h"

#include "members.h"
#include "ssl.h"

#include <string.h>

#define EXTRA "extraNames"

/* The members of a name in the order in which step writes them. */
static const struct attribute {
    const char *member;
    int nid;
    bool multi; /* several values stand in one SET */
} attributes[] = {
    {"country", NID_countryName, true},
    {"province", NID_stateOrProvinceName, true},
    {"locality", NID_localityName, true},
    {"streetAddress", NID_streetAddress, true},
    {"postalCode", NID_postalCode, true},
    {"organization", NID_organizationName, true},
    {"organizationalUnit", NID_organizationalUnitName, true},
    {"commonName", NID_commonName, false},
    {"serialNumber", NID_serialNumber, false},
};
#define ATTRIBUTES (sizeof attributes / sizeof attributes[0])

static const char *const name_members[] = {
    "country",      "province",           "locality",   "streetAddress", "postalCode",
    "organization", "organizationalUnit", "commonName", "serialNumber",  EXTRA,
    NULL,
};

/* Go's encoding/asn1: PrintableString where it can be, else UTF8String. */
static int string_type(const char *text)
{
    static const char printable[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?";
    return text[strspn(text, printable)] == 0 ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;
}

/* `set`: 0 for a relative name of its own, -1 to join the one before. */
static bool entry_add(X509_NAME *name, const ASN1_OBJECT *type, const char *value, int set, const char *place,
                      struct err *err)
{
    int encoding = OBJ_obj2nid(type) == NID_pkcs9_emailAddress ? V_ASN1_IA5STRING : string_type(value);
    if (encoding == V_ASN1_IA5STRING)
        for (const char *c = value; *c != 0; c++)
            if ((unsigned char)*c > 127)
                return err_set(err, "subject: emailAddress must be ASCII (RFC 5280 4.1.2.6)");
    if (value[0] == 0)
        return err_set(err, "subject: %s is empty; leave it out", place);
    if (X509_NAME_add_entry_by_OBJ(name, type, encoding, (const unsigned char *)value, (int)strlen(value), -1,
                                   set) != 1)
        return err_ssl(err, "subject: %s cannot be written", place);
    return true;
}

static ASN1_OBJECT *oid_read(const char *text)
{
    ASN1_OBJECT *oid = OBJ_txt2obj(text, 1);
    if (oid == NULL)
        ERR_clear_error();
    return oid;
}

/* Extra names: every one a relative name of its own, at the end. */
static bool extra_add(X509_NAME *name, const json_t *extra, bool as_step, struct err *err)
{
    static const char *const members[] = {"type", "value", NULL};
    for (size_t i = 0; i < json_array_size(extra); i++) {
        const json_t *m[2];
        const char *type = NULL;
        const char *value = NULL;
        if (!members_find(m, members, json_array_get(extra, i), as_step, "subject: " EXTRA, err) ||
            !member_string(&type, m[0], "subject: " EXTRA ".type", err) ||
            !member_string(&value, m[1], "subject: " EXTRA ".value", err))
            return false;
        OWN(ASN1_OBJECT) *oid = oid_read(type);
        if (oid == NULL)
            return err_set(err, "subject: " EXTRA ".type \"%.60s\" is not an object identifier", type);
        if (!entry_add(name, oid, value, 0, EXTRA, err))
            return false;
    }
    return true;
}

/* Go leaves a standard attribute out when the extra names give it. */
static bool extra_has(const json_t *extra, int nid)
{
    for (size_t i = 0; i < json_array_size(extra); i++) {
        const json_t *type = json_object_get(json_array_get(extra, i), "type");
        OWN(ASN1_OBJECT) *oid = json_is_string(type) ? oid_read(json_string_value(type)) : NULL;
        if (oid != NULL && OBJ_obj2nid(oid) == nid)
            return true;
    }
    return false;
}

static bool attribute_add(X509_NAME *name, const struct attribute *attribute, const json_t *value,
                          struct err *err)
{
    char place[64];
    snprintf(place, sizeof place, "subject: %s", attribute->member);
    if (!attribute->multi && value != NULL && !json_is_string(value))
        return err_set(err, "%s: must be a string", place);
    if (!multi_check(value, place, err))
        return false;
    if (!attribute->multi && value != NULL && json_string_length(value) == 0)
        return true; /* Go leaves an empty single value out */
    for (size_t i = 0; i < multi_count(value); i++)
        if (!entry_add(name, OBJ_nid2obj(attribute->nid), multi_get(value, i), i == 0 ? 0 : -1,
                       attribute->member, err))
            return false;
    return true;
}

bool name_read(X509_NAME **out, const json_t *subject, bool as_step, struct err *err)
{
    OWN(X509_NAME) *name = X509_NAME_new();
    if (name == NULL)
        return err_ssl(err, "subject: cannot be made");
    if (json_is_string(subject)) {
        if (!attribute_add(name, &attributes[7], subject, err))
            return false;
        *out = GIVE(name);
        return true;
    }
    const json_t *m[ATTRIBUTES + 1] = {NULL};
    if (!members_find(m, name_members, subject, as_step, "subject", err))
        return false;
    const json_t *extra = m[ATTRIBUTES];
    if (extra != NULL && !json_is_array(extra))
        return err_set(err, "subject: " EXTRA " must be an array of {type, value}");
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (!extra_has(extra, attributes[i].nid) && !attribute_add(name, &attributes[i], m[i], err))
            return false;
    if (!extra_add(name, extra, as_step, err))
        return false;
    *out = GIVE(name);
    return true;
}

bool name_from_json(X509_NAME **out, const json_t *subject, struct err *err)
{
    return name_read(out, subject, false, err);
}

static const struct attribute *attribute_find(int nid)
{
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (attributes[i].nid == nid)
            return &attributes[i];
    return NULL;
}

static void append(json_t *object, const char *member, json_t *value)
{
    json_t *array = json_object_get(object, member);
    if (array == NULL) {
        array = json_array();
        json_object_set_new(object, member, array);
    }
    json_array_append_new(array, value);
}

static bool entry_to_json(json_t *object, const X509_NAME_ENTRY *entry, struct err *err)
{
    const ASN1_OBJECT *type = X509_NAME_ENTRY_get_object(entry);
    OWN_OPENSSL *utf8 = NULL;
    int len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
    json_t *value = len < 0 ? NULL : json_stringn((const char *)utf8, (size_t)len);
    char oid[128];
    OBJ_obj2txt(oid, sizeof oid, type, 1);
    if (value == NULL || memchr(utf8, 0, (size_t)len) != NULL) {
        json_decref(value);
        return err_ssl(err, "a name has a value of type %s that is no text", oid);
    }
    const struct attribute *attribute = attribute_find(OBJ_obj2nid(type));
    if (attribute == NULL) {
        append(object, EXTRA, json_pack("{s:s, s:o}", "type", oid, "value", value));
    } else if (attribute->multi) {
        append(object, attribute->member, value);
    } else if (json_object_get(object, attribute->member) != NULL) {
        json_decref(value);
        return err_set(err, "a name has two values for %s, which a template cannot express",
                       attribute->member);
    } else {
        json_object_set_new(object, attribute->member, value);
    }
    return true;
}

bool name_to_json(json_t **out, const X509_NAME *name, struct err *err)
{
    /* toJson follows step's struct, which puts the serial number before the common name, and O before L and
     * ST */
    static const char *const order[] = {
        "country",    "organization", "organizationalUnit", "locality", "province", "streetAddress",
        "postalCode", "serialNumber", "commonName",         EXTRA,      NULL,
    };
    json_t *found = json_object();
    bool ok = true;
    for (int i = 0; ok && i < X509_NAME_entry_count(name); i++)
        ok = entry_to_json(found, X509_NAME_get_entry(name, i), err);
    if (ok) {
        *out = json_object();
        for (size_t i = 0; order[i] != NULL; i++)
            json_object_set(*out, order[i], json_object_get(found, order[i]));
    }
    json_decref(found);
    return ok;
}

/* Characters above ASCII that steer a terminal: C1 controls and the marks that turn the direction of writing.
 */
static size_t steering_len(const char *c)
{
    const unsigned char *u = (const unsigned char *)c;
    if (u[0] == 0xc2 && u[1] >= 0x80 && u[1] <= 0x9f)
        return 2;
    if (u[0] == 0xe2 && u[1] == 0x80 && ((u[2] >= 0x8e && u[2] <= 0x8f) || (u[2] >= 0xa8 && u[2] <= 0xae)))
        return 3;
    return u[0] == 0xe2 && u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9 ? 3 : 0;
}

char *name_text(const X509_NAME *name)
{
    unsigned long flags =
        (XN_FLAG_RFC2253 & ~(unsigned long)(ASN1_STRFLGS_ESC_MSB | XN_FLAG_SEP_MASK)) | XN_FLAG_SEP_CPLUS_SPC;
    OWN(BIO) *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len = 0;
    if (memory != NULL && X509_NAME_print_ex(memory, name, 0, flags) >= 0)
        len = BIO_get_mem_data(memory, &text);
    OWN_STRUCT(bytes) raw = bytes_copy(text != NULL ? text : "", (size_t)len);
    OWN_STRUCT(bytes) line = bytes_copy("", 0);
    for (const char *c = bytes_string(&raw); *c != 0;) {
        size_t steering = steering_len(c);
        for (size_t i = 0; i < steering; i++)
            bytes_format(&line, "\\%02X", (unsigned char)c[i]);
        if (steering == 0)
            bytes_add(&line, c, 1);
        c += steering != 0 ? steering : 1;
    }
    return text_copy(bytes_string(&line));
}

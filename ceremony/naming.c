#include "naming.h"

#include "policy_engine.h"
#include "schema.h"
#include "ssl.h"

#include <arpa/inet.h>
#include <string.h>

static json_t *entry(const char *type, const unsigned char *data, int len)
{
    if (memchr(data, 0, (size_t)len) != NULL)
        return NULL; /* what is behind it would not be judged */
    json_t *name = json_stringn((const char *)data, (size_t)len);
    return name != NULL ? json_pack("{s:s, s:o}", "type", type, "name", name) : NULL;
}

static json_t *address(const ASN1_STRING *octets)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(ASN1_STRING_length(octets) == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data(octets), text,
              sizeof text);
    return json_pack("{s:s, s:s}", "type", "ip", "name", text);
}

static json_t *alternative(const GENERAL_NAME *name)
{
    int type = 0;
    const ASN1_STRING *value = GENERAL_NAME_get0_value(name, &type);
    switch (type) {
    case GEN_DNS:
        return entry("dns", ASN1_STRING_get0_data(value), ASN1_STRING_length(value));
    case GEN_EMAIL:
        return entry("email", ASN1_STRING_get0_data(value), ASN1_STRING_length(value));
    case GEN_URI:
        return entry("uri", ASN1_STRING_get0_data(value), ASN1_STRING_length(value));
    case GEN_IPADD:
        return ASN1_STRING_length(value) == 4 || ASN1_STRING_length(value) == 16 ? address(value) : NULL;
    default:
        return NULL;
    }
}

static json_t *common(const X509_NAME_ENTRY *part)
{
    unsigned char *text = NULL;
    int len = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(part));
    json_t *made = len >= 0 ? entry("cn", text, len) : NULL;
    OPENSSL_free(text);
    return made;
}

/* Appends, and takes over; NULL is a name that cannot be said. */
static bool put(json_t *list, json_t *name, struct err *err)
{
    return (name != NULL && json_array_append_new(list, name) == 0) ||
           err_set(err, "a name is of a kind that no policy can judge (it knows DNS names, addresses, email "
                        "addresses, URIs and common names)");
}

bool naming_json(json_t **out, const X509 *cert, struct err *err)
{
    OWN(json_t) *list = json_array();
    OWN(GENERAL_NAMES) *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
    const X509_NAME *subject = X509_get_subject_name(cert);
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++)
        if (!put(list, alternative(sk_GENERAL_NAME_value(names, i)), err))
            return false;
    for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) >= 0;)
        if (!put(list, common(X509_NAME_get_entry(subject, i)), err))
            return false;
    *out = GIVE(list);
    return true;
}

bool naming_ask(struct bytes *refused, const struct bytes *config, const json_t *names, const char *what,
                struct err *err)
{
    OWN(json_t) *json = NULL;
    OWN_POLICY_ENGINE *engine = NULL;
    struct policy_answer answer;
    if (!json_read(&json, config, what, err) ||
        !policy_engine_new(&engine, schema_member(schema_member(json, "authority"), "policy"), POLICY_X509,
                           err))
        return false;
    size_t count = json_array_size(names);
    struct policy_name *asked = memory_new(count + 1, sizeof *asked);
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_array_get(names, i);
        asked[i] = (struct policy_name){policy_type_find(schema_text(one, "type")), schema_text(one, "name")};
    }
    if (!policy_ask(&answer, engine, asked, count)) {
        policy_answer_error(refused, &answer);
        bytes_text(refused, ": ");
        policy_answer_rule(refused, &answer);
    }
    free(asked);
    return true;
}

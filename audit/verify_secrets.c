#include "trial.h"

#include "pagetext.h"

#include <string.h>

/* RFC 7518 section 6: the private members of EC, RSA and octet-sequence keys; RFC 8037 for OKP. */
static bool is_private_jwk(const json_t *object)
{
    const char *type = json_string_value(json_object_get(object, "kty"));
    if (type == NULL)
        return false;
    return json_object_get(object, "d") != NULL || json_object_get(object, "p") != NULL ||
           json_object_get(object, "q") != NULL ||
           (strcmp(type, "oct") == 0 && json_object_get(object, "k") != NULL);
}

/* jansson bounds the depth of what it reads, and so of this. */
static bool json_holds_key(const json_t *value)
{
    const char *name;
    json_t *member;
    size_t i;
    if (json_is_array(value)) {
        json_array_foreach(value, i, member) if (json_holds_key(member)) return true;
        return false;
    }
    if (is_private_jwk(value))
        return true;
    json_object_foreach((json_t *)value, name, member) if (json_holds_key(member)) return true;
    return false;
}

bool tarball_holds_no_key(const struct tarball *tar, struct err *err)
{
    if (!page_holds_no_key(tar, err))
        return false;
    for (size_t i = 0; i < tar->count; i++) {
        const struct member *member = &tar->member[i];
        const char *text = bytes_string(&member->data);
        OWN(json_t) *json = NULL;
        struct err not_json = {0};
        text += strspn(text, " \t\r\n");
        if ((*text != '{' && *text != '[') || !json_read(&json, &member->data, member->name, &not_json))
            continue;
        if (json_holds_key(json))
            return err_set(err, "%s: holds a private JWK (RFC 7517)", member->name);
    }
    return true;
}

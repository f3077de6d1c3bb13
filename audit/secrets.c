#include "secrets.h"

#include "../ceremony/json.h"
#include "pagetext.h"

#include <string.h>

#define BASE64URL "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#define JWE_DOTS 4 /* RFC 7516 section 7.1: five parts */

/* A compact JWE: each of its parts base64url, the first a JSON object's ("{\""). */
static bool is_jwe(const char *text)
{
    size_t dots = 0;
    if (strncmp(text, "eyJ", 3) != 0)
        return false;
    for (; dots <= JWE_DOTS; text++) {
        text += strspn(text, BASE64URL);
        if (*text != '.')
            break;
        dots++;
    }
    return dots == JWE_DOTS;
}

static bool text_holds_jwe(const char *text, size_t len)
{
    const char *at = text, *end = text + len;
    while (len > 0 && (at = memmem(at, (size_t)(end - at), "eyJ", 3)) != NULL) {
        if (is_jwe(at))
            return true;
        at += 3;
    }
    return false;
}

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

/* RFC 7516 section 7.2 */
static bool is_json_jwe(const json_t *object)
{
    return json_object_get(object, "ciphertext") != NULL &&
           (json_object_get(object, "recipients") != NULL ||
            json_object_get(object, "encrypted_key") != NULL || json_object_get(object, "protected") != NULL);
}

/* step-ca hands a provisioner's encrypted key to everybody who asks: that one is public by design. */
static bool is_provisioner_key(const json_t *object, const char *member, bool configuration)
{
    return configuration && strcmp(member, "encryptedKey") == 0 &&
           json_is_object(json_object_get(object, "key"));
}

/* What of it is secret, or NULL. jansson bounds the depth of what it reads, and so of this. */
static const char *json_secret(const json_t *value, bool configuration)
{
    const char *name, *found = NULL;
    json_t *member;
    size_t i;
    if (json_is_string(value))
        return text_holds_jwe(json_string_value(value), json_string_length(value))
                   ? "an encrypted key (a JWE, RFC 7516)"
                   : NULL;
    json_array_foreach(value, i, member)
    {
        found = json_secret(member, configuration);
        if (found != NULL)
            return found;
    }
    if (is_private_jwk(value))
        return "a private JWK (RFC 7517)";
    if (is_json_jwe(value))
        return "an encrypted key (a JWE, RFC 7516)";
    json_object_foreach((json_t *)value, name, member)
    {
        found = is_provisioner_key(value, name, configuration) ? NULL : json_secret(member, configuration);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* The length of the header of a DER element that fills all `len` bytes; 0: it is none, or does not. */
static size_t der_header(const unsigned char *data, size_t len)
{
    if (len < 2 || data[0] != 0x30)
        return 0;
    const size_t more = data[1] < 0x80 ? 0 : data[1] & 0x7fu;
    size_t size = more == 0 ? data[1] : 0;
    if (more > 4 || len < 2 + more)
        return 0;
    for (size_t i = 0; i < more; i++)
        size = size << 8 | data[2 + i];
    return size == len - 2 - more ? 2 + more : 0;
}

/* A SEQUENCE that begins as the private key formats do and nothing that belongs here does: version and key
 * (PKCS#1, PKCS#8, SEC 1, PKCS#12), or the algorithm of an encryption by password (PKCS#5, PKCS#12). */
static bool is_der_key(const unsigned char *data, size_t len)
{
    static const unsigned char password[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01}; /* pkcs */
    const size_t head = der_header(data, len);
    if (head == 0 || len < head + 16)
        return false;
    const unsigned char *at = data + head;
    if (at[0] == 0x02 && at[1] == 1 && at[2] <= 3)
        return at[3] == 0x02 || at[3] == 0x30 || at[3] == 0x04;
    return at[0] == 0x30 && at[1] < 0x80 && at[2] == 0x06 && memcmp(at + 4, password, sizeof password) == 0 &&
           (at[11] == 5 || at[11] == 12);
}

static bool is_configuration(const char *name)
{
    const char *last = strrchr(name, '/');
    return last != NULL && strcmp(last, "/ca.json") == 0;
}

bool bytes_hold_no_secret(const struct bytes *content, const char *name, struct err *err)
{
    const char *text = bytes_string(content);
    OWN(json_t) *json = NULL;
    struct err not_json = {0};
    if (content->len == 0)
        return true;
    if (!bytes_hold_no_key(content->data, content->len, name, err))
        return false;
    if (is_der_key(content->data, content->len))
        return err_set(err, "%s: holds a private key (DER)", name);
    if (memmem(content->data, content->len, "PuTTY-User-Key-File-", 20) != NULL)
        return err_set(err, "%s: holds a private key (PuTTY's)", name);
    text += strspn(text, " \t\r\n");
    if ((*text == '{' || *text == '[') && json_read(&json, content, name, &not_json)) {
        const char *secret = json_secret(json, is_configuration(name));
        return secret == NULL || err_set(err, "%s: holds %s", name, secret);
    }
    return !text_holds_jwe(bytes_string(content), content->len) ||
           err_set(err, "%s: holds an encrypted key (a JWE, RFC 7516)", name);
}

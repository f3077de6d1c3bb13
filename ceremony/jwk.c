#include "jose.h"

#include "ssl.h"

#include <openssl/core_names.h>
#include <string.h>

#define COORDINATE 32 /* bytes of a P-256 coordinate */

static bool coordinate(char **out, const struct key *key, const char *parameter, struct err *err)
{
    unsigned char raw[COORDINATE];
    OWN(BIGNUM) *number = NULL;
    if (EVP_PKEY_get_bn_param(key_evp(key), parameter, &number) != 1 ||
        BN_bn2binpad(number, raw, COORDINATE) != COORDINATE)
        return err_ssl(err, "provisioner key: a coordinate cannot be read");
    *out = base64url_encode(raw, sizeof raw);
    return true;
}

/* base64url of SHA-256 over the members that RFC 7638 3.2 asks for, in its order. */
static char *thumbprint(const char *const members[4], const char *const values[4])
{
    OWN_STRUCT(bytes) text = {0};
    for (size_t i = 0; i < 4 && members[i] != NULL; i++)
        bytes_format(&text, "%c\"%s\":\"%s\"", i == 0 ? '{' : ',', members[i], values[i]);
    bytes_text(&text, "}");
    unsigned char raw[DIGEST_LEN];
    digest_raw(raw, text.data, text.len);
    return base64url_encode(raw, sizeof raw);
}

bool jwk_thumbprint(char **out, const json_t *jwk, struct err *err)
{
    static const char *const ec[] = {"crv", "kty", "x", "y"};
    static const char *const rsa[] = {"e", "kty", "n", NULL};
    const char *kty = json_string_value(json_object_get(jwk, "kty"));
    const char *const *members = NULL;
    if (kty != NULL && strcmp(kty, "EC") == 0)
        members = ec;
    else if (kty != NULL && strcmp(kty, "RSA") == 0)
        members = rsa;
    if (members == NULL)
        return err_set(err, "JWK: kty is neither EC nor RSA (RFC 7638 3.2)");
    const char *values[4] = {NULL};
    for (size_t i = 0; i < 4 && members[i] != NULL; i++) {
        values[i] = json_string_value(json_object_get(jwk, members[i]));
        if (values[i] == NULL || strpbrk(values[i], "\"\\") != NULL)
            return err_set(err, "JWK: member %s is absent or no plain text (RFC 7638 3.2)", members[i]);
    }
    *out = thumbprint(members, values);
    return true;
}

bool jwk_public(json_t **out, const struct key *key, struct err *err)
{
    OWN(char) *x = NULL;
    OWN(char) *y = NULL;
    OWN(char) *kid = NULL;
    if (strcmp(key_kind(key), "P-256") != 0)
        return err_set(err, "provisioner key: is %s, step's default provisioner has P-256", key_kind(key));
    if (!coordinate(&x, key, OSSL_PKEY_PARAM_EC_PUB_X, err) ||
        !coordinate(&y, key, OSSL_PKEY_PARAM_EC_PUB_Y, err))
        return false;
    json_t *jwk = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "use", "sig", "kty", "EC", "kid", "",
                            "crv", "P-256", "alg", "ES256", "x", x, "y", y);
    if (!jwk_thumbprint(&kid, jwk, err)) {
        json_decref(jwk);
        return false;
    }
    json_object_set_new(jwk, "kid", json_string(kid));
    *out = jwk;
    return true;
}

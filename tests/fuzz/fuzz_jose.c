/* A JWK, or a JWE whose protected header is the first line and whose other four parts are the second: read
 * without harm, and never opened by a password that it was not sealed with. */
#include "../../ceremony/jose.h"
#include "../../ceremony/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void read_jwk(const struct bytes *text)
{
    struct err err = {0};
    OWN(json_t) *jwk = NULL;
    OWN(char) *thumbprint = NULL;
    if (json_read(&jwk, text, "key", &err) && jwk_thumbprint(&thumbprint, jwk, &err))
        must(strlen(thumbprint) == BASE64URL_LEN(DIGEST_LEN));
}

/* A count that takes long by design is not what is looked for. */
static bool is_quick(const struct bytes *header)
{
    struct err err = {0};
    OWN(json_t) *value = NULL;
    return !json_read(&value, header, "header", &err) ||
           json_integer_value(json_object_get(value, "p2c")) < 1000;
}

static void open_jwe(const char *jwe)
{
    struct err err = {0};
    bool wrong = false;
    OWN_SECRET *password = secret_new("password", 8);
    OWN_SECRET *opened = NULL;
    must(!jwe_open(&opened, jwe, password, &wrong, &err));
    must(opened == NULL && err.text[0] != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OWN_STRUCT(bytes) text = bytes_copy(data, size);
    const char *line = memchr(text.data, '\n', text.len);
    read_jwk(&text);
    if (line == NULL)
        return 0;
    size_t len = (size_t)(line - (const char *)text.data);
    OWN_STRUCT(bytes) header = bytes_copy(text.data, len);
    OWN(char) *encoded = base64url_encode(header.data, header.len);
    OWN(char) *jwe = text_format("%s.%s", encoded, line + 1);
    if (is_quick(&header))
        open_jwe(jwe);
    return 0;
}

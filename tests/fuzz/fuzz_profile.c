/* The certificate JSON that a template rendered to: what the strict reader takes step takes too, what it
 * refuses has a name, and what is read can be put into a certificate and shown. */
#include "../../ceremony/preview.h"
#include "../../ceremony/profilelint.h"
#include "../../ceremony/request.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static X509_REQ *request_new(void)
{
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN_PROFILE *profile = NULL;
    OWN_STRUCT(bytes) json = bytes_copy("{\"subject\":\"x\"}", 15), pem = {0};
    X509_REQ *request = NULL;
    must(key_generate(&key, "P-256", &err) && profile_parse(&profile, &json, false, "x", &err) &&
         request_create(&pem, key, profile, &err) && request_parse(&request, &pem, "x", &err));
    return request;
}

static void show(const struct profile *profile)
{
    struct err err = {0};
    OWN(X509_REQ) *request = request_new();
    OWN(X509) *cert = NULL;
    OWN_STRUCT(bytes) told = {0};
    if (!preview_make(&cert, profile, request, NULL, &err)) {
        must(err.text[0] != 0);
        return;
    }
    preview_text(&told, cert);
    must(told.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = {0};
    OWN_PROFILE *strict = NULL;
    OWN_PROFILE *lax = NULL;
    OWN_STRUCT(findings) found = {0};
    OWN_STRUCT(bytes) json = bytes_copy(data, size);
    bool taken = profile_parse(&strict, &json, false, "rendered", &err);
    profile_lint(&found, &lax, &json, NULL);
    must(!taken || lax != NULL);
    must(taken || findings_errors(&found) > 0);
    if (lax != NULL)
        show(lax);
    json_decref(findings_json(&found));
    return 0;
}

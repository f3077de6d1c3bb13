/* A file that may hold a key, a certificate, a request or a revocation list: read without harm, and what is
 * read can be used. */
#include "../../ceremony/crl.h"
#include "../../ceremony/pem.h"
#include "../../ceremony/request.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Old encryption costs nothing to open; what costs seconds by design is opened in the units. */
static void read_key(const struct bytes *text)
{
    char spki[DIGEST_HEX];
    struct err err = {0};
    bool wrong = false, old = memmem(text->data, text->len, "DEK-Info", 8) != NULL;
    OWN_KEY *key = NULL;
    OWN_SECRET *password = old ? secret_new("password", 8) : NULL;
    if (!key_parse(&key, text, password, &wrong, "key", &err)) {
        must(key == NULL && err.text[0] != 0);
        must(!wrong || key_is_encrypted(text));
        return;
    }
    must(!wrong && key_kind(key)[0] != 0 && key_spki_digest(spki, key, &err));
    (void)!pkey_is_strong(key_evp(key), &err);
}

static void read_certificate(const struct bytes *text)
{
    struct err err = {0};
    OWN(X509) *cert = NULL;
    OWN(json_t) *facts = NULL;
    OWN_STRUCT(bytes) pem = {0};
    if (!certificate_parse(&cert, text, "certificate", &err))
        return;
    must(certificate_to_json(&facts, cert, &err) || err.text[0] != 0);
    (void)!certificate_check_root(cert, 1795449600, "root", &err);
    (void)!certificate_check_intermediate(cert, cert, 0, "intermediate", &err);
    OWN(X509) *again = NULL;
    must(certificate_pem(&pem, cert, &err) && certificate_parse(&again, &pem, "again", &err));
    must(X509_cmp(cert, again) == 0);
}

static void read_others(const struct bytes *text)
{
    struct err err = {0};
    OWN(X509_REQ) *request = NULL;
    OWN(X509_CRL) *crl = NULL;
    OWN(json_t) *asked = NULL;
    OWN(json_t) *listed = NULL;
    if (request_parse(&request, text, "request", &err))
        (void)!request_to_json(&asked, request, &err);
    if (crl_parse(&crl, text, "list", &err))
        (void)!crl_to_json(&listed, crl, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pem_blocks blocks;
    OWN_STRUCT(bytes) text = bytes_copy(data, size);
    pem_look(&blocks, &text);
    must(blocks.begin <= text.len && blocks.end <= text.len);
    read_key(&text);
    read_certificate(&text);
    read_others(&text);
    return 0;
}

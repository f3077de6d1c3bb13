#include "hasher.h"

#include <openssl/evp.h>

struct hasher {
    EVP_MD *kind; /* fetched once: a fetch for every digest takes locks that all threads share */
    EVP_MD_CTX *context;
};

void hasher_free(struct hasher *h)
{
    if (h == NULL)
        return;
    EVP_MD_CTX_free(h->context);
    EVP_MD_free(h->kind);
    free(h);
}

struct hasher *hasher_new(enum hasher_kind kind)
{
    struct hasher *h = memory_new(1, sizeof *h);
    h->kind = EVP_MD_fetch(NULL, kind == HASHER_SHA1 ? "SHA1" : "SHA2-256", NULL);
    h->context = EVP_MD_CTX_new();
    if (h->kind == NULL || h->context == NULL)
        abort();
    hasher_start(h);
    return h;
}

void hasher_start(struct hasher *h)
{
    if (EVP_DigestInit_ex2(h->context, h->kind, NULL) != 1)
        abort();
}

void hasher_add(struct hasher *h, const void *data, size_t len)
{
    if (len > 0 && EVP_DigestUpdate(h->context, data, len) != 1)
        abort();
}

void hasher_end(char *hex, struct hasher *h)
{
    unsigned char raw[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    if (EVP_DigestFinal_ex(h->context, raw, &len) != 1)
        abort();
    hex_encode(hex, raw, len);
}

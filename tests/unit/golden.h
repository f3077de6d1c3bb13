/* golden.h - for tests: what strangers wrote (tests/golden), opened. */
#ifndef VERGER_TESTS_GOLDEN_H
#define VERGER_TESTS_GOLDEN_H

#include "stranger.h"

#include "ceremony/certificate.h"
#include "ceremony/request.h"

#define GOLDEN "tests/golden/"
#define SUBJECT "{\"commonName\":\"Example Intermediate CA\"}"

static inline struct bytes golden(const char *name)
{
    struct err err = {0};
    struct bytes out = {0};
    OWN(char) *path = text_format(GOLDEN "%s", name);
    if (!file_read(&out, path, FILE_MAX_SMALL, &err))
        fail_msg("%s", err.text);
    return out;
}

static inline struct bytes text_bytes(const char *text)
{
    return bytes_copy(text, strlen(text));
}

static inline struct secret *golden_password(const char *name)
{
    OWN_STRUCT(bytes) text = golden(name);
    return secret_new(text.data, text.len);
}

static inline struct key *golden_key(const char *name, const char *password)
{
    struct err err = {0};
    struct key *key = NULL;
    OWN_STRUCT(bytes) pem = golden(name);
    OWN_SECRET *secret = golden_password(password);
    if (!key_parse(&key, &pem, secret, NULL, name, &err))
        fail_msg("%s", err.text);
    return key;
}

static inline X509 *golden_certificate(const char *name)
{
    struct err err = {0};
    X509 *cert = NULL;
    OWN_STRUCT(bytes) pem = golden(name);
    if (!certificate_parse(&cert, &pem, name, &err))
        fail_msg("%s", err.text);
    return cert;
}

static inline X509_REQ *golden_request(void)
{
    struct err err = {0};
    X509_REQ *request = NULL;
    OWN_STRUCT(bytes) pem = golden("csr/intermediate_ca.csr");
    if (!request_parse(&request, &pem, "golden", &err))
        fail_msg("%s", err.text);
    return request;
}

/* `text` with every `from` replaced by `to`. */
static inline char *replaced(const char *text, const char *from, const char *to)
{
    OWN_STRUCT(bytes) out = bytes_copy("", 0);
    for (const char *at; (at = strstr(text, from)) != NULL; text = at + strlen(from)) {
        bytes_add(&out, text, (size_t)(at - text));
        bytes_text(&out, to);
    }
    bytes_text(&out, text);
    return text_copy(bytes_string(&out));
}

/* A golden template as the engine would render it for the golden request; only what our templates use. */
static inline struct bytes golden_rendered(const char *name)
{
    static const char *const actions[][2] = {
        {"{{ toJson .Subject }}", SUBJECT},
        {"{{ .MaxPathLen }}", "0"},
        {"{{ toJson .Nope }}", "null"},
        {"{{ asn1Enc \"utf8:hi\" }}", "DAJoaQ=="},
        {"{{ asn1Seq (asn1Enc \"raw:gAEA\") }}", "MAOAAQA="},
    };
    OWN_STRUCT(bytes) raw = golden(name);
    char *text = text_copy(bytes_string(&raw));
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        char *next = replaced(text, actions[i][0], actions[i][1]);
        free(text);
        text = next;
    }
    struct bytes out = text_bytes(text);
    free(text);
    return out;
}

#endif

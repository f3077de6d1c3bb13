#include "lint.h"

#include "certificateparts.h"

#include <openssl/pem.h>
#include <string.h>

static void lint_subject_free(struct lint_subject *s)
{
    bytes_free(&s->der);
    X509_free(s->certificate);
    X509_REQ_free(s->request);
    X509_CRL_free(s->list);
    X509_PUBKEY_free(s->key);
    *s = (struct lint_subject){0};
}
void lint_subjects_free(struct lint_subjects *s)
{
    for (size_t i = 0; i < s->count; i++)
        lint_subject_free(&s->list[i]);
    free(s->list);
    *s = (struct lint_subjects){0};
}

/* What signs certificates is a CA, also where it fails to say so as it should. */
static enum lint_view view_of(const X509 *cert)
{
    struct constraints constraints;
    bool present = false;
    certificate_constraints(&constraints, cert);
    unsigned usage = certificate_key_usage(&present, cert);
    EVP_PKEY *key = X509_get0_pubkey(cert); /* NULL: damaged, and the names must do */
    bool own = X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0 &&
               (key == NULL || certificate_verifies(cert, key));
    bool authority = constraints.ca || (present && (usage & USAGE_CERT_SIGN) != 0) ||
                     (own && X509_get_version(cert) != X509_VERSION_3);
    ERR_clear_error();
    return !authority ? LINT_LEAF : own ? LINT_ROOT : LINT_INTERMEDIATE;
}

/* One of the kinds that the DER is; all have to end with the file. */
static bool subject_decode(struct lint_subject *s, const unsigned char *data, size_t len)
{
    const unsigned char *at[4] = {data, data, data, data};
    if ((s->certificate = d2i_X509(NULL, &at[0], (long)len)) != NULL)
        s->view = view_of(s->certificate);
    else if ((s->request = d2i_X509_REQ(NULL, &at[1], (long)len)) != NULL)
        s->view = LINT_REQUEST;
    else if ((s->list = d2i_X509_CRL(NULL, &at[2], (long)len)) != NULL)
        s->view = LINT_LIST;
    else if ((s->key = d2i_X509_PUBKEY(NULL, &at[3], (long)len)) != NULL)
        s->view = LINT_KEY;
    ERR_clear_error();
    int kind = s->certificate != NULL ? 0 : s->request != NULL ? 1 : s->list != NULL ? 2 : 3;
    return s->view != 0 && at[kind] == data + len;
}

static bool subject_add(struct lint_subjects *out, const unsigned char *data, size_t len, const char *what,
                        struct err *err)
{
    OWN_STRUCT(lint_subject) one = {0};
    if (!subject_decode(&one, data, len))
        return err_set(err,
                       "%s: number %zu in it cannot be read as a certificate, request, revocation list or "
                       "public key in DER, or has something behind it",
                       what, out->count + 1);
    one.der = bytes_copy(data, len);
    if ((out->count & (out->count - 1)) == 0) { /* full: there is room for a power of two */
        struct lint_subject *grown = memory_new(2 * out->count + 1, sizeof *grown);
        if (out->count > 0)
            memcpy(grown, out->list, out->count * sizeof *grown);
        free(out->list);
        out->list = grown;
    }
    out->list[out->count++] = one;
    one = (struct lint_subject){0};
    return true;
}

static bool label_check(const char *label, const char *what, struct err *err)
{
    static const char *const known[] = {"CERTIFICATE",
                                        "X509 CERTIFICATE",
                                        "CERTIFICATE REQUEST",
                                        "NEW CERTIFICATE REQUEST",
                                        "X509 CRL",
                                        "PUBLIC KEY",
                                        NULL};
    for (size_t i = 0; known[i] != NULL; i++)
        if (strcmp(label, known[i]) == 0)
            return true;
    if (strstr(label, "PRIVATE KEY") != NULL)
        return err_set(err,
                       "%s: holds a private key, which nobody needs to judge the public one: give that "
                       "(openssl pkey -in FILE -pubout)",
                       what);
    return err_set(err,
                   "%s: holds a PEM block \"%.60s\"; certificates, requests, revocation lists and public "
                   "keys are judged",
                   what, label);
}

static bool blocks_read(struct lint_subjects *out, const struct bytes *text, const char *what,
                        struct err *err)
{
    OWN(BIO) *in = BIO_new_mem_buf(text->data, (int)text->len);
    for (bool ok = true; ok;) {
        char *label = NULL, *header = NULL;
        unsigned char *data = NULL;
        long len = 0;
        if (in == NULL || PEM_read_bio(in, &label, &header, &data, &len) != 1)
            break;
        ok = label_check(label, what, err) && subject_add(out, data, (size_t)len, what, err);
        OPENSSL_clear_free(data, (size_t)len);
        OPENSSL_free(label);
        OPENSSL_free(header);
        if (!ok)
            return false;
    }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
        return err_ssl(err, "%s: PEM block number %zu cannot be decoded (RFC 7468)", what, out->count + 1);
    ERR_clear_error();
    return true;
}

bool lint_read(struct lint_subjects *out, const struct bytes *text, const char *what, struct err *err)
{
    OWN_STRUCT(lint_subjects) read = {0};
    bool der = text->len > 0 && text->data[0] == 0x30;
    if (!(der ? subject_add(&read, text->data, text->len, what, err) : blocks_read(&read, text, what, err)))
        return false;
    if (read.list == NULL)
        return err_set(err, "%s: holds no certificate, request, revocation list or public key", what);
    *out = (struct lint_subjects){GIVE(read.list), read.count};
    read.count = 0;
    return true;
}

bool lint_take(struct lint_subjects *out, const X509 *certificate, const X509_REQ *request,
               const X509_CRL *list, struct err *err)
{
    OWN_OPENSSL *der = NULL;
    int len = certificate != NULL ? i2d_X509(certificate, &der)
              : request != NULL   ? i2d_X509_REQ(request, &der)
                                  : i2d_X509_CRL(list, &der);
    if (len <= 0)
        return err_ssl(err, "what is to be judged cannot be encoded");
    OWN_STRUCT(lint_subjects) read = {0};
    if (!subject_add(&read, der, (size_t)len, "what is to be judged", err))
        return false;
    *out = (struct lint_subjects){GIVE(read.list), read.count};
    read.count = 0;
    return true;
}

const X509 *lint_issuer_beside(const struct lint_subjects *s, size_t n)
{
    const struct lint_subject *one = &s->list[n];
    const X509 *named = NULL;
    if (one->view == LINT_ROOT || (one->certificate == NULL && one->list == NULL))
        return NULL;
    const X509_NAME *name =
        one->certificate != NULL ? X509_get_issuer_name(one->certificate) : X509_CRL_get_issuer(one->list);
    for (size_t i = 0; i < s->count; i++) {
        X509 *other = s->list[i].certificate;
        if (i == n || other == NULL || X509_NAME_cmp(X509_get_subject_name(other), name) != 0)
            continue;
        EVP_PKEY *key = X509_get0_pubkey(other);
        named = named != NULL ? named : other;
        if (one->certificate != NULL ? certificate_verifies(one->certificate, key)
                                     : key != NULL && X509_CRL_verify(one->list, key) == 1)
            return other;
        ERR_clear_error();
    }
    return named;
}

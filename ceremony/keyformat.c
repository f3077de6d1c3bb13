#include "keyformat.h"

#include "opensshkey.h"
#include "pem.h"
#include "ssl.h"

#include <openssl/pem.h>
#include <string.h>

#define PROC_TYPE "Proc-Type: 4,ENCRYPTED"
#define DEK_INFO "DEK-Info: "

/* One PEM block, taken apart in secure memory. */
struct block {
    char *name, *header;
    unsigned char *data;
    long len;
};

static void block_free(struct block *block)
{
    OPENSSL_secure_free(block->name);
    OPENSSL_secure_free(block->header);
    OPENSSL_secure_clear_free(block->data, (size_t)block->len);
}

static bool block_read(struct block *block, const struct bytes *pem, const char *what, struct err *err)
{
    struct pem_blocks blocks;
    pem_look(&blocks, pem);
    if (blocks.count == 0)
        return err_set(err, "%s: not a valid PEM encoded block; a private key in PEM is expected", what);
    if (blocks.count > 1 || !pem_ends(pem, blocks.end))
        return err_set(err,
                       "%s: contains more than one PEM encoded block or text behind the key, which step-ca "
                       "refuses; leave only the private key",
                       what);
    OWN(BIO) *in = BIO_new_mem_buf(pem->data, (int)pem->len);
    if (in == NULL || PEM_read_bio_ex(in, &block->name, &block->header, &block->data, &block->len,
                                      PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE) != 1)
        return err_ssl(err, "%s: the PEM block cannot be decoded (RFC 7468)", what);
    return true;
}

/* OpenSSH says so inside. */
static bool openssh_is_encrypted(const struct bytes *pem)
{
    OWN_STRUCT(block) block = {0};
    struct err ignored = {0};
    return block_read(&block, pem, "", &ignored) && opensshkey_is_encrypted(block.data, (size_t)block.len);
}

bool keyformat_is_encrypted(const struct bytes *pem)
{
    struct pem_blocks blocks;
    pem_look(&blocks, pem);
    if (strcmp(blocks.label, "ENCRYPTED PRIVATE KEY") == 0)
        return true;
    if (strcmp(blocks.label, OPENSSH_LABEL) == 0)
        return openssh_is_encrypted(pem);
    return blocks.private_key &&
           memmem(pem->data + blocks.begin, blocks.end - blocks.begin, PROC_TYPE, strlen(PROC_TYPE)) != NULL;
}

static bool password_wrong(bool *wrong_password, const char *what, struct err *err)
{
    ERR_clear_error();
    if (wrong_password != NULL)
        *wrong_password = true;
    return err_set(err, "%s: the password is wrong", what);
}

/* CBC with padding into secure memory. A padding that does not come out right is a wrong password. */
static bool decrypt(struct secret **out, const EVP_CIPHER *cipher, const unsigned char *key,
                    const unsigned char *iv, const unsigned char *in, size_t len)
{
    OWN(EVP_CIPHER_CTX) *context = EVP_CIPHER_CTX_new();
    unsigned char *plain = OPENSSL_secure_malloc(len + EVP_MAX_BLOCK_LENGTH);
    int got = 0, rest = 0;
    if (plain == NULL)
        abort(); /* it must not look like a wrong password */
    bool ok = context != NULL && len <= INT32_MAX &&
              EVP_DecryptInit_ex2(context, cipher, key, iv, NULL) == 1 &&
              EVP_DecryptUpdate(context, plain, &got, in, (int)len) == 1 &&
              EVP_DecryptFinal_ex(context, plain + got, &rest) == 1;
    if (ok)
        *out = secret_new(plain, (size_t)(got + rest));
    OPENSSL_secure_clear_free(plain, len + EVP_MAX_BLOCK_LENGTH);
    return ok;
}

/* The cipher and vector of a DEK-Info line (RFC 1421 4.6.1.3). */
static bool dek_read(EVP_CIPHER **cipher, unsigned char iv[16], const char *header, const char *what,
                     struct err *err)
{
    static const char *const known[] = {"AES-256-CBC", "AES-192-CBC", "AES-128-CBC", "DES-EDE3-CBC", NULL};
    const char *line = strstr(header, DEK_INFO);
    if (line == NULL)
        return err_set(err, "%s: encrypted, but the DEK-Info line is missing", what);
    line += strlen(DEK_INFO);
    size_t len = strcspn(line, ",\r\n");
    size_t i = 0;
    while (known[i] != NULL && (strlen(known[i]) != len || strncmp(line, known[i], len) != 0))
        i++;
    if (known[i] == NULL)
        return err_set(err,
                       "%s: unknown encryption mode %.*s to step-ca, or single DES; write the key again: "
                       "openssl pkcs8 -topk8 -v2 aes-256-cbc",
                       what, (int)(len < 40 ? len : 40), line);
    EVP_CIPHER *fetched = EVP_CIPHER_fetch(NULL, known[i], NULL);
    if (fetched == NULL)
        return err_ssl(err, "%s: the cipher %s is not available", what, known[i]);
    char hex[33] = "";
    size_t iv_len = (size_t)EVP_CIPHER_get_iv_length(fetched), got = 0;
    if (line[len] == ',')
        snprintf(hex, sizeof hex, "%.*s", (int)strcspn(line + len + 1, "\r\n"), line + len + 1);
    if (OPENSSL_hexstr2buf_ex(iv, 16, &got, hex, '\0') != 1 || got != iv_len) {
        EVP_CIPHER_free(fetched);
        return err_ssl(err, "%s: the DEK-Info line is damaged", what);
    }
    *cipher = fetched;
    return true;
}

static bool old_decrypt(struct secret **out, const struct block *block, const struct secret *password,
                        bool *wrong_password, const char *what, struct err *err)
{
    EVP_CIPHER *cipher = NULL;
    unsigned char iv[16] = {0};
    if (!dek_read(&cipher, iv, block->header, what, err))
        return false;
    unsigned char *key = OPENSSL_secure_zalloc(EVP_MAX_KEY_LENGTH);
    bool derived =
        key != NULL && EVP_BytesToKey(cipher, EVP_md5(), iv, (const unsigned char *)secret_data(password),
                                      (int)secret_len(password), 1, key, NULL) > 0;
    bool ok = derived && decrypt(out, cipher, key, iv, block->data, (size_t)block->len);
    OPENSSL_secure_clear_free(key, EVP_MAX_KEY_LENGTH);
    EVP_CIPHER_free(cipher);
    if (!derived)
        return err_ssl(err, "%s: the key cannot be derived from the password", what);
    return ok || password_wrong(wrong_password, what, err);
}

static bool pkcs8_decrypt(struct secret **out, const struct block *block, const struct secret *password,
                          bool *wrong_password, const char *what, struct err *err)
{
    const unsigned char *at = block->data;
    OWN(X509_SIG) *outer = d2i_X509_SIG(NULL, &at, block->len);
    if (outer == NULL || at != block->data + block->len)
        return err_ssl(err, "%s: the encrypted private key is damaged (RFC 5958)", what);
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OCTET_STRING *text = NULL;
    X509_SIG_get0(outer, &algorithm, &text);
    OWN_STRUCT(pbes2) scheme = {0};
    if (!pbes2_read(&scheme, algorithm, what, err))
        return false;
    unsigned char *key = OPENSSL_secure_zalloc(EVP_MAX_KEY_LENGTH);
    bool derived =
        key != NULL && PKCS5_PBKDF2_HMAC(secret_data(password), (int)secret_len(password), scheme.salt,
                                         (int)scheme.salt_len, (int)scheme.iterations, scheme.prf,
                                         EVP_CIPHER_get_key_length(scheme.cipher), key) == 1;
    bool ok = derived && decrypt(out, scheme.cipher, key, scheme.iv, ASN1_STRING_get0_data(text),
                                 (size_t)ASN1_STRING_length(text));
    OPENSSL_secure_clear_free(key, EVP_MAX_KEY_LENGTH);
    if (!derived)
        return err_ssl(err, "%s: the key cannot be derived from the password", what);
    return ok || password_wrong(wrong_password, what, err);
}

static bool label_check(const char *label, const char *what, struct err *err)
{
    if (strcmp(label, "RSA PRIVATE KEY") != 0 && strcmp(label, "EC PRIVATE KEY") != 0 &&
        strcmp(label, "PRIVATE KEY") != 0 && strcmp(label, "ENCRYPTED PRIVATE KEY") != 0 &&
        strcmp(label, OPENSSH_LABEL) != 0)
        return err_set(err, "%s: contains an unexpected header '%s'; a private key is expected", what, label);
    return true;
}

bool keyformat_open(struct secret **der, char label[64], const struct bytes *pem,
                    const struct secret *password, bool *wrong_password, const char *what, struct err *err)
{
    OWN_STRUCT(block) block = {0};
    if (!block_read(&block, pem, what, err))
        return false;
    if (block.name == NULL || block.header == NULL)
        return err_set(err, "%s: a PEM block without a label (RFC 7468)", what);
    if (!label_check(block.name, what, err))
        return false;
    bool pkcs8 = strcmp(block.name, "ENCRYPTED PRIVATE KEY") == 0;
    bool old = strstr(block.header, PROC_TYPE) != NULL;
    snprintf(label, 64, "%s", pkcs8 ? "PRIVATE KEY" : block.name);
    if (!pkcs8 && !old) {
        *der = secret_new(block.data, (size_t)block.len);
        return true;
    }
    if (password == NULL)
        return err_set(err, "%s: the key is encrypted and no password was given", what);
    if (pkcs8)
        return pkcs8_decrypt(der, &block, password, wrong_password, what, err);
    return old_decrypt(der, &block, password, wrong_password, what, err);
}

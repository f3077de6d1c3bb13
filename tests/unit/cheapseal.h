/* cheapseal.h - for tests that need sealing keys and not how they are kept: enrolled as by seal_enrol, but
 * with a single round of PBKDF2, of which some hundreds of thousands cost a second under the sanitizers. */
#ifndef VERGER_TESTS_CHEAPSEAL_H
#define VERGER_TESTS_CHEAPSEAL_H

#include "stranger.h"

#include "audit/seal.h"
#include "audit/signer.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

/* Encrypted PKCS#8, as openssl pkcs8 -iter 1 writes it. */
static inline void cheapseal_key(const char *path, const struct key *key, const struct secret *password)
{
    struct err err = {0};
    X509_ALGOR *scheme = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), 1, NULL, 0, NULL, NID_hmacWithSHA256);
    PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(key_evp(key));
    X509_SIG *hidden = PKCS8_set0_pbe(secret_data(password), (int)secret_len(password), plain, scheme);
    BIO *out = BIO_new(BIO_s_mem());
    char *text = NULL;
    assert_non_null(hidden);
    assert_int_equal(PEM_write_bio_PKCS8(out, hidden), 1);
    long len = BIO_get_mem_data(out, &text);
    assert_ok(file_create(path, text, (size_t)len, 0600, &err));
    BIO_free(out);
    X509_SIG_free(hidden);
    PKCS8_PRIV_KEY_INFO_free(plain);
}

/* Enrol in the folder `home`, which is made, and open. */
static inline struct seal *cheapseal(const char *home, const char *name, const char *station, bool rehearsal,
                                     const struct secret *password, time_t now)
{
    struct err err = {0};
    OWN(char) *key_path = path_join(home, "seal.key");
    OWN(char) *certificate_path = path_join(home, "seal.crt");
    OWN_KEY *key = NULL;
    OWN(X509) *certificate = NULL;
    OWN_STRUCT(bytes) text = {0};
    struct seal *seal = NULL;
    assert_ok(key_generate(&key, "P-256", &err));
    assert_ok(signer_make(&certificate, key, name, station, rehearsal, now, &err));
    assert_ok(certificate_pem(&text, certificate, &err));
    assert_ok(folder_make(home, 0700, &err));
    cheapseal_key(key_path, key, password);
    assert_ok(file_create(certificate_path, text.data, text.len, 0644, &err));
    assert_ok(seal_open(&seal, home, password, NULL, &err));
    return seal;
}

#endif

/* Passwords are stretched once: what makes a password dear to guess makes a sweep dear to run, and changes no
 * file but for a number in it. Counts that a stranger wrote (openssl's 2048) stay. */
#include <dlfcn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#define DEAR 100000

typedef X509_ALGOR *set_iv(const EVP_CIPHER *, int, unsigned char *, int, unsigned char *, int);
typedef int pbkdf2(const char *, int, const unsigned char *, int, int, const EVP_MD *, int, unsigned char *);

X509_ALGOR *PKCS5_pbe2_set_iv(const EVP_CIPHER *cipher, int iterations, unsigned char *salt, int salt_len,
                              unsigned char *iv, int prf)
{
    union {
        void *found;
        set_iv *call;
    } real = {dlsym(RTLD_NEXT, "PKCS5_pbe2_set_iv")};
    return real.call(cipher, iterations < DEAR ? iterations : 1, salt, salt_len, iv, prf);
}

int PKCS5_PBKDF2_HMAC(const char *password, int password_len, const unsigned char *salt, int salt_len,
                      int iterations, const EVP_MD *digest, int out_len, unsigned char *out)
{
    union {
        void *found;
        pbkdf2 *call;
    } real = {dlsym(RTLD_NEXT, "PKCS5_PBKDF2_HMAC")};
    return real.call(password, password_len, salt, salt_len, iterations < DEAR ? iterations : 1, digest,
                     out_len, out);
}

/* The floor: what must be done, by bare calls of the libraries and nothing else.
 *
 *   floor hash FILE...                      read and hashed, SHA-256, on one core
 *   floor pbkdf2 COUNT ITERATIONS           passwords made keys
 *   floor keygen COUNT                      RSA-2048 keys
 *   floor ceremony FOLDER RSA EC SYNCS MIB  so many signatures by FOLDER/rsa.key and ec.key, files of a
 * page's size that are fsynced, and MiB that are hashed floor policy ENTRIES NAMES              not a floor:
 * our policy engine's, names judged a second on one core
 */
#include "ceremony/file.h"
#include "ceremony/json.h"
#include "ceremony/key.h"
#include "ceremony/policy_engine.h"
#include "ceremony/ssl.h"

#include <fcntl.h>
#include <openssl/rsa.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PIECE = 1 << 18, PAGE_SIZE_USUAL = 16 << 10 };

static int hash_files(int count, char **paths)
{
    OWN(EVP_MD_CTX) *context = EVP_MD_CTX_new();
    unsigned char *piece = malloc(PIECE), digest[EVP_MAX_MD_SIZE];
    bool ok = piece != NULL;
    for (int i = 0; ok && i < count; i++) {
        int fd = open(paths[i], O_RDONLY | O_CLOEXEC);
        ssize_t len = 0;
        ok = fd >= 0 && EVP_DigestInit_ex2(context, EVP_sha256(), NULL) == 1;
        while (ok && (len = read(fd, piece, PIECE)) > 0)
            ok = EVP_DigestUpdate(context, piece, (size_t)len) == 1;
        ok = ok && len == 0 && EVP_DigestFinal_ex(context, digest, NULL) == 1;
        close(fd);
    }
    free(piece);
    return ok ? 0 : 1;
}

static int passwords_stretch(unsigned long count, int iterations)
{
    unsigned char key[32];
    while (count-- > 0)
        if (PKCS5_PBKDF2_HMAC("password", 8, (const unsigned char *)"sixteen of salt.", 16, iterations,
                              EVP_sha256(), sizeof key, key) != 1)
            return 1;
    return 0;
}

static int keys_generate(unsigned long count)
{
    while (count-- > 0) {
        EVP_PKEY *key = EVP_RSA_gen(2048);
        if (key == NULL)
            return 1;
        EVP_PKEY_free(key);
    }
    return 0;
}

static bool sign_many(const char *folder, const char *name, unsigned long count)
{
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN_STRUCT(bytes) text = {0};
    OWN(char) *path = path_join(folder, name);
    unsigned char made[1024];
    if (!file_read(&text, path, FILE_MAX_SMALL, &err) || !key_parse(&key, &text, NULL, NULL, path, &err))
        return false;
    while (count-- > 0) {
        OWN(EVP_MD_CTX) *context = EVP_MD_CTX_new();
        size_t len = sizeof made;
        if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key_evp(key)) != 1 ||
            EVP_DigestSign(context, made, &len, (const unsigned char *)name, strlen(name)) != 1)
            return false;
    }
    return true;
}

static bool sync_many(const char *folder, unsigned long count)
{
    static const unsigned char page[PAGE_SIZE_USUAL];
    for (bool ok = true; count-- > 0;) {
        OWN(char) *name = text_format("synced-%lu", count);
        OWN(char) *path = path_join(folder, name);
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        ok = fd >= 0 && write(fd, page, sizeof page) == (ssize_t)sizeof page && fsync(fd) == 0;
        ok = close(fd) == 0 && ok;
        (void)unlink(path);
        if (!ok)
            return false;
    }
    return true;
}

static bool hash_many(unsigned long mib)
{
    unsigned char digest[EVP_MAX_MD_SIZE], *piece = calloc(1, 1 << 20);
    bool ok = piece != NULL;
    while (ok && mib-- > 0)
        ok = EVP_Digest(piece, 1 << 20, digest, NULL, EVP_sha256(), NULL) == 1;
    free(piece);
    return ok;
}

static double processor_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Host names, ranges and addresses, on both sides. */
static json_t *policy_of(unsigned long entries)
{
    json_t *dns = json_array(), *ip = json_array(), *denied = json_array();
    for (unsigned long i = 0; i < entries; i++) {
        OWN(char) *name = text_format(i % 2 == 0 ? "*.zone-%lu.example.com" : "host-%lu.example.com", i);
        OWN(char) *range = text_format("10.%lu.%lu.0/24", i / 256 % 256, i % 256);
        OWN(char) *bad = text_format("forbidden-%lu.example.com", i);
        json_array_append_new(i % 3 == 0   ? ip
                              : i % 3 == 1 ? dns
                                           : denied,
                              json_string(i % 3 == 0   ? range
                                          : i % 3 == 1 ? name
                                                       : bad));
    }
    return json_pack("{s:{s:{s:o, s:o}, s:{s:o}, s:b}}", "x509", "allow", "dns", dns, "ip", ip, "deny", "dns",
                     denied, "allowWildcardNames", 0);
}

enum { DIFFERENT = 1024 };

static int policy_rate(unsigned long entries, unsigned long count)
{
    struct err err = {0};
    OWN_POLICY_ENGINE *engine = NULL;
    OWN(json_t) *policy = policy_of(entries);
    char texts[DIFFERENT][64];
    struct policy_name names[DIFFERENT];
    unsigned long allowed = 0;
    if (!policy_engine_new(&engine, policy, POLICY_X509, &err))
        return 1;
    for (unsigned i = 0; i < DIFFERENT; i++) {
        static const char *const forms[] = {"web.zone-%u.example.com", "host-%u.example.com",
                                            "forbidden-%u.example.com", "10.3.%u.7"};
        snprintf(texts[i], sizeof texts[i], forms[i % 4], i % 4 == 3 ? i % 256 : i);
        names[i] = (struct policy_name){i % 4 == 3 ? POLICY_IP : POLICY_DNS, texts[i]};
    }
    const double start = processor_seconds();
    for (unsigned long i = 0; i < count; i++) {
        struct policy_answer answer = policy_judge(engine, &names[i % DIFFERENT]);
        allowed += policy_allowed(&answer) ? 1 : 0;
    }
    printf("%.0f\n", (double)count / (processor_seconds() - start));
    return allowed > 0 && allowed < count ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "hash") == 0)
        return hash_files(argc - 2, argv + 2);
    if (argc == 4 && strcmp(argv[1], "pbkdf2") == 0)
        return passwords_stretch(strtoul(argv[2], NULL, 10), atoi(argv[3]));
    if (argc == 3 && strcmp(argv[1], "keygen") == 0)
        return keys_generate(strtoul(argv[2], NULL, 10));
    if (argc == 4 && strcmp(argv[1], "policy") == 0)
        return policy_rate(strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
    if (argc == 7 && strcmp(argv[1], "ceremony") == 0)
        return sign_many(argv[2], "rsa.key", strtoul(argv[3], NULL, 10)) &&
                       sign_many(argv[2], "ec.key", strtoul(argv[4], NULL, 10)) &&
                       sync_many(argv[2], strtoul(argv[5], NULL, 10)) && hash_many(strtoul(argv[6], NULL, 10))
                   ? 0
                   : 1;
    return 2;
}

#include "secret.h"

#include "jose.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECURE_HEAP (1u << 20) /* bytes; a power of two, enough for an RSA-4096 key's PEM several times */
#define SECRET_MAX 4096u
#define KEY_FILE_MAX 65535u /* bytes; RSA-16384 is 13,000 */

struct secret {
    char *data;
    size_t len;
};

bool secret_start(void)
{
    /* Nothing outside of the program says which algorithms or providers it uses. */
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1)
        abort();
    return CRYPTO_secure_malloc_init(SECURE_HEAP, 32) == 1;
}

void secret_free(struct secret *s)
{
    if (s == NULL)
        return;
    OPENSSL_secure_clear_free(s->data, s->len + 1);
    free(s);
}

struct secret *secret_new(const void *data, size_t len)
{
    struct secret *s = memory_new(1, sizeof *s);
    s->data = OPENSSL_secure_zalloc(len + 1);
    if (s->data == NULL)
        abort();
    if (len != 0)
        memcpy(s->data, data, len);
    s->len = len;
    return s;
}

struct secret *secret_joined(const struct secret *a, const struct secret *b)
{
    struct secret *s = memory_new(1, sizeof *s);
    s->len = a->len + b->len;
    s->data = OPENSSL_secure_zalloc(s->len + 1);
    if (s->data == NULL)
        abort();
    memcpy(s->data, a->data, a->len);
    memcpy(s->data + a->len, b->data, b->len);
    return s;
}

struct secret *secret_random(void)
{
    unsigned char raw[32];
    if (RAND_priv_bytes(raw, sizeof raw) != 1)
        abort(); /* without a working generator nothing here may go on */
    char *text = base64url_encode(raw, sizeof raw);
    struct secret *s = secret_new(text, strlen(text));
    OPENSSL_cleanse(text, strlen(text));
    OPENSSL_cleanse(raw, sizeof raw);
    free(text);
    return s;
}

const char *secret_data(const struct secret *s)
{
    return s->data;
}

size_t secret_len(const struct secret *s)
{
    return s->len;
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
    return a->len == b->len && CRYPTO_memcmp(a->data, b->data, a->len) == 0;
}

bool secret_is_strong(const struct secret *s, const char *name, struct err *err)
{
    bool seen[256] = {false};
    unsigned different = 0;
    for (size_t i = 0; i < s->len; i++) {
        unsigned char byte = (unsigned char)s->data[i];
        different += !seen[byte];
        seen[byte] = true;
    }
    OPENSSL_cleanse(seen, sizeof seen);
    if (s->len < SECRET_STRONG_LEN || different < SECRET_STRONG_DIFFERENT)
        return err_set(err, "the password \"%s\" is too weak: it needs " SECRET_RULE, name);
    return true;
}

static bool judge_file(int fd, const char *path, struct err *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return err_errno(err, "%s: cannot be examined", path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, "%s: a password file must be a regular file", path);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return err_set(err, "%s: belongs to another user; a password file must be your own", path);
    if ((st.st_mode & 077) != 0)
        return err_set(err, "%s: mode %04o lets others read it; chmod 600 it first", path,
                       (unsigned)(st.st_mode & 07777));
    return true;
}

/* unicode.IsSpace at the right end: the ASCII ones, and U+0085 U+00A0 U+1680 U+2000..200A U+2028 U+2029
 * U+202F U+205F U+3000 as UTF-8, since that is what step trims. */
static size_t space_before(const unsigned char *data, size_t len)
{
    static const char *const wide[] = {"\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80",
                                       "\xe2\x80\x81", "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84",
                                       "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
                                       "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9",
                                       "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};
    if (len > 0 && (data[len - 1] == ' ' || (data[len - 1] >= '\t' && data[len - 1] <= '\r')))
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        size_t size = strlen(wide[i]);
        if (len >= size && memcmp(data + len - size, wide[i], size) == 0)
            return size;
    }
    return 0;
}

static bool take_password(struct secret **out, const unsigned char *data, size_t len, const char *path,
                          struct err *err)
{
    for (size_t space; (space = space_before(data, len)) > 0;)
        len -= space;
    if (len == 0)
        return err_set(err, "%s: holds no password", path);
    if (memchr(data, 0, len) != NULL)
        return err_set(err, "%s: holds a zero byte, which no password can have", path);
    *out = secret_new(data, len);
    return true;
}

static int open_file(const char *path, const char *what, struct err *err)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ELOOP)
        err_set(err, "%s: is a symbolic link; a %s must be the file itself", path, what);
    else if (fd < 0)
        err_errno(err, "%s: %s cannot be opened", path, what);
    return fd;
}

/* All of it, of at most `max` bytes: `room` has one more. */
static bool read_file(unsigned char *room, size_t *len, int fd, size_t max, const char *path, struct err *err)
{
    *len = 0;
    while (*len <= max) {
        ssize_t got = read(fd, room + *len, max + 1 - *len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_errno(err, "%s: cannot be read", path);
        if (got == 0)
            return true;
        *len += (size_t)got;
    }
    return err_set(err, "%s: longer than %zu bytes, more than such a file can need", path, max);
}

static unsigned char *secure_room(size_t size)
{
    unsigned char *room = OPENSSL_secure_zalloc(size);
    if (room == NULL)
        abort();
    return room;
}

bool secret_read(struct secret **out, const char *path, struct err *err)
{
    int fd = open_file(path, "password file", err);
    if (fd < 0)
        return false;
    unsigned char *room = secure_room(SECRET_MAX + 1);
    size_t len = 0;
    bool good = judge_file(fd, path, err) && read_file(room, &len, fd, SECRET_MAX, path, err) &&
                take_password(out, room, len, path, err);
    close(fd);
    OPENSSL_secure_clear_free(room, SECRET_MAX + 1);
    return good;
}

static bool judge_key_file(int fd, const char *path, struct err *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return err_errno(err, "%s: cannot be examined", path);
    if (!S_ISREG(st.st_mode))
        return err_set(err, "%s: a private key's file must be a regular file", path);
    return (st.st_mode & 077) == 0 ||
           err_set(
               err,
               "%s: mode %04o lets others at this private key; `chmod 600` it, or where the medium has no "
               "modes, mount it with `-o umask=077` (FAT) or `-o mode=0400` (ISO 9660)",
               path, (unsigned)(st.st_mode & 07777));
}

bool secret_read_key(struct secret **out, const char *path, struct err *err)
{
    int fd = open_file(path, "private key's file", err);
    if (fd < 0)
        return false;
    unsigned char *room = secure_room(KEY_FILE_MAX + 1);
    size_t len = 0;
    bool good = judge_key_file(fd, path, err) && read_file(room, &len, fd, KEY_FILE_MAX, path, err);
    if (good)
        *out = secret_new(room, len);
    close(fd);
    OPENSSL_secure_clear_free(room, KEY_FILE_MAX + 1);
    return good;
}

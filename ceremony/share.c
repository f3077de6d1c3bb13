#include "share.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

enum { VALUE = 16, MARK = 2, CHECK = 5, HEAD = 2 + MARK, RAW = HEAD + VALUE + CHECK, LETTERS = RAW / 5 * 8 };
_Static_assert(LETTERS == SHARE_GROUPS * SHARE_GROUP, "a part is whole groups");

/* One part, as its 25 bytes. */
struct part {
    unsigned char raw[RAW];
};

static void part_free(struct part *p)
{
    OPENSSL_cleanse(p, sizeof *p);
}

/* What is shared, and the coefficients that hide it; row 0 is the secret. */
struct polynomial {
    unsigned char row[SHARE_MOST][VALUE];
};

static void polynomial_free(struct polynomial *p)
{
    OPENSSL_cleanse(p, sizeof *p);
}

/* ---- GF(2^8), the same steps for all values ---- */

static unsigned char times(unsigned char a, unsigned char b)
{
    unsigned product = 0, x = a;
    for (unsigned bit = 0; bit < 8; bit++) {
        product ^= x & (0u - ((unsigned)b >> bit & 1u));
        x = x << 1 ^ (0x11du & (0u - (x >> 7 & 1u)));
    }
    return (unsigned char)product;
}

/* a^254, which is 1/a. */
static unsigned char inverse(unsigned char a)
{
    unsigned char power = a, result = 1;
    for (unsigned bit = 1; bit < 8; bit++) {
        power = times(power, power);
        result = times(result, power);
    }
    return result;
}

static void value_at(unsigned char out[VALUE], const struct polynomial *p, unsigned needed, unsigned char x)
{
    memset(out, 0, VALUE);
    for (unsigned row = needed; row-- > 0;)
        for (size_t i = 0; i < VALUE; i++)
            out[i] = times(out[i], x) ^ p->row[row][i];
}

/* What the value at part `at` counts for at 0 (Lagrange). */
static unsigned char weight_of(const struct part *parts, size_t count, size_t at)
{
    unsigned char weight = 1, x = parts[at].raw[0];
    for (size_t i = 0; i < count; i++)
        if (i != at)
            weight = times(weight, times(parts[i].raw[0], inverse(parts[i].raw[0] ^ x)));
    return weight;
}

/* ---- as text ---- */

static bool check_bytes(unsigned char out[CHECK], const struct part *part, struct err *err)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    bool good = EVP_Digest(part->raw, RAW - CHECK, digest, &len, EVP_sha256(), NULL) == 1;
    memcpy(out, digest, CHECK);
    OPENSSL_cleanse(digest, sizeof digest);
    return good || err_ssl(err, "SHA-256 failed");
}

/* Eight groups of five letters, a space between two. */
static struct secret *part_text(const struct part *part)
{
    char text[LETTERS + SHARE_GROUPS];
    size_t len = 0;
    for (size_t i = 0; i < LETTERS; i++) {
        size_t bit = i * 5;
        unsigned two = (unsigned)part->raw[bit / 8] << 8 | (bit / 8 + 1 < RAW ? part->raw[bit / 8 + 1] : 0u);
        unsigned value = two >> (11 - bit % 8) & 31;
        if (i > 0 && i % SHARE_GROUP == 0)
            text[len++] = ' ';
        text[len++] = (char)(value < 26 ? 'A' + value : '2' + value - 26);
    }
    struct secret *made = secret_new(text, len);
    OPENSSL_cleanse(text, sizeof text);
    return made;
}

/* The letter's five bits, or -1. */
static int letter_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

static bool part_read(struct part *out, const struct secret *text, unsigned number, struct err *err)
{
    OWN_STRUCT(part) part = {0};
    size_t count = 0;
    for (size_t i = 0; i < secret_len(text); i++) {
        char c = secret_data(text)[i];
        if (c == ' ' || c == '-')
            continue;
        int value = letter_value(c);
        if (value < 0)
            return err_set(err,
                           "part %u holds what no part has: it is of the letters A to Z and the digits "
                           "2 to 7 (no 0, 1, 8 or 9)",
                           number);
        size_t bit = count++ * 5;
        if (count > LETTERS)
            continue;
        unsigned two = (unsigned)value << (11 - bit % 8);
        part.raw[bit / 8] |= (unsigned char)(two >> 8);
        if (bit / 8 + 1 < RAW)
            part.raw[bit / 8 + 1] |= (unsigned char)two;
    }
    if (count != LETTERS)
        return err_set(err, "part %u has %zu letters, and a part has %u: %u groups of %u", number, count,
                       LETTERS, SHARE_GROUPS, SHARE_GROUP);
    unsigned char check[CHECK];
    if (!check_bytes(check, &part, err))
        return false;
    if (CRYPTO_memcmp(check, part.raw + RAW - CHECK, CHECK) != 0)
        return err_set(err, "part %u was mistyped: its letters do not fit together", number);
    if (part.raw[0] == 0 || part.raw[0] > SHARE_MOST || part.raw[1] < 2 || part.raw[1] > SHARE_MOST)
        return err_set(err, "part %u is not one that this program made", number);
    *out = part;
    return true;
}

/* ---- the parts ---- */

static bool part_make(struct secret **out, const struct polynomial *p, unsigned number, unsigned needed,
                      const unsigned char mark[MARK], struct err *err)
{
    OWN_STRUCT(part) part = {.raw = {(unsigned char)number, (unsigned char)needed}};
    memcpy(part.raw + 2, mark, MARK);
    value_at(part.raw + HEAD, p, needed, (unsigned char)number);
    if (!check_bytes(part.raw + RAW - CHECK, &part, err))
        return false;
    *out = part_text(&part);
    return true;
}

static struct secret *password_of(const unsigned char value[VALUE])
{
    char text[2 * VALUE];
    for (size_t i = 0; i < sizeof text; i++) {
        unsigned digit = value[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
        text[i] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    struct secret *made = secret_new(text, sizeof text);
    OPENSSL_cleanse(text, sizeof text);
    return made;
}

bool share_split(struct secret **password, struct secret **parts, unsigned needed, unsigned count,
                 struct err *err)
{
    OWN_STRUCT(polynomial) polynomial = {0};
    unsigned char mark[MARK];
    struct secret *made[SHARE_MOST] = {NULL};
    if (needed < 2 || count < needed || count > SHARE_MOST)
        return err_set(err, "%u parts of which %u are needed: at least 2 are needed of at most %u", count,
                       needed, SHARE_MOST);
    if (RAND_priv_bytes(&polynomial.row[0][0], (int)(needed * VALUE)) != 1 || RAND_bytes(mark, MARK) != 1)
        return err_ssl(err, "no random bytes for the parts");
    bool good = true;
    for (unsigned i = 0; good && i < count; i++)
        good = part_make(&made[i], &polynomial, i + 1, needed, mark, err);
    for (unsigned i = 0; !good && i < count; i++)
        secret_free(made[i]);
    if (!good)
        return false;
    memcpy(parts, made, count * sizeof *parts);
    *password = password_of(polynomial.row[0]);
    return true;
}

bool share_check(const struct secret *part, unsigned number, unsigned needed, struct err *err)
{
    OWN_STRUCT(part) read = {0};
    if (!part_read(&read, part, number, err))
        return false;
    if (read.raw[0] != number)
        return err_set(err, "part %u was asked for, and this is part %u: each custodian gives their own",
                       number, read.raw[0]);
    if (read.raw[1] != needed)
        return err_set(err, "part %u is of a password that %u parts give, and not %u", number, read.raw[1],
                       needed);
    return true;
}

/* Different numbers, one splitting, enough of them. */
static bool parts_belong(const struct part *parts, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; n < i; n++)
            if (parts[n].raw[0] == parts[i].raw[0])
                return err_set(err, "part %u is there twice", parts[i].raw[0]);
        if (memcmp(parts[0].raw + 1, parts[i].raw + 1, 1 + MARK) != 0)
            return err_set(err,
                           "part %u and part %u are not of one splitting: one of them is another password's",
                           parts[0].raw[0], parts[i].raw[0]);
    }
    return count >= parts[0].raw[1] ||
           err_set(err, "%zu parts are there, and %u are needed", count, parts[0].raw[1]);
}

/* An array of parts as one owner. */
struct hand {
    struct part part[SHARE_MOST];
};

static void hand_free(struct hand *h)
{
    OPENSSL_cleanse(h, sizeof *h);
}

bool share_combine(struct secret **password, const struct secret *const *parts, size_t count, struct err *err)
{
    OWN_STRUCT(hand) hand = {0};
    unsigned char value[VALUE] = {0};
    if (count == 0 || count > SHARE_MOST)
        return err_set(err, "%zu parts: a password has 2 to %u", count, SHARE_MOST);
    for (size_t i = 0; i < count; i++)
        if (!part_read(&hand.part[i], parts[i], (unsigned)i + 1, err))
            return false;
    if (!parts_belong(hand.part, count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        unsigned char weight = weight_of(hand.part, count, i);
        for (size_t n = 0; n < VALUE; n++)
            value[n] ^= times(hand.part[i].raw[HEAD + n], weight);
    }
    *password = password_of(value);
    OPENSSL_cleanse(value, sizeof value);
    return true;
}

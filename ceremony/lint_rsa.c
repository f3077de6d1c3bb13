#include "lintparts.h"

#include <ctype.h>
#include <openssl/core_names.h>
#include <openssl/sha.h>
#include <string.h>

enum { ROUNDS = 100, WEAK_DIGITS = 20, MOST_BITS = 16384 };

/* One number of an RSA key; NULL when the key is of another kind. Caller frees. */
static BIGNUM *number_of(const struct lint_case *c, const char *parameter)
{
    BIGNUM *number = NULL;
    bool rsa = c->key != NULL && (EVP_PKEY_get_base_id(c->key) == EVP_PKEY_RSA ||
                                  EVP_PKEY_get_base_id(c->key) == EVP_PKEY_RSA_PSS);
    if (rsa && EVP_PKEY_get_bn_param(c->key, parameter, &number) != 1)
        ERR_clear_error();
    return number;
}

/* The modulus to reckon with. One that OpenSSL would not use for its length could keep us busy for hours; its
 * length is found as it is. */
static BIGNUM *modulus_of(const struct lint_case *c)
{
    BIGNUM *n = number_of(c, OSSL_PKEY_PARAM_RSA_N);
    if (n == NULL || BN_num_bits(n) <= MOST_BITS)
        return n;
    BN_free(n);
    return NULL;
}

static enum lint_answer size_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *n = number_of(c, OSSL_PKEY_PARAM_RSA_N);
    if (n == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(BN_num_bits(n) >= 2048 && BN_num_bits(n) <= MOST_BITS, text,
                        "the RSA modulus has %d bits", BN_num_bits(n));
}

static enum lint_answer long_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *n = modulus_of(c);
    if (n == NULL || BN_num_bits(n) < 2048)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(BN_num_bits(n) >= 3072, text, "the RSA modulus has %d bits", BN_num_bits(n));
}

static enum lint_answer bytes_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *n = modulus_of(c);
    if (n == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(BN_num_bits(n) % 8 == 0, text, "the RSA modulus has %d bits, no multiple of 8",
                        BN_num_bits(n));
}

static enum lint_answer exponent_judge(const struct lint_case *c, const struct lint_rule *rule,
                                       struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *e = number_of(c, OSSL_PKEY_PARAM_RSA_E);
    if (e == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(BN_is_odd(e) && !BN_is_one(e) && !BN_is_negative(e), text,
                        "the RSA exponent is even or 1");
}

static enum lint_answer range_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *e = number_of(c, OSSL_PKEY_PARAM_RSA_E);
    if (e == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(BN_num_bits(e) >= 17 && BN_num_bits(e) <= 256 && BN_get_word(e) != 65536, text,
                        "the RSA exponent is not between 2^16 + 1 and 2^256 - 1");
}

static enum lint_answer odd_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *n = modulus_of(c);
    if (n == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(BN_is_odd(n), text, "the RSA modulus is even");
}

static enum lint_answer factor_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *n = modulus_of(c);
    if (n == NULL)
        return LINT_NOT_APPLICABLE;
    unsigned factor = number_small_factor(n);
    return lint_pass_if(factor == 0, text, "the RSA modulus is divisible by %u", factor);
}

static enum lint_answer power_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *n = modulus_of(c);
    if (n == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(!number_is_power(n), text, "the RSA modulus is a power of one number");
}

static enum lint_answer fermat_judge(const struct lint_case *c, const struct lint_rule *rule,
                                     struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *n = modulus_of(c);
    if (n == NULL || !BN_is_odd(n))
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(!number_has_near_factors(n, ROUNDS), text,
                        "the two primes of the RSA modulus are so close that Fermat's method finds them");
}

static enum lint_answer roca_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *n = modulus_of(c);
    if (n == NULL)
        return LINT_NOT_APPLICABLE;
    return lint_pass_if(!number_is_roca(n), text,
                        "the RSA modulus has the mark of Infineon's faulty generator (CVE-2017-15361)");
}

/* ---- Debian's weak keys ---- */

static size_t line_next(struct der *line, struct der *rest)
{
    const unsigned char *end = memchr(rest->data, '\n', rest->len);
    size_t len = end != NULL ? (size_t)(end - rest->data) : rest->len, taken = len + (end != NULL);
    *line = (struct der){rest->data, len};
    *rest = (struct der){rest->data + taken, rest->len - taken};
    if (line->len > 0 && line->data[line->len - 1] == '\r')
        line->len--;
    return line->len;
}

bool lint_weak_keys_check(const struct bytes *list, const char *what, struct err *err)
{
    struct der line, rest = {list->data, list->len};
    size_t keys = 0;
    for (size_t number = 1; rest.len > 0; number++) {
        if (line_next(&line, &rest) == 0 || line.data[0] == '#')
            continue;
        bool hex = line.len == WEAK_DIGITS;
        for (size_t i = 0; i < line.len; i++)
            hex = hex && isxdigit(line.data[i]);
        if (!hex)
            return err_set(err,
                           "%s, line %zu: is not the %d hex digits of a weak key; give a list as the package "
                           "openssl-blacklist has it",
                           what, number, WEAK_DIGITS);
        keys++;
    }
    return keys > 0 || err_set(err,
                               "%s: lists no weak key at all; leave --weak-keys out, and the report says "
                               "that it was not checked",
                               what);
}

static enum lint_answer weak_judge(const struct lint_case *c, const struct lint_rule *rule, struct err *text)
{
    (void)rule;
    OWN(BIGNUM) *n = modulus_of(c);
    char *hex = n != NULL ? BN_bn2hex(n) : NULL;
    if (hex == NULL)
        return LINT_NOT_APPLICABLE;
    OWN(char) *hashed = text_format("Modulus=%s\n", hex);
    OPENSSL_free(hex);
    unsigned char sum[SHA_DIGEST_LENGTH];
    char digits[2 * SHA_DIGEST_LENGTH + 1];
    if (EVP_Digest(hashed, strlen(hashed), sum, NULL, EVP_sha1(), NULL) != 1)
        return lint_found(text, "SHA-1 is not to be had, and the list cannot be searched");
    hex_encode(digits, sum, sizeof sum);
    struct der line, rest = {c->context->weak_keys->data, c->context->weak_keys->len};
    while (rest.len > 0)
        if (line_next(&line, &rest) == WEAK_DIGITS &&
            strncasecmp((const char *)line.data, digits + sizeof digits - 1 - WEAK_DIGITS, WEAK_DIGITS) == 0)
            return lint_found(text, "the RSA key is one of those that anybody can make (CVE-2008-0166)");
    return LINT_PASS;
}

#define ANEW "make a new key"

const struct lint_rule lint_rsa_rules[] = {
    {"rsa_size_allowed", "EEEE", "BR 6.1.5", "make one of 2048 to 16384 bits, better 3072", LINT_KEYED, 0, 0,
     size_judge},
    {"rsa_size_lasting", "WNNW", "",
     "below 3072 it may not outlast the certificate: make one of 3072 or 4096",
     LINT_AUTHORITY | LINT_REQUEST | LINT_KEY, 0, 0, long_judge},
    {"rsa_size_multiple", "EEEE", "BR 6.1.5", "make one of 2048, 3072 or 4096 bits", LINT_KEYED, 0, 0,
     bytes_judge},
    {"rsa_exponent", "EEEE", "BR 6.1.6", "make a new key, with 65537", LINT_KEYED, 0, 0, exponent_judge},
    {"rsa_exponent_range", "WWWW", "BR 6.1.6", "make a new key, with 65537", LINT_KEYED, 0, 0, range_judge},
    {"rsa_modulus_odd", "EEEE", "BR 6.1.6", ANEW, LINT_KEYED, 0, 0, odd_judge},
    {"rsa_small_factor", "EEEE", "BR 6.1.6", ANEW, LINT_KEYED, 0, 0, factor_judge},
    {"rsa_prime_power", "EEEE", "BR 6.1.6", ANEW, LINT_KEYED, 0, 0, power_judge},
    {"rsa_fermat", "EEEE", "BR 6.1.1.3(5)", "make a new key with another generator", LINT_KEYED, 0, 0,
     fermat_judge},
    {"rsa_roca", "EEEE", "BR 6.1.1.3(5)", "make a new key elsewhere", LINT_KEYED, 0, 0, roca_judge},
    {"debian_weak_key", "EEEE", "BR 6.1.1.3(5)", "make a new key elsewhere", LINT_KEYED, LINT_NEEDS_WEAK_KEYS,
     0, weak_judge},
    {0},
};

#include "lintparts.h"

/* Scratch numbers, freed together. */
OWN_DEFINE(BN_CTX, BN_CTX_free);

static const BN_ULONG NO_FACTOR_BELOW = 752; /* BR 6.1.6 */

/* root = floor(n^(1/k)), by Newton's method from above; n > 0, k >= 2. */
static bool root_find(BIGNUM *root, const BIGNUM *n, unsigned k, BN_CTX *scratch)
{
    BN_CTX_start(scratch);
    BIGNUM *next = BN_CTX_get(scratch), *power = BN_CTX_get(scratch), *exponent = BN_CTX_get(scratch);
    bool ok = exponent != NULL && BN_set_word(exponent, k - 1) == 1 && BN_one(next) == 1 &&
              BN_lshift(next, next, BN_num_bits(n) / (int)k + 1) == 1;
    /* next = ((k - 1) root + n / root^(k-1)) / k, while that still falls */
    do
        ok = ok && BN_copy(root, next) != NULL && BN_exp(power, root, exponent, scratch) == 1 &&
             BN_div(power, NULL, n, power, scratch) == 1 && BN_copy(next, root) != NULL &&
             BN_mul_word(next, k - 1) == 1 && BN_add(next, next, power) == 1 &&
             BN_div_word(next, k) != (BN_ULONG)-1;
    while (ok && BN_cmp(next, root) < 0);
    BN_CTX_end(scratch);
    return ok;
}

static bool is_power_of(const BIGNUM *n, unsigned k, BN_CTX *scratch)
{
    BN_CTX_start(scratch);
    BIGNUM *root = BN_CTX_get(scratch), *exponent = BN_CTX_get(scratch), *power = BN_CTX_get(scratch);
    bool is = power != NULL && root_find(root, n, k, scratch) && BN_set_word(exponent, k) == 1 &&
              BN_exp(power, root, exponent, scratch) == 1 && BN_cmp(power, n) == 0;
    BN_CTX_end(scratch);
    return is;
}

static bool is_prime(unsigned candidate)
{
    for (unsigned d = 2; d * d <= candidate; d++)
        if (candidate % d == 0)
            return false;
    return candidate >= 2;
}

/* A root that is no less than 752 (smaller factors are another rule's) has more than 9 bits. */
bool number_is_power(const BIGNUM *n)
{
    OWN(BN_CTX) *scratch = BN_CTX_new();
    for (unsigned k = 2; scratch != NULL && k <= (unsigned)BN_num_bits(n) / 9; k++)
        if (is_prime(k) && is_power_of(n, k, scratch))
            return true;
    return false;
}

/* Five in six numbers are seen to be no square by their last six bits. */
static bool may_be_square(const BIGNUM *n)
{
    unsigned long long low = BN_mod_word(n, 64);
    for (unsigned i = 0; i < 32; i++)
        if (i * i % 64 == low)
            return true;
    return false;
}

/* n = a^2 - b^2 with a from the root of n upwards: found at once when the two primes are close. */
bool number_has_near_factors(const BIGNUM *n, int rounds)
{
    OWN(BN_CTX) *scratch = BN_CTX_new();
    OWN(BIGNUM) *a = BN_new();
    OWN(BIGNUM) *rest = BN_new(); /* a^2 - n */
    OWN(BIGNUM) *step = BN_new(); /* what the next square is larger by: 2a + 1 */
    if (scratch == NULL || a == NULL || rest == NULL || step == NULL || BN_is_zero(n) ||
        !root_find(a, n, 2, scratch) || BN_sqr(rest, a, scratch) != 1)
        return false;
    bool found = BN_cmp(rest, n) == 0;
    for (int i = 0; i <= rounds && !found; i++) {
        if (BN_add_word(a, 1) != 1 || BN_lshift1(step, a) != 1 || BN_sub_word(step, 1) != 1 ||
            BN_add(rest, rest, step) != 1 || (i == 0 && BN_sub(rest, rest, n) != 1))
            return false;
        found = may_be_square(rest) && (BN_is_zero(rest) || is_power_of(rest, 2, scratch));
    }
    return found;
}

unsigned number_small_factor(const BIGNUM *n)
{
    for (unsigned p = 3; p < NO_FACTOR_BELOW; p += 2)
        if (is_prime(p) && BN_mod_word(n, p) == 0)
            return p;
    return 0;
}

/* Both primes of such a key are k M + (65537^a mod M), M the product of the first primes; so the modulus is a
 * power of 65537 modulo each of them. Primes for which that says little are left out. */
bool number_is_roca(const BIGNUM *n)
{
    static const unsigned primes[] = {11, 13, 17,  19,  37,  53,  61,  71, 73,
                                      79, 97, 103, 107, 109, 127, 151, 157};
    for (size_t i = 0; i < sizeof primes / sizeof *primes; i++) {
        unsigned p = primes[i], power = 1;
        unsigned long long rest = BN_mod_word(n, p);
        do
            power = power * (65537 % p) % p;
        while (power != rest && power != 1);
        if (power != rest)
            return false;
    }
    return true;
}

/* OpenSSH's own private keys: made by ssh-keygen, and their public half told by it. */
#include "stranger.h"

#include "ceremony/base64.h"
#include "ceremony/bcrypt.h"
#include "ceremony/key.h"
#include "ceremony/opensshkey.h"

static const struct {
    const char *options, *kind;
} kinds[] = {
    {"-t rsa -b 2048", "RSA-2048"}, {"-t ecdsa -b 256", "P-256"}, {"-t ecdsa -b 384", "P-384"},
    {"-t ecdsa -b 521", "P-521"},   {"-t ed25519", "Ed25519"},
};

static void make(void *state, const char *options, const char *password)
{
    assert_int_equal(
        run(state, "rm -f k k.pub; ssh-keygen -q %s -N '%s' -C 'a comment' -f k", options, password), 0);
}

/* SHA-256 of the SubjectPublicKeyInfo, of what ssh-keygen says is the public key; Ed25519's it does not
 * convert. */
static char *spki_of_strangers(void *state, const char *kind)
{
    const char *convert = strcmp(kind, "Ed25519") == 0
                              ? "{ printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000' && "
                                "cut -d ' ' -f 2 k.pub | base64 -d | tail -c 32; }"
                              : "ssh-keygen -e -m PKCS8 -f k.pub | openssl pkey -pubin -outform DER";
    assert_int_equal(run(state, "%s | sha256sum | cut -c 1-64 | tr -d '\n'", convert), 0);
    return run_output(state);
}

static void reads(void *state, const char *password, const char *kind)
{
    struct err err = {0};
    bool wrong = true;
    char spki[DIGEST_HEX];
    OWN_KEY *key = NULL;
    OWN_SECRET *secret = secret_new(password, strlen(password));
    OWN(char) *expected = spki_of_strangers(state, kind);
    OWN_STRUCT(bytes) pem = get(state, "k");
    assert_int_equal(key_is_encrypted(&pem), *password != 0);
    assert_ok(key_parse(&key, &pem, secret, &wrong, "k", &err));
    assert_false(wrong);
    assert_string_equal(key_kind(key), kind);
    assert_ok(key_spki_digest(spki, key, &err));
    assert_string_equal(spki, expected);
}

static void plain_keys(void **state)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        make(*state, kinds[i].options, "");
        reads(*state, "", kinds[i].kind);
    }
}

static void encrypted_keys(void **state)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        OWN(char) *options = text_format("%s -a 2", kinds[i].options);
        make(*state, options, "correct horse");
        reads(*state, "correct horse", kinds[i].kind);
    }
    make(*state, "-t ecdsa -Z aes256-cbc", "correct horse");
    reads(*state, "correct horse", "P-256");
}

static void wrong_passwords(void **state)
{
    struct err err = {0};
    bool wrong = false;
    OWN_KEY *key = NULL;
    OWN_SECRET *secret = secret_new("battery staple", 14);
    make(*state, "-t ecdsa -a 2", "correct horse");
    OWN_STRUCT(bytes) pem = get(*state, "k");
    assert_refused(key_parse(&key, &pem, secret, &wrong, "k", &err), "k: the password is wrong");
    assert_true(wrong);
    assert_refused(key_parse(&key, &pem, NULL, &wrong, "k", &err), "no password was given");
    assert_false(wrong);
}

/* What Go's library does not decrypt. */
static void other_ciphers(void **state)
{
    static const char *const ciphers[] = {"aes128-ctr", "3des-cbc", "chacha20-poly1305@openssh.com",
                                          "aes256-gcm@openssh.com"};
    for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++) {
        struct err err = {0};
        OWN_KEY *key = NULL;
        OWN_SECRET *secret = secret_new("correct horse", 13);
        OWN(char) *options = text_format("-t ecdsa -a 1 -Z %s", ciphers[i]);
        make(*state, options, "correct horse");
        OWN_STRUCT(bytes) pem = get(*state, "k");
        assert_refused(key_parse(&key, &pem, secret, NULL, "k", &err), ciphers[i]);
        assert_non_null(strstr(err.text, "ssh-keygen -p -Z aes256-ctr"));
    }
}

static void pem_of(struct bytes *pem, const struct bytes *raw)
{
    OWN(char) *text = base64_encode(raw->data, raw->len);
    bytes_text(pem, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    for (size_t at = 0; at < strlen(text); at += 70)
        bytes_format(pem, "%.70s\n", text + at);
    bytes_text(pem, "-----END OPENSSH PRIVATE KEY-----\n");
}

static struct bytes raw_of(void *state)
{
    struct err err = {0};
    struct bytes raw = {0};
    assert_int_equal(run(state, "grep -v -- ----- k | tr -d '\n'"), 0);
    OWN(char) *text = run_output(state);
    assert_ok(base64_decode(&raw, text, &err));
    return raw;
}

/* No byte can be changed but the comment's and the outer public key's, which nobody reads; none can be
 * missing. */
static void damage(void **state)
{
    static const char *const options[] = {"-t ecdsa", "-t ed25519", "-t rsa -b 1024"};
    for (size_t k = 0; k < 3; k++) {
        struct err err = {0};
        make(*state, options[k], "");
        OWN_STRUCT(bytes) raw = raw_of(*state), whole = {0};
        OWN_KEY *good = NULL;
        char expected[DIGEST_HEX];
        size_t unread = strlen("a comment") + (size_t)(raw.data[41] << 8 | raw.data[42]), accepted = 0;
        pem_of(&whole, &raw);
        assert_ok(key_parse(&good, &whole, NULL, NULL, "k", &err));
        assert_ok(key_spki_digest(expected, good, &err));
        for (size_t at = 0; at < raw.len; at++) {
            OWN_STRUCT(bytes) bent = bytes_copy(raw.data, raw.len), pem = {0};
            OWN_KEY *key = NULL;
            char found[DIGEST_HEX];
            bent.data[at] ^= 1;
            pem_of(&pem, &bent);
            if (!key_parse(&key, &pem, NULL, NULL, "k", &err))
                continue;
            assert_ok(key_spki_digest(found, key, &err));
            assert_string_equal(found, expected);
            accepted++;
        }
        assert_int_equal(accepted, unread);
        for (size_t len = 0; len < raw.len; len += 7) {
            OWN_STRUCT(bytes) cut = bytes_copy(raw.data, len), pem = {0};
            OWN_KEY *key = NULL;
            pem_of(&pem, &cut);
            assert_false(key_parse(&key, &pem, NULL, NULL, "k", &err));
        }
    }
}

/* The private half of another key is not taken for this one's. */
static void halves_that_do_not_meet(void **state)
{
    struct err err = {0};
    make(*state, "-t ed25519", "");
    OWN_STRUCT(bytes) one = raw_of(*state);
    make(*state, "-t ed25519", "");
    OWN_STRUCT(bytes) other = raw_of(*state), pem = {0};
    OWN_KEY *key = NULL;
    const unsigned char *seed = memmem(one.data, one.len, "\0\0\0\x40", 4);
    assert_non_null(seed);
    memcpy(one.data + (seed - one.data) + 4, other.data + (seed - one.data) + 4, 32);
    pem_of(&pem, &one);
    assert_refused(key_parse(&key, &pem, NULL, NULL, "k", &err), "do not belong together");
}

static void rounds_are_bounded(void **state)
{
    (void)state;
    struct err err = {0};
    unsigned char key[65];
    OWN_SECRET *password = secret_new("x", 1);
    assert_false(bcrypt_derive(key, 48, password, "salt", 4, 0, &err));
    assert_false(bcrypt_derive(key, 48, password, "salt", 4, BCRYPT_ROUNDS_MAX + 1, &err));
    assert_false(bcrypt_derive(key, 48, password, "", 0, 1, &err));
    assert_false(bcrypt_derive(key, 65, password, "salt", 4, 1, &err));
    assert_false(opensshkey_is_encrypted("openssh-key-v1", 14));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plain_keys, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(encrypted_keys, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(wrong_passwords, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(other_ciphers, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(damage, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(halves_that_do_not_meet, scratch_make, scratch_remove),
        cmocka_unit_test(rounds_are_bounded),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

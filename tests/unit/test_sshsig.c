#include "stranger.h"

#include "audit/sshsig.h"

struct pair {
    struct key *key;
    X509 *cert;
};
static void pair_free(struct pair *p)
{
    key_free(p->key);
    X509_free(p->cert);
}

static struct pair pair_make(void)
{
    struct err err = {0};
    struct pair made = {0};
    assert_ok(key_generate(&made.key, "P-256", &err));
    assert_ok(signer_make(&made.cert, made.key, "Ada", "ca", false, time(NULL), &err));
    return made;
}

static const char text[] = "what is signed\n";

static void test_ssh_keygen_accepts(void **state)
{
    struct err err = {0};
    OWN_STRUCT(pair) ada = pair_make();
    OWN_STRUCT(bytes) message = bytes_copy(text, strlen(text));
    OWN_STRUCT(bytes) allowed = {0};
    assert_ok(sshsig_allowed_signer(&allowed, "ca", ada.cert, &err));
    put(*state, "allowed", allowed.data, allowed.len);
    put(*state, "message", message.data, message.len);
    /* Often enough to meet numbers with and without a leading zero byte. */
    for (int i = 0; i < 12; i++) {
        OWN_STRUCT(bytes) armor = {0};
        assert_ok(sshsig_make(&armor, ada.key, "git", &message, &err));
        assert_int_not_equal(armor.data[armor.len - 1], '\n');
        put(*state, "sig", armor.data, armor.len);
        assert_int_equal(run(*state, "ssh-keygen -Y verify -n git -I ca -f allowed -s sig <message"), 0);
        assert_int_not_equal(run(*state, "ssh-keygen -Y verify -n file -I ca -f allowed -s sig <message"), 0);
        assert_int_not_equal(run(*state, "ssh-keygen -Y verify -n git -I ca -f allowed -s sig <allowed"), 0);
    }
}

static void test_own_check(void **state)
{
    struct err err = {0};
    OWN_STRUCT(pair) ada = pair_make();
    OWN_STRUCT(pair) bob = pair_make();
    OWN_STRUCT(bytes) message = bytes_copy(text, strlen(text));
    OWN_STRUCT(bytes) other = bytes_copy(text, strlen(text) - 1);
    OWN_STRUCT(bytes) empty = {0};
    (void)state;
    /* A few hundred, for scalars that begin with zero bytes. */
    for (int i = 0; i < 600; i++) {
        OWN_STRUCT(bytes) armor = {0};
        assert_ok(sshsig_make(&armor, ada.key, "git", &message, &err));
        assert_ok(sshsig_check(&armor, ada.cert, "git", &message, &err));
    }
    OWN_STRUCT(bytes) armor = {0};
    assert_ok(sshsig_make(&armor, ada.key, "git", &message, &err));
    assert_refused(sshsig_check(&armor, bob.cert, "git", &message, &err), "another key");
    assert_refused(sshsig_check(&armor, ada.cert, "file", &message, &err), "namespace");
    assert_refused(sshsig_check(&armor, ada.cert, "git", &other, &err), "does not verify");
    assert_refused(sshsig_check(&empty, ada.cert, "git", &message, &err), "armor");
}

static void test_every_byte(void **state)
{
    struct err err = {0};
    OWN_STRUCT(pair) ada = pair_make();
    OWN_STRUCT(bytes) message = bytes_copy(text, strlen(text));
    OWN_STRUCT(bytes) armor = {0};
    (void)state;
    assert_ok(sshsig_make(&armor, ada.key, "git", &message, &err));
    for (size_t i = 0; i < armor.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            armor.data[i] ^= (unsigned char)(1 << bit);
            if (sshsig_check(&armor, ada.cert, "git", &message, &err))
                fail_msg("byte %zu may change", i);
            armor.data[i] ^= (unsigned char)(1 << bit);
        }
    }
    for (size_t len = 0; len < armor.len; len++) {
        OWN_STRUCT(bytes) cut = bytes_copy(armor.data, len);
        assert_false(sshsig_check(&cut, ada.cert, "git", &message, &err));
    }
    bytes_text(&armor, "\n\n");
    assert_refused(sshsig_check(&armor, ada.cert, "git", &message, &err), "armor");
}

/* A key and a signature of OpenSSH's own making. */
static void test_reads_ssh_keygen(void **state)
{
    struct err err = {0};
    OWN(X509) *cert = NULL;
    assert_int_equal(run(*state,
                         "ssh-keygen -q -t ecdsa -b 256 -m PEM -N '' -f key && "
                         "openssl req -x509 -config /dev/null -key key -subj '/OU=witness/CN=Ada' -days 9 "
                         "-out cert.pem && printf 'what is signed\\n' >message && "
                         "ssh-keygen -Y sign -n git -f key message && "
                         "ssh-keygen -Y sign -n git -O hashalg=sha256 -f key - <message >message.256"),
                     0);
    OWN_STRUCT(bytes) pem = get(*state, "cert.pem");
    OWN_STRUCT(bytes) message = get(*state, "message");
    OWN_STRUCT(bytes) armor = get(*state, "message.sig");
    OWN_STRUCT(bytes) sha256 = get(*state, "message.256");
    assert_ok(certificate_parse(&cert, &pem, "cert.pem", &err));
    assert_ok(sshsig_check(&armor, cert, "git", &message, &err));
    assert_refused(sshsig_check(&sha256, cert, "git", &message, &err), "sha512");

    OWN_STRUCT(bytes) line = {0};
    assert_ok(sshsig_allowed_signer(&line, "ca", cert, &err));
    put(*state, "line", line.data, line.len);
    assert_int_equal(run(*state, "test \"$(cut -d' ' -f1,2 key.pub)\" = \"$(cut -d' ' -f3,4 line)\""), 0);
}

static void test_principal(void **state)
{
    struct err err = {0};
    OWN_STRUCT(pair) ada = pair_make();
    OWN_STRUCT(bytes) out = {0};
    (void)state;
    assert_refused(sshsig_allowed_signer(&out, "*", ada.cert, &err), "plain word");
    assert_refused(sshsig_allowed_signer(&out, "a b", ada.cert, &err), "plain word");
    assert_refused(sshsig_allowed_signer(&out, "", ada.cert, &err), "plain word");
    assert_int_equal(out.len, 0);
}

static void test_wrong_kind(void **state)
{
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN_STRUCT(bytes) armor = {0};
    OWN_STRUCT(bytes) message = bytes_copy("x", 1);
    (void)state;
    assert_ok(key_generate(&key, "P-384", &err));
    assert_refused(sshsig_make(&armor, key, "git", &message, &err), "P-256");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ssh_keygen_accepts, scratch_make, scratch_remove),
        cmocka_unit_test(test_own_check),
        cmocka_unit_test(test_every_byte),
        cmocka_unit_test_setup_teardown(test_reads_ssh_keygen, scratch_make, scratch_remove),
        cmocka_unit_test(test_principal),
        cmocka_unit_test(test_wrong_kind),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

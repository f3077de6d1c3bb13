#include "stranger.h"

#include "audit/seal.h"

#include <openssl/cms.h>
#include <sys/stat.h>
#include <unistd.h>

#define STOCK                                                                                                \
    "openssl cms -verify -binary -inform DER -in X.tar.ca.p7s -content X.tar -nointern"                      \
    " -certfile signers/ca.crt -CAfile signers/ca.crt -no-CApath -no-CAstore -out /dev/null"

static const char password_text[] = "correct horse";

/* An enrolled key at `folder`/`name`, opened. */
static struct seal *enrolled(const char *folder, const char *name, const char *station, time_t now)
{
    struct err err = {0};
    OWN_SECRET *password = secret_new(password_text, strlen(password_text));
    OWN(char) *home = path_join(folder, name);
    struct seal *seal = NULL;
    bool wrong = false;
    assert_ok(seal_enrol(home, "Ada Op", station, false, password, now, &err));
    assert_ok(seal_open(&seal, home, password, &wrong, &err));
    assert_false(wrong);
    return seal;
}

static X509 *certificate_of(const struct seal *seal)
{
    X509 *copy = X509_dup(seal_certificate(seal));
    assert_non_null(copy);
    return copy;
}

static void test_enrol(void **state)
{
    struct err err = {0};
    OWN_SECRET *password = secret_new(password_text, strlen(password_text));
    OWN_SECRET *other = secret_new("wrong", 5);
    OWN_SEAL *seal = enrolled(*state, "home", "ca", time(NULL));
    OWN(char) *home = path_join(*state, "home");
    struct signer who;
    assert_ok(signer_read(&who, seal_certificate(seal), "seal.crt", &err));
    assert_string_equal(who.name, "Ada Op");
    assert_string_equal(who.station, "ca");
    assert_false(who.rehearsal);

    assert_refused(seal_enrol(home, "Bob", "ca", false, password, time(NULL), &err), "already");
    assert_int_equal(run(home, "mv seal.crt kept"), 0);
    assert_refused(seal_enrol(home, "Bob", "ca", false, password, time(NULL), &err), "already");
    assert_int_equal(run(home, "mv kept seal.crt"), 0);
    struct seal *again = NULL;
    bool wrong = false;
    assert_false(seal_open(&again, home, other, &wrong, &err));
    assert_true(wrong);
    assert_null(again);

    struct stat st;
    OWN(char) *key = path_join(home, "seal.key");
    assert_int_equal(stat(key, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(home, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(run(home,
                         "grep -c ENCRYPTED seal.key && openssl pkey -in seal.key -passin pass:'%s' -noout",
                         password_text),
                     0);
    assert_int_equal(run(home, "openssl verify -purpose smimesign -CAfile seal.crt seal.crt"), 0);
    assert_int_equal(run(home, "openssl x509 -in seal.crt -noout -subject -nameopt RFC2253 | "
                               "grep -x 'subject=CN=Ada Op,OU=station ca'"),
                     0);
}

static void test_key_of_others(void **state)
{
    static const mode_t modes[] = {0640, 0604, 0620, 0602, 0610};
    struct err err = {0};
    OWN_SECRET *password = secret_new(password_text, strlen(password_text));
    OWN_SEAL *seal = enrolled(*state, "home", "ca", time(NULL));
    OWN_SEAL *again = NULL;
    OWN(char) *home = path_join(*state, "home");
    OWN(char) *key = path_join(home, "seal.key");
    assert_non_null(seal);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        assert_int_equal(chmod(key, modes[i]), 0);
        assert_refused(seal_open(&again, home, password, NULL, &err), "seal.key: others may");
    }
    assert_int_equal(chmod(key, 0400), 0);
    assert_int_equal(chown(key, geteuid() == 0 ? 65534 : geteuid(), getegid()), 0);
    if (geteuid() == 0)
        assert_refused(seal_open(&again, home, password, NULL, &err), "belongs to user 65534");
    assert_int_equal(chown(key, geteuid(), getegid()), 0);
    assert_ok(seal_open(&again, home, password, NULL, &err));
}

static void test_enrol_kinds(void **state)
{
    struct err err = {0};
    OWN_KEY *key = NULL;
    OWN_KEY *rsa = NULL;
    OWN(X509) *cert = NULL;
    OWN(X509) *none = NULL;
    struct signer who;
    (void)state;
    assert_ok(key_generate(&key, "P-256", &err));
    assert_ok(signer_make(&cert, key, "Zo\xc3\xab Witness", NULL, true, time(NULL), &err));
    assert_ok(signer_read(&who, cert, "x", &err));
    assert_string_equal(who.name, "Zo\xc3\xab Witness");
    assert_string_equal(who.station, "");
    assert_true(who.rehearsal);

    assert_refused(signer_make(&none, key, "", "ca", false, 0, &err), "name of a signer");
    assert_refused(signer_make(&none, key, "a\nb", "ca", false, 0, &err), "name of a signer");
    assert_refused(signer_make(&none, key, "a<", "ca", false, 0, &err), "name of a signer");
    assert_refused(signer_make(&none, key, "a>", "ca", false, 0, &err), "name of a signer");
    assert_refused(signer_make(&none, key, " a", "ca", false, 0, &err), "name of a signer");
    assert_refused(signer_make(&none, key, "a\xc2\x9b", "ca", false, 0, &err), "name of a signer");
    assert_refused(signer_make(&none, key, "\xff", "ca", false, 0, &err), "UTF-8");
    assert_refused(signer_make(&none, key, "a", "CA", false, 0, &err), "station");
    assert_refused(signer_make(&none, key, "a", "", false, 0, &err), "station");
    assert_ok(key_generate(&rsa, "RSA-2048", &err));
    assert_refused(signer_make(&none, rsa, "a", "ca", false, 0, &err), "P-256");
}

/* Certificates that openssl made: right in all but one thing. */
static void test_signer_refused(void **state)
{
    static const struct {
        const char *subject, *extensions, *key, *words;
    } cases[] = {
        {"/OU=station ca/CN=a",
         "-addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=emailProtection "
         "-addext basicConstraints=critical,CA:FALSE",
         "prime256v1", NULL},
        {"/OU=station ca/CN=a",
         "-addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=emailProtection "
         "-addext basicConstraints=critical,CA:FALSE",
         "secp384r1", "P-256"},
        {"/OU=station ca/CN=a",
         "-addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=emailProtection "
         "-addext basicConstraints=critical,CA:TRUE",
         "prime256v1", "CA certificate"},
        {"/OU=station ca/CN=a",
         "-addext keyUsage=critical,digitalSignature -addext basicConstraints=critical,CA:FALSE",
         "prime256v1", "emailProtection"},
        {"/OU=station ca/CN=a",
         "-addext extendedKeyUsage=emailProtection -addext basicConstraints=critical,CA:FALSE", "prime256v1",
         "digitalSignature"},
        {"/OU=station ca/CN=a",
         "-addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=emailProtection,serverAuth "
         "-addext basicConstraints=critical,CA:FALSE",
         "prime256v1", "emailProtection"},
        {"/OU=station ca/CN=a",
         "-addext keyUsage=critical,digitalSignature,keyCertSign -addext extendedKeyUsage=emailProtection "
         "-addext basicConstraints=critical,CA:FALSE",
         "prime256v1", "digitalSignature"},
        {"/OU=room ca/CN=a", "-addext basicConstraints=critical,CA:FALSE", "prime256v1", "OU"},
        {"/OU=station Ca/CN=a", "-addext basicConstraints=critical,CA:FALSE", "prime256v1", "OU"},
        {"/O=REHEARSALS/OU=witness/CN=a", "-addext basicConstraints=critical,CA:FALSE", "prime256v1",
         "REHEARSAL"},
        {"/OU=witness/CN=a/CN=b", "-addext basicConstraints=critical,CA:FALSE", "prime256v1", "subject"},
        {"/CN=a", "-addext basicConstraints=critical,CA:FALSE", "prime256v1", "OU"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct signer who;
        OWN(X509) *cert = NULL;
        assert_int_equal(run(*state,
                             "openssl req -x509 -config /dev/null -newkey ec -pkeyopt ec_paramgen_curve:%s"
                             " -nodes -keyout k.pem -out c.pem -days 9 -subj '%s' -addext"
                             " subjectKeyIdentifier=hash %s",
                             cases[i].key, cases[i].subject, cases[i].extensions),
                         0);
        OWN_STRUCT(bytes) pem = get(*state, "c.pem");
        assert_ok(certificate_parse(&cert, &pem, "c.pem", &err));
        if (cases[i].words == NULL)
            assert_ok(signer_read(&who, cert, "c.pem", &err));
        else
            assert_refused(signer_read(&who, cert, "c.pem", &err), cases[i].words);
    }
}

/* Right in every word, and yet not made by the key that it speaks of. */
static void test_signer_issued(void **state)
{
    static const struct {
        const char *issuer, *words;
    } cases[] = {{"/OU=station ca/CN=a", "self-signature"}, {"/CN=Some CA", "issuer and subject differ"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        struct signer who;
        OWN(X509) *cert = NULL;
        assert_int_equal(
            run(*state,
                "openssl req -x509 -config /dev/null -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
                " -keyout ck.pem -out ca.pem -subj '%s' && openssl req -config /dev/null -newkey ec -pkeyopt"
                " ec_paramgen_curve:prime256v1 -nodes -keyout k.pem -out r.pem -subj '/OU=station ca/CN=a' "
                "&& printf"
                " 'basicConstraints=critical,CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage="
                "emailProtection\n"
                "subjectKeyIdentifier=hash\n' >e && openssl x509 -req -in r.pem -CA ca.pem -CAkey ck.pem "
                "-CAcreateserial"
                " -extfile e -out c.pem",
                cases[i].issuer),
            0);
        OWN_STRUCT(bytes) pem = get(*state, "c.pem");
        assert_ok(certificate_parse(&cert, &pem, "c.pem", &err));
        assert_refused(signer_read(&who, cert, "c.pem", &err), cases[i].words);
    }
}

/* X.tar, signers/ca.crt and X.tar.ca.p7s as in a record. */
static void sealed_page(const char *folder, const struct seal *seal, time_t when)
{
    struct err err = {0};
    OWN_STRUCT(bytes) content = bytes_copy("line one\nline \r\n\0two", 20);
    OWN_STRUCT(bytes) p7s = {0};
    OWN_STRUCT(bytes) pem = {0};
    assert_ok(seal_make(&p7s, seal, &content, when, &err));
    assert_ok(certificate_pem(&pem, seal_certificate(seal), &err));
    assert_int_equal(run(folder, "mkdir -p signers"), 0);
    put(folder, "signers/ca.crt", pem.data, pem.len);
    put(folder, "X.tar", content.data, content.len);
    put(folder, "X.tar.ca.p7s", p7s.data, p7s.len);
}

static bool check(const char *folder, X509 *signer, time_t *when, struct err *err)
{
    OWN_STRUCT(bytes) content = get(folder, "X.tar");
    OWN_STRUCT(bytes) p7s = get(folder, "X.tar.ca.p7s");
    return seal_check(when, &p7s, &content, signer, "X.tar.ca.p7s", err);
}

static void test_stock_openssl(void **state)
{
    struct err err = {0};
    time_t now = time(NULL), when = 0;
    OWN_SEAL *seal = enrolled(*state, "home", "ca", now - 100);
    OWN(X509) *cert = certificate_of(seal);
    sealed_page(*state, seal, now - 50);
    assert_int_equal(run(*state, STOCK), 0);
    assert_ok(check(*state, cert, &when, &err));
    assert_int_equal(when, now - 50);

    flip(*state, "X.tar", 3);
    assert_int_not_equal(run(*state, STOCK), 0);
    assert_refused(check(*state, cert, &when, &err), "does not verify");
}

/* A seal by somebody whom the system trusts but nobody enrolled. */
static void test_foreign_seal(void **state)
{
    struct err err = {0};
    time_t when = 0;
    OWN_SEAL *seal = enrolled(*state, "home", "ca", time(NULL));
    OWN(X509) *cert = certificate_of(seal);
    sealed_page(*state, seal, time(NULL));
    assert_int_equal(
        run(*state,
            "mkdir system && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
            "-keyout cak.pem"
            " -out system/ca.pem -days 9 -subj /CN=System && openssl rehash system &&"
            " openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout k.pem -out r.pem"
            " -subj '/OU=station ca/CN=Ada Op' &&"
            " printf 'keyUsage=digitalSignature\\nextendedKeyUsage=emailProtection\\n' >e &&"
            " openssl x509 -req -in r.pem -CA system/ca.pem -CAkey cak.pem -CAcreateserial -days 9 -extfile "
            "e -out c.pem"
            " && openssl cms -sign -binary -in X.tar -signer c.pem -inkey k.pem -outform DER -out "
            "X.tar.ca.p7s"),
        0);
    assert_int_equal(run(*state,
                         "SSL_CERT_DIR=$PWD/system openssl cms -verify -binary -inform DER -in X.tar.ca.p7s"
                         " -content X.tar -CAfile signers/ca.crt -out /dev/null"),
                     0);
    assert_int_not_equal(run(*state, "SSL_CERT_DIR=$PWD/system " STOCK), 0);
    assert_refused(check(*state, cert, &when, &err), "another certificate");
}

static void test_other_key(void **state)
{
    struct err err = {0};
    time_t now = time(NULL), when = 0;
    OWN_SEAL *seal = enrolled(*state, "home", "ca", now);
    OWN_SEAL *other = enrolled(*state, "other", "ca", now);
    OWN(X509) *cert = certificate_of(other);
    sealed_page(*state, seal, now);
    assert_refused(check(*state, cert, &when, &err), "another certificate");
}

static void test_life(void **state)
{
    struct err err = {0};
    time_t now = time(NULL), when = 0;
    enum seal_rule broken = SEAL_FORM;
    OWN_SEAL *seal = enrolled(*state, "home", "ca", now);
    OWN_STRUCT(bytes) content = bytes_copy("x", 1);
    OWN_STRUCT(bytes) p7s = {0};
    assert_refused(seal_make(&p7s, seal, &content, now - 1, &err), "life");
    assert_int_equal(p7s.len, 0);
    OWN(X509) *cert = certificate_of(seal);
    assert_ok(seal_make(&p7s, seal, &content, now, &err));
    unsigned char digest[DIGEST_LEN];
    digest_raw(digest, content.data, content.len);
    assert_ok(seal_judge(&when, &broken, &p7s, digest, cert, "x", &err));
}

/* What openssl would still accept, and we do not. */
static void test_form(void **state)
{
    static const struct {
        const char *options, *words;
    } cases[] = {
        {"", "one form"}, /* S/MIME capabilities */
        {"-nosmimecap", NULL},
        {"-nosmimecap -noattr", "one form"},
        {"-nosmimecap -md sha512", "one form"},
        {"-nosmimecap -nocerts", "one form"},
        {"-nosmimecap -nodetach", "one form"},
        {"-nosmimecap -certfile other/seal.crt", "one form"},
        {"-nosmimecap -keyid", "one form"},
        {"-nosmimecap -signer other/seal.crt -inkey o.pem", "one signature"},
    };
    struct err err = {0};
    time_t now = time(NULL), when = 0;
    OWN_SEAL *seal = enrolled(*state, "home", "ca", now);
    OWN_SEAL *other = enrolled(*state, "other", "ca", now);
    OWN(X509) *cert = certificate_of(seal);
    assert_non_null(other);
    sealed_page(*state, seal, now);
    assert_int_equal(run(*state,
                         "openssl pkey -in home/seal.key -passin pass:'%s' -out k.pem && "
                         "openssl pkey -in other/seal.key -passin pass:'%s' -out o.pem",
                         password_text, password_text),
                     0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(run(*state,
                             "openssl cms -sign -binary -in X.tar -signer home/seal.crt -inkey k.pem %s"
                             " -outform DER -out X.tar.ca.p7s",
                             cases[i].options),
                         0);
        if (cases[i].words == NULL)
            assert_ok(check(*state, cert, &when, &err));
        else
            assert_refused(check(*state, cert, &when, &err), cases[i].words);
    }
}

static void test_unsigned_attribute(void **state)
{
    struct err err = {0};
    time_t now = time(NULL), when = 0;
    OWN_SEAL *seal = enrolled(*state, "home", "ca", now);
    OWN(X509) *cert = certificate_of(seal);
    sealed_page(*state, seal, now);
    OWN_STRUCT(bytes) p7s = get(*state, "X.tar.ca.p7s");
    const unsigned char *at = p7s.data;
    CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)p7s.len);
    CMS_SignerInfo *info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
    assert_int_equal(CMS_unsigned_add1_attr_by_txt(info, "1.2.3.4", V_ASN1_OCTET_STRING, "x", 1), 1);
    unsigned char *der = NULL;
    int len = i2d_CMS_ContentInfo(cms, &der);
    put(*state, "X.tar.ca.p7s", der, (size_t)len);
    OPENSSL_free(der);
    CMS_ContentInfo_free(cms);
    assert_int_equal(run(*state, STOCK), 0);
    assert_refused(check(*state, cert, &when, &err), "one form");
}

/* A seal that OpenSSL 3.0 wrote: whatever version comes, it must rebuild the same bytes. */
static void test_golden(void **state)
{
    struct err err = {0};
    time_t when = 0;
    OWN(X509) *cert = NULL;
    OWN_STRUCT(bytes) pem = get("tests/golden/seal", "ca.crt");
    OWN_STRUCT(bytes) content = get("tests/golden/seal", "content");
    OWN_STRUCT(bytes) p7s = get("tests/golden/seal", "content.ca.p7s");
    (void)state;
    assert_ok(certificate_parse(&cert, &pem, "ca.crt", &err));
    assert_ok(seal_check(&when, &p7s, &content, cert, "content.ca.p7s", &err));
}

/* Every byte counts, and nothing may stand behind the last. */
static void test_every_byte(void **state)
{
    struct err err = {0};
    time_t now = time(NULL), when = 0;
    OWN_SEAL *seal = enrolled(*state, "home", "ca", now);
    OWN(X509) *cert = certificate_of(seal);
    OWN_STRUCT(bytes) content = bytes_copy("content", 7);
    OWN_STRUCT(bytes) p7s = {0};
    assert_ok(seal_make(&p7s, seal, &content, now, &err));
    for (size_t i = 0; i < p7s.len; i++) {
        p7s.data[i] ^= 1;
        if (seal_check(&when, &p7s, &content, cert, "x", &err))
            fail_msg("byte %zu may change", i);
        p7s.data[i] ^= 1;
    }
    for (size_t len = 0; len < p7s.len; len++) {
        struct bytes cut = {.data = p7s.data, .len = len};
        assert_false(seal_check(&when, &cut, &content, cert, "x", &err));
    }
    bytes_add(&p7s, "", 1);
    assert_refused(seal_check(&when, &p7s, &content, cert, "x", &err), "one form");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_enrol, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_key_of_others, scratch_make, scratch_remove),
        cmocka_unit_test(test_enrol_kinds),
        cmocka_unit_test_setup_teardown(test_signer_refused, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_signer_issued, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_stock_openssl, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_foreign_seal, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_other_key, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_life, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_form, scratch_make, scratch_remove),
        cmocka_unit_test_setup_teardown(test_unsigned_attribute, scratch_make, scratch_remove),
        cmocka_unit_test(test_golden),
        cmocka_unit_test_setup_teardown(test_every_byte, scratch_make, scratch_remove),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

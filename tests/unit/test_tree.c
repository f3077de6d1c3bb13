/* authority_check: trees that step made, and trees whose certificates openssl made. */
#include "trial.h"

#include <unistd.h>

#define NOW 1795449600 /* 2026-11-23T16:00:00Z, the day of the golden files */
#define YEAR 31536000
#define HOME "/home/ca/.step"

/* A tree in memory: paths and texts. */
struct shelf {
    struct {
        const char *path;
        struct bytes text;
    } file[12];
    size_t count;
};

static void shelf_free(struct shelf *shelf)
{
    for (size_t i = 0; i < shelf->count; i++)
        bytes_free(&shelf->file[i].text);
}

static struct bytes *shelf_find(struct shelf *shelf, const char *path)
{
    for (size_t i = 0; i < shelf->count; i++)
        if (strcmp(shelf->file[i].path, path) == 0)
            return &shelf->file[i].text;
    return NULL;
}

/* Put a file on the shelf, in place of the one that is there; takes `text`. */
static void shelf_put(struct shelf *shelf, const char *path, struct bytes text)
{
    struct bytes *there = shelf_find(shelf, path);
    if (there != NULL) {
        bytes_free(there);
        *there = text;
        return;
    }
    shelf->file[shelf->count].path = path;
    shelf->file[shelf->count++].text = text;
}

static void shelf_drop(struct shelf *shelf, const char *path)
{
    for (size_t i = 0; i < shelf->count; i++)
        if (strcmp(shelf->file[i].path, path) == 0)
            shelf->file[i].path = "";
}

static bool shelf_read(void *context, const char *path, struct bytes *out)
{
    struct bytes *text = shelf_find(context, path);
    if (text != NULL)
        *out = bytes_copy(text->data, text->len);
    return text != NULL;
}

/* ---- certificates made by openssl ---- */

static char *scratch; /* where they lie; made and removed with the group */

static void run(const char *format, const char *name, const char *rest)
{
    OWN(char) *inner = text_format(format, name, rest);
    OWN(char) *command = text_format("cd %s && (%s) >/dev/null 2>log", scratch, inner);
    if (system(command) != 0)
        fail_msg("%s", command);
}

static void extensions(const char *name, const char *text)
{
    OWN(char) *path = text_format("%s/%s.ext", scratch, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

#define CA "basicConstraints=critical,CA:TRUE,pathlen:0\n"
#define SIGNS "keyUsage=critical,keyCertSign,cRLSign\n"
#define IDS "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n"
#define ROOT_CRL "crlDistributionPoints=URI:http://pki.example.com/root.crl\n"

/* An intermediate of the one key, under the one root, with these extensions. */
static void intermediate(const char *name, const char *text)
{
    extensions(name, text);
    run("openssl x509 -req -in inter.csr -CA root.crt -CAkey root.key -CAcreateserial -days 3650 "
        "-extfile %s.ext -out %s.crt",
        name, name);
}

static int certificates_make(void **state)
{
    (void)state;
    char template[] = "/tmp/verger-tree-XXXXXX";
    if (mkdtemp(template) == NULL)
        return -1;
    scratch = text_copy(template);
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key -out %s.crt "
        "-days 7300 "
        "-subj /CN=Root -addext keyUsage=critical,keyCertSign,cRLSign",
        "root", "root");
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout %s.key -out %s.crt "
        "-days 7300 "
        "-subj /CN=Root -addext keyUsage=critical,keyCertSign,cRLSign",
        "other", "other");
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout plain.key -out %s.csr -subj "
        "/CN=%s",
        "inter", "Intermediate");
    run("openssl pkcs8 -topk8 -in plain.key -out %s.key -passout pass:%s", "sealed", "sesame");
    intermediate("good", CA SIGNS IDS ROOT_CRL);
    intermediate("no-crl-sign", CA "keyUsage=critical,keyCertSign\n" IDS ROOT_CRL);
    intermediate("no-ski", CA SIGNS "subjectKeyIdentifier=none\nauthorityKeyIdentifier=keyid\n" ROOT_CRL);
    intermediate("leaf", "basicConstraints=critical,CA:FALSE\n" SIGNS IDS ROOT_CRL);
    run("openssl x509 -req -in inter.csr -CA root.crt -CAkey root.key -CAcreateserial -days 9000 -extfile "
        "%s.ext -out "
        "%s.crt",
        "leaf", "long-leaf");
    extensions("forged", CA SIGNS "subjectKeyIdentifier=hash\nauthorityKeyIdentifier=none\n" ROOT_CRL);
    run("openssl x509 -req -in inter.csr -CA other.crt -CAkey other.key -CAcreateserial -days 3650 -extfile "
        "%s.ext -out "
        "%s.crt",
        "forged", "forged");
    intermediate("own-cdp", CA SIGNS IDS "crlDistributionPoints=URI:https://ca.example.com/crl\n");
    intermediate("https-cdp", CA SIGNS IDS "crlDistributionPoints=URI:https://pki.example.com/root.crl\n");
    intermediate("no-cdp", CA SIGNS IDS);
    intermediate("constrained",
                 CA SIGNS IDS ROOT_CRL "nameConstraints=critical,permitted;DNS:local.example.com\n");
    intermediate("unhindered", CA SIGNS IDS ROOT_CRL
                 "nameConstraints=critical,permitted;DNS:example.com,permitted;IP:127.0.0.0/255.0.0.0\n");
    return 0;
}

static int certificates_remove(void **state)
{
    (void)state;
    struct err err = {0};
    bool removed = folder_remove(scratch, &err);
    free(scratch);
    return removed ? 0 : -1;
}

static struct bytes made(const char *name)
{
    OWN(char) *path = text_format("%s/%s", scratch, name);
    return file_text(path);
}

/* ---- checking ---- */

static struct findings check_at(struct shelf *shelf, const char *password, time_t now)
{
    struct findings found = {0};
    struct err err = {0};
    OWN_SECRET *secret = password != NULL ? secret_new(password, strlen(password)) : NULL;
    if (!authority_check(&found, HOME, shelf_read, shelf, secret, now, &err))
        fail_msg("%s", err.text);
    return found;
}

/* A tree that is right in every respect: the working configuration, and openssl's certificates. */
static struct shelf right_tree(void)
{
    struct shelf shelf = {0};
    struct err err = {0};
    OWN_STRUCT(bytes) root = made("root.crt");
    OWN(X509) *cert = NULL;
    char hex[DIGEST_HEX];
    assert_true(certificate_parse(&cert, &root, "root", &err));
    assert_true(certificate_fingerprint(hex, cert, &err));
    OWN(char) *fingerprint = text_format("\"%s\"", hex);
    shelf_put(&shelf, AUTHORITY_CONFIG, file_text(WORKING));
    shelf_put(&shelf, AUTHORITY_DEFAULTS, file_text("tests/golden/config/defaults.after.json"));
    change(shelf_find(&shelf, AUTHORITY_DEFAULTS), "fingerprint", fingerprint);
    shelf_put(&shelf, AUTHORITY_ROOT, bytes_give(&root));
    shelf_put(&shelf, AUTHORITY_CERTIFICATE, made("good.crt"));
    shelf_put(&shelf, AUTHORITY_KEY, made("sealed.key"));
    return shelf;
}

static void test_right(void **state)
{
    (void)state;
    OWN_STRUCT(shelf) shelf = right_tree();
    OWN_STRUCT(findings) found = check_at(&shelf, "sesame", time(NULL));
    for (size_t i = 0; i < found.count; i++)
        if (found.list[i].severity != NOTE) {
            dump(&found);
            fail();
        }
    assert_null(finding_get(&found, "key_not_opened"));
}

/* A tree as `step ca init` left it. */
static void test_golden_init(void **state)
{
    (void)state;
    static const char *const paths[] = {AUTHORITY_CONFIG,      AUTHORITY_DEFAULTS, AUTHORITY_ROOT,
                                        AUTHORITY_CERTIFICATE, AUTHORITY_ROOT_KEY, AUTHORITY_KEY};
    OWN_STRUCT(shelf) shelf = {0};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        OWN(char) *path = text_format("tests/golden/01-init/%s", paths[i]);
        shelf_put(&shelf, paths[i], file_text(path));
    }
    OWN_STRUCT(bytes) password = file_text("tests/golden/pw/ca.txt");
    OWN_STRUCT(findings) found = check_at(&shelf, bytes_string(&password), NOW);
    if (findings_errors(&found) != 0)
        dump(&found);
    assert_int_equal(findings_errors(&found), 0);
    assert_non_null(finding_get(&found, "root_key_present"));
    assert_non_null(finding_get(&found, "intermediate_outlives_root"));
    assert_non_null(finding_get(&found, "intermediate_cdp_absent"));
}

/* The procedure followed to the letter, but for the trailing comma. */
static void test_golden_page(void **state)
{
    (void)state;
    OWN_STRUCT(shelf) shelf = {0};
    OWN_STRUCT(bytes) password = file_text("tests/golden/pw/ca.txt");
    shelf_put(&shelf, AUTHORITY_CONFIG, file_text(PAGE));
    shelf_put(&shelf, AUTHORITY_DEFAULTS, file_text("tests/golden/config/defaults.before.json"));
    shelf_put(&shelf, AUTHORITY_ROOT, file_text("tests/golden/root/root-rsa4096.crt"));
    shelf_put(&shelf, AUTHORITY_CERTIFICATE, file_text("tests/golden/cert/intermediate_ca.by-rsa4096.crt"));
    shelf_put(&shelf, AUTHORITY_KEY, file_text("tests/golden/csr/intermediate_ca_key"));
    OWN_STRUCT(findings) found = check_at(&shelf, bytes_string(&password), NOW);
    assert_non_null(finding_get(&found, "intermediate_cdp_own"));
    assert_non_null(finding_get(&found, "defaults_fingerprint"));
    assert_non_null(finding_get(&found, "leaf_cdp_absent"));
    assert_null(finding_get(&found, "chain_broken"));
    assert_null(finding_get(&found, "key_mismatch"));
    assert_null(finding_get(&found, "intermediate_unfit"));
}

/* One file of the right tree is another one. */
static void test_files(void **state)
{
    (void)state;
    static const struct {
        const char *path, *file, *rule;
        enum severity severity;
        const char *place;
    } trials[] = {
        {AUTHORITY_CERTIFICATE, "no-crl-sign.crt", "intermediate_without_crl_sign", ERROR, "crt"},
        {AUTHORITY_CERTIFICATE, "no-ski.crt", "intermediate_without_ski", ERROR, "crt"},
        {AUTHORITY_CERTIFICATE, "leaf.crt", "intermediate_unfit", ERROR, "crt"},
        {AUTHORITY_CERTIFICATE, "long-leaf.crt", "intermediate_unfit", ERROR, "crt"},
        {AUTHORITY_CERTIFICATE, "long-leaf.crt", "intermediate_outlives_root", WARNING, "crt"},
        {AUTHORITY_CERTIFICATE, "forged.crt", "chain_broken", ERROR, "crt"},
        {AUTHORITY_CERTIFICATE, "own-cdp.crt", "intermediate_cdp_own", ERROR, "crt"},
        {AUTHORITY_CERTIFICATE, "https-cdp.crt", "intermediate_cdp_https", WARNING, "crt"},
        {AUTHORITY_CERTIFICATE, "no-cdp.crt", "intermediate_cdp_absent", WARNING, "crt"},
        {AUTHORITY_CERTIFICATE, "constrained.crt", "dns_name_constrained", ERROR, "dnsNames.0"},
        {AUTHORITY_CERTIFICATE, "constrained.crt", "constraints_open", NOTE, "crt"},
        {AUTHORITY_CERTIFICATE, "unhindered.crt", "policy_beyond_constraints", WARNING, "allow.ip.0"},
        {AUTHORITY_CERTIFICATE, "sealed.key", "intermediate_unreadable", ERROR, "crt"},
        {AUTHORITY_CERTIFICATE, NULL, "file_missing", ERROR, "crt"},
        {AUTHORITY_ROOT, "other.crt", "chain_broken", ERROR, "crt"},
        {AUTHORITY_ROOT, "other.crt", "defaults_fingerprint", ERROR, "fingerprint"},
        {AUTHORITY_ROOT, "good.crt", "root_unfit", ERROR, "root"},
        {AUTHORITY_ROOT, "inter.csr", "root_unreadable", ERROR, "root"},
        {AUTHORITY_ROOT, NULL, "file_missing", ERROR, "root"},
        {AUTHORITY_KEY, "plain.key", "key_plain", ERROR, "key"},
        {AUTHORITY_KEY, "other.key", "key_mismatch", ERROR, "key"},
        {AUTHORITY_KEY, "root.crt", "key_unreadable", ERROR, "key"},
        {AUTHORITY_KEY, NULL, "file_missing", ERROR, "key"},
        {AUTHORITY_ROOT_KEY, "root.key", "root_key_present", WARNING, AUTHORITY_ROOT_KEY},
        {AUTHORITY_DEFAULTS, "root.crt", "defaults_not_json", ERROR, AUTHORITY_DEFAULTS},
        {AUTHORITY_DEFAULTS, NULL, "defaults_missing", WARNING, AUTHORITY_DEFAULTS},
        {AUTHORITY_CONFIG, "root.crt", "config_not_json", ERROR, AUTHORITY_CONFIG},
        {AUTHORITY_CONFIG, NULL, "config_missing", ERROR, AUTHORITY_CONFIG},
    };
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        OWN_STRUCT(shelf) shelf = right_tree();
        if (trials[i].file != NULL)
            shelf_put(&shelf, trials[i].path, made(trials[i].file));
        else
            shelf_drop(&shelf, trials[i].path);
        OWN_STRUCT(findings) found = check_at(&shelf, "sesame", time(NULL));
        const struct finding *hit = finding_get(&found, trials[i].rule);
        if (hit == NULL || hit->severity != trials[i].severity ||
            strstr(hit->place, trials[i].place) == NULL) {
            dump(&found);
            fail_msg("%s as %s: no \"%s\"", trials[i].file, trials[i].path, trials[i].rule);
        }
    }
}

/* One member of the right tree's configuration is another one. */
static void test_members(void **state)
{
    (void)state;
    static const struct {
        const char *file, *path, *value, *rule;
        enum severity severity;
    } trials[] = {
        {AUTHORITY_CONFIG, "root", "\"/home/ca/.stepmother/root.crt\"", "file_missing", ERROR},
        {AUTHORITY_CONFIG, "root", "\"certs/root_ca.crt\"", "path_outside", WARNING},
        {AUTHORITY_CONFIG, "root", "\"/home/ca/.step/../x\"", "file_missing", ERROR},
        {AUTHORITY_CONFIG, "federatedRoots", "[\"/home/ca/.step/certs/f.crt\"]", "file_missing", ERROR},
        {AUTHORITY_CONFIG, "key", "\"pkcs11:id=1\"", "key_not_a_file", NOTE},
        {AUTHORITY_CONFIG, "authority.provisioners.0.options.x509", "{\"templateFile\":\"/home/ca/.step/t\"}",
         "file_missing", ERROR},
        {AUTHORITY_CONFIG, "policy", "{}", "policy_misplaced", ERROR},
        {AUTHORITY_DEFAULTS, "root", "\"/x\"", "defaults_root", WARNING},
        {AUTHORITY_DEFAULTS, "ca-url", "\"https://other.example.com\"", "defaults_url", WARNING},
        {AUTHORITY_DEFAULTS, "ca-url", "\"other\"", "defaults_url", WARNING},
        {AUTHORITY_DEFAULTS, "fingerprint", "\"00\"", "defaults_fingerprint", ERROR},
    };
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++) {
        OWN_STRUCT(shelf) shelf = right_tree();
        change(shelf_find(&shelf, trials[i].file), trials[i].path, trials[i].value);
        OWN_STRUCT(findings) found = check_at(&shelf, "sesame", time(NULL));
        const struct finding *hit = finding_get(&found, trials[i].rule);
        if (hit == NULL || hit->severity != trials[i].severity) {
            dump(&found);
            fail_msg("%s = %s: no \"%s\"", trials[i].path, trials[i].value, trials[i].rule);
        }
    }
}

static void fires(const struct findings *found, const char *rule)
{
    if (finding_get(found, rule) == NULL) {
        dump(found);
        fail_msg("no %s", rule);
    }
}

static void test_dates(void **state)
{
    (void)state;
    OWN_STRUCT(shelf) shelf = right_tree();
    time_t now = time(NULL);
    OWN_STRUCT(findings) early = check_at(&shelf, "sesame", now - YEAR);
    OWN_STRUCT(findings) soon = check_at(&shelf, "sesame", now + 3640 * 86400LL);
    OWN_STRUCT(findings) late = check_at(&shelf, "sesame", now + 3660 * 86400LL);
    OWN_STRUCT(findings) later = check_at(&shelf, "sesame", now + 7400 * 86400LL);
    fires(&early, "intermediate_not_yet");
    fires(&soon, "intermediate_ends_soon");
    assert_int_equal(findings_errors(&soon), 0);
    fires(&late, "intermediate_expired");
    fires(&later, "root_unfit");
}

static void test_passwords(void **state)
{
    (void)state;
    OWN_STRUCT(shelf) shelf = right_tree();
    OWN_STRUCT(findings) none = check_at(&shelf, NULL, time(NULL));
    OWN_STRUCT(findings) wrong = check_at(&shelf, "hunter2", time(NULL));
    fires(&none, "key_not_opened");
    assert_int_equal(findings_errors(&none), 0);
    fires(&wrong, "key_password");
    for (size_t i = 0; i < wrong.count; i++)
        assert_null(strstr(wrong.list[i].text, "hunter2"));
}

/* Of several roots the one counts that issued, and of a bundle the first certificate. */
static void test_several(void **state)
{
    (void)state;
    OWN_STRUCT(shelf) shelf = right_tree();
    OWN_STRUCT(bytes) root = made("root.crt");
    bytes_add(shelf_find(&shelf, AUTHORITY_CERTIFICATE), root.data, root.len);
    shelf_put(&shelf, "certs/other.crt", made("other.crt"));
    change(shelf_find(&shelf, AUTHORITY_CONFIG), "root",
           "[\"" HOME "/certs/other.crt\",\"" HOME "/certs/root_ca.crt\"]");
    OWN_STRUCT(findings) found = check_at(&shelf, "sesame", time(NULL));
    if (findings_errors(&found) != 0)
        dump(&found);
    assert_int_equal(findings_errors(&found), 0);
}

/* A path that leads out of the tree is never taken for one in it. */
static void test_way_out(void **state)
{
    (void)state;
    OWN_STRUCT(shelf) shelf = right_tree();
    shelf_put(&shelf, "../root_ca.crt", made("root.crt"));
    change(shelf_find(&shelf, AUTHORITY_CONFIG), "root", "\"" HOME "/../root_ca.crt\"");
    OWN_STRUCT(findings) found = check_at(&shelf, "sesame", time(NULL));
    fires(&found, "file_missing");
}

static void test_constraints_that_permit(void **state)
{
    (void)state;
    OWN_STRUCT(shelf) shelf = right_tree();
    shelf_put(&shelf, AUTHORITY_CERTIFICATE, made("unhindered.crt"));
    OWN_STRUCT(findings) found = check_at(&shelf, "sesame", time(NULL));
    assert_null(finding_get(&found, "dns_name_constrained"));
}

/* A template in a file is looked into. */
static void test_template_file(void **state)
{
    (void)state;
    static const char text[] = "{\"crlDistributionPoints\": [\"http://ca.example.com/crl\"]}";
    OWN_STRUCT(shelf) shelf = right_tree();
    change(shelf_find(&shelf, AUTHORITY_CONFIG), "authority.provisioners.0.options.x509",
           "{\"templateFile\":\"" HOME "/templates/leaf.tpl\"}");
    shelf_put(&shelf, "templates/leaf.tpl", bytes_copy(text, strlen(text)));
    OWN_STRUCT(findings) found = check_at(&shelf, "sesame", time(NULL));
    assert_int_equal(findings_errors(&found), 0);
    assert_null(finding_get(&found, "leaf_template_file"));
    assert_null(finding_get(&found, "leaf_cdp_absent"));
    shelf_put(&shelf, "templates/leaf.tpl", bytes_copy("{}", 2));
    OWN_STRUCT(findings) without = check_at(&shelf, "sesame", time(NULL));
    fires(&without, "leaf_cdp_absent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right),
        cmocka_unit_test(test_golden_init),
        cmocka_unit_test(test_golden_page),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_passwords),
        cmocka_unit_test(test_several),
        cmocka_unit_test(test_constraints_that_permit),
        cmocka_unit_test(test_template_file),
        cmocka_unit_test(test_way_out),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, certificates_make, certificates_remove);
}

/* policy_engine.h: every answer of the real engine (golden/policy), its quirks, and where each answer comes
 * from. */
#include "policies.h"

#define NAMES_MAX 16

/* ---- the golden vectors ---- */

struct set {
    struct policy_name name[NAMES_MAX];
    size_t count;
};

static void set_add(struct set *set, const json_t *texts, enum policy_type type)
{
    size_t i;
    json_t *text;
    json_array_foreach(texts, i, text)
    {
        const char *name = json_string_value(text);
        assert_true(set->count < NAMES_MAX);
        set->name[set->count++] =
            (struct policy_name){type < POLICY_TYPES ? type : policy_classify(name), name};
    }
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static void vector_check(size_t n, const json_t *vector)
{
    const json_t *result = json_object_get(vector, "result");
    const char *cn = text_of(vector, "cn");
    struct set set = {0};
    OWN_POLICY_ENGINE *engine = NULL;
    OWN_STRUCT(bytes) error = {0};
    OWN_STRUCT(bytes) detail = {0};
    struct err err = {0};
    struct policy_answer answer;
    bool loads = policy_engine_new(&engine, json_object_get(vector, "policy"), POLICY_X509, &err);
    if (strcmp(err.text, text_of(result, "load_error")) != 0)
        fail_msg("vector %zu: \"%s\" for \"%s\"", n, err.text, text_of(result, "load_error"));
    if (!loads)
        return;
    set_add(&set, json_object_get(vector, "sans"), POLICY_TYPES);
    for (enum policy_type type = POLICY_DNS; type <= POLICY_URI; type++)
        set_add(&set, json_object_get(vector, policy_type_word(type)), type);
    if (*cn != 0)
        set.name[set.count++] = (struct policy_name){POLICY_CN, cn};
    bool allowed = policy_ask(&answer, engine, set.name, set.count);
    if (!allowed) {
        policy_answer_error(&error, &answer);
        policy_answer_detail(&detail, &answer);
    }
    if (allowed != json_is_true(json_object_get(result, "ok")) ||
        strcmp(bytes_string(&error), text_of(result, "error")) != 0 ||
        strcmp(bytes_string(&detail), text_of(result, "detail")) != 0)
        fail_msg("vector %zu: %s, \"%s\", \"%s\"", n, allowed ? "allowed" : "refused", bytes_string(&error),
                 bytes_string(&detail));
}

static void test_vectors(void **state)
{
    (void)state;
    OWN_STRUCT(bytes) text = {0};
    OWN(json_t) *vectors = NULL;
    struct err err = {0};
    assert_true(file_read(&text, "tests/golden/policy/vectors.json", FILE_MAX_SMALL, &err));
    assert_true(json_read(&vectors, &text, "vectors.json", &err));
    assert_true(json_array_size(vectors) >= 64);
    for (size_t i = 0; i < json_array_size(vectors); i++)
        vector_check(i, json_array_get(vectors, i));
}

/* ---- by which rule ---- */

struct trial {
    const char *policy; /* the x509 part */
    const char *name;   /* with its kind in front */
    const char *reason;
    const char *place; /* of the entry that decided, behind "authority.policy.x509."; NULL: none */
};

static void try(const struct trial *t)
{
    OWN(char) *policy = text_format("{\"x509\":%s}", t->policy);
    OWN_POLICY_ENGINE *engine = compile(policy, POLICY_X509);
    const char *colon = strchr(t->name, ':');
    OWN(char) *type = text_format("%.*s", (int)(colon - t->name), t->name);
    const struct policy_name name = {policy_type_find(type), colon + 1};
    assert_true(name.type < POLICY_TYPES);
    const struct policy_answer answer = policy_judge(engine, &name);
    OWN_STRUCT(bytes) place = {0};
    OWN_STRUCT(bytes) sentence = {0};
    if (answer.rule != NULL)
        policy_rule_place(&place, answer.rule, POLICY_X509);
    OWN(char) *expected = text_format("%s%s", t->place != NULL ? "authority.policy.x509." : "",
                                      t->place != NULL ? t->place : "");
    if (strcmp(policy_reason_word(answer.reason), t->reason) != 0 ||
        strcmp(bytes_string(&place), expected) != 0)
        fail_msg("%s: %s: %s at \"%s\"", t->policy, t->name, policy_reason_word(answer.reason),
                 bytes_string(&place));
    policy_answer_rule(&sentence, &answer);
    assert_true(sentence.len > 0);
    if (answer.rule != NULL)
        assert_non_null(strstr(bytes_string(&sentence), bytes_string(&place)));
}

static void try_all(const struct trial *trials, size_t count)
{
    for (size_t i = 0; i < count; i++)
        try(&trials[i]);
}
#define TRY(trials) try_all(trials, sizeof(trials) / sizeof(trials)[0])

static void test_rules(void **state)
{
    (void)state;
    static const struct trial trials[] = {
        {"{}", "dns:a.b", "no_rules", NULL},
        {"{\"allow\":{\"dns\":[]}}", "cn:a b", "no_rules", NULL},
        {"{\"allow\":{\"dns\":[\"a.b\"]}}", "cn:", "name_empty", NULL},
        {"{\"allow\":{\"dns\":[\"x.y\",\"*.b\",\"a.b\"]}}", "dns:A.b", "entry_allows", "allow.dns.1"},
        {"{\"allow\":{\"dns\":[\"x.y\",\"a.b\",\"*.b\"]}}", "dns:a.B", "entry_allows", "allow.dns.1"},
        {"{\"allow\":{\"dns\":[\"*.b\"]},\"deny\":{\"dns\":[\"a.b\"]}}", "dns:a.b", "entry_denies",
         "deny.dns.0"},
        {"{\"allow\":{\"dns\":[\"*.b\"]}}", "dns:b", "no_match", NULL},
        {"{\"allow\":{\"dns\":[\"*.b\"]}}", "dns:x.a.b", "no_match", NULL},
        {"{\"allow\":{\"dns\":[\"*.b\"]}}", "ip:10.0.0.1", "type_closed", NULL},
        {"{\"allow\":{\"ip\":[\"10.0.0.0/8\"]},\"deny\":{\"dns\":[\"x.y\"]}}", "dns:a.b", "type_open", NULL},
        {"{\"deny\":{\"dns\":[\"x.y\"]}}", "email:a@b.c", "type_open", NULL},
        {"{\"allow\":{\"ip\":[\"10.0.0.1\",\"10.0.0.0/24\",\"10.0.0.0/8\"]}}", "ip:10.0.0.9", "entry_allows",
         "allow.ip.1"},
        {"{\"allow\":{\"ip\":[\"::/0\",\"10.0.0.0/8\"]}}", "ip:::ffff:10.1.1.1", "entry_allows",
         "allow.ip.1"},
        {"{\"allow\":{\"ip\":[\"0.0.0.0/0\"]}}", "ip:fe80::1", "no_match", NULL},
        {"{\"allow\":{\"ip\":[\"::ffff:10.0.0.0/104\"]}}", "ip:10.9.9.9", "entry_allows", "allow.ip.0"},
        {"{\"allow\":{\"email\":[\"b@x.com\",\"x.com\"]}}", "email:a@X.com", "entry_allows", "allow.email.1"},
        {"{\"allow\":{\"email\":[\"A@x.com\"]}}", "email:A@x.com", "no_match", NULL},
        {"{\"allow\":{\"email\":[\"x.com\"]}}", "email:a@sub.x.com", "no_match", NULL},
        {"{\"allow\":{\"uri\":[\"*.x.com\"]}}", "uri:https://a.x.com:8443/p?q#f", "entry_allows",
         "allow.uri.0"},
        {"{\"allow\":{\"uri\":[\"x.com\"]}}", "uri:urn:isbn:1", "host_absent", NULL},
        {"{\"allow\":{\"uri\":[\"x.com\"]}}", "uri:https://10.0.0.1/", "host_address", NULL},
        {"{\"allow\":{\"uri\":[\"x.com\"]}}", "uri:https://[::1]:443/", "host_address", NULL},
        {"{\"allow\":{\"uri\":[\"x.com\"]}}", "uri:https://*.x.com/", "host_star", NULL},
        {"{\"allow\":{\"uri\":[\"x.com\"]}}", "uri:https://a:b:80/", "host_port", NULL},
        {"{\"allow\":{\"uri\":[\"x.com\"]}}", "uri:https://b\xC3\xBC.de/", "host_unreadable", NULL},
        {"{\"allow\":{\"uri\":[\"x.com\"]}}", "uri:https://x.com/%zz", "no_name", NULL},
        {"{\"allow\":{\"ip\":[\"::1\"]}}", "ip:10.0.0", "no_name", NULL},
        {"{\"deny\":{\"dns\":[\"x.y\"]}}", "uri:urn:x", "type_open", NULL},
        {"{\"allow\":{\"ip\":[\"11.0.0.0/8\",\"10.0.0.1\"]}}", "ip:10.0.0.1", "entry_allows", "allow.ip.1"},
        {"{\"allow\":{\"dns\":[\"a.b\",\"A.B\"]}}", "dns:a.b", "entry_allows", "allow.dns.0"},
        {"{\"allow\":{\"dns\":[\"a.b\"]}}", "dns:a.\xC2\xAD.b", "no_domain", NULL},
        {"{\"allow\":{\"dns\":[\"*.b\"]}}", "dns:1.b\xE3\x80\x82\xD7\x90", "no_ascii", NULL},
        {"{\"allow\":{\"cn\":[\"\xC5\xBFtep\"]}}", "cn:STEP", "entry_allows", "allow.cn.0"},
        {"{\"allow\":{\"cn\":[\"\xCE\xA3\"]}}", "cn:\xCF\x82", "entry_allows", "allow.cn.0"},
        {"{\"allow\":{\"cn\":[\"\xC4\xB1\"]}}", "cn:I", "type_closed", NULL},
    };
    TRY(trials);
}

/* Where the engine lets pass, or answers, what nobody expects. */
static void test_quirks(void **state)
{
    (void)state;
    static const struct trial trials[] = {
        {"{\"deny\":{\"cn\":[\"foo\"]}}", "cn:foo", "type_open", NULL},
        {"{\"deny\":{\"cn\":[\"foo\"]},\"allow\":{\"dns\":[\"a.b\"]}}", "cn:Any Body", "cn_open", NULL},
        {"{\"deny\":{\"cn\":[\"foo\"]},\"allow\":{\"dns\":[\"a.b\"]}}", "cn:FOO", "no_match", NULL},
        {"{\"allow\":{\"cn\":[\"Any Body\"],\"dns\":[\"a.b\"]}}", "cn:any body", "entry_allows",
         "allow.cn.0"},
        {"{\"allow\":{\"cn\":[\"B\xC3\xBC"
         "cher\"]}}",
         "cn:B\xC3\x9C"
         "CHER",
         "entry_allows", "allow.cn.0"},
        {"{\"allow\":{\"dns\":[\"a.b\"]}}", "cn:Friendly Name", "no_ascii", NULL},
        {"{\"allow\":{\"dns\":[\"a.b\"]}}", "cn:under_score", "no_ascii", NULL},
        {"{\"allow\":{\"dns\":[\"a.b\"]}}", "dns:a.b.", "no_domain", NULL},
        {"{\"allow\":{\"dns\":[\"a.b\"]}}", "cn:host:8080", "type_closed", NULL},
        {"{\"deny\":{\"dns\":[\"*.x\"]}}", "dns:*.x", "type_open", NULL},
        {"{\"deny\":{\"dns\":[\"*.x\"]},\"allowWildcardNames\":true}", "dns:*.x", "entry_denies",
         "deny.dns.0"},
        {"{\"allow\":{\"dns\":[\"*.x\"]},\"deny\":{\"dns\":[\"web.x\"]},\"allowWildcardNames\":true}",
         "dns:*.x", "entry_allows", "allow.dns.0"},
        {"{\"allow\":{\"dns\":[\"*.x\"]}}", "dns:*.x", "no_match", NULL},
        {"{\"allow\":{\"dns\":[\"\xC2\xAD\"]}}", "dns:any.thing", "entry_allows", "allow.dns.0"},
        {"{\"allow\":{\"dns\":[\"1.2.3.4\"]}}", "ip:1.2.3.4", "type_closed", NULL},
        {"{\"allow\":{\"email\":[\"\\\"a,b\\\"@x.com\",\"x.com\"]}}", "email:c@x.com", "entry_broken",
         "allow.email.0"},
        {"{\"allow\":{\"email\":[\"x.com\",\"\\\"a,b\\\"@x.com\"]}}", "email:c@x.com", "entry_allows",
         "allow.email.0"},
        {"{\"allow\":{\"email\":[\"x.com\"]}}", "email:a b@x.com", "no_mailbox", NULL},
        {"{\"allow\":{\"email\":[\"x.com\"]}}", "email:a@xn--zzzzz99999", "no_mail_domain", NULL},
        {"{\"allow\":{\"email\":[\"x.com\"]}}", "email:a@*", "crash", NULL},
        {"{\"allow\":{\"email\":[\"a@x.com\"]}}", "email:a@*", "no_match", NULL},
        {"{\"allow\":{\"uri\":[\"x.com\"]}}", "uri:https://:80/", "crash", NULL},
    };
    TRY(trials);
}

/* ---- sets ---- */

static void test_order(void **state)
{
    (void)state;
    OWN_POLICY_ENGINE *engine = compile("{\"x509\":{\"allow\":{\"dns\":[\"a.b\"]}}}", POLICY_X509);
    const struct policy_name names[] = {{POLICY_CN, "c"},        {POLICY_URI, "urn:x"}, {POLICY_EMAIL, "a@b"},
                                        {POLICY_IP, "10.0.0.1"}, {POLICY_DNS, "a.b"},   {POLICY_DNS, "bad"},
                                        {POLICY_DNS, "also.bad"}};
    struct policy_answer answer = {0};
    assert_false(policy_ask(&answer, engine, names, 7));
    assert_string_equal(answer.name, "bad");
    assert_false(policy_ask(&answer, engine, names, 5));
    assert_string_equal(answer.name, "10.0.0.1");
    assert_false(policy_ask(&answer, engine, names, 2));
    assert_string_equal(answer.name, "urn:x");
    assert_false(policy_ask(&answer, engine, names, 1));
    assert_string_equal(answer.name, "c");
    assert_true(policy_ask(&answer, engine, names + 4, 1));
    assert_true(policy_ask(&answer, engine, NULL, 0));
}

static void test_absent(void **state)
{
    (void)state;
    OWN_POLICY_ENGINE *engine = NULL;
    struct err err = {0};
    const struct policy_name name = {POLICY_DNS, "a b"};
    assert_true(policy_engine_new(&engine, NULL, POLICY_X509, &err));
    assert_int_equal(policy_judge(engine, &name).reason, POLICY_NO_RULES);
}

/* Go reads keys in any letter case, and null as nothing. */
static void test_keys(void **state)
{
    (void)state;
    OWN_POLICY_ENGINE *engine = compile(
        "{\"X509\":{\"Allow\":{\"DNS\":[\"*.b\"],\"ip\":null},\"AllowWildcardnames\":true}}", POLICY_X509);
    const struct policy_name name = {POLICY_DNS, "*.b"}, other = {POLICY_DNS, "c"};
    assert_int_equal(policy_judge(engine, &name).reason, POLICY_ENTRY_ALLOWS);
    assert_int_equal(policy_judge(engine, &other).reason, POLICY_NO_MATCH);
}

static void load(const char *policy, const char *error)
{
    OWN(json_t) *value = parse(policy);
    OWN_POLICY_ENGINE *engine = NULL;
    struct err err = {0};
    assert_false(policy_engine_new(&engine, value, POLICY_X509, &err));
    assert_string_equal(err.text, error);
}

static void test_load_errors(void **state)
{
    (void)state;
    load("{\"x509\":{\"allow\":{\"dns\":[\"a_b\"]},\"deny\":{\"cn\":[\"*\"]}}}",
         "cannot parse permitted domain constraint \"a_b\": domain constraint \"a_b\" can not be converted "
         "to ASCII: "
         "idna: disallowed rune U+005F");
    load("{\"x509\":{\"deny\":{\"cn\":[\"*\"]}}}",
         "cannot parse excluded common name constraint \"*\": wildcard constraint \"*\" is not supported");
    load("{\"x509\":{\"deny\":{\"ip\":[\"010.0.0.1\"]}}}",
         "cannot parse excluded constraint \"010.0.0.1\" as IP nor CIDR");
    load("{\"x509\":{\"allow\":{\"uri\":[\"x:80\"]}}}",
         "cannot parse permitted URI domain constraint \"x:80\": URI domain constraint \"x:80\" cannot "
         "contain port");
    load("{\"x509\":{\"allow\":{\"email\":[\"a@b\xC3\xBC.de\"]}}}",
         "cannot parse permitted email constraint \"a@b\xC3\xBC.de\": cannot parse email constraint "
         "\"a@b\xC3\xBC.de\" as "
         "RFC 2821 mailbox");
    load("{\"x509\":{\"allow\":{\"dns\":[\"a.-b\"]}}}",
         "cannot parse permitted domain constraint \"a.-b\": domain constraint \"a.-b\" can not be converted "
         "to ASCII: "
         "idna: invalid label \"-b\"");
    load("{\"x509\":{\"deny\":{\"dns\":[\"-\xC2\xAD"
         "b\"]}}}",
         "cannot parse excluded domain constraint \"-\\u00adb\": domain constraint \"-\\u00adb\" can not be "
         "converted "
         "to ASCII: idna: invalid label \"-b\"");
    load("{\"x509\":{\"allow\":{\"dns\":[null]}}}", "cannot parse permitted domain constraint \"\": "
                                                    "contraint \"\" can not be empty or white space string");
    load("{\"x509\":{\"allow\":{\"dns\":[1]}}}", "policy: \"allow.dns\" must be a list of strings");
    load("{\"x509\":{\"allow\":{\"dns\":\"a\"}}}", "policy: \"allow.dns\" must be a list of strings");
}

/* Many entries cost a name no more than one does: it is found at once, the last as the first. */
static void test_many(void **state)
{
    (void)state;
    OWN(json_t) *entries = json_array();
    for (int i = 0; i < 10000; i++)
        json_array_append_new(entries, json_sprintf("*.d%d.example", i));
    OWN(json_t) *policy = json_pack("{s:{s:{s:O}}}", "x509", "allow", "dns", entries);
    OWN_POLICY_ENGINE *engine = NULL;
    struct err err = {0};
    assert_true(policy_engine_new(&engine, policy, POLICY_X509, &err));
    for (int i = 0; i < 10000; i++) {
        OWN(char) *text = text_format("web.D%d.example", i);
        const struct policy_name name = {POLICY_DNS, text};
        const struct policy_answer answer = policy_judge(engine, &name);
        assert_int_equal(answer.reason, POLICY_ENTRY_ALLOWS);
        assert_int_equal(answer.rule->index, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_vectors),     cmocka_unit_test(test_rules),
                                       cmocka_unit_test(test_quirks),      cmocka_unit_test(test_order),
                                       cmocka_unit_test(test_absent),      cmocka_unit_test(test_keys),
                                       cmocka_unit_test(test_load_errors), cmocka_unit_test(test_many)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

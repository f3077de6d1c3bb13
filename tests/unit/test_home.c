#include "stranger.h"

#include "audit/home.h"
#include "audit/register.h"

#include <sys/stat.h>
#include <unistd.h>

#define SPKI "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define CEREMONY "0123456789abcdef0123456789abcdef"

static json_t *event(const char *kind, unsigned page)
{
    return json_pack("{s:s, s:i, s:s, s:s}", "ceremony", "c0ffee", "page", (int)page, "kind", kind, "deed",
                     "purge");
}

static json_t *crl_of(const char *spki, int number, const char *tbs)
{
    return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:i}", "kind", "crl", "issuer_spki", spki, "number",
                     number, "tbs_sha256", tbs, "sha256", tbs, "ceremony", CEREMONY, "page", 5);
}

static json_t *crl(const char *spki, int number)
{
    return crl_of(spki, number, OTHER);
}

static json_t *certificate(const char *spki, const char *serial, const char *tbs)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i}", "kind", "certificate", "issuer_spki", spki,
                     "serial", serial, "spki_sha256", OTHER, "tbs_sha256", tbs, "sha256", tbs, "ceremony",
                     CEREMONY, "page", 5);
}

static struct home *opened(const char *folder)
{
    struct err err = {0};
    struct home *home = NULL;
    assert_ok(home_open(&home, folder, NULL, &err));
    return home;
}

static void test_journal(void **state)
{
    struct err err = {0};
    {
        OWN_HOME *home = opened(*state);
        assert_ok(home_journal(home, event("attempt", 3), &err));
        assert_ok(home_journal(home, event("intent", 3), &err));
        assert_ok(home_journal(home, event("attempt", 4), &err));
        assert_ok(home_journal(home, event("decided", 4), &err));
        assert_ok(home_journal(home, event("recovered", 4), &err));
        assert_refused(home_journal(home, event("whim", 4), &err), "whim");
        assert_refused(home_journal(home, json_object(), &err), "kind");
        assert_refused(home_journal(home, json_array(), &err), "kind");
    }
    assert_int_equal(run(*state,
                         "test $(stat -c %%a journal) = 600 && test $(jq -c . journal | wc -l) = 5 && "
                         "jq -cS . journal | cmp - journal"),
                     0);
    OWN_HOME *home = opened(*state);
    OWN(json_t) *events = home_events(home, "c0ffee", 3);
    assert_int_equal(json_array_size(events), 2);
    const json_t *second = json_array_get(events, 1);
    assert_string_equal(json_string_value(json_object_get(second, "kind")), "intent");
    assert_int_equal(strlen(json_string_value(json_object_get(second, "time"))), 20);
    OWN(json_t) *none = home_events(home, "another", 3);
    assert_int_equal(json_array_size(none), 0);
}

/* A crash leaves any beginning of the last line; the lines before it stay, and the next one is whole. */
static void test_cut_off_line(void **state)
{
    struct err err = {0};
    {
        OWN_HOME *home = opened(*state);
        assert_ok(home_journal(home, event("attempt", 1), &err));
        assert_ok(home_journal(home, event("intent", 1), &err));
    }
    OWN_STRUCT(bytes) whole = get(*state, "journal");
    size_t first = (size_t)((unsigned char *)memchr(whole.data, '\n', whole.len) - whole.data) + 1;
    for (size_t len = first; len < whole.len; len++) {
        put(*state, "journal", whole.data, len);
        OWN_HOME *home = opened(*state);
        OWN(json_t) *events = home_events(home, "c0ffee", 1);
        assert_int_equal(json_array_size(events), 1);
        OWN_STRUCT(bytes) left = get(*state, "journal");
        assert_int_equal(left.len, first);
        assert_ok(home_journal(home, event("sealed", 1), &err));
        OWN(json_t) *after = home_events(home, "c0ffee", 1);
        assert_int_equal(json_array_size(after), 2);
    }
    assert_int_equal(run(*state, "jq -e . journal"), 0);
}

static void test_damaged_line(void **state)
{
    struct err err = {0};
    OWN_HOME *home = NULL;
    put(*state, "journal", "{}\n{oops}\n{}\n", 13);
    assert_refused(home_open(&home, *state, NULL, &err), "line 2");
    put(*state, "journal", "[]\n", 3);
    assert_refused(home_open(&home, *state, NULL, &err), "not an object");
}

static void test_register(void **state)
{
    struct err err = {0};
    {
        OWN_HOME *home = opened(*state);
        assert_int_equal(home_crl_number(home, SPKI), -1);
        assert_false(home_serial_used(home, SPKI, "01ab"));
        assert_ok(home_register(home, crl(SPKI, 0), &err));
        assert_int_equal(home_crl_number(home, SPKI), 0);
        assert_ok(home_register(home, crl(SPKI, 7), &err));
        assert_ok(home_register(home, crl(SPKI, 7), &err));
        assert_refused(home_register(home, crl(SPKI, 5), &err), "number 5 comes behind number 7");
        assert_refused(home_register(home, crl_of(SPKI, 7, SPKI), &err), "number 7 was another list");
        assert_refused(home_register(home, crl_of(SPKI, 0, SPKI), &err), "number 0 was another list");
        assert_ok(home_register(home, crl(OTHER, 9), &err));
        assert_ok(home_register(home, certificate(SPKI, "01ab", SPKI), &err));
        assert_ok(home_register(home, certificate(SPKI, "01ab", SPKI), &err));
        assert_ok(home_register(home, certificate(OTHER, "01ab", OTHER), &err));
        assert_refused(home_register(home, certificate(SPKI, "01ab", OTHER), &err), "01ab was another");
        assert_refused(home_register(home, crl("short", 1), &err), "\"issuer_spki\" must be");
        assert_refused(home_register(home, crl(SPKI, -1), &err), "number");
        assert_refused(
            home_register(home, json_pack("{s:s, s:s}", "kind", "certificate", "issuer_spki", SPKI), &err),
            "serial");
        assert_refused(
            home_register(home, json_pack("{s:s, s:s}", "kind", "note", "issuer_spki", SPKI), &err), "note");
    }
    assert_int_equal(run(*state, "test $(wc -l <register) = 5"), 0);
    OWN_HOME *home = opened(*state);
    assert_int_equal(home_crl_number(home, SPKI), 7);
    assert_int_equal(home_crl_number(home, OTHER), 9);
    assert_true(home_serial_used(home, SPKI, "01ab"));
    assert_false(home_serial_used(home, OTHER, "01ac"));
}

/* What somebody put together, or lost a piece of, is no register. */
static void test_register_as_found(void **state)
{
    static const struct {
        const char *edit, *says;
    } cases[] = {
        {"tac whole >register", "register: line 1: does not name the entry of its issuer before it"},
        {"sed 2d whole >register", "register: line 2: does not name the entry of its issuer before it"},
        {"sed 1d whole >register",
         "register: line 1: does not name the entry of its issuer before it (there"},
        {"sed 's/01ab/01ac/' whole >register", "register: line 3: does not name"},
        {"sed '3s/\"number\":2/\"number\":3/' whole >register && cat whole >>register",
         "line 4: does not name"},
        {"cat whole whole >register", "register: line 4: does not name"},
        {"cp whole register && echo '{}' >>register", "register: line 4: \"format\" must be"},
        {"jq -cS 'del(.ceremony)' whole >register", "register: line 1: \"ceremony\" must be"},
        {"jq -cS '.more = 1' whole >register", "register: line 1: has a member that no entry has"},
        {"jq -cS '.page = -1' whole >register", "register: line 1: \"page\" must be"},
    };
    struct err err = {0};
    OWN_HOME *other = NULL;
    {
        OWN_HOME *home = opened(*state);
        assert_ok(home_register(home, crl(SPKI, 1), &err));
        assert_ok(home_register(home, certificate(SPKI, "01ab", SPKI), &err));
        assert_ok(home_register(home, crl(SPKI, 2), &err));
    }
    assert_int_equal(run(*state, "cp register whole"), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(run(*state, "%s", cases[i].edit), 0);
        assert_refused(home_open(&other, *state, NULL, &err), cases[i].says);
    }
    assert_int_equal(run(*state, "cp whole register"), 0);
    assert_ok(home_open(&other, *state, NULL, &err));
}

static json_t *registered(const char *folder, const char *name)
{
    struct err err = {0};
    json_t *list = NULL;
    OWN_STRUCT(bytes) text = get(folder, name);
    assert_ok(register_parse(&list, &text, name, &err));
    return list;
}

/* A home that has less takes the rest over; one that tells something else does not. */
static void test_register_adopt(void **state)
{
    struct err err = {0};
    size_t count = 9;
    {
        OWN_HOME *home = opened(*state);
        assert_ok(home_register(home, crl(SPKI, 1), &err));
        assert_ok(home_register(home, crl(OTHER, 1), &err));
        assert_ok(home_register(home, crl(SPKI, 2), &err));
    }
    OWN(json_t) *whole = registered(*state, "register");
    assert_int_equal(run(*state, "cp register whole && sed -i '2,$d' register"), 0);
    {
        OWN_HOME *home = opened(*state);
        assert_int_equal(register_compare(home_registered(home), whole, SPKI), REGISTER_BEHIND);
        assert_int_equal(register_compare(whole, home_registered(home), SPKI), REGISTER_AHEAD);
        assert_ok(home_register_adopt(&count, home, whole, &err));
        assert_int_equal(count, 2);
        assert_ok(home_register_adopt(&count, home, whole, &err));
        assert_int_equal(count, 0);
        assert_int_equal(register_compare(home_registered(home), whole, SPKI), REGISTER_SAME);
    }
    assert_int_equal(
        run(*state, "jq -cS . register | cmp - register && sort whole >a && sort register | cmp - a"), 0);
    assert_int_equal(run(*state, "sed -i '2,$d' register"), 0);
    OWN_HOME *home = opened(*state);
    assert_ok(home_register(home, certificate(SPKI, "01ab", SPKI), &err));
    assert_refused(home_register_adopt(&count, home, whole, &err), "two histories");
    assert_int_equal(json_array_size(home_registered(home)), 2);
}

/* The chain as a stranger checks it: each line names the SHA-256 of its issuer's line before it. */
static void test_register_chain(void **state)
{
    struct err err = {0};
    {
        OWN_HOME *home = opened(*state);
        for (int i = 0; i < 3; i++) {
            OWN(json_t) *list = crl(SPKI, i);
            json_object_set_new(list, "content", json_string("-----BEGIN X509 CRL-----"));
            assert_ok(home_register(home, GIVE(list), &err));
            assert_ok(home_register(home, crl(OTHER, i), &err));
        }
        OWN(json_t) *issuers = json_pack("[s]", SPKI);
        OWN_STRUCT(bytes) text = {0};
        assert_ok(register_text(&text, home_registered(home), issuers, &err));
        put(*state, "sealed", text.data, text.len);
    }
    assert_int_equal(run(*state,
                         "test $(wc -l <sealed) = 3 && ! grep -q content sealed && jq -cS . sealed | cmp - "
                         "sealed && p=$(printf %%064d 0) && while IFS= read -r l; do "
                         "test \"$(printf '%%s' \"$l\" | jq -r .previous)\" = $p || exit 1; "
                         "p=$(printf '%%s\\n' \"$l\" | sha256sum | cut -c 1-64); done <sealed"),
                     0);
}

static void test_heads(void **state)
{
    struct err err = {0};
    char head[DIGEST_HEX];
    unsigned page = 0;
    {
        OWN_HOME *home = opened(*state);
        assert_false(home_head(home, "c0ffee", head, &page));
        assert_ok(home_set_head(home, "c0ffee", SPKI, 0, &err));
        assert_ok(home_set_head(home, "c0ffee", SPKI, 0, &err));
        assert_ok(home_set_head(home, "c0ffee", OTHER, 4, &err));
        assert_ok(home_set_head(home, "another", SPKI, 9, &err));
        assert_refused(home_set_head(home, "c0ffee", SPKI, 4, &err), "does not continue");
        assert_refused(home_set_head(home, "c0ffee", SPKI, 3, &err), "does not continue");
        assert_refused(home_set_head(home, "c0ffee", "xyz", 5, &err), "hex");
    }
    OWN_HOME *home = opened(*state);
    assert_true(home_head(home, "c0ffee", head, &page));
    assert_string_equal(head, OTHER);
    assert_int_equal(page, 4);
}

static void test_one_at_a_time(void **state)
{
    struct err err = {0};
    OWN(char) *authority = path_join(*state, "authority");
    OWN(char) *second = path_join(*state, "second");
    OWN(char) *pid = text_format("process %ld", (long)getpid());
    assert_int_equal(mkdir(authority, 0755), 0);
    assert_int_equal(mkdir(second, 0700), 0);
    OWN_HOME *home = NULL;
    OWN_HOME *other = NULL;
    assert_ok(home_open(&home, *state, authority, &err));
    assert_refused(home_open(&other, *state, NULL, &err), pid);
    assert_refused(home_open(&other, second, authority, &err), "another verger");
    assert_ok(home_open(&other, second, NULL, &err));
    home_free(GIVE(home));
    home_free(GIVE(other));
    assert_ok(home_open(&home, *state, NULL, &err));
    assert_ok(home_open(&other, second, authority, &err));
    assert_int_equal(
        run(*state, "test -z \"$(ls -A authority)\" && test \"$(cat second/lock)\" = %ld", (long)getpid()),
        0);
}

static void test_no_home(void **state)
{
    struct err err = {0};
    OWN_HOME *home = NULL;
    OWN(char) *missing = path_join(*state, "missing");
    assert_refused(home_open(&home, missing, NULL, &err), "verger enrol");
    put(*state, "file", "", 0);
    OWN(char) *file = path_join(*state, "file");
    assert_refused(home_open(&home, file, NULL, &err), "not a folder");
    assert_int_equal(chmod(*state, 0777), 0);
    assert_refused(home_open(&home, *state, NULL, &err), "others may write");
    assert_int_equal(chmod(*state, 0700), 0);
}

/* Who could empty the journal could make the station sign twice. */
static void test_others_write(void **state)
{
    static const char *const names[] = {"journal", "register", "heads"};
    struct err err = {0};
    OWN_HOME *home = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        OWN(char) *path = path_join(*state, names[i]);
        put(*state, names[i], "", 0);
        assert_int_equal(chmod(path, 0620), 0);
        assert_refused(home_open(&home, *state, NULL, &err), names[i]);
        assert_refused(home_open(&home, *state, NULL, &err), "`chmod go-w`");
        assert_int_equal(chmod(path, 0644), 0);
    }
    assert_ok(home_open(&home, *state, NULL, &err));
}

static void test_of_another(void **state)
{
    static const char *const names[] = {"journal", "register", "heads", "."};
    struct err err = {0};
    OWN_HOME *home = NULL;
    for (size_t i = 0; geteuid() == 0 && i < sizeof names / sizeof *names; i++) {
        OWN(char) *path = path_join(*state, names[i]);
        if (names[i][0] != '.')
            put(*state, names[i], "", 0);
        assert_int_equal(chown(path, 65534, 0), 0);
        assert_refused(home_open(&home, *state, NULL, &err), "belongs to user 65534");
        assert_int_equal(chown(path, 0, 0), 0);
    }
    assert_ok(home_open(&home, *state, NULL, &err));
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCRATCH(test_journal),           IN_SCRATCH(test_cut_off_line),
        IN_SCRATCH(test_damaged_line),      IN_SCRATCH(test_register),
        IN_SCRATCH(test_register_as_found), IN_SCRATCH(test_register_adopt),
        IN_SCRATCH(test_register_chain),    IN_SCRATCH(test_heads),
        IN_SCRATCH(test_one_at_a_time),     IN_SCRATCH(test_no_home),
        IN_SCRATCH(test_others_write),      IN_SCRATCH(test_of_another),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

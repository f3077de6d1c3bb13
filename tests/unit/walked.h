/* walked.h - for tests of records: a small ceremony at two stations, walked page by page, each page in one go
 * and resumable, as the walk does it. */
#ifndef VERGER_TESTS_WALKED_H
#define VERGER_TESTS_WALKED_H

#include "keeper.h"

#define WALKED_PAGES 6

struct keepers { /* made once for all tests of a program: deriving a password's key is slow */
    char *folder;
    struct seal *ca, *root;
    struct bytes secret; /* an encrypted key */
};

/* One test's folder: record/, ca/ and root/ (the authorities). */
struct trial {
    char *folder;
    struct keepers *keepers;
};

static inline int keepers_make(void **state)
{
    struct keepers *k = memory_new(1, sizeof *k);
    scratch_make((void **)&k->folder);
    k->ca = keeper(k->folder, "ca", "ca", false);
    k->root = keeper(k->folder, "root", "root", false);
    k->secret = get(k->folder, "ca/seal.key");
    *state = k;
    return 0;
}

static inline int keepers_remove(void **state)
{
    struct keepers *k = *state;
    seal_free(k->ca);
    seal_free(k->root);
    bytes_free(&k->secret);
    scratch_remove((void **)&k->folder);
    free(k);
    return 0;
}

static inline int trial_make(void **state)
{
    struct trial *t = memory_new(1, sizeof *t);
    t->keepers = *state;
    scratch_make((void **)&t->folder);
    run(t->folder, "mkdir ca root");
    *state = t;
    return 0;
}

static inline int trial_remove(void **state)
{
    struct trial *t = *state;
    struct keepers *k = t->keepers;
    scratch_remove((void **)&t->folder);
    free(t);
    *state = k;
    return 0;
}

static inline const char *station_of(unsigned number)
{
    return number == 2 || number == 3 ? "root" : "ca";
}

/* The deeds of each page. */
static inline bool deeds(struct record *record, struct page *page, unsigned number, const struct trial *t,
                         const struct station *station, struct err *err)
{
    struct bytes pem[2] = {{0}};
    bool done = true;
    switch (number) {
    case 0:
        pem[0] = get(t->keepers->folder, "ca/seal.crt");
        pem[1] = get(t->keepers->folder, "root/seal.crt");
        done = record_enrol(record, page, pem, 2, err) && page_member(page, "script/a.lua", "--\n", 3, err);
        bytes_free(&pem[0]);
        bytes_free(&pem[1]);
        return done;
    case 1:
        page_folder(page, "certs", 0700);
        page_folder(page, "config", 0755);
        page_folder(page, "secrets", 0700);
        page_output(page, json_pack("{s:s, s:s, s:s, s:s}", "name", "intermediate key", "kind", "key",
                                    "place", "secrets/intermediate_ca_key", "mode", "0600"));
        return page_file(page, "config/ca.json", "{\"one\":1}\n", 10, 0600, err) &&
               page_file(page, "certs/root_ca.crt", "root\n", 5, 0644, err) &&
               page_file(page, "certs/gone.crt", "gone\n", 5, 0644, err) &&
               station_stage_secret(station, "secrets/intermediate_ca_key", &t->keepers->secret, err);
    case 2: {
        OWN_STRUCT(bytes) staged = {0};
        if (!record_staged(record, number, "the certificate, signed", &staged)) {
            staged = bytes_copy("signed once\n", 12);
            if (!record_stage(record, number, "the certificate, signed", &staged, err))
                return false;
        }
        page_output(page, json_pack("{s:s, s:s}", "name", "certificate", "kind", "certificate"));
        return strcmp(bytes_string(&staged), "signed once\n") == 0 &&
               page_file(page, "root.crl", "crl\n", 4, 0644, err) &&
               page_evidence(page, "certificate.pem", staged.data, staged.len, err);
    }
    case 4:
        page_output(page, json_pack("{s:s, s:s}", "name", "certificate", "kind", "certificate"));
        page_remove(page, "certs/gone.crt");
        page_folder(page, "certs", 0750);
        return page_file(page, "certs/root_ca.crt", "root\n", 5, 0600, err) &&
               page_file(page, "config/ca.json", "{\"one\":2}\n", 10, 0640, err);
    default:
        return true;
    }
}

/* Open, recover, and walk page `number` if it is not there yet. */
static inline bool walk_page(const struct trial *t, unsigned number, struct err *err)
{
    static const char *const title[] = {"Script", "Initialize", "Sign, offline", "Look", "Purge", "End"};
    char done[256];
    OWN(char) *folder = path_join(t->folder, "record");
    OWN(char) *authority = path_join(t->folder, station_of(number));
    bool at_ca = strcmp(station_of(number), "ca") == 0;
    const struct station station = {station_of(number), authority, at_ca ? t->keepers->ca : t->keepers->root,
                                    NULL};
    OWN_RECORD *record = NULL;
    OWN(json_t) *people = people_of_test();
    if (!record_open(&record, folder, true, err) || !record_recover(record, &station, done, err))
        return false;
    if (record_count(record) > number)
        return true;
    OWN_PAGE *page = page_of_test(number, title[number], station.name, record_head(record), false, people);
    page_say(page, title[number]);
    return deeds(record, page, number, t, &station, err) && record_commit(record, page, &station, err);
}

static inline void walk_to(const struct trial *t, unsigned count)
{
    struct err err = {0};
    for (unsigned i = 0; i < count; i++)
        assert_ok(walk_page(t, i, &err));
}

/* The record as stock tools see it: each page, seal and commit, and nothing left over. */
static inline void strangers_agree(const struct trial *t)
{
    static const char *const line[] = {
        "for p in *.tar; do mkdir -p ../x/$p && tar -C ../x/$p -xf $p && (cd ../x/$p && sha256sum --quiet "
        "--strict -c "
        "SHA256SUMS) || exit 1; done",
        "for p in *.tar; do for s in $p.*.p7s; do w=${s#$p.}; w=${w%.p7s}; openssl cms -verify -binary "
        "-inform DER -in $s "
        "-content $p -nointern -certfile signers/$w.crt -CAfile signers/$w.crt -no-CApath -no-CAstore -out "
        "/dev/null || exit "
        "1; done; done",
        "printf %064d 0 >../last; for p in *.tar; do tar -xOf $p page.json | jq -er .previous | tr -d '\\n' "
        "| cmp - ../last || exit 1; "
        "sha256sum $p | cut -c1-64 | tr -d '\\n' >../last; done",
        "git -C ledger.git fsck --strict --no-dangling",
        "export HOME=/nonexistent; for c in $(git -C ledger.git -c safe.directory='*' rev-list main); do git "
        "-C ledger.git -c "
        "safe.directory='*' -c gpg.format=ssh -c gpg.ssh.allowedSignersFile=../signers/allowed_signers "
        "verify-commit $c || exit "
        "1; done",
        "! ls -d .staging ../ca/.verger-staging ../root/.verger-staging 2>/dev/null",
    };
    for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
        OWN(char) *command = text_format("cd record && %s", line[i]);
        if (run(t->folder, "%s", command) != 0) {
            OWN(char) *said = run_output(t->folder);
            fail_msg("%s: %s", line[i], said);
        }
    }
}

#endif

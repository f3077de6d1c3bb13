/* Backups: what a page says of the copies of a key, against the key that the record knows, and the plan. */
#include "pagejson.h"
#include "shelf.h"

#include "../ceremony/base64.h"
#include "../ceremony/proof.h"

#include <string.h>

#define FORMAT "verger-backup-1" /* lua/words_backup.lua */
#define KIND "backup"

/* The word of the plan's step that made it; NULL without a plan, and for what it did not ask for. */
static const json_t *word_of(const struct trial *t, const struct sheet *sheet, const char *key)
{
    const json_t *words = json_object_get(trial_step(t, sheet), "words");
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        if (strcmp(json_text(word, "verb"), KIND) == 0 && strcmp(json_text(word, "name"), key) == 0)
            return word;
    }
    return NULL;
}

static bool plan_check(const struct trial *t, const struct sheet *sheet, const json_t *backup,
                       struct err *err)
{
    const char *key = json_text(backup, "key");
    const json_t *word = word_of(t, sheet, key), *copies = json_object_get(backup, "copies");
    const json_t *options = json_object_get(word, "options"), *to = json_object_get(options, "to");
    if (t->plan == NULL)
        return true;
    if (word == NULL)
        return err_set(err, "the plan has no backup of the %s in this step", key);
    if (strcmp(json_text(options, "certificate"), json_text(backup, "certificate")) != 0)
        return err_set(err, "was tested against another certificate than the plan's");
    if (json_array_size(to) != json_array_size(copies))
        return err_set(err, "%zu copies, and the plan wants %zu", json_array_size(copies),
                       json_array_size(to));
    for (size_t i = 0; i < json_array_size(to); i++) {
        const char *medium = json_text(json_array_get(copies, i), "medium");
        if (strcmp(medium, json_string_value(json_array_get(to, i))) != 0)
            return err_set(err, "copy %zu is on %s, and the plan says %s", i + 1, medium,
                           json_string_value(json_array_get(to, i)));
    }
    return true;
}

/* The key of that name that the page used, and that an earlier page made where one did. */
static bool key_check(const struct trial *t, const struct sheet *sheet, const json_t *backup, struct err *err)
{
    const char *name = json_text(backup, "key"), *spki = json_text(backup, "spki_sha256");
    const char *known = json_text(backup, "certificate");
    const json_t *inputs = sheet_json(sheet, "inputs");
    bool used = false;
    for (size_t i = 0; i < json_array_size(inputs); i++) {
        const json_t *input = json_array_get(inputs, i);
        used = used ||
               (strcmp(json_text(input, "name"), name) == 0 && strcmp(json_text(input, "kind"), "key") == 0 &&
                strcmp(json_text(input, "spki_sha256"), spki) == 0);
    }
    if (!used)
        return err_set(err, "the page used no key \"%s\" with the SPKI SHA-256 %s", name, spki);
    const char *const others[] = {name, known[0] != '\0' ? known : name};
    for (size_t i = 0; i < 2; i++) {
        char hex[DIGEST_HEX];
        const struct artefact *a = shelf_find(t->shelf, others[i]);
        if (a == NULL && i == 0)
            continue; /* an unlocked key: no page made it */
        if (a == NULL)
            return err_set(err, "the %s is not in this record", others[i]);
        artefact_spki(hex, a);
        if (strcmp(hex, spki) != 0)
            return err_set(err, "is of another key than the %s", others[i]);
    }
    return true;
}

/* What was signed says which test it was, so that no signature of another one does. */
static bool copy_check(const struct sheet *sheet, const json_t *backup, const json_t *copy, struct err *err)
{
    OWN_STRUCT(bytes) signature = {0};
    const char *medium = json_text(copy, "medium"), *text = json_text(copy, "text");
    OWN(char) *begin =
        text_format("verger backup test: %s on %s, ceremony %s, page %zu, nonce ", json_text(backup, "key"),
                    medium, sheet_text(sheet, "ceremony", "id"), sheet->at);
    const size_t len = strlen(begin);
    if (strncmp(text, begin, len) != 0 || strlen(text) != len + 32)
        return err_set(err, "%s: what was signed is not the test of this copy", medium);
    return (base64_decode(&signature, json_text(copy, "signature"), err) &&
            proof_check(json_text(backup, "public_key"), json_text(backup, "spki_sha256"), text, &signature,
                        err)) ||
           err_wrap(err, "%s", medium);
}

static bool backup_check(const struct trial *t, const struct sheet *sheet, const struct artefact *a,
                         struct err *err)
{
    OWN(json_t) *backup = NULL;
    if (a->content == NULL)
        return err_set(err, "the page does not hold it");
    if (!json_read(&backup, a->content, artefact_text(a, "member"), err))
        return false;
    const json_t *copies = json_object_get(backup, "copies");
    if (strcmp(json_text(backup, "format"), FORMAT) != 0 || !digest_is_hex(json_text(backup, "file_sha256")))
        return err_set(err, "is no " FORMAT ", or lacks the file's SHA-256");
    if (json_array_size(copies) == 0)
        return err_set(err, "names no copy");
    if (!key_check(t, sheet, backup, err) || !plan_check(t, sheet, backup, err))
        return false;
    for (size_t i = 0; i < json_array_size(copies); i++)
        if (!copy_check(sheet, backup, json_array_get(copies, i), err))
            return false;
    return true;
}

void backup_checks(struct trial *t, const struct sheet *sheet, const struct artefact *a)
{
    struct err err = {0};
    if (strcmp(artefact_text(a, "kind"), KIND) != 0)
        return;
    bool ok = backup_check(t, sheet, a, &err) || err_wrap(&err, "%s: %s", sheet->name, a->name);
    checks_add(&t->checks, CHECK_BACKUP_TESTED, (long)sheet->at, ok, &err);
}

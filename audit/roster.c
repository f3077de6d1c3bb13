#include "roster.h"

#include "../ceremony/file.h"
#include "sshsig.h"

#include <string.h>

#define PREFIX "evidence/signers/"
#define ALLOWED "allowed_signers"

static void enrolled_free(struct enrolled *e)
{
    X509_free(e->certificate);
    bytes_free(&e->pem);
    *e = (struct enrolled){0};
}

void roster_free(struct roster *r)
{
    for (size_t i = 0; i < r->count; i++)
        enrolled_free(&r->enrolled[i]);
    free(r->enrolled);
    *r = (struct roster){0};
}

const struct enrolled *roster_find(const struct roster *r, const char *label)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->enrolled[i].label, label) == 0)
            return &r->enrolled[i];
    }
    return NULL;
}

const struct enrolled *roster_required(const struct roster *r, const json_t *who)
{
    const char *station = json_string_value(json_object_get(who, "station"));
    const char *witness = json_string_value(json_object_get(who, "witness"));
    const char *label = station != NULL ? station : witness;
    const struct enrolled *found = label != NULL ? roster_find(r, label) : NULL;
    return found != NULL && (found->signer.station[0] != 0) == (station != NULL) ? found : NULL;
}

static void roster_push(struct roster *r, struct enrolled *enrolled)
{
    r->enrolled = reallocarray(r->enrolled, r->count + 1, sizeof *r->enrolled);
    if (r->enrolled == NULL)
        abort();
    r->enrolled[r->count++] = *enrolled;
    *enrolled = (struct enrolled){0};
}

void roster_copy(struct roster *out, const struct roster *r)
{
    struct roster copy = {0};
    for (size_t i = 0; i < r->count; i++) {
        struct enrolled one = r->enrolled[i];
        one.pem = bytes_copy(one.pem.data, one.pem.len);
        if (X509_up_ref(one.certificate) != 1)
            abort();
        roster_push(&copy, &one);
    }
    roster_free(out);
    *out = copy;
}

static bool label_make(char label[61], const struct signer *signer, const char *what, struct err *err)
{
    if (signer->station[0] != 0) {
        snprintf(label, 61, "%s", signer->station);
        return true;
    }
    return page_slug(label, signer->name) ||
           err_set(err, "%s: the witness's name has no letter or digit of ASCII; enrol under another", what);
}

/* One key, one person; and who witnesses has no other key here. */
static bool enrolled_is_apart(const struct enrolled *one, const struct roster *r, const char *what,
                              struct err *err)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct enrolled *other = &r->enrolled[i];
        if (EVP_PKEY_eq(X509_get0_pubkey(one->certificate), X509_get0_pubkey(other->certificate)) == 1)
            return err_set(err, "%s: has the key that is enrolled as \"%s\"; one key is one signer's", what,
                           other->label);
        bool witness = one->signer.station[0] == 0 || other->signer.station[0] == 0;
        if (witness && strcmp(one->signer.name, other->signer.name) == 0)
            return err_set(err, "%s: %s is enrolled already as \"%s\"; a witness is one person with one key",
                           what, one->signer.name, other->label);
    }
    return true;
}

bool roster_add(struct roster *r, const struct bytes *pem, const char *what, struct err *err)
{
    OWN_STRUCT(enrolled) one = {0};
    if (!certificate_parse(&one.certificate, pem, what, err) ||
        !signer_read(&one.signer, one.certificate, what, err) ||
        !certificate_pem(&one.pem, one.certificate, err) || !label_make(one.label, &one.signer, what, err))
        return false;
    if (roster_find(r, one.label) != NULL)
        return err_set(err, "%s: \"%s\" is enrolled already, and a station or witness has one certificate",
                       what, one.label);
    if (!enrolled_is_apart(&one, r, what, err))
        return false;
    roster_push(r, &one);
    return true;
}

bool roster_read(struct roster *r, const struct page_read *page, struct err *err)
{
    for (size_t i = 0; i < page->tar.count; i++) {
        const struct member *member = &page->tar.member[i];
        if (strncmp(member->name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        if (!roster_add(r, &member->data, member->name, err))
            return false;
        const struct enrolled *added = &r->enrolled[r->count - 1];
        OWN(char) *name = text_format(PREFIX "%s.crt", added->label);
        if (strcmp(name, member->name) != 0 || !bytes_equal(&added->pem, &member->data))
            return err_set(err, "%s: must be called %s and be PEM with nothing around it", member->name,
                           name);
    }
    return true;
}

/* ---- signers/ ---- */

static bool allowed_text(struct bytes *out, const struct roster *r, struct err *err)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct enrolled *one = &r->enrolled[i];
        OWN_STRUCT(bytes) line = {0};
        if (one->signer.station[0] == 0)
            continue;
        if (!sshsig_allowed_signer(&line, one->signer.station, one->certificate, err))
            return false;
        bytes_add(out, line.data, line.len);
    }
    return true;
}

/* The files that signers/ has, in the form of an archive that is never written. */
static bool folder_files(struct tarball *files, const struct roster *r, struct err *err)
{
    OWN_STRUCT(bytes) allowed = {0};
    if (!allowed_text(&allowed, r, err))
        return false;
    for (size_t i = 0; i < r->count; i++) {
        OWN(char) *name = text_format("%s.crt", r->enrolled[i].label);
        tarball_add(files, name, r->enrolled[i].pem.data, r->enrolled[i].pem.len);
    }
    tarball_add(files, ALLOWED, allowed.data, allowed.len);
    return true;
}

/* allowed_signers grows when a page enrols somebody: what a crash left is the beginning of what should be
 * there. */
static bool is_beginning(const struct bytes *found, const struct bytes *wanted)
{
    return found->len <= wanted->len && memcmp(found->data, wanted->data, found->len) == 0;
}

static bool folder_file_check(const char *path, const struct bytes *wanted, struct err *err)
{
    OWN_STRUCT(bytes) found = {0};
    if (wanted == NULL)
        return err_set(err, "%s: not a file that a record has; take it away", path);
    if (!file_read(&found, path, FILE_MAX_SMALL, err))
        return false;
    bool right =
        strcmp(path_name(path), ALLOWED) == 0 ? is_beginning(&found, wanted) : bytes_equal(&found, wanted);
    return right || err_set(err, "%s: is not what the pages enrolled", path);
}

bool roster_folder_check(const struct roster *r, const char *folder, struct err *err)
{
    OWN_STRUCT(tarball) files = {0};
    OWN_STRUCT(names) names = {0};
    if (!file_exists(folder))
        return true;
    if (!folder_files(&files, r, err) || !folder_list(&names, folder, err))
        return false;
    for (size_t i = 0; i < names.count; i++) {
        OWN(char) *path = path_join(folder, names.name[i]);
        if (!folder_file_check(path, tarball_find(&files, names.name[i]), err))
            return false;
    }
    return true;
}

static bool folder_file_write(const char *folder, const char *staging, const struct member *file, bool *wrote,
                              struct err *err)
{
    OWN(char) *path = path_join(folder, file->name);
    OWN(char) *staged = path_join(staging, file->name);
    OWN_STRUCT(bytes) found = {0};
    if (file_exists(path) && !file_read(&found, path, FILE_MAX_SMALL, err))
        return false;
    if (file_exists(path) && bytes_equal(&found, &file->data))
        return true;
    *wrote = true;
    return folder_make(staging, 0755, err) && file_remove(staged, err) &&
           file_create(staged, file->data.data, file->data.len, 0644, err) && file_rename(staged, path, err);
}

bool roster_folder_write(const struct roster *r, const char *folder, const char *staging, bool *wrote,
                         struct err *err)
{
    OWN_STRUCT(tarball) files = {0};
    if (!folder_files(&files, r, err) || !folder_make(folder, 0755, err))
        return false;
    for (size_t i = 0; i < files.count; i++) {
        if (!folder_file_write(folder, staging, &files.member[i], wrote, err))
            return false;
    }
    return true;
}

#include "roster.h"

#include "../ceremony/file.h"
#include "pagejson.h"
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
    if (station != NULL)
        return roster_station(r, station);
    const struct enrolled *found = witness != NULL ? roster_find(r, witness) : NULL;
    return found != NULL && found->signer.station[0] == 0 ? found : NULL;
}

const struct enrolled *roster_station(const struct roster *r, const char *station)
{
    for (size_t i = 0; station[0] != 0 && i < r->count; i++) {
        if (r->enrolled[i].revoked == 0 && strcmp(r->enrolled[i].signer.station, station) == 0)
            return &r->enrolled[i];
    }
    return NULL;
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

/* The station, or the slug of a witness's name. */
static bool label_base(char label[61], const struct signer *signer, const char *what, struct err *err)
{
    if (signer->station[0] != 0) {
        snprintf(label, 61, "%s", signer->station);
        return true;
    }
    return page_slug(label, signer->name) ||
           err_set(err, "%s: the witness's name has no letter or digit of ASCII; enrol under another", what);
}

/* The next label, where this one and its kin are taken by certificates that are revoked, or are others'. */
static bool label_make(char label[61], const struct roster *r, const struct signer *signer, const char *what,
                       struct err *err)
{
    char base[61];
    if (!label_base(base, signer, what, err))
        return false;
    snprintf(label, 61, "%s", base);
    const struct enrolled *taken = roster_find(r, label);
    for (unsigned n = 2; taken != NULL; n++) {
        bool other = n > 2 && strcmp(taken->signer.station, signer->station) != 0;
        if (taken->revoked == 0 && !other)
            return err_set(err,
                           "%s: \"%s\" is enrolled already, and a station or witness has one certificate",
                           what, label);
        snprintf(label, 61, "%.50s-%u", base, n);
        taken = roster_find(r, label);
    }
    return true;
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
        if (witness && other->revoked == 0 && strcmp(one->signer.name, other->signer.name) == 0)
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
        !certificate_pem(&one.pem, one.certificate, err) || !label_make(one.label, r, &one.signer, what, err))
        return false;
    if (!enrolled_is_apart(&one, r, what, err))
        return false;
    roster_push(r, &one);
    return true;
}

/* ---- revoking ---- */

/* One and the same station, or one and the same person. */
static bool successor_is_right(const struct enrolled *gone, const struct bytes *pem, const char *what,
                               struct err *err)
{
    OWN(X509) *certificate = NULL;
    struct signer next;
    if (!certificate_parse(&certificate, pem, what, err) || !signer_read(&next, certificate, what, err))
        return false;
    if (strcmp(gone->signer.station, next.station) != 0)
        return err_set(
            err, "%s: is %s%s, and \"%s\" that it replaces is not; make the right one with verger enrol",
            what, next.station[0] != 0 ? "for station " : "a witness's", next.station, gone->label);
    return gone->signer.station[0] != 0 || strcmp(gone->signer.name, next.name) == 0 ||
           err_set(err,
                   "%s: is %s's, and \"%s\" that it replaces is %s's; a witness is replaced by a key of "
                   "their own",
                   what, next.name, gone->label, gone->signer.name);
}

bool roster_revoke(struct roster *r, const json_t *revoked, const struct bytes *pem, unsigned page,
                   const char *what, struct err *err)
{
    const char *label = page_json_text(revoked, "label", NULL);
    size_t at = 0;
    while (at < r->count && strcmp(r->enrolled[at].label, label) != 0)
        at++;
    if (at == r->count)
        return err_set(err, "nobody is enrolled as \"%s\", so there is nothing to revoke", label);
    if (r->enrolled[at].revoked != 0)
        return err_set(err, "\"%s\" was revoked already, on page %u", label, r->enrolled[at].revoked);
    if (strcmp(r->enrolled[at].signer.sha256, page_json_text(revoked, "sha256", NULL)) != 0)
        return err_set(err, "revoked: the certificate of \"%s\" has another SHA-256", label);
    r->enrolled[at].revoked = page;
    if (pem == NULL)
        return true;
    if (!successor_is_right(&r->enrolled[at], pem, what, err) || !roster_add(r, pem, what, err))
        return false;
    r->enrolled[r->count - 1].page = page;
    return true;
}

bool enrolled_may_seal(const struct enrolled *one, const json_t *page, struct err *err)
{
    const char *label = page_json_text(page, PAGE_REVOKED, "label");
    const char *reason = page_json_text(page, PAGE_REVOKED, "reason");
    if (one->revoked != 0)
        return err_set(err, "the certificate of \"%s\" was revoked on page %u, and seals nothing since",
                       one->label, one->revoked);
    return strcmp(label, one->label) != 0 || strcmp(reason, REVOKED_ENDED) == 0 ||
           err_set(err, "\"%s\" is %s, and does not seal the page that revokes it", label, reason);
}

/* ---- from a page ---- */

static bool member_is_right(const struct enrolled *added, const struct member *member, struct err *err)
{
    OWN(char) *name = text_format(PREFIX "%s.crt", added->label);
    return (strcmp(name, member->name) == 0 && bytes_equal(&added->pem, &member->data)) ||
           err_set(err, "%s: must be called %s and be PEM with nothing around it", member->name, name);
}

/* A page that revokes somebody enrols at most the one that it names as the next. */
static bool revocation_read(struct roster *r, const struct page_read *page, const json_t *revoked,
                            struct err *err)
{
    const char *next = page_json_text(revoked, "next", NULL);
    const struct member *found = NULL;
    size_t members = 0;
    for (size_t i = 0; i < page->tar.count; i++) {
        if (strncmp(page->tar.member[i].name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        found = &page->tar.member[i];
        members++;
    }
    if (members != (next[0] != 0))
        return err_set(err, "revoked: %s, and the page holds %zu certificates",
                       next[0] != 0 ? "names the next one" : "names no next one", members);
    if (!roster_revoke(r, revoked, found != NULL ? &found->data : NULL, page->number,
                       found != NULL ? found->name : "", err))
        return false;
    if (found == NULL)
        return true;
    const struct enrolled *added = &r->enrolled[r->count - 1];
    if (strcmp(added->label, next) != 0)
        return err_set(err, "revoked: next: must be \"%s\"", added->label);
    return member_is_right(added, found, err);
}

bool roster_read(struct roster *r, const struct page_read *page, struct err *err)
{
    const json_t *revoked = json_object_get(page->json, PAGE_REVOKED);
    if (revoked != NULL)
        return revocation_read(r, page, revoked, err);
    for (size_t i = 0; i < page->tar.count; i++) {
        const struct member *member = &page->tar.member[i];
        if (strncmp(member->name, PREFIX, strlen(PREFIX)) != 0)
            continue;
        if (page->number != 0)
            return err_set(err, "%s: only page 0 enrols, and a page that revokes somebody", member->name);
        if (!roster_add(r, &member->data, member->name, err) ||
            !member_is_right(&r->enrolled[r->count - 1], member, err))
            return false;
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
        if (!sshsig_allowed_signer(&line, one->label, one->certificate, err))
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

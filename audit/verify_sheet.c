#include "trial.h"

#include "pagejson.h"
#include "sshsig.h"

#include <string.h>

#define SEAL_MAX (64u << 10) /* bytes: ours have about 900, one with a chain in it perhaps 10,000 */

void sheet_free(struct sheet *s)
{
    for (size_t i = 0; i < s->sealings; i++)
        bytes_free(&s->sealing[i].p7s);
    free(s->sealing);
    page_scan_free(&s->scan);
    ledger_commit_read_free(&s->commit);
    free(s);
}

const json_t *sheet_json(const struct sheet *sheet, const char *member)
{
    return json_object_get(sheet->scan.page.json, member);
}

const char *sheet_text(const struct sheet *sheet, const char *member, const char *inner)
{
    return page_json_text(sheet->scan.page.json, member, inner);
}

bool sealing_judge(struct sealing *s, const struct sheet *sheet, X509 *signer)
{
    unsigned char digest[DIGEST_LEN];
    s->broken = SEAL_SIGNATURE;
    s->good = hex_decode(digest, sheet->scan.sha256, sizeof digest)
                  ? seal_judge(&s->when, &s->broken, &s->p7s, digest, signer, s->name, &s->fault)
                  : err_set(&s->fault, "%s: its page cannot be read", s->name);
    return s->good;
}

/* By the certificate that is in it, which is given back. */
static bool sealing_read(X509 **signer, struct sealing *s, const struct trial *t, const struct sheet *sheet)
{
    struct err none = {0};
    const char *label = s->name + strlen(sheet->name) + 1;
    OWN(char) *path = path_join(t->options->record, s->name);
    snprintf(s->label, sizeof s->label, "%.*s", (int)(strlen(label) - strlen(".p7s")), label);
    s->broken = SEAL_FORM;
    return file_read(&s->p7s, path, SEAL_MAX, &s->fault) && seal_signer(signer, &s->p7s, s->name, &none) &&
           certificate_fingerprint(s->signer, *signer, &none) && sealing_judge(s, sheet, *signer);
}

void sheet_commit_judge(struct sheet *sheet, const X509 *signer, const char sha256[DIGEST_HEX])
{
    memcpy(sheet->commit_key, sha256, DIGEST_HEX);
    sheet->commit_good = sshsig_check(&sheet->commit.signature, signer, "git", &sheet->commit.signed_part,
                                      &sheet->commit_fault);
}

/* A readable page's commit was read before, so it can be read again. */
static void commit_read(struct sheet *sheet)
{
    struct err none = {0};
    const struct bytes *raw = sheet->scan.readable ? tarball_find(&sheet->scan.page.tar, "commit") : NULL;
    if (raw != NULL && !ledger_commit_parse(&sheet->commit, raw, &none))
        sheet->commit.id[0] = '\0';
}

struct sheet *trial_sheet(const struct trial *t, size_t at)
{
    struct sheet *sheet = memory_new(1, sizeof *sheet);
    OWN(char) *path = path_join(t->options->record, trial_page_name(t, at));
    const struct place *place = &t->place[at];
    sheet->name = trial_page_name(t, at);
    sheet->at = at;
    page_scan_read(&sheet->scan, path, sheet->name);
    commit_read(sheet);
    sheet->sealing = memory_new(place->seals + 1, sizeof *sheet->sealing);
    sheet->sealings = place->seals;
    for (size_t i = 0; i < sheet->sealings; i++) {
        struct sealing *sealing = &sheet->sealing[i];
        OWN(X509) *signer = NULL;
        sealing->name = t->names.name[place->page + 1 + i];
        if (sealing_read(&signer, sealing, t, sheet) && sheet->commit.id[0] != '\0' &&
            strcmp(sealing->label, sheet_text(sheet, "station", NULL)) == 0)
            sheet_commit_judge(sheet, signer, sealing->signer);
    }
    return sheet;
}

#include "trial.h"

#include <string.h>

#define END_LINE "-----END CERTIFICATE-----"

/* ---- --signers ---- */

static bool certificate_add(json_t *anchors, const struct bytes *pem, const char *what, struct err *err)
{
    OWN(X509) *certificate = NULL;
    struct signer signer;
    if (!certificate_parse(&certificate, pem, what, err) || !signer_read(&signer, certificate, what, err))
        return false;
    json_object_set_new(anchors, signer.sha256, json_true());
    return true;
}

/* One PEM block after the other; what stands between them is nobody's. */
static bool signers_read(json_t *anchors, const char *path, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    if (!file_read(&text, path, FILE_MAX_SMALL, err))
        return false;
    const char *at = bytes_string(&text);
    for (const char *end = strstr(at, END_LINE); end != NULL; end = strstr(at, END_LINE)) {
        end += strlen(END_LINE);
        OWN_STRUCT(bytes) block = bytes_copy(at, (size_t)(end - at));
        if (!certificate_add(anchors, &block, path, err))
            return false;
        at = end;
    }
    return json_object_size(anchors) > 0 ||
           err_set(err, "%s: holds no certificate; give the enrolled certificates (PEM) for --signers", path);
}

bool trial_anchors(struct trial *t, struct err *err)
{
    const struct verify_options *options = t->options;
    if (options->head != NULL && !digest_read(t->head, options->head))
        return err_set(
            err, "--head is neither 64 hex digits nor 32 PGP words; copy it from the signed paper again");
    if (options->signers == NULL)
        return true;
    t->anchors = json_object();
    return signers_read(t->anchors, options->signers, err);
}

/* ---- comparing ---- */

static bool signers_compare(const struct trial *t, struct err *err)
{
    const char *label;
    json_t *digest;
    if (json_object_size(t->sealed) == 0)
        return err_set(err, "no seal holds, so nobody whom you named vouches for anything here");
    json_object_foreach(t->sealed, label, digest)
    {
        if (json_object_get(t->anchors, json_string_value(digest)) == NULL)
            return err_set(err, "\"%s\" sealed with a certificate that is not in %s (its SHA-256 is %s)",
                           label, t->options->signers, json_string_value(digest));
    }
    return true;
}

static bool head_compare(const struct trial *t, struct err *err)
{
    if (strcmp(t->previous, t->head) == 0)
        return true;
    if (t->head_at < t->count)
        return err_set(err,
                       "the head that you named is page %zu's; the record has %zu pages after it, which it "
                       "does not vouch for",
                       t->head_at, t->count - 1 - t->head_at);
    return err_set(err, "the record's head is %s, not the one that you named", t->previous);
}

void trial_compare(struct trial *t)
{
    struct err err = {0};
    if (t->anchors != NULL) {
        bool ok = signers_compare(t, &err);
        checks_add(&t->checks, CHECK_ANCHOR_SIGNERS, NO_PAGE, ok, &err);
    }
    if (t->head[0] != '\0') {
        bool ok = head_compare(t, &err);
        checks_add(&t->checks, CHECK_ANCHOR_HEAD, NO_PAGE, ok, &err);
    }
}

#include "preview.h"

#include "certificateparts.h"
#include "name.h"
#include "request.h"
#include "signature.h"

#include <string.h>

/* ---- making ---- */

static bool names_set(X509 *cert, const struct profile *profile, const X509 *issuer)
{
    const X509_NAME *subject = profile_subject(profile);
    return (subject == NULL || X509_set_subject_name(cert, subject) == 1) &&
           (issuer == NULL || X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1);
}

/* An algorithm that does not fit the issuer's key is the lint's to tell; none is shown then. */
static bool algorithm_set(X509 *cert, const struct profile *profile, const X509 *issuer)
{
    struct err ignored = {0};
    OWN(EVP_MD_CTX) *context = NULL;
    OWN(X509_ALGOR) *algorithm = NULL;
    if (issuer == NULL ||
        !signature_start(&context, profile_signature(profile), X509_get0_pubkey(issuer), &ignored) ||
        !signature_algorithm(&algorithm, context, &ignored))
        return true;
    return X509_ALGOR_copy((X509_ALGOR *)X509_get0_tbs_sigalg(cert), algorithm) == 1;
}

bool preview_make(X509 **out, const struct profile *profile, const X509_REQ *request, const X509 *issuer,
                  struct err *err)
{
    OWN(X509) *cert = X509_new();
    if (cert == NULL || X509_set_version(cert, X509_VERSION_3) != 1 || !names_set(cert, profile, issuer) ||
        X509_set_pubkey(cert, request_key(request)) != 1 || !algorithm_set(cert, profile, issuer))
        return err_ssl(err, "the certificate cannot be made");
    if (!profile_extend_certificate(cert, profile, issuer, err))
        return false;
    *out = GIVE(cert);
    return true;
}

/* ---- showing ---- */

static const char *sure(const char *text)
{
    if (text == NULL)
        abort();
    return text;
}

/* An extension's value as `openssl x509 -text` tells it. */
static char *extension_text(X509_EXTENSION *extension)
{
    OWN(BIO) *memory = BIO_new(BIO_s_mem());
    char *text = NULL;
    if (memory == NULL)
        abort();
    if (X509V3_EXT_print(memory, extension, X509V3_EXT_DEFAULT, 0) != 1)
        ASN1_STRING_print(memory, X509_EXTENSION_get_data(extension));
    ERR_clear_error();
    long len = BIO_get_mem_data(memory, &text);
    while (len > 0 && text[len - 1] == '\n')
        len--;
    return text_format("%.*s", (int)len, text != NULL ? text : "");
}

json_t *extension_json(X509_EXTENSION *extension)
{
    char id[80], name[80];
    const ASN1_OBJECT *object = X509_EXTENSION_get_object(extension);
    OBJ_obj2txt(id, sizeof id, object, 1);
    OBJ_obj2txt(name, sizeof name, object, 0);
    OWN(char) *text = extension_text(extension);
    json_t *shown = json_pack("{s:s, s:s, s:b}", "id", id, "name", name, "critical",
                              X509_EXTENSION_get_critical(extension));
    json_t *value = json_string(text);
    json_object_set_new(shown, "text", value != NULL ? value : json_string("not UTF-8"));
    return shown;
}

static json_t *name_or_null(const X509_NAME *name)
{
    OWN(char) *text = name_text(name);
    return X509_NAME_entry_count(name) > 0 ? json_string(text) : json_null();
}

json_t *preview_json(const X509 *cert)
{
    char kind[32];
    pkey_kind(kind, X509_get0_pubkey(cert));
    const ASN1_OBJECT *algorithm = X509_get0_tbs_sigalg(cert)->algorithm;
    json_t *extensions = json_array();
    for (int i = 0; i < X509_get_ext_count(cert); i++)
        json_array_append_new(extensions, extension_json(X509_get_ext(cert, i)));
    json_t *shown = json_object();
    json_object_set_new(shown, "subject", name_or_null(X509_get_subject_name(cert)));
    json_object_set_new(shown, "issuer", name_or_null(X509_get_issuer_name(cert)));
    json_object_set_new(shown, "key", json_string(kind));
    json_object_set_new(shown, "signature",
                        OBJ_obj2nid(algorithm) != NID_undef
                            ? json_string(signature_name(X509_get0_tbs_sigalg(cert)))
                            : json_null());
    json_object_set_new(shown, "extensions", extensions);
    return shown;
}

static void line(struct bytes *out, const char *label, const char *value, const char *absent)
{
    bytes_format(out, "    %-11s%s\n", label, value != NULL ? value : absent);
}

/* Every line of `text`, indented. */
static void indented(struct bytes *out, const char *text)
{
    while (*text != 0) {
        size_t len = strcspn(text, "\n");
        bytes_format(out, "            %.*s\n", (int)len, text);
        text += len + (text[len] != 0);
    }
}

void preview_text(struct bytes *out, const X509 *cert)
{
    OWN(json_t) *shown = preview_json(cert);
    size_t i;
    json_t *extension;
    line(out, "subject", json_string_value(json_object_get(shown, "subject")), "none at all");
    line(out, "issuer", json_string_value(json_object_get(shown, "issuer")), "whoever signs it");
    line(out, "key", sure(json_string_value(json_object_get(shown, "key"))), "");
    line(out, "signature", json_string_value(json_object_get(shown, "signature")),
         "as the issuer's key has it by default");
    bytes_format(out, "    %s\n",
                 json_array_size(json_object_get(shown, "extensions")) > 0 ? "extensions, in this order"
                                                                           : "no extensions");
    json_array_foreach(json_object_get(shown, "extensions"), i, extension)
    {
        bytes_format(out, "        %s%s\n", sure(json_string_value(json_object_get(extension, "name"))),
                     json_is_true(json_object_get(extension, "critical")) ? ": critical" : "");
        indented(out, sure(json_string_value(json_object_get(extension, "text"))));
    }
}

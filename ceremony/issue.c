#include "certificate.h"

#include "certificateparts.h"
#include "name.h"
#include "request.h"
#include "tbs.h"

#include <string.h>

EVP_PKEY *draft_subject_key(const struct draft *draft)
{
    if (draft->original != NULL)
        return X509_get0_pubkey(draft->original);
    if (draft->request != NULL)
        return request_key(draft->request);
    return draft->own_key != NULL ? draft->own_key : key_evp(draft->key);
}

/* What a root signs is itself. */
static bool issuer_check(const struct draft *draft, struct err *err)
{
    if (draft->issuer == NULL)
        return true;
    struct constraints constraints;
    bool present = false;
    certificate_constraints(&constraints, draft->issuer);
    unsigned usage = certificate_key_usage(&present, draft->issuer);
    if (!constraints.ca)
        return err_set(err, "the issuer is not a CA (basicConstraints, RFC 5280 4.2.1.9)");
    if (!present || (usage & USAGE_CERT_SIGN) == 0)
        return err_set(err, "the issuer does not have the keyCertSign usage (RFC 5280 4.2.1.3)");
    return certificate_matches_key(draft->issuer, draft->key, err);
}

static bool nesting_check(const struct draft *draft, struct err *err)
{
    if (draft->issuer == NULL)
        return true;
    struct constraints constraints;
    certificate_constraints(&constraints, draft->issuer);
    long upper = constraints.path_length, lower = profile_path_length(draft->profile);
    if (upper < 0 || !profile_is_ca(draft->profile))
        return true;
    if (upper == 0)
        return err_set(
            err, "basicConstraints: the issuer's path length is 0, so it may sign no CA (RFC 5280 4.2.1.9)");
    return (lower >= 0 && lower < upper) ||
           err_set(err,
                   "basicConstraints: maxPathLen must be at most %ld under an issuer with path length %ld "
                   "(RFC 5280 4.2.1.9)",
                   upper - 1, upper);
}

static bool times_check(const struct draft *draft, struct err *err)
{
    char ours[32], theirs[32];
    time_text(ours, draft->not_after);
    if (draft->not_before >= draft->not_after)
        return err_set(err, "not_after %s is not after not_before (RFC 5280 4.1.2.5)", ours);
    if (draft->issuer == NULL)
        return true;
    time_text(ours, draft->not_before);
    time_text(theirs, certificate_not_before(draft->issuer));
    if (draft->not_before < certificate_not_before(draft->issuer))
        return err_set(err, "not_before %s precedes the issuer's %s; begin later", ours, theirs);
    time_text(ours, draft->not_after);
    time_text(theirs, certificate_not_after(draft->issuer));
    return draft->not_after <= certificate_not_after(draft->issuer) ||
           err_set(err, "not_after %s passes the issuer's %s; end earlier, or use a root that lasts longer",
                   ours, theirs);
}

static bool subject_check(const struct draft *draft, struct err *err)
{
    const X509_NAME *subject = profile_subject(draft->profile);
    EVP_PKEY *key = draft_subject_key(draft);
    if (subject == NULL)
        return err_set(err, "subject: is empty; a certificate must name its subject (RFC 5280 4.1.2.6)");
    if (draft->issuer != NULL && X509_NAME_cmp(subject, X509_get_subject_name(draft->issuer)) == 0)
        return err_set(err, "subject: is the issuer's own name; give the new CA a name of its own");
    if (draft->original != NULL && X509_NAME_cmp(subject, X509_get_subject_name(draft->original)) != 0)
        return err_set(err, "subject: is not the original's; use {{ toJson .Subject }} in the template");
    if (key == NULL)
        return err_ssl(err, "the request's public key cannot be read");
    if (!pkey_is_strong(key, err))
        return err_wrap(err, "request");
    return draft->issuer == NULL || EVP_PKEY_eq(key, X509_get0_pubkey(draft->issuer)) != 1 ||
           err_set(err, "request: its key is the issuer's own key; make a new one");
}

struct tbs tbs_of_draft(const struct draft *draft)
{
    EVP_PKEY *key = draft_subject_key(draft);
    return (struct tbs){
        .profile = draft->profile,
        .subject_key = key,
        .issuer = draft->issuer,
        .original = draft->original,
        .signer = draft->issuer != NULL ? X509_get0_pubkey(draft->issuer) : key,
        .serial = draft->serial,
        .not_before = draft->not_before,
        .not_after = draft->not_after,
    };
}

/* The encoding of the key, too, is that of who asks for it. */
static bool same_key_bytes(const X509 *cert, const struct draft *draft, struct err *err)
{
    char certified[DIGEST_HEX], asked[DIGEST_HEX];
    if (draft->original == NULL && draft->request == NULL)
        return EVP_PKEY_eq(X509_get0_pubkey(cert), draft_subject_key(draft)) == 1 ||
               err_set(err, "the certificate's public key is not the root's");
    if (!certificate_spki_digest(certified, cert, err) ||
        !(draft->original != NULL ? certificate_spki_digest(asked, draft->original, err)
                                  : request_spki_digest(asked, draft->request, err)))
        return false;
    return strcmp(certified, asked) == 0 ||
           err_set(err, "the certificate's public key is not the request's (SHA-256 %s, expected %s)",
                   certified, asked);
}

bool certificate_prepare(X509 **out, char digest[DIGEST_HEX], const struct draft *draft, struct err *err)
{
    if (!issuer_check(draft, err) || !subject_check(draft, err) || !nesting_check(draft, err) ||
        !times_check(draft, err))
        return false;
    struct tbs tbs = tbs_of_draft(draft);
    OWN(X509) *cert = NULL;
    char hex[DIGEST_HEX];
    if (!tbs_make(&cert, &tbs, err) || !same_key_bytes(cert, draft, err) || !tbs_digest(hex, cert, err))
        return false;
    memcpy(digest, hex, DIGEST_HEX);
    *out = GIVE(cert);
    return true;
}

bool certificate_sign(struct bytes *pem, X509 *prepared, const struct draft *draft,
                      const char digest[DIGEST_HEX], struct err *err)
{
    if (!issuer_check(draft, err))
        return false;
    struct tbs tbs = tbs_of_draft(draft);
    tbs.signer = key_evp(draft->key);
    return tbs_sign(pem, prepared, &tbs, digest, err);
}

static bool extensions_equal(const X509 *a, const X509 *b, const ASN1_OBJECT **first)
{
    int count = X509_get_ext_count(a) > X509_get_ext_count(b) ? X509_get_ext_count(a) : X509_get_ext_count(b);
    for (int i = 0; i < count; i++) {
        X509_EXTENSION *one = X509_get_ext(a, i), *other = X509_get_ext(b, i);
        *first = X509_EXTENSION_get_object(one != NULL ? one : other);
        if (one == NULL || other == NULL ||
            OBJ_cmp(X509_EXTENSION_get_object(one), X509_EXTENSION_get_object(other)) != 0 ||
            X509_EXTENSION_get_critical(one) != X509_EXTENSION_get_critical(other) ||
            ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(one), X509_EXTENSION_get_data(other)) != 0)
            return false;
    }
    return true;
}

/* The first field in which two certificates differ. */
static const char *difference(const X509 *a, const X509 *b)
{
    const ASN1_OBJECT *extension = NULL;
    if (ASN1_INTEGER_cmp(X509_get0_serialNumber(a), X509_get0_serialNumber(b)) != 0)
        return "serialNumber";
    if (X509_ALGOR_cmp(X509_get0_tbs_sigalg(a), X509_get0_tbs_sigalg(b)) != 0)
        return "signature algorithm";
    if (X509_NAME_cmp(X509_get_issuer_name(a), X509_get_issuer_name(b)) != 0)
        return "issuer";
    if (certificate_not_before(a) != certificate_not_before(b))
        return "notBefore";
    if (certificate_not_after(a) != certificate_not_after(b))
        return "notAfter";
    if (X509_NAME_cmp(X509_get_subject_name(a), X509_get_subject_name(b)) != 0)
        return "subject";
    if (EVP_PKEY_eq(X509_get0_pubkey(a), X509_get0_pubkey(b)) != 1)
        return "public key";
    if (!extensions_equal(a, b, &extension))
        return OBJ_nid2ln(OBJ_obj2nid(extension));
    return "encoding";
}

bool certificate_conforms(const X509 *cert, const struct draft *draft, struct err *err)
{
    struct tbs tbs = tbs_of_draft(draft);
    OWN(X509) *expected = NULL;
    char wanted[DIGEST_HEX], found[DIGEST_HEX];
    if (!tbs_make(&expected, &tbs, err) || !same_key_bytes(cert, draft, err) ||
        !tbs_digest(wanted, expected, err) || !tbs_digest(found, cert, err))
        return false;
    if (strcmp(wanted, found) != 0)
        return err_set(err, "the certificate is not what was asked for; the first difference is in: %s",
                       difference(cert, expected));
    return certificate_verifies(cert, tbs.signer) ||
           err_set(err, "the certificate's signature does not verify under its issuer");
}

static bool ca_profile(struct profile **out, const struct ca_subject *subject, struct err *err)
{
    OWN(json_t) *root =
        json_pack("{s:{s:s*, s:s*, s:s}, s:[s,s], s:{s:b, s:I}}", "subject", "country", subject->country,
                  "organization", subject->organization, "commonName", subject->name, "keyUsage", "certSign",
                  "crlSign", "basicConstraints", "isCA", 1, "maxPathLen", (json_int_t)subject->path_length);
    OWN(char) *text = root != NULL ? json_dumps(root, 0) : NULL;
    if (text == NULL)
        return err_set(err, "the CA's name is not UTF-8");
    OWN_STRUCT(bytes) json = bytes_copy(text, strlen(text));
    return profile_parse(out, &json, false, "CA certificate", err);
}

bool certificate_make_ca(struct bytes *pem, const struct ca_subject *subject, const struct key *key,
                         const X509 *issuer, const struct key *issuer_key, struct err *err)
{
    OWN_PROFILE *profile = NULL;
    char serial[SERIAL_HEX], digest[DIGEST_HEX];
    if (!ca_profile(&profile, subject, err) || !serial_random(serial, err) ||
        (issuer != NULL && !certificate_matches_key(issuer, issuer_key, err)))
        return false;
    struct tbs tbs = {
        .profile = profile,
        .subject_key = key_evp(key),
        .issuer = issuer,
        .signer = key_evp(issuer != NULL ? issuer_key : key),
        .serial = serial,
        .not_before = subject->not_before,
        .not_after = subject->not_after,
    };
    OWN(X509) *cert = NULL;
    return tbs_make(&cert, &tbs, err) && tbs_digest(digest, cert, err) &&
           tbs_sign(pem, cert, &tbs, digest, err);
}

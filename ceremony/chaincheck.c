#include "tree.h"

#include "constraints.h"
#include "host.h"
#include "pem.h"
#include "policyreport.h"

#include <openssl/x509v3.h>
#include <string.h>

#define ROOT CONFIG_PLACE "root"
#define CRT CONFIG_PLACE "crt"
#define SOON (30 * 86400)

/* ---- reading ---- */

/* step-ca takes the first certificate of the file; the ones behind it go along with what it issues. */
static struct bytes first_block(const struct bytes *text)
{
    struct pem_blocks blocks = {0};
    pem_look(&blocks, text);
    bool several = blocks.count > 1 && !blocks.private_key;
    return bytes_copy(text->data, several ? blocks.end : text->len);
}

static X509 *certificate_at(const struct tree *tree, const char *place, const char *path, const char *rule)
{
    OWN_STRUCT(bytes) text = {0};
    struct err err = {0};
    X509 *cert = NULL;
    if (*path == 0 || !tree_read(tree, &text, place, path))
        return NULL;
    OWN_STRUCT(bytes) first = first_block(&text);
    if (!certificate_parse(&cert, &first, path, &err))
        findings_add(tree->out, SEVERITY_ERROR, rule, place, "RFC 5280 4.1",
                     "%s; put the one there that was signed for this authority", err.text);
    return cert;
}

X509 *tree_intermediate(const struct tree *tree)
{
    return certificate_at(tree, CRT, schema_text(tree->config, "crt"), "intermediate_unreadable");
}

X509 *tree_root(const struct tree *tree, const X509 *intermediate)
{
    const json_t *paths = schema_member(tree->config, "root");
    if (json_is_string(paths))
        return certificate_at(tree, ROOT, json_string_value(paths), "root_unreadable");
    OWN(X509) *chosen = NULL;
    size_t i;
    json_t *path;
    json_array_foreach(paths, i, path)
    {
        OWN(char) *place = text_format(ROOT ".%zu", i);
        const char *text = json_string_value(path);
        OWN(X509) *root = certificate_at(tree, place, text != NULL ? text : "", "root_unreadable");
        if (root == NULL)
            continue;
        if (chosen == NULL)
            chosen = GIVE(root);
        else if (intermediate != NULL && X509_check_issued(root, (X509 *)intermediate) == X509_V_OK)
            return GIVE(root);
    }
    return GIVE(chosen);
}

/* ---- judging ---- */

static void root_check(const struct tree *tree, const X509 *root)
{
    struct err err = {0};
    if (!certificate_check_root(root, tree->now, "the root certificate", &err))
        findings_add(tree->out, SEVERITY_ERROR, "root_unfit", ROOT, "RFC 5280 6.1", "%s", err.text);
}

static void dates_check(const struct tree *tree, const X509 *cert)
{
    char text[32];
    time_t begin = certificate_not_before(cert), end = certificate_not_after(cert);
    time_text(text, tree->now < begin ? begin : end);
    if (tree->now < begin)
        findings_add(tree->out, SEVERITY_ERROR, "intermediate_not_yet", CRT, "RFC 5280 4.1.2.5",
                     "not valid before %s; step-ca starts all the same, and clients refuse what it issues",
                     text);
    else if (tree->now > end)
        findings_add(
            tree->out, SEVERITY_ERROR, "intermediate_expired", CRT, "RFC 5280 4.1.2.5",
            "ended %s; step-ca starts all the same, and clients refuse what it issues; have a new one signed",
            text);
    else if (end - tree->now < SOON)
        findings_add(tree->out, SEVERITY_WARNING, "intermediate_ends_soon", CRT, "RFC 5280 4.1.2.5",
                     "ends %s, in less than 30 days; have a new one signed", text);
}

static bool is_issued_by(X509 *cert, X509 *root)
{
    return X509_check_issued(root, cert) == X509_V_OK && X509_verify(cert, X509_get0_pubkey(root)) == 1;
}

static void revocation_fit(const struct tree *tree, X509 *cert)
{
    if (!schema_true(schema_member(tree->config, "crl"), "enabled"))
        return;
    if ((X509_get_key_usage(cert) & KU_CRL_SIGN) == 0)
        findings_add(
            tree->out, SEVERITY_ERROR, "intermediate_without_crl_sign", CRT, "RFC 5280 4.2.1.3",
            "its keyUsage lacks cRLSign: with crl.enabled step-ca does not start; have one signed from a "
            "template with \"crlSign\"");
    if (X509_get0_subject_key_id(cert) == NULL)
        findings_add(
            tree->out, SEVERITY_ERROR, "intermediate_without_ski", CRT, "RFC 5280 4.2.1.2",
            "it has no subject key identifier: with crl.enabled step-ca does not start; have a new one "
            "signed");
}

/* `step ca init` itself makes an intermediate that ends a second after its root, and step-ca does not mind:
 * so it is no error here, and what certificate_check_intermediate would go on to look at is looked at
 * instead. */
static bool outliving_check(const struct tree *tree, X509 *cert, const X509 *root, struct err *err)
{
    if (certificate_not_after(cert) <= certificate_not_after(root) &&
        certificate_not_before(cert) >= certificate_not_before(root))
        return certificate_check_intermediate(cert, root, tree->now, "the intermediate certificate", err);
    findings_add(
        tree->out, SEVERITY_WARNING, "intermediate_outlives_root", CRT, "RFC 5280 6.1",
        "its validity reaches outside the root's: clients refuse what it issues outside the shorter one");
    if (X509_check_ca(cert) != 1 || (X509_get_key_usage(cert) & KU_KEY_CERT_SIGN) == 0)
        return err_set(err, "the intermediate certificate is no CA, or lacks keyCertSign");
    return pkey_is_strong(X509_get0_pubkey(cert), err);
}

static void intermediate_check(const struct tree *tree, X509 *cert, X509 *root)
{
    size_t before = findings_errors(tree->out);
    struct err err = {0};
    dates_check(tree, cert);
    revocation_fit(tree, cert);
    if (root != NULL && !is_issued_by(cert, root))
        findings_add(
            tree->out, SEVERITY_ERROR, "chain_broken", CRT, "RFC 5280 6.1.3",
            "it was not issued by the root that ca.json names; step-ca starts all the same, and every client "
            "fails; put the right two together");
    if (root != NULL && findings_errors(tree->out) == before && !outliving_check(tree, cert, root, &err))
        findings_add(tree->out, SEVERITY_ERROR, "intermediate_unfit", CRT, "RFC 5280 6.1", "%s", err.text);
}

/* ---- where to learn that the intermediate itself is revoked ---- */

static void cdp_check(const struct tree *tree, const X509 *cert)
{
    OWN(json_t) *facts = NULL;
    struct err err = {0};
    if (!certificate_to_json(&facts, cert, &err))
        return;
    const json_t *urls = json_object_get(facts, "crl_urls");
    size_t i;
    json_t *url;
    if (json_array_size(urls) == 0)
        findings_add(tree->out, SEVERITY_WARNING, "intermediate_cdp_absent", CRT, "RFC 5280 4.2.1.13",
                     "it carries no crlDistributionPoints: nobody can learn that it is revoked; name the "
                     "root's CRL in "
                     "its template");
    json_array_foreach(urls, i, url)
    {
        const char *text = json_string_value(url);
        if (revocation_is_own(tree->config, text))
            findings_add(
                tree->out, SEVERITY_ERROR, "intermediate_cdp_own", CRT, "RFC 5280 4.2.1.13",
                "its crlDistributionPoints (%.200s) is its own CRL, which cannot say that it is revoked "
                "itself; name the root's CRL in its template and have it signed again",
                text);
        else if (strncasecmp(text, "https:", 6) == 0)
            findings_add(
                tree->out, SEVERITY_WARNING, "intermediate_cdp_https", CRT, "RFC 5280 8",
                "its crlDistributionPoints is https, which clients must not need to check a certificate; "
                "write http");
    }
}

/* ---- name constraints ---- */

static void constraints_check(const struct tree *tree, const X509 *cert, const char *whose)
{
    OWN(NAME_CONSTRAINTS) *constraints = X509_get_ext_d2i(cert, NID_name_constraints, NULL, NULL);
    size_t i;
    json_t *name;
    if (constraints == NULL)
        return;
    json_array_foreach(schema_member(tree->config, "dnsNames"), i, name)
    {
        const char *text = json_string_value(name);
        if (text == NULL || host_fault(text) != NULL || constraints_permit(constraints, text))
            continue;
        OWN(char) *place = text_format(CONFIG_PLACE "dnsNames.%zu", i);
        findings_add(tree->out, SEVERITY_ERROR, "dns_name_constrained", place, "RFC 5280 4.2.1.10",
                     "\"%.100s\" is not permitted by the name constraints of the %s certificate: step-ca "
                     "does not start; "
                     "take the name out",
                     text, whose);
    }
}

void tree_chain_check(const struct tree *tree, X509 *root, X509 *intermediate)
{
    if (root != NULL) {
        root_check(tree, root);
        constraints_check(tree, root, "root");
    }
    if (intermediate != NULL) {
        intermediate_check(tree, intermediate, root);
        cdp_check(tree, intermediate);
        constraints_check(tree, intermediate, "intermediate");
        policy_certificate_check(tree->out, tree->config, intermediate);
    }
}

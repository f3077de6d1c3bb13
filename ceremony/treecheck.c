#include "tree.h"

#include "file.h"
#include "host.h"

#include <string.h>

#define DEFAULTS AUTHORITY_DEFAULTS ": "
#define KEY CONFIG_PLACE "key"

/* ---- files ---- */

/* The part below the folder; NULL when the path leads elsewhere. */
static const char *path_below(const char *folder, const char *path)
{
    size_t len = strlen(folder);
    while (len > 0 && folder[len - 1] == '/')
        len--;
    if (strncmp(path, folder, len) != 0 || path[len] != '/')
        return NULL;
    return path + len + strspn(path + len, "/");
}

bool tree_read(const struct tree *tree, struct bytes *out, const char *place, const char *path)
{
    const char *below = path_below(tree->folder, path);
    if (*path != '/') {
        findings_add(tree->out, SEVERITY_WARNING, "path_outside", place, "step-ca authority/config",
                     "\"%.200s\" is relative to the folder that step-ca is started in, and was not looked at",
                     path);
        return false;
    }
    if (!tree->read(tree->context, below != NULL && path_is_safe(below) ? below : path, out)) {
        findings_add(tree->out, SEVERITY_ERROR, "file_missing", place, "step-ca authority.init",
                     "\"%.200s\" is not there or cannot be read; put the file there or correct the path",
                     path);
        return false;
    }
    if (below == NULL)
        findings_add(
            tree->out, SEVERITY_NOTE, "path_outside", place, "step-ca authority/config",
            "\"%.200s\" is not below %.200s; it was looked at where it is, and must be carried and backed "
            "up on its own",
            path, tree->folder);
    return true;
}

/* ---- the key ---- */

static void key_open(const struct tree *tree, const struct bytes *pem, X509 *cert,
                     const struct secret *password)
{
    OWN_KEY *key = NULL;
    struct err err = {0};
    bool wrong = false;
    if (!key_parse(&key, pem, password, &wrong, schema_text(tree->config, "key"), &err))
        findings_add(tree->out, SEVERITY_ERROR, wrong ? "key_password" : "key_unreadable", KEY,
                     "step-ca pemutil.Parse", "%s", err.text);
    else if (cert != NULL && !certificate_matches_key(cert, key, &err))
        findings_add(tree->out, SEVERITY_ERROR, "key_mismatch", KEY, "step-ca authority.GetTLSCertificate",
                     "%s; step-ca does not start; put the key back that the certificate was signed for, or "
                     "install the certificate that was signed for this one",
                     err.text);
}

static void key_check(const struct tree *tree, X509 *cert, const struct secret *password)
{
    const char *path = schema_text(tree->config, "key");
    OWN_STRUCT(bytes) pem = {0};
    if (*path == 0)
        return;
    if (*path != '/' && strchr(path, ':') != NULL) {
        findings_add(tree->out, SEVERITY_NOTE, "key_not_a_file", KEY, "step-ca kms",
                     "in a key manager, and was not opened");
        return;
    }
    if (!tree_read(tree, &pem, KEY, path))
        return;
    bool encrypted = key_is_encrypted(&pem);
    if (!encrypted)
        findings_add(tree->out, SEVERITY_ERROR, "key_plain", KEY, "BR 6.2.7",
                     "not encrypted: whoever reads the file has the CA; encrypt it, or have a new one made");
    if (encrypted && password == NULL)
        findings_add(
            tree->out, SEVERITY_NOTE, "key_not_opened", KEY, "step-ca authority.init",
            "no password was given, so that the key was not opened or compared with the certificate");
    else
        key_open(tree, &pem, cert, password);
    OPENSSL_cleanse(pem.data, pem.len);
}

static void leftover_check(const struct tree *tree)
{
    OWN_STRUCT(bytes) pem = {0};
    if (!tree->read(tree->context, AUTHORITY_ROOT_KEY, &pem))
        return;
    OPENSSL_cleanse(pem.data, pem.len);
    findings_add(tree->out, SEVERITY_WARNING, "root_key_present", AUTHORITY_ROOT_KEY, "NSR 1.2.1",
                 "a root's private key lies on the machine that issues; take it off line or purge it");
}

/* ---- defaults.json ---- */

static void url_check(const struct tree *tree, const json_t *defaults)
{
    const char *text = schema_text(defaults, "ca-url"), *fault = NULL;
    struct url url;
    size_t i;
    json_t *name;
    if (!url_parse(&url, text, &fault)) {
        findings_add(tree->out, SEVERITY_WARNING, "defaults_url", DEFAULTS "ca-url",
                     "step config/defaults.json", "\"%.200s\" %s", text, fault);
        return;
    }
    json_array_foreach(schema_member(tree->config, "dnsNames"), i, name)
    {
        if (json_is_string(name) && strcasecmp(json_string_value(name), url.host) == 0)
            return;
    }
    findings_add(tree->out, SEVERITY_WARNING, "defaults_url", DEFAULTS "ca-url", "step config/defaults.json",
                 "\"%.200s\" is none of ca.json's dnsNames: step's commands will not trust the CA there",
                 url.host);
}

static void fingerprint_check(const struct tree *tree, const json_t *defaults, const X509 *root)
{
    char hex[DIGEST_HEX];
    struct err err = {0};
    const char *text = schema_text(defaults, "fingerprint");
    if (certificate_fingerprint(hex, root, &err) && strcasecmp(hex, text) != 0)
        findings_add(
            tree->out, SEVERITY_ERROR, "defaults_fingerprint", DEFAULTS "fingerprint",
            "step config/defaults.json",
            "not the root's, which is %s: step ca bootstrap then asks for a root that is not there; renew it",
            hex);
}

static void defaults_check(const struct tree *tree, const X509 *root)
{
    OWN_STRUCT(bytes) text = {0};
    OWN(json_t) *defaults = NULL;
    struct err err = {0};
    if (!tree->read(tree->context, AUTHORITY_DEFAULTS, &text)) {
        findings_add(tree->out, SEVERITY_WARNING, "defaults_missing", AUTHORITY_DEFAULTS,
                     "step config/defaults.json",
                     "not there; step's commands on this machine then need --ca-url and --root");
        return;
    }
    if (!json_read(&defaults, &text, AUTHORITY_DEFAULTS, &err) || !json_is_object(defaults)) {
        findings_add(tree->out, SEVERITY_ERROR, "defaults_not_json", AUTHORITY_DEFAULTS, "RFC 8259", "%s",
                     err.text[0] != 0 ? err.text : "must be one JSON object");
        return;
    }
    if (root != NULL)
        fingerprint_check(tree, defaults, root);
    const char *path = schema_text(tree->config, "root");
    if (*path != 0 && strcmp(path, schema_text(defaults, "root")) != 0)
        findings_add(tree->out, SEVERITY_WARNING, "defaults_root", DEFAULTS "root",
                     "step config/defaults.json", "not the root that ca.json names (%.200s); make them equal",
                     path);
    url_check(tree, defaults);
}

/* ---- templates in files ---- */

/* A template file is put in place of its name, so that the rules see what the leaves will carry. */
static void template_inline(const struct tree *tree, const json_t *provisioner, size_t index)
{
    json_t *x509 = (json_t *)schema_member(schema_member(provisioner, "options"), "x509");
    const char *path = schema_text(x509, "templateFile");
    OWN(char) *place =
        text_format(CONFIG_PLACE "authority.provisioners.%zu.options.x509.templateFile", index);
    OWN_STRUCT(bytes) text = {0};
    if (*path == 0 || *schema_text(x509, "template") != 0 || !tree_read(tree, &text, place, path))
        return;
    json_t *inlined = json_stringn((const char *)text.data, text.len);
    if (inlined != NULL && json_object_set_new(x509, "template", inlined) != 0)
        abort();
}

/* ---- the whole ---- */

static void others_check(const struct tree *tree)
{
    static const char *const ssh_keys[] = {"hostKey", "userKey"};
    size_t i;
    json_t *path;
    json_array_foreach(schema_member(tree->config, "federatedRoots"), i, path)
    {
        OWN(char) *place = text_format(CONFIG_PLACE "federatedRoots.%zu", i);
        OWN_STRUCT(bytes) text = {0};
        if (json_is_string(path))
            (void)tree_read(tree, &text, place, json_string_value(path));
    }
    for (i = 0; i < 2; i++) {
        OWN(char) *place = text_format(CONFIG_PLACE "ssh.%s", ssh_keys[i]);
        const char *key = schema_text(schema_member(tree->config, "ssh"), ssh_keys[i]);
        OWN_STRUCT(bytes) text = {0};
        if (*key == '/' && tree_read(tree, &text, place, key))
            OPENSSL_cleanse(text.data, text.len);
    }
}

static void tree_check(const struct tree *tree, const struct secret *password)
{
    size_t i;
    json_t *provisioner;
    json_array_foreach(schema_member(schema_member(tree->config, "authority"), "provisioners"), i,
                       provisioner) template_inline(tree, provisioner, i);
    config_check(tree->out, tree->config);
    OWN(X509) *intermediate = tree_intermediate(tree);
    OWN(X509) *root = tree_root(tree, intermediate);
    tree_chain_check(tree, root, intermediate);
    tree_leaf_check(tree, intermediate);
    others_check(tree);
    key_check(tree, intermediate, password);
    leftover_check(tree);
    defaults_check(tree, root);
}

bool authority_check(struct findings *out, const char *folder, authority_reader *read, void *context,
                     const struct secret *password, time_t now, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    OWN(json_t) *config = NULL;
    if (!read(context, AUTHORITY_CONFIG, &text)) {
        findings_add(out, SEVERITY_ERROR, "config_missing", AUTHORITY_CONFIG, "step-ca authority/config",
                     "not there or not to be read; is this the folder of a step-ca authority?");
        return true;
    }
    if (!json_read(&config, &text, AUTHORITY_CONFIG, err) || !json_is_object(config))
        return authority_check_config(out, &text, err);
    struct tree tree = {out, folder, read, context, now, config};
    tree_check(&tree, password);
    return true;
}

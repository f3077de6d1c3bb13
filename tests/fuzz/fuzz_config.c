/* A ca.json, whatever it is: judged without harm, alone and in a tree; and edited so that what was set is
 * there, the rest is as it was, and setting it again changes nothing. */
#include "../../ceremony/authority.h"
#include "../../ceremony/jsonedit.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Every file of the tree is the configuration itself: never a certificate, never a key. */
static bool reader(void *context, const char *path, struct bytes *out)
{
    const struct bytes *text = context;
    must(*path != 0);
    *out = bytes_copy(text->data, text->len);
    return true;
}

static void judge(struct bytes *text)
{
    OWN_STRUCT(findings) alone = {0};
    OWN_STRUCT(findings) whole = {0};
    OWN_STRUCT(bytes) told = {0};
    struct err err = {0};
    must(authority_check_config(&alone, text, &err));
    must(authority_check(&whole, "/home/ca/.step", reader, text, NULL, 1795449600, &err));
    must(findings_errors(&whole) >= findings_errors(&alone));
    findings_sort(&whole);
    findings_text(&told, &whole);
    json_decref(findings_json(&whole));
}

static void edit(const struct bytes *text, const char *path, json_t *value)
{
    struct err err = {0};
    OWN(json_t) *owned = value;
    OWN(json_t) *found = NULL;
    OWN_STRUCT(bytes) once = bytes_copy(text->data, text->len);
    if (!jsonedit_set(&once, path, owned, "ca.json", &err)) {
        must(err.text[0] != 0 && bytes_equal(&once, text));
        return;
    }
    must(jsonedit_get(&found, &once, path, "ca.json", &err) && json_equal(found, owned));
    OWN_STRUCT(bytes) twice = bytes_copy(once.data, once.len);
    must(jsonedit_set(&twice, path, owned, "ca.json", &err) && bytes_equal(&once, &twice));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    OWN_STRUCT(bytes) text = bytes_copy(data, size);
    judge(&text);
    edit(&text, "crl.enabled", json_true());
    edit(&text, "authority.policy", json_pack("{s:{s:{s:[s]}}}", "x509", "allow", "dns", "*.example.com"));
    edit(&text, "authority.provisioners.0.options.x509.template", json_string("{\n\t\"a\": 1\n}"));
    return 0;
}

#include "approval.h"

#include "pagejson.h"

#include <string.h>

static const char *text_of(const json_t *object, const char *member)
{
    return page_json_text(object, member, NULL);
}

/* Exactly these members, in the one form that canonical JSON has. */
static bool form_read(json_t **out, const struct bytes *text, const char *what, struct err *err)
{
    static const char *const texts[] = {"format", "approver", "title", "version", "from", "until"};
    OWN(json_t) *json = NULL;
    OWN_STRUCT(bytes) canonical = {0};
    if (!json_read(&json, text, what, err) || !json_canonical(&canonical, json, err))
        return false;
    bytes_text(&canonical, "\n");
    bool right = bytes_equal(&canonical, text) && json_object_size(json) == 8 &&
                 json_is_object(json_object_get(json, "script")) &&
                 json_is_array(json_object_get(json, "templates")) &&
                 strcmp(text_of(json, "format"), APPROVAL_FORMAT) == 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        right = right && text_of(json, texts[i])[0] != 0;
    if (!right)
        return err_set(err, "%s: is no approval as `verger approve` writes it (verger-record(5), approvals)",
                       what);
    *out = GIVE(json);
    return true;
}

static bool seal_holds(struct signer *signer, time_t *when, const json_t *json, const struct bytes *text,
                       const struct bytes *p7s, const char *what, struct err *err)
{
    OWN(X509) *certificate = NULL;
    OWN(char) *seal = text_format("%s.p7s", what);
    if (!seal_signer(&certificate, p7s, seal, err) || !signer_read(signer, certificate, seal, err) ||
        !seal_check(when, p7s, text, certificate, seal, err))
        return false;
    if (signer->station[0] != 0)
        return err_set(err, "%s: is by station \"%s\"; people approve, with a key of verger enrol --witness",
                       seal, signer->station);
    return strcmp(signer->name, text_of(json, "approver")) == 0 ||
           err_set(err, "%s: is by %s, and the approval says that it is %s's", seal, signer->name,
                   text_of(json, "approver"));
}

static bool script_is_same(const json_t *json, const json_t *plan, const char *what, struct err *err)
{
    static const char *const members[] = {"title", "version", "script", "templates"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!json_equal(json_object_get(json, members[i]), json_object_get(plan, members[i])))
            return err_set(err, "%s: approves something else: its \"%s\" is not this ceremony's", what,
                           members[i]);
    return true;
}

static bool window_holds(const json_t *json, time_t sealed, time_t started, const char *what, struct err *err)
{
    time_t from = 0, until = 0;
    if (!time_parse(&from, text_of(json, "from"), err) || !time_parse(&until, text_of(json, "until"), err))
        return err_wrap(err, "%s", what);
    if (started < from || started > until)
        return err_set(err, "%s: approves a ceremony between %s and %s, and this one does not start then",
                       what, text_of(json, "from"), text_of(json, "until"));
    return sealed <= started ||
           err_set(err, "%s: was sealed after the ceremony had started; approval comes before", what);
}

bool approval_judge(struct signer *signer, enum approval_rule *broken, const struct bytes *text,
                    const struct bytes *p7s, const json_t *plan, time_t started, const char *what,
                    struct err *err)
{
    OWN(json_t) *json = NULL;
    struct signer found = {0};
    time_t sealed = 0;
    *broken = APPROVAL_FORM;
    if (!form_read(&json, text, what, err))
        return false;
    *broken = APPROVAL_SEAL;
    if (!seal_holds(&found, &sealed, json, text, p7s, what, err))
        return false;
    *signer = found;
    *broken = APPROVAL_SCRIPT;
    if (!script_is_same(json, plan, what, err))
        return false;
    *broken = APPROVAL_WINDOW;
    return window_holds(json, sealed, started, what, err);
}

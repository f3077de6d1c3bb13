#include "trial.h"

#include "approval.h"
#include "pagejson.h"

#include <string.h>

#define PREFIX "evidence/approvals/"

static const enum check order[] = {[APPROVAL_FORM] = CHECK_APPROVAL_FORM,
                                   [APPROVAL_SEAL] = CHECK_APPROVAL_SEAL,
                                   [APPROVAL_SCRIPT] = CHECK_APPROVAL_SCRIPT,
                                   [APPROVAL_WINDOW] = CHECK_APPROVAL_WINDOW};

static const struct enrolled *enrolled_with(const struct roster *roster, const char *sha256)
{
    for (size_t i = 0; i < roster->count; i++)
        if (strcmp(roster->enrolled[i].signer.sha256, sha256) == 0)
            return &roster->enrolled[i];
    return NULL;
}

/* Its signer must be enrolled on page 0, and then --signers judges that certificate like any that sealed. */
static bool signer_known(struct trial *t, const struct signer *signer, const char *what, struct err *err)
{
    const struct enrolled *who = enrolled_with(&t->roster, signer->sha256);
    if (who == NULL)
        return err_set(err, "%s: is sealed by a certificate that page 0 does not enrol", what);
    json_object_set_new(t->sealed, who->label, json_string(signer->sha256));
    return true;
}

static void approval_check(struct trial *t, const struct sheet *zero, const struct member *member,
                           time_t started, json_t *approvers)
{
    OWN(char) *seal = text_format("%s.p7s", member->name);
    const struct bytes *p7s = tarball_find(&zero->scan.page.tar, seal);
    static const struct bytes none = {0};
    struct signer signer = {0};
    enum approval_rule broken = APPROVAL_FORM;
    struct err err = {0};
    bool good = approval_judge(&signer, &broken, &member->data, p7s != NULL ? p7s : &none, t->plan, started,
                               member->name, &err);
    if (signer.sha256[0] != 0 && !signer_known(t, &signer, member->name, &err)) {
        good = false;
        broken = APPROVAL_SEAL;
    }
    if (good)
        json_object_set_new(approvers, signer.name, json_true());
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        if (!checks_add(&t->checks, order[i], 0, good || i != broken, &err))
            return;
}

static bool enough(const json_t *wanted, const json_t *approvers, struct err *err)
{
    json_int_t count = json_integer_value(json_object_get(wanted, "count"));
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(wanted, "names"), i, name)
    {
        if (json_object_get(approvers, json_string_value(name)) == NULL)
            return err_set(err, "the script wants the approval of %s, and page 0 has none that holds",
                           json_string_value(name));
    }
    return (json_int_t)json_object_size(approvers) >= count ||
           err_set(err, "the script wants %lld approvals, and page 0 has %zu that hold", (long long)count,
                   json_object_size(approvers));
}

static bool is_approval(const char *name)
{
    size_t len = strlen(name);
    return strncmp(name, PREFIX, strlen(PREFIX)) == 0 && len > 5 && strcmp(name + len - 5, ".json") == 0;
}

void trial_approvals(struct trial *t, const struct sheet *zero)
{
    const struct tarball *tar = &zero->scan.page.tar;
    const json_t *wanted = json_object_get(t->plan, "approvals");
    OWN(json_t) *approvers = json_object();
    struct err err = {0};
    time_t started = 0;
    bool timed = time_parse(&started, sheet_text(zero, "started", "utc"), &err);
    for (size_t i = 0; timed && i < tar->count; i++)
        if (is_approval(tar->member[i].name))
            approval_check(t, zero, &tar->member[i], started, approvers);
    if (wanted == NULL || json_is_true(sheet_json(zero, "rehearsal")))
        return;
    bool ok = enough(wanted, approvers, &err);
    checks_add(&t->checks, CHECK_APPROVAL_REQUIRED, 0, ok, &err);
}

/* Facts of people and of the room. */
#include "reportparts.h"

#include "witness.h"

#include <string.h>

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static long number_of(const json_t *page)
{
    return (long)json_integer_value(json_object_get(page, "number"));
}

/* A member whose name begins so, on any page: people's statement, or a measurement. */
static json_t *find_member(const json_t *report, const struct fact *self, const char *state)
{
    json_t *fact = fact_new(state, "%s is in the record", self->what), *page, *member;
    size_t i, m;
    json_array_foreach(json_object_get(report, "pages"), i, page)
        json_array_foreach(json_object_get(page, "members"), m, member)
    {
        const char *name = json_text(member, "name");
        if (starts_with(name, "evidence/") && starts_with(name + strlen("evidence/"), self->what))
            fact_evidence(fact, number_of(page), name);
    }
    if (json_array_size(json_object_get(fact, "evidence")) > 0)
        return fact;
    json_decref(fact);
    return fact_new("fail", "%s", self->missing);
}

static json_t *stated(const json_t *report, const struct fact *self)
{
    return find_member(report, self, "recorded");
}

static json_t *measured(const json_t *report, const struct fact *self)
{
    return find_member(report, self, "pass");
}

/* A check of verify's that speaks only where there is something to it: silence is a failure here. */
static json_t *verified(const json_t *report, const struct fact *self)
{
    json_t *fact = fact_of_check(report, self->what);
    if (strcmp(json_text(fact, "state"), "none") != 0)
        return fact;
    json_decref(fact);
    return fact_new("fail", "%s", self->missing);
}

static json_t *steps_walked(const json_t *report, const struct fact *self)
{
    const json_t *steps = json_object_get(json_object_get(report, "verify"), "steps");
    json_int_t planned = json_integer_value(json_object_get(steps, "planned"));
    json_int_t walked = json_integer_value(json_object_get(steps, "walked"));
    (void)self;
    return fact_new(planned > 0 && walked == planned ? "pass" : "fail", "%lld of %lld steps were walked",
                    (long long)walked, (long long)planned);
}

static bool has_role(const json_t *people, const char *role)
{
    size_t i;
    json_t *person;
    json_array_foreach(people, i, person) if (starts_with(json_text(person, "role"), role)) return true;
    return false;
}

/* At every page where a key signed: that is where it matters. */
static bool page_signs(const json_t *page)
{
    size_t i;
    json_t *input;
    json_array_foreach(json_object_get(page, "inputs"), i,
                       input) if (strcmp(json_text(input, "kind"), "key") == 0) return true;
    return false;
}

static json_t *witnessed(const json_t *report, const struct fact *self)
{
    size_t i;
    json_t *page, *fact = fact_new("recorded", "a witness is named on every page on which a key was used");
    json_array_foreach(json_object_get(report, "pages"), i, page)
    {
        if (!page_signs(page))
            continue;
        if (!has_role(json_object_get(page, "people"), "witness")) {
            json_decref(fact);
            fact = fact_new("fail", "%s", self->missing);
            fact_evidence(fact, number_of(page), "page.json");
            return fact;
        }
        fact_evidence(fact, number_of(page), "page.json");
    }
    return fact;
}

static json_t *fact_of_page(const char *state, const char *why, const json_t *page, const char *member)
{
    json_t *fact = fact_new(state, "%s", why);
    fact_evidence(fact, number_of(page), member);
    return fact;
}

static bool wants_witnesses(const json_t *page)
{
    size_t i;
    json_t *seal;
    json_array_foreach(json_object_get(page, "seals_required"), i,
                       seal) if (json_object_get(seal, "witnesses") != NULL) return true;
    return false;
}

/* The page that says that seals of witnesses are missing, as the ceremony was aborted; or NULL. */
static const json_t *unwitnessed(const json_t *report)
{
    size_t i, d;
    json_t *page, *deviation;
    json_array_foreach(json_object_get(report, "pages"), i, page) json_array_foreach(
        json_object_get(page, "deviations"), d,
        deviation) if (strcmp(json_text(deviation, "rule"), WITNESSES_MISSING) == 0) return page;
    return NULL;
}

/* Wanted by the page, and there: verify counts them. */
static json_t *witness_seals(const json_t *report, const struct fact *self)
{
    size_t i;
    json_t *page;
    const json_t *missing = unwitnessed(report);
    if (missing != NULL)
        return fact_of_page("fail", "the ceremony was aborted, and seals of witnesses are missing", missing,
                            "page.json");
    json_array_foreach(json_object_get(report, "pages"), i,
                       page) if (page_signs(page) &&
                                 !wants_witnesses(page)) return fact_of_page("fail", self->missing, page,
                                                                             "page.json");
    return fact_of_check(report, "seal.witnesses");
}

static const json_t *people_of(const json_t *report)
{
    return json_object_get(json_array_get(json_object_get(report, "pages"), 0), "people");
}

static json_t *people_several(const json_t *report, const struct fact *self)
{
    size_t count = json_array_size(people_of(report));
    (void)self;
    json_t *fact = fact_new(count >= 2 ? "pass" : "fail", "%zu people took part", count);
    fact_evidence(fact, 0, "page.json");
    return fact;
}

static json_t *people_listed(const json_t *report, const struct fact *self)
{
    size_t count = json_array_size(people_of(report));
    if (count == 0)
        return fact_new("fail", "%s", self->missing);
    json_t *fact = fact_new("recorded", "%zu people are listed with their roles", count);
    fact_evidence(fact, 0, "page.json");
    return fact;
}

static json_t *signers_distinct(const json_t *report, const struct fact *self)
{
    const json_t *signers = json_object_get(json_object_get(report, "verify"), "signers");
    OWN(json_t) *seen = json_object();
    size_t i;
    json_t *signer;
    json_array_foreach(signers, i, signer)
        json_object_set_new(seen, json_text(signer, "sha256"), json_true());
    bool distinct = json_object_size(seen) >= 2 && json_object_size(seen) == json_array_size(signers);
    if (!distinct)
        return fact_new("fail", "%s", self->missing);
    json_t *fact = fact_new("pass", "%zu sealing certificates, no two alike", json_object_size(seen));
    fact_evidence(fact, 0, NULL);
    return fact;
}

static json_t *split_knowledge(const json_t *report, const struct fact *self)
{
    return has_role(people_of(report), "custodian") ? fact_new("pass", "custodians hold the root key's parts")
                                                    : fact_new("fail", "%s", self->missing);
}

static json_t *attended(const json_t *report, const struct fact *self)
{
    size_t i;
    json_t *page;
    json_array_foreach(json_object_get(report, "pages"), i,
                       page) if (page_signs(page) && json_is_true(json_object_get(page, "unattended")))
    {
        json_t *fact = fact_new("fail", "%s", self->missing);
        fact_evidence(fact, number_of(page), "page.json");
        return fact;
    }
    return fact_new("pass", "every use of a key was confirmed by people, at a prompt");
}

static json_t *deviations_decided(const json_t *report, const struct fact *self)
{
    size_t i, d, count = 0;
    json_t *page, *deviation;
    json_array_foreach(json_object_get(report, "pages"), i, page)
        json_array_foreach(json_object_get(page, "deviations"), d, deviation)
    {
        count++;
        if (*json_text(deviation, "decided") == '\0' || *json_text(deviation, "by") == '\0') {
            json_t *fact = fact_new("fail", "%s", self->missing);
            fact_evidence(fact, number_of(page), "page.json");
            return fact;
        }
    }
    return count > 0 ? fact_new("pass", "%zu deviations, each with its decision and whose it was", count)
                     : fact_new("pass", "no deviation is recorded");
}

/* Those who did not say yes have a deviation each, of this rule. */
static json_t *signed_off(const json_t *report, const struct fact *self)
{
    size_t i, d, remarks = 0;
    json_t *page, *deviation;
    json_array_foreach(json_object_get(report, "pages"), i, page)
        json_array_foreach(json_object_get(page, "deviations"), d, deviation) remarks +=
        strcmp(json_text(deviation, "rule"), "script.followed") == 0;
    json_t *fact = find_member(report, self, remarks == 0 ? "pass" : "recorded");
    OWN(char) *why = remarks == 0
                         ? text_copy("everybody says that the script was followed")
                         : text_format("everybody attests; what %zu of them say against it is among the "
                                       "deviations",
                                       remarks);
    if (strcmp(json_text(fact, "state"), "fail") != 0)
        json_object_set_new(fact, "why", json_string(why));
    return fact;
}

const struct fact facts_people[] = {
    {"steps-walked", steps_walked, NULL, NULL},
    {"approved", measured, "approvals/", "no approval of the script is in the record"},
    {"witnessed", witnessed, NULL, "a key was used on a page that names no witness"},
    {"witness-seals", witness_seals, NULL, "a key was used on a page that no witness sealed"},
    {"auditor-report", stated, "auditor",
     "no auditor's report is in the record; it is added later, if at all"},
    {"people-several", people_several, NULL, NULL},
    {"people-listed", people_listed, NULL, "the record names nobody"},
    {"signers-distinct", signers_distinct, NULL,
     "fewer than two sealing certificates, or one enrolled twice"},
    {"split-knowledge", split_knowledge, NULL,
     "one person alone could open the root key: no custodians hold parts of it"},
    {"attended", attended, NULL, "a key was used on a page that ran unattended, with answers from a file"},
    {"revoked-keys", report_revoked_keys, "no signer was revoked", NULL},
    {"deviations-decided", deviations_decided, NULL, "a deviation lacks its decision, or whose it was"},
    {"signed-off", signed_off, "closing.json",
     "no closing statement says whether the script was followed (attest, in the last step)"},
    {0},
};

/* ---- the room ---- */

static bool keeps_register(const json_t *report, const char *station)
{
    size_t i, m;
    json_t *page, *member;
    json_array_foreach(json_object_get(report, "pages"), i, page) json_array_foreach(
        json_object_get(page, "members"), m,
        member) if (strcmp(json_text(page, "station"), station) == 0 &&
                    strcmp(json_text(member, "name"), "evidence/register.jsonl") == 0) return true;
    return false;
}

/* Each time that the station of a signing key began. */
static json_t *network_none(const json_t *report, const struct fact *self)
{
    size_t i, r, seen = 0;
    json_t *doctor, *row, *fact = fact_new("pass", "no network interface was up where the signing key was");
    json_array_foreach(json_object_get(report, "doctors"), i, doctor)
        json_array_foreach(json_object_get(doctor, "rows"), r, row)
    {
        if (strcmp(json_text(row, "id"), "network") != 0 ||
            !keeps_register(report, json_text(doctor, "station")))
            continue;
        seen++;
        if (strcmp(json_text(row, "standing"), "ok") != 0) {
            json_decref(fact);
            fact = fact_new("fail", "%s", json_text(row, "says"));
        }
        fact_evidence(fact, (long)json_integer_value(json_object_get(doctor, "page")),
                      "evidence/doctor.json");
        if (strcmp(json_text(fact, "state"), "fail") == 0)
            return fact;
    }
    if (seen > 0)
        return fact;
    json_decref(fact);
    return fact_new("fail", "%s", self->missing);
}

static json_t *tools_hashed(const json_t *report, const struct fact *self)
{
    size_t i;
    json_t *page,
        *fact = fact_new("pass", "every page has the program's SHA-256 and its libraries' versions");
    json_array_foreach(json_object_get(report, "pages"), i, page)
    {
        const json_t *versions = json_object_get(page, "versions");
        if (*json_text(versions, "binary_sha256") == '\0' || *json_text(versions, "openssl") == '\0') {
            json_decref(fact);
            return fact_new("fail", "%s", self->missing);
        }
    }
    fact_evidence(fact, 0, "page.json");
    return fact;
}

static json_t *tools_constant(const json_t *report, const struct fact *self)
{
    const json_t *pages = json_object_get(report, "pages");
    const char *first = json_text(json_object_get(json_array_get(pages, 0), "versions"), "binary_sha256");
    size_t i;
    json_t *page;
    json_array_foreach(pages, i, page)
    {
        if (strcmp(json_text(json_object_get(page, "versions"), "binary_sha256"), first) == 0)
            continue;
        json_t *fact = fact_new("fail", "%s", self->missing);
        fact_evidence(fact, number_of(page), "page.json");
        return fact;
    }
    return fact_new("pass", "one program made all pages: %s", first);
}

static json_t *module(const json_t *report, const struct fact *self)
{
    (void)report;
    return fact_new("fail", "%s", self->missing);
}

const struct fact facts_room[] = {
    {"room-logged", stated, "custody", "no room log or custody form is in the record"},
    {"network-none", network_none, NULL, "what networks the machine had was not measured"},
    {"tools-hashed", tools_hashed, NULL, "a page lacks the program's hash or the versions"},
    {"tools-constant", tools_constant, NULL, "the program changed between two pages"},
    {"clock-compared", stated, "clock", "no comparison of the clock with another is in the record"},
    {"module", module, NULL, "software keys, encrypted in files; no validated module"},
    {0},
};

/* ---- what others say ---- */

static json_t *timestamp(const json_t *report, const struct fact *self)
{
    json_t *fact = fact_of_check(report, "time.authority");
    if (strcmp(json_text(fact, "state"), "none") != 0)
        return fact;
    json_decref(fact);
    fact = fact_of_check(report, "time.signature");
    bool there = strcmp(json_text(fact, "state"), "none") != 0;
    json_decref(fact);
    return fact_new("fail", "%s",
                    there ? "a time stamp is there, but no authority was named to check it by (--tsa-ca)"
                          : self->missing);
}

const struct fact facts_elsewhere[] = {
    {"timestamp", timestamp, NULL, "no time stamp of a third party is in the record"},
    {"register", verified, "register.chain", "the root key's register is not in the record"},
    {"practice-statement", stated, "practice-statement", "the record names no policy or practice statement"},
    {"linted", measured, "lint", "no lint result from before the signature is in the record"},
    {"backup", verified, "backup.tested", "no backup was made and tried in this ceremony"},
    {0},
};

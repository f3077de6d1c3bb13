#include "checks.h"

#include "transcript.h"

#include <stdarg.h>
#include <string.h>

/* The clause is the section of the format's own page, and behind it, after a semicolon, what others say; CABF
 * BR: the TLS Baseline Requirements. */
static const struct rule {
    const char *id, *sentence, *clause;
} rules[CHECKS] = {
    [CHECK_RECORD_LAYOUT] =
        {"record.layout", "the folder holds pages, seals, timestamps, signers/ and ledger.git, nothing else",
         "verger-record(5), layout"},
    [CHECK_PAGE_CANONICAL] =
        {"page.canonical", "archive and page.json are in the one form that they can have",
         "verger-record(5), page format; IEEE Std 1003.1 pax, ustar Interchange Format; RFC 8259"},
    [CHECK_PAGE_SUMS] = {"page.sums", "SHA256SUMS has the sums of all other members",
                         "verger-record(5), page format; SP 800-53 AU-9(3)"},
    [CHECK_PAGE_FORM] = {"page.form", "page.json and the members say the same",
                         "verger-record(5), page format; SP 800-53 AU-3"},
    [CHECK_PAGE_NUMBER] = {"page.number", "pages are numbered without gap, and named by number and slug",
                           "verger-record(5), layout; SP 800-53 AU-9"},
    [CHECK_PAGE_CEREMONY] = {"page.ceremony",
                             "ceremony, people, rehearsal and attendance are those of page 0",
                             "verger-record(5), page format"},
    [CHECK_PAGE_TIMES] = {"page.times", "a page begins after the page before it was finished",
                          "verger-record(5), page format; SP 800-53 AU-8; RFC 3339 5.6"},
    [CHECK_CHAIN_PREVIOUS] = {"chain.previous", "a page names the SHA-256 of the page before it",
                              "verger-record(5), page format; SP 800-53 AU-9(3)"},
    [CHECK_SECRET_NONE] = {"secret.none",
                           "no member holds a private key, or an encrypted one that is not public by design",
                           "verger-record(5), secrets; CABF BR 6.2; RFC 7468 10, 11"},
    [CHECK_PLAN_FORM] = {"plan.form", "page 0 holds the plan of this ceremony",
                         "verger-record(5), page 0; ETSI EN 319 411-1 GEN-6.5.1-12"},
    [CHECK_PLAN_SCRIPT] = {"plan.script", "script and templates are those that the plan was made from",
                           "verger-record(5), page 0; CABF BR 6.1.1.1(1); SP 800-53 CM-3"},
    [CHECK_PLAN_PEOPLE] = {"plan.people", "every role is filled as planned, nobody fills two",
                           "verger-record(5), page 0; CABF BR 5.2.2; SP 800-53 AC-5"},
    [CHECK_PLAN_STEPS] = {"plan.steps", "the pages are the plan's steps, in its order",
                          "verger-record(5), page 0; CABF BR 6.1.1.1(1)"},
    [CHECK_PLAN_WITNESSES] = {"plan.witnesses", "a page wants the witnesses that its step was planned with",
                              "verger-record(5), page 0; CABF BR 6.1.1.1(2)"},
    [CHECK_PLAN_CUSTODIANS] = {"plan.custodians",
                               "a key of custodians was opened by as many of them as planned",
                               "verger-record(5), page 0; CABF BR 5.2.2"},
    [CHECK_PLAN_CLOSING] = {"plan.closing",
                            "a closing page is the last, in the place of a step of its station",
                            "verger-record(5), closing page"},
    [CHECK_APPROVAL_FORM] = {"approval.form", "an approval on page 0 is one", "verger-record(5), approvals"},
    [CHECK_APPROVAL_SEAL] = {"approval.seal", "an approval is sealed by its approver, whom page 0 enrols",
                             "verger-record(5), approvals; SP 800-53 AU-10"},
    [CHECK_APPROVAL_SCRIPT] = {"approval.script", "an approval is of this script and these templates",
                               "verger-record(5), approvals; SP 800-53 CM-3"},
    [CHECK_APPROVAL_WINDOW] = {"approval.window",
                               "the ceremony started within an approval's dates, and after it was sealed",
                               "verger-record(5), approvals"},
    [CHECK_APPROVAL_REQUIRED] = {"approval.required", "page 0 has the approvals that the script wants",
                                 "verger-record(5), approvals; SP 800-53 CM-3"},
    [CHECK_PLAN_MADE] = {"plan.made",
                         "a step made what its plan says, with its dates, or records an exception",
                         "verger-record(5), page 0; RFC 5280 4.1.2.5, 5.1.2.4, 5.1.2.5"},
    [CHECK_SIGNERS_ENROLLED] = {"signers.enrolled", "the enrolled certificates are fit to seal this record",
                                "verger-record(5), signers; RFC 5280 4.2.1.3, 4.2.1.12"},
    [CHECK_SIGNERS_REVOKED] =
        {"signers.revoked",
         "no seal is by a certificate that was revoked before, or is as lost or compromised",
         "verger-record(5), seals"},
    [CHECK_SIGNERS_FOLDER] = {"signers.folder", "signers/ holds the certificates that the pages enrolled",
                              "verger-record(5), signers"},
    [CHECK_SEAL_REQUIRED] = {"seal.required", "every seal that a page requires is there",
                             "verger-record(5), seals; SP 800-53 AU-10"},
    [CHECK_SEAL_SIGNER] = {"seal.signer", "a seal is by the certificate that was enrolled for it",
                           "verger-record(5), seals; RFC 5652 5.3"},
    [CHECK_SEAL_FORM] = {"seal.form", "a seal is in the one form that it can have",
                         "verger-record(5), seals; RFC 5652 5.1; X.690 10"},
    [CHECK_SEAL_SIGNATURE] = {"seal.signature", "the signature verifies over the page's bytes",
                              "verger-record(5), seals; RFC 5652 5.4, 5.6"},
    [CHECK_SEAL_CERTIFICATE] = {"seal.certificate", "the certificate was in its life when it sealed",
                                "verger-record(5), seals; RFC 5280 4.1.2.5"},
    [CHECK_SEAL_STATION] = {"seal.station", "a page is sealed by its own station",
                            "verger-record(5), seals; SP 800-53 AC-5"},
    [CHECK_SEAL_TIME] = {"seal.time", "a seal's signingTime is the page's finished",
                         "verger-record(5), seals; RFC 5652 11.3"},
    [CHECK_SEAL_WITNESS] = {"seal.witness", "a witness's seal is no operator's, and not older than its page",
                            "verger-record(5), seals; CABF BR 6.1.1.1(2); SP 800-53 AC-5"},
    [CHECK_SEAL_WITNESSES] = {"seal.witnesses", "a page has the seals of the witnesses that it wants",
                              "verger-record(5), seals; CABF BR 6.1.1.1(2)"},
    [CHECK_CLOSING_ATTESTED] =
        {"closing.attested",
         "where it is planned, everybody attests on the page, in a statement over its head",
         "verger-record(5), closing statement; ETSI EN 319 411-1 GEN-6.5.1-14"},
    [CHECK_TIME_FORM] = {"time.form", "a timestamp is one that was granted, in DER",
                         "verger-record(5), timestamps; RFC 3161 2.4.2"},
    [CHECK_TIME_IMPRINT] = {"time.imprint", "a timestamp is about its page",
                            "verger-record(5), timestamps; RFC 3161 2.4.2"},
    [CHECK_TIME_SIGNATURE] = {"time.signature", "a timestamp is signed by the certificate that is in it",
                              "verger-record(5), timestamps; RFC 3161 2.4.2"},
    [CHECK_TIME_AUTHORITY] = {"time.authority",
                              "a timestamp is by an authority under the certificates that you named",
                              "verger-record(5), timestamps; RFC 3161 2.3"},
    [CHECK_LEDGER_CONFIG] = {"ledger.config",
                             "HEAD and config of ledger.git have the bytes that verger writes",
                             "verger-record(5), ledger; gitrepository-layout(5)"},
    [CHECK_LEDGER_OBJECTS] = {"ledger.objects", "ledger.git holds the objects that the pages make, no other",
                              "verger-record(5), ledger; RFC 1950 2.2; RFC 1951 3.2.4"},
    [CHECK_LEDGER_REFERENCE] = {"ledger.reference", "main is at the newest page's commit",
                                "verger-record(5), ledger; gitrepository-layout(5)"},
    [CHECK_LEDGER_TREE] = {"ledger.tree", "a commit's tree is the files of the pages up to it",
                           "verger-record(5), ledger; SP 800-53 CM-3"},
    [CHECK_LEDGER_PARENT] = {"ledger.parent", "a commit's parent is the commit before it",
                             "verger-record(5), ledger"},
    [CHECK_LEDGER_TRAILERS] = {"ledger.trailers",
                               "a commit names its page, and the page before it by SHA-256",
                               "verger-record(5), ledger; git-interpret-trailers(1)"},
    [CHECK_LEDGER_SIGNATURE] = {"ledger.signature", "a commit is signed by its page's station",
                                "verger-record(5), ledger; PROTOCOL.sshsig"},
    [CHECK_ARTEFACT_OUTPUTS] = {"artefact.outputs", "what a page says it made is in it, with that hash",
                                "verger-record(5), artefacts"},
    [CHECK_ARTEFACT_INPUTS] = {"artefact.inputs", "what a page used is what an earlier page made",
                               "verger-record(5), artefacts"},
    [CHECK_ARTEFACT_ROOT] = {"artefact.root", "a root was fit to be trusted when its page was finished",
                             "verger-record(5), artefacts; RFC 5280 4.2.1.9"},
    [CHECK_ARTEFACT_INTERMEDIATE] = {"artefact.intermediate",
                                     "an intermediate verifies under a root of this record",
                                     "verger-record(5), artefacts; RFC 5280 6.1"},
    [CHECK_ARTEFACT_CROSS] = {"artefact.cross",
                              "a cross-certificate has its original's subject and key, and allows no more",
                              "verger-record(5), artefacts; RFC 5280 4.2.1; CABF BR 7.1.2.2"},
    [CHECK_ARTEFACT_SERVER] = {"artefact.server", "a server's certificate verifies under its CA, and is none",
                               "verger-record(5), artefacts; RFC 5280 6.1"},
    [CHECK_ARTEFACT_REQUEST] = {"artefact.request", "a certificate has the key of the request it answers",
                                "verger-record(5), artefacts; RFC 2986 4"},
    [CHECK_ARTEFACT_TEMPLATE] = {"artefact.template",
                                 "a certificate is what page 0's template rendered to, and nothing else",
                                 "verger-record(5), artefacts; SP 800-53 CM-3"},
    [CHECK_ARTEFACT_REHEARSAL] = {"artefact.rehearsal",
                                  "what a rehearsal signs is marked so, and nothing else is",
                                  "verger-record(5), artefacts"},
    [CHECK_ARTEFACT_KEY] = {"artefact.key", "the authority's certificate has the key made for it",
                            "verger-record(5), artefacts; RFC 5280 4.1.2.7"},
    [CHECK_ARTEFACT_CRL] = {"artefact.crl", "a revocation list verifies under its issuer",
                            "verger-record(5), artefacts; RFC 5280 5"},
    [CHECK_ARTEFACT_ENTRIES] =
        {"artefact.entries",
         "a revocation list has every entry of the list before it, those of the plan, and no "
         "other",
         "verger-record(5), artefacts; RFC 5280 3.3"},
    [CHECK_ARTEFACT_PURGED] = {"artefact.purged", "no purged key comes back",
                               "verger-record(5), artefacts; CABF BR 5.4.1(1.1)"},
    [CHECK_REGISTER_CHAIN] = {"register.chain",
                              "the register is whole: each entry names the one before, none went since",
                              "verger-record(5), register; SP 800-53 AU-9(3)"},
    [CHECK_REGISTER_ROOT] = {"register.root", "the register is of issuers in this record",
                             "verger-record(5), register; CABF BR 6.1.7"},
    [CHECK_REGISTER_SERIAL] = {"register.serial", "no issuer gave a serial number twice",
                               "verger-record(5), register; RFC 5280 4.1.2.2"},
    [CHECK_REGISTER_NUMBER] = {"register.number", "the numbers of an issuer's lists rise",
                               "verger-record(5), register; RFC 5280 5.2.3"},
    [CHECK_REGISTER_SIGNATURES] = {"register.signatures",
                                   "what a page signed is in the register, and nothing else of that page",
                                   "verger-record(5), register; CABF BR 5.4.1"},
    [CHECK_ARTEFACT_CONSTRAINTS] =
        {"artefact.constraints", "the authority's certificate says the policy in critical name constraints",
         "verger-record(5), artefacts; RFC 5280 4.2.1.10"},
    [CHECK_LINT_FORM] = {"lint.form", "what lint found is of something that the page has",
                         "verger-record(5), lint"},
    [CHECK_LINT_FINDINGS] = {"lint.findings", "what lint found then is what it finds now",
                             "verger-record(5), lint"},
    [CHECK_LINT_WAIVED] = {"lint.waived", "every error of lint is waived by the script, and a deviation",
                           "verger-record(5), lint"},
    [CHECK_LINT_DONE] = {"lint.done", "what was signed was linted",
                         "verger-record(5), lint; CABF BR 4.3.1.2"},
    [CHECK_BACKUP_TESTED] = {"backup.tested",
                             "each copy of a key signed its test, under the key that the record knows",
                             "verger-record(5), things that are kept; RFC 5280 8"},
    [CHECK_PREVIOUS_NAMED] = {"previous.named",
                              "page 0 names the ceremony before that the register knows, or there was none",
                              "verger-record(5), previous ceremony"},
    [CHECK_PREVIOUS_LINK] = {"previous.link", "the ceremony before is the one that you named",
                             "verger-record(5), previous ceremony"},
    [CHECK_ANCHOR_SIGNERS] = {"signers.anchor", "every certificate that sealed is one that you named",
                              "verger-record(5), trust; RFC 5280 6.1.1(d)"},
    [CHECK_ANCHOR_HEAD] = {"head.anchor", "the head is the one that you named", "verger-record(5), trust"},
};

void checks_start(struct checks *c)
{
    *c = (struct checks){.failures = json_array(), .notes = json_array(), .unchecked = json_array()};
}

void checks_free(struct checks *c)
{
    json_decref(c->failures);
    json_decref(c->notes);
    json_decref(c->unchecked);
    *c = (struct checks){0};
}

/* A message may name a file that a forger called as he liked. */
static json_t *text_json(const char *text)
{
    OWN_STRUCT(bytes) escaped = {0};
    transcript_escape(&escaped, text, strlen(text));
    return json_string(bytes_string(&escaped));
}

bool checks_add(struct checks *c, enum check check, long page, bool ok, const struct err *err)
{
    const struct rule *rule = &rules[check];
    if (ok) {
        c->passed[check]++;
        return true;
    }
    c->failed[check]++;
    if (json_array_size(c->failures) < FAILURES_MAX)
        json_array_append_new(c->failures, json_pack("{s:s, s:o, s:o, s:s}", "id", rule->id, "page",
                                                     page != NO_PAGE ? json_integer(page) : json_null(),
                                                     "text", text_json(err->text), "clause", rule->clause));
    return false;
}

bool checks_any_failed(const struct checks *c)
{
    for (size_t i = 0; i < CHECKS; i++)
        if (c->failed[i] > 0)
            return true;
    return false;
}

json_t *checks_json(const struct checks *c)
{
    json_t *list = json_array();
    for (size_t i = 0; i < CHECKS; i++) {
        const char *verdict = c->failed[i] > 0 ? "fail" : c->passed[i] > 0 ? "pass" : "not applicable";
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I}", "id", rules[i].id, "clause",
                                              rules[i].clause, "text", rules[i].sentence, "verdict", verdict,
                                              "passed", (json_int_t)c->passed[i], "failed",
                                              (json_int_t)c->failed[i]));
    }
    return list;
}

const char *check_id(enum check check)
{
    return rules[check].id;
}

void check_said(const char **sentence, const char **clause, enum check check)
{
    *sentence = rules[check].sentence;
    *clause = rules[check].clause;
}

static void sentence_add(json_t *list, const char *format, va_list args)
{
    char *text = NULL;
    if (json_array_size(list) == FAILURES_MAX)
        return;
    if (vasprintf(&text, format, args) < 0)
        abort();
    json_array_append_new(list, text_json(text));
    free(text);
}

void checks_note(struct checks *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sentence_add(c->notes, format, args);
    va_end(args);
}

void checks_unchecked(struct checks *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sentence_add(c->unchecked, format, args);
    va_end(args);
}

#include "policy_engine.h"

#include "gotext.h"

#include <string.h>

enum form { ALLOWED, FORBIDDEN, DOMAIN, MAILBOX, MATCH, SSH, NO_ANSWER, BAD_REQUEST };

static const struct {
    enum form form;
    const char *word, *sentence;
} reasons[] = {
    [POLICY_UNDECIDED] = {BAD_REQUEST, "undecided", NULL},
    [POLICY_NO_RULES] = {ALLOWED, "no_rules", "the policy has no entry, which allows everything"},
    [POLICY_NAME_EMPTY] = {ALLOWED, "name_empty", "an empty common name is not looked at"},
    [POLICY_ENTRY_ALLOWS] = {ALLOWED, "entry_allows", NULL},
    [POLICY_TYPE_OPEN] = {ALLOWED, "type_open",
                          "no entry denies it, and no entry allows names of its kind alone"},
    [POLICY_CN_OPEN] = {ALLOWED, "cn_open",
                        "deny.cn does not name it and there is no allow.cn: no other rule is asked"},
    [POLICY_ENTRY_DENIES] = {FORBIDDEN, "entry_denies", NULL},
    [POLICY_NO_MATCH] = {FORBIDDEN, "no_match", NULL},
    [POLICY_TYPE_CLOSED] = {FORBIDDEN, "type_closed", NULL},
    [POLICY_NO_ASCII] = {DOMAIN, "no_ascii", "it is no domain name under IDNA"},
    [POLICY_NO_DOMAIN] = {DOMAIN, "no_domain", "it has an empty label, or a dot at its end"},
    [POLICY_NO_MAILBOX] = {MAILBOX, "no_mailbox", "it is no mailbox (RFC 2821 4.1.2)"},
    [POLICY_NO_MAIL_DOMAIN] = {DOMAIN, "no_mail_domain", "its domain holds broken Punycode"},
    [POLICY_HOST_ABSENT] = {MATCH, "host_absent", "a URI without a host cannot be compared with entries"},
    [POLICY_HOST_STAR] = {MATCH, "host_star", "a URI's host may hold no '*'"},
    [POLICY_HOST_PORT] = {MATCH, "host_port", "host and port of the URI cannot be told apart"},
    [POLICY_HOST_ADDRESS] = {MATCH, "host_address", "a URI with an address cannot be compared with entries"},
    [POLICY_HOST_UNREADABLE] = {MATCH, "host_unreadable", "the URI's host is no domain name"},
    [POLICY_ENTRY_BROKEN] = {MATCH, "entry_broken", NULL},
    [POLICY_SSH_UNEXPECTED] = {SSH, "ssh_unexpected",
                               "no such principal may be in a certificate of this kind"},
    [POLICY_SSH_CLOSED] = {SSH, "ssh_closed", "only the other kind of SSH certificate has a policy"},
    [POLICY_CRASH] = {NO_ANSWER, "crash", "step-ca 0.30 crashes over it (index out of range)"},
    [POLICY_NO_NAME] = {BAD_REQUEST, "no_name", "it is not what it was given as"},
};

bool policy_allowed(const struct policy_answer *answer)
{
    return reasons[answer->reason].form == ALLOWED;
}

const char *policy_reason_word(enum policy_reason reason)
{
    return reasons[reason].word;
}

/* The name as step-ca prints it: addresses and URLs in its own form. */
static char *shown_name(const struct policy_answer *answer)
{
    char text[POLICY_ADDRESS_TEXT];
    struct policy_range address;
    struct gourl url;
    OWN_STRUCT(bytes) out = {0};
    bool address_like = answer->judged == POLICY_IP || answer->reason == POLICY_SSH_UNEXPECTED;
    if (address_like && policy_address_read(&address, answer->name)) {
        policy_address_text(text, &address);
        return text_copy(text);
    }
    if (answer->judged == POLICY_URI && gourl_parse(&url, answer->name)) {
        gourl_text(&out, &url);
        gourl_free(&url);
        return text_copy(bytes_string(&out));
    }
    return text_copy(answer->name);
}

static void add_quoted(struct bytes *out, const char *before, const char *text, const char *after)
{
    bytes_text(out, before);
    gotext_quote(out, text);
    bytes_text(out, after);
}

/* Go's %v of a list with this one name. */
static void ssh_error(struct bytes *out, const struct policy_answer *answer)
{
    OWN(char) *name = shown_name(answer);
    const char *kind = answer->kind == POLICY_SSH_USER ? "user" : "host";
    struct policy_range address;
    if (answer->reason == POLICY_SSH_CLOSED)
        bytes_format(out, "authority not allowed to sign ssh %s certificates", kind);
    else
        bytes_format(out, "%s principals [%s] not expected in SSH %s certificate ",
                     policy_address_read(&address, name) ? "IP" : "URL", name, kind);
}

void policy_answer_error(struct bytes *out, const struct policy_answer *answer)
{
    OWN(char) *name = shown_name(answer);
    const char *type = policy_type_word(answer->type);
    switch (reasons[answer->reason].form) {
    case FORBIDDEN:
        bytes_text(out, type);
        add_quoted(out, " name ", name, " not allowed");
        break;
    case DOMAIN:
        bytes_format(out, "cannot parse %s", type);
        add_quoted(out, " domain ", name, "");
        break;
    case MAILBOX:
        bytes_format(out, "cannot parse %s", type);
        add_quoted(out, " rfc822Name ", name, "");
        break;
    case MATCH:
        bytes_format(out, "error matching %s", type);
        add_quoted(out, " name ", name, " to constraint");
        break;
    case SSH:
        ssh_error(out, answer);
        break;
    default:
        break;
    }
}

/* ---- the reason in the log ---- */

static void forbidden_detail(struct bytes *out, const struct policy_answer *answer, const char *name)
{
    const char *type = policy_type_word(answer->judged);
    if (answer->reason == POLICY_TYPE_CLOSED && answer->judged == POLICY_PRINCIPAL)
        bytes_text(out, "username ");
    bytes_text(out, type);
    if (answer->reason == POLICY_ENTRY_DENIES) {
        add_quoted(out, " ", name, " is excluded by constraint ");
        gotext_quote(out, answer->rule->normal);
    } else if (answer->reason == POLICY_TYPE_CLOSED)
        add_quoted(out, " ", name, " is not explicitly permitted by any constraint");
    else
        add_quoted(out, " ", name, " is not permitted by any constraint");
}

static void host_detail(struct bytes *out, const struct policy_answer *answer, const char *name)
{
    OWN_STRUCT(gourl) url = {0};
    const char *why = NULL;
    if (!gourl_parse(&url, answer->name))
        return;
    struct gourl_part host = {url.host.text, url.host.len};
    if (strchr(url.host.text, ':') != NULL && url.host.text[url.host.len - 1] != ']')
        why = gourl_host_split(&host, url.host.text);
    switch (answer->reason) {
    case POLICY_HOST_ABSENT:
        add_quoted(out, "URI with empty host (", name, ") cannot be matched against constraints");
        break;
    case POLICY_HOST_STAR:
        add_quoted(out, "URI host ", name, " cannot contain asterisk");
        break;
    case POLICY_HOST_PORT:
        bytes_format(out, "address %s: %s", url.host.text, why != NULL ? why : "");
        break;
    case POLICY_HOST_ADDRESS:
        add_quoted(out, "URI with IP ", name, " cannot be matched against constraints");
        break;
    default: {
        OWN(char) *bare = text_format("%.*s", (int)host.len, host.text);
        add_quoted(out, "cannot parse domain ", bare, "");
    }
    }
}

void policy_answer_detail(struct bytes *out, const struct policy_answer *answer)
{
    OWN(char) *name = shown_name(answer);
    switch (answer->reason) {
    case POLICY_ENTRY_DENIES:
    case POLICY_NO_MATCH:
    case POLICY_TYPE_CLOSED:
        forbidden_detail(out, answer, name);
        break;
    case POLICY_NO_ASCII:
        add_quoted(out, "dns ", name, " cannot be converted to ASCII");
        break;
    case POLICY_NO_DOMAIN:
        add_quoted(out, "cannot parse dns ", name, "");
        break;
    case POLICY_NO_MAILBOX: /* Go prints the mailbox that it did not read */
        bytes_text(out, "invalid rfc822Name {\"\" \"\"}");
        break;
    case POLICY_NO_MAIL_DOMAIN:
        add_quoted(out, "cannot parse email domain ", name, "");
        break;
    case POLICY_ENTRY_BROKEN:
        add_quoted(out, "cannot parse constraint ", answer->rule->normal, "");
        break;
    default:
        if (reasons[answer->reason].form == MATCH)
            host_detail(out, answer, name);
    }
}

/* ---- what the client sees ---- */

int policy_answer_status(const struct policy_answer *answer)
{
    switch (reasons[answer->reason].form) {
    case ALLOWED:
        return 201;
    case FORBIDDEN:
        return 403;
    case BAD_REQUEST:
        return 400;
    case NO_ANSWER:
        return 0;
    default:
        return 500;
    }
}

void policy_answer_message(struct bytes *out, const struct policy_answer *answer)
{
    int status = policy_answer_status(answer);
    if (status == 403) {
        bytes_text(out, "The request was forbidden by the certificate authority: ");
        policy_answer_error(out, answer);
    } else if (status == 500)
        bytes_text(out, answer->kind == POLICY_X509 ? "error creating certificate"
                                                    : "authority.SignSSH: error creating ssh certificate");
}

/* ---- for people ---- */

void policy_rule_place(struct bytes *out, const struct policy_rule *rule, enum policy_kind kind)
{
    static const char *const places[] = {
        [POLICY_X509] = "x509", [POLICY_SSH_USER] = "ssh.user", [POLICY_SSH_HOST] = "ssh.host"};
    bytes_format(out, "authority.policy.%s.%s.%s.%zu", places[kind], rule->deny ? "deny" : "allow",
                 policy_type_word(rule->type), rule->index);
}

void policy_answer_rule(struct bytes *out, const struct policy_answer *answer)
{
    const char *type = policy_type_word(answer->judged);
    const char *sentence = reasons[answer->reason].sentence;
    if (answer->rule != NULL) {
        policy_rule_place(out, answer->rule, answer->kind);
        add_quoted(out, ", ", answer->rule->entry, "");
    }
    if (answer->reason == POLICY_ENTRY_DENIES)
        bytes_text(out, "; deny beats allow");
    else if (answer->reason == POLICY_ENTRY_BROKEN)
        bytes_text(out, ", with which no address can be compared");
    else if (answer->reason == POLICY_NO_MATCH)
        bytes_format(out, "no allow entry of type %s matches", type);
    else if (answer->reason == POLICY_TYPE_CLOSED)
        bytes_format(out, "no entry of type %s is there, and names of other types are allowed", type);
    else if (sentence != NULL)
        bytes_text(out, sentence);
}

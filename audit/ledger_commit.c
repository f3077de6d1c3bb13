#include "ledger_commit.h"

#include <string.h>

#define ID_LEN (LEDGER_ID - 1)

void ledger_commit_read_free(struct ledger_commit_read *c)
{
    free(c->name);
    free(c->email);
    free(c->message);
    bytes_free(&c->signature);
    bytes_free(&c->signed_part);
    *c = (struct ledger_commit_read){0};
}

bool ledger_id_is_legal(const char *id)
{
    return strlen(id) == ID_LEN && strspn(id, "0123456789abcdef") == ID_LEN;
}

/* "name <email>": no line break, no angle bracket, no space at an end (git would read something else). */
static bool ident_is_legal(const char *text)
{
    size_t len = strlen(text);
    if (len == 0 || text[0] == ' ' || text[len - 1] == ' ')
        return false;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f || c == '<' || c == '>')
            return false;
    }
    return true;
}

static void signature_format(struct bytes *out, const struct bytes *signature)
{
    bytes_text(out, "gpgsig ");
    for (size_t i = 0; i < signature->len; i++) {
        bytes_add(out, signature->data + i, 1);
        if (signature->data[i] == '\n')
            bytes_text(out, " ");
    }
    bytes_text(out, "\n");
}

bool ledger_commit_format(struct bytes *out, const struct ledger_commit *commit, const char *tree_id,
                          const struct bytes *signature, struct err *err)
{
    size_t len = strlen(commit->message);
    if (!ident_is_legal(commit->name) || !ident_is_legal(commit->email))
        return err_set(err,
                       "a commit's author needs a name and an address without control characters, '<' or "
                       "'>'; enrol under another name");
    if (commit->time < 0 || len == 0 || commit->message[len - 1] != '\n')
        return err_set(err, "a commit needs a time after 1970 and a message that ends with a newline");
    OWN_STRUCT(bytes) made = {0};
    bytes_format(&made, "tree %s\n", tree_id);
    if (commit->parent != NULL)
        bytes_format(&made, "parent %s\n", commit->parent);
    bytes_format(&made, "author %s <%s> %lld +0000\n", commit->name, commit->email, (long long)commit->time);
    bytes_format(&made, "committer %s <%s> %lld +0000\n", commit->name, commit->email,
                 (long long)commit->time);
    if (signature != NULL)
        signature_format(&made, signature);
    bytes_format(&made, "\n%s", commit->message);
    bytes_free(out);
    *out = bytes_give(&made);
    return true;
}

/* The rest of the line at `*at` behind `prefix`, as a copy; `*at` moves to the next line. NULL: another line.
 */
static char *line_take(const char **at, const char *prefix)
{
    size_t len = strlen(prefix);
    const char *end = strncmp(*at, prefix, len) == 0 ? strchr(*at, '\n') : NULL;
    if (end == NULL)
        return NULL;
    char *rest = text_format("%.*s", (int)(end - *at - (ptrdiff_t)len), *at + len);
    *at = end + 1;
    return rest;
}

static bool id_take(char id[LEDGER_ID], const char **at, const char *prefix)
{
    OWN(char) *text = line_take(at, prefix);
    if (text == NULL || !ledger_id_is_legal(text))
        return false;
    memcpy(id, text, LEDGER_ID);
    return true;
}

static bool author_take(struct ledger_commit_read *out, const char **at)
{
    OWN(char) *line = line_take(at, "author ");
    char *open = line != NULL ? strstr(line, " <") : NULL;
    char *close = open != NULL ? strstr(open, "> ") : NULL;
    if (close == NULL)
        return false;
    *open = '\0';
    *close = '\0';
    out->name = text_copy(line);
    out->email = text_copy(open + 2);
    out->time = (time_t)strtoll(close + 2, NULL, 10);
    OWN(char) *committer = line_take(at, "committer ");
    return committer != NULL;
}

static bool signature_take(struct bytes *signature, const char **at)
{
    OWN(char) *line = line_take(at, "gpgsig ");
    if (line == NULL)
        return false;
    bytes_text(signature, line);
    for (;;) {
        OWN(char) *more = line_take(at, " ");
        if (more == NULL)
            return true;
        bytes_format(signature, "\n%s", more);
    }
}

bool ledger_commit_text(struct ledger_commit_read *out, const struct bytes *raw, struct err *err)
{
    OWN_STRUCT(ledger_commit_read) found = {0};
    const char *at = bytes_string(raw);
    bool has_parent = false;
    if (strlen(at) != raw->len)
        return err_set(err, "the commit holds a zero byte");
    if (!id_take(found.tree, &at, "tree "))
        return err_set(err, "the commit does not begin with its tree");
    has_parent = strncmp(at, "parent ", 7) == 0;
    if ((has_parent && !id_take(found.parent, &at, "parent ")) || !author_take(&found, &at))
        return err_set(err, "the commit's parent, author or committer is malformed (at most one parent)");
    if (!signature_take(&found.signature, &at) || *at++ != '\n')
        return err_set(err, "the commit is not signed, or has header lines that verger does not write");
    found.message = text_copy(at);

    const struct ledger_commit same = {.parent = has_parent ? found.parent : NULL,
                                       .name = found.name,
                                       .email = found.email,
                                       .time = found.time,
                                       .message = found.message};
    OWN_STRUCT(bytes) again = {0};
    if (!ledger_commit_format(&found.signed_part, &same, found.tree, NULL, err) ||
        !ledger_commit_format(&again, &same, found.tree, &found.signature, err))
        return false;
    if (!bytes_equal(&again, raw))
        return err_set(err,
                       "the commit is not as verger writes it (author equal to committer, times in UTC)");
    *out = found;
    found = (struct ledger_commit_read){0};
    return true;
}

char *ledger_trailer(const char *message, const char *name)
{
    const char *block = NULL;
    for (const char *gap = strstr(message, "\n\n"); gap != NULL; gap = strstr(gap + 2, "\n\n"))
        block = gap + 2;
    if (block == NULL)
        return NULL;
    OWN(char) *prefix = text_format("%s: ", name);
    while (*block != '\0') {
        char *value = line_take(&block, prefix);
        if (value != NULL)
            return value;
        const char *end = strchr(block, '\n');
        if (end == NULL)
            return NULL;
        block = end + 1;
    }
    return NULL;
}

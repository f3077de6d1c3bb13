#include "command.h"
#include "host.h"

#include "../ceremony/file.h"
#include "../ceremony/key.h"
#include "../ceremony/share.h"

#include <string.h>

/* The new password, its parts as they were made, and as their custodians gave them back. */
struct splitting {
    unsigned needed, count;
    struct secret *password, *part[SHARE_MOST], *back[SHARE_MOST];
    const char *file[SHARE_MOST]; /* where a part goes, instead of the screen; borrowed */
};

static void splitting_free(struct splitting *s)
{
    secret_free(s->password);
    for (unsigned i = 0; i < SHARE_MOST; i++) {
        secret_free(s->part[i]);
        secret_free(s->back[i]);
    }
}

static bool number_read(unsigned *out, const char *text, size_t len, const char *what, struct err *err)
{
    unsigned number = 0;
    for (size_t i = 0; i < len && i < 3; i++)
        number = text[i] >= '0' && text[i] <= '9' ? number * 10 + (unsigned)(text[i] - '0') : SHARE_MOST + 1;
    if (len < 1 || len > 2 || number < 1 || number > SHARE_MOST)
        return err_set(err, "%s: \"%.*s\" is no number from 1 to %u", what, (int)len, text, SHARE_MOST);
    *out = number;
    return true;
}

/* Files for all parts, or for none. */
static bool files_read(struct splitting *s, const char *const *given, struct err *err)
{
    unsigned files = 0;
    for (; *given != NULL; given++, files++) {
        const char *equals = strchr(*given, '=');
        unsigned number = 0;
        if (!number_read(&number, *given, (size_t)(equals - *given), "--part-file", err))
            return false;
        if (number > s->count || s->file[number - 1] != NULL)
            return err_set(err, "--part-file %s: there is no such part, or it has a file already", *given);
        if (file_exists(equals + 1))
            return err_set(err, "%s: is there already; a part is written to a new file", equals + 1);
        s->file[number - 1] = equals + 1;
    }
    return files == 0 || files == s->count ||
           err_set(err, "--part-file was given for %u of %u parts: give it for all of them, or for none",
                   files, s->count);
}

static bool stopped(struct err *err)
{
    return err_set(err, "was stopped; nothing was made");
}

/* The key with its present password, in three tries. */
static bool key_open(struct key **out, const struct host *host, const char *path, struct err *err)
{
    OWN_SECRET *pem = NULL;
    if (!secret_read_key(&pem, path, err))
        return false;
    union {
        const char *borrowed;
        unsigned char *data;
    } view = {secret_data(pem)};
    const struct bytes text = {view.data, secret_len(pem)};
    if (!key_is_encrypted(&text))
        return key_parse(out, &text, NULL, NULL, path, err);
    const struct password *file = passwords_find(&host->passwords, "key");
    if (file != NULL)
        return key_parse(out, &text, file->secret, NULL, path, err);
    if (host->terminal.in < 0)
        return err_set(err,
                       "the password of %s cannot be asked, as there is no terminal: give --password-file "
                       "key=FILE",
                       path);
    for (unsigned attempt = 1;; attempt++) {
        OWN_SECRET *password = NULL;
        enum reply reply = REPLY_GIVEN;
        bool wrong = false;
        if (!terminal_secret(&host->terminal, "The key's present password", false, &reply, &password, err))
            return false;
        if (reply != REPLY_GIVEN)
            return stopped(err);
        if (key_parse(out, &text, password, &wrong, path, err))
            return true;
        if (!wrong || attempt == 3)
            return false;
        terminal_say(&host->terminal, "That is not the password. Once more:");
    }
}

static bool agree(const struct terminal *t, const char *question, struct err *err)
{
    static const char *const choices[] = {"yes", "stop", NULL};
    const char *chosen = NULL;
    if (!terminal_choose(t, question, choices, &chosen, err))
        return false;
    return strcmp(chosen, "yes") == 0 || stopped(err);
}

/* The part is on the screen for this question alone, whatever ends it. */
static bool part_show(const struct secret *part, const char *head, const struct terminal *t, struct err *err)
{
    const struct terminal bare = {.in = t->in, .out = t->out, .held = t->held, .bare = true};
    terminal_clear(t);
    terminal_say(t, head);
    terminal_show(t, part);
    bool written = agree(&bare, "Is it written down?", err);
    terminal_clear(t);
    return written;
}

/* One custodian, alone: the part is shown, written down, and typed back from the paper. */
static bool part_hand(struct splitting *s, unsigned at, const struct terminal *t, struct err *err)
{
    OWN(char) *come =
        text_format("Custodian %u of %u: come to the keyboard alone, with paper and pen. Nobody else "
                    "looks. Shall your part be shown?",
                    at + 1, s->count);
    OWN(char) *head =
        text_format("Part %u of %u; any %u open the key. Write it down:", at + 1, s->count, s->needed);
    terminal_clear(t);
    if (!agree(t, come, err))
        return false;
    for (;;) {
        OWN_SECRET *typed = NULL;
        enum reply reply = REPLY_GIVEN;
        struct err wrong = {0};
        if (!part_show(s->part[at], head, t, err) ||
            !terminal_secret(t, "Your part, from the paper (it is not shown)", false, &reply, &typed, err))
            return false;
        if (reply != REPLY_GIVEN)
            return stopped(err);
        if (share_check(typed, at + 1, s->needed, &wrong)) {
            s->back[at] = GIVE(typed);
            terminal_clear(t);
            return true;
        }
        terminal_say(t, wrong.text);
        if (!agree(t, "Shall it be shown once more?", err))
            return false;
    }
}

/* As a line, into a file that is read back. */
static bool part_write(struct splitting *s, unsigned at, struct err *err)
{
    OWN_SECRET *newline = secret_new("\n", 1);
    OWN_SECRET *line = secret_joined(s->part[at], newline);
    return file_create(s->file[at], secret_data(line), secret_len(line), 0600, err) &&
           secret_read(&s->back[at], s->file[at], err);
}

static bool parts_hand(struct splitting *s, const struct terminal *t, struct err *err)
{
    if (s->file[0] == NULL && t->in < 0)
        return err_set(err,
                       "there is no terminal to show the parts on: give --part-file N=FILE for each of them");
    for (unsigned i = 0; i < s->count; i++)
        if (!(s->file[i] != NULL ? part_write(s, i, err) : part_hand(s, i, t, err)))
            return false;
    return true;
}

/* What the custodians have gives the password, and that opens what is about to be written. */
static bool parts_prove(const struct splitting *s, const struct bytes *pem, const struct key *key,
                        struct err *err)
{
    OWN_SECRET *password = NULL;
    OWN_KEY *opened = NULL;
    char before[DIGEST_HEX], after[DIGEST_HEX];
    if (!share_combine(&password, (const struct secret *const *)s->back, s->count, err) ||
        !key_parse(&opened, pem, password, NULL, "the new key", err) || !key_spki_digest(before, key, err) ||
        !key_spki_digest(after, opened, err))
        return err_wrap(err, "the parts that were given back do not open the new key");
    return strcmp(before, after) == 0 || err_set(err, "the new key is another key");
}

static bool split(struct splitting *s, const struct arguments *arguments, struct err *err)
{
    static const char *const public[] = {NULL};
    const char *path = arguments_value(arguments, "output");
    OWN_STRUCT(host) host = {.terminal = {.in = -1}};
    OWN_KEY *key = NULL;
    OWN_STRUCT(bytes) pem = {0};
    if (file_exists(path))
        return err_set(err, "%s: is there already; the key under its new password is written to a new file",
                       path);
    if (!host_open(&host, NULL, arguments_values(arguments, "password-file"), public, false, err))
        return false;
    /* Ctrl-C is an answer, so that no part is left on the screen. */
    terminal_hold(&host.terminal);
    if (!key_open(&key, &host, arguments->operand, err) ||
        !share_split(&s->password, s->part, s->needed, s->count, err) ||
        !key_write(&pem, key, s->password, err) || !parts_hand(s, &host.terminal, err) ||
        !parts_prove(s, &pem, key, err) || !file_create(path, pem.data, pem.len, 0600, err))
        return false;
    OWN(char) *done = text_format(
        "Made %s: the same key (%s), which any %u of the %u parts open. %s is as it was, "
        "and opens as before: destroy it when the new one was tried.\n"
        "The script that unlocks it says: people { custodians = %u }, and by = \"custodians\", needed = "
        "%u. With fewer custodians there, the parts of the others have nobody to bring them.",
        path, key_kind(key), s->needed, s->count, arguments->operand, s->count, s->needed);
    terminal_say(&host.terminal, done);
    return true;
}

static int run(const struct arguments *arguments, struct err *err)
{
    OWN_STRUCT(splitting) s = {0};
    const char *needed = arguments_value(arguments, "needed"), *count = arguments_value(arguments, "parts");
    if (!number_read(&s.needed, needed, strlen(needed), "--needed", err) ||
        !number_read(&s.count, count, strlen(count), "--parts", err))
        return EXIT_USAGE;
    if (s.needed < 2 || s.needed > s.count) {
        err_set(err, "--needed must be at least 2, and at most the number of parts");
        return EXIT_USAGE;
    }
    if (!files_read(&s, arguments_values(arguments, "part-file"), err))
        return EXIT_USAGE;
    return split(&s, arguments, err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct parameter parameters[] = {
    {.name = "needed",
     .reach = REACH_NOTHING,
     .value = "K",
     .help = "how many parts open the key: 2 or more",
     .required = true},
    {.name = "parts",
     .reach = REACH_NOTHING,
     .value = "N",
     .help = "how many are made, one a custodian: K to 20",
     .required = true},
    {.name = "output",
     .letter = 'o',
     .reach = REACH_BESIDE,
     .value = "NEW",
     .help = "where the key under its new password goes",
     .required = true},
    {.name = "password-file",
     .value = "NAME=FILE",
     .help = "key=FILE: the present password, instead of asking for it"},
    {.name = "part-file",
     .reach = REACH_BESIDE,
     .value = "N=FILE",
     .help = "write part N there and show it to nobody; for all parts,\nor for none",
     .many = true},
    {0},
};

const struct command command_split = {
    .name = "split",
    .does = "Encrypt a copy of a key anew; its custodians get the parts.",
    .operand = "KEY",
    .parameters = parameters,
    .more =
        "Each custodian sees one part, alone, writes it down and types it back; the copy is written when\n"
        "what they typed opens it. In a script: unlock \"root key\" { from = ..., by = \"custodians\",\n"
        "needed = K }. Do not record the screen meanwhile. Without this program, base32 and gfcombine "
        "(Debian's\n"
        "libgfshare-bin) put the parts together: of each part without spaces, base32 -d gives 25 bytes; the "
        "first\n"
        "is its number N, and bytes 5 to 20 are the file FILE.00N for gfcombine, whose 16 bytes in hex are "
        "the\n"
        "password.",
    .example = "  verger split root.key --needed 2 --parts 3 --out root-split.key",
    .exits = "0 made; 1 failed, and the key was not written; 2 usage.",
    .secrets = true,
    .fenced = true,
    .run = run,
};

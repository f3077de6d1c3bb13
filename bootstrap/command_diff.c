#include "command.h"
#include "trust.h"

#include "../audit/inventory.h"
#include "../audit/transcript.h"

#include <string.h>

/* One side: a record, and a page of it. */
struct side {
    struct trusted *trusted;
    unsigned page;
};

static bool is_number(const char *word)
{
    return word[0] != '\0' && word[strspn(word, "0123456789")] == '\0';
}

static bool page_read(unsigned *out, const char *word, const struct trusted *t, struct err *err)
{
    unsigned count = record_count(t->record);
    unsigned long number = strlen(word) <= 6 ? strtoul(word, NULL, 10) : count;
    if (number >= count)
        return err_set(err, "%s: has no page %s; its pages are 0 to %u", record_folder(t->record), word,
                       count - 1);
    *out = (unsigned)number;
    return true;
}

/* Without numbers all that the ceremony made; with one what that page did; with two what lies between. */
static bool pages_choose(struct side sides[2], const char *const *words, struct err *err)
{
    bool two_records = sides[0].trusted != sides[1].trusted;
    sides[0].page = two_records ? record_count(sides[0].trusted->record) - 1 : 0;
    sides[1].page = record_count(sides[1].trusted->record) - 1;
    if (words[0] == NULL)
        return true;
    if (words[1] == NULL && two_records)
        return err_set(err, "name a page of each record, or of none");
    if (words[1] != NULL)
        return page_read(&sides[0].page, words[0], sides[0].trusted, err) &&
               page_read(&sides[1].page, words[1], sides[1].trusted, err);
    if (!page_read(&sides[1].page, words[0], sides[1].trusted, err))
        return false;
    sides[0].page = sides[1].page > 0 ? sides[1].page - 1 : 0;
    return true;
}

/* ---- showing ---- */

static void side_text(struct bytes *out, const struct side *side)
{
    const struct page_read *page = record_page(side->trusted->record, side->page);
    const char *title = json_string_value(json_object_get(page->json, "title"));
    bytes_format(out, "page %u (", side->page);
    transcript_escape(out, title, strlen(title));
    bytes_format(out, ") of %s", record_folder(side->trusted->record));
}

static json_t *side_json(const struct side *side)
{
    const struct record *record = side->trusted->record;
    return json_pack("{s:s, s:s, s:i, s:s}", "verdict", trusted_verdict(side->trusted), "record",
                     record_folder(record), "page", (int)side->page, "sha256",
                     record_page(record, side->page)->sha256);
}

static bool show(const struct side sides[2], const json_t *changes, bool json, struct err *err)
{
    OWN_STRUCT(bytes) out = {0};
    if (json) {
        OWN(json_t) *report = json_pack("{s:o, s:o, s:O}", "before", side_json(&sides[0]), "after",
                                        side_json(&sides[1]), "changes", changes);
        return command_print_json(report, err);
    }
    trusted_text(&out, sides[0].trusted);
    if (sides[0].trusted != sides[1].trusted)
        trusted_text(&out, sides[1].trusted);
    bytes_text(&out, "\nFrom ");
    side_text(&out, &sides[0]);
    bytes_text(&out, "\nto   ");
    side_text(&out, &sides[1]);
    bytes_text(&out, json_array_size(changes) > 0 ? ":\n" : ": nothing differs.\n");
    inventory_text(&out, changes, "  ");
    return command_print(&out, false, err);
}

static bool compare(const struct side sides[2], bool json, struct err *err)
{
    OWN_STRUCT(inventory) before = {0}, after = {0};
    inventory_after(&before, sides[0].trusted->record, sides[0].page);
    inventory_after(&after, sides[1].trusted->record, sides[1].page);
    OWN(json_t) *changes = inventory_difference(&before, &after, false);
    return show(sides, changes, json, err);
}

static int run(const struct arguments *arguments, struct err *err)
{
    const char *const *words = arguments_values(arguments, "words");
    bool two_records = words[0] != NULL && !is_number(words[0]);
    const char *other = two_records ? words[0] : NULL;
    if (two_records)
        words++;
    for (size_t i = 0; words[i] != NULL; i++)
        if (i > 1 || !is_number(words[i])) {
            err_set(err, "\"%s\": after RECORD [OTHER] come at most two page numbers", words[i]);
            return EXIT_USAGE;
        }
    OWN_STRUCT(trusted) first = {0}, second = {0};
    if (!trust_record(&first, arguments, arguments->operand, err) ||
        (two_records && !trust_other(&second, arguments, other, err)))
        return EXIT_FAILED;
    struct side sides[2] = {{.trusted = &first}, {.trusted = two_records ? &second : &first}};
    if (!pages_choose(sides, words, err) || !compare(sides, arguments_has(arguments, "json"), err))
        return EXIT_FAILED;
    int exit = trust_exit(sides[0].trusted);
    return exit != EXIT_DONE ? exit : trust_exit(sides[1].trusted);
}

static const struct parameter parameters[] = {
    TRUST_PARAMETERS,
    {.name = "json", .help = "the same as one line of canonical JSON"},
    {.name = "words",
     .value = "[OTHER] [N [M]]",
     .help = "another record; the pages from which and to which",
     .many = true,
     .rest = true},
    {0},
};

const struct command command_diff = {
    .name = "diff",
    .does = "Show what differs in the configuration of two pages or records.",
    .operand = "RECORD",
    .parameters = parameters,
    .more = "N alone: what page N did; N M: from page N to page M; neither: from page 0 to the last. With "
            "another\n"
            "record: from the last page of the first to the last of the other, or from page N of the first "
            "to page M\n"
            "of the other. JSON is compared by member, certificates, requests and revocation lists by field, "
            "other text\n"
            "by line. The records are verified first; one that does not hold is refused. --head is the first "
            "one's.",
    .example = "  verger diff record/ 8 --signers signers.pem\n"
               "  verger diff record-2026/ record-2031/ --signers signers.pem",
    .exits =
        "0 done, of records that hold; 1 failed; 2 usage; 3 done, of a record that is not authenticated.",
    .fenced = true,
    .run = run,
};

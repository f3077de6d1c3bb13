/* How the configuration came to be as it is: told from pages that hold together, by history.h. */
#include "reportparts.h"

#include "history.h"
#include "inventory.h"

bool report_history(json_t *report, const char *folder, struct err *err)
{
    OWN_RECORD *record = NULL;
    json_t *history = NULL;
    json_object_set_new(report, "history", json_array());
    if (!record_open(&record, folder, false, err) || !history_of(&history, record, err))
        return false;
    json_object_set_new(report, "history", history);
    return true;
}

void report_history_section(json_t *document, const json_t *report)
{
    json_t *blocks = document_section(document, "history", "How the configuration changed"), *entry;
    size_t i;
    json_array_foreach(json_object_get(report, "history"), i, entry)
    {
        const json_t *commit = json_object_get(entry, "commit"), *changes = json_object_get(entry, "changes");
        OWN_STRUCT(bytes) text = {0};
        if (json_array_size(changes) == 0)
            continue;
        inventory_text(&text, changes, "");
        OWN(char) *to =
            text_format("page-%lld", (long long)json_integer_value(json_object_get(entry, "page")));
        block_text(blocks, line_of(line_link(to, json_text(entry, "title")), line_text("%s", ", commit "),
                                   json_is_string(commit) ? line_styled("code", json_string_value(commit))
                                                          : line_text("%s", "none"),
                                   NULL));
        block_pre(blocks, "what changed", bytes_string(&text));
    }
    if (json_array_size(blocks) == 0)
        block_text(blocks,
                   line_text("%s", "Not told: the pages do not hold together, or none changed anything."));
}

#include "documentparts.h"

#define LINES 4 /* of a SHA-256 read aloud, four fours each */

void paper_md_boxes(struct bytes *out, const json_t *block)
{
    size_t i, n;
    json_t *item, *asked;
    json_array_foreach(json_object_get(block, "items"), i, item)
    {
        const char *mark = json_text(item, "mark");
        bytes_text(out, "- [ ] ");
        if (*mark != '\0') {
            bytes_text(out, "**");
            md_escaped(out, mark);
            bytes_text(out, "** ");
        }
        md_begin(out, json_object_get(item, "text"));
        bytes_text(out, "\n");
        json_array_foreach(json_object_get(item, "asked"), n, asked)
        {
            bytes_text(out, "  - asked: ");
            md_line(out, asked);
            bytes_text(out, " \\_\\_\\_\\_\\_\\_\\_\\_\n");
        }
    }
    bytes_text(out, "\n");
}

void paper_md_digest(struct bytes *out, const json_t *block)
{
    bool words = json_is_true(json_object_get(block, "words"));
    md_escaped(out, json_text(block, "label"));
    bytes_text(out, ":\n\n```\n");
    for (int i = 0; i < LINES; i++) {
        bytes_text(out, "____  ____  ____  ____\n");
        if (words)
            bytes_text(
                out, "\n    ________ ________  ________ ________  ________ ________  ________ ________\n\n");
    }
    bytes_text(out, "```\n\n");
}

void paper_md_space(struct bytes *out, const json_t *block)
{
    md_escaped(out, json_text(block, "label"));
    bytes_text(out, ":\n\n```\n");
    for (json_int_t i = json_integer_value(json_object_get(block, "lines")); i > 0; i--)
        bytes_text(out, "________________________________________________________________________\n\n");
    bytes_text(out, "```\n\n");
}

void paper_md_running(struct bytes *out, const json_t *running)
{
    md_escaped(out, json_text(running, "foot"));
    bytes_text(out, "\n\n");
}

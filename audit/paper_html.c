#include "documentparts.h"

#include <ctype.h>

#define FOURS 16 /* of a SHA-256 */

static void box(struct bytes *out, const json_t *item)
{
    const char *mark = json_text(item, "mark");
    size_t i;
    json_t *asked;
    bytes_text(out, "<li>");
    if (*mark != '\0')
        html_markup(out, "<strong class=\"mark\">%s</strong>", mark);
    bytes_text(out, "<span class=\"box\"></span>");
    html_line(out, json_object_get(item, "text"));
    json_array_foreach(json_object_get(item, "asked"), i, asked)
    {
        bytes_text(out, "<span class=\"asked\"><span>");
        html_line(out, asked);
        bytes_text(out, "</span><span class=\"answer\"></span></span>");
    }
    bytes_text(out, "</li>\n");
}

void paper_html_boxes(struct bytes *out, const json_t *block)
{
    size_t i;
    json_t *item;
    bytes_text(out, "<ul class=\"boxes\">\n");
    json_array_foreach(json_object_get(block, "items"), i, item) box(out, item);
    bytes_text(out, "</ul>\n");
}

void paper_html_digest(struct bytes *out, const json_t *block)
{
    bool words = json_is_true(json_object_get(block, "words"));
    html_markup(out, "<div class=\"digest%s\" role=\"group\" aria-label=\"%s\"><h4>%s</h4><div>",
                words ? " words" : "", json_text(block, "label"), json_text(block, "label"));
    for (size_t i = 0; i < FOURS; i++)
        bytes_text(out, words ? "<span><i></i><i></i></span>" : "<span></span>");
    bytes_text(out, "</div></div>\n");
}

void paper_html_space(struct bytes *out, const json_t *block)
{
    html_markup(out, "<div class=\"space\"><h4>%s</h4>", json_text(block, "label"));
    for (json_int_t i = json_integer_value(json_object_get(block, "lines")); i > 0; i--)
        bytes_text(out, "<i></i>");
    bytes_text(out, "</div>\n");
}

/* Within a text of CSS, inside a style element, nothing of ASCII but letters, digits and spaces is itself. A
 * space ends an escape, and is no part of the text. */
static void css_text(struct bytes *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c >= 0x80 || isalnum(c) || c == ' ')
            bytes_add(out, text, 1);
        else
            bytes_format(out, "\\%06x ", c);
    }
}

static void margin(struct bytes *out, const char *place, const char *text)
{
    bytes_format(out, "@%s { content: \"", place);
    css_text(out, text);
    bytes_text(out, "\"; } ");
}

void paper_html_running(struct bytes *out, const json_t *running)
{
    bytes_text(out, "@page { font: 7.5pt ui-monospace, \"DejaVu Sans Mono\", monospace; ");
    margin(out, "top-left", json_text(running, "head"));
    margin(out, "bottom-left", json_text(running, "foot"));
    bytes_text(out, "@bottom-right { content: \"page \" counter(page) \" of \" counter(pages); } }\n");
}

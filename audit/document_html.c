#include "document_style.h"
#include "documentparts.h"

#include <stdarg.h>
#include <string.h>

/* ---- text ---- */

static void escaped(struct bytes *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            bytes_text(out, "&amp;");
        else if (*text == '<')
            bytes_text(out, "&lt;");
        else if (*text == '>')
            bytes_text(out, "&gt;");
        else if (*text == '"')
            bytes_text(out, "&quot;");
        else
            bytes_add(out, text, 1);
    }
}

void html_markup(struct bytes *out, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    for (const char *c = format; *c != '\0'; c++) {
        if (c[0] != '%') {
            bytes_add(out, c, 1);
            continue;
        }
        escaped(out, va_arg(list, const char *));
        c++;
    }
    va_end(list);
}

void html_line(struct bytes *out, const json_t *piece)
{
    if (json_is_string(piece)) {
        escaped(out, json_string_value(piece));
        return;
    }
    size_t i;
    json_t *inner;
    json_array_foreach(piece, i, inner) html_line(out, inner);
    if (!json_is_object(piece))
        return;
    const char *style = json_text(piece, "style"), *to = json_text(piece, "to");
    if (*to != '\0')
        html_markup(out, "<a href=\"#%s\">%s</a>", to, json_text(piece, "text"));
    else if (strcmp(style, "code") == 0)
        html_markup(out, "<code>%s</code>", json_text(piece, "text"));
    else if (strcmp(style, "time") == 0)
        html_markup(out, "<time datetime=\"%s\">%s</time>", json_text(piece, "text"),
                    json_text(piece, "text"));
    else if (strcmp(style, "box") == 0)
        bytes_text(out, "<span class=\"box\"></span>");
    else if (strcmp(style, "strong") == 0)
        html_markup(out, "<strong>%s</strong>", json_text(piece, "text"));
    else
        html_markup(out, "<span class=\"grade %s\">%s</span>", style, json_text(piece, "text"));
}

/* ---- blocks ---- */

static void blocks(struct bytes *out, const json_t *list);

static void html_text(struct bytes *out, const json_t *block)
{
    bytes_text(out, "<p>");
    html_line(out, json_object_get(block, "text"));
    bytes_text(out, "</p>\n");
}

static void html_result(struct bytes *out, const json_t *block)
{
    html_markup(out, "<p class=\"result %s\" role=\"status\">", json_text(block, "style"));
    html_line(out, json_object_get(block, "text"));
    bytes_text(out, "</p>\n");
}

static void html_heading(struct bytes *out, const json_t *block)
{
    html_markup(out, "<h3 id=\"%s\">%s</h3>\n", json_text(block, "id"), json_text(block, "title"));
}

static void html_pre(struct bytes *out, const json_t *block)
{
    html_markup(out, "<pre tabindex=\"0\" role=\"region\" aria-label=\"%s\">%s</pre>\n",
                json_text(block, "label"), json_text(block, "text"));
}

static void html_diff(struct bytes *out, const json_t *block)
{
    html_markup(out, "<pre class=\"diff\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">",
                json_text(block, "label"));
    for (const char *text = json_text(block, "text"); *text != '\0';) {
        size_t len = strcspn(text, "\n");
        OWN(char) *one = text_format("%.*s", (int)len, text);
        const char *tag = *one == '+' ? "ins" : *one == '-' ? "del" : "span";
        html_markup(out, "<%s>%s</%s>\n", tag, one, tag);
        text += len + (text[len] == '\n');
    }
    bytes_text(out, "</pre>\n");
}

static void html_drawing(struct bytes *out, const json_t *block)
{
    html_markup(out, "<figure role=\"img\" aria-label=\"%s\">", json_text(block, "said"));
    bytes_text(out, json_text(block, "svg")); /* made by this program, its texts escaped */
    bytes_text(out, "</figure>\n");
}

static void html_list(struct bytes *out, const json_t *block)
{
    size_t i;
    json_t *item;
    bytes_text(out, "<ul>\n");
    json_array_foreach(json_object_get(block, "items"), i, item)
    {
        bytes_text(out, "<li>");
        html_line(out, item);
        bytes_text(out, "</li>\n");
    }
    bytes_text(out, "</ul>\n");
}

static void html_fold(struct bytes *out, const json_t *block)
{
    html_markup(out, "<details open=\"\" id=\"%s\"><summary>%s</summary>\n", json_text(block, "id"),
                json_text(block, "title"));
    blocks(out, json_object_get(block, "blocks"));
    bytes_text(out, "</details>\n");
}

static void html_group(struct bytes *out, const json_t *block)
{
    bytes_text(out, "<div class=\"group\">\n");
    blocks(out, json_object_get(block, "blocks"));
    bytes_text(out, "</div>\n");
}

static void html_blanks(struct bytes *out, const json_t *block)
{
    size_t i;
    json_t *label;
    bytes_text(out, "<div class=\"blanks\">");
    if (*json_text(block, "title") != '\0')
        html_markup(out, "<h4>%s</h4>\n", json_text(block, "title"));
    json_array_foreach(json_object_get(block, "labels"), i, label)
        html_markup(out, "<div class=\"blank\"><span>%s</span></div>\n", json_string_value(label));
    bytes_text(out, "</div>\n");
}

static void html_fields(struct bytes *out, const json_t *block)
{
    size_t i;
    json_t *row;
    bytes_text(out, "<dl>\n");
    json_array_foreach(json_object_get(block, "rows"), i, row)
    {
        html_markup(out, "<dt>%s</dt><dd>", json_text(row, "name"));
        html_line(out, json_object_get(row, "value"));
        bytes_text(out, "</dd>\n");
    }
    bytes_text(out, "</dl>\n");
}

static void html_row(struct bytes *out, const json_t *row)
{
    size_t i;
    json_t *cell;
    if (json_object_get(row, "id") != NULL)
        html_markup(out, "<tr id=\"%s\">", json_text(row, "id"));
    else
        bytes_text(out, "<tr>");
    json_array_foreach(json_object_get(row, "cells"), i, cell)
    {
        bytes_text(out, i == 0 ? "<th scope=\"row\">" : "<td>");
        html_line(out, cell);
        bytes_text(out, i == 0 ? "</th>" : "</td>");
    }
    bytes_text(out, "</tr>\n");
}

/* Shares of the width, in percent, where the document says them. */
static void html_widths(struct bytes *out, const json_t *widths)
{
    size_t i;
    json_t *width;
    bytes_text(out, json_array_size(widths) > 0 ? "<colgroup>" : "");
    json_array_foreach(widths, i, width)
        bytes_format(out, "<col style=\"width: %d%%\"/>", (int)json_integer_value(width));
    bytes_text(out, json_array_size(widths) > 0 ? "</colgroup>\n" : "");
}

static void html_table(struct bytes *out, const json_t *block)
{
    size_t i;
    json_t *item;
    bool form = json_is_true(json_object_get(block, "form"));
    html_markup(out, "<div class=\"wide%s\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table>\n",
                form ? " form" : "", json_text(block, "label"));
    html_widths(out, json_object_get(block, "widths"));
    bytes_text(out, "<thead><tr>");
    json_array_foreach(json_object_get(block, "columns"), i, item)
        html_markup(out, "<th scope=\"col\">%s</th>", json_string_value(item));
    bytes_text(out, "</tr></thead>\n<tbody>\n");
    json_array_foreach(json_object_get(block, "rows"), i, item) html_row(out, item);
    bytes_text(out, "</tbody></table></div>\n");
}

static const struct block_writer kinds[] = {
    {"text", html_text},         {"result", html_result},
    {"heading", html_heading},   {"pre", html_pre},
    {"diff", html_diff},         {"drawing", html_drawing},
    {"list", html_list},         {"fold", html_fold},
    {"blanks", html_blanks},     {"fields", html_fields},
    {"table", html_table},       {"group", html_group},
    {"boxes", paper_html_boxes}, {"digest", paper_html_digest},
    {"space", paper_html_space}, {0},
};

static void blocks(struct bytes *out, const json_t *list)
{
    blocks_write(out, list, kinds);
}

/* ---- the whole ---- */

static void html_contents(struct bytes *out, const json_t *sections)
{
    size_t i;
    json_t *section;
    bytes_text(out, "<nav aria-label=\"Contents\"><ol>\n");
    json_array_foreach(sections, i, section) html_markup(
        out, "<li><a href=\"#%s\">%s</a></li>\n", json_text(section, "id"), json_text(section, "title"));
    bytes_text(out, "</ol></nav>\n");
}

static void html_head(struct bytes *out, const json_t *document)
{
    const json_t *running = json_object_get(document, "running");
    html_markup(out,
                "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta name=\"color-scheme\" content=\"light dark\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                "'unsafe-inline'\">\n<title>%s</title>\n<style>\n",
                json_text(document, "language"), json_text(document, "title"));
    for (const char *const *rule = document_style; *rule != NULL; rule++)
        bytes_text(out, *rule);
    if (running != NULL)
        paper_html_running(out, running);
    bytes_format(out, "</style>\n</head>\n<body%s>\n", running != NULL ? " class=\"paper\"" : "");
}

static void html_section(struct bytes *out, const json_t *section)
{
    bytes_format(out, "<section%s", json_is_true(json_object_get(section, "page")) ? " class=\"page\"" : "");
    html_markup(out, " aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n", json_text(section, "id"),
                json_text(section, "id"), json_text(section, "title"));
    blocks(out, json_object_get(section, "blocks"));
    bytes_text(out, "</section>\n");
}

void document_html(struct bytes *out, const json_t *document)
{
    const json_t *sections = json_object_get(document, "sections");
    size_t i;
    json_t *section;
    html_head(out, document);
    html_markup(out, "<header><h1>%s</h1>\n", json_text(document, "title"));
    blocks(out, json_object_get(document, "lead"));
    bytes_text(out, "</header>\n");
    html_contents(out, sections);
    bytes_text(out, "<main>\n");
    json_array_foreach(sections, i, section) html_section(out, section);
    bytes_text(out, "</main>\n</body>\n</html>\n");
}

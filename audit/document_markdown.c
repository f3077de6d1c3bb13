#include "documentparts.h"

#include <string.h>

/* ---- text ---- */

/* What Markdown or HTML inside it would take for more than text; a line stays a line. */
void md_escaped(struct bytes *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            bytes_text(out, " ");
            continue;
        }
        if (strchr("\\`*_[]<>|#&~", *text) != NULL)
            bytes_text(out, "\\");
        bytes_add(out, text, 1);
    }
}

/* A code span with more backticks around it than are inside. In a table "|" would end the cell even there. */
static void code(struct bytes *out, const char *text)
{
    size_t run = 0, longest = 0;
    for (const char *c = text; *c != '\0'; c++) {
        run = *c == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    OWN(char) *fence = memory_new(longest + 2, 1);
    memset(fence, '`', longest + 1);
    bytes_format(out, longest > 0 ? "%s " : "%s", fence);
    for (const char *c = text; *c != '\0'; c++)
        bytes_text(out, *c == '|' ? "\\|" : *c == '\n' ? " " : (char[]){*c, '\0'});
    bytes_format(out, longest > 0 ? " %s" : "%s", fence);
}

void md_line(struct bytes *out, const json_t *piece)
{
    if (json_is_string(piece)) {
        md_escaped(out, json_string_value(piece));
        return;
    }
    size_t i;
    json_t *inner;
    json_array_foreach(piece, i, inner) md_line(out, inner);
    if (!json_is_object(piece))
        return;
    const char *style = json_text(piece, "style"), *to = json_text(piece, "to");
    if (*to == '\0' && strcmp(style, "code") == 0) {
        code(out, json_text(piece, "text"));
        return;
    }
    if (strcmp(style, "box") == 0) {
        bytes_text(out, "☐");
        return;
    }
    if (strcmp(style, "time") == 0) {
        md_escaped(out, json_text(piece, "text"));
        return;
    }
    bytes_text(out, *to != '\0' ? "[" : "**");
    md_escaped(out, json_text(piece, "text"));
    if (*to != '\0')
        bytes_format(out, "](#%s)", to);
    else
        bytes_text(out, "**");
}

void md_begin(struct bytes *out, const json_t *piece)
{
    const char *text = json_string_value(piece);
    size_t digits = text != NULL ? strspn(text, "0123456789") : 0;
    if (text == NULL || text[digits] == '\0' || strchr(digits > 0 ? ".)" : "-+", text[digits]) == NULL) {
        md_line(out, piece);
        return;
    }
    bytes_add(out, text, digits);
    bytes_text(out, "\\");
    bytes_add(out, text + digits, 1);
    md_escaped(out, text + digits + 1);
}

/* A fence that no line of the text can close. */
static void fenced(struct bytes *out, const char *info, const char *text)
{
    const char *fence = "````````";
    bytes_format(out, "%s%s\n", fence, info);
    while (*text != '\0') {
        size_t len = strcspn(text, "\n");
        if (strncmp(text + strspn(text, " "), fence, strlen(fence)) == 0)
            bytes_text(out, "\\");
        bytes_add(out, text, len);
        bytes_text(out, "\n");
        text += len + (text[len] == '\n');
    }
    bytes_format(out, "%s\n\n", fence);
}

/* ---- blocks ---- */

static void blocks(struct bytes *out, const json_t *list);

static void md_text(struct bytes *out, const json_t *block)
{
    md_begin(out, json_object_get(block, "text"));
    bytes_text(out, "\n\n");
}

static void md_result(struct bytes *out, const json_t *block)
{
    bytes_text(out, "> ");
    md_text(out, block);
}

static void anchored(struct bytes *out, const char *level, const json_t *block)
{
    bytes_format(out, "%s <a id=\"%s\"></a>", level, json_text(block, "id"));
    md_escaped(out, json_text(block, "title"));
    bytes_text(out, "\n\n");
}

static void md_heading(struct bytes *out, const json_t *block)
{
    anchored(out, "###", block);
}

static void md_pre(struct bytes *out, const json_t *block)
{
    fenced(out, "", json_text(block, "text"));
}

static void md_diff(struct bytes *out, const json_t *block)
{
    fenced(out, "diff", json_text(block, "text"));
}

static void md_drawing(struct bytes *out, const json_t *block)
{
    fenced(out, "", json_text(block, "said"));
}

static void md_list(struct bytes *out, const json_t *block)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(block, "items"), i, item)
    {
        bytes_text(out, "- ");
        md_begin(out, item);
        bytes_text(out, "\n");
    }
    bytes_text(out, "\n");
}

static void md_fold(struct bytes *out, const json_t *block)
{
    anchored(out, "###", block);
    blocks(out, json_object_get(block, "blocks"));
}

static void md_group(struct bytes *out, const json_t *block)
{
    blocks(out, json_object_get(block, "blocks"));
}

static void md_blanks(struct bytes *out, const json_t *block)
{
    size_t i;
    json_t *label;
    if (*json_text(block, "title") != '\0') {
        md_escaped(out, json_text(block, "title"));
        bytes_text(out, "\n\n");
    }
    json_array_foreach(json_object_get(block, "labels"), i, label)
    {
        bytes_text(out, "- ");
        md_escaped(out, json_string_value(label));
        bytes_text(out, ": ______________________________\n");
    }
    bytes_text(out, "\n");
}

static void md_fields(struct bytes *out, const json_t *block)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(block, "rows"), i, row)
    {
        bytes_text(out, "- ");
        md_escaped(out, json_text(row, "name"));
        bytes_text(out, ": ");
        md_line(out, json_object_get(row, "value"));
        bytes_text(out, "\n");
    }
    bytes_text(out, "\n");
}

static void md_table(struct bytes *out, const json_t *block)
{
    const json_t *columns = json_object_get(block, "columns");
    size_t i, c;
    json_t *row, *cell;
    json_array_foreach(columns, i, cell)
    {
        bytes_text(out, "| ");
        md_escaped(out, json_string_value(cell));
        bytes_text(out, " ");
    }
    bytes_text(out, "|\n");
    for (i = 0; i < json_array_size(columns); i++)
        bytes_text(out, "|---");
    bytes_text(out, "|\n");
    json_array_foreach(json_object_get(block, "rows"), i, row)
    {
        bytes_text(out, "| ");
        if (json_object_get(row, "id") != NULL)
            bytes_format(out, "<a id=\"%s\"></a>", json_text(row, "id"));
        json_array_foreach(json_object_get(row, "cells"), c, cell)
        {
            md_line(out, cell);
            bytes_text(out, " | ");
        }
        bytes_text(out, "\n");
    }
    bytes_text(out, "\n");
}

static const struct block_writer kinds[] = {
    {"text", md_text},         {"result", md_result},       {"heading", md_heading},   {"pre", md_pre},
    {"diff", md_diff},         {"drawing", md_drawing},     {"list", md_list},         {"fold", md_fold},
    {"blanks", md_blanks},     {"fields", md_fields},       {"table", md_table},       {"group", md_group},
    {"boxes", paper_md_boxes}, {"digest", paper_md_digest}, {"space", paper_md_space}, {0},
};

static void blocks(struct bytes *out, const json_t *list)
{
    blocks_write(out, list, kinds);
}

void document_markdown(struct bytes *out, const json_t *document)
{
    size_t i;
    json_t *section;
    bytes_text(out, "# ");
    md_escaped(out, json_text(document, "title"));
    bytes_text(out, "\n\n");
    blocks(out, json_object_get(document, "lead"));
    json_array_foreach(json_object_get(document, "sections"), i, section)
    {
        anchored(out, "##", section);
        if (json_is_true(json_object_get(section, "page")) && json_object_get(document, "running") != NULL)
            paper_md_running(out, json_object_get(document, "running"));
        blocks(out, json_object_get(section, "blocks"));
    }
}

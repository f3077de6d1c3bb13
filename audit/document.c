#include "document.h"

#include <stdarg.h>
#include <string.h>

json_t *document_new(const char *title)
{
    return json_pack("{s:s, s:s, s:[]}", "title", title, "language", "en", "sections");
}

json_t *document_section(json_t *document, const char *id, const char *title)
{
    json_t *blocks = json_array();
    json_array_append_new(json_object_get(document, "sections"),
                          json_pack("{s:s, s:s, s:o}", "id", id, "title", title, "blocks", blocks));
    return blocks;
}

/* ---- lines ---- */

/* Text from elsewhere may be no UTF-8; then it is said instead of lost. */
static json_t *text_new(const char *text)
{
    json_t *string = json_string(text);
    return string != NULL ? string : json_string("(not UTF-8)");
}

json_t *line_text(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    OWN(char) *text = NULL;
    if (vasprintf(&text, format, list) < 0)
        abort();
    va_end(list);
    return text_new(text);
}

json_t *line_styled(const char *style, const char *text)
{
    return json_pack("{s:s, s:o}", "style", style, "text", text_new(text));
}

json_t *line_link(const char *to, const char *text)
{
    return json_pack("{s:s, s:o}", "to", to, "text", text_new(text));
}

json_t *line_of(json_t *first, ...)
{
    json_t *line = json_array();
    va_list list;
    va_start(list, first);
    for (json_t *piece = first; piece != NULL; piece = va_arg(list, json_t *))
        json_array_append_new(line, piece);
    va_end(list);
    return line;
}

/* ---- blocks ---- */

static json_t *block_new(json_t *blocks, const char *kind)
{
    json_t *block = json_pack("{s:s}", "kind", kind);
    json_array_append_new(blocks, block);
    return block;
}

void block_text(json_t *blocks, json_t *line)
{
    json_object_set_new(block_new(blocks, "text"), "text", line);
}

void block_result(json_t *blocks, const char *style, json_t *line)
{
    json_t *block = block_new(blocks, "result");
    json_object_set_new(block, "style", json_string(style));
    json_object_set_new(block, "text", line);
}

void block_heading(json_t *blocks, const char *id, const char *title)
{
    json_t *block = block_new(blocks, "heading");
    json_object_set_new(block, "id", json_string(id));
    json_object_set_new(block, "title", text_new(title));
}

static void block_labelled(json_t *blocks, const char *kind, const char *label, const char *text)
{
    json_t *block = block_new(blocks, kind);
    json_object_set_new(block, "label", text_new(label));
    json_object_set_new(block, "text", text_new(text));
}

void block_pre(json_t *blocks, const char *label, const char *text)
{
    block_labelled(blocks, "pre", label, text);
}

void block_diff(json_t *blocks, const char *label, const char *text)
{
    block_labelled(blocks, "diff", label, text);
}

void block_drawing(json_t *blocks, const char *svg, const char *said)
{
    json_t *block = block_new(blocks, "drawing");
    json_object_set_new(block, "svg", text_new(svg));
    json_object_set_new(block, "said", text_new(said));
}

json_t *block_list(json_t *blocks)
{
    json_t *items = json_array();
    json_object_set_new(block_new(blocks, "list"), "items", items);
    return items;
}

json_t *block_fold(json_t *blocks, const char *id, const char *title)
{
    json_t *block = block_new(blocks, "fold"), *inner = json_array();
    json_object_set_new(block, "id", json_string(id));
    json_object_set_new(block, "title", text_new(title));
    json_object_set_new(block, "blocks", inner);
    return inner;
}

/* "a|b|c" as an array. */
static json_t *parts_of(const char *text)
{
    json_t *list = json_array();
    for (;;) {
        size_t len = strcspn(text, "|");
        json_array_append_new(list, json_stringn(text, len));
        if (text[len] == '\0')
            return list;
        text += len + 1;
    }
}

void block_blanks(json_t *blocks, const char *title, const char *labels)
{
    json_t *block = block_new(blocks, "blanks");
    json_object_set_new(block, "title", text_new(title));
    json_object_set_new(block, "labels", parts_of(labels));
}

json_t *block_fields(json_t *blocks)
{
    json_t *rows = json_array();
    json_object_set_new(block_new(blocks, "fields"), "rows", rows);
    return rows;
}

void field_add(json_t *rows, const char *name, json_t *line)
{
    json_array_append_new(rows, json_pack("{s:o, s:o}", "name", text_new(name), "value", line));
}

json_t *block_table(json_t *blocks, const char *label, const char *columns)
{
    json_t *block = block_new(blocks, "table"), *rows = json_array();
    json_object_set_new(block, "label", text_new(label));
    json_object_set_new(block, "columns", parts_of(columns));
    json_object_set_new(block, "rows", rows);
    return rows;
}

void row_begin(json_t *rows, const char *id)
{
    json_t *row = json_pack("{s:[]}", "cells");
    if (id != NULL)
        json_object_set_new(row, "id", json_string(id));
    json_array_append_new(rows, row);
}

void cell_add(json_t *rows, json_t *line)
{
    json_t *row = json_array_get(rows, json_array_size(rows) - 1);
    json_array_append_new(json_object_get(row, "cells"), line);
}

void blocks_write(struct bytes *out, const json_t *blocks, const struct block_writer *writers)
{
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block) for (const struct block_writer *w = writers; w->kind != NULL; w++)
    {
        if (strcmp(w->kind, json_text(block, "kind")) == 0)
            w->write(out, block);
    }
}

/* ---- every text ---- */

/* Ids, styles and kinds are ours; all other strings are what people read. */
static bool is_text(const char *member)
{
    static const char *const ours[] = {"id", "style", "kind", "to", "language"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strcmp(member, ours[i]) == 0)
            return false;
    return true;
}

static json_t *changed(json_t *value, char *(*change)(void *, const char *), void *context)
{
    OWN(char) *text = change(context, json_string_value(value));
    return text != NULL ? text_new(text) : NULL;
}

void document_change(json_t *value, char *(*change)(void *context, const char *text), void *context)
{
    size_t i;
    json_t *inner;
    json_array_foreach(value, i, inner)
    {
        json_t *other = json_is_string(inner) ? changed(inner, change, context) : NULL;
        if (other != NULL)
            json_array_set_new(value, i, other);
        else
            document_change(inner, change, context);
    }
    const char *member;
    json_object_foreach(value, member, inner)
    {
        json_t *other = json_is_string(inner) && is_text(member) ? changed(inner, change, context) : NULL;
        if (other != NULL)
            json_object_set_new(value, member, other);
        else
            document_change(inner, change, context);
    }
}

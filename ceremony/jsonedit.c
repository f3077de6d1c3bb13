#include "jsonedit.h"

#include <string.h>

/* The text is scanned only after json_read accepted it, so the scanner trusts its shape. */

struct span {
    size_t start, end;
};

/* A member of an object, or an element of an array (its key is then empty and stands at the value). */
struct member {
    struct span key, value;
};

static char at(const struct bytes *text, size_t i)
{
    return i < text->len ? (char)text->data[i] : 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t space_end(const struct bytes *text, size_t i)
{
    while (is_space(at(text, i)))
        i++;
    return i;
}

static size_t string_end(const struct bytes *text, size_t i)
{
    for (i++; at(text, i) != '"'; i++)
        if (at(text, i) == '\\')
            i++;
    return i + 1;
}

static size_t container_end(const struct bytes *text, size_t i)
{
    size_t depth = 0;
    do {
        char c = at(text, i);
        if (c == '"') {
            i = string_end(text, i);
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        if (c == '}' || c == ']')
            depth--;
        i++;
    } while (depth > 0);
    return i;
}

static size_t value_end(const struct bytes *text, size_t i)
{
    char c = at(text, i);
    if (c == '"')
        return string_end(text, i);
    if (c == '{' || c == '[')
        return container_end(text, i);
    while (i < text->len && !is_space(at(text, i)) && strchr(",]}", at(text, i)) == NULL)
        i++;
    return i;
}

/* `*i` stands behind the opening bracket or behind the comma; false at the closing one. */
static bool member_next(const struct bytes *text, size_t *i, bool keyed, struct member *member)
{
    size_t start = space_end(text, *i);
    if (at(text, start) == '}' || at(text, start) == ']')
        return false;
    size_t end = keyed ? string_end(text, start) : start;
    size_t value = keyed ? space_end(text, space_end(text, end) + 1) : start;
    *member = (struct member){{start, end}, {value, value_end(text, value)}};
    *i = space_end(text, member->value.end);
    if (at(text, *i) == ',')
        ++*i;
    return true;
}

static json_t *span_read(const struct bytes *text, struct span span)
{
    return json_loadb((const char *)text->data + span.start, span.end - span.start, JSON_DECODE_ANY, NULL);
}

/* ---- the way down ---- */

/* Where a path leads. Absent: `rest` is the first missing component and `member` the last one of its object,
 * `empty` when that has none. */
struct goal {
    bool found, empty;
    struct member member;
    struct span container;
    const char *rest;
};

static bool is_index(const char *name)
{
    return *name != 0 && strspn(name, "0123456789") == strlen(name);
}

static bool object_find(struct goal *goal, const struct bytes *text, const char *name, const char *what,
                        struct err *err)
{
    struct member member;
    goal->found = false;
    goal->empty = true;
    for (size_t i = goal->container.start + 1; member_next(text, &i, true, &member);) {
        OWN(json_t) *key = span_read(text, member.key);
        const char *known = json_string_value(key);
        if (strcmp(known, name) != 0 && json_key_folds(known, name))
            return err_set(err,
                           "%s: \"%s\" stands where \"%s\" is meant (step-ca takes both for one); correct it",
                           what, known, name);
        if (goal->found)
            continue;
        goal->empty = false;
        goal->member = member;
        goal->found = strcmp(known, name) == 0;
    }
    return true;
}

static bool array_find(struct goal *goal, const struct bytes *text, const char *name, const char *what,
                       struct err *err)
{
    if (!is_index(name))
        return err_set(err, "%s: \"%s\" is asked of an array; use an index from 0", what, name);
    size_t index = strtoul(name, NULL, 10), i = goal->container.start + 1;
    do
        if (!member_next(text, &i, false, &goal->member))
            return err_set(err, "%s: the array has no element %s", what, name);
    while (index-- > 0);
    goal->found = true;
    return true;
}

/* `path` is cut into components in place. */
static bool walk(struct goal *goal, const struct bytes *text, char *path, const char *what, struct err *err)
{
    size_t root = space_end(text, 0);
    goal->member.value = (struct span){root, value_end(text, root)};
    for (char *next = path; next != NULL;) {
        const char *name = next;
        next = strchr(next, '.');
        if (next != NULL)
            *next++ = 0;
        goal->container = goal->member.value;
        char kind = at(text, goal->container.start);
        if (kind != '{' && kind != '[')
            return err_set(err,
                           "%s: \"%s\" is asked of something that is no object; remove what stands there",
                           what, name);
        if (!(kind == '{' ? object_find : array_find)(goal, text, name, what, err))
            return false;
        if (!goal->found) {
            goal->rest = name;
            if (next != NULL)
                next[-1] = '.';
            return true;
        }
    }
    return true;
}

static bool task_check(const struct bytes *text, const char *path, const char *what, struct err *err)
{
    size_t len = strlen(path);
    if (len == 0 || path[0] == '.' || path[len - 1] == '.' || strstr(path, "..") != NULL)
        return err_set(err, "%s: the path to edit has an empty component", what);
    OWN(json_t) *whole = NULL;
    if (!json_read(&whole, text, what, err))
        return false;
    return json_is_object(whole) || err_set(err, "%s: not a JSON object", what);
}

bool jsonedit_get(json_t **out, const struct bytes *text, const char *path, const char *what, struct err *err)
{
    OWN(char) *components = text_copy(path);
    struct goal goal = {0};
    if (!task_check(text, path, what, err) || !walk(&goal, text, components, what, err))
        return false;
    *out = goal.found ? span_read(text, goal.member.value) : NULL;
    return true;
}

/* ---- layout ---- */

/* White space in front of `i` back to the line's start; false when something else stands in the line. */
static bool line_indent(struct span *indent, const struct bytes *text, size_t i)
{
    size_t start = i;
    while (start > 0 && (at(text, start - 1) == ' ' || at(text, start - 1) == '\t'))
        start--;
    *indent = (struct span){start, i};
    return start > 0 && at(text, start - 1) == '\n';
}

/* The white space that begins the line in which `i` stands. */
static struct span line_margin(const struct bytes *text, size_t i)
{
    size_t start = i;
    while (start > 0 && at(text, start - 1) != '\n')
        start--;
    size_t end = start;
    while (at(text, end) == ' ' || at(text, end) == '\t')
        end++;
    return (struct span){start, end};
}

static void span_add(struct bytes *out, const struct bytes *text, struct span span)
{
    bytes_add(out, text->data + span.start, span.end - span.start);
}

/* How the text is laid out: what ends a line (NULL: it is one line) and one step of indent. */
struct layout {
    const char *newline;
    struct bytes unit;
};

static void layout_free(struct layout *layout)
{
    bytes_free(&layout->unit);
}

static struct layout layout_of(const struct bytes *text)
{
    struct layout layout = {0};
    const char *feed = strchr(bytes_string(text), '\n');
    if (feed == NULL)
        return layout;
    layout.newline = feed > bytes_string(text) && feed[-1] == '\r' ? "\r\n" : "\n";
    struct span first;
    if (line_indent(&first, text, space_end(text, space_end(text, 0) + 1)) && first.end > first.start)
        span_add(&layout.unit, text, first);
    else
        bytes_text(&layout.unit, "\t");
    return layout;
}

/* The value as Go writes it, its tabs and newlines turned into the text's own; every line after the first
 * begins with `margin`. */
static void value_add(struct bytes *out, const json_t *value, const struct layout *layout,
                      const struct bytes *margin)
{
    if (layout->newline == NULL) {
        json_go_compact(out, value);
        return;
    }
    OWN_STRUCT(bytes) go = {0};
    json_go(&go, value);
    bool leading = false;
    for (const char *c = bytes_string(&go); *c != 0; c++) {
        if (*c == '\n') {
            bytes_text(out, layout->newline);
            bytes_add(out, margin->data, margin->len);
            leading = true;
        } else if (*c == '\t' && leading) {
            bytes_add(out, layout->unit.data, layout->unit.len);
        } else {
            bytes_add(out, c, 1);
            leading = false;
        }
    }
}

/* ---- changing ---- */

static void splice(struct bytes *text, struct span span, const struct bytes *with)
{
    struct bytes changed = {0};
    bytes_add(&changed, text->data, span.start);
    bytes_add(&changed, with->data, with->len);
    bytes_add(&changed, text->data + span.end, text->len - span.end);
    bytes_free(text);
    *text = changed;
}

static void member_replace(struct bytes *text, const struct member *member, const json_t *value)
{
    __attribute__((cleanup(layout_free))) struct layout layout = layout_of(text);
    OWN_STRUCT(bytes) margin = {0}, written = {0};
    struct span indent;
    if (line_indent(&indent, text, member->key.start))
        span_add(&margin, text, indent);
    else
        layout.newline = NULL; /* it shares its line with others: stay in it */
    value_add(&written, value, &layout, &margin);
    splice(text, member->value, &written);
}

static void key_add(struct bytes *out, const char *key, bool spaced)
{
    OWN(json_t) *name = json_string(key);
    json_go_compact(out, name);
    bytes_text(out, spaced ? ": " : ":");
}

static void member_append(struct bytes *text, const struct goal *goal, const char *key, const json_t *value)
{
    __attribute__((cleanup(layout_free))) struct layout layout = layout_of(text);
    OWN_STRUCT(bytes) margin = {0}, written = {0};
    struct span indent, gap = {goal->member.value.end, goal->member.value.end};
    struct span outer = line_margin(text, goal->container.start);
    if (goal->empty) {
        gap = (struct span){goal->container.start + 1, goal->container.end - 1};
        span_add(&margin, text, outer);
        bytes_add(&margin, layout.unit.data, layout.unit.len);
    } else {
        bytes_text(&written, ",");
        if (line_indent(&indent, text, goal->member.key.start))
            span_add(&margin, text, indent);
        else
            layout.newline = NULL;
    }
    if (layout.newline != NULL) {
        bytes_text(&written, layout.newline);
        bytes_add(&written, margin.data, margin.len);
    }
    key_add(&written, key, layout.newline != NULL);
    value_add(&written, value, &layout, &margin);
    if (goal->empty && layout.newline != NULL) {
        bytes_text(&written, layout.newline);
        span_add(&written, text, outer);
    }
    splice(text, gap, &written);
}

/* The value inside one new object for every component behind the first of `rest`, which becomes the key. */
static bool rest_wrap(json_t **out, char *rest, const json_t *value, const char *what, struct err *err)
{
    json_t *wrapped = json_incref((json_t *)value);
    for (char *dot; (dot = strrchr(rest, '.')) != NULL; *dot = 0) {
        json_t *outer = json_object();
        if (json_object_set_new(outer, dot + 1, wrapped) != 0)
            abort();
        wrapped = outer;
        if (!is_index(dot + 1))
            continue;
        json_decref(wrapped);
        return err_set(err, "%s: there is no array to hold element %s", what, dot + 1);
    }
    *out = wrapped;
    return true;
}

bool jsonedit_set(struct bytes *text, const char *path, const json_t *value, const char *what,
                  struct err *err)
{
    OWN(char) *components = text_copy(path);
    struct goal goal = {0};
    if (!task_check(text, path, what, err) || !walk(&goal, text, components, what, err))
        return false;
    if (goal.found) {
        OWN(json_t) *old = span_read(text, goal.member.value);
        if (!json_equal(old, value))
            member_replace(text, &goal.member, value);
        return true;
    }
    OWN(char) *rest = text_copy(goal.rest);
    OWN(json_t) *wrapped = NULL;
    if (!rest_wrap(&wrapped, rest, value, what, err))
        return false;
    member_append(text, &goal, rest, wrapped);
    return true;
}

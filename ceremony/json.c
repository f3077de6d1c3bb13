#include "json.h"

#include <string.h>

#define INTEGER_MAX 9007199254740992 /* 2^53: above it jq (doubles) prints another number */
#define DEPTH_MAX 127                /* containers; jq 1.6 reads 256 levels and counts an object as two */

/* ---- reading ---- */

struct spot {
    size_t line, column;
};

static struct spot spot_of(const struct bytes *text, size_t offset)
{
    struct spot spot = {1, 1};
    for (size_t i = 0; i < offset && i < text->len; i++) {
        bool continues = (text->data[i] & 0xC0) == 0x80;
        if (text->data[i] == '\n')
            spot = (struct spot){spot.line + 1, 1};
        else if (!continues)
            spot.column++;
    }
    return spot;
}

static bool is_space(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* `end` is just behind the token that was refused. */
static bool comma_before(const struct bytes *text, size_t end, size_t *comma)
{
    if (end < 2 || end > text->len || (text->data[end - 1] != '}' && text->data[end - 1] != ']'))
        return false;
    for (size_t i = end - 1; i-- > 0;) {
        if (is_space(text->data[i]))
            continue;
        *comma = i;
        return text->data[i] == ',';
    }
    return false;
}

/* Content is not quoted, except a key: it may be a secret. */
static const char *reason_of(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_premature_end_of_input:
        return "the text ends too early; a bracket, brace or quote is not closed";
    case json_error_end_of_input_expected:
        return "something stands behind the value; remove it";
    case json_error_duplicate_key:
        return "the same member stands twice in one object (RFC 8259 section 4); remove one";
    case json_error_numeric_overflow:
        return "a number is too large";
    case json_error_invalid_utf8:
        return "not valid UTF-8 (RFC 8259 section 8.1)";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "\\u0000 is not allowed in a string here";
    case json_error_stack_overflow:
        return "nested too deeply";
    default:
        return "not JSON (RFC 8259); a comma, colon, quote or bracket is missing or too many";
    }
}

static bool report(const struct bytes *text, const json_error_t *error, const char *what, struct err *err)
{
    size_t end = error->position > 0 ? (size_t)error->position : 0;
    size_t comma = 0;
    if (comma_before(text, end, &comma)) {
        struct spot spot = spot_of(text, comma);
        return err_set(
            err, "%s: line %zu, column %zu: trailing comma before '%c'; remove it (RFC 8259 allows none)",
            what, spot.line, spot.column, text->data[end - 1]);
    }
    struct spot spot = spot_of(text, end > 0 ? end - 1 : 0);
    return err_set(err, "%s: line %zu, column %zu: %s", what, spot.line, spot.column, reason_of(error));
}

bool json_read(json_t **out, const struct bytes *text, const char *what, struct err *err)
{
    if (text->len >= 3 && memcmp(text->data, "\xEF\xBB\xBF", 3) == 0)
        return err_set(err, "%s: line 1, column 1: a byte order mark; remove it (RFC 8259 section 8.1)",
                       what);
    json_error_t error;
    json_t *value =
        json_loadb(bytes_string(text), text->len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (value == NULL)
        return report(text, &error, what, err);
    *out = value;
    return true;
}

bool json_member_string(const char **out, const json_t *object, const char *member, const char *what,
                        struct err *err)
{
    const json_t *value = json_object_get(object, member);
    if (value == NULL)
        return err_set(err, "%s: member \"%s\" is missing", what, member);
    if (!json_is_string(value))
        return err_set(err, "%s: member \"%s\" must be a string", what, member);
    *out = json_string_value(value);
    return true;
}

/* The two characters outside ASCII whose case folds into it. */
static char folded(const char **at)
{
    static const char *const long_s = "\xC5\xBF", *const kelvin = "\xE2\x84\xAA";
    const char *c = *at;
    if (strncmp(c, long_s, 2) == 0) {
        *at += 2;
        return 's';
    }
    if (strncmp(c, kelvin, 3) == 0) {
        *at += 3;
        return 'k';
    }
    *at += 1;
    return *c >= 'A' && *c <= 'Z' ? (char)(*c | 0x20) : *c;
}

bool json_key_folds(const char *a, const char *b)
{
    while (*a != 0 && *b != 0)
        if (folded(&a) != folded(&b))
            return false;
    return *a == *b;
}

/* ---- writing ---- */

/* The two dialects differ in their strings, numbers, order and white space; their shape is the same. */
struct dialect {
    bool canonical, indented;
};

static void string_break(struct bytes *out, const char *run, const char *end, const char *escape)
{
    bytes_add(out, run, (size_t)(end - run));
    bytes_text(out, escape);
}

static const char *escape_short(unsigned char c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    default:
        return NULL;
    }
}

static bool is_escaped(unsigned char c, bool canonical)
{
    if (c < 0x20)
        return true;
    return canonical ? c == 0x7F : c == '<' || c == '>' || c == '&';
}

/* U+2028 and U+2029, which Go escapes for the sake of JavaScript. */
static const char *escape_separator(const char *at, const char *end)
{
    if (end - at < 3 || memcmp(at, "\xE2\x80", 2) != 0)
        return NULL;
    return at[2] == '\xA8' ? "\\u2028" : at[2] == '\xA9' ? "\\u2029" : NULL;
}

static void string_write(struct bytes *out, const char *text, size_t len, bool canonical)
{
    const char *end = text + len, *run = text;
    bytes_text(out, "\"");
    for (const char *at = text; at < end;) {
        unsigned char c = (unsigned char)*at;
        size_t width = 1;
        char numeric[8];
        const char *escape = escape_short(c);
        if (escape == NULL && is_escaped(c, canonical)) {
            snprintf(numeric, sizeof numeric, "\\u%04x", c);
            escape = numeric;
        }
        if (escape == NULL && !canonical && (escape = escape_separator(at, end)) != NULL)
            width = 3;
        if (escape != NULL) {
            string_break(out, run, at, escape);
            run = at + width;
        }
        at += width;
    }
    string_break(out, run, end, "\"");
}

/* Go's encoding/json (floatEncoder): the shortest digits that read back as the same number, ES6 layout. */
static void real_write(struct bytes *out, double value)
{
    char text[400];
    int digits = 1;
    do
        snprintf(text, sizeof text, "%.*e", digits - 1, value);
    while (strtod(text, NULL) != value && ++digits <= 17);
    const char *mark = strchr(text, 'e');
    long exponent = strtol(mark + 1, NULL, 10);
    if (value != 0 && (exponent < -6 || exponent >= 21)) {
        bytes_add(out, text, (size_t)(mark - text));
        bytes_format(out, "e%+ld", exponent);
        return;
    }
    long decimals = digits - 1 - exponent;
    bytes_format(out, "%.*f", decimals > 0 ? (int)decimals : 0, value);
}

static void line_break(struct bytes *out, struct dialect dialect, unsigned depth)
{
    if (!dialect.indented)
        return;
    bytes_text(out, "\n");
    for (unsigned i = 0; i < depth; i++)
        bytes_text(out, "\t");
}

static bool value_write(struct bytes *out, const json_t *value, struct dialect dialect, unsigned depth,
                        struct err *err);

static bool array_write(struct bytes *out, const json_t *array, struct dialect dialect, unsigned depth,
                        struct err *err)
{
    bytes_text(out, "[");
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0)
            bytes_text(out, ",");
        line_break(out, dialect, depth + 1);
        if (!value_write(out, json_array_get(array, i), dialect, depth + 1, err))
            return false;
    }
    if (json_array_size(array) > 0)
        line_break(out, dialect, depth);
    bytes_text(out, "]");
    return true;
}

static int key_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Keys in the order in which they are written; jq and Go agree that bytes decide. */
static const char **keys_of(json_t *object, bool sorted)
{
    const char **keys = memory_new(json_object_size(object), sizeof *keys);
    size_t n = 0;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) keys[n++] = key;
    if (sorted)
        qsort(keys, n, sizeof *keys, key_order);
    return keys;
}

static void keys_free(const char ***keys)
{
    free(*keys);
}

static bool object_write(struct bytes *out, const json_t *object, struct dialect dialect, unsigned depth,
                         struct err *err)
{
    OWN(json_t) *held = json_incref((json_t *)object);
    __attribute__((cleanup(keys_free))) const char **keys = keys_of(held, dialect.canonical);
    size_t count = json_object_size(object);
    bytes_text(out, "{");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            bytes_text(out, ",");
        line_break(out, dialect, depth + 1);
        string_write(out, keys[i], strlen(keys[i]), dialect.canonical);
        bytes_text(out, dialect.indented ? ": " : ":");
        if (!value_write(out, json_object_get(object, keys[i]), dialect, depth + 1, err))
            return err_wrap(err, "%s", keys[i]);
    }
    if (count > 0)
        line_break(out, dialect, depth);
    bytes_text(out, "}");
    return true;
}

static bool number_write(struct bytes *out, const json_t *value, struct dialect dialect, struct err *err)
{
    if (json_is_real(value)) {
        if (dialect.canonical)
            return err_set(err, "a real number has no canonical form here; use an integer or a string");
        real_write(out, json_real_value(value));
        return true;
    }
    json_int_t number = json_integer_value(value);
    if (dialect.canonical && (number > INTEGER_MAX || number < -INTEGER_MAX))
        return err_set(err, "integer beyond 2^53; use a string (RFC 8259 section 6)");
    bytes_format(out, "%" JSON_INTEGER_FORMAT, number);
    return true;
}

static bool value_write(struct bytes *out, const json_t *value, struct dialect dialect, unsigned depth,
                        struct err *err)
{
    if (dialect.canonical && depth >= DEPTH_MAX && (json_is_object(value) || json_is_array(value)))
        return err_set(err, "nested more than %d deep", DEPTH_MAX);
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return object_write(out, value, dialect, depth, err);
    case JSON_ARRAY:
        return array_write(out, value, dialect, depth, err);
    case JSON_STRING:
        string_write(out, json_string_value(value), json_string_length(value), dialect.canonical);
        return true;
    case JSON_INTEGER:
    case JSON_REAL:
        return number_write(out, value, dialect, err);
    default:
        bytes_text(out, json_is_true(value) ? "true" : json_is_false(value) ? "false" : "null");
        return true;
    }
}

bool json_canonical(struct bytes *out, const json_t *value, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    if (!value_write(&text, value, (struct dialect){.canonical = true}, 0, err))
        return err_wrap(err, "canonical JSON");
    bytes_add(out, text.data, text.len);
    return true;
}

/* Only the canonical dialect refuses anything. */
static void go_write(struct bytes *out, const json_t *value, bool indented)
{
    struct err impossible = {0};
    if (!value_write(out, value, (struct dialect){.indented = indented}, 0, &impossible))
        abort();
}

void json_go(struct bytes *out, const json_t *value)
{
    go_write(out, value, true);
}

void json_go_compact(struct bytes *out, const json_t *value)
{
    go_write(out, value, false);
}

const char *json_text(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text != NULL ? text : "";
}

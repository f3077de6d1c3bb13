#include "der.h"

enum { CONSTRUCTED = 0x20, LONG_TAG = 0x1f, DEEPEST = 32 };

/* The length at `at` of `rest`; `used` gets how many bytes say it. */
static bool length_read(size_t *len, size_t *used, const struct der *rest)
{
    const unsigned char *at = rest->data + 1;
    size_t left = rest->len - 1, count = at[0] & 0x7fu;
    if (at[0] < 0x80) {
        *len = at[0];
        *used = 1;
        return true;
    }
    if (count == 0 || count > 4 || left < 1 + count || at[1] == 0)
        return false;
    *len = 0;
    for (size_t i = 1; i <= count; i++)
        *len = *len << 8 | at[i];
    *used = 1 + count;
    return *len >= 0x80;
}

bool der_take(struct der_item *out, struct der *rest)
{
    size_t len = 0, used = 0;
    if (rest->len < 2 || (rest->data[0] & LONG_TAG) == LONG_TAG || !length_read(&len, &used, rest) ||
        len > rest->len - 1 - used)
        return false;
    *out = (struct der_item){rest->data[0], {rest->data + 1 + used, len}};
    *rest = (struct der){rest->data + 1 + used + len, rest->len - 1 - used - len};
    return true;
}

bool der_expect(struct der *content, struct der *rest, unsigned char tag)
{
    struct der_item item;
    struct der after = *rest;
    if (!der_take(&item, &after) || item.tag != tag)
        return false;
    *content = item.content;
    *rest = after;
    return true;
}

static bool integer_is_strict(struct der content)
{
    const unsigned char *at = content.data;
    if (content.len < 2)
        return content.len == 1;
    return !(at[0] == 0 && at[1] < 0x80) && !(at[0] == 0xff && at[1] >= 0x80);
}

static bool bits_are_strict(struct der content)
{
    if (content.len == 0 || content.data[0] > 7 || (content.len == 1 && content.data[0] != 0))
        return false;
    unsigned unused = content.data[0];
    return unused == 0 || (content.data[content.len - 1] & ((1u << unused) - 1)) == 0;
}

static bool items_are_strict(struct der rest, int depth);

static bool item_is_strict(const struct der_item *item, int depth)
{
    if ((item->tag & CONSTRUCTED) != 0)
        return depth < DEEPEST && items_are_strict(item->content, depth + 1);
    if (item->tag == DER_BOOLEAN)
        return item->content.len == 1 && (item->content.data[0] == 0 || item->content.data[0] == 0xff);
    if (item->tag == DER_INTEGER)
        return integer_is_strict(item->content);
    return item->tag != DER_BITS || bits_are_strict(item->content);
}

static bool items_are_strict(struct der rest, int depth)
{
    struct der_item item;
    while (rest.len > 0)
        if (!der_take(&item, &rest) || !item_is_strict(&item, depth))
            return false;
    return true;
}

bool der_is_strict(struct der whole)
{
    struct der_item item;
    return der_take(&item, &whole) && whole.len == 0 && item_is_strict(&item, 0);
}

size_t der_header(unsigned char out[DER_HEADER_MAX], unsigned char tag, size_t len)
{
    size_t bytes = 0, used = 2;
    out[0] = tag;
    out[1] = (unsigned char)len;
    if (len < 0x80)
        return used;
    while (bytes < 4 && len >> (8 * bytes) != 0)
        bytes++;
    out[1] = (unsigned char)(0x80 | bytes);
    while (bytes-- > 0)
        out[used++] = (unsigned char)(len >> (8 * bytes));
    return used;
}

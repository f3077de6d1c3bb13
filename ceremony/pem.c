#include "pem.h"

#include "base64.h"
#include "ssl.h"

#include <ctype.h>
#include <openssl/pem.h>
#include <string.h>

#define BEGIN "-----BEGIN "
#define DASHES "-----"

/* The offset behind the line that ends the block which begins at `at`, or the end of the text. */
static size_t block_end(const struct bytes *text, size_t at)
{
    const char *end = memmem(text->data + at, text->len - at, "-----END ", 9);
    if (end == NULL)
        return text->len;
    size_t offset = (size_t)((const unsigned char *)end - text->data);
    const unsigned char *line = memchr(text->data + offset, '\n', text->len - offset);
    return line == NULL ? text->len : (size_t)(line - text->data) + 1;
}

static void label_read(char label[64], const struct bytes *text, size_t at)
{
    const char *start = (const char *)text->data + at + strlen(BEGIN);
    size_t left = text->len - at - strlen(BEGIN);
    const char *end = memmem(start, left, DASHES, strlen(DASHES));
    size_t len = end == NULL ? 0 : (size_t)(end - start);
    snprintf(label, 64, "%.*s", (int)(len < 63 ? len : 63), start);
}

void pem_look(struct pem_blocks *out, const struct bytes *text)
{
    *out = (struct pem_blocks){0};
    for (size_t at = 0; at < text->len;) {
        const unsigned char *found = memmem(text->data + at, text->len - at, BEGIN, strlen(BEGIN));
        if (found == NULL)
            break;
        size_t offset = (size_t)(found - text->data);
        at = offset + strlen(BEGIN);
        if (offset != 0 && text->data[offset - 1] != '\n')
            continue;
        char label[64];
        label_read(label, text, offset);
        if (strstr(label, "PRIVATE KEY") != NULL)
            out->private_key = true;
        if (out->count++ != 0)
            continue;
        memcpy(out->label, label, sizeof out->label);
        out->begin = offset;
        out->end = block_end(text, offset);
    }
}

bool pem_ends(const struct bytes *text, size_t offset)
{
    while (offset < text->len && isspace(text->data[offset]))
        offset++;
    return offset == text->len;
}

static bool block_decode(struct bytes *der, const struct bytes *text, const char *what, struct err *err)
{
    OWN(BIO) *in = BIO_new_mem_buf(text->data, (int)text->len);
    char *name = NULL, *header = NULL;
    unsigned char *data = NULL;
    long len = 0;
    if (in == NULL || PEM_read_bio(in, &name, &header, &data, &len) != 1)
        return err_ssl(err, "%s: the PEM block cannot be decoded (RFC 7468)", what);
    bool plain = header[0] == 0;
    OPENSSL_free(name);
    OPENSSL_free(header);
    if (plain)
        *der = bytes_copy(data, (size_t)len);
    OPENSSL_free(data);
    return plain || err_set(err, "%s: the PEM block has headers, which only old encrypted keys have", what);
}

static bool kind_has(const struct pem_kind *kind, const char *label)
{
    return strcmp(label, kind->label) == 0 ||
           (kind->old_label != NULL && strcmp(label, kind->old_label) == 0);
}

bool pem_single(struct bytes *der, const struct bytes *text, const struct pem_kind *kind, const char *what,
                struct err *err)
{
    struct pem_blocks blocks;
    pem_look(&blocks, text);
    if (blocks.private_key)
        return err_set(err, "%s: holds a private key, expected only a %s; take the key out of the file", what,
                       kind->noun);
    if (blocks.count == 0 && text->len != 0 && text->data[0] == 0x30) {
        *der = bytes_copy(text->data, text->len);
        return true;
    }
    if (blocks.count == 0)
        return err_set(err, "%s: holds no %s, neither as PEM (\"-----BEGIN %s-----\") nor as DER", what,
                       kind->noun, kind->label);
    if (blocks.count > 1)
        return err_set(err, "%s: holds %zu PEM blocks, expected exactly one %s; leave only that one", what,
                       blocks.count, kind->noun);
    if (!kind_has(kind, blocks.label))
        return err_set(err, "%s: holds a PEM block \"%s\", expected \"%s\"", what, blocks.label, kind->label);
    if (!pem_ends(text, blocks.end))
        return err_set(err, "%s: has something behind the %s; remove it", what, kind->noun);
    return block_decode(der, text, what, err);
}

void pem_write(struct bytes *pem, const char *label, const struct bytes *der)
{
    OWN(char) *text = base64_encode(der->data, der->len);
    bytes_format(pem, "-----BEGIN %s-----\n", label);
    for (size_t at = 0, len = strlen(text); at < len; at += 64)
        bytes_format(pem, "%.64s\n", text + at);
    bytes_format(pem, "-----END %s-----\n", label);
}

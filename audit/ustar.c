#include "ustar.h"

#include "../ceremony/file.h"

#include <string.h>

struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type;
    char link[100], magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == USTAR_BLOCK, "a ustar header is one block");

static void octal(char *field, size_t size, unsigned long long value)
{
    for (size_t i = size - 1; i-- > 0; value >>= 3)
        field[i] = (char)('0' + (value & 7));
}

/* Not libarchive's: it ends numbers with spaces where GNU tar fills up with zeros, and people must be able to
 * make the same bytes with `tar`. */
void ustar_write(unsigned char block[USTAR_BLOCK], const struct ustar *member)
{
    struct header h = {.type = '0', .magic = "ustar", .version = {'0', '0'}};
    memcpy(h.name, member->name, strnlen(member->name, sizeof h.name));
    octal(h.mode, sizeof h.mode, 0644);
    octal(h.uid, sizeof h.uid, 0);
    octal(h.gid, sizeof h.gid, 0);
    octal(h.size, sizeof h.size, member->size);
    octal(h.mtime, sizeof h.mtime, (unsigned long long)member->mtime);
    octal(h.major, sizeof h.major, 0);
    octal(h.minor, sizeof h.minor, 0);
    memset(h.checksum, ' ', sizeof h.checksum);
    unsigned sum = 0;
    for (size_t i = 0; i < sizeof h; i++)
        sum += ((const unsigned char *)&h)[i];
    octal(h.checksum, sizeof h.checksum - 1, sum);
    h.checksum[6] = 0;
    memcpy(block, &h, sizeof h);
}

static bool octal_read(unsigned long long *out, const char *field, size_t size)
{
    unsigned long long value = 0;
    for (size_t i = 0; i + 1 < size; i++) {
        if (field[i] < '0' || field[i] > '7')
            return false;
        value = value << 3 | (unsigned long long)(field[i] - '0');
    }
    *out = value;
    return field[size - 1] == 0;
}

/* What a header with this type flag stands for. */
static const char *type_name(char type)
{
    static const struct {
        char type;
        const char *name;
    } known[] = {
        {'1', "a hard link"},
        {'2', "a symbolic link"},
        {'3', "a character device"},
        {'4', "a block device"},
        {'5', "a folder"},
        {'6', "a pipe"},
        {'7', "a contiguous file"},
        {'x', "an extension of pax"},
        {'g', "a global extension of pax"},
        {'L', "a long name of GNU"},
        {'K', "a long link name of GNU"},
        {'S', "a sparse file of GNU"},
        {'D', "a folder of GNU"},
        {'M', "a volume's rest, of GNU"},
        {'V', "a volume's label, of GNU"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].type == type)
            return known[i].name;
    return NULL;
}

bool ustar_read(struct ustar *out, const unsigned char block[USTAR_BLOCK], struct err *err)
{
    struct header h;
    struct ustar found = {0};
    unsigned long long mtime = 0;
    unsigned char again[USTAR_BLOCK];
    memcpy(&h, block, sizeof h);
    const char *other = memcmp(h.magic, "ustar", 5) == 0 ? type_name(h.type) : NULL;
    if (other != NULL)
        return err_set(err, "is %s; a page has regular files and nothing else", other);
    memcpy(found.name, h.name, sizeof h.name);
    if (!path_is_safe(found.name))
        return err_set(err, "its name must be [A-Za-z0-9._/-], at most 100 characters, relative");
    if (!octal_read(&found.size, h.size, sizeof h.size) || !octal_read(&mtime, h.mtime, sizeof h.mtime))
        return err_set(err, "its size or time is not eleven octal digits");
    found.mtime = (time_t)mtime;
    ustar_write(again, &found);
    if (memcmp(again, block, sizeof again) != 0)
        return err_set(err,
                       "its header is not in the one form that a page has (ustar, mode 0644, owner 0, no "
                       "user or group name, nothing unused filled)");
    *out = found;
    return true;
}

/* The folders: what kind of file system they lie on, how much fits, and who else may write there. */
#include "doctor.h"

#include "../ceremony/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#define MIB (1024ULL * 1024)
enum { ROOM_WANTED = 64 }; /* MiB: a page, its staging, and the tree, many times over */

/* What cannot hold a record or a home as they must be: whole after a crash (rename, fsync), with modes.
 * statfs(2) has the numbers. */
static const struct kind {
    unsigned long type;
    const char *name;
    enum standing standing;
    const char *why;
} kinds[] = {
    {0x4d44, "FAT", STANDS_FAIL, "has no modes, and loses files in a crash"},
    {0x2011bab0, "exFAT", STANDS_FAIL, "has no modes, and loses files in a crash"},
    {0x5346544e, "NTFS", STANDS_FAIL, "has no modes"},
    {0x6969, "NFS", STANDS_FAIL, "lies on another machine"},
    {0xff534d42, "CIFS", STANDS_FAIL, "lies on another machine"},
    {0xfe534d42, "SMB", STANDS_FAIL, "lies on another machine"},
    {0x01021997, "9p", STANDS_WARN, "lies on another machine"},
    {0x65735546, "FUSE", STANDS_WARN, "is what a program makes of it"},
    {0x01021994, "tmpfs", STANDS_WARN, "is gone when the power is"},
    {0x858458f6, "ramfs", STANDS_WARN, "is gone when the power is"},
    {0x794c7630, "overlay", STANDS_WARN, "may be gone with its container"},
};

static const struct kind *kind_of(unsigned long type)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].type == (type & 0xffffffff))
            return &kinds[i];
    return NULL;
}

/* The folder, or where it will be made. */
static char *nearest(const char *path)
{
    OWN(char) *at = text_copy(path);
    while (!file_exists(at)) {
        char *slash = strrchr(at, '/');
        if (slash == NULL)
            return text_copy(".");
        if (slash == at)
            return text_copy("/");
        *slash = 0;
    }
    return GIVE(at);
}

static void look_kind(struct doctor *d, const char *name, const char *path)
{
    OWN(char) *id = text_format("filesystem_%s", name);
    struct statfs st;
    if (statfs(path, &st) != 0) {
        doctor_row(d, STANDS_FAIL, id, "Name a folder that is there.",
                   errno == ENOENT ? "%s: is a symbolic link that leads nowhere" : "%s cannot be examined",
                   path);
        return;
    }
    const struct kind *kind = kind_of((unsigned long)st.f_type);
    if (kind == NULL)
        doctor_row(d, STANDS_OK, id, NULL, "%s: of type 0x%lx, which is local", path,
                   (unsigned long)st.f_type);
    else
        doctor_row(d, kind->standing, id, "Work on a local file system, such as ext4; carry a copy.",
                   "%s: %s, which %s", path, kind->name, kind->why);
}

static void look_space(struct doctor *d, const char *name, const char *path)
{
    OWN(char) *id = text_format("space_%s", name);
    struct statvfs st;
    if (statvfs(path, &st) != 0)
        return;
    unsigned long long free_mib = (unsigned long long)st.f_bavail * st.f_frsize / MIB;
    doctor_row(d, free_mib >= ROOM_WANTED ? STANDS_OK : STANDS_WARN, id, "Make room there.",
               "%s: %llu MiB free", path, free_mib);
}

static void look_modes(struct doctor *d, const char *name, const char *path)
{
    OWN(char) *id = text_format("modes_%s", name);
    struct err err = {0};
    if (file_is_own(path, 022, &err))
        doctor_row(d, STANDS_OK, id, NULL, "%s: yours, and nobody else may write there", path);
    else
        doctor_row(d, STANDS_FAIL, id, "`chown` it to yourself, and `chmod go-w` it.", "%s", err.text);
}

static void look_place(struct doctor *d, const char *name, const char *path)
{
    if (path == NULL)
        return;
    OWN(char) *there = nearest(path);
    look_kind(d, name, there);
    look_space(d, name, there);
    if (file_is_folder(path))
        look_modes(d, name, path);
}

static void look_home(struct doctor *d)
{
    look_place(d, "home", d->folders.home);
}
static void look_record(struct doctor *d)
{
    look_place(d, "record", d->folders.record);
}
static void look_authority(struct doctor *d)
{
    look_place(d, "authority", d->folders.authority);
}

/* It is only read: any file system will do. */
static void look_media(struct doctor *d)
{
    const char *path = d->folders.media;
    if (path != NULL && file_is_folder(path))
        doctor_row(d, STANDS_OK, "media", NULL, "%s: is there", path);
    else if (path != NULL)
        doctor_row(d, STANDS_FAIL, "media", "Put the medium in, and mount it read only.", "%s: is no folder",
                   path);
}

doctor_look *const doctor_places[] = {look_home, look_record, look_authority, look_media, NULL};

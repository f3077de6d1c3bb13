#include "ledger_objects.h"

#include "../ceremony/file.h"
#include "ledger_layout.h"
#include "loose.h"

#include <string.h>

#define ID_LEN 20

/* The ids of all objects that should be there, in a table with open addressing: at most half full. An id of
 * zeros is an empty place. */
struct ledger_audit {
    char *path;
    unsigned char (*id)[ID_LEN];
    size_t room, count;
};

void ledger_audit_free(struct ledger_audit *a)
{
    if (a == NULL)
        return;
    free(a->path);
    free(a->id);
    free(a);
}

struct ledger_audit *ledger_audit_new(const char *path)
{
    struct ledger_audit *a = memory_new(1, sizeof *a);
    a->path = text_copy(path);
    a->room = 1024;
    a->id = memory_new(a->room, ID_LEN);
    return a;
}

/* Where an id is, or would go. */
static unsigned char *place_of(const struct ledger_audit *a, const unsigned char raw[ID_LEN])
{
    static const unsigned char empty[ID_LEN];
    size_t at = 0;
    memcpy(&at, raw, sizeof at);
    for (;; at++) {
        unsigned char *place = a->id[at & (a->room - 1)];
        if (memcmp(place, raw, ID_LEN) == 0 || memcmp(place, empty, ID_LEN) == 0)
            return place;
    }
}

static void room_double(struct ledger_audit *a)
{
    static const unsigned char empty[ID_LEN];
    unsigned char(*old)[ID_LEN] = a->id;
    const size_t room = a->room;
    a->room *= 2;
    a->id = memory_new(a->room, ID_LEN);
    for (size_t i = 0; i < room; i++)
        if (memcmp(old[i], empty, ID_LEN) != 0)
            memcpy(place_of(a, old[i]), old[i], ID_LEN);
    free(old);
}

/* False: it is known already. */
static bool id_add(struct ledger_audit *a, const char *id)
{
    unsigned char raw[ID_LEN];
    if (!hex_decode(raw, id, ID_LEN))
        abort(); /* libgit2 gave it */
    unsigned char *place = place_of(a, raw);
    if (memcmp(place, raw, ID_LEN) == 0)
        return false;
    memcpy(place, raw, ID_LEN);
    if (++a->count * 2 > a->room)
        room_double(a);
    return true;
}

bool ledger_audit_commit(struct ledger_audit *a, const struct bytes *raw, const struct ledger_tree *tree,
                         struct err *err)
{
    OWN_STRUCT(objects) all = {0};
    OWN_STRUCT(ledger_commit_read) commit = {0};
    bool right = true;
    if (!objects_of_commit(&all, raw, tree, &commit, err))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        const struct object *object = &all.object[i];
        OWN(char) *path = object_path(a->path, object->id);
        if (id_add(a, object->id) && right)
            right = loose_check(path, object->type, object->size, object->sha256, err);
    }
    return right;
}

static bool object_is_known(const struct ledger_audit *a, const char *folder, const char *name,
                            struct err *err)
{
    OWN(char) *id = text_format("%s%s", path_name(folder), name);
    unsigned char raw[ID_LEN];
    if (ledger_id_is_legal(id) && hex_decode(raw, id, ID_LEN) && memcmp(place_of(a, raw), raw, ID_LEN) == 0)
        return true;
    return err_set(err, "%s/%s: an object that no page made", folder, name);
}

bool ledger_audit_end(const struct ledger_audit *a, struct err *err)
{
    OWN(char) *objects = path_join(a->path, "objects");
    OWN_STRUCT(names) folders = {0};
    if (!file_is_folder(objects))
        return err_set(err, "%s: not a folder", objects);
    if (!folder_list(&folders, objects, err))
        return false;
    for (size_t i = 0; i < folders.count; i++) {
        OWN(char) *folder = path_join(objects, folders.name[i]);
        OWN_STRUCT(names) names = {0};
        if (strlen(folders.name[i]) != 2 || strspn(folders.name[i], "0123456789abcdef") != 2 ||
            !file_is_folder(folder))
            return err_set(err, "%s: does not belong into a ledger, which has loose objects only", folder);
        if (!folder_list(&names, folder, err))
            return false;
        for (size_t n = 0; n < names.count; n++)
            if (!object_is_known(a, folder, names.name[n], err))
                return false;
    }
    return true;
}

bool ledger_check_reference(const char *path, const char *id, struct err *err)
{
    char now[LEDGER_ID];
    if (!reference_read(now, path, err))
        return false;
    return strcmp(now, id) == 0 || err_set(err, "%s: main is at %s, and the newest page's commit is %s", path,
                                           now[0] != '\0' ? now : "nothing", id[0] != '\0' ? id : "none");
}

bool ledger_check(const char *path, const struct ledger_expected *expected, size_t count, struct err *err)
{
    OWN_LEDGER_AUDIT *audit = ledger_audit_new(path);
    OWN_STRUCT(ledger_commit_read) last = {0};
    if (!ledger_check_config(path, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!ledger_audit_commit(audit, &expected[i].commit, &expected[i].tree, err))
            return false;
    return ledger_audit_end(audit, err) &&
           (count == 0 || ledger_commit_parse(&last, &expected[count - 1].commit, err)) &&
           ledger_check_reference(path, last.id, err);
}

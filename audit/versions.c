#include "versions.h"

#include "../ceremony/digest.h"
#include "../ceremony/file.h"
#include "../ceremony/libraries.h"
#include "ledger.h"
#include "tarball.h"

json_t *versions_json(void)
{
    char git[32];
    ledger_library(git);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "openssl", library_openssl(), "libarchive",
                     tarball_library(), "libgit2", git, "jansson", jansson_version_str(), "libidn2",
                     library_idn2());
}

const char *const versions_folders[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", NULL};

/* The first file of that name, without regard to whether it may be run. Caller frees. */
static char *program_find(const char *name, const char *const *folders)
{
    for (; *folders != NULL; folders++) {
        OWN(char) *path = path_join(*folders, name);
        if (file_exists(path))
            return GIVE(path);
    }
    return NULL;
}

void versions_programs(json_t *into, const char *const *folders)
{
    static const char *const names[] = {"step", "step-ca"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char hex[DIGEST_HEX];
        struct err err = {0};
        OWN(char) *path = program_find(names[i], folders);
        if (path == NULL)
            continue;
        OWN(char) *line =
            digest_file(hex, path, &err) ? text_format("%s  %s", hex, path) : text_copy(err.text);
        if (json_object_set_new(into, names[i], json_string(line)) != 0)
            abort();
    }
}

#include "versions.h"

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

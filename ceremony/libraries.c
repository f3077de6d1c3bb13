#include "libraries.h"

#include <idn2.h>
#include <openssl/crypto.h>

const char *library_openssl(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}

const char *library_idn2(void)
{
    return idn2_check_version(NULL);
}

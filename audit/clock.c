#include "clock.h"

#include <string.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

static bool boot_id_read(char id[37], struct err *err)
{
    OWN(FILE) *file = fopen(BOOT_ID, "re");
    if (file == NULL)
        return err_errno(err, "%s: cannot be opened; mount /proc", BOOT_ID);
    if (fread(id, 1, 36, file) != 36)
        return err_set(err, "%s: is cut off", BOOT_ID);
    id[36] = 0;
    return true;
}

bool clock_now(struct instant *now, struct err *err)
{
    struct instant read = {.utc = time(NULL)};
    struct timespec since_boot;
    if (clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0)
        return err_errno(err, "the monotonic clock cannot be read");
    if (!boot_id_read(read.boot_id, err))
        return false;
    unsigned long long ns = (unsigned long long)since_boot.tv_sec * 1000000000u;
    snprintf(read.monotonic, sizeof read.monotonic, "%llu", ns + (unsigned long long)since_boot.tv_nsec);
    *now = read;
    return true;
}

/* The machine: who works at it, its clock and its random numbers, and what runs on it. */
#include "doctor.h"

#include "../audit/versions.h"
#include "../ceremony/certificate.h"
#include "../ceremony/file.h"
#include "../lua/embed.h"
#include "wrap.h"

#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <utmpx.h>

enum { APART = 300, LINE = 512 }; /* seconds that two clocks may differ; bytes */

/* The first line of a small file of the kernel's; "" when it is not there. */
static void line_read(char line[LINE], const char *path)
{
    OWN(FILE) *file = fopen(path, "re");
    if (file == NULL || fgets(line, LINE, file) == NULL)
        line[0] = 0;
    line[strcspn(line, "\n")] = 0;
}

/* ---- people ---- */

static void look_user(struct doctor *d)
{
    if (geteuid() == 0)
        doctor_row(d, STANDS_WARN, "user", "Work as a user of the ceremony's own.",
                   "this runs as root, whom no file mode stops");
    else
        doctor_row(d, STANDS_OK, "user", NULL, "user %u, not root", (unsigned)geteuid());
}

/* What utmp knows, utmpx(5); a login that came another way is not in it. */
static void look_logins(struct doctor *d)
{
    OWN_STRUCT(bytes) lines = {0};
    size_t count = 0;
    setutxent();
    for (struct utmpx *entry; (entry = getutxent()) != NULL;) {
        if (entry->ut_type != USER_PROCESS)
            continue;
        bytes_format(&lines, "%s%.*s on %.*s", count++ > 0 ? ", " : "", (int)sizeof entry->ut_user,
                     entry->ut_user, (int)sizeof entry->ut_line, entry->ut_line);
    }
    endutxent();
    if (count > 1)
        doctor_row(d, STANDS_WARN, "logins", "Have the others log out.", "%zu are logged in: %s", count,
                   bytes_string(&lines));
    else
        doctor_row(d, STANDS_OK, "logins", NULL, "nobody else is logged in");
}

static void look_terminal(struct doctor *d)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *set = "";
    size_t columns = wrap_columns(STDOUT_FILENO);
    for (size_t i = 0; i < sizeof variables / sizeof *variables && *set == 0; i++) {
        const char *value = getenv(variables[i]);
        set = value != NULL ? value : "";
    }
    if (columns == 0)
        return;
    bool utf8 = strcasestr(set, "UTF-8") != NULL || strcasestr(set, "UTF8") != NULL;
    if (utf8 && columns >= 60)
        doctor_row(d, STANDS_OK, "terminal", NULL, "%zu columns, UTF-8", columns);
    else
        doctor_row(d, STANDS_WARN, "terminal",
                   "Widen it to 80 columns; set LANG=C.UTF-8 and a terminal that has it.", "%zu columns, %s",
                   columns, utf8 ? "UTF-8" : "not set to UTF-8");
}

/* ---- clock ---- */

static time_t changed_at(const char *path)
{
    struct stat st;
    return path != NULL && stat(path, &st) == 0 ? st.st_mtim.tv_sec : 0;
}

/* The newest time that something here was changed at: no clock that is right stands before it. */
static time_t newest_change(const struct doctor *d)
{
    OWN(char) *journal = d->folders.home != NULL ? path_join(d->folders.home, "journal") : NULL;
    const char *const paths[] = {"/proc/self/exe", "/var/lib/dpkg/status", "/var/log/wtmp",     journal,
                                 d->folders.home,  d->folders.record,      d->folders.authority};
    time_t newest = 0;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        newest = changed_at(paths[i]) > newest ? changed_at(paths[i]) : newest;
    return newest;
}

static void look_clock(struct doctor *d)
{
    char now_text[32], then_text[32], line[LINE];
    time_t now = time(NULL), newest = newest_change(d);
    time_text(now_text, now);
    time_text(then_text, newest);
    line_read(line, "/sys/class/rtc/rtc0/since_epoch");
    long apart = *line != 0 ? labs(strtol(line, NULL, 10) - (long)now) : 0;
    if (now + APART < newest)
        doctor_row(d, STANDS_WARN, "clock",
                   "Compare it with a watch, and set it: `date -u -s 'YYYY-MM-DD HH:MM:SS'`.",
                   "says %s, but files here were changed at %s", now_text, then_text);
    else if (apart > APART)
        doctor_row(
            d, STANDS_WARN, "clock",
            "Compare it with a watch. `hwclock --systohc --utc` sets the hardware's, if that one is wrong.",
            "says %s; the hardware's is %ld seconds from it, if that is kept in UTC", now_text, apart);
    else
        doctor_row(d, STANDS_OK, "clock", NULL, "says %s%s, and no file here is newer", now_text,
                   *line != 0 ? ", as the hardware's does" : "");
}

static void look_zone(struct doctor *d)
{
    char target[LINE] = "";
    ssize_t len = readlink("/etc/localtime", target, sizeof target - 1);
    const char *zone = len > 0 ? strstr(target, "zoneinfo/") : NULL;
    doctor_row(d, STANDS_OK, "zone", NULL,
               "the machine's time zone is %s; all that is said and recorded is UTC",
               zone != NULL ? zone + strlen("zoneinfo/") : "not set");
}

/* ---- random numbers, kernel ---- */

static void look_entropy(struct doctor *d)
{
    unsigned char byte;
    char source[LINE];
    line_read(source, "/sys/class/misc/hw_random/rng_current");
    if (getrandom(&byte, 1, GRND_NONBLOCK) == 1)
        doctor_row(d, STANDS_OK, "entropy", NULL, "the kernel's generator is seeded; hardware source: %s",
                   *source != 0 ? source : "none known");
    else
        doctor_row(d, STANDS_FAIL, "entropy", "Wait a minute, type some keys, and look again.",
                   "the kernel's generator is not seeded yet");
}

static void look_kernel(struct doctor *d)
{
    struct utsname name = {0};
    (void)uname(&name);
    doctor_row(d, STANDS_OK, "kernel", NULL, "%s %s %s", name.sysname, name.release, name.machine);
}

/* ---- versions ---- */

/* A pinned package of a library that is asked its version. */
static const struct pinned {
    const char *library, *package;
} pinned[] = {{"openssl", "libssl-dev"},
              {"libarchive", "libarchive-dev"},
              {"libgit2", "libgit2-dev"},
              {"jansson", "libjansson-dev"},
              {"libidn2", "libidn2-dev"}};

/* Lowest and tested version of a package, out of vendor/pins. */
static bool pin_find(const char *package, char lowest[64], char tested[64])
{
    OWN_STRUCT(bytes) pins = bytes_copy(embed_pins.begin, (size_t)(embed_pins.end - embed_pins.begin));
    char name[64];
    for (const char *at = bytes_string(&pins); *at != 0; at += strcspn(at, "\n"), at += *at == '\n')
        if (sscanf(at, "%63s %63s %63s", name, lowest, tested) == 3 && strcmp(name, package) == 0)
            return true;
    return false;
}

/* The first number in a text, and what stands behind it: "libarchive 3.6.2" gives 3. */
static unsigned long number_take(const char **at)
{
    *at += strcspn(*at, "0123456789");
    char *end;
    unsigned long number = strtoul(*at, &end, 10);
    *at = *end == '.' ? end : "";
    return number;
}

static bool is_older(const char *running, const char *lowest)
{
    while (*lowest != 0) {
        unsigned long have = number_take(&running), want = number_take(&lowest);
        if (have != want)
            return have < want;
    }
    return false;
}

static void look_libraries(struct doctor *d)
{
    OWN(json_t) *versions = versions_json();
    OWN_STRUCT(bytes) says = {0};
    bool older = false;
    for (size_t i = 0; i < sizeof pinned / sizeof *pinned; i++) {
        char lowest[64], tested[64];
        const char *running = json_string_value(json_object_get(versions, pinned[i].library));
        if (running == NULL || !pin_find(pinned[i].package, lowest, tested))
            continue;
        running += strcspn(running, "0123456789"); /* "libarchive 3.6.2" */
        older = older || is_older(running, lowest);
        bytes_format(&says, "%s%s %s (lowest %s, tested %s)", i > 0 ? "; " : "", pinned[i].library, running,
                     lowest, tested);
    }
    doctor_row(d, older ? STANDS_FAIL : STANDS_OK, "libraries", "Install what vendor/pins names.", "%s",
               bytes_string(&says));
}

static void look_programs(struct doctor *d)
{
    OWN(json_t) *found = json_object();
    OWN_STRUCT(bytes) says = {0};
    versions_programs(found, versions_folders);
    const char *name;
    json_t *line;
    json_object_foreach(found, name, line)
        bytes_format(&says, "%s%s", says.len > 0 ? "; " : "", json_string_value(line));
    doctor_row(d, STANDS_OK, "programs", NULL, "%s",
               says.len > 0 ? bytes_string(&says)
                            : "neither step nor step-ca is installed, and neither is needed");
}

doctor_look *const doctor_machine[] = {look_user,    look_logins, look_terminal,  look_clock,    look_zone,
                                       look_entropy, look_kernel, look_libraries, look_programs, NULL};

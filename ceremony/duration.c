#include "authority.h"

#include <string.h>

#define SECOND 1000000000LL

/* Go's units (time.ParseDuration); both micro signs. */
static const struct {
    const char *name;
    long long ns;
} units[] = {
    {"ns", 1},       {"us", 1000},  {"\xC2\xB5s", 1000}, {"\xCE\xBCs", 1000},
    {"ms", 1000000}, {"s", SECOND}, {"m", 60 * SECOND},  {"h", 3600 * SECOND},
};

static const char digits[] = "0123456789";

/* "12.5h" and what follows it; NULL when there is no such thing at `text`. */
static const char *term_read(const char *text, long long *ns)
{
    size_t whole_len = strspn(text, digits);
    const char *fraction = text + whole_len + (text[whole_len] == '.');
    size_t fraction_len = text[whole_len] == '.' ? strspn(fraction, digits) : 0;
    const char *name = fraction + fraction_len;
    size_t name_len = strcspn(name, "0123456789.");
    if (whole_len + fraction_len == 0)
        return NULL;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strlen(units[i].name) != name_len || strncmp(units[i].name, name, name_len) != 0)
            continue;
        long long whole = 0, part = 0, scale = units[i].ns;
        for (size_t d = 0; d < whole_len; d++)
            if (__builtin_mul_overflow(whole, 10, &whole) ||
                __builtin_add_overflow(whole, text[d] - '0', &whole))
                return NULL;
        for (size_t d = 0; d < fraction_len && scale > 1; d++)
            part += (fraction[d] - '0') * (scale /= 10);
        if (__builtin_mul_overflow(whole, units[i].ns, &whole) ||
            __builtin_add_overflow(whole, part, &whole) || __builtin_add_overflow(*ns, whole, ns))
            return NULL;
        return name + name_len;
    }
    return NULL;
}

bool duration_parse(long long *ns, const char *text, struct err *err)
{
    bool negative = *text == '-';
    const char *at = text + (*text == '-' || *text == '+');
    long long sum = 0;
    bool zero = strcmp(at, "0") == 0;
    bool legal = *at != 0;
    while (!zero && legal && *at != 0) {
        at = term_read(at, &sum);
        legal = at != NULL;
    }
    if (!legal)
        return err_set(
            err,
            "\"%.60s\" is no duration as Go writes it; use h, m and s (\"24h\", \"16h30m\"), and 24h for a "
            "day",
            text);
    *ns = negative ? -sum : sum;
    return true;
}

/* `value` with `decimals` decimals, trailing zeros cut. */
static void decimal_text(char text[48], unsigned long long value, int decimals)
{
    unsigned long long scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    int len = snprintf(text, 48, "%llu", value / scale);
    if (value % scale == 0)
        return;
    len += snprintf(text + len, 48 - (size_t)len, ".%0*llu", decimals, value % scale);
    while (text[len - 1] == '0')
        text[--len] = 0;
}

void duration_text(char text[48], long long ns)
{
    unsigned long long rest = ns < 0 ? 0 - (unsigned long long)ns : (unsigned long long)ns;
    const char *sign = ns < 0 ? "-" : "";
    char part[48];
    if (ns == 0) {
        memcpy(text, "0s", sizeof "0s");
    } else if (rest < SECOND) {
        int decimals = rest < 1000 ? 0 : rest < 1000000 ? 3 : 6;
        decimal_text(part, rest, decimals);
        snprintf(text, 48, "%s%.30s%s", sign, part,
                 decimals == 0   ? "ns"
                 : decimals == 3 ? "\xC2\xB5s"
                                 : "ms");
    } else {
        unsigned long long minutes = rest / (60ULL * SECOND), hours = minutes / 60;
        decimal_text(part, rest % (60ULL * SECOND), 9);
        if (hours > 0)
            snprintf(text, 48, "%s%lluh%llum%.20ss", sign, hours, minutes % 60, part);
        else if (minutes > 0)
            snprintf(text, 48, "%s%llum%.20ss", sign, minutes, part);
        else
            snprintf(text, 48, "%s%.20ss", sign, part);
    }
}

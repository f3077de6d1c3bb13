#include "revoked.h"

#include "digest.h"

#include <string.h>

enum { TAG_ENUMERATED = 0x0a, TAG_UTC = 0x17, TAG_GENERALIZED = 0x18, SERIAL_LONGEST = 21 };

/* ---- times ---- */

struct civil {
    int year, month, day, hour, minute, second;
};

/* C's own functions look up the time zone each time: a million of them take a second. */
static time_t civil_seconds(const struct civil *c)
{
    const long y = c->month <= 2 ? c->year - 1 : c->year, era = y / 400, yoe = y - era * 400;
    const long doy = (153 * (c->month + (c->month > 2 ? -3 : 9)) + 2) / 5 + c->day - 1;
    const long days = era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
    return (time_t)days * 86400 + c->hour * 3600L + c->minute * 60L + c->second;
}

static struct civil civil_of(time_t time)
{
    struct tm tm = {0};
    gmtime_r(&time, &tm);
    return (struct civil){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec};
}

static bool civil_is_real(const struct civil *c)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (c->year % 4 == 0 && c->year % 100 != 0) || c->year % 400 == 0;
    return c->month >= 1 && c->month <= 12 && c->day >= 1 &&
           c->day <= days[c->month - 1] + (leap && c->month == 2 ? 1 : 0) && c->hour <= 23 &&
           c->minute <= 59 && c->second <= 59;
}

/* `count` decimal digits; -1: they are none. */
static int digits(const unsigned char *at, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

static bool civil_read(struct civil *c, int year, const unsigned char *at)
{
    *c = (struct civil){
        year, digits(at, 2), digits(at + 2, 2), digits(at + 4, 2), digits(at + 6, 2), digits(at + 8, 2)};
    return year >= 0 && c->month >= 0 && c->day >= 0 && c->hour >= 0 && c->minute >= 0 && c->second >= 0 &&
           civil_is_real(c);
}

/* Two digits of a year are of 1950 to 2049 (RFC 5280 4.1.2.5.1). */
bool revoked_time_take(time_t *out, struct der *rest)
{
    struct der_item item;
    struct civil c;
    if (!der_take(&item, rest))
        return false;
    const bool utc = item.tag == TAG_UTC;
    const size_t years = utc ? 2 : 4;
    if ((!utc && item.tag != TAG_GENERALIZED) || item.content.len != years + 11 ||
        item.content.data[item.content.len - 1] != 'Z')
        return false;
    int year = digits(item.content.data, (int)years);
    if (utc && year >= 0)
        year += year < 50 ? 2000 : 1900;
    if (!civil_read(&c, year, item.content.data + years))
        return false;
    *out = civil_seconds(&c);
    return true;
}

/* ---- reading ---- */

static bool serial_is_good(struct der serial)
{
    const unsigned char *at = serial.data;
    if (serial.len == 0 || serial.len > SERIAL_LONGEST || at[0] >= 0x80)
        return false;
    return at[0] != 0 || (serial.len > 1 && at[1] >= 0x80);
}

/* The content of a reasonCode extension, as everybody writes it. */
static int reason_of(struct der extensions)
{
    static const unsigned char reason[] = {0x06, 0x03, 0x55, 0x1d, 0x15};
    struct der extension, value, list;
    struct der_item item;
    if (!der_expect(&list, &extensions, DER_SEQUENCE))
        return -1;
    while (der_expect(&extension, &list, DER_SEQUENCE)) {
        if (extension.len < sizeof reason || memcmp(extension.data, reason, sizeof reason) != 0)
            continue;
        extension = (struct der){extension.data + sizeof reason, extension.len - sizeof reason};
        struct der after = extension;
        if (der_take(&item, &after) && item.tag == DER_BOOLEAN)
            extension = after;
        if (der_expect(&value, &extension, DER_OCTETS) && der_take(&item, &value) &&
            item.tag == TAG_ENUMERATED && item.content.len == 1)
            return item.content.data[0];
        return -1;
    }
    return -1;
}

bool revoked_take(struct revoked *out, struct der *rest)
{
    struct der content, after = *rest;
    struct revoked one = {.whole.data = rest->data, .reason = -1};
    if (!der_expect(&content, &after, DER_SEQUENCE) || !der_expect(&one.serial, &content, DER_INTEGER) ||
        !serial_is_good(one.serial) || !revoked_time_take(&one.date, &content))
        return false;
    if (content.len > 0) {
        struct der extensions = content;
        struct der_item item;
        if (!der_take(&item, &content) || item.tag != DER_SEQUENCE || content.len > 0)
            return false;
        one.reason = reason_of(extensions);
    }
    one.whole.len = (size_t)(after.data - rest->data);
    *out = one;
    *rest = after;
    return true;
}

bool revoked_pass(struct revoked *out, struct der *rest)
{
    struct der content, after = *rest;
    const unsigned char *at = rest->data;
    if (rest->len > 4 && at[1] < 0x80 && at[1] + 2u <= rest->len) { /* as all but a few are */
        out->whole = (struct der){at, at[1] + 2u};
        out->serial = (struct der){at + 4, at[3]};
        *rest = (struct der){at + 2 + at[1], rest->len - 2 - at[1]};
        return true;
    }
    if (!der_expect(&content, &after, DER_SEQUENCE) || !der_expect(&out->serial, &content, DER_INTEGER))
        return false;
    out->whole = (struct der){rest->data, (size_t)(after.data - rest->data)};
    *rest = after;
    return true;
}

int revoked_compare(struct der a, struct der b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return memcmp(a.data, b.data, a.len);
}

void revoked_serial_hex(char *hex, struct der serial)
{
    const size_t skip = serial.len > 1 && serial.data[0] == 0 ? 1 : 0;
    hex_encode(hex, serial.data + skip, serial.len - skip);
}

/* ---- writing ---- */

/* One more than the value of a hex digit; 0: it is none. */
static const unsigned char nibbles[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16};

/* An INTEGER's content; 0: it is no serial number. */
static size_t serial_write(unsigned char *to, const unsigned char *hex, size_t len)
{
    while (len > 0 && hex[0] == '0') {
        hex++;
        len--;
    }
    if (len == 0 || len > (size_t)2 * (SERIAL_LONGEST - 1))
        return 0;
    size_t used = 0;
    if (len % 2 == 0 && nibbles[hex[0]] > 8)
        to[used++] = 0;
    for (size_t i = 0; i < len; used++) {
        const unsigned high = (len - i) % 2 == 0 ? nibbles[hex[i++]] : 1u, low = nibbles[hex[i++]];
        if (high == 0 || low == 0)
            return 0;
        to[used] = (unsigned char)((high - 1) << 4 | (low - 1));
    }
    return used <= SERIAL_LONGEST - 1 ? used : 0; /* RFC 5280 4.1.2.2: 20 bytes with the sign's */
}

static void digits_write(unsigned char *to, int value, int count)
{
    while (count-- > 0) {
        to[count] = (unsigned char)('0' + value % 10);
        value /= 10;
    }
}

static size_t civil_write(unsigned char *to, const struct civil *c)
{
    const bool utc = c->year >= 1950 && c->year < 2050;
    const int years = utc ? 2 : 4;
    to[0] = utc ? TAG_UTC : TAG_GENERALIZED;
    to[1] = (unsigned char)(years + 11);
    digits_write(to + 2, c->year, years);
    const int parts[] = {c->month, c->day, c->hour, c->minute, c->second};
    for (int i = 0; i < 5; i++)
        digits_write(to + 2 + years + 2 * i, parts[i], 2);
    to[2 + years + 10] = 'Z';
    return (size_t)years + 13;
}

size_t revoked_time_write(unsigned char *to, time_t time)
{
    const struct civil c = civil_of(time);
    return civil_write(to, &c);
}

static size_t reason_write(unsigned char *to, int reason)
{
    unsigned char extensions[] = {0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03, 0x55,
                                  0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01, 0};
    if (reason <= 0)
        return 0;
    extensions[sizeof extensions - 1] = (unsigned char)reason;
    memcpy(to, extensions, sizeof extensions);
    return sizeof extensions;
}

/* 7 is not used; 8 takes an entry off in a delta list, and this is none. */
static bool reason_is_good(int reason)
{
    return reason >= -1 && reason <= 10 && reason != 7 && reason != 8;
}

static bool entry_make(struct revoked *out, unsigned char room[REVOKED_MAX], struct der hex,
                       const struct civil *date, int reason, struct err *err)
{
    unsigned char *at = room + 2;
    const size_t len = serial_write(at + 2, hex.data, hex.len);
    const int shown = (int)(hex.len < 60 ? hex.len : 60);
    if (len == 0)
        return err_set(err, "serial \"%.*s\" is not hex of at most 20 bytes, or is zero (RFC 5280 4.1.2.2)",
                       shown, (const char *)hex.data);
    if (!reason_is_good(reason))
        return err_set(err, "serial %.*s has reason %d; 1 to 6, 9, 10 or none are legal (RFC 5280 5.3.1)",
                       shown, (const char *)hex.data, reason);
    at[0] = DER_INTEGER;
    at[1] = (unsigned char)len;
    out->serial = (struct der){at + 2, len};
    at += 2 + len;
    at += civil_write(at, date);
    at += reason_write(at, reason);
    room[0] = DER_SEQUENCE;
    room[1] = (unsigned char)(at - room - 2);
    out->whole = (struct der){room, (size_t)(at - room)};
    out->date = civil_seconds(date);
    out->reason = reason <= 0 ? -1 : reason;
    return true;
}

bool revoked_make(struct revoked *out, unsigned char room[REVOKED_MAX], const char *serial, time_t date,
                  int reason, struct err *err)
{
    const struct civil c = civil_of(date);
    return entry_make(out, room, (struct der){(const unsigned char *)serial, strlen(serial)}, &c, reason,
                      err);
}

/* ---- reasons ---- */

static const char *const reasons[] = {
    "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
    "superseded",    "cessationOfOperation", "certificateHold", "",
    "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};
enum { REASONS = sizeof reasons / sizeof reasons[0], HOLD = 6, REMOVE = 8 };

const char *revoked_reason_name(int reason)
{
    return reason >= 0 && reason < REASONS ? reasons[reason] : "";
}

static bool reason_read(int *out, struct der word, struct err *err)
{
    for (int i = 0; i < REASONS; i++) {
        if (word.len == 0 || strlen(reasons[i]) != word.len || memcmp(word.data, reasons[i], word.len) != 0)
            continue;
        if (i == HOLD)
            return err_set(err, "certificateHold: nothing is held that is to come back (BR 7.2.2); revoke it "
                                "for good, or leave it out");
        if (i == REMOVE)
            return err_set(err, "removeFromCRL has a meaning in delta lists only (RFC 5280 5.3.1)");
        *out = i;
        return true;
    }
    return err_set(err,
                   "\"%.*s\" is no reason; known are keyCompromise, cACompromise, affiliationChanged, "
                   "superseded, cessationOfOperation, privilegeWithdrawn, aACompromise and unspecified "
                   "(RFC 5280 5.3.1)",
                   (int)(word.len < 40 ? word.len : 40), (const char *)word.data);
}

bool revoked_reason(int *out, const char *name, struct err *err)
{
    return reason_read(out, (struct der){(const unsigned char *)name, strlen(name)}, err);
}

/* ---- text ---- */

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of a line; empty at its end. */
static struct der word_take(struct der *line)
{
    size_t from = 0, to;
    while (from < line->len && is_blank(line->data[from]))
        from++;
    for (to = from; to < line->len && !is_blank(line->data[to]);)
        to++;
    struct der word = {line->data + from, to - from};
    *line = (struct der){line->data + to, line->len - to};
    return word;
}

static bool date_read(struct civil *c, struct der word, struct err *err)
{
    static const char form[] = "....-..-..T..:..:..Z";
    unsigned char compact[10];
    bool good = word.len == sizeof form - 1;
    for (size_t i = 0, n = 0; good && i < word.len; i++) {
        if (form[i] != '.')
            good = word.data[i] == (unsigned char)form[i];
        else if (i >= 4)
            compact[n++] = word.data[i];
    }
    if (!good || !civil_read(c, digits(word.data, 4), compact))
        return err_set(err, "\"%.*s\" is no date such as 2026-11-23T17:00:00Z (RFC 3339, UTC)",
                       (int)(word.len < 40 ? word.len : 40), (const char *)word.data);
    return true;
}

bool revoked_line(struct revoked *out, bool *there, unsigned char room[REVOKED_MAX], struct der line,
                  time_t date, struct err *err)
{
    const struct der serial = word_take(&line);
    const struct der day = word_take(&line), reason = word_take(&line), more = word_take(&line);
    int code = -1;
    if (serial.len == 0 || serial.data[0] == '#') {
        *there = false;
        return true;
    }
    if (more.len > 0)
        return err_set(err, "a line is: SERIAL [DATE [REASON]], and this one has more");
    struct civil c = {0};
    if (day.len == 0)
        c = civil_of(date);
    if ((day.len > 0 && !date_read(&c, day, err)) || (reason.len > 0 && !reason_read(&code, reason, err)))
        return false;
    *there = true;
    return entry_make(out, room, serial, &c, code, err);
}

#include "gourl.h"

#include "gotext.h"

#include <ctype.h>
#include <string.h>

void gourl_free(struct gourl *url)
{
    scratch_free(&url->host);
}

/* ---- letters ---- */

enum part { USER, HOST, PATH, FRAGMENT };

/* Whether net/url's shouldEscape leaves the byte alone. */
static bool is_plain(enum part part, char c)
{
    static const char *const more[] = {[USER] = "$&+,;=",
                                       [HOST] = "!$&'()*+,;=:[]<>\"",
                                       [PATH] = "$&+,/:;=@",
                                       [FRAGMENT] = "$&+,/:;=?@!()*"};
    return c != 0 &&
           (isalnum((unsigned char)c) || strchr("-_.~", c) != NULL || strchr(more[part], c) != NULL) &&
           (unsigned char)c < 0x80;
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = gotext_lower_ascii(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte of a "%41" at text[i], -1 when it is none. */
static int escape_at(const struct gourl_part *p, size_t i)
{
    if (i + 2 >= p->len)
        return -1;
    int high = hex_of(p->text[i + 1]), low = hex_of(p->text[i + 2]);
    return high >= 0 && low >= 0 ? high * 16 + low : -1;
}

static bool escapes_are_good(const struct gourl_part *p)
{
    for (size_t i = 0; i < p->len; i++)
        if (p->text[i] == '%' && escape_at(p, i) < 0)
            return false;
    return true;
}

/* unescape(host, encodeHost): only "%25" and what is no ASCII may be escaped; in a zone, anything. */
static bool host_decode(struct scratch *out, const struct gourl_part *p, bool zone)
{
    char *to = scratch_room(out, p->len);
    size_t len = 0;
    for (size_t i = 0; i < p->len; i++) {
        char c = p->text[i];
        if (c == '%') {
            int byte = escape_at(p, i);
            if (byte < 0 || (byte < 0x80 && byte != '%' && !zone))
                return false;
            c = (char)byte;
            i += 2;
        } else if ((unsigned char)c < 0x80 && !is_plain(HOST, c)) {
            return false;
        }
        to[len++] = c;
    }
    to[len] = 0;
    out->len = len;
    return true;
}

/* ---- reading ---- */

static bool port_is_good(const char *text, size_t len)
{
    if (len == 0)
        return true;
    for (size_t i = 1; i < len; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return text[0] == ':';
}

static bool host_read(struct scratch *out, const struct gourl_part *p)
{
    bool literal = p->len > 0 && p->text[0] == '[';
    const char *end = p->text + p->len, *mark = memrchr(p->text, literal ? ']' : ':', p->len);
    if (mark == NULL)
        return !literal && host_decode(out, p, false);
    const char *port = literal ? mark + 1 : mark;
    return port_is_good(port, (size_t)(end - port)) &&
           host_decode(out, p, literal && memmem(p->text, p->len, "%25", 3) != NULL);
}

static bool user_is_good(const struct gourl_part *p)
{
    for (size_t i = 0; i < p->len; i++)
        if (!isalnum((unsigned char)p->text[i]) && strchr("-._:~!$&'()*+,;=%@", p->text[i]) == NULL)
            return false;
    return escapes_are_good(p);
}

static bool authority_read(struct gourl *url, const struct gourl_part *p)
{
    const char *at = memrchr(p->text, '@', p->len);
    struct gourl_part host = *p;
    if (at != NULL) {
        url->user = (struct gourl_part){p->text, (size_t)(at - p->text)};
        host = (struct gourl_part){at + 1, p->len - url->user.len - 1};
    }
    url->authority = *p;
    return host_read(&url->host, &host) && user_is_good(&url->user);
}

/* Length of the scheme, 0 when there is none, -1 when the text begins with its colon. */
static long scheme_read(const char *text)
{
    for (long i = 0; text[i] != 0; i++) {
        char c = gotext_lower_ascii(text[i]);
        if (c >= 'a' && c <= 'z')
            continue;
        if (c == ':')
            return i > 0 ? i : -1;
        if (i == 0 || (!isdigit((unsigned char)c) && strchr("+-.", c) == NULL))
            return 0;
    }
    return 0;
}

static bool has_controls(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7F)
            return true;
    return false;
}

static void query_cut(struct gourl *url, struct gourl_part *rest)
{
    const char *mark = memchr(rest->text, '?', rest->len);
    if (mark == NULL)
        return;
    size_t before = (size_t)(mark - rest->text);
    url->query = (struct gourl_part){mark + 1, rest->len - before - 1};
    rest->len = before;
}

/* Behind the scheme, without query and fragment. */
static bool rest_read(struct gourl *url, struct gourl_part rest)
{
    bool scheme = url->scheme.text != NULL, rooted = rest.len > 0 && rest.text[0] == '/';
    if (!rooted && scheme) {
        url->opaque = rest;
        return true;
    }
    if (!rooted) {
        const char *slash = memchr(rest.text, '/', rest.len);
        size_t segment = slash != NULL ? (size_t)(slash - rest.text) : rest.len;
        if (memchr(rest.text, ':', segment) != NULL)
            return false;
    }
    bool triple = rest.len >= 3 && strncmp(rest.text, "///", 3) == 0;
    if (rest.len >= 2 && strncmp(rest.text, "//", 2) == 0 && (scheme || !triple)) {
        struct gourl_part authority = {rest.text + 2, rest.len - 2};
        const char *slash = memchr(authority.text, '/', authority.len);
        if (slash != NULL)
            authority.len = (size_t)(slash - authority.text);
        if (!authority_read(url, &authority))
            return false;
        rest = (struct gourl_part){authority.text + authority.len, rest.len - 2 - authority.len};
    }
    url->path = rest;
    return escapes_are_good(&rest);
}

static bool text_read(struct gourl *url, const char *text)
{
    size_t len = strcspn(text, "#");
    long scheme = scheme_read(text);
    struct gourl_part rest = {text, len};
    if (text[len] == '#')
        url->fragment = (struct gourl_part){text + len + 1, strlen(text + len + 1)};
    if (has_controls(text, len) || scheme < 0)
        return false;
    if (scheme > 0) {
        url->scheme = (struct gourl_part){text, (size_t)scheme};
        rest = (struct gourl_part){text + scheme + 1, len - (size_t)scheme - 1};
    }
    query_cut(url, &rest);
    return rest_read(url, rest) && escapes_are_good(&url->fragment);
}

bool gourl_parse(struct gourl *out, const char *text)
{
    *out = (struct gourl){0};
    scratch_set(&out->host, "", 0);
    if (text_read(out, text))
        return true;
    gourl_free(out);
    return false;
}

/* ---- writing ---- */

static void byte_escape(struct bytes *out, enum part part, char c)
{
    if (is_plain(part, c))
        bytes_add(out, &c, 1);
    else
        bytes_format(out, "%%%02X", (unsigned char)c);
}

/* What was escaped, escaped anew. */
static void part_escape(struct bytes *out, enum part part, const struct gourl_part *p)
{
    for (size_t i = 0; i < p->len; i++) {
        int byte = p->text[i] == '%' ? escape_at(p, i) : -1;
        byte_escape(out, part, byte >= 0 ? (char)byte : p->text[i]);
        i += byte >= 0 ? 2 : 0;
    }
}

/* net/url keeps a path or fragment as it was written where that is a legal way to write it. */
static void part_keep(struct bytes *out, enum part part, const struct gourl_part *p)
{
    bool legal = true;
    for (size_t i = 0; i < p->len; i++)
        legal = legal && (is_plain(part, p->text[i]) || strchr("!$&'()*+,;=:@[]%", p->text[i]) != NULL);
    if (legal)
        bytes_add(out, p->text, p->len);
    else
        part_escape(out, part, p);
}

static void user_text(struct bytes *out, const struct gourl_part *user)
{
    const char *colon = user->len > 0 ? memchr(user->text, ':', user->len) : NULL;
    struct gourl_part name = *user, password = {0};
    if (colon != NULL) {
        name.len = (size_t)(colon - user->text);
        password = (struct gourl_part){colon + 1, user->len - name.len - 1};
    }
    part_escape(out, USER, &name);
    if (colon != NULL)
        bytes_text(out, ":");
    part_escape(out, USER, &password);
    bytes_text(out, "@");
}

void gourl_text(struct bytes *out, const struct gourl *url)
{
    for (size_t i = 0; i < url->scheme.len; i++)
        bytes_add(out, &(char){gotext_lower_ascii(url->scheme.text[i])}, 1);
    if (url->scheme.len > 0)
        bytes_text(out, ":");
    if (url->opaque.len > 0)
        bytes_add(out, url->opaque.text, url->opaque.len);
    if (url->authority.text != NULL && (url->host.len > 0 || url->path.len > 0 || url->user.text != NULL))
        bytes_text(out, "//");
    if (url->user.text != NULL)
        user_text(out, &url->user);
    for (size_t i = 0; i < url->host.len; i++)
        byte_escape(out, HOST, url->host.text[i]);
    part_keep(out, PATH, &url->path);
    if (url->query.text != NULL)
        bytes_text(out, "?");
    bytes_add(out, url->query.text, url->query.len);
    if (url->fragment.len > 0)
        bytes_text(out, "#");
    part_keep(out, FRAGMENT, &url->fragment);
}

/* ---- host and port ---- */

static const char *literal_split(struct gourl_part *host, const char *address, const char *colon)
{
    const char *close = strchr(address, ']');
    if (close == NULL)
        return "missing ']' in address";
    if (close[1] != ':')
        return "missing port in address";
    if (close + 1 != colon)
        return "too many colons in address";
    *host = (struct gourl_part){address + 1, (size_t)(close - address - 1)};
    if (strchr(address + 1, '[') != NULL)
        return "unexpected '[' in address";
    return strchr(colon, ']') != NULL ? "unexpected ']' in address" : NULL;
}

const char *gourl_host_split(struct gourl_part *host, const char *address)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL)
        return "missing port in address";
    if (address[0] == '[')
        return literal_split(host, address, colon);
    *host = (struct gourl_part){address, (size_t)(colon - address)};
    if (memchr(address, ':', host->len) != NULL)
        return "too many colons in address";
    if (strchr(address, '[') != NULL)
        return "unexpected '[' in address";
    return strchr(address, ']') != NULL ? "unexpected ']' in address" : NULL;
}

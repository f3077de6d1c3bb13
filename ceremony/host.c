#include "host.h"

#include <arpa/inet.h>
#include <string.h>

#define LABEL_MAX 63
#define NAME_MAX_LEN 253

static const char label_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

static const char *label_fault(const char *label, size_t len)
{
    if (len == 0)
        return "has an empty label; remove the extra dot, a trailing one too";
    if (len > LABEL_MAX)
        return "has a label of more than 63 characters (RFC 1035 2.3.4)";
    if (strspn(label, label_letters) < len)
        return "holds a character that no host name has; letters, digits and hyphens only";
    if (label[0] == '-' || label[len - 1] == '-')
        return "has a label that begins or ends with a hyphen";
    return NULL;
}

const char *host_name_fault(const char *name)
{
    if (strlen(name) > NAME_MAX_LEN)
        return "is longer than a domain name may be (RFC 1035 2.3.4)";
    for (;;) {
        size_t len = strcspn(name, ".");
        const char *fault = label_fault(name, len);
        if (fault != NULL || name[len] == 0)
            return fault;
        name += len + 1;
    }
}

bool host_is_address(const char *text, int *bits)
{
    unsigned char raw[sizeof(struct in6_addr)];
    bool v4 = inet_pton(AF_INET, text, raw) == 1;
    if (bits != NULL)
        *bits = v4 ? 32 : 128;
    return v4 || inet_pton(AF_INET6, text, raw) == 1;
}

const char *host_fault(const char *text)
{
    return host_is_address(text, NULL) ? NULL : host_name_fault(text);
}

/* "host", "host:port", "[v6]" or "[v6]:port" into its two parts; `port` is NULL when there is none. */
static const char *authority_split(char *text, char **host, char **port)
{
    char *end = text + strcspn(text, ":");
    *host = text;
    *port = NULL;
    if (text[0] == '[') {
        *host = text + 1;
        end = text + strcspn(text, "]");
        if (*end == 0)
            return "has a bracket that is not closed; write [address]:port";
        *end++ = 0;
        if (!host_is_address(*host, NULL) || (*end != 0 && *end != ':'))
            return "must hold an IPv6 address between its brackets; write [address]:port";
    }
    if (*end == 0)
        return NULL;
    if (strchr(end + 1, ':') != NULL)
        return "has more than one colon; write an IPv6 address as [address]:port";
    *end = 0;
    *port = end + 1;
    return NULL;
}

static const char *port_fault(const char *text, unsigned *port)
{
    size_t len = strlen(text);
    unsigned long number = strtoul(text, NULL, 10);
    if (len == 0 || len > 5 || strspn(text, "0123456789") != len || number < 1 || number > 65535)
        return "has no port from 1 to 65535 behind the colon";
    *port = (unsigned)number;
    return NULL;
}

const char *host_port_fault(const char *address)
{
    OWN(char) *copy = text_copy(address);
    char *host, *port;
    unsigned number;
    const char *fault = authority_split(copy, &host, &port);
    if (fault != NULL)
        return fault;
    if (port == NULL)
        return "has no port; write \":443\" or \"host:443\"";
    if (*host != 0)
        fault = host_fault(host);
    return fault != NULL ? fault : port_fault(port, &number);
}

static void lower(char *text)
{
    for (; *text != 0; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text | 0x20);
}

static const char *url_fault(struct url *url, const char *text)
{
    for (const char *c = text; *c != 0; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7F)
            return "holds white space or a character outside ASCII; percent-encode it (RFC 3986)";
    const char *colon = strstr(text, "://");
    if (colon == NULL || (size_t)(colon - text) >= sizeof url->scheme)
        return "is no absolute URL; write http://host/path";
    memcpy(url->scheme, text, (size_t)(colon - text));
    lower(url->scheme);
    if (strcmp(url->scheme, "http") != 0 && strcmp(url->scheme, "https") != 0)
        return "is neither http nor https";
    const char *start = colon + 3;
    size_t len = strcspn(start, "/?#");
    if (strlen(start + len) >= sizeof url->path)
        return "is longer than 511 characters behind its host";
    memcpy(url->path, start + len, strlen(start + len) + 1);
    OWN(char) *authority = text_copy(start);
    authority[len] = 0;
    if (strchr(authority, '@') != NULL)
        return "holds a user name; remove it";
    char *host, *port;
    const char *fault = authority_split(authority, &host, &port);
    if (fault == NULL && (fault = host_fault(host)) == NULL && port != NULL)
        fault = port_fault(port, &url->port);
    if (fault != NULL)
        return fault;
    snprintf(url->host, sizeof url->host, "%s", host);
    lower(url->host);
    return NULL;
}

bool url_parse(struct url *out, const char *text, const char **fault)
{
    struct url url = {0};
    const char *found = url_fault(&url, text);
    if (fault != NULL)
        *fault = found;
    if (found == NULL)
        *out = url;
    return found == NULL;
}

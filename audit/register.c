#include "register.h"

#include "../ceremony/digest.h"
#include "pagejson.h"

#include <string.h>

#define REMEDY "; restore the register from its copy"

static const char *text_of(const json_t *entry, const char *member)
{
    return page_json_text(entry, member, NULL);
}

static long long number_of(const json_t *entry)
{
    return json_integer_value(json_object_get(entry, "number"));
}

static bool entry_is_legal(const json_t *entry, struct err *err)
{
    const char *kind = text_of(entry, "kind");
    const json_t *number = json_object_get(entry, "number");
    if (!digest_is_hex(text_of(entry, "issuer_spki")))
        return err_set(err, "register: \"issuer_spki\" must be 64 lower-case hex digits");
    if (strcmp(kind, "certificate") == 0)
        return text_of(entry, "serial")[0] != 0 || err_set(err, "register: a certificate needs \"serial\"");
    if (strcmp(kind, "crl") == 0)
        return (json_is_integer(number) && json_integer_value(number) >= 0) ||
               err_set(err, "register: a crl needs \"number\", a whole number");
    return err_set(err, "register: kind \"%s\" is not certificate or crl", kind);
}

static bool is_issued_by(const json_t *entry, const char *kind, const char *issuer_spki)
{
    return strcmp(text_of(entry, "kind"), kind) == 0 &&
           strcmp(text_of(entry, "issuer_spki"), issuer_spki) == 0;
}

/* Whether an entry is of the same certificate, or of the same list. */
static bool is_twin(const json_t *entry, const json_t *other)
{
    const char *kind = text_of(entry, "kind");
    return is_issued_by(other, kind, text_of(entry, "issuer_spki")) &&
           strcmp(text_of(entry, "serial"), text_of(other, "serial")) == 0 &&
           number_of(entry) == number_of(other);
}

static bool is_later_list(const json_t *entry, const json_t *other)
{
    return strcmp(text_of(entry, "kind"), "crl") == 0 &&
           is_issued_by(other, "crl", text_of(entry, "issuer_spki")) && number_of(other) > number_of(entry);
}

static bool twin_refuse(const json_t *entry, struct err *err)
{
    if (strcmp(text_of(entry, "kind"), "crl") == 0)
        return err_set(err, "register: number %lld was another list of this issuer (RFC 5280 5.2.3)" REMEDY,
                       number_of(entry));
    return err_set(
        err, "register: serial number %s was another certificate of this issuer (RFC 5280 4.1.2.2)" REMEDY,
        text_of(entry, "serial"));
}

static bool entry_follows(const json_t *list, size_t count, const json_t *entry, struct err *err)
{
    const json_t *later = NULL;
    for (size_t i = 0; i < count; i++) {
        const json_t *other = json_array_get(list, i);
        if (is_twin(entry, other))
            return strcmp(text_of(entry, "tbs_sha256"), text_of(other, "tbs_sha256")) == 0 ||
                   twin_refuse(entry, err);
        if (is_later_list(entry, other))
            later = other;
    }
    return later == NULL || err_set(err,
                                    "register: list number %lld comes behind number %lld of the same issuer "
                                    "(RFC 5280 5.2.3)" REMEDY,
                                    number_of(entry), number_of(later));
}

bool register_takes(const json_t *list, size_t count, const json_t *entry, struct err *err)
{
    return entry_is_legal(entry, err) && entry_follows(list, count, entry, err);
}

bool register_check(const json_t *list, const char *path, struct err *err)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!register_takes(list, i, json_array_get(list, i), err))
            return err_wrap(err, "%s: line %zu", path, i + 1);
    }
    return true;
}

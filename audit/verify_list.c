/* A revocation list against the list before it and against the plan: nothing that was revoked is forgotten,
 * and nothing is revoked that was not read aloud. */
#include "shelf.h"

#include "../ceremony/crlview.h"

#include <string.h>

static bool view_of(struct crl_view *out, const struct artefact *a, struct err *err)
{
    const struct bytes *der = a->content != NULL ? a->content : &a->list;
    if (der->len == 0)
        return err_set(err, "%s: is not on its page", a->name);
    return crl_view_read(out, (struct der){der->data, der->len}, a->name, err);
}

/* All of the list before, and a number above its. */
static bool before_is_kept(size_t *kept, const struct crl_view *now, const struct artefact *before,
                           struct err *err)
{
    OWN_STRUCT(entries) old = {0};
    struct crl_view view = {0};
    if (!view_of(&view, before, err) || !crl_view_keeps(now, &view, err) ||
        !crl_view_entries(&old, &view, err))
        return false;
    *kept = old.count;
    return crl_view_number(now) > crl_view_number(&view) ||
           err_set(err, "%s: its number %lld is not above %lld, of %s (RFC 5280 5.2.3)", now->what,
                   crl_view_number(now), crl_view_number(&view), view.what);
}

/* The serial number that an entry of the plan is about; "" when the certificate cannot be asked any more. */
static bool serial_of(char hex[SERIAL_HEX], const struct shelf *shelf, const json_t *entry, struct err *err)
{
    OWN(json_t) *facts = NULL;
    const char *name = json_text(entry, "certificate");
    const struct artefact *a = *name != '\0' ? shelf_find(shelf, name) : NULL;
    snprintf(hex, SERIAL_HEX, "%s", json_text(entry, "serial"));
    if (a == NULL || a->certificate == NULL)
        return *name == '\0' || a != NULL || err_set(err, "\"%s\" is not in this record", name);
    if (!certificate_to_json(&facts, a->certificate, err))
        return false;
    snprintf(hex, SERIAL_HEX, "%s", json_text(facts, "serial"));
    return true;
}

static bool entry_is_there(const struct crl_view *now, const struct shelf *shelf, const json_t *entry,
                           struct err *err)
{
    char serial[SERIAL_HEX], date[32];
    struct revoked found = {0};
    bool there = false;
    if (!serial_of(serial, shelf, entry, err))
        return err_wrap(err, "%s", now->what);
    if (serial[0] == '\0')
        return true;
    if (!crl_view_find(&found, &there, now, serial, err))
        return false;
    if (!there)
        return err_set(err, "%s: has no entry of serial %s, which the plan revokes", now->what, serial);
    time_text(date, found.date);
    return (strcmp(date, json_text(entry, "date")) == 0 &&
            strcmp(revoked_reason_name(found.reason), json_text(entry, "reason")) == 0) ||
           err_set(err, "%s: revokes serial %s as of %s (%s), and the plan says as of %s (%s)", now->what,
                   serial, date, revoked_reason_name(found.reason), json_text(entry, "date"),
                   json_text(entry, "reason"));
}

static bool list_is_planned(const struct shelf *shelf, const struct artefact *a, const json_t *options,
                            struct err *err)
{
    const char *after = json_text(options, "after");
    const json_t *revoked = json_object_get(options, "revoke");
    const struct artefact *before = *after != '\0' ? shelf_find(shelf, after) : NULL;
    OWN_STRUCT(entries) all = {0};
    struct crl_view now = {0};
    size_t kept = 0;
    if (*after != '\0' && before == NULL)
        return err_set(err, "%s: comes after \"%s\", which is not in this record", a->name, after);
    if (!view_of(&now, a, err) || (before != NULL && !before_is_kept(&kept, &now, before, err)))
        return false;
    for (size_t i = 0; i < json_array_size(revoked); i++)
        if (!entry_is_there(&now, shelf, json_array_get(revoked, i), err))
            return false;
    if (!crl_view_entries(&all, &now, err))
        return false;
    const size_t planned = kept + json_array_size(revoked);
    return all.count == planned || json_text(options, "serials")[0] != '\0' ||
           err_set(err, "%s: has %zu entries, and %zu of them are not in the plan", a->name, all.count,
                   all.count > planned ? all.count - planned : 0);
}

/* The lists that a page signed, as its step in the plan has them. */
void list_checks(struct trial *t, const struct sheet *sheet)
{
    const json_t *words = json_object_get(trial_step(t, sheet), "words");
    for (size_t i = 0; i < json_array_size(words); i++) {
        const json_t *word = json_array_get(words, i);
        const struct artefact *a = shelf_find_on(t->shelf, sheet->at, json_text(word, "name"));
        struct err err = {0};
        if (strncmp(json_text(word, "verb"), "publish", 7) != 0 || a == NULL || a->kind != ARTEFACT_CRL)
            continue; /* what is not there, plan.made says */
        bool planned = list_is_planned(t->shelf, a, json_object_get(word, "options"), &err);
        if (!planned)
            (void)err_wrap(&err, "%s", sheet->name);
        checks_add(&t->checks, CHECK_ARTEFACT_ENTRIES, (long)sheet->at, planned, &err);
    }
}

#include "sealkey.h"

#define TRIES 3

/* One try; *wrong says that there may be another. */
static bool try_once(struct seal **out, const struct sealkey *k, const struct room *room, unsigned attempt,
                     const char *undone, bool *wrong, struct err *err)
{
    OWN_SECRET *password = NULL;
    enum reply reply = REPLY_STOP;
    *wrong = false;
    if (!room->secret(room->context, "seal", "Password of your sealing key", false, attempt, &reply,
                      &password, err))
        return false;
    if (reply != REPLY_GIVEN)
        return err_set(err, "stopped; %s", undone);
    return k->home != NULL ? seal_open(out, k->home, password, wrong, err)
                           : seal_open_files(out, k->key, k->certificate, password, wrong, err);
}

bool sealkey_open(struct seal **out, const struct sealkey *k, const struct room *room, const char *undone,
                  struct err *err)
{
    for (unsigned attempt = 1;; attempt++) {
        bool wrong = false;
        if (try_once(out, k, room, attempt, undone, &wrong, err))
            return true;
        if (!wrong || attempt == TRIES)
            return false;
        OWN(char) *said = text_format("That is not the password (try %u of %d).", attempt, TRIES);
        room->say(room->context, said);
    }
}

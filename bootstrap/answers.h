/* answers.h - an answers file: one JSON object from prompt id ("step.verb.n") to what would be typed there.
 *
 * Values are strings, numbers, true and false; "stop" where one of several words is asked for, "!stop" where
 * a line is. Or an exception, and what is answered when the prompt is asked again:
 *   {"exception": {"expected": "...", "happened": "...", "decided": "...", "by": "..."}, "then": value}
 * where "then" may also be "stop", or "go on" where a yes is asked for: on without one. An exception answers
 * the prompts ID.expected, ID.happened, ID.decided, ID.by and ID.decision, which come after it.
 * The file never holds a secret and is never asked for one.
 */
#ifndef VERGER_ANSWERS_H
#define VERGER_ANSWERS_H

#include "../ceremony/bytes.h"
#include "../lua/room.h"

#define ANSWER_MAX 4096 /* characters */

struct answers; /* owned by whoever read it */
void answers_free(struct answers *answers);
static inline void own_answers(struct answers **a)
{
    answers_free(*a);
}
#define OWN_ANSWERS __attribute__((cleanup(own_answers))) struct answers

/* Read and judge the whole file: strict JSON, every value of a known type, texts of 1 to ANSWER_MAX
 * characters after trimming, in one line, without control characters. */
MUST_CHECK bool answers_read(struct answers **out, const char *path, struct err *err);

/* Whether the file has anything for an id; asking this does not use it. */
bool answers_has(const struct answers *answers, const char *id);

/* What the file has for a question; *found tells whether it has anything. A number is given as it would be
 * typed; true and false are no text. The caller frees *text, which is set with REPLY_GIVEN alone. */
MUST_CHECK bool answers_text(struct answers *answers, const char *id, enum reply *reply, char **text,
                             bool *found, struct err *err);
/* The same where one of `choices` (ends with NULL) is asked for: that word in any case, true for "yes", false
 * or "no" for "stop". */
MUST_CHECK bool answers_choice(struct answers *answers, const char *id, const char *const *choices,
                               const char **chosen, bool *found, struct err *err);

/* A sentence that names the ids which nobody asked for, at most five of them; nothing when there are none. */
void answers_unused(struct bytes *sentence, const struct answers *answers);

#endif

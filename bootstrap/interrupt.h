/* interrupt.h - a walk that is ended by a signal says what remains of it, and then has the signal's effect.
 */
#ifndef VERGER_INTERRUPT_H
#define VERGER_INTERRUPT_H

enum walking { WALKING_RUN, WALKING_REHEARSAL };

/* From now on, for SIGINT, SIGTERM and SIGHUP, but for those that are ignored (nohup). A second one ends it
 * without a word. */
void interrupt_tell(enum walking walking);

#endif

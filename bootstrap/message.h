/* message.h - standard error: one text for whoever started the program. */
#ifndef VERGER_MESSAGE_H
#define VERGER_MESSAGE_H

/* "who: text" and a newline: through plain_add, and wrapped at the terminal's width where standard error is a
 * terminal. A pipe or a file gets the lines whole. */
void message_show(const char *who, const char *text);

#endif

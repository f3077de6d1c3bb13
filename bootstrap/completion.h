/* completion.h - what a shell needs to complete the words of a line, made from the commands' own tables. */
#ifndef VERGER_COMPLETION_H
#define VERGER_COMPLETION_H

#include "command.h"

/* A script for each shell. Texts of the tables are quoted as the shell wants it. */
typedef void completion_write(struct bytes *out);
completion_write completion_bash, completion_zsh, completion_fish;

#endif

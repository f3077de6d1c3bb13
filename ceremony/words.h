/* words.h - the PGP word list (vendor/pgp-words), made into a table when the program is built. */
#ifndef VERGER_WORDS_H
#define VERGER_WORDS_H

/* [byte][0]: for even positions, two syllables; [byte][1]: for odd positions, three. */
extern const char *const pgp_words[256][2];

#endif

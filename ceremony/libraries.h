/* libraries.h - the running versions of the libraries that ceremony/ uses. Static strings. */
#ifndef VERGER_LIBRARIES_H
#define VERGER_LIBRARIES_H

const char *library_openssl(void);
const char *library_idn2(void);

#endif

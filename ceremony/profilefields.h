/* profilefields.h - what a profile holds, for the files that read (profile.c, profileread.c) and write
 * (extension.c) it. Nobody else includes this. */
#ifndef VERGER_PROFILEFIELDS_H
#define VERGER_PROFILEFIELDS_H

#include "profile.h"
#include "signature.h"
#include "ssl.h"

#define KEY_USAGES 9
#define KEY_USAGE_CERT_SIGN 5
#define KEY_USAGE_CRL_SIGN 6
/* step's names of the key usages; the index is the bit of RFC 5280 4.2.1.3. */
extern const char *const key_usage_names[KEY_USAGES];

struct profile {
    X509_NAME *subject;  /* never NULL, may be empty */
    GENERAL_NAMES *sans; /* NULL: none; so all below */
    bool sans_extended;
    unsigned key_usage; /* bit n is usage n */
    EXTENDED_KEY_USAGE *usages;
    ASN1_OCTET_STRING *subject_key_id;
    AUTHORITY_INFO_ACCESS *access;
    CRL_DIST_POINTS *points;
    json_t *crl_urls; /* array of strings, or NULL */
    CERTIFICATEPOLICIES *policies;
    bool has_constraints, is_ca;
    long path_length;
    NAME_CONSTRAINTS *names;
    bool names_critical;
    STACK_OF(X509_EXTENSION) * extra;
    const struct signature *signature;
};

/* Each reads one member (never NULL) into the profile. */
typedef bool profile_reader(struct profile *p, const json_t *value, bool as_step, struct err *err);
profile_reader profile_read_key_usage, profile_read_usages, profile_read_unknown_usages,
    profile_read_subject_key_id, profile_read_ocsp, profile_read_issuers, profile_read_crls,
    profile_read_policies, profile_read_constraints, profile_read_names, profile_read_extensions,
    profile_read_signature;

#endif

#include "constraints.h"

#include "host.h"
#include "profile.h"

static void *sure(void *made)
{
    if (made == NULL)
        abort();
    return made;
}

static GENERAL_NAME *name_new(const char *text)
{
    GENERAL_NAME *name = sure(GENERAL_NAME_new());
    if (host_is_address(text, NULL)) {
        GENERAL_NAME_set0_value(name, GEN_IPADD, sure(a2i_IPADDRESS(text)));
        return name;
    }
    ASN1_IA5STRING *dns = sure(ASN1_IA5STRING_new());
    if (ASN1_STRING_set(dns, text, -1) != 1)
        abort();
    GENERAL_NAME_set0_value(name, GEN_DNS, dns);
    return name;
}

/* OpenSSL judges certificates only, so the name is put into one. */
bool constraints_permit(NAME_CONSTRAINTS *constraints, const char *text)
{
    OWN(X509) *leaf = sure(X509_new());
    OWN(GENERAL_NAMES) *names = sure(GENERAL_NAMES_new());
    if (sk_GENERAL_NAME_push(names, name_new(text)) <= 0 ||
        X509_add1_ext_i2d(leaf, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) != 1)
        abort();
    (void)X509_check_purpose(leaf, -1, -1); /* decodes the extensions; its verdict is not asked for */
    return NAME_CONSTRAINTS_check(leaf, constraints) == X509_V_OK;
}

bool constraints_read(NAME_CONSTRAINTS **out, const json_t *member, struct err *err)
{
    OWN_STRUCT(bytes) text = {0};
    OWN_PROFILE *profile = NULL;
    OWN(json_t) *certificate =
        json_pack("{s:{s:s}, s:O}", "subject", "commonName", "any", "nameConstraints", member);
    if (certificate == NULL)
        abort();
    json_go_compact(&text, certificate);
    if (!profile_parse(&profile, &text, false, "the constraints", err))
        return false;
    *out = ASN1_item_dup(ASN1_ITEM_rptr(NAME_CONSTRAINTS), profile_name_constraints(profile));
    return *out != NULL || err_ssl(err, "the name constraints cannot be kept");
}

bool constraints_permit_own(const json_t *member, const char *const *names, struct err *err)
{
    OWN(NAME_CONSTRAINTS) *constraints = NULL;
    if (!constraints_read(&constraints, member, err))
        return false;
    for (size_t i = 0; names[i] != NULL; i++)
        if (!constraints_permit(constraints, names[i]))
            return err_set(
                err,
                "the constraints would forbid \"%.100s\", one of the authority's own names, and step-ca "
                "does not start then; allow it under %s too, or do not constrain",
                names[i], host_is_address(names[i], NULL) ? "ip" : "dns");
    return true;
}

static void constraints_encode(struct bytes *out, NAME_CONSTRAINTS *constraints)
{
    OWN_OPENSSL *der = NULL;
    int len = ASN1_item_i2d((ASN1_VALUE *)constraints, &der, ASN1_ITEM_rptr(NAME_CONSTRAINTS));
    if (len <= 0)
        abort();
    bytes_add(out, der, (size_t)len);
}

bool constraints_match(const X509 *cert, const json_t *member, const char *what, struct err *err)
{
    int critical = 0;
    OWN(NAME_CONSTRAINTS) *found = X509_get_ext_d2i(cert, NID_name_constraints, &critical, NULL);
    OWN(NAME_CONSTRAINTS) *wanted = NULL;
    OWN_STRUCT(bytes) is = {0};
    OWN_STRUCT(bytes) should = {0};
    if (!constraints_read(&wanted, member, err))
        return false;
    if (found == NULL)
        return err_set(err,
                       "%s: has no name constraints, or twice, and the policy wants them (RFC 5280 4.2.1.10)",
                       what);
    if (critical != 1)
        return err_set(err, "%s: its name constraints are not critical (RFC 5280 4.2.1.10)", what);
    constraints_encode(&is, found);
    constraints_encode(&should, wanted);
    return bytes_equal(&is, &should) ||
           err_set(err, "%s: its name constraints are not those of the policy (RFC 5280 4.2.1.10)", what);
}

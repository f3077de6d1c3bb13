#include "policy_rules.h"

#include "gotext.h"

#include <string.h>

/* ---- a table from keys to the first place where they stand ---- */

struct policy_slot {
    const char *key; /* borrowed from its rule; NULL: free */
    size_t len, index;
};

/* FNV-1a: the keys are the configuration's own, nobody attacks with them. */
static size_t hash_of(const char *key, size_t len)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)key[i]) * 0x100000001B3u;
    return (size_t)(hash ^ hash >> 32);
}

static struct policy_slot *slot_find(const struct policy_table *table, const char *key, size_t len)
{
    for (size_t i = hash_of(key, len);; i++) {
        struct policy_slot *slot = &table->slots[i & (table->size - 1)];
        if (slot->key == NULL || (slot->len == len && memcmp(slot->key, key, len) == 0))
            return slot;
    }
}

/* For at most `count` keys, half of it free. */
static void table_make(struct policy_table *table, size_t count)
{
    table->size = 4;
    while (table->size < 2 * count)
        table->size *= 2;
    table->slots = memory_new(table->size, sizeof *table->slots);
}

static void table_add(struct policy_table *table, const char *key, size_t len, size_t index)
{
    struct policy_slot *slot = slot_find(table, key, len);
    if (slot->key == NULL)
        *slot = (struct policy_slot){key, len, index};
}

static size_t table_find(const struct policy_table *table, const char *key, size_t len)
{
    if (table->size == 0)
        return POLICY_NOWHERE;
    const struct policy_slot *slot = slot_find(table, key, len);
    return slot->key != NULL ? slot->index : POLICY_NOWHERE;
}

static const char *range_key(const struct policy_range *range)
{
    return (const char *)range;
}

/* ---- taking entries ---- */

void policy_rules_free(struct policy_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        free(rules->rule[i].entry);
        free(rules->rule[i].normal);
        free(rules->rule[i].key);
    }
    free(rules->rule);
    free(rules->texts.slots);
    free(rules->mailboxes.slots);
    *rules = (struct policy_rules){0};
}

static void first_set(size_t *first, size_t index)
{
    if (*first == POLICY_NOWHERE)
        *first = index;
}

static void length_add(struct policy_lengths *lengths, unsigned bits)
{
    size_t i = 0;
    while (i < lengths->count && lengths->bits[i] > bits)
        i++;
    if (i < lengths->count && lengths->bits[i] == bits)
        return;
    memmove(lengths->bits + i + 1, lengths->bits + i, (lengths->count - i) * sizeof lengths->bits[0]);
    lengths->bits[i] = bits;
    lengths->count++;
}

/* The engine reads an address anew at each comparison: what was kept may read otherwise, or not at all. */
static void mailbox_index(struct policy_rules *rules, struct policy_rule *rule, size_t index)
{
    OWN_STRUCT(scratch) local = {0};
    const char *domain;
    if (!policy_mailbox_read(&local, &domain, rule->normal)) {
        first_set(&rules->broken, index);
        return;
    }
    rule->key = text_format("%s@%s", local.text, domain);
    table_add(&rules->mailboxes, rule->key, strlen(rule->key), index);
}

static void rule_index(struct policy_rules *rules, size_t index)
{
    struct policy_rule *rule = &rules->rule[index];
    if (rule->type == POLICY_IP) {
        length_add(&rules->lengths[rule->range.size == 16], rule->range.bits);
        table_add(&rules->texts, range_key(&rule->range), sizeof rule->range, index);
    } else if (rule->type == POLICY_CN || rule->type == POLICY_PRINCIPAL) {
        OWN_STRUCT(scratch) folded = {0};
        gotext_fold(&folded, rule->normal);
        rule->key = text_copy(folded.text);
        table_add(&rules->texts, rule->key, folded.len, index);
        if (rule->type == POLICY_PRINCIPAL && strcmp(rule->normal, "*") == 0)
            first_set(&rules->everything, index);
    } else if (strchr(rule->normal, '@') != NULL) {
        mailbox_index(rules, rule, index);
    } else if (*rule->normal == 0) {
        first_set(&rules->everything, index);
    } else {
        first_set(&rules->domain, index);
        table_add(&rules->texts, rule->normal, strlen(rule->normal), index);
    }
}

static bool rule_read(struct policy_rule *rule, const json_t *entry, struct err *err)
{
    OWN_STRUCT(scratch) normal = {0};
    if (!json_is_string(entry) && !json_is_null(entry)) { /* Go takes null for "" */
        err_set(err, "policy: \"%s.%s\" must be a list of strings", rule->deny ? "deny" : "allow",
                policy_type_word(rule->type));
        return false;
    }
    const char *text = json_is_string(entry) ? json_string_value(entry) : "";
    if (!policy_entry_normal(&normal, rule->type, text, rule->deny, err))
        return false;
    rule->entry = text_copy(text);
    rule->normal = text_copy(normal.text);
    return rule->type != POLICY_IP || policy_range_read(&rule->range, text) ||
           err_set(err, "policy: \"%.200s\" is no range", text);
}

bool policy_rules_new(struct policy_rules *out, enum policy_type type, bool deny, const json_t *entries,
                      struct err *err)
{
    OWN_STRUCT(policy_rules)
    rules = {.everything = POLICY_NOWHERE, .broken = POLICY_NOWHERE, .domain = POLICY_NOWHERE};
    if (entries != NULL && !json_is_array(entries))
        return err_set(err, "policy: \"%s.%s\" must be a list of strings", deny ? "deny" : "allow",
                       policy_type_word(type));
    size_t count = json_array_size(entries);
    rules.rule = memory_new(count, sizeof *rules.rule);
    rules.count = count;
    if (count > 0) {
        table_make(&rules.texts, count);
        table_make(&rules.mailboxes, count);
    }
    for (size_t i = 0; i < count; i++) {
        rules.rule[i] = (struct policy_rule){.type = type, .deny = deny, .index = i};
        if (!rule_read(&rules.rule[i], json_array_get(entries, i), err))
            return false;
        rule_index(&rules, i);
    }
    *out = rules;
    rules = (struct policy_rules){0};
    return true;
}

/* ---- finding ---- */

static void hit_add(struct policy_hit *hit, size_t index, enum policy_stop stop)
{
    if (index < hit->index)
        *hit = (struct policy_hit){index, stop};
}

static const struct policy_hit no_hit = {POLICY_NOWHERE, POLICY_STOP_NONE};

struct policy_hit policy_rules_text(const struct policy_rules *rules, const char *name)
{
    struct policy_hit hit = no_hit;
    OWN_STRUCT(scratch) folded = {0};
    if (rules->count == 0)
        return hit;
    gotext_fold(&folded, name);
    hit_add(&hit, table_find(&rules->texts, folded.text, folded.len), POLICY_STOP_MATCH);
    hit_add(&hit, rules->everything, POLICY_STOP_MATCH);
    return hit;
}

/* What keeps a domain from matching any entry; else POLICY_STOP_MATCH. */
static enum policy_stop domain_stop(const char *domain, bool wildcards)
{
    const char *star = strrchr(domain, '*');
    if (domain[0] == 0 || strcmp(domain, "*") == 0)
        return POLICY_STOP_CRASH;
    if (domain[0] == '.' || (star != NULL && star != domain))
        return POLICY_STOP_NONE;
    if (star != NULL && (domain[1] != '.' || !wildcards))
        return POLICY_STOP_NONE;
    return policy_domain_reads(domain) ? POLICY_STOP_MATCH : POLICY_STOP_UNREADABLE;
}

struct policy_hit policy_rules_domain(const struct policy_rules *rules, const char *domain, bool wildcards)
{
    struct policy_hit hit = no_hit;
    hit_add(&hit, rules->everything, POLICY_STOP_MATCH);
    if (rules->domain == POLICY_NOWHERE)
        return hit;
    enum policy_stop stop = domain_stop(domain, wildcards);
    if (stop == POLICY_STOP_MATCH) {
        size_t len = strlen(domain);
        const char *parent = strchr(domain, '.');
        hit_add(&hit, table_find(&rules->texts, domain, len), POLICY_STOP_MATCH);
        if (parent != NULL)
            hit_add(&hit, table_find(&rules->texts, parent, len - (size_t)(parent - domain)),
                    POLICY_STOP_MATCH);
    } else if (stop != POLICY_STOP_NONE) {
        hit_add(&hit, rules->domain, stop);
    }
    return hit;
}

struct policy_hit policy_rules_mailbox(const struct policy_rules *rules, const struct scratch *local,
                                       const char *domain, bool wildcards)
{
    struct policy_hit hit = policy_rules_domain(rules, domain, wildcards);
    OWN_STRUCT(scratch) whole = {0};
    size_t len = strlen(domain);
    char *key = scratch_room(&whole, local->len + 1 + len);
    memcpy(key, local->text, local->len);
    key[local->len] = '@';
    memcpy(key + local->len + 1, domain, len + 1);
    hit_add(&hit, table_find(&rules->mailboxes, key, whole.len), POLICY_STOP_MATCH);
    hit_add(&hit, rules->broken, POLICY_STOP_BROKEN);
    return hit;
}

struct policy_hit policy_rules_address(const struct policy_rules *rules, const struct policy_range *address)
{
    struct policy_hit hit = no_hit;
    const struct policy_lengths *lengths = &rules->lengths[address->size == 16];
    struct policy_range masked = *address;
    for (size_t i = 0; i < lengths->count; i++) {
        policy_range_mask(&masked, lengths->bits[i]);
        hit_add(&hit, table_find(&rules->texts, range_key(&masked), sizeof masked), POLICY_STOP_MATCH);
    }
    return hit;
}

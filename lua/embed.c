#include "embed.h"

/* The assembler puts each file into read-only data, between two symbols. The list of modules is made from the
 * folder when the program is built. */
#define EMBED_FILE(symbol, path)                                                                             \
    __asm__(".pushsection .rodata\n"                                                                         \
            ".global " symbol "_begin\n" symbol "_begin:\n"                                                  \
            ".incbin \"" path "\"\n"                                                                         \
            ".global " symbol "_end\n" symbol "_end:\n"                                                      \
            ".byte 0\n"                                                                                      \
            ".popsection\n");

#define EMBED(name)                                                                                          \
    EMBED_FILE("embed_lua_" #name, "lua/" #name ".lua")                                                      \
    extern const unsigned char embed_lua_##name##_begin[], embed_lua_##name##_end[];
#include "embed_list.inc"
#undef EMBED

/* Names of files are no symbols, so that these have numbers. */
#define CEREMONY(number, name)                                                                               \
    EMBED_FILE("embed_ceremony_" #number, "lua/ceremonies/" name)                                            \
    extern const unsigned char embed_ceremony_##number##_begin[], embed_ceremony_##number##_end[];
#include "embed_ceremonies.inc"
#undef CEREMONY

EMBED_FILE("embed_vendor_pins", "vendor/pins")
extern const unsigned char embed_vendor_pins_begin[], embed_vendor_pins_end[];

const struct embedded embed_modules[] = {
#define EMBED(name) {#name, embed_lua_##name##_begin, embed_lua_##name##_end},
#include "embed_list.inc"
#undef EMBED
    {NULL, NULL, NULL},
};

const struct embedded embed_ceremonies[] = {
#define CEREMONY(number, name) {name, embed_ceremony_##number##_begin, embed_ceremony_##number##_end},
#include "embed_ceremonies.inc"
#undef CEREMONY
    {NULL, NULL, NULL},
};

const struct embedded embed_pins = {"pins", embed_vendor_pins_begin, embed_vendor_pins_end};

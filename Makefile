# verger: `make` builds, `make demo` shows, `make check` tests. See README.md.

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
CC ?= gcc

VERSION := 0.1.0
PACKAGES := libcrypto libarchive libgit2 lua5.4 jansson libidn2 libseccomp
CSTD := -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
HARD := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
OPT ?= -O2 -g
SAN ?=
CFLAGS_ALL = $(CSTD) $(WARN) $(OPT) $(if $(SAN),-fno-omit-frame-pointer $(SAN),$(HARD)) \
	$(shell pkg-config --cflags $(PACKAGES)) -DVERGER_VERSION='"$(VERSION)"' -DOPENSSL_NO_DEPRECATED $(CFLAGS)
LDFLAGS_ALL = $(SAN) $(if $(SAN),,-pie -Wl,-z,relro,-z,now) $(LDFLAGS)
LIBS = $(shell pkg-config --libs $(PACKAGES))

ROOMS := bootstrap lua audit ceremony
sources = $(wildcard $(1)/*.c)
objects = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))

all: $(BUILD)/verger

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -I. -MMD -MP -c $< -o $@

# The PGP words are facts in vendor/; the table is made from them.
$(BUILD)/ceremony/words.c: vendor/pgp-words
	@mkdir -p $(@D)
	@{ echo '#include "ceremony/words.h"'; echo 'const char *const pgp_words[256][2] = {'; \
	   sed -n 's/^\([0-9a-f][0-9a-f]\) \([A-Za-z]*\) \([A-Za-z]*\)$$/    [0x\1] = {"\2", "\3"},/p' $<; echo '};'; } > $@
$(BUILD)/ceremony/words.o: $(BUILD)/ceremony/words.c
	$(CC) $(CFLAGS_ALL) -I. -c $< -o $@
$(BUILD)/libceremony.a: $(BUILD)/ceremony/words.o

define room_rule
$(BUILD)/lib$(1).a: $(call objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	$(AR) rcs $$@ $$^
endef
$(foreach room,$(ROOMS),$(eval $(call room_rule,$(room))))
LIBRARIES = $(foreach room,lua audit ceremony,$(BUILD)/lib$(room).a)

# Lua sources are embedded by the assembler, in one object that names them all.
$(BUILD)/bootstrap/embed.o $(BUILD)/lua/embed.o: $(wildcard lua/*.lua) $(wildcard lua/ceremonies/*)

$(BUILD)/verger: $(call objects,bootstrap) $(LIBRARIES)
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

# C units: one program a file, cmocka, no Lua in them.
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libaudit.a $(BUILD)/libceremony.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -I. -MMD -MP $< $(BUILD)/libaudit.a $(BUILD)/libceremony.a $(LDFLAGS_ALL) -o $@ $(LIBS) -lcmocka

units: $(UNITS)

clean:
	rm -rf $(BUILD)

.PHONY: all units clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# verger: `make` builds, `make demo` shows, `make check` tests, `make install` installs. See README.md.

BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
DEMO ?= demo
ifeq ($(origin CC),default)
CC := gcc
endif
OPT ?= -O2 -g
SAN ?=
JOBS ?= $(shell nproc)

VERSION := 0.1.0
PACKAGES := libcrypto libarchive libgit2 lua5.4 jansson libidn2 libseccomp
CSTD := -std=c11 -pthread -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
HARD := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE
# The same bytes from whatever folder it is built in: what `verger --version` prints can be compared.
SAME := -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(BUILD)=build
# Asked for once, and not before the packages are there.
PACKAGE_CFLAGS = $(eval PACKAGE_CFLAGS := $(shell pkg-config --cflags $(PACKAGES)))$(PACKAGE_CFLAGS)
PACKAGE_LIBS = $(eval PACKAGE_LIBS := $(shell pkg-config --libs $(PACKAGES)))$(PACKAGE_LIBS)
CFLAGS_ALL = $(CSTD) $(WARN) $(OPT) $(SAME) $(if $(SAN),-fno-omit-frame-pointer $(SAN),$(HARD)) $(PACKAGE_CFLAGS) \
	-DVERGER_VERSION='"$(VERSION)"' -DOPENSSL_NO_DEPRECATED -I. $(CFLAGS)
LDFLAGS_ALL = -pthread $(SAN) $(if $(SAN),,-pie -Wl,-z,relro,-z,now) $(LDFLAGS)

# One short line a command; `make V=1` shows the commands.
Q := $(if $(V),,@)
tell = @$(if $(V),:,printf '  %-7s%s\n' '$(1)' '$(2)')

ROOMS := bootstrap lua audit ceremony
sources = $(wildcard $(1)/*.c)
objects = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))

all: $(BUILD)/verger

# What is missing is installed before anything is built: make needs the packages to build, the demo those to run.
ROLES := build $(if $(filter demo,$(MAKECMDGOALS)),run) $(if $(filter check% lint format bench%,$(MAKECMDGOALS)),run test) \
	$(if $(filter check-all,$(MAKECMDGOALS)),more package) $(if $(filter deb,$(MAKECMDGOALS)),run package)
packages:
	@sh bootstrap/packages.sh $(ROLES)

# Changes when the compiler or its options do: then everything is built again.
$(BUILD)/flags: always | packages
	@mkdir -p $(@D)
	@printf '%s\n' $(CC) $(CFLAGS_ALL) : $(LDFLAGS_ALL) | cmp -s - $@ || \
		printf '%s\n' $(CC) $(CFLAGS_ALL) : $(LDFLAGS_ALL) > $@

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call tell,CC,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $(EXTRA) -MMD -MP -c $< -o $@

# The PGP words are facts in vendor/; the table is made from them.
$(BUILD)/ceremony/words.c: vendor/pgp-words
	@mkdir -p $(@D)
	@{ echo '#include "ceremony/words.h"'; echo 'const char *const pgp_words[256][2] = {'; \
	   sed -n 's/^\([0-9a-f][0-9a-f]\) \([A-Za-z]*\) \([A-Za-z]*\)$$/    [0x\1] = {"\2", "\3"},/p' $<; echo '};'; } > $@
$(BUILD)/ceremony/words.o: $(BUILD)/ceremony/words.c $(BUILD)/flags
	$(call tell,CC,$@)
	$(Q)$(CC) $(CFLAGS_ALL) -c $< -o $@
$(BUILD)/libceremony.a: $(BUILD)/ceremony/words.o

# So are the controls of a report, and what a document looks like.
$(BUILD)/audit/controls.c: vendor/controls
	@mkdir -p $(@D)
	@{ echo '#include "audit/controls.h"'; echo 'const struct control controls[] = {'; \
	   awk -F ' [|] ' '!/^#/ { gsub(/["\\]/, "\\&"); gsub(/ /, "\", \"", $$3); \
	     printf "    {\"%s\", \"%s\", {\"%s\"}, \"%s\", \"%s\", \"%s\"},\n", $$1, $$2, $$3, $$4, $$5, $$6 }' $<; \
	   echo '};'; echo 'const size_t controls_count = sizeof controls / sizeof *controls;'; } > $@
$(BUILD)/audit/document_style.c: audit/document.css
	@mkdir -p $(@D)
	@{ echo '#include "audit/document_style.h"'; echo 'const char *const document_style[] = {'; \
	   sed 's/["\\]/\\&/g; s/.*/    "&\\n",/' $<; echo '    0};'; } > $@
# And why the rules are there.
$(BUILD)/bootstrap/rules.c: vendor/rules
	@mkdir -p $(@D)
	@{ echo '#include "bootstrap/explain.h"'; echo 'const struct rule_fact rule_facts[] = {'; \
	   awk -F ' [|] ' '!/^#/ { gsub(/["\\]/, "\\\\&"); \
	     printf "    {\"%s\", \"%s\", \"%s\", \"%s\", \"%s\"},\n", $$1, $$2, $$3, $$4, $$5 }' $<; \
	   echo '    {0}};'; } > $@
$(BUILD)/libbootstrap.a: $(BUILD)/bootstrap/rules.o
MADE := $(BUILD)/audit/controls.o $(BUILD)/audit/document_style.o
$(MADE) $(BUILD)/bootstrap/rules.o: %.o: %.c $(BUILD)/flags
	$(call tell,CC,$@)
	$(Q)$(CC) $(CFLAGS_ALL) -c $< -o $@
$(BUILD)/libaudit.a: $(MADE)

# Lua sources and facts are embedded by the assembler, in one object that names them all; the list changes when the
# folder does.
MODULES := $(patsubst lua/%.lua,%,$(filter-out %.d.lua,$(wildcard lua/*.lua)))
$(BUILD)/lua/embed_list.inc: always
	@mkdir -p $(@D)
	@printf 'EMBED(%s)\n' $(MODULES) | cmp -s - $@ || printf 'EMBED(%s)\n' $(MODULES) > $@
CEREMONIES := $(sort $(notdir $(wildcard lua/ceremonies/*)))
$(BUILD)/lua/embed_ceremonies.inc: always
	@mkdir -p $(@D)
	@n=0; for f in $(CEREMONIES); do echo "CEREMONY($$n, \"$$f\")"; n=$$((n + 1)); done >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@
$(BUILD)/lua/embed.o $(BUILD)/tidy/lua/embed: $(BUILD)/lua/embed_ceremonies.inc
$(BUILD)/lua/embed.o $(BUILD)/tidy/lua/embed: EXTRA = -I$(BUILD)/lua
$(BUILD)/lua/embed.o $(BUILD)/tidy/lua/embed: $(BUILD)/lua/embed_list.inc
$(BUILD)/lua/embed.o: $(wildcard lua/*.lua) $(wildcard lua/ceremonies/*) vendor/pins

define room_rule
$(BUILD)/lib$(1).a: $(call objects,$(1))
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(call tell,AR,$$@)
	$(Q)$(AR) rcs $$@ $$^
endef
$(foreach room,$(ROOMS),$(eval $(call room_rule,$(room))))
LIBRARIES = $(foreach room,lua audit ceremony,$(BUILD)/lib$(room).a)

$(BUILD)/verger: $(call objects,bootstrap) $(BUILD)/bootstrap/rules.o $(LIBRARIES)
	$(call tell,LINK,$@)
	$(Q)$(CC) $(LDFLAGS_ALL) -o $@ $^ $(PACKAGE_LIBS)

# C units: one program a file, cmocka, no Lua in them. A noun of bootstrap/ is tested with bootstrap's library.
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SOURCES))
HOST_UNITS := $(filter $(UNITS),$(patsubst bootstrap/%.c,$(BUILD)/unit/test_%,$(call sources,bootstrap)))
$(HOST_UNITS): HOST = $(BUILD)/libbootstrap.a
$(HOST_UNITS): $(BUILD)/libbootstrap.a
$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libaudit.a $(BUILD)/libceremony.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(call tell,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) -MMD -MP $< $(HOST) $(BUILD)/libaudit.a $(BUILD)/libceremony.a \
		$(LDFLAGS_ALL) -o $@ $(PACKAGE_LIBS) -lcmocka

units: $(UNITS)
suite: $(BUILD)/suite

# The Lua suites run in the program's own state.
$(BUILD)/suite: tests/lua/suite.c $(LIBRARIES) $(BUILD)/flags
	$(call tell,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $< $(LIBRARIES) $(LDFLAGS_ALL) -o $@ $(PACKAGE_LIBS)

# The library that lets a run die at a chosen call; it stands in front of the C library as that is, without macros.
fault: $(BUILD)/fault.so
$(BUILD)/fault.so: $(wildcard tests/crash/*.c) tests/crash/fault.h $(BUILD)/flags
	$(call tell,LINK,$@)
	$(Q)$(CC) $(CSTD) -U_FILE_OFFSET_BITS $(WARN) $(CFLAGS) -O1 -g -fPIC -shared -o $@ $(filter %.c,$^)

# Makes a record of many pages: build/many FOLDER PAGES, best in /dev/shm.
$(BUILD)/many: tests/bench/many.c $(BUILD)/libaudit.a $(BUILD)/libceremony.a $(BUILD)/flags
	$(call tell,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $< $(BUILD)/libaudit.a $(BUILD)/libceremony.a $(LDFLAGS_ALL) -o $@ $(PACKAGE_LIBS) -lcmocka

# Makes and reads revocation lists of any size (tests/bench/lists.sh).
$(BUILD)/list: tests/bench/list.c $(BUILD)/libceremony.a $(BUILD)/flags
	$(call tell,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $< $(BUILD)/libceremony.a $(LDFLAGS_ALL) -o $@ $(PACKAGE_LIBS)

BENCHES := $(addprefix $(BUILD)/,list many meter floor)
BENCHED = $(foreach b,LIST MANY METER FLOOR,$(b)=$(CURDIR)/$(BUILD)/$(1)$(shell echo $(b) | tr A-Z a-z))
# What a command costs; and what the libraries take for the same, bare.
$(BUILD)/meter: tests/bench/meter.c $(BUILD)/flags
	$(call tell,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $< $(LDFLAGS_ALL) -o $@
$(BUILD)/floor: tests/bench/floor.c $(BUILD)/libceremony.a $(BUILD)/flags
	$(call tell,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $< $(BUILD)/libceremony.a $(LDFLAGS_ALL) -o $@ $(PACKAGE_LIBS)

demo: $(BUILD)/verger
	@VERGER=$(BUILD)/verger DEMO=$(DEMO) sh bootstrap/demo.sh

# The tests. Three builds: gcc's is the one that is tested whole, the sanitizers' runs the units too, and clang's
# shows that another compiler has nothing to say. Everything that runs, runs through prove.
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all
CHECK_MAKE = +$(MAKE) --no-print-directory -j$(JOBS)
CHECK_UNITS = $(patsubst tests/unit/%.c,$(BUILD)/$(1)/unit/%,$(UNIT_SOURCES))
SUITES := $(wildcard tests/lua/test_*.lua)
TRIALS := $(wildcard tests/cli/*.bats)
CRASHES := tests/crash/sweep.sh $(wildcard tests/crash/*.bats)
BUILT = SUITE=$(CURDIR)/$(BUILD)/$(1)/suite VERGER=$(CURDIR)/$(BUILD)/$(1)/verger FAULT=$(CURDIR)/$(BUILD)/$(1)/fault.so
PROVE = $(BUILT) prove -j$(JOBS) --timer --comments --exec 'sh tests/run'

check: lint
	$(CHECK_MAKE) BUILD=$(BUILD)/gcc CC=gcc CFLAGS=-Werror all units suite fault
	$(CHECK_MAKE) BUILD=$(BUILD)/sanitized CC=gcc CFLAGS=-Werror OPT='-O1 -g' SAN='$(SANITIZERS)' units suite
	$(CHECK_MAKE) BUILD=$(BUILD)/clang CC=clang CFLAGS=-Werror all units suite fault
	$(call PROVE,gcc) $(call CHECK_UNITS,gcc) $(call CHECK_UNITS,sanitized) $(SUITES) $(TRIALS) $(CRASHES)

# A run is cut off at every call, in every way: some hours. Of these `make check` takes 200 (tests/crash/sweep.sh).
crash: packages
	$(CHECK_MAKE) BUILD=$(BUILD)/gcc CC=gcc CFLAGS=-Werror all fault
	CRASH_POINTS=all JOBS=$(JOBS) $(call BUILT,gcc) tests/crash/sweep.sh

# Every byte of a small record, flipped one at a time: some minutes on each core. Of these `make check` takes 400.
forge: packages
	$(CHECK_MAKE) BUILD=$(BUILD)/gcc CC=gcc CFLAGS=-Werror $(BUILD)/gcc/unit/test_flip
	FLIPS=all JOBS=$(JOBS) $(BUILD)/gcc/unit/test_flip

check-all: check forge
	$(CHECK_MAKE) BUILD=$(BUILD)/sanitized CC=gcc CFLAGS=-Werror OPT='-O1 -g' SAN='$(SANITIZERS)' all suite fault
	ASAN_OPTIONS=verify_asan_link_order=0 PATIENCE=3600 $(call PROVE,sanitized) $(SUITES) $(TRIALS)
	PATIENCE=3600 $(call PROVE,gcc) $(wildcard tests/pages/*.bats tests/package/*.bats tests/independent/*.bats)
	VERGER=$(BUILD)/gcc/verger bash tests/interop.sh
	bash tests/debian13.sh
	$(CHECK_MAKE) BUILD=$(BUILD)/gcc CC=gcc CFLAGS=-Werror $(addprefix $(BUILD)/gcc/,list meter floor)
	$(call BENCHED,gcc/) tests/bench/lists.sh 1000000 1

# Revocation lists of a million entries beside those of others' programs: some minutes.
bench-lists: $(BENCHES)
	$(BENCHED) tests/bench/lists.sh

# Verger beside its peers and the libraries' floor (tests/bench/README.md): some minutes; whole with FULL=1.
bench: $(BUILD)/verger $(BUILD)/suite $(BENCHES)
	@SUITE=$(CURDIR)/$(BUILD)/suite VERGER=$(CURDIR)/$(BUILD)/verger $(BENCHED) \
		BENCH_JSON=$(CURDIR)/$(BUILD)/bench.json FULL=$(FULL) bash tests/bench/run.sh

# The real step-ca on our tree; where it is not installed this says so.
interop: $(BUILD)/verger
	@VERGER=$(BUILD)/verger bash tests/interop.sh

# Fuzzing, which clang can: each target runs for FUZZ_TIME seconds, from the corpus that is kept for it.
FUZZ_TIME ?= 30
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

fuzz: packages
	$(CHECK_MAKE) BUILD=$(BUILD)/fuzzed CC=clang CFLAGS=-Werror OPT='-O1 -g' \
		SAN='$(SANITIZERS) -fsanitize=fuzzer-no-link' fuzzers
	@set -e; for f in $(FUZZERS); do \
		mkdir -p $(BUILD)/fuzzed/corpus/$$f; \
		$(BUILD)/fuzzed/fuzz_$$f -verbosity=0 -timeout=10 -max_total_time=$(FUZZ_TIME) -print_final_stats=1 \
			-artifact_prefix=$(BUILD)/fuzzed/$$f- $(BUILD)/fuzzed/corpus/$$f tests/fuzz/corpus/$$f \
			>$(BUILD)/fuzzed/$$f.log 2>&1 || { tail -n 40 $(BUILD)/fuzzed/$$f.log; exit 1; }; \
		sed -n "s/^stat::number_of_executed_units: */$$f: $(FUZZ_TIME) s, inputs: /p" $(BUILD)/fuzzed/$$f.log; done

fuzzers: $(FUZZERS:%=$(BUILD)/fuzz_%)
$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(LIBRARIES) $(BUILD)/flags
	$(call tell,LINK,$@)
	$(Q)$(CC) $(CFLAGS_ALL) $< $(LIBRARIES) -fsanitize=fuzzer $(LDFLAGS_ALL) -o $@ $(PACKAGE_LIBS)

# What the compilers do not say.
C_SOURCES := $(foreach room,$(ROOMS),$(call sources,$(room)))
C_HEADERS := $(foreach room,$(ROOMS),$(wildcard $(room)/*.h))
C_FORMATTED := $(C_SOURCES) $(C_HEADERS) $(wildcard tests/*/*.c tests/*/*.h)
SHELL_SOURCES := $(wildcard bootstrap/*.sh) bootstrap/start .ci/run tests/run $(wildcard tests/*.sh tests/*/*.sh tests/*/*.bash tests/pages/*.bats tests/package/*.bats tests/independent/*.bats) $(TRIALS) $(filter %.bats,$(CRASHES))
TIDY := $(patsubst %.c,$(BUILD)/tidy/%,$(C_SOURCES))

lint: packages
	$(call tell,LINT,layout of C)
	$(Q)clang-format --dry-run -Werror $(C_FORMATTED)
	$(call tell,LINT,Lua)
	$(Q)luacheck --quiet lua tests/lua
	$(call tell,LINT,shell)
	$(Q)shellcheck --severity=warning --exclude=SC2154 $(SHELL_SOURCES) # bats and `load` assign
	$(CHECK_MAKE) tidy

tidy: $(TIDY)
$(BUILD)/tidy/%: %.c $(C_HEADERS) .clang-tidy $(BUILD)/flags
	@mkdir -p $(@D)
	$(call tell,TIDY,$<)
	$(Q)clang-tidy --quiet $< -- $(CFLAGS_ALL) $(EXTRA) 2>/dev/null
	@touch $@

format: packages
	clang-format -i $(C_FORMATTED)

MANUALS := $(wildcard $(foreach room,$(ROOMS),$(room)/*.[1-9]))

install: $(BUILD)/verger
	install -D -m 755 $(BUILD)/verger $(DESTDIR)$(PREFIX)/bin/verger
	install -d $(DESTDIR)$(PREFIX)/share/verger/ceremonies
	install -m 644 lua/ceremonies/* $(DESTDIR)$(PREFIX)/share/verger/ceremonies
	install -m 644 bootstrap/step-ca.service $(DESTDIR)$(PREFIX)/share/verger/step-ca.service
	install -m 644 lua/verger-script.d.lua $(DESTDIR)$(PREFIX)/share/verger/verger-script.d.lua
	for shell in bash:bash-completion/completions/verger zsh:zsh/site-functions/_verger \
		fish:fish/vendor_completions.d/verger.fish; do \
		$(BUILD)/verger completion $${shell%%:*} >$(BUILD)/completion.$${shell%%:*} && \
		install -D -m 644 $(BUILD)/completion.$${shell%%:*} $(DESTDIR)$(PREFIX)/share/$${shell#*:} || exit 1; done
	for page in $(MANUALS); do install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/verger
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/verger $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_verger
	rm -f $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/verger.fish
	rm -f $(DESTDIR)$(PREFIX)/share/man/man1/verger*.1 $(DESTDIR)$(PREFIX)/share/man/man5/verger-*.5
	rm -rf $(DESTDIR)$(PREFIX)/share/verger

# The source of the last commit as a tarball: the same bytes wherever it is made.
DIST := verger-$(VERSION)
dist:
	@git diff --quiet HEAD || echo 'dist: of the last commit; what is not committed is not in it' >&2
	@mkdir -p $(BUILD)
	@git -c tar.umask=0022 archive --format=tar --prefix=$(DIST)/ HEAD | gzip -n -9 >$(BUILD)/$(DIST).tar.gz
	@cd $(BUILD) && sha256sum $(DIST).tar.gz

# A Debian package of that source, judged by lintian.
DEB = $(BUILD)/deb
deb: packages dist
	@rm -rf $(DEB) && mkdir -p $(DEB) && tar -xzf $(BUILD)/$(DIST).tar.gz -C $(DEB)
	@cp -r $(DEB)/$(DIST)/bootstrap/debian $(DEB)/$(DIST)/debian
	cd $(DEB)/$(DIST) && env -u MAKEFLAGS -u MAKELEVEL dpkg-buildpackage -b -us -uc -j$(JOBS)
	lintian --fail-on error,warning --info $(DEB)/*.changes
	@cd $(DEB) && sha256sum *.deb

clean:
	rm -rf $(BUILD)
	[ ! -e demo/.made-by-verger-demo ] || rm -rf demo

.PHONY: all packages always units suite fault dist deb demo interop bench bench-lists fuzz fuzzers check crash forge check-all lint tidy format install uninstall clean
-include $(foreach room,$(ROOMS),$(patsubst %.c,$(BUILD)/%.d,$(call sources,$(room)))) $(addsuffix .d,$(UNITS))

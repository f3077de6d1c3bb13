/* A template, from its text to the certificate JSON that is read from it: every fault has a line and a column
 * and none is Lua's own, every finding is whole, and the bounds hold. libFuzzer sees no further than C; a
 * hook tells it which lines of Lua were reached. */
#include "../../ceremony/preview.h"
#include "../../ceremony/profilelint.h"
#include "../../lua/state.h"

#include <lua5.4/lauxlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COUNTERS (1u << 14)
static uint8_t reached[COUNTERS] __attribute__((section("__libfuzzer_extra_counters")));

static lua_State
    *fuzzed; /* libFuzzer hands nothing on from one call to the next; the function is on its stack */

/* A function of the template's text: what it renders to, or nil where it is refused. Anything else is an
 * error. */
static const char judge[] =
    "local problem, template = require 'template_problem', require 'template'\n"
    "local function data()\n"
    "  return template.data {\n"
    "    subject = { commonName = 'Example CA', organization = { 'Example', 'Org' },\n"
    "      extraNames = { { type = '2.5.4.17', value = '00100' } } },\n"
    "    sans = { { type = 'dns', value = 'a.example.com' }, { type = 'ip', value = '10.0.0.1' } },\n"
    "    request = { PublicKeyKind = 'RSA-3072', Version = 0, Subject = { commonName = 'Example CA' },\n"
    "      DNSNames = { 'a.example.com' }, IPAddresses = { '10.0.0.1' }, URIs = { 'https://a/b?c#d' },\n"
    "      Extensions = { { id = '2.5.29.15', critical = true, value = 'AwIBBg==' } } },\n"
    "    user = { name = 'web', count = 3, list = { 'a', 'b' }, map = { k = 'v' } },\n"
    "    token = { sub = 'a.example.com', iss = 'admin@example.com' }, max_path_len = 0,\n"
    "  }\n"
    "end\n"
    "return function(text)\n"
    "  local fine, out, findings = pcall(function()\n"
    "    return template.compile(text, 't'):render(data(),\n"
    "      { steps = 20000, output = 65536, now = '2026-11-23T17:00:00Z' })\n"
    "  end)\n"
    "  if not fine then\n"
    "    if problem.is(out) and out.line and out.column then return nil end\n"
    "    error('not a problem of the template: ' .. tostring(out))\n"
    "  end\n"
    "  assert(#out <= 65536)\n"
    "  for _, found in ipairs(findings) do\n"
    "    assert(found.rule and found.message and found.line >= 1 and found.column >= 1)\n"
    "  end\n"
    "  return out\n"
    "end\n";

static void line_reached(lua_State *L, lua_Debug *event)
{
    lua_getinfo(L, "S", event);
    size_t place = (size_t)event->source / 16 * 31 + (size_t)event->currentline;
    reached[place % COUNTERS]++;
}

static void must(lua_State *L, bool holds)
{
    if (holds)
        return;
    fprintf(stderr, "%s\n", lua_tostring(L, -1));
    abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const struct state_host host = {.room = NULL, .binary_sha256 = ""};
    (void)argc;
    (void)argv;
    fuzzed = state_open(&host);
    must(fuzzed, luaL_loadbufferx(fuzzed, judge, sizeof judge - 1, "=judge", "t") == LUA_OK);
    must(fuzzed, lua_pcall(fuzzed, 0, 1, 0) == LUA_OK);
    lua_sethook(fuzzed, line_reached, LUA_MASKLINE, 0);
    return 0;
}

/* What was rendered is judged as `verger template` judges it. */
static void rendered_judge(const char *text, size_t len)
{
    OWN_STRUCT(bytes) json = bytes_copy(text, len);
    OWN_STRUCT(findings) found = {0};
    OWN_PROFILE *profile = NULL;
    profile_lint(&found, &profile, &json, NULL);
    if (profile == NULL && findings_errors(&found) == 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len;
    lua_pushvalue(fuzzed, -1);
    lua_pushlstring(fuzzed, (const char *)data, size);
    must(fuzzed, lua_pcall(fuzzed, 1, 1, 0) == LUA_OK);
    const char *text = lua_tolstring(fuzzed, -1, &len);
    if (text != NULL)
        rendered_judge(text, len);
    lua_pop(fuzzed, 1);
    lua_gc(fuzzed, LUA_GCCOLLECT); /* as much is freed as was taken, or libFuzzer looks for leaks each time */
    return 0;
}

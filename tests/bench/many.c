/* A record of many pages, made by our own writers: many FOLDER PAGES. FOLDER/record and FOLDER/signers.pem;
 * every page changes one public file, so each makes a commit. In a memory file system: every page is fsynced.
 */
#include "tests/unit/story.h"

#include <stdio.h>
#include <stdlib.h>

static void page_first(struct story *s, size_t pages)
{
    struct err err = {0};
    struct page *page = begin(s, "Script", "ca");
    char hex[DIGEST_HEX];
    OWN_STRUCT(bytes) certificate = {0};
    OWN_STRUCT(bytes) text = {0};
    OWN(json_t) *steps = json_array();
    for (size_t i = 1; i < pages; i++) {
        OWN(char) *title = text_format("Step %zu", i);
        json_array_append_new(steps, step_json(title, "ca"));
    }
    digest_hex(hex, script, strlen(script));
    OWN(json_t) *plan =
        json_pack("{s:s, s:s, s:{s:s, s:s}, s:[], s:[{s:s, s:i}, {s:s, s:i}], s:O}", "title", "Test",
                  "version", "1.0", "script", "name", "test.lua", "sha256", hex, "templates", "people",
                  "role", "operator", "count", 1, "role", "witness", "count", 1, "steps", steps);
    assert_ok(json_canonical(&text, plan, &err));
    assert_ok(page_evidence(page, "plan.json", text.data, text.len, &err));
    assert_ok(page_member(page, "script/test.lua", script, strlen(script), &err));
    assert_ok(certificate_pem(&certificate, seal_certificate(s->ca), &err));
    assert_ok(record_enrol(s->record, page, &certificate, 1, &err));
    put(s->folder, "signers.pem", certificate.data, certificate.len);
    finish(s, page, "ca");
}

int main(int argc, char **argv)
{
    struct err err = {0};
    if (argc < 3)
        return 2;
    const size_t pages = strtoul(argv[2], NULL, 10);
    OWN_STRUCT(bytes) evidence = {.len = argc > 3 ? strtoul(argv[3], NULL, 10) : 0};
    evidence.data = memory_new(evidence.len + 1, 1);
    OWN_SEAL *ca = enrol(argv[1], "home", "Ada", "ca");
    struct story s = {.folder = argv[1], .crimes = "", .path = path_join(argv[1], "record"), .ca = ca};
    assert_ok(record_open(&s.record, s.path, true, &err));
    page_first(&s, pages);
    for (size_t i = 1; i < pages; i++) {
        OWN(char) *title = text_format("Step %zu", i);
        OWN(char) *content = text_format("{\"step\": %zu}\n", i);
        struct page *page = begin(&s, title, "ca");
        assert_ok(page_file(page, "config/ca.json", content, strlen(content), 0644, &err));
        if (evidence.len > 0)
            assert_ok(page_evidence(page, "large", evidence.data, evidence.len, &err));
        finish(&s, page, "ca");
    }
    story_free(&s);
    return 0;
}

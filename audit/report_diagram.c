/* The trust diagram: a column of certificates, each with what it signed at its right, and the stations with
 * the pages that they sealed below. Plain boxes, so that it reads on paper. */
#include "reportparts.h"

#include <string.h>

enum { WIDTH = 760, BOX = 300, TALL = 58, GAP = 34, LEFT = 20, RIGHT = 420 };

struct drawing {
    struct bytes *svg, *said;
    int y;
};

static void text_add(struct bytes *svg, const char *text)
{
    for (; *text != '\0'; text++)
        if (*text == '<')
            bytes_text(svg, "&lt;");
        else if (*text == '&')
            bytes_text(svg, "&amp;");
        else
            bytes_add(svg, text, 1);
}

/* Cut at a whole character, so that it stays in its box. */
static char *fitted(const char *text, size_t most)
{
    size_t len = strlen(text);
    if (len <= most)
        return text_copy(text);
    while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
        most--;
    return text_format("%.*s…", (int)most, text);
}

static void box(struct drawing *d, int x, int y, const char *title, const char *under)
{
    OWN(char) *first = fitted(title, 42), *second = fitted(under, 50);
    bytes_format(d->svg, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>", x, y, BOX, TALL);
    bytes_format(d->svg, "<text class=\"title\" x=\"%d\" y=\"%d\">", x + 12, y + 24);
    text_add(d->svg, first);
    bytes_format(d->svg, "</text><text class=\"small\" x=\"%d\" y=\"%d\">", x + 12, y + 44);
    text_add(d->svg, second);
    bytes_text(d->svg, "</text>\n");
}

static void arrow(struct drawing *d, int x1, int y1, int x2, int y2)
{
    bytes_format(d->svg, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" marker-end=\"url(#tip)\"/>\n", x1, y1,
                 x2, y2);
}

/* Its lists, at its right. */
static int lists_draw(struct drawing *d, const json_t *report, const json_t *issuer, int y)
{
    int drawn = 0;
    size_t i;
    json_t *list;
    json_array_foreach(json_object_get(report, "crls"), i, list)
    {
        if (strcmp(json_text(list, "issuer"), json_text(issuer, "subject")) != 0)
            continue;
        int at = y + drawn++ * (TALL + GAP);
        OWN(char) *under = text_format("list %lld, %lld entries, next by %.10s",
                                       (long long)json_integer_value(json_object_get(list, "number")),
                                       (long long)json_integer_value(json_object_get(list, "entries")),
                                       json_text(list, "next_update"));
        box(d, RIGHT, at, json_text(list, "name"), under);
        arrow(d, LEFT + BOX, at + TALL / 2, RIGHT - 2, at + TALL / 2);
        bytes_format(d->said, "  it signed: %s (%s)\n", json_text(list, "name"), under);
    }
    return drawn;
}

static void certificate_draw(struct drawing *d, const json_t *report, const json_t *certificate, bool first)
{
    OWN(char) *under =
        text_format("%s, until %.10s", json_text(certificate, "key"), json_text(certificate, "not_after"));
    if (!first)
        arrow(d, LEFT + BOX / 2, d->y - GAP, LEFT + BOX / 2, d->y - 2);
    bytes_format(d->said, "%s%s (%s)\n",
                 first ? "" : "which vouches for: ", json_text(certificate, "subject"), under);
    box(d, LEFT, d->y, json_text(certificate, "subject"), under);
    int drawn = lists_draw(d, report, certificate, d->y);
    d->y += (drawn > 1 ? drawn : 1) * (TALL + GAP);
}

/* What the authority signs, as the script's policy says. */
static void leaves_draw(struct drawing *d, const json_t *report)
{
    size_t s, w;
    json_t *step, *word;
    const char *sentence = "";
    json_array_foreach(json_object_get(json_object_get(report, "plan"), "steps"), s, step) json_array_foreach(
        json_object_get(step, "words"), w, word) if (strcmp(json_text(word, "verb"), "policy") == 0)
        sentence = json_text(word, "sentence");
    arrow(d, LEFT + BOX / 2, d->y - GAP, LEFT + BOX / 2, d->y - 2);
    box(d, LEFT, d->y, "server certificates, by step-ca",
        *sentence != '\0' ? "within the policy of the script" : "no policy");
    bytes_format(d->said, "which signs, through step-ca: server certificates. %s\n", sentence);
    d->y += TALL + GAP;
}

/* Root first, then what it issued; init's certificates that are gone are left out. */
static void chain_draw(struct drawing *d, const json_t *report)
{
    bool first = true, issuing = false;
    for (int round = 0; round < 2; round++) {
        size_t i;
        json_t *one;
        json_array_foreach(json_object_get(report, "certificates"), i, one)
        {
            bool root = strcmp(json_text(one, "subject"), json_text(one, "issuer")) == 0;
            if (root != (round == 0) || json_is_true(json_object_get(one, "generated")))
                continue;
            certificate_draw(d, report, one, first);
            first = false;
            issuing = !root && json_is_true(json_object_get(one, "ca"));
        }
    }
    if (issuing)
        leaves_draw(d, report);
}

static int pages_sealed(const json_t *report, const char *label)
{
    int count = 0;
    size_t i, s;
    json_t *page, *seal;
    json_array_foreach(json_object_get(report, "pages"), i, page)
        json_array_foreach(json_object_get(page, "seals"), s, seal) count +=
        strcmp(json_string_value(seal), label) == 0;
    return count;
}

static void signers_draw(struct drawing *d, const json_t *report)
{
    size_t i;
    json_t *signer;
    json_array_foreach(json_object_get(json_object_get(report, "verify"), "signers"), i, signer)
    {
        int x = i % 2 == 0 ? LEFT : RIGHT;
        OWN(char) *under =
            text_format("sealed %d of %zu pages", pages_sealed(report, json_text(signer, "label")),
                        json_array_size(json_object_get(report, "pages")));
        OWN(char) *title = text_format("%s: %s", json_text(signer, "label"), json_text(signer, "name"));
        box(d, x, d->y, title, under);
        bytes_format(d->said, "%s %s\n", title, under);
        if (i % 2 == 1)
            d->y += TALL + GAP;
    }
    if (i % 2 == 1)
        d->y += TALL + GAP;
}

void report_diagram(struct bytes *svg, struct bytes *said, const json_t *report)
{
    OWN_STRUCT(bytes) body = {0};
    struct drawing d = {&body, said, 20};
    chain_draw(&d, report);
    signers_draw(&d, report);
    bytes_format(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
        "aria-hidden=\"true\"><defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
        "markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n",
        WIDTH, d.y, WIDTH, d.y);
    bytes_add(svg, body.data, body.len);
    bytes_text(svg, "</svg>");
}

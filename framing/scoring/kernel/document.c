#include "document.h"

#define PIECES_IN_64 65 /* no more start in 64 bytes, with one to spare */

void document_close(Document *document)
{
    for (int cut = 0; cut < N_CUTS; cut++)
        free(document->pieces[cut].items);
    lowered_close(&document->lowered);
    free(document->places);
    *document = (Document){0};
}

static inline size_t measure_character(uint8_t lead)
{
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* Cut the runs of bytes whose bits are 1 once `flip` is applied. Starts and ends take turns, so
   that they are written one after another, as the pieces that they make. */
static Status cut_runs(Pieces *pieces, const uint64_t *bits, size_t n, uint64_t flip)
{
    uint64_t before = 0;
    size_t n_bounds = 0;
    for (size_t number = 0; number < n; number++) {
        void **items = (void **)&pieces->items;
        if (grow(items, &pieces->room, n_bounds / 2 + PIECES_IN_64, sizeof(Piece)) != DONE)
            return NO_MEMORY;
        uint64_t here = bits[number] ^ flip, edges = here ^ (here << 1 | before);
        uint32_t *bounds = (uint32_t *)pieces->items;
        before = here >> 63;
        for (; edges; edges &= edges - 1)
            bounds[n_bounds++] = (uint32_t)(64 * number + find_lowest(edges));
    }
    pieces->count = n_bounds / 2; /* the last run ends before the padding does */
    return DONE;
}

/* Drop the runs of a single character. */
static void drop_single(Pieces *pieces, const uint8_t *lowered)
{
    size_t kept = 0;
    for (size_t at = 0; at < pieces->count; at++) {
        Piece piece = pieces->items[at];
        pieces->items[kept] = piece;
        kept += piece.end - piece.start > measure_character(lowered[piece.start]);
    }
    pieces->count = kept;
}

static Status cut_marks(Pieces *pieces, const Lowered *lowered)
{
    size_t count = 0;
    for (size_t number = 0; number < lowered->n_kinds; number++) {
        void **items = (void **)&pieces->items;
        if (grow(items, &pieces->room, count + PIECES_IN_64, sizeof(Piece)) != DONE)
            return NO_MEMORY;
        for (uint64_t bits = lowered->kinds.marks[number]; bits; bits &= bits - 1) {
            uint32_t start = (uint32_t)(64 * number + find_lowest(bits));
            size_t size = measure_character(lowered->bytes[start]);
            pieces->items[count++] = (Piece){start, start + (uint32_t)size};
        }
    }
    pieces->count = count;
    return DONE;
}

Status document_read(Document *document, const Characters *characters,
                     const bool wanted[N_CUTS], const uint8_t *text, size_t size)
{
    document->text = text;
    document->size = size;
    Lowered *lowered = &document->lowered;
    Pieces *pieces = document->pieces;
    Status status = lower_text(lowered, characters, text, size);
    if (status == DONE && wanted[TOKENS]) {
        status = cut_runs(&pieces[TOKENS], lowered->kinds.words, lowered->n_kinds, 0);
        if (status == DONE)
            drop_single(&pieces[TOKENS], lowered->bytes);
    }
    if (status == DONE && wanted[WORDS])
        status = cut_runs(&pieces[WORDS], lowered->kinds.spaces, lowered->n_kinds, UINT64_MAX);
    if (status == DONE && wanted[MARKS])
        status = cut_marks(&pieces[MARKS], lowered);
    return status;
}

Status document_find_places(Document *document)
{
    if (document->lowered.plain)
        return DONE;
    void **places = (void **)&document->places;
    size_t size = document->lowered.size;
    if (grow(places, &document->places_room, size, sizeof(Place)) != DONE)
        return NO_MEMORY;
    Place here = {0, 0};
    for (size_t at = 0; at < size; here.character++) {
        document->places[at] = here;
        at += measure_character(document->lowered.bytes[at]);
        here.byte += (uint32_t)measure_character(document->text[here.byte]);
    }
    document->places[size] = here;
    return DONE;
}

Key document_mark(const Document *document, Piece piece)
{
    /* The one form of a mark, of which ngrams.py tells the reason. */
    size_t ignored;
    uint64_t form = 0;
    switch (decode(document->lowered.bytes + piece.start, piece.end - piece.start, &ignored)) {
    case 0x201C: case 0x201D: case 0x201E: case 0xAB: case 0xBB:
        form = '"';
        break;
    case 0x2018: case 0x2019:
        form = '\'';
        break;
    case 0x2013: case 0x2014:
        form = '-';
        break;
    default:
        return document_key(document, piece);
    }
    return (Key){{form, 0}, NULL, 1};
}

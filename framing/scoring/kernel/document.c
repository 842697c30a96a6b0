#include "document.h"

#include <string.h>

/* Where reading stands: in the text, in its lower case, and in characters. */
typedef struct {
    size_t byte, lowered;
    uint32_t character;
} Place;

void document_close(Document *document)
{
    for (int cut = 0; cut < N_CUTS; cut++)
        free(document->pieces[cut].items);
    free(document->lowered);
    *document = (Document){0};
}

static Status push(Pieces *pieces, const Place *from, const Place *to)
{
    if (grow((void **)&pieces->items, &pieces->room, pieces->count, sizeof(Piece)) != DONE)
        return NO_MEMORY;
    pieces->items[pieces->count++] = (Piece){
        (uint32_t)from->lowered, (uint32_t)(to->lowered - from->lowered),
        (uint32_t)from->lowered, (uint32_t)to->lowered,
        (uint32_t)from->byte,    (uint32_t)to->byte,
        from->character,         to->character,
    };
    return DONE;
}

/* The one form of a mark, of which ngrams.py tells the reason; 0 where it is its own. */
static uint8_t find_one_form(const uint8_t *mark, size_t size)
{
    size_t ignored;
    switch (decode(mark, size, &ignored)) {
    case 0x201C: case 0x201D: case 0x201E: case 0xAB: case 0xBB:
        return '"';
    case 0x2018: case 0x2019:
        return '\'';
    case 0x2013: case 0x2014:
        return '-';
    default:
        return 0;
    }
}

/* Point the marks that have another form at it, behind the text. */
static Status unify_marks(Document *document, size_t n_lowered)
{
    Pieces *marks = &document->pieces[MARKS];
    for (size_t at = 0; at < marks->count; at++) {
        Piece *mark = &marks->items[at];
        uint8_t form = find_one_form(document->lowered + mark->key, mark->length);
        if (form == 0)
            continue;
        void **items = (void **)&document->lowered;
        if (grow(items, &document->lowered_room, n_lowered + 1, 1) != DONE)
            return NO_MEMORY;
        document->lowered[n_lowered] = form;
        mark->key = (uint32_t)n_lowered++;
        mark->length = 1;
    }
    return DONE;
}

/* Look up a character that is not ASCII. */
static Status look_up(Document *document, const Characters *characters, const uint8_t *bytes,
                      size_t room, size_t *width, uint32_t *entry)
{
    uint32_t code = decode(bytes, room, width);
    if (code == BAD_CHARACTER)
        return BAD_UTF8;
    const uint32_t *page = characters->pages[code >> 8];
    if (page == NULL) {
        document->page = code >> 8;
        return NEEDS_PAGE;
    }
    *entry = page[code & 0xFF];
    return *entry & IS_CONTEXTUAL ? CONTEXTUAL : DONE;
}

/* Lower the ASCII characters of one kind that come next and return how many they are. */
static size_t copy_run(const uint32_t ascii[256], const uint8_t *text, size_t size,
                       uint8_t *lowered, uint32_t kind)
{
    size_t at = 0;
    for (; at < size; at++) {
        uint32_t entry = ascii[text[at]];
        if ((entry & KIND_MASK) != kind)
            break;
        lowered[at] = (uint8_t)entry;
    }
    return at;
}

/* Lower the next character, of whatever kind, into the document. */
static Status read_character(Document *document, const Characters *characters, size_t size,
                             Place *here, uint32_t *entry)
{
    const uint8_t *bytes = document->text + here->byte;
    size_t left = size - here->byte, width = 1;
    if (bytes[0] < 0x80) {
        *entry = characters->ascii[bytes[0]];
        document->lowered[here->lowered++] = (uint8_t)*entry;
    } else {
        Status status = look_up(document, characters, bytes, left, &width, entry);
        if (status != DONE)
            return status;
        /* Room for this character, and for the rest as long as it keeps its width. */
        void **items = (void **)&document->lowered;
        if (grow(items, &document->lowered_room, here->lowered + 4 + left, 1) != DONE)
            return NO_MEMORY;
        here->lowered += encode(*entry & LOWER_MASK, document->lowered + here->lowered);
    }
    here->byte += width;
    here->character++;
    return DONE;
}

/* Close the run of one kind of character that ends at `here`, and open the next. */
static Status turn(Document *document, const bool wanted[N_CUTS], uint32_t old, uint32_t new,
                   Place starts[2], const Place *here)
{
    Status status = DONE;
    if (old == LOWER_IS_WORD && wanted[TOKENS] &&
        here->character - starts[TOKENS].character >= 2)
        status = push(&document->pieces[TOKENS], &starts[TOKENS], here);
    if (status == DONE && new == LOWER_IS_SPACE && wanted[WORDS])
        status = push(&document->pieces[WORDS], &starts[WORDS], here);
    if (new == LOWER_IS_WORD)
        starts[TOKENS] = *here;
    if (old == LOWER_IS_SPACE)
        starts[WORDS] = *here;
    return status;
}

Status document_read(Document *document, const Characters *characters,
                     const bool wanted[N_CUTS], const uint8_t *text, size_t size)
{
    if (size > LONGEST_TEXT)
        return TOO_LONG;
    document->text = text;
    for (int cut = 0; cut < N_CUTS; cut++)
        document->pieces[cut].count = 0;
    if (grow((void **)&document->lowered, &document->lowered_room, size + 8, 1) != DONE)
        return NO_MEMORY;
    Place here = {0}, before, starts[2] = {{0}, {0}};
    uint32_t kind = LOWER_IS_SPACE, entry = 0;
    while (here.byte < size) {
        if (kind != 0) {
            size_t run = copy_run(characters->ascii, text + here.byte, size - here.byte,
                                  document->lowered + here.lowered, kind);
            here.byte += run;
            here.lowered += run;
            here.character += (uint32_t)run;
            if (here.byte == size)
                break;
        }
        before = here;
        Status status = read_character(document, characters, size, &here, &entry);
        uint32_t next = entry & KIND_MASK;
        if (status == DONE && next != kind)
            status = turn(document, wanted, kind, next, starts, &before);
        if (status == DONE && next == 0 && wanted[MARKS])
            status = push(&document->pieces[MARKS], &before, &here);
        if (status != DONE)
            return status;
        kind = next;
    }
    Status status = DONE;
    if (kind != LOWER_IS_SPACE)
        status = turn(document, wanted, kind, LOWER_IS_SPACE, starts, &here);
    return status == DONE && wanted[MARKS] ? unify_marks(document, here.lowered) : status;
}

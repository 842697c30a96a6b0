#include "document.h"

#include <string.h>

/* Where reading stands: in the text, in its lower case, and in characters. */
typedef struct {
    uint32_t byte, lowered, character;
} Place;

/* A character that was read: what the table says of it, and its size in both texts. */
typedef struct {
    Status status;
    uint32_t entry, size, lowered_size;
} Character;

void document_close(Document *document)
{
    for (int cut = 0; cut < N_CUTS; cut++)
        free(document->pieces[cut].items);
    free(document->lowered);
    *document = (Document){0};
}

static inline Status push(Pieces *pieces, Place from, Place to)
{
    if (pieces->count >= pieces->room &&
        grow((void **)&pieces->items, &pieces->room, pieces->count, sizeof(Piece)) != DONE)
        return NO_MEMORY;
    pieces->items[pieces->count++] = (Piece){
        from.lowered, to.lowered - from.lowered, from.lowered, to.lowered,
        from.byte,    to.byte,                   from.character, to.character,
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

/* Read a character that is not ASCII, and write its lower case behind the `n_lowered` bytes. */
static Character read_wide(Document *document, const Characters *characters,
                           const uint8_t *bytes, size_t left, uint32_t n_lowered)
{
    Character found = {DONE, 0, 0, 0};
    size_t size;
    uint32_t code = decode(bytes, left, &size);
    if (code == BAD_CHARACTER)
        return (Character){BAD_UTF8, 0, 0, 0};
    const uint32_t *page = characters->pages[code >> 8];
    if (page == NULL) {
        document->page = code >> 8;
        return (Character){NEEDS_PAGE, 0, 0, 0};
    }
    found.entry = page[code & 0xFF];
    if (found.entry & IS_CONTEXTUAL)
        return (Character){CONTEXTUAL, 0, 0, 0};
    /* Room for this character, and for the rest as long as it keeps its width. */
    void **items = (void **)&document->lowered;
    found.status = grow(items, &document->lowered_room, n_lowered + 4 + left, 1);
    if (found.status != DONE)
        return found;
    found.size = (uint32_t)size;
    found.lowered_size =
        (uint32_t)encode(found.entry & LOWER_MASK, document->lowered + n_lowered);
    return found;
}

/* Read the next character, of whatever kind. */
static inline Character read_character(Document *document, const Characters *characters,
                                       const uint8_t *bytes, size_t left, uint32_t n_lowered)
{
    if (bytes[0] >= 0x80)
        return read_wide(document, characters, bytes, left, n_lowered);
    uint32_t entry = characters->ascii[bytes[0]];
    document->lowered[n_lowered] = (uint8_t)entry;
    return (Character){DONE, entry, 1, 1};
}

/* Lower the ASCII characters of one kind that come next and return how many they are. */
static inline uint32_t copy_run(const uint32_t ascii[256], const uint8_t *text, size_t size,
                                uint8_t *lowered, uint32_t kind)
{
    uint32_t at = 0;
    for (; at < size; at++) {
        uint32_t entry = ascii[text[at]];
        if ((entry & KIND_MASK) != kind)
            break;
        lowered[at] = (uint8_t)entry;
    }
    return at;
}

/* End the pieces that end `here`, where characters of kind `old` give way to those of `new`. */
static inline Status end_pieces(Document *document, const bool wanted[N_CUTS], uint32_t old,
                                uint32_t new, Place token, Place word, Place here)
{
    Status status = DONE;
    if (old == LOWER_IS_WORD && wanted[TOKENS] && here.character - token.character >= 2)
        status = push(&document->pieces[TOKENS], token, here);
    if (new == LOWER_IS_SPACE && wanted[WORDS] && status == DONE)
        status = push(&document->pieces[WORDS], word, here);
    return status;
}

static Status begin(Document *document, const uint8_t *text, size_t size)
{
    document->text = text;
    for (int cut = 0; cut < N_CUTS; cut++)
        document->pieces[cut].count = 0;
    return grow((void **)&document->lowered, &document->lowered_room, size, 1);
}

Status document_read(Document *document, const Characters *characters,
                     const bool wanted[N_CUTS], const uint8_t *text, size_t size)
{
    Status status = size > LONGEST_TEXT ? TOO_LONG : begin(document, text, size);
    Place here = {0, 0, 0}, token = here, word = here;
    uint32_t kind = LOWER_IS_SPACE;
    while (status == DONE) {
        uint32_t run = kind == 0 ? 0
                                 : copy_run(characters->ascii, text + here.byte,
                                            size - here.byte, document->lowered + here.lowered,
                                            kind);
        here = (Place){here.byte + run, here.lowered + run, here.character + run};
        if (here.byte == size)
            break;
        Character next = read_character(document, characters, text + here.byte,
                                        size - here.byte, here.lowered);
        Place past = {here.byte + next.size, here.lowered + next.lowered_size,
                      here.character + 1};
        uint32_t new = next.entry & KIND_MASK;
        status = next.status;
        if (new != kind && status == DONE)
            status = end_pieces(document, wanted, kind, new, token, word, here);
        if (new == 0 && wanted[MARKS] && status == DONE)
            status = push(&document->pieces[MARKS], here, past);
        token = new == LOWER_IS_WORD && kind != new ? here : token;
        word = kind == LOWER_IS_SPACE && kind != new ? here : word;
        kind = new;
        here = past;
    }
    if (status == DONE && kind != LOWER_IS_SPACE)
        status = end_pieces(document, wanted, kind, LOWER_IS_SPACE, token, word, here);
    return status == DONE && wanted[MARKS] ? unify_marks(document, here.lowered) : status;
}

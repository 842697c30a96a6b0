/* One text in lower case, cut into the pieces that blocks count: tokens, words and marks. */
#ifndef FRAMING_DOCUMENT_H
#define FRAMING_DOCUMENT_H

#include "lowering.h"

typedef struct {
    uint32_t start, end; /* bytes of the lower-case text */
} Piece;

typedef struct {
    Piece *items;
    size_t count, room;
} Pieces;

typedef enum { TOKENS, WORDS, MARKS, N_CUTS } Cut;

/* Where a character starts in the text as it is. */
typedef struct {
    uint32_t byte, character;
} Place;

typedef struct {
    const uint8_t *text;
    size_t size;
    Lowered lowered;
    Pieces pieces[N_CUTS];
    Place *places; /* by byte of the lower-case text, where it is not plain */
    size_t places_room;
} Document;

void document_close(Document *document);

/* Lower a text and cut it. `wanted` says of each cut whether anything counts it. Tokens are runs
   of two or more word characters, words are runs without white space, marks are characters that
   are neither. */
Status document_read(Document *document, const Characters *characters,
                     const bool wanted[N_CUTS], const uint8_t *text, size_t size);

/* Find where the characters of the lower-case text stand in the text, for document_place. */
Status document_find_places(Document *document);

static inline Place document_place(const Document *document, uint32_t lowered)
{
    return document->lowered.plain ? (Place){lowered, lowered} : document->places[lowered];
}

/* Take out a token or word. */
static inline Key document_key(const Document *document, Piece piece)
{
    return read_key(document->lowered.bytes + piece.start, piece.end - piece.start);
}

/* Take out a mark, in the one form that it shares with its like. */
Key document_mark(const Document *document, Piece piece);

#endif

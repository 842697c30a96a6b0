/* One text in lower case, cut into the pieces that blocks count: tokens, words and marks. */
#ifndef FRAMING_DOCUMENT_H
#define FRAMING_DOCUMENT_H

#include "characters.h"

#define LONGEST_TEXT ((size_t)1 << 30) /* bytes, so that 32 bits hold any offset */

typedef struct {
    uint32_t key, length;          /* what is counted, in `lowered` */
    uint32_t start, end;           /* where it stands in the lower-case text, in bytes */
    uint32_t byte_start, byte_end; /* in the text */
    uint32_t char_start, char_end; /* in the text, in characters */
} Piece;

typedef struct {
    Piece *items;
    size_t count, room;
} Pieces;

typedef enum { TOKENS, WORDS, MARKS, N_CUTS } Cut;

typedef struct {
    const uint8_t *text;
    uint8_t *lowered;
    size_t lowered_room;
    Pieces pieces[N_CUTS];
    uint32_t page; /* what NEEDS_PAGE asks for */
} Document;

void document_close(Document *document);

/* Lower a text and cut it. `wanted` says of each cut whether anything counts it. Tokens are runs
   of two or more word characters, words are runs without white space, marks are characters that
   are neither; the one form that counts of quotation marks, apostrophes and dashes stands in
   `lowered` behind the text. */
Status document_read(Document *document, const Characters *characters,
                     const bool wanted[N_CUTS], const uint8_t *text, size_t size);

#endif

/* One text in lower case, and of what kind each byte of that is. */
#ifndef FRAMING_LOWERING_H
#define FRAMING_LOWERING_H

#include "characters.h"
#include "keys.h"

#define LONGEST_TEXT ((size_t)1 << 30) /* bytes, so that 32 bits hold any offset */

/* Which bytes are of a kind: bit i of the n-th number is byte 64 n + i. */
typedef struct {
    uint64_t *words, *spaces;
    uint64_t *marks; /* the first byte of each character that is neither */
} Kinds;

typedef struct {
    uint8_t *bytes; /* `PADDING` more can be read */
    size_t size, room;
    Kinds kinds;
    size_t n_kinds, kinds_room; /* numbers of each, which cover some of the padding: blanks */
    bool plain;                 /* all of it is ASCII */
    uint32_t page;              /* what NEEDS_PAGE asks for */
} Lowered;

void lowered_close(Lowered *lowered);

/* Lower a text; a capital that is longer or shorter in lower case moves what follows. */
Status lower_text(Lowered *lowered, const Characters *characters, const uint8_t *text,
                  size_t size);

#endif

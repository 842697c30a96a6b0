/* ASCII is lowered and classified eight bytes at a time, by arithmetic; other characters one by
   one, by the table. */
#include "lowering.h"

#define MOST_GROWTH 2 /* no character has more than twice as many bytes in lower case */

void lowered_close(Lowered *lowered)
{
    free(lowered->bytes);
    free(lowered->kinds.words);
    *lowered = (Lowered){0};
}

static Status make_room(Lowered *lowered, size_t size)
{
    size_t most = MOST_GROWTH * size + PADDING, n_kinds = most / 64 + 1;
    if (grow((void **)&lowered->bytes, &lowered->room, most, 1) != DONE)
        return NO_MEMORY;
    Kinds *kinds = &lowered->kinds;
    if (grow((void **)&kinds->words, &lowered->kinds_room, n_kinds, 3 * sizeof(uint64_t)) != DONE)
        return NO_MEMORY;
    kinds->spaces = kinds->words + lowered->kinds_room;
    kinds->marks = kinds->spaces + lowered->kinds_room;
    memset(kinds->words, 0, n_kinds * sizeof(uint64_t));
    memset(kinds->spaces, 0, n_kinds * sizeof(uint64_t));
    memset(kinds->marks, 0, n_kinds * sizeof(uint64_t));
    return DONE;
}

static inline void set_bits(uint64_t *bits, size_t first, size_t n)
{
    for (size_t at = first; at < first + n; at++)
        bits[at / 64] |= UINT64_C(1) << at % 64;
}

/* Lower a character that is not ASCII, behind what is lowered; return its size in the text, or 0
   where `status` says why it cannot be. */
static size_t lower_wide(Lowered *lowered, const Characters *characters, const uint8_t *bytes,
                         size_t left, Status *status)
{
    size_t size;
    uint32_t code = decode(bytes, left, &size);
    const uint32_t *page = code == BAD_CHARACTER ? NULL : characters->pages[code >> 8];
    if (page == NULL || page[code & 0xFF] & IS_CONTEXTUAL) {
        *status = code == BAD_CHARACTER ? BAD_UTF8 : page == NULL ? NEEDS_PAGE : CONTEXTUAL;
        lowered->page = code >> 8;
        return 0;
    }
    uint32_t entry = page[code & 0xFF];
    size_t n = encode(entry & LOWER_MASK, lowered->bytes + lowered->size);
    if (entry & LOWER_IS_WORD)
        set_bits(lowered->kinds.words, lowered->size, n);
    else if (entry & LOWER_IS_SPACE)
        set_bits(lowered->kinds.spaces, lowered->size, n);
    else
        set_bits(lowered->kinds.marks, lowered->size, 1);
    lowered->size += n;
    lowered->plain = false;
    return size;
}

static inline uint64_t lower_ascii(uint64_t bytes)
{
    return bytes | lie_within(bytes, 'A', 'Z') >> 2;
}

static Status lower_characters(Lowered *lowered, const Characters *characters,
                               const uint8_t *text, size_t size)
{
    Status status = DONE;
    lowered->size = 0;
    lowered->plain = true;
    for (size_t at = 0; at < size && status == DONE;) {
        size_t left = size - at;
        uint64_t bytes = left >= 8 ? load_8(text + at) : load_part(text + at, left);
        uint64_t high = bytes & HIGH_BITS;
        size_t n = high ? find_lowest(high) / 8 : left >= 8 ? 8 : left;
        store_8(lowered->bytes + lowered->size, lower_ascii(bytes)); /* the first n stay */
        lowered->size += n;
        at += n;
        while (at < size && text[at] >= 0x80 && status == DONE)
            at += lower_wide(lowered, characters, text + at, size - at, &status);
    }
    return status;
}

/* What is not ASCII was classified with its lower case. */
static void classify_ascii(Lowered *lowered)
{
    memset(lowered->bytes + lowered->size, ' ', PADDING);
    lowered->n_kinds = lowered->size / 64 + 1;
    for (size_t number = 0; number < lowered->n_kinds; number++) {
        const uint8_t *bytes = lowered->bytes + 64 * number;
        uint64_t words = 0, spaces = 0, high = 0;
        for (unsigned at = 0; at < 64; at += 8) {
            uint64_t eight = load_8(bytes + at);
            uint64_t word = lie_within(eight, 'a', 'z') | lie_within(eight, '0', '9') |
                            lie_within(eight, '_', '_');
            uint64_t space = lie_within(eight, '\t', '\r') | lie_within(eight, 0x1C, ' ');
            words |= gather_high_bits(word) << at;
            spaces |= gather_high_bits(space) << at;
            high |= gather_high_bits(eight & HIGH_BITS) << at;
        }
        lowered->kinds.words[number] |= words;
        lowered->kinds.spaces[number] |= spaces;
        lowered->kinds.marks[number] |= ~(words | spaces | high);
    }
}

Status lower_text(Lowered *lowered, const Characters *characters, const uint8_t *text,
                  size_t size)
{
    Status status = size > LONGEST_TEXT ? TOO_LONG : make_room(lowered, size);
    if (status == DONE)
        status = lower_characters(lowered, characters, text, size);
    if (status == DONE)
        classify_ascii(lowered);
    return status;
}

/* Characters: UTF-8, and what Python says of each code point, a page of 256 at a time. */
#ifndef FRAMING_CHARACTERS_H
#define FRAMING_CHARACTERS_H

#include "status.h"

#define N_PAGES 4352u /* of 256 code points, up to U+10FFFF */

/* An entry holds the lower case of a code point, and flags. */
#define LOWER_MASK 0x1FFFFFu
#define LOWER_IS_WORD (1u << 24)
#define LOWER_IS_SPACE (1u << 25)
#define IS_ALPHANUMERIC (1u << 26) /* of the character itself, before lower case */
#define IS_CONTEXTUAL (1u << 27)

#define BAD_CHARACTER UINT32_MAX

/* Pages that are not filled are NULL; page 0 always is. Each thread holds a copy of its own. */
typedef struct {
    const uint32_t *pages[N_PAGES];
} Characters;

static inline bool continues(uint8_t byte)
{
    return (byte & 0xC0u) == 0x80u;
}

/* Decode the character at `bytes` (`room` > 0 bytes are left); its size goes to `size`.
   As strict as the standard: no overlong forms, no surrogates, nothing past U+10FFFF. */
static inline uint32_t decode(const uint8_t *bytes, size_t room, size_t *size)
{
    uint32_t lead = bytes[0];
    *size = 1;
    if (lead < 0x80)
        return lead;
    if (lead < 0xC2 || room < 2 || !continues(bytes[1]))
        return BAD_CHARACTER;
    uint32_t code = bytes[1] & 0x3Fu;
    if (lead < 0xE0) {
        *size = 2;
        return (lead & 0x1Fu) << 6 | code;
    }
    if (room < 3 || !continues(bytes[2]))
        return BAD_CHARACTER;
    code = code << 6 | (bytes[2] & 0x3Fu);
    if (lead < 0xF0) {
        *size = 3;
        code |= (lead & 0xFu) << 12;
        return code < 0x800 || (code >= 0xD800 && code < 0xE000) ? BAD_CHARACTER : code;
    }
    if (lead > 0xF4 || room < 4 || !continues(bytes[3]))
        return BAD_CHARACTER;
    *size = 4;
    code = (lead & 0x7u) << 18 | code << 6 | (bytes[3] & 0x3Fu);
    return code < 0x10000 || code > 0x10FFFF ? BAD_CHARACTER : code;
}

/* Write a code point as UTF-8 and return how many bytes that took, 1 to 4. */
static inline size_t encode(uint32_t code, uint8_t *out)
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (uint8_t)(0xC0u | code >> 6);
        out[1] = (uint8_t)(0x80u | (code & 0x3Fu));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (uint8_t)(0xE0u | code >> 12);
        out[1] = (uint8_t)(0x80u | (code >> 6 & 0x3Fu));
        out[2] = (uint8_t)(0x80u | (code & 0x3Fu));
        return 3;
    }
    out[0] = (uint8_t)(0xF0u | code >> 18);
    out[1] = (uint8_t)(0x80u | (code >> 12 & 0x3Fu));
    out[2] = (uint8_t)(0x80u | (code >> 6 & 0x3Fu));
    out[3] = (uint8_t)(0x80u | (code & 0x3Fu));
    return 4;
}

#endif

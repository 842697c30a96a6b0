/* Short byte strings held in registers, to be hashed and compared without calls or branches.
   Hashes only choose a slot; equality is always exact. */
#ifndef FRAMING_KEYS_H
#define FRAMING_KEYS_H

#include "bytes.h"
#include "status.h"

#define SPREAD UINT64_C(0x9E3779B97F4A7C15) /* 2^64 over the golden ratio, odd */
#define HEAD 16                             /* bytes of a key that are held apart */
#define PADDING 64                          /* bytes that may be read past what is padded */

typedef struct {
    uint64_t head[2]; /* the first bytes; 0 beyond the key's end */
    const uint8_t *bytes;
    size_t length;
} Key;

/* Return the first `n` bytes of a number and 0 beyond; no branch, since lengths cannot be foretold. */
static inline uint64_t keep_bytes(uint64_t bytes, size_t n)
{
    static const uint64_t kept[] = {
        0,
        UINT64_MAX >> 56,
        UINT64_MAX >> 48,
        UINT64_MAX >> 40,
        UINT64_MAX >> 32,
        UINT64_MAX >> 24,
        UINT64_MAX >> 16,
        UINT64_MAX >> 8,
        UINT64_MAX,
    };
    return bytes & kept[n < 8 ? n : 8];
}

/* Take a key out of bytes that are padded: `HEAD` bytes may be read, however short it is. */
static inline Key read_key(const uint8_t *bytes, size_t length)
{
    uint64_t first = load_8(bytes), second = load_8(bytes + 8);
    return (Key){{keep_bytes(first, length), keep_bytes(second, length > 8 ? length - 8 : 0)},
                 bytes,
                 length};
}

/* Take a key out of any bytes. */
static inline Key copy_key(const uint8_t *bytes, size_t length)
{
    uint64_t second = length > 8 ? load_part(bytes + 8, length - 8) : 0;
    return (Key){{load_part(bytes, length), second}, bytes, length};
}

static inline uint64_t hash_number(uint64_t number)
{
    number *= SPREAD;
    number ^= number >> 29;
    number *= SPREAD;
    return number ^ (number >> 32);
}

static inline uint64_t hash_key(const Key *key)
{
    uint64_t hash = key->head[1] ^ (uint64_t)key->length << 56;
    for (size_t at = HEAD; at < key->length; at += 8) {
        hash = (hash ^ load_part(key->bytes + at, key->length - at)) * SPREAD;
        hash ^= hash >> 32;
    }
    hash *= SPREAD;
    return hash_number(key->head[0] ^ hash ^ hash >> 32);
}

/* Tell whether a key equals a string that is kept with its head; one branch tells most apart. */
static inline bool key_equals(const Key *key, const uint64_t *head, const uint8_t *bytes,
                              uint32_t length)
{
    uint64_t differences =
        (head[0] ^ key->head[0]) | (head[1] ^ key->head[1]) | (length ^ key->length);
    return differences == 0 &&
           (key->length <= HEAD ||
            memcmp(bytes + HEAD, key->bytes + HEAD, key->length - HEAD) == 0);
}

#endif

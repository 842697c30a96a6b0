/* Hashes of byte strings and of pairs of ids; they only choose a slot, equality is always exact. */
#ifndef FRAMING_HASHING_H
#define FRAMING_HASHING_H

#include <string.h>

#include "status.h"

#define SPREAD UINT64_C(0x9E3779B97F4A7C15) /* 2^64 over the golden ratio, odd */

/* Return the power of two that holds so many items in half of its slots. */
static inline size_t count_slots(size_t n_items)
{
    size_t n_slots = LEAST_SLOTS;
    while (n_slots / 2 < n_items)
        n_slots *= 2;
    return n_slots;
}

static inline uint64_t hash_number(uint64_t number)
{
    number *= SPREAD;
    number ^= number >> 29;
    number *= SPREAD;
    return number ^ (number >> 32);
}

static inline uint64_t load_8(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

static inline uint64_t load_4(const uint8_t *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, 4);
    return word;
}

/* Read 0 to 8 bytes as one number, without reading past them. */
static inline uint64_t load_tail(const uint8_t *bytes, size_t length)
{
    if (length >= 4)
        return load_4(bytes) | load_4(bytes + length - 4) << 32;
    if (length == 0)
        return 0;
    return (uint64_t)bytes[0] | (uint64_t)bytes[length / 2] << 8 |
           (uint64_t)bytes[length - 1] << 16;
}

/* Compare short strings without a call. */
static inline int equal_bytes(const uint8_t *one, const uint8_t *other, size_t length)
{
    if (length > 16)
        return memcmp(one, other, length) == 0;
    if (length >= 8)
        return load_8(one) == load_8(other) &&
               load_8(one + length - 8) == load_8(other + length - 8);
    return load_tail(one, length) == load_tail(other, length);
}

static inline uint64_t hash_bytes(const uint8_t *bytes, size_t length)
{
    uint64_t hash = (uint64_t)length * SPREAD;
    for (; length > 8; bytes += 8, length -= 8) {
        hash = (hash ^ load_8(bytes)) * SPREAD;
        hash ^= hash >> 32;
    }
    return hash_number(hash ^ load_tail(bytes, length));
}

#endif

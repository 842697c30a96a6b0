/* Eight bytes at a time, as one number whose lowest byte is the first, on any machine. */
#ifndef FRAMING_BYTES_H
#define FRAMING_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#endif

#define EACH_BYTE UINT64_C(0x0101010101010101)
#define HIGH_BITS (0x80 * EACH_BYTE)

static inline uint64_t reverse_if_big_endian(uint64_t bytes)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return __builtin_bswap64(bytes);
#else
    return bytes;
#endif
}

static inline uint64_t load_8(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
    return reverse_if_big_endian(word);
}

static inline void store_8(uint8_t *bytes, uint64_t word)
{
    word = reverse_if_big_endian(word);
    memcpy(bytes, &word, 8);
}

/* Load 0 to 8 bytes and read none past them; what is missing is 0. */
static inline uint64_t load_part(const uint8_t *bytes, size_t length)
{
    uint8_t part[8] = {0};
    memcpy(part, bytes, length < 8 ? length : 8);
    return load_8(part);
}

/* Return the number of the lowest bit that is set in `bits`, which is not 0. */
static inline unsigned find_lowest(uint64_t bits)
{
#if defined(__GNUC__) || defined(__clang__)
    return (unsigned)__builtin_ctzll(bits);
#else
    unsigned long at;
    if (_BitScanForward(&at, (unsigned long)bits))
        return (unsigned)at;
    (void)_BitScanForward(&at, (unsigned long)(bits >> 32));
    return (unsigned)at + 32;
#endif
}

/* Set the high bit of each ASCII byte that is `limit` (1 to 128) or more. Those of other bytes
   say nothing. */
static inline uint64_t reach_limit(uint64_t bytes, uint8_t limit)
{
    return (bytes & ~HIGH_BITS) + (0x80u - limit) * EACH_BYTE;
}

/* Set the high bits of ASCII bytes from `first` to `last`, and no others. */
static inline uint64_t lie_within(uint64_t bytes, uint8_t first, uint8_t last)
{
    return reach_limit(bytes, first) & ~reach_limit(bytes, (uint8_t)(last + 1)) & ~bytes &
           HIGH_BITS;
}

/* Gather eight high bits, all else being 0, into one byte. */
static inline uint64_t gather_high_bits(uint64_t bits)
{
    return (bits >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

#endif

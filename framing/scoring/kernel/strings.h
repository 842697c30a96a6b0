/* A set of byte strings, each with an id: open addressing, compared byte by byte. */
#ifndef FRAMING_STRINGS_H
#define FRAMING_STRINGS_H

#include <string.h>

#include "hashing.h"
#include "status.h"

typedef struct {
    uint32_t tag; /* upper half of the hash */
    uint32_t id;  /* NONE in an empty slot */
    uint32_t start, length;
} StringSlot;

typedef struct {
    StringSlot *slots;
    size_t n_slots, count; /* slots: a power of two, at most half of them taken */
    uint8_t *bytes;
    size_t n_bytes, bytes_room;
} Strings;

/* Make an empty set with room for `expected` strings; it grows beyond. */
Status strings_open(Strings *strings, size_t expected);
void strings_close(Strings *strings);

/* Add a string, or find it; its id goes to `id`, which must hold the id that a new one gets. */
Status strings_add(Strings *strings, const uint8_t *bytes, size_t length, uint32_t *id);

static inline void strings_prefetch(const Strings *strings, uint64_t hash)
{
    PREFETCH(&strings->slots[hash & (strings->n_slots - 1)]);
}

static inline StringSlot *strings_probe(
    const Strings *strings, const uint8_t *bytes, size_t length, uint64_t hash)
{
    size_t mask = strings->n_slots - 1;
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        StringSlot *slot = &strings->slots[at];
        if (slot->id == NONE)
            return slot;
        if (slot->tag == tag && slot->length == length &&
            equal_bytes(strings->bytes + slot->start, bytes, length))
            return slot;
    }
}

/* Return the id of a string, NONE if it is not in the set. */
static inline uint32_t strings_find(
    const Strings *strings, const uint8_t *bytes, size_t length, uint64_t hash)
{
    return strings_probe(strings, bytes, length, hash)->id;
}

#endif

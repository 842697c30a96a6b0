/* A set of byte strings, each with an id: open addressing, compared byte by byte. */
#ifndef FRAMING_STRINGS_H
#define FRAMING_STRINGS_H

#include "keys.h"

typedef struct {
    uint64_t head[2];
    uint32_t id; /* NONE in an empty slot */
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

/* Return the power of two that holds so many items in half of its slots. */
static inline size_t count_slots(size_t n_items)
{
    size_t n_slots = LEAST_SLOTS;
    while (n_slots / 2 < n_items)
        n_slots *= 2;
    return n_slots;
}

static inline void strings_prefetch(const Strings *strings, uint64_t hash)
{
    PREFETCH(&strings->slots[hash & (strings->n_slots - 1)]);
}

/* Return the slot that holds a key, or else the empty one where it belongs. */
static inline StringSlot *strings_probe(const Strings *strings, const Key *key, uint64_t hash)
{
    size_t mask = strings->n_slots - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        StringSlot *slot = &strings->slots[at];
        if (slot->id == NONE ||
            key_equals(key, slot->head, strings->bytes + slot->start, slot->length))
            return slot;
    }
}

/* Return the id of a string, NONE if it is not in the set. */
static inline uint32_t strings_find(const Strings *strings, const Key *key, uint64_t hash)
{
    return strings_probe(strings, key, hash)->id;
}

#endif

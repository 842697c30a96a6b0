#include "strings.h"

static StringSlot *make_slots(size_t n_slots)
{
    if (n_slots > SIZE_MAX / sizeof(StringSlot))
        return NULL;
    StringSlot *slots = malloc(n_slots * sizeof(StringSlot));
    for (size_t at = 0; slots != NULL && at < n_slots; at++)
        slots[at] = (StringSlot){.id = NONE};
    return slots;
}

Status strings_open(Strings *strings, size_t expected)
{
    size_t n_slots = count_slots(expected);
    *strings = (Strings){.slots = make_slots(n_slots), .n_slots = n_slots};
    if (strings->slots == NULL)
        return NO_MEMORY;
    /* Never NULL, so that even the empty string can be compared. */
    return grow((void **)&strings->bytes, &strings->bytes_room, 0, 1);
}

void strings_close(Strings *strings)
{
    free(strings->slots);
    free(strings->bytes);
    *strings = (Strings){0};
}

static uint64_t find_hash(const Strings *strings, const StringSlot *slot)
{
    Key key = copy_key(strings->bytes + slot->start, slot->length);
    return hash_key(&key);
}

static Status widen(Strings *strings)
{
    size_t n_slots = 2 * strings->n_slots, mask = n_slots - 1;
    StringSlot *slots = make_slots(n_slots);
    if (slots == NULL)
        return NO_MEMORY;
    for (size_t old = 0; old < strings->n_slots; old++) {
        StringSlot slot = strings->slots[old];
        if (slot.id == NONE)
            continue;
        size_t at = find_hash(strings, &slot) & mask;
        while (slots[at].id != NONE)
            at = (at + 1) & mask;
        slots[at] = slot;
    }
    free(strings->slots);
    strings->slots = slots;
    strings->n_slots = n_slots;
    return DONE;
}

Status strings_add(Strings *strings, const uint8_t *bytes, size_t length, uint32_t *id)
{
    Key key = copy_key(bytes, length);
    uint64_t hash = hash_key(&key);
    StringSlot *slot = strings_probe(strings, &key, hash);
    if (slot->id != NONE) {
        *id = slot->id;
        return DONE;
    }
    if (2 * (strings->count + 1) > strings->n_slots) {
        if (widen(strings) != DONE)
            return NO_MEMORY;
        slot = strings_probe(strings, &key, hash);
    }
    size_t start = strings->n_bytes;
    if (start + length >= NONE)
        return TOO_LONG;
    if (grow((void **)&strings->bytes, &strings->bytes_room, start + length, 1) != DONE)
        return NO_MEMORY;
    memcpy(strings->bytes + start, bytes, length);
    strings->n_bytes += length;
    strings->count++;
    *slot = (StringSlot){
        {key.head[0], key.head[1]}, *id, (uint32_t)start, (uint32_t)length};
    return DONE;
}

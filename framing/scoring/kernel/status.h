/* What a step of the kernel ended with, and what all of its files share. */
#ifndef FRAMING_STATUS_H
#define FRAMING_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define NONE UINT32_MAX /* no token, node, feature or slot */

#if defined(__GNUC__) || defined(__clang__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)(address))
#endif

typedef enum {
    DONE,
    NO_MEMORY,
    NEEDS_PAGE,   /* a page of the character table has to be filled first */
    CONTEXTUAL,   /* a character whose lower case depends on others, or is two characters */
    BAD_UTF8,
    BAD_OFFSETS,
    TOO_LONG,     /* more bytes in one text, or more terms, than the counters hold */
} Status;

/* What tables begin with, items or slots; under a fuzz memory is no larger than it has to be, so
   that a step too far is seen. */
#ifdef FRAMING_TIGHT
#define LEAST_ROOM 1
#define LEAST_SLOTS 2
#else
#define LEAST_ROOM 64
#define LEAST_SLOTS 64
#endif

/* Make room for one more item after `count`, by doubling. */
static inline Status grow(void **items, size_t *capacity, size_t count, size_t item_size)
{
    if (count < *capacity)
        return DONE;
    size_t wanted = 2 * *capacity > LEAST_ROOM ? 2 * *capacity : LEAST_ROOM;
    if (wanted <= count || LEAST_ROOM == 1)
        wanted = count + 1;
    if (wanted > SIZE_MAX / 2 / item_size)
        return NO_MEMORY;
    void *moved = realloc(*items, wanted * item_size);
    if (moved == NULL)
        return NO_MEMORY;
    *items = moved;
    *capacity = wanted;
    return DONE;
}

#endif

/* Random inputs for the harness where there is no libFuzzer: driver RUNS SEED. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 700

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t state;

static uint32_t draw(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % below;
}

/* Pieces of words, so that texts hold the terms of vocabularies; every sort of UTF-8, and none. */
static const char *const PIECES[] = {
    "ban", "Ban", "lift", "ore", "a", "b", "ab", "ba", " ", " ", " ", "\n", "\n", "_", ",", "-",
    "\xC3\xA9", "\xC3\x89", "\xE2\x80\x9C", "\xE2\x80\x94", "\xF0\x9F\x98\x80", "\xC8\xBA",
    "\xE2\x84\xAA", "\xD0\x96", "\xC4\xB0", "\xCE\xA3", "\xE2\x80", "\xFF", "\xED\xA0\x80",
    "\xC0\x80", "ab ba", "rare earth", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

static size_t fill(uint8_t *data)
{
    size_t size = 0, wanted = draw(LONGEST);
    uint32_t bytes = 1 + draw(8); /* one in so many is any byte at all */
    while (size < wanted) {
        if (draw(bytes) == 0 || size < 8) {
            data[size++] = (uint8_t)draw(256);
            continue;
        }
        const char *piece = PIECES[draw(sizeof(PIECES) / sizeof(*PIECES))];
        size_t length = strlen(piece);
        memcpy(data + size, piece, length);
        size += length;
    }
    return size;
}

int main(int count, char **arguments)
{
    long runs = count > 1 ? atol(arguments[1]) : 1000;
    state = 88172645463325252u + (count > 2 ? strtoull(arguments[2], NULL, 10) : 0);
    for (long run = 0; run < runs; run++) {
        static uint8_t buffer[LONGEST + 64];
        size_t size = fill(buffer);
        uint8_t *data = malloc(size ? size : 1); /* of just this size */
        memcpy(data, buffer, size);
        LLVMFuzzerTestOneInput(data, size);
        free(data);
    }
    fprintf(stderr, "%ld runs, no finding\n", runs);
    return 0;
}

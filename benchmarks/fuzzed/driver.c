/* Random changes of given inputs, where there is no libFuzzer: driver RUNS SEED FILE... */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 1500

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t state;

static uint32_t draw(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % below;
}

static size_t read_input(const char *name, uint8_t *data)
{
    FILE *file = fopen(name, "rb");
    size_t size = file == NULL ? 0 : fread(data, 1, LONGEST, file);
    if (file != NULL)
        fclose(file);
    return size;
}

/* Overwrite, put in or take out a byte. */
static size_t change(uint8_t *data, size_t size)
{
    uint32_t at = draw((uint32_t)size + 1), way = draw(3);
    if (way == 0 && at < size)
        data[at] = (uint8_t)draw(256);
    if (way == 1 && size < LONGEST) {
        memmove(data + at + 1, data + at, size - at);
        data[at] = (uint8_t)draw(256);
        return size + 1;
    }
    if (way == 2 && at < size) {
        memmove(data + at, data + at + 1, size - at - 1);
        return size - 1;
    }
    return size;
}

int main(int count, char **arguments)
{
    static uint8_t buffer[LONGEST + 1];
    if (count < 4)
        return 2;
    long runs = atol(arguments[1]);
    state = 88172645463325252u + strtoull(arguments[2], NULL, 10);
    for (long run = 0; run < runs; run++) {
        size_t size = read_input(arguments[3 + draw((uint32_t)count - 3)], buffer);
        for (uint32_t changes = draw(5); changes > 0; changes--)
            size = change(buffer, size);
        uint8_t *data = malloc(size ? size : 1); /* of just this size */
        memcpy(data, buffer, size);
        LLVMFuzzerTestOneInput(data, size);
        free(data);
    }
    fprintf(stderr, "%ld runs, no finding\n", runs);
    return 0;
}

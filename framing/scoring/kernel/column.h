/* A column of texts as Arrow lays it out: offsets into one stretch of bytes. */
#ifndef FRAMING_COLUMN_H
#define FRAMING_COLUMN_H

#include "status.h"

typedef struct {
    const uint8_t *offsets; /* of n + 1 integers of 4 bytes, or of 8 where they are wide */
    bool wide;
    const uint8_t *bytes;
    size_t n_bytes;
    size_t first, count; /* which rows are asked for */
} Column;

/* Check that the rows asked for have offsets, none falling, within the bytes; where not,
   `row` says which. */
Status column_check(const Column *column, size_t offsets_size, size_t *row);

/* Return the bytes of row `row` of those asked for. */
const uint8_t *column_take(const Column *column, size_t row, size_t *size);

#endif

#include "column.h"

#include <string.h>

static int64_t read_offset(const Column *column, size_t at)
{
    if (column->wide) {
        int64_t offset;
        memcpy(&offset, column->offsets + 8 * at, 8);
        return offset;
    }
    int32_t offset;
    memcpy(&offset, column->offsets + 4 * at, 4);
    return offset;
}

Status column_check(const Column *column, size_t offsets_size, size_t *row)
{
    *row = 0;
    if (column->count == 0)
        return DONE;
    size_t n_offsets = offsets_size / (column->wide ? 8 : 4);
    if (column->first >= n_offsets || column->count > n_offsets - 1 - column->first)
        return BAD_OFFSETS;
    int64_t before = read_offset(column, column->first);
    if (before < 0)
        return BAD_OFFSETS;
    for (; *row < column->count; ++*row) {
        int64_t next = read_offset(column, column->first + *row + 1);
        if (next < before || (uint64_t)next > column->n_bytes)
            return BAD_OFFSETS;
        before = next;
    }
    return DONE;
}

const uint8_t *column_take(const Column *column, size_t row, size_t *size)
{
    int64_t start = read_offset(column, column->first + row);
    *size = (size_t)(read_offset(column, column->first + row + 1) - start);
    return column->bytes + start;
}

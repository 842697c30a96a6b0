#include "batch.h"

bool batch_requests_are_sound(const Batch *batch, size_t n_contrasts)
{
    int64_t before = 0, n_columns = batch->scorer->n_columns;
    for (size_t row = 0; row <= batch->texts.count; row++) {
        if (batch->indptr[row] < before)
            return false;
        before = batch->indptr[row];
    }
    if ((uint64_t)before > n_contrasts || n_contrasts > INT32_MAX)
        return false;
    for (size_t at = 0; at < n_contrasts; at++)
        if (batch->first[at] < 0 || batch->first[at] >= n_columns || batch->second[at] < -1 ||
            batch->second[at] >= n_columns)
            return false;
    return true;
}

static Status rank_row(Batch *batch)
{
    int64_t start = batch->indptr[batch->row], end = batch->indptr[batch->row + 1];
    Request request = {
        batch->first + start, batch->second + start, (size_t)(end - start),
        batch->limit,         (int32_t)batch->row,   (int32_t)start,
    };
    return rank_terms(batch->scorer, batch->scratch, batch->ranking, &request);
}

static Status run_row(Batch *batch)
{
    size_t size;
    const uint8_t *text = column_take(&batch->texts, batch->row, &size);
    if (batch->ranking != NULL && batch->indptr[batch->row] == batch->indptr[batch->row + 1])
        return DONE;
    Status status = count_features(batch->scorer, batch->scratch, text, size);
    if (status != DONE)
        return status;
    if (batch->ranking != NULL)
        status = rank_row(batch);
    else
        add_up(batch->scorer, batch->scratch,
               batch->scores + batch->row * batch->scorer->n_columns);
    scratch_clear(batch->scorer, batch->scratch);
    return status;
}

Status batch_run(Batch *batch, size_t stop)
{
    for (; batch->row < stop; batch->row++) {
        Status status = run_row(batch);
        if (status == CONTEXTUAL)
            batch->undone[batch->n_undone++] = (int64_t)batch->row;
        else if (status != DONE)
            return status;
    }
    return DONE;
}

/* Many texts, one after another; what cannot go on without Python stops and is called again. */
#ifndef FRAMING_BATCH_H
#define FRAMING_BATCH_H

#include "column.h"
#include "evidence.h"

typedef struct {
    const Scorer *scorer;
    Scratch *scratch;
    Column texts;
    size_t row;       /* which comes next */
    int64_t *undone;  /* (rows,) those that hold a contextual character, in order */
    size_t n_undone;
    double *scores;   /* (rows, n_columns), where scores are asked for */
    Ranking *ranking; /* where terms are asked for, with: */
    const int64_t *indptr;         /* (rows + 1,) which contrasts each row asks for */
    const int32_t *first, *second; /* of each contrast, the columns */
    size_t limit;
} Batch;

/* Check that `indptr` rises from 0 or more to at most `n_contrasts`, and the columns exist. */
bool batch_requests_are_sound(const Batch *batch, size_t n_contrasts);

/* Go on until before row `stop`. After NEEDS_PAGE it can be called again; after any other status
   than DONE, `row` is the row at fault. */
Status batch_run(Batch *batch, size_t stop);

#endif

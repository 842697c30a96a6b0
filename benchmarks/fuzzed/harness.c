/* The kernel on any bytes: a model, texts with their offsets, and requests, all taken from one
   input. Stops the program where a promise of the kernel is broken. */
#include <math.h>
#include <stdio.h>

#include "batch.h"
#include "terms.h"

#define DEMAND(condition)                                                                      \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            fprintf(stderr, "line %d: not so: %s\n", __LINE__, #condition);                    \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

#define MOST_BLOCKS 4
#define MOST_ROWS 6
#define MOST_CONTRASTS 12
#define MOST_COLUMNS 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const uint8_t *data;
    size_t left;
} Input;

static uint32_t take(Input *input, uint32_t below)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->data++ % below;
}

static const uint8_t *take_bytes(Input *input, size_t *size)
{
    size_t wanted = take(input, 256);
    const uint8_t *start = input->data;
    *size = wanted < input->left ? wanted : input->left;
    input->data += *size;
    input->left -= *size;
    return start;
}

/* Stand in for Python's tables: some characters grow or shrink in lower case, some are contextual,
   and every kind is met on every page. */
static uint32_t classify(uint32_t code)
{
    if (code == 0x130 || code == 0x3A3)
        return IS_CONTEXTUAL;
    uint32_t lower = code;
    if (code >= 'A' && code <= 'Z')
        lower = code + 32;
    else if (code == 0x212A)
        lower = 'k';
    else if (code == 0x23A)
        lower = 0x2C65;
    else if (code >= 0x410 && code < 0x430)
        lower = code + 32;
    uint32_t kind = code < 128 ? ((lower >= 'a' && lower <= 'z') || (code >= '0' && code <= '9')
                                      ? LOWER_IS_WORD | IS_ALPHANUMERIC
                                  : code == '_'               ? LOWER_IS_WORD
                                  : code <= ' ' && code != 0 ? LOWER_IS_SPACE
                                                              : 0)
                    : code % 7 == 0 ? LOWER_IS_SPACE
                    : code % 5 == 0 ? 0
                                    : LOWER_IS_WORD | IS_ALPHANUMERIC;
    return lower | kind;
}

static const uint32_t *find_page(uint32_t number)
{
    static uint32_t *pages[N_PAGES];
    DEMAND(number < N_PAGES);
    if (pages[number] == NULL) {
        pages[number] = malloc(256 * sizeof(uint32_t));
        for (uint32_t at = 0; at < 256; at++)
            pages[number][at] = classify(number << 8 | at);
    }
    return pages[number];
}

typedef struct {
    Scorer scorer;
    const uint8_t *terms[MOST_BLOCKS];
    size_t sizes[MOST_BLOCKS];
    float *coefficients;
    double *idf, intercepts[MOST_COLUMNS];
} Model;

static void make_model(Model *model, Input *input)
{
    uint32_t n_blocks = take(input, MOST_BLOCKS + 1), n_columns = take(input, MOST_COLUMNS + 1);
    Scorer *scorer = &model->scorer;
    DEMAND(scorer_open(scorer, n_blocks, n_columns) == DONE);
    for (uint32_t at = 0; at < n_blocks; at++) {
        Block *block = &scorer->blocks[at];
        block->cut = (Cut)take(input, N_CUTS);
        block->low = 1 + take(input, 4);
        block->high = block->low + take(input, 6);
        block->sublinear = take(input, 2) != 0;
        block->weight = 0.25 + take(input, 4);
        model->terms[at] = take_bytes(input, &model->sizes[at]);
        block->first = scorer->n_features;
        block->size = (uint32_t)terms_count(model->terms[at], model->sizes[at]);
        scorer->n_features += block->size;
        TermCheck check;
        Status status = terms_check(model->terms[at], model->sizes[at], &check);
        DEMAND(status == BAD_UTF8 || check.count == block->size);
    }
    /* Exactly as large as they are said to be, so that a step too far is seen. */
    size_t n_features = scorer->n_features;
    model->idf = malloc(n_features * sizeof(double) + 1);
    model->coefficients = malloc(n_features * n_columns * sizeof(float) + 1);
    for (size_t at = 0; at < n_features; at++)
        model->idf[at] = 1.0 + (double)(at % 5);
    for (size_t at = 0; at < n_features * n_columns; at++)
        model->coefficients[at] = (float)(at % 11) - 5.0f;
    for (uint32_t at = 0; at < n_blocks; at++)
        scorer->blocks[at].idf = model->idf + scorer->blocks[at].first;
    for (uint32_t at = 0; at < MOST_COLUMNS; at++)
        model->intercepts[at] = at;
    scorer->coefficients = model->coefficients;
    scorer->intercepts = model->intercepts;
    DEMAND(scorer_build(scorer, model->terms, model->sizes) == DONE);
}

/* Lay rows out, some of them in bytes that are no column at all. */
static size_t make_offsets(Input *input, int64_t offsets[MOST_ROWS + 1], size_t n_bytes)
{
    size_t n_rows = take(input, MOST_ROWS + 1);
    bool sound = take(input, 8) != 0;
    int64_t at = 0;
    for (size_t row = 0; row <= n_rows; row++) {
        offsets[row] = sound ? at : at + (int64_t)take(input, 5) - 2;
        at += take(input, 64);
        at = at < (int64_t)n_bytes ? at : (int64_t)n_bytes;
    }
    return n_rows;
}

/* Run to the end, row by row, each in memory of its own. */
static Status run(Batch *batch)
{
    Status status = DONE;
    while (batch->row < batch->texts.count && (status == DONE || status == NEEDS_PAGE)) {
        document_close(&batch->scratch->document);
        status = batch_run(batch, batch->row + 1);
        if (status != NEEDS_PAGE)
            continue;
        uint32_t page = batch->scratch->document.lowered.page;
        DEMAND(batch->scratch->characters.pages[page] == NULL);
        batch->scratch->characters.pages[page] = find_page(page);
    }
    DEMAND(status == DONE ? batch->row == batch->texts.count : status == BAD_UTF8);
    for (uint32_t at = 0; at < batch->scorer->n_features; at++)
        DEMAND(batch->scratch->counts[at] == 0);
    return status;
}

static void check_findings(const Batch *batch)
{
    const Ranking *ranking = batch->ranking;
    for (size_t at = 0; at < ranking->n_findings; at++) {
        const Finding *found = &ranking->findings[at];
        size_t size, characters = 0;
        const uint8_t *text = column_take(&batch->texts, (size_t)found->row, &size);
        DEMAND(found->byte_start < found->byte_end && found->byte_end <= size);
        DEMAND(!continues(text[found->byte_start]));
        DEMAND(found->byte_end == size || !continues(text[found->byte_end]));
        for (size_t byte = 0; byte < found->byte_end; byte++) {
            DEMAND(byte != found->byte_start || characters == found->char_start);
            characters += !continues(text[byte]);
        }
        DEMAND(characters == found->char_end);
        DEMAND(found->weight > 0.0 && isfinite(found->weight));
        DEMAND(found->contrast >= batch->indptr[found->row] &&
               found->contrast < batch->indptr[found->row + 1]);
        if (at == 0)
            continue;
        const Finding *before = found - 1;
        DEMAND(before->row < found->row || before->contrast < found->contrast ||
               (before->contrast == found->contrast && before->weight >= found->weight));
    }
}

static void rank(Batch *batch, Input *input)
{
    int64_t indptr[MOST_ROWS + 1];
    int32_t first[MOST_CONTRASTS], second[MOST_CONTRASTS];
    size_t n_contrasts = take(input, MOST_CONTRASTS + 1);
    for (size_t at = 0; at < n_contrasts; at++) {
        first[at] = (int32_t)take(input, MOST_COLUMNS + 1) - (take(input, 16) == 1);
        second[at] = (int32_t)take(input, MOST_COLUMNS + 1) - 1;
    }
    int64_t at = 0;
    for (size_t row = 0; row <= batch->texts.count; row++) {
        indptr[row] = at;
        at += take(input, 4) - (int64_t)(take(input, 32) == 1);
    }
    Ranking ranking = {0};
    batch->ranking = &ranking;
    batch->indptr = indptr;
    batch->first = first;
    batch->second = second;
    batch->limit = take(input, 7);
    batch->row = batch->n_undone = 0;
    if (batch_requests_are_sound(batch, n_contrasts)) {
        run(batch);
        check_findings(batch);
    }
    ranking_close(&ranking);
}

static void score(Batch *batch)
{
    size_t n_scores = batch->texts.count * batch->scorer->n_columns;
    batch->scores = malloc(n_scores * sizeof(double) + 1);
    for (size_t at = 0; at < n_scores; at++)
        batch->scores[at] = 0.0;
    run(batch);
    for (size_t at = 0; at < n_scores; at++)
        DEMAND(isfinite(batch->scores[at]));
    free(batch->scores);
    batch->scores = NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t nothing[1] = {0};
    Input input = {size ? data : nothing, size};
    Model model = {0};
    make_model(&model, &input);
    Scratch scratch;
    DEMAND(scratch_open(&scratch, &model.scorer) == DONE);
    scratch.characters.pages[0] = find_page(0);
    int64_t offsets[MOST_ROWS + 1], undone[MOST_ROWS];
    size_t n_bytes, row;
    const uint8_t *bytes = take_bytes(&input, &n_bytes);
    size_t n_rows = make_offsets(&input, offsets, n_bytes);
    uint8_t *copy = malloc(n_bytes + 1); /* of just this size */
    copy = realloc(copy, n_bytes ? n_bytes : 1);
    if (n_bytes)
        memcpy(copy, bytes, n_bytes);
    Batch batch = {.scorer = &model.scorer, .scratch = &scratch, .undone = undone,
                   .texts = {(const uint8_t *)offsets, true, copy, n_bytes, 0, n_rows}};
    if (column_check(&batch.texts, (n_rows + 1) * sizeof(int64_t), &row) == DONE) {
        score(&batch);
        rank(&batch, &input);
    }
    free(copy);
    scratch_close(&scratch, &model.scorer);
    scorer_close(&model.scorer);
    free(model.idf);
    free(model.coefficients);
    return 0;
}

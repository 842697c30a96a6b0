#include "scorer.h"

#include <math.h>

#include "terms.h"

Status scorer_open(Scorer *scorer, uint32_t n_blocks, uint32_t n_columns)
{
    *scorer = (Scorer){.n_columns = n_columns};
    scorer->blocks = calloc((size_t)n_blocks + 1, sizeof(Block));
    if (scorer->blocks == NULL)
        return NO_MEMORY;
    scorer->n_blocks = n_blocks;
    for (int count = 1; count < N_LOGARITHMS; count++)
        scorer->logarithms[count] = 1.0 + log(count);
    return DONE;
}

void scorer_close(Scorer *scorer)
{
    for (uint32_t at = 0; at < scorer->n_blocks; at++)
        char_ngrams_close(&scorer->blocks[at].chars);
    for (int cut = 0; cut < N_CUTS; cut++)
        ngrams_close(&scorer->ngrams[cut]);
    free(scorer->blocks);
    *scorer = (Scorer){0};
}

/* Build the trie that all blocks of tokens, or all of marks, share. */
static Status build_ngrams(Scorer *scorer, Cut cut, uint32_t n_blocks,
                           const uint8_t *const *terms, const size_t *sizes)
{
    Ngrams *ngrams = &scorer->ngrams[cut];
    size_t n_longer = 0;
    for (uint32_t at = 0; at < scorer->n_blocks; at++)
        if (scorer->blocks[at].cut == cut)
            n_longer += terms_count_longer(terms[at], sizes[at]);
    Status status = ngrams_open(ngrams, n_blocks, n_longer);
    for (uint32_t at = 0; at < scorer->n_blocks && status == DONE; at++)
        if (scorer->blocks[at].cut == cut)
            status = ngrams_add_tokens(ngrams, terms[at], sizes[at]);
    for (uint32_t at = 0; at < scorer->n_blocks && status == DONE; at++) {
        const Block *block = &scorer->blocks[at];
        if (block->cut == cut)
            status = ngrams_add(ngrams, block->place, terms[at], sizes[at], block->first,
                                block->low, block->high);
    }
    return status;
}

Status scorer_build(Scorer *scorer, const uint8_t *const *terms, const size_t *sizes)
{
    uint32_t n_blocks[N_CUTS] = {0};
    Status status = DONE;
    for (uint32_t at = 0; at < scorer->n_blocks && status == DONE; at++) {
        Block *block = &scorer->blocks[at];
        block->place = n_blocks[block->cut]++;
        if (block->cut == WORDS)
            status = char_ngrams_open(&block->chars, terms[at], sizes[at], block->first,
                                      block->low, block->high);
    }
    for (int cut = 0; cut < N_CUTS; cut++)
        scorer->wanted[cut] = n_blocks[cut] > 0;
    if (status == DONE && n_blocks[TOKENS])
        status = build_ngrams(scorer, TOKENS, n_blocks[TOKENS], terms, sizes);
    if (status == DONE && n_blocks[MARKS])
        status = build_ngrams(scorer, MARKS, n_blocks[MARKS], terms, sizes);
    return status;
}

Status scratch_open(Scratch *scratch, const Scorer *scorer)
{
    *scratch = (Scratch){0};
    size_t n_features = (size_t)scorer->n_features + 1, n_blocks = (size_t)scorer->n_blocks + 1;
    scratch->counts = calloc(n_features, sizeof(uint32_t));
    scratch->touched = malloc(n_features * sizeof(uint32_t));
    scratch->values = malloc(n_features * sizeof(double));
    scratch->n_touched = calloc(n_blocks, sizeof(uint32_t));
    scratch->scales = calloc(n_blocks, sizeof(double));
    scratch->sums = calloc((size_t)scorer->n_columns + 1, sizeof(double));
    scratch->words = calloc(n_blocks, sizeof(Words));
    if (scratch->counts == NULL || scratch->touched == NULL || scratch->values == NULL ||
        scratch->n_touched == NULL || scratch->scales == NULL || scratch->sums == NULL ||
        scratch->words == NULL)
        return NO_MEMORY;
    for (uint32_t at = 0; at < scorer->n_blocks; at++)
        if (scorer->blocks[at].cut == WORDS && words_open(&scratch->words[at]) != DONE)
            return NO_MEMORY;
    return DONE;
}

void scratch_close(Scratch *scratch, const Scorer *scorer)
{
    for (uint32_t at = 0; scratch->words != NULL && at < scorer->n_blocks; at++)
        words_close(&scratch->words[at]);
    for (int cut = 0; cut < N_CUTS; cut++) {
        free(scratch->walks[cut].nodes);
        free(scratch->walks[cut].tokens);
        free(scratch->walks[cut].items);
    }
    document_close(&scratch->document);
    free(scratch->words);
    free(scratch->counts);
    free(scratch->touched);
    free(scratch->values);
    free(scratch->n_touched);
    free(scratch->scales);
    free(scratch->sums);
    *scratch = (Scratch){0};
}

/* A fitted model of n-grams: the blocks, their weights, and what one thread needs to score. */
#ifndef FRAMING_SCORER_H
#define FRAMING_SCORER_H

#include "document.h"
#include "ngrams.h"
#include "words.h"

#define N_LOGARITHMS 256

typedef struct {
    Cut cut;
    uint32_t low, high;
    bool sublinear;
    double weight;        /* length of the block's vector */
    uint32_t first, size; /* its features */
    const double *idf;    /* (size,) */
    uint32_t place;       /* among the blocks of its cut: the column of its n-grams */
    CharNgrams chars;     /* of a block of WORDS */
} Block;

typedef struct {
    Block *blocks;
    uint32_t n_blocks, n_features, n_columns;
    Ngrams ngrams[N_CUTS]; /* of TOKENS and MARKS */
    bool wanted[N_CUTS];
    const float *coefficients; /* (n_features, n_columns) */
    const double *intercepts;  /* (n_columns,) */
    double logarithms[N_LOGARITHMS]; /* 1 + ln of each small count */
} Scorer;

/* An n-gram of a text that is a node of the trie. */
typedef struct {
    uint32_t node, first, n; /* it takes n pieces, from first on */
} Reached;

typedef struct {
    uint32_t *nodes, *tokens; /* by piece: the n-gram that starts there, and its token */
    size_t nodes_room, tokens_room;
    Reached *items; /* shorter n-grams first, each from left to right */
    size_t count, room;
} Walk;

/* What one thread works with; all counts are 0 between texts. */
typedef struct {
    Characters characters;
    Document document;
    Walk walks[N_CUTS];
    Words *words;        /* (n_blocks,) of the blocks of WORDS */
    uint32_t *counts;    /* (n_features,) */
    uint32_t *touched;   /* (n_features,) a block's distinct features from its `first` on */
    double *values;      /* beside `touched` */
    uint32_t *n_touched; /* (n_blocks,) */
    double *scales;      /* (n_blocks,) what makes the values of the vector's length */
    double *sums;        /* (n_columns,) */
} Scratch;

Status scorer_open(Scorer *scorer, uint32_t n_blocks, uint32_t n_columns);
void scorer_close(Scorer *scorer);

/* Add the terms of all blocks, whose other fields stand; `terms` and `sizes` are (n_blocks,). */
Status scorer_build(Scorer *scorer, const uint8_t *const *terms, const size_t *sizes);

Status scratch_open(Scratch *scratch, const Scorer *scorer);
void scratch_close(Scratch *scratch, const Scorer *scorer);

/* Read a text and count, weigh and measure its features; call scratch_clear after use. */
Status count_features(const Scorer *scorer, Scratch *scratch, const uint8_t *text, size_t size);

/* Add up the scores of the text at hand, (n_columns,). */
void add_up(const Scorer *scorer, Scratch *scratch, double *out);

void scratch_clear(const Scorer *scorer, Scratch *scratch);

#endif
